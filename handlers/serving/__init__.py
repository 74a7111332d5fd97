"""The two ways into Slack, and the check-up of both."""

# For others: doctor, http_server, serve, stopping.
