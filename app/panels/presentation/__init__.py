"""A tour over chosen parts for people who do not inspect parts themselves; it only reads."""
