"""Messages of every kind that are due now, each to a place of its own, in the coach's file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import EVERY_DAY
from bot.coach import Coach
from bot.daily_tips.service import DAILY_TIP
from bot.daily_tips.setting import Daily, key_of
from bot.daily_tips.table import DailyTips
from bot.debriefs import debrief as debriefs
from bot.debriefs.follow_up import NEXT_STEP
from bot.debriefs.follow_up_table import FollowUps
from bot.debriefs.table import Debriefs
from bot.huddles import announcement, card_message
from bot.huddles.announcement import News
from bot.huddles.huddle import parts
from bot.huddles.table import Huddles
from bot.outbox.hours_table import HoursKept
from bot.outbox.message import AT_ONCE, OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.people.table import People
from bot.questions import question as questions
from bot.questions.question import ANSWER, Question
from bot.questions.table import Questions
from bot.storage.database import Database
from bot.storage.moments import to_text
from bot.tips.table import SaidTip, Tips
from bot.writing.statement import Supported, Written
from handlers.trial.small_slack.slack import FakeSlack
from tests.support.processes import ALWAYS

HOUR = timedelta(hours=1)
STAYS = 24 * HOUR  # what has a deadline of its own here may be a day late
WHOSE = "U1"


class Due:
    """Plans messages, and knows for which conversation each is."""

    def __init__(self, coach: Coach, slack: FakeSlack) -> None:
        self.coach, self.slack = coach, slack
        self.planned: dict[OutboxMessage, str] = {}  # with the conversation that it is for
        self._n = 0

    def question(self) -> OutboxMessage:
        """How did the call go?"""
        rep = self._rep()

        def work(db: Database) -> list[OutboxMessage]:
            call = self._call(db, rep)
            FollowUps(db).plan_debrief(call, HOUR / 60)
            return FollowUps(db).of_call(call)

        return self._keep(work, rep.user_id)

    def reminder(self) -> OutboxMessage:
        """The next step of a call is due."""
        rep, now = self._rep(), self.coach.now()

        def work(db: Database) -> list[OutboxMessage]:
            call = self._call(db, rep)
            blank = debriefs.blank(rep, call.id, now)
            done = replace(blank, form="short", next_step="Call", by_when=now.date())
            Debriefs(db).put(done, now)
            FollowUps(db).plan_next_step(rep, call.id, now, now + STAYS)
            return Outbox(db).of_call("T1", call.id, NEXT_STEP)

        return self._keep(work, rep.user_id)

    def tip(self, lasts: timedelta = STAYS) -> OutboxMessage:
        """The daily tip of a channel."""
        place, now = self._channel(), self.coach.now()

        def work(db: Database) -> list[OutboxMessage]:
            DailyTips(db).put(Daily(place, now.time(), EVERY_DAY, "UTC", "U3", now))
            key = key_of(place, now.date())
            return [Outbox(db).plan(Plan(key, DAILY_TIP, place, now, now + lasts))]

        return self._keep(work, place.id)

    def answer(self, written: bool = False) -> OutboxMessage:
        """The answer to a mention, in its thread; in parts, if a model has `written` it."""
        place, now, rep = self._channel(), self.coach.now(), Rep("T1", WHOSE)
        ts = self._says(place, "the buyer wants a bigger discount")

        def work(db: Database) -> list[OutboxMessage]:
            asked = Question(0, rep, place.id, ts, "", "the buyer wants a bigger discount", now)
            id = Questions(db).put(asked)
            if written and (kept := Questions(db).get(id or 0)):
                Questions(db).set_tip(kept, self._written(db, place))
            key = questions.key_of("T1", place.id, ts)
            return [Outbox(db).plan(Plan(
                key, ANSWER, place, now, now + STAYS, WHOSE, None, str(id), asked=True,
            ))]  # fmt: skip

        return self._keep(work, place.id)

    def answer_in_parts(self) -> OutboxMessage:
        return self.answer(written=True)

    def card(self) -> OutboxMessage:
        """The card of a huddle, in a channel."""
        place, now = self._channel(), self.coach.now()

        def work(db: Database) -> list[OutboxMessage]:
            call = self._huddle(db, place)
            by = Rep("T1", WHOSE)
            return [card_message.plan(db, call, place.id, by, None, now - AT_ONCE)]

        return self._keep(work, place.id)

    def invitation(self) -> OutboxMessage:
        """A rep is told that they come along."""
        rep, now = self._rep(), self.coach.now()

        def work(db: Database) -> list[OutboxMessage]:
            call = self._huddle(db, None, rep.user_id)
            huddle = Huddles(db).find(rep, call.id)
            return announcement.invite(db, huddle, [rep.user_id], WHOSE, now - AT_ONCE)

        return self._keep(work, rep.user_id)

    def news(self) -> OutboxMessage:
        """Under a card: the call is at another time."""
        place, rep, now = self._channel(), self._rep(), self.coach.now()
        card_ts = self._says(place, "where a card stands")

        def work(db: Database) -> list[OutboxMessage]:
            call = self._huddle(db, place, rep.user_id)
            Huddles(db).place(call, place.id, card_ts, False)
            huddle = Huddles(db).find(rep, call.id)
            move = [to_text(call.starts - HOUR), "planned", to_text(call.starts)]
            news, trigger = News(WHOSE, [], move), f"trigger.{self._n}"
            kind = announcement.MOVED
            return announcement.tell(db, huddle, kind, trigger, news, now - AT_ONCE)

        return self._keep(work, place.id)

    def now(self, message: OutboxMessage) -> OutboxMessage:
        """The message as it is now."""
        return self.coach.outbox.get(message) or message

    # What they need ------------------------------------------------------------------------

    def _rep(self) -> Rep:
        self._n += 1
        rep = Rep("T1", f"U1{self._n:04}")
        self.slack.add_user(rep.user_id, rep.user_id.lower(), tz="UTC")
        self.coach.store.write(lambda db: self._knows(db, rep))
        return rep

    def _knows(self, db: Database, rep: Rep) -> None:
        People(db).greet(rep, self.coach.now())
        HoursKept(db).put(rep, ALWAYS)

    def _channel(self) -> Recipient:
        self._n += 1
        place = Recipient("T1", f"C1{self._n:04}")
        self.slack.add_channel(place.id, place.id.lower(), members=[WHOSE])
        return place

    def _says(self, place: Recipient, words: str) -> str:
        """Somebody says it; its `ts`."""
        self.slack.say(WHOSE, place.id, words)
        return self.slack.messages(place.id)[-1].ts

    def _call(self, db: Database, rep: Rep) -> Call:
        """A call that is over since a minute."""
        now = self.coach.now()
        return Calls(db).add(rep, "Acme", now - 2 * HOUR, now - HOUR / 60, "", "", None, now)

    def _huddle(self, db: Database, place: Recipient | None, *others: str) -> Call:
        now, rep = self.coach.now(), Rep("T1", WHOSE)
        channel_id = place.id if place else None
        call = Calls(db).add(rep, "Acme", now + HOUR, now + STAYS, "", "A date", channel_id, now)
        Huddles(db).start(call, parts(rep, others), (), now)
        return call

    def _written(self, db: Database, place: Recipient) -> int:
        entry = next(iter(self.coach.library.entries().values()))
        cited = entry.cite(entry.card.lessons[0])
        told = SaidTip(0, place.id, "discount", "Ask.", cited)
        tip_id = Tips(db).put(told, "T1", WHOSE, self.coach.now())
        said = (Supported("Ask who decides.", cited), Supported("Then wait.", cited))
        Tips(db).put_written("T1", tip_id, Written(said, "tip", ()))
        return tip_id

    def _keep(
        self, work: Callable[[Database], Sequence[OutboxMessage]], place: str
    ) -> OutboxMessage:
        (message,) = self.coach.store.write(work)
        self.planned[message] = self.slack.dm(place) if place[0] == "U" else place
        return message


KINDS: tuple[Callable[[Due], OutboxMessage], ...] = (
    *(Due.question, Due.reminder, Due.tip, Due.answer, Due.answer_in_parts),
    *(Due.card, Due.invitation, Due.news),
)
