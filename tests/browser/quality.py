"""Looking at a page the way a visitor's eyes, fingers and screen reader do, in one load."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from tests.browser.sites import SYNCED_AT, note_problems

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
LOOK = (Path(__file__).parent / "look.js").read_text("utf-8")
WITNESS = (Path(__file__).parent / "witness.js").read_text("utf-8")
UNFOLD = "for (const details of document.querySelectorAll('details')) details.open = true"
IMPERCEPTIBLE = 0.001
HEIGHTS = {360: 740, 768: 1024, 1440: 900}


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
    problems: list[str] = field(default_factory=list)

    def open(self, address):
        """Load the page, wait until it answers, and walk down to its end and back."""
        self.tab.goto(address)
        if self.tab.locator('script[src$="js/main.js"]').count():
            self.tab.wait_for_selector("main[data-ready]")
        self.look("walk")

    def look(self, *checks):
        """The complaints of these functions of look.js."""
        return [found for check in checks for found in self.tab.evaluate(f"{LOOK}.{check}()")]

    def witness(self, what):
        """The `shifts` of the layout, even the least, or the `violations` of the policy so far."""
        return self.tab.evaluate("(what) => witness[what]", what)

    def shifts(self):
        """The layout shifts, unless all together are imperceptible.

        The typeface's stand-in has its widths to a fraction of a pixel, not to the last one.
        """
        found = self.witness("shifts")
        return found if sum(float(shift.split()[0]) for shift in found) > IMPERCEPTIBLE else []

    def barriers(self):
        """What axe finds. Its script comes through the debugger, which no policy holds up."""
        self.tab.evaluate(AXE)
        return self.look("barriers")


@contextmanager
def visit(browser, view):
    """A tab of its own, nothing loaded or cached yet."""
    context = browser.new_context(
        viewport={"width": view.width, "height": HEIGHTS[view.width]},
        color_scheme=view.theme,
        reduced_motion="reduce",
        java_script_enabled=view.scripts,
    )
    now = SYNCED_AT + view.age
    context.add_init_script(f"({WITNESS})({now.timestamp() * 1000:.0f})")
    shown = Visit(context.new_page())
    note_problems(shown.tab, shown.problems)
    try:
        yield shown
    finally:
        context.close()
