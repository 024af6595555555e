"""Signatures of OAuth 1.0a. Only accounts connected with OAuth load this and its libraries."""

import logging
import secrets

from oauthlib.common import Request
from oauthlib.oauth1 import Client
from requests_oauthlib import OAuth1

# Both libraries log what they sign, secrets included, at debug level.
for _library in ("oauthlib", "requests_oauthlib"):
    logging.getLogger(_library).setLevel(logging.WARNING)

__all__ = ["OAuth1", "Signer"]


class Signer(Client):
    """Signs with a nonce of 32 hexadecimal digits, drawn for every request.

    Discogs' collection takes longer nonces for anonymous requests, though its login accepts them.
    Nothing is kept between two signatures, so threads may share one.
    """

    def get_oauth_params(self, request: Request) -> list[tuple[str, str]]:
        """The parameters that go into the header, in no order."""
        nonce = self.nonce or secrets.token_hex(16)
        params = super().get_oauth_params(request)  # type: ignore[no-untyped-call] # of oauthlib
        return [(name, nonce if name == "oauth_nonce" else value) for name, value in params]

    def __repr__(self) -> str:
        return "Signer(***)"
