"""What Substack and Medium hand out, as a folder or a zip: more of each kind."""

from __future__ import annotations

from tests.support.exports import wrong, zipped

CSV = "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n"


def test_a_substack_export_holds_posts_podcasts_and_what_is_paid_for() -> None:
    rows = (
        CSV
        + '101.corner,2022-03-04T23:30:00.000Z,true,2022-03-04T23:31:00.000Z,,newsletter,everyone,"Corner, not wall",Sit well,\n'
        "102.paid,2022-03-05T10:00:00.000Z,true,,,newsletter,only_paid,Paid,,\n"
        "103.free,2022-03-06T10:00:00.000Z,true,,,newsletter,only_free,Free list,,\n"
        "104.talk,2022-03-07T10:00:00.000Z,true,,,podcast,everyone,A talk,,https://api.substack.example/a.mp3\n"
        "105.half,,false,,,newsletter,everyone,Half,,\n"
        "106.thread,2022-03-08T10:00:00.000Z,true,,,thread,everyone,What do you do,,\n"
        "107.founders,2022-03-09T10:00:00.000Z,true,,,newsletter,founding,Founders,,\n"
    )
    corner = (
        '<h3>Sit well</h3><p>Sit at a corner<a data-component-name="FootnoteAnchorToDOM" id="footnote-anchor-1"'
        ' href="#footnote-1" target="_self" class="footnote-anchor">1</a>.</p>'
        '<div class="captioned-image-container"><figure><a class="image-link" href="x"><img src="x"></a>'
        '<figcaption class="image-caption">A corner</figcaption></figure></div>'
        '<p class="button-wrapper" data-attrs="{}"><a class="button primary" href="x"><span>Share</span></a></p>'
        '<div class="subscription-widget-wrap-editor"><div class="subscription-widget show-subscribe"><div class="preamble">'
        '<p class="cta-caption">Thanks for reading Rooms! Subscribe for free.</p></div><form><input></form></div></div>'
        '<div class="pullquote"><p>Nobody argues across a corner.</p></div>'
        '<div class="digest-post-embed"><div class="embedded-post"><p>Another post</p></div></div>'
        '<div class="footnote" data-component-name="FootnoteToDOM"><a class="footnote-number">1</a>'
        '<div class="footnote-content"><p>Or a window.</p></div></div>'
    )
    page = "<p>Words of {}.</p>"
    files = {
        "posts.csv": "\ufeff" + rows,
        "posts/101.corner.html": corner,
        "subscribers.csv": "email\na@b.example\n",
    }
    files |= {
        f"posts/{n}.html": page.format(n)
        for n in ("102.paid", "103.free", "104.talk", "105.half", "106.thread", "107.founders")
    }
    assert not wrong(
        files,
        {"title": "Corner, not wall", "day": "2022-03-04", "teaser": False, "has": ("Sit at a corner.", "Nobody argues"),
         "lacks": ("A corner\n", "Share", "Thanks", "Another", "window", "Sit well")},
        {"title": "A talk", "body": "Words of 104.talk."},
        left={"posts for subscribers": 3, "drafts": 1, "threads": 1},
    )  # fmt: skip


def test_a_substack_zip_unpacked_into_one_folder_or_packed_once_more_is_the_same() -> None:
    rows = (
        CSV
        + "101.corner,2022-03-04T10:00:00.000Z,true,,,newsletter,everyone,Corner,,\n105.half,,false,,,newsletter,everyone,Half,,\n"
    )
    flat = {
        "Export 1/posts.csv": rows,
        "Export 1/101.corner.html": "<p>Sit at a corner.</p>",
        "Export 1/105.half.html": "<p>Half.</p>",
    }
    want = {"title": "Corner", "day": "2022-03-04", "body": "Sit at a corner."}
    assert not wrong(flat, want, left={"drafts": 1})
    assert not wrong({"inner.zip": zipped(flat), "note.png": b"\x89PNG"}, want, left={"drafts": 1})


