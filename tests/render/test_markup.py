"""Plain markup: what is read fast is read as a parser of HTML reads it, all else is left to one."""

import re
from html.parser import HTMLParser

import pytest

from generator.render.markup import plain_elements
from tests.render.shelf import built, make_shelf, pages

MATTERS = re.compile(r"on.*|style|href|src|http-equiv|data-instance")


class Reader(HTMLParser):
    """Every element a page is verified by, as the standard library reads it."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append([tag, dict(attrs), ""])

    def handle_data(self, data):
        if self.found and self.found[-1][0] == "script":
            self.found[-1][2] += data

    def handle_endtag(self, tag):
        self.found.append([f"/{tag}", {}, ""])


def matters(tag, attributes):
    return tag in ("h1", "script", "style") or any(map(MATTERS.fullmatch, attributes))


def read_slowly(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return [tuple(one) for one in reader.found if matters(*one[:2])]


def read_fast(html):
    elements = plain_elements(html)
    assert elements is not None
    return [one for one in elements if matters(*one[:2])]


def test_every_page_is_plain(tmp_path):
    """All pages of a site are read fast, and to the same elements."""
    site = built(tmp_path / "site", make_shelf(30))

    found = [one.decode() for path, one in pages(site).items() if path.endswith(".html")]

    assert len(found) == 5
    for html in found:
        assert read_fast(html) == read_slowly(html)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="x?a=1&amp;b=&quot;2&quot;" hidden>text > more</a>',
        '<svg viewBox="0 0 1 1" onLoad="x"><path d="M0"/></svg>',
        '<img src="a>b.png" src="c">',
        '<script type="application/json">{"a":"b > c"}</script><h1>x</h1>',
        '<p\n class="x"\n style="y"\n>z</p>',
        '<script src="x.js"></script><style>b{}</style>',
    ],
)
def test_it_reads_what_html_means(html):
    """References, bare and doubled attributes, capitals, line breaks, an angle in a value."""
    assert read_fast(html) == read_slowly(html)


@pytest.mark.parametrize(
    "html",
    [
        "<!-- <h1>no</h1> -->",
        "<a href='x'>",
        "<a href=x>",
        "<A HREF='x'>",
        '<a href="<b>">',
        "a < b",
        "<script>",
        "<script>if (a < b) c()</script>",
        '<script src="x"/>',
        "<a href",
        '<a href="x"onclick="y">',
        "<?php ?>",
        "<",
    ],
)
def test_what_is_not_plain_is_left_to_a_parser(html):
    """Whatever could be meant: it is not guessed."""
    assert plain_elements(html) is None
