"""A question in plain words: kept, and answered once."""
