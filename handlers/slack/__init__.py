"""Payloads in, messages out: all that knows Slack's wire."""
