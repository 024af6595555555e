"""Every page, of collections of any size and any text, at four widths, in both themes."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest

from tests.browser.published import AGES
from tests.browser.quality import HEIGHTS, UNFOLD, View, visit
from tests.browser.tabs import fresh, lent

EVERY = ("index", "account", "dashboard", "list")
VISITS = [
    *product(("hostile",), (*EVERY, "filtered", "record", "wall"), (360,), ("light",)),
    *product(("sample",), (*EVERY, "404"), (1440,), ("dark",)),
    *product(("none",), (*EVERY, "404"), (360,), ("light",)),
    *product(("twelve",), (*EVERY, "record"), (768,), ("dark",)),
    ("twelve", "empty wall", 360, "light"),
    *product(("one",), EVERY, (1440,), ("light",)),
]
"""Each page once with each collection, loaded at each width and in each theme with some."""
ONCE_MORE = [
    *product(("hostile",), ("account", "list"), (1440,), ("dark",)),
    *product(("sample",), ("account", "list"), (360,), ("light",)),
]
"""What may move while it is loaded where it is wide, where it is narrow."""
LARGE = ("hostile", "sample")
"""What is visited for the first time; of the small ones only the first page is."""
FRESH = timedelta(minutes=12)
LAYOUT = ("sticking", "cutOff", "overlapping", "fingers", "overreaching")


@dataclass(frozen=True)
class Seen:
    """What one visit found out."""

    problems: list[str]
    violations: list[str]
    shifts: list[str]
    undrawn: list[str]
    layout: dict[str, list[str]]
    barriers: list[str]


@pytest.fixture(
    scope="module", params=[*VISITS, *ONCE_MORE], ids=lambda visit: "-".join(map(str, visit))
)
def seen(request, browser, published):
    """A page, visited once, and then looked at in windows of the other widths."""
    collection, page, width, theme = request.param
    view = View(width, theme, AGES.get(collection, FRESH))
    with visit(browser, view, fresh if collection in LARGE else lent) as shown:
        shown.open(published.address(collection, page))
        undrawn, shifts = shown.look("undrawn"), shown.shifts()
        layout = shown.each(*LAYOUT)
        shown.tab.evaluate(UNFOLD)
        barriers = []
        if request.param in VISITS:
            for other in sorted(HEIGHTS, key=lambda each: each == width):
                shown.resize(other)
                for check, found in shown.each(*LAYOUT).items():
                    layout[check] += [f"{other}: {one}" for one in found]
            shown.look("thin")
            barriers = shown.barriers()
        problems, violations = list(shown.problems), shown.witness("violations")
        yield Seen(problems, violations, shifts, undrawn, layout, barriers)


def test_nothing_leaves_the_page_at_its_sides(seen):
    assert seen.layout["sticking"] == []


def test_no_text_is_cut_off(seen):
    assert seen.layout["cutOff"] == []


def test_nothing_lies_on_something_else(seen):
    assert seen.layout["overlapping"] == []


def test_every_control_fits_a_finger(seen):
    assert seen.layout["fingers"] == []


def test_a_control_ends_where_it_is_cut_off(seen):
    assert seen.layout["overreaching"] == []


def test_nothing_moves_by_itself(seen):
    assert seen.shifts == []


def test_every_chart_is_drawn(seen):
    assert seen.undrawn == []


def test_the_policy_is_kept(seen):
    assert seen.violations == []


def test_nothing_goes_wrong(seen):
    assert seen.problems == []


def test_there_is_no_barrier(seen):
    assert seen.barriers == []
