"""The checks of the pages find what they are for, and leave alone what only looks like it."""

from dataclasses import dataclass, field

import pytest

from tests.browser.quality import View, visit


@dataclass(frozen=True)
class Sketch:
    """A small document, and what a check has to say of it."""

    check: str
    html: str
    complaints: list[str] = field(default_factory=list)


SKETCHES = {
    "wider than the window": Sketch(
        "sticking",
        '<div style="inline-size: 150vw">wide</div>',
        ["the page is 540 wide in a window of 360", 'div "wide" from 0 to 540'],
    ),
    "out to the left": Sketch(
        "sticking",
        '<p style="margin-inline-start: -9px">to the left</p>',
        ['p "to the left" from -9 to 360'],
    ),
    "clipped, yet widening the page": Sketch(
        "sticking",
        '<b style="position: absolute; clip-path: inset(50%); inline-size: 400px">hidden</b>',
        ["the page is 400 wide in a window of 360", 'b "hidden" from 0 to 400'],
    ),
    "wide, but it scrolls": Sketch(
        "sticking",
        '<div style="overflow-x: auto"><div style="inline-size: 150vw">scrolls</div></div>',
    ),
    "cut at the side": Sketch(
        "cutOff",
        '<p style="overflow: hidden; inline-size: 40px; white-space: nowrap">cut in two</p>',
        ['p "cut in two" is cut off'],
    ),
    "cut below": Sketch(
        "cutOff",
        '<div style="overflow: clip; block-size: 12px"><p>one</p><p>two</p></div>',
        ['div > p "one" is cut off', 'div > p "two" is cut off'],
    ),
    "out of its block": Sketch(
        "cutOff",
        '<div style="inline-size: 40px"><p>Donaudampfschifffahrt</p></div>',
        ['div > p "Donaudampfschifffahrt" runs out of its block'],
    ),
    "shortened with dots": Sketch(
        "cutOff",
        """
        <p style="overflow: hidden; inline-size: 40px; white-space: nowrap;
          text-overflow: ellipsis">with dots</p>
        <p style="overflow: hidden; inline-size: 40px; display: -webkit-box;
          -webkit-box-orient: vertical; -webkit-line-clamp: 1">with dots too</p>
        """,
    ),
    "wrapped, or scrolling": Sketch(
        "cutOff",
        """
        <p style="overflow-wrap: anywhere; inline-size: 40px">Donaudampfschifffahrt</p>
        <p style="overflow: auto; inline-size: 40px; white-space: nowrap">it scrolls</p>
        """,
    ),
    "a line on a line": Sketch(
        "overlapping",
        '<p>first</p><p style="margin-block-start: -16px">second</p>',
        ['p "first" and p "second"'],
    ),
    "a button on a line": Sketch(
        "overlapping",
        '<button style="position: absolute; inset: 0 auto auto 0">press</button><p>below</p>',
        ['button "press" and p "below"'],
    ),
    "close, within, on a cover, above all": Sketch(
        "overlapping",
        """
        <p>a <b>bold</b> word</p><p style="line-height: 1">close</p>
        <span class="cover" style="position: relative; display: block"><i>art</i>
          <i style="position: absolute; inset: 0">title</i></span>
        <p style="position: fixed; inset: 0 auto auto 0">above all</p>
        """,
    ),
    "too low, too narrow": Sketch(
        "fingers",
        """
        <p><a href="#x" style="display: block; inline-size: 60px; line-height: 20px">x</a></p>
        <button style="inline-size: 20px; block-size: 40px">y</button>
        """,
        ['p > a "x" is 60.0 by 20.0', 'button "y" is 20.0 by 40.0'],
    ),
    "in a sentence, large enough, or stretched": Sketch(
        "fingers",
        """
        <p>See <a href="#x">x</a>.</p>
        <button style="inline-size: 24px; block-size: 24px">y</button>
        <p style="position: relative; block-size: 60px"><a href="#z">z<span
          style="position: absolute; inset: 0"></span></a></p>
        """,
    ),
    "a link that goes on behind the end of a clamped text": Sketch(
        "overreaching",
        """
        <p style="overflow: hidden; inline-size: 40px; display: -webkit-box; line-height: 20px;
          -webkit-box-orient: vertical; -webkit-line-clamp: 2"><a href="#x">a<br>b<br>c</a></p>
        """,
        ['p > a "abc" reaches beyond its visible part'],
    ),
    "a link that is clamped itself, one that scrolls away": Sketch(
        "overreaching",
        """
        <p style="line-height: 20px"><a href="#x" style="overflow: hidden; inline-size: 40px;
          display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2">a<br>b<br>c</a>
        </p><p style="overflow: auto; block-size: 20px"><a href="#y">a<br>b<br>c</a></p>
        """,
    ),
    "useless without scripts": Sketch(
        "dead",
        '<button>a</button><select disabled></select><input type="search" hidden>',
        ['button "a" does nothing', 'select "" is not explained'],
    ),
    "disabled, and a text says why": Sketch(
        "dead", "<button disabled>a</button><p>Pressing needs JavaScript.</p>"
    ),
    "hidden, transparent, folded": Sketch(
        "untold",
        """
        <h1 hidden>Title</h1><dl data-stat="copies"><dd style="opacity: 0">12</dd></dl>
        <figure data-chart="years"><details><table><tr data-copies="3"><td>3</td></tr>
          </table></details></figure>
        """,
        [
            'h1 "Title" is not seen',
            'dl > dd "12" is not seen',
            'table > tbody > tr > td "3" is not seen',
        ],
    ),
    "unfolded, folded for people to unfold, scrolled away, or for scripts only": Sketch(
        "untold",
        """
        <h1>Title</h1><figure data-chart="years"><details open><table><tr data-copies="3">
          <td>3</td></tr></table></details></figure>
        <details><summary>More</summary><p data-instance="4"><a href="#x">x</a></p></details>
        <div style="overflow: auto; block-size: 20px; line-height: 60px">
          <p>first</p><h2>second</h2></div>
        <section data-component="on-this-day" hidden><h2>On this day</h2></section>
        """,
    ),
    "a link that is not shown": Sketch(
        "lostLinks",
        """
        <a href="#x">x</a><a href="#y" hidden>y</a><a class="skip" href="#z" hidden>z</a>
        """,
        ['a "y" is not seen'],
    ),
    "a chart that is not drawn": Sketch(
        "undrawn",
        """
        <figure data-chart="genres"><canvas></canvas>
          <table><tr data-copies="3"></tr></table></figure>
        <figure data-chart="years"><canvas></canvas></figure>
        """,
        ["genres"],
    ),
}
STYLE = "<style>* { margin: 0; font: 16px/1.5 monospace } p { font-family: serif }</style>"


