"""What running the house promises: settings, the embedded database, the translations."""
