"""A thousand invented accounts over 30 days: what they ask for, and what they leave behind.

Time is simulated, with the program's own rules of who is due and how accounts are dealt out to
jobs; the sizes of sealed files and of pages are measured on sampled collections.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median

from generator.derive.shards import expected_requests, planned_shards

from bench.weights import Weights, weighed
from generator.derive.due import due_accounts
from generator.domain.account import Access, Account, Privacy
from generator.render.limits import LIMITS

SEED = 1963
START = datetime(2026, 11, 1, tzinfo=UTC)
ALLOWED = 60
"""Requests a minute and address: every job has an address of its own here."""
MEDIAN, SPREAD, LEAST, MOST = 600, 1.0, 20, 20_000
"""Copies of a collection: log-normal, within bounds."""
NEWS = 0.25
"""How often a day a collection changes, on average."""
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a run starts, and when an account is due."""

    cron: str
    minutes: tuple[int, ...]
    hours: int
    """From one hour with runs to the next."""
    cooldown: timedelta


USUAL = Schedule("13,43 * * * *", (13, 43), 1, timedelta(hours=4))
RARE = Schedule("13 */4 * * *", (13,), 4, timedelta(hours=3))


@dataclass(frozen=True, slots=True)
class Run:
    """One run that had somebody to sync."""

    synced: tuple[int, ...]
    """The numbers of the accounts."""
    changed: tuple[int, ...]
    """Those of them whose collection is another than before."""
    requests: int
    jobs: tuple[float, ...]
    """Seconds that each shard waits for Discogs."""


@dataclass(slots=True)
class Month:
    """What happened."""

    looks: int = 0
    oldest: timedelta = timedelta()
    """The greatest age of a collection on the site, until a run replaced it."""
    runs: list[Run] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """Minutes of jobs, each rounded up; what setting one up takes is not counted.

        Every look is a job, which also syncs when there is one shard. Several are jobs of their
        own, and another one collects and builds. Publishing is a job too.
        """
        return self.looks + sum(_beyond_looking(run.jobs) for run in self.runs)


def _beyond_looking(jobs: Sequence[float]) -> int:
    minutes = [math.ceil(seconds / 60) for seconds in jobs]
    publishing = 1
    return publishing + (minutes[0] - 1 if len(minutes) == 1 else sum(minutes) + 1)


def invented(accounts: int, dice: Random) -> list[Account]:
    """So many accounts, never synced, connected one after another during the first day."""
    return [
        Account(
            id=f"{dice.getrandbits(64):016x}",
            name=f"account-{number}",
            discogs_name=f"Account-{number}",
            discogs_id=1000 + number,
            access=Access.OAUTH,
            privacy=Privacy.PUBLIC,
            connected_at=START + timedelta(seconds=dice.randrange(86_400)),
            records=int(min(max(dice.lognormvariate(math.log(MEDIAN), SPREAD), LEAST), MOST)),
        )
        for number in range(accounts)
    ]


def simulated(accounts: Sequence[Account], days: int, schedule: Schedule) -> Month:
    """The runs of so many days. One that lasts makes the next one wait."""
    month, dice = Month(), _dice()
    known = {account.id: account for account in accounts}
    number_of = {account.id: number for number, account in enumerate(accounts)}
    free = START
    for look in _looks(days, schedule):
        month.looks += 1
        now = max(look, free)
        here = tuple(account for account in known.values() if account.connected_at <= now)
        due = due_accounts(here, schedule.cooldown, now)
        if not due:
            continue
        for account, end in _ends(due, now):
            month.oldest = max(month.oldest, end - (account.synced_at or end))
            known[account.id] = replace(account, synced_at=now, last_sync=end)
            free = max(free, end)
        month.runs.append(_run(due, number_of, dice))
    return month


def _looks(days: int, schedule: Schedule) -> Iterator[datetime]:
    for hour in range(0, days * 24, schedule.hours):
        for minute in schedule.minutes:
            yield START + timedelta(hours=hour, minutes=minute)


def _ends(due: Sequence[Account], now: datetime) -> Iterator[tuple[Account, datetime]]:
    """When each account has been read, one after the other in its job."""
    for shard in planned_shards(due):
        asked = 0
        for account in due:
            if shard.has(account.id):
                asked += _requests(account)
                yield account, now + timedelta(seconds=waited(asked))


