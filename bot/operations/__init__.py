"""What the operator types: import, posts, tip, learn, export, backup, doctor."""

# For others: audit_command, backup_command, bill_of_materials, erase_command, health,
# import_command, learn_command, library_commands, logs, meetings_command, remove_command,
# single_process, understand.
