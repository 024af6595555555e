"""Five collections as sites: no copy, one, twelve, the sample's 1,497 with covers, hostile ones."""

import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from generator.demo.covers import ORIGIN
from generator.demo.sample import sample_collection
from generator.derive.pages import AccountContent, SiteView
from generator.discogs.payloads import parse_page
from generator.domain.collection import Collection
from tests.browser.shelf import LONG, hostile_shelf, numbered_shelf
from tests.browser.sites import SYNCED_AT, served
from tests.discogs.wire import make_page
from tests.factories import make_snapshot
from tests.render.shelf import make_build
from tests.standin import StandIn

ACCOUNT = "the-longest-name-that-may-be-given-to-it"
FILTERED = urlencode(
    {"genre": "-Jazz", "style": LONG[0], "format": LONG[3], "decade": "1970s", "q": LONG[1]}
)
PAGES = {
    "index": "",
    "account": f"u/{ACCOUNT}/",
    "dashboard": f"u/{ACCOUNT}/collection/",
    "list": f"u/{ACCOUNT}/collection/all/",
    "filtered": f"u/{ACCOUNT}/collection/all/?{FILTERED}",
    "record": f"u/{ACCOUNT}/collection/all/#record=2173236001",
    "wall": f"u/{ACCOUNT}/collection/all/?view=wall",
    "empty wall": f"u/{ACCOUNT}/collection/all/?view=wall&q=nothing&genre=Jazz",
    "404": "404.html",
}
AGES = {"hostile": timedelta(hours=9), "one": timedelta(days=3)}
"""How long ago a collection was read when somebody comes to see it; the others are fresh."""


@dataclass
class Published:
    """The collections' sites, each built and served when it is first asked for."""

    place: Path
    stack: ExitStack
    addresses: dict[str, str] = field(default_factory=dict)

    def address(self, collection, page):
        """Where a page of a collection is."""
        if collection not in self.addresses:
            self.addresses[collection] = self._publish(collection)
        return self.addresses[collection] + PAGES[page]

    def _publish(self, collection):
        items, origin = COLLECTIONS[collection](self.stack)
        output = self.place / collection
        address = self.stack.enter_context(served(output))
        # A site that does not know its address has a 404 page that stands alone.
        base = "" if collection == "none" else address
        site = SiteView(
            title="Schallplattensammlungsgemeinschaft Überlingen",
            repository="owner/records",
            base_url=base,
            image_origin=origin,
        )
        # With twelve copies there is a second account, so that the front page lists both.
        others = [source(numbered_shelf()[12:15], "second")] if collection == "twelve" else []
        make_build(output, site).run([source(items), *others], {})
        return address


def source(items, account=ACCOUNT):
    """A reading of the items, as an account's, that may be repeated after four hours."""
    page = parse_page(make_page(*items), 1)
    copies = tuple(sorted(page.copies, key=lambda copy: copy.instance_id))
    collection = Collection(copies, page.releases)
    snapshot = make_snapshot(collection, account=account, synced_at=SYNCED_AT)
    return AccountContent(snapshot, next_sync=SYNCED_AT + timedelta(hours=4))


DISCOGS = "https://i.discogs.com"


def _sample(stack):
    """The bundled sample, its covers served by a stand-in."""
    sample = sample_collection()
    origin = stack.enter_context(StandIn([sample.person()])).url
    return json.loads(json.dumps(sample.copies).replace(ORIGIN, origin)), origin


COLLECTIONS = {
    "none": lambda _: ([], DISCOGS),
    "one": lambda _: (numbered_shelf()[:1], DISCOGS),
    "twelve": lambda _: (numbered_shelf()[:12], DISCOGS),
    "sample": _sample,
    "hostile": lambda _: (hostile_shelf(), DISCOGS),
}


@contextmanager
def publishing(place):
    """The sites, until the end of the tests that visit them."""
    with ExitStack() as stack:
        yield Published(place, stack)
