"""`/coach daily`: one tip a day in a channel."""

# For others: command.
