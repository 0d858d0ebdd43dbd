"""Multimodal anomaly detection that works on parts with missing modalities (no Qt in here)."""

__version__ = "0.1.0"
