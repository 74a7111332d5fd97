"""Who asks, what is known of them, and where the coach can't speak."""

# For others: away, rep, service, table, workspaces.
