"""What a model wrote, and which of it stands on its quote."""

# For others: choosing, columns, negation, passages, rewording_check, service, statement,
# verification.
