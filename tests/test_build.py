"""Building: the same bytes from the same snapshot, and a whole site after every failure."""

import json
import os
import re
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from generator.build import Built
from generator.derive.pages import AccountContent, Page, SiteView
from generator.domain.collection import snapshot_json
from generator.errors import RenderError, UsageError
from generator.render.privacy import Scope
from generator.render.site import check_links
from generator.render.verify import verify
from tests.cli.forking import Limits, fork_server
from tests.factories import (
    make_artist,
    make_collection,
    make_copy,
    make_format,
    make_label,
    make_release,
    make_snapshot,
)
from tests.render.shelf import built, make_build, make_shelf, pages, tree

CHECKOUT = Path(__file__).parents[1]
ACCOUNT_FILES = {
    ".gatefold",
    "index.html",
    "days.json",
    "feed.xml",
    "collection/index.html",
    "collection/all/index.html",
    "collection/stats.json",
    "collection/releases.json",
    "collection/releases.csv",
}
SITE_FILES = {".gatefold", ".nojekyll", "404.html", "index.html", "robots.txt"}


@pytest.fixture
def site(tmp_path):
    """Where a site goes."""
    return tmp_path / "place" / "site"


def command(*arguments):
    """build-site in a process of its own."""
    return [sys.executable, "-m", "generator", *map(str, arguments)]


def environ(**changes):
    return {"PATH": os.defpath, **changes}


def write_snapshot(directory, snapshot):
    path = directory / f"{snapshot.account}-{len(snapshot.collection.copies)}.json"
    path.write_bytes(snapshot_json(snapshot))
    return path


def test_a_site_of_nobody_is_a_site(site):
    assert make_build(site).run([], {}) == Built(0, 0, len(tree(built(site))))

    assert pages(site).keys() == SITE_FILES
    assert b"There is no public collection here yet." in pages(site)["index.html"]


@pytest.mark.parametrize("copies", [0, 1, 25, 26, 101])
def test_a_collection_of_any_size_is_a_site(site, copies):
    built(site, make_shelf(copies))

    found = pages(site)
    assert found.keys() == SITE_FILES | {f"u/low-tide/{name}" for name in ACCOUNT_FILES}
    everything = found["u/low-tide/collection/all/index.html"].decode()
    assert re.findall(r'data-instance="(\d+)"', everything) == [
        str(number) for number in range(copies, max(0, copies - 25), -1)
    ]
    assert re.findall(r'data-count="(\d+)"', everything) == [str(copies)]
    items = json.loads(found["u/low-tide/collection/releases.json"])["items"]
    assert [item["instance_id"] for item in items] == list(range(copies, 0, -1))


def test_it_says_what_was_built(site):
    shelves = [make_shelf(3, "b"), make_shelf(2, "a")]

    result = make_build(site).run(map(AccountContent, shelves), {})

    assert result == Built(accounts=2, copies=5, files=len(tree(site)))


def test_two_accounts_may_own_the_same_copies(site):
    built(site, make_shelf(5, "one"), make_shelf(5, "two"))

    found = pages(site)
    assert {name.split("/")[1] for name in found if name.startswith("u/")} == {"one", "two"}
    assert re.findall(rb'data-instance="(\d+)"', found["index.html"]) == [b"5"]


def test_an_account_that_is_gone_leaves_nothing(site):
    built(site, make_shelf(2, "stays"), make_shelf(2, "goes"))

    built(site, make_shelf(2, "stays"))

    assert not any(path.startswith("u/goes") for path in tree(site))
    assert not (site / "u/goes").exists()


BASE = "https://me.example/records/"


@pytest.mark.parametrize(
    "text",
    [
        "</script><script>alert(1)</script><!-- \u2028\u2029 ]]> \"'&lt; \U0001f3b5",
        '" onclick="alert(1)" style="x" data-instance="7',
        f"{BASE}x/{'c3' * 16}/",
        f'<a href="{BASE}x/{"c3" * 16}/">x</a>',
        "{{ site }}{% include 'base.html' %}",
    ],
)
def test_hostile_texts_are_only_texts(site, text):
    release = make_release(
        1,
        title=text,
        genres=(text,),
        styles=(text,),
        artists=(make_artist(text, printed=text),),
        labels=(make_label(text, catalog_number=text),),
        formats=(make_format(text, text=text),),
    )
    collection = make_collection(make_copy(1, 1), releases=[release])

    built(site, make_snapshot(collection, discogs_name=text), site=SiteView(base_url=BASE))

    ET.fromstring((site / "u/low-tide/feed.xml").read_bytes())  # noqa: S314 - ours
    for path, content in pages(site).items():
        if path.endswith(".html"):
            html = content.decode()
            assert "<script>" not in html
            assert "<!--" not in html
    everything = (site / "u/low-tide/collection/all/index.html").read_text("utf-8")
    embedded = everything.partition('id="collection">')[2].partition("</script>")[0]
    assert json.loads(embedded)["columns"]["values"]["titles"] == [text]
    assert not set("<>&\u2028\u2029") & set(embedded)
    (item,) = json.loads((site / "u/low-tide/collection/releases.json").read_bytes())["items"]
    assert (item["title"], item["genres"]) == (text, [text])


