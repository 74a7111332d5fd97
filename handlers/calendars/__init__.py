"""A rep's calendar in Slack: its form, and what was found in it."""

# For others: command.
