"""Exports and feeds, one of each kind, with what is right of each."""

from __future__ import annotations

import json

from tests.support.export_parts import RSS, blogger, entry, ghost, item, row, rss, wxr
from tests.support.exports import Case, check, whole

CASES: dict[str, Case] = {}

# WXR
check(
    CASES,
    "wxr: two item same guid revision",
    wxr(
        item("A", "<p>One line here.</p>", n=1),
        item("A", "<p>Old line here.</p>", kind="revision", status="inherit", n=2),
    ),
    whole("A", "One line here."),
    left={"revisions": 1},
)
check(
    CASES,
    "wxr: brackets of author",
    wxr(item("B", "<p>He said [and I quote] “never [ever] wait”. See [1] and [TBD].</p>")),
    whole("B", "He said [and I quote] “never [ever] wait”. See [1] and [TBD]."),
)
check(
    CASES,
    "wxr: html entities & smart",
    wxr(item("Q&amp;A: don&#8217;t", "<p>Don&#8217;t wait &mdash; ask &amp; listen.</p>")),
    whole("Q&A: don’t", "Don’t wait — ask & listen."),
)
check(
    CASES,
    "wxr: heading glued",
    wxr(item("H", "<h2>Why</h2>Ask first.<h3>How</h3>Then wait.")),
    whole("H", "Why\n\nAsk first.\n\nHow\n\nThen wait."),
)
check(
    CASES,
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
    CASES,
    "wxr: unclosed li + p",
    wxr(item("U", "<ul><li>Ask one.<li>Ask two.</ul><p>Wait.<p>Rest.")),
    whole("U", "Ask one.\n\nAsk two.\n\nWait.\n\nRest."),
)
check(
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
    "wxr: script/style inline",
    wxr(
        item(
            "S", '<p>Ask first.</p><script>var a = "<p>x</p>";</script><style>.a{color:red}</style>'
        )
    ),
    whole("S", "Ask first."),
)
check(
    CASES,
    "wxr: empty content w/ excerpt",
    wxr(
        item("E", "").replace(
            "<excerpt:encoded><![CDATA[]]>", "<excerpt:encoded><![CDATA[Just a start of it.]]>"
        )
    ),
    whole("E", "Just a start of it.", teaser=True),
)
check(
    CASES,
    "wxr: posted_by line",
    wxr(
        item(
            "PB", '<p>Ask first.</p><p><em>Originally published at <a href="x">Other</a>.</em></p>'
        )
    ),
    whole("PB", "Ask first."),
)
check(
    CASES,
    "wxr: read more link",
    wxr(
        item("RM", '<p>Ask first, and then</p><p><a href="x" class="more-link">Read more →</a></p>')
    ),
    dict(title="RM", teaser=True, lacks=("Read more",)),
)
check(
    CASES,
    "wxr: elementor/cta",
    wxr(
        item(
            "EL",
            '<p>Ask first.</p><div class="wp-block-group newsletter-cta"><p>Join our newsletter today!</p></div>',
        )
    ),
    dict(title="EL", has=("Ask first.",)),
)
check(
    CASES,
    "wxr: multiline title",
    wxr(item("Ask\n  first", "<p>Now.</p>")),
    whole("Ask first", "Now."),
)
check(
    CASES,
    "wxr: untitled",
    wxr(item("", "<p>Now is the time.</p>")),
    whole(None, "Now is the time."),
)
check(
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
    "ghost: email_only meta",
    ghost(row("EO", html="<p>Ask.</p>"), posts_meta=[{"post_id": "EO", "email_only": 1}]),
    left={"newsletters sent by mail": 1},
)
# rss
check(
    CASES,
    "rss: no titles (microblog)",
    rss(
        "<item><description>&lt;p&gt;Ask first, and then wait for it.&lt;/p&gt;</description><link>https://f.example/1</link><guid>https://f.example/1</guid></item>"
    ),
    whole(None, "Ask first, and then wait for it."),
)
check(
    CASES,
    "rss: author mail form",
    rss(
        "<item><title>A</title><author>ida@f.example (Ida Rand)</author><description>Ask first.</description></item>"
    ),
    whole("A", "Ask first.", author="Ida Rand"),
)
check(
    CASES,
    "rss: escaped html twice in content",
    rss(
        "<item><title>A</title><content:encoded>&amp;lt;p&amp;gt;Ask first.&amp;lt;/p&amp;gt;</content:encoded></item>"
    ),
    whole("A", "Ask first."),
)
check(
    CASES,
    "rss: feedburner flare",
    rss(
        '<item><title>A</title><description>&lt;p&gt;Ask first.&lt;/p&gt;&lt;div class="feedflare"&gt;&lt;a href="x"&gt;&lt;img src="y"&gt;&lt;/a&gt;&lt;/div&gt;&lt;img src="http://feeds.feedburner.com/~r/x" height="1" width="1"/&gt;</description></item>'
    ),
    whole("A", "Ask first."),
)
check(
    CASES,
    "rss: substack",
    rss(
        '<item><title><![CDATA[A]]></title><description><![CDATA[Sub]]></description><dc:creator><![CDATA[Ida Rand]]></dc:creator><content:encoded><![CDATA[<p>Ask first.</p><div class="subscription-widget-wrap-editor" data-component-name="SubscribeWidgetToDOM"><div class="preamble"><p class="cta-caption">Thanks for reading!</p></div></div><p>Then wait.</p>]]></content:encoded></item>'
    ),
    whole("A", "Ask first.\n\nThen wait.", author="Ida Rand"),
)
check(
    CASES,
    "rss: medium feed",
    rss(
        '<item><title>A</title><content:encoded><![CDATA[<h4>Sub</h4><figure><img src="x"/><figcaption>Pic</figcaption></figure><p>Ask first.</p><img src="https://medium.com/_/stat?event=post" width="1" height="1"><hr><p><a href="x">A</a> was originally published in <a href="y">Pub</a> on Medium, where people are continuing the conversation by highlighting and responding to this story.</p>]]></content:encoded></item>'
    ),
    dict(title="A", has=("Ask first.",), lacks=("Pic", "originally")),
)
check(
    CASES,
    "rss: updated only dc:date",
    rss(
        "<item><title>A</title><dc:date>2016-03-05T22:00:00-08:00</dc:date><description>Ask first.</description></item>"
    ),
    whole("A", "Ask first.", day="2016-03-05"),
)
# pages
# Substack/Medium variants
CSV = "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n"
check(
    CASES,
    "substack: paywall mark",
    {
        "posts.csv": CSV + "1.a,2022-03-04T10:00:00.000Z,true,,,newsletter,everyone,A,,\n",
        "posts/1.a.html": '<p>Ask first.</p><div class="paywall-jump" data-component-name="PaywallToDOM"></div><p>Only for those who pay.</p>',
    },
    whole("A", "Ask first.", teaser=True),
)
check(
    CASES,
    "substack: embeds",
    {
        "posts.csv": CSV + "1.a,2022-03-04T10:00:00.000Z,true,,,newsletter,everyone,A,,\n",
        "posts/1.a.html": '<p>Ask first.</p><div class="tweet" data-attrs="x"><div class="tweet-text">A tweet of others</div></div><div class="youtube-wrap" data-attrs="x"><div class="youtube-inner"><iframe></iframe></div></div><div class="embedded-publication-wrap"><div class="embedded-publication"><a>Other blog</a><p>By Bob</p></div></div><div class="poll-embed"></div><p>Then wait.</p>',
    },
    whole("A", "Ask first.\n\nThen wait."),
)
check(
    CASES,
    "medium: no p-name",
    {
        "posts/2021-03-05_A-1.html": '<!DOCTYPE html><html><head><title>A</title></head><body><article class="h-entry"><header><h1 class="p-name">A</h1></header><section data-field="subtitle" class="p-summary">Sub…</section><section data-field="body" class="e-content"><section class="section"><div class="section-inner"><h3 class="graf graf--h3 graf--title">A</h3><p class="graf graf--p">Ask first.</p></div></section><section class="section"><div class="section-inner"><ol class="postList"><li class="graf graf--li">Wait.</li></ol></div></section></section><footer><p>By <a href="x" class="p-author h-card">Ida Rand</a> on <a href="x"><time class="dt-published" datetime="2021-03-05T04:30:00.000Z">March 5, 2021</time></a>.</p><p>Exported from <a href="https://medium.com">Medium</a> on March 1, 2022.</p></footer></article></body></html>'
    },
    whole("A", "Ask first.\n\nWait.", author="Ida Rand", day="2021-03-05"),
)
# feeds
check(
    CASES,
    "rss: itunes only summary",
    rss(
        "<item><title>A</title><itunes:summary>Ask first, then wait for them.</itunes:summary></item>"
    ),
    whole("A", "Ask first, then wait for them."),
)
check(
    CASES,
    "rss: blogger full",
    {
        "f.xml": "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0'><id>tag:blogger.com,1999:blog-1</id><title>Quay</title><entry><id>tag:blogger.com,1999:blog-1.post-2</id><published>2012-02-03T23:30:00.000-08:00</published><updated>2012-02-05T01:00:00.000-08:00</updated><title type='text'>Oars</title><content type='html'>Ask first.&lt;br /&gt;&lt;br /&gt;Then wait.</content><link rel='replies' type='text/html' href='http://quay.example/c#1' title='2 Comments'/><link rel='alternate' type='text/html' href='http://quay.example/2012/02/oars.html'/><author><name>Jon Berg</name><email>noreply@blogger.com</email></author></entry></feed>"
    },
    whole(
        "Oars",
        "Ask first.\n\nThen wait.",
        day="2012-02-03",
        author="Jon Berg",
        url="http://quay.example/2012/02/oars.html",
    ),
)
check(
    CASES,
    "rss: wp comment feed not posts",
    {
        "f.xml": RSS.format(
            "<item><title>By: Bob</title><link>https://f.example/1#comment-3</link><dc:creator>Bob</dc:creator><description>Great post, buy pills.</description></item>"
        ).replace("<title>Ferry</title>", "<title>Comments on: Oars</title>")
    },
    left={"comments": 1},
)
check(
    CASES,
    "rss: reply/comments in rss",
    rss(
        "<item><title>A</title><description>Ask first.</description><comments>https://f.example/1#comments</comments></item>"
    ),
    whole("A", "Ask first."),
)
check(
    CASES,
    "atom: html title w/ escaped",
    {
        "f.atom": '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><id>x</id><entry><id>urn:1</id><title type="html">Ask &amp;lt;b&amp;gt; &amp;amp; wait</title><link href="https://f.example/1"/><updated>2016-03-05T10:00:00Z</updated><summary type="html">&lt;p&gt;Just the start…&lt;/p&gt;</summary></entry></feed>'
    },
    dict(title="Ask <b> & wait", teaser=True),
)
check(
    CASES,
    "atom: draft",
    {
        "f.atom": '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:app="http://www.w3.org/2007/app"><title>F</title><id>x</id><entry><id>urn:1</id><title>A</title><app:control><app:draft>yes</app:draft></app:control><updated>2016-03-05T10:00:00Z</updated><content>Half.</content></entry></feed>'
    },
    left={"drafts": 1},
)
check(
    CASES,
    "json feed: nested attachments",
    {
        "f.json": json.dumps(
            {
                "version": "https://jsonfeed.org/version/1",
                "title": "F",
                "author": {"name": "Ida Rand"},
                "items": [
                    {
                        "id": "1",
                        "content_html": "<p>Ask first.</p>",
                        "attachments": [{"url": "x"}],
                        "date_published": "2016-03-05T10:00:00Z",
                        "_x": {},
                    }
                ],
            }
        )
    },
    whole(None, "Ask first.", author="Ida Rand"),
)
# wordpress more
check(
    CASES,
    "wxr: wp.com newsletter/paywall block",
    wxr(
        item(
            "PW",
            "<!-- wp:paragraph --><p>Ask first.</p><!-- /wp:paragraph --><!-- wp:jetpack/paywall /--><!-- wp:paragraph --><p>For subscribers only.</p><!-- /wp:paragraph -->",
        )
    ),
    whole("PW", "Ask first.", teaser=True),
)
check(
    CASES,
    "wxr: premium content block",
    wxr(
        item(
            "PC",
            '<p>Ask first.</p><!-- wp:premium-content/container --><div class="wp-block-premium-content-container"><!-- wp:premium-content/subscriber-view --><div class="wp-block-premium-content-subscriber-view entry-content"><p>For subscribers only.</p></div><!-- /wp:premium-content/subscriber-view --><!-- wp:premium-content/logged-out-view --><div class="wp-block-premium-content-logged-out-view"><p>Subscribe now.</p></div><!-- /wp:premium-content/logged-out-view --></div><!-- /wp:premium-content/container -->',
        )
    ),
    whole("PC", "Ask first.", teaser=True),
)
check(
    CASES,
    "wxr: membership shortcode",
    wxr(
        item(
            "MS",
            "<p>Ask first.</p>[members_only]<p>For members.</p>[/members_only]<p>Then wait.</p>",
        )
    ),
    dict(title="MS", has=("Ask first.", "Then wait."), lacks=("For members",)),
)
check(
    CASES,
    "wxr: restrict shortcode",
    wxr(item("RS", "<p>Ask first.</p>[restrict]<p>For members.</p>[/restrict]")),
    dict(title="RS", lacks=("For members",)),
)
check(
    CASES,
    "wxr: jetpack visibility meta",
    wxr(
        item(
            "JM",
            "<p>For subscribers.</p>",
            "<wp:postmeta><wp:meta_key><![CDATA[_jetpack_newsletter_access]]></wp:meta_key><wp:meta_value><![CDATA[paid_subscribers]]></wp:meta_value></wp:postmeta>",
        )
    ),
    left={"posts for subscribers": 1},
)
check(
    CASES,
    "wxr: dropcap",
    wxr(item("DC", "<p>[dropcap]A[/dropcap]sk first.</p>")),
    whole("DC", "Ask first."),
)
check(
    CASES,
    "wxr: footnote shortcodes/parens",
    wxr(item("FN", "<p>Ask first.((A note.)) Then wait.[1]</p><p>[1] Source: x</p>")),
    dict(title="FN", has=("Ask first.",)),
)
check(
    CASES,
    "wxr: tables of contents",
    wxr(
        item(
            "TC",
            '<div id="toc_container" class="no_bullets"><p class="toc_title">Contents</p><ul class="toc_list"><li>1 Why</li></ul></div><h2>Why</h2><p>Ask first.</p>',
        )
    ),
    whole("TC", "Why\n\nAsk first."),
)
check(
    CASES,
    "wxr: author box & related",
    wxr(
        item(
            "AB",
            '<p>Ask first.</p><div class="author-box"><p>Ida is a sailor.</p></div><div class="yarpp-related"><h3>Related</h3><ol><li>Other</li></ol></div>',
        )
    ),
    whole("AB", "Ask first."),
)
check(
    CASES,
    "wxr: more tag custom",
    wxr(item("MT", "Ask first.\n\n<!--more Go on reading-->\n\nThen wait.")),
    whole("MT", "Ask first.\n\nThen wait.", teaser=False),
)
check(
    CASES,
    "wxr: soft hyphen zwsp",
    wxr(item("SH", "<p>Ask\u200b first\u00ad, then wait\ufeff.</p>")),
    whole("SH", "Ask first, then wait."),
)
