"""What a rep can do about tips: ask, ask for another, vote, share, see why."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.clock.now import Clock
from bot.errors import CoachError
from bot.library.library import Library
from bot.library.source import Source
from bot.people.rep import Rep
from bot.people.service import PeopleService
from bot.search.meaning import Meaning
from bot.search.ranking import CHOICE, Hit, answers, closest, nearest, search, sure, surest
from bot.search.small_talk import weight
from bot.storage.store import Store
from bot.text.language import is_foreign
from bot.tips.rotation import in_turn, unasked
from bot.tips.table import Choice, SaidTip, Tips
from bot.tips.tip import (
    Answer,
    Lesson,
    Offer,
    Ranked,
    Sourced,
    Tip,
    choice,
    fittest_first,
    lessons_for,
    next_lesson,
)
from bot.writing.choosing import Chosen
from bot.writing.service import WritingService
from bot.writing.statement import Written

log = logging.getLogger(__name__)

KEPT_QUESTION = 4_000  # characters of a question without an answer that are kept
LATELY = timedelta(days=30)  # a lesson heard since then does not come unasked again


class TipGone(CoachError):
    """A button on a tip whose post has left the library, or that is not this workspace's."""


class TipService:
    """Tips, asked and unasked."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        library: Library,
        meaning: Meaning,
        people: PeopleService,
        writing: WritingService,
    ) -> None:
        self._store, self._clock, self._library = store, clock, library
        self._meaning, self._people = meaning, people
        self._writing = writing

    def answer(
        self, rep: Rep, words: str, channel_id: str | None = None, with_model: bool = False
    ) -> Answer:
        """The tip for a situation, or for no words one this rep has not had lately.

        `with_model` waits for a model to choose the lesson, where one `chooses`.
        """
        words = words.strip()
        hits = self.ranked(rep.workspace_id, words)
        chosen = self._chosen(rep.workspace_id, words, hits) if with_model else None
        lessons = self._lessons(rep, words, hits, chosen)
        if words and not lessons:
            return self._without_a_tip(rep, self._shape(words, None, hits, chosen))
        tip = self._say(rep, words, lessons, channel_id)
        return self._shape(words, tip, hits)

    def chooses(self, words: str) -> bool:
        """Whether a model can be asked which lesson fits these words; that takes its time."""
        return self._writing.chooses and bool(weight(words)) and not is_foreign(words)

    def _chosen(self, workspace_id: str, words: str, hits: Sequence[Hit]) -> Chosen | None:
        """What a model makes of the nearest posts; None without one, or if it failed."""
        if not self.chooses(words):
            return None
        entries = self._library.entries()
        near = [entries[hit.post] for hit in hits if hit.post in entries]
        posts = [(entry, fittest_first(entry, words)) for entry in near if entry.teaches]
        try:
            return self._writing.choose(workspace_id, words, posts)
        except Exception:  # whatever it was, there is a good answer without the model
            log.exception("a model did not choose")
            return None

    def _without_a_tip(self, rep: Rep, found: Answer) -> Answer:
        """Keep what is offered, so that it can be chosen from, or else the gap."""
        now, words = self._clock.now(), found.words[:KEPT_QUESTION]
        if found.offered:
            rows = [Choice(each.source.post, each.lesson) for each in found.offered]
            write = self._store.write
            chosen = write(lambda db: Tips(db).put_choice(rep, words, rows, now))
            return replace(found, choice_id=chosen)
        if found.gap:
            self._store.write(lambda db: Tips(db).put_gap(rep, words, now))
        return found

    def choose(self, rep: Rep, choice_id: int, n: int, channel_id: str | None = None) -> Tip:
        """The tip on the lesson that a rep chose of those offered; that it was, is kept."""
        kept = Tips(self._store.read).choice(rep.workspace_id, choice_id)
        if kept is None or not 0 <= n < len(kept.offered):
            raise TipGone("I can't find that choice any more. Ask again with `/tip`.")
        post, text = kept.offered[n]
        entry = self._library.entries().get(post)
        if entry is None or text not in entry.lessons:
            raise TipGone("That post has left the library. Ask again with `/tip`.")
        tip = self._say(rep, kept.words, [Lesson(entry, text)], channel_id)
        assert tip is not None
        now = self._clock.now()
        self._store.write(lambda db: Tips(db).choose(rep.workspace_id, choice_id, n, tip.id, now))
        return tip

    def written(self, rep: Rep, tip: Tip) -> Tip:
        """The tip as a model writes it, or as it is; comes within the time that is set."""
        try:
            return self._written(rep, tip)
        except Exception:  # whatever it was, there is a good answer without the model
            log.exception("a written answer was left out")
            return tip

    def _written(self, rep: Rep, tip: Tip) -> Tip:
        hits = self.ranked(rep.workspace_id, tip.words)
        found = self._writing.tip(rep.workspace_id, tip.words, _to_write_from(tip, hits))
        if found is None:
            return tip
        workspace_id = rep.workspace_id
        self._store.write(lambda db: Tips(db).put_written(workspace_id, tip.id, found))
        return replace(tip, written=self.sourced(found))

    def may_be_written(self, tip: Tip) -> bool:
        """Whether a model can be asked about what this tip answers, and has not written yet."""
        return self._writing.on and bool(tip.words) and not tip.written

    def fitting(self, rep: Rep, words: str) -> Tip | None:
        """A tip for a situation that nobody asked about: none that was said lately, no gap kept."""
        entries, now = self._library.entries(), self._clock.now()
        hits = answers(self.ranked(rep.workspace_id, words))
        said = Tips(self._store.read).said_to(rep).lessons
        fresh = [
            lesson
            for lesson in lessons_for(hits, entries, words)
            if lesson.text not in said or now - said[lesson.text] > LATELY
        ]
        return self._say(rep, "", fresh, None)  # the words are the rep's own, and kept elsewhere

    def another(self, rep: Rep, tip_id: int) -> Tip:
        """The next tip for the same words, or the next of the rotation."""
        said = self._said(rep, tip_id)
        hits = self.ranked(rep.workspace_id, said.words)
        lessons = self._lessons(rep, said.words, hits)
        if said.words and not lessons:
            lessons = lessons_for(nearest(hits), self._library.entries(), said.words)
        tip = self._say(rep, said.words, lessons, said.channel_id, instead_of=said.id)
        if tip is None:
            raise TipGone("The library has nothing more on this. Ask again with `/tip`.")
        return tip

    def again(self, rep: Rep, tip_id: int) -> Tip:
        """A tip that was said before, as it can be said now. Raises `TipGone`."""
        said = self._said(rep, tip_id)
        if (source := self._library.source(said.citation)) is None:
            raise TipGone("That post is no longer in the library. Ask again with `/tip`.")
        return Tip(said.id, said.words, said.lesson, source, self.sourced(said.written))

    def vote(self, rep: Rep, tip_id: int, helpful: bool) -> None:
        """Keep whether the tip helped; the last vote wins."""
        self._said(rep, tip_id)
        now = self._clock.now()
        self._store.write(lambda db: Tips(db).vote(rep, tip_id, helpful, now))

    def post(self, slug: str) -> Source | None:
        """The first readable part of a post, for "Read the post"."""
        entry = self._library.entries().get(slug)
        if entry is None:
            return None
        post = entry.as_post()
        return Source(
            slug, entry.name, post.author, post.blog, post.published, post.body, entry.shelf
        )

    def ranked(self, workspace_id: str, words: str) -> list[Hit]:
        """Posts that may answer, best first; a model for embedding has a second to help."""
        meant = self._meaning.question(workspace_id, words)
        return search(self._store.read, words, meant=meant)

    def preview(self, words: str, with_model: bool = False) -> Answer:
        """The answer that a rep new to the coach would get; nothing is kept."""
        hits, nobody = self.ranked("", words), Rep("", "")
        chosen = self._chosen("", words, hits) if with_model else None
        lesson = next_lesson(self._lessons(nobody, words.strip(), hits, chosen), {})
        tip = self._tip(0, words, lesson) if lesson else None
        if tip and with_model and words.strip():
            found = self._writing.tip("", words, _to_write_from(tip, hits))
            tip = replace(tip, written=self.sourced(found))
        return self._shape(words.strip(), tip, hits, chosen)

    def sourced(self, written: Written | None) -> tuple[Sourced, ...]:
        """What a model wrote, as far as its quotes are still there."""
        found = [
            (each.text, self._library.source(each.citation))
            for each in (written.statements if written else ())
        ]
        return tuple(Sourced(text, source) for text, source in found if source)

    def _said(self, rep: Rep, tip_id: int) -> SaidTip:
        said = Tips(self._store.read).get(rep.workspace_id, tip_id)
        if said is None:
            raise TipGone("I can't find that tip any more. Ask again with `/tip`.")
        return said

    def _lessons(
        self, rep: Rep, words: str, hits: Sequence[Hit], chosen: Chosen | None = None
    ) -> Iterable[Lesson]:
        """What may be said, the first one first; none where no post is sure to answer."""
        entries = self._library.entries()
        if chosen:
            return self._picked(words, hits, chosen)
        if words:
            return lessons_for(answers(hits), entries, words)
        manager = self._people.is_manager(rep)
        heard = Tips(self._store.read).said_to(rep)
        return in_turn(unasked(entries.values(), manager), heard, rep.user_id)

    def _picked(self, words: str, hits: Sequence[Hit], chosen: Chosen) -> list[Lesson]:
        """The lesson that a model chose, then the others of its post; none if it found none."""
        if chosen.lesson is None:
            return []
        entry, text = chosen.lesson
        others = [each for each in fittest_first(entry, words) if each != text]
        return [Lesson(entry, each) for each in (text, *others)]

    def _say(
        self,
        rep: Rep,
        words: str,
        lessons: Iterable[Lesson],
        channel_id: str | None,
        instead_of: int | None = None,
    ) -> Tip | None:
        lesson = next_lesson(lessons, Tips(self._store.read).said_to(rep).lessons)
        if lesson is None:
            return None
        quote = lesson.entry.cite(lesson.text)
        said = SaidTip(0, channel_id, words, lesson.text, quote, instead_of=instead_of)
        now = self._clock.now()
        tip_id = self._store.write(
            lambda db: Tips(db).put(said, rep.workspace_id, rep.user_id, now)
        )
        return self._tip(tip_id, words, lesson)

    def _tip(self, tip_id: int, words: str, lesson: Lesson) -> Tip:
        return Tip(tip_id, words, lesson.text, self._source(lesson))

    def _source(self, lesson: Lesson) -> Source:
        source = self._library.source(lesson.entry.cite(lesson.text))
        assert source is not None  # it was cut from that very text
        return source

    def _shape(
        self, words: str, tip: Tip | None, hits: Sequence[Hit], chosen: Chosen | None = None
    ) -> Answer:
        entries = self._library.entries()
        known = [hit for hit in hits if hit.post in entries]
        ranked = tuple(Ranked(entries[hit.post], hit.score) for hit in known)
        if tip or not words:
            return Answer(words, tip, surest(known), ranked)
        foreign = is_foreign(words)
        asks = bool(weight(words)) and not foreign
        near = self._near(words, known, chosen) if asks else []
        offered = tuple(Offer(each.text, self._source(each)) for each in near)
        gap = asks and not offered
        return Answer(words, None, surest(known), ranked, offered, gap=gap, foreign=foreign)

    def _near(self, words: str, hits: Sequence[Hit], chosen: Chosen | None) -> list[Lesson]:
        """Lessons to choose from, each of another post; first those that a model named."""
        entries = self._library.entries()
        ours = choice(closest(hits) if chosen else nearest(hits), entries, words)
        named = [Lesson(*each) for each in chosen.near] if chosen and ours else []
        each_post = {lesson.entry.slug: lesson for lesson in reversed([*named, *ours])}
        order = dict.fromkeys(lesson.entry.slug for lesson in [*named, *ours])
        return [each_post[slug] for slug in order][:CHOICE]


def _to_write_from(tip: Tip, hits: Sequence[Hit]) -> list[str]:
    """The post of the tip, then the others that are sure to answer."""
    others = [hit.post for hit in sure(hits) if hit.post != tip.source.post]
    return [tip.source.post, *others]
