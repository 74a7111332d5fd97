"""Folders of static sites and of notes (Jekyll, Hugo, Eleventy, Notion, Obsidian): more of each."""

from __future__ import annotations

from tests.support.exports import wrong

# Jekyll ---------------------------------------------------------------------------------------


def test_a_jekyll_site_from_a_zip_of_its_repository() -> None:
    assert not wrong(
        {
            "site-main/_config.yml": "title: Mill\nauthor:\n  name: Ann Lee\n  email: a@mill.example\nfuture: false\n",
            "site-main/README.md": "# How to build\n\nRun it.\n",
            "site-main/_data/authors.yml": "ben:\n  name: Ben Oak\n  web: https://oak.example\n",
            "site-main/_posts/tips/2018-04-05-grind-slowly.md": (
                "---\nlayout: post\nauthor: ben\ntags: [a, b]\nimage: x.png\n---\n"
                "{% include video.html id=\"x\" %}\n\nGrind slowly{: .lead}, as the\nstone is old. See"
                " [the other]({% post_url 2018-04-06-sift %}).\n{: .note}\n\n<!--more-->\n\n"
                "{% highlight sh %}\nmill --slow\n{% endhighlight %}\n\n{% raw %}Then rest.{% endraw %}\n\n"
                "* TOC\n{:toc}\n"
            ),
            "site-main/_posts/2018-04-06-sift.markdown": "---\ntitle: 'Sift: twice'\n---\nSift twice at {{ site.title }}.\n",
            "site-main/_posts/2018-04-07-old.html": "---\ntitle: Old\n---\n<p>Oil the axle</p><p>first.</p>\n",
            "site-main/_posts/2018-04-08-secret.md": "---\ntitle: Secret\npublished: false\n---\nOurs.\n",
            "site-main/_posts/2031-04-08-later.md": "---\ntitle: Later\n---\nNot yet.\n",
            "site-main/_drafts/half.md": "---\ntitle: Half\n---\nHalf.\n",
            "site-main/about.md": "---\ntitle: About\nlayout: page\n---\nUs.\n",
            "site-main/index.html": "---\nlayout: home\n---\n",
            "site-main/_includes/video.html": "<iframe></iframe>",
            "__MACOSX/site-main/_posts/._2018-04-06-sift.markdown": "x",
        },
        {
            "title": "Grind slowly", "day": "2018-04-05", "author": "Ben Oak", "blog": "Mill",
            "body": "Grind slowly, as the stone is old. See the other.\n\nThen rest.",
        },
        {"title": "Sift: twice", "author": "Ann Lee", "has": ("Sift twice at",), "lacks": ("{", "}")},
        {"title": "Old", "body": "Oil the axle\n\nfirst."},
        left={"drafts": 2, "scheduled posts": 1, "templates": 1, "pages": 3},
    )  # fmt: skip


def test_one_post_of_jekyll_without_its_site_keeps_the_day_of_its_name() -> None:
    text = '---\ntitle:  "Weigh it"\ndate:   2017-08-09 23:55:00 -0700\ncategories: mill\n---\nWeigh it twice.\n'
    assert not wrong(
        {"2017-08-09-weigh-it.md": text},
        {"title": "Weigh it", "day": "2017-08-09", "body": "Weigh it twice."},
    )


# Hugo -----------------------------------------------------------------------------------------


def test_a_hugo_site_with_bundles_sections_and_a_folder_of_settings() -> None:
    assert not wrong(
        {
            "config/_default/hugo.toml": 'title = "Loom"\n[params]\n[params.author]\nname = "Zoe Lane"\n',
            "content/_index.md": "---\ntitle: Home\n---\nWelcome.\n",
            "content/about.md": "---\ntitle: About\n---\nUs.\n",
            "content/posts/_index.md": "---\ntitle: All posts\n---\nAll.\n",
            "content/posts/warp/index.md": (
                "+++\ntitle = 'Warp \"first\"'\ndate = 2019-05-06T23:30:00-05:00\ntags = ['a']\n"
                "draft = false\n[cover]\nimage = 'x.png'\n+++\n\n"
                "{{< figure src=\"x.png\" caption=\"My loom\" >}}\n\nWarp before you weave[^1]. See"
                " [the weft]({{< ref \"weft.md\" >}}).\n\n{{% notice tip %}}\nWax the thread.\n{{% /notice %}}\n\n"
                "{{< youtube abc >}}\n\n[^1]: A note below.\n"
            ),
            "content/posts/warp/x.png": b"\x89PNG\r\n",
            "content/posts/warp/notes.md": "Just for the bundle.\n",
            "content/posts/weft.md": '{\n"title": "Weft",\n"date": "2019-06-07",\n"authors": ["Mia Hart", "Jo Ash"]\n}\n\nBeat the weft.\n',
            "content/posts/gone.md": "---\ntitle: Gone\ndate: 2019-01-01\nexpiryDate: 2020-01-01\n---\nOver.\n",
            "content/posts/soon.md": "---\ntitle: Soon\ndate: 2019-01-01\npublishDate: 2031-01-01\n---\nNot yet.\n",
            "content/posts/half.md": "+++\ntitle = 'Half'\ndraft = true\n+++\nHalf.\n",
            "layouts/_default/single.html": "{{ define \"main\" }}{{ .Content }}{{ end }}",
            "archetypes/default.md": "+++\ntitle = '{{ .Name }}'\ndraft = true\n+++\n",
        },
        {
            "title": 'Warp "first"', "day": "2019-05-06", "author": "Zoe Lane", "blog": "Loom",
            "body": "Warp before you weave. See the weft.\n\nWax the thread.",
        },
        {"title": "Weft", "day": "2019-06-07", "author": "Mia Hart, Jo Ash", "body": "Beat the weft."},
        left={"pages": 3, "attachments": 1, "expired posts": 1, "scheduled posts": 1, "drafts": 1,
              "templates": 2},
    )  # fmt: skip


