"""Newsletters saved as mail: the subject is the title, the sender the author, by name alone."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

from bot.archives._dates import day_of
from bot.archives._feeds import body_of
from bot.archives._furniture import trimmed, without_title
from bot.archives._html_text import unwrapped
from bot.archives._names import author_of
from bot.archives.archive import Archive, Harvest, LeftOut, Told, post_of

_HEADER = re.compile(
    rb"(?:From |(?:Return-Path|Received|Delivered-To|Subject|Date|From|To|MIME-Version"
    rb"|Message-ID|Reply-To|X-[\w-]+|List-[\w-]+|DKIM-Signature|Content-Type):)",
    re.I,
)
_BELOW = re.compile(
    r"(?:^|\n)(?:-- ?\n|unsubscribe\b|you(?:'re| are) receiving this|you received this"
    r"|view (?:this )?"
    r"(?:email )?in (?:your )?browser|manage (?:your )?(?:preferences|subscription)|to unsubscribe"
    r"|(?:forward|sent) to a friend|update your preferences|was this (?:email )?forwarded"
    r"|(?:copyright )?©|our mailing address|want to change how you receive).*",
    re.I | re.S,
)
_ABOVE = re.compile(
    r"(?:view|read|open) (?:this |it )?(?:\w+ )?(?:in (?:your |the )?browser|online)\b.{0,120}\n+",
    re.I,
)
_SIGNATURE = re.compile(r"^-- ?$", re.M)
_QUOTED = re.compile(r"^>.*\n?", re.M)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.M)
_REPLY = re.compile(r"(?:re|fwd?|aw|wg):\s", re.I)


def is_mail(data: bytes) -> bool:
    """Whether bytes open as a mail does: headers, a subject and a sender or a day among them."""
    head = re.split(rb"\r?\n\r?\n", data.lstrip()[:60_000], maxsplit=1)[0]
    named = {name.lower() for name in re.findall(rb"^([\w-]+):", head, re.M)}
    return bool(_HEADER.match(data.lstrip())) and b"subject" in named and bool(
        named & {b"from", b"date"}
    )  # fmt: skip


def read_newsletter(data: bytes, name: str, told: Told = lambda: None) -> Archive:
    """The newsletters of a mail, or of a file of several. Raises UnreadableArchive."""
    harvest = Harvest(name, told)
    for part in _mails(data.lstrip()):
        mail = email.message_from_bytes(part, policy=email.policy.default)
        if isinstance(mail, EmailMessage):
            _take(mail, harvest)
    return harvest.archive()


def _mails(data: bytes) -> list[bytes]:
    if not data.startswith(b"From "):
        return [data]
    return [
        _QUOTED_FROM.sub(rb"\1", each.partition(b"\n")[2])
        for each in re.split(rb"(?:\A|\n\n)(?=From [^\n]*\d{4}\r?\n)", data)
        if each.strip()
    ]


def _take(mail: EmailMessage, harvest: Harvest) -> None:
    title = " ".join(str(mail.get("subject") or "").split()) or None
    published = day_of(mail.get("date"))
    if title and _REPLY.match(title):
        harvest.leave(LeftOut("replies", title, published))
        return
    text, guid = (
        without_title(_text(mail), title),
        str(mail.get("message-id") or "").strip() or None,
    )
    author = author_of(mail.get("from"))
    harvest.add(post_of(title, text, published, author, None, None, False, guid))


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        said = part.get_content()
    except (LookupError, ValueError):
        said = (part.get_payload(decode=True) or b"").decode("utf-8", errors="replace")  # type: ignore[union-attr]
    if part.get_content_subtype() == "html":
        text = body_of(said, None, whole=True)[0]
    else:
        letter = _SIGNATURE.split(str(said).replace("\r\n", "\n"), maxsplit=1)[0]
        letter = _QUOTED.sub("", letter)
        blocks = re.split(r"\n[ \t]*\n", letter.strip())
        text = "\n\n".join(filter(None, (unwrapped(block.split("\n")) for block in blocks)))
    return trimmed(_BELOW.sub("", _ABOVE.sub("", text, count=1)).strip()).text
