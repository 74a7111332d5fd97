"""How a request is kept, acknowledged and followed up."""