def test_shortcodes_around_text_keep_it_and_others_go() -> None:
    text = (
        '---\ntitle: Knots\ndate: 2020-02-02\nauthor: "[Zoe Lane](https://lane.example)"\n---\n'
        '{{< admonition type="tip" title="Rope" >}}\nTie it **twice**.\n{{< /admonition >}}\n\n'
        '{{</* youtube x */>}}\n\n{{% details "More" %}}\nThen pull.\n{{% /details %}}\n\n'
        '{{< highlight go >}}\nfunc x() {}\n{{< /highlight >}}\n\nLet go{{< icon "hand" >}} slowly.\n'
    )
    assert not wrong(
        {"knots.md": text},
        {
            "title": "Knots",
            "author": "Zoe Lane",
            "body": "Tie it twice.\n\nThen pull.\n\nLet go slowly.",
        },
    )


# Eleventy, Astro ------------------------------------------------------------------------------


def test_an_eleventy_site_keeps_settings_in_files_of_its_folders() -> None:
    assert not wrong(
        {
            "eleventy.config.js": "module.exports = {}\n",
            "package.json": '{"name": "x"}',
            "src/_data/metadata.json": '{"title": "Kiln", "author": {"name": "Mia Hart"}}',
            "src/posts/posts.json": '{"layout": "post.njk", "tags": "posts"}',
            "src/posts/2021-03-04-fire-low.md": "---\ntitle: Fire low\n---\nFire low, {{ name }} then wait.\n{% renderTemplate %}x{% endrenderTemplate %}\n",
            "src/posts/glaze.md": '---\ntitle: Glaze\ndate: 2021-04-05\n---\n{% image "x.jpg", "A pot" %}\n\nGlaze thin.\n',
            "src/posts/test.md": "---\ntitle: Test\ndate: 2021-04-06\npermalink: false\n---\nA try.\n",
            "src/posts/hid.md": "---\ntitle: Hid\ndate: 2021-04-06\neleventyExcludeFromCollections: true\n---\nA try.\n",
            "src/about.md": "---\ntitle: About\n---\nUs.\n",
            "src/_includes/post.njk": "{{ content }}",
            "src/index.njk": "---\ntitle: Home\n---\n",
        },
        {
            "title": "Fire low",
            "day": "2021-03-04",
            "author": "Mia Hart",
            "blog": "Kiln",
            "has": ("Fire low,",),
            "lacks": ("{",),
        },
        {"title": "Glaze", "day": "2021-04-05", "body": "Glaze thin."},
        left={"drafts": 2, "pages": 1},
    )


def test_a_page_of_astro_is_text_without_its_components() -> None:
    text = (
        "---\ntitle: 'Stack it'\npubDate: 'Jul 08 2022'\ndescription: x\n---\nimport Note from '../Note.astro';\n"
        'export const a = 1;\n\n<Note type="tip">\n  Stack it dry.\n</Note>\n\n{/* a remark */}\n\nThen wait <Icon name="x" /> a day.\n'
    )
    assert not wrong(
        {
            "astro.config.mjs": "export default {}\n",
            "src/content/blog/stack.mdx": text,
            "src/content/config.ts": "x",
            "src/pages/about.md": "---\ntitle: About\n---\nUs.\n",
        },
        {"title": "Stack it", "day": "2022-07-08", "body": "Stack it dry.\n\nThen wait a day."},
        left={"pages": 1},
    )


# Notion ---------------------------------------------------------------------------------------

ID = "0f3c2a1b4c5d6e7f8091a2b3c4d5e6f7"


