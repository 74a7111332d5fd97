"""Each post as its card, its original, or both."""

# For others: card_asks, citation, entry, identity, library, post, source, table.
