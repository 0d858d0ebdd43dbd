"""Slices through a CT volume."""
