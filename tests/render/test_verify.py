"""The requirements on a page before it is published."""

import pytest

from generator.derive.pages import AccountView, IndexPage, ListPage, Page
from generator.derive.stats import stats
from generator.errors import RenderError
from generator.render.privacy import Scope
from generator.render.verify import ATTRIBUTION, TRADEMARK, verify
from tests.factories import NOW

POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
SCOPE = Scope("u/low-tide/", frozenset({"low-tide"}), frozenset({1, 2**40}))
PAGE = Page("u/low-tide/index.html", "pages/account.html", None)
LINK = f'<a href="https://www.discogs.com/user/x">{ATTRIBUTION}</a>'


def page_with(body, head=POLICY):
    return f"<!doctype html><html><head>{head}</head><body><h1>One</h1>{body}</body></html>"


def refusal(html, page=PAGE, base_url=""):
    """The reason why the page is refused."""
    with pytest.raises(RenderError) as error:
        verify(page, html, base_url, SCOPE)
    assert error.value.where == page.path
    return error.value.what


def targets(body, page=PAGE, base_url=""):
    return verify(page, page_with(body), base_url, SCOPE)


def test_a_good_page_is_accepted():
    html = page_with(
        '<a href="../../">Home</a><a href="collection/?genre=Jazz#x">Collection</a>'
        '<a href="https://www.discogs.com/release/1">Discogs</a><a href="mailto:me@x.example">'
        '<a href="#top">Top</a><a href="?page=2">2</a><a href="">Here</a>'
        '<img src="https://i.discogs.com/a.jpeg" alt="">'
        f'<li data-instance="1"></li><li data-instance="{2**40}"></li>'
        '<template><li data-instance=""><a href="feed.xml"></a></li></template>'
        '<script type="application/json" id="collection">{"a": "\\u003c/script>"}</script>'
        '<script src="../../assets/x/main.js" type="module"></script>'
    )

    assert verify(PAGE, html, "", SCOPE) == {
        "index.html",
        "u/low-tide/collection/index.html",
        "u/low-tide/feed.xml",
        "assets/x/main.js",
    }


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<script>alert(1)</script>", "has an inline script"),
        ("<SCRIPT type='module'>alert(1)</SCRIPT>", "has an inline script"),
        ("<script type='text/javascript'></script>", "has an inline script"),
        ("<script/>alert(1)</script>", "has an inline script"),
        ("<template><script>alert(1)</script></template>", "has an inline script"),
        ("<template><p onclick=x></template>", "has an inline onclick attribute"),
        (
            "<template><template><i style=x></i></template></template>",
            "has an inline style attribute",
        ),
        ("<noscript><p onclick=x></noscript>", "has an inline onclick attribute"),
        ("<img/onerror=x>", "has an inline onerror attribute"),
        ('<img src="a"onerror=x>', "has an inline onerror attribute"),
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
        ("<li data-instance=x>", "has a data-instance that is not a number: x"),
        ("<li data-instance>", "has a data-instance that is not a number: "),
        ("<script type=application/json>{a: 1}</script>", "embeds data that is not JSON"),
        ("<script type=application/json></script>", "embeds data that is not JSON"),
        ('<script type=application/json>"</script>"</script>', "embeds data that is not JSON"),
        ("<script type=application/json>{}", "embeds data that is not JSON"),
        ("<script src=a>", "has a script that does not end"),
        ("<a href='javascript:alert(1)'>", "has a link of an unexpected kind: javascript"),
        ("<a href=' JavaScript:alert(1)'>", "has a link of an unexpected kind: javascript"),
        ("<a href='java\nscript:alert(1)'>", "has a link of an unexpected kind: javascript"),
        ("<a href='&#106;avascript:alert(1)'>", "has a link of an unexpected kind: javascript"),
        ("<img src='data:image/png;base64,AAAA'>", "has a link of an unexpected kind: data"),
        ("<iframe src='blob:x'>", "has a link of an unexpected kind: blob"),
        ("<a href='//evil.example/'>", "has a link of an unexpected kind: //"),
        ("<a href='http://['>", "has a link that is not an address: http://["),
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
    assert refusal(page_with(body)) == what


@pytest.mark.parametrize(
    ("html", "what"),
    [
        (page_with("", head=""), "has no Content-Security-Policy"),
        (page_with("", head=f"<!-- {POLICY} -->"), "has no Content-Security-Policy"),
        (f"<head>{POLICY}</head><p>", "has 0 h1 elements instead of one"),
        (f"<head>{POLICY}</head><!-- <h1></h1> -->", "has 0 h1 elements instead of one"),
    ],
)
def test_a_page_that_lacks_something_is_refused(html, what):
    assert refusal(html) == what


NO_LINK = "lacks “Data provided by Discogs.” as a followed link to https://www.discogs.com/"
NO_NOTICE = "lacks the trademark notice"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (f"{LINK}<p>{TRADEMARK}</p>", None),
        (LINK + TRADEMARK.replace(" ", "\n"), None),
        (f"<p>{TRADEMARK}</p>", NO_LINK),
        (f"{ATTRIBUTION}<p>{TRADEMARK}</p>", NO_LINK),
        (LINK.replace("<a", '<a rel="noopener NoFollow"') + TRADEMARK, NO_LINK),
        (LINK.replace("www.discogs.com", "www.discogs.com.evil.example") + TRADEMARK, NO_LINK),
        (f"<template>{LINK}</template>{TRADEMARK}", NO_LINK),
        (LINK, NO_NOTICE),
        (f"{LINK}<!-- {TRADEMARK} -->", NO_NOTICE),
        (f"{LINK}<template>{TRADEMARK}</template>", NO_NOTICE),
        (f'{LINK}<script type="application/json">"{TRADEMARK}"</script>', NO_NOTICE),
        (f'{LINK}<p title="{TRADEMARK}"></p>', NO_NOTICE),
    ],
)
def test_the_lines_about_discogs_are_on_every_page_that_shows_a_collection(body, what):
    page = Page(PAGE.path, "", IndexPage(()))

    if what:
        assert refusal(page_with(body), page) == what
    else:
        verify(page, page_with(body), "", SCOPE)
    verify(PAGE, page_with(body), "", SCOPE)


def test_the_catalog_of_the_page_need_not_be_parsed_again():
    account, numbers = AccountView("low-tide", None, NOW), stats(())
    page = Page(PAGE.path, "", ListPage(account, numbers, (), (), "{catalog"))
    body = f'{LINK}{TRADEMARK}<script type="application/json">{{}}</script>'

    verify(page, page_with(body.replace("{}", "{catalog")), "", SCOPE)
    assert refusal(page_with(body.replace("{}", "{other")), page) == "embeds data that is not JSON"


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
    page = Page(path, "pages/index.html", None)

    scope = Scope("", frozenset(), frozenset())
    assert verify(page, page_with(f'<a href="{href}">x</a>'), "", scope) == {target}


def test_absolute_links_into_the_site_are_followed():
    page = Page("404.html", "pages/404.html", None)
    body = (
        '<a href="https://me.example/r/">x</a><link rel=stylesheet href="https://me.example/r/a/b.css">'
        '<a href="https://me.example/other/">x</a><script src="https://me.example/r/c.js"></script>'
    )

    assert targets(body, page, "https://me.example/r/") == {"index.html", "a/b.css", "c.js"}
