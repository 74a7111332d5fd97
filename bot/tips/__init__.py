"""One lesson and the sentence that it rests on; which one is next."""

# For others: learning, rotation, service, table, tip, use_table.
