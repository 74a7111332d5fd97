"""Which command a message asks for in plain words: a message itself can't be one in Slack."""

from __future__ import annotations

import re
from typing import NamedTuple

MOST_WORDS = 9  # what is longer is a story that happens to begin so

_QUESTIONS = r"(?:nudges?|questions?|reminders?|messages|notifications)"
_TYPED = re.compile(r"/?(?P<name>huddle|debrief)\b ?(?P<rest>.*)", re.I | re.S)
# Of the whole message, in lower case and without punctuation: (command, its words, pattern).
_HOW = (
    r"how (?:do|can|to)(?: i| we| you)? (?:\w+ )?(?:start|open|make|create|get|set up|use|do|run)"
)
_SAID = tuple(
    (name, rest, re.compile(pattern))
    for name, rest, pattern in (
        ("coach", "status", r"(?:whats |what is )?(?:the |my |your )?status"),
        ("coach", "plays", r"(?:list |show )?(?:me )?(?:the |my |all )?plays"),
        ("coach", "nudges off",
         rf"(?:please )?(?:turn|switch) (?:off (?:\w+ )?{_QUESTIONS}|(?:\w+ )?{_QUESTIONS} off)"
         rf"|no more {_QUESTIONS}(?: please)?|i (?:dont|do not) (?:want|need|like)"
         rf" (?:these|those|this|them|your|any(?:more)?)(?: more)?(?: {_QUESTIONS})?(?: anymore)?"),
        ("coach", "nudges on",
         rf"(?:please )?(?:turn|switch) (?:on (?:\w+ )?{_QUESTIONS}"
         rf"|(?:\w+ )?{_QUESTIONS} (?:back )?on)"),
        ("coach", "forget me",
         r"(?:please )?(?:delete|erase|remove|forget) (?:me|everything|all|all of it"
         r"|my (?:data|account|answers|replies|words))"
         r"(?: (?:about|on|of|from|that|i|you|me|my|said|know|have)\b.*)?"),
        ("coach", "export", r"(?:please )?(?:export|download) (?:my|all|everything)\b.*|export"),
        ("coach", "log {about}",
         r"what (?:did|have) i (?:say|said|tell you|told you|write|written)"
         r"(?: (?:about|on|to you about) (?P<about>.+))?"),
        ("coach", "log {about}",
         r"(?:show )?(?:me )?(?:my )?log(?: (?:for|of|about) (?P<about>.+))?"),
        ("tip", "",
         r"(?:give me |show me )?(?:a |another |one more |the next |next |new |random )?"
         r"tip(?: please)?|another(?: one)?|one more"),
        ("coach", "daily 09:00 weekdays", r"daily tips?"),
        ("huddle", "acme 15:00", rf"{_HOW}(?: an?| the)? (?:huddle|card|prep)"),
        ("debrief", "acme", rf"{_HOW}(?: an?| the)? debrief"),
    )
)  # fmt: skip


class CommandMeant(NamedTuple):
    """The command by our own name for it ("huddle"), and what is to be typed after it."""

    name: str
    words: str


def command_meant(text: str) -> CommandMeant | None:
    """The command that the whole message asks for, with or without its slash; None for any other
    message."""
    if len(text.split()) > MOST_WORDS:
        return None
    if typed := _TYPED.fullmatch(text.strip()):
        return CommandMeant(typed["name"].casefold(), typed["rest"].strip())
    said = " ".join(re.findall(r"[^\W_]+", re.sub(r"['’]", "", text.casefold())))
    for name, rest, pattern in _SAID:
        if match := pattern.fullmatch(said):
            about = match.groupdict().get("about") or ""
            return CommandMeant(name, rest.format(about=about).strip())
    return None
