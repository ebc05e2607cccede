"""The demo town: its offices, accounts and people."""
