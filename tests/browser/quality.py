"""Looking at a page the way a visitor's eyes, fingers and screen reader do, in one load."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from tests.browser.sites import SYNCED_AT
from tests.browser.tabs import lent

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
LOOK = (Path(__file__).parent / "look.js").read_text("utf-8")
_WITNESS = (Path(__file__).parent / "witness.js").read_text("utf-8")
WITNESS = f"({_WITNESS})(null);"
"""Put into a page before its own scripts: notes its layout shifts and violations."""
UNFOLD = "for (const details of document.querySelectorAll('details')) details.open = true"
HEIGHTS = {360: 740, 768: 1024, 1440: 900, 1920: 1080}


@dataclass(frozen=True, slots=True)
class View:
    """A page as somebody comes to it: how wide, which theme, how long after the reading."""

    width: int = 1440
    theme: str = "light"
    age: timedelta = timedelta(minutes=12)
    scripts: bool = True


@dataclass
class Visit:
    """A page in a tab, and what went wrong in it."""

    tab: Any
    problems: list[str]

    def open(self, address):
        """Load the page, wait until it answers, and walk down to its end and back."""
        self.tab.goto(address)
        if self.tab.locator("script[type=module]").count():
            self.tab.wait_for_selector("main[data-ready]")
        self.look("walk")

    def look(self, *checks):
        """The complaints of these functions of look.js."""
        return [found for check in checks for found in self.tab.evaluate(f"{LOOK}.{check}()")]

    def each(self, *checks):
        """The complaints of each of these functions, by its name, which look at the same layout."""
        answers = "Object.fromEntries(checks.map((check) => [check, look[check]()]))"
        return self.tab.evaluate(
            f"(checks) => {{ const look = {LOOK}; return {answers}; }}", checks
        )

    def resize(self, width):
        """Make the window as wide as this, and let the page follow."""
        self.tab.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        self.look("rest")

    def witness(self, what):
        """The `shifts` of the layout, or the `violations` of the policy so far."""
        return self.tab.evaluate("(what) => witness[what]", what)

    def shifts(self):
        """The layout shifts, even the least."""
        return self.witness("shifts")

    def barriers(self):
        """What axe finds. Its script comes through the debugger, which no policy holds up."""
        self.tab.evaluate(AXE)
        return self.look("barriers")


@contextmanager
def visit(browser, view, way=lent):
    """A tab in which nothing is loaded yet."""
    now = SYNCED_AT + view.age
    with way(
        browser,
        size=(view.width, HEIGHTS[view.width]),
        media={"color_scheme": view.theme, "reduced_motion": "reduce"},
        script=f"({_WITNESS})({now.timestamp() * 1000:.0f})",
        java_script_enabled=view.scripts,
    ) as opened:
        yield Visit(opened.page, opened.problems)
