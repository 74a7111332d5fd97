"""What is said privately around a huddle: why, where it is, what is remembered, what there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.calls.call import Call
from bot.huddles.account_memory import Memory
from bot.huddles.card_service import Card
from bot.huddles.huddle import Huddle, Part, Person
from bot.huddles.item_source import Why
from bot.huddles.play import Play
from bot.library.source import Source
from handlers.huddles.card_drawing import (
    HUDDLE_OPEN,
    HUDDLE_POST,
    HUDDLE_REMEMBER,
    HUDDLE_TAKE,
    SHOWN,
    account,
    bold,
    last_call,
    local,
    moment,
    step,
    title,
    when,
    with_button,
)
from handlers.slack.blocks import Message, button, clip, context, escape, section, words
from handlers.slack.messenger import TO_YOURSELF
from handlers.slack.sources import READ, source_line

OPEN_ITEMS, OPEN = 3, 75  # items named shortly before a call, and characters of one
VALUE = 2_000  # docs.slack.dev/reference/block-kit/block-elements/button-element


def moved_away(call: Call, channel_id: str) -> Message:
    """What is left where the card was."""
    where = f"in <#{channel_id}>" if not channel_id.startswith("D") else "with its owner"
    return words(f"The huddle for {account(call)} is {where} now.")


def here_now(huddle: Huddle) -> Message:
    """What takes the place of a note on a card that stood elsewhere."""
    return words(f"The card for {account(huddle.call)} is {_where(huddle)} now.")


def _where(huddle: Huddle) -> str:
    return "in your messages with me" if huddle.private else f"in <#{huddle.channel_id}>"


def listed(lines: Sequence[str], usage: Message) -> Message:
    """Lines of escaped text, and below them how to type for more."""
    return words("\n".join([*lines, usage.text]))


def why(why: Why) -> Message:
    """The sentence behind an item, its post and its date; privately."""
    about = f"*{escape(why.about)}*"
    if why.source is None:
        who = f"<@{why.added_by}> added it" if why.added_by else "It is our own"
        return words(f"{about}\n{who}, and rests on no post.")
    return Message(about, [section(about), *_quoted(why.source)])


PARTS_WHY = (
    "*Lead* runs the call, keeps it on track and says the next steps. *Support* covers the topics"
    " agreed on before. *Listen* answers when asked and raises nothing new. Somebody who was called"
    " in late to a simple call listens; somebody who is there early, in a complex one, may lead."
)


# The same for one person, said to them.
YOUR_PART: dict[Part, str] = {
    "lead": "You run the call, keep it on track and say the next steps.",
    "support": "You cover the topics agreed on before.",
    "listen": "You answer when asked and raise nothing new.",
}


def why_parts(why: Why) -> Message:
    """What the parts mean, and why everybody needs one."""
    if why.source is None:
        return words(PARTS_WHY)
    return Message(PARTS_WHY, [section(PARTS_WHY), *_quoted(why.source)])


def _quoted(source: Source) -> list[Block]:
    """The sentence, its post and its date; and the post itself where the team imported it."""
    read = ActionsBlock(elements=[button("Read the post", READ, source.post)])
    return [
        section(f"> {escape(' '.join(source.quote.split()))}"),
        context(source_line(source)),
        *([read] if source.shelf == "original" else []),
    ]


def invited(card: Card, person: Person, by_id: str, link: str) -> Message:
    """What somebody is told who can't have seen their name on the card when it was posted."""
    call = card.huddle.call
    owner = f"<@{call.owner.user_id}>"
    goal = f"\n*Goal:* {escape(clip(call.goal, SHOWN))}" if call.goal else ""
    if call.channel_id:
        place = f"The card is {_there(call.channel_id, link)}."
    else:
        place = f"{owner} has the card in private. I write again once it is in a channel."
        goal = goal or f"\n*Goal:* none yet. Ask {owner} what this call should bring."

    def told(moment: str) -> str:
        return (
            f"<@{by_id}> counts on you for {account(call)} · {moment}{title(card)}{goal}\n"
            f"Your part: {person.part}. {YOUR_PART[person.part]} {place}"
        )

    return Message(told(when(card, plain=True)), [section(told(when(card)))])


