"""The golden site: the dozen and an empty collection, built whole and read in review.

Compared byte for byte. The digest of the assets stands as DIGEST, so that a change of a style sheet
does not change every page; stamps are left out, because they change with every line of the program.
`make golden` rewrites it.
"""

import difflib
import json
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from generator.derive.pages import AccountContent
from tests.dozen import DOZEN, EMPTY, MASTERS, SITE
from tests.render.shelf import make_build, pages, tree

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, just built."""
    output = tmp_path_factory.mktemp("golden") / "site"
    make_build(output, SITE).run([AccountContent(DOZEN, MASTERS), AccountContent(EMPTY)], {})
    return output


def golden(site):
    """What is kept of a site: every page and file, the names of its assets, and the catalog."""
    (assets,) = (site / "assets").iterdir()
    names = sorted(path for path in tree(site) if path.startswith("assets/"))
    texts = {
        path: content.decode()
        for path, content in pages(site).items()
        if not path.endswith(".gatefold")
    }
    texts["assets.txt"] = "".join(f"{name}\n" for name in names)
    embedded = texts["u/dozen/collection/all/index.html"].partition('id="collection">')[2]
    catalog = json.loads(embedded.partition("</script>")[0])
    texts["catalog.json"] = json.dumps(catalog, ensure_ascii=False, indent=1) + "\n"
    return {path: text.replace(assets.name, "DIGEST") for path, text in texts.items()}


def differences(found, kept):
    """What changed, by file, as a reader wants to see it."""
    return {
        path: list(
            difflib.unified_diff(
                kept.get(path, "").splitlines(), found.get(path, "").splitlines(), n=0, lineterm=""
            )
        )[:40]
        for path in sorted(found.keys() | kept.keys())
        if found.get(path) != kept.get(path)
    }


def test_the_site_is_the_golden_one(site, rewrite_golden):
    found = golden(site)
    if rewrite_golden:
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for path, text in found.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(text.encode())
    kept = {path: content.decode() for path, content in tree(GOLDEN).items()}

    assert differences(found, kept) == {}
    assert len(kept) <= 25


class Landmarks(HTMLParser):
    """What checks rely on, as one page has it."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def of(self, tag=None, **wanted):
        """The attributes of the elements with this tag and these attributes."""
        wanted = {name.replace("_", "-"): value for name, value in wanted.items()}
        return [
            found
            for name, found in self.elements
            if tag in (None, name) and all(found.get(key) == value for key, value in wanted.items())
        ]


PAGES = ("", "collection/", "collection/all/")


def html_of(site, path):
    return (site / path / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    "path", ["", *(f"u/{name}/{page}" for name in ("dozen", "empty") for page in PAGES)]
)
def test_every_page_has_its_landmarks(site, path):
    html = html_of(site, path)
    page = Landmarks(html)

    assert len(page.of("h1")) == len(page.of("main")) == 1
    assert page.of("a", href="#main")
    assert page.of("time", datetime="2026-11-22T14:18:42Z")
    assert "Data provided by Discogs.</a>" in html
    assert "‘Discogs’ is a trademark of Zink Media, LLC." in html
    assert not [rel for found in page.of("a") if "nofollow" in (rel := found.get("rel") or "")]


TOTALS = {
    "dozen": {
        "copies": "12",
        "releases": "8",
        "artists": "10",
        "genres": "9",
        "styles": "6",
        "formats": "7",
        "years": "1896/2027",
    },
    "empty": {
        "copies": "0",
        "releases": "0",
        "artists": "0",
        "genres": "0",
        "styles": "0",
        "formats": "0",
        "years": "unknown",
    },
}


@pytest.mark.parametrize("name", TOTALS)
@pytest.mark.parametrize("path", ["", "collection/"])
def test_totals_are_plain_digits(site, name, path):
    page = Landmarks(html_of(site, f"u/{name}/{path}"))

    shown = {stat: page.of(data_stat=stat) for stat in TOTALS[name]}

    assert {stat: found[0]["data-value"] for stat, found in shown.items()} == TOTALS[name]
    assert {len(found) for found in shown.values()} == {1}


NEWEST = [2**31 + 5, 2**31 + 2, 2**31 + 4, 2**31 + 7, 2**31 + 6, 2**31 + 8]


def test_the_newest_albums_are_shown(site):
    page = Landmarks(html_of(site, "u/dozen/"))
    shown = [int(found["data-instance"]) for _, found in page.elements if "data-instance" in found]

    assert shown == NEWEST


def test_the_list_holds_every_copy(site):
    html = html_of(site, "u/dozen/collection/all/")
    page = Landmarks(html)
    order = [5, 2, 1, 4, 3, 7, 6, 8, 9]
    shown = [int(found["data-instance"]) for _, found in page.elements if "data-instance" in found]

    assert shown == [*(2**31 + number for number in order), 12, 13, 14]
    assert [
        found["href"].rpartition("/")[2] for found in page.of("a") if "/release/" in found["href"]
    ] == [*("4", "1", "1", "3", "2", "6", "5", "7", "8", "3", "5", "8")]
    assert "Low Tide </script> <b>& Co</b> \u2028" in unescape(html.partition("<ol")[2])
    assert len(page.of("script", type="application/json", id="collection")) == 1
    assert [found["data-count"] for found in page.of(role="status")] == ["12"]


@pytest.mark.parametrize("name", ["genres", "formats", "artists", "years"])
def test_every_chart_has_a_table(site, name):
    for account in ("dozen", "empty"):
        page = Landmarks(html_of(site, f"u/{account}/collection/"))
        assert len(page.of("figure", data_chart=name)) == 1
        assert len(page.of("canvas")) == 4
        assert len(page.of("table")) == 4 + (account == "dozen")  # the months have no drawing
