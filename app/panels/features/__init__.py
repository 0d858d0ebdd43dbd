"""Measured beside predicted features."""
