"""Drawing of huddles: the card, what is behind it, and what is said privately around it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    Option,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
)

from bot.calls.call import Call
from bot.clock.local_time import DAYS, MONTHS, say_clock
from bot.clock.told_zone import say_zone
from bot.debriefs.debrief import Debrief
from bot.huddles.account_memory import Memory
from bot.huddles.card_service import Card
from bot.huddles.huddle import Huddle, Item
from bot.library.source import said_on
from handlers.slack.blocks import Message, bare, button, clip, context, escape, mrkdwn_text, section
from handlers.slack.sources import source_line

HUDDLE_TICK = "huddle.tick"
HUDDLE_ANSWER = "huddle.answer"
HUDDLE_WHY = "huddle.why"
HUDDLE_WHY_PARTS = "huddle.why_parts"
HUDDLE_GOAL = "huddle.goal"
HUDDLE_CHANGE = "huddle.change"
HUDDLE_TAKE = "huddle.take"
HUDDLE_CANCEL = "huddle.cancel"
HUDDLE_ADD_PEOPLE = "huddle.add_people"
HUDDLE_ADD_ITEM = "huddle.add_item"
HUDDLE_OPEN = "huddle.open"
HUDDLE_POST = "huddle.post"
HUDDLE_REMEMBER = "huddle.remember"

WHY = "Why is it there?"
ACCOUNT = 80  # characters of an account that are shown
SHOWN = 150  # … of what somebody typed
REACHED = {"yes": "the goal was reached", "partly": "the goal was partly reached"}
REACHED |= {"no": "the goal was not reached"}
WHOSE = {"us": "ours", "them": "theirs", "both": "both sides", "nobody": "nobody committed"}
PART_NAMES = {"lead": "Lead", "support": "Support", "listen": "Listen"}


# The card -----------------------------------------------------------------------------------


def card(card: Card) -> Message:
    """The huddle as everybody who reads it may see it, in at most thirty blocks."""
    huddle, call = card.huddle, card.huddle.call
    summary = f"{account(call)} · {when(card, plain=True)}{title(card)}"
    if call.state == "cancelled":
        return Message(f"Cancelled: {summary}", [section(f"~{account(call)}~ · cancelled")])
    blocks: list[Block] = [
        _header(card),
        *([ownerless(call)] if card.ownerless else []),
        _goal(card),
        *_parts(huddle),
        *([context(last_call(card.memory))] if card.memory else []),
        *(_item(call, item) for item in huddle.items),
        *_worded(card),
        _footer(huddle),
        *_private(huddle),
    ]
    return Message(summary, blocks)


def account(call: Call) -> str:
    """The account on one line, bold, whatever somebody typed into it."""
    return bold(clip(" ".join(call.account.split()), ACCOUNT))


def bold(text: str) -> str:
    """Text in bold; an asterisk of its own would end it early."""
    return f"*{escape(text).replace('*', '∗')}*"


def moment(call: Call, zone: str, shape: str = "{date_short_pretty} {time} for you") -> str:
    """When the call starts, which each reader's Slack turns into their own time.

    docs.slack.dev/messaging/formatting-message-text; `zone` is for those that can't.
    """
    return f"<!date^{int(call.starts.timestamp())}^{shape}|{local(call, zone)}>"


def local(call: Call, zone: str) -> str:
    """`Mon 23 Nov 15:00 New York`: true wherever it is read."""
    local = call.starts.astimezone(ZoneInfo(zone))
    day = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"
    place = say_zone(zone).rpartition("/")[2]
    return f"{day} {say_clock(local.time())} {place}"


def duration(length: timedelta) -> str:
    """`45 min`, `1 h`, `1 h 30 min`."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes or not hours))


def when(card: Card, plain: bool = False) -> str:
    call = card.huddle.call
    if call.review:
        return ""
    if call.state == "moved":
        return "no new time yet · "
    starts = local(call, card.zone) if plain else moment(call, card.zone)
    return f"{starts} · {duration(call.length)} · "


def title(card: Card) -> str:
    return escape(card.play.title if card.play else card.huddle.call.play)


def ready(huddle: Huddle) -> str:
    """`3 of 7 ready`"""
    return f"{huddle.ready} of {len(huddle.items)} ready"


def _header(card: Card) -> SectionBlock:
    call = card.huddle.call
    line = f"{account(call)} · {when(card)}{title(card)}"
    if not card.huddle.people:
        line += f" · {ready(card.huddle)}"
    return with_button(line, button("Change", HUDDLE_CHANGE, str(call.id)))


def ownerless(call: Call) -> SectionBlock:
    """Whoever had the call is not here any more."""
    line = f"<@{call.owner.user_id}> is no longer in this workspace. Who takes the call?"
    return with_button(line, button("Take it over", HUDDLE_TAKE, str(call.id)))


def _goal(card: Card) -> Block:
    call = card.huddle.call
    if call.goal:
        return section(f"*Goal:* {escape(clip(call.goal, SHOWN))}")
    hint = f" _{escape(card.play.goal_hint)}_" if card.play and card.play.goal_hint else ""
    return with_button(
        f"*Goal:* none yet.{hint}", button("Set the goal", HUDDLE_GOAL, str(call.id))
    )


def _parts(huddle: Huddle) -> list[Block]:
    if not huddle.people:
        return []
    line = " · ".join(f"{PART_NAMES[person.part]} <@{person.user_id}>" for person in huddle.people)
    why = button("Why", HUDDLE_WHY_PARTS, str(huddle.call.id))
    return [with_button(f"{line} · {ready(huddle)}", why)]


