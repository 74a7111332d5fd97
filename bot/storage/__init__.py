"""One SQLite file: one writer, and a reader for each thread."""
