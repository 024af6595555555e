"""doctor: each bad state is made first, and is then one line with what to do."""

import json
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.accounts import keep_status, opened, state_of
from tests.cli.running import KEY, OTHER_KEY, TOKEN
from tests.standin import FaultyHandler

MASTERS = [{"id": 700 + n, "title": "x", "year": 1960, "genres": [], "styles": []} for n in (1, 2)]
SETTINGS = '[site]\nbase_url = "https://records.example.org/"\n'
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def sound(synced, discogs):
    """A workspace in which nothing is wrong."""
    discogs.archive.add(MASTERS)
    synced.configure(SETTINGS)
    assert [synced.run(command).code for command in ("enrich", "build")] == [0, 0]
    return synced


@pytest.fixture
def clock():
    """The clock of Discogs, which can be set."""
    yield FaultyHandler
    FaultyHandler.ahead = 0.0


def wrong(terminal):
    """The lines of what is wrong; the exit code says whether one is a problem."""
    ended = terminal.run("doctor")
    lines = [line for line in ended.out.splitlines() if not line.startswith("ok ")]
    assert ended.code == (1 if any(line.startswith("problem") for line in lines) else 0)
    entries = json.loads(terminal.run("doctor", "--json").out)
    assert [one["level"] for one in entries if one["level"] != "ok"] == [
        line.split()[0] for line in lines
    ]
    return [" ".join(line.split()) for line in lines]


def test_nothing_is_wrong_with_a_sound_workspace(sound):
    ended = sound.run("doctor")

    checks = ("configuration", "network", "clock", "network", "token", "lock", "key", "state")
    assert ended.code == 0
    assert [line.split(":")[0] for line in ended.out.splitlines()] == [
        f"ok       {check}" for check in (*checks, "masters", "site")
    ]


def damage(terminal, name):
    """Damage a sealed file of the only account."""
    (account,) = (terminal.workspace / "data/accounts").iterdir()
    (account / name).write_bytes(b"{}")


def read_again(terminal):
    """Read the collection again, a minute after the reading that the site shows."""
    account = opened(terminal)["demo"]
    later = account.status.synced_at + timedelta(minutes=1)
    keep_status(terminal, "demo", connection=account.connection, synced_at=later, last_sync=later)


def read_long_ago(terminal):
    earlier = NOW - timedelta(hours=7)
    connection = opened(terminal)["demo"].connection
    keep_status(terminal, "demo", connection=connection, synced_at=earlier, last_sync=earlier)
    assert terminal.run("build").code == 0


def refuse(terminal):
    terminal.discogs.people["demo"].token = "pat_Other"
    terminal.run("sync", "demo", "--force")
    terminal.discogs.people["demo"].token = TOKEN


def offer_an_old_dump(terminal):
    (terminal.workspace / "data/masters.sqlite").unlink()
    terminal.discogs.archive.files.clear()
    terminal.discogs.archive.add(MASTERS, (NOW - timedelta(days=100)).date())
    assert terminal.run("enrich").code == 0


def add_template(terminal):
    (terminal.workspace / "templates/pages").mkdir(parents=True)
    (terminal.workspace / "templates/pages/colophon.html").write_text("")


def another(name, value):
    return lambda terminal: terminal.environ.update({name: value})


