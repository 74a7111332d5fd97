"""Parts of exports, feeds and pages, as programs write them."""

from __future__ import annotations

import json
from typing import Any

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4.2" created="2023-12-01 10:00" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Harbour Talk</title><link>https://harbour.example</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://harbour.example</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[lfox]]></wp:author_login>
<wp:author_email><![CDATA[l@harbour.example]]></wp:author_email>
<wp:author_display_name><![CDATA[Lena Fox]]></wp:author_display_name></wp:author>
"""


def wxr(*items: str, head: str = HEAD) -> dict[str, str | bytes]:
    return {"harbour.xml": f"{head}{''.join(items)}</channel></rss>"}


def item(title: str, body: str, *more: str, kind: str = "post", status: str = "publish",
         day: str = "2021-05-06 09:00:00", n: int = 3) -> str:  # fmt: skip
    return (
        f"<item><title>{title}</title><link>https://harbour.example/?p={n}</link>"
        f"<pubDate>Thu, 06 May 2021 09:00:00 +0000</pubDate>"
        "<dc:creator><![CDATA[lfox]]></dc:creator>"
        f'<guid isPermaLink="false">https://harbour.example/?p={n}</guid><description></description>'
        f"<content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[]]></excerpt:encoded><wp:post_id>{n}</wp:post_id>"
        f"<wp:post_date><![CDATA[{day}]]></wp:post_date>"
        f"<wp:status><![CDATA[{status}]]></wp:status>"
        f"<wp:post_type><![CDATA[{kind}]]></wp:post_type>"
        f"<wp:post_password><![CDATA[]]></wp:post_password>{''.join(more)}</item>"
    )


KIND = "http://schemas.google.com/g/2005#kind"


def blogger(*entries: str) -> dict[str, str | bytes]:
    return {"blog-03-04-2019.xml": (
        "<?xml version='1.0' encoding='UTF-8'?><?xml-stylesheet href=\"x.css\"?>"
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0'>"
        "<id>tag:blogger.com,1999:blog-1.archive</id><title type='text'>Quay</title>"
        "<link rel='alternate' type='text/html' href='http://quay.example/'/>"
        f"<generator version='7.00'>Blogger</generator>{''.join(entries)}</feed>"
    )}  # fmt: skip


def entry(kind: str, title: str, content: str, more: str = "", n: int = 1) -> str:
    return (
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{n}</id>"
        "<published>2012-02-03T23:30:00.000-08:00</published>"
        "<updated>2012-02-05T01:00:00.000-08:00</updated>"
        f"<category scheme='{KIND}' term='http://schemas.google.com/blogger/2008/kind#{kind}'/>"
        f"<title type='text'>{title}</title><content type='html'>{content}</content>{more}"
        f"<link rel='alternate' type='text/html' href='http://quay.example/2012/02/{n}.html'/>"
        "<author><name>Jon Berg</name><email>noreply@blogger.com</email></author></entry>"
    )


def ghost(*posts: dict[str, Any], **tables: Any) -> dict[str, str | bytes]:
    data = {"posts": list(posts), "users": [{"id": "1", "name": "Ivo Hart", "slug": "ivo"}],
            "settings": [{"key": "title", "value": "Lamp"}], **tables}  # fmt: skip
    return {"lamp.ghost.json": json.dumps({"db": [{"meta": {"version": "5.2"}, "data": data}]})}


def row(title: str, **more: Any) -> dict[str, Any]:
    return {"id": title, "uuid": f"u-{title}", "title": title, "slug": "x", "html": None,
            "mobiledoc": None, "lexical": None, "plaintext": None, "status": "published",
            "visibility": "public", "type": "post", "author_id": "1",
            "published_at": "2020-02-03T10:00:00.000Z"} | more  # fmt: skip


RSS = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/">'
    "<channel><title>Ferry</title><link>https://ferry.example/</link><description>On boats</description>{}</channel></rss>"
)


def rss(*items: str) -> dict[str, str | bytes]:
    return {"feed.xml": RSS.format("".join(items))}


PAGE_HEAD = (
    "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>{more}</head>"
)


def page(title: str, body: str, more: str = "") -> dict[str, str | bytes]:
    return {"page.html": PAGE_HEAD.format(title=title, more=more) + f"<body>{body}</body></html>"}


MENU = "<header><nav><ul><li><a href='/'>Home</a></li><li><a href='/about'>About us</a></li></ul></nav></header>"


FOOT = "<footer><p>Copyright 2021 Ferry. All rights reserved.</p></footer>"


PROSE = (
    "Row early, for the sea is flat and the wind sleeps until the sun is up.",
    "Rest at the quay until the others have come, and count them, for nobody else will do that for you.",
    "Who comes last rows home alone, and learns to look at the clock before the tide does it for them.",
)


TEXT = "".join(f"<p>{each}</p>" for each in PROSE)
