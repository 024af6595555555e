"""OAuth 1.0a from the provider's side: every signature is checked, every nonce used once."""

# ruff: noqa: ARG002 - oauthlib settles which arguments a validator is given

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from oauthlib.oauth1 import (
    SIGNATURE_HMAC_SHA1,
    SIGNATURE_PLAINTEXT,
    AccessTokenEndpoint,
    OAuth1Error,
    RequestTokenEndpoint,
    RequestValidator,
    ResourceEndpoint,
)

from generator.demo.answers import FORM, MALFORMED, REVOKED, Answer, message, text
from generator.demo.people import Consumer

REQUEST_TOKEN_LIFE = 15 * 60
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Call:
    """The parts of a request that a signature covers."""

    url: str
    method: str
    body: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class RequestToken:
    """An authorisation under way."""

    secret: str
    callback: str
    issued: float
    verifier: str | None = None
    username: str = ""
    """Who authorised it."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A finished authorisation."""

    secret: str
    username: str


class Grants(RequestValidator):
    """What the provider remembers: the application, tokens, and the nonces already used."""

    allowed_signature_methods = (SIGNATURE_HMAC_SHA1, SIGNATURE_PLAINTEXT)
    enforce_ssl = False
    nonce_length = 1, 64
    client_key_length = request_token_length = access_token_length = verifier_length = 1, 200
    dummy_client = dummy_request_token = dummy_access_token = "-"  # noqa: S105
    # Discogs' own tolerance is unknown, and clients under test may keep another time.
    timestamp_lifetime = 10**12

    def __init__(self, consumer: Consumer, clock: Callable[[], float]) -> None:
        super().__init__()
        self.consumer = consumer
        self.request_tokens: dict[str, RequestToken] = {}
        self.access_tokens: dict[str, AccessToken] = {}
        self._clock = clock
        self._nonces: set[tuple[str, str, str, str | None]] = set()

    @property
    def safe_characters(self) -> set[str]:
        """Letters and digits, and what outside tools put into tokens besides."""
        return set(super().safe_characters) | set("_-.")

    def live_request_token(self, key: str) -> RequestToken | None:
        """The request token, unless it is unknown, used up or older than 15 minutes."""
        token = self.request_tokens.get(key)
        old = token is not None and self._clock() - token.issued > REQUEST_TOKEN_LIFE
        return None if old else token

    def issue_request_token(self, callback: str) -> tuple[str, str]:
        """A new request token: key and secret."""
        key, secret = secrets.token_hex(20), secrets.token_hex(20)
        self.request_tokens[key] = RequestToken(secret, callback, self._clock())
        return key, secret

    def issue_access_token(self, username: str) -> tuple[str, str]:
        """A new access token for somebody: key and secret."""
        key, secret = secrets.token_hex(20), secrets.token_hex(20)
        self.access_tokens[key] = AccessToken(secret, username)
        return key, secret

    def validate_timestamp_and_nonce(  # noqa: PLR0913, PLR0917 - oauthlib's signature
        self,
        client_key: str,
        timestamp: str,
        nonce: str,
        request: Any,
        request_token: str | None = None,
        access_token: str | None = None,
    ) -> bool:
        """Whether this nonce is new for its second and its token."""
        used = (client_key, timestamp, nonce, request_token or access_token)
        new = used not in self._nonces
        self._nonces.add(used)
        return new

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        return client_key == self.consumer.key

    def validate_request_token(self, client_key: str, token: str, request: Any) -> bool:
        return self.live_request_token(token) is not None

    def validate_access_token(self, client_key: str, token: str, request: Any) -> bool:
        return token in self.access_tokens

    def validate_verifier(self, client_key: str, token: str, verifier: str, request: Any) -> bool:
        known = self.live_request_token(token)
        return known is not None and known.verifier == verifier

    def validate_redirect_uri(self, client_key: str, redirect_uri: str, request: Any) -> bool:
        return redirect_uri == "oob" or redirect_uri.startswith(("http://", "https://"))

    def validate_requested_realms(self, client_key: str, realms: Any, request: Any) -> bool:
        return True

    def validate_realms(
        self, client_key: str, token: str, request: Any, uri: Any = None, realms: Any = None
    ) -> bool:
        return True

    def get_default_realms(self, client_key: str, request: Any) -> list[str]:
        return []

    def get_client_secret(self, client_key: str, request: Any) -> str:
        return self.consumer.secret if client_key == self.consumer.key else secrets.token_hex(20)

    def get_request_token_secret(self, client_key: str, token: str, request: Any) -> str:
        known = self.request_tokens.get(token)
        return known.secret if known else secrets.token_hex(20)

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:
        known = self.access_tokens.get(token)
        return known.secret if known else secrets.token_hex(20)


class Desk(RequestTokenEndpoint, AccessTokenEndpoint, ResourceEndpoint):
    """Answers the two OAuth addresses, and says whose signature a request carries."""

    def __init__(self, grants: Grants) -> None:
        super().__init__(grants)
        self.grants = grants

    def request_token(self, call: Call) -> Answer:
        """Hand out a request token, or say what is wrong."""
        request = self._checked(call, self.validate_request_token_request)
        if isinstance(request, Answer):
            return request
        key, secret = self.grants.issue_request_token(request.redirect_uri)
        return _form(oauth_token=key, oauth_token_secret=secret, oauth_callback_confirmed="true")

    def access_token(self, call: Call) -> Answer:
        """Exchange an authorised request token, once."""
        request = self._checked(call, self.validate_access_token_request)
        if isinstance(request, Answer):
            return request
        username = self.grants.request_tokens.pop(request.resource_owner_key).username
        key, secret = self.grants.issue_access_token(username)
        return _form(oauth_token=key, oauth_token_secret=secret)

    def username(self, call: Call) -> str | Answer:
        """Whose access token signed this request, or the refusal."""
        valid, request = self.validate_protected_resource_request(
            call.url, call.method, call.body, dict(call.headers)
        )
        if valid:
            return self.grants.access_tokens[request.resource_owner_key].username
        if request is None:
            return text(401, "Parameter not found: oauth_consumer_key")
        return _refusal(request.validator_log, token=REVOKED)

    def _checked(self, call: Call, validate: Callable[[Any], tuple[bool, Any]]) -> Any | Answer:
        try:
            request = self._create_request(  # type: ignore[attr-defined]  # absent from its stubs
                call.url, call.method, call.body, dict(call.headers)
            )
            valid, request = validate(request)
        except OAuth1Error:
            return MALFORMED
        return request if valid else _refusal(request.validator_log, token=MALFORMED)


def _refusal(log: Mapping[str, bool], token: Answer) -> Answer:
    """What Discogs says to a request whose checks came out like `log`."""
    if log.get("client") is False:
        return text(401, "Invalid consumer.")
    if log.get("resource_owner") is False:
        return token
    if log.get("signature") is False:
        return message(401, "Invalid signature.")
    if log.get("verifier") is False:
        return token
    return message(401, "Invalid nonce or timestamp.")


def _form(**values: str) -> Answer:
    return Answer(200, urlencode(values).encode(), FORM)
