"""Killing what runs, again and again, while acts are made: `make chaos`."""
