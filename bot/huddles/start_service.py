"""What a rep can do to get a huddle: type a line, or fill in a form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from typing import NamedTuple

from bot.calls.account import account_key
from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import local_day, say_time
from bot.clock.now import Clock
from bot.debriefs.follow_up_table import FollowUps
from bot.errors import WrongField
from bot.huddles._known import similar
from bot.huddles._tokens import joined, tokenize
from bot.huddles.huddle import (
    MOST_PEOPLE,
    USUAL_LENGTH,
    Huddle,
    HuddleChange,
    HuddleGone,
    NoRoom,
    Plan,
    fulfil_people,
    items_of,
    parts,
)
from bot.huddles.play import Play, Plays, propose
from bot.huddles.table import Huddles
from bot.huddles.understanding import Setting, Understanding, understand
from bot.inbox.event import Event
from bot.inbox.table import Inbox
from bot.library.library import Library
from bot.people.rep import Profile, Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import Store

# Why a time that was typed opens the form, by what is in doubt about the rep's zone.
IN_DOUBT = {
    "unknown": "Slack has not told me your time zone yet, so I can't tell when “{typed}” is. Pick"
    " the day and the time.",
    "offset": "Slack tells me how far your clock is from UTC now, but no zone. Check the time.",
    "stale": "I could not ask Slack whether you are in another time zone by now. Check the time.",
}
TYPED = 150  # characters of a line that are repeated
# In sentences on a start that was put, which is not true of one that is left out.
_OF_A_START = ("I put", "has passed", "The clocks", "half a year away")
# Zones of which no third one has the same hour as both, at any moment.
_OTHERS = ("Etc/GMT+12", "Etc/GMT-5")

FROM_WORDS = "Proposed from the words typed."
FROM_NOTHING = "Nothing is known of this account yet."

MOST_WORDS = 9  # of a message that may be a line; what is longer tells a story
KNOWN = 500  # accounts of which a typed one may be a spelling
RUNNING, AHEAD = timedelta(hours=12), timedelta(days=400)  # calls that a line may change


Started = Callable[[Database, Rep, datetime], object]


class Understood(NamedTuple):
    """What a `/huddle` was read as. Unless it is `ready`, a form asks for the rest.

    `doubts` are sentences for the rep, and `why_play` is one on the play; "" without an account.
    `said` is what the line asks for, if not for a new call.
    """

    plan: Plan
    doubts: tuple[str, ...]
    ready: bool
    why_play: str = ""
    said: Understanding = Understanding("form")


class StartService:
    """Huddles to be."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        library: Library,
        plays: Plays,
        after: timedelta,
    ) -> None:
        self._store, self._clock, self._library = store, clock, library
        self._plays, self._after = plays, after
        self._on_started: list[Started] = []

    def on_started(self, do: Started) -> None:
        """Have that done in the transaction in which a rep gets a call."""
        self._on_started.append(do)

    @property
    def plays(self) -> Mapping[str, Play]:
        return self._plays()

    def understand(
        self, rep: Rep, words: str, profile: Profile, now: datetime, channels: Collection[str]
    ) -> Understood:
        """Read what follows `/huddle`, as Slack sent it at `now`; the rep can read `channels`.

        Known accounts are those of `accounts`, and no others. A time that was typed is not trusted
        where the rep's zone is in doubt.
        """
        known = Calls(self._store.read).accounts(rep, channels, KNOWN)
        setting = Setting(now, profile.zone, profile.locale, self.plays, known)
        said = _with_doubt(understand(words, setting), words, setting, profile)
        play, why = self._play(rep, said, channels)
        length = said.length or USUAL_LENGTH
        plan = Plan(said.account, play.slug, said.starts, length, said.people, said.goal)
        like = self._like(rep, plan, profile.zone, now) if said.result == "card" else ""
        doubts = (*said.why, like) if like else said.why
        return Understood(plan, doubts, said.result == "card" and not like, why, said)

    def line_in_words(self, rep: Rep, said: str) -> str:
        """What to type after `/huddle`, where a message says to move or cancel one of the rep's
        calls, or names an account of theirs and a time; "" for any other message."""
        if len(said.split()) > MOST_WORDS:
            return ""
        heard, now = self._read(rep, said), self._clock.now()
        if heard.result in ("change", "cancel"):
            return said if self.ahead(rep, heard.account, now) else ""
        own = {account_key(name) for name in self.accounts(rep, ())}
        return said if heard.result == "card" and account_key(heard.account) in own else ""

    def is_line(self, rep: Rep, said: str) -> bool:
        """Whether a message is all that a new huddle needs."""
        return len(said.split()) <= MOST_WORDS and self._read(rep, said).result == "card"

    def _read(self, rep: Rep, said: str) -> Understanding:
        kept = People(self._store.read).profile(rep)
        anywhere = Profile("", "UTC", kept[0].locale if kept else "")
        return self.understand(rep, escape(said), anywhere, self._clock.now(), ()).said

    def play_of(self, rep: Rep, account: str, title: str, channels: Collection[str]) -> str:
        """The play that a meeting's title speaks of, else the one that comes next; its slug."""
        calls = Calls(self._store.read).known(rep, channels, account_key(account))
        history = [call.play for call in reversed(calls) if call.state != "cancelled"]
        return propose(self.plays, title, history).slug

    def accounts(self, rep: Rep, channels: Collection[str]) -> list[str]:
        """The rep's own accounts and those with cards in `channels`, those met last first."""
        return Calls(self._store.read).accounts(rep, channels)

    def check_new(self, rep: Rep, account: str, channels: Collection[str]) -> None:
        """Raises `WrongField` where a new account would stand beside one that is much like it."""
        near = similar(account, Calls(self._store.read).accounts(rep, channels, KNOWN)).near
        if near:
            raise WrongField(
                "account",
                f"I know {near[0]}. Write it so, or put a new account's name in quotes.",
            )

    def ahead(self, rep: Rep, account: str, now: datetime) -> list[Call]:
        """The rep's planned calls with an account that are not over, first ones first.

        Where no account is spelled so, those whose name begins so.
        """
        calls = Calls(self._store.read).of_rep(rep, now - RUNNING, now + AHEAD)
        planned = [each for each in calls if each.state == "planned" and each.ends > now]
        key = account_key(account)
        exact = [each for each in planned if each.account_key == key]
        return exact or [each for each in planned if key and each.account_key.startswith(key)]

    def _like(self, rep: Rep, plan: Plan, zone: str, now: datetime) -> str:
        """A sentence where the rep has another call with that account that day; "" if not."""
        if plan.starts is None:
            return ""
        key, day = account_key(plan.account), local_day(plan.starts, zone)
        of_account = [c for c in self.ahead(rep, plan.account, now) if c.account_key == key]
        others = [c for c in of_account if local_day(c.starts, zone) == day and c.owner == rep]
        if not others or any(call.starts == plan.starts for call in others):
            return ""
        at = say_time(others[0].starts, zone, now)
        return (
            f"You have a call with them {at}. Start makes a second one; “move” changes the first."
        )

    def _play(self, rep: Rep, said: Understanding, channels: Collection[str]) -> tuple[Play, str]:
        """The play that was typed or is proposed, and why it is this one."""
        if said.play and not said.sign:
            return self.plays[said.play], FROM_WORDS
        calls = Calls(self._store.read).known(rep, channels, account_key(said.account))
        history = [call.play for call in reversed(calls) if call.state != "cancelled"]
        play = propose(self.plays, said.sign, history)
        if said.sign:
            return play, FROM_WORDS
        last = self.plays.get(history[-1] if history else "")
        if last and last.slug in play.stage_after:
            return play, f"Usually comes after {last.title}."
        return play, FROM_NOTHING if said.account and not history else ""

    def made_by(self, rep: Rep, form_id: str) -> int | None:
        """The call of a form that was sent before: whoever heard nothing of it sends it again."""
        made = Inbox(self._store.read).made_by(rep.workspace_id, form_id)
        return int(made) if made else None

    def start(
        self, rep: Rep, plan: Plan, channel_id: str, asked: Event, form_id: str = ""
    ) -> Event:
        """Keep the call and its huddle, for a second time the same; and with it what is left to do.

        `asked` has begun then: the id of the `call`, the `channel` that its card is for, and if
        there was a huddle for that call already, those who `joined` it.
        """
        if (play := self.plays.get(plan.play)) is None:
            raise HuddleGone("That play is not there any more. Choose another one.")
        if len(plan.people) > MOST_PEOPLE:
            raise NoRoom(f"A call has room for {MOST_PEOPLE} people here. Name those who speak.")

        def work(db: Database) -> Event:
            call_id, joined = self._start(db, rep, plan, play, channel_id, asked.received_at)
            if form_id:
                inbox = Inbox(db)
                inbox.put_made(rep.workspace_id, form_id, str(call_id), asked.received_at)
            begun = asked.going_on(call=call_id, joined=joined, channel=channel_id)
            Inbox(db).keep(begun, rep.user_id)
            return begun

        return self._store.write(work)

    def _start(
        self, db: Database, rep: Rep, plan: Plan, play: Play, channel_id: str, now: datetime
    ) -> tuple[int, list[str]]:
        review = play.serves == "review"
        starts = now if plan.starts is None or review else plan.starts
        if (same := self._same(db, rep, plan.account, starts, review, channel_id)) is not None:
            joined = fulfil_people(same, HuddleChange(added=plan.people))
            Huddles(db).set_people(same.call, joined)
            new = joined.keys() - {person.user_id for person in same.people}
            return same.call.id, list(new)
        ends = starts if review else starts + plan.length
        place = None if channel_id.startswith("D") else channel_id
        call = Calls(db).add(
            rep, plan.account, starts, ends, play.slug, plan.goal, place, now, review
        )  # fmt: skip
        items = items_of(play, self._library.entries())
        Huddles(db).start(call, {} if review else parts(rep, plan.people), items, now)
        if not review:
            FollowUps(db).plan_debrief(call, self._after)
            for do in self._on_started:
                do(db, rep, now)
        return call.id, []

    def _same(
        self, db: Database, rep: Rep, account: str, starts: datetime, review: bool, channel_id: str
    ) -> Huddle | None:
        """The huddle of this very call or review, if this rep or this channel has one."""
        for call in Calls(db).of_account(rep.workspace_id, account_key(account)):
            ours = rep == call.owner or call.channel_id == channel_id
            same = (call.starts, call.review, call.state) == (starts, review, "planned")
            if ours and same:
                return Huddles(db).get(rep.workspace_id, call.id)
        return None


def _with_doubt(
    said: Understanding, words: str, setting: Setting, profile: Profile
) -> Understanding:
    """What was understood, as far as it holds for a rep whose zone is not known for sure."""
    if not profile.doubt or said.starts is None:
        return said
    elsewhere = [understand(words, replace(setting, zone=zone)) for zone in _OTHERS]
    if all(other.starts == said.starts for other in elsewhere):
        return said  # “in half an hour” is the same moment everywhere
    result = "form" if said.result == "card" else said.result
    # Whom it names stands in a field of its own.
    typed = joined([token for token in tokenize(words) if token.kind not in ("person", "group")])
    cut = f"{typed[:TYPED]}…" if len(typed) > TYPED else typed
    doubt = IN_DOUBT[profile.doubt].format(typed=cut)
    if profile.doubt != "unknown":
        return replace(said, result=result, why=(*said.why, doubt))
    true = (why for why in said.why if not any(sign in why for sign in _OF_A_START))
    return replace(said, result=result, starts=None, why=(*true, doubt))
