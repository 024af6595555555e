"""Connecting: every way in, whose collection it proves to be, and what is kept of it."""

import re
import signal
import socket
from urllib.parse import urlsplit

import pytest

from generator.demo.api import Person
from generator.demo.wire import json_response
from tests import faults
from tests.cli.running import NOWHERE, TOKEN, finished, first_line, make_shelf, screen, visit
from tests.faults import Fault

NOTICE = "demo is private, so it is not on the site; build-site privacy demo public publishes it"


@pytest.fixture
def others(discogs):
    """More people at Discogs: a collection for all, and one for its owner alone."""
    people = [
        Person("Kay", id=78, copies=make_shelf(3, first=101), token="pat-of-kay"),
        Person("hidden", id=79, copies=make_shelf(3, first=201), private=True),
    ]
    discogs.people.update((person.username, person) for person in people)
    return discogs


def accounts_kept(terminal):
    """How many account directories there are below data/."""
    return len(list((terminal.workspace / "data/accounts").glob("*")))


def redirect(discogs, address):
    """Where the owner's browser is sent after allowing what an authorise address asks for."""
    return discogs.authorize(address.rpartition("=")[2]).redirect


def test_the_owner_connects_over_loopback(terminal, discogs):
    process = terminal.start("connect", "--no-browser")
    address = first_line(process)

    assert re.fullmatch(
        re.escape(discogs.url) + r"/oauth/authorize\?oauth_token=[A-Za-z0-9_.-]+", address
    )

    status, page = visit(address)
    ended = finished(process)

    assert (status, "<h1>Connected</h1>" in page) == (200, True)
    assert (ended.code, ended.out) == (0, "connected demo: demo at Discogs, private\n")
    assert ended.err.splitlines()[-1] == NOTICE
    assert terminal.run("sync", DISCOGS_TOKEN="").code == 0
    assert terminal.listed()["demo"]["records"] == 12
    assert {request.username for request in discogs.requests[3:]} == {"demo"}


def test_a_denied_access_is_a_refusal(terminal, discogs):
    discogs.decision = "deny"
    process = terminal.start("connect", "--no-browser")

    status, page = visit(first_line(process))
    ended = finished(process)

    assert (status, "<h1>Not connected</h1>" in page) == (200, True)
    assert ended.code == 13
    assert ended.complaints == [
        "error: connect: access was denied at Discogs",
        "hint: run connect again and allow access",
    ]
    assert accounts_kept(terminal) == 0


def test_a_deadline_is_a_number(terminal):
    ended = terminal.run("connect", "--no-browser", "--deadline", "nan")

    assert (ended.code, ended.out) == (2, "")
    assert ended.complaints[0] == "error: connect --deadline: is not a number of seconds"


def test_nobody_is_waited_for_beyond_the_deadline(terminal):
    ended = terminal.run("connect", "--no-browser", "--deadline", "0.3")

    assert (ended.code, len(ended.out.splitlines())) == (13, 1)
    assert ended.complaints[0] == "error: connect: not authorised within 0.3 s"
    assert accounts_kept(terminal) == 0


def test_only_the_awaited_answer_ends_the_waiting(terminal, discogs):
    process = terminal.start("connect", "--no-browser")
    true = redirect(discogs, first_line(process))
    parts = urlsplit(true)
    home = f"http://{parts.netloc}"

    assert visit(f"{home}/?{parts.query}")[0] == 404
    assert visit(f"{home}{parts.path}/more?{parts.query}")[0] == 404
    assert visit(f"{home}{parts.path}")[0] == 400
    assert visit(f"{home}{parts.path}?oauth_token=another&oauth_verifier=V1")[0] == 400
    assert visit(f"{home}{parts.path}?denied=another")[0] == 400
    for request in (
        b"",
        b"\0\xff\r\n\r\n",
        b"GET //[x?y=1 HTTP/1.0\r\n\r\n",
        b"POST / HTTP/1.0\r\n\r\n",
    ):
        with socket.create_connection((parts.hostname, parts.port)) as visitor:
            visitor.sendall(request)

    assert visit(true)[0] == 200
    assert finished(process).code == 0


def test_a_code_discogs_does_not_know_is_refused(terminal, discogs):
    process = terminal.start("connect", "--no-browser")
    true = redirect(discogs, first_line(process))

    visit(re.sub("oauth_verifier=.*", "oauth_verifier=WR0NG-C0DE", true))
    ended = finished(process)

    assert ended.code == 13
    assert "WR0NG" not in ended.err
    assert accounts_kept(terminal) == 0


def test_giving_up_leaves_nothing_behind(terminal):
    process = terminal.start("connect", "--no-browser")
    first_line(process)
    process.send_signal(signal.SIGINT)

    assert finished(process).code == 130
    assert accounts_kept(terminal) == 0
    assert terminal.run("connect", "--token").code == 0


