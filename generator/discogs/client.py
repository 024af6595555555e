"""Discogs for the use cases: one quota for a run, a client for each set of credentials."""

from collections.abc import Callable, Generator, Sequence
from urllib.parse import quote

from generator.discogs.http import Call, Endpoints, Params, read_json
from generator.discogs.oauth import Consumer, signer
from generator.discogs.pacing import OnPause, Pacing
from generator.discogs.payloads import parse_folders, parse_identity, parse_page
from generator.discogs.transport import RetryPolicy, Transport
from generator.domain.account import Credentials, Identity, OAuthToken
from generator.domain.collection import CollectionPage
from generator.errors import NotFound

_OLDEST_FIRST: Params = {"per_page": 100, "sort": "added", "sort_order": "asc"}


class Discogs:
    """Discogs as seen with one set of credentials. Every method raises DiscogsError."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def fetch_identity(self) -> Identity:
        """The user these credentials belong to."""
        return parse_identity(self.transport.get_json("/oauth/identity"))

    def fetch_profile(self, username: str) -> Identity:
        """The user of that name, spelt as Discogs spells it; nothing else of the profile."""
        return parse_identity(self.transport.get_json(_user_path(username)))

    def fetch_folders(self, username: str) -> dict[int, str]:
        """The visible folders: 0 at most for anonymous callers, always 0 and 1 for the owner."""
        path = f"{_user_path(username)}/collection/folders"
        return parse_folders(self.transport.get_json(path))

    def fetch_pages(
        self, username: str, pages: Sequence[int]
    ) -> Generator[CollectionPage, None, None]:
        """Pages of the whole collection, oldest additions first, as they arrive; from 1."""
        path = f"{_user_path(username)}/collection/folders/0/releases"
        calls = [Call("GET", path, {"page": page, **_OLDEST_FIRST}) for page in pages]
        for call, payload in self.transport.fetch_all(calls, read_json):
            yield parse_page(payload, int(call.params["page"]))


class DiscogsAccess:
    """Makes clients for credentials; all requests of a run share one quota."""

    def __init__(
        self,
        endpoints: Endpoints,
        user_agent: str,
        consumer: Callable[[], Consumer],
        retry: RetryPolicy,
        on_pause: OnPause,
    ) -> None:
        self.endpoints = endpoints
        self.consumer = consumer
        """The Discogs application. Raises ConfigError if it is not configured."""
        self._user_agent = user_agent
        self._retry = retry
        self._pacing = Pacing()
        self._pacing.on_pause = on_pause

    def transport(self, credentials: Credentials = None) -> Transport:
        """A transport with these credentials."""
        consumer = self.consumer() if isinstance(credentials, OAuthToken) else None
        return Transport(
            self.endpoints,
            self._user_agent,
            signer(credentials, consumer),
            pacing=self._pacing,
            retry=self._retry,
        )

    def client(self, credentials: Credentials) -> Discogs:
        """A client with these credentials."""
        return Discogs(self.transport(credentials))


def _user_path(username: str) -> str:
    """The path of a user. A name of dots alone would be another path."""
    if not username.strip("."):
        raise NotFound("", "this cannot be the name of a Discogs user")
    return f"/users/{quote(username, safe='')}"