def _run(due: Sequence[Account], number_of: dict[str, int], dice: Random) -> Run:
    jobs = [
        sum(_requests(account) for account in due if shard.has(account.id))
        for shard in planned_shards(due)
    ]
    synced = tuple(number_of[account.id] for account in due)
    likely = 1 - math.exp(-NEWS * (timedelta(hours=4) / timedelta(days=1)))
    changed = tuple(
        number_of[account.id]
        for account in due
        if account.synced_at is None or dice.random() < likely
    )
    return Run(synced, changed, sum(jobs), tuple(map(waited, jobs)))


def _requests(account: Account) -> int:
    """What reading it takes; how large it is is known here before it was ever read."""
    return expected_requests(replace(account, synced_at=START))


def waited(requests: int) -> float:
    """Least seconds for so many requests in a window of a minute, if answers take one."""
    return (requests - 1) // ALLOWED * 60.0 + 1


def pushes(accounts: Sequence[Account], month: Month, weights: Weights) -> Iterator[dict[str, int]]:
    """The files that each run pushes."""
    known: set[int] = set()
    for run in month.runs:
        files = {f"accounts/{accounts[n].id}/account": weights.account for n in run.synced}
        for n in run.changed:
            copies = accounts[n].records
            files[f"accounts/{accounts[n].id}/snapshot"] = weights.snapshot(copies)
        for n in set(run.synced) - known:
            files[f"accounts/{accounts[n].id}/token"] = weights.token
        known.update(run.synced)
        yield files


def measure_thousand(*, quick: bool) -> None:
    """Simulate, weigh, and print the table."""
    count, days = (100, 3) if quick else (1000, 30)
    accounts = invented(count, _dice())
    month = simulated(accounts, days, USUAL)
    weights = weighed(accounts[0])
    pushed = tuple(pushes(accounts, month, weights))
    copies = sum(account.records for account in accounts)
    print(f"{count:,} invented accounts, {copies:,} copies, {days} days, two looks an hour")
    for name, value in (*_asked(month, days), *_left(accounts, weights, pushed)):
        print(f"    {name:34}{value}")
    print(f"{'accounts':>12}{'cron':>18}{'looks':>8}{'minutes':>9}{'oldest':>9}")
    for few in (1, 10, 200):
        for schedule in (USUAL, RARE):
            print(_cost(few, schedule, simulated(invented(few, _dice()), days, schedule)))


def _cost(accounts: int, schedule: Schedule, month: Month) -> str:
    oldest = month.oldest / timedelta(hours=1)
    return f"{accounts:12,}{schedule.cron:>18}{month.looks:8,}{month.minutes:9,}{oldest:7.1f} h"


def _dice() -> Random:
    """The same numbers in every measurement."""
    return Random(SEED)  # noqa: S311 - nothing secret is drawn


def _asked(month: Month, days: int) -> Iterator[tuple[str, str]]:
    requests = sum(run.requests for run in month.runs)
    shards = sorted(len(run.jobs) for run in month.runs)
    walls = sorted(max(run.jobs) for run in month.runs)
    yield "requests", f"{requests:,}, {requests // days:,} a day"
    yield "runs with somebody due", f"{len(month.runs):,} of {month.looks:,}"
    yield "shards a run", f"{median(shards):.0f} as a rule, {shards[-1]} at most"
    yield (
        "a run waits for Discogs",
        f"{median(walls) / 60:.0f} min as a rule, {walls[-1] / 60:.0f} at most",
    )
    yield "oldest collection shown", f"{month.oldest / timedelta(hours=1):.1f} h"
    yield "minutes of jobs, at least", f"{month.minutes:,}"


def _left(
    accounts: Sequence[Account], weights: Weights, pushed: Sequence[dict[str, int]]
) -> Iterator[tuple[str, str]]:
    files = weights.rest_files + len(accounts) * weights.tree_files
    size = weights.rest + sum(weights.tree(account.records) for account in accounts)
    idle = f"{weights.account:,} bytes"
    yield "an idle sync pushes", idle
    total = sum(sum(paths.values()) for paths in pushed)
    branch = {path: weight for paths in pushed for path, weight in paths.items()}
    yield "pushed to the branch `state`", f"{total / MB:,.0f} MB in {len(pushed):,} pushes"
    yield "the branch holds", f"{sum(branch.values()) / MB:,.0f} MB in one commit"
    yield "the site", f"{files:,} files, {size / MB:,.0f} MB"
    for limits in LIMITS.values():
        over = (limits.total or size) < size or (limits.files or files) < files
        yield f"    on {limits.host}", "too much" if over else "fits"
