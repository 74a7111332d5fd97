"""A small Slack on localhost, for the tests and for the browser trial."""