def test_pages_of_a_notion_table_come_in_and_its_table_and_drafts_do_not() -> None:
    assert not wrong(
        {
            f"Export/Posts {ID}.csv": "Name,Status\nTwo chairs,Published\n",
            f"Export/Posts {ID}.md": f"# Posts\n\n[Two chairs](Posts%20{ID}/Two%20chairs%20{ID}.md)\n",
            f"Export/Posts {ID}/Two chairs {ID}.md": (
                "# Two chairs\n\nAuthor: Ida Rand\nPublished: March 4, 2021\nStatus: Published\nTags: rooms, talk\n"
                f"URL: https://rooms.example/chairs\n\n![Untitled](Two%20chairs%20{ID}/Untitled.png)\n\n"
                "Put two chairs at a **corner**.\n\n<aside>\n💡 Nobody argues across a corner.\n\n</aside>\n\n"
                f"- See why\n    \n    It feels like a table of four. See [Lamps](Lamps%20{ID}.md).\n    \n"
            ),
            f"Export/Posts {ID}/Lamps {ID}.md": "# Lamps\n\nAuthor: Ida Rand\nPublished: March 5, 2021\nStatus: Draft\n\nDim them.\n",
            f"Export/Posts {ID}/Two chairs {ID}/Untitled.png": b"\x89PNG",
        },
        {
            "title": "Two chairs", "author": "Ida Rand", "day": "2021-03-04", "url": "https://rooms.example/chairs",
            "has": ("Put two chairs at a corner.", "Nobody argues across a corner.", "It feels like a table of four. See Lamps."),
            "lacks": ("Tags", "aside", "💡", "Untitled"),
        },
        left={"drafts": 1, "pages": 1},
    )  # fmt: skip


def test_a_page_that_notion_writes_as_html_has_its_properties_in_a_table() -> None:
    page = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"/><title>Two chairs</title>
<style>.x {{}}</style></head><body><article id="{ID}" class="page sans"><header><div class="page-header-icon"><span class="icon">🪑</span></div>
<h1 class="page-title">Two chairs</h1><p class="page-description"></p><table class="properties"><tbody>
<tr class="property-row property-row-person"><th><span class="icon"></span>Author</th><td><span class="user">Ida Rand</span></td></tr>
<tr class="property-row property-row-date"><th>Published</th><td><time>@March 4, 2021</time></td></tr>
<tr class="property-row property-row-multi_select"><th>Tags</th><td><span class="selected-value">rooms</span></td></tr></tbody></table></header>
<div class="page-body"><p id="a">Put two chairs at a corner.</p><figure class="block-color-gray_background callout"><div><span class="icon">💡</span></div>
<div style="width:100%">Nobody argues across a corner.</div></figure><ul class="toggle"><li><details open=""><summary>Why</summary><p>It feels shared.</p></details></li></ul>
</div></article></body></html>"""
    assert not wrong(
        {f"Two chairs {ID}.html": page},
        {
            "title": "Two chairs", "author": "Ida Rand", "day": "2021-03-04",
            "body": "Put two chairs at a corner.\n\nNobody argues across a corner.\n\nWhy\n\nIt feels shared.",
        },
    )  # fmt: skip


# Obsidian -------------------------------------------------------------------------------------


def test_a_page_of_obsidian_is_text_without_its_marks() -> None:
    text = (
        '---\ntags: [rooms]\naliases: [Chairs]\ncreated: 2021-03-04\nauthor: "[[Ida Rand]]"\npublish: true\n---\n'
        "# Two chairs\n\n![[desk.png|300]]\n\nPut [[Chairs|two chairs]] at a [[Rooms#Corner]]. #rooms\n\n"
        "> [!tip]+ Why it works\n> Nobody argues across a ==corner==.\n\nrating:: 5\n\n%% ask Jo %%\n\n"
        '```dataview\nTABLE file.ctime FROM "x"\n```\n\nThen sit. ^sit\n\n- [x] Bring paper.\n\n$$x = y$$\n\n#rooms #talk\n'
    )
    assert not wrong(
        {"Two chairs.md": text},
        {
            "title": "Two chairs", "author": "Ida Rand", "day": "2021-03-04",
            "has": ("Put two chairs at a Corner.", "Why it works", "Nobody argues across a corner.", "Then sit.", "Bring paper."),
            "lacks": ("#", "[", "==", "::", "Jo", "TABLE", "^", "desk", "$"),
        },
    )  # fmt: skip


def test_a_vault_keeps_its_settings_templates_and_unpublished_notes() -> None:
    assert not wrong(
        {
            "Vault/.obsidian/app.json": "{}",
            "Vault/Templates/Post.md": "---\ntitle: <% tp.file.title %>\ndate: {{date}}\n---\n{{title}}\n",
            "Vault/Board.canvas": "{}",
            "Vault/Posts/Lamps.md": "---\npublish: false\n---\nDim them.\n",
            "Vault/Posts/2021-03-04 Two chairs.md": "Put two chairs at a corner. [^1]\n\n[^1]: See Rand.\n",
        },
        {"title": "Two chairs", "day": "2021-03-04", "body": "Put two chairs at a corner."},
        left={"templates": 1, "drafts": 1},
    )
