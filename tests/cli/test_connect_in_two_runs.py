"""Connecting with a code that is carried by hand: typed at once, or in a second run."""

import signal
import subprocess
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from generator.demo.api import Person
from tests.cli.accounts import keep_login, opened
from tests.cli.running import NOWHERE, OTHER_KEY, finished, first_line, make_shelf, screen, visit

GONE = "error: connect: no such login is in progress, or it is older than 15 minutes"
AGAIN = "start again with build-site connect --start NAME, and use the code within 15 minutes"


@pytest.fixture
def kay(discogs):
    """Somebody else at Discogs."""
    discogs.people["Kay"] = Person("Kay", id=78, copies=make_shelf(3, first=101))
    return "Kay"


def begun(terminal, *arguments):
    """The request token of a login that was begun, which the address names."""
    ended = terminal.run("connect", *arguments, "--start")
    assert ended.code == 0, ended.err
    return ended.out.rstrip("\n").rpartition("oauth_token=")[2]


def code_for(discogs, key, username=None):
    """The code Discogs shows to somebody who allows it."""
    return discogs.authorize(key, username).verifier


def redirected(**query):
    """The address a browser is sent to where an application has one registered."""
    return f"https://records.example/back?{urlencode(query)}#top"


def pending(terminal):
    """How many logins are under way."""
    return len(list((terminal.workspace / "data/pending").glob("*")))


def typed(terminal, text, *arguments):
    """A run that is told `text` through a pipe; `text` may be made from the address it prints."""
    process = terminal.start(*arguments, streams={"stdin": subprocess.PIPE})
    address = first_line(process)
    line = text(address) if callable(text) else text
    out, err = process.communicate(line.encode(), timeout=60)
    return address, process.returncode, out.decode(), err.decode()


def shown_code(address):
    """The code on the page at an authorise address."""
    return visit(address)[1].partition("<code>")[2].partition("</code>")[0]


def test_an_account_is_connected_in_two_runs(terminal, discogs):
    first = terminal.run("connect", "demo", "--privacy", "public", "--start")
    key = first.out.rstrip("\n").rpartition("=")[2]
    between = b"".join(terminal.state().values())
    secret = discogs.grants.request_tokens[key].secret

    code = code_for(discogs, key)
    second = terminal.run("-v", "connect", "--verifier", code)

    assert (first.code, first.out) == (0, f"{discogs.url}/oauth/authorize?oauth_token={key}\n")
    assert first.err.splitlines() == [
        "authorise at this address (valid for 15 minutes):",
        "then run build-site connect --verifier CODE NAME with the code shown there",
    ]
    assert [word for word in (key, secret, "demo") if word.encode() in between] == []
    assert (second.code, second.out) == (0, "connected demo: demo at Discogs, public\n")
    said = first.out + first.err + second.out + second.err
    assert [word for word in (secret, code) if word in said] == []
    assert pending(terminal) == 0
    assert terminal.run("sync").code == 0
    assert terminal.listed()["demo"]["records"] == 12


@pytest.mark.parametrize(
    "pasted",
    [
        "{code}",
        "  {code}\n",
        "https://records.example/back?oauth_token={key}&oauth_verifier={code}",
        "records.example/?oauth_verifier={code}&oauth_token={key}#top",
        "?oauth_token={key}&oauth_verifier={code}",
        "oauth_token={key}&oauth_ver\nifier={code}",
    ],
)
def test_a_code_may_come_in_its_address(terminal, discogs, pasted):
    key = begun(terminal, "demo")
    text = pasted.format(key=key, code=code_for(discogs, key))

    ended = terminal.run("connect", "--verifier", text)

    assert (ended.code, ended.out) == (0, "connected demo: demo at Discogs, private\n")


def test_the_name_may_be_given_again(terminal, discogs):
    key = begun(terminal, "Demo")
    code = code_for(discogs, key)

    other = terminal.run("connect", "--verifier", code, "second")
    same = terminal.run("connect", "--verifier", code, "DEMO")

    assert (other.code, other.complaints) == (13, [GONE, f"hint: {AGAIN}"])
    assert (same.code, list(terminal.listed())) == (0, ["demo"])


