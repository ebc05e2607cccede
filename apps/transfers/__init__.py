"""Records of a transfer: rosters, agreement, social-insurance match."""
