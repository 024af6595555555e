"""The part `pages`: Lighthouse on the demo's pages, as a phone on a slow network sees them.

The demo keeps running meanwhile, because its stand-in serves the covers.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.compressed import served
from bench.lighthouse import RESOURCES, Lighthouse, Visit
from bench.packages import Missing

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "account page": "u/demo/",
    "dashboard": "u/demo/collection/",
    "list": "u/demo/collection/all/",
}
VISITS = 5
STEADY = ("accessibility", "best-practices", "seo")


def measure_pages(*, quick: bool) -> None:
    """Measure and print; `quick` visits each page once. Without Lighthouse one line says so."""
    try:
        lighthouse = Lighthouse.installed()
    except Missing as missing:
        print(f"pages: left out, {missing}", flush=True)
        return
    with TemporaryDirectory() as workspace, demo(Path(workspace)) as site, served(site) as address:
        print(heading(lighthouse.version), flush=True)
        for name, path in PAGES.items():
            visits = [lighthouse.visit(address + path) for _ in range(1 if quick else VISITS)]
            print(told(name, visits), flush=True)


@contextmanager
def demo(workspace: Path) -> Iterator[Path]:
    """The site of the demo, with its stand-in running."""
    command = [sys.executable, "-m", "generator", "-q", "-C", str(workspace), "demo"]
    environ = {"PATH": os.defpath, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ) as running:
        try:
            if running.stdout is None or not running.stdout.readline():
                raise SystemExit("the demo did not start")
            yield workspace / "site"
        finally:
            running.terminate()


def heading(version: str) -> str:
    """What the columns hold. Sizes are KiB over the wire, covers included."""
    scores = f"{'perf':>6}{'a11y':>6}{'best':>6}{'seo':>6}"
    times = f"{'FCP s':>7}{'LCP s':>7}{'TBT ms':>8}{'CLS':>7}"
    sizes = "".join(f"{kind:>7}" for kind in (*RESOURCES, "total"))
    return f"Lighthouse {version}, mobile\n{'':14}{scores}{times}{sizes}"


def told(name: str, visits: Sequence[Visit]) -> str:
    """A page's line: medians, and the lowest of the scores that have no reason to vary.

    Below it the performance of each visit, and what kept the other scores from 100.
    """
    scores = [median(visit.scores["performance"] for visit in visits)]
    scores += [min(visit.scores[category] for visit in visits) for category in STEADY]
    first, largest, blocked, shift = (
        median(each) for each in zip(*(visit.times for visit in visits), strict=True)
    )
    sizes = [median(visit.sizes[kind] for visit in visits) / 1024 for kind in RESOURCES]
    line = f"{name:14}{''.join(f'{score:6.0f}' for score in scores)}"
    line += f"{first:7.2f}{largest:7.2f}{blocked:8.0f}{shift:7.3f}"
    line += "".join(f"{size:7.1f}" for size in (*sizes, sum(sizes)))
    performance = " ".join(str(visit.scores["performance"]) for visit in visits)
    failed = sorted({audit for visit in visits for audit in visit.failed})
    notes = (f"performance of each visit: {performance}", *failed)
    return "\n    ".join((line, *notes))
