"""What is kept about a rep: to read, to take along, to have forgotten."""

# For others: csv_export, erasing, service.
