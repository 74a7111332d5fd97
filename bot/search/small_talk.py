"""Whether there is a situation in what somebody wrote, or only politeness."""

from __future__ import annotations

from bot.text.stems import query_words

STANDS_ALONE = 3  # words of weight; with fewer, a follow-up is looked up with what came before it

# What people say to be polite, and when: no situation, though posts hold these words as well.
_SMALL_TALK = frozenset(
    """
    absolutely afternoon again agreed alright anyway appreciate appreciated awesome bad best
    better birthday bye came cheers coach come coming congrats cool course day days doing done
    evening everybody everyone excellent fair fantastic fine friday glad going gone good goodbye
    great guys hah haha happy hear hello help helped helpful helping hey hi hiya hmm instead
    interesting know later lol lot lots love lovely luck mate maybe minute moment monday month
    morning moved need needs nice night nope ok okay oops perfect please pleasure ready really
    right sad saturday see seems sir skip skipped soon sorry sounds start stop stuff
    sunday super sure talk team test testing thank thanks there thing things think thought
    thursday thx today tomorrow tonight tuesday understood wait way wednesday week weekend
    weeks welcome went wonderful work working works wow yeah year yep yes yesterday yup
    one two three four five six seven eight nine ten am pm
    """.split()  # noqa: SIM905 - a paragraph is easier to read than a list of a hundred strings
)


def weight(words: str) -> list[str]:
    """The words of a message that may be about a customer; [] for a greeting or thanks."""
    return [w for w in query_words(words) if w not in _SMALL_TALK and not w.isdecimal()]
