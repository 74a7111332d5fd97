"""Brings the outbox to Slack, each message once; and a rep's hours."""

# Others may import: delivery hours_command kind
