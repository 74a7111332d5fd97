"""A call made ready: the card, its items, people and parts."""
