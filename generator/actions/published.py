"""The published site, read over the network: is it the last one that was built?"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from generator.derive.formatting import rfc3339
from generator.domain.account import Account, Privacy, tree_path

_WAIT = 20  # seconds
_MOST = 64 * 1024 * 1024  # bytes
_ENTRY = re.compile(r"<loc>([^<]*?)(u/[^/<]+/)</loc>(?:<lastmod>([^<]*)</lastmod>)?")

Load = Callable[[str], str | None]
"""The text of a file by path; "" for one that is not there, None if that cannot be known."""


def published_file(base_url: str) -> Load:
    """Loads files of the site at an address."""

    def load(path: str) -> str | None:
        status, text = _asked(base_url + quote(path), {"Cache-Control": "no-cache"})
        return text if status in (200, 404) else None

    return load


def _asked(address: str, headers: Mapping[str, str]) -> tuple[int, str]:
    """The status at an address, 0 if it cannot be known, and the text of a success."""
    if urlsplit(address).scheme not in ("http", "https"):
        return 0, ""
    asked = Request(address, headers=headers)  # noqa: S310 - the scheme is checked above
    try:
        with urlopen(asked, timeout=_WAIT) as answer:  # noqa: S310 - likewise
            return 200, str(answer.read(_MOST), "utf-8", "replace")
    except HTTPError as error:
        error.close()
        return error.code, ""
    except (OSError, ValueError):
        return 0, ""


def has_pages() -> bool:
    """Whether GitHub Pages is switched on for this repository; True if that cannot be known.

    Source: GitHub's API, asked with GITHUB_TOKEN, which may read this.
    """
    api, name = os.environ.get("GITHUB_API_URL", ""), os.environ.get("GITHUB_REPOSITORY", "")
    token = os.environ.get("GITHUB_TOKEN", "")
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
    return not token or _asked(f"{api}/repos/{quote(name)}/pages", headers)[0] != 404


def is_deployed(load: Load, accounts: Iterable[Account], listed: Iterable[str]) -> bool:
    """Whether the published site shows the newest snapshots of the accounts, and no others.

    Its sitemap tells of the public ones, each unlisted link of itself. `listed` are the trees of
    the public collections of site.toml, which need not be there. True if it cannot be known.
    """
    sitemap = load("sitemap.xml")
    if sitemap is None or "<sitemapindex" in sitemap:
        return True
    accounts = list(accounts)
    shown: Mapping[str, str] = {top: read for _, top, read in _ENTRY.findall(sitemap)}
    wanted = {
        account.tree: rfc3339(account.status.synced_at)
        for account in accounts
        if account.privacy is Privacy.PUBLIC and account.status.synced_at
    }
    if {top: read for top, read in shown.items() if top not in set(listed)} != wanted:
        return False
    return all(_is_as_chosen(load, account) for account in accounts if account.slug)


def _is_as_chosen(load: Load, account: Account) -> bool:
    """Whether an unlisted link shows the newest snapshot, or nothing once it is not unlisted."""
    page, read = load(f"{tree_path('', account.slug)}index.html"), account.status.synced_at
    if page is None:
        return True
    if account.privacy is Privacy.UNLISTED and read:
        return rfc3339(read) in page
    return page == ""
