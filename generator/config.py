"""Configuration: site.toml, the environment, and the directories of one instance."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from generator.errors import ConfigError, NoWorkspace

FILE = "site.toml"
ADDRESSES = {
    "DISCOGS_API_URL": "https://api.discogs.com",
    "DISCOGS_WEB_URL": "https://www.discogs.com",
    "DISCOGS_IMAGE_URL": "https://i.discogs.com",
}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 366 * 86400
_DURATION = re.compile(r"(\d{1,6})([smhd])")
_LANGUAGE = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"


def _duration(value: object) -> timedelta:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    seconds = int(match[1]) * _UNITS[match[2]] if match else _LONGEST + 1
    if seconds > _LONGEST:
        raise ValueError('must be a duration such as "4h", "15m" or "90s", a year at most')
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
    parts = urlsplit(value)
    plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    spoilt = not value.isprintable() or not value.isascii() or set(value) & set(" \"'$;<>\\{}")
    if not plain or spoilt or parts.query or parts.fragment:
        raise ValueError('must be an absolute address such as "https://example.org/records/"')
    return value.rstrip("/") + "/"


def _one_line(value: str) -> str:
    if not value.isprintable() or not value.isascii():
        raise ValueError("must be one line of plain ASCII")
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SiteTable(_Table):
    """How the site looks and where it is published."""

    title: Annotated[str, Field(min_length=1, max_length=200)] = "Gatefold"
    """Shown on every page."""
    base_url: Annotated[str, AfterValidator(_base_url)] = ""
    """Absolute address of the published site; turns on what needs one."""
    language: Annotated[str, Field(pattern=_LANGUAGE)] = "en"
    """Language tag of the pages."""
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """Zone in which days and months are taken."""
    repository: Annotated[str, Field(pattern=r"^([A-Za-z0-9._-]+/[A-Za-z0-9._-]+)?$")] = ""
    """"owner/name" on GitHub; turns on the Refresh link."""
    theme: Literal["auto", "light", "dark"] = "auto"
    """Colours before the visitor chooses."""
    contact: Annotated[str, Field(max_length=200), AfterValidator(_one_line)] = ""
    """Address or URL put into the User-Agent."""


class SyncTable(_Table):
    """How Discogs is asked."""

    cooldown: Duration = timedelta(hours=4)
    """Least time between two syncs of an account; "0s" turns it off."""
    concurrency: Annotated[int, Field(ge=1, le=20)] = 6
    """Parallel requests to Discogs."""
    max_wait: Duration = timedelta(minutes=10)
    """Most a run spends waiting for Discogs."""
    enrich_budget: Annotated[int, Field(ge=0)] = 400
    """Master requests per run."""


class PublishTable(_Table):
    """Where the site is published."""

    host: Literal["github", "cloudflare", "netlify", "nginx", "s3", "none"] = "github"
    """Which extra files are written."""


class Settings(_Table):
    """All of site.toml."""

    site: SiteTable = SiteTable()
    sync: SyncTable = SyncTable()
    publish: PublishTable = PublishTable()


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment says; secrets are kept out of its repr."""

    api_url: str
    web_url: str
    image_origin: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    encryption_key: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The directories of one instance; nothing else knows paths."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """site.toml."""
        return self.root / FILE

    @property
    def env_file(self) -> Path:
        """.env, with the secrets of a laptop."""
        return self.root / ".env"

    @property
    def data(self) -> Path:
        """The sealed state."""
        return self.root / "data"

    @property
    def site(self) -> Path:
        """The rendered site."""
        return self.root / "site"

    def overrides(self, name: str) -> tuple[Path, ...]:
        """The workspace's own `templates/` or `assets/`, if it has one."""
        return tuple(path for path in (self.root / name,) if path.is_dir())


def load_settings(workspace: Workspace) -> Settings:
    """The settings of a workspace. Raises NoWorkspace, or ConfigError with every mistake."""
    path = workspace.settings_file
    if not path.is_file():
        raise NoWorkspace((str(workspace.root), f"has no {FILE}"))
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ConfigError((FILE, f"is no TOML: {exc}")) from None
    try:
        return Settings.model_validate(table)
    except ValidationError as exc:
        problems = [_problem(error) for error in exc.errors(include_url=False)]
        raise ConfigError(problems, f"mend {FILE}; a commented example is in the README") from None


def load_environment(workspace: Workspace, environ: Mapping[str, str] = os.environ) -> Environment:
    """The environment, completed by the workspace's .env. Raises ConfigError with every mistake."""
    values = {
        name: value
        for source in (_dotenv(workspace.env_file), environ)
        for name, value in source.items()
        if value
    }
    addresses = {name: values.get(name, usual).strip() for name, usual in ADDRESSES.items()}
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
        consumer_key=values.get("DISCOGS_OAUTH_CONSUMER_KEY", "").strip(),
        consumer_secret=values.get("DISCOGS_OAUTH_CONSUMER_SECRET", "").strip(),
        encryption_key=values.get("OAUTH_ENCRYPTION_KEY", "").strip(),
        token=values.get("DISCOGS_TOKEN", "").strip(),
    )


def _dotenv(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        return {}
    try:
        found = dotenv_values(path, interpolate=False, encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigError(
            (path.name, "is not UTF-8 text"), "write it again as plain text"
        ) from None
    return {name: value for name, value in found.items() if value}


def _problem(error: Any) -> tuple[str, str]:
    path = ".".join(str(part) for part in error["loc"])
    what = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        what = "is not a setting"
    return f"{FILE}: {path}", what[:1].lower() + what[1:]


def _is_address(address: str) -> bool:
    """True for https://host[:port][/path], and for plain http where nothing leaves the machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - raises for a port that is no number
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable()
    if not plain or not host or set(address) & set(" ;,'\"<>\\?#@*"):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _origin(address: str) -> str:
    """The scheme, host and port alone, as a browser's policy compares them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
