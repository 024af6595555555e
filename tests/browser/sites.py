"""Sites for the browser tests: built by the real command from raw items, served on loopback."""

import http.server
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from generator.discogs.payloads import parse_page
from generator.domain.collection import Collection, Snapshot, snapshot_json
from tests.browser.tabs import lent
from tests.discogs.wire import make_page

SYNCED_AT = datetime(2026, 11, 22, 14, 18, 42, tzinfo=UTC)
LIST = "u/shelf/collection/all/"


def built_site(directory, items):
    """The site of one public account, `shelf`, that owns the items; returns where it is."""
    page = parse_page(make_page(*items), 1)
    copies = tuple(sorted(page.copies, key=lambda copy: copy.instance_id))
    snapshot = Snapshot("shelf", "Shelf", 4711, SYNCED_AT, Collection(copies, page.releases))
    (directory / "shelf.json").write_bytes(snapshot_json(snapshot))
    command = ["build", "--snapshot", directory / "shelf.json", "--output", directory / "site"]
    subprocess.run(
        [sys.executable, "-m", "generator", *command],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
    )
    return directory / "site"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def guess_type(self, path):
        return "text/javascript" if str(path).endswith(".js") else super().guess_type(path)

    def end_headers(self):
        """A typeface is there at once after the first visit: layouts are looked at with it."""
        if "/assets/" in self.path:
            self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    def log_message(self, *_):
        pass


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A page that is left takes no more of what it asked for."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def served(directory):
    """The address at which the directory is served."""
    handler = partial(_Quiet, directory=str(directory))
    server = _Server(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


COVERS = """() => [...document.querySelectorAll("[data-results] > *")].map((line) => [
  line.querySelector(".row-title").textContent,
  [...line.querySelectorAll(".cover img")].map((image) => image.getAttribute("src")),
])"""
COVERED = f"""() => ({COVERS})().every(([title, covers]) =>
  Number(title.replace("Record ", "")) % 2 === 0 || covers.length > 0)"""
"""Whether every odd record has its cover."""
COVER = {
    "content_type": "image/svg+xml",
    "body": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
}

READ = """() => {
  const main = document.querySelector("main");
  const text = (root, selector) => root.querySelector(selector)?.textContent ?? null;
  return {
    statuses: main.querySelectorAll("[role=status]").length,
    total: Number(main.querySelector("[role=status]").dataset.count),
    place: text(main, '[data-part="place"]'),
    rows: [...main.querySelectorAll("[data-results] [data-instance]")].map((row) => ({
      instance: row.dataset.instance,
      url: row.querySelector(".row-link, .tile-link").getAttribute("href"),
      credit: text(row, ".row-credit"),
      title: text(row, ".row-title"),
      formats: [...row.querySelectorAll(".row-format bdi")].map((each) => each.textContent),
      year: row.querySelector(".row-year")?.firstChild.textContent ?? null,
    })),
    numbers: [...main.querySelectorAll("[data-facet]")].flatMap((facet) =>
      [...facet.querySelectorAll(".facet-value")].filter((value) => !value.hidden).map((value) => [
        facet.dataset.facet,
        text(value, "bdi"),
        Number(text(value, ".facet-count").replaceAll(",", "")),
      ]),
    ),
    chips: [...main.querySelectorAll('[data-part="chips"] button')].map((chip) => chip.textContent),
    search: main.querySelector("input[type=search]").value,
    sort: main.querySelector("select").value,
    paging: !main.querySelector('nav[aria-label="Pagination"]').hidden,
  };
}"""

ASK = """(address) => {
  history.pushState(null, "", location.pathname + address);
  dispatchEvent(new PopStateEvent("popstate"));
}"""

ASK_ALL = f"""(addresses) => addresses.map((address) => {{
  ({ASK})(address);
  return ({READ})();
}})"""

COUNT_ALL = f"""(addresses) => addresses.map((address) => {{
  ({ASK})(address);
  return Number(document.querySelector("main [role=status]").dataset.count);
}})"""


IDLE = "() => new Promise((done) => requestIdleCallback(() => setTimeout(done)))"


@dataclass
class ListPage:
    """The list in a browser tab."""

    tab: Any
    address: str

    def open(self, query=""):
        """Load the page anew, and wait until it answers."""
        self.tab.goto(self.address + query)
        self.tab.wait_for_selector("main[data-ready]")
        return self.read()

    def ask(self, query):
        """Go to a query as the Back button does, without loading the page."""
        self.tab.evaluate(ASK, query)
        return self.read()

    def ask_all(self, queries):
        """What the page shows of each, asked one after the other in one go."""
        return self.tab.evaluate(ASK_ALL, queries)

    def count_all(self, queries):
        """How many records match each, asked one after the other in one go."""
        return self.tab.evaluate(COUNT_ALL, queries)

    def read(self):
        """What the page shows."""
        return self.tab.evaluate(READ)

    @property
    def query(self):
        """The search part of the page's address, as it is when the page is left."""
        return self.tab.evaluate("(dispatchEvent(new Event('pagehide')), location.search)")

    def press(self, name):
        """Press the button of exactly this name."""
        self.tab.get_by_role("button", name=name, exact=True).click()

    def search(self, text):
        """Type into the empty search field, and wait for the numbers, which follow the rows."""
        self.tab.locator("input[type=search]").press_sequentially(text)
        self.tab.evaluate(IDLE)


@contextmanager
def tab(browser, address, way=lent, **wishes):
    """A list page in a tab, not loaded yet. Problems in it fail the test at its end."""
    with way(browser, **wishes) as opened:
        yield ListPage(opened.page, address + LIST)
        assert opened.problems == []


def titles(read):
    """The numbers of the records shown, on the list of `numbered_shelf`."""
    return [int(row["title"].removeprefix("Record ")) for row in read["rows"]]
