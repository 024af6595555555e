"""The build beside Hugo and Eleventy: whole processes.

The sealed state that ours is built from is made before, and so are the files of the others.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

from generator.store.accounts import Accounts
from generator.store.snapshots import Snapshots

from bench import peers
from bench.shelves import grown
from generator.demo import sample_collection
from generator.discogs.payloads import parse_page
from generator.domain.account import Access, Account, Privacy
from generator.domain.collection import Collection
from generator.store.vault import Vault, new_key

READ = datetime(2026, 11, 22, 14, 18, 42, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a whole process needed, with the processes it started."""

    seconds: float
    mib: float
    """The most memory at once, what they share counted once; 0 where nobody tells."""


def cost(command: Sequence[str], directory: Path, environ: Mapping[str, str]) -> Cost:
    """Run a command to its end. Raises CalledProcessError when it fails."""
    peak = 0.0
    started = perf_counter()
    with subprocess.Popen(
        command, cwd=directory, env=environ, stdout=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            sleep(0.02)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(perf_counter() - started, peak)


def _memory(process: int) -> float:
    """MiB of a process and its children."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return own / 1024 + sum(_memory(int(child)) for child in children)


class Instance:
    """A workspace of some accounts, each with another part of a large collection."""

    def __init__(self, root: Path, accounts: int, copies: int) -> None:
        self.root = root
        self._key = new_key()
        vault = Vault.from_setting(self._key)
        self._accounts = Accounts(root / "data", lambda: vault)
        self._snapshots = Snapshots(root / "data", lambda: vault)
        self._known: list[Account] = []
        pool = grown(sample_collection().copies, max(copies, min(accounts * copies, 9000)))
        spare = len(pool) - copies
        self.collections = {
            f"account-{number:04}": pool[start : start + copies]
            for number in range(accounts)
            for start in [number * 37 % spare if spare else 0]
        }
        (root / "site.toml").touch()
        for number, (name, shelf) in enumerate(self.collections.items()):
            self._connect(number, name, shelf)

    def build(self, *options: str) -> Cost:
        """One build, in a process of its own."""
        command = [sys.executable, "-m", "generator", "-q", "-C", str(self.root), "build", *options]
        environ = {"PATH": os.defpath, "PYTHONPATH": str(peers.ROOT)}
        return cost(command, self.root, environ | {"OAUTH_ENCRYPTION_KEY": self._key})

    def change(self) -> None:
        """Read one account anew: a copy less than before."""
        account = self._known[0]
        later = (account.synced_at or READ) + timedelta(hours=6)
        self._known[0] = replace(account, synced_at=later, last_sync=later)
        self._accounts.save(self._known[0])
        shelf = self.collections[account.name][: -later.hour - 1]
        self._snapshots.save(account.id, _collection(shelf))

    def _connect(self, number: int, name: str, shelf: Sequence[Any]) -> None:
        account = Account(
            id=f"{number:016x}",
            name=name,
            discogs_name=name,
            discogs_id=number + 1,
            access=Access.ANONYMOUS,
            privacy=Privacy.PUBLIC,
            connected_at=READ,
            synced_at=READ,
            last_sync=READ,
            records=len(shelf),
        )
        self._known.append(account)
        self._accounts.save(account)
        self._snapshots.save(account.id, _collection(shelf))


def _collection(shelf: Sequence[Any]) -> Collection:
    pagination = {"page": 1, "pages": 1, "per_page": 100, "items": len(shelf), "urls": {}}
    page = parse_page({"pagination": pagination, "releases": list(shelf)}, "the bench", 1)
    copies = sorted(page.copies, key=lambda copy: copy.instance_id)
    return Collection(tuple(copies), {key: page.releases[key] for key in sorted(page.releases)})


def row(what: str, runs: Sequence[Cost]) -> float:
    """Print a line of the table; the median of the seconds."""
    seconds = median(run.seconds for run in runs)
    print(f"{what:44}{seconds:9.2f}{max(run.mib for run in runs):9.0f}", flush=True)
    return seconds


def measure_build(*, quick: bool) -> None:
    """Measure everything and print it; quick is a tenth of the accounts and fewer runs."""
    print(f"{'build':44}{'wall s':>9}{'MiB':>9}")
    many, runs = (100, 1) if quick else (1000, 3)
    _measure_one(1497, runs + 2, with_peers=True)
    _measure_one(20_000, runs, with_peers=False)
    _measure_many(many, 300, runs)


def _measure_one(copies: int, runs: int, *, with_peers: bool) -> None:
    with TemporaryDirectory() as place:
        instance = Instance(Path(place), 1, copies)
        what = f"1 × {copies:,}"
        ours = row(f"{what}, everything rendered", [instance.build("--full") for _ in range(runs)])
        if with_peers:
            _compared(what, ours, instance.collections, runs)


def _measure_many(accounts: int, copies: int, runs: int) -> None:
    with TemporaryDirectory() as place:
        instance = Instance(Path(place), accounts, copies)
        what = f"{accounts:,} × {copies:,}"
        cold = row(f"{what}, everything rendered", [_cold(instance) for _ in range(runs)])
        pairs = [(instance.build(), _changed(instance)) for _ in range(runs + 2)]
        same = row(f"{what}, nothing changed", [pair[0] for pair in pairs])
        changed = row(f"{what}, one account changed", [pair[1] for pair in pairs])
        print(f"    one changed to nothing changed: {changed / same:.2f}")
        _compared(what, cold, instance.collections, runs)


def _cold(instance: Instance) -> Cost:
    rmtree(instance.root / "site", ignore_errors=True)
    return instance.build("--full")


def _changed(instance: Instance) -> Cost:
    instance.change()
    return instance.build()


def _compared(what: str, ours: float, collections: peers.Collections, runs: int) -> None:
    """Print what others need for the same three pages an account, and how ours compares."""
    for name, prepare in (("Hugo", peers.hugo), ("Eleventy", peers.eleventy)):
        with TemporaryDirectory() as place:
            site = Path(place)
            command = prepare(site, collections)
            if command is None:
                continue
            environ = {"PATH": os.environ["PATH"], "HOME": place}
            found = [_fresh(command, site, environ) for _ in range(runs)]
            pages = len(list((site / "public/u").rglob("index.html")))
            if pages != 3 * len(collections):
                print(f"    {name} wrote {pages} pages instead of {3 * len(collections)}")
                continue
            theirs = row(f"{what}, {name}", found)
            print(f"    ours to {name}: {ours / theirs:.2f}")


def _fresh(command: Sequence[str], site: Path, environ: Mapping[str, str]) -> Cost:
    rmtree(site / "public", ignore_errors=True)
    return cost(command, site, environ)
