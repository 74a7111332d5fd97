"""`/huddle`: the card, its forms, and who is told."""

# For others: card_drawing, command, forms, items, private_drawing.
