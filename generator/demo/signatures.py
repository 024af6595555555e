"""OAuth 1.0a from the provider's side: issues tokens, verifies signatures, takes a nonce once."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from oauthlib import common
from oauthlib.oauth1.rfc5849 import signature

from generator.demo.wire import FORM, JSON, TEXT, Refusal, Reply, Request

REQUEST_TOKEN_LIFETIME = 15 * 60  # seconds
_VERIFIERS = {"HMAC-SHA1": signature.verify_hmac_sha1, "PLAINTEXT": signature.verify_plaintext}
_NONCONFORMING = (
    "This URL is an OAuth endpoint, but the request you made doesn't appear to conform to "
    "the OAuth 1.0a protocol."
)
_MALFORMED = (400, _NONCONFORMING, TEXT)
_UNKNOWN_TOKEN = (401, "Invalid consumer token.", JSON)


@dataclass(frozen=True, slots=True)
class Application:
    """A registered application: the OAuth consumer."""

    key: str = "ck_GatefoldDemo"
    secret: str = "cs_GatefoldDemoSecret"  # noqa: S105 - opens nothing but the stand-in
    name: str = "Gatefold demo"


@dataclass(slots=True)
class Token:
    """A request token, or the access token of a user."""

    secret: str
    username: str = ""
    callback: str = ""
    issued: float = 0.0
    verifier: str = ""  # of a request token, once a user has authorised it


class Grants:
    """The tokens issued to one application. Errors are raised as Refusal."""

    def __init__(self, consumer: Application, clock: Callable[[], float]) -> None:
        self.consumer = consumer
        self.request_tokens: dict[str, Token] = {}
        self.access_tokens: dict[str, Token] = {}
        self._clock = clock
        self._nonces: set[tuple[str, str, str]] = set()

    def live_request_token(self, key: str) -> Token | None:
        """The request token, unless it is unknown, used or older than 15 minutes."""
        token = self.request_tokens.get(key)
        expired = token is None or self._clock() - token.issued > REQUEST_TOKEN_LIFETIME
        return None if expired else token

    def issue_access_token(self, username: str) -> tuple[str, str]:
        """Key and secret of a new access token."""
        key, secret = secrets.token_hex(20), secrets.token_hex(20)
        self.access_tokens[key] = Token(secret, username)
        return key, secret

    def request_token(self, request: Request) -> Reply:
        """Step 1 of the login: issue a request token."""
        sent = self._verified(request, lambda key: None if key else Token(""), _MALFORMED)
        callback = sent.get("oauth_callback", "oob")
        if callback != "oob" and not callback.startswith(("http://", "https://")):
            raise Refusal(*_MALFORMED)
        key, secret = secrets.token_hex(20), secrets.token_hex(20)
        self.request_tokens[key] = Token(secret, callback=callback, issued=self._clock())
        return _form(oauth_token=key, oauth_token_secret=secret, oauth_callback_confirmed="true")

    def access_token(self, request: Request) -> Reply:
        """Step 3: exchange an authorised request token, once."""
        sent = self._verified(request, self.live_request_token, _MALFORMED)
        token = self.request_tokens[sent["oauth_token"]]
        if not token.verifier or sent.get("oauth_verifier") != token.verifier:
            raise Refusal(*_MALFORMED)
        del self.request_tokens[sent["oauth_token"]]
        key, secret = self.issue_access_token(token.username)
        return _form(oauth_token=key, oauth_token_secret=secret)

    def username(self, request: Request) -> str:
        """The user whose access token signed this request."""
        sent = self._verified(request, self.access_tokens.get, _UNKNOWN_TOKEN)
        return self.access_tokens[sent["oauth_token"]].username

    def _verified(
        self,
        request: Request,
        token_of: Callable[[str], Token | None],
        invalid: tuple[int, str, str],
    ) -> dict[str, str]:
        """The parameters of a request with a valid signature; else raises Refusal(*invalid)."""
        query, header = urlsplit(request.url).query, {"Authorization": request.authorization}
        try:
            parameters = signature.collect_parameters(
                query, request.form, header, exclude_oauth_signature=False
            )
        except ValueError as error:
            raise Refusal(*invalid) from error
        sent = dict(parameters)
        if not _well_formed(sent):
            raise Refusal(*invalid)
        if sent["oauth_consumer_key"] != self.consumer.key:
            raise Refusal(401, "Invalid consumer.", TEXT)
        token = token_of(sent.setdefault("oauth_token", ""))
        if token is None:
            raise Refusal(*invalid)
        signed: Any = common.Request(request.url, request.method)  # type: ignore[arg-type]
        signed.params = [pair for pair in parameters if pair[0] != "oauth_signature"]
        signed.signature = sent["oauth_signature"]
        verify = _VERIFIERS[sent["oauth_signature_method"]]
        if not verify(signed, self.consumer.secret, token.secret):
            raise Refusal(401, "Invalid signature.")
        used = (sent["oauth_timestamp"], sent["oauth_nonce"], sent["oauth_token"])
        if used in self._nonces:
            raise Refusal(401, "Invalid nonce or timestamp.")
        self._nonces.add(used)
        return sent


def _well_formed(sent: Mapping[str, str]) -> bool:
    """Discogs' strict backend wants nonces of at most 64 characters and timestamps in seconds.

    Its tolerance for wrong clocks is unknown, so any ten digits pass.
    """
    return bool(
        sent.get("oauth_consumer_key")
        and sent.get("oauth_signature")
        and sent.get("oauth_signature_method") in _VERIFIERS
        and sent.get("oauth_version", "1.0") == "1.0"
        and re.fullmatch("[ -~]{1,64}", sent.get("oauth_nonce", ""))
        and re.fullmatch("[0-9]{10}", sent.get("oauth_timestamp", ""))
    )


def _form(**values: str) -> Reply:
    return Reply(200, urlencode(values).encode(), FORM)
