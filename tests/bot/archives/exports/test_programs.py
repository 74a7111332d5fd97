"""Exports of blogging programs (WordPress, Blogger, Movable Type, Ghost): more of each kind."""

from __future__ import annotations

import json

from tests.support.export_parts import HEAD, blogger, entry, ghost, item, row, wxr
from tests.support.exports import wrong

# WordPress ------------------------------------------------------------------------------------


def test_blocks_of_the_editor_are_read_and_what_no_one_wrote_is_not() -> None:
    body = """<!-- wp:columns --><div class="wp-block-columns"><!-- wp:column -->
<div class="wp-block-column"><!-- wp:paragraph -->
<p>Ask who signs<sup data-fn="6a72" class="fn"><a href="#6a72" id="6a72-link">1</a></sup> before you
quote.</p>
<!-- /wp:paragraph --></div><!-- /wp:column --></div><!-- /wp:columns -->
<!-- wp:more --><!--more--><!-- /wp:more -->
<!-- wp:heading {"level":3} --><h3 class="wp-block-heading">Then wait</h3><!-- /wp:heading -->
<!-- wp:list --><ul class="wp-block-list"><!-- wp:list-item --><li>Call once.</li><!-- /wp:list-item -->
<!-- wp:list-item --><li>Write once.</li><!-- /wp:list-item --></ul><!-- /wp:list -->
<!-- wp:block {"ref":12} /-->
<!-- wp:image {"id":5} --><figure class="wp-block-image"><img src="a.jpg" alt="A pier"/>
<figcaption class="wp-element-caption">A pier in May</figcaption></figure><!-- /wp:image -->
<!-- wp:details --><details class="wp-block-details"><summary>Why once</summary>
<!-- wp:paragraph --><p>Twice looks like need.</p><!-- /wp:paragraph --></details><!-- /wp:details -->
<!-- wp:file {"href":"x.pdf"} --><div class="wp-block-file"><a href="x.pdf">Slides</a>
<a href="x.pdf" class="wp-block-file__button" download>Download</a></div><!-- /wp:file -->
<!-- wp:embed {"url":"https://video.example/v"} --><figure class="wp-block-embed">
<div class="wp-block-embed__wrapper">
https://video.example/v
</div></figure><!-- /wp:embed -->
<!-- wp:buttons --><div class="wp-block-buttons"><div class="wp-block-button">
<a class="wp-block-button__link wp-element-button" href="#">Book a demo</a></div></div>
<!-- /wp:buttons --><!-- wp:latest-posts {"postsToShow":3} /-->
<!-- wp:footnotes /-->"""
    note = ("<wp:postmeta><wp:meta_key><![CDATA[footnotes]]></wp:meta_key><wp:meta_value>"
            '<![CDATA[[{"content":"A budget owner","id":"6a72"}]]]></wp:meta_value></wp:postmeta>')  # fmt: skip
    assert not wrong(
        wxr(item("Who signs", body, note)),
        {
            "title": "Who signs", "author": "Lena Fox", "day": "2021-05-06", "teaser": False,
            "has": ("Ask who signs before you quote.", "Then wait\n\nCall once.",
                    "Why once\n\nTwice looks like need."),
            "lacks": ("1", "pier", "Slides", "Download", "video.example", "Book a demo", "wp:"),
        },
    )  # fmt: skip


def test_classic_posts_keep_lists_quotes_and_blank_paragraphs_apart() -> None:
    body = (
        "Before the call:\r\n<ul>\r\n\t<li>Read the notes.</li>\r\n\t<li>Pick one goal.</li>\r\n</ul>"
        "\r\n&nbsp;\r\n\r\nhttps://video.example/watch?v=3\r\n\r\n<blockquote>Listen twice as long as you talk.</blockquote>"
        '\r\n[caption id="attachment_9" align="left" width="300"]<img src="b.jpg" /> My desk[/caption]'
        '\r\nThen call.<!--nextpage-->\r\n\r\n[gallery ids="1,2"]\r\nStop there.'
    )
    assert not wrong(
        wxr(item("Before the call", body)),
        {
            "title": "Before the call", "teaser": False,
            "body": "Before the call:\n\nRead the notes.\n\nPick one goal.\n\nListen twice as long as"
                    " you talk.\n\nThen call.\n\nStop there.",
        },
    )  # fmt: skip


