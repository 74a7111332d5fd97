"""The small reply that a person would give: to a greeting, thanks, "my calls today", a clip."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls.call import Call
from bot.coach import Coach
from bot.huddles.huddle import Huddle
from bot.questions.question import Question
from bot.questions.small_talk import Talk, talk_of
from handlers.huddles import private_drawing
from handlers.slack.blocks import clip, escape

TODAY = 12  # calls that are listed
ACCOUNT = 80

_IN_WORDS = "Type it in a few words, and I keep it or answer it."
_FIXED: dict[Talk, str] = {
    "bye": "See you. I write after your next call.",
    "how_are_you": "Ready when you are. What is going on at your customer?",
    "private": "Only you, until you press Share. Managers read no more than anybody; whoever runs"
    " the database can read it.",
    "verdict": "Noted. Helpful and Not helpful under an answer are what counts.",
    "asked": "What you said is kept. Skip under the question ends it.",
    "laugh": "Good. Which customer is next?",
    "here": "I am here. Write what is going on at a customer, and I look for advice.",
    "sorry": "Never mind. Nothing was kept of that.",
    "emoji": "Noted. For advice, write what is going on at a customer.",
    "ack": "Good. I am here when something comes up.",
    "clip": f"I can't listen to clips, and Slack has not written this one down. {_IN_WORDS}",
    "cut_clip": "Slack gives me only the beginning of that clip, so I kept nothing of it."
    f" {_IN_WORDS}",
    "file": f"I read words, not files, and kept nothing of this one. {_IN_WORDS}",
    "forwarded": f"I can't read what was forwarded. {_IN_WORDS}",
    "too_long": "That is more than Slack shows me in one message, so I kept nothing of it. Send it"
    " in parts.",
}  # fmt: skip


def reply(question: Question, coach: Coach) -> str:
    """Escaped; "" for a message that holds a situation, which the library answers."""
    talk = talk_of(question.words)
    if say := _TALKING.get(talk):
        return say(question, coach)
    if talk:
        return _FIXED[talk]
    if coach.questions.has_situation(question.rep, question.words):
        return ""
    return _help(question, coach)


def _hello(question: Question, coach: Coach) -> str:
    place = (question.rep, question.channel_id, question.ts)
    waits = coach.replies.open_question(*place) if question.in_direct_message else None
    if waits:
        return f"Hello. How did *{escape(clip(waits.account, ACCOUNT))}* go?"
    return f"Hello. {_help(question, coach)}"


def _thanks(question: Question, coach: Coach) -> str:
    return "You're welcome. I am here when something comes up."


def _today(question: Question, coach: Coach) -> str:
    huddle, coach_command = coach.commands["huddle"], coach.commands["coach"]
    if not question.in_direct_message:
        return f"I tell that to you alone: type `{coach_command} status`, or ask in our messages."
    calls = coach.cards.today(question.rep)
    if not calls:
        return f"I know of no call today. `{huddle} acme 15:00` gets one ready."
    zone = coach.cards.zone(question.rep)
    lines = [private_drawing.today(each, zone) + _goal(each) for each in calls[:TODAY]]
    more = len(calls) - len(lines)
    return "\n".join(["Today:", *lines, *([f"… and {more} more"] if more else [])])


def _goal(each: Huddle | Call) -> str:
    call = each.call if isinstance(each, Huddle) else each
    return f" · {escape(clip(' '.join(call.goal.split()), ACCOUNT))}" if call.goal else ""


def _empty(question: Question, coach: Coach) -> str:
    if not question.in_direct_message:
        return _help(question, coach)
    return "There were no words in that. Write what is going on at a customer."


def _off(question: Question, coach: Coach) -> str:
    return (
        f"To end my questions after calls, type `{coach.commands['coach']} nudges off`."
        " Nothing was changed yet."
    )


def _help(question: Question, coach: Coach) -> str:
    """What the coach can do: at length now and then, else in one line."""
    command = coach.commands
    if not question.in_direct_message:
        return (
            "Name me together with what is going on at a customer, and I look for advice."
            f" `{command['coach']} help` lists what else there is."
        )
    if coach.asking.is_line(question.rep, question.words):
        return f"To get ready for a call, type `{command['huddle']} acme 15:00`."
    if talk_of(question.words) != "help" and not coach.replies.may_help(question.rep):
        return f"Write what is going on at a customer. `{command['coach']} help` lists the rest."
    return (
        "Write what is going on at a customer, and I look for advice. I read answers to my"
        f" questions here, too. For the rest there are `{command['huddle']} acme 15:00` and"
        f" `{command['debrief']} acme`; `{command['coach']} help` lists them all."
    )


_TALKING: dict[Talk, Callable[[Question, Coach], str]] = {
    "hello": _hello,
    "thanks": _thanks,
    "today": _today,
    "off": _off,
    "empty": _empty,
    "help": _help,
}
