"""The policy of the headers and that of the pages together, in a real browser."""

import pytest

from generator.derive.hosting import LOST_HASH, security_headers
from generator.derive.pages import AccountContent, SiteView
from tests.hosts.servers import sending
from tests.render.shelf import make_build, make_shelf

LISTENING = """
window.refused = [];
document.addEventListener(
    "securitypolicyviolation",
    event => refused.push(`${event.violatedDirective} ${event.blockedURI}`),
);
"""
FRAMED = """() => {
    const frame = document.createElement("iframe");
    frame.src = "http://127.0.0.1:%d/u/low-tide/";
    const loaded = new Promise(resolve => { frame.onload = resolve; });
    document.body.append(frame);
    return loaded.then(() => true);
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A site on a host that sends headers."""
    site = tmp_path_factory.mktemp("policy") / "site"
    make_build(site, SiteView(host="none")).run([AccountContent(make_shelf(40))], {})
    with sending(site, security_headers("https://i.discogs.com", LOST_HASH)) as url:
        yield url


@pytest.fixture
def page(browser):
    """A page that remembers what its policies refused."""
    page = browser.new_page()
    page.add_init_script(LISTENING)
    yield page
    page.close()


@pytest.mark.parametrize(
    "path", ["", "u/low-tide/", "u/low-tide/collection/all/?genre=Jazz", "404.html"]
)
def test_nothing_of_a_page_is_refused(address, page, path):
    page.goto(address + path, wait_until="networkidle")

    assert page.evaluate("refused") == []


def test_charts_are_drawn(address, page):
    page.goto(f"{address}u/low-tide/collection/")
    page.locator("figure[data-chart]").first.scroll_into_view_if_needed()
    page.locator("figure[data-chart] canvas").first.wait_for(state="visible", timeout=10_000)

    drawn = page.evaluate(
        "[...document.querySelectorAll('figure[data-chart] canvas')]"
        ".filter(canvas => Chart.getChart(canvas)).length"
    )
    assert drawn >= 1
    assert page.evaluate("refused") == []


def test_nobody_may_frame_a_page(address, page, tmp_path):
    (tmp_path / "index.html").write_text("<!doctype html><title>a trap</title><body>")
    messages = []
    page.on("console", lambda message: messages.append(message.text))

    with sending(tmp_path, {}) as trap:
        page.goto(trap)
        page.evaluate(FRAMED % int(address.rstrip("/").rpartition(":")[2]))

    assert [text for text in messages if "frame-ancestors 'none'" in text]
