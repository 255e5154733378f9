"""The published file: its schema, its migrations and the only code that writes it."""
