"""Feeds and newsletters (RSS, Atom, JSON Feed, mail): more of each kind."""

from __future__ import annotations

import json

from tests.support.export_parts import RSS, rss
from tests.support.exports import wrong


def test_the_whole_text_wins_over_its_summary_and_all_authors_are_named() -> None:
    item = (
        '<item><title>Row &amp; rest</title><link>/2016/row?utm_source=rss</link><guid isPermaLink="false">4711</guid>'
        "<dc:creator>Ida Rand</dc:creator><dc:creator>Jon Berg</dc:creator><pubDate>Sat, 05 Mar 2016 01:00:00 +0900</pubDate>"
        "<description>Row, then rest […]</description><media:content url='x'><media:description>A boat</media:description></media:content>"
        "<content:encoded><![CDATA[<p>Row for an hour.</p><p>Then <a href='/rest'>rest</a>.</p>"
        "<p>The post <a href='https://ferry.example/2016/row'>Row</a> appeared first on <a href='https://ferry.example'>Ferry</a>.</p>]]></content:encoded></item>"
    )
    assert not wrong(
        rss(item),
        {
            "title": "Row & rest", "author": "Ida Rand, Jon Berg", "day": "2016-03-05", "blog": "Ferry",
            "url": "https://ferry.example/2016/row", "body": "Row for an hour.\n\nThen rest.", "teaser": False,
        },
    )  # fmt: skip


def test_a_feed_of_summaries_alone_holds_openings() -> None:
    one = (
        "<item><title>{}</title><link>https://ferry.example/{}</link><pubDate>Sat, 05 Mar 2016 10:00:00 GMT</pubDate>"
        "<description>{}</description></item>"
    )
    assert not wrong(
        rss(
            one.format(
                "Oars", "oars", "Check the oars before you leave, and the rope [&amp;#8230;]"
            ),
            one.format(
                "Sails",
                "sails",
                "&lt;p&gt;Dry the sails&amp;hellip;&lt;/p&gt;&lt;p&gt;&lt;a href='x'&gt;Continue reading &lt;span&gt;Sails&lt;/span&gt;&lt;/a&gt;&lt;/p&gt;",
            ),
            one.format(
                "Rope",
                "rope",
                "Coil the rope. Read more about rope and why it matters to the crew.",
            ),
        ),
        {"title": "Oars", "teaser": True, "has": ("Check the oars before you leave",)},
        {"title": "Sails", "teaser": True, "lacks": ("Continue",)},
        {"title": "Rope", "teaser": False, "has": ("Read more about rope and why",)},
    )


def test_a_podcast_is_read_by_its_notes_and_its_host() -> None:
    item = (
        "<item><title>12: Ask the crew</title><itunes:title>Ask the crew</itunes:title><itunes:author>Ida Rand</itunes:author>"
        '<guid isPermaLink="false">3f2504e0-4f89-11d3-9a0c-0305e82c3301</guid><pubDate>Sat, 05 Mar 2016 10:00:00 GMT</pubDate>'
        "<description>Ask the crew first.</description><itunes:summary>Ask the crew first. Then the captain decides.</itunes:summary>"
        "<enclosure url='https://cdn.example/12.mp3' length='1' type='audio/mpeg'/><itunes:duration>31:02</itunes:duration></item>"
    )
    assert not wrong(
        rss("<itunes:author>Ferry FM</itunes:author>", item),
        {
            "title": "12: Ask the crew",
            "author": "Ida Rand",
            "has": ("Ask the crew first.",),
            "url": None,
            "teaser": False,
        },
    )


def test_atom_of_xhtml_with_relative_addresses_and_an_author_for_all() -> None:
    feed = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://ferry.example/blog/">
