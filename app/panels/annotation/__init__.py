"""Tools that mark defects, and what they marked over every view."""
