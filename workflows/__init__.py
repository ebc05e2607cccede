"""The business: one file per process."""
