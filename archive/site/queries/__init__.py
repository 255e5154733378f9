"""What the pages ask of the archive: SQL and nothing else. Each function takes a connection that gives sqlite3.Row."""