def test_of_several_logins_the_one_meant_is_ended(terminal, discogs, kay):
    keys = {name: begun(terminal, name) for name in ("demo", "kay")}
    codes = {
        name: code_for(discogs, key, name.title() if name == "kay" else name)
        for name, key in keys.items()
    }

    unclear = terminal.run("connect", "--verifier", codes["kay"])
    by_address = terminal.run(
        "connect", "--verifier", redirected(oauth_token=keys["kay"], oauth_verifier=codes["kay"])
    )
    by_name = terminal.run("connect", "--verifier", codes["demo"], "demo")

    assert unclear.code == 2
    assert unclear.complaints == [
        "error: connect --verifier: more than one login is in progress",
        "hint: add the NAME of the account",
    ]
    assert by_address.out == "connected kay: Kay at Discogs, private\n"
    assert by_name.out == "connected demo: demo at Discogs, private\n"


def test_the_last_start_of_a_name_counts(terminal, discogs):
    first, second = begun(terminal, "demo"), begun(terminal, "demo")
    former = redirected(oauth_token=first, oauth_verifier=code_for(discogs, first))

    assert pending(terminal) == 1
    assert terminal.run("connect", "--verifier", former).code == 13
    assert terminal.run("connect", "--verifier", code_for(discogs, second)).code == 0


def test_a_wrong_code_may_be_mended(terminal, discogs):
    key = begun(terminal, "demo")
    code = code_for(discogs, key)

    wrong = terminal.run("connect", "--verifier", "WR0NG-C0DE")
    right = terminal.run("connect", "--verifier", code)

    assert (wrong.code, wrong.out, "WR0NG" in wrong.err) == (13, "", False)
    assert wrong.complaints == [
        "error: connect: Discogs refused the code: it is wrong or older than 15 minutes",
        f"hint: check the code, or {AGAIN}",
    ]
    assert right.code == 0


def test_a_code_is_good_once(terminal, discogs):
    terminal.connect("demo")
    key = begun(terminal, "demo")
    discogs.people["Kay"] = Person("Kay", id=78)
    code = code_for(discogs, key, "Kay")

    taken = terminal.run("connect", "--verifier", code)
    again = terminal.run("connect", "--verifier", code)

    assert taken.complaints[0] == "error: demo: is connected to demo at Discogs, not to Kay"
    assert (taken.code, again.code, again.complaints[0]) == (2, 13, GONE)


@pytest.mark.parametrize(("seconds", "code"), [(-880, 0), (-901, 13), (930, 13)])
def test_a_login_waits_fifteen_minutes(terminal, discogs, seconds, code):
    key = begun(terminal, "demo")
    token = discogs.grants.request_tokens[key]
    created = datetime.now(UTC) + timedelta(seconds=seconds)
    keep_login(terminal, "demo", key=key, secret=token.secret, created=created)
    verifier = code_for(discogs, key)
    asked = len(discogs.requests)

    ended = terminal.run("connect", "--verifier", verifier)

    assert (ended.code, pending(terminal)) == (code, 0)
    assert (len(discogs.requests) > asked) == (code == 0)
    if code:
        assert ended.complaints == [GONE, f"hint: {AGAIN}"]


def test_a_denial_ends_the_login(terminal, discogs):
    key = begun(terminal, "demo")

    ended = terminal.run("connect", "--verifier", redirected(denied=key))

    assert (ended.code, pending(terminal)) == (13, 0)
    assert ended.complaints[0] == "error: connect: access was denied at Discogs"


@pytest.mark.parametrize(
    "query", [{"denied": "other"}, {"oauth_token": "o", "oauth_verifier": "c"}]
)
def test_an_answer_to_another_login_changes_nothing(terminal, query):
    begun(terminal, "demo")

    ended = terminal.run("connect", "--verifier", redirected(**query))

    assert (ended.code, pending(terminal)) == (13, 1)
    assert ended.complaints[0] == GONE


def test_a_level_said_last_counts(terminal, discogs):
    key = begun(terminal, "demo", "--privacy", "public")
    terminal.run("connect", "--verifier", code_for(discogs, key), "--privacy", "private")
    assert opened(terminal)["demo"].privacy == "private"

    key = begun(terminal, "demo", "--privacy", "public")
    ended = terminal.run("connect", "--verifier", code_for(discogs, key))
    assert ended.out == "reconnected demo: demo at Discogs, public\n"

    key = begun(terminal, "demo")
    assert terminal.run("connect", "--verifier", code_for(discogs, key)).code == 0
    assert opened(terminal)["demo"].privacy == "public"