def _strings(value):
    """Every text in a JSON value."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return {text for part in value for text in _strings(part)}
    return {value}


def test_an_import_says_so_and_offers_no_refresh(site):
    imported = replace(make_shelf(3), discogs_name=None, discogs_id=None)
    built(site, imported, site=SiteView(repository="owner/records"))

    said = "Imported from a CSV export on <time"
    for path in ("index.html", "collection/index.html", "collection/all/index.html"):
        html = (site / "u/low-tide" / path).read_text("utf-8")
        assert said in html
        assert not re.search('data-synced|freshness-late|class="refresh', html)
    built(site, imported, make_shelf(2, "other"))
    assert "Imported on <time" in (site / "index.html").read_text("utf-8")


def test_a_title_of_any_length_is_shown(site):
    title = "\u05d0" * 500
    collection = make_collection(make_copy(1, 1), releases=[make_release(1, title=title)])

    built(site, make_snapshot(collection))

    assert title in (site / "u/low-tide/index.html").read_text("utf-8")


INCLUDED = "{% include 'bundled/partials/colophon.html' %}"


@pytest.mark.parametrize(
    ("name", "source", "what"),
    [
        ("base.html", "<h1>x</h1>", r"^404\.html|index.*: has no Content-Security-Policy$"),
        ("pages/list.html", "{% extends 'absent.html' %}", "there is no template absent.html"),
        (
            "pages/404.html",
            "{% extends 'base.html' %}{% block content %}<h1>x</h1><a href='x'></a>{% endblock %}",
            r"^404\.html: links to x, which is not in the site$",
        ),
        (
            "partials/colophon.html",
            INCLUDED + "\n\n{{ slip }}",
            r"^partials/colophon\.html, line 3: 'slip' is undefined \(u/low-tide/index\.html\)$",
        ),
        (
            "partials/colophon.html",
            INCLUDED + "<a href='../../x/0ther/'>x</a>",
            r"^u/low-tide/index\.html: links to an unlisted account$",
        ),
        (
            "partials/colophon.html",
            INCLUDED + "<i data-instance=77></i>",
            r"^u/low-tide/index\.html: shows a copy of another account$",
        ),
        (
            "partials/colophon.html",
            "<p>Mine</p>",
            "lacks “Data provided by Discogs.” as a followed",
        ),
        (
            "partials/colophon.html",
            "<a href='https://www.discogs.com/'>Data provided by Discogs.</a>",
            r"^u/low-tide/index\.html: lacks the trademark notice$",
        ),
    ],
)
def test_a_build_that_fails_leaves_the_old_site(site, tmp_path, name, source, what):
    before = tree(built(site, make_shelf(3)))
    own = tmp_path / "templates"
    (own / name).parent.mkdir(parents=True)
    (own / name).write_text(source, "utf-8")

    with pytest.raises(RenderError, match=what):
        built(site, make_shelf(4), templates=[own])

    assert tree(site) == before
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_failure_while_reading_leaves_the_old_site(site):
    before = tree(built(site, make_shelf(3)))

    with pytest.raises(ZeroDivisionError):
        make_build(site).run((AccountContent(make_shelf(1 // number)) for number in (1, 0)), {})

    assert tree(site) == before


def test_a_foreign_directory_is_not_touched(site):
    site.mkdir(parents=True)
    (site / "letter.txt").write_text("dear")

    with pytest.raises(UsageError, match="was not made by build-site"):
        built(site, make_shelf(1))

    assert tree(site.parent) == {"site/letter.txt": b"dear"}


def test_only_the_assets_in_use_are_published(site, tmp_path):
    own = tmp_path / "assets"
    own.mkdir()
    digests = set()
    for content in ("one", "two"):
        (own / "extra.css").write_text(content)
        built(site, make_shelf(1), assets=[own])
        (directory,) = (site / "assets").iterdir()
        digests.add(directory.name)
        assert (directory / "extra.css").read_text() == content

    assert len(digests) == 2


def test_every_process_writes_the_same_bytes(tmp_path):
    releases = [
        make_release(number, genres=tuple("dcbaDCBA"), styles=tuple(f"s{n}" for n in range(20)))
        for number in range(1, 12)
    ]
    copies = [make_copy(number, (number % 11) + 1) for number in range(40)]
    snapshot = make_snapshot(make_collection(*copies, releases=releases))
    file = write_snapshot(tmp_path, snapshot)

    for seed in ("1", "2"):
        arguments = ("-C", tmp_path, "build", "--snapshot", file, "--output", tmp_path / seed)
        subprocess.run(
            command(*arguments), cwd=CHECKOUT, env=environ(PYTHONHASHSEED=seed), check=True
        )

    assert len(tree(tmp_path / "1")) > 20
    assert tree(tmp_path / "1") == tree(tmp_path / "2")


WITHOUT_NETWORK = """
import sys
def hook(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.sendmsg"):
        raise SystemExit(f"a build must not reach for {arguments}")
sys.addaudithook(hook)
from generator.cli import main
main()
"""


def test_a_build_reaches_for_nothing(tmp_path):
    file = write_snapshot(tmp_path, make_shelf(3))
    arguments = ["-C", tmp_path, "build", "--snapshot", file]

    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NETWORK, *map(str, arguments)],
        cwd=CHECKOUT,
        env=environ(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name, "site"]
    assert (tmp_path / "site/u/low-tide/index.html").is_file()


def forked(file, site, dies_at=None):
    """The exit code of a build in a process of its own, killed at a step of its work if told."""
    arguments = ("-q", "-C", file.parent, "build", "--snapshot", file, "--output", site)
    run = fork_server().start(
        list(map(str, arguments)), CHECKOUT, environ(), Limits(dies_at=dies_at)
    )
    return run.wait()[0]


@pytest.fixture
def two(tmp_path):
    """Two snapshots whose sites differ in every page."""
    return [write_snapshot(tmp_path, make_shelf(copies, title=str(copies))) for copies in (30, 31)]


def whole_sites(two, site):
    """Both sites as they are when nobody is killed; the first one is there in the end."""
    whole = []
    for file in reversed(two):
        assert forked(file, site) == 0
        whole.append(tree(site))
    return whole


def steps(first, stride):
    """Steps of a build until there are no more: it ended before the last one."""
    return ((number, (first + stride * number, 0)) for number in count())


def test_a_killed_build_leaves_a_whole_site(site, two):
    whole = whole_sites(two, site)

    for number, step in steps(1, 6):
        if forked(two[number % 2], site, step) == 0:
            break
        assert tree(site) in whole
    for removal in (1, 9, 17):
        assert forked(two[0], site, (step[0] - 6, removal)) == -signal.SIGKILL
        assert tree(site) == whole[1]
    assert len(list(site.parent.iterdir())) == 2

    assert number > 7
    assert forked(two[1], site) == 0
    assert tree(site) == whole[0]
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_killed_build_of_a_repository_leaves_whole_pages(site, two):
    (site / ".git").mkdir(parents=True)
    (site / ".git/HEAD").write_text("ref")
    whole = whole_sites(two, site)

    for number, step in steps(20, 3):
        if forked(two[number % 2], site, step) == 0:
            break
        assert_pages_are_whole(site, whole)

    assert number > 4
    assert forked(two[1], site) == 0
    assert tree(site) == whole[0]


def assert_pages_are_whole(site, whole):
    found = tree(site)
    for path, content in found.items():
        if path.endswith(".html"):
            assert content in [one[path] for one in whole]
            scope = Scope("", frozenset({"low-tide"}), frozenset(range(200)))
            targets = verify(Page(path, "", None), content.decode(), "", scope)
            check_links(dict.fromkeys(targets, path), found)


def test_a_published_address_is_used_where_depth_is_unknown(site):
    """With base_url the page for what is lost finds its way from anywhere; the others name it
    in their head and link without it."""
    built(site, make_shelf(2), site=SiteView(base_url="https://me.example/records/"))

    lost = (site / "404.html").read_text()
    own = re.findall(r'(?:href|src)="([^"]*)"', lost)
    assert [link for link in own if not link.startswith(("https://", "#"))] == []
    for path, content in pages(site).items():
        if path.endswith("index.html"):
            assert b"https://me.example" not in content.partition(b"<body>")[2]
