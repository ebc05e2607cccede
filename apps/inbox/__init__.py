"""What waits for an office."""