def test_a_text_that_ends_a_cdata_within_itself_is_whole() -> None:
    assert not wrong(
        wxr(item("<![CDATA[Ask & wait]]>", "<p>Type a[b[0]]]]><![CDATA[> and wait.</p>")),
        {"title": "Ask & wait", "body": "Type a[b[0]]> and wait."},
    )


def test_page_builders_leave_only_their_text() -> None:
    body = (
        '[vc_row css=".vc_custom_1{margin:0 !important;}"][vc_column width="1/2"][vc_column_text]'
        'Send the price in writing.[/vc_column_text][vc_single_image image="7"][/vc_column]'
        '[vc_column][vc_btn title="Call us" link="url:x||"][vc_column_text]<h3>Why</h3>Spoken prices'
        " are misheard.[/vc_column_text][/vc_column][/vc_row]"
    )
    assert not wrong(
        wxr(item("In writing", body)),
        {
            "title": "In writing",
            "body": "Send the price in writing.\n\nWhy\n\nSpoken prices are misheard.",
        },
    )


def test_what_a_site_keeps_beside_its_posts_stays_out() -> None:
    posts = [
        item("A page", "<p>About us.</p>", kind="page", n=1),
        item("A product", "<p>Buy it.</p>", kind="product", n=2),
        item("Later", "<p>Not yet.</p>", status="future", n=4),
        item("Ours", "<p>Among us.</p>", status="private", n=5),
        item("A draft", "<p>Half.</p>", status="auto-draft", day="0000-00-00 00:00:00", n=6),
        item("Seen", "<p>Say it once.</p>", "<wp:is_sticky>1</wp:is_sticky>", n=7),
    ]
    assert not wrong(
        wxr(*posts),
        {"title": "Seen", "body": "Say it once.", "url": "https://harbour.example/?p=7"},
        left={"pages": 1, "other items": 1, "scheduled posts": 1, "private posts": 1, "drafts": 1},
    )


def test_a_squarespace_export_has_paths_for_addresses_and_blocks_for_text() -> None:
    head = HEAD.replace('generator="WordPress/6.4.2"', 'generator="Squarespace"').replace(
        "lfox", "lena@harbour.example"
    )
    body = (
        '<div class="sqs-html-content"><p class="" style="white-space:pre-wrap;">Bring the plan.</p>'
        '<p class="" style="white-space:pre-wrap;"><strong>Then</strong> ask for a date.</p></div>'
        '<div class="image-block-outer-wrapper"><img src="x"/><div class="image-caption-wrapper">'
        '<div class="image-caption"><p class="">The plan</p></div></div></div>'
    )
    post = item("Bring the plan", body).replace(
        "https://harbour.example/?p=3</link>", "/blog/plan</link>"
    )
    post = post.replace("lfox", "lena@harbour.example")
    assert not wrong(
        wxr(post, head=head),
        {
            "title": "Bring the plan", "author": "Lena Fox", "url": "https://harbour.example/blog/plan",
            "body": "Bring the plan.\n\nThen ask for a date.",
        },
    )  # fmt: skip


def test_one_prefix_that_an_old_export_does_not_declare_costs_a_doubt_and_no_post() -> None:
    head = HEAD.replace('xmlns:wp="http://wordpress.org/export/1.2/"', "").replace(
        'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"', ""
    )
    hidden = item("Ours", "<p>Among us.</p>", status="private", n=5)
    assert not wrong(
        wxr(item("Seen", "<p>Say it once.</p>"), hidden, head=head),
        {"title": "Seen", "author": "Lena Fox", "day": "2021-05-06", "body": "Say it once."},
        left={"private posts": 1},
    )


# Blogger --------------------------------------------------------------------------------------


