"""The incremental build: whatever happened before, the site equals that of a full build."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from generator.cli.output import Output
from generator.cli.session import Session
from generator.config import Environment, Workspace
from generator.domain.account import Privacy
from tests.factories import NOW, make_account
from tests.render.shelf import make_shelf, tree
from tests.render.test_workers import SEVERAL

CHECKOUT = Path(__file__).parents[1]
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
ENVIRONMENT = Environment("", "", "https://i.discogs.com", "", "", "", KEY, "")
LEVELS = [*Privacy, Privacy.PUBLIC, Privacy.PUBLIC]


class Instance:
    """A workspace with accounts, and the events that can happen to it between two builds."""

    def __init__(self, root, seed=0):
        root.mkdir(parents=True)
        self.root = root
        self.site = root / "site"
        self.chance = Random(seed)  # noqa: S311 - nothing secret comes from it
        self.drawn = 0
        self.configure("")

    @property
    def session(self):
        session = Session(Workspace(self.root), Output())
        session.environment = ENVIRONMENT
        session.output.quiet = True
        return session

    @property
    def accounts(self):
        return self.session.state.load_accounts().accounts

    def save(self, account, **changes):
        """Store an account with some of its choices changed."""
        self.session.state.save_account(replace(account, **changes))

    def configure(self, text):
        (self.root / "site.toml").write_text(text)

    def connect(self, name, copies=3, privacy=Privacy.PUBLIC):
        self.drawn += 1
        slug = f"{self.drawn:032x}" if privacy is Privacy.UNLISTED else None
        account = make_account(
            name, id=f"{self.drawn:016x}", privacy=privacy, slug=slug, discogs_id=self.drawn
        )
        self.session.state.save_account(account)
        self.sync(account, copies)

    def sync(self, account, copies):
        """Store a collection of so many copies, read an hour after the previous one."""
        read = (account.status.synced_at or NOW) + timedelta(hours=1)
        status = replace(account.status, synced_at=read, last_sync=read, records=copies)
        shelf = make_shelf(copies, account.name, f"{account.name} {account.discogs_id}")
        state = self.session.state
        state.save_collection(account.id, shelf.collection)
        state.save_status(replace(account, status=replace(status, connection=account.connection)))

    def build(self, output=None, *, full=False):
        """The names of the accounts that failed, and the whole tree."""
        output, session = output or self.site, self.session
        failed = session.build(session.builder(output, full=full))
        return [outcome.name for outcome in failed], tree(output)

    def written(self):
        """The inode and time of every file: both stay when a file is taken over."""
        return {
            path.relative_to(self.site).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
            for path in self.site.rglob("*")
            if path.is_file()
        }


def one(instance):
    return instance.chance.choice(instance.accounts)


def connects(instance):
    privacy = instance.chance.choice(LEVELS)
    instance.connect(f"name-{instance.drawn}", instance.chance.randrange(4), privacy)


def changes(instance):
    instance.sync(one(instance), instance.chance.randrange(5))


def is_read_again(instance):
    account = one(instance)
    instance.sync(account, account.status.records)


def leaves(instance):
    if len(instance.accounts) > 1:
        instance.session.state.remove_account(one(instance).id)


def is_renamed(instance):
    instance.drawn += 1
    instance.save(one(instance), name=f"renamed-{instance.drawn}")


def is_renamed_at_discogs(instance):
    account = one(instance)
    status = replace(account.status, username=f"N{instance.drawn}")
    instance.session.state.save_status(replace(account, status=status))


def changes_privacy(instance):
    account = one(instance)
    slug = account.slug or f"{int(account.id, 16):032x}"
    instance.save(account, privacy=instance.chance.choice(LEVELS), slug=slug)


def gets_a_new_link(instance):
    instance.drawn += 1
    instance.save(one(instance), slug=f"{instance.drawn:032x}")


def names_change_hands(instance):
    first, *others = instance.accounts
    if others:
        other = instance.chance.choice(others)
        instance.save(first, name=other.name)
        instance.save(other, name=first.name)


def settings_change(instance):
    title, cooldown = instance.chance.choice(["One", "Two"]), instance.chance.choice(["0s", "4h"])
    instance.configure(f'[site]\ntitle = "{title}"\n[sync]\ncooldown = "{cooldown}"\n')


def a_template_changes(instance):
    place = instance.root / "templates/partials/liner_notes.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"<p>{instance.chance.randrange(3)}</p>\n")


def an_asset_changes(instance):
    place = instance.root / "assets/extra.css"
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"/* {instance.chance.randrange(3)} */\n")


def a_file_is_edited(instance):
    files = sorted(path for path in instance.site.rglob("*") if path.is_file())
    if files:
        with instance.chance.choice(files[1:]).open("a") as file:
            file.write(" ")


def a_file_is_lost(instance):
    files = sorted(path for path in instance.site.rglob("*") if path.is_file())
    if files:
        instance.chance.choice(files[1:]).unlink()


def a_file_is_added(instance):
    folders = sorted(path for path in instance.site.rglob("*") if path.is_dir())
    if folders:
        (instance.chance.choice(folders) / "stray.txt").write_text("stray")


def nothing_happens(instance):
    pass


EVENTS = [
    connects,
    changes,
    is_read_again,
    leaves,
    is_renamed,
    is_renamed_at_discogs,
    changes_privacy,
    gets_a_new_link,
    names_change_hands,
    settings_change,
    a_template_changes,
    an_asset_changes,
    a_file_is_edited,
    a_file_is_lost,
    a_file_is_added,
    nothing_happens,
]


@pytest.fixture
def instance(tmp_path):
    """Three accounts, one of them unlisted, built once."""
    made = Instance(tmp_path / "instance")
    made.connect("first")
    made.connect("second", 2, Privacy.UNLISTED)
    made.connect("third", 30)
    assert made.build()[0] == []
    return made


@pytest.mark.parametrize("publishing", ["exchanged", "replaced"])
def test_it_equals_a_full_build(tmp_path, publishing):
    instance = Instance(tmp_path / "instance", publishing)
    other = tmp_path / "other"
    if publishing == "replaced":
        for output in (instance.site, other):
            (output / ".git").mkdir(parents=True)
    for name in ("first", "second"):
        instance.connect(name)

    happened = []
    for _ in range(7):
        for event in instance.chance.sample(EVENTS, instance.chance.choice((1, 1, 2))):
            event(instance)
            happened.append(event.__name__)
        assert instance.build() == instance.build(other, full=True), happened


def test_every_event_alone_is_followed(instance, tmp_path):
    for event in EVENTS:
        event(instance)
        assert instance.build() == instance.build(tmp_path / "other", full=True), event.__name__


def test_only_changed_accounts_are_rendered(instance):
    before = instance.written()

    instance.sync(instance.accounts[0], 4)
    instance.build()

    after = instance.written()
    fresh = {path for path in after if before.get(path) != after[path]}
    assert {path for path in fresh if path.startswith(("u/", "x/"))} == {
        path for path in after if path.startswith("u/first/")
    }
    assert "index.html" in fresh


def test_nothing_is_written_when_nothing_changed(instance):
    before = instance.root.stat().st_mtime_ns, instance.site.stat().st_ino, instance.written()

    assert instance.build()[0] == []

    after = instance.root.stat().st_mtime_ns, instance.site.stat().st_ino, instance.written()
    assert after == before


@pytest.mark.parametrize("full", [False, True])
def test_an_account_that_cannot_be_read_keeps_its_last_good_pages(instance, full):
    before = tree(instance.site)
    (instance.root / "data/accounts" / instance.accounts[0].id / "snapshot").write_bytes(b"x")

    assert instance.build(full=full) == (["first"], before)
    an_asset_changes(instance)
    settings_change(instance)
    failed, after = instance.build(full=full)

    assert failed == ["first"]
    own = {path: text for path, text in before.items() if path.startswith("u/first/")}
    assert {path: text for path, text in after.items() if path.startswith("u/first/")} == own
    (used, *_) = re.findall(r"assets/\w+/", own["u/first/index.html"].decode())
    assert {path for path in before if path.startswith(used)} <= after.keys()


def test_the_pages_of_another_account_of_that_name_do_not_stay(instance):
    first, third = instance.accounts[0], instance.accounts[2]
    status = replace(third.status, username="Somebody")
    instance.session.state.save_status(replace(third, status=status))
    instance.session.state.remove_account(first.id)
    instance.save(replace(third, status=status), name="first")
    (instance.root / "data/accounts" / third.id / "snapshot").write_bytes(b"x")

    failed, after = instance.build()

    assert failed == ["first"]
    assert not any(path.startswith("u/") for path in after)


@pytest.mark.parametrize(
    "event", [settings_change, a_template_changes, an_asset_changes], ids=lambda e: e.__name__
)
def test_shared_inputs_render_every_page(instance, event):
    before = instance.written()

    event(instance)
    instance.build()

    after = instance.written()
    assert {path for path in after if before.get(path) == after[path]} == set()


def test_a_template_behind_a_link_is_noticed(instance):
    shared = instance.root / "shared"
    shared.mkdir()
    (shared / "liner_notes.html").write_text("<p>One</p>\n")
    (shared / "circle").symlink_to(instance.root)
    (instance.root / "templates").mkdir()
    (instance.root / "templates/partials").symlink_to(shared)
    instance.build()

    (shared / "liner_notes.html").write_text("<p>Two</p>\n")

    assert instance.build()[1] == instance.build(instance.root / "full", full=True)[1]


@pytest.mark.parametrize("path", ["u/first/index.html", "u/first/.gatefold"])
def test_a_damaged_account_is_rendered_again(instance, path):
    whole = tree(instance.site)
    content = whole[path]
    before = instance.written()

    for damage in (content[:-1], content.replace(b"first", b"other"), None):
        if damage is None:
            (instance.site / path).unlink()
        elif damage != content and (path.endswith(".gatefold") or len(damage) != len(content)):
            (instance.site / path).write_bytes(damage)
        assert instance.build() == ([], whole)

    changed = {name for name, then in instance.written().items() if before[name] != then}
    assert {name for name in changed if name.startswith(("u/", "x/"))} == {
        name for name in whole if name.startswith("u/first/")
    }


def test_stamps_hold_only_facts_of_public_pages(instance):
    stamps = {path: text for path, text in tree(instance.site).items() if path.endswith("gatefold")}
    second = next(one for one in instance.accounts if one.name == "second")

    assert stamps.keys() == {
        ".gatefold",
        "u/first/.gatefold",
        "u/third/.gatefold",
        f"x/{second.slug}/.gatefold",
    }
    for path, text in stamps.items():
        top = path.removesuffix(".gatefold")
        stamp = json.loads(text.partition(b"\n")[2])
        assert stamp.keys() == {"files", "links", "entry", "assets"}
        assert all(file.startswith(top) for file in stamp["files"])
        if top:
            page = (instance.site / top / "index.html").read_text()
            assert stamp["entry"].keys() == {"account", "href", "stats", "newest"}
            assert stamp["entry"]["account"]["discogs_name"] in page
            assert all(row["title"] in page for row in stamp["entry"]["newest"])
            assert not any(target.startswith(("u/", "x/")) for target in stamp["links"])
        else:
            assert stamp["entry"] is None


def test_the_site_shows_nothing_of_the_unlisted(instance):
    second = next(one for one in instance.accounts if one.name == "second")

    for path, content in tree(instance.root).items():
        if path.startswith(("site/", "data/")) and not path.startswith(f"site/x/{second.slug}/"):
            assert second.slug.encode() not in content
            assert b"second" not in content or path.startswith("site/assets/")


def test_the_site_does_not_change_with_an_unlisted_account(instance):
    second = next(one for one in instance.accounts if one.name == "second")

    def others():
        return {p: text for p, text in tree(instance.site).items() if not p.startswith("x/")}

    before = others()
    instance.sync(second, 5)
    instance.build()
    read_again = others()
    instance.session.state.remove_account(second.id)
    instance.build()

    assert before == read_again == others()
    assert not (instance.site / "x").exists()


def test_each_output_has_its_own_stamps(instance, tmp_path):
    instance.build(tmp_path / "second")
    before = instance.written()

    instance.build()

    assert instance.written() == before


def start(instance):
    """A build in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "generator", "-q", "-C", str(instance.root), "build"],
        cwd=CHECKOUT,
        env={"PATH": os.defpath, "OAUTH_ENCRYPTION_KEY": KEY},
        start_new_session=True,
    )


