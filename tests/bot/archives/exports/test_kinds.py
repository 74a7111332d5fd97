"""One input of each kind that comes up in public exports, with what is right of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.export_parts import (
    FOOT,
    MENU,
    PROSE,
    TEXT,
    blogger,
    entry,
    ghost,
    item,
    page,
    row,
    rss,
    wxr,
)
from tests.support.exports import Files, wrong

CASES: dict[str, tuple[Files, tuple[dict[str, Any], ...], dict[str, int] | None]] = {}


def check(
    name: str, files: Files, *posts: dict[str, Any], left: dict[str, int] | None = None
) -> None:
    CASES[name] = files, posts, left


def whole(title: str | None, body: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "body": body, **more}


# WXR
check(
    "wxr: two item same guid revision",
    wxr(
        item("A", "<p>One line here.</p>", n=1),
        item("A", "<p>Old line here.</p>", kind="revision", status="inherit", n=2),
    ),
    whole("A", "One line here."),
    left={"revisions": 1},
)
check(
    "wxr: brackets of author",
    wxr(item("B", "<p>He said [and I quote] “never [ever] wait”. See [1] and [TBD].</p>")),
    whole("B", "He said [and I quote] “never [ever] wait”. See [1] and [TBD]."),
)
check(
    "wxr: html entities & smart",
    wxr(item("Q&amp;A: don&#8217;t", "<p>Don&#8217;t wait &mdash; ask &amp; listen.</p>")),
    whole("Q&A: don’t", "Don’t wait — ask & listen."),
)
check(
    "wxr: heading glued",
    wxr(item("H", "<h2>Why</h2>Ask first.<h3>How</h3>Then wait.")),
    whole("H", "Why\n\nAsk first.\n\nHow\n\nThen wait."),
)
check(
    "wxr: dl, table, definition",
    wxr(
        item(
            "T",
            "<table><tr><th>When</th><th>What</th></tr><tr><td>Day one</td><td>Call them.</td></tr></table><p>Then rest.</p>",
        )
    ),
    dict(title="T", has=("Call them.", "Then rest."), lacks=("<",)),
)
check(
    "wxr: unclosed li + p",
    wxr(item("U", "<ul><li>Ask one.<li>Ask two.</ul><p>Wait.<p>Rest.")),
    whole("U", "Ask one.\n\nAsk two.\n\nWait.\n\nRest."),
)
check(
    "wxr: wpcom subscribe & jetpack",
    wxr(
        item(
            "J",
            '<!-- wp:paragraph --><p>Ask first.</p><!-- /wp:paragraph --><!-- wp:jetpack/subscriptions --><div class="wp-block-jetpack-subscriptions__container"><form><p>Join 12 subscribers</p></form></div><!-- /wp:jetpack/subscriptions --><!-- wp:jetpack/contact-form --><div class="wp-block-jetpack-contact-form"><p>Name</p></div><!-- /wp:jetpack/contact-form -->',
        )
    ),
    whole("J", "Ask first."),
)
check(
    "wxr: pullquote + quote cite",
    wxr(
        item(
            "C",
            '<!-- wp:quote --><blockquote class="wp-block-quote"><!-- wp:paragraph --><p>Ask first.</p><!-- /wp:paragraph --><cite>Old Tom</cite></blockquote><!-- /wp:quote --><p>I agree.</p>',
        )
    ),
    dict(title="C", has=("Ask first.", "I agree."), lacks=("Ask first.Old",)),
)
check(
    "wxr: code block",
    wxr(
        item(
            "K",
            '<!-- wp:code --><pre class="wp-block-code"><code>let x = 1;</code></pre><!-- /wp:code --><p>Ask first.</p>',
        )
    ),
    dict(title="K", has=("Ask first.",)),
)
check(
    "wxr: script/style inline",
    wxr(
        item(
            "S", '<p>Ask first.</p><script>var a = "<p>x</p>";</script><style>.a{color:red}</style>'
        )
    ),
    whole("S", "Ask first."),
)
check(
    "wxr: empty content w/ excerpt",
    wxr(
        item("E", "").replace(
            "<excerpt:encoded><![CDATA[]]>", "<excerpt:encoded><![CDATA[Just a start of it.]]>"
        )
    ),
    whole("E", "Just a start of it.", teaser=True),
)
check(
    "wxr: posted_by line",
    wxr(
        item(
            "PB", '<p>Ask first.</p><p><em>Originally published at <a href="x">Other</a>.</em></p>'
        )
    ),
    whole("PB", "Ask first."),
)
check(
    "wxr: read more link",
    wxr(
        item("RM", '<p>Ask first, and then</p><p><a href="x" class="more-link">Read more →</a></p>')
    ),
    dict(title="RM", teaser=True, lacks=("Read more",)),
)
check(
    "wxr: elementor/cta",
    wxr(
        item(
            "EL",
            '<p>Ask first.</p><div class="wp-block-group newsletter-cta"><p>Join our newsletter today!</p></div>',
        )
    ),
    dict(title="EL", has=("Ask first.",)),
)
check("wxr: multiline title", wxr(item("Ask\n  first", "<p>Now.</p>")), whole("Ask first", "Now."))
check("wxr: untitled", wxr(item("", "<p>Now is the time.</p>")), whole(None, "Now is the time."))
check(
    "wxr: 0000 date published",
    wxr(
        item("Z", "<p>Now.</p>", day="0000-00-00 00:00:00").replace(
            "Thu, 06 May 2021 09:00:00 +0000", "Mon, 30 Nov -0001 00:00:00 +0000"
        )
    ),
    whole("Z", "Now.", day=None),
)
# blogger
check(
    "blogger: numbered",
    blogger(
        entry(
            "post",
            "Br",
            "Ask first.&lt;br /&gt;&lt;br /&gt;&lt;b&gt;Then&lt;/b&gt; wait.&lt;br /&gt;And rest.",
        )
    ),
    whole("Br", "Ask first.\n\nThen wait.\nAnd rest."),
)
check(
    "blogger: span soup",
    blogger(
        entry(
            "post",
            "Sp",
            '&lt;div style="text-align: justify;"&gt;&lt;span style="font-family: Arial;"&gt;Ask&amp;nbsp;first.&lt;/span&gt;&lt;/div&gt;&lt;div&gt;&lt;br /&gt;&lt;/div&gt;&lt;div&gt;Then wait.&lt;/div&gt;',
        )
    ),
    whole("Sp", "Ask first.\n\nThen wait."),
)
# ghost
check(
    "ghost: version wrapper data",
    {
        "g.json": json.dumps(
            {
                "meta": {"exported_on": 1, "version": "2.0"},
                "data": {
                    "posts": [row("V", html="<p>Ask first.</p>", published_at=1580724000000)],
                    "users": [{"id": "1", "name": "Ivo Hart"}],
                },
            }
        )
    },
    whole("V", "Ask first.", day="2020-02-03", author="Ivo Hart"),
)
check(
    "ghost: authors order",
    ghost(
        row("O", html="<p>Ask.</p>"),
        users=[{"id": "1", "name": "Ivo Hart"}, {"id": "2", "name": "Mia Hart"}],
        posts_authors=[
            {"post_id": "O", "author_id": "2", "sort_order": 1},
            {"post_id": "O", "author_id": "1", "sort_order": 0},
        ],
    ),
    whole("O", "Ask.", author="Ivo Hart, Mia Hart"),
)
check(
    "ghost: email_only meta",
    ghost(row("EO", html="<p>Ask.</p>"), posts_meta=[{"post_id": "EO", "email_only": 1}]),
    left={"newsletters sent by mail": 1},
)
# rss
check(
    "rss: no titles (microblog)",
    rss(
        "<item><description>&lt;p&gt;Ask first, and then wait for it.&lt;/p&gt;</description><link>https://f.example/1</link><guid>https://f.example/1</guid></item>"
    ),
    whole(None, "Ask first, and then wait for it."),
)
check(
    "rss: author mail form",
    rss(
        "<item><title>A</title><author>ida@f.example (Ida Rand)</author><description>Ask first.</description></item>"
    ),
    whole("A", "Ask first.", author="Ida Rand"),
)
check(
    "rss: escaped html twice in content",
    rss(
        "<item><title>A</title><content:encoded>&amp;lt;p&amp;gt;Ask first.&amp;lt;/p&amp;gt;</content:encoded></item>"
    ),
    whole("A", "Ask first."),
)
check(
    "rss: feedburner flare",
    rss(
        '<item><title>A</title><description>&lt;p&gt;Ask first.&lt;/p&gt;&lt;div class="feedflare"&gt;&lt;a href="x"&gt;&lt;img src="y"&gt;&lt;/a&gt;&lt;/div&gt;&lt;img src="http://feeds.feedburner.com/~r/x" height="1" width="1"/&gt;</description></item>'
    ),
    whole("A", "Ask first."),
)
check(
    "rss: substack",
    rss(
        '<item><title><![CDATA[A]]></title><description><![CDATA[Sub]]></description><dc:creator><![CDATA[Ida Rand]]></dc:creator><content:encoded><![CDATA[<p>Ask first.</p><div class="subscription-widget-wrap-editor" data-component-name="SubscribeWidgetToDOM"><div class="preamble"><p class="cta-caption">Thanks for reading!</p></div></div><p>Then wait.</p>]]></content:encoded></item>'
    ),
    whole("A", "Ask first.\n\nThen wait.", author="Ida Rand"),
)
check(
    "rss: medium feed",
    rss(
        '<item><title>A</title><content:encoded><![CDATA[<h4>Sub</h4><figure><img src="x"/><figcaption>Pic</figcaption></figure><p>Ask first.</p><img src="https://medium.com/_/stat?event=post" width="1" height="1"><hr><p><a href="x">A</a> was originally published in <a href="y">Pub</a> on Medium, where people are continuing the conversation by highlighting and responding to this story.</p>]]></content:encoded></item>'
    ),
    dict(title="A", has=("Ask first.",), lacks=("Pic", "originally")),
)
check(
    "rss: updated only dc:date",
    rss(
        "<item><title>A</title><dc:date>2016-03-05T22:00:00-08:00</dc:date><description>Ask first.</description></item>"
    ),
    whole("A", "Ask first.", day="2016-03-05"),
)
# pages
check(
    "page: ld+json graph author/day",
    page(
        "Row early - Ferry",
        MENU + "<main><h1>Row early</h1>" + TEXT + "</main>" + FOOT,
        '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebPage","name":"x"},{"@type":"Article","headline":"Row early","datePublished":"2021-03-05T23:00:00+00:00","author":{"@type":"Person","name":"Ida Rand"}}]}</script>',
    ),
    dict(title="Row early", author="Ida Rand", day="2021-03-05", has=PROSE, lacks=("Home",)),
)
check(
    "page: wp classic theme comments",
    page(
        "Row early | Ferry",
        '<div id="page"><div id="header"><h1><a href="/">Ferry</a></h1></div><div id="content"><div class="post-7 post type-post status-publish hentry" id="post-7"><h2 class="entry-title">Row early</h2><small>March 5th, 2021 by Ida Rand</small><div class="entry">'
        + TEXT
        + '<p class="postmetadata">Posted in <a>Boats</a> | <a>Edit</a> | 3 Comments »</p></div></div><h3 id="comments">3 Responses to “Row early”</h3><ol class="commentlist"><li class="comment"><cite>Bob</cite> says:<p>Great post, buy pills at my shop now please.</p></li></ol><div id="respond"><form></form></div></div><div id="sidebar"><ul><li>Archives</li></ul></div></div>',
    ),
    dict(
        title="Row early",
        day="2021-03-05",
        author="Ida Rand",
        has=PROSE,
        lacks=("pills", "Posted in", "Archives"),
    ),
)
check(
    "page: squarespace",
    page(
        "Row early — Ferry",
        '<header class="Header"><a>Ferry</a></header><main class="Main"><article class="BlogItem hentry" data-item-id="1"><div class="Blog-meta BlogItem-meta"><time class="Blog-meta-item Blog-meta-item--date" datetime="2021-03-05">March 5, 2021</time><a class="Blog-meta-item Blog-meta-item--author" href="x">Ida Rand</a></div><h1 class="BlogItem-title" data-content-field="title">Row early</h1><div class="sqs-layout"><div class="sqs-block html-block"><div class="sqs-block-content">'
        + TEXT
        + '</div></div></div><section class="BlogItem-share"><span>Share</span></section><section class="BlogItem-comments"><p>Nice work, buy my pills today.</p></section></article></main>',
    ),
    dict(
        title="Row early", day="2021-03-05", author="Ida Rand", has=PROSE, lacks=("pills", "Share")
    ),
)
check(
    "page: webflow/framer divs",
    page(
        "Row early",
        '<div class="navbar w-nav"><a>Home</a></div><div class="section"><div class="container"><h1 class="heading-12">Row early</h1><div class="text-block-3">March 5, 2021</div><div class="rich-text-block w-richtext">'
        + TEXT
        + '</div></div></div><div class="footer"><div>© 2021 Ferry</div></div>',
        '<meta property="og:title" content="Row early">',
    ),
    dict(title="Row early", day="2021-03-05", has=PROSE, lacks=("Home", "©")),
)
check(
    "page: hubspot-ish no ld",
    page(
        "Row early",
        '<div class="blog-post__meta"><a href="/blog/author/ida" rel="author">Ida Rand</a> <span>Mar 5, 2021 8:00:00 AM</span></div><div class="blog-post"><h1><span id="hs_cos_wrapper_name">Row early</span></h1><div class="blog-post__body"><span id="hs_cos_wrapper_post_body">'
        + TEXT
        + "</span></div></div>",
    ),
    dict(title="Row early", author="Ida Rand", day="2021-03-05", has=PROSE),
)
check(
    "page: archive without teasers",
    page(
        "Ferry",
        '<div class="content"><div class="entry"><h2><a href="https://f.example/1">One</a></h2><p class="date">5 March 2021</p>'
        + TEXT
        + '</div><div class="entry"><h2><a href="https://f.example/2">Two</a></h2><p class="date">6 March 2021</p><p>Count the boats at dusk and again at dawn, for the sea takes what is not tied.</p></div></div>',
    ),
    dict(title="One", day="2021-03-05", has=PROSE),
    dict(title="Two", day="2021-03-06"),
)
check(
    "page: latin1 declared",
    {
        "p.html": page(
            "Früh",
            "<article><h1>Früh</h1><p>Rudern Sie früh los, denn dann ist das Wasser noch glatt und kühl.</p></article>",
        )["page.html"]
        .replace("charset='utf-8'", "charset='iso-8859-1'")
        .encode("latin-1")
    },
    dict(title="Früh", has=("früh los",)),
)
# md
check(
    "md: toml date & list authors",
    {"a.md": '+++\ntitle="A"\ndate=2020-02-03\nauthors=["Ida Rand","Jon Berg"]\n+++\nAsk first.\n'},
    whole("A", "Ask first.", day="2020-02-03", author="Ida Rand, Jon Berg"),
)
check(
    "md: yaml multi",
    {
        "a.md": "---\ntitle: >-\n  Ask\n  first\nauthors:\n  - name: Ida Rand\n    title: Captain\n  - jberg\ndate: 2020-02-03 10:00:00 +0900\ntags:\n- a\n---\nAsk first.\n"
    },
    whole("Ask first", "Ask first.", day="2020-02-03", author="Ida Rand"),
)
check(
    "md: crlf+bom",
    {"a.md": "\ufeff---\r\ntitle: A\r\n---\r\nAsk first.\r\n\r\nThen wait.\r\n"},
    whole("A", "Ask first.\n\nThen wait."),
)
check(
    "md: setext title no head",
    {"a.md": "Ask first\n=========\n\n*March 5, 2021*\n\nWait **now**.\n"},
    dict(title="Ask first", day="2021-03-05", body="Wait now."),
)
check(
    "md: h1 + byline",
    {
        "a.md": "# Ask first\n\nBy Ida Rand | March 5, 2021\n\nWait **now**.\n\nAnd then rest a while.\n"
    },
    dict(
        title="Ask first",
        day="2021-03-05",
        author="Ida Rand",
        body="Wait now.\n\nAnd then rest a while.",
    ),
)
check(
    "md: nested list/quote/code",
    {
        "a.md": "---\ntitle: A\n---\n1. Ask.\n   - Who?\n   - When?\n2. Wait.\n\n> Quoted *line*\n> goes on.\n\n```python\nx = 1\n```\n\nDone.\n"
    },
    dict(title="A", has=("Ask.", "Who?", "Quoted line goes on.", "Done."), lacks=("*", ">", "```")),
)
check(
    "md: html inline & comment",
    {
        "a.md": '---\ntitle: A\n---\n<!-- hidden -->\n<div class="note">Ask <b>first</b>.</div>\n\nThen<br>wait &amp; rest.\n'
    },
    dict(title="A", has=("Ask first.",), lacks=("hidden", "<")),
)
check(
    "md: table",
    {
        "a.md": "---\ntitle: A\n---\n| When | What |\n|---|---|\n| Day one | Call them. |\n\nThen rest.\n"
    },
    dict(title="A", has=("Call them.", "Then rest."), lacks=("|", "---")),
)
check(
    "hexo",
    {
        "blog/_config.yml": "title: Ferry\nauthor: Ida Rand\n",
        "blog/source/_posts/a.md": "title: A\ndate: 2015-02-03 10:00:00\ntags: x\n---\nAsk first.\n<!-- more -->\nThen wait.\n",
        "blog/source/_drafts/b.md": "title: B\n---\nHalf.\n",
        "blog/source/about/index.md": "title: About\n---\nUs.\n",
        "blog/themes/x/README.md": "# Theme\n",
        "blog/scaffolds/post.md": "title: {{ title }}\n---\n",
    },
    dict(title="A", day="2015-02-03", author="Ida Rand", blog="Ferry"),
    left=None,
)
check(
    "gatsby",
    {
        "gatsby-config.js": "x",
        "content/blog/hello/index.md": '---\ntitle: A\ndate: "2015-05-01T22:12:03.284Z"\n---\nAsk first.\n',
        "src/pages/x.js": "x",
        "README.md": "# x",
    },
    dict(title="A", day="2015-05-01", body="Ask first."),
)
check(
    "docusaurus",
    {
        "docusaurus.config.js": "x",
        "blog/2019-05-28-a.md": "---\nslug: a\ntitle: A\nauthors:\n  name: Ida Rand\n---\nAsk first.\n\n<!--truncate-->\n\n:::tip My tip\n\nWait.\n\n:::\n",
        "blog/authors.yml": "x:\n  name: X",
        "docs/intro.md": "---\nsidebar_position: 1\n---\n# Intro\n\nDocs.\n",
    },
    dict(title="A", day="2019-05-28", author="Ida Rand", body="Ask first.\n\nWait."),
)
check(
    "pelican rst/md",
    {
        "pelicanconf.py": "AUTHOR='x'",
        "content/a.md": "Title: A\nDate: 2015-02-03 10:00\nAuthors: Ida Rand, Jon Berg\nStatus: published\n\nAsk first.\n",
        "content/b.md": "Title: B\nDate: 2015-02-03\nStatus: draft\n\nHalf.\n",
        "content/pages/about.md": "Title: About\n\nUs.\n",
    },
    dict(title="A", day="2015-02-03", author="Ida Rand, Jon Berg", body="Ask first."),
)
check(
    "org/bear? jekyll in docs",
    {
        "repo/docs/_config.yml": "title: Ferry\n",
        "repo/docs/_posts/2019-05-28-a.md": "---\n---\n# Ask first\n\nNow.\n",
        "repo/src/x.md": "# Code\n\nNotes of code here.\n",
    },
    dict(title="Ask first", day="2019-05-28", body="Now.", blog="Ferry"),
    dict(title="Code"),
)
# mail
check(
    "eml: reply chain quoted",
    {
        "a.eml": "From: Ida Rand <i@f.example>\nSubject: Oars\nDate: Sat, 5 Mar 2016 10:00:00 +0000\n\nAsk first.\n\n> quoted words of others here\n> and more\n\nThen wait.\n"
    },
    dict(title="Oars", has=("Ask first.", "Then wait."), lacks=("quoted",)),
)
check(
    "eml: latin1 base64",
    {
        "a.eml": b"From: =?iso-8859-1?Q?J=F6rg?= <j@f.example>\nSubject: =?utf-8?b?QXNrIGZpcnN0?=\nDate: Sat, 5 Mar 2016 10:00:00 +0000\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nW\xe4hlen Sie zuerst.\n"
    },
    whole("Ask first", "Wählen Sie zuerst.", author="Jörg"),
)
check(
    "txt: copied page",
    {
        "a.txt": "Ask first\nMarch 5, 2021 by Ida Rand\n\nAsk who signs before you quote a price to anybody.\n\nThen wait for them.\n\nShare this:\nTwitter\nFacebook\nRelated\n"
    },
    dict(
        title="Ask first", day="2021-03-05", author="Ida Rand", has=("Ask who signs", "Then wait")
    ),
)


@pytest.mark.parametrize("name", CASES)
def test_an_export_of_each_kind_comes_in_right(name: str) -> None:
    files, posts, left = CASES[name]
    assert not wrong(files, *posts, left=left)
