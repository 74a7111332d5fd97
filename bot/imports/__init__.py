"""What a manager drops, and the feeds they follow: looked at, and imported once they say so.

Others may import: blog, feed, feed_service, feeds_table, offer, service.
"""

# For others: blog, feed, feed_service, offer, service.
