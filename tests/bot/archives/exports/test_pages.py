"""Pages saved from a browser, and zips of them: more of each kind."""

from __future__ import annotations

import pytest

from bot.archives.reader import read_file
from tests.support.export_parts import FOOT, MENU, PROSE, TEXT, page
from tests.support.exports import TODAY, wrong, zipped


def test_a_block_theme_of_wordpress_marks_title_day_author_and_text() -> None:
    body = (
        "<div class='wp-site-blocks'><header class='wp-block-template-part'><p class='wp-block-site-title'><a href='https://ferry.example'>Ferry</a></p></header>"
        "<main class='wp-block-group'><h1 class='wp-block-post-title'>Row early</h1>"
        "<div class='wp-block-post-date'><time datetime='2021-03-05T23:00:00-08:00'>March 5, 2021</time></div>"
        "<div class='wp-block-post-author'><div class='wp-block-post-author__content'><p class='wp-block-post-author__byline'>by</p><p class='wp-block-post-author__name'>Ida Rand</p></div></div>"
        "<div class='entry-content wp-block-post-content'><p>Row early, for the sea is flat.</p><figure class='wp-block-image'><img><figcaption>The sea</figcaption></figure><p>Then rest.</p>"
        "<div class='sharedaddy'><h3>Share this:</h3><ul><li>Email</li></ul></div></div>"
        "<nav class='wp-block-group'><div class='post-navigation-link-previous'><a>Previous: Oars</a></div></nav>"
        "<div class='wp-block-comments'><h2>2 responses to “Row early”</h2><ol class='wp-block-comment-template'><li><div class='wp-block-comment-author-name'>Bob</div><div class='wp-block-comment-content'><p>Great stuff, buy pills.</p></div></li></ol></div></main>"
        + FOOT
        + "</div>"
    )
    assert not wrong(
        page("Row early – Ferry", body, "<meta property='og:title' content='Row early'><meta property='og:site_name' content='Ferry'><link rel='canonical' href='https://ferry.example/row'>"),
        {"title": "Row early", "author": "Ida Rand", "day": "2021-03-05", "blog": "Ferry", "url": "https://ferry.example/row",
         "body": "Row early, for the sea is flat.\n\nThen rest."},
    )  # fmt: skip


def test_a_page_that_a_browser_saved_knows_its_address_by_the_remark_at_its_top() -> None:
    text = (
        "<!DOCTYPE html>\n<!-- saved from url=(0034)https://ferry.example/2021/03/row/ -->\n<html><head><meta http-equiv='Content-Type' content='text/html; charset=UTF-8'>"
        "<title>Row early | Ferry</title></head><body>"
        + MENU
        + "<div id='content'><h2 class='title'><a href='https://ferry.example/2021/03/row/'>Row early</a></h2>"
        "<div class='date'>5 March 2021</div><div class='entry'><p>Row early, for the sea is flat.</p><p>Then rest.</p></div></div>"
        + FOOT
        + "</body></html>"
    )
    assert not wrong(
        {"Row early _ Ferry.html": text},
        {
            "title": "Row early",
            "day": "2021-03-05",
            "url": "https://ferry.example/2021/03/row/",
            "body": "Row early, for the sea is flat.\n\nThen rest.",
        },
    )


def test_a_theme_of_hugo_has_its_contents_and_neighbours_around_the_text() -> None:
    body = (
        MENU
        + "<main class='main'><article class='post-single'><header class='post-header'><div class='breadcrumbs'><a>Home</a>&nbsp;»&nbsp;<a>Posts</a></div>"
        "<h1 class='post-title entry-hint-parent'>Row early</h1><div class='post-description'>When to leave</div><div class='post-meta'><span title='2021-03-05 00:00:00 +0000 UTC'>March 5, 2021</span>&nbsp;·&nbsp;1 min&nbsp;·&nbsp;Ida Rand</div></header>"
        "<div class='toc'><details><summary>Table of Contents</summary><ul><li><a href='#a'>Why early</a></li></ul></details></div>"
        "<div class='post-content'><p>Row early, for the sea is flat.</p><h2 id='a'>Why early<a hidden class='anchor' href='#a'>#</a></h2><p>The wind sleeps.</p><pre><code>row --early</code><button>copy</button></pre></div>"
        "<footer class='post-footer'><ul class='post-tags'><li>sea</li></ul><nav class='paginav'><a class='next'><span class='title'>Next »</span><br><span>Oars</span></a></nav></footer></article></main>"
        + FOOT
    )
    assert not wrong(
        page("Row early | Ferry", body),
        {"title": "Row early", "day": "2021-03-05", "has": ("Row early, for the sea is flat.\n\nWhy early\n\nThe wind sleeps.",),
         "lacks": ("Contents", "copy", "Next", "#", "Home", "When to leave")},
    )  # fmt: skip


