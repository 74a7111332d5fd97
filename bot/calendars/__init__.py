"""What a rep's calendar says: its address, fetched and read into meetings; it knows no huddle."""

# For others: customers, meeting, reading.
