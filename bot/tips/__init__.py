"""One lesson and the sentence that it rests on; which one is next."""

# For others: rotation, service, table, tip.
