"""One request over the network: sent once, received whole, and its response understood."""

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import IncompleteRead
from http.cookiejar import DefaultCookiePolicy
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from generator.discogs.payloads import clean
from generator.errors import DiscogsError, NotFound, Refused, Unauthorized, Unavailable

_ACCEPT = "application/vnd.discogs.v2.plaintext+json"
_CHUNK = 16 * 1024
_MAX_CONNECTIONS = 20
_MAX_PAUSE = 3600
_TRANSIENT = frozenset({500, 502, 503, 504, *range(520, 531)})
"""Worth a retry: failures of the server, and of the network in front of it."""
_PLAIN_SENTENCE = re.compile(r"[A-Za-z'’]{1,16}[.,:;!]?(?: [A-Za-z'’]{1,16}[.,:;!]?)*")
"""A text that cannot hold an address, a number or a credential."""

Params = Mapping[str, str | int]
NO_PARAMS: Params = MappingProxyType({})


class Endpoints(NamedTuple):
    """The addresses of Discogs: its API, and the site where a person authorises."""

    api: str
    web: str


class Timeouts(NamedTuple):
    """Bounds on one request, in seconds and bytes."""

    connect: float = 10.0
    read: float = 30.0  # longest silence
    response: float = 60.0  # longest whole response
    size: int = 32 * 1024 * 1024


class Call(NamedTuple):
    """One request; `auth` replaces the sender's own credentials."""

    method: str
    path: str
    params: Params = NO_PARAMS
    auth: AuthBase | None = None


class Response(NamedTuple):
    """One response, completely received."""

    status: int
    headers: Mapping[str, str]  # case-insensitive
    body: bytes | bytearray

    def __repr__(self) -> str:
        return f"Response({self.status})"


class Failure(NamedTuple):
    """The reason there is no usable response, and whether a retry may help."""

    what: str
    transient: bool = True


class Anonymous(AuthBase):
    """No credentials, not even those a .netrc file has for the host."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class PlainSession(requests.Session):
    """A session that follows no redirect, keeps no cookie and uses no proxy for loopback."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.trust_env = not is_loopback(urlsplit(address).hostname or "")
        for scheme in ("http://", "https://"):
            self.mount(scheme, HTTPAdapter(pool_maxsize=_MAX_CONNECTIONS))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None; the library would otherwise read a redirect's body before it returns it."""


