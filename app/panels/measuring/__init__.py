"""Measured lines over every view."""
