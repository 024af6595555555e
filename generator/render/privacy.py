"""Privacy by structure: which accounts and copies each part of the site may show and link to.

An account's tree is made from that account's data alone, and the site's own files from the public
accounts alone, so the values that go in are checked, and then the pages that come out. Texts are
never searched: an account may be called `rock`, and a title may be the address of a page.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from generator.derive.hosting import HostFile
from generator.derive.pages import (
    AccountContent,
    AccountPage,
    Card,
    DataFile,
    IndexEntry,
    IndexPage,
    Page,
)
from generator.domain.account import Privacy
from generator.errors import RenderError

Levels = Mapping[str, Privacy]  # the privacy level of each account, by its name

_OPENNESS = (Privacy.PRIVATE, Privacy.UNLISTED, Privacy.PUBLIC)


class Scope(NamedTuple):
    """A part of the site: an account's tree, or the files that belong to no account."""

    top: str
    """The directory of the account's tree, with a trailing slash; "" for the site's own files."""
    names: frozenset[str]  # the accounts that may be shown
    instances: frozenset[int]  # the copies that may be shown

    def check_item(self, item: Page | DataFile | Card) -> None:
        """Raise RenderError for an item in another part of the site, or of another account."""
        if tree_of(item.path) != self.top:
            raise RenderError(item.path, f"is planned outside of {self.top or 'its place'}")
        if isinstance(item, Page) and not _accounts_of(item) <= self.names:
            raise RenderError(item.path, "shows an account that must not be shown there")

    def check_instances(self, path: str, instances: Iterable[int]) -> None:
        """Raise RenderError for a copy of another account."""
        if not self.instances.issuperset(instances):
            raise RenderError(path, "shows a copy of another account")

    def check_links(self, path: str, targets: Iterable[str]) -> None:
        """Raise RenderError for a link into the tree of another unlisted account."""
        if any(target.startswith("x/") and tree_of(target) != self.top for target in targets):
            raise RenderError(path, "links to an unlisted account")


def account_scope(content: AccountContent) -> Scope:
    """The scope of an account's tree: its name and the copies of its snapshot."""
    copies = content.snapshot.collection.copies
    own = frozenset(int(copy.instance_id) for copy in copies)
    return Scope(content.top, frozenset({content.snapshot.account}), own)


def site_scope(
    entries: Iterable[IndexEntry], levels: Levels, home: AccountPage | None = None
) -> Scope:
    """The scope of the site's own files: the accounts that are public, and their newest copies.

    With the home of the only one also the copies that it shows.
    """
    public = [entry for entry in entries if level_of(entry.account.name, levels) is Privacy.PUBLIC]
    names = frozenset(entry.account.name for entry in public)
    shown = [row for entry in public for row in entry.newest]
    if home and home.account.name in names:
        shown += home.newest
    return Scope("", names, frozenset(int(row.instance_id) for row in shown))


def check_level(name: str, levels: Levels, *, listed: bool) -> None:
    """Raise RenderError, without the name, for a tree more open than the account's level."""
    planned, level = Privacy.PUBLIC if listed else Privacy.UNLISTED, level_of(name, levels)
    if _OPENNESS.index(planned) > _OPENNESS.index(level):
        raise RenderError("the site", f"an account that is {level} was planned as {planned}")


def level_of(name: str, levels: Levels) -> Privacy:
    """The level of an account; one without a level came from a file, and is public."""
    return levels.get(name, Privacy.PUBLIC)


def tree_of(path: str) -> str:
    """The account's tree a path is in, with a trailing slash, or "" if it is in none."""
    first, slash, rest = path.partition("/")
    return f"{first}/{rest.partition('/')[0]}/" if slash and first in ("u", "x") else ""


def _accounts_of(page: Page) -> frozenset[str]:
    """The accounts in the data of a page."""
    if page.model is None or isinstance(page.model, HostFile):
        return frozenset()
    if isinstance(page.model, IndexPage):
        return frozenset(entry.account.name for entry in page.model.accounts)
    return frozenset({page.model.account.name})