<title type="html">Ferry &amp;amp; quay</title><author><name>Ida Rand</name><uri>https://ferry.example</uri></author><id>urn:x:1</id>
<link rel="self" href="feed.atom"/><updated>2016-03-09T00:00:00Z</updated>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Row <em>early</em></div></title><id>urn:x:2</id>
<link rel="replies" href="comments/2"/><link rel="alternate" type="text/html" href="2016/row"/><link rel="edit" href="edit/2"/>
<published>2016-03-05T23:30:00-11:00</published><updated>2016-03-08T00:00:00Z</updated><summary>Row</summary>
<content type="xhtml" xml:lang="en"><div xmlns="http://www.w3.org/1999/xhtml"><p>Row <b>early</b>, for
the sea is flat.</p><ul><li>Take water.</li></ul></div></content></entry>
<entry><title>Rest</title><id>urn:x:3</id><author><name>Jon Berg</name></author><author><name>Mia Hart</name></author>
<link href="2016/rest"/><updated>2016-03-07T00:00:00Z</updated><content type="text">Rest when 2 &lt; 3 are tired.</content></entry></feed>"""
    assert not wrong(
        {"feed.atom": feed},
        {
            "title": "Row early", "author": "Ida Rand", "day": "2016-03-05", "blog": "Ferry & quay",
            "url": "https://ferry.example/blog/2016/row", "body": "Row early, for the sea is flat.\n\nTake water.",
        },
        {"title": "Rest", "author": "Jon Berg, Mia Hart", "day": "2016-03-07", "body": "Rest when 2 < 3 are tired."},
    )  # fmt: skip


def test_the_oldest_rss_and_days_in_another_language_are_read() -> None:
    rdf = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="https://ferry.example/"><title>Ferry</title><link>https://ferry.example/</link><description/><items/></channel>
<item rdf:about="https://ferry.example/row"><title>Row</title><link>https://ferry.example/row</link><dc:creator>Ida Rand</dc:creator>
<dc:date>2004-03-05T10:00+01:00</dc:date><description>Row out.</description><content:encoded><![CDATA[<p>Row out at dawn.</p>]]></content:encoded></item></rdf:RDF>"""
    assert not wrong(
        {"index.rdf": rdf},
        {"title": "Row", "author": "Ida Rand", "day": "2004-03-05", "body": "Row out at dawn."},
    )
    german = "<item><title>Rudern</title><link>https://ferry.example/r</link><pubDate>Do, 03 M\u00e4rz 2016 10:00:00 +0100</pubDate><description>Rudern Sie fr\u00fch los.</description></item>"
    assert not wrong(
        rss(german), {"title": "Rudern", "day": "2016-03-03", "has": ("Rudern Sie fr\u00fch los.",)}
    )


def test_a_json_feed_of_text_has_paragraphs_and_authors() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "Ferry", "home_page_url": "https://ferry.example/",
        "authors": [{"name": "Ida Rand", "url": "https://ferry.example"}],
        "items": [
            {"id": "2", "url": "https://ferry.example/row?utm_medium=feed", "title": "Row",
             "content_text": "Row for an hour.\n\nThen rest where 2 < 3.", "date_published": "2016-03-05T10:00:00+09:00"},
            {"id": "https://ferry.example/link", "url": "https://ferry.example/link", "external_url": "https://elsewhere.example/",
             "title": "A link", "content_html": "<p>Read how they row.</p>", "authors": [{"name": "Jon Berg"}, {"name": "Mia Hart"}],
             "date_published": "2016-03-06T10:00:00Z"},
            {"id": 3, "summary": "Only the start\u2026", "title": "Opening", "url": "/opening"},
        ],
    }  # fmt: skip
    assert not wrong(
        {"feed.json": json.dumps(feed)},
        {"title": "Row", "author": "Ida Rand", "day": "2016-03-05", "url": "https://ferry.example/row",
         "body": "Row for an hour.\n\nThen rest where 2 < 3."},
        {"title": "A link", "author": "Jon Berg, Mia Hart", "url": "https://ferry.example/link", "body": "Read how they row."},
        {"title": "Opening", "teaser": True, "url": "https://ferry.example/opening", "author": "Ida Rand"},
    )  # fmt: skip


def test_a_feed_that_only_declares_the_names_of_an_export_is_a_feed() -> None:
    item = (
        "<item><title>Oars</title><link>https://feeds.ferry.example/click.php?i=1</link><guid>https://ferry.example/oars?wprss=x</guid>"
        "<dc:creator>ida_rand77</dc:creator><description>Check the oars.</description></item>"
    )
    text = RSS.format(item).replace("<rss ", "<rss xmlns:wp='http://wordpress.org/export/1.2/' ")
    assert not wrong(
        {"feed.xml": text},
        {"title": "Oars", "author": None, "url": "https://ferry.example/oars?wprss=x"},
    )


