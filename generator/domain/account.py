"""An account: a collection shown on the site, where its copies come from, and how its syncs went.

The owner's choices (`Account`) and a sync's observations (`Status`) are two values, stored in two
files, so that neither overwrites the other.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, NewType, TypeVar

import msgspec
from msgspec import Meta, Struct, field
from msgspec.structs import replace

from generator.errors import ACCOUNT, Problem, StateError, UsageError

NAME_PATTERN = r"^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?\Z"
AccountName = Annotated[str, Meta(pattern=NAME_PATTERN)]
"""The name on the site: 1 to 40 of a-z 0-9 - _ . with a letter or digit at both ends."""
AccountId = NewType("AccountId", str)
"""Opaque, random, drawn at connect; the only fact about an account that is not sealed."""
Instant = Annotated[datetime, Meta(tz=True)]  # a moment in UTC

_Stored = TypeVar("_Stored")

LOGIN_LIFE = timedelta(minutes=15)  # Discogs accepts a code for this long


class Privacy(StrEnum):
    """Who can find an account's pages."""

    PUBLIC = "public"  # on the index
    UNLISTED = "unlisted"  # under an unguessable path, on no index
    PRIVATE = "private"  # not in the site


class Source(StrEnum):
    """Where an account's copies come from."""

    OAUTH = "oauth"
    TOKEN = "token"  # noqa: S105 - the name of a source, not a secret
    ANONYMOUS = "anonymous"
    CSV = "csv"

    @property
    def is_live(self) -> bool:
        """Whether a sync can read it again; an import is replaced by another import."""
        return self is not Source.CSV

    @property
    def has_credentials(self) -> bool:
        """Whether it is read with a stored token."""
        return self in (Source.OAUTH, Source.TOKEN)

    @property
    def has_covers(self) -> bool:
        """Whether it sends addresses of covers: Discogs leaves them out without credentials."""
        return self.has_credentials


class OAuthToken(Struct, frozen=True, forbid_unknown_fields=True):
    """An OAuth 1.0a access token. Its repr is redacted."""

    key: str
    secret: str

    def __repr__(self) -> str:
        return "OAuthToken(***)"


class PersonalToken(Struct, frozen=True, forbid_unknown_fields=True):
    """A personal access token. Its repr is redacted."""

    token: str

    def __repr__(self) -> str:
        return "PersonalToken(***)"


Credentials = OAuthToken | PersonalToken | None  # none reads a public collection anonymously


class Identity(Struct, frozen=True):
    """A Discogs user."""

    id: int
    username: str