NOWHERE = "http://127.0.0.1:9"
ELSEWHERE = '[site]\nbase_url = "https://kay.github.io/"\nrepository = "kay/records"\n'
STATES = {
    "no key": (
        another("OAUTH_ENCRYPTION_KEY", ""),
        "problem key: OAUTH_ENCRYPTION_KEY is not set; put the key",
    ),
    "a wrong key": (
        another("OAUTH_ENCRYPTION_KEY", OTHER_KEY),
        "problem state: OAUTH_ENCRYPTION_KEY: opens no sealed file of this workspace; use the key",
    ),
    "a key behind another": (
        another("OAUTH_ENCRYPTION_KEY", f"{OTHER_KEY},{KEY}"),
        "warning key: 4 files sealed under another key of the ring; build-site keys rotate",
    ),
    "no Discogs": (
        lambda terminal: terminal.environ.update(DISCOGS_API_URL=NOWHERE, DISCOGS_TOKEN=""),
        "problem network: the connection to Discogs was refused; check the network",
    ),
    "no data host": (
        another("DISCOGS_DATA_URL", NOWHERE),
        f"warning network: {NOWHERE}: the connection to Discogs was refused; enrich needs it",
    ),
    "a refused token": (
        another("DISCOGS_TOKEN", "pat_Nobody"),
        "problem token: Discogs does not accept DISCOGS_TOKEN; make a new one",
    ),
    "a refused account": (
        refuse,
        "warning state: demo: Discogs does not accept the credentials: Invalid consumer token.; re",
    ),
    "a site that is older": (
        read_again,
        "warning site: demo: the site is older than the stored collection; build-site build",
    ),
    "an unreadable snapshot": (
        lambda terminal: damage(terminal, "snapshot"),
        "problem state: demo: its snapshot does not open; build-site sync demo --force",
    ),
    "an unreadable account": (
        lambda terminal: damage(terminal, "account"),
        "problem state: ID: data/accounts/ID/account: is not a sealed file, or is damaged; restore",
    ),
    "an overdue account": (
        read_long_ago,
        "warning state: demo: was read 7 h ",
    ),
    "an anonymous account": (
        lambda terminal: terminal.run("connect", "open", "--anonymous", "demo", DISCOGS_TOKEN=""),
        "warning covers: open: is read without a login, so Discogs sends no covers; connect it",
    ),
    "refused covers": (
        another("DISCOGS_IMAGE_URL", "https://covers.example.org"),
        "warning covers: demo: most covers are at i.discogs.com instead of covers.example.org, so",
    ),
    "no original years": (
        lambda terminal: (terminal.workspace / "data/masters.sqlite").unlink(),
        "warning masters: no original years; build-site enrich adds them",
    ),
    "old original years": (offer_an_old_dump, "warning masters: 2 albums, of "),
    "a mistake in site.toml": (
        lambda terminal: terminal.configure("[site]\ntitel = 1\n"),
        "problem configuration: site.toml: site.titel: is not a setting; did you mean title?; ",
    ),
    "a template that replaces nothing": (
        add_template,
        "warning templates: templates/pages/colophon.html replaces nothing; give it the name",
    ),
    "another address": (
        lambda terminal: terminal.configure(ELSEWHERE),
        "warning site: base_url is https://kay.github.io/, but the pages of the repository are at",
    ),
    "no address": (
        lambda terminal: terminal.configure(),
        "warning site: its address is not set: no sitemap, no feed links; set base_url",
    ),
    "no site": (
        lambda terminal: shutil.rmtree(terminal.workspace / "site"),
        "warning site: is not built yet; build-site build",
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_a_bad_state_is_one_line_with_what_to_do(sound, state):
    make, line = STATES[state]
    make(sound)

    (found,) = wrong(sound)

    assert re.sub("[0-9a-f]{16}", "ID", found).startswith(line)


def test_a_clock_that_is_off_is_found(sound, clock):
    clock.ahead = 1200.0

    assert wrong(sound)[0].startswith("problem clock: this machine's clock is 20 min off; set the")


def test_a_run_under_way_is_found(sound):
    with state_of(sound).lock("sync", NOW):
        (found,) = wrong(sound)

    assert found.startswith("warning lock: data/.lock: held by pid ")


def test_a_ring_is_in_order_after_a_rotation(sound):
    sound.environ["OAUTH_ENCRYPTION_KEY"] = f"{OTHER_KEY},{KEY}"
    sound.run("keys", "rotate")

    assert wrong(sound) == []


def test_a_sync_warns_when_the_pages_may_not_show_the_covers(sound):
    ended = sound.run("sync", "--force", DISCOGS_IMAGE_URL="https://covers.example.org")

    assert ended.err.splitlines()[-1] == (
        "warning: demo: most covers are at i.discogs.com instead of covers.example.org, "
        "so pages show drawn sleeves"
    )


def test_doctor_needs_no_workspace(bare):
    ended = bare.run("doctor")

    assert ended.code == 1
    assert "problem  configuration" in ended.out
    assert "run build-site init here" in ended.out
