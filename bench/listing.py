"""The part `list`: the list in a real Chromium beside a naive one and one of List.js.

All show the same records, one after the other, on this machine and on one slowed down four times.
"""

import gzip
import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.browsing import Visit, running, visit
from bench.compressed import LEVEL, served
from bench.invented import collection_of, invented_items
from bench.packages import Missing, found_browser, installed
from bench.rivals import realistic_queries, write_rivals
from generator.domain.collection import Snapshot, snapshot_json

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
OURS = "Gatefold"
ACCOUNT = "shelf"
SYNCED_AT = datetime(2026, 11, 22, 14, 18, 42, tzinfo=UTC)
LIST = f"u/{ACCOUNT}/collection/all/"
SIZES = (1497, 20_000, 100_000)
COMPARED = 20_000
"""Larger collections take the others too long."""
VISITS = 3
SPEEDS = {1: "desktop", 4: "4× slower"}
KINDS = ("html", "css", "js", "json")

Packing = Callable[[bytes], bytes]


def measure_list(*, quick: bool) -> None:
    """Measure and print; `quick` visits the smallest collection once."""
    try:
        browser, library = found_browser(), installed("list.js")
    except Missing as missing:
        print(f"list: left out, {missing}", flush=True)
        return
    with running(browser) as chromium:
        version = f"Chromium {chromium.version}"
        print(f"{version}, served from this machine; milliseconds, kB of 1,000 bytes", flush=True)
        for copies in SIZES[:1] if quick else SIZES:
            with TemporaryDirectory() as workspace:
                measured(chromium, Path(workspace), library, copies, 1 if quick else VISITS)


def measured(browser: "Browser", workspace: Path, library: Path, copies: int, visits: int) -> None:
    """Measure and print the lists of one collection."""
    site = built(workspace, copies)
    collection = site / LIST / ".."
    paths = {OURS: LIST}
    if copies <= COMPARED:
        paths |= write_rivals(site, collection, library)
    queries = realistic_queries(collection)
    print(heading(copies), flush=True)
    requested: dict[str, Sequence[str]] = {}
    with served(site) as address:
        for slower, speed in SPEEDS.items():
            idle: list[float] = []
            for name, path in paths.items():
                found = [visit(browser, address + path, slower, queries) for _ in range(visits)]
                print(told(f"{name}, {speed}", found), flush=True)
                idle += chain.from_iterable(each.nothing for each in found)
                requested[name] = found[0].requested
            print(floor(speed, idle), flush=True)
    print(weights_heading(), flush=True)
    for name, path in paths.items():
        print(weighed(name, sent(site, path, requested[name])), flush=True)


def built(workspace: Path, copies: int) -> Path:
    """The site of an invented collection, built as anybody builds one."""
    snapshot = workspace / "snapshot.json"
    found = collection_of(invented_items(copies))
    snapshot.write_bytes(snapshot_json(Snapshot(ACCOUNT, ACCOUNT, 4711, SYNCED_AT, found)))
    command = ["build", "--snapshot", str(snapshot), "--output", str(workspace / "site")]
    subprocess.run(
        [sys.executable, "-m", "generator", "-q", "-C", str(workspace), *command],
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return workspace / "site"


def heading(copies: int) -> str:
    """What the columns hold: keys and facets are timed until the rows are painted.

    Presses are those of real keys, as Event Timing measures them in steps of 8 ms; frames are the
    long ones of a visit meanwhile.
    """
    columns = f"{'row':>8}{'ready':>8}{'key p50':>10}{'p95':>8}{'facet p50':>11}{'p95':>8}"
    return f"\n{f'{copies:,} copies':24}{columns}{'press p98':>11}{'frames':>8}{'heap MB':>10}"


def told(name: str, visits: Sequence[Visit]) -> str:
    """A list's line: medians of its visits, and percentiles over all of their samples."""
    keys = sorted(chain.from_iterable(each.keys for each in visits))
    facets = sorted(chain.from_iterable(each.facets for each in visits))
    presses = sorted(chain.from_iterable(each.presses for each in visits))
    row, ready, frames, heap = (
        median(values)
        for values in zip(*((v.row, v.ready, v.frames, v.heap) for v in visits), strict=True)
    )
    keyed = f"{percentile(keys, 50):10.1f}{percentile(keys, 95):8.1f}"
    chosen = f"{percentile(facets, 50):11.1f}{percentile(facets, 95):8.1f}"
    pressed = f"{percentile(presses, 98):11.0f}{frames:8.0f}"
    return f"{name:24}{row:8.0f}{ready:8.0f}{keyed}{chosen}{pressed}{heap / 1e6:10.1f}"


def floor(speed: str, taken: Sequence[float]) -> str:
    """The line of what measuring takes: an event that changes nothing, painted."""
    ordered = sorted(taken)
    spread = f"{percentile(ordered, 50):10.1f}{percentile(ordered, 95):8.1f}"
    return f"{f'nothing, {speed}':24}{'':16}{spread}"


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The nearest of the values: the least one that so many per cent do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def sent(site: Path, path: str, requested: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
    """The files that a list needs before its covers, by kind."""
    files = [f"/{path}index.html", *requested]
    return {
        kind: [(site / file[1:]).read_bytes() for file in files if file.endswith(f".{kind}")]
        for kind in KINDS
    }


def weights_heading() -> str:
    """What is sent before the covers, fonts aside; the records are in html, json or both."""
    return f"{'kB before covers':24}{''.join(f'{kind:>8}' for kind in KINDS)}{'all':>8}"


def weighed(name: str, files: Mapping[str, Sequence[bytes]]) -> str:
    """A line for each way to compress the files, every file by itself."""
    lines = []
    for packing, packed in packings().items():
        if packed is None:
            lines.append(f"{f'{name}, {packing}':24}  left out: no such module here")
            continue
        sizes = [sum(len(packed(file)) for file in files[kind]) / 1000 for kind in KINDS]
        columns = "".join(f"{size:8.1f}" for size in (*sizes, sum(sizes)))
        lines.append(f"{f'{name}, {packing}':24}{columns}")
    return "\n".join(lines)


def packings() -> Mapping[str, Packing | None]:
    """The ways hosts compress; brotli only where Python has a module for it."""
    try:
        brotli: Packing | None = importlib.import_module("brotli").compress
    except ImportError:
        brotli = None
    return {"gzip": lambda body: gzip.compress(body, LEVEL, mtime=0), "brotli": brotli}
