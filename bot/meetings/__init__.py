"""A meeting becomes a call: offered before it, started by one tap, followed when it moves."""

# For others: following, kinds, offer, service, sharing_service.
