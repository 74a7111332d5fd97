"""`/coach daily`: one tip a day in a channel."""
