"""Each way in which a blog is exported: what comes in right, and what stays out by its kind."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.archives.archive import Archive, UnreadableArchive
from bot.archives.bundle import Folder, Zip
from bot.archives.reader import Opened, read_bundle, read_file
from bot.library.post import Post

TODAY = date(2026, 11, 23)
WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/{v}/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/{v}/">
<channel><title>Orchard Notes</title><link>https://orchard.example</link>
<wp:wxr_version>{v}</wp:wxr_version>
<wp:author><wp:author_login>mvos</wp:author_login><wp:author_email>m@orchard.example</wp:author_email>
<wp:author_display_name>mvos</wp:author_display_name><wp:author_first_name>Mara</wp:author_first_name>
<wp:author_last_name>Vos</wp:author_last_name></wp:author>
{items}</channel></rss>"""
ITEM = """<item><title>{title}</title><link>{link}</link>
<pubDate>Thu, 03 Mar 2016 23:30:00 +0000</pubDate>
<dc:creator>mvos</dc:creator><guid isPermaLink="false">https://orchard.example/?p={n}</guid>
<content:encoded><![CDATA[{body}]]></content:encoded><excerpt:encoded></excerpt:encoded>
<wp:post_id>{n}</wp:post_id><wp:post_date>2016-03-04 00:30:00</wp:post_date>
<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>
<wp:post_password>{password}</wp:post_password></item>"""


def item(body: str, **more: str) -> str:
    values = {
        "title": "Prune in March", "link": "https://orchard.example/prune/", "n": "7",
        "status": "publish", "kind": "post", "password": "",
    }  # fmt: skip
    return ITEM.format(body=body, **values | more)


def wxr(*items: str, version: str = "1.2") -> Archive:
    return read(WXR.format(v=version, items="".join(items)), "orchard.xml")


def read(text: str, name: str) -> Archive:
    return read_file(text.encode(), name, today=TODAY)


def only(text: str, name: str = "page.html") -> Post:
    (post,) = read(text, name).posts
    return post


# WordPress ------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_a_wordpress_post_comes_in_with_name_day_and_address(version: str) -> None:
    (post,) = wxr(item("<p>Prune before the sap rises.</p>"), version=version).posts
    assert (post.title, post.author, post.published, post.blog) == (
        "Prune in March", "Mara Vos", date(2016, 3, 4), "Orchard Notes",
    )  # fmt: skip
    assert post.url == "https://orchard.example/prune/"
    assert post.guid == "https://orchard.example/?p=7"


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"status": "draft"}, "drafts"),
        ({"status": "pending"}, "drafts"),
        ({"status": "private"}, "private posts"),
        ({"status": "future"}, "scheduled posts"),
        ({"status": "trash"}, "trashed posts"),
        ({"status": "some-plugin-state"}, "drafts"),
        ({"password": "x"}, "password-protected posts"),
        ({"kind": "page"}, "pages"),
        ({"kind": "attachment", "status": "inherit"}, "attachments"),
        ({"kind": "shop_order"}, "other items"),
    ],
)
def test_what_is_no_published_post_of_wordpress_stays_out(more: dict[str, str], kind: str) -> None:
    archive = wxr(item("<p>Ours alone.</p>", **more), item("<p>For all to read.</p>"))
    assert [post.body for post in archive.posts] == ["For all to read."]
    assert archive.left_out_by_kind == {kind: 1}


def test_lines_of_the_classic_editor_are_paragraphs_and_wrapped_ones_are_not() -> None:
    body = (
        "A ladder that stands on soft ground and leans against a thin\nbranch will fall."
        "\n\nSet it twice."
    )
    (post,) = wxr(item(body)).posts
    assert post.body == (
        "A ladder that stands on soft ground and leans against a thin branch will fall."
        "\n\nSet it twice."
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<p>A [sic] tree.</p>[su_spoiler title='x']Water it.[/su_spoiler]",
            "A [sic] tree.\n\nWater it.",
        ),
        ("<p>Cut low.</p>[instagram url=https://i.example/1]", "Cut low."),
        ("<p>Cut low[ref]See the manual.[/ref] and wait.</p>", "Cut low and wait."),
        ("<p>Cut low.</p>[caption width='3']<img src='a'> A saw[/caption]", "Cut low."),
        ("[et_pb_row][et_pb_text]<p>Cut low.</p>[/et_pb_text][/et_pb_row]", "Cut low."),
        ("<p>Cut low.<p>Then rest.", "Cut low.\n\nThen rest."),
        ("<h2>Saws</h2>Cut low.", "Saws\n\nCut low."),
    ],
)
def test_code_of_a_blog_is_no_part_of_its_text(body: str, text: str) -> None:
    (post,) = wxr(item(body)).posts
    assert post.body == text


