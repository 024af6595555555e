"""Requests to Discogs: sent, timed, retried within bounds; nothing here knows what they mean."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import IncompleteRead
from http.cookiejar import DefaultCookiePolicy
from math import ceil
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from requests.auth import AuthBase

from generator.discogs.answers import Answer, Trouble, read_json, retry_after
from generator.discogs.pacing import Pacing, PauseTooLong
from generator.errors import RateLimited, Unavailable

Params = Mapping[str, str | int]

_ACCEPT = "application/vnd.discogs.v2.plaintext+json"
_RETRIES = 3
_CHUNK = 64 * 1024
_ANONYMOUS_LIMIT = 25
_TIMES = ("", "", " twice", " three times", " four times")

_Read = TypeVar("_Read")


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

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere; the library would otherwise read a redirect's body before it hands it out."""


class Transport:
    """A way to Discogs for one set of credentials. Answers are complete and understood, or errors.

    Only GETs are sent twice, and only where asking again may help.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        user_agent: str,
        auth: AuthBase,
        *,
        pacing: Pacing,
        patience: Patience | None = None,
    ) -> None:
        self.endpoints = endpoints
        self.seen_as_anonymous = False
        """Discogs granted an authenticated request no more than it grants to strangers."""
        self._auth = auth
        self._pacing = pacing
        self._patience = patience or Patience()
        self._session = _Session(endpoints.api)
        self._session.headers["User-Agent"] = "".join(c for c in user_agent if " " <= c <= "~")
        self._session.headers["Accept"] = _ACCEPT

    def get_json(self, path: str, params: Params, where: str) -> dict[str, Any]:
        """The JSON object at a path below the API. Raises DiscogsError, naming `where`."""
        return self.fetch(Call("GET", path, params), read_json, where)

    def fetch(
        self, call: Call, read: Callable[[Answer, str], _Read | Trouble], where: str
    ) -> _Read:
        """What `read` makes of the answer to a call. Raises DiscogsError, naming `where`.

        `read` returns a Trouble where asking again may help, and raises where it cannot.
        """
        troubles: list[str] = []
        while True:
            answer = self._attempt(call, where)
            outcome = read(answer, where) if isinstance(answer, Answer) else answer
            if not isinstance(outcome, Trouble):
                self._pacing.accepted()
                return outcome
            troubles.append(outcome.what)
            if not (outcome.passing and call.method == "GET" and self._rested(len(troubles))):
                raise Unavailable(where, _told(troubles))

    def _attempt(self, call: Call, where: str) -> Answer | Trouble:
        """One answer other than 429: those are sat out here. Raises RateLimited."""
        while True:
            self._wait_turn(where)
            answer = self._send(call)
            headers = answer.headers if isinstance(answer, Answer) else {}
            self._pacing.learn(headers)
            self._note_limit(call, headers)
            if isinstance(answer, Trouble) or answer.status != 429:
                return answer
            if not self._pacing.refused(retry_after(headers)):
                raise RateLimited(where, "Discogs answered 429, too many requests, again and again")
            if call.method != "GET":
                raise RateLimited(where, "Discogs answered 429, too many requests")

    def _wait_turn(self, where: str) -> None:
        try:
            self._pacing.wait_turn(self._patience.max_wait)
        except PauseTooLong as pause:
            seconds = ceil(pause.seconds)
        else:
            return
        raise RateLimited(
            where,
            f"Discogs allows no request for {seconds} s, and this run may not wait so long",
        )

    def _rested(self, troubles: int) -> bool:
        """Pause before another attempt, if there may be one."""
        if troubles > _RETRIES:
            return False
        try:
            self._pacing.pause(troubles - 1, self._patience.max_wait)
        except PauseTooLong:
            return False
        return True

    def _note_limit(self, call: Call, headers: Mapping[str, str]) -> None:
        own = call.auth is None and not isinstance(self._auth, Anonymous)
        if own and headers.get("X-Discogs-Ratelimit") == str(_ANONYMOUS_LIMIT):
            self.seen_as_anonymous = True

    def _send(self, call: Call) -> Answer | Trouble:
        """One request over the network.

        The library's exceptions hold the request with its Authorization header, so they end here.
        """
        deadline = self._pacing.clock() + self._patience.answer
        try:
            with self._session.request(
                call.method,
                self.endpoints.api.rstrip("/") + call.path,
                params=call.params,
                auth=call.auth or self._auth,
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

    def _body(self, response: requests.Response, deadline: float) -> bytes | Trouble:
        """The whole body. read1 returns what has arrived, so that a drip cannot outlast us."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._patience.size:
                return Trouble(f"Discogs sent more than {self._patience.size} bytes", passing=False)
            if self._pacing.clock() > deadline:
                return Trouble(f"Discogs took more than {self._patience.answer:g} s for one answer")
        return bytes(body)

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


def _told(troubles: list[str]) -> str:
    """The last trouble, and how often it came."""
    last = troubles[-1]
    if len(set(troubles)) == 1:
        return last + _TIMES[len(troubles)]
    return f"{last}, after {len(troubles) - 1} other failed attempts"


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
