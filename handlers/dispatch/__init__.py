"""How a request is kept, acknowledged and followed up."""

# For others: ack_first, asked, coach_command, errors, inbox, listener, message_kind,
# outsiders.
