"""Runs that are killed at any step of their lives, and what every one of them leaves whole.

What a killed run leaves is its files, so the moments that differ are those between its steps.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import pytest

from generator.demo.api import Person
from tests.cli.accounts import opened, snapshot_of
from tests.cli.forking import Limits
from tests.cli.running import TOKEN, Terminal, make_shelf
from tests.standin import StandIn

SAVING = 16
"""The steps of saving both accounts: each of them is one to be killed at."""
STRIDE = 10
"""Of the many steps of building, every tenth, and each of the last ones."""
CLEARING = 15
"""So many removals of what was published before lie between two kills."""
LINK = re.compile(r'\b(?:href|src)="([^"]*)"')
NAMES = ("demo", "kay")


@cache
def shelf_of(name, version):
    """A collection that is never the same twice: with each version one copy comes, one goes."""
    first, copies = {"demo": (1, 104), "kay": (5001, 9)}[name]
    return make_shelf(copies, first + version)


def told_of(item):
    """What tells one copy from any other, as Discogs sends it."""
    title = item["basic_information"]["title"]
    return item["instance_id"], item["id"], item["date_added"], title


def kept_of(snapshot):
    """The same as a snapshot has it."""
    releases = snapshot.collection.releases
    return {
        (copy.instance_id, copy.release_id, copy.date_added, releases[copy.release_id].title)
        for copy in snapshot.collection.copies
    }


@cache
def told_by(name, version):
    """All of a collection that was served."""
    return {told_of(item) for item in shelf_of(name, version)}


def version_of(name, told, newest):
    """Which of the collections that were served this is, whole; the newest two at first."""
    for version in range(newest, -1, -1):
        if told == told_by(name, version):
            return version
    pytest.fail(f"{name} has {len(told)} copies that were never served together")


def broken_links(site):
    """Internal links of any page that lead nowhere, and JSON that is none."""
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    for path in sorted(files):
        if path.endswith(".json"):
            json.loads((site / path).read_bytes())
        if path.endswith(".html") and path != "404.html":
            for link in LINK.findall((site / path).read_text(encoding="utf-8")):
                target = unquote(link.partition("#")[0].partition("?")[0])
                if ":" in target or not target:
                    continue
                place = normpath(join(dirname(path), target, "index.html" * target.endswith("/")))
                if place not in files:
                    yield path, link


@dataclass
class Life:
    """A workspace whose collections change before each of its runs, and what it went through."""

    terminal: Terminal
    discogs: StandIn
    version: int = 0
    kept: Counter = field(default_factory=Counter)
    """By account: the newest version seen in its snapshot."""
    killed: list = field(default_factory=list)
    """The steps at which runs died."""
    seen: set = field(default_factory=set)
    """What was found after a kill: how many accounts were new, and whether the site was."""

    def change(self):
        """Let the collections be others."""
        self.version += 1
        for name in NAMES:
            self.discogs.people[name].copies[:] = shelf_of(name, self.version)

    def full_run(self):
        """A run nobody kills, which succeeds."""
        self.change()
        ended = self.terminal.run()
        assert ended.code == 0, ended.err
        assert self.check() == {"demo": self.version, "kay": self.version, "site": self.version}

    def dies_at(self, making, removal=0):
        """Whether a run comes as far as this step, and is killed there; all is whole then."""
        self.change()
        code, _, err = self.terminal.begin(limits=Limits(dies_at=(making, removal))).wait()
        assert code in (0, -9), err
        found = self.check()
        if code:
            self.killed.append((making, removal))
            *accounts, site = (version == self.version for version in found.values())
            self.seen.add((sum(accounts), site))
        return code != 0

    def die_everywhere(self):
        """While saving, while building, and while what was published before is removed."""
        for step in range(1, SAVING + 1):
            assert self.dies_at(step)
        step = SAVING + STRIDE
        while self.dies_at(step):
            step += STRIDE
        built = step - STRIDE
        step = built + 1
        while self.dies_at(step):
            step += 1
        removal = 1
        while self.dies_at(built - STRIDE, removal):
            removal += CLEARING

    def check(self):
        """Versions of both snapshots and of the site, each found whole, and none gone back."""
        found = {}
        for name, account in opened(self.terminal).items():
            found[name] = version_of(
                name, kept_of(snapshot_of(self.terminal, account)), self.version
            )
        found["site"] = self.published()
        for name, version in found.items():
            assert version >= self.kept[name], name
            self.kept[name] = version
        return found

    def published(self):
        """The older of the versions in the site, which is whole."""
        site = self.terminal.workspace / "site"
        assert list(broken_links(site)) == []
        index = (site / "index.html").read_text(encoding="utf-8")
        versions = []
        for name in NAMES:
            assert f'href="u/{name}/"' in index
            items = self.terminal.published(f"u/{name}/collection/releases.json")["items"]
            told = {
                (one["instance_id"], one["release_id"], one["date_added"], one["title"])
                for one in items
            }
            stats = self.terminal.published(f"u/{name}/collection/stats.json")
            assert stats["copies"] == len(items)
            versions.append(version_of(name, told, self.version))
        return min(versions)


def live(place: Path):
    """A life from its first run to its last."""
    people = [
        Person("demo", id=77, token=TOKEN),
        Person("kay", id=78, token="pat-kay"),
    ]
    with StandIn(people) as discogs:
        discogs.limit.authenticated = 10**5
        terminal = Terminal(place, discogs).configure('[sync]\ncooldown = "0s"\n')
        for person in people:
            terminal.connect(person.username, DISCOGS_TOKEN=person.token)
        life = Life(terminal, discogs)
        life.full_run()
        life.full_run()
        life.die_everywhere()
        life.full_run()
    return life


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """One that has died many times."""
    return live(tmp_path_factory.mktemp("life"))


def test_whatever_is_killed_leaves_everything_whole(life):
    (published, removed), *_ = reversed(life.killed)

    assert len(life.killed) > SAVING + STRIDE
    assert published > 4 * SAVING
    assert removed > CLEARING


def test_the_kills_met_every_stage(life):
    assert life.seen == {(0, False), (1, False), (2, False), (2, True)}


def test_nothing_is_left_lying_about(life):
    workspace = life.terminal.workspace
    names = {path.name for path in workspace.rglob("*") if path.name.startswith(".")}

    assert names == {".lock", ".lock.json", ".seen", ".gatefold", ".nojekyll"}
