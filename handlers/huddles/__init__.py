"""`/huddle`: the card, its forms, and who is told."""
