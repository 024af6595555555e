"""Serving a site until Ctrl-C, and with `--watch` building it again whenever its sources change."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from generator.config import OVERRIDES_FILE, SETTINGS_FILE, Workspace
from generator.render.server import SiteServer

if TYPE_CHECKING:
    from generator.cli.output import Output

Sources = dict[Path, int | None]
"""Paths with the time of their last change in ns; None for a directory."""

_DIRECTORIES = ("templates", "assets", "data/accounts")
_SETTINGS = (SETTINGS_FILE, OVERRIDES_FILE, ".env")
_UNSEEN = ("account", "status", "token")  # what a sync writes besides the snapshot
_LOOK_AGAIN_MS = 1000  # how soon a change is noticed that came without a notice


def serve_site(
    site: Path, port: int, output: "Output", *, browse: bool = False, watch: Workspace | None = None
) -> None:
    """Serve a site until interrupted; the address is the first line on stdout.

    With `watch`, build that workspace after every change and reload the pages that are open.
    Raises UsageError where there is no site, and GeneratorError for a port that is taken.
    """
    known = sources(watch.root) if watch else {}
    with SiteServer(site, port, live=watch is not None) as server, suppress(KeyboardInterrupt):
        output.result(server.url)
        output.info("press Ctrl-C to stop")
        if browse:
            import webbrowser

            webbrowser.open(server.url)
        if watch:
            output.info(f"watching {watch.root} for changes")
            Thread(target=_build_on_change, args=(watch.root, known, server), daemon=True).start()
        server.serve_forever()


def _build_on_change(root: Path, known: Sources, server: SiteServer) -> None:
    """Build in a process of its own, which reads settings and templates anew."""
    for _ in _changes(root, known):
        done = subprocess.run(  # noqa: S603 - this program itself
            [sys.executable, "-m", "generator", "-C", str(root), "build"],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            check=False,
        )
        if done.returncode == 0:
            server.reload()


def _changes(root: Path, known: Sources) -> Iterator[None]:
    """Yields whenever the sources are no longer as they were; several changes at once are one."""
    from watchfiles import watch

    while True:
        directories = [path for path, when in known.items() if when is None and path.is_dir()]
        for _ in watch(
            *directories,
            watch_filter=None,
            rust_timeout=_LOOK_AGAIN_MS,
            yield_on_timeout=True,
            recursive=False,
        ):
            if (now := sources(root)) != known:
                known = now
                yield
                break


def sources(root: Path) -> Sources:
    """The files of a workspace that pages are made from, and their directories."""
    found = [root / name for name in _SETTINGS]
    for name in _DIRECTORIES:
        found += [root / name, *(root / name).rglob("*")]
    known: Sources = {root: None}
    for path in found:
        if path.name not in _UNSEEN:
            with suppress(FileNotFoundError):
                known[path] = None if path.is_dir() else path.stat().st_mtime_ns
    return known