class Sender:
    """Sends requests with one set of credentials, from any number of threads."""

    def __init__(
        self,
        api: str,
        user_agent: str,
        auth: AuthBase,
        timeouts: Timeouts,
        clock: Callable[[], float],
    ) -> None:
        self.auth = auth
        self._api = api.rstrip("/")
        self._timeouts = timeouts
        self._clock = clock
        self._session = PlainSession(api)
        self._session.headers["User-Agent"] = "".join(c for c in user_agent if " " <= c <= "~")
        self._session.headers["Accept"] = _ACCEPT

    def send(self, call: Call) -> Response | Failure:
        """One request over the network.

        The library's exceptions hold the request with its Authorization header, so they end here.
        """
        deadline = self._clock() + self._timeouts.response
        try:
            with self._session.request(
                call.method,
                self._api + call.path,
                params=call.params,
                auth=call.auth or self.auth,
                timeout=(self._timeouts.connect, self._timeouts.read),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = self._body(response, deadline)
                if isinstance(body, Failure):
                    return body
                return Response(response.status_code, response.headers, body)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            reason = network_failure(error, self._timeouts)
            return Failure(reason, transient=not isinstance(error, ValueError))

    def _body(self, response: requests.Response, deadline: float) -> bytearray | Failure:
        """The whole body. read1 returns the bytes that have arrived, so no drip lasts."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._timeouts.size:
                return Failure(f"Discogs sent more than {self._timeouts.size} bytes", False)
            if self._clock() > deadline:
                seconds = f"{self._timeouts.response:g} s"
                return Failure(f"Discogs took more than {seconds} for a response")
        return body


class Probe(NamedTuple):
    """Whether an address answers."""

    failure: str  # why it does not, in words; "" if it does
    date: datetime | None = None  # the time there, from the answer


def probe(address: str, user_agent: str) -> Probe:
    """Ask an address once, without credentials. Any answer below 500 will do."""
    session = PlainSession(address)
    session.headers["User-Agent"] = user_agent
    times = Timeouts()
    try:
        with session.get(
            address,
            auth=Anonymous(),
            timeout=(times.connect, times.read),
            allow_redirects=False,
            stream=True,
        ) as response:
            status, sent = response.status_code, response.headers.get("Date", "")
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        return Probe(network_failure(error, times))
    if status >= 500:
        return Probe(f"{urlsplit(address).hostname} answered {status}")
    try:
        return Probe("", parsedate_to_datetime(sent).astimezone(UTC))
    except ValueError:
        return Probe("")


def network_failure(error: Exception, timeouts: Timeouts) -> str:
    """The failure in words, without a quotation from the error."""
    causes = _causes(error)
    for kind, text in _NETWORK_FAILURES:
        if any(isinstance(cause, kind) for cause in causes):
            return text.format(connect=timeouts.connect, read=timeouts.read)
    return "the connection to Discogs failed"


_NETWORK_FAILURES: tuple[tuple[type[BaseException], str], ...] = (
    (requests.exceptions.ConnectTimeout, "no connection to Discogs within {connect:g} s"),
    (requests.exceptions.ReadTimeout, "no data from Discogs for {read:g} s"),
    (urllib3.exceptions.ReadTimeoutError, "no data from Discogs for {read:g} s"),
    (requests.exceptions.SSLError, "no secure connection to Discogs is possible"),
    (requests.exceptions.ProxyError, "the proxy refuses the connection to Discogs"),
    (urllib3.exceptions.NameResolutionError, "the address of Discogs cannot be resolved"),
    (ConnectionRefusedError, "the connection to Discogs was refused"),
    (ConnectionResetError, "the connection to Discogs was reset"),
    (IncompleteRead, "the response from Discogs was cut short"),
    (urllib3.exceptions.DecodeError, "the response from Discogs cannot be decompressed"),
    (urllib3.exceptions.ProtocolError, "the connection to Discogs broke off"),
    (ValueError, "the address of Discogs cannot be used"),
)
"""The most specific first: an error and all its causes are compared with each."""


def read_json(response: Response) -> dict[str, Any] | Failure:
    """The JSON object of a response, or the failure in its place.

    Raises Unauthorized, Refused or NotFound where Discogs says so in JSON. The same statuses with
    a web page come from a proxy in front of Discogs and say nothing about the account.
    """
    if failure := status_failure(response):
        return failure
    payload = _parsed_json(response.body)
    if 200 <= response.status < 300:
        return payload if isinstance(payload, dict) else _unusable(response, payload)
    if isinstance(payload, dict):
        raise _refusal(response.status, payload)
    return Failure(
        f"Discogs answered {response.status} without JSON", response.status in {403, 404}
    )


def status_failure(response: Response) -> Failure | None:
    """The failure that a status alone shows, None where the body matters."""
    if response.status in _TRANSIENT:
        return Failure(f"Discogs answered {response.status}")
    if 300 <= response.status < 400:
        return Failure(
            f"Discogs answered {response.status}, a redirect, which is not followed", False
        )
    return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The pause that Retry-After asks for, in seconds up to an hour; None for anything else.

    A date is compared with the response's own, because the clock here may be wrong.
    """
    text = headers.get("Retry-After", "")
    try:
        seconds = float(text)
    except ValueError:
        try:
            date = parsedate_to_datetime(headers.get("Date", ""))
            seconds = (parsedate_to_datetime(text) - date).total_seconds()
        except (ValueError, TypeError):
            return None
    return seconds if 0 < seconds <= _MAX_PAUSE else None


def _parsed_json(body: bytes | bytearray) -> Any:
    """The JSON value of a body, None if it is not JSON (or null)."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _unusable(response: Response, payload: Any) -> Failure:
    if not response.body.strip():
        return Failure("Discogs sent an empty response")
    if payload is None and response.body.strip() != b"null":
        return Failure("Discogs sent a response that is not JSON")
    return Failure("Discogs sent JSON that is not an object")


def _refusal(status: int, payload: dict[str, Any]) -> DiscogsError:
    """The error of a status, with Discogs' own message if it is one short plain sentence."""
    text = clean(payload.get("message"))
    plain = isinstance(text, str) and len(text) < 120 and _PLAIN_SENTENCE.fullmatch(text)
    quoted = f": {text}" if plain else ""
    match status:
        case 401:
            return Unauthorized("", f"Discogs does not accept the credentials{quoted}")
        case 403:
            return Refused("", f"Discogs does not allow this{quoted}")
        case 404:
            return NotFound("", f"Discogs does not find this{quoted}")
        case _:
            error = DiscogsError if status < 500 else Unavailable
            return error("", f"Discogs answered {status}{quoted}")


def _causes(error: BaseException) -> list[BaseException]:
    """The error and all exceptions it wraps, in whichever way the libraries wrap them."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            waiting += [*cause.args, cause.__cause__, cause.__context__]
            waiting.append(getattr(cause, "reason", None))
    return found


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
