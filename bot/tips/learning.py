"""Learning from use: what a person may change in the library, told without anybody's own words.

Of what people asked, only words are shown that stand in the library's own cards, and of them those
that at least two people used who asked alike: no sentence, no name, no number. What one person
alone asked or turned down is counted, and not shown. It is read anew each time from what is still
kept, so what was forgotten is in none of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import NamedTuple

from bot.library.library import Library
from bot.people.rep import Rep
from bot.people.service import PeopleService
from bot.search.indexing import Indexing
from bot.search.likeness import AT_LEAST, Bag, Likeness, own_words
from bot.search.meaning import Meaning
from bot.search.ranking import Hit, answers, closest, search
from bot.storage.store import Store
from bot.text.stems import stems_of
from bot.tips.use_table import Asked, LessonUse, Use, workspaces

PEOPLE = 2  # with fewer, what was asked or turned down is nobody else's business
MOST_WORDS = 8  # of a theme
STATUS_GAPS = 200  # of which a status tells; `learn` looks at more


class Theme(NamedTuple):
    """What several people asked alike, in the library's own words.

    `post` is the one that they found to fit; "" if none.
    """

    words: str
    people: int
    post: str


class Unanswered(NamedTuple):
    """How many questions of how many people had no answer, and what was asked alike."""

    questions: int
    people: int
    themes: Sequence[Theme]


@dataclass(frozen=True)
class Learned:
    """What the use of one workspace tells; `asks` are to be added to the cards of their posts."""

    workspace_id: str
    gaps: Unanswered
    passed_over: Unanswered
    turned_down: Sequence[LessonUse]
    chosen: Sequence[LessonUse]
    asks: Sequence[Theme]


class LearningService:
    """Reads what is kept, and changes nothing. What is asked of a model is asked of the local one
    alone: nothing leaves the machine."""

    def __init__(
        self,
        store: Store,
        library: Library,
        indexing: Indexing,
        meaning: Meaning,
        people: PeopleService,
    ) -> None:
        self._store, self._library, self._indexing = store, library, indexing
        self._meaning, self._people = meaning, people

    @cached_property
    def _own(self) -> Mapping[str, str]:
        """The library's words, read at first use: a third of a second."""
        return own_words(self._library, self._indexing)

    def learned(self) -> list[Learned]:
        """What each workspace's use tells."""
        return [self._learned(each) for each in workspaces(self._store.read)]

    def gaps(self, rep: Rep) -> Unanswered | None:
        """What had no answer lately, for managers; None for anybody else."""
        if not self._people.is_manager(rep):
            return None
        use = Use(self._store.read, rep.workspace_id)
        return self._unanswered(use, use.gaps(STATUS_GAPS), closest)

    def _learned(self, workspace_id: str) -> Learned:
        use = Use(self._store.read, workspace_id)
        return Learned(
            workspace_id,
            self._unanswered(use, use.gaps(), closest),
            self._unanswered(use, use.passed_over(), answers),
            [each for each in use.turned_down() if each.people >= PEOPLE],
            [each for each in use.chosen() if each.people >= PEOPLE],
            [each for each in self._themes(use, use.found()) if self._is_new(each)],
        )

    def _unanswered(
        self, use: Use, asked: Sequence[Asked], found: Callable[[list[Hit]], list[Hit]]
    ) -> Unanswered:
        """What is still open: of the themes those for which nothing is `found` by now."""
        themes = [each for each in self._themes(use, asked) if not found(self._hits(each.words))]
        return Unanswered(len(asked), len({each.user_id for each in asked}), themes)

    def _is_new(self, theme: Theme) -> bool:
        """Whether the card lacks this ask: search does not find its post by it."""
        card = self._library.cards.get(theme.post)
        known = card is None or theme.words in card.asks
        found = answers(self._hits(theme.words))
        return not known and not (found and found[0].post == theme.post)

    def _hits(self, words: str) -> list[Hit]:
        meant = self._meaning.question("", words) if self._meaning.stays_here else None
        return search(self._store.read, words, meant=meant)

    def _themes(self, use: Use, asked: Sequence[Asked]) -> list[Theme]:
        likeness = Likeness(self._store.read)
        groups = [each for each in alike(asked, likeness) if _people(each) >= PEOPLE]
        if not groups:
            return []
        names = frozenset[str]().union(*map(stems_of, use.names()))
        own = {stem: word for stem, word in self._own.items() if stem not in names}
        found = [theme for group in groups if (theme := theme_of(group, own))]
        return sorted(found, key=lambda theme: (-theme.people, theme.words))


class _Weighed(NamedTuple):
    asked: Asked
    bag: Bag


def alike(asked: Iterable[Asked], likeness: Likeness) -> list[list[_Weighed]]:
    """Questions that ask alike, those on other posts apart: each is like the first of its group."""
    groups: defaultdict[str, list[list[_Weighed]]] = defaultdict(list)
    for each in asked:
        one = _Weighed(each, likeness.bag(each.words))
        near = (group for group in groups[each.post] if one.bag.is_like(group[0].bag))
        if (group := next(near, None)) is not None:
            group.append(one)
        else:
            groups[each.post].append([one])
    return [group for of_post in groups.values() for group in of_post]


def theme_of(group: Sequence[_Weighed], own: Mapping[str, str]) -> Theme | None:
    """What a group asks alike, in words of our `own`; None where that says too little.

    In the order in which they stand on the average, which is nobody's own.
    """
    users: defaultdict[str, set[str]] = defaultdict(set)
    places: defaultdict[str, list[float]] = defaultdict(list)
    for asked, bag in group:
        for n, stem in enumerate(bag.weights):
            users[stem].add(asked.user_id)
            places[stem].append(n / len(bag.weights))
    shared = [stem for stem in users if stem in own and len(users[stem]) >= PEOPLE]
    shared = sorted(shared, key=lambda stem: (-len(users[stem]), stem))[:MOST_WORDS]
    if len(shared) < AT_LEAST:
        return None
    order = sorted(shared, key=lambda stem: (fmean(places[stem]), stem))
    return Theme(" ".join(own[stem] for stem in order), _people(group), group[0].asked.post)


def _people(group: Collection[_Weighed]) -> int:
    return len({each.asked.user_id for each in group})