def test_a_blogger_post_is_told_from_settings_comments_and_drafts() -> None:
    body = (
        '&lt;div class="separator" style="clear: both;"&gt;&lt;a href="x"&gt;&lt;img src="x"/&gt;&lt;/a&gt;&lt;/div&gt;'
        "Name the next step.&lt;br /&gt;&lt;br /&gt;&lt;a name='more'&gt;&lt;/a&gt;Then say&amp;nbsp;who"
        ' takes it.&lt;div class="blogger-post-footer"&gt;Visit my shop&lt;/div&gt;'
    )
    table = (
        '&lt;table class="tr-caption-container"&gt;&lt;tbody&gt;&lt;tr&gt;&lt;td&gt;&lt;img/&gt;&lt;/td&gt;&lt;/tr&gt;'
        '&lt;tr&gt;&lt;td class="tr-caption"&gt;My boat&lt;/td&gt;&lt;/tr&gt;&lt;/tbody&gt;&lt;/table&gt;Row out early.'
    )
    draft = "<app:control xmlns:app='http://www.w3.org/2007/app'><app:draft>yes</app:draft></app:control>"
    assert not wrong(
        blogger(
            entry("settings", "The ID", "l@quay.example", n=9),
            entry("template", "Template", "&lt;b:skin/&gt;", n=8),
            entry("post", "Next step", body, n=1),
            entry("post", "Early", table, n=2),
            entry("post", "Half", "Not yet", draft, n=3),
            entry("comment", "Nice", "Buy pills", n=4),
        ),
        {
            "title": "Next step", "day": "2012-02-03", "author": "Jon Berg", "teaser": False,
            "url": "http://quay.example/2012/02/1.html",
            "body": "Name the next step.\n\nThen say who takes it.",
        },
        {"title": "Early", "body": "Row out early."},
        left={"settings": 1, "templates": 1, "drafts": 1, "comments": 1},
    )  # fmt: skip


def test_takeout_of_blogger_is_one_feed_among_files_of_the_account() -> None:
    def one(kind: str, status: str, title: str, body: str, more: str = "") -> str:
        return (
            f"<entry><id>tag:blogger.com,1999:blog-1.post-{title}</id><blogger:type>{kind}</blogger:type>"
            f"<blogger:status>{status}</blogger:status><author><name>Jon Berg</name><uri></uri>"
            f"<blogger:type>BLOGGER</blogger:type></author><title>{title}</title>"
            f"<content type='html'>{body}</content><blogger:metaDescription/>"
            "<blogger:created>2021-03-04T07:00:00Z</blogger:created>"
            f"<published>2021-03-04T08:00:00Z</published><updated>2021-03-05T08:00:00Z</updated>{more}</entry>"
        )

    feed = (
        "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'"
        " xmlns:blogger='http://schemas.google.com/blogger/2018'>"
        "<id>tag:blogger.com,1999:blog-1</id><title>Quay</title>"
        + one("POST", "LIVE", "Oars", "&lt;p&gt;Check the oars.&lt;/p&gt;",
              "<blogger:filename>/2021/03/oars.html</blogger:filename>")
        + one("POST", "SCHEDULED", "Sails", "&lt;p&gt;Later.&lt;/p&gt;")
        + one("PAGE", "LIVE", "About", "&lt;p&gt;Us.&lt;/p&gt;")
        + one("COMMENT", "LIVE", "Wow", "Pills", "<blogger:parent>x</blogger:parent>") + "</feed>"
    )  # fmt: skip
    assert not wrong(
        {
            "Takeout/Blogger/Blogs/Quay/feed.atom": feed,
            "Takeout/Blogger/Blogs/Quay/settings.csv": "a,b\n",
            "Takeout/Blogger/Profile/profile.csv": "a,b\n",
            "Takeout/archive_browser.html": "<html><head><title>Google Data Export Archive</title></head>"
            "<body><h1>Google Data Export</h1><p>Here is an overview of the data in your archive.</p></body></html>",
        },
        {
            "title": "Oars",
            "day": "2021-03-04",
            "author": "Jon Berg",
            "body": "Check the oars.",
            "blog": "Quay",
        },
        left={"scheduled posts": 1, "pages": 1, "comments": 1},
    )


# Movable Type ---------------------------------------------------------------------------------


