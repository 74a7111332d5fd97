"""What only those who pay may read, as programs mark it within a post: it stays out."""

from __future__ import annotations

import re

# Below these all is for members: Ghost's, WordPress.com's and Substack's.
_FROM_HERE = re.compile(
    r"<!--\s*members-only\s*-->|<!--\s*wp:jetpack/paywall\b|<div[^>]*\bPaywallToDOM\b"
    r"|<div[^>]*class=[\"'][^\"']*\bpaywall(?:-jump)?\b"
)
_PARTS = re.compile(
    r"<!--\s*wp:premium-content/container\b.*?(?:<!--\s*/wp:premium-content/container\s*-->|\Z)",
    re.S,
)


def without_paid(html: str) -> tuple[str, bool]:
    """What everybody may read of a post, and whether there is more for others."""
    free = _PARTS.sub("", html)
    if mark := _FROM_HERE.search(free):
        free = free[: mark.start()]
    return free, free != html