@pytest.fixture(scope="module")
def blank(browser):
    """A tab for small documents."""
    with visit(browser, View(360)) as shown:
        yield shown


@pytest.mark.parametrize("name", SKETCHES)
def test_a_fault_in_the_layout_is_found(blank, name):
    sketch = SKETCHES[name]
    blank.tab.set_content(f"<!doctype html>{STYLE}<body>{sketch.html}")

    assert blank.look(sketch.check) == sketch.complaints


@pytest.fixture
def account(browser, published):
    """The account page of twelve records, as it ought to be."""
    with visit(browser, View(360)) as shown:
        shown.open(published.address("twelve", "account"))
        yield shown


def change(visited, script):
    """Change the page, and let it be painted."""
    visited.tab.evaluate(f"() => {{ {script} }}")
    visited.look("rest")


def test_a_shift_is_witnessed(account):
    before = account.witness("shifts")
    change(account, "document.querySelector('main').style.marginBlockStart = '80px'")

    account.tab.wait_for_function("(more) => witness.shifts.length === more", arg=len(before) + 1)


def test_a_violation_is_witnessed(account):
    change(
        account,
        "const image = new Image(); image.src = '//127.0.0.1:9/x.png';"
        "document.body.append(image); document.body.setAttribute('style', 'color: red')",
    )
    account.tab.wait_for_function("() => witness.violations.length > 1")
    found = sorted(account.witness("violations"))

    assert [violation.split()[0] for violation in found] == ["img-src", "style-src-attr"]
    assert len(account.problems) == 2


def test_an_error_is_a_problem(account):
    change(account, "setTimeout(() => { throw new Error('seeded') }); console.error('said')")

    assert sorted(account.problems) == ["said", "seeded"]


BARRIERS = {
    "color-contrast": "document.querySelector('h1').style.color = 'light-dark(#ccc, #333)'",
    "button-name": "document.querySelector('.theme').replaceChildren()",
    "heading-order": "const it = document.createElement('h5'); it.textContent = 'deep';"
    " document.querySelector('main').append(it)",
    "target-size": "for (const name of 'ab') { const it = document.createElement('button');"
    " it.style.cssText = 'padding: 0; border: 0; inline-size: 9px; block-size: 9px';"
    " it.textContent = name; document.querySelector('main').append(it) }",
    "region": "const it = document.createElement('p'); it.textContent = 'nowhere';"
    " document.body.prepend(it)",
    "html-has-lang": "document.documentElement.removeAttribute('lang')",
}
"""How to break one rule of each set: of WCAG 2, of WCAG 2.2, and of best practice."""


def test_every_kind_of_barrier_is_found(account):
    before = account.barriers()
    for sketch in BARRIERS.values():
        change(account, sketch)
    found = [barrier for barrier in account.barriers() if barrier not in before]

    assert {barrier.split()[0] for barrier in found} >= BARRIERS.keys()
