"""`/coach log`, `/coach export` and `/coach forget me`."""

# For others: commands, keeping.
