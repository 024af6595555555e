"""Syncing: who is tried and when, what failures cost, and what a run returns to the shell."""

import json
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from generator.demo.api import Person
from tests import faults
from tests.cli.accounts import keep_status
from tests.cli.running import (
    TOKEN,
    Terminal,
    finished,
    first_line,
    make_shelf,
    result_of,
    screen,
    side_by_side,
    visit,
)
from tests.standin import StandIn

ALL_WRITERS: tuple[list[str], ...] = ([], ["sync"], ["build"], ["connect", "--token"])
AT_ONCE = '[sync]\ncooldown = "0s"\nmax_wait = "0s"\n'


def make_kay():
    """A second person, with three records and a token."""
    return Person("Kay", id=78, copies=make_shelf(3, first=101), token="pat-kay")


@pytest.fixture
def kay(discogs):
    """The second person, at the Discogs of this test."""
    discogs.people["Kay"] = make_kay()
    return discogs.people["Kay"]


@pytest.fixture(scope="session")
def two_accounts(workspaces, tmp_path_factory):
    """A workspace with two accounts, made once and only copied."""
    workspace = tmp_path_factory.mktemp("two")
    shutil.copytree(workspaces["synced"], workspace, dirs_exist_ok=True)
    with StandIn([make_kay()]) as discogs:
        Terminal(workspace, discogs, {"DISCOGS_TOKEN": make_kay().token}).connect("kay")
    return workspace


@pytest.fixture
def two(terminal, kay, two_accounts):
    """Two accounts: demo, synced just now, and kay, who is due."""
    shutil.copytree(two_accounts, terminal.workspace, dirs_exist_ok=True)
    return terminal


def reached(discogs, when):
    """Wait until a matching request has arrived."""
    for _ in range(3000):
        if any(when(request) for request in tuple(discogs.requests)):
            return
        time.sleep(0.02)
    pytest.fail("the request was never made")


