"""Tabs that are lent: one that comes back whole is used again, which costs a third of a new one.

A first visit, whatever a test keeps in the browser or asks of it besides, needs one of its own.
"""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

DESK = (1280, 900)
FORGET = "() => location.origin === 'null' || localStorage.clear()"
OUTSIDE = (-9, -9)


@dataclass
class Tab:
    """A page of the browser, what it complains about, and what is undone when it is given back."""

    page: Any
    debugger: Any
    script: Any = None
    problems: list[str] = field(default_factory=list)

    def complain(self, error):
        """Keep an error that nobody caught."""
        self.problems.append(str(error))

    def note(self, message):
        """Keep an error or a warning; that a cover did not come is no complaint."""
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.problems.append(message.text)

    def clear(self):
        """Leave nothing behind: no routes, no history, nothing stored, nothing under a mouse."""
        self.script.close()
        self.page.unroute_all()
        self.page.evaluate(FORGET)
        self.page.goto("about:blank")
        self.page.mouse.move(*OUTSIDE)
        self.debugger.send("Page.resetNavigationHistory")
        self.problems = []


@cache
def _resting(browser, options):
    """The tabs of these options that nobody uses now, each in a window of its own."""
    return []


@contextmanager
def lent(browser, *, size=DESK, media=(), script="", **options):
    """A tab of this size, under these media, that runs the script before those of any page."""
    resting = _resting(browser, tuple(options.items()))
    tab = resting.pop() if resting else _opened(browser.new_context(**options))
    with ExitStack() as broken:
        broken.callback(tab.page.context.close)
        _prepare(tab, size, dict(media), script)
        yield tab
        tab.clear()
        resting.append(tab)
        broken.pop_all()


@contextmanager
def fresh(browser, *, size=DESK, media=(), script="", **options):
    """The same in a context of its own: nothing was loaded or kept before."""
    context = browser.new_context(**options)
    with ExitStack() as done:
        done.callback(context.close)
        tab = _opened(context)
        _prepare(tab, size, dict(media), script)
        yield tab


def _opened(context):
    page = context.new_page()
    tab = Tab(page, context.new_cdp_session(page))
    page.on("pageerror", tab.complain)
    page.on("console", tab.note)
    return tab


def _prepare(tab, size, media, script):
    usual = {"color_scheme": "light", "reduced_motion": "no-preference"}
    width, height = size
    tab.page.set_viewport_size({"width": width, "height": height})
    tab.page.emulate_media(media="null", forced_colors="null", **usual | media)
    tab.script = tab.page.add_init_script(script)
