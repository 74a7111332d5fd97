"""What people write in plain words, and the first greeting."""

# For others: messages, profiles, workspaces.
