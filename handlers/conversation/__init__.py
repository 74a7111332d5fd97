"""What people write in plain words, and the first greeting."""
