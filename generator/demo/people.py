"""Who the stand-in serves: people with their collections, and the application that asks."""

from dataclasses import dataclass, field
from typing import Any

Item = dict[str, Any]
"""One copy or one master, exactly as Discogs' JSON has it."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """A registered application."""

    key: str = "ck_GatefoldDemo"
    secret: str = "cs_GatefoldDemoSecret"  # noqa: S105 - opens nothing but the stand-in
    name: str = "Gatefold demo"


@dataclass(slots=True)
class Person:
    """Somebody with a collection. Everything may be changed while the stand-in runs."""

    username: str
    id: int = 1
    copies: list[Item] = field(default_factory=list)
    """Collection items as they are sent; the order means nothing."""
    private: bool = False
    """Whether only the owner may see the collection."""
    token: str | None = None
    """A personal access token, if they made one."""
    folders: dict[int, str] = field(default_factory=dict)
    """Their own folders by id; "All" and "Uncategorized" always exist."""
    email: str = "owner@example.org"
    """Told to the owner only."""
