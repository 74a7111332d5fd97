"""`/huddle`: the card, its forms, and who is told."""

# For others: card_drawing, command, items, private_drawing.