def test_movable_type_joins_both_parts_and_leaves_what_others_wrote() -> None:
    text = """AUTHOR: Ida Rand
TITLE: Two chairs
BASENAME: two_chairs
STATUS: Publish
ALLOW COMMENTS: 1
CONVERT BREAKS: __default__
PRIMARY CATEGORY: Rooms
CATEGORY: Rooms

DATE: 11/12/2008 08:05:00 PM
TAGS: chairs,"long table"
-----
BODY:
Put two chairs at a corner.

Nobody argues across
a corner.
-----
EXTENDED BODY:
Then sit.
-----
EXCERPT:
Put two chairs
-----
KEYWORDS:

-----
COMMENT:
AUTHOR: Spam
EMAIL: s@pam.example
IP: 1.2.3.4
URL: http://pam.example
DATE: 11/13/2008 01:00:00 AM
Buy pills.
-----
PING:
TITLE: Chairs
URL: http://other.example
IP: 1.2.3.4
BLOG NAME: Other
DATE: 11/14/2008 01:00:00 AM
Pinged.
-----
--------
AUTHOR: Ida Rand
TITLE: Half
STATUS: Draft
DATE: 11/13/2008 08:05:00 AM
-----
BODY:
Not yet.
-----
--------
"""
    assert not wrong(
        {"export.txt": text.replace("\n", "\r\n")},
        {
            "title": "Two chairs", "author": "Ida Rand", "day": "2008-11-12",
            "body": "Put two chairs at a corner.\n\nNobody argues across a corner.\n\nThen sit.",
        },
        left={"comments": 2, "drafts": 1},
    )  # fmt: skip


def test_the_export_of_an_older_squarespace_opens_with_a_rule_and_blank_lines() -> None:
    text = """--------

AUTHOR: Ida Rand
TITLE: Ask last
STATUS: Publish
ALLOW COMMENTS: 1



DATE: 09/23/2010 04:01:17 AM
-----
BODY:
<p>Ask for the date last.</p>
-----
COMMENT:
AUTHOR: Commenter
EMAIL: c@mail.example
IP: 1.1.1.1
URL: http://a.example
DATE: 09/24/2010 01:53:47 AM
<p>Buy pills<p>
-----
--------
"""
    assert not wrong(
        {"export.txt": text},
        {
            "title": "Ask last",
            "author": "Ida Rand",
            "day": "2010-09-23",
            "body": "Ask for the date last.",
        },
        left={"comments": 1},
    )


def test_movable_type_in_markdown_and_with_addresses_comes_in() -> None:
    text = """AUTHOR: idarand
TITLE: Corner &amp; wall
UNIQUE URL: https://rooms.example/corner.html
STATUS: Publish
CONVERT BREAKS: markdown_with_smartypants
DATE: 01/02/2009 12:00:00
-----
BODY:
Sit at a **corner**, and read [the note](https://n.example).

* Bring paper.
-----
--------
"""
    assert not wrong(
        {"corner.txt": text},
        {
            "title": "Corner & wall", "author": None, "url": "https://rooms.example/corner.html",
            "day": "2009-01-02", "body": "Sit at a corner, and read the note.\n\nBring paper.",
        },
    )  # fmt: skip


# Ghost ----------------------------------------------------------------------------------------


