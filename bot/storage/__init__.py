"""One SQLite file: one writer, and a reader for each thread."""

# For others: backup, database, kept_copies, moments, notes, nouns, raw_rows, store.
