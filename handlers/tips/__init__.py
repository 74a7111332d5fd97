"""`/tip`, its buttons, and the post behind it."""
