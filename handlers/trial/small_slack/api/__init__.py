"""What an app may call of the small Slack, method by method."""