def test_co_authors_are_all_named() -> None:
    authors = (
        "<wp:author><wp:author_login>jb</wp:author_login>"
        "<wp:author_display_name>Jon Berg</wp:author_display_name></wp:author>"
    )
    both = '<category domain="author" nicename="cap-jb"><![CDATA[jb]]></category>'
    both += '<category domain="author" nicename="mvos"><![CDATA[mvos]]></category>'
    (post,) = wxr(
        authors + item("<p>Prune.</p>").replace("<dc:creator>", both + "<dc:creator>")
    ).posts
    assert post.author == "Jon Berg, Mara Vos"


def test_squarespace_writes_paths_and_mails_for_logins() -> None:
    (post,) = wxr(
        item("<p>Prune.</p>", link="/blog/2016/prune").replace(">mvos<", ">m@orchard.example<")
    ).posts
    assert (post.url, post.author) == ("https://orchard.example/blog/2016/prune", "Mara Vos")


def test_an_export_that_is_cut_off_is_refused() -> None:
    whole = WXR.format(v="1.2", items=item("<p>Prune.</p>"))
    with pytest.raises(UnreadableArchive, match="cut off"):
        read(whole[: whole.index("</item>")], "orchard.xml")


# Blogger, Movable Type, Ghost ------------------------------------------------------------------

TAKEOUT = """<?xml version='1.0' encoding='utf-8'?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>
<id>tag:blogger.com,1999:blog-9</id><title>Quiet Pier</title>
{entries}</feed>"""
ENTRY = """<entry><id>tag:blogger.com,1999:blog-9.post-{n}</id><blogger:type>{kind}</blogger:type>
<blogger:status>{state}</blogger:status><author><name>Ole Ny</name></author><title>{title}</title>
<content type='html'>&lt;p&gt;Tie the boat first.&lt;/p&gt;</content>
<published>2019-07-01T22:00:00-07:00</published><blogger:filename>/2019/07/tie.html</blogger:filename></entry>"""


def test_of_a_blogger_takeout_only_live_posts_come_in() -> None:
    rows = [("POST", "LIVE"), ("POST", "DRAFT"), ("POST", "SCHEDULED"), ("PAGE", "LIVE"),
            ("COMMENT", "LIVE"), ("POST", "SOFT_TRASHED")]  # fmt: skip
    entries = "".join(
        ENTRY.format(n=n, kind=kind, state=state, title=f"T{n}")
        for n, (kind, state) in enumerate(rows)
    )
    archive = read(TAKEOUT.format(entries=entries), "feed.atom")
    (post,) = archive.posts
    assert (post.title, post.author, post.published) == ("T0", "Ole Ny", date(2019, 7, 1))
    assert sum(archive.left_out_by_kind.values()) == 5


MT = """TITLE: Count the lids
AUTHOR: Rita Falk
DATE: 02/03/2009 16:20:00
STATUS: {state}
CONVERT BREAKS: 1
-----
BODY:
Count the lids.

Then count the jars.
-----
COMMENT:
AUTHOR: Somebody
Fine.
-----
--------
"""


def test_movable_type_writes_month_first_and_keeps_lines() -> None:
    archive = read(MT.format(state="Publish") + MT.format(state="Draft"), "export.txt")
    (post,) = archive.posts
    assert (post.author, post.published) == ("Rita Falk", date(2009, 2, 3))
    assert post.body == "Count the lids.\n\nThen count the jars."
    assert archive.left_out_by_kind == {"comments": 2, "drafts": 1}


def test_a_movable_type_export_that_is_cut_off_is_refused() -> None:
    with pytest.raises(UnreadableArchive, match="cut off"):
        read(
            MT.format(state="Publish") + "TITLE: Half\nDATE: 02/04/2009\n-----\nBODY:\nHal", "e.txt"
        )


