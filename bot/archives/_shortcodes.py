"""Shortcodes: code of a blog in its texts, taken out; what an author put in brackets stays."""

from __future__ import annotations

import re

# With a closing tag, what stands between goes with these; of the others it is text.
_WITH_TEXT = re.compile(
    r"(?:.*[_-])?(?:caption|gallery|embed|video|audio|playlist|button|btn|buttons|cta|form|footnote"
    r"|footnotes|ref|share|sharing|subscribe|optin|map|slider|carousel|captcha|iframe|soundcloud"
    r"|youtube|vimeo|tweet|javascript|script|css|raw_html|raw_js|members?|restrict|private)"
    r"(?:[_-].*)?",
    re.I,
)
_ALONE = re.compile(
    r"gallery|playlist|sitemap|archives|toc|contact-form.*|[a-z]+(?:[_-][a-z0-9]+)+|more|nextpage"
    r"|subscribe2?|sharethis|tweetmeme|digg|addtoany|signup|polldaddy|recent-posts|print_link"
    r"|embed|video|audio|caption|slideshow|googlemaps|googleapps|youtube|vimeo",
    re.I,
)
_NAME = r"[a-zA-Z][\w-]*"
_ATTRIBUTE = r"""(?:[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|“[^”]*”|&quot;.*?&quot;|[^\s\]"']+))"""
_BARE = r"""(?:https?://[^\s\]]+|"[^"\]]*"|\d+)"""
# [name a="b"], [name=https://…], [name https://…], [name /], [name] and [/name]
_CODE = re.compile(
    rf"(?<!\[)\[(?P<close>/)?(?P<name>{_NAME})"
    rf"(?P<more>=[^\]\n]*|(?:\s+(?:{_ATTRIBUTE}|{_BARE}))+\s*/?|\s*/)?\s*\](?!\()"
)


def without_shortcodes(text: str) -> str:
    """The text of a WordPress post without its shortcodes."""
    if "[" not in text:
        return text
    found = list(_CODE.finditer(text))
    closed = {code["name"].lower() for code in found if code["close"]}
    kept, at, skip = [], 0, ""
    for code in found:
        name = code["name"].lower()
        if skip:
            if code["close"] and name == skip:
                skip, at = "", code.end()
            continue
        is_code = name in closed or code["more"] or code["close"] or _ALONE.fullmatch(name)
        if not is_code:
            continue
        kept.append(text[at : code.start()])
        at = code.end()
        opens = not code["close"] and not (code["more"] or "").endswith("/")
        if opens and name in closed and _WITH_TEXT.fullmatch(name) and _closes(found, code):
            skip = name
    return "".join([*kept, text[at:]])


def _closes(found: list[re.Match[str]], opening: re.Match[str]) -> bool:
    """Whether a closing tag follows before the same shortcode opens again."""
    name = opening["name"].lower()
    later = (c for c in found if c.start() > opening.start() and c["name"].lower() == name)
    following = next(later, None)
    return following is not None and bool(following["close"])
