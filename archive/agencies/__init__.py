"""Who publishes: the bodies of Harbin, their names, levels and districts."""