def before(card: Card, person: Person, link: str, now: datetime) -> Message:
    """What somebody on a call hears shortly before it."""
    huddle, call = card.huddle, card.huddle.call
    minutes = max(1, round((call.starts - now).total_seconds() / 60))
    soon = "in a minute" if minutes == 1 else f"in {minutes} minutes"
    still = [escape(clip(item.text, OPEN)) for item in huddle.items if not item.done]
    text = f"{account(call)} {soon}. You {person.part}."
    if huddle.items:
        text += f" {huddle.ready} of {len(huddle.items)} ready."
    if still:
        more = [f"{len(still) - OPEN_ITEMS} more"] if len(still) > OPEN_ITEMS else []
        text += f"\nOpen: {' · '.join([*still[:OPEN_ITEMS], *more])}"
    goal = f"\n*Goal:* {escape(clip(call.goal, SHOWN))}" if call.goal else ""
    where = f"\nThe card is {_there(call.channel_id, link)}." if call.channel_id else ""
    return words(f"{text}{goal}{where}")


def owner_wanted(card: Card) -> Message:
    """For a colleague on a call whose owner left."""

    def told(moment: str) -> str:
        owner = f"<@{card.huddle.call.owner.user_id}>"
        return (
            f"{owner} is no longer in this workspace, and had {account(card.huddle.call)} ·"
            f" {moment}{title(card)}. Take it over, and I ask you how it went; any colleague can."
        )

    take = button("Take it over", HUDDLE_TAKE, str(card.huddle.call.id))
    return Message(
        told(when(card, plain=True)), [section(told(when(card))), ActionsBlock(elements=[take])]
    )


def taken_over(call: Call) -> Message:
    """For who took a call over."""
    return words(f"{account(call)} is yours now. I ask you how it went.")


def in_channel_now(huddle: Huddle, link: str) -> Message:
    """What they are told then who were told of a private card."""
    where = _there(huddle.channel_id or "", link)
    return words(f"The card for {account(huddle.call)} is {where} now. Work on it there.")


def _there(channel_id: str, link: str) -> str:
    return f"in <#{channel_id}>" + (f" (<{escape(link)}|open it>)" if link else "")


def cancelled(who: str, call: Call, zone: str, names: str) -> Message:
    """`sam cancelled the call with Acme (Mon 23 Nov 15:00).`; `who` is a name, not escaped."""

    def told(at: Callable[[Call, str], str]) -> str:
        return f"{escape(who)} cancelled the call with {account(call)} ({at(call, zone)}).{names}"

    return Message(told(local), [section(told(_at))])


def moved(who: str, was: Call, call: Call, zone: str, names: str) -> Message:
    """`sam moved the call with Acme from Mon 23 Nov 15:00 to Tue 24 Nov 15:00.`"""

    def told(at: Callable[[Call, str], str]) -> str:
        since = f" from {at(was, zone)}" if was.state != "moved" else ""
        about = f"the call with {account(call)}{since} to {at(call, zone)}"
        return f"{escape(who)} moved {about}.{names}"

    return Message(told(local), [section(told(_at))])


def unsure(call: Call) -> Message:
    """For who changed a call, where nobody knows whether that was said under the card."""
    return words(
        f"I don't know whether the others were told of the change to {account(call)}, and may not"
        " look. If nothing stands under the card, tell them."
    )


def _at(call: Call, zone: str) -> str:
    return moment(call, zone, "{date_short_pretty} {time}")


def elsewhere(huddle: Huddle, why: str, channel_id: str, again: bool = False) -> Message:
    """Why the card is where it is, and how to bring it where it was asked for.

    `again` says that it was tried once more, for else nothing would be seen to happen.
    """
    why = ("Not yet. " if again else "") + why.replace(TO_YOURSELF, "")
    line = f"{why} Your huddle is saved, and its card is {_where(huddle)}."
    return _line(line, button("Try again", HUDDLE_POST, f"{huddle.call.id}:{channel_id}"))