def ghost(**row: object) -> str:
    post = {"id": 1, "title": "Ask twice", "html": "<p>Ask it twice.</p>", "status": "published",
            "published_at": "2021-01-01T04:00:00.000Z", "author_id": 5}  # fmt: skip
    settings = [{"key": "timezone", "value": "America/New_York"}]
    users = [{"id": 5, "name": "Ana Lim", "email": "a@l.example"}]
    return json.dumps({"data": {"posts": [post | row], "users": users, "settings": settings}})


def test_ghost_keeps_utc_and_the_blog_shows_its_own_day() -> None:
    post = only(ghost(), "ghost.json")
    assert (post.author, post.published) == ("Ana Lim", date(2020, 12, 31))


@pytest.mark.parametrize(
    "row",
    [{"status": "draft"}, {"status": "scheduled"}, {"type": "page"}, {"page": 1},
     {"visibility": "members"}, {"visibility": "paid"}, {"status": "sent"}],
)  # fmt: skip
def test_what_is_not_open_to_everybody_on_ghost_stays_out(row: dict[str, object]) -> None:
    assert read(ghost(**row), "ghost.json").posts == ()


# Static sites ----------------------------------------------------------------------------------

HEADS = {
    "YAML": "---\ntitle: Row slowly\nauthor: {{name: Ida Rand}}\ndate: {date}\n---\n",
    "TOML": '+++\ntitle = "Row slowly"\nauthor = "Ida Rand"\ndate = "{date}"\n+++\n',
    "JSON": '{{"title": "Row slowly", "author": "Ida Rand", "date": "{date}"}}\n\n',
    "Eleventy JSON": (
        '---json\n{{"title": "Row slowly", "author": "Ida Rand", "date": "{date}"}}\n---\n'
    ),
    "Pelican": "Title: Row slowly\nAuthor: Ida Rand\nDate: {date}\n\n",
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(
    "day",
    [
        "2016-3-4",
        "2016/03/04 08:00",
        "4 March 2016",
        "2016-03-04T23:00:00-08:00",
        "Fri, 4 Mar 2016",
        "March 4th, 2016 at 8:33 pm",
    ],
)
def test_every_head_and_every_form_of_a_day_is_read(head: str, day: str) -> None:
    post = only(HEADS[head].format(date=day) + "Row slowly, and look back.", "row.md")
    assert (post.title, post.author, post.published, post.body) == (
        "Row slowly", "Ida Rand", date(2016, 3, 4), "Row slowly, and look back.",
    )  # fmt: skip


BROKEN = {
    "YAML": ("---\ntitle: Row slowly\nsubtitle: a: b: c\n  - d\n{state}: {yes}\n"
             "author: Ida Rand\n---\n", 3),
    "TOML": ('+++\ntitle = "Row slowly"\nday = 2016-13-45\n{state} = {yes} # ours\n'
             'author = "Ida Rand"\n[cover]\ntitle = "A boat"\n+++\n', 3),
    "JSON": ('---json\n{{\n  "title": "Row slowly",\n  "day": 3 4,\n  "{state}": {yes},\n'
             '  "author": "Ida Rand"\n}}\n---\n', 4),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_a_head_that_is_not_quite_right_costs_a_doubt_with_its_line_and_no_post(kind: str) -> None:
    head, line = BROKEN[kind]
    archive = read(head.format(state="draft", yes="false") + "Row slowly, and look back.", "row.md")
    (post,) = archive.posts
    assert (post.title, post.author, post.body) == (
        "Row slowly", "Ida Rand", "Row slowly, and look back.",
    )  # fmt: skip
    assert (
        archive.doubts[0]
        == f"line {line}: the front matter is not {kind}; its plain lines were read."
    )
    ours = read(head.format(state="draft", yes="true") + "Row slowly.", "row.md")
    assert (ours.posts, ours.left_out_by_kind) == ((), {"drafts": 1})


def test_a_head_without_a_text_is_refused_by_its_line(tmp_path: Path) -> None:
    head = "---\ntitle: Row\n---\n\n"
    with pytest.raises(UnreadableArchive, match=r"row\.md, line 3: no text stands below"):
        read(head, "row.md")
    found = bundle(
        tmp_path, {"_posts/2016-03-04-row.md": head, "_posts/2016-03-05-on.md": "Row on."}, True
    )
    assert [post.body for archive in found.archives for post in archive.posts] == ["Row on."]
    assert "no text stands below" in found.archives[0].doubts[0]


@pytest.mark.parametrize(
    "line",
    ["draft: true", "published: false", "status: draft", "private: true", "date: 2030-01-01",
     "password: x", "publish: no", "expiryDate: 2020-01-01", "layout: page", "unlisted: true"],
)  # fmt: skip
def test_a_page_that_is_not_published_stays_out(line: str) -> None:
    assert read(f"---\ntitle: Row\n{line}\n---\nOurs alone.\n", "row.md").posts == ()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Row *slowly* and `look`.", "Row slowly and look."),
        ("A [chart](http://c.example) and ![a map](m.png) help.", "A chart and help."),
        ("Row on.[^1]\n\n[^1]: A note.", "Row on."),
        (
            "{{< youtube abc >}}\n\nRow on.\n\n{{% notice tip %}}Look back.{{% /notice %}}",
            "Row on.\n\nLook back.",
        ),
        ("{% include x.html %}Row on.{: .lead}", "Row on."),
        ("See [[Oars|the oars]] and ==mark== them. %%mine%%", "See the oars and mark them."),
        ("> [!note] Row on.", "Row on."),
        ("- [ ] Row on.\n- [x] Look back.", "Row on.\n\nLook back."),
        ("Row on,  \nlook back.", "Row on,\nlook back."),
        ("~~Stop.~~ &amp; go", "Stop. & go"),
        ("Two\n===\n\nRow on.", "Two\n\nRow on."),
    ],
)
def test_markdown_is_text_without_marks(source: str, text: str) -> None:
    assert only(f"---\ntitle: T\n---\n{source}\n", "t.md").body == text


