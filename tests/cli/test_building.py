"""Building from the command line: what pages are told that no snapshot holds."""

import json
from datetime import datetime, timedelta

import pytest

TELLING = (
    '<meta http-equiv="Content-Security-Policy" content="{{ csp }}">'
    "<h1>{{ page.account.next_sync | time if page.account.next_sync else 'at any time' }}</h1>"
    "{% include 'partials/colophon.html' %}"
)
NO_COOLDOWN = '[sync]\ncooldown = "0s"\n'


def told(terminal, *arguments):
    """When the next sync is possible, as the account's page of a fresh site has it."""
    override = terminal.workspace / "templates/pages/account.html"
    override.parent.mkdir(parents=True, exist_ok=True)
    override.write_text(TELLING, "utf-8")
    assert terminal.run("build", *arguments).code == 0
    page = (terminal.workspace / "site/u/demo/index.html").read_text("utf-8")
    return page.partition("<h1>")[2].partition("</h1>")[0]


def test_pages_know_when_the_cooldown_ends(kept):
    assert told(kept) == kept.listed()["demo"]["next_sync"]


@pytest.mark.parametrize("arguments", [[], ["--snapshot", "demo.json"]])
def test_without_a_cooldown_there_is_no_end_of_it(kept, arguments):
    kept.configure(NO_COOLDOWN)
    (kept.workspace / "demo.json").write_text(kept.run("export", "demo").out, "utf-8")

    assert told(kept, *arguments) == "at any time"


def test_a_snapshot_counts_from_its_reading(kept):
    exported = kept.run("export", "demo").out
    (kept.workspace / "demo.json").write_text(exported, "utf-8")
    read = datetime.fromisoformat(json.loads(exported)["synced_at"])

    assert told(kept, "--snapshot", "demo.json") == (
        f"{read + timedelta(hours=4):%Y-%m-%dT%H:%M:%SZ}"
    )
