"""Everything Discogs and the network do wrong, each once and for ever."""

import json
import shutil
from dataclasses import dataclass

import pytest

from generator.demo import Fault, StandIn, faults
from generator.demo.answers import HTML, Answer, json_answer, message
from tests.cli.conftest import make_owner
from tests.cli.running import NOWHERE, TOKEN, Terminal, finished, make_shelf

PAGE = b"<!doctype html><title>Discogs</title><p>We will be right back.</p>"
GZIP = (("Content-Encoding", "gzip"),)


def sent(status, body, content_type="application/json", headers=()):
    """A fault that is an answer of these bytes."""
    return Fault(Answer(status, body, content_type, headers))


PASSING = {
    "429 with Retry-After": faults.too_fast("1"),
    "500": faults.SERVER_ERROR,
    "403 as a web page": faults.BLOCKED,
    "a web page instead of JSON": sent(200, PAGE, HTML),
    "nothing": faults.EMPTY,
    "half an answer": faults.TRUNCATED,
    "a reset connection": faults.RESET,
}
OUTAGES = PASSING | {
    "502": faults.MAINTENANCE,
    "503 as a web page": sent(503, PAGE, HTML),
    "404 as a web page": faults.HTML_NOT_FOUND,
    "broken compression": sent(200, b"not gzip", headers=GZIP),
    "429 without Retry-After": faults.too_fast(),
    "429 with a nonsensical Retry-After": faults.too_fast("soon"),
    "520 of the network before Discogs": sent(520, PAGE, HTML),
    "401 as a web page": sent(401, PAGE, HTML),
    "a redirect": sent(302, b"", HTML, (("Location", "https://www.discogs.com/"),)),
    "JSON that is null": sent(200, b"null"),
    "JSON that is a list": sent(200, b"[1, 2]"),
    "JSON that is no page": sent(200, b"{}"),
    "JSON nested without end": sent(200, b"[" * 100_000),
    "bytes that are no text": sent(200, b"\xff\xfe\x00{"),
    "a page of no copies": Fault(json_answer({"pagination": {"page": 2}, "releases": None})),
    "404 as JSON": faults.refused(404, "User does not exist or may have been deleted."),
    "410 as JSON": faults.refused(410, "Gone"),
    "422 as JSON": Fault(message(422, "per_page: \u001b[31mno")),
}
REFUSALS = {
    "401 as JSON": faults.refused(401, "You must authenticate to access this resource."),
    "403 as JSON": faults.refused(403, "You are not allowed to view this resource."),
}


@pytest.fixture
def grown(synced, owner):
    """A synced account whose collection has two pages by now."""
    owner.copies[:] = make_shelf(120)
    return synced


@pytest.fixture(scope="module", autouse=True)
def long_pause(tmp_path_factory):
    """A sync that meets a full window of requests by others, begun before the other tests."""
    with StandIn([make_owner()]) as discogs:
        terminal = Terminal(tmp_path_factory.mktemp("busy"), discogs, {"DISCOGS_TOKEN": TOKEN})
        terminal.configure().connect()
        discogs.foreign_requests(60)
        process = terminal.start("sync")
        yield terminal, process
        process.kill()


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_is_sat_out(grown, discogs, name):
    """Exit 0 and a complete new snapshot, though the second page failed at first."""
    discogs.add_fault(PASSING[name], faults.on_page(2))

    ended = grown.run("sync", "--force")
    copies = json.loads(grown.run("export", "demo").out)["copies"]

    assert ended.code == 0
    assert [copy["instance_id"] for copy in copies] == list(range(2173236001, 2173236121))


@dataclass(frozen=True)
class Ordeal:
    """One workspace through every lasting fault: how each run ended, and what was left after it."""

    before: dict
    exported: tuple
    ended: dict
    left: dict


@pytest.fixture(scope="module")
def ordeal(workspaces, tmp_path_factory):
    """A synced account whose collection grew a second page, which cannot be had any more."""
    workspace = tmp_path_factory.mktemp("ordeal")
    shutil.copytree(workspaces["synced"], workspace, dirs_exist_ok=True)
    owner, ended, left = make_owner(), {}, {}
    with StandIn([owner]) as discogs:
        discogs.limit.authenticated = 1000
        terminal = Terminal(workspace, discogs).configure('[sync]\nmax_wait = "0s"\n')
        before, exported = terminal.snapshots(), terminal.run("export", "demo").out
        owner.copies[:] = make_shelf(120)
        for name, fault in {**OUTAGES, **REFUSALS}.items():
            discogs.add_fault(fault, faults.on_page(2), times=None)
            ended[name] = terminal.run("sync", "--force")
            left[name] = terminal.snapshots()
            discogs.clear_faults()
    return Ordeal(before, (exported, terminal.run("export", "demo").out), ended, left)


@pytest.mark.parametrize("name", [*OUTAGES, *REFUSALS])
def test_what_lasts_costs_the_new_snapshot_only(ordeal, name):
    """Its exit code, one line and one hint; the last good snapshot stays byte for byte."""
    ended = ordeal.ended[name]

    assert (ended.code, ended.out) == (13 if name in REFUSALS else 1, "")
    assert [line.partition(":")[0] for line in ended.complaints] == ["error", "hint"]
    assert ended.complaints[0].startswith("error: demo: ")
    assert "\x1b" not in ended.err
    assert ordeal.left[name] == ordeal.before


def test_after_all_that_the_same_is_exported(ordeal):
    """No failure changes a byte of what `export` writes."""
    before, after = ordeal.exported

    assert json.loads(before)["copies"]
    assert after == before


def test_trouble_is_told_after_three_more_attempts(grown, discogs):
    """A server that stays down is asked four times in all, with growing pauses."""
    discogs.add_fault(faults.SERVER_ERROR, faults.on_page(2), times=None)

    ended = grown.run("sync", "demo", "--force")
    asked = [request for request in discogs.requests if faults.on_page(2)(request)]

    assert (ended.code, len(asked)) == (1, 4)
    assert ended.complaints[0] == "error: demo: Discogs answered 500 four times"


def test_a_discogs_that_is_gone_is_an_outage(grown):
    """Nobody listens: exit 1."""
    grown.configure('[sync]\nmax_wait = "0s"\n')

    ended = grown.run("sync", "--force", DISCOGS_API_URL=NOWHERE)

    assert ended.code == 1
    assert ended.complaints[0] == "error: demo: the connection to Discogs was refused"


def test_a_pause_longer_than_allowed_fails_at_once(grown, discogs):
    """A Retry-After beyond max_wait is not waited for, and its length is told."""
    grown.configure('[sync]\nmax_wait = "5s"\n')
    discogs.add_fault(faults.too_fast("1800"), faults.on_page(1))

    ended = grown.run("sync", "--force")

    assert ended.code == 1
    assert ended.complaints == [
        "error: demo: Discogs allows no request for 1800 s, and this run may not wait so long",
        "hint: try again in half an hour, or raise sync.max_wait in site.toml",
    ]
    assert len([request for request in discogs.requests if faults.on_page(1)(request)]) == 1


def test_a_full_window_is_waited_for(long_pause):
    """Last of all: the 429 without Retry-After of an address that others have used up."""
    terminal, process = long_pause

    assert finished(process, timeout=90).code == 0
    assert terminal.listed()["demo"]["records"] == 12
    assert [request.status for request in terminal.discogs.requests][-2:] == [429, 200]
