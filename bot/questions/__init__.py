"""A question in plain words: kept, and answered once."""

# For others: command_meant, meant, question, service, small_talk.
