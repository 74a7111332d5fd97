"""A question in plain words: kept, and answered once."""

# For others: question, service.
