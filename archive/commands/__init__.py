"""Commands of `xxgk` that have a module of their own, imported when they are called."""
