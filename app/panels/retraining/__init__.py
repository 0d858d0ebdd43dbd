"""Retraining: what is new, how far it is, what came out."""