def test_a_screen_gets_a_browser(terminal, tmp_path):
    opened = tmp_path / "opened"
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" >> {opened}\n', encoding="utf-8")
    script.chmod(0o700)
    graphical = {"DISPLAY": ":0", "BROWSER": f"{script} %s"}

    quiet = terminal.run("connect", "--no-browser", "--deadline", "0.3", **graphical)
    assert not opened.exists()

    shown = terminal.run("connect", "--deadline", "0.3", **graphical)
    assert opened.read_text("utf-8") == shown.out
    assert quiet.out.startswith("http")


def test_an_application_is_needed_for_oauth(terminal):
    ended = terminal.run("connect", DISCOGS_OAUTH_CONSUMER_KEY="", DISCOGS_OAUTH_CONSUMER_SECRET="")

    assert (ended.code, ended.out) == (2, "")
    assert ended.complaints[:2] == [
        "error: DISCOGS_OAUTH_CONSUMER_KEY: is not set",
        "error: DISCOGS_OAUTH_CONSUMER_SECRET: is not set",
    ]


def test_an_application_discogs_does_not_know_is_refused(terminal):
    ended = terminal.run("connect", DISCOGS_OAUTH_CONSUMER_SECRET="cs_mistyped")

    assert (ended.code, ended.out, len(ended.complaints)) == (13, "", 2)
    assert "mistyped" not in ended.err


def test_a_personal_token_comes_from_the_environment(terminal):
    ended = terminal.run("connect", "--token", "--privacy", "public")

    assert (ended.code, ended.out) == (0, "connected demo: demo at Discogs, public\n")
    assert ended.err == ""


def test_a_personal_token_may_stand_in_the_file(terminal):
    (terminal.workspace / ".env").write_text(f"DISCOGS_TOKEN='{TOKEN}'\n", encoding="utf-8")

    assert terminal.run("connect", "--token", DISCOGS_TOKEN="").code == 0


@pytest.mark.parametrize(
    ("token", "code"), [("", 2), ("two words", 2), ("tökén", 2), ("pat-of-nobody", 13)]
)
def test_a_token_that_cannot_be_used_connects_nobody(terminal, token, code):
    ended = terminal.run("connect", "--token", DISCOGS_TOKEN=token)

    assert (ended.code, ended.out, len(ended.complaints)) == (code, "", 2)
    assert not token or token not in ended.err
    assert accounts_kept(terminal) == 0


@pytest.mark.parametrize(
    ("discogs_name", "code"),
    [
        ("Kay", 0),
        ("hidden", 13),
        ("nobody", 1),
        ("..", 1),
        ("Kay?x=1", 1),
        ("caf\u00e9 & more", 1),
    ],
)
def test_a_collection_is_read_anonymously_if_everybody_may(terminal, others, discogs_name, code):
    ended = terminal.run("connect", "--anonymous", discogs_name, DISCOGS_TOKEN="")

    assert ended.code == code
    assert accounts_kept(terminal) == (code == 0)
    if code == 0:
        assert ended.out == "connected kay: Kay at Discogs, private\n"


def test_an_anonymous_collection_syncs_without_credentials(terminal, others):
    assert terminal.run("connect", "--anonymous", "kay", "elezea-records").code == 0
    assert terminal.run("sync").code == 0

    assert terminal.listed()["elezea-records"]["records"] == 3
    assert {request.authenticated for request in others.requests} == {False}


@pytest.mark.parametrize(
    ("discogs_name", "name"),
    [
        ("Kay.B_1-x", "kay.b_1-x"),
        ("-_.Lead.-", "lead"),
        ("Bj\u00f6rk & \u00c6r\u00f8", "bjork---aero"),
        ("R" * 39 + "-x", "r" * 39),
    ],
)
def test_a_name_is_made_of_the_discogs_name(terminal, discogs, discogs_name, name):
    discogs.people[discogs_name] = Person(discogs_name, id=80)

    assert terminal.run("connect", "--anonymous", discogs_name).code == 0
    assert terminal.listed()[name]["discogs_name"] == discogs_name


@pytest.mark.parametrize("name", ["7", "Kay.B_1-X", "a" * 40])
def test_names_that_are_allowed(terminal, name):
    assert terminal.run("connect", name, "--token").code == 0
    assert list(terminal.listed()) == [name.lower()]


@pytest.mark.parametrize("name", ["a" * 41, "-a", "a-", ".", "a/b", "\u00e4", "a\n"])
def test_names_that_are_not(terminal, name):
    ended = terminal.run("connect", "--token", "--", name)

    assert (ended.code, terminal.discogs.requests) == (2, [])
    assert "1 to 40 of a-z 0-9 - _ ." in ended.complaints[0]


def test_nobody_is_shown_without_having_said_so(terminal):
    ended = terminal.run("-q", "connect", "--token")

    assert ended.code == 0
    assert ended.err.splitlines() == [NOTICE]
    assert terminal.listed()["demo"]["privacy"] == "private"


