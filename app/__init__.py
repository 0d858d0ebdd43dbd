"""The inspection workbench: everything that needs a window."""
