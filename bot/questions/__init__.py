"""A question in plain words: kept, and answered once."""

# For others: meant, question, service, small_talk.