class Status(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The observations of syncs, as the account's sealed file `status` holds them."""

    connection: str = ""  # the connection of the last successful sync
    failed_connection: str = ""
    """The connection of the last failure; a failure of an earlier connection no longer counts."""
    username: str | None = None
    """The owner's name at Discogs, once a sync found that it had changed."""
    synced_at: Instant | None = None  # start of the reading the snapshot was taken from
    last_sync: Instant | None = None
    """End of the last successful sync; the cooldown counts from here."""
    records: int = 0  # copies in the snapshot
    failures: int = 0  # failed runs in a row
    problem: Problem | None = None  # the last failure; None after a success
    reconnect: bool = False  # Discogs no longer accepts the stored credentials
    held: int | None = None
    """Copies of a complete reading that is held back until the next one agrees."""
    folders: dict[int, str] = {}
    """The names of the owner's folders by id, if site.toml names one; never published."""


class Account(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One account: its owner's choices, as its sealed file `account` holds them, and its status."""

    id: AccountId
    name: AccountName
    discogs_name: str | None  # as Discogs spells it; None for an import
    discogs_id: int | None  # Discogs' numeric user id, which survives a rename; None for an import
    source: Source
    privacy: Privacy
    connected_at: Instant
    connection: str  # random, new at each connect
    slug: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")] | None = None
    """The secret part of its unlisted link: drawn when it is first unlisted, then kept."""
    status: Status = field(default_factory=Status)

    def __repr__(self) -> str:
        return f"Account({self.id}, {self.name})"

    @property
    def username(self) -> str:
        """The owner's current name at Discogs, "" for an import.

        A rename that a sync found before the account was connected again no longer counts.
        """
        return (not self.is_fresh and self.status.username) or self.discogs_name or ""

    @property
    def is_fresh(self) -> bool:
        """Connected, or connected again, since the last sync."""
        return self.status.connection != self.connection

    @property
    def problem(self) -> Problem | None:
        """The last failure of this connection; None after a success."""
        failed = self.status.failed_connection == self.connection
        return self.status.problem if failed else None

    @property
    def tree(self) -> str:
        """The directory of its pages in the site: below its secret when it is unlisted."""
        return tree_path(self.name, self.slug if self.privacy is Privacy.UNLISTED else None)


def tree_path(name: str, slug: str | None) -> str:
    """Where the pages of an account are, with a trailing slash."""
    return f"x/{slug}/" if slug else f"u/{name}/"


def with_privacy(account: Account, level: Privacy, draw_slug: Callable[[], str]) -> Account:
    """The account at this level; its link is drawn the first time it is unlisted."""
    draw = level is Privacy.UNLISTED and account.slug is None
    return replace(account, privacy=level, slug=draw_slug() if draw else account.slug)


def checked_name(name: str) -> str:
    """The name, case-folded. Raises UsageError for one that cannot be a name."""
    folded = name.casefold()
    if not re.match(NAME_PATTERN, folded):
        raise UsageError(
            "NAME", "must be 1 to 40 of a-z 0-9 - _ . and start and end with a letter or digit"
        )
    return folded


class PendingLogin(Struct, frozen=True, forbid_unknown_fields=True):
    """A login that waits for its code between two runs. Its repr is redacted."""

    name: AccountName  # the name the account will have
    key: str  # the request token in the address that the owner opens
    secret: str  # the secret of the request token
    created: Instant
    privacy: Privacy | None = None  # the level that was asked for

    def __repr__(self) -> str:
        return "PendingLogin(***)"

    def is_live(self, now: datetime) -> bool:
        """Whether its code can still be used; a clock set back gives no more time."""
        return abs(now - self.created) < LOGIN_LIFE


def account_json(account: Account) -> bytes:
    """The choices as they are stored; equal accounts give equal bytes."""
    choices = msgspec.to_builtins(account)
    del choices["status"]
    return msgspec.json.encode(choices)


def parse_account(text: bytes, where: str) -> Account:
    """The account in stored bytes, also those of schema 1. Raises StateError naming `where`."""
    members = parse_stored(text, dict[str, Any], where)
    stored = _from_schema_1(members) if "access" in members else members
    return parse_stored(msgspec.json.encode(stored), Account, where)


def parse_credentials(text: bytes, where: str) -> OAuthToken | PersonalToken:
    """The credentials in stored bytes. Raises StateError naming `where`."""
    if "token" in parse_stored(text, dict[str, Any], where):
        return parse_stored(text, PersonalToken, where)
    return parse_stored(text, OAuthToken, where)


def parse_stored(text: bytes, model: type[_Stored], where: str) -> _Stored:
    """The value in stored bytes. Raises StateError, which names `where` and quotes nothing."""
    try:
        return msgspec.json.decode(text, type=model)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise StateError(where, "cannot be understood") from None


def _from_schema_1(members: dict[str, Any]) -> dict[str, Any]:
    """An account as version 0.1 stored it: choices and observations in one file."""
    problem, fresh = members.pop("problem", None), members.pop("fresh", False)
    status = {name: members.pop(name) for name in Status.__struct_fields__ if name in members}
    if problem is not None:
        status["problem"] = Problem(ACCOUNT, str(problem), "sync it again")
        status["failed_connection"] = "schema-1"
    status["connection"] = "" if fresh else "schema-1"
    source = members.pop("access")
    return members | {"source": source, "connection": "schema-1", "status": status}