def test_a_ghost_post_without_html_is_read_from_what_its_editor_kept() -> None:
    markdown = json.dumps({"version": "0.3.1", "atoms": [], "markups": [], "sections": [[10, 0]],
                           "cards": [["markdown", {"markdown": "Light the **room**.\n\nThen talk."}]]})  # fmt: skip
    sections = json.dumps({
        "version": "0.3.1", "atoms": [["soft-return", "", {}]], "markups": [["strong"], ["a", ["href", "x"]]],
        "cards": [["image", {"src": "x", "caption": "A lamp"}], ["html", {"html": "<p>Raw too.</p>"}]],
        "sections": [[1, "h2", [[0, [], 0, "Dim it"]]],
                     [1, "p", [[0, [], 0, "Dim the "], [0, [0], 1, "light"], [0, [], 0, " late."]]],
                     [10, 0], [3, "ul", [[[0, [], 0, "One lamp."]], [[0, [], 0, "No spots."]]]], [10, 1]],
    })  # fmt: skip
    text = {
        "detail": 0,
        "format": 0,
        "mode": "normal",
        "style": "",
        "type": "extended-text",
        "version": 1,
    }
    lexical = json.dumps({"root": {"type": "root", "children": [
        {"type": "extended-heading", "tag": "h2", "children": [{**text, "text": "Warm it"}]},
        {"type": "paragraph", "children": [{**text, "text": "Use warm "}, {"type": "link", "url": "x",
         "children": [{**text, "text": "bulbs"}]}, {**text, "text": " only."}]},
        {"type": "list", "listType": "bullet", "children": [
            {"type": "listitem", "children": [{**text, "text": "Never blue."}]}]},
        {"type": "image", "src": "x", "caption": "A bulb"},
        {"type": "markdown", "markdown": "And *wait*."},
        {"type": "html", "html": "<p>Then leave.</p>"},
        {"type": "button", "buttonText": "Buy", "buttonUrl": "x"},
    ]}})  # fmt: skip
    assert not wrong(
        ghost(
            row("Light", mobiledoc=markdown),
            row("Dim", mobiledoc=sections),
            row("Warm", lexical=lexical),
        ),
        {"title": "Light", "body": "Light the room.\n\nThen talk.", "author": "Ivo Hart"},
        {
            "title": "Dim",
            "body": "Dim it\n\nDim the light late.\n\nOne lamp.\n\nNo spots.\n\nRaw too.",
        },
        {
            "title": "Warm",
            "body": "Warm it\n\nUse warm bulbs only.\n\nNever blue.\n\nAnd wait.\n\nThen leave.",
        },
    )


def test_what_ghost_keeps_for_members_stays_out_even_within_a_public_post() -> None:
    html = "<p>Open to all.</p><!--members-only--><p>For those who pay.</p>"
    assert not wrong(
        ghost(
            row("Open", html=html), row("Paid", html="<p>x</p>", visibility="paid"),
            row("Mail", html="<p>x</p>", status="sent"), row("Page", html="<p>x</p>", type="page"),
            row("Tiers", html="<p>x</p>", visibility="tiers"), row("Soon", html="<p>x</p>", status="scheduled"),
        ),
        {"title": "Open", "body": "Open to all.", "teaser": True},
        left={"posts for members": 2, "newsletters sent by mail": 1, "pages": 1, "scheduled posts": 1},
    )  # fmt: skip


def test_cards_of_ghost_that_only_point_elsewhere_are_no_text() -> None:
    html = (
        '<p>Ask for the lamp.</p><figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container"'
        ' href="x"><div class="kg-bookmark-content"><div class="kg-bookmark-title">Other post</div>'
        '<div class="kg-bookmark-description">What it says</div></div></a></figure>'
        '<div class="kg-card kg-button-card kg-align-center"><a class="kg-btn" href="x">Buy now</a></div>'
        '<div class="kg-card kg-callout-card"><div class="kg-callout-emoji">!</div>'
        '<div class="kg-callout-text">Bring a spare bulb.</div></div>'
        '<div class="kg-card kg-signup-card"><h2>Join us</h2><p>Get mail</p></div>'
        '<div class="kg-card kg-cta-card"><p>Sponsored words</p></div>'
        '<div class="kg-card kg-toggle-card"><div class="kg-toggle-heading"><h4>Why a spare?</h4></div>'
        '<div class="kg-toggle-content"><p>They break.</p></div></div>'
        '<figure class="kg-card kg-embed-card"><blockquote class="twitter-tweet"><p>A tweet</p></blockquote></figure>'
    )
    assert not wrong(
        ghost(row("Lamp", html=html)),
        {
            "title": "Lamp", "blog": "Lamp",
            "has": ("Ask for the lamp.", "Bring a spare bulb.", "Why a spare?\n\nThey break."),
            "lacks": ("Other post", "Buy now", "Join us", "Sponsored", "A tweet", "!"),
        },
    )  # fmt: skip
