"""The part `enrich`: a dump reduced to the table, beside a bare reading of the same dump.

The dump is generated, and looks like a real one: most bytes are videos with titles of their own.
"""

import gzip
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from generator.domain.collection import Collection, Master, MasterId
from generator.store.masters import open_table, written_table
from tests.factories import make_release

ROOT = Path(__file__).resolve().parents[1]
MASTERS = 300_000
ALL_MASTERS = 2_500_000
GENRES = "Electronic|Rock|Jazz|Pop|Folk, World, & Country|Hip Hop|Classical|Reggae|Latin|Blues"
LOOKED_UP = 20_000


def generated(count: int) -> Iterator[str]:
    """A dump of masters in pieces."""
    dice = Random(7)
    genres, styles = GENRES.split("|"), [f"Style {number}" for number in range(700)]
    yield "<masters>\n"
    for number in range(1, count + 1):
        year = dice.choice(["", "<year>0</year>"] + [f"<year>{1950 + number % 75}</year>"] * 60)
        own = "".join(
            f"<style>{name}</style>" for name in dice.sample(styles, dice.choice((0, 1, 1, 2, 3)))
        )
        name = f"Album &amp; {number} &#8211; Été"
        videos = "".join(
            f'<video src="https://www.youtube.com/watch?v={number:011}" duration="321"'
            f' embed="true"><title>{name}, part {part}</title><description>Provided to YouTube\n\n'
            f"{name} &#183; Somebody\n\nReleased on: 1999-05-02&#13;\n</description></video>"
            for part in range(dice.choice((0, 2, 4, 6)))
        )
        yield (
            f'<master id="{number * 2}"><main_release>{number * 3}</main_release><artists><artist>'
            f"<id>{number}</id><name>Somebody</name><anv/><join/><role/><tracks/></artist></artists>"
            f"<genres><genre>{dice.choice(genres).replace('&', '&amp;')}</genre></genres>"
            f"<styles>{own}</styles>{year}<title>{name}</title><data_quality>Correct</data_quality>"
            f"<videos>{videos}</videos></master>\n"
        )
    yield "</masters>\n"


def timed(*arguments: str) -> tuple[float, float, float]:
    """Wall and cpu seconds of a module in a process of its own, and its peak in MiB."""
    ended = subprocess.run(
        [sys.executable, "-m", "bench.timed", sys.executable, "-m", *arguments],
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    wall, cpu, peak = map(float, ended.stdout.splitlines()[-1].split())
    return wall, cpu, peak


def invented(count: int) -> Iterator[Master]:
    """As many masters as Discogs has, as they come out of a dump."""
    dice = Random(8)
    genres, styles = GENRES.split("|"), [f"Style {number}" for number in range(700)]
    for number in range(1, count + 1):
        own = tuple(dice.choices(styles, k=dice.choice((0, 1, 1, 2, 3))))
        year = 1950 + number % 75
        yield Master(MasterId(number * 2), year, (dice.choice(genres),), own)


def measure_enrich(*, quick: bool) -> None:
    """Measure and print; `quick` leaves out the table of all masters."""
    with TemporaryDirectory() as place:
        dump = Path(place, "dump.xml.gz")
        with gzip.open(dump, "wt", 1, encoding="utf-8") as file:
            file.writelines(generated(MASTERS))
        wall, cpu, peak = timed("generator", "-C", place, "enrich", "--from", str(dump))
        print(f"{MASTERS:,} masters, enrich      {wall:6.1f} s {cpu:6.1f} s cpu {peak:6.1f} MiB")
        bare, _, _ = timed("bench.bare_masters", str(dump))
        print(f"{MASTERS:,} masters, bare reader {bare:6.1f} s")
        print(f"    {MASTERS / cpu:,.0f} a second of cpu; {wall / bare:.2f} times the bare reader")
        if quick:
            return
        path = Path(place, "all", "masters.sqlite")
        with written_table(path) as table:
            table.add(invented(ALL_MASTERS))
            table.finish("0" * 64, date(2026, 11, 1))
        ids = Random(9).sample(range(2, 2 * ALL_MASTERS, 2), LOOKED_UP)
        releases = [make_release(number, master_id=number) for number in ids]
        owned = Collection((), {release.id: release for release in releases})
        found = open_table(path)
        started = time.perf_counter()
        number = len(found.of(owned)) if found else 0
        seconds = time.perf_counter() - started
        print(f"table of {ALL_MASTERS:,} masters {path.stat().st_size / 1e6:.1f} MB")
        print(f"{number:,} masters looked up in {seconds:.2f} s", flush=True)