def bundle(tmp_path: Path, files: dict[str, str], zipped: bool) -> Opened:
    if zipped:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as file:
            for name, text in files.items():
                file.writestr(f"export/{name}", text)
        return read_bundle(Zip(data.getvalue(), "export.zip"), today=TODAY)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return read_bundle(Folder.open(tmp_path), today=TODAY)


SITES = {
    "Jekyll": {
        "_config.yml": "title: Slow Oars\nauthor: Ida Rand",
        "_posts/2016-03-04-row-slowly.md": "---\nlayout: post\n---\nRow slowly.",
        "_drafts/half.md": "---\ntitle: Half\n---\nHalf.",
        "about.md": "---\ntitle: About\n---\nUs.",
        "_includes/foot.html": "<p>Foot</p>",
    },
    "Hugo": {
        "hugo.toml": 'title = "Slow Oars"',
        "data/authors/ir.toml": 'name = "Ida Rand"',
        "content/posts/2016-03-04-row-slowly/index.md": "+++\nauthor = 'ir'\n+++\nRow slowly.",
        "content/posts/half.md": "+++\ndraft = true\n+++\nHalf.",
        "content/about.md": "+++\n+++\nUs.",
        "content/posts/_index.md": "+++\n+++\nAll posts.",
        "archetypes/default.md": "+++\ntitle = '{{ .Name }}'\n+++\n",
    },
    "Eleventy": {
        "eleventy.config.js": "export default () => {}",
        "_data/metadata.json": '{"title": "Slow Oars", "author": {"name": "Ida Rand"}}',
        "posts/2016-03-04-row-slowly.md": "---\ntags: posts\n---\nRow slowly.",
        "posts/half.md": "---\ndraft: true\n---\nHalf.",
        "about.md": "---\ntitle: About\n---\nUs.",
        "README.md": "Build it with npm.",
        "_includes/post.html": "<p>Foot</p>",
    },
    "Substack": {
        "posts.csv": "post_id,post_date,is_published,type,audience,title,subtitle\n"
        "1.row,2016-03-04T08:00:00Z,true,newsletter,everyone,Row slowly,\n"
        "2.half,,false,newsletter,everyone,Half,\n3.paid,2016-03-05,true,newsletter,only_paid,Paid,\n"
        "4.talk,2016-03-05,true,thread,everyone,Talk,\n",
        "posts/1.row.html": "<p>Row slowly.</p>",
        "posts/2.half.html": "<p>Half.</p>",
        "posts/3.paid.html": "<p>Paid.</p>",
        "posts/4.talk.html": "<p>Talk.</p>",
    },
}


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("kind", SITES)
def test_of_a_whole_export_only_its_posts_come_in(tmp_path: Path, kind: str, zipped: bool) -> None:
    opened = bundle(tmp_path, SITES[kind], zipped)
    (archive,) = opened.archives
    assert [(p.title, p.published, p.body) for p in archive.posts] == [
        ("Row slowly", date(2016, 3, 4), "Row slowly.")
    ]
    assert archive.left_out
    if kind != "Substack":
        assert (archive.posts[0].author, archive.posts[0].blog) == ("Ida Rand", "Slow Oars")


