"""Each post as its card, its original, or both."""
