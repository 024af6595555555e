"""The plan of the site: every page and data file, with its path and its data."""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, tzinfo
from hashlib import sha256
from math import ceil
from typing import ClassVar
from urllib.parse import quote

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator.derive.catalog import catalog_columns, catalog_head, compact_json, embedded_json
from generator.derive.charts import Chart, MonthsOfYear, charts, months
from generator.derive.covers import cover_columns
from generator.derive.days import days_document
from generator.derive.duplicates import Duplicates, duplicates
from generator.derive.exports import Document, head, releases_csv, releases_json, stats_document
from generator.derive.facets import LIST_SETTINGS, LIST_SORTS, PAGE_SIZE, Facet, facets
from generator.derive.feed import feed
from generator.derive.hosting import HOST_FILES, HostFile, host_file
from generator.derive.milestones import Milestone, milestones
from generator.derive.rows import Masters, Row, newest_albums, rows
from generator.derive.sitemap import robots_file, sitemap_files
from generator.derive.stats import Stats, stats
from generator.derive.summaries import collecting_summary
from generator.domain.account import tree_path
from generator.domain.collection import NO_OVERRIDES, Overrides, Snapshot

EMBEDDED_COPIES = 5000
"""Up to here a page answers sooner with its columns inside, a phone at 1.6 Mbit/s by a fifth, and
the bytes before the first row stay within 150 KB."""
INDEX_COVERS = 3


class AccountContent(Struct, frozen=True):
    """The data an account's pages are made from."""

    snapshot: Snapshot
    masters: Masters = {}
    dump: date | None = None  # the day of the master data, if there are any
    overrides: Overrides = NO_OVERRIDES
    intro: str = ""  # the owner's sentence about the collection
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
        return tree_path(self.snapshot.account, self.slug)


class SiteView(Struct, frozen=True):
    """The facts about the site that every page can show."""

    title: str = "Gatefold"
    language: str = "en"  # of the owner's own texts; the interface is English
    theme: str = "auto"  # auto, light or dark
    repository: str = ""  # "owner/name" on GitHub, or nothing
    base_url: str = ""  # absolute address of the published site, with a trailing slash, or nothing
    data_files: bool = True  # whether stats.json, releases.json and releases.csv are published
    record_links: tuple[str, ...] = ()  # on the record: "Label = address"
    image_origin: str = "https://i.discogs.com"  # the only origin pictures may come from
    zone: tzinfo = UTC
    host: str = "github"  # which kind of host the extra files are for, as `publish.host` names it


class AccountView(Struct, frozen=True):
    """The account a page belongs to, and the age of its data."""

    name: str
    discogs_name: str | None  # none for an import
    synced_at: datetime
    next_sync: datetime | None = None  # when a refresh is possible; None for at any time
    listed: bool = True  # whether search engines and the rest of the site may know of it

    @property
    def is_import(self) -> bool:
        """Whether the copies come from a CSV export, which no sync refreshes."""
        return self.discogs_name is None

    @property
    def profile_url(self) -> str:
        """The live collection at discogs.com; for an import, Discogs itself."""
        if self.discogs_name is None:
            return "https://www.discogs.com/"
        return f"https://www.discogs.com/user/{quote(self.discogs_name, safe='')}/collection"


class Totals(Struct, frozen=True):
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


class IndexEntry(Struct, frozen=True):
    """One public account on the index."""

    account: AccountView
    href: str
    stats: Totals  # no more than that: the entries of all accounts are in memory at once
    newest: tuple[Row, ...]


class IndexPage(Struct, frozen=True):
    """The public accounts, by name."""

    accounts: tuple[IndexEntry, ...]


class AccountPage(Struct, frozen=True):
    """The newest albums and the totals; a milestone among them is named on its card."""

    feed: ClassVar[str] = "feed.xml"  # where the account's feed is, seen from the page
    account: AccountView
    stats: Stats
    newest: tuple[Row, ...]
    milestones: tuple[Milestone, ...]
    dump: date | None  # the day of the master data, if there are any
    intro: str  # the owner's sentence about the collection

    @property
    def summary(self) -> str:
        """The collection in a sentence."""
        return collecting_summary(self.stats)


class DashboardPage(Struct, frozen=True):
    """The totals, the charts, the milestones and the duplicates."""

    feed: ClassVar[str] = "../feed.xml"  # where the account's feed is, seen from the page
    account: AccountView
    stats: Stats
    charts: tuple[Chart, ...]
    months: tuple[MonthsOfYear, ...]
    milestones: tuple[Milestone, ...]
    duplicates: Duplicates
    dump: date | None  # the day of the master data, if there are any


class ListPage(Struct, frozen=True):
    """Every record: the first page of rows, and the catalog the browser filters."""

    feed: ClassVar[str] = "../../feed.xml"  # where the account's feed is, seen from the page
    settings = LIST_SETTINGS
    sorts = LIST_SORTS
    account: AccountView
    stats: Stats
    rows: tuple[Row, ...]  # the first page, newest first
    facets: tuple[Facet, ...]
    catalog: str  # JSON text that is safe inside a script element
    columns: str = ""  # the file that holds the catalog's columns, or nothing when the page does

    @property
    def pages(self) -> int:
        """How many pages the list has; without any record there is still one."""
        return max(1, ceil(self.stats.copies / PAGE_SIZE))