def not_posted(call: Call, why: str, channel_id: str) -> Message:
    """The card could not be posted anywhere."""
    line = f"{why} Your huddle for {account(call)} is saved."
    return _line(line, button("Try again", HUDDLE_POST, f"{call.id}:{channel_id}"))


def closed(call: Call, channel_id: str, home_id: str) -> Message:
    """What the owner is told once outsiders read the card's channel; `home_id` is their own DM."""
    line = (
        f"<#{channel_id}> is shared with another organisation now, so the card for {account(call)}"
        " there shows nothing new: bring it here, or ask for it again in another channel."
    )
    return _line(line, button("Bring it here", HUDDLE_POST, f"{call.id}:{home_id}"))


def there_already(huddle: Huddle) -> Message:
    call = huddle.call
    line = f"{account(call)} at that time has a huddle already, {_where(huddle)}."
    return _line(line, button("Post it again", HUDDLE_POST, f"{call.id}:{huddle.channel_id}"))


def somebody_elses(call: Call) -> Message:
    """For who asked for a call in the moment in which its owner's card became a private one."""
    return words(
        f"<@{call.owner.user_id}> asked for {account(call)} at that time too, and has the card in"
        " their own messages. Type your line again for a card of your own."
    )


def open_form(typed: str) -> Message:
    """For when Slack's patience with a form is over."""
    line = "That took too long for a form. Nothing you typed is lost."
    return _line(line, button("Open the form", HUDDLE_OPEN, clip(typed, VALUE)))


def _line(line: str, below: ButtonElement) -> Message:
    return Message(line, [section(line), ActionsBlock(elements=[below])])


def own_memory(call: Call, memory: Memory, card: Card) -> Message:
    """What only this rep knows of the last call and `card` does not say, to be put on it."""
    debrief = memory.debrief
    assert debrief is not None
    on_the_card = card.memory is not None and card.memory.debrief == debrief
    line = "Only you see this." if on_the_card else f"Only you see this. {last_call(memory)}"
    blocks: list[Block] = [section(f"{account(call)}: {line}")]
    if debrief.forgot:
        about = f"You forgot to ask: {escape(clip(debrief.forgot, SHOWN))}"
        blocks.append(
            with_button(about, button("Add to the huddle", HUDDLE_REMEMBER, f"{call.id}:forgot"))
        )
    if debrief.open_step and not debrief.shared:
        about = f"Next step: {step(debrief)}"
        blocks.append(
            with_button(about, button("Add to the huddle", HUDDLE_REMEMBER, f"{call.id}:step"))
        )
    return Message(f"{account(call)}: {line}", blocks)


# Lists --------------------------------------------------------------------------------------


def plays(plays: Mapping[str, Play], faults: Sequence[str]) -> Message:
    """Every play with its name to type; `faults` for those who can mend them."""
    lines = ["*Plays*, to type behind the account:"]
    lines += [_play(play) for play in plays.values() if play.serves == "calls"]
    lines += ["*Reviews*, which need no time:"]
    lines += [_play(play) for play in plays.values() if play.serves == "review"]
    lines += ["*Files that can't be used yet:*", *map(escape, faults)] if faults else []
    return words("\n".join(lines))


def usage(rows: Sequence[tuple[str, str]]) -> Message:
    """How to ask for a huddle: what to type, and what it does."""
    return words("\n".join(f"`{typed}`  {what}" for typed, what in rows))


def _play(play: Play) -> str:
    name = play.names[0] if play.names else play.slug
    return f"{bold(play.title)}  `{escape(name)}`  {len(play.items)} items"


def today(huddle: Huddle | Call, zone: str) -> str:
    """One call of the day, for `/coach status`."""
    call = huddle.call if isinstance(huddle, Huddle) else huddle
    line = f"• {moment(call, zone, '{time}')} {account(call)}"
    if isinstance(huddle, Huddle):
        line += f" · {huddle.ready} of {len(huddle.items)} ready"
        if huddle.channel_id and not huddle.private:
            line += f" · <#{huddle.channel_id}>"
        if not huddle.ts:
            line += " · no card yet: ask for it again"
    return line + (" · moved, no new time yet" if call.state == "moved" else "")
