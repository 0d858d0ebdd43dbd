"""The point cloud with the anomaly map on it."""
