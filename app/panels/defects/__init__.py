"""The regions of the shown part as a table."""
