"""A file of posts, whatever it is, becomes posts."""
