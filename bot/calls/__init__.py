"""A conversation with a customer, and every change of it."""

# For others: account, call, table.
