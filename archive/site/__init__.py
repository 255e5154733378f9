"""The site: pages of our own over archive.db, served by Datasette, whose table and JSON pages stay reachable."""
