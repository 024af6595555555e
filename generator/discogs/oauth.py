"""OAuth 1.0a and the other ways to sign a request, and the code that ends a login."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, quote

import requests
from requests.auth import AuthBase

from generator.discogs.http import Anonymous, Call, Failure, Response, status_failure
from generator.discogs.transport import Transport
from generator.domain.account import Credentials, OAuthToken, PersonalToken
from generator.errors import (
    SECRETS_PAGE,
    SETTINGS_PAGE,
    ConfigError,
    DiscogsError,
    Refused,
    Unreadable,
    UsageError,
)

KEY_SETTING = "DISCOGS_OAUTH_CONSUMER_KEY"
SECRET_SETTING = "DISCOGS_OAUTH_CONSUMER_SECRET"  # noqa: S105 - the variable's name
OUT_OF_BAND = "oob"  # in place of a callback address: Discogs then shows a code
_QUOTES = "\"'‘’“”„«»<>()[].,:;!"
_CODE_HINT = "give the code that Discogs shows, or the whole address it redirects to"


class Consumer(NamedTuple):
    """The Discogs application that asks. Its repr is redacted."""

    key: str
    secret: str

    def __repr__(self) -> str:
        return "Consumer(***)"


class RequestToken(NamedTuple):
    """The token of a login in progress; its secret is needed again at the end. Redacted."""

    key: str
    secret: str

    def __repr__(self) -> str:
        return "RequestToken(***)"


class Code(NamedTuple):
    """The owner's answer to a login. Its repr is redacted."""

    verifier: str  # the proof for Discogs; "" when access was denied
    token: str | None = None  # the request token it answers, which only an address contains

    def __repr__(self) -> str:
        return "Code(***)"


class TokenAuth(AuthBase):
    """A personal access token in the Authorization header."""

    def __init__(self, token: PersonalToken) -> None:
        if not re.fullmatch("[!-~]+", token.token):
            raise ConfigError(
                ("DISCOGS_TOKEN", "is not a personal access token"),
                f"copy the token exactly as {SETTINGS_PAGE} shows it",
            )
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Discogs token={self._token.token}"
        return request


def checked_consumer(key: str, secret: str) -> Consumer:
    """The Discogs application. Raises ConfigError naming the settings that are missing."""
    named = {KEY_SETTING: key, SECRET_SETTING: secret}
    missing = [(name, "is not set") for name, value in named.items() if not value]
    if missing:
        raise ConfigError(
            missing,
            f"register an application at {SETTINGS_PAGE} and put its key and secret into .env; "
            "or connect without one: --token with a personal access token, or --anonymous NAME",
            form=f"register an application at {SETTINGS_PAGE} and add both secrets: {SECRETS_PAGE}",
        )
    return Consumer(key, secret)


def oauth1(
    consumer: Consumer,
    token: OAuthToken | RequestToken | None = None,
    *,
    callback: str | None = None,
    verifier: str | None = None,
    fixed: tuple[str, str] | None = None,
) -> AuthBase:
    """Signing with HMAC-SHA1 in the Authorization header.

    `fixed` is a nonce and a timestamp for every request, to compare signatures.
    """
    from generator.discogs.signing import OAuth1, Signer  # noqa: PLC0415 - tokens do without it

    nonce, timestamp = fixed or (None, None)
    return OAuth1(
        consumer.key,
        consumer.secret,
        token.key if token else None,
        token.secret if token else None,
        callback_uri=callback,
        verifier=verifier,
        client_class=Signer,
        nonce=nonce,
        timestamp=timestamp,
    )


def signer(credentials: Credentials, consumer: Consumer | None) -> AuthBase:
    """The signature of an account's requests. Raises ConfigError: OAuth needs the application."""
    if isinstance(credentials, OAuthToken):
        return oauth1(consumer or checked_consumer("", ""), credentials)
    return TokenAuth(credentials) if credentials else Anonymous()


