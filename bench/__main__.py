"""`make bench`: the cost of the program and its pages. Without a named part, all are measured."""

import argparse
from collections.abc import Callable

from bench.building import measure_build
from bench.enriching import measure_enrich
from bench.listing import measure_list
from bench.pages import measure_pages
from bench.syncing import measure_sync

PARTS: dict[str, Callable[..., None]] = {
    "sync": measure_sync,
    "pages": measure_pages,
    "list": measure_list,
    "build": measure_build,
    "enrich": measure_enrich,
}


def main() -> None:
    """Measure the parts asked for and print what they took."""
    parser = argparse.ArgumentParser(prog="make bench", usage='make bench [ARGS="PART… --quick"]')
    names = ", ".join(PARTS)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{names}; all of them by default")
    parser.add_argument("--quick", action="store_true", help="fewer runs, rougher numbers")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {names}")
    for name, measure in PARTS.items():
        if name in asked.parts or not asked.parts:
            measure(quick=asked.quick)


if __name__ == "__main__":
    main()
