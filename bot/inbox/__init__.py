"""What was received, kept until it has been handled."""