def moment(text):
    """A time as programs read it."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")


def test_a_sync_tells_what_it_did_and_builds_nothing(connected):
    ended = connected.run("sync")

    assert (ended.code, ended.out) == (0, "")
    assert ended.err.splitlines() == [
        "demo: reading 12 copies in 1 request",
        "demo: 12 copies synced",
    ]
    assert not (connected.workspace / "site").exists()


def test_accounts_are_told_to_programs(connected):
    before = connected.listed()["demo"]
    new = moment(before.pop("next_sync"))
    assert before == {
        "name": "demo",
        "discogs_name": "demo",
        "discogs_id": 77,
        "privacy": "public",
        "state": "new",
        "last_sync": None,
        "records": 0,
        "problem": None,
    }
    assert connected.run("sync").code == 0

    after = connected.listed()["demo"]
    last = moment(after["last_sync"])
    assert after == before | {
        "state": "ok",
        "records": 12,
        "last_sync": f"{last:%Y-%m-%dT%H:%M:%S}Z",
        "next_sync": f"{last + timedelta(hours=4):%Y-%m-%dT%H:%M:%S}Z",
    }
    assert new <= last


def test_a_named_account_is_refused_inside_its_cooldown(connected, discogs):
    assert connected.run("sync").code == 0
    asked = len(discogs.requests)

    ended = connected.run("sync", "DEMO", "demo")
    next_sync = connected.listed()["demo"]["next_sync"]

    assert ended.code == 1
    assert ended.complaints == [
        f"error: demo: next sync possible at {next_sync} (in 4 h 0 min)",
        "hint: wait, or add --force",
    ]
    assert len(discogs.requests) == asked


@pytest.mark.parametrize("arguments", [[], ["sync"]])
def test_nobody_due_is_no_failure(synced, discogs, arguments):
    assert synced.run(*arguments).code == 0
    assert discogs.requests == []


@pytest.mark.parametrize("arguments", [["sync", "--force"], ["sync", "demo", "--force"]])
def test_force_ignores_the_cooldown(synced, owner, arguments):
    owner.copies += make_shelf(1, first=13)

    assert synced.run(*arguments).code == 0
    assert synced.listed()["demo"]["records"] == 13


def test_the_cooldown_can_be_turned_off(synced):
    synced.configure('[sync]\ncooldown = "0s"\n')

    assert synced.run("sync", "demo").code == 0
    assert synced.listed()["demo"]["state"] == "due"


def test_a_name_that_does_not_exist_stops_everything(two, discogs):
    asked = len(discogs.requests)

    ended = two.run("sync", "kay", "nobody")

    assert (ended.code, len(discogs.requests)) == (2, asked)
    assert ended.complaints[0] == "error: nobody: no such account"


def test_some_refused_for_their_cooldown_count_as_failed(two):
    ended = two.run("sync", "demo", "kay")

    assert (ended.code, len(ended.complaints)) == (3, 2)
    assert two.listed()["kay"]["records"] == 3


def test_one_failure_never_stops_another(two, discogs, owner):
    two.configure(AT_ONCE)
    owner.copies += make_shelf(5, first=13)
    discogs.add_fault(faults.SERVER_ERROR, faults.on_page(1, "demo"), times=None)

    ended = two.run()
    published = two.published("u/demo/collection/stats.json")

    assert (ended.code, len(ended.complaints)) == (3, 2)
    assert ended.complaints[0].startswith("error: demo: Discogs answered 500")
    assert published["copies"] == 12
    assert published["synced_at"] <= two.listed()["demo"]["last_sync"]
    assert two.published("u/kay/collection/stats.json")["copies"] == 3
    assert two.listed()["demo"]["state"] == "failing"


def test_the_scheduled_job_builds_even_if_everybody_fails(synced, discogs):
    synced.configure(AT_ONCE)
    discogs.add_fault(faults.BLOCKED, times=None)

    assert synced.run().code == 1
    assert synced.published("u/demo/collection/stats.json")["copies"] == 12


def test_a_failure_starts_no_cooldown_and_is_forgotten_by_a_success(two, discogs):
    two.configure('[sync]\nmax_wait = "0s"\n')
    discogs.add_fault(faults.SERVER_ERROR, faults.on_page(1, "Kay"))

    assert two.run("sync").code == 1
    failing = two.listed()["kay"]
    assert (failing["state"], failing["problem"]) == ("failing", "Discogs answered 500")

    assert two.run("sync").code == 0
    good = two.listed()["kay"]
    assert (good["state"], good["problem"], good["records"]) == ("ok", None, 3)


def test_credentials_no_longer_accepted_ask_for_a_reconnect(synced, owner):
    owner.token = "pat-newly-made"

    ended = synced.run("sync", "--force")
    listed = synced.listed()["demo"]

    assert ended.code == 13
    assert ended.complaints[1] == "hint: reconnect: build-site connect demo --token"
    assert (listed["state"], listed["records"]) == ("reconnect", 12)
    assert synced.run("connect", "demo", "--token", DISCOGS_TOKEN=owner.token).code == 0
    assert synced.run("sync").code == 0
    assert synced.listed()["demo"]["state"] == "ok"


def test_an_outage_asks_for_no_reconnect(synced, discogs):
    synced.configure(AT_ONCE)
    discogs.add_fault(faults.BLOCKED, times=None)

    assert synced.run("sync").code == 1
    assert synced.listed()["demo"]["state"] == "failing"


def test_everybody_refused_is_an_exit_code_of_its_own(two, owner, kay, discogs):
    two.configure(AT_ONCE)
    owner.token = "pat-newly-made"
    discogs.add_fault(faults.refused(403, "No"), faults.on_page(1, "Kay"), times=None)
    assert two.run("sync").code == 13
    assert {name: entry["state"] for name, entry in two.listed().items()} == {
        "demo": "reconnect",
        "kay": "failing",
    }

    discogs.clear_faults()
    discogs.add_fault(faults.EMPTY, faults.on_page(1, "Kay"), times=None)
    assert two.run("sync").code == 1


@pytest.mark.parametrize(
    ("before", "readings", "codes"),
    [
        (12, [5, 5], [1, 0]),
        (12, [4, 3, 3], [1, 1, 0]),
        (12, [5, 12, 5], [1, 0, 1]),
        (9, [1, 0], [0, 1]),
        (250, [100, 103, 101], [1, 1, 0]),
    ],
)
def test_a_sudden_loss_is_believed_the_second_time(connected, owner, before, readings, codes):
    connected.configure(AT_ONCE)
    owner.copies[:] = make_shelf(before)
    assert connected.run("sync").code == 0
    shelf = list(owner.copies)

    for copies, code in zip(readings, codes, strict=True):
        kept = connected.snapshots()
        owner.copies[:] = shelf[:copies]
        ended = connected.run("sync")

        assert ended.code == code
        if code:
            assert ended.complaints[0].startswith(f"error: demo: held back: {copies} cop")
            assert connected.snapshots() == kept

    listed = connected.listed()["demo"]
    assert (listed["state"] == "held") == (codes[-1] == 1)
    assert codes[-1] == 1 or listed["records"] == readings[-1]


def test_a_loss_can_be_forced(synced, owner):
    owner.copies[:] = []

    assert synced.run("sync", "demo", "--force").code == 0
    assert synced.listed()["demo"]["records"] == 0


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_everything_as_it_was(synced, discogs, owner, ending):
    before = synced.state()
    owner.copies[:] = make_shelf(130)
    discogs.add_fault(faults.late(20), faults.on_page(2))
    run = synced.begin("sync", "--force")
    reached(discogs, faults.on_page(2))
    run.kill(ending)
    code, _, err = run.wait()

    assert code == (130 if ending == signal.SIGINT else -signal.SIGKILL)
    assert b"Traceback" not in err
    assert synced.state() == before
    assert synced.run("sync", "--force").code == 0
    assert synced.listed()["demo"]["records"] == 130


def test_a_second_run_leaves_while_the_first_waits(synced, discogs):
    answer = Event()
    discogs.before_request.append(lambda _: answer.wait(60))
    first = synced.begin("sync", "--force")
    reached(discogs, faults.on_page(1))

    refused = side_by_side(*(lambda again=again: synced.run(*again) for again in ALL_WRITERS))

    answer.set()
    assert [run.code for run in refused] == [11] * len(ALL_WRITERS)
    assert {run.complaints[0].partition(" since ")[0] for run in refused} == {
        f"error: data/.lock: held by pid {first.pid} (sync)"
    }
    assert result_of(first).code == 0


@pytest.mark.parametrize("arguments", [[], ["sync"], ["sync", "demo"]])
def test_a_clock_set_back_locks_nobody_out(synced, owner, arguments):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    keep_status(synced, "demo", synced_at=tomorrow, last_sync=tomorrow)
    owner.copies += make_shelf(1, first=13)

    assert synced.run(*arguments).code == 0
    listed = synced.listed()["demo"]
    assert (listed["state"], listed["records"]) == ("ok", 13)
    assert moment(listed["last_sync"]) < tomorrow


def test_a_missing_application_fails_its_accounts_plainly(terminal):
    process = terminal.start("connect", "--no-browser")
    visit(first_line(process))
    assert finished(process).code == 0

    ended = terminal.run("sync", DISCOGS_OAUTH_CONSUMER_SECRET="")

    assert ended.code == 1
    assert ended.complaints[0] == "error: demo: DISCOGS_OAUTH_CONSUMER_SECRET: is not set"
    assert terminal.listed()["demo"]["problem"] == (
        "demo: DISCOGS_OAUTH_CONSUMER_SECRET: is not set"
    )


def test_state_of_a_newer_version_is_left_alone(synced):
    (synced.workspace / "data/schema.json").write_text('{"schema": 3}', encoding="utf-8")
    before = synced.state()

    for arguments in ([], ["connect", "--token"]):
        assert synced.run(*arguments).code == 1
    assert synced.state() == before


def test_progress_is_shown_on_a_terminal(connected):
    with screen() as there:
        ended = finished(connected.start("sync", streams=there.streams))
        shown = there.rest()

    assert (ended.code, ended.out) == (0, "")
    assert "100%" in shown
    assert "demo: 12 copies synced" in shown


def test_a_sync_of_nothing_new_rewrites_no_snapshot(synced):
    before = synced.state()

    assert synced.run("sync", "--force").code == 0

    changed = [path.name for path, text in synced.state().items() if before.get(path) != text]
    assert set(changed) <= {"status"}
    assert json.loads(synced.run("export", "demo").out)["synced_at"] >= "2026"


def test_the_workspace_is_left_with_nothing_open_to_others(synced):
    kept = [synced.workspace / "data", *(synced.workspace / "data").rglob("*")]

    assert [path for path in kept if path.stat().st_mode & 0o077] == []
    assert Terminal(synced.workspace).run("accounts", OAUTH_ENCRYPTION_KEY="").code == 12
    assert TOKEN.encode() not in b"".join(synced.state().values())
