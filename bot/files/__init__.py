"""Files that a manager may edit, read strictly: a slip gets one sentence."""

# For others: toml_table.