def _item(call: Call, item: Item) -> Block:
    """One row for one item, to tick or to answer."""
    state = "on" if item.done else "off"
    # A new name makes every reader's Slack forget what it showed here, and show what is true.
    name = f"item:{call.id}:{item.id}:{state}:{item.turn}"
    if item.kind == "tick":
        return ActionsBlock(block_id=name, elements=[_box(call, item)])
    label = "Edit" if item.done else "Answer"
    value, read_out = f"{call.id}:{item.id}:{state}", f"{label}: {item.shown}"
    ask = button(label, HUDDLE_ANSWER, value, read_out=read_out)
    return SectionBlock(block_id=name, text=mrkdwn_text(_answered(item)), accessory=ask)


def _box(call: Call, item: Item) -> CheckboxesElement:
    label = PlainTextObject(text=item.shown, emoji=False)
    box = Option(text=label, value=f"{call.id}:{item.id}:on")
    return CheckboxesElement(
        action_id=HUDDLE_TICK, options=[box], initial_options=[box] if item.done else None
    )


def _answered(item: Item) -> str:
    if not item.answer:
        return f"☐ {escape(item.shown)}"
    return f"☑ {escape(item.shown)} › {bold(clip(item.answer, SHOWN))} · <@{item.by_id}>"


def _worded(card: Card) -> list[Block]:
    """Who worded some of the items, and from what."""
    if not card.sources:
        return []
    count = sum(bool(item.wording) for item in card.huddle.items)
    note = (
        f"Written by a model: {count} item{'s' if count > 1 else ''} in words for this call."
        f" “{WHY}” has the play's own words."
    )
    return [context("\n".join([note, *map(source_line, card.sources)]))]


def _footer(huddle: Huddle) -> ActionsBlock:
    """A new name with each drawing, so that the menu forgets what was chosen in it."""
    call = huddle.call
    elements = [
        _whys(huddle) if huddle.items else None,
        button("Add people", HUDDLE_ADD_PEOPLE, str(call.id)) if not call.review else None,
        button("Add an item", HUDDLE_ADD_ITEM, str(call.id)) if huddle.has_room else None,
        _cancel(call),
    ]
    return ActionsBlock(block_id=f"below:{huddle.version}", elements=[e for e in elements if e])


def _whys(huddle: Huddle) -> StaticSelectElement:
    """What each item rests on, in one menu: a button at each would double the card's height."""
    return StaticSelectElement(
        action_id=HUDDLE_WHY,
        placeholder=WHY,
        options=[
            Option(
                text=PlainTextObject(text=item.shown, emoji=False),
                value=f"{huddle.call.id}:{item.id}",
            )
            for item in huddle.items
        ],
    )


def _cancel(call: Call) -> ButtonElement:
    what, whose = ("review", "of") if call.review else ("call", "with")
    name = clip(" ".join(bare(call.account).split()), ACCOUNT)
    return ButtonElement(
        text="Cancel",
        action_id=HUDDLE_CANCEL,
        value=str(call.id),
        style="danger",
        confirm=ConfirmObject(
            title=f"Cancel this {what}?",
            text=PlainTextObject(text=f"The {what} {whose} {name} will be off, for everybody."),
            confirm="Cancel it",
            deny="Keep it",
            style="danger",
        ),
    )


def _private(huddle: Huddle) -> list[Block]:
    if not huddle.private:
        return []
    return [
        context(
            "Only you see this card. To work on it together, ask for the same huddle in a channel"
            " that I am in and that is your organisation's alone."
        )
    ]


# What is known of the account ---------------------------------------------------------------


def last_call(memory: Memory) -> str:
    """`Last call 12 May: the goal was reached. Open step: the security sheet, ours, by 20 May.`"""
    debrief = memory.debrief
    reached = REACHED.get(debrief.reached or "") if debrief and debrief.goal else None
    line = f"Last call {_held_on(memory.call)}"
    if memory.earlier:
        line += f"; before that, {_held_on(memory.earlier)}"
    line += f"{f': {reached}' if reached else ''}."
    if debrief and debrief.achieved:
        line += f" {escape(clip(' '.join(debrief.achieved.split()), SHOWN))}."
    if debrief and debrief.open_step:
        line += f" Open step: {step(debrief)}."
    return line + (
        f" Their step: {_their_step(debrief)}." if debrief and debrief.their_step else ""
    )


def step(debrief: Debrief) -> str:
    """The next step, whose it is and by when."""
    parts = [
        escape(clip(" ".join((debrief.next_step or "").split()), SHOWN)),
        WHOSE.get(debrief.committed or ""),
        f"by {said_on(debrief.by_when)}" if debrief.by_when else None,
    ]
    return ", ".join(filter(None, parts))


def _their_step(debrief: Debrief) -> str:
    by = f", by {said_on(debrief.their_by_when)}" if debrief.their_by_when else ""
    return escape(clip(" ".join((debrief.their_step or "").split()), SHOWN)) + by


def _held_on(call: Call) -> str:
    stamp = int(call.starts.timestamp())
    return f"<!date^{stamp}^{{date_short_pretty}}|{said_on(call.starts.date())}>"


def with_button(mrkdwn: str, accessory: ButtonElement) -> SectionBlock:
    return SectionBlock(text=mrkdwn_text(mrkdwn), accessory=accessory)
