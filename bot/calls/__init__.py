"""A conversation with a customer, and every change of it."""
