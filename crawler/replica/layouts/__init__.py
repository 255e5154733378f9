"""How reports look: their tables as grids of cells, and the markup and files made of them."""