PageModel = IndexPage | AccountPage | DashboardPage | ListPage | HostFile | None


class Page(Struct, frozen=True):
    """A file to be rendered. The path is relative to the site, with forward slashes."""

    path: str
    template: str
    model: PageModel


class DataFile(Struct, frozen=True):
    """A file whose text is settled without a template, whole or in pieces."""

    path: str
    text: str | Iterable[str]


class AccountTree(Struct, frozen=True):
    """An account's whole tree."""

    entry: IndexEntry
    items: tuple[Page | DataFile, ...]
    instances: frozenset[int]  # the copies in the rows that all of its files are made from


def account_tree(content: AccountContent, site: SiteView) -> AccountTree:
    """The tree of an account, made from this account's data alone."""
    snapshot, top = content.snapshot, content.top
    found = rows(snapshot, content.masters, site.image_origin, site.zone, content.overrides)
    numbers, twice = stats(found), duplicates(found)
    newest, reached = newest_albums(found), milestones(found)
    view = AccountView(
        snapshot.account,
        snapshot.discogs_name,
        snapshot.synced_at,
        content.next_sync,
        content.listed,
    )
    front = AccountPage(view, numbers, newest, reached, content.dump, content.intro)
    dashboard = DashboardPage(
        view, numbers, charts(numbers), months(numbers), reached, twice, content.dump
    )
    everything, files = _list_page(f"{top}collection/all/", view, numbers, found, site)
    items: tuple[Page | DataFile, ...] = (
        Page(f"{top}index.html", "pages/account.html", front),
        Page(f"{top}collection/index.html", "pages/dashboard.html", dashboard),
        Page(f"{top}collection/all/index.html", "pages/list.html", everything),
        *files,
        _json(f"{top}days.json", days_document(snapshot, found)),
        DataFile(f"{top}feed.xml", feed(snapshot, found, site.base_url and site.base_url + top)),
    )
    if site.data_files:
        numbers_json = stats_document(snapshot, numbers, twice, content.dump)
        items += (
            _json(f"{top}collection/stats.json", numbers_json),
            DataFile(f"{top}collection/releases.json", releases_json(head(snapshot), found)),
            DataFile(f"{top}collection/releases.csv", releases_csv(found)),
        )
    entry = IndexEntry(view, top, _totals(numbers), newest[:INDEX_COVERS])
    return AccountTree(entry, items, frozenset(int(row.instance_id) for row in found))


def _list_page(
    folder: str, account: AccountView, numbers: Stats, found: tuple[Row, ...], site: SiteView
) -> tuple[ListPage, tuple[DataFile, ...]]:
    """The list, and the files beside it."""
    dimensions = facets(numbers)
    columns, releases = catalog_columns(found, dimensions)
    origin = site.image_origin
    files = _cover_files(folder, releases, origin)
    names = [posixpath.basename(file.path) for file in files] or ["", ""]
    head = catalog_head(dimensions, origin, *names)
    if site.record_links:
        head["links"] = [_link(each) for each in site.record_links]
    if len(found) <= EMBEDDED_COPIES:
        embedded = embedded_json(head | {"columns": columns})
        return ListPage(account, numbers, found[:PAGE_SIZE], dimensions, embedded), files
    file = _data_file(folder, "catalog", columns)
    name = posixpath.basename(file.path)
    embedded = embedded_json(head | {"columns": name})
    page = ListPage(account, numbers, found[:PAGE_SIZE], dimensions, embedded, name)
    return page, (*files, file)


def _link(text: str) -> list[str]:
    """Label and address of a link on the record."""
    label, _, address = text.partition("=")
    return [label.strip(), address.strip()]


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
    """The pages and files that belong to no account, made from the public accounts alone.

    `digest` is the name of the directory of assets.
    """
    accounts = _without_repeats(sorted(entries, key=lambda entry: entry.account.name))
    yield Page("index.html", "pages/index.html", IndexPage(accounts))
    yield Page("404.html", "pages/404.html", None)
    yield DataFile("robots.txt", robots_file(site.base_url))
    trees = [(entry.href, entry.account.synced_at) for entry in accounts]
    for path, text in sitemap_files(site.base_url, trees):
        yield DataFile(path, text)
    if site.host == "github":
        yield DataFile(".nojekyll", "")
    elif site.host in HOST_FILES:
        path, template = HOST_FILES[site.host]
        yield Page(path, template, host_file(site.base_url, site.image_origin, digest))


def _totals(stats: Stats) -> Totals:
    return Totals(**{name: getattr(stats, name) for name in Totals.__struct_fields__})


def _without_repeats(entries: Sequence[IndexEntry]) -> tuple[IndexEntry, ...]:
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
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"
