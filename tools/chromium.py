"""Finds a Chromium for the browser tests, or installs one, and prints its path.

In this order: $CHROMIUM, one on PATH or in macOS's usual place, the system's package manager when
run as root, Playwright's own download. Progress goes to stderr.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
MANAGERS: Mapping[str, tuple[Sequence[str], ...]] = {
    "apt-get": (
        ("apt-get", "update", "-q"),
        ("apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"),
    ),
    "dnf": (("dnf", "install", "-q", "-y", "chromium"),),
    "apk": (("apk", "add", "--quiet", "chromium"),),
}

Run = Callable[[Sequence[str]], bool]
"""Runs a command; true if it ended with 0."""


def find(chosen: str | None, *, root: bool, run: Run) -> str | None:
    """The path of the first Chromium that starts; a `chosen` one is never replaced by another."""
    candidates = [chosen] if chosen else _candidates(root=root, run=run)
    return next((path for path in candidates if run([path, "--version"])), None)


def _candidates(*, root: bool, run: Run) -> Iterator[str]:
    """Paths worth trying, cheapest first; the costly ones are made only when asked for."""
    yield from _on_path()
    if root and _install(run):
        yield from _on_path()
    if run([sys.executable, "-m", "playwright", "install", "chromium"]):
        yield _downloaded()


def _on_path() -> Iterator[str]:
    return (path for name in NAMES if (path := shutil.which(name)))


def _install(run: Run) -> bool:
    """Whether one of the package managers that are here installed it."""
    here = (commands for name, commands in MANAGERS.items() if shutil.which(name))
    return any(all(run(command) for command in commands) for commands in here)


def _downloaded() -> str:
    # Imported late: a machine with a Chromium of its own never starts Playwright for this.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def run_loudly(command: Sequence[str]) -> bool:
    """Run `command` with its output on stderr; false if it fails, is missing or takes too long."""
    trial = command[-1] == "--version"
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if trial else sys.stderr.fileno(),
            stderr=subprocess.DEVNULL if trial else None,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            timeout=60 if trial else 1200,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main() -> int:
    """Print the path, or say in one line what to do."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    path = find(os.environ.get("CHROMIUM"), root=root, run=run_loudly)
    if path is None:
        print("no Chromium starts here: install one, or set CHROMIUM to its path", file=sys.stderr)
        return 1
    print(Path(path).absolute())
    return 0


if __name__ == "__main__":
    sys.exit(main())