def test_addresses_are_whole_where_the_blog_itself_is_named_by_a_path() -> None:
    feed = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='self' href='https://ferry.example/index.atom'/><link href='/blog/'/>"
        "<title>Ferry</title><id>x</id><entry><id>tag:a,2012:1</id><link href='/blog/oars'/><title>Oars</title>"
        "<updated>2012-07-16T00:00:00Z</updated><content>Check the oars.</content></entry></feed>"
    )
    assert not wrong(
        {"feed.atom": feed}, {"title": "Oars", "url": "https://ferry.example/blog/oars"}
    )


# Mail -----------------------------------------------------------------------------------------


def test_a_newsletter_in_html_is_its_letter_alone() -> None:
    mail = (
        "Received: from x\r\nFrom: =?utf-8?q?Ida_Rand_from_Ferry?= <ida@ferry.example>\r\nTo: you@example.com\r\n"
        "Subject: =?utf-8?q?Row=2C_then_rest?=\r\nDate: Sat, 5 Mar 2016 23:30:00 -0800\r\nMessage-ID: <1@ferry.example>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        '<html><body><div style=3D"display:none;max-height:0">What is in it &zwnj;&nbsp;&zwnj;</div><table><tr><td><a href=3D"x">View th=\r\n'
        "is email in your browser</a></td></tr><tr><td><h1>Row, then rest</h1><p>Row for an hour.</p><p>Then rest, and call =\r\n"
        "the crew.</p></td></tr><tr><td><em>Copyright =C2=A9 2016 Ferry, All rights reserved.</em><br>Our mailing address is:<br>"
        "1 Quay<br>Want to change how you receive these emails? You can <a>update your preferences</a> or <a>unsubscribe</a></td></tr>"
        '</table><img src=3D"https://t.example/open.gif" width=3D"1"></body></html>\r\n--b--\r\n'
    )
    assert not wrong(
        {"letter.eml": mail},
        {"title": "Row, then rest", "author": "Ida Rand from Ferry", "day": "2016-03-05",
         "body": "Row for an hour.\n\nThen rest, and call the crew."},
    )  # fmt: skip


def test_a_plain_letter_is_whole_lines_without_quotes_and_signature() -> None:
    mail = (
        "From: Ida Rand <ida@ferry.example>\nSubject: Oars\nDate: Sun, 6 Mar 2016 09:00:00 +0100\n"
        "Content-Type: text/plain; charset=utf-8; format=flowed\n\nCheck the oars before you leave the quay, \nfor there are none at sea.\n\n"
        "https://ferry.example/oars\n\nThen row.\n\n-- \nIda Rand\nFerry Ltd.\n"
    )
    assert not wrong(
        {"oars.eml": mail},
        {"title": "Oars", "author": "Ida Rand", "day": "2016-03-06",
         "body": "Check the oars before you leave the quay, for there are none at sea.\n\nThen row."},
    )  # fmt: skip


def test_a_box_of_letters_holds_each_and_leaves_answers_to_them() -> None:
    box = (
        "From ida@ferry.example Sat Mar  5 10:00:00 2016\nFrom: Ida Rand <ida@ferry.example>\nSubject: Oars\n"
        "Date: Sat, 5 Mar 2016 10:00:00 +0000\n\n>From the quay you see the oars.\nCount them.\n\n"
        "From jo@x.example Sat Mar  5 11:00:00 2016\nFrom: jo@x.example\nSubject: Re: Oars\nDate: Sat, 5 Mar 2016 11:00:00 +0000\n\nThanks.\n\n"
        "From ida@ferry.example Sun Mar  6 10:00:00 2016\nFrom: Ida Rand <ida@ferry.example>\nSubject: Sails\n"
        "Date: Sun, 6 Mar 2016 10:00:00 +0000\n\nDry the sails.\n"
    )
    assert not wrong(
        {"letters.mbox": box},
        {
            "title": "Oars",
            "has": ("From the quay you see the oars.", "Count them."),
            "lacks": (">",),
        },
        {"title": "Sails", "body": "Dry the sails."},
        left={"replies": 1},
    )
