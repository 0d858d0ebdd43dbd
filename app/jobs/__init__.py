"""Work off the screen's thread."""
