"""One class per official paper."""
