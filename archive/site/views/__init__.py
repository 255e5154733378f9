"""The pages: each takes a connection to the archive and what was asked for, and returns a template and its values."""
