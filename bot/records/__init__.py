"""What is kept about a rep: to read, to take along, to have forgotten."""

# For others: csv_export, erasing, keep_command, retention, retention_table, service.
