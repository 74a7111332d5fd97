"""Payloads in, messages out: all that knows Slack's wire."""

# For others: blocks, client, homes, manifest, messenger, payloads, rate_limit, refusal,
# sources, streaming.
