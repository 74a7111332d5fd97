"""What time it is, here and where the rep is."""
