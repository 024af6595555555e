"""The plan of the site: every page and data file, with its path and its data."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from hashlib import sha256
from itertools import islice
from math import ceil
from typing import ClassVar, NamedTuple
from urllib.parse import quote

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator.derive.additions import Milestone, days_document, milestones
from generator.derive.catalog import catalog_columns, catalog_head, compact_json, embedded_json
from generator.derive.charts import (
    Chart,
    DecadeOfYears,
    MonthsOfYear,
    Point,
    charts,
    decades_of_years,
    genre_band,
    months,
)
from generator.derive.covers import cover_columns
from generator.derive.duplicates import Album, Duplicates, duplicates
from generator.derive.exports import Document, head, releases_csv, releases_json, stats_document
from generator.derive.facets import LIST_SETTINGS, LIST_SORTS, PAGE_SIZE, Facet, facets
from generator.derive.feeds import feed, robots_file, sitemap_files
from generator.derive.formatting import plural
from generator.derive.hosting import HOST_FILES, HostFile, host_file
from generator.derive.rows import Masters, Row, newest_albums, rows
from generator.derive.stats import Stats, stats
from generator.derive.summaries import Piece, headline
from generator.domain.account import tree_path
from generator.domain.collection import NO_OVERRIDES, Overrides, Snapshot

EMBEDDED_COPIES = 5000
"""Up to here a page answers sooner with its columns inside, a phone at 1.6 Mbit/s by a fifth, and
the bytes before the first row stay within 150 KB."""
FEW = 30  # from so many copies on, charts of years and artists say something
SLEEVES = 5  # of albums owned more than once
CARD = "card.png"
STRIP = 72  # sleeves on an account's home: three rows of a wide screen


class AccountContent(Struct, frozen=True):
    """The data an account's pages are made from."""

    snapshot: Snapshot
    masters: Masters = {}
    dump: date | None = None  # the day of the master data, if there are any
    overrides: Overrides = NO_OVERRIDES
    intro: str = ""  # the owner's sentence about the collection
    read: int | None = None  # copies that were read, if not all are shown
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
    several: bool = False  # whether there are several public accounts
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
    newest: tuple[Row, ...]  # one at most


class IndexPage(Struct, frozen=True):
    """The public accounts, by name."""

    accounts: tuple[IndexEntry, ...]


class AccountPage(Struct, frozen=True):
    """The newest albums, then the sleeves added before them, and the totals."""

    account: AccountView
    stats: Stats
    newest: tuple[Row, ...]
    strip: tuple[Row, ...]  # copies added before those, newest first
    genres: tuple[Point, ...]
    year: int  # of the last sync, in the site's time zone
    added: int  # copies added in that year
    intro: str = ""  # the owner's sentence about the collection
    at: str = ""  # where the account's tree is, seen from the page

    @property
    def up(self) -> str:
        """The link to the account's tree."""
        return self.at or "./"

    @property
    def feed(self) -> str:
        """Where the account's feed is, seen from the page."""
        return f"{self.at}feed.xml"


class Double(NamedTuple):
    """An album owned more than once, with one of its copies."""

    album: Album
    row: Row


class DashboardPage(Struct, frozen=True):
    """The charts, the milestones, the duplicates and the totals."""

    up: ClassVar[str] = "../"  # the link to the account's tree
    feed: ClassVar[str] = "../feed.xml"  # where the account's feed is, seen from the page
    account: AccountView
    stats: Stats
    headline: tuple[Piece, ...]
    genres: tuple[Point, ...]
    charts: Mapping[str, Chart]
    months: tuple[MonthsOfYear, ...]
    decades: tuple[DecadeOfYears, ...]
    artist_sleeves: tuple[Row, ...]  # the newest copy of each top artist
    shelf: tuple[Row, ...]  # every copy of a small collection
    milestones: tuple[Milestone, ...]
    duplicates: Duplicates
    doubles: tuple[Double, ...]
    read: int  # copies that the last sync read
    dump: date | None  # the day of the master data, if there are any


class ListPage(Struct, frozen=True):
    """Every record: the first page of rows, and the catalog the browser filters."""

    up: ClassVar[str] = "../../"  # the link to the account's tree
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


