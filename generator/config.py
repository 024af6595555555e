"""Configuration: site.toml, the environment, and the directories of one instance."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from dotenv import dotenv_values
from msgspec import Meta, Struct
from msgspec.structs import replace

from generator.derive.naming import discogs_username, site_name
from generator.domain.account import checked_name
from generator.domain.collection import FIRST_YEAR, NO_OVERRIDES, Override, Overrides
from generator.errors import ConfigError, NoWorkspace, UsageError

SETTINGS_FILE = "site.toml"
OVERRIDES_FILE = "overrides.toml"
ADDRESSES = {
    "DISCOGS_API_URL": "https://api.discogs.com",
    "DISCOGS_WEB_URL": "https://www.discogs.com",
    "DISCOGS_IMAGE_URL": "https://i.discogs.com",
    "DISCOGS_DATA_URL": "https://data.discogs.com",
}
_REPOSITORY = "[A-Za-z0-9._-]+/[A-Za-z0-9._-]+"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_MAX_SECONDS = 366 * 86400
_TYPOGRAPHIC = re.compile("=[^\"'#]*[“”„«»‘’]")  # what word processors make of quotes
_IGNORED = {"sync": {"enrich_budget"}}  # settings of earlier versions, which no longer do anything


class SiteTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The site's looks and its address."""

    title: Annotated[
        str, Meta(description="Shown on every page.", min_length=1, max_length=200)
    ] = "Gatefold"
    base_url: Annotated[
        str,
        Meta(
            description="Absolute address of the published site; found by itself on GitHub Pages."
        ),
    ] = ""
    language: Annotated[
        str, Meta(description="Language tag of your own texts, such as the title.")
    ] = "en"
    timezone: Annotated[str, Meta(description="Time zone of days and months.")] = "UTC"
    repository: Annotated[
        str, Meta(description='"owner/name" on GitHub; turns on the Refresh link.')
    ] = ""
    theme: Annotated[
        Literal["auto", "light", "dark"], Meta(description="Colours before the visitor chooses.")
    ] = "auto"
    contact: Annotated[
        str, Meta(description="Address or URL added to the User-Agent.", max_length=200)
    ] = ""


class SyncTable(Struct, frozen=True, forbid_unknown_fields=True):
    """Requests to Discogs."""

    cooldown: Annotated[
        timedelta,
        Meta(description='Shortest time between two syncs of an account; "0s" turns it off.'),
    ] = timedelta(hours=4)
    concurrency: Annotated[int, Meta(description="Parallel requests to Discogs.", ge=1, le=20)] = 6
    max_wait: Annotated[timedelta, Meta(description="Longest time a run waits for Discogs.")] = (
        timedelta(minutes=10)
    )


class PublishTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The host of the site."""

    host: Annotated[
        Literal["github", "cloudflare", "netlify", "nginx", "s3", "none"],
        Meta(description="Selects the extra files and the limits."),
    ] = "github"
    data_files: Annotated[
        bool, Meta(description="Whether stats.json, releases.json and releases.csv are published.")
    ] = True


_Intro = Annotated[str, Meta(description="A sentence or two, shown on its home.", max_length=500)]
_Folders = Annotated[
    tuple[int | str, ...],
    Meta(description="Names or numbers of the folders to show; empty for all."),
]


class AccountTable(Struct, frozen=True, forbid_unknown_fields=True):
    """What is shown of one account."""

    intro: _Intro = ""
    folders: _Folders = ()


class CollectionTable(Struct, frozen=True, forbid_unknown_fields=True):
    """A collection that needs no key; any number of these."""

    discogs: Annotated[
        str,
        Meta(
            description="A Discogs user name, or the address of the collection.",
            min_length=1,
            max_length=200,
        ),
    ] = ""
    name: Annotated[str, Meta(description="Its name on the site; by default the Discogs name.")] = (
        ""
    )
    intro: _Intro = ""
    folders: _Folders = ()
    privacy: Annotated[Literal["public", "unlisted"], Meta(description="Who can find it.")] = (
        "public"
    )
    link: Annotated[
        str,
        Meta(
            description="For an unlisted one: the secret part of its address, 22 random characters."
        ),
    ] = ""


class RecordTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The record in the list."""

    links: Annotated[
        tuple[str, ...],
        Meta(description='Links to elsewhere, each "Label = address" with {artist} and {title}.'),
    ] = ()


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """All of site.toml."""

    site: SiteTable = SiteTable()
    collections: tuple[CollectionTable, ...] = ()
    accounts: Mapping[str, AccountTable] = {}
    sync: SyncTable = SyncTable()
    record: RecordTable = RecordTable()
    publish: PublishTable = PublishTable()