def test_reconnecting_keeps_what_there_is(synced, owner):
    before = synced.snapshots()
    owner.username = "demo-renamed"

    ended = synced.run("connect", "DEMO", "--token")
    listed = synced.listed()["demo"]

    assert (ended.code, ended.out) == (
        0,
        "reconnected demo: demo-renamed at Discogs, public\n",
    )
    assert synced.snapshots() == before
    assert accounts_kept(synced) == 1
    assert (listed["privacy"], listed["discogs_name"], listed["records"]) == (
        "public",
        "demo-renamed",
        12,
    )


def test_the_first_sync_after_connecting_ignores_the_cooldown(synced):
    assert synced.run("sync", "demo").code == 1
    assert synced.run("connect", "demo", "--token").code == 0
    assert synced.run("sync", "demo").code == 0
    assert synced.run("sync", "demo").code == 1


def test_a_level_can_be_changed_by_reconnecting(synced):
    assert synced.run("build").code == 0
    assert (synced.workspace / "site/u/demo/index.html").is_file()

    ended = synced.run("connect", "demo", "--token", "--privacy", "private")
    assert ended.out == "reconnected demo: demo at Discogs, private\n"
    assert synced.listed()["demo"]["privacy"] == "private"

    assert synced.run("build").code == 0
    assert not (synced.workspace / "site/u").exists()


def test_a_name_belongs_to_one_discogs_id(synced, others):
    before = synced.state()

    ended = synced.run("connect", "demo", "--anonymous", "Kay")

    assert (ended.code, ended.out) == (2, "")
    assert ended.complaints[0] == "error: demo: is connected to demo at Discogs, not to Kay"
    assert synced.state() == before


def test_the_same_collection_may_have_two_names(synced, others):
    assert synced.run("connect", "second", "--token").code == 0
    assert list(synced.listed()) == ["demo", "second"]


@pytest.mark.parametrize("way", [["--no-browser"], ["--token"], ["--anonymous", "demo"]])
def test_a_discogs_that_cannot_be_reached_is_no_refusal(terminal, way):
    terminal.configure('[sync]\nmax_wait = "0s"\n')

    ended = terminal.run("connect", *way, DISCOGS_API_URL=NOWHERE)

    assert (ended.code, ended.out, len(ended.complaints)) == (1, "", 2)
    assert "the connection to Discogs was refused" in ended.complaints[0]
    assert accounts_kept(terminal) == 0


ONLY_ALL = Fault(json_response({"folders": [{"id": 0, "name": "All", "count": 12}]}))
NO_FOLDERS = Fault(json_response({"folders": []}))


@pytest.mark.parametrize(
    "fault", [ONLY_ALL, NO_FOLDERS, faults.refused(403, "No"), faults.refused(401, "No")]
)
def test_a_login_that_shows_no_owner_s_folder_is_refused(terminal, discogs, fault):
    discogs.add_fault(fault, faults.on_path("/folders"), times=None)

    ended = terminal.run("connect", "--token")

    assert (ended.code, ended.out, len(ended.complaints)) == (13, "", 2)
    assert accounts_kept(terminal) == 0


@pytest.mark.parametrize(
    "fault", [faults.refused(404, "No"), faults.SERVER_ERROR, faults.MAINTENANCE, faults.BLOCKED]
)
def test_a_login_that_cannot_be_proven_is_accepted_with_a_warning(terminal, discogs, fault):
    terminal.configure('[sync]\nmax_wait = "0s"\n')
    discogs.add_fault(fault, faults.on_path("/folders"), times=None)

    ended = terminal.run("connect", "--token", "--privacy", "public")

    assert (ended.code, ended.out) == (0, "connected demo: demo at Discogs, public\n")
    assert ended.err.startswith("warning: demo: ")
    assert len(ended.err.splitlines()) == 1


def test_a_terminal_is_asked_who_may_see_a_new_account(terminal):
    with screen() as there:
        first = terminal.start("connect", "--token", streams=there.streams)
        there.type("public", after="Who can see it?")
        assert finished(first).out == "connected demo: demo at Discogs, public\n"

        again = terminal.start("connect", "--token", streams=there.streams)
        assert finished(again).out == "reconnected demo: demo at Discogs, public\n"
        assert there.rest().count("Who can see it?") == 1

    assert terminal.listed()["demo"]["privacy"] == "public"


def test_a_token_is_typed_unseen_on_a_terminal(terminal):
    arguments = ("connect", "--token", "--privacy=private")
    with screen() as there:
        process = terminal.start(*arguments, DISCOGS_TOKEN="", streams=there.streams)
        there.type(TOKEN, after="Personal access token: ")
        ended = finished(process)
        shown = there.rest()

    assert (ended.code, ended.out) == (0, "connected demo: demo at Discogs, private\n")
    assert TOKEN not in shown
