"""The panels of the window; each has its own folder."""
