"""The incremental build: whatever happened before, the site is what a full build would make."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from generator.cli.app import App
from generator.cli.building import rebuild

from generator.cli.output import Output
from generator.config import Workspace, load_environment, load_settings
from generator.domain.account import Privacy
from tests.factories import NOW, make_account
from tests.render.shelf import make_shelf, tree

CHECKOUT = Path(__file__).parents[1]
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
ENVIRON = {"OAUTH_ENCRYPTION_KEY": KEY}
LEVELS = [*Privacy, Privacy.PUBLIC, Privacy.PUBLIC]


class Instance:
    """A workspace with accounts, and everything that can happen to it between two builds."""

    def __init__(self, root, seed=0):
        root.mkdir(parents=True)
        self.root = root
        self.site = root / "site"
        self.chance = Random(seed)  # noqa: S311 - nothing secret comes from it
        self.drawn = 0
        self.configure("")

    @property
    def app(self):
        workspace = Workspace(self.root)
        environment = load_environment(workspace, ENVIRON)
        return App(workspace, load_settings(workspace), environment, Output(quiet=True))

    @property
    def accounts(self):
        return self.app.accounts.load().accounts

    def configure(self, text):
        (self.root / "site.toml").write_text(text)

    def connect(self, name, copies=3, privacy=Privacy.PUBLIC):
        self.drawn += 1
        slug = f"{self.drawn:032x}" if privacy is Privacy.UNLISTED else None
        account = make_account(
            name, id=f"{self.drawn:016x}", privacy=privacy, slug=slug, discogs_id=self.drawn
        )
        self.app.accounts.save(account)
        return self.sync(account, copies)

    def sync(self, account, copies):
        """A collection of so many copies, read an hour after the one before."""
        read = (account.synced_at or NOW) + timedelta(hours=1)
        synced = replace(account, synced_at=read, last_sync=read, records=copies)
        shelf = make_shelf(copies, account.name, f"{account.name} {account.discogs_id}")
        self.app.snapshots.save(account.id, shelf.collection)
        self.app.accounts.save(synced)
        return synced

    def build(self, output=None, *, full=False):
        """The exit code, and the whole tree."""
        output = output or self.site
        code = rebuild(self.app, output, full=full)
        return code, tree(output)

    def times(self):
        """When each page was written: what was taken over keeps its time."""
        return {
            path.relative_to(self.site).as_posix(): path.stat().st_mtime_ns
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
    instance.sync(account, account.records)


def leaves(instance):
    if len(instance.accounts) > 1:
        instance.app.accounts.remove(one(instance).id)


def is_renamed(instance):
    instance.drawn += 1
    instance.app.accounts.save(replace(one(instance), name=f"renamed-{instance.drawn}"))


def is_renamed_at_discogs(instance):
    instance.app.accounts.save(replace(one(instance), discogs_name=f"N{instance.drawn}"))


def changes_privacy(instance):
    account, level = one(instance), instance.chance.choice(LEVELS)
    slug = account.slug or f"{int(account.id, 16):032x}"
    instance.app.accounts.save(replace(account, privacy=level, slug=slug))


def gets_a_new_link(instance):
    instance.drawn += 1
    instance.app.accounts.save(replace(one(instance), slug=f"{instance.drawn:032x}"))


def names_change_hands(instance):
    first, *others = instance.accounts
    if others:
        other = instance.chance.choice(others)
        instance.app.accounts.save(replace(first, name=other.name))
        instance.app.accounts.save(replace(other, name=first.name))


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


def a_snapshot_is_damaged(instance):
    place = instance.root / "data/accounts" / one(instance).id / "snapshot"
    content = bytearray(place.read_bytes())
    content[40] ^= 1
    place.write_bytes(content)


def somebody_edits_a_file(instance):
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
    a_snapshot_is_damaged,
    somebody_edits_a_file,
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
    assert made.build()[0] == 0
    return made


@pytest.mark.parametrize("publishing", ["exchanged", "replaced"])
def test_it_equals_a_full_build(tmp_path, publishing):
    """After anything that can happen, in any order, however the site is published."""
    instance = Instance(tmp_path / "instance", publishing)
    other = tmp_path / "other"
    if publishing == "replaced":
        for output in (instance.site, other):
            (output / ".git").mkdir(parents=True)
    for name in ("first", "second"):
        instance.connect(name)

    happened = []
    for _ in range(10):
        for event in instance.chance.sample(EVENTS, instance.chance.choice((1, 1, 2))):
            event(instance)
            happened.append(event.__name__)
        assert instance.build() == instance.build(other, full=True), happened


def test_every_event_alone_is_followed(instance, tmp_path):
    """One after the other, so that none of them hides behind another."""
    for event in EVENTS:
        event(instance)
        assert instance.build() == instance.build(tmp_path / "other", full=True), event.__name__


def test_only_what_changed_is_rendered(instance):
    """The pages of the other accounts stay as they were written; the index is new."""
    before = instance.times()

    instance.sync(instance.accounts[0], 4)
    instance.build()

    after = instance.times()
    assert {path for path in after if path.startswith("u/third/")} == {
        path for path in before if before[path] == after.get(path) and path.startswith("u/third/")
    }
    fresh = {path for path in after if before.get(path) != after[path]}
    assert {path for path in fresh if path.startswith(("u/", "x/"))} == {
        path for path in after if path.startswith("u/first/")
    }
    assert "index.html" in fresh


def test_nothing_is_published_when_nothing_changed(instance):
    """Not even the directory is another one."""
    before = instance.site.stat().st_ino, instance.times()

    assert instance.build()[0] == 0

    assert (instance.site.stat().st_ino, instance.times()) == before


@pytest.mark.parametrize(
    "event", [settings_change, a_template_changes, an_asset_changes], ids=lambda e: e.__name__
)
def test_what_all_pages_share_renders_all_of_them(instance, event):
    """A setting, a template or an asset that changed leaves no page as it was."""
    before = instance.times()

    event(instance)
    instance.build()

    after = instance.times()
    kept = {path for path in after if before.get(path) == after[path]}
    assert {path for path in kept if not path.startswith("assets/")} == set()


def test_a_template_behind_a_link_is_looked_at_too(instance):
    """Its directory may be shared by several workspaces; a link in a circle does no harm."""
    shared = instance.root / "shared"
    shared.mkdir()
    (shared / "liner_notes.html").write_text("<p>One</p>\n")
    (shared / "circle").symlink_to(instance.root)
    (instance.root / "templates").mkdir()
    (instance.root / "templates/partials").symlink_to(shared)
    instance.build()

    (shared / "liner_notes.html").write_text("<p>Two</p>\n")

    assert instance.build()[1] == instance.build(instance.root / "full", full=True)[1]


@pytest.mark.parametrize("path", ["u/first/index.html", "u/third/collection/releases.csv"])
def test_a_damaged_account_is_rendered_anew(instance, path):
    """Edited to the same length, or gone: the account comes back as it was, no other is touched."""
    whole = tree(instance.site)
    content = (instance.site / path).read_bytes()
    before = instance.times()

    (instance.site / path).write_bytes(content.swapcase())
    assert instance.build() == (0, whole)
    (instance.site / path).unlink()
    assert instance.build() == (0, whole)

    top = "/".join(path.split("/")[:2])
    changed = {name for name, then in instance.times().items() if before[name] != then}
    assert {name for name in changed if name.startswith(("u/", "x/"))} == {
        name for name in whole if name.startswith(f"{top}/")
    }


def test_a_manifest_that_does_not_open_is_none(instance):
    """Everything is rendered, the site is the same."""
    whole = tree(instance.site)
    before = instance.times()
    (manifest,) = (instance.root / "data/built").iterdir()
    manifest.write_bytes(manifest.read_bytes()[:-3])

    assert instance.build() == (0, whole)

    pages = [path for path in before if path.startswith(("u/", "x/"))]
    assert [path for path in pages if instance.times()[path] == before[path]] == []


def test_the_site_tells_nothing_of_the_unlisted(instance):
    """Neither names nor links: the manifest is not in it, and what is kept of it is sealed."""
    second = next(one for one in instance.accounts if one.name == "second")
    assert second.slug

    own = f"x/{second.slug}/"
    for path, content in tree(instance.root).items():
        public = path.startswith("site/") and not path.startswith(f"site/{own}")
        if public or path.startswith("data/"):
            assert second.slug.encode() not in content
            assert b"second" not in content or path.startswith("site/assets/")


def test_with_the_last_account_the_manifest_goes(instance):
    """Nothing is kept of somebody who left."""
    for account in instance.accounts:
        instance.app.accounts.remove(account.id)

    assert instance.build()[0] == 0

    assert list((instance.root / "data/built").iterdir()) == []


def test_outputs_are_told_apart(instance, tmp_path):
    """Each has a manifest of its own: a second one does not make the first one's useless."""
    instance.build(tmp_path / "second")
    before = instance.times()

    instance.build()

    assert instance.times() == before


def killed(instance, delay):
    """The exit code of a build that was killed so many seconds after it began to write."""
    process = subprocess.Popen(
        [sys.executable, "-m", "generator", "-q", "-C", str(instance.root), "build"],
        cwd=CHECKOUT,
        env={"PATH": os.defpath, **ENVIRON},
    )
    while process.poll() is None and not list(instance.root.glob(".gatefold-build-*")):
        time.sleep(0.001)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    return process.wait()


def test_a_killed_build_leaves_the_old_site_or_the_new_one(instance, tmp_path):
    """And the next build is right, whichever of the two it finds."""
    for number in range(5):
        old = tree(instance.site)
        instance.sync(instance.accounts[0], 30 + number)
        _, new = instance.build(tmp_path / "other", full=True)

        killed(instance, instance.chance.uniform(0, 0.08))

        assert tree(instance.site) in (old, new)
        assert instance.build() == (0, new)
    assert [path.name for path in instance.root.iterdir() if path.name.startswith(".g")] == []
