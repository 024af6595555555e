"""A login under way: what has to be kept between its first run and its second."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from generator.domain.account import NAME_PATTERN, Instant, Privacy
from generator.errors import StateError

LIFE = timedelta(minutes=15)
"""How long Discogs takes a code."""


@with_config(ConfigDict(extra="forbid", strict=True))
@dataclass(frozen=True, slots=True, repr=False)
class Pending:
    """A login that waits for its code. Never shown: its repr is redacted."""

    name: Annotated[str, Field(pattern=NAME_PATTERN)]
    """The account's name on the site, to be."""
    key: str
    """The request token, which the owner's browser was sent to Discogs with."""
    secret: str
    """What the request token is signed with."""
    created: Instant
    privacy: Privacy | None = None
    """The level that was asked for."""

    def __repr__(self) -> str:
        return "Pending(***)"

    def is_live(self, now: datetime) -> bool:
        """Whether its code may still be taken; a clock set back gives no more time."""
        return abs(now - self.created) < LIFE


_PENDING: TypeAdapter[Pending] = TypeAdapter(Pending)


def pending_json(pending: Pending) -> bytes:
    """The login as it is stored."""
    return _PENDING.dump_json(pending)


def parse_pending(text: bytes, where: str) -> Pending:
    """The login in stored bytes. Raises StateError naming `where` and nothing else."""
    try:
        return _PENDING.validate_json(text)
    except ValidationError:
        raise StateError(where, "does not hold a login") from None
