"""A page's text by readability, which goes by its paragraphs and not by the marks of a theme."""

from __future__ import annotations

import logging
import re
from collections import Counter
from itertools import pairwise

from bot.archives._furniture import drop_links_to_the_rest, trimmed
from bot.archives._html_text import clean, encoding_of, paragraphs, tree_of

_SHARED = 0.5  # of the pairs of words of either text stand in the other, if both are of one post


def second_reading(data: bytes) -> str:
    """The text that readability finds in a page; "" if none."""
    from readability import Document  # late: only imports of pages need it

    logging.getLogger("readability").setLevel(logging.CRITICAL)  # it logs what it then raises
    try:
        found = Document(data.decode(encoding_of(data), errors="replace")).summary(
            html_partial=True
        )
    except ValueError:  # its own Unparseable is one
        return ""
    tree = tree_of(found)
    clean(tree)
    drop_links_to_the_rest(tree)
    return trimmed(paragraphs(tree)).text


def alike(one: str, other: str) -> bool:
    """Whether two texts are of one post, though each may lack a part of it."""
    ours, theirs = (Counter(pairwise(re.findall(r"\w+", text.lower()))) for text in (one, other))
    shared = (ours & theirs).total()
    return shared >= _SHARED * max(ours.total(), theirs.total(), 1)
