"""A disk that is full, may not be written, or holds damaged files: one clear line, nothing lost."""

import shutil
from dataclasses import dataclass

import pytest

from generator.demo.api import Person
from tests.cli.accounts import copies_of, opened, sent_ids
from tests.cli.conftest import make_owner
from tests.cli.forking import Limits
from tests.cli.running import TOKEN, Terminal, make_shelf
from tests.standin import StandIn

MEND = "hint: nothing was lost; fix this and sync again"
MEND_AND_RUN = "hint: nothing was lost; fix this and try again"
MEND_AND_BUILD = "hint: the previous site stays; fix this and build again"
MEND_ABOVE = (
    "hint: allow writing in the directory above, where the site is built; "
    "the previous site stays; fix this and build again"
)
RESTORE = "hint: restore the file from a backup, or connect the account again"
UPDATE = "hint: update Gatefold, or restore data/ from a backup"
READ_ANEW = "hint: read it again: build-site sync demo --force"
RECONNECT = "hint: reconnect: build-site connect demo"
ANYBODY = Limits(unprivileged=True)
AFTER = {"demo": make_shelf(120), "kay": make_shelf(4, first=101)}
"""What Discogs has by now; before, demo had 12 copies and kay 3."""


def make_people(before=False):
    """Both people, with fewer records before."""
    owner = make_owner()
    owner.copies[:] = AFTER["demo"][: 12 if before else None]
    kay = Person("kay", id=78, copies=AFTER["kay"][: 3 if before else None], token="pat-kay")
    return [owner, kay]


def tree(directory):
    """Every byte below a directory, by path; the lock's note is nobody's state."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.name.startswith(".lock")
    }


@pytest.fixture(scope="module")
def discogs():
    """Discogs after the collections have grown."""
    with StandIn(make_people()) as standin:
        standin.limit.authenticated = 1000
        yield standin


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A workspace with two accounts, synced and built; made once, only copied."""
    workspace = tmp_path_factory.mktemp("built")
    with StandIn(make_people(before=True)) as standin:
        terminal = Terminal(workspace, standin).configure('[sync]\ncooldown = "0s"\n')
        terminal.connect("demo", DISCOGS_TOKEN=TOKEN).connect("kay", DISCOGS_TOKEN="pat-kay")
        assert terminal.run().code == 0
    return workspace


