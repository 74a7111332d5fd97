"""What a rep's calendar says: its address, fetched and read into meetings; it knows no huddle."""

# For others: away, calendar, choices_table, customers, kept, looking, meeting, meetings_table,
# offered, reading, sealing, service, table, telling.
