"""Brings the outbox to Slack, each message once; and a rep's hours."""

# For others: delivery, hours_command.
