"""The form after a call, its tap and its sharing."""
