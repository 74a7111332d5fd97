"""What is said once: planned, claimed, said or looked up, and when to speak is polite."""

# For others: command, figures_table, hours_table, kind, manners, message, service, table.