def test_a_killed_build_leaves_the_old_site_or_the_new_one(instance, tmp_path):
    for number in range(5):
        old = tree(instance.site)
        instance.sync(instance.accounts[0], 30 + number)
        _, new = instance.build(tmp_path / "other", full=True)

        with start(instance) as process:
            while process.poll() is None and not list(instance.root.glob(".gatefold-build-*/site")):
                time.sleep(0.001)
            time.sleep(instance.chance.uniform(0, 0.08))
            process.kill()

        assert tree(instance.site) in (old, new)
        assert instance.build() == ([], new)
    (instance.root / ".gatefold-build-site/site").mkdir(parents=True)
    assert instance.build() == ([], new)
    assert [path.name for path in instance.root.iterdir() if path.name.startswith(".g")] == []


def processes_of(session):
    """The processes of a session that are not zombies."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, owner = status.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(owner) == session and state != "Z":
            found.add(int(status.parent.name))
    return found


@SEVERAL
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_a_killed_build(tmp_path, ending):
    instance = Instance(tmp_path / "instance")
    for number in range(24):
        instance.connect(f"a{number}", 200)
    with start(instance) as process:
        while not list(instance.root.glob(".gatefold-build-site/site/u/*/index.html")):
            assert process.poll() is None
            time.sleep(0.001)
        workers = processes_of(process.pid) - {process.pid}
        process.send_signal(ending)
    deadline = time.monotonic() + 30
    while processes_of(process.pid) and time.monotonic() < deadline:
        time.sleep(0.01)

    assert len(workers) >= 2
    assert process.returncode == (130 if ending is signal.SIGINT else -ending)
    assert processes_of(process.pid) & workers == set()
    assert not instance.site.exists()
    with instance.session.lock("test"):
        assert instance.build() == instance.build(tmp_path / "other", full=True)
    assert {path.name for path in instance.root.iterdir()} == {"data", "site", "site.toml"}


def test_several_processes_render_the_same_site(tmp_path):
    instance = Instance(tmp_path / "instance")
    for number in range(12):
        instance.connect(f"a{number}", number)
    (instance.root / "data/accounts" / instance.accounts[3].id / "snapshot").write_bytes(b"x")

    with start(instance) as process:
        assert process.wait() == 1

    _, found = instance.build(tmp_path / "other", full=True)
    assert tree(instance.site) == found
    assert sum(path.endswith("stats.json") for path in found) == 11
