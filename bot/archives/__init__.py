"""A file of posts, whatever it is, becomes posts."""

# For others: archive, bundle, reader.
