"""What somebody types after `/debrief`: an account, and words on the kind of debrief."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from bot.calls.call import account_key
from bot.debriefs.form import DebriefForm
from bot.text.phrase_match import fold

MOST = 300  # characters that are read: an account, and a few words


class Wanted(NamedTuple):
    """`account` as typed, "" for the most recent call; `words` go to the choice of the form."""

    account: str
    words: str


def read_debrief(typed: str, known: Collection[str], forms: Mapping[str, DebriefForm]) -> Wanted:
    """`acme lost to a rival` is an account and words, where the account is known (by its key).

    Of an unknown account, only a phrase of a form at the end is taken off: `Big Corp churned`.
    """
    parts = typed[:MOST].split()
    for length in range(len(parts), 0, -1):
        if account_key(" ".join(parts[:length])) in known:
            return Wanted(" ".join(parts[:length]), " ".join(parts[length:]))
    phrases = {
        fold(phrase) for form in forms.values() for phrase in (form.slug, *form.names, *form.signs)
    }
    for length in range(len(parts)):
        if fold(" ".join(parts[length:])) in phrases:
            return Wanted(" ".join(parts[:length]), " ".join(parts[length:]))
    return Wanted(" ".join(parts), "")
