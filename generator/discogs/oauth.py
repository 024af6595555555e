"""OAuth 1.0a and the other ways to sign a request: whose credentials go into which header."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote

import requests
from requests.auth import AuthBase

from generator.discogs.answers import Answer, Trouble, outage
from generator.discogs.sending import Anonymous, Call
from generator.discogs.transport import Transport
from generator.domain.account import Credentials, OAuthToken, PersonalToken
from generator.errors import ConfigError, DiscogsError, Refused, Unreadable

_LOGIN = "connect"
_KEY = "DISCOGS_OAUTH_CONSUMER_KEY"
_SECRET = "DISCOGS_OAUTH_CONSUMER_SECRET"  # noqa: S105 - the variable's name


@dataclass(frozen=True, slots=True, repr=False)
class Consumer:
    """The Discogs application that asks. Never shown: its repr is redacted."""

    key: str
    secret: str

    def __repr__(self) -> str:
        return "Consumer(***)"


@dataclass(frozen=True, slots=True, repr=False)
class RequestToken:
    """What a login starts with; its secret is needed again at the end, 15 minutes at most."""

    key: str
    secret: str

    def __repr__(self) -> str:
        return "RequestToken(***)"


class TokenAuth(AuthBase):
    """A personal access token in the Authorization header."""

    def __init__(self, token: PersonalToken) -> None:
        if not re.fullmatch("[!-~]+", token.token):
            raise ConfigError(
                ("DISCOGS_TOKEN", "is not a personal access token"),
                "copy the token as it stands at https://www.discogs.com/settings/developers",
            )
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Discogs token={self._token.token}"
        return request


def oauth1(
    consumer: Consumer,
    token: OAuthToken | RequestToken | None = None,
    *,
    callback: str | None = None,
    verifier: str | None = None,
    fixed: tuple[str, str] | None = None,
) -> AuthBase:
    """Signing with HMAC-SHA1 in the Authorization header.

    `fixed` is a nonce and a timestamp to use for every request, where signatures are compared.
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
    """What signs the requests for an account. Raises ConfigError if the application is unknown."""
    match credentials:
        case None:
            return Anonymous()
        case PersonalToken():
            return TokenAuth(credentials)
        case OAuthToken() if consumer:
            return oauth1(consumer, credentials)
        case OAuthToken():
            raise ConfigError(
                (f"{_KEY}, {_SECRET}", "are needed for accounts connected with OAuth"),
                "put both into .env; they are at https://www.discogs.com/settings/developers",
            )


def fetch_request_token(
    transport: Transport, consumer: Consumer, callback: str, where: str = _LOGIN
) -> RequestToken:
    """Begin a login that ends at `callback`, or with a code to type where that is "oob".

    Raises Refused if Discogs does not know the application.
    """
    auth = oauth1(consumer, callback=callback)
    token = transport.fetch(Call("GET", "/oauth/request_token", auth=auth), _read_first, where)
    return RequestToken(*token)


def authorize_url(web_url: str, request_token: RequestToken) -> str:
    """The page where a person allows the application to read as them."""
    return f"{web_url.rstrip('/')}/oauth/authorize?oauth_token={quote(request_token.key, safe='')}"


def fetch_access_token(
    transport: Transport,
    consumer: Consumer,
    request_token: RequestToken,
    verifier: str,
    where: str = _LOGIN,
) -> OAuthToken:
    """End a login with the code Discogs gave; asked for once, as a code is good for one try.

    Raises Refused if the code is wrong or too old.
    """
    auth = oauth1(consumer, request_token, verifier=verifier.strip())
    token = transport.fetch(Call("POST", "/oauth/access_token", auth=auth), _read_last, where)
    return OAuthToken(*token)


def _read_first(answer: Answer, where: str) -> tuple[str, str] | Trouble:
    refusal = Refused(
        where,
        "Discogs refused the application's key or secret",
        f"check {_KEY}, {_SECRET} and the clock of this machine",
    )
    return _read_token(answer, where, refusal)


def _read_last(answer: Answer, where: str) -> tuple[str, str] | Trouble:
    refusal = Refused(
        where,
        "Discogs refused the code: it is wrong or older than 15 minutes",
        "start again with build-site connect, and use the code at once",
    )
    return _read_token(answer, where, refusal)


def _read_token(answer: Answer, where: str, refusal: DiscogsError) -> tuple[str, str] | Trouble:
    """Key and secret of a token, which Discogs sends form-encoded and refuses in plain text.

    Nothing of a body is ever quoted: it may hold half of what is secret.
    """
    if trouble := outage(answer):
        return trouble
    text = answer.body.decode("utf-8", "replace").strip()
    if text.startswith("<"):
        return Trouble(f"Discogs answered {answer.status} with a web page")
    if answer.status in {400, 401, 403}:
        raise refusal
    if answer.status != 200:
        return Trouble(f"Discogs answered {answer.status} where it gives tokens", passing=False)
    if not text:
        return Trouble("Discogs sent an empty answer")
    fields = parse_qs(text)
    key, secret = (fields.get(name, [""])[0] for name in ("oauth_token", "oauth_token_secret"))
    if not key or not secret:
        raise Unreadable(where, "Discogs sent something else than a token", "try again")
    return key, secret
