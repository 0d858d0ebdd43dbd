"""The blind study."""
