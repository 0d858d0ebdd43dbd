"""Quality over time: control charts, drift, agreement, results of blind studies."""