@pytest.fixture
def terminal(built, discogs, tmp_path):
    """A terminal in a copy of it."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True, symlinks=True)
    return Terminal(tmp_path, discogs)


def place_of(terminal, name, purpose):
    """A sealed file of an account."""
    account = opened(terminal)[name]
    return terminal.workspace / "data/accounts" / account.id / purpose


def closed(*directories):
    """Take the right to write from directories."""
    for directory in directories:
        directory.chmod(0o500)


def given_back(*directories):
    """Give it back."""
    for directory in directories:
        directory.chmod(0o700)


DEMO_FULL = ["error: demo: snapshot: file too large", MEND]
KAY_FULL = ["error: kay: snapshot: file too large", MEND]
SITE_FULL = ["error: site: cannot be written: file too large", MEND_AND_BUILD]
FULL = {
    # bytes a file may have: what the bare command tells, and whose new records are kept
    0: (["error: data/.lock.json: file too large", MEND_AND_RUN], set()),
    500: (DEMO_FULL + KAY_FULL, set()),
    2000: (DEMO_FULL + SITE_FULL, {"kay"}),
    50_000: (SITE_FULL, {"demo", "kay"}),
}
"""A file is written whole or not at all, so a limit on each is a disk with that much left."""


@pytest.mark.parametrize("room", FULL)
def test_a_full_disk_costs_nothing_but_the_run(terminal, room):
    complaints, synced = FULL[room]
    before = tree(terminal.workspace)
    records = {person.username: person.copies for person in make_people(before=True)}
    records |= {name: AFTER[name] for name in synced}

    ended = terminal.run(limits=Limits(file_size=room))
    after = tree(terminal.workspace)
    changed = {path for path in before if after.get(path) != before[path]}
    kept = {name: copies_of(terminal, account) for name, account in opened(terminal).items()}

    assert (ended.complaints, ended.code) == (complaints, 1)
    assert kept == {name: sent_ids(copies) for name, copies in records.items()}
    assert after.keys() == before.keys()
    assert {path.rpartition("/")[2] for path in changed} <= {"status", "snapshot"}
    assert terminal.run().code == 0
    assert terminal.published("u/demo/collection/stats.json")["copies"] == 120


@dataclass(frozen=True)
class Locked:
    """A directory that may not be written: which, with which command, and what is told."""

    where: str
    arguments: tuple[str, ...]
    complaints: tuple[str, ...]


UNWRITABLE = {
    "data, sync": Locked(
        "data",
        ("sync",),
        ("error: data/.lock.json: permission denied", MEND_AND_RUN),
    ),
    "beside the site, build": Locked(
        ".", ("build", "--full"), ("error: site: cannot be written: permission denied", MEND_ABOVE)
    ),
    "beside another site, build": Locked(
        "mnt",
        ("build", "--output", "mnt/www/site"),
        ("error: mnt/www/site: cannot be written: permission denied", MEND_ABOVE),
    ),
}


@pytest.mark.parametrize("case", UNWRITABLE)
def test_a_directory_that_may_not_be_written_is_told(terminal, case):
    (terminal.workspace / "mnt").mkdir()
    place = terminal.workspace / UNWRITABLE[case].where
    within = [path for path in place.rglob("*") if path.is_dir()] if place.name == "data" else []
    before = tree(terminal.workspace)
    closed(place, *within)

    ended = terminal.run(*UNWRITABLE[case].arguments, limits=ANYBODY)
    after = tree(terminal.workspace)
    given_back(place, *within)

    assert (ended.complaints, ended.code) == (list(UNWRITABLE[case].complaints), 1)
    assert after == before
    assert terminal.run(*UNWRITABLE[case].arguments, limits=ANYBODY).code == 0


@pytest.mark.parametrize("arguments", [[], ["sync"], ["build"], ["accounts"]])
def test_accounts_that_cannot_be_listed_are_not_taken_for_none(terminal, arguments):
    place = terminal.workspace / "data/accounts"
    before = tree(terminal.workspace)
    place.chmod(0)

    ended = terminal.run(*arguments, limits=ANYBODY)
    given_back(place)

    assert (ended.complaints, ended.code) == (
        ["error: data/accounts: permission denied", MEND_AND_RUN],
        1,
    )
    assert tree(terminal.workspace) == before


def test_a_file_in_place_of_a_directory_is_told(terminal):
    (terminal.workspace / "disk").write_text("not mounted", encoding="utf-8")

    ended = terminal.run("build", "--output", "disk/site")

    assert (ended.complaints, ended.code) == (
        ["error: disk/site: cannot be written: not a directory", MEND_AND_BUILD],
        1,
    )


def truncated(path, other):
    path.write_bytes(path.read_bytes()[:40])


def foreign(path, other):
    path.write_bytes(other.read_bytes())


def a_directory(path, other):
    path.unlink()
    path.mkdir()


def out_of_reach(path, other):
    path.chmod(0)


DAMAGED, FOREIGN = "is not a sealed file, or is damaged", "is sealed for another place"
CANNOT = "cannot be read: "
ACCOUNT = "error: data/accounts/{id}/account: "
TOKEN_OF, SNAPSHOT_OF = "error: demo: token: ", "error: demo: snapshot: "

DAMAGES = {
    # what the bare command tells, what build tells
    ("account", truncated): ([ACCOUNT + DAMAGED, RESTORE], [ACCOUNT + DAMAGED, RESTORE]),
    ("account", foreign): ([ACCOUNT + FOREIGN, RESTORE], [ACCOUNT + FOREIGN, RESTORE]),
    ("account", a_directory): (
        [ACCOUNT + CANNOT + "is a directory", UPDATE],
        [ACCOUNT + CANNOT + "is a directory", UPDATE],
    ),
    ("account", out_of_reach): (
        [ACCOUNT + CANNOT + "permission denied", UPDATE],
        [ACCOUNT + CANNOT + "permission denied", UPDATE],
    ),
    ("token", truncated): ([TOKEN_OF + DAMAGED, RECONNECT], []),
    ("token", foreign): ([TOKEN_OF + FOREIGN, RECONNECT], []),
    ("token", a_directory): (["error: demo: token: is a directory", MEND], []),
    ("token", out_of_reach): (["error: demo: token: permission denied", MEND], []),
    # A sync heals a snapshot, unless it cannot be put in its place.
    ("snapshot", truncated): ([], [SNAPSHOT_OF + DAMAGED, READ_ANEW]),
    ("snapshot", foreign): ([], [SNAPSHOT_OF + FOREIGN, READ_ANEW]),
    ("snapshot", out_of_reach): ([], [SNAPSHOT_OF + CANNOT + "permission denied", READ_ANEW]),
    ("snapshot", a_directory): (
        ["error: demo: snapshot: is a directory", MEND],
        [SNAPSHOT_OF + CANNOT + "is a directory", READ_ANEW],
    ),
}


@dataclass(frozen=True)
class Damaged:
    """A workspace in which one file of `demo` was damaged."""

    terminal: Terminal
    id: str
    complaints: tuple[list[str], list[str]]

    def told(self, run):
        """What the bare command (0) or build (1) has to tell."""
        return [line.format(id=self.id) for line in self.complaints[run]]


@pytest.fixture(params=DAMAGES, ids=lambda key: f"{key[0]}, {key[1].__name__}")
def damaged(terminal, request):
    """One for every file and every way of damaging it."""
    purpose, damage = request.param
    path = place_of(terminal, "demo", purpose)
    damage(path, place_of(terminal, "kay", purpose))
    return Damaged(terminal, path.parent.name, DAMAGES[request.param])


def test_damage_never_touches_another_account(damaged):
    ended = damaged.terminal.run(limits=ANYBODY)

    assert ended.complaints == damaged.told(0)
    assert ended.code == (3 if ended.complaints else 0)
    assert damaged.terminal.published("u/kay/collection/stats.json")["copies"] == 4


def test_damage_costs_no_account_its_last_good_pages(damaged):
    ended = damaged.terminal.run("build", limits=ANYBODY)
    pages = sorted(path.name for path in (damaged.terminal.workspace / "site/u").iterdir())

    assert ended.complaints == damaged.told(1)
    assert ended.code == (1 if ended.complaints else 0)
    assert pages == ["demo", "kay"]


def test_damage_does_not_hide_what_can_be_read(damaged):
    terminal = damaged.terminal

    assert [
        terminal.run(*command, limits=ANYBODY).code for command in (["accounts"], ["export", "kay"])
    ] == [0, 0]
    states = [entry["state"] for entry in terminal.listed().values()]
    assert len(states) == 2
