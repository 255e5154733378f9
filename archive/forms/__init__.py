"""The generations of the report form, as data, and the one engine that fills them from a Document."""
