"""Sign-in, home and the pages every account shares."""
