"""The coach in a browser, with a small Slack of its own."""

# For others: serve.
