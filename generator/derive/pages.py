"""The plan of the site: every page and data file, its path and what it shows."""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from math import ceil
from typing import ClassVar
from urllib.parse import quote

from generator.derive.catalog import catalog_columns, catalog_head, compact_json, embedded_json
from generator.derive.charts import Chart, charts
from generator.derive.covers import cover_columns
from generator.derive.days import days_document
from generator.derive.duplicates import Duplicates, duplicates
from generator.derive.exports import Document, releases_csv, releases_document, stats_document
from generator.derive.facets import LIST_SETTINGS, LIST_SORTS, PAGE_SIZE, Facet, facets
from generator.derive.feed import feed
from generator.derive.hosting import host_files
from generator.derive.milestones import Milestone, milestones
from generator.derive.rows import Masters, Row, newest_albums, rows
from generator.derive.sitemap import robots_file, sitemap_files
from generator.derive.stats import Stats, stats
from generator.derive.summaries import collecting_summary
from generator.domain.account import tree
from generator.domain.documents import indented_json
from generator.domain.snapshot import Snapshot

EMBEDDED_COPIES = 5000
"""Up to here a page answers sooner with its columns inside, a phone at 1.6 Mbit/s by a fifth, and
what comes before the first row stays within 150 KB."""
INDEX_COVERS = 3


@dataclass(frozen=True, slots=True)
class Source:
    """What an account's pages are made from."""

    snapshot: Snapshot
    masters: Masters = field(default_factory=dict)
    next_sync: datetime | None = None
    """When the account may be synced again, counted from its last sync; None for at any time."""
    slug: str | None = None
    """The secret part of the link of an unlisted account, None for a public one."""

    @property
    def listed(self) -> bool:
        """Whether the rest of the site may know of it."""
        return not self.slug

    @property
    def top(self) -> str:
        """Where its tree is, with a trailing slash: u/NAME/ or x/SLUG/."""
        return tree(self.snapshot.account, self.slug)


@dataclass(frozen=True, slots=True)
class SiteView:
    """What every page knows of the site it is part of."""

    title: str = "Gatefold"
    language: str = "en"
    """Of the owner's own texts; the interface is English."""
    theme: str = "auto"
    """auto, light or dark."""
    repository: str = ""
    """"owner/name" on GitHub, or nothing."""
    base_url: str = ""
    """Absolute address of the published site, with a trailing slash, or nothing."""
    image_origin: str = "https://i.discogs.com"
    """The only origin pictures may come from."""
    zone: tzinfo = UTC
    host: str = "github"
    """Which kind of host the extra files are for, as `publish.host` names it."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """Whose collection a page shows, and how old what it shows is."""

    name: str
    discogs_name: str
    synced_at: datetime
    next_sync: datetime | None = None
    """When a refresh is possible; None for at any time."""
    listed: bool = True
    """Whether search engines and the rest of the site may know of it."""

    @property
    def profile_url(self) -> str:
        """The live collection at discogs.com."""
        return f"https://www.discogs.com/user/{quote(self.discogs_name, safe='')}/collection"


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of a collection as a whole, named as in Stats."""

    copies: int
    releases: int
    albums: int
    artists: int
    genres: int
    styles: int
    formats: int
    first_year: int | None
    last_year: int | None


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One public account on the index."""

    account: AccountView
    href: str
    stats: Totals
    """No more than that: the entries of all accounts are in memory at once."""
    newest: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The public accounts, by name."""

    accounts: tuple[IndexEntry, ...]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """The newest albums and the totals; a milestone among them is told on its card."""

    feed: ClassVar[str] = "feed.xml"
    """Where the account's feed is, seen from the page."""
    account: AccountView
    stats: Stats
    newest: tuple[Row, ...]
    milestones: tuple[Milestone, ...]

    @property
    def summary(self) -> str:
        """The collection in a sentence."""
        return collecting_summary(self.stats)


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """The totals, the charts, the milestones, and what there is more than once."""

    feed: ClassVar[str] = "../feed.xml"
    """Where the account's feed is, seen from the page."""
    account: AccountView
    stats: Stats
    charts: tuple[Chart, ...]
    milestones: tuple[Milestone, ...]
    duplicates: Duplicates


@dataclass(frozen=True, slots=True)
class ListPage:
    """Every record: the first page of rows, and the catalog the browser filters."""

    feed: ClassVar[str] = "../../feed.xml"
    """Where the account's feed is, seen from the page."""
    settings = LIST_SETTINGS
    sorts = LIST_SORTS
    account: AccountView
    stats: Stats
    rows: tuple[Row, ...]
    """The first page, newest first."""
    facets: tuple[Facet, ...]
    catalog: str
    """JSON text that is safe inside a script element."""
    columns: str = ""
    """The file that holds the catalog's columns, or nothing when the page does."""

    @property
    def pages(self) -> int:
        """How many pages the list has; without any record there is still one."""
        return max(1, ceil(self.stats.copies / PAGE_SIZE))


PageModel = IndexPage | AccountPage | DashboardPage | ListPage | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be rendered. The path is relative to the site, with forward slashes."""

    path: str
    template: str
    model: PageModel
    instances: frozenset[int] = frozenset()
    """The copies the page may show: those of its own account."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file whose content is settled without a template."""

    path: str
    text: str


