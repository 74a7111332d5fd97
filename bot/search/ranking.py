"""Search: one score for a post, which decides the order, and how sure it is that it answers.

For a post with a card four signs add up: the share of the question that it holds (rare words count
most, words that the post has in several of its questions more than those it has in one, and words
that nobody here ever wrote count against every post), how much that is in all, and
how near the whole post and its nearest known question come by bm25. A post without a card has only
its text: how near that comes by bm25 is put on the same scale, and it has to come nearer before it
is an answer. What is imported changes no score of a card. With an embedding model, how much nearer
a post is in meaning than the others is added.

Topics that lie outside the library (`prompts/outside.toml`) are scored like cards: the better one
of them fits, the less sure it is that a card is an answer. See `bot/search/_sureness.py` for the
decision. Measured by `make eval`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from math import log
from typing import NamedTuple

from bot.search._sureness import (
    AHEAD,
    ENDPOINT,
    EVERYDAY,
    LOCAL_MODEL,
    NEAR,
    OUTSIDE,
    TIP,
    WORDS_ALONE,
    Scores,
    Weights,
    sureness,
)
from bot.search._vectors import Meant, cosines
from bot.search.index_table import Index
from bot.storage.database import Database
from bot.text.stems import WORDS, _spoken, query_words

# Weights of title, lessons, asks, keywords and body: of a card, and of a post without one.
WEIGHTS = (1.0, 1.5, 1.5, 1.5, 0.5)
PLAIN_WEIGHTS = (1.0, 0.0, 0.0, 0.0, 1.0)
CANDIDATES = 60  # of each kind
NEAR_ASKS = 120
FEW_ASKS = 2_000  # a library without cards still has to tell a rare word from no word at all
BM25_MOST = 2.2  # times its rarity, what bm25 can give a word (FTS5's k1 is 1.2)
HALF_ENOUGH = 20.0  # so much weight found is half of what makes us sure
WHOLE_POST, NEAREST_ASK = 0.3, 0.6
# Of a word's weight, what a card is worth that has it in so many of its questions.
OFTEN, OFTEN_ENOUGH = 2.4, 8.0
SYNONYM, BODY = 0.4, 0.3
# The score of a post without a card: where such posts were found as well as by plain full text
# search, and both kinds together best (half of the cards taken away at random, five times). What is
# asked of it more than of a card, so that at most one hopeless question in ten was answered.
PLAIN_LEAST, PLAIN_NEAR = 1.2, 4.0
PLAIN_DOUBT = Scores(0.74 / OUTSIDE, 0.74 / OUTSIDE)
# What it adds that such a post has the telling words of a question within so many words of one
# another: then it is on that very thing, and does not stand behind a card that only touches it.
TOGETHER, TELLING, SENTENCE, NEARLY = 1.2, 4, 12, 0.5
MEANING = 3.0  # how much a cosine counts above what is usual for the question
LONGEST_PHRASE = 4
CHOICE = 3


class Hit(NamedTuple):
    """A post, how well it fits, above 0, and from 0 to 1 how sure it is that it answers.

    `score` tells the order, `sure` whether it is an answer: see `bot/search/_sureness.py`. The best
    one `stands_out` where no other post comes as near.
    """

    post: str
    score: float
    sure: float
    stands_out: bool = False


def answers(hits: Sequence[Hit]) -> list[Hit]:
    """Those that answer what was asked; none if the library has nothing that is sure to, or more
    than one post that may. `hits` are all that were found, best first."""
    return sure(hits) if hits and hits[0].stands_out else []


def sure(hits: Iterable[Hit]) -> list[Hit]:
    """Those that are sure to be about what was asked, though several may be."""
    return [hit for hit in hits if hit.sure >= TIP]


def nearest(hits: Sequence[Hit]) -> list[Hit]:
    """The posts to choose from where none is sure to answer; none if nothing is near."""
    return [] if answers(hits) else closest(hits)


def closest(hits: Iterable[Hit]) -> list[Hit]:
    """The posts to choose from where somebody found that none answers, whatever we thought."""
    fit = [hit for hit in hits if hit.sure > 0]
    return fit[:CHOICE] if surest(fit) >= NEAR else []


def surest(hits: Iterable[Hit]) -> float:
    """How sure it is that the library has an answer; 0 without any hit."""
    return max((hit.sure for hit in hits), default=0.0)


class _Word(NamedTuple):
    """A word of the question: an FTS5 expression for it, how rare it is, and the ways to find it.

    `asks` is in how many questions of each document it stands. `ways` are expressions beside it,
    with the share of the weight that they are worth, the best one last.
    """

    text: str
    expression: str
    weight: float
    asks: Mapping[int, int]
    ways: tuple[tuple[str, float], ...]


def search(
    db: Database,
    text: str,
    limit: int = 10,
    meant: Meant | None = None,
    weights: Weights | None = None,
) -> list[Hit]:
    """Posts that may answer `text`, best first. Any text is safe. `meant` is its vector.

    `weights` of the sureness are by default those for what is at hand.
    """
    shelf = Index(db)
    words = _words(shelf, text)
    if not words:
        return []
    cards, added = shelf.cards(), dict[int, float]()
    found = [_shares(shelf, word) for word in words]
    whole = _scores(shelf, words, found, cards)
    if meant:
        added = _by_meaning(shelf, whole.keys() | cards, cards, meant)
    told = [n for n, word in enumerate(words) if word.text not in EVERYDAY]
    telling = whole
    if len(told) < len(words):
        telling = _scores(shelf, [words[n] for n in told], [found[n] for n in told], cards)
    if weights is None:
        weights = (LOCAL_MODEL if meant.local else ENDPOINT) if meant and added else WORDS_ALONE
    return _hits(shelf, weights, _sum(whole, added), _sum(telling, added), cards)[:limit]


def _scores(
    shelf: Index, words: Sequence[_Word], found: Sequence[Mapping[int, float]], cards: set[int]
) -> dict[int, float]:
    """The scores of the best posts by these words, and by what each of them found."""
    if not words:
        return {}
    return _carded(shelf, words, found) | _plain(shelf, words, cards)


def _carded(
    shelf: Index, words: Sequence[_Word], found: Sequence[Mapping[int, float]]
) -> dict[int, float]:
    """The scores of the best posts with a card, by their numbers in the index."""
    asked = _any(words)
    whole = shelf.match_cards(asked, WEIGHTS, CANDIDATES)
    if not whole:
        return {}
    total = sum(word.weight for word in words)
    near = _nearness(shelf.match_asks(asked, NEAR_ASKS), total)
    best = max(whole.values())
    held = {n: sum(share.get(n, 0.0) for share in found) for n in whole}
    return {
        number: held[number] / total
        + held[number] / (held[number] + HALF_ENOUGH)
        + WHOLE_POST * bm25 / best
        + NEAREST_ASK * near.get(number, 0.0)
        for number, bm25 in whole.items()
    }


def _plain(shelf: Index, words: Sequence[_Word], cards: set[int]) -> dict[int, float]:
    """The scores of the best posts without a card, which keep the order of bm25."""
    found = shelf.match(_any(words), PLAIN_WEIGHTS, CANDIDATES + len(cards))
    # Words are weighed by the questions of cards; bm25 goes by posts, of which there may be more.
    scale = log(1 + 2 * shelf.posts()) / log(1 + 2 * max(shelf.asks(), FEW_ASKS))
    near = _nearness(found, sum(word.weight for word in words) * scale)
    near_by = _together(shelf, words)
    return {
        n: PLAIN_LEAST + PLAIN_NEAR * near[n] + TOGETHER * near_by.get(n, 0.0)
        for n in found
        if n not in cards
    }


def _together(shelf: Index, words: Sequence[_Word]) -> dict[int, float]:
    """The posts that have what was asked in one place, a sentence or so, or in their title.

    1 for all of it; less for all but the word that tells least.
    """
    telling = sorted(words, key=lambda word: word.weight, reverse=True)[:TELLING]
    if any(" OR " in word.expression for word in telling):
        return {}  # a slip of the pen: nobody knows which word was meant
    if len(telling) == 1:
        title = f"title : {telling[0].expression}"
        return dict.fromkeys(shelf.with_all(title, CANDIDATES), 1.0)
    found = {}
    if len(telling) > 2:
        found = dict.fromkeys(shelf.with_all(_close(telling[:-1]), CANDIDATES), NEARLY)
    return found | dict.fromkeys(shelf.with_all(_close(telling), CANDIDATES), 1.0)


def _close(words: Sequence[_Word]) -> str:
    """The FTS5 expression for all of these words near one another."""
    return f"NEAR({' '.join(word.expression for word in words)}, {SENTENCE})"


def _by_meaning(shelf: Index, wanted: set[int], cards: set[int], meant: Meant) -> dict[int, float]:
    """What the vectors add to each score; a post that has none stays as it is.

    Every card is looked at, and what was found by its words. What is usual for this question is
    told by the cards alone, so that no import changes it.
    """
    near = cosines(shelf.vectors(meant.model, wanted), meant.vector)
    known = [near[n] for n in near.keys() & cards] or list(near.values())
    usual = sum(known) / (len(known) or 1)
    return {n: MEANING * (each - usual) for n, each in near.items()}


def _sum(scores: Mapping[int, float], added: Mapping[int, float]) -> dict[int, float]:
    return {n: scores.get(n, 0.0) + added.get(n, 0.0) for n in scores.keys() | added.keys()}


def _any(words: Iterable[_Word]) -> str:
    return " OR ".join(word.expression for word in words)


def _nearness(bm25: Mapping[int, float], total: float) -> dict[int, float]:
    """How near each post comes, of all that bm25 can give a question of this weight; at most 1."""
    return {number: min(1.0, score / (total * BM25_MOST)) for number, score in bm25.items()}


def _words(shelf: Index, text: str) -> list[_Word]:
    others = _synonyms(shelf, text)
    all_asks = max(shelf.asks(), FEW_ASKS)
    words = []
    for word in query_words(text):
        spelled = _either([word])
        asks = shelf.asks_with(spelled)
        weight = _rarity(sum(asks.values()), all_asks)
        if not asks and (near := _near(shelf, word)):
            spelled = _either([word, *near])
            asks = shelf.asks_with(spelled)
        ways = [(_either(others[word]), SYNONYM)] if others[word] else []
        ways += [(f"body : ({spelled})", BODY)]
        words.append(_Word(word, spelled, weight, asks, tuple(ways)))
    return words


def _rarity(held: int, all_asks: int) -> float:
    return log(1 + (all_asks - held + 0.5) / (held + 0.5))


def _synonyms(shelf: Index, text: str) -> dict[str, list[str]]:
    """For each word, the synonyms of it and of the phrases that it stands in."""
    spoken = _spoken(text)[: 4 * WORDS]
    places = defaultdict(set)
    for start in range(len(spoken)):
        for stop in range(start + 1, min(start + LONGEST_PHRASE, len(spoken)) + 1):
            phrase = " ".join(spoken[start:stop])
            for form in {phrase, phrase.removesuffix("s")}:
                places[form].update(spoken[start:stop])
    found = defaultdict(list)
    for phrase, other in shelf.synonyms(places):
        for word in places[phrase]:
            found[word].append(other)
    return found


def _near(shelf: Index, word: str) -> list[str]:
    """The known word that `word` is likely to be a slip of."""
    if len(word) < 5 or word.isdigit():
        return []
    from difflib import get_close_matches  # late: only slips need it

    return get_close_matches(word, shelf.terms(word[:1]), 1, 0.84)


def _shares(shelf: Index, word: _Word) -> dict[int, float]:
    """What of a word's weight each post with a card holds."""
    share: dict[int, float] = {}
    for expression, worth in word.ways:
        share |= dict.fromkeys(shelf.cards_with(expression), worth)
    for number, times in word.asks.items():
        worth = OFTEN * times / (times + OFTEN_ENOUGH)
        share[number] = max(worth, share.get(number, 0.0))
    return {number: word.weight * worth for number, worth in share.items()}


