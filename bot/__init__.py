"""The coach. It knows no Slack: `handlers/` is Slack's side."""
