"""The queue: which part first."""
