"""`/coach library`: the blogs, for everybody; removing and following, for managers."""

from __future__ import annotations

from functools import partial

from bot.errors import CoachError
from bot.imports.blog import Blog, blogs, own_cards
from bot.imports.offer import NotOffered
from bot.inbox.event import Event
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import Then
from handlers.library import _work as work
from handlers.library import drawing
from handlers.slack import payloads
from handlers.slack.blocks import escape, words

NOT_A_MANAGER = "Only managers change the library. Whoever runs me names them: COACH_MANAGERS."


class ForManagers(CoachError):
    """Something that a manager may do, asked for by somebody else."""

    def __init__(self) -> None:
        super().__init__(NOT_A_MANAGER)


LOOKS = "I look at it now, and tell you here what is in it."


def on_library(asked: Asked) -> Then:
    asked.ack()
    return partial(_show, asked)


def _show(asked: Asked) -> None:
    manages = asked.coach.people.is_manager(asked.rep)
    entries = asked.coach.library.entries().values()
    feeds = asked.coach.feeds.all(asked.rep) if manages else []
    zone = asked.messenger.profile(asked.rep).zone
    found, own = blogs(entries), own_cards(entries)
    asked.reply(drawing.library(found, own, feeds, zone, asked.now(), manages))


# Taking out ---------------------------------------------------------------------------------


def on_remove(asked: Asked) -> Then:
    _check(asked)
    asked.ack()
    return partial(_ask_first, asked)


def _ask_first(asked: Asked) -> None:
    asked.reply(drawing.sure(_blog(asked)))


def begin_removing(asked: Asked, sent: Event) -> Event:
    """Kept before the ack: what was promised is done, even by the next process."""
    _check(asked)
    asked.coach.inbox.receive(sent, asked.rep.user_id)
    return sent


def remove(asked: Asked, at: object) -> Then:
    return partial(_remove, asked)


def _remove(asked: Asked) -> None:
    blog = _blog(asked)
    note = asked.coach.audit.by(asked.rep, "remove", "posts")
    gone = asked.coach.library.remove(blog.slugs, note)
    told = drawing.removed(blog, gone)
    errors.show(partial(asked.reply, told, replace=True), told.text, asked)


def on_remove_not(asked: Asked) -> Then:
    asked.ack()
    return partial(asked.reply, words("Nothing was taken out."), replace=True)


def _blog(asked: Asked) -> Blog:
    entries = asked.coach.library.entries().values()
    for blog in blogs(entries):
        if blog.key == asked.words:
            return blog
    raise CoachError("There are no posts of that blog any more.")


# Following ----------------------------------------------------------------------------------


def on_follow(asked: Asked) -> Then:
    _check(asked)
    asked.ack()
    asked.open_form(drawing.feed_form())
    return None


def on_feed_form(asked: Asked) -> Then:
    _check(asked)
    address = payloads.filled(asked.body).get(drawing.ADDRESS, "")
    form_id = payloads.sent_form(asked)
    asked.coach.feeds.follow(asked.rep, address, drawing.ADDRESS, form_id)
    asked.ack()
    return partial(errors.say_kept, LOOKS, asked)


def on_follow_this(asked: Asked) -> Then:
    """The address was written in a message, and stands in the button."""
    _check(asked)
    asked.coach.feeds.follow(asked.rep, asked.words)
    asked.ack()
    draw = partial(work.redraw, asked, words(LOOKS))
    return partial(errors.show, draw, LOOKS, asked)


def on_unfollow(asked: Asked) -> Then:
    _check(asked)
    ended = asked.coach.feeds.end(asked.rep, int(asked.words))
    asked.ack()
    said = "I look at it no more. Its posts stay." if ended else "That feed is not followed."
    return partial(errors.say_kept, said, asked)


# Deciding -----------------------------------------------------------------------------------


def on_import(asked: Asked) -> Then:
    return _decide(asked, yes=True)


def on_leave(asked: Asked) -> Then:
    return _decide(asked, yes=False)


def _decide(asked: Asked, yes: bool) -> Then:
    """Committed before the ack; the import itself is done at a waking (`work.import_next`)."""
    _check(asked)
    do = asked.coach.imports.accept if yes else asked.coach.imports.leave
    try:
        offer = do(asked.rep, int(asked.words))
    except NotOffered as over:
        asked.ack()
        sentence = words(escape(str(over)))
        return lambda: asked.reply(sentence)
    asked.ack()
    drawn = drawing.importing(offer) if yes else drawing.left(offer)
    draw = partial(work.redraw, asked, drawn)
    return None if yes else partial(errors.show, draw, drawn.text, asked)


def _check(asked: Asked) -> None:
    """Somebody may have been a manager when the message came."""
    if not asked.coach.people.is_manager(asked.rep):
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
