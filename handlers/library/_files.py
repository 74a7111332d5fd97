"""A dropped file, fetched from Slack: the token goes to Slack's own host, and no further."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.errors import CoachError
from bot.fetching.address import NotFetched
from bot.fetching.fetcher import Bounds, Fetcher
from bot.imports.offer import MOST_BYTES, Offer
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger

# Slack's host is as trustworthy as its API, which was set; it may lie inside, as in the trial.
_SLACK = Fetcher(inside=True)
_BOUNDS = Bounds(bytes=MOST_BYTES, seconds=120, redirects=0)
READ = "files:read"
NO_SCOPE = (
    "I may not read files here. An admin can allow it: the optional scope `files:read`, then"
    " install me again. Until then whoever runs me can import it: `python -m bot import`."
)


class NoFile(CoachError):
    """A file that can't be had; the sentence says what to do."""


def fetch(offer: Offer, messenger: Messenger) -> bytes:
    """The bytes of a file. Raises NoFile.

    Slack is asked for its address anew: a message may tell none, and it may have been deleted.
    """
    try:
        told = messenger.client.call(offer.rep, "", "files.info", file=offer.file_id)["file"]
    except NotSaid as refused:
        raise NoFile(_WHY.get(refused.code, str(refused))) from refused
    url, size = _address(told), int(told.get("size") or 0)
    web = messenger.client.web
    if not is_slacks(url, web.base_url):
        raise NoFile("It lies outside Slack, where I don't go. Download it and drop it here.")
    if size > MOST_BYTES:
        raise NoFile(
            f"It is larger than {MOST_BYTES // 1_000_000} MB. Whoever runs me can import it:"
            " python -m bot import."
        )
    try:
        came = _SLACK.get(url, _BOUNDS, login=f"Bearer {web.token}")
    except NotFetched as error:
        raise NoFile(_FAILED) from error
    if len(came.body) != size:  # a page to log in, say, which Slack answers with all the same
        raise NoFile(_FAILED)
    return came.body


_FAILED = "Slack did not hand me the file. Drop it again in a minute."
_GONE = "It was deleted before I could look at it."
_WHY = {
    "missing_scope": NO_SCOPE.replace("`", ""),
    "file_not_found": _GONE,
    "file_deleted": _GONE,
}


def _address(told: Mapping[str, Any]) -> str:
    """docs.slack.dev/reference/objects/file-object"""
    if told.get("mode") in ("tombstone", "hidden_by_limit"):
        raise NoFile(_GONE)
    if told.get("is_external") or told.get("mode") == "external":
        raise NoFile("It is a link to a file elsewhere. Download it and drop it here.")
    return str(told.get("url_private_download") or told.get("url_private") or "")


def is_slacks(url: str, api_url: str) -> bool:
    """Whether an address is of the Slack whose API this is: its host, or one below its domain."""
    try:
        asked, api = urlsplit(url), urlsplit(api_url)
        same_door = (asked.scheme, asked.port) == (api.scheme, api.port)
        host, domain = asked.hostname or "", api.hostname or "-"
    except ValueError:
        return False
    # What urlsplit takes out, a line's end, may stand for something elsewhere.
    plain = url.isprintable() and "@" not in asked.netloc and "\\" not in url
    return plain and same_door and (host == domain or host.endswith(f".{domain}"))
