"""Who did what to the coach: each act of an admin or a manager, without a word of anybody's."""

# For others: service, table.
