"""The two ways into Slack, and the check-up of both."""