class Environment(NamedTuple):
    """The environment; secrets are kept out of its repr."""

    api_url: str
    web_url: str
    image_origin: str
    data_url: str
    consumer_key: str
    consumer_secret: str
    encryption_key: str
    token: str

    def __repr__(self) -> str:
        return f"Environment({self.api_url}, {self.web_url}, {self.image_origin}, ***)"


class Workspace(NamedTuple):
    """The directories of one instance; no other module knows paths."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """site.toml."""
        return self.root / SETTINGS_FILE

    @property
    def env_file(self) -> Path:
        """.env, with the secrets of a laptop."""
        return self.root / ".env"

    @property
    def data(self) -> Path:
        """The sealed state."""
        return self.root / "data"

    @property
    def masters(self) -> Path:
        """The table of Discogs' master data, which is public."""
        return self.data / "masters.sqlite"

    @property
    def site(self) -> Path:
        """The rendered site."""
        return self.root / "site"

    def overrides(self, name: str) -> tuple[Path, ...]:
        """The workspace's own `templates/` or `assets/`, if it has one."""
        return tuple(path for path in (self.root / name,) if path.is_dir())


def load_settings(workspace: Workspace, warn: Callable[[str, str], None]) -> Settings:
    """The settings of a workspace. Raises NoWorkspace, or ConfigError with every mistake.

    `warn` is called with place and reason for a setting that is ignored.
    """
    path = workspace.settings_file
    if not path.is_file():
        raise NoWorkspace((str(workspace.root), f"has no {SETTINGS_FILE}"))
    table = _loaded(path)
    problems: list[tuple[str, str]] = []
    tables: dict[str, Any] = {}
    hints = get_type_hints(Settings)
    for name, content in table.items():
        if name not in hints:
            problems.append((f"{SETTINGS_FILE}: {name}", _unknown(name, hints)))
        elif name == "collections":
            tables[name] = _parsed_collections(content, problems)
        elif not isinstance(content, dict):
            problems.append((f"{SETTINGS_FILE}: {name}", f"must be a table: write [{name}]"))
        else:
            for key in _IGNORED.get(name, set()) & content.keys():
                warn(f"{SETTINGS_FILE}: {name}.{key}", "is no longer used and can be removed")
                del content[key]
            where = f"{SETTINGS_FILE}: {name}"
            if name == "accounts":
                tables[name] = _parsed_accounts(where, content, problems)
            else:
                tables[name] = _parsed_table(where, hints[name], content, problems)
    if problems:
        raise ConfigError(problems)
    return Settings(**tables)


def _parsed_accounts(
    place: str, content: dict[str, Any], problems: list[tuple[str, str]]
) -> dict[str, AccountTable]:
    """The tables of accounts by name; mistakes are added to `problems`."""
    found = {}
    for name, table in content.items():
        if isinstance(table, dict):
            where = f"{place}.{name}"
            found[name.casefold()] = _parsed_table(where, AccountTable, table, problems)
        else:
            problems.append((f"{place}.{name}", f"must be a table: write [accounts.{name}]"))
    return found


def _parsed_collections(
    content: object, problems: list[tuple[str, str]]
) -> tuple[CollectionTable, ...]:
    """The collections, each with its name on the site; mistakes are added to `problems`."""
    place = f"{SETTINGS_FILE}: collections"
    if not isinstance(content, list) or not all(isinstance(table, dict) for table in content):
        problems.append((place, "must be a list of tables: write [[collections]] above each"))
        return ()
    found: dict[str, CollectionTable] = {}
    for number, table in enumerate(content, 1):
        where = f"{place}.{number}"
        made = _parsed_table(where, CollectionTable, table, problems)
        if made is None:
            continue
        username = discogs_username(made.discogs)
        try:
            name = checked_name(made.name or site_name(username))
        except UsageError as error:
            problems.append((f"{where}.name", error.what))
            continue
        if not username:
            problems.append((f"{where}.discogs", "is missing: the name of a Discogs user"))
        elif name in found:
            problems.append((f"{where}.name", f"is the name of another collection: {name}"))
        elif made.privacy == "unlisted" and not re.fullmatch("[A-Za-z0-9_-]{22,64}", made.link):
            what = "must be 22 to 64 random letters and digits, for an unlisted collection"
            problems.append((f"{where}.link", what))
        else:
            found[name] = replace(made, discogs=username, name=name)
    return tuple(found.values())