def test_a_start_that_fails_keeps_nothing(terminal):
    terminal.configure('[sync]\nmax_wait = "0s"\n')

    codes = [
        terminal.run("connect", "demo", "--start", **environ).code
        for environ in (
            {"DISCOGS_API_URL": NOWHERE},
            {"DISCOGS_OAUTH_CONSUMER_SECRET": "cs_mistyped"},
            {"DISCOGS_OAUTH_CONSUMER_KEY": ""},
        )
    ]

    assert (codes, pending(terminal)) == ([1, 13, 2], 0)


def test_a_login_needs_its_key(terminal, discogs):
    key = begun(terminal, "demo")
    code = code_for(discogs, key)

    ended = terminal.run("connect", "--verifier", code, OAUTH_ENCRYPTION_KEY=OTHER_KEY)

    assert ended.code == 12
    assert terminal.run("connect", "--verifier", code).code == 0


def test_a_code_is_typed_through_a_pipe(terminal, discogs):
    address, code, out, err = typed(
        terminal, lambda page: shown_code(page) + "\nand more\n", "connect", "--oob"
    )

    assert address.startswith(f"{discogs.url}/oauth/authorize?oauth_token=")
    assert (code, out) == (0, "connected demo: demo at Discogs, private\n")
    assert err.splitlines()[0] == "authorise at this address (valid for 15 minutes):"
    assert terminal.run("sync", DISCOGS_TOKEN="").code == 0


def test_an_address_may_be_typed(terminal):
    def pasted(page):
        key = page.rpartition("=")[2]
        return redirected(oauth_token=key, oauth_verifier=shown_code(page))

    assert typed(terminal, pasted, "connect", "--oob")[1] == 0


@pytest.mark.parametrize("line", ["", "\n", "  \n"])
def test_without_a_code_nobody_is_connected(terminal, line):
    _, code, out, err = typed(terminal, line, "connect", "--oob")

    assert (code, out) == (13, "")
    assert err.splitlines()[1:] == [
        "error: connect: no code was given",
        "hint: run connect again and type the code",
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [("XQ7", 13), (redirected(oauth_token="other", oauth_verifier="XQ7"), 13), ("XQ7\xf6", 2)],
)
def test_a_wrong_code_typed_is_refused(terminal, line, code):
    _, ended, out, err = typed(terminal, line, "connect", "--oob")

    assert (ended, out, "XQ7" in err) == (code, "", False)


def test_a_code_is_waited_for_until_the_deadline(terminal):
    piped = {"stdin": subprocess.PIPE}
    with terminal.start("connect", "--oob", "--deadline", "0.3", streams=piped) as process:
        assert process.wait(timeout=30) == 13


def test_giving_up_a_typed_code_leaves_nothing_behind(terminal):
    process = terminal.start("connect", "--oob", streams={"stdin": subprocess.PIPE})
    first_line(process)
    process.send_signal(signal.SIGINT)

    assert finished(process).code == 130
    assert terminal.run("connect", "--token").code == 0


def test_a_code_is_asked_for_on_a_terminal(terminal):
    with screen() as there:
        process = terminal.start("connect", "--oob", "--privacy=private", streams=there.streams)
        address = first_line(process)
        there.type(shown_code(address), after="Code: ")
        ended = finished(process)

    assert (ended.code, ended.out) == (0, "connected demo: demo at Discogs, private\n")


def test_a_new_unlisted_link_is_told_when_connecting(terminal):
    terminal.configure('[site]\nbase_url = "https://me.example/"\n')

    first = terminal.run("connect", "demo", "--token", "--privacy", "unlisted")
    again = terminal.run("connect", "demo", "--token")

    slug = opened(terminal)["demo"].slug
    assert first.out.splitlines() == [
        "connected demo: demo at Discogs, unlisted",
        f"unlisted link: https://me.example/x/{slug}/",
    ]
    assert again.out == "reconnected demo: demo at Discogs, unlisted\n"
    assert "build-site privacy demo unlisted --new-link replaces it" in again.err
    assert slug not in first.err + again.err
