"""What was received, kept until it has been handled."""

# For others: event, service, table.
