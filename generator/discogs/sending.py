"""One request over the network: sent once, received whole, its troubles put into words."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import IncompleteRead
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from generator.discogs.answers import Answer, Trouble

_ACCEPT = "application/vnd.discogs.v2.plaintext+json"
_CHUNK = 16 * 1024
_MOST_CONNECTIONS = 20

Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where Discogs is: its API, and the site a person authorises at."""

    api: str
    web: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a run puts up with Discogs. Times in seconds, sizes in bytes."""

    max_wait: float = 600.0
    """Most that is spent in pauses, by all users of one Pacing together."""
    connect: float = 10.0
    read: float = 30.0
    """Longest silence."""
    answer: float = 60.0
    """Longest whole answer."""
    size: int = 32 * 1024 * 1024
    at_once: int = 6
    """Most requests under way together."""


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One request; signed by `auth` instead of the transport's own if there is one."""

    method: str
    path: str
    params: Params = field(default_factory=dict)
    auth: AuthBase | None = None


class Anonymous(AuthBase):
    """No credentials, not even those a .netrc file has for the host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Session(requests.Session):
    """A session that follows no redirect, keeps no cookie and uses no proxy on this machine."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.trust_env = not _is_loopback(address)
        for scheme in ("http://", "https://"):
            self.mount(scheme, HTTPAdapter(pool_maxsize=_MOST_CONNECTIONS))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere; the library would otherwise read a redirect's body before it hands it out."""


class Sender:
    """Sends requests of one set of credentials, from as many threads as there are."""

    def __init__(
        self,
        api: str,
        user_agent: str,
        auth: AuthBase,
        patience: Patience,
        clock: Callable[[], float],
    ) -> None:
        self.auth = auth
        self._api = api.rstrip("/")
        self._patience = patience
        self._clock = clock
        self._session = _Session(api)
        self._session.headers["User-Agent"] = "".join(c for c in user_agent if " " <= c <= "~")
        self._session.headers["Accept"] = _ACCEPT

    def send(self, call: Call) -> Answer | Trouble:
        """One request over the network.

        The library's exceptions hold the request with its Authorization header, so they end here.
        """
        deadline = self._clock() + self._patience.answer
        try:
            with self._session.request(
                call.method,
                self._api + call.path,
                params=call.params,
                auth=call.auth or self.auth,
                timeout=(self._patience.connect, self._patience.read),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = self._body(response, deadline)
                if isinstance(body, Trouble):
                    return body
                return Answer(response.status_code, response.headers, body)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            return Trouble(self._named(error), passing=not isinstance(error, ValueError))

    def _body(self, response: requests.Response, deadline: float) -> bytearray | Trouble:
        """The whole body. read1 returns what has arrived, so that a drip cannot outlast us."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._patience.size:
                return Trouble(f"Discogs sent more than {self._patience.size} bytes", passing=False)
            if self._clock() > deadline:
                return Trouble(f"Discogs took more than {self._patience.answer:g} s for one answer")
        return body

    def _named(self, error: Exception) -> str:
        """What went wrong on the way, in words that need no quotation from the error."""
        for kind, words in _NETWORK_TROUBLES:
            if any(isinstance(cause, kind) for cause in _causes(error)):
                return words.format(connect=self._patience.connect, read=self._patience.read)
        return "the connection to Discogs failed"


_NETWORK_TROUBLES: tuple[tuple[type[BaseException], str], ...] = (
    (requests.exceptions.ConnectTimeout, "no connection to Discogs within {connect:g} s"),
    (requests.exceptions.ReadTimeout, "Discogs was silent for {read:g} s"),
    (urllib3.exceptions.ReadTimeoutError, "Discogs was silent for {read:g} s"),
    (requests.exceptions.SSLError, "no secure connection to Discogs could be made"),
    (requests.exceptions.ProxyError, "the proxy gives no connection to Discogs"),
    (urllib3.exceptions.NameResolutionError, "the address of Discogs could not be looked up"),
    (ConnectionRefusedError, "the connection to Discogs was refused"),
    (ConnectionResetError, "the connection to Discogs was reset"),
    (IncompleteRead, "the answer of Discogs was cut short"),
    (urllib3.exceptions.DecodeError, "the answer of Discogs could not be decompressed"),
    (urllib3.exceptions.ProtocolError, "the connection to Discogs broke off"),
    (ValueError, "the address of Discogs cannot be used"),
)
"""Most telling first: an error and everything it was caused by is held against each."""


def _causes(error: BaseException) -> list[BaseException]:
    """The error and all exceptions it wraps, whichever way the libraries wrap them."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            waiting += [*cause.args, cause.__cause__, cause.__context__]
            waiting.append(getattr(cause, "reason", None))
    return found


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
