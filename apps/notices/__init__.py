"""What people are told, how, and how often."""
