"""Unlisted accounts: the whole tree under a secret path, and no word of it anywhere else."""

import csv
import json
import re
import shutil

import pytest

from generator.demo.api import Person
from tests.cli.accounts import opened
from tests.cli.running import TOKEN, Terminal, make_shelf
from tests.standin import StandIn

SITE = '[site]\nbase_url = "https://me.example/records/"\nrepository = "me/records"\n'
GIVING_AWAY = (
    '{% extends "bundled/pages/404.html" %}'
    '{% block content %}{{ super() }}<a href="LINK">x</a>{% endblock %}'
)
INSTANCE = re.compile(r'data-instance="(\d+)"')


def make_people():
    """Two collections that have no copy in common; both of albums whose genre is Rock."""
    return [
        Person("demo", id=77, copies=make_shelf(30), token=TOKEN),
        Person("Kay", id=78, copies=make_shelf(30, first=501), token="pat-of-kay"),
    ]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A workspace with `demo`, and Kay's collection as `rock`, both synced and built as public."""
    with StandIn(make_people()) as discogs:
        discogs.limit.authenticated = 1000
        terminal = Terminal(tmp_path_factory.mktemp("both"), discogs).configure(SITE)
        terminal.connect("demo", DISCOGS_TOKEN=TOKEN)
        terminal.connect("rock", DISCOGS_TOKEN="pat-of-kay")
        assert terminal.run().code == 0
        yield Terminal(terminal.workspace)


@pytest.fixture
def shared(both, tmp_path):
    """The same workspace for one test."""
    shutil.copytree(both.workspace, tmp_path, dirs_exist_ok=True)
    return Terminal(tmp_path)


def files(terminal, top=""):
    """Every file of the site below `top` except assets and stamps, by its path from there."""
    folder = terminal.workspace / "site" / top
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {
        name: path.read_bytes().decode("utf-8", "replace")
        for name, path in found.items()
        if path.is_file() and not name.startswith("assets/") and path.name != ".gatefold"
    }


def unlisted(terminal):
    """Make `rock` unlisted; the path of its tree."""
    ended = terminal.run("privacy", "rock", "unlisted")
    assert ended.code == 0, ended.err
    return ended.out.strip().removeprefix("https://me.example/records/")


def outside(terminal, top):
    """Every file of the site that is not in a tree."""
    return {path: text for path, text in files(terminal).items() if not path.startswith(top)}


def test_the_same_tree_lies_under_the_link(shared):
    before = files(shared, "u/rock/")
    top = unlisted(shared)

    after = files(shared, top)
    told = {
        path: text.replace('<meta name="robots" content="noindex">\n', "").replace(top, "u/rock/")
        for path, text in after.items()
    }
    assert before.pop("card.png")
    assert {path: plain(text) for path, text in told.items()} == {
        path: plain(text) for path, text in before.items()
    }
    assert not (shared.workspace / "site/u/rock").exists()


def plain(text):
    """A page without its picture, which only public accounts have, and without the site's title.

    The title is there while there are several public accounts.
    """
    text = re.sub(r'<meta (property="og:image|name="twitter:card)[^>]*>\n', "", text)
    return re.sub(r'<a class="wordmark".*?</a>\n', "", text)


def test_every_page_of_it_is_kept_out_of_search_engines(shared):
    top = unlisted(shared)

    noindex = '<meta name="robots" content="noindex">'
    pages = {path: text for path, text in files(shared).items() if path.endswith(".html")}
    assert {path for path, text in pages.items() if noindex in text} == {
        f"{top}{page}"
        for page in ("index.html", "collection/index.html", "collection/all/index.html")
    }


def test_nothing_else_tells_of_it(shared):
    top = unlisted(shared)
    others = outside(shared, top)
    slug = opened(shared)["rock"].slug
    own = range(2173236501, 2173236531)

    assert top == f"x/{slug}/"
    assert [path for path, text in others.items() if slug in text] == []
    assert "2173236501" in files(shared, top)["collection/releases.csv"]
    shown = {int(one) for text in others.values() for one in INSTANCE.findall(text)}
    assert shown
    assert shown.isdisjoint(own)
    for path in others:
        if path.endswith(("stats.json", "releases.json")):
            assert json.loads(others[path])["account"] == "demo"
        if path.endswith(".csv"):
            kept = csv.DictReader(others[path].splitlines())
            assert {int(record["instance_id"]) for record in kept}.isdisjoint(own)
    assert "<bdi>rock</bdi>" not in others["index.html"]
    assert "<bdi>demo</bdi>" in others["index.html"]


def test_the_rest_of_the_site_is_as_if_it_were_not_there(shared):
    top = unlisted(shared)
    while_unlisted = outside(shared, top)

    assert shared.run("disconnect", "rock", "--yes").code == 0
    assert files(shared) == while_unlisted


def test_a_site_of_unlisted_accounts_alone_has_nobody_on_its_index(shared):
    assert shared.run("disconnect", "demo", "--yes").code == 0
    top = unlisted(shared)

    assert "no public collection here yet" in files(shared)["index.html"]
    assert "<bdi>rock</bdi>" in files(shared, top)["index.html"]


def test_a_build_tells_how_many_are_unlisted(shared):
    unlisted(shared)

    told = shared.run("build").err

    assert "1 public account, 30 copies, 1 unlisted" in told
    assert "rock" not in told


def test_a_collection_may_be_public_and_unlisted(shared):
    with StandIn(make_people()) as discogs:
        discogs.limit.authenticated = 1000
        again = Terminal(shared.workspace, discogs)
        again.connect("twin", DISCOGS_TOKEN=TOKEN)
        assert again.run("privacy", "twin", "unlisted").code == 0
        assert again.run("sync", "twin").code == 0
        ended = again.run("build")

    assert (ended.code, len(list((shared.workspace / "site/x").iterdir()))) == (0, 1)


@pytest.mark.parametrize("level", ["unlisted", "private"])
@pytest.mark.parametrize("link", ["u/rock/", "{top}", "{top}collection/stats.json"])
def test_a_template_cannot_give_it_away(shared, level, link):
    top = unlisted(shared)
    assert shared.run("privacy", "rock", level).code == 0
    before = files(shared)
    page = shared.workspace / "templates/pages/404.html"
    page.parent.mkdir(parents=True)
    page.write_text(GIVING_AWAY.replace("LINK", link.format(top=top)), "utf-8")

    ended = shared.run("build")

    assert (ended.code, len(ended.complaints)) == (1, 2)
    assert ended.complaints[0].startswith("error: 404.html: links to ")
    assert files(shared) == before
