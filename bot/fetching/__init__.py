"""One guarded way to what stands on the web: bounded, and never into the network it runs in."""

# For others: address, fetcher, signed_post.
