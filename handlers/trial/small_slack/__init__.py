"""A Slack of its own for tests and the trial: a real HTTP server, from `slack.FakeSlack`."""
