"""Lines of ruled and squared paper: detected, traced, removed from the ink."""
