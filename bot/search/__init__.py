"""One score for a post: the order, and whether it is an answer."""
