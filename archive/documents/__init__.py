"""From the bytes of a file to a Document: headings, paragraphs, tables. One reader a file kind."""
