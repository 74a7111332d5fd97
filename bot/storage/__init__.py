"""One SQLite file: one writer, and a reader for each thread."""

# For others: backup, database, moments, notes, nouns, raw_rows, store.
