"""The code that ends a login, as a person hands it over: bare, or in the address redirected to."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from generator.errors import UsageError

WHERE = "CODE"
_HINT = "give the code Discogs shows, or the whole address it sends the browser back to"


@dataclass(frozen=True, slots=True, repr=False)
class Code:
    """How the owner answered. Never shown: its repr is redacted."""

    verifier: str
    """Proves it to Discogs; nothing when access was denied."""
    token: str | None = None
    """The request token it answers, which only an address tells."""

    def __repr__(self) -> str:
        return "Code(***)"


def parse_code(text: str) -> Code:
    """The code in what was typed or pasted; a line break in the middle does no harm.

    Raises UsageError, which does not repeat it, for what cannot be one.
    """
    pasted = "".join(text.split())
    if not re.fullmatch(r"[!-~]{1,2000}", pasted):
        raise UsageError(WHERE, "is no code: it is empty, too long, or has odd characters", _HINT)
    if re.search(r"://|oauth_verifier=|denied=", pasted):
        return _parse_address(pasted)
    return Code(pasted)


def _parse_address(address: str) -> Code:
    before, _, after = address.partition("#")[0].partition("?")
    query = {name: values[-1] for name, values in parse_qs(after or before).items()}
    if "denied" in query:
        return Code("", query["denied"])
    if "oauth_verifier" not in query:
        raise UsageError(WHERE, "is an address without oauth_verifier", _HINT)
    return Code(query["oauth_verifier"], query.get("oauth_token"))