def account_pages(source: Source, site: SiteView) -> tuple[IndexEntry, tuple[Page | DataFile, ...]]:
    """An account's whole tree, and what the index would say of it."""
    snapshot = source.snapshot
    found = rows(snapshot, source.masters, site.image_origin, site.zone)
    numbers, twice = stats(found), duplicates(found)
    view = AccountView(
        snapshot.account,
        snapshot.discogs_name,
        snapshot.synced_at,
        source.next_sync,
        source.listed,
    )
    newest = newest_albums(found)
    top = source.top
    reached = milestones(found)
    front = AccountPage(view, numbers, newest, reached)
    dashboard = DashboardPage(view, numbers, charts(numbers), reached, twice)
    everything, files = _list_page(f"{top}collection/all/", view, numbers, found, site.image_origin)
    shown = frozenset(int(row.instance_id) for row in found)
    pages: tuple[Page | DataFile, ...] = (
        Page(f"{top}index.html", "pages/account.html", front, shown),
        Page(f"{top}collection/index.html", "pages/dashboard.html", dashboard, shown),
        Page(f"{top}collection/all/index.html", "pages/list.html", everything, shown),
        *files,
        _json(f"{top}days.json", days_document(snapshot, found)),
        _json(f"{top}collection/stats.json", stats_document(snapshot, numbers, twice)),
        _json(f"{top}collection/releases.json", releases_document(snapshot, found)),
        DataFile(f"{top}collection/releases.csv", releases_csv(found)),
        DataFile(f"{top}feed.xml", feed(snapshot, found, site.base_url and site.base_url + top)),
    )
    return IndexEntry(view, top, _totals(numbers), newest[:INDEX_COVERS]), pages


def _list_page(
    folder: str, account: AccountView, numbers: Stats, found: tuple[Row, ...], origin: str
) -> tuple[ListPage, tuple[DataFile, ...]]:
    """The list, and the files beside it."""
    dimensions = facets(numbers)
    columns, releases = catalog_columns(found, dimensions)
    files = _cover_files(folder, releases, origin)
    names = [posixpath.basename(file.path) for file in files] or ["", ""]
    head = catalog_head(dimensions, origin, *names)
    if len(found) <= EMBEDDED_COPIES:
        embedded = embedded_json(head | {"columns": columns})
        return ListPage(account, numbers, found[:PAGE_SIZE], dimensions, embedded), files
    file = _data_file(folder, "catalog", columns)
    name = posixpath.basename(file.path)
    embedded = embedded_json(head | {"columns": name})
    page = ListPage(account, numbers, found[:PAGE_SIZE], dimensions, embedded, name)
    return page, (*files, file)


def _cover_files(folder: str, releases: list[Row], origin: str) -> tuple[DataFile, ...]:
    """The files of small and of large covers; none where no release has a cover."""
    if not any(row.thumb or row.cover for row in releases):
        return ()
    small, large = cover_columns(releases, origin)
    return _data_file(folder, "thumbs", small), _data_file(folder, "covers", large)


def _data_file(folder: str, kind: str, columns: dict[str, object]) -> DataFile:
    """A file whose name changes when its content does."""
    text = compact_json(columns)
    return DataFile(f"{folder}{kind}-{sha256(text.encode()).hexdigest()[:16]}.json", text)


def site_pages(
    entries: Iterable[IndexEntry], site: SiteView, digest: str
) -> Iterator[Page | DataFile]:
    """The pages and files that belong to no account; they tell of the listed ones alone.

    `digest` names the directory of the assets.
    """
    listed = (entry for entry in entries if entry.account.listed)
    accounts = _without_repeats(sorted(listed, key=lambda entry: entry.account.name))
    covers = frozenset(int(row.instance_id) for entry in accounts for row in entry.newest)
    yield Page("index.html", "pages/index.html", IndexPage(accounts), covers)
    yield Page("404.html", "pages/404.html", None)
    yield DataFile("robots.txt", robots_file(site.base_url))
    trees = [(entry.href, entry.account.synced_at) for entry in accounts]
    told = sitemap_files(site.base_url, trees)
    served = host_files(site.host, site.base_url, site.image_origin, digest)
    for path, text in (*told, *served):
        yield DataFile(path, text)


def _totals(stats: Stats) -> Totals:
    return Totals(**{name: getattr(stats, name) for name in Totals.__slots__})


def _without_repeats(entries: Iterable[IndexEntry]) -> tuple[IndexEntry, ...]:
    """The entries with each copy shown once: one collection may be connected under two names."""
    shown: set[int] = set()
    kept = []
    for entry in entries:
        newest = tuple(row for row in entry.newest if row.instance_id not in shown)
        shown.update(row.instance_id for row in newest)
        kept.append(replace(entry, newest=newest))
    return tuple(kept)


def _json(path: str, document: Document) -> DataFile:
    return DataFile(path, json_text(document))


def json_text(document: object) -> str:
    """A published JSON document: readable, and the same bytes for the same content."""
    return indented_json(document) + "\n"
