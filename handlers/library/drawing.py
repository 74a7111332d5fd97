"""Drawing of the library: its blogs, what is in a file or a feed, and the form for a feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, SectionBlock

from bot.clock.local_time import say_time
from bot.imports.blog import Blog
from bot.imports.feed import Feed
from bot.imports.offer import Found, Offer
from handlers.slack.blocks import Message, button, clip, context, escape, section, words

REMOVE = "library.remove"
REMOVE_SURE = "library.remove_sure"
REMOVE_NOT = "library.remove_not"
FOLLOW = "library.follow"
UNFOLLOW = "library.unfollow"
FOLLOW_THIS = "library.follow_this"
IMPORT = "library.import"
LEAVE = "library.leave"
FEED_FORM = "library.feed_form"
ADDRESS = "address"

BLOGS, FEEDS = 20, 15  # of 50 blocks
STAY_OUT = 5  # names of posts that are told
MOST_VALUE = 2_000  # docs.slack.dev/reference/block-kit/block-elements/button-element
NAME = 80  # characters of a blog, a file or a title

NO_BLOG = "posts of which no file names a blog"
DROP = (
    "To add posts, drop a file into our messages: a blog's export, its feed, a saved page, or a zip"
    " file of them. I say what is in it, and import nothing before you say so."
)


# The list -----------------------------------------------------------------------------------


def library(
    blogs: Sequence[Blog], own: int, feeds: Sequence[Feed], zone: str, now: datetime, manages: bool
) -> Message:
    """The blogs with their counts; for a manager with buttons, and with the feeds."""
    total = sum(len(blog.slugs) for blog in blogs)
    head = f"*The library*: {_posts(total + own)}."
    parts: list[Block] = [section(head), *_blogs(blogs, manages)]
    if own:
        parts.append(section(f"{own} came with me, as cards in my own words."))
    if manages:
        parts += [*_feeds(feeds, zone, now), *_doors()]
    return Message(f"The library: {_posts(total + own)}.", parts)


def _blogs(blogs: Sequence[Blog], manages: bool) -> Iterator[Block]:
    for blog in blogs[:BLOGS]:
        line = f"{_blog(blog)} · {_posts(len(blog.slugs))}"
        if manages:
            name = blog.name or NO_BLOG
            remove = button("Remove", REMOVE, blog.key, read_out=f"Remove {name}")
            yield SectionBlock(text=section(line).text, accessory=remove)
        else:
            yield section(line)
    if left := blogs[BLOGS:]:
        posts = sum(len(blog.slugs) for blog in left)
        yield context(f"and {len(left)} more blogs with {_posts(posts)}")


def _feeds(feeds: Sequence[Feed], zone: str, now: datetime) -> Iterator[Block]:
    if feeds:
        yield section("*Followed*, looked at once a day:")
    for feed in feeds[:FEEDS]:
        stop = button("Stop", UNFOLLOW, str(feed.id), read_out=f"Stop following {feed.host}")
        yield SectionBlock(text=section(_feed(feed, zone, now)).text, accessory=stop)
    if more := len(feeds) - FEEDS:
        yield from [context(f"and {more} more")] if more > 0 else []


def _feed(feed: Feed, zone: str, now: datetime) -> str:
    name = f"*{_clip(feed.title)}*, {escape(feed.host)}" if feed.title else escape(feed.host)
    if feed.failing:
        return f"{name} · {escape(feed.failing)} I try again every day."
    looked = feed.looked_at
    return f"{name} · {f'last looked at {say_time(looked, zone, now)}' if looked else 'not yet'}"


def _doors() -> list[Block]:
    follow = button("Follow a feed", FOLLOW)
    return [ActionsBlock(elements=[follow]), context(DROP)]


def sure(blog: Blog) -> Message:
    """Asked before anything is taken out."""
    n = len(blog.slugs)
    text = (
        f"Take {_posts(n)} of {_blog(blog)} out of the library? I quote them no more. To have them"
        " again, import them again."
    )
    label = f"Remove {n} posts" if n > 1 else "Remove it"
    buttons = [button(label, REMOVE_SURE, blog.key, style="danger"), button("Keep", REMOVE_NOT)]
    return Message(text, [section(text), ActionsBlock(elements=buttons)])


def removed(blog: Blog, gone: int) -> Message:
    return words(f"{_posts(gone)} of {_blog(blog)} {_were(gone)} taken out of the library.")


def _blog(blog: Blog) -> str:
    return f"*{_clip(blog.name)}*" if blog.name else NO_BLOG


# What came ----------------------------------------------------------------------------------


def offered(offer: Offer) -> Message:
    """What is in a file or a feed, and what is to be done with it."""
    found = offer.found
    lines = [_what(offer), *_details(found)]
    if not found.changes:
        lines += ["All of it is in the library already."] if found.posts else []
        return words("\n".join(lines))
    buttons = [
        button(f"Import {found.changes}", IMPORT, str(offer.id), style="primary"),
        button("Leave", LEAVE, str(offer.id)),
    ]
    text = "\n".join(lines)
    kept = "Nothing is imported before you say so. I keep this for a day."
    return Message(_what(offer), [section(text), ActionsBlock(elements=buttons), context(kept)])


def _what(offer: Offer) -> str:
    found, name = offer.found, _clip(offer.name)
    where = f"*{name}* holds" if offer.is_file else f"The feed of *{_blogs_of(found) or name}* has"
    new = f"{found.new} new" if found.new else "none new"
    changed = f", {found.changed} changed" if found.changed else ""
    blog = f" of {_blogs_of(found)}" if offer.is_file and found.blogs else ""
    return f"{where} {_posts(found.posts)}{blog}, {new}{changed}."


def _details(found: Found) -> Iterator[str]:
    if found.titles:
        more = found.new - len(found.titles)
        listed = ", ".join(f"_{_clip(title)}_" for title in found.titles)
        yield f"New: {listed}{f' and {more} more' if more > 0 else ''}."
    if found.teasers:
        openings = "is only an opening" if found.teasers == 1 else "are only openings"
        yield f"{found.teasers} {openings}."
    if found.left_out:
        kinds = escape(", ".join(found.left_out))
        yield f"Left out, as they are no published posts: {kinds}."
    if found.stay_out:
        more = len(found.stay_out) - STAY_OUT
        named = ", ".join(f"_{_clip(name)}_" for name in found.stay_out[:STAY_OUT])
        yield (
            f"In the library, and would stay out today: {named}"
            f"{f' and {more} more' if more > 0 else ''}. Whoever runs me takes them out:"
            " python -m bot remove."
        )
    for line in found.refused[:3]:
        yield f"Not read: {escape(clip(line, 200))}"
    if found.doubts:
        times = "place" if found.doubts == 1 else "places"
        yield f"I was in doubt at {found.doubts} {times}, such as a missing date."


def _blogs_of(found: Found) -> str:
    named = " and ".join(_clip(blog) for blog in found.blogs[:2])
    return f"{named} and others" if len(found.blogs) > 2 else named


def refused(offer: Offer) -> Message:
    return words(f"*{_clip(offer.name)}*: {escape(offer.sentence)}")


def importing(offer: Offer) -> Message:
    return words(f"{_what(offer)}\nI import them now.")


def imported(offer: Offer) -> Message:
    found = offer.found
    new = f"{_posts(found.new)} {_were(found.new)} added" if found.new else ""
    changed = f"{_posts(found.changed)} {_were(found.changed)} brought up to date"
    parts = [part for part in (new, changed if found.changed else "") if part]
    return words(f"*{_clip(offer.name)}*: {' and '.join(parts)}. I quote them from now on.")


def left(offer: Offer) -> Message:
    feed = " I do not offer these again." if offer.feed_id is not None else ""
    return words(f"*{_clip(offer.name)}*: nothing was imported, and I forgot what came.{feed}")


def follow_this(address: str) -> Message:
    """Asked where a manager wrote an address and nothing else."""
    text = (
        f"{_clip(address)}\nIf that is a blog or its feed, I can look at it once a day and tell"
        " you here what is new. Nothing is imported before you say so."
    )
    follow = [ActionsBlock(elements=[button("Follow", FOLLOW_THIS, address)])]
    fits = len(address) <= MOST_VALUE
    return Message(text, [section(text), *(follow if fits else ())])


# The form -----------------------------------------------------------------------------------


def feed_form() -> dict[str, Any]:
    """The address of a feed, or of a page that names one."""
    return {
        "type": "modal",
        "callback_id": FEED_FORM,
        "title": _plain("Follow a feed"),
        "submit": _plain("Follow"),
        "close": _plain("Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": ADDRESS,
                "label": _plain("Address of the feed, or of the blog"),
                "hint": _plain(
                    "I look once a day and tell you here in Slack what is new. Nothing is"
                    " imported before you say so."
                ),
                "element": {
                    "type": "plain_text_input",
                    "action_id": ADDRESS,
                    "max_length": 2_000,
                    "placeholder": _plain("https://blog.example.com/feed"),
                },
            }
        ],
    }


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def _clip(text: str) -> str:
    return escape(clip(" ".join(text.split()), NAME))


def _posts(n: int) -> str:
    return "1 post" if n == 1 else f"{n} posts"


def _were(n: int) -> str:
    return "was" if n == 1 else "were"
