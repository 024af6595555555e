"""The demo: one command from nothing to a site with the totals of the reference account."""

import signal

import pytest

from tests.cli.running import Terminal, finished, first_line, visit

ELSEWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """An empty directory after `demo --no-serve`, and how that ended."""
    terminal = Terminal(tmp_path_factory.mktemp("demo"), environ={"OAUTH_ENCRYPTION_KEY": ""})
    return terminal, terminal.run("demo", "--no-serve", http_proxy=ELSEWHERE)


def test_the_demo_needs_nothing(shown):
    terminal, ended = shown

    assert ended.code == 0
    assert sorted(path.name for path in terminal.workspace.iterdir()) == [".demo", "site"]


def test_the_demo_has_the_totals_of_the_reference_account(shown):
    terminal, _ = shown
    stats = terminal.published("u/demo/collection/stats.json")

    assert (stats["copies"], stats["artist_credits"], stats["genres"]) == (1497, 433, 14)
    assert (stats["years"]["first"], stats["years"]["last"]) == (1963, 2025)
    assert stats["by_format"] == [
        {"name": "CD", "copies": 726},
        {"name": "Vinyl", "copies": 688},
        {"name": "Cassette", "copies": 44},
        {"name": "Box Set", "copies": 22},
        {"name": "SACD", "copies": 7},
        {"name": "File", "copies": 6},
        {"name": "DVD", "copies": 4},
    ]


def test_the_demo_shows_original_years(shown):
    terminal, ended = shown
    stats = terminal.published("u/demo/collection/stats.json")
    page = (terminal.workspace / "site/u/demo/collection/index.html").read_text()
    day = stats["masters"].pop("dump")

    assert stats["masters"] == {"known": 877, "albums": 906}
    assert f'of 999 albums, from Discogs’ data of <time datetime="{day}">' in page
    assert "build-site enrich" not in ended.err


def test_the_demo_is_served_and_can_be_repeated(shown):
    terminal, _ = shown
    process = terminal.start("demo")
    address = first_line(process, timeout=60)

    assert address.startswith("http://127.0.0.1:")
    assert visit(f"{address}u/demo/collection/all/")[0] == 200

    process.send_signal(signal.SIGINT)
    ended = finished(process)
    assert (ended.code, ended.out) == (0, "")