STORY = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{title}</title><style>* {{ font: serif }}</style></head><body><article class="h-entry">
<header><h1 class="p-name">{title}</h1></header>
<section data-field="subtitle" class="p-summary">Where to sit</section>
<section data-field="body" class="e-content"><section name="a1" class="section section--body section--first section--last"><div class="section-divider"><hr class="section-divider"></div><div class="section-content"><div class="section-inner sectionLayout--insetColumn">{body}</div></div></section></section>
<footer><p>By <a href="https://medium.com/@ida" class="p-author h-card">Ida Rand</a>{when}.</p><p><a href="https://medium.com/p/abc123" class="p-canonical">Canonical link</a></p><p>Exported from <a href="https://medium.com">Medium</a> on March 1, 2022.</p></footer></article></body></html>"""
WHEN = ' on <a href="https://medium.com/p/abc123"><time class="dt-published" datetime="2021-03-05T04:30:00.000Z">March 5, 2021</time></a>'


def story(title: str, body: str, when: str = WHEN) -> str:
    return STORY.format(title=title, body=body, when=when)


def test_a_medium_export_in_a_folder_of_its_own_holds_stories_drafts_and_responses() -> None:
    body = (
        '<h3 name="t" class="graf graf--h3 graf--leading graf--title">Two chairs</h3>'
        '<h4 name="s" class="graf graf--h4 graf-after--h3 graf--subtitle">Where to sit</h4>'
        '<figure class="graf graf--figure"><img src="x"><figcaption class="imageCaption">A desk</figcaption></figure>'
        '<p class="graf graf--p">Put two chairs at a <strong class="markup--strong">corner</strong>.</p>'
        '<blockquote class="graf graf--pullquote">Nobody argues across a corner.</blockquote>'
        '<div class="graf graf--mixtapeEmbed"><a href="x" class="markup--anchor markup--mixtapeEmbed-anchor" title="x">'
        "<strong>Other post</strong><br><em>What it says</em>other.example</a></div>"
        '<ul class="postList"><li class="graf graf--li">Bring paper.</li></ul>'
        '<pre class="graf graf--pre">sit --corner</pre>'
    )
    reply = (
        '<p class="graf graf--p graf--leading">I sit at the window, and so do most of us here.</p>'
    )
    root = "medium-export-5e6f/"
    assert not wrong(
        {
            f"{root}README.html": "<html><body><h1>Archive for Ida Rand</h1><p>Hello.</p></body></html>",
            f"{root}posts/2021-03-05_Two-chairs-abc123.html": story("Two chairs", body),
            f"{root}posts/draft_Lamps-def456.html": story("Lamps", "<p>Dim.</p>", ""),
            f"{root}posts/2021-03-06_I-sit-at-the-window--and-so-do-ab1.html": story("I sit at the window, and so do…", reply),
            f"{root}claps/claps-0001.html": "<html><body><h1>Claps</h1></body></html>",
            f"{root}users-following/x.html": "<html><body><ul><li>x</li></ul></body></html>",
        },
        {
            "title": "Two chairs", "author": "Ida Rand", "day": "2021-03-05", "url": "https://medium.com/p/abc123",
            "has": ("Put two chairs at a corner.\n\nNobody argues across a corner.", "Bring paper."),
            "lacks": ("A desk", "Where to sit", "Other post", "Exported"),
        },
        left={"account files": 3, "drafts": 1, "responses": 1},
    )  # fmt: skip


def test_only_the_folder_of_stories_is_enough() -> None:
    body = '<h3 class="graf graf--h3 graf--title">Two chairs</h3><p class="graf graf--p">Sit at a corner.</p>'
    assert not wrong(
        {"posts/2021-03-05_Two-chairs-abc123.html": story("Two chairs", body),
         "posts/draft_Lamps-def456.html": story("Lamps", "<p>Dim.</p>", "")},
        {"title": "Two chairs", "author": "Ida Rand", "body": "Sit at a corner."},
        left={"drafts": 1},
    )  # fmt: skip
