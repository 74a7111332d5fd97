"""What a manager drops, and the feeds they follow: looked at, and imported once they say so."""

# For others: blog, feed, feed_service, offer, service, telling.
