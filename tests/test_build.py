"""Building: the same bytes from the same snapshot, and a whole site whatever happens."""

import json
import os
import re
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from generator.build import Built
from generator.derive.pages import Page, SiteView, Source
from generator.domain.snapshot import snapshot_json
from generator.errors import RenderError, UsageError
from generator.render.privacy import Scope
from generator.render.verify import verified
from tests.cli.forking import Limits, fork_server
from tests.factories import make_collection, make_copy, make_release, make_snapshot
from tests.render.shelf import built, make_build, make_shelf, pages, tree

CHECKOUT = Path(__file__).parents[1]
ACCOUNT_FILES = {
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
    """No account: an index that says so, and the page for what is lost."""
    assert make_build(site).run([]) == Built(0, 0, len(tree(built(site))))

    assert pages(site).keys() == SITE_FILES
    assert b"There is no public collection here yet." in pages(site)["index.html"]


@pytest.mark.parametrize("copies", [0, 1, 25, 26, 101])
def test_a_collection_of_any_size_is_a_site(site, copies):
    """Every page stands, the list shows the first 25, every copy is in the data."""
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
    """Accounts, copies, and files, assets included."""
    shelves = [make_shelf(3, "b"), make_shelf(2, "a")]

    told = make_build(site).run(Source(shelf) for shelf in shelves)

    assert told == Built(accounts=2, copies=5, files=len(tree(site)))


def test_two_accounts_may_own_the_same_copies(site):
    """One Discogs collection under two names has two trees; the index shows a cover once."""
    built(site, make_shelf(5, "one"), make_shelf(5, "two"))

    found = pages(site)
    assert {name.split("/")[1] for name in found if name.startswith("u/")} == {"one", "two"}
    assert re.findall(rb'data-instance="(\d+)"', found["index.html"]) == [b"5", b"4", b"3"]


def test_an_account_that_is_gone_leaves_nothing(site):
    """What is not built any more is not in the site any more."""
    built(site, make_shelf(2, "stays"), make_shelf(2, "goes"))

    built(site, make_shelf(2, "stays"))

    assert not any(path.startswith("u/goes") for path in tree(site))
    assert not (site / "u/goes").exists()


def test_hostile_texts_are_only_texts(site):
    """Markup, line separators, brackets and quotes in every field end no element."""
    text = "</script><script>alert(1)</script><!-- \u2028\u2029 ]]> \"'&lt; \U0001f3b5"
    release = make_release(1, title=text, genres=(text,), styles=(text,))
    collection = make_collection(make_copy(1, 1), releases=[release])

    built(site, make_snapshot(collection, discogs_name=text))

    for path, content in pages(site).items():
        if path.endswith(".html"):
            html = content.decode()
            assert "<script>" not in html
            assert "<!--" not in html
    everything = (site / "u/low-tide/collection/all/index.html").read_text("utf-8")
    embedded = everything.partition('id="collection">')[2].partition("</script>")[0]
    assert json.loads(embedded)["columns"]["values"]["titles"] == [text]
    assert not set("<>&\u2028\u2029") & set(embedded)


def test_a_title_of_any_length_is_shown(site):
    """Five hundred characters, right to left, without a space."""
    title = "\u05d0" * 500
    collection = make_collection(make_copy(1, 1), releases=[make_release(1, title=title)])

    built(site, make_snapshot(collection))

    assert title in (site / "u/low-tide/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "source", "what"),
    [
        ("base.html", "<h1>x</h1>", r"has no Content-Security-Policy$"),
        ("pages/404.html", "{{ slip }}", r"^404\.html: pages/404\.html: 'slip' is undefined$"),
        ("pages/list.html", "{% extends 'absent.html' %}", r"absent\.html"),
        (
            "pages/404.html",
            "{% extends 'base.html' %}{% block content %}<h1>x</h1><a href='x'></a>{% endblock %}",
            r"^404\.html: links to x, which is not in the site$",
        ),
    ],
)
def test_a_build_that_fails_leaves_the_old_site(site, tmp_path, name, source, what):
    """Byte for byte, whatever was wrong and however late it was found."""
    before = tree(built(site, make_shelf(3)))
    own = tmp_path / "templates"
    (own / name).parent.mkdir(parents=True)
    (own / name).write_text(source)

    with pytest.raises(RenderError, match=what):
        built(site, make_shelf(4), templates=[own])

    assert tree(site) == before
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_failure_while_reading_leaves_the_old_site(site):
    """An account's snapshot that fails in the middle of the build ends it."""
    before = tree(built(site, make_shelf(3)))

    with pytest.raises(ZeroDivisionError):
        make_build(site).run(Source(make_shelf(1, str(1 // number))) for number in (1, 0))

    assert tree(site) == before


def test_a_foreign_directory_is_not_touched(site):
    """Somebody's letters are no site."""
    site.mkdir(parents=True)
    (site / "letter.txt").write_text("dear")

    with pytest.raises(UsageError, match="was not made by build-site"):
        built(site, make_shelf(1))

    assert tree(site.parent) == {"site/letter.txt": b"dear"}


def test_assets_are_kept_for_one_more_build(site, tmp_path):
    """A page cached before the build still finds what it asks for; after another it is gone."""
    own = tmp_path / "assets"
    own.mkdir()
    digests = []
    for content in ("one", "two", "three"):
        (own / "extra.css").write_text(content)
        built(site, make_shelf(1), assets=[own])
        digests.append((site / ".gatefold").read_text().strip())
        assert {path.name for path in (site / "assets").iterdir()} == set(digests[-2:])
        assert (site / "assets" / digests[-1] / "extra.css").read_text() == content

    built(site, make_shelf(2), assets=[own])

    assert [path.name for path in (site / "assets").iterdir()] == digests[-1:]
    assert len(set(digests)) == 3


def test_a_second_build_changes_nothing(site):
    """The same snapshot, the same bytes, with the same site there already."""
    before = tree(built(site, make_shelf(30)))

    assert tree(built(site, make_shelf(30))) == before


def test_every_process_writes_the_same_bytes(tmp_path):
    """Whatever order its sets have: genres, styles and artists in ties, names in two cases."""
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
    """No key, no state, no socket: a snapshot is enough."""
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
    """Killed at many steps: the old site or the new one, all of it, and no litter in the end."""
    whole = whole_sites(two, site)

    for number, step in steps(1, 9):
        if forked(two[number % 2], site, step) == 0:
            break
        assert tree(site) in whole
    for removal in (1, 9, 17):
        assert forked(two[0], site, (step[0] - 9, removal)) == -signal.SIGKILL
        assert tree(site) == whole[1]

    assert number > 7
    assert forked(two[1], site) == 0
    assert tree(site) == whole[0]
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_killed_build_of_a_repository_leaves_whole_pages(site, two):
    """Replaced one by one: every page is the old or the new one, and finds all it asks for."""
    (site / ".git").mkdir(parents=True)
    (site / ".git/HEAD").write_text("ref")
    whole = whole_sites(two, site)

    for number, step in steps(50, 3):
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
            page = Page(path, "", None, frozenset(range(200)))
            scope = Scope("", frozenset({"low-tide"}))
            verified(page, content.decode(), "", scope).resolve(found.keys())


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
