"""One guarded way to what stands on the web: bounded, and never into the network it runs in.

Others may import: fetcher, address, places.
"""

# For others: address, fetcher.