def test_a_notebook_page_has_its_facts_below_its_title() -> None:
    name = "Row slowly 0123456789abcdef0123456789abcdef.md"
    text = "# Row slowly\n\nCreated: March 4, 2016 9:12 AM\nAuthor: Ida Rand\n\nRow on.\n"
    post = only(text, name)
    assert (post.title, post.author, post.published, post.body) == (
        "Row slowly", "Ida Rand", date(2016, 3, 4), "Row on.",
    )  # fmt: skip
    assert read(text.replace("Author: Ida Rand", "Status: Draft"), name).posts == ()


# Feeds, mail and pages -------------------------------------------------------------------------


def test_a_json_feed_is_read() -> None:
    entry = {
        "id": "1",
        "url": "https://o.example/1?utm_source=x",
        "title": "Row",
        "content_html": "<p>Row on.</p>",
        "date_published": "2016-03-04T23:00:00-08:00",
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Slow Oars",
            "authors": [{"name": "Ida Rand"}], "items": [entry]}  # fmt: skip
    post = only(json.dumps(feed), "feed.json")
    assert (post.url, post.author, post.published) == (
        "https://o.example/1",
        "Ida Rand",
        date(2016, 3, 4),
    )


def test_a_newsletter_saved_as_mail_is_read_without_its_address() -> None:
    mail = (
        "From: Ida Rand <ida@o.example>\nSubject: =?utf-8?q?Row_slowly?=\n"
        "Date: Fri, 4 Mar 2016 08:00:00 +0100\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\n\nRow on and\nlook back.\n\nUnsubscribe here\n"
    )
    post = only(mail, "row.eml")
    assert (post.title, post.author, post.body) == (
        "Row slowly",
        "Ida Rand",
        "Row on and look back.",
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04broken", "unpack it"),
        (b"{\\rtf1", "rich text"),
        (b"\x1f\x8b\x08", "gzip"),
        (b'<?xml version="1.0"?><urlset></urlset>', "no posts"),
        (b'{"notes": []}', "neither a Ghost export nor a JSON Feed"),
        (b'{"data": {"posts": [{"title": "Ro', "cut off"),
    ],
)
def test_what_can_not_be_read_is_named_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableArchive, match=said):
        read_file(data, "thing.json" if data[:1] == b"{" else "thing")


# Laws ------------------------------------------------------------------------------------------

PIECE = st.sampled_from(
    [
        "Row on. ",
        "<b>",
        "</b>",
        "<p>",
        "</p>",
        "<br>",
        "&amp;",
        "&nbsp;",
        "<h2>Oars</h2>",
        "<ul><li>",
        "</ul>",
        "<script>x()</script>",
        "<!-- a -->",
        "\n",
        "\n\n",
        "[gallery ids='1']",
        "<table><td>",
        "<img src='a.png' alt='b'>",
        "<a href='#fn1'>1</a>",
        "**",
        "<div class='share'>Share</div>",
    ]
)


@given(st.lists(PIECE, max_size=30))
def test_no_text_holds_a_tag_or_an_entity(pieces: list[str]) -> None:
    archive = wxr(item("Look back. " + "".join(pieces)))
    for post in archive.posts:
        assert not any(
            mark in post.body for mark in ("<b", "<p", "</", "&nbsp;", "x()", "gallery", "<!")
        )


STATES = st.sampled_from(
    ["draft", "private", "future", "trash", "pending", "auto-draft", "inherit-x"]
)


@given(st.lists(st.tuples(STATES, st.booleans()), max_size=8))
def test_nothing_private_comes_in_whatever_stands_beside_it(rows: list[tuple[str, bool]]) -> None:
    items = [
        item(
            "<p>Secret margin.</p>",
            n=str(n),
            status="publish" if locked else state,
            password="x" if locked else "",
        )
        for n, (state, locked) in enumerate(rows)
    ]
    archive = wxr(*items, item("<p>For all.</p>", n="99"))
    assert [post.body for post in archive.posts] == ["For all."]
    assert len(archive.left_out) == len(rows)
