"""The part `sync`: the sync beside a bare reader of the standard library, whole processes.

Both read the same stand-in in turns, every answer 400 ms late, each run in a fresh window of
requests.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.invented import invented_items
from generator.demo.api import JsonObject, Person
from generator.store.vault import new_key
from tests import faults
from tests.standin import StandIn

ROOT = Path(__file__).resolve().parents[1]
LATE = 0.4
PAIRS = 5
TOKEN = "pat_Bench"  # noqa: S105 - opens nothing but the stand-in
NAME = "bench"
NO_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Run:
    """What one process needed. Seconds and MiB."""

    wall: float
    cpu: float
    peak: float
    requests: int
    refused: int
    """Answers with status 429."""


def measured(command: Sequence[str], environ: Mapping[str, str], standin: StandIn) -> Run:
    """Run a module to its end. Raises CalledProcessError when it fails."""
    before = len(standin.requests)
    ended = subprocess.run(
        [sys.executable, "-m", "bench.timed", sys.executable, "-m", *command],
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), **environ},
        stdout=subprocess.PIPE,
        check=True,
    )
    wall, cpu, peak = map(float, ended.stdout.splitlines()[-1].split())
    answered = standin.requests[before:]
    refused = sum(request.status == 429 for request in answered)
    return Run(wall, cpu, peak, len(answered), refused)


@contextmanager
def discogs(copies: list[JsonObject], limit: int, late: float) -> Iterator[StandIn]:
    """A stand-in that nobody has asked anything yet."""
    with StandIn([Person(NAME, 77, copies, token=TOKEN)]) as standin:
        standin.limit.authenticated = limit
        standin.add_fault(faults.late(late), times=None)
        yield standin


class Bench:
    """A workspace with a collection connected, synced again and again."""

    def __init__(self, workspace: Path, copies: list[JsonObject]) -> None:
        self._copies = copies
        self._workspace = workspace
        self._environ = {"OAUTH_ENCRYPTION_KEY": new_key(), "DISCOGS_TOKEN": TOKEN}
        (workspace / "site.toml").touch()
        with discogs(copies, NO_LIMIT, 0) as standin:
            self._ours(standin, "connect", NAME, "--token", "--privacy=public")

    def sync(self, limit: int = 60) -> Run:
        """One sync; the first one writes the snapshot, the others find it as it is."""
        with discogs(self._copies, limit, LATE) as standin:
            return self._ours(standin, "-q", "sync", NAME, "--force")

    def bare(self, limit: int = 60) -> Run:
        """One reading by the standard library."""
        with discogs(self._copies, limit, LATE) as standin:
            return measured(["bench.bare_reader", standin.url, NAME, TOKEN], {}, standin)

    def _ours(self, standin: StandIn, *arguments: str) -> Run:
        command = ["generator", "-C", str(self._workspace), *arguments]
        environ = {"DISCOGS_API_URL": standin.url, **self._environ}
        return measured(command, environ, standin)


def floor(requests: int, limit: int = 60, window: float = 60.0) -> float:
    """Least seconds for that many requests in a moving window, if each answer comes after LATE."""
    return (requests - 1) // limit * window + LATE


def row(what: str, runs: Sequence[Run]) -> str:
    """A line of the table: medians, the highest peak, and the requests of one run."""
    wall, cpu = median(run.wall for run in runs), median(run.cpu for run in runs)
    peak, refused = max(run.peak for run in runs), sum(run.refused for run in runs)
    return f"{what:28}{wall:9.2f}{cpu:8.2f}{peak:8.1f}{runs[-1].requests:10}{refused:6}"


def compared(copies: int, limit: int, pairs: int, workspace: Path) -> Bench:
    """Measure in pairs, one reader after the other, and print both and their ratios."""
    bench = Bench(workspace, invented_items(copies))
    both = [(bench.sync(limit), bench.bare(limit)) for _ in range(pairs)]
    ours, bare = zip(*both, strict=True)
    print(row(f"{copies:,} copies, sync", ours))
    print(row(f"{copies:,} copies, bare reader", bare))
    ratios = [one.wall / other.wall for one, other in both]
    listed = " ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"    wall to wall: {listed}; median {median(ratios):.2f}", flush=True)
    return bench


def measure_sync(*, quick: bool) -> None:
    """Measure and print; `quick` leaves out the run that takes three minutes."""
    print(f"{'':28}{'wall s':>9}{'cpu s':>8}{'MiB':>8}{'requests':>10}{'429s':>6}")
    with TemporaryDirectory() as small, TemporaryDirectory() as large:
        compared(1497, 60, PAIRS, Path(small))
        bench = compared(20_000, NO_LIMIT, 2, Path(large))
        if quick:
            return
        run = bench.sync()
        print(row("20,000 copies, 60 a minute", [run]))
        least = floor(run.requests)
        print(f"    floor of a moving window {least:.1f} s; {run.wall / least:.3f} times that")
