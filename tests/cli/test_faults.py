"""Everything Discogs and the network do wrong: once and for ever, on each page, alone or not.

One account is `demo`, whose collection has grown to three pages since its last sync. Where there
are three, `ann` comes before it and `kay` after it, and nothing is wrong with either.
"""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import pytest
from msgspec.structs import replace

from generator.demo.api import Person
from tests import faults
from tests.cli.accounts import copies_of, opened, sent_ids
from tests.cli.conftest import make_owner
from tests.cli.fault_table import AFTER, LAST, OUTAGE, ROWS
from tests.cli.running import NOWHERE, TOKEN, Ended, Terminal, make_shelf, result_of
from tests.standin import StandIn

BEFORE = make_shelf(12)
AT_ONCE = 64
"""Runs under way together: they mostly sleep."""


@dataclass(frozen=True)
class Case:
    """One run: a row of the table, where it strikes, whether it stays, and who is there."""

    name: str
    page: int
    lasts: bool
    accounts: int

    @property
    def row(self):
        return ROWS[self.name]

    @property
    def fails(self):
        return self.lasts or not self.row.passes

    @property
    def others(self):
        """Those who are synced, though `demo` may not be."""
        if self.accounts == 1:
            return []
        return ["ann"] if self.fails and self.row.for_all else ["ann", "kay"]

    @property
    def error(self):
        """The error of `demo`; it names the first copy of the page."""
        first = AFTER[100 * (self.page - 1)]
        return self.row.error.format(
            page=self.page, release=first["id"], instance=first["instance_id"]
        )

    @property
    def complaints(self):
        """What is on stderr: an error and a hint for everybody who fails."""
        if not self.fails:
            return []
        failing = ["demo"] if self.accounts == 1 or "kay" in self.others else ["demo", "kay"]
        return [
            line
            for name in failing
            for line in (f"error: {name}: {self.error}", f"hint: {self.row.hint}")
        ]

    @property
    def code(self):
        if not self.fails:
            return 0
        return 3 if self.others else self.row.code

    def __str__(self):
        often = "for ever" if self.lasts else "once"
        return f"{self.name}, page {self.page}, {often}, of {self.accounts}"


CASES = [
    # Every fault strikes with each number of accounts; page and number do not touch one another.
    Case(name, page, lasts, 3 if lasts == bool(page % 2) else 1)
    for lasts, name in product((True, False), ROWS)
    for page in ROWS[name].pages
    # What is not asked for again must fail though it would pass; for ever adds nothing to that.
    if ROWS[name].passes or lasts == (page < LAST) or len(ROWS[name].pages) == 1
]
LASTING = [case for case in CASES if case.fails]
PASSING = [case for case in CASES if not case.fails]


@dataclass(frozen=True)
class State:
    """Everything below data/, sealed and opened."""

    files: dict
    accounts: dict

    @classmethod
    def of(cls, terminal):
        """As it is now."""
        data = terminal.workspace / "data"
        files = {path.relative_to(data).as_posix(): kept for path, kept in terminal.state().items()}
        return cls(files, opened(terminal))

    def changed_since(self, before):
        """The files that were added, removed or changed."""
        names = self.files.keys() | before.files.keys()
        return {name for name in names if self.files.get(name) != before.files.get(name)}


def make_people(copies, more=0):
    """The owner with these copies, and the two beside."""
    owner = make_owner()
    owner.copies[:] = copies
    return [
        Person("ann", id=71, copies=make_shelf(3 + more, first=301), token="pat-ann"),
        owner,
        Person("kay", id=78, copies=make_shelf(4 + more, first=401), token="pat-kay"),
    ]


def struck(discogs, case):
    """Let the fault strike, made anew each time, because some tell the time."""
    when = faults.on_page(case.page, "demo")
    left = [None if case.lasts else 1]

    def strike(request):
        if when(request) and left[0] != 0:
            left[0] = left[0] and left[0] - 1
            discogs.add_fault(case.row.fault(case.page), when)

    discogs.before_request.append(strike)


@dataclass(frozen=True)
class Ordeal:
    """The state before, and by case how its run ended and what is left after it."""

    before: dict[int, State]
    ended: dict[Case, Ended]
    asked: dict[Case, int]
    after: dict[Case, State]
    copies: dict[Case, dict]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """By number of accounts: a workspace in which all of them are synced."""
    made = {}
    for number in (1, 3):
        people = make_people(BEFORE) if number == 3 else make_people(BEFORE)[1:2]
        with StandIn(people) as discogs:
            made[number] = Terminal(tmp_path_factory.mktemp(f"kept{number}"), discogs).configure()
            for person in people:
                made[number].run("connect", "--token", DISCOGS_TOKEN=person.token)
            assert made[number].run("sync").code == 0
    return made


