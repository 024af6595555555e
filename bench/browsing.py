"""Visits to lists in a real Chromium: what they take to load, to answer a key, to answer a facet.

Frames are painted when they are due, not when a display would show them: the wait for the display
is the same for every page, and longer than what is measured.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.packages import HERE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Error, Page

PROBE = HERE / "browser/probe.js"
ARGUMENTS = (
    "--disable-gpu",
    "--disable-frame-rate-limit",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
SAMPLES = 60
"""Facet changes of a visit; the queries make more keystrokes than that."""
LOADING = 120_000
"""Milliseconds that a list may take, and those in which it does what it puts off."""
SETTLING = 1000


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit took. Milliseconds, and bytes of JavaScript's heap."""

    row: float
    """Until the first row was painted."""
    ready: float
    """Until the list answered."""
    keys: Sequence[float]
    facets: Sequence[float]
    nothing: Sequence[float]
    """What measuring takes where nothing is done."""
    presses: Sequence[float]
    """Of real keys, by Event Timing: those of less than 16 ms are 0."""
    frames: int
    """Long animation frames while they were typed."""
    heap: int
    requested: Sequence[str]
    """Paths of scripts, style sheets and data."""


@contextmanager
def running(executable: str) -> "Iterator[Browser]":
    """A browser that reaches nothing but this machine."""
    # Imported late: it may have been installed a moment ago.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            chromium_sandbox=False,  # root, as in most containers, cannot have one
            args=ARGUMENTS,
        )
        try:
            yield browser
        finally:
            browser.close()


def visit(browser: "Browser", address: str, slower: int, queries: Sequence[str]) -> Visit:
    """Load a list with nothing cached, then type the queries, then choose values of facets."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        page.set_default_timeout(LOADING)
        page.on("pageerror", _fail)
        protocol = context.new_cdp_session(page)
        if slower > 1:
            protocol.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.add_init_script(path=PROBE)
        page.goto(address)
        times = page.evaluate("probe.loaded")
        page.wait_for_timeout(SETTLING * slower)
        taken = {
            "nothing": page.evaluate("probe.nothing", SAMPLES // 2),
            "keys": page.evaluate("probe.typed", queries),
            "facets": page.evaluate("probe.chosen", SAMPLES),
        }
        presses, frames = _pressed(page, queries)
        return Visit(
            row=times["row"],
            ready=times["ready"],
            heap=_heap(protocol),
            requested=page.evaluate("probe.requested()"),
            presses=presses,
            frames=frames,
            **taken,
        )
    finally:
        context.close()


def _pressed(page: "Page", queries: Sequence[str]) -> tuple[list[float], int]:
    """What real presses of keys take, and the long animation frames meanwhile."""
    page.evaluate("probe.watch()")
    page.locator("input[type=search]").fill("")
    page.locator("input[type=search]").focus()
    number = 0
    for query in queries:
        for key in [*query, *["Backspace"] * len(query)]:
            page.keyboard.press(key)
            page.evaluate("probe.idle()")
            number += 1
    page.wait_for_timeout(SETTLING)
    found = page.evaluate("probe.watched()")
    return [0.0] * (number - len(found["presses"])) + found["presses"], len(found["frames"])


def _heap(protocol: "CDPSession") -> int:
    """Bytes in use by JavaScript after a collection, with the memory behind its typed arrays."""
    protocol.send("HeapProfiler.collectGarbage")
    usage = protocol.send("Runtime.getHeapUsage")
    return int(usage["usedSize"] + usage.get("backingStorageSize", 0))


def _fail(error: "Error") -> None:
    raise SystemExit(f"a list broke: {error}")
