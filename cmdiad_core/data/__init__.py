"""Where parts come from: file readers, data set layouts, preprocessing, demo parts."""
