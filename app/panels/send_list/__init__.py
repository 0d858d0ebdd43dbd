"""Which parts of the queue to send to the near-line station."""
