"""`/coach`: the door to everything else, and the list of what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.clock.local_time import NOT_KNOWN, say_time
from bot.coach import Coach
from bot.people.rep import Profile
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import HEADINGS, IN_THE_WAY, SETTINGS, Listener, StatusLines, Then
from handlers.slack import blocks, payloads
from handlers.slack.blocks import Message, escape, words

IN_WORDS = "Or just write to me what is going on; in a channel, with my name."
# What people type for a command whose name they don't know.
MEANT = {
    **dict.fromkeys(("forgetme", "delete", "erase", "gdpr"), "forget me"),
    **dict.fromkeys(("mute", "quiet", "silence", "unsubscribe"), "nudges off"),
}
IN_UTC = "• Slack has not told me your time zone yet. Until then I go by UTC."
HELP_WORDS = ("?", "??", "list", "commands", "usage", "ls", "hello", "hi", "thanks")
ORDER = ("huddle", "debrief", "tip", "coach")  # of what help lists: as a day goes


class CoachCommand:
    """`/coach` and its words. All three come from the features.

    `help` has (command, words, what it does); `status` has a function for each part of it.
    """

    def __init__(
        self,
        subcommands: Mapping[str, Listener],
        help: Sequence[tuple[str, str, str]],
        status: Sequence[StatusLines],
    ) -> None:
        self._known = {"help": self.on_help, "status": self.on_status, **subcommands}
        self._help = help
        self._status = status

    def on_coach(self, asked: Asked) -> Then:
        word, rest = payloads.first_word(asked.words)
        word = "help" if word in HELP_WORDS else word
        if word in self._known and self._asks_about(word, rest):
            asked.ack()
            return lambda: asked.reply(words(self._overview(asked.coach, word)))
        listener = self._known.get(word or "help")
        if listener is not None:
            inner = replace(asked, name=word or "help", words=rest)
            return listener(inner)
        asked.ack()
        return lambda: asked.reply(self._unknown(word, rest, asked))

    def _asks_about(self, word: str, rest: str) -> bool:
        """Whether `/coach log help` asks what `log` does, where `log` does not say so itself."""
        own = word in ("help", "huddle", "debrief", "tip", "nudges", "hours")
        return not own and rest.casefold().strip(" .!") in ("help", "?", "usage")

    def on_help(self, asked: Asked) -> Then:
        asked.ack()
        return lambda: asked.reply(words(self._overview(asked.coach)))

    def on_status(self, asked: Asked) -> Then:
        asked.ack()

        def report() -> None:
            zone = asked.messenger.profile(asked.rep).zone  # times as the rep would say them
            asked.reply(self._report(asked, zone))

        return report

    def _report(self, asked: Asked, zone: str) -> Message:
        now = asked.now()
        lines = [line for part in self._status for line in part(asked)]
        lines += [(SETTINGS, IN_UTC)] if zone == NOT_KNOWN else []
        lines += [
            (IN_THE_WAY, f"• {t.why} (since {say_time(t.since, zone, now)})")
            for t in asked.coach.people.troubles(asked.rep)
            if not any(t.why in line for _, line in lines)
        ]
        return words(_under_headings(lines) or "Nothing waits, and nothing is in the way.")

    def _overview(self, coach: Coach, about: str = "") -> str:
        """All commands, or those of `/coach` that begin with the word."""
        names = coach.commands
        status = ("coach", "status", "what waits, and what I could not say")
        listed = [*sorted(self._help, key=lambda row: ORDER.index(row[0])), status]
        if about:
            listed = [row for row in listed if row[1].split()[:1] == [about]] or listed
        rows = [(f"{names[name]} {rest}".strip(), what) for name, rest, what in listed]
        lines = "\n".join(f"`{usage}`  {what}" for usage, what in rows)
        return f"{lines}\n{IN_WORDS}"

    def _unknown(self, word: str, rest: str, asked: Asked) -> Message:
        """What to type instead: a command spelled much like it, `/huddle`, or `/tip`."""
        from difflib import get_close_matches  # late: only slips need it

        names = asked.coach.commands
        command = names["coach"]
        known = [*self._known, *MEANT]
        bare = word.rstrip("?!.,")
        near = [bare] if bare in known else get_close_matches(bare, known, n=1)
        guess = ""
        if near:
            meant = MEANT.get(near[0]) or f"{near[0]} {rest}".strip()
            guess = f" Did you mean `{command} {_code(meant)}`?"
        elif _is_huddle(asked):
            guess = f" Did you mean `{names['huddle']} {_code(asked.words)}`?"
        elif rest.count(" ") >= 1:
            guess = f" For a question, type `{names['tip']}` and the question."
        return words(f"I don't know `{_code(word)}`.{guess} `{command} help` lists all there is.")


def _code(typed: str) -> str:
    return escape(blocks.clip(payloads.plain(typed), 60)).replace("`", "'")


def _is_huddle(asked: Asked) -> bool:
    """Whether the words are an account and a time."""
    anywhere, now = Profile("", "UTC"), asked.now()
    said = asked.coach.asking.understand(
        asked.rep, asked.words, anywhere, now, {asked.channel_id}
    ).said
    return bool(said.account) and said.starts is not None


def _under_headings(lines: Sequence[tuple[str, str]]) -> str:
    parts = ([heading, *(line for at, line in lines if at == heading)] for heading in HEADINGS)
    return "\n\n".join("\n".join(part) for part in parts if len(part) > 1)
