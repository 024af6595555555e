"""The collections that site.toml lists: read anew for each build, with no key and no state.

The site is all that is kept of them. When one was read is in its published stats.json.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.derive.covers import refused_covers
from generator.derive.formatting import rfc3339
from generator.domain.account import PersonalToken, tree_path
from generator.domain.collection import Snapshot, folder_ids, in_folders
from generator.errors import (
    SECRETS_PAGE,
    SETTINGS_PAGE,
    DiscogsError,
    GeneratorError,
    NotFound,
    Refused,
    StateError,
    Unauthorized,
)
from generator.render.shown import Seen
from generator.sync import SEEN_AS_ANONYMOUS, Outcome

if TYPE_CHECKING:
    from generator.discogs.client import Discogs, DiscogsAccess
    from generator.discogs.reading import Progress

WITHOUT_COVERS = (
    "is read without a token, so Discogs sends no covers and the pages show drawn sleeves"
)
"""The warning about a collection that is read anonymously."""


class Listed(NamedTuple):
    """An entry of `[[collections]]`."""

    name: str  # on the site
    username: str  # at Discogs
    slug: str | None = None  # the secret part of its link; None for a public collection
    intro: str = ""
    folders: tuple[int | str, ...] = ()

    @property
    def tree(self) -> str:
        """The directory of its pages in the site."""
        return tree_path(self.name, self.slug)


class Read(NamedTuple):
    """A collection that was read just now, with the folders to show."""

    snapshot: Snapshot
    copies: int  # that were read
    warning: str = ""


def cooldown_of(found: Seen | None, cooldown: timedelta, now: datetime) -> datetime | None:
    """The end of a collection's cooldown, None when it is due."""
    if found is None or not cooldown or not found.synced_at <= now < found.synced_at + cooldown:
        return None
    return found.synced_at + cooldown


def listed_entries(
    collections: Iterable[Listed],
    found: Callable[[Listed], Seen | None],
    cooldown: timedelta,
    now: datetime,
) -> list[dict[str, Any]]:
    """The collections as `accounts --json` lists them."""
    entries = []
    for one in collections:
        seen_now = found(one)
        end = cooldown_of(seen_now, cooldown, now)
        entries.append(
            {
                "name": one.name,
                "discogs_name": one.username,
                "discogs_id": None,
                "privacy": "unlisted" if one.slug else "public",
                "state": "new" if seen_now is None else "ok" if end else "due",
                "last_sync": rfc3339(seen_now.synced_at) if seen_now else None,
                "next_sync": rfc3339(end or now),
                "records": (seen_now.records if seen_now else None) or 0,
                "problem": None,
            }
        )
    return entries


class ReadListed(NamedTuple):
    """The access to Discogs, the token and the clock of a run."""

    discogs: "DiscogsAccess"
    token: str  # a personal access token, or nothing
    image_origin: str  # where the pages may load covers from
    now: Callable[[], datetime]
    progress: "Callable[[str], AbstractContextManager[Progress]]"
    report: Callable[[Outcome], None]  # called with each outcome as soon as it is known

    def run(self, collections: Sequence[Listed]) -> tuple[dict[str, Read], list[Outcome]]:
        """Read collections whole; those that succeeded, by name, and all outcomes."""
        found: dict[str, Read] = {}
        outcomes = []
        for one in collections:
            try:
                made = found[one.name] = self.read(one)
                outcome = Outcome(one.name, made.copies, warning=made.warning)
            except GeneratorError as error:
                self._add_way_back(error)
                problem = error.of(one.name).problem
                outcome = Outcome(one.name, problem=problem, error=error)
            outcomes.append(outcome)
            self.report(outcome)
        return found, outcomes

    def read(self, one: Listed) -> Read:
        """Read a collection whole. Raises DiscogsError, and StateError for an unknown folder."""
        from generator.discogs.reading import read_collection  # noqa: PLC0415 - a build does without

        client = self.discogs.client(PersonalToken(self.token) if self.token else None)
        owner = client.fetch_profile(one.username)
        with self.progress(one.name) as progress:
            reading = read_collection(
                lambda pages: client.fetch_pages(owner.username, pages), self.now, progress
            )
        collection, copies = reading.collection, len(reading.collection.copies)
        if one.folders:
            collection = in_folders(collection, self._folders(client, owner.username, one.folders))
        snapshot = Snapshot(one.name, owner.username, owner.id, reading.started, collection)
        if not self.token:
            return Read(snapshot, copies, WITHOUT_COVERS)
        refused = refused_covers(collection, self.image_origin)
        return Read(
            snapshot, copies, SEEN_AS_ANONYMOUS if client.transport.seen_as_anonymous else refused
        )

    def _folders(self, client: "Discogs", username: str, wanted: tuple[int | str, ...]) -> set[int]:
        """The folders by id."""
        _, names = folder_ids(wanted, {})
        if names and not self.token:
            what = "its folders are named in site.toml, and Discogs shows names to their owner only"
            raise StateError("", what, self._token_hint, form=self._secret_hint)
        found, unknown = folder_ids(wanted, client.fetch_folders(username) if names else {})
        for name in unknown:
            hint = "correct its folders in site.toml"
            raise StateError("", f'has no folder "{name}" that this token can see', hint)
        return found

    @property
    def _token_hint(self) -> str:
        return f"set DISCOGS_TOKEN in .env to a token of its owner, made at {SETTINGS_PAGE}"

    @property
    def _secret_hint(self) -> str:
        place = f"{SECRETS_PAGE} → New repository secret"
        return f"{place}: DISCOGS_TOKEN, with a token of its owner, made at {SETTINGS_PAGE}"

    def _add_way_back(self, error: GeneratorError) -> None:
        """Add a hint for a collection that Discogs refuses, or does not find."""
        if isinstance(error, NotFound):
            error.hint = error.form = "correct the Discogs name of this collection in site.toml"
        elif isinstance(error, Unauthorized):
            error.what = "Discogs does not accept DISCOGS_TOKEN"
            error.hint, error.form = self._token_hint, self._secret_hint
        elif isinstance(error, Refused):
            error.what = "the collection is private at Discogs"
            error.hint = f"{self._token_hint}, or make the collection public at Discogs"
            error.form = f"{self._secret_hint}; or make the collection public at Discogs"
        elif isinstance(error, DiscogsError):
            error.form = error.form or "the published site stays; the next run tries again"
