"""`/coach log`, `export` and `forget me`: what is kept about a rep, for that rep alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.coach import Coach
from bot.people.rep import Rep
from bot.records.csv_export import BOM
from handlers.dispatch import errors
from handlers.dispatch.listener import Then, in_time
from handlers.records import drawing as blocks
from handlers.slack import payloads
from handlers.slack.blocks import Message, clip, escape, words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger
from handlers.slack.payloads import Request

FILE = "my-replies.csv"
PART = 2_800  # characters of a file that is sent as text, within a section's 3,000
MOST_PARTS = 12
ACCOUNT, NAMED = 60, 12  # characters of an account, and accounts, in one sentence


def on_log(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    ack()
    return lambda: messenger.reply(asked, _log(asked, coach, messenger))


def _log(asked: Request, coach: Coach, messenger: Messenger) -> Message:
    account = payloads.plain(asked.words)
    named = coach.records.logged(asked.rep, account) if account else []
    if account and len(named) != 1:
        return words(_which(account, named or coach.records.accounts_said(asked.rep), bool(named)))
    entries = coach.records.log(asked.rep, *named)
    zone = messenger.profile(asked.rep).zone
    export = f"{coach.commands['coach']} export"
    return blocks.log(entries, zone, coach.now(), export)


def _which(typed: str, accounts: Sequence[str], begin_so: bool) -> str:
    """That several accounts begin so, or that none does; `accounts` are those to choose from."""
    listed = ", ".join(f"*{escape(clip(each, ACCOUNT))}*" for each in accounts[:NAMED])
    about = f"_{escape(clip(typed, ACCOUNT))}_"
    if begin_so:
        return f"Which one do you mean by {about}: {listed}?"
    return f"I keep no replies of yours about {about}." + (
        f" There are {listed}." if listed else ""
    )


def on_export(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    ack()
    return in_time(partial(_export, asked, coach, messenger))


def _export(asked: Request, coach: Coach, messenger: Messenger) -> None:
    text, count = coach.records.own_csv(asked.rep)
    if not count:
        messenger.reply(asked, words("I keep no replies of yours."))
        return
    if not _send_file(asked.rep, text, count, messenger):
        _send_text(asked.rep, text, messenger)
    if not asked.in_direct_message:
        messenger.reply(asked, words("Your replies are in your messages with me."))


def _send_file(rep: Rep, text: str, count: int, messenger: Messenger) -> bool:
    """Put the file into the rep's DM; False where the coach was not allowed to send files."""
    replies = "1 reply" if count == 1 else f"{count} replies"
    try:
        messenger.client.web.files_upload_v2(
            channel=messenger.direct(rep),
            filename=FILE,
            title=FILE,
            content=BOM + text,
            initial_comment=f"{replies}, as kept. Only you see this.",
        )
    except SlackApiError as refused:
        if refused.response.get("error") != "missing_scope":
            raise NotSaid(
                "Slack did not take the file. Try again in a minute.", "file"
            ) from refused
        return False
    return True


def _send_text(rep: Rep, text: str, messenger: Messenger) -> None:
    messenger.to_rep(rep, words(
        "I may not send files here (an admin can allow `files:write`),"
        " so here are your replies as text. Only you see this."
    ))  # fmt: skip
    parts = list(_parts(text))
    for part in parts[:MOST_PARTS]:
        messenger.to_rep(rep, words(f"```{part}```"))
    if len(parts) > MOST_PARTS:
        messenger.to_rep(
            rep, words("There is more than fits. Whoever runs the coach has the rest.")
        )


def _parts(text: str) -> Iterator[str]:
    """The text in pieces of whole lines where they fit, escaped, none longer than `PART`."""
    piece = ""
    for line in escape(text.replace("```", "'''")).splitlines(keepends=True):
        while len(piece) + len(line) > PART:
            room = PART - len(piece) if not piece else 0
            if room:
                piece, line = line[:room], line[room:]
            yield piece
            piece = ""
        piece += line
    if piece.strip():
        yield piece


def on_forget(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    ack()
    if asked.words.casefold() != "me":
        command = coach.commands["coach"]
        told = words(f"`{command} forget me` removes what I keep about you. It asks first.")
        return lambda: messenger.reply(asked, told)
    return lambda: messenger.reply(asked, blocks.forget_me())


def on_forget_sure(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    coach.records.forget(asked.rep)
    ack()
    return in_time(partial(_forgotten, asked, coach, messenger))


def _forgotten(asked: Request, coach: Coach, messenger: Messenger) -> None:
    coach.records.finish_forgetting()
    told = partial(messenger.reply, asked, words(blocks.FORGOTTEN), replace=True)
    errors.show(told, blocks.FORGOTTEN, asked, messenger)


def on_forget_not(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    ack()
    return partial(messenger.reply, asked, words("Nothing was removed."), replace=True)


def finish_forgetting(coach: Coach, messenger: Messenger) -> None:
    coach.records.finish_forgetting()


SUBCOMMANDS = {"log": on_log, "export": on_export, "forget": on_forget}
ACTIONS = {blocks.FORGET_SURE: on_forget_sure, blocks.FORGET_NOT: on_forget_not}
JOBS = {"records.finish_forgetting": finish_forgetting}
HELP = (
    ("coach", "log acme", "what you said, privately, and how to change it"),
    ("coach", "export", "all of it as a file, in your messages with me"),
    ("coach", "forget me", "remove what I keep about you; it asks first"),
)