def _hits(
    shelf: Index,
    weights: Weights,
    whole: Mapping[int, float],
    telling: Mapping[int, float],
    cards: set[int],
) -> list[Hit]:
    """Best first; announcements come last, and are never an answer."""
    posts = shelf.numbered(whole)
    topics = [n for n in whole if posts[n].outside]
    outside = Scores(
        *(max((of.get(n, 0.0) for n in topics), default=0.0) for of in (whole, telling))
    )
    taught, told = [], []
    for n, score in whole.items():
        post = posts[n]
        if post.outside or score <= 0:
            continue
        if post.announcement:
            told.append(Hit(post.post, score, 0.0))
            continue
        own = Scores(score, telling.get(n, 0.0))
        against = outside if n in cards else PLAIN_DOUBT
        taught.append(Hit(post.post, score, sureness(weights, own, against)))
    most = min([NEAR, *(hit.score for hit in taught)])
    told = [hit._replace(score=min(hit.score, most)) for hit in told]
    carded = {posts[n].post for n in cards if n in posts}
    return _marked(sorted(taught, key=_best_first), carded) + sorted(told, key=_best_first)


def _marked(hits: list[Hit], carded: Container[str]) -> list[Hit]:
    """The best one, if it does, stands out: from all, and a team's own post from its like. What a
    team wrote itself goes before a shipped card that is as near."""
    if not hits:
        return []
    first, *others = hits
    rivals = [each for each in others if first.post in carded or each.post not in carded]
    ahead = first.score - max((each.score for each in rivals), default=0.0)
    return [first._replace(stands_out=ahead >= AHEAD), *others]


def _best_first(hit: Hit) -> tuple[float, str]:
    return -hit.score, hit.post


def _either(texts: Iterable[str]) -> str:
    """The FTS5 expression for any of these words or phrases."""
    return " OR ".join(f'"{text}"' for text in dict.fromkeys(texts))
