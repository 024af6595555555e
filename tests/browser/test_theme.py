"""Light, dark or the system's: chosen once, remembered, and right from the first frame."""

from contextlib import contextmanager

import pytest

from generator.derive.pages import SiteView
from tests.browser.published import source
from tests.browser.shelf import numbered_shelf
from tests.browser.sites import served
from tests.browser.tabs import lent
from tests.render.shelf import make_build

PAPER, VINYL = "rgb(251, 250, 248)", "rgb(15, 15, 16)"
FRAMES = """() => {
  const frames = (globalThis.frames_seen = []);
  const sample = () => {
    if (document.body) frames.push(getComputedStyle(document.documentElement).backgroundColor);
    requestAnimationFrame(sample);
  };
  requestAnimationFrame(sample);
}"""
GROUND = "() => getComputedStyle(document.documentElement).backgroundColor"
BARS = """() => [...document.querySelectorAll('meta[name="theme-color"]')]
  .filter((meta) => matchMedia(meta.media).matches).map((meta) => meta.content)"""
BARE = {"#fbfaf8": PAPER, "#0f0f10": VINYL}


@pytest.fixture(scope="module", params=["auto", "light", "dark"])
def configured(request, tmp_path_factory):
    """A site whose owner chose its theme: which, and where it is served."""
    directory = tmp_path_factory.mktemp(request.param) / "site"
    make_build(directory, SiteView(theme=request.param)).run([source(numbered_shelf()[:3])], {})
    with served(directory) as address:
        yield request.param, address


@contextmanager
def opened(browser, address, system, kept=None, **options):
    """The page at an address under a system's theme, with one remembered or none."""
    keep = f"localStorage.setItem('gatefold-theme', '{kept}');" if kept else ""
    media = {"color_scheme": system}
    with lent(browser, media=media, script=f"{keep}({FRAMES})()", **options) as tab:
        tab.page.goto(address)
        assert tab.problems == []
        yield tab.page


def wanted(configured, system, kept):
    """The ground a visitor ought to see: a choice, else the owner's, else the system's."""
    theme = kept or configured
    return VINYL if (system if theme == "auto" else theme) == "dark" else PAPER


@pytest.mark.parametrize(
    ("system", "kept"),
    [("light", None), ("dark", None), ("dark", "auto"), ("light", "dark"), ("dark", "light")],
)
def test_no_frame_has_another_ground(browser, configured, system, kept):
    theme, address = configured
    with opened(browser, address, system, kept) as tab:
        tab.wait_for_selector("main[data-ready]")
        tab.wait_for_function("() => frames_seen.length > 3")
        ground = wanted(theme, system, kept)

        assert set(tab.evaluate("() => frames_seen")) == {ground}
        assert {BARE.get(bar, bar) for bar in tab.evaluate(BARS)} == {ground}


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_owners_theme_needs_no_scripts(browser, configured, system):
    theme, address = configured
    with opened(browser, address, system, java_script_enabled=False) as tab:
        ground = wanted(theme, system, None)

        assert tab.evaluate(GROUND) == ground
        assert [BARE[bar] for bar in tab.evaluate(BARS)] == [ground]


def test_the_remembered_theme_needs_no_module(browser, published):
    with opened(browser, published.address("twelve", "account"), "light", "dark") as tab:
        tab.route("**/account.js", lambda route: route.abort())
        tab.reload()

        assert [tab.evaluate(GROUND), tab.evaluate(BARS)] == [VINYL, ["#0f0f10"]]
        scheme = tab.locator('meta[name="color-scheme"]')
        assert scheme.get_attribute("content") == "dark"


def test_the_switch_says_what_it_is_and_does(browser, published):
    with opened(browser, published.address("twelve", "account"), "dark") as tab:
        tab.wait_for_selector("main[data-ready]")
        button = tab.get_by_role("button", name="Theme")
        steps = []
        for _ in range(3):
            button.press("Enter")
            said = tab.locator(".masthead [aria-live=polite]").text_content()
            steps.append([button.inner_text(), said, tab.evaluate(GROUND)])
        button.press("Space")
        tab.reload()
        tab.wait_for_selector("main[data-ready]")

        assert steps == [
            ["Theme: light", "Theme: light", PAPER],
            ["Theme: dark", "Theme: dark", VINYL],
            ["Theme: auto", "Theme: auto", VINYL],
        ]
        assert [button.inner_text(), tab.evaluate(GROUND)] == ["Theme: light", PAPER]


def test_nonsense_that_was_kept_is_ignored(browser, published):
    with opened(browser, published.address("twelve", "account"), "dark", "purple") as tab:
        assert tab.locator("html").get_attribute("data-theme") == "auto"
        assert tab.evaluate(GROUND) == VINYL
