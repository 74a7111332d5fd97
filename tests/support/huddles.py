"""What the stories of huddles have in common: asking, the card, its items and its forms."""

from __future__ import annotations

import copy
import re
from datetime import date, timedelta
from typing import Any

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.debriefs.debrief import Debrief
from bot.debriefs.table import Debriefs
from bot.huddles.huddle import Huddle, Item
from bot.inbox.event import Event
from bot.people.rep import Rep
from handlers.app import Bot
from handlers.huddles.card_drawing import HUDDLE_TICK
from handlers.trial.small_slack.slack import Delivery, FakeSlack
from handlers.trial.small_slack.world import Message, View
from tests.conftest import eventually

SAM, KIM, MIA = Rep("T1", "U1"), Rep("T1", "U2"), Rep("T1", "U3")


def unheard(bot: Bot, rep: Rep) -> Event:
    """Something that a rep sent of which nothing follows, for changes in the coach itself."""
    now = bot.coach.now()
    return Event(rep.workspace_id, f"test.{now}", {"event": {"type": "nothing"}}, now)


def ask(slack: FakeSlack, words: str, user: str = "U1", channel: str = "C1") -> Delivery:
    """Type `/huddle words`."""
    delivery = slack.command(user, channel, "/huddle", words)
    assert (delivery.status, delivery.error) == (200, None)
    return delivery


def huddle(slack: FakeSlack, words: str, user: str = "U1", channel: str = "C1") -> Message:
    """Type `/huddle words` and wait for the card in the channel."""
    before = len(slack.messages(channel))
    ask(slack, words, user, channel)
    eventually(lambda: len(slack.messages(channel)) > before)
    return card(slack, channel)


def card(slack: FakeSlack, channel: str = "C1") -> Message:
    """The newest message of the channel."""
    return slack.messages(channel)[-1]


def reads(slack: FakeSlack, words: str, channel: str = "C1") -> Message:
    """The newest card, once these words stand on it."""
    return eventually(lambda: words in card(slack, channel).plain and card(slack, channel))


def form(slack: FakeSlack, user: str = "U1", title: str = "") -> View:
    """The form that this person has open."""
    view = eventually(lambda: (v := slack.modal(user)) and title in v.plain and v)
    assert isinstance(view, View)
    return view


def accounts_offered(slack: FakeSlack, user: str = "U1") -> list[str]:
    """The choices where the open form asks which account is meant."""
    block = next(b for b in form(slack, user).blocks if b["block_id"] == "account")
    return [option["value"] for option in block["element"]["options"]]


def save(slack: FakeSlack, user: str = "U1", **values: Any) -> None:
    """Send the open form with these values by block_id; it closes."""
    done = slack.submit(user, form(slack, user), values)
    assert (done.status, done.errors, done.error) == (200, {}, None)
    assert slack.modal(user) is None


def press(slack: FakeSlack, message: Message, label: str, user: str = "U1") -> Delivery:
    """Press the first button with this label."""
    block_id, action_id, value = slack.button(message, label)
    done = slack.click(user, message, action_id, value, block_id)
    assert (done.status, done.error) == (200, None)
    return done


def private(slack: FakeSlack, words: str, user: str = "U1") -> Message:
    """The private message to this person that holds these words, once it is there."""
    return eventually(
        lambda: next((m for m in reversed(slack.ephemerals(user)) if words in m.plain), None)
    )


def told(slack: FakeSlack, words: str, user: str) -> Message:
    """The direct message to this person that holds these words, once it is there."""
    return eventually(
        lambda: next((m for m in slack.messages(slack.dm(user)) if words in m.plain), None)
    )


def link(message: Message) -> str:
    """The address behind the first link of a message."""
    text = str(message.blocks[0]["text"]["text"])
    return next(part for part in re.findall(r"<(https?://[^|>]+)\|", text))


def kept(bot: Bot, call_id: int = 1) -> Huddle:
    """The huddle as the database has it."""
    return bot.coach.huddles.get(SAM, call_id)


def ticks(bot: Bot, call_id: int = 1) -> list[Item]:
    return [item for item in kept(bot, call_id).items if item.kind == "tick"]


def answers(bot: Bot, call_id: int = 1) -> list[Item]:
    return [item for item in kept(bot, call_id).items if item.kind == "answer"]


def tick(slack: FakeSlack, message: Message, item: Item, user: str = "U1") -> Delivery:
    """Touch the item's box on the card as it is now."""
    now = slack.messages(message.channel)
    live = next(m for m in now if m.ts == message.ts)
    value = f"{item_call(live)}:{item.id}:on"
    done = slack.click(user, live, HUDDLE_TICK, value, block_of(live, item))
    assert (done.status, done.error) == (200, None)
    return done


def block_of(message: Message, item: Item) -> str:
    """The name of the item's block as it is drawn."""
    names = [str(block.get("block_id", "")) for block in message.blocks]
    return next(name for name in names if name.split(":")[2:3] == [str(item.id)])


def item_call(message: Message) -> str:
    names = [str(block.get("block_id", "")) for block in message.blocks]
    return next(name.split(":")[1] for name in names if name.startswith("item:"))


def late(slack: FakeSlack, first: Delivery, user: str) -> Delivery:
    """The same click by somebody whose screen still shows the card as it was then."""
    payload = copy.deepcopy(first.payload)
    payload["user"] = payload["user"] | {"id": user}
    payload["trigger_id"] = f"late.{user}.{payload['trigger_id']}"
    return slack.courier.send("interactive", "T1", payload)


def debriefed(
    bot: Bot,
    rep: Rep = SAM,
    shared_in: str | None = None,
    forgot: str | None = None,
    channel: str | None = "C1",
    their_step: str | None = None,
) -> Call:
    """A call of yesterday with Acme, and what this rep said of it."""
    coach = bot.coach
    now = coach.now()
    starts = now - A_DAY
    ends = starts + timedelta(minutes=45)
    call = coach.store.write(
        lambda db: Calls(db).add(rep, "Acme", starts, ends, "discovery", "", channel, now)
    )
    debrief = Debrief(
        id=0, rep=rep, call_id=call.id, form="standard", goal="a date", reached="partly",
        achieved=None, next_step="Send the security sheet", by_when=date(2026, 11, 27),
        committed="us", their_step=their_step, their_by_when=date(2026, 11, 30),
        forgot=forgot, shared=bool(shared_in), shared_channel_id=shared_in, shared_ts="1.1",
        pointed_out=False, tip_id=None, saved_at=now,
    )  # fmt: skip
    kept_id = coach.store.write(lambda db: Debriefs(db).put(debrief, now))
    if shared_in:
        coach.store.write(lambda db: Debriefs(db).share(kept_id, shared_in, "1.1", True))
    return call


A_DAY = timedelta(days=1)
