"""Every page, of collections of any size and any text, at three widths, in both themes."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest

from tests.browser.published import AGES
from tests.browser.quality import UNFOLD, View, visit

EVERY = ("index", "account", "dashboard", "list")
VIEWS = [
    *product(("hostile",), ("index", "account", "list", "filtered"), (360,), ("light",)),
    *product(("hostile",), ("account", "list", "filtered"), (1440,), ("dark",)),
    *product(("hostile",), ("list",), (768,), ("light",)),
    *product(("hostile",), ("dashboard",), (360, 1440), ("light",)),
    *product(("sample",), ("index", "account", "404"), (360,), ("dark",)),
    *product(("sample",), ("index", "account", "404"), (1440,), ("light",)),
    *product(("sample",), ("account", "dashboard", "list"), (768,), ("light",)),
    *product(("sample",), ("dashboard", "list"), (360,), ("light",)),
    *product(("sample",), ("dashboard", "list"), (1440,), ("dark",)),
    *product(("none",), (*EVERY, "404"), (360,), ("light",)),
    *product(("six",), ("account", "dashboard"), (768,), ("dark",)),
    *product(("one",), EVERY, (1440,), ("light",)),
]
"""Not every combination: each page at each width, each theme, and with each collection."""
FRESH = timedelta(minutes=12)
LAYOUT = ("sticking", "cutOff", "overlapping", "fingers")


@dataclass(frozen=True)
class Seen:
    """What one visit found out."""

    problems: list[str]
    violations: list[str]
    shifts: list[str]
    undrawn: list[str]
    layout: dict[str, list[str]]
    barriers: list[str]


@pytest.fixture(scope="module", params=VIEWS, ids=lambda view: "-".join(map(str, view)))
def seen(request, browser, published):
    """A page, visited once."""
    collection, page, width, theme = request.param
    view = View(width, theme, AGES.get(collection, FRESH))
    with visit(browser, view) as shown:
        shown.open(published.address(collection, page))
        undrawn, shifts = shown.look("undrawn"), shown.shifts()
        layout = {check: shown.look(check) for check in LAYOUT}
        shown.tab.evaluate(UNFOLD)
        for check, found in layout.items():
            found += [one for one in shown.look(check) if one not in found]
        problems, violations = list(shown.problems), shown.witness("violations")
        barriers = [] if width == 768 else shown.barriers()
        yield Seen(problems, violations, shifts, undrawn, layout, barriers)


def test_nothing_leaves_the_page_at_its_sides(seen):
    """Also with every table unfolded."""
    assert seen.layout["sticking"] == []


def test_no_text_is_cut_off(seen):
    """A text wraps, or shows by dots that it goes on."""
    assert seen.layout["cutOff"] == []


def test_nothing_lies_on_something_else(seen):
    """Texts, controls and pictures keep apart."""
    assert seen.layout["overlapping"] == []


def test_every_control_fits_a_finger(seen):
    """24 pixels both ways, but for links within a sentence."""
    assert seen.layout["fingers"] == []


def test_nothing_moves_by_itself(seen):
    """Not while the page loads, nor while somebody scrolls to its end."""
    assert seen.shifts == []


def test_every_chart_is_drawn(seen):
    """Once somebody has scrolled past it."""
    assert seen.undrawn == []


def test_the_policy_is_kept(seen):
    """Nothing is asked for that the page's own policy forbids."""
    assert seen.violations == []


def test_nothing_goes_wrong(seen):
    """No error, no warning."""
    assert seen.problems == []


def test_there_is_no_barrier(seen):
    """Axe finds nothing, of WCAG 2.2 A and AA and of best practice."""
    assert seen.barriers == []
