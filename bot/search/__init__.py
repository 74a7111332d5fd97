"""One score for a post: the order, and whether it is an answer."""

# For others: index_table, indexing, likeness, meaning, ranking, small_talk.