class Card(Struct, frozen=True):
    """The picture that shows beside a link to an account."""

    path: str
    name: str
    records: str  # "1,497 records"
    line: str  # "by 397 artists, 1963–2025"
    genres: tuple[tuple[str, int], ...]  # the colour and the share of each part of the band


class AccountTree(Struct, frozen=True):
    """An account's whole tree."""

    entry: IndexEntry
    items: tuple[Page | DataFile | Card, ...]
    home: AccountPage
    instances: frozenset[int]  # the copies in the rows that all of its files are made from


def account_tree(content: AccountContent, site: SiteView) -> AccountTree:
    """The tree of an account, made from this account's data alone."""
    snapshot, top = content.snapshot, content.top
    found = rows(snapshot, content.masters, site.image_origin, site.zone, content.overrides)
    numbers, twice = stats(found), duplicates(found)
    view = AccountView(
        snapshot.account,
        snapshot.discogs_name,
        snapshot.synced_at,
        content.next_sync,
        content.listed,
    )
    front = _home(view, numbers, found, content.intro, site.zone)
    dashboard = _dashboard(view, numbers, found, twice, content)
    everything, files = _list_page(f"{top}collection/all/", view, numbers, found, site)
    items: tuple[Page | DataFile | Card, ...] = (
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
    if site.base_url and content.listed:
        items += (_card(f"{top}{CARD}", front),)
    entry = IndexEntry(view, top, _totals(numbers), front.newest[:1])
    return AccountTree(entry, items, front, frozenset(int(row.instance_id) for row in found))


def _home(
    view: AccountView,
    numbers: Stats,
    found: tuple[Row, ...],
    intro: str,
    zone: tzinfo,
) -> AccountPage:
    year, newest = view.synced_at.astimezone(zone).year, newest_albums(found)
    shown = {row.instance_id for row in newest}
    strip = islice((row for row in found if row.instance_id not in shown), STRIP)
    added = sum(row.added_on.year == year for row in found)
    return AccountPage(view, numbers, newest, tuple(strip), genre_band(numbers), year, added, intro)


def _card(path: str, home: AccountPage) -> Card:
    numbers = home.stats
    years = "" if numbers.first_year is None else f", {numbers.first_year}–{numbers.last_year}"
    if numbers.first_year == numbers.last_year:
        years = years.partition("–")[0]
    line = f"by {plural(numbers.artists, 'artist')}{years}" if numbers.copies else ""
    band = tuple((part.tone, part.copies) for part in home.genres)
    return Card(path, home.account.name, plural(numbers.copies, "record"), line, band)


def _dashboard(
    view: AccountView,
    numbers: Stats,
    found: tuple[Row, ...],
    twice: Duplicates,
    content: AccountContent,
) -> DashboardPage:
    small = len(found) < FEW
    reached = () if small else milestones(found)
    shown = {int(one.row.instance_id) for one in reached}
    return DashboardPage(
        view,
        numbers,
        headline(numbers),
        genre_band(numbers),
        charts(numbers),
        months(numbers),
        decades_of_years(numbers),
        _artist_sleeves(numbers, found),
        found if small else (),
        reached,
        twice,
        () if small else tuple(_doubles(twice, shown)),
        len(found) if content.read is None else content.read,
        content.dump,
    )


def _artist_sleeves(numbers: Stats, found: tuple[Row, ...]) -> tuple[Row, ...]:
    newest: dict[int | str, Row] = {}
    for row in reversed(found):
        newest.update((artist.key, row) for artist in row.artists)
    return tuple(newest[artist.key] for artist in numbers.top_artists)


def _doubles(twice: Duplicates, shown: set[int]) -> Iterator[Double]:
    """The first albums owned more than once, with copies that are not shown yet."""
    for album in twice.entries[:SLEEVES]:
        row = next((row for row in album.rows if int(row.instance_id) not in shown), None)
        if row:
            yield Double(album, row)


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
    entries: Iterable[IndexEntry], site: SiteView, digest: str, home: AccountPage | None = None
) -> Iterator[Page | DataFile]:
    """The pages and files that belong to no account, made from the public accounts alone.

    `digest` is the name of the directory of assets. `home` is that of the only public account: the
    front page shows it.
    """
    accounts = _without_repeats(sorted(entries, key=lambda entry: entry.account.name))
    if home:
        front = replace(home, at=tree_path(home.account.name, None))
        yield Page("index.html", "pages/account.html", front)
    else:
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