@pytest.fixture(scope="module")
def ordeal(kept, tmp_path_factory):
    """Every case in a workspace of its own, against a Discogs of its own."""
    place = tmp_path_factory.mktemp("ordeal")
    ended, asked, after, copies = {}, {}, {}, {}

    def undergo(numbered):
        number, case = numbered
        workspace = place / str(number)
        shutil.copytree(kept[case.accounts].workspace, workspace)
        with StandIn(make_people(AFTER, more=1)) as discogs:
            terminal = Terminal(workspace, discogs)
            terminal.configure(f'[sync]\nmax_wait = "{case.row.max_wait}"\n')
            struck(discogs, case)
            ended[case] = terminal.run("sync", "--force")
            asked[case] = sum(map(faults.on_page(case.page, "demo"), discogs.requests))
        after[case] = State.of(terminal)
        copies[case] = {
            name: copies_of(terminal, account) for name, account in after[case].accounts.items()
        }
        shutil.rmtree(workspace)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(undergo, enumerate(CASES)))
    before = {number: State.of(kept[number]) for number in kept}
    return Ordeal(before, ended, asked, after, copies)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_told(ordeal, case):
    ended = ordeal.ended[case]

    assert ended.complaints == case.complaints
    assert (ended.code, ended.out) == (case.code, "")


@pytest.mark.parametrize("case", LASTING, ids=str)
def test_how_often_is_asked(ordeal, case):
    assert case.row.asked in (None, ordeal.asked[case])


@pytest.mark.parametrize("case", LASTING, ids=str)
def test_what_a_failure_costs(ordeal, case):
    before, after = ordeal.before[case.accounts], ordeal.after[case]
    was, now = before.accounts["demo"], after.accounts["demo"]
    others = [before.accounts[name].id for name in case.others]
    failed = [account.id for name, account in before.accounts.items() if name not in case.others]

    assert after.changed_since(before) == {
        *(f"accounts/{account}/status" for account in (*others, *failed)),
        *(f"accounts/{account}/snapshot" for account in others),
    }
    shown = now.problem.render("demo")
    assert f"{shown.where}: {shown.what}" == f"demo: {case.error}"
    assert now.status == replace(
        was.status,
        failed_connection=was.connection,
        failures=1,
        problem=now.status.problem,
        reconnect=case.name == "401",
    )
    assert ordeal.copies[case]["demo"] == sent_ids(BEFORE)


@pytest.mark.parametrize("case", PASSING, ids=str)
def test_what_passes_is_sat_out(ordeal, case):
    now = ordeal.after[case].accounts["demo"]

    assert ordeal.copies[case]["demo"] == sent_ids(AFTER)
    assert (now.status.records, now.status.failures, now.problem) == (201, 0, None)


@pytest.mark.parametrize("case", [case for case in CASES if case.accounts == 3], ids=str)
def test_the_others_do_not_notice(ordeal, case):
    expected = {"ann": (4, 3), "kay": (5, 4)}
    shelf = {"ann": 301, "kay": 401}

    for name, (synced, unsynced) in expected.items():
        number = synced if name in case.others else unsynced
        assert ordeal.copies[case][name] == sent_ids(make_shelf(number, first=shelf[name]))


def test_a_discogs_that_is_gone_is_an_outage(synced):
    synced.configure('[sync]\nmax_wait = "0s"\n')

    ended = synced.run("sync", "--force", DISCOGS_API_URL=NOWHERE)

    assert ended.code == 1
    assert ended.complaints == [
        "error: demo: the connection to Discogs was refused",
        f"hint: {OUTAGE}",
    ]


@pytest.fixture(scope="module", autouse=True)
def unlimited(tmp_path_factory):
    """A sync whose answers tell no limit, begun before the other tests, and the moments of that and
    of its requests.

    Unknown is not sixty: it has to keep its distance, which takes seconds.
    """
    owner, moments = make_owner(), [time.monotonic()]
    owner.copies[:] = make_shelf(101)
    with StandIn([owner]) as discogs:
        discogs.rate_headers = False
        terminal = Terminal(tmp_path_factory.mktemp("unlimited"), discogs).configure()
        terminal.connect(DISCOGS_TOKEN=TOKEN)
        discogs.before_request.append(lambda _: moments.append(time.monotonic()))
        yield terminal, terminal.begin("sync"), moments


def test_a_stranger_s_allowance_is_told(synced, discogs):
    discogs.limit.authenticated = 25

    ended = synced.run("sync", "--force")

    assert ended.code == 0
    assert ended.err.splitlines()[-1] == (
        "warning: demo: Discogs treated this login as anonymous; "
        "private records and covers may be missing"
    )


def test_a_slow_answer_is_waited_for(synced, discogs):
    discogs.add_fault(faults.late(1), faults.on_page(1))

    ended = synced.run("sync", "--force")

    assert (ended.code, ended.complaints, len(discogs.requests)) == (0, [], 1)


def test_a_full_window_is_waited_for(synced, discogs):
    discogs.limit.seconds, discogs.retry_after = 0.5, "1"
    discogs.before_request.append(
        lambda request: discogs.foreign_requests(1000 if request.number == 1 else 0)
    )

    ended = synced.run("sync", "--force")

    assert (ended.code, ended.complaints) == (0, [])
    assert [request.status for request in discogs.requests] == [429, 200]


def test_answers_may_tell_no_limit_at_all(unlimited):
    terminal, run, moments = unlimited
    ended = result_of(run)

    assert (ended.code, ended.complaints) == (0, [])
    assert moments[-1] - moments[0] >= 3 * 1.19
    assert terminal.listed()["demo"]["records"] == 101
