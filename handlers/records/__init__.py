"""`/coach log`, `/coach export` and `/coach forget me`."""
