"""The tree of organisations, divisions by date, and who holds which post."""