def test_an_archive_page_of_blogger_holds_each_post_under_its_day() -> None:
    one = (
        "<div class='date-outer'><h2 class='date-header'><span>{day}</span></h2><div class='date-posts'><div class='post-outer'><div class='post hentry uncustomized-post-template'>"
        "<h3 class='post-title entry-title'><a href='http://quay.example/{n}.html'>{title}</a></h3><div class='post-body entry-content'>{body}</div>"
        "<div class='post-footer'><span class='post-author vcard'>Posted by <span class='fn'>Jon Berg</span></span> at <abbr class='published' title='{iso}T23:00:00-08:00'>11:00 PM</abbr><span class='post-comment-link'><a>2 comments:</a></span> <span class='post-labels'>Labels: <a>sea</a></span></div></div></div></div></div>"
    )
    body = MENU + "<div id='main'><div class='blog-posts hfeed'>" + one.format(day="Friday, February 3, 2012", iso="2012-02-03", n=1, title="Oars", body="Check the oars.<br/><br/>Then row.") + one.format(
        day="Thursday, February 2, 2012", iso="2012-02-02", n=2, title="Sails", body="Dry the sails… <a href='http://quay.example/2.html#more'>Read more »</a>") + "</div></div><div class='sidebar'><div class='widget Profile'><h2>About Me</h2><p>I sail.</p></div></div>"  # fmt: skip
    assert not wrong(
        page("Quay: February 2012", body),
        {
            "title": "Oars",
            "day": "2012-02-03",
            "author": "Jon Berg",
            "url": "http://quay.example/1.html",
            "body": "Check the oars.\n\nThen row.",
        },
        {"title": "Sails", "day": "2012-02-02", "teaser": True, "lacks": ("Read more",)},
    )


def test_a_page_of_medium_as_a_browser_saves_it() -> None:
    body = (
        "<div id='root'><div><nav><a>Open in app</a><button>Sign up</button></nav><article><div><section><div><h1 class='pw-post-title' data-testid='storyTitle'>Row early</h1><h2 class='pw-subtitle-paragraph'>When to leave</h2>"
        "<div><a data-testid='authorName' href='/@ida'>Ida Rand</a><button>Follow</button><span data-testid='storyReadTime'>3 min read</span><span>·</span><span data-testid='storyPublishDate'>Mar 5, 2021</span></div>"
        "<div><button>Listen</button><button>Share</button></div><p class='pw-post-body-paragraph'>Row early, for the sea is flat.</p><figure><img><figcaption>The sea</figcaption></figure><p class='pw-post-body-paragraph'>Then rest.</p></div></section></div></article>"
        "<div><h2>Written by Ida Rand</h2><p>1.2K Followers</p></div><div><h2>Responses (2)</h2><p>Great stuff.</p></div><div><h2>More from Ida Rand</h2><p>Other post</p></div></div></div>"
    )
    more = "<meta property='og:title' content='Row early'><meta property='og:type' content='article'><meta property='og:site_name' content='Medium'><meta name='author' content='Ida Rand'><link rel='canonical' href='https://ida.medium.com/row-1'>"
    assert not wrong(
        page("Row early. When to leave | by Ida Rand | Mar, 2021 | Medium", body, more),
        {"title": "Row early", "author": "Ida Rand", "day": "2021-03-05", "url": "https://ida.medium.com/row-1",
         "has": ("Row early, for the sea is flat.\n\nThen rest.",), "lacks": ("Follow", "min read", "Great stuff", "Other post", "Listen")},
    )  # fmt: skip


def test_a_german_and_a_french_page_know_day_and_name() -> None:
    german = (
        "<article class='post'><h1 class='entry-title'>Früh rudern</h1><div class='entry-meta'>Veröffentlicht am <span class='date'>3. März 2016</span> von <span class='author'>Lena Fuchs</span></div>"
        "<div class='entry-content'><p>Rudern Sie früh los, denn das Meer ist glatt.</p><p>Danach ruhen Sie.</p></div></article>"
    )
    assert not wrong(
        page("Früh rudern – Fähre", MENU + german),
        {
            "title": "Früh rudern",
            "day": "2016-03-03",
            "author": "Lena Fuchs",
            "body": "Rudern Sie früh los, denn das Meer ist glatt.\n\nDanach ruhen Sie.",
        },
    )
    french = (
        "<article class='post'><h1 class='entry-title'>Ramer tôt</h1><p class='meta'>Publié le 3 août 2016 par <a rel='author'>Léa Roux</a></p>"
        "<div class='entry-content'><p>Ramez tôt, car la mer est plate.</p><p>Puis reposez-vous.</p></div></article>"
    )
    assert not wrong(
        page("Ramer tôt | Bac", MENU + french),
        {
            "title": "Ramer tôt",
            "day": "2016-08-03",
            "author": "Léa Roux",
            "body": "Ramez tôt, car la mer est plate.\n\nPuis reposez-vous.",
        },
    )


