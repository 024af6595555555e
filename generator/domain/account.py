"""A connected collection: its name here, whose it is at Discogs, and how its syncs went."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    with_config,
)

from generator.errors import StateError, UsageError

NAME_PATTERN = r"^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?$"
"""What an account's name on the site looks like: 1 to 40 characters, safe in any path."""
SLUG_PATTERN = r"^[0-9a-f]{32}$"
"""What the secret part of an unlisted link looks like; some disks know no capitals."""


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc), PlainSerializer(_in_utc)]
"""A moment with an offset, in UTC whenever it is read or written."""

_STRICT = ConfigDict(extra="forbid", strict=True)


class Privacy(StrEnum):
    """Who may find an account's pages."""

    PUBLIC = "public"
    """On the index, for everybody."""
    UNLISTED = "unlisted"
    """Under an unguessable path, on no index."""
    PRIVATE = "private"
    """Nowhere in the site."""


class Access(StrEnum):
    """How the account is read."""

    OAUTH = "oauth"
    TOKEN = "token"  # noqa: S105 - the name of a way in, not a secret
    ANONYMOUS = "anonymous"


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, repr=False)
class OAuthToken:
    """An OAuth 1.0a access token. Never shown: its repr is redacted."""

    key: str
    secret: str

    def __repr__(self) -> str:
        return "OAuthToken(***)"


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, repr=False)
class PersonalToken:
    """A personal access token. Never shown: its repr is redacted."""

    token: str

    def __repr__(self) -> str:
        return "PersonalToken(***)"


Credentials = OAuthToken | PersonalToken | None
"""None reads a public collection anonymously."""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Account:
    """One connected account, as its sealed file holds it."""

    id: str
    """Opaque, random, drawn at connect; the only thing about the account that is not sealed."""
    name: Annotated[str, Field(pattern=NAME_PATTERN)]
    """The name on the site: 1 to 40 of a-z 0-9 - _ . with a letter or digit at both ends."""
    discogs_name: str
    """As Discogs spells it."""
    discogs_id: int
    """Discogs' numeric user id, which survives a rename."""
    access: Access
    privacy: Privacy
    connected_at: Instant
    synced_at: Instant | None = None
    """Start of the reading the snapshot was taken from."""
    last_sync: Instant | None = None
    """End of the last successful sync; the cooldown counts from here."""
    records: int = 0
    """Copies in the last snapshot."""
    failures: int = 0
    """Runs in a row that failed."""
    problem: str | None = None
    """What went wrong last, in words; None after a success."""
    reconnect: bool = False
    """Discogs no longer accepts the stored credentials."""
    fresh: bool = False
    """Connected again since the last sync, so that the cooldown does not count."""
    held: int | None = None
    """Copies of a complete reading that is held back until the next one agrees."""
    slug: Annotated[str, Field(pattern=SLUG_PATTERN)] | None = field(default=None, repr=False)
    """The secret part of its unlisted link, drawn when it is first unlisted and kept from then."""


def tree(name: str, slug: str | None) -> str:
    """Where an account's pages are in the site: below its secret where there is one."""
    return f"x/{slug}/" if slug else f"u/{name}/"


def with_privacy(account: Account, level: Privacy, draw_slug: Callable[[], str]) -> Account:
    """The account at this level; the first time it is unlisted its link is drawn."""
    drawn = level is Privacy.UNLISTED and account.slug is None
    return replace(account, privacy=level, slug=draw_slug() if drawn else account.slug)


def checked_name(name: str) -> str:
    """The name as it is kept, or UsageError when it cannot be one."""
    folded = name.casefold()
    if not re.fullmatch(NAME_PATTERN, folded):
        raise UsageError(
            "NAME",
            "must be 1 to 40 of a-z 0-9 - _ . and start and end with a letter or digit",
        )
    return folded


@dataclass(frozen=True, slots=True)
class Identity:
    """Who Discogs says somebody is."""

    id: int
    username: str


_ACCOUNT: TypeAdapter[Account] = TypeAdapter(Account)
_CREDENTIALS: TypeAdapter[OAuthToken | PersonalToken] = TypeAdapter(OAuthToken | PersonalToken)


def account_json(account: Account) -> bytes:
    """The account as it is stored; the same account always gives the same bytes."""
    return _ACCOUNT.dump_json(account)


def parse_account(text: bytes, where: str) -> Account:
    """The account in stored bytes, fields newer than them at their defaults.

    Raises StateError naming `where`, and of the content at most the name of a field.
    """
    try:
        return _ACCOUNT.validate_json(text)
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False)[0]
        path = ".".join(str(part) for part in first["loc"]) or "the file"
        raise StateError(where, f"not an account: {path}: {first['msg']}") from None


def credentials_json(credentials: OAuthToken | PersonalToken) -> bytes:
    """The credentials as they are stored, which is the only place that spells them out."""
    return _CREDENTIALS.dump_json(credentials)


def parse_credentials(text: bytes, where: str) -> OAuthToken | PersonalToken:
    """The credentials in stored bytes. Raises StateError naming `where` and nothing else."""
    try:
        return _CREDENTIALS.validate_json(text)
    except ValidationError:
        raise StateError(where, "does not hold credentials") from None
