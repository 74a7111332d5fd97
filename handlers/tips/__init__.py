"""`/tip`, its buttons, and the post behind it."""

# For others: command, conversation_drawing, drawing, post_reader.
