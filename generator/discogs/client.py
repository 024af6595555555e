"""The few things Gatefold asks Discogs for, each as a domain value."""

from collections.abc import Generator, Sequence
from urllib.parse import quote

from generator.discogs.answers import read_json
from generator.discogs.payloads import parse_folder_ids, parse_identity, parse_master, parse_page
from generator.discogs.sending import Call, Params
from generator.discogs.transport import Transport
from generator.domain.account import Identity
from generator.domain.collection import CollectionPage
from generator.domain.release import Master, MasterId
from generator.errors import NotFound

OLDEST_FIRST: Params = {"per_page": 100, "sort": "added", "sort_order": "asc"}


class Discogs:
    """Discogs as seen with one set of credentials. Everything raises DiscogsError.

    `where` names the account in errors.
    """

    def __init__(self, transport: Transport, where: str = "Discogs") -> None:
        self.transport = transport
        self._where = where

    def fetch_identity(self) -> Identity:
        """Whose credentials these are."""
        payload = self.transport.get_json("/oauth/identity", {}, self._where)
        return parse_identity(payload, self._where)

    def fetch_profile(self, username: str) -> Identity:
        """The user of that name, spelt as Discogs spells it; nothing else of the profile."""
        payload = self.transport.get_json(self._user(username), {}, self._where)
        return parse_identity(payload, self._where)

    def fetch_folder_ids(self, username: str) -> tuple[int, ...]:
        """The folders that may be seen: a stranger sees 0 at most, the owner always 0 and 1."""
        path = f"{self._user(username)}/collection/folders"
        return parse_folder_ids(self.transport.get_json(path, {}, self._where), self._where)

    def fetch_pages(
        self, username: str, pages: Sequence[int]
    ) -> Generator[CollectionPage, None, None]:
        """Pages of the whole collection, oldest additions first, as they come; counted from 1."""
        path = f"{self._user(username)}/collection/folders/0/releases"
        calls = [Call("GET", path, {"page": page, **OLDEST_FIRST}) for page in pages]
        for call, payload in self.transport.fetch_all(calls, read_json, self._where):
            yield parse_page(payload, self._where, int(call.params["page"]))

    def fetch_master(self, master_id: MasterId) -> Master:
        """What is known of an album."""
        payload = self.transport.get_json(f"/masters/{master_id}", {}, self._where)
        return parse_master(payload, self._where)

    def _user(self, username: str) -> str:
        """The path of a user. Names of dots alone would name another path."""
        if not username.strip("."):
            raise NotFound(self._where, "this cannot be the name of a Discogs user")
        return f"/users/{quote(username, safe='')}"
