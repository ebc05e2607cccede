"""Working days: when something falls due."""
