"""What a rep's calendar says: its address, fetched and read into meetings; it knows no huddle."""

# For others: calendar, customers, kept, looking, meeting, reading, sealing, service, telling.
