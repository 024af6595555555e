"""What a person sees while a sync runs, with a screen and without one, and at its end."""

import re
import signal

import pytest

from generator.demo.api import Person
from tests import faults
from tests.cli.running import finished, make_shelf, result_of, screen

BUSY = "Discogs answered 429, too many requests"
AT_ONCE = '[sync]\ncooldown = "0s"\nmax_wait = "0s"\n'


@pytest.fixture
def long(connected, owner):
    """An account of nine pages, of which none has been read."""
    owner.copies[:] = make_shelf(850)
    return connected


@pytest.fixture
def three(connected, discogs):
    """Three accounts: one of 12 copies, one of 1,203, one of a single copy."""
    people = {"kay": (78, 1203), "una": (79, 1)}
    for name, (number, copies) in people.items():
        shelf = make_shelf(copies, first=2000 * number)
        discogs.people[name] = Person(name, id=number, copies=shelf, token=f"pat-{name}")
        connected.connect(name, DISCOGS_TOKEN=f"pat-{name}")
    return connected.configure(AT_ONCE)


def frames(shown):
    """All states a bar had, one after another."""
    return [
        frame
        for frame in re.split(r"[\r\n]+", re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", shown))
        if frame
    ]


def watched(terminal):
    """The exit code of a sync with a screen, and everything that was to be seen there."""
    with screen() as there:
        process = terminal.start("sync", streams=there.streams)
        out, _ = process.communicate(timeout=60)
        assert out == b""
        return process.returncode, frames(there.rest())


def test_a_bar_tells_pages_copies_and_the_time_left(long, discogs):
    discogs.add_fault(faults.late(0.3), times=None)

    code, shown = watched(long)

    assert code == 0
    told = dict.fromkeys(
        re.findall(r"demo: page (\d+) of (\d+), ([\d,]+) copies", "\n".join(shown))
    )
    assert list(told) == [(str(page), "11", "850") for page in range(1, 12)]
    bars = [frame for frame in shown if "%" in frame]
    assert [frame for frame in bars if re.search(r"#-+\]  +\d+%  \d\d:\d\d:\d\d$", frame)]
    assert re.search(r"\[#+\]  100% *$", bars[-1])
    assert shown[-1] == "demo: 850 copies synced"


def test_a_bar_tells_why_nothing_happens(long, discogs):
    discogs.add_fault(faults.too_fast("2"), faults.on_page(1), skip=1)

    code, shown = watched(long)

    assert code == 0
    waiting = [frame for frame in shown if f" s: {BUSY})" in frame]
    assert waiting
    assert all(re.match(r"demo: page \d+ of 11, 850 copies \([12] s: ", frame) for frame in waiting)
    assert [frame for frame in shown if "page 11 of 11, 850 copies  [" in frame]


def test_a_quiet_sync_shows_nothing(long):
    with screen() as there:
        ended = finished(long.start("-q", "sync", streams=there.streams))
        shown = there.rest()

    assert (ended.code, shown) == (0, "")


def test_a_failure_is_told_below_the_bar(long, discogs):
    discogs.add_fault(faults.refused(403, "No"), faults.on_page(5), times=None)

    code, shown = watched(long)

    assert code == 13
    assert shown[-2:] == [
        "error: demo: Discogs does not allow this: No",
        "hint: reconnect: build-site connect demo --token",
    ]


def test_without_a_screen_there_are_plain_lines(long):
    assert long.run("sync").err.splitlines() == [
        "demo: reading 850 copies in 11 requests",
        "demo: 850 copies synced",
    ]
    assert long.run("-v", "sync", "--force").err.splitlines() == [
        "demo: reading 850 copies in 11 requests",
        *(f"demo: response {answer} of 11" for answer in range(1, 12)),
        "demo: 850 copies synced",
    ]


def test_without_a_screen_a_long_pause_is_a_line(long, discogs):
    discogs.add_fault(faults.too_fast(), faults.on_page(9), times=None)
    process = long.start("sync")
    lines = [process.stderr.readline().decode() for _ in range(2)]
    process.send_signal(signal.SIGINT)

    assert lines == ["demo: reading 850 copies in 11 requests\n", f"waiting 1 min: {BUSY}\n"]
    assert process.wait(timeout=60) == 130
    process.stdout.close()
    process.stderr.close()


def test_each_of_several_accounts_has_its_outcome(three, discogs):
    discogs.add_fault(faults.MAINTENANCE, faults.on_page(1, "una"), times=None)

    ended = three.run("sync")

    assert ended.code == 3
    assert ended.err.splitlines() == [
        "demo: reading 12 copies in 1 request",
        "demo: 12 copies synced",
        "kay: reading 1,203 copies in 15 requests",
        "kay: 1,203 copies synced",
        "error: una: Discogs answered 502",
        "hint: Discogs or the network has a problem; the next run tries again",
    ]


def test_a_page_that_fails_for_good_is_not_waited_for(long, discogs):
    discogs.add_fault(faults.refused(403, "No"), faults.on_page(3), times=None)
    discogs.add_fault(faults.late(200), lambda one: one.query.get("page") in {"2", "4"}, times=None)

    assert result_of(long.begin("sync")).code == 13


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_problems_have_colours_on_a_terminal_unless_they_are_unwanted(bare, no_color, coloured):
    with screen() as there:
        process = bare.start("build", streams=there.streams, NO_COLOR=no_color)
        process.wait(60)
        shown = there.rest()
    process.stdout.close()

    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert plain == ["error: .: has no site.toml", plain[1]]
    assert plain[1].startswith("hint: run build-site init here")
    assert ("\x1b[31m" in shown) is coloured
    assert "\x1b" not in bare.run("build").err