def pages_address(repository: str) -> str:
    """The address of a repository, "owner/name", at GitHub Pages; "" for anything else."""
    if not re.fullmatch(_REPOSITORY, repository):
        return ""
    owner, name = repository.split("/")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def on_github(settings: Settings, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in a workflow, where the repository and the address of its Pages are known.

    What site.toml says wins: a site with a domain of its own has to name it.
    """
    name = environ.get("GITHUB_REPOSITORY", "")
    if environ.get("GITHUB_ACTIONS") != "true" or not re.fullmatch(_REPOSITORY, name):
        return settings
    pages = pages_address(name)
    site = settings.site
    on_pages = settings.publish.host == "github"
    site = replace(
        site,
        repository=site.repository or name,
        base_url=site.base_url or (pages if on_pages else ""),
    )
    return replace(settings, site=site)


def load_overrides(workspace: Workspace) -> Overrides:
    """The corrections in overrides.toml. Raises ConfigError with every mistake."""
    path = workspace.root / OVERRIDES_FILE
    if not path.is_file():
        return NO_OVERRIDES
    hint = f"{OVERRIDES_FILE} takes [master.ID] and [release.ID]"
    hint += f" with {', '.join(Override.__struct_fields__)}"
    table, problems = _loaded(path, hint), []
    found: dict[str, dict[Any, Override]] = {"master": {}, "release": {}}
    for kind, entries in table.items():
        if kind not in found or not isinstance(entries, dict):
            problems.append((f"{OVERRIDES_FILE}: {kind}", "must be [master.ID] or [release.ID]"))
            continue
        for number, content in entries.items():
            where = f"{OVERRIDES_FILE}: {kind}.{number}"
            if not re.fullmatch("[1-9][0-9]{0,17}", number):
                problems.append((where, f"must have the number of a {kind} at Discogs"))
            elif not isinstance(content, dict):
                problems.append((where, f"must be a table: write [{kind}.{number}]"))
            else:
                found[kind][int(number)] = _parsed_table(where, Override, content, problems)
    if problems:
        raise ConfigError(problems, hint, form=hint)
    return Overrides(*found.values())


def _loaded(path: Path, hint: str = "") -> dict[str, Any]:
    """The tables of a TOML file; a byte-order mark is ignored. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        form = ""
        lines = [] if isinstance(error, UnicodeDecodeError) else text.splitlines()
        typographic = [number for number, line in enumerate(lines, 1) if _TYPOGRAPHIC.search(line)]
        if typographic:
            hint = form = f'write straight quotes in line {typographic[0]}, as in title = "Records"'
        raise ConfigError((path.name, f"is not valid TOML: {error}"), hint, form=form) from None


def _parsed_table(
    place: str, model: Any, content: dict[str, Any], problems: list[tuple[str, str]]
) -> Any:
    """The table as its model, None if it has mistakes, which are added to `problems`."""
    hints = get_type_hints(model, include_extras=True)
    before, values = len(problems), {}
    for key, value in content.items():
        where = f"{place}.{key}"
        if key not in hints:
            problems.append((where, _unknown(key, hints)))
            continue
        try:
            values[key] = _parsed(key, value, hints[key])
        except ValueError as error:
            problems.append((where, str(error)))
    return None if len(problems) > before else model(**values)


def _parsed(key: str, value: Any, hint: Any) -> Any:
    """The value of one setting. Raises ValueError saying which values are allowed."""
    bare = hint.__origin__ if get_origin(hint) is Annotated else hint
    if bare is timedelta:
        return _duration(value)
    try:
        checked = msgspec.convert(value, hint)
    except msgspec.ValidationError:
        if get_origin(bare) is Literal:
            raise ValueError(f"must be one of {', '.join(get_args(bare))}, in quotes") from None
        raise ValueError(_EXPECTED.get(key, "must be text in quotes")) from None
    return _CHECKS[key](checked) if key in _CHECKS else checked


def _unknown(key: str, known: Mapping[str, Any]) -> str:
    close = get_close_matches(key, known, n=1)
    return f"is not a setting; did you mean {close[0]}?" if close else "is not a setting"


def _duration(value: object) -> timedelta:
    match = re.fullmatch(r"(\d{1,6})([smhd])", value) if isinstance(value, str) else None
    seconds = int(match[1]) * _UNITS[match[2]] if match else _MAX_SECONDS + 1
    if seconds > _MAX_SECONDS:
        raise ValueError('must be a duration such as "4h", "15m" or "90s", at most a year')
    return timedelta(seconds=seconds)


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError('must be a time zone such as "Europe/Berlin"') from None
    return value


def _base_url(value: str) -> str:
    if not value:
        return value
    try:
        parts = urlsplit(value)
        plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        plain = ""
    unsafe = not value.isprintable() or not value.isascii() or set(value) & set(" \"'$;<>\\{}")
    if not plain or unsafe or parts.query or parts.fragment:
        raise ValueError('must be an absolute address such as "https://example.org/records/"')
    return value.rstrip("/") + "/"


def _matching(pattern: str, expected: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(expected)
        return value

    return check


def _links(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        label, separator, address = value.partition("=")
        places = set(re.findall(r"\{[^}]*\}|[{}]", address))
        named = bool(label.strip() and separator) and places <= {"{artist}", "{title}"}
        if not named or not re.fullmatch("https://[!-~]+", address.strip()):
            raise ValueError(_EXPECTED["links"])
    return values


_EXPECTED = {
    "data_files": "must be true or false, without quotes",
    "intro": "must be at most 500 characters in quotes",
    "folders": 'must be a list of names in quotes and numbers: ["Jazz", 1234]',
    "links": 'must be a list such as ["Listen = https://example.org/?q={artist}+{title}"]',
    "year": f"must be a year from {FIRST_YEAR} on, without quotes",
    "genres": 'must be a list of texts in quotes: ["Jazz", "Rock"]',
    "styles": 'must be a list of texts in quotes: ["Hard Bop"]',
    "credit": "must be 1 to 200 characters in quotes",
    "concurrency": "must be a whole number from 1 to 20",
    "contact": "must be at most 200 characters in quotes",
    "discogs": "must be a Discogs user name, or the address of the collection, in quotes",
    "title": "must be 1 to 200 characters in quotes",
}
_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "base_url": _base_url,
    "links": _links,
    "contact": _matching("[ -~]*", "must be one line of plain ASCII"),
    "language": _matching(
        "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", 'must be a language tag such as "en" or "pt-BR"'
    ),
    "repository": _matching(
        f"({_REPOSITORY})?", 'must be a repository on GitHub, written "owner/name"'
    ),
    "timezone": _zone,
}


def load_environment(
    workspace: Workspace,
    environ: Mapping[str, str] = os.environ,
    warn: Callable[[str, str, str], None] = lambda *_: None,
) -> Environment:
    """The environment, completed by the workspace's .env. Raises ConfigError with every mistake.

    `warn` is called with place, reason and hint for a .env that others can read.
    """
    if os.name == "posix" and _mode(workspace.env_file) & 0o077:
        warn(".env", "can be read by other users of this machine", "run chmod 600 .env")
    values = {
        name: value
        for source in (_dotenv(workspace.env_file), environ)
        for name, value in source.items()
        if value
    }
    addresses = {name: values.get(name, default).strip() for name, default in ADDRESSES.items()}
    problems = [
        (name, "must be an https address, or http on a loopback address")
        for name, address in addresses.items()
        if not _is_address(address)
    ]
    if problems:
        raise ConfigError(problems, "leave it out to use the real Discogs")
    return Environment(
        api_url=addresses["DISCOGS_API_URL"].rstrip("/"),
        web_url=addresses["DISCOGS_WEB_URL"].rstrip("/"),
        image_origin=_origin(addresses["DISCOGS_IMAGE_URL"]),
        data_url=addresses["DISCOGS_DATA_URL"].rstrip("/"),
        consumer_key=values.get("DISCOGS_OAUTH_CONSUMER_KEY", "").strip(),
        consumer_secret=values.get("DISCOGS_OAUTH_CONSUMER_SECRET", "").strip(),
        encryption_key=values.get("OAUTH_ENCRYPTION_KEY", "").strip(),
        token=values.get("DISCOGS_TOKEN", "").strip(),
    )


def _mode(path: Path) -> int:
    return path.stat().st_mode if path.is_file() else 0


def _dotenv(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        return {}
    try:
        found = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except UnicodeDecodeError:
        hint = "save it as plain text in UTF-8"
        raise ConfigError((path.name, "is not UTF-8 text"), hint) from None
    return {name: value for name, value in found.items() if value}


def _is_address(address: str) -> bool:
    """True for https://host[:port][/path], and for plain http on loopback."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - raises for a port that is not a number
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable()
    if not plain or not host or set(address) & set(" ;,'\"<>\\?#@*"):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _origin(address: str) -> str:
    """Scheme, host and port alone, as a browser's policy compares them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
