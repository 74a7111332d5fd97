"""`/coach log`, `export` and `forget me`: what is kept about a rep, for that rep alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from slack_sdk.errors import SlackApiError

from bot.coach import Coach
from bot.people.rep import Rep
from bot.records.csv_export import BOM
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import Then, in_time
from handlers.records import drawing as blocks
from handlers.slack import payloads
from handlers.slack.blocks import Message, clip, escape, words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger

FILE = "my-replies.csv"
PART = 2_800  # characters of a file that is sent as text, within a section's 3,000
MOST_PARTS = 12
ACCOUNT, NAMED = 60, 12  # characters of an account, and accounts, in one sentence


def on_log(asked: Asked) -> Then:
    asked.ack()
    return lambda: asked.reply(_log(asked))


def _log(asked: Asked) -> Message:
    account = payloads.plain(asked.words)
    named = asked.coach.records.logged(asked.rep, account) if account else []
    if account and len(named) != 1:
        return words(
            _which(account, named or asked.coach.records.accounts_said(asked.rep), bool(named))
        )
    entries = asked.coach.records.log(asked.rep, *named)
    zone = asked.messenger.profile(asked.rep).zone
    export = f"{asked.coach.commands['coach']} export"
    return blocks.log(entries, zone, asked.now(), export)


def _which(typed: str, accounts: Sequence[str], begin_so: bool) -> str:
    """That several accounts begin so, or that none does; `accounts` are those to choose from."""
    listed = ", ".join(f"*{escape(clip(each, ACCOUNT))}*" for each in accounts[:NAMED])
    about = f"_{escape(clip(typed, ACCOUNT))}_"
    if begin_so:
        return f"Which one do you mean by {about}: {listed}?"
    return f"I keep no replies of yours about {about}." + (
        f" There are {listed}." if listed else ""
    )


def on_export(asked: Asked) -> Then:
    asked.ack()
    return in_time(partial(_export, asked))


def _export(asked: Asked) -> None:
    text, count = asked.coach.records.own_csv(asked.rep)
    if not count:
        asked.reply(words("I keep no replies of yours."))
        return
    if not _send_file(asked.rep, text, count, asked.messenger):
        _send_text(asked.rep, text, asked.messenger)
    if not asked.in_direct_message:
        asked.reply(words("Your replies are in your messages with me."))


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


def on_forget(asked: Asked) -> Then:
    asked.ack()
    if asked.words.casefold() != "me":
        command = asked.coach.commands["coach"]
        told = words(f"`{command} forget me` removes what I keep about you. It asks first.")
        return lambda: asked.reply(told)
    held = asked.coach.retention.held_of(asked.rep)
    return lambda: asked.reply(blocks.forget_me(held))


def on_forget_sure(asked: Asked) -> Then:
    asked.coach.records.forget(asked.rep)
    asked.ack()
    return in_time(partial(_forgotten, asked))


def _forgotten(asked: Asked) -> None:
    done = asked.coach.records.finish_forgetting()
    said = blocks.FORGOTTEN if done else blocks.FORGETTING
    errors.show(partial(asked.reply, words(said), replace=True), said, asked)


def on_forget_not(asked: Asked) -> Then:
    asked.ack()
    return partial(asked.reply, words("Nothing was removed."), replace=True)


def finish_forgetting(coach: Coach, messenger: Messenger) -> None:
    coach.records.finish_forgetting(wait=False)


SUBCOMMANDS = {"log": on_log, "export": on_export, "forget": on_forget}
ACTIONS = {blocks.FORGET_SURE: on_forget_sure, blocks.FORGET_NOT: on_forget_not}
JOBS = {"records.finish_forgetting": finish_forgetting}
HELP = (
    ("coach", "log acme", "what you said, privately, and how to change it"),
    ("coach", "export", "all of it as a file, in your messages with me"),
    ("coach", "forget me", "remove what I keep about you; it asks first"),
)
