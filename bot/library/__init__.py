"""Each post as its card, its original, or both."""

# For others: citation, entry, identity, library, post, source, table.
