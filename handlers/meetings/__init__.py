"""Meetings in Slack: the offer before one, and what a rep taps under it."""

# For others: command.