def test_a_page_without_any_marks_of_a_theme_is_its_paragraphs() -> None:
    body = (
        "<table><tr><td colspan='2'><a href='index.html'>Home</a> | <a href='talks.html'>Talks</a></td></tr><tr><td width='150'><ul><li><a>2004</a></li></ul></td><td>"
        "<h1>Row early</h1><p><i>March 5, 2004</i></p><p>Row early, for the sea is flat and the wind sleeps until the sun is up.<p>Then rest at the quay until the others have come, and count them, for nobody"
        " else does. Who comes last rows home alone, and learns to look at the clock before the tide does."
        "</td></tr></table><hr><address>ida@ferry.example</address>"
    )
    assert not wrong(
        page("Row early", body),
        {"title": "Row early", "day": "2004-03-05", "has": ("Row early, for the sea is flat and the wind sleeps until the sun is up.\n\nThen rest at the quay",),
         "lacks": ("Home", "2004", "@")},
    )  # fmt: skip


LED_ASTRAY = {
    "a main part that holds no text": f"<main class='row'><p>Our boats are for hire.</p></main><block><div>{TEXT}</div></block>",
    "an advertisement that is called the content": f"<div class='entry-content'><a>Buy a boat today, and pay next year</a></div><div id='inner'>{TEXT}</div>",
    "a text in parts that are called dates": f"<article><h1>Row early</h1>{''.join(f'<div class=pb-timestamp-article>{p}</div>' for p in TEXT.split('</p>'))}</article>",
    "nothing but menus around it": f"<div><ul>{'<li><a>A place of the sea</a></li>' * 40}</ul><div><div>{TEXT}</div></div></div>",
}


@pytest.mark.parametrize("where", LED_ASTRAY)
def test_where_marks_of_a_theme_lead_astray_the_paragraphs_tell_the_text(where: str) -> None:
    body = MENU + LED_ASTRAY[where] + FOOT
    assert not wrong(
        page("Row early", body, "<meta property='og:title' content='Row early'>"),
        {
            "title": "Row early",
            "has": ("\n\n".join(PROSE),),
            "lacks": ("Home", "place of", "Copyright"),
        },
    )


def test_days_and_names_of_other_posts_around_a_post_are_not_its_own() -> None:
    card = "<li><a>{0}</a><span class='author'>{0}</span><time datetime='{1}'>{1}</time></li>"
    others = (
        card.format("Bo Ek", "2022-06-07")
        + card.format("Cy Orr", "2022-06-08")
        + card.format("Di Poe", "2022-06-09")
    )
    body = f"<div class='page'><ul class='news'>{others}</ul><div class='post-content'>{TEXT}</div></div>"
    more = "<meta property='article:published_time' content='2021-03-05T08:00:00Z'><meta name='author' content='Ida Rand'>"
    assert not wrong(
        page("Row early", MENU + body, more),
        {"title": "Row early", "author": "Ida Rand", "day": "2021-03-05"},
    )


# Zips -----------------------------------------------------------------------------------------


def test_a_zip_of_a_mac_with_folders_and_what_systems_leave_holds_its_posts() -> None:
    inner = zipped(
        {
            "feed.json": '{"version": "https://jsonfeed.org/version/1", "title": "B", "items": [{"id": "1", "title": "Sails", "content_text": "Dry the sails."}]}'
        }
    )
    assert not wrong(
        {
            "My blog/posts/Row early.md": "# Row early\n\nRow early, for the **sea** is flat.\n",
            "My blog/posts/.DS_Store": b"\x00",
            "My blog/Thumbs.db": b"\xd0\xcf",
            "My blog/desktop.ini": "[x]",
            "__MACOSX/My blog/posts/._Row early.md": b"\x00\x05",
            "My blog/old/feed.zip": inner,
        },
        {"title": "Row early", "body": "Row early, for the sea is flat."},
        {"title": "Sails", "body": "Dry the sails."},
    )


def test_names_of_a_zip_from_windows_have_their_folders() -> None:
    data = zipped(
        {
            "posts\\2021-03-05-row-early.md": "Row **early**.\n",
            "posts\\x.txt": "Dry the sails before you leave.\n\nThen row.\n",
        }
    )
    (first, *_) = read_file(data, "blog.zip", today=TODAY).posts
    assert (first.title, str(first.published), first.body) == (
        "Row early",
        "2021-03-05",
        "Row early.",
    )
