"""A call made ready: the card, its items, people and parts."""

# For others: account_memory, announcement, announcement_service, before_call, card_message,
# card_service, handover, huddle, item_source, play, rewording_service, service, start_service,
# table, understanding.
