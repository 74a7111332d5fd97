"""Sites, pages and mails, one of each kind, with what is right of each."""

from __future__ import annotations

from tests.support.export_parts import FOOT, MENU, PROSE, TEXT, page
from tests.support.exports import Case, check, whole, zipped

CASES: dict[str, Case] = {}

check(
    CASES,
    "page: ld+json graph author/day",
    page(
        "Row early - Ferry",
        MENU + "<main><h1>Row early</h1>" + TEXT + "</main>" + FOOT,
        '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebPage","name":"x"},{"@type":"Article","headline":"Row early","datePublished":"2021-03-05T23:00:00+00:00","author":{"@type":"Person","name":"Ida Rand"}}]}</script>',
    ),
    dict(title="Row early", author="Ida Rand", day="2021-03-05", has=PROSE, lacks=("Home",)),
)
check(
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
    "md: toml date & list authors",
    {"a.md": '+++\ntitle="A"\ndate=2020-02-03\nauthors=["Ida Rand","Jon Berg"]\n+++\nAsk first.\n'},
    whole("A", "Ask first.", day="2020-02-03", author="Ida Rand, Jon Berg"),
)
check(
    CASES,
    "md: yaml multi",
    {
        "a.md": "---\ntitle: >-\n  Ask\n  first\nauthors:\n  - name: Ida Rand\n    title: Captain\n  - jberg\ndate: 2020-02-03 10:00:00 +0900\ntags:\n- a\n---\nAsk first.\n"
    },
    whole("Ask first", "Ask first.", day="2020-02-03", author="Ida Rand"),
)
check(
    CASES,
    "md: crlf+bom",
    {"a.md": "\ufeff---\r\ntitle: A\r\n---\r\nAsk first.\r\n\r\nThen wait.\r\n"},
    whole("A", "Ask first.\n\nThen wait."),
)
check(
    CASES,
    "md: setext title no head",
    {"a.md": "Ask first\n=========\n\n*March 5, 2021*\n\nWait **now**.\n"},
    dict(title="Ask first", day="2021-03-05", body="Wait now."),
)
check(
    CASES,
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
    CASES,
    "md: nested list/quote/code",
    {
        "a.md": "---\ntitle: A\n---\n1. Ask.\n   - Who?\n   - When?\n2. Wait.\n\n> Quoted *line*\n> goes on.\n\n```python\nx = 1\n```\n\nDone.\n"
    },
    dict(title="A", has=("Ask.", "Who?", "Quoted line goes on.", "Done."), lacks=("*", ">", "```")),
)
check(
    CASES,
    "md: html inline & comment",
    {
        "a.md": '---\ntitle: A\n---\n<!-- hidden -->\n<div class="note">Ask <b>first</b>.</div>\n\nThen<br>wait &amp; rest.\n'
    },
    dict(title="A", has=("Ask first.",), lacks=("hidden", "<")),
)
check(
    CASES,
    "md: table",
    {
        "a.md": "---\ntitle: A\n---\n| When | What |\n|---|---|\n| Day one | Call them. |\n\nThen rest.\n"
    },
    dict(title="A", has=("Call them.", "Then rest."), lacks=("|", "---")),
)
check(
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
    "eml: reply chain quoted",
    {
        "a.eml": "From: Ida Rand <i@f.example>\nSubject: Oars\nDate: Sat, 5 Mar 2016 10:00:00 +0000\n\nAsk first.\n\n> quoted words of others here\n> and more\n\nThen wait.\n"
    },
    dict(title="Oars", has=("Ask first.", "Then wait."), lacks=("quoted",)),
)
check(
    CASES,
    "eml: latin1 base64",
    {
        "a.eml": b"From: =?iso-8859-1?Q?J=F6rg?= <j@f.example>\nSubject: =?utf-8?b?QXNrIGZpcnN0?=\nDate: Sat, 5 Mar 2016 10:00:00 +0000\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nW\xe4hlen Sie zuerst.\n"
    },
    whole("Ask first", "Wählen Sie zuerst.", author="Jörg"),
)
check(
    CASES,
    "txt: copied page",
    {
        "a.txt": "Ask first\nMarch 5, 2021 by Ida Rand\n\nAsk who signs before you quote a price to anybody.\n\nThen wait for them.\n\nShare this:\nTwitter\nFacebook\nRelated\n"
    },
    dict(
        title="Ask first", day="2021-03-05", author="Ida Rand", has=("Ask who signs", "Then wait")
    ),
)
# sites
check(
    CASES,
    "hugo: unsafe html, ref links",
    {
        "hugo.toml": 'title="F"\n[languages.en]\n',
        "content/en/posts/a.md": '---\ntitle: A\ndate: 2019-01-01\n---\n<div class="x">Ask **first**.</div>\n\n[Then]({{< relref "b" >}}) wait.\n',
        "content/de/posts/a.md": "---\ntitle: Ä\ndate: 2019-01-01\n---\nFragen Sie.\n",
    },
    dict(title="A", has=("Then wait.",)),
    dict(title="Ä", body="Fragen Sie."),
)
check(
    CASES,
    "hugo: summary split/blog section",
    {
        "config.yaml": "title: F\nauthor: Ida Rand\n",
        "content/blog/a.md": "---\ntitle: A\ndate: 2019-01-01T10:00:00+09:00\nlastmod: 2020-01-01\n---\nAsk first.\n\n<!--more-->\n\nThen wait.\n",
        "content/search.md": "---\ntitle: Search\nlayout: search\n---\n",
    },
    dict(title="A", day="2019-01-01", author="Ida Rand", body="Ask first.\n\nThen wait."),
)
check(
    CASES,
    "jekyll: liquid for/if, capture",
    {
        "_config.yml": "title: F\nauthor: Ida Rand\n",
        "_posts/2019-01-01-a.md": "---\ntitle: A\n---\n{% assign x = 1 %}\nAsk first.\n\n{% if x %}Then wait.{% endif %}\n\n{% capture y %}hidden{% endcapture %}\n\n![pic]({{ site.baseurl }}/x.png)\n*A caption*\n{: .img}\n",
    },
    dict(title="A", has=("Ask first.", "Then wait."), lacks=("hidden", "{")),
)
check(
    CASES,
    "jekyll: date in future tz",
    {
        "_posts/2026-11-23-a.md": "---\ntitle: A\n---\nAsk first.\n",
        "_posts/2026-11-24-b.md": "---\ntitle: B\n---\nNot yet.\n",
    },
    whole("A", "Ask first."),
    left={"scheduled posts": 1},
)
check(
    CASES,
    "jekyll: collections & unpublished",
    {
        "_config.yml": "title: F\ncollections:\n  essays:\n    output: true\n",
        "_posts/2019-01-01-a.md": "---\ntitle: A\nhidden: true\n---\nOurs.\n",
        "_posts/2019-01-02-c.md": "---\ntitle: C\nsitemap: false\n---\nAsk first.\n",
    },
    whole("C", "Ask first."),
    left={"drafts": 1},
)
check(
    CASES,
    "notion: zip in zip part",
    {
        "Export-Part-1.zip": zipped(
            {
                "Posts 0f3c2a1b4c5d6e7f8091a2b3c4d5e6f7/Two chairs 0f3c2a1b4c5d6e7f8091a2b3c4d5e6f8.md": "# Two chairs\n\nCreated: March 4, 2021 9:12 AM\nTags: x\n\nAsk first.\n"
            }
        ),
        "x.csv": "a\n",
    },
    whole("Two chairs", "Ask first.", day="2021-03-04"),
)
check(
    CASES,
    "notion: status not started",
    {
        "Lamps 0f3c2a1b4c5d6e7f8091a2b3c4d5e6f7.md": "# Lamps\n\nStatus: Not started\nDate: March 5, 2021\n\nDim.\n",
        "y.md": "# Y\n\nAsk first.\n",
    },
    dict(title="Y"),
    left={"drafts": 1},
)
check(
    CASES,
    "obsidian: dataview inline & footnote",
    {
        "a.md": "# A\n\nAsk first `= this.x` and [[B|wait]].^[A note.] (rating:: 5)\n\n> [!quote]- Old Tom\n> Ask twice.\n\n![img|200](x.png)\n\n<%* tp %>\n"
    },
    dict(title="A", has=("Ask first", "wait.", "Ask twice."), lacks=("^", "::", "%", "this.x")),
)
check(
    CASES,
    "obsidian: excalidraw & canvas",
    {
        "a.excalidraw.md": "---\nexcalidraw-plugin: parsed\n---\n# Text Elements\nfoo ^abc\n",
        "b.md": "# B\n\nAsk **first**.\n",
    },
    whole("B", "Ask first."),
)
# movable type more
check(
    CASES,
    "mt: typepad w/ unicode & html",
    {
        "t.txt": "AUTHOR: Ida Rand\nTITLE: A\nSTATUS: Publish\nALLOW COMMENTS: 0\nCONVERT BREAKS: wysiwyg\nALLOW PINGS: 0\nBASENAME: a\nCATEGORY: x\nUNIQUE URL: http://f.typepad.com/blog/2012/03/a.html\n\nDATE: 03/05/2012 10:11:12 PM\n-----\nBODY:\n<p>Ask first.</p>\n<p>Then&#0160;wait.</p>\n-----\nEXTENDED BODY:\n\n-----\nEXCERPT:\n\n-----\nKEYWORDS:\n\n-----\n\n\n--------\n"
    },
    whole(
        "A",
        "Ask first.\n\nThen wait.",
        day="2012-03-05",
        url="http://f.typepad.com/blog/2012/03/a.html",
    ),
)
check(
    CASES,
    "mt: dashes in body",
    {
        "t.txt": "AUTHOR: Ida Rand\nTITLE: A\nSTATUS: Publish\nDATE: 03/05/2012 10:11:12\n-----\nBODY:\nAsk first.\n---\nThen wait.\n-----\n--------\n"
    },
    dict(title="A", has=("Ask first.", "Then wait.")),
)
# pages
check(
    CASES,
    "page: wayback toolbar",
    page(
        "Row early",
        '<div id="wm-ipp-base"><div id="wm-ipp"><p>The Wayback Machine - captures of this page in 2012 and later on</p></div></div><article><h1>Row early</h1>'
        + TEXT
        + '</article><!-- FILE ARCHIVED ON 10:00 --><div id="donato"></div>',
    ),
    dict(title="Row early", has=PROSE, lacks=("Wayback",)),
)
check(
    CASES,
    "page: nav inside article",
    page(
        "Row early",
        '<article class="post"><h1>Row early</h1><ul class="post-nav"><li><a>Prev</a></li></ul>'
        + TEXT
        + '<div class="jp-relatedposts"><h3>Related</h3><p>Other post you may like to read soon.</p></div><div class="tags">Tags: sea</div></article>',
    ),
    dict(title="Row early", has=PROSE, lacks=("Prev", "Other post", "Tags")),
)
check(
    CASES,
    "page: og title w site",
    page(
        "Ferry: Row early",
        "<article><h2>Row early</h2>" + TEXT + "</article>",
        '<meta property="og:title" content="Row early - Ferry"><meta property="og:site_name" content="Ferry">',
    ),
    dict(title="Row early", blog="Ferry"),
)
check(
    CASES,
    "page: updated & published",
    page(
        "Row early",
        '<article><h1>Row early</h1><p class="meta">Published: <time class="entry-date published" datetime="2021-03-05">March 5, 2021</time> Updated: <time class="updated" datetime="2022-01-01">January 1, 2022</time></p>'
        + TEXT
        + "</article>",
    ),
    dict(title="Row early", day="2021-03-05"),
)
check(
    CASES,
    "page: relative canonical & base",
    page(
        "Row early",
        "<article><h1>Row early</h1>" + TEXT + "</article>",
        '<link rel="canonical" href="https://f.example/row?utm_source=x">',
    ),
    dict(title="Row early", url="https://f.example/row"),
)
check(
    CASES,
    "page: footnotes section",
    page(
        "Row early",
        "<article><h1>Row early</h1><p>"
        + PROSE[0][:-1]
        + '<sup id="fnref:1"><a href="#fn:1" class="footnote">1</a></sup>.</p><p>'
        + PROSE[1]
        + "</p><p>"
        + PROSE[2]
        + '</p><div class="footnotes"><ol><li id="fn:1"><p>A note on the sea. <a href="#fnref:1">↩</a></p></li></ol></div></article>',
    ),
    dict(title="Row early", has=PROSE, lacks=("A note",)),
)
