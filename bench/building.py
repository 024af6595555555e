"""The part `build`: the build beside Hugo and Eleventy, as whole processes.

The sealed state of ours and the data files of the others are made before. Eleventy is also measured
with the data files that ours writes besides the three pages.
"""

import os
import platform
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import NamedTuple

from msgspec.structs import replace

from bench import peers
from bench.invented import collection_of, invented_items
from generator.domain.account import Account, AccountId, Privacy, Source, Status
from generator.store.state import State
from generator.store.vault import Vault, new_key

READ = datetime(2026, 11, 22, 14, 18, 42, tzinfo=UTC)


class Cost(NamedTuple):
    """What a whole process needed, with the processes it started."""

    wall: float
    cpu: float
    mib: float
    """The most memory at once, shared memory counted once; 0 where the system does not say."""


def measure_build(*, quick: bool) -> None:
    """Measure everything and print it; quick is a tenth of the accounts and fewer runs."""
    options = sysconfig.get_config_var("CONFIG_ARGS") or ""
    optimised = "optimised" if "--enable-optimizations" in options else "not optimised"
    print(f"Python {platform.python_version()}, {optimised}")
    print(f"{'build':44}{'wall s':>9}{'cpu s':>8}{'MiB':>7}")
    many, runs = (100, 1) if quick else (1000, 3)
    _measure(1, 1497, runs + 2, compare=True)
    _measure(1, 20_000, runs, compare=False)
    if not quick:
        _measure(1, 100_000, 1, compare=False)
    _measure(many, 300, runs, compare=True)


def _measure(accounts: int, copies: int, runs: int, *, compare: bool) -> None:
    what = f"{accounts:,} × {copies:,}"
    with TemporaryDirectory() as place:
        instance = Instance(Path(place), accounts, copies)
        ours = _row(f"{what}, everything rendered", [instance.cold() for _ in range(runs)])
        _row(f"{what}, nothing changed", [instance.build() for _ in range(runs)])
        if accounts > 1:
            _row(f"{what}, one account changed", [instance.changed() for _ in range(runs)])
        if compare:
            _compare(what, ours, instance.collections, runs)


class Instance:
    """A workspace of some accounts, each with another part of a large collection."""

    def __init__(self, root: Path, accounts: int, copies: int) -> None:
        self._root = root
        self._key = new_key()
        vault = Vault.from_setting(self._key)
        self._state = State(root / "data", lambda: vault)
        pool = invented_items(max(copies, min(accounts * copies, 9000)))
        spare = len(pool) - copies
        self.collections = {
            f"account-{number:04}": pool[start : start + copies]
            for number in range(accounts)
            for start in [number * 37 % spare if spare else 0]
        }
        (root / "site.toml").touch()
        for number, (name, items) in enumerate(self.collections.items()):
            account = Account(
                id=AccountId(f"{number:016x}"),
                name=name,
                discogs_name=name,
                discogs_id=number + 1,
                source=Source.ANONYMOUS,
                privacy=Privacy.PUBLIC,
                connected_at=READ,
                connection="bench",
                status=Status(connection="bench", synced_at=READ, last_sync=READ),
            )
            self._state.save_account(account)
            self._state.save_collection(account.id, collection_of(items))

    def build(self, *options: str) -> Cost:
        """One build, in a process of its own."""
        command = [sys.executable, "-m", "generator", "-q", "-C", str(self._root), "build"]
        environ = {"PATH": os.defpath, "PYTHONPATH": str(peers.ROOT)}
        return _cost(
            [*command, *options], self._root, environ | {"OAUTH_ENCRYPTION_KEY": self._key}
        )

    def cold(self) -> Cost:
        """A build without a previous site."""
        rmtree(self._root / "site", ignore_errors=True)
        return self.build("--full")

    def changed(self) -> Cost:
        """A build after one account lost a copy."""
        account = self._state.load_accounts().accounts[0]
        read = (account.status.synced_at or READ) + timedelta(hours=6)
        status = replace(account.status, synced_at=read, last_sync=read)
        self._state.save_status(replace(account, status=status))
        items = self.collections[account.name]
        del items[-1]
        self._state.save_collection(account.id, collection_of(items))
        return self.build()


def _cost(command: Sequence[str], directory: Path, environ: Mapping[str, str]) -> Cost:
    """Run a command to its end. Raises CalledProcessError when it fails."""
    peak, started = 0.0, perf_counter()
    process = subprocess.Popen(command, cwd=directory, env=environ, stdout=subprocess.DEVNULL)
    while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
        peak = max(peak, _memory(process.pid))
        sleep(0.01)
    _, status, usage = ended
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(perf_counter() - started, usage.ru_utime + usage.ru_stime, peak)


def _memory(process: int) -> float:
    """MiB of a process and its children."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return own / 1024 + sum(_memory(int(child)) for child in children)


def _row(what: str, runs: Sequence[Cost]) -> Cost:
    """Print a line of the table: medians, and the highest peak."""
    cost = Cost(
        median(run.wall for run in runs),
        median(run.cpu for run in runs),
        max(run.mib for run in runs),
    )
    print(f"{what:44}{cost.wall:9.2f}{cost.cpu:8.2f}{cost.mib:7.0f}", flush=True)
    return cost


def _compare(what: str, ours: Cost, collections: peers.Collections, runs: int) -> None:
    """Print the cost of others for the same collections, and how ours compares."""
    for name, prepare in peers.PEERS.items():
        with TemporaryDirectory() as place:
            site = Path(place)
            command = prepare(site, collections)
            if command is None:
                continue
            environ = {"PATH": os.environ["PATH"], "HOME": place}
            found = []
            for _ in range(runs):
                rmtree(site / "public", ignore_errors=True)
                found.append(_cost(command, site, environ))
            pages = len(list((site / "public/u").rglob("index.html")))
            if pages != 3 * len(collections):
                print(f"    {name} wrote {pages} pages instead of {3 * len(collections)}")
                continue
            theirs = _row(f"{what}, {name}", found)
            ratios = f"wall {ours.wall / theirs.wall:.2f}, cpu {ours.cpu / theirs.cpu:.2f}"
            print(f"    ours to {name}: {ratios}")
