"""An image of the part with the anomaly map over it."""
