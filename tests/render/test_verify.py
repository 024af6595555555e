"""What a page must be before it is published."""

import pytest

from generator.derive.pages import Page
from generator.errors import RenderError
from generator.render.privacy import Scope
from generator.render.verify import verified

POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
SCOPE = Scope("u/low-tide/", frozenset({"low-tide"}))
PAGE = Page("u/low-tide/index.html", "pages/account.html", None, frozenset({1, 2**40}))


def page_with(body, head=POLICY):
    return f"<!doctype html><html><head>{head}</head><body><h1>One</h1>{body}</body></html>"


def refusal(html, page=PAGE, base_url=""):
    """What is wrong with the page."""
    with pytest.raises(RenderError) as error:
        verified(page, html, base_url, SCOPE)
    assert error.value.where == page.path
    return error.value.what


def targets(body, page=PAGE, base_url=""):
    return verified(page, page_with(body), base_url, SCOPE).targets


def test_a_good_page_is_accepted():
    """A policy, one heading, its own copies once each, embedded JSON, links that are known."""
    html = page_with(
        '<a href="../../">Home</a><a href="collection/?genre=Jazz#x">Collection</a>'
        '<a href="https://www.discogs.com/release/1">Discogs</a><a href="mailto:me@x.example">'
        '<a href="#top">Top</a><a href="?page=2">2</a><a href="">Here</a>'
        '<img src="https://i.discogs.com/a.jpeg" alt="">'
        f'<li data-instance="1"></li><li data-instance="{2**40}"></li>'
        '<script type="application/json" id="collection">{"a": "\\u003c/script>"}</script>'
        '<script src="../../assets/x/main.js" type="module"></script>'
    )

    links = verified(PAGE, html, "", SCOPE)

    assert links.page == "u/low-tide/index.html"
    assert links.targets == {
        "index.html",
        "u/low-tide/collection/index.html",
        "assets/x/main.js",
    }


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<script>alert(1)</script>", "has an inline script"),
        ("<SCRIPT type='module'>alert(1)</SCRIPT>", "has an inline script"),
        ("<script type='text/javascript'></script>", "has an inline script"),
        ("<script/>alert(1)</script>", "has an inline script"),
        ("<style>p { color: red }</style>", "has an inline style element"),
        ("<svg><style/></svg>", "has an inline style element"),
        ("<p style='color: red'>", "has an inline style attribute"),
        ("<p STYLE=x>", "has an inline style attribute"),
        ("<br style='x'/>", "has an inline style attribute"),
        ("<p onclick='x()'>", "has an inline onclick attribute"),
        ("<img ONERROR=x>", "has an inline onerror attribute"),
        ("<svg onload=x />", "has an inline onload attribute"),
        ("<h1>Two</h1>", "has 2 h1 elements instead of one"),
        ("<li data-instance=1><li data-instance=1>", "shows a copy twice"),
        ("<li data-instance=1><li data-instance=01>", "shows a copy twice"),
        ("<li data-instance=3>", "shows a copy of another account"),
        ("<li data-instance=x>", "has a data-instance that is no number: x"),
        ("<li data-instance>", "has a data-instance that is no number: "),
        ("<script type=application/json>{a: 1}</script>", "embeds data that is no JSON"),
        ("<script type=application/json></script>", "embeds data that is no JSON"),
        ('<script type=application/json>"</script>"</script>', "embeds data that is no JSON"),
        ("<script type=application/json>{}", "has a script that does not end"),
        ("<a href='javascript:alert(1)'>", "has a link of an unexpected kind: javascript"),
        ("<a href=' JavaScript:alert(1)'>", "has a link of an unexpected kind: javascript"),
        ("<a href='java\nscript:alert(1)'>", "has a link of an unexpected kind: javascript"),
        ("<a href='&#106;avascript:alert(1)'>", "has a link of an unexpected kind: javascript"),
        ("<img src='data:image/png;base64,AAAA'>", "has a link of an unexpected kind: data"),
        ("<iframe src='blob:x'>", "has a link of an unexpected kind: blob"),
        ("<a href='//evil.example/'>", "has a link of an unexpected kind: //"),
        ("<a href='http://['>", "has a link that is no address: http://["),
        ("<a href='/u/low-tide/'>", "has a link that is not relative: /u/low-tide/"),
        (
            "<script src='https://evil.example/x.js'></script>",
            "has a link of an unexpected kind: https",
        ),
        (
            "<link rel='preload stylesheet' href='https://evil.example/x.css'>",
            "has a link of an unexpected kind: https",
        ),
    ],
)
def test_a_bad_page_is_refused(body, what):
    """Whatever a strict policy would block, a reader would miss, or another account would lose."""
    assert refusal(page_with(body)) == what


def test_a_page_without_a_policy_is_refused():
    """The policy is part of every page."""
    assert refusal(page_with("", head="")) == "has no Content-Security-Policy"


def test_a_page_without_a_heading_is_refused():
    """There is one h1, not none."""
    assert refusal(f"<head>{POLICY}</head><p>") == "has 0 h1 elements instead of one"


@pytest.mark.parametrize(
    ("path", "href", "target"),
    [
        ("index.html", "./", "index.html"),
        ("index.html", ".", "index.html"),
        ("index.html", "u/a/", "u/a/index.html"),
        ("index.html", "u/a%20b/x.json?y=/z/", "u/a b/x.json"),
        ("u/a/index.html", "../../", "index.html"),
        ("u/a/index.html", "../", "u/index.html"),
        ("u/a/index.html", "../../../", "../index.html"),
        ("u/a/index.html", "../b", "u/b"),
        ("u/a/collection/all/index.html", "../", "u/a/collection/index.html"),
        ("u/a/collection/all/index.html", "../releases.csv#x", "u/a/collection/releases.csv"),
    ],
)
def test_a_link_leads_to_a_file(path, href, target):
    """Relative to the page; a directory means its index; what climbs out is not in the site."""
    page = Page(path, "pages/index.html", None)

    assert targets(f'<a href="{href}">x</a>', page) == {target}


def test_absolute_links_into_the_site_are_followed():
    """404.html is served at any depth, so it names the site's own address."""
    page = Page("404.html", "pages/404.html", None)
    body = (
        '<a href="https://me.example/r/">x</a><link rel=stylesheet href="https://me.example/r/a/b.css">'
        '<a href="https://me.example/other/">x</a><script src="https://me.example/r/c.js"></script>'
    )

    assert targets(body, page, "https://me.example/r/") == {"index.html", "a/b.css", "c.js"}


def test_a_link_that_leads_nowhere_is_refused():
    """Once the whole site is known; the first of them by name."""
    links = verified(
        PAGE, page_with('<a href="z"></a><a href="b/"></a><a href="a"></a>'), "", SCOPE
    )

    with pytest.raises(RenderError) as error:
        links.resolve({"u/low-tide/a"})

    assert str(error.value) == (
        "u/low-tide/index.html: links to u/low-tide/b/index.html, which is not in the site"
    )
    links.resolve({"u/low-tide/a", "u/low-tide/b/index.html", "u/low-tide/z"})
