"""A tip a day in a channel: its time and its days."""

# For others: command, service, setting.
