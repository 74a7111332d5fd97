"""`/coach library`: the blogs, for everybody; removing and following, for managers."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.coach import Coach
from bot.errors import CoachError
from bot.imports.blog import Blog, blogs, own_cards
from bot.imports.offer import NotOffered
from bot.inbox.event import Event
from handlers.dispatch import errors
from handlers.dispatch.listener import Then
from handlers.library import _work as work
from handlers.library import drawing
from handlers.slack import payloads
from handlers.slack.blocks import escape, words
from handlers.slack.messenger import Messenger
from handlers.slack.payloads import Request

NOT_A_MANAGER = "Only managers change the library. Whoever runs me names them: COACH_MANAGERS."


class ForManagers(CoachError):
    """Something that a manager may do, asked for by somebody else."""

    def __init__(self) -> None:
        super().__init__(NOT_A_MANAGER)


LOOKS = "I look at it now, and tell you here what is in it."


def on_library(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    ack()
    return partial(_show, asked, coach, messenger)


def _show(asked: Request, coach: Coach, messenger: Messenger) -> None:
    manages = coach.people.is_manager(asked.rep)
    entries = coach.library.entries().values()
    feeds = coach.feeds.all(asked.rep) if manages else []
    zone = messenger.profile(asked.rep).zone
    found, own = blogs(entries), own_cards(entries)
    messenger.reply(asked, drawing.library(found, own, feeds, zone, coach.now(), manages))


# Taking out ---------------------------------------------------------------------------------


def on_remove(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    _check(asked, coach)
    ack()
    return partial(_ask_first, asked, coach, messenger)


def _ask_first(asked: Request, coach: Coach, messenger: Messenger) -> None:
    messenger.reply(asked, drawing.sure(_blog(asked, coach)))


def begin_removing(asked: Request, sent: Event, coach: Coach) -> Event:
    """Kept before the ack: what was promised is done, even by the next process."""
    _check(asked, coach)
    coach.inbox.receive(sent, asked.rep.user_id)
    return sent


def remove(asked: Request, at: object, coach: Coach, messenger: Messenger) -> Then:
    return partial(_remove, asked, coach, messenger)


def _remove(asked: Request, coach: Coach, messenger: Messenger) -> None:
    blog = _blog(asked, coach)
    gone = coach.library.remove(blog.slugs)
    told = drawing.removed(blog, gone)
    errors.show(partial(messenger.reply, asked, told, replace=True), told.text, asked, messenger)


def on_remove_not(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    ack()
    return partial(messenger.reply, asked, words("Nothing was taken out."), replace=True)


def _blog(asked: Request, coach: Coach) -> Blog:
    entries = coach.library.entries().values()
    for blog in blogs(entries):
        if blog.key == asked.words:
            return blog
    raise CoachError("There are no posts of that blog any more.")


# Following ----------------------------------------------------------------------------------


def on_follow(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    _check(asked, coach)
    ack()
    messenger.open_form(asked, drawing.feed_form())
    return None


def on_feed_form(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    _check(asked, coach)
    address = payloads.filled(asked.body).get(drawing.ADDRESS, "")
    form_id = payloads.sent_form(asked)
    coach.feeds.follow(asked.rep, address, drawing.ADDRESS, form_id)
    ack()
    return partial(errors.say_kept, LOOKS, asked, messenger)


def on_follow_this(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    """The address was written in a message, and stands in the button."""
    _check(asked, coach)
    coach.feeds.follow(asked.rep, asked.words)
    ack()
    draw = partial(work.redraw, asked, words(LOOKS), messenger)
    return partial(errors.show, draw, LOOKS, asked, messenger)


def on_unfollow(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    _check(asked, coach)
    ended = coach.feeds.end(asked.rep, int(asked.words))
    ack()
    said = "I look at it no more. Its posts stay." if ended else "That feed is not followed."
    return partial(errors.say_kept, said, asked, messenger)


# Deciding -----------------------------------------------------------------------------------


def on_import(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    return _decide(ack, asked, coach, messenger, yes=True)


def on_leave(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    return _decide(ack, asked, coach, messenger, yes=False)


def _decide(ack: Any, asked: Request, coach: Coach, messenger: Messenger, yes: bool) -> Then:
    """Committed before the ack; the import itself is done at a waking (`work.import_next`)."""
    _check(asked, coach)
    do = coach.imports.accept if yes else coach.imports.leave
    try:
        offer = do(asked.rep, int(asked.words))
    except NotOffered as over:
        ack()
        sentence = words(escape(str(over)))
        return lambda: messenger.reply(asked, sentence)
    ack()
    drawn = drawing.importing(offer) if yes else drawing.left(offer)
    draw = partial(work.redraw, asked, drawn, messenger)
    return None if yes else partial(errors.show, draw, drawn.text, asked, messenger)


def _check(asked: Request, coach: Coach) -> None:
    """Somebody may have been a manager when the message came."""
    if not coach.people.is_manager(asked.rep):
        raise ForManagers


SUBCOMMANDS = {"library": on_library}
ACTIONS = {
    drawing.REMOVE: on_remove,
    drawing.REMOVE_NOT: on_remove_not,
    drawing.FOLLOW: on_follow,
    drawing.FOLLOW_THIS: on_follow_this,
    drawing.UNFOLLOW: on_unfollow,
    drawing.IMPORT: on_import,
    drawing.LEAVE: on_leave,
}
COMMITTED_FORMS = {drawing.REMOVE_SURE: (begin_removing, remove)}
VIEWS = {drawing.FEED_FORM: on_feed_form}
KINDS = work.KINDS
JOBS = {
    "library.feeds": work.feeds,
    "library.offers": work.offers,
    "library.tidy": work.tidy,
}
HELP = (("coach", "library", "the posts that I quote; managers add and remove them there"),)
