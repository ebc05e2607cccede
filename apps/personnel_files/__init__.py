"""The retirees' personnel files."""
