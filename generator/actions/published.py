"""The published site, read over the network: whether a collection of site.toml is due."""

from collections.abc import Callable
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

_WAIT = 20  # seconds
_MOST = 64 * 1024 * 1024  # bytes


def published_file(base_url: str) -> Callable[[str], str | None]:
    """Loads texts of the published site by path; None for one that cannot be had."""

    def load(path: str) -> str | None:
        if urlsplit(base_url).scheme not in ("http", "https"):
            return None
        asked = Request(base_url + quote(path), headers={"Cache-Control": "no-cache"})  # noqa: S310
        try:
            with urlopen(asked, timeout=_WAIT) as answer:  # noqa: S310 - the scheme is checked above
                return str(answer.read(_MOST), "utf-8", "replace")
        except (HTTPError, URLError, OSError, ValueError):
            return None

    return load
