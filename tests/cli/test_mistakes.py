"""What a person can do wrong with only a browser: the page of the run says what to do."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.cli.accounts import keep_login
from tests.cli.running import OTHER_KEY, TOKEN, step

SECRETS = "Settings → Secrets and variables → Actions"
CONNECT = {"action": "connect", "account": "mine", "privacy": "public"}
VERIFY = {"action": "verify", "account": ""}
LISTED = '[[collections]]\ndiscogs = "demo"\n'


def application(**values):
    return {f"DISCOGS_OAUTH_CONSUMER_{name.upper()}": text for name, text in values.items()}


def begin(terminal):
    """The first half of a connect."""
    assert step(terminal, CONNECT).run("dispatch").code == 0
    (terminal.workspace / "summary.md").unlink()


def nothing(_terminal):
    """The mistake is in the form."""


def expire(terminal):
    """A login that was begun sixteen minutes ago."""
    keep_login(terminal, "mine", created=datetime.now(UTC) - timedelta(minutes=16))


def exchange(terminal):
    consumer = terminal.discogs.consumer
    terminal.environ |= application(key=consumer.secret, secret=consumer.key)


def hide(terminal):
    terminal.configure(LISTED)
    terminal.discogs.people["demo"].private = True
    terminal.environ["DISCOGS_TOKEN"] = ""


MISTAKES = {
    "typographic quotes": (
        lambda terminal: terminal.configure("[site]\ntitle = “Records”\n"),
        (None, "plan"),
        ("site.toml", "is not valid TOML", "write straight quotes in line 2"),
    ),
    "a name with a space in site.toml": (
        lambda terminal: terminal.configure(LISTED + 'name = "My Shelf"\n'),
        (None, "plan"),
        ("site.toml: collections.1.name", "must be 1 to 40 of", "correct it in the repository"),
    ),
    "a name with a space in the form": (
        nothing,
        (CONNECT | {"account": "My Records"}, "dispatch"),
        ("account", "must be 1 to 40 of", "correct the form and run the workflow again"),
    ),
    "exchanged secrets": (
        exchange,
        (CONNECT, "dispatch"),
        ("connect", "Discogs refused the application's key or secret", "which may be exchanged"),
    ),
    "missing secrets": (
        lambda terminal: terminal.environ.update(application(key="", secret="")),
        (CONNECT, "dispatch"),
        ("DISCOGS_OAUTH_CONSUMER_SECRET", "is not set", f"add both secrets: {SECRETS}"),
    ),
    "a token for a key": (
        lambda terminal: terminal.environ.update(OAUTH_ENCRYPTION_KEY=TOKEN),
        (CONNECT, "dispatch"),
        ("OAUTH_ENCRYPTION_KEY", "key 1", f"set the secret OAUTH_ENCRYPTION_KEY: {SECRETS}"),
    ),
    "no code": (
        begin,
        (VERIFY | {"code": ""}, "dispatch"),
        ("code", "does not hold a code", "give the code that Discogs shows"),
    ),
    "an expired code": (
        expire,
        (VERIFY | {"code": "ABCDEFGHIJ"}, "dispatch"),
        ("connect", "no such login is in progress, or it is older than", "run Connect with the"),
    ),
    "a wrong code": (
        begin,
        (VERIFY | {"code": "wrongwrong"}, "dispatch"),
        ("connect", "Discogs refused the code: it is wrong or older than", "run Connect with the"),
    ),
    "another key": (
        lambda terminal: terminal.environ.update(OAUTH_ENCRYPTION_KEY=OTHER_KEY),
        (None, "run"),
        ("OAUTH_ENCRYPTION_KEY", "opens no sealed file", "Actions → Connect, action start over"),
    ),
    "a private collection without a token": (
        hide,
        (None, "run"),
        ("demo", "the collection is private at Discogs", f"{SECRETS} → New repository secret"),
    ),
    "a wrong name": (
        lambda terminal: terminal.configure(LISTED.replace("demo", "nobody-at-all")),
        (None, "run"),
        ("nobody-at-all", "", "correct the Discogs name of this collection in site.toml"),
    ),
    "an account that does not exist": (
        nothing,
        ({"action": "disconnect", "account": "nobody"}, "dispatch"),
        ("account", "no such account", "use the name as it is in the address of its page"),
    ),
    "no level": (
        nothing,
        ({"action": "privacy", "account": "demo"}, "dispatch"),
        ("privacy", "choose private, unlisted or public", "correct the form"),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_an_annotation_and_a_row_with_what_to_do(connected, mistake):
    make, (form, command), (where, what, hint) = MISTAKES[mistake]
    if "site.toml" in where or where in ("demo", "nobody-at-all"):
        connected.run("disconnect", "demo", "--yes")
    make(connected)
    ended = step(connected, form).run(command)

    annotations = re.findall("(?m)^::(?:error|warning) (.*)$", ended.err)
    title = where.replace(":", "%3A")
    assert ended.code != 0
    assert [
        line for line in annotations if line.startswith(f"title={title}::{what}") and hint in line
    ]
    assert [
        row for row in rows(connected) if row[0] in "❌⚠️" and where in row[1] and hint in row[3]
    ]


def rows(terminal):
    """The rows of the table on the page of the run, as they read."""
    text = (terminal.workspace / "summary.md").read_text("utf-8")
    text = text.replace("&#95;", "_").replace("&#58;", ":")
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]


def test_a_site_without_a_public_account_says_why_it_is_empty(connected):
    connected.run("privacy", "demo", "private")
    ended = step(connected).run("run")

    what = "1 account is connected, and none is public"
    hint = "Actions → Connect → Run workflow, action privacy: choose public"
    assert ended.code == 0
    assert f"::warning title=site::{what}. {hint}" in ended.err.splitlines()
    assert ["⚠️", "site", what, hint] in rows(connected)


@contextmanager
def github(status):
    """The API of GitHub, which answers everything like this."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["Authorization"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield (
            {
                "GITHUB_API_URL": f"http://127.0.0.1:{server.server_port}",
                "GITHUB_REPOSITORY": "kay/records",
                "GITHUB_TOKEN": "ghs_x",
            },
            asked,
        )
        server.shutdown()


@pytest.mark.parametrize(("status", "is_on"), [(200, True), (404, False), (403, True), (500, True)])
def test_pages_that_are_not_switched_on_are_a_warning(connected, status, is_on):
    with github(status) as (environ, asked):
        ended = step(connected).run("plan", **environ)

    what = "is not switched on, so nothing can be published"
    assert ended.code == 0
    assert asked == [("/repos/kay/records/pages", "Bearer ghs_x")]
    assert (f"::warning title=GitHub Pages::{what}. Settings → Pages → " not in ended.err) is is_on
    assert "ghs_x" not in ended.out + ended.err
