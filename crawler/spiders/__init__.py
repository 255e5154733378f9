"""One spider a content system; a portal is an entry of the portals file."""
