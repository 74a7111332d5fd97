"""`/coach library`: which blogs there are, what a manager drops, and the feeds they follow.

Others may import: command, drops.
"""

# For others: command, drops.
