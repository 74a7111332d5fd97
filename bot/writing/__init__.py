"""What a model wrote, and which of it stands on its quote."""
