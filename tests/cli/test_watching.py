"""serve --watch: a change of what pages are made from is seen in a browser that is open."""

import signal
import time

from playwright.sync_api import expect

from tests.browser.tabs import lent
from tests.cli.running import finished, first_line

SOON = 30_000
"""Milliseconds that a build and a reload may take on a busy machine."""


def test_changes_reach_an_open_page(configured, browser):
    configured.run("build")
    site = configured.workspace / "site"
    process = configured.start("serve", "--watch")
    try:
        address = first_line(process)
        with lent(browser) as tab:
            tab.page.goto(address)
            wordmark = tab.page.locator(".wordmark bdi")
            expect(wordmark).to_have_text("Gatefold", timeout=SOON)

            configured.configure('[site]\ntitle = "Kay & co"\n')
            expect(wordmark).to_have_text("Kay & co", timeout=SOON)

            (configured.workspace / "assets" / "css").mkdir(parents=True)
            (configured.workspace / "assets" / "css" / "own.css").write_text("h1 { color: red }")
            expect(tab.page.locator("h1").first).to_have_css(
                "color", "rgb(255, 0, 0)", timeout=SOON
            )

            configured.configure("[site]\ntitel = 1\n")
            configured.configure('[site]\ntitle = "Mended"\n')
            expect(wordmark).to_have_text("Mended", timeout=SOON)
            assert tab.problems == []
    finally:
        process.send_signal(signal.SIGINT)
    ended = finished(process)

    assert ended.code == 0
    assert [page for page in site.rglob("*.html") if ".live" in page.read_text("utf-8")] == []


def test_a_mistake_is_reported_and_the_site_stays(configured):
    configured.run("build")
    before = (configured.workspace / "site" / "index.html").read_bytes()
    log = configured.workspace / "log"
    with log.open("wb") as stream:
        process = configured.start("serve", "--watch", streams={"stderr": stream})
    try:
        first_line(process)
        configured.configure("[site]\ntitel = 1\n")
        told = "error: site.toml: site.titel: is not a setting; did you mean title?\nhint: "
        assert appears(log, told)
    finally:
        process.send_signal(signal.SIGINT)

    assert finished(process).code == 0
    assert (configured.workspace / "site" / "index.html").read_bytes() == before


def appears(path, text):
    """Whether a text is written to a file within half a minute."""
    end = time.monotonic() + 30
    while text not in path.read_text("utf-8") and time.monotonic() < end:
        time.sleep(0.05)
    return text in path.read_text("utf-8")


def test_watching_needs_a_workspace(bare):
    assert bare.run("serve", "--watch").code == 10