def fetch_request_token(transport: Transport, consumer: Consumer, callback: str) -> RequestToken:
    """Begin a login that ends at `callback`, or with a code where that is OUT_OF_BAND.

    Raises Refused if Discogs does not know the application.
    """
    refusal = Refused(
        "connect",
        "Discogs refused the application's key or secret",
        f"check {KEY_SETTING}, {SECRET_SETTING} and the clock of this machine",
        form=f"check {KEY_SETTING} and {SECRET_SETTING}, which may be exchanged: {SECRETS_PAGE}",
    )
    call = Call("GET", "/oauth/request_token", auth=oauth1(consumer, callback=callback))
    return RequestToken(*transport.fetch(call, lambda response: _token(response, refusal)))


def authorize_url(web_url: str, request_token: RequestToken) -> str:
    """The page where a person allows the application to read their collection."""
    return f"{web_url.rstrip('/')}/oauth/authorize?oauth_token={quote(request_token.key, safe='')}"


def fetch_access_token(
    transport: Transport, consumer: Consumer, request_token: RequestToken, verifier: str
) -> OAuthToken:
    """End a login with the code from Discogs. One attempt, as a code is valid for one.

    Raises Refused if the code is wrong or too old.
    """
    refusal = Refused(
        "connect",
        "Discogs refused the code: it is wrong or older than 15 minutes",
        "run build-site connect again, and use the code at once",
        form="run Connect again with the action connect, and use the code at once",
    )
    auth = oauth1(consumer, request_token, verifier=verifier.strip())
    call = Call("POST", "/oauth/access_token", auth=auth)
    return OAuthToken(*transport.fetch(call, lambda response: _token(response, refusal)))


def parse_code(text: str) -> Code:
    """The code in a text that was typed or pasted: bare, quoted, in words, or in an address.

    Raises UsageError, which does not quote it, for a text that cannot hold one.
    """
    pasted = text.strip()
    if len(pasted) > 4000:
        raise UsageError("CODE", "is too long", _CODE_HINT)
    if not re.search(r"[^\S\r\n]", pasted):
        pasted = "".join(pasted.split())  # only broken into lines
    address = re.search(r"\S*(?:oauth_verifier=|denied=)\S*", pasted)
    if address:
        return _parse_address(address[0].strip(_QUOTES))
    if "://" in pasted:
        raise UsageError("CODE", "is an address without oauth_verifier", _CODE_HINT)
    words = [word.strip(_QUOTES) for word in pasted.split()]
    codes = [word for word in words if re.fullmatch(r"[!-~]+", word)]
    # Among words, the code is the one that no language writes, else the longest.
    odd = [word for word in codes if re.search(r"\d|[a-z][A-Z]", word)]
    longest = [word for word in codes if len(word) == max(map(len, codes))]
    for found in (codes, odd, longest):
        if len(found) == 1:
            return Code(found[0])
    raise UsageError("CODE", "does not hold a code", _CODE_HINT)


def _parse_address(address: str) -> Code:
    before, _, after = address.partition("#")[0].partition("?")
    query = {name: values[-1] for name, values in parse_qs(after or before).items()}
    if "denied" in query:
        return Code("", query["denied"])
    if "oauth_verifier" not in query:
        raise UsageError("CODE", "is an address without oauth_verifier", _CODE_HINT)
    return Code(query["oauth_verifier"], query.get("oauth_token"))


def _token(response: Response, refusal: DiscogsError) -> tuple[str, str] | Failure:
    """Key and secret of a token, which Discogs sends form-encoded and refuses in plain text.

    A body is never quoted: it may hold half of a secret.
    """
    if failure := status_failure(response):
        return failure
    text = response.body.decode("utf-8", "replace").strip()
    if text.startswith("<"):
        return Failure(f"Discogs answered {response.status} with a web page")
    if response.status in {400, 401, 403}:
        raise refusal
    if response.status != 200:
        return Failure(f"Discogs answered {response.status} instead of a token", transient=False)
    if not text:
        return Failure("Discogs sent an empty response")
    fields = parse_qs(text)
    key, secret = (fields.get(name, [""])[0] for name in ("oauth_token", "oauth_token_secret"))
    if not key or not secret:
        raise Unreadable("connect", "Discogs did not send a token", "try again")
    return key, secret
