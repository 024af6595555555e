"""Runs that are killed at any moment of their lives, and what every one of them leaves whole."""

import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join, normpath
from random import Random
from urllib.parse import unquote

import pytest

from generator.demo import Person, StandIn
from tests.cli.accounts import opened, snapshot_of
from tests.cli.forking import Run
from tests.cli.running import TOKEN, Terminal, make_shelf, side_by_side

KILLS = 150
LANES = 2
SAVING, MOMENT, PUBLISHING = 0.03, 0.002, 0.006
"""How long what a kill aims at takes at most, in seconds."""
SEALING = "data/accounts/*/.gatefold-*.tmp"
SITE = ".gatefold-build-*"
FINISHED_SITE = ".gatefold-build-*/.gatefold"
LEFTOVERS = (SEALING, SITE, FINISHED_SITE)
LINK = re.compile(r'\b(?:href|src)="([^"]*)"')
NAMES = ("demo", "kay")


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


def version_of(name, told, newest):
    """Which of the collections that were served this is, whole; the newest two at first."""
    for version in range(newest, -1, -1):
        if told == {told_of(item) for item in shelf_of(name, version)}:
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
class Lane:
    """One workspace, whose collections change before each of its runs, and what it went through."""

    terminal: Terminal
    discogs: StandIn
    dice: Random
    version: int = 0
    life: float = 0.0
    """How long a run takes that nobody kills, in seconds."""
    asked: int = 0
    """Requests to Discogs before the current run."""
    run: Run = field(init=False)
    leftovers: frozenset = frozenset()
    """What killed runs have left, before the current one."""
    kept: Counter = field(default_factory=Counter)
    """By account: the newest version seen in its snapshot."""
    killed: Counter = field(default_factory=Counter)
    """By aim: the runs that died of it."""
    seen: set = field(default_factory=set)
    """What was found after a kill: which of sync and site had come how far."""

    def change(self):
        """Let the collections be others."""
        self.version += 1
        for name in NAMES:
            self.discogs.people[name].copies[:] = shelf_of(name, self.version)

    def full_run(self):
        """A run nobody kills, which succeeds."""
        self.change()
        begun = time.monotonic()
        ended = self.terminal.run()
        self.life = time.monotonic() - begun
        assert ended.code == 0, ended.err
        assert self.check() == {"demo": self.version, "kay": self.version, "site": self.version}

    def kill(self, aim):
        """Kill a run where `aim` waits for its moment."""
        self.change()
        self.asked = len(self.discogs.requests)
        left = [path for kind in LEFTOVERS for path in self.terminal.workspace.glob(kind)]
        self.leftovers = frozenset(map(str, left))
        self.run = self.terminal.begin()
        aim(self)
        self.run.kill()
        code, _, err = self.run.wait()
        assert code in (0, -9), err
        found = self.check()
        if code:
            self.killed[aim] += 1
            self.seen.add(tuple(self.version - version for version in found.values()))

    def anywhere(self):
        """Any moment of a life, and a little beyond."""
        time.sleep(self.dice.uniform(0, 1.1 * self.life))

    def while_reading(self):
        """Shortly after an answer that completes a reading: the fourth, or the fifth."""
        last = self.asked + self.dice.choice((4, 5))
        self.until(lambda: len(self.discogs.requests) >= last)
        time.sleep(self.dice.uniform(0, SAVING))

    def while_saving(self):
        """With a sealed file beside the one it is to replace."""
        self.until(lambda: self.appeared(SEALING))
        time.sleep(self.dice.uniform(0, MOMENT))

    def while_building(self):
        """With half a site beside the one it is to replace."""
        self.until(lambda: self.appeared(SITE))
        time.sleep(self.dice.uniform(0, self.life / 2))

    def while_publishing(self):
        """With a site that is almost finished, or the old one in its place already."""
        self.until(lambda: self.appeared(FINISHED_SITE))
        time.sleep(self.dice.uniform(0, PUBLISHING))

    def appeared(self, pattern):
        """Whether this run has made such a file; those that were there are leftovers."""
        found = self.terminal.workspace.glob(pattern)
        return any(str(path) not in self.leftovers for path in found)

    def until(self, when):
        """Wait for what must come, unless it was missed."""
        while not when() and self.run.is_alive():
            time.sleep(0.0005)

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


AIMS = (
    Lane.anywhere,
    Lane.while_reading,
    Lane.while_saving,
    Lane.while_building,
    Lane.while_publishing,
)


def live(place: Path, seed):
    """A lane from its first run to its last."""
    people = [
        Person("demo", id=77, token=TOKEN),
        Person("kay", id=78, token="pat-kay"),
    ]
    with StandIn(people) as discogs:
        discogs.limit.authenticated = 10**5
        terminal = Terminal(place, discogs).configure('[sync]\ncooldown = "0s"\n')
        for person in people:
            terminal.connect(person.username, DISCOGS_TOKEN=person.token)
        lane = Lane(terminal, discogs, Random(seed))  # noqa: S311 - moments, not secrets
        lane.full_run()
        lane.full_run()
        while lane.killed.total() < KILLS / LANES:
            lane.kill(min(AIMS, key=lambda aim: lane.killed[aim]))
        lane.full_run()
    return lane


@pytest.fixture(scope="module")
def lanes(tmp_path_factory):
    """Two of them side by side, half of the kills in each."""
    places = [tmp_path_factory.mktemp("lane") for _ in range(LANES)]
    return side_by_side(
        *(lambda place=place, seed=seed: live(place, seed) for seed, place in enumerate(places))
    )


def test_whatever_is_killed_leaves_everything_whole(lanes):
    """State opens, snapshots and site are ones that were served; the next run succeeds."""
    killed: Counter = sum((lane.killed for lane in lanes), Counter())

    assert killed == dict.fromkeys(AIMS, KILLS / len(AIMS))


def test_the_kills_met_every_stage(lanes):
    """Nothing new yet; one account, both, and the site as well, just before the end."""
    stages = {tuple(behind > 0 for behind in found) for lane in lanes for found in lane.seen}

    nothing, one, both, site = (True,) * 3, (False, True, True), (False, False, True), (False,) * 3
    assert {nothing, one, both, site} <= stages


def test_nothing_is_left_lying_about(lanes):
    """The run after the last kill removes what the killed ones left."""
    for lane in lanes:
        workspace = lane.terminal.workspace
        names = {path.name for path in workspace.rglob("*") if path.name.startswith(".")}
        assert names == {".lock", ".gatefold", ".nojekyll"}
