"""Privacy, held by structure: what the files of one part of the site may tell, and link to.

A word search would not do: an account may be called `rock`.
"""

import csv
import io
import json
import operator
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from generator.derive.pages import DataFile, IndexPage, Page, Source
from generator.domain.account import Privacy
from generator.errors import RenderError

_OPENNESS = (Privacy.PRIVATE, Privacy.UNLISTED, Privacy.PUBLIC)
_TREES = ("u", "x")
_TELLING = ("account", "instance_id", "instances")


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the site a file belongs to: an account's tree, or what belongs to nobody."""

    top: str
    """Where the account's tree is, with a trailing slash; nothing for the site's own files."""
    names: frozenset[str]
    """The accounts that may be named as such."""
    instances: frozenset[int] | None = None
    """The copies that may be shown; None leaves that to what each page says of itself."""

    def check(self, item: Page | DataFile, base_url: str) -> None:
        """Raise RenderError unless the item is in its place and tells of nobody else."""
        self.check_place(item.path)
        if isinstance(item, DataFile):
            _check_data(self, item, base_url)
            return
        if not _named_by(item) <= self.names:
            raise RenderError(item.path, "tells of an account that has no place in it")
        if self.instances is not None and not item.instances <= self.instances:
            raise RenderError(item.path, "shows a copy of another account")

    def check_place(self, path: str) -> None:
        """Raise RenderError unless the path is in this part of the site."""
        if _top(path) != self.top:
            raise RenderError(path, f"is planned outside of {self.top or 'its place'}")

    def check_targets(self, path: str, targets: Iterable[str]) -> None:
        """Raise RenderError for a link into the tree of an unlisted account that is not its own."""
        if any(_top(target).startswith("x/") and _top(target) != self.top for target in targets):
            raise RenderError(path, "links to an unlisted account")

    def embedded(self, path: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        """For `json.loads`: passes every object on that tells of nobody else, else RenderError."""

        def passed(value: dict[str, Any]) -> dict[str, Any]:
            if value.keys().isdisjoint(_TELLING):
                return value
            if isinstance(name := value.get("account"), str) and name not in self.names:
                raise RenderError(path, "tells of an account that has no place in it")
            if self.instances is not None and not _is_of(value, self.instances):
                raise RenderError(path, "tells of a copy of another account")
            return value

        return passed


def account_scope(source: Source, levels: Mapping[str, Privacy]) -> Scope:
    """The scope of an account's tree. Raises RenderError when its level allows no such tree."""
    name = source.snapshot.account
    check_level(name, levels, listed=source.listed)
    copies = source.snapshot.collection.copies
    return Scope(source.top, frozenset({name}), frozenset(int(copy.instance_id) for copy in copies))


def check_level(name: str, levels: Mapping[str, Privacy], *, listed: bool) -> None:
    """Raise RenderError, without the name, for a tree that shows more than the level allows.

    An account without a level is a public one: it came from a file and not from the state.
    """
    planned = Privacy.PUBLIC if listed else Privacy.UNLISTED
    level = levels.get(name, Privacy.PUBLIC)
    if _OPENNESS.index(planned) > _OPENNESS.index(level):
        raise RenderError("the site", f"an account that is {level} was planned as {planned}")


def site_scope(listed: Iterable[str], levels: Mapping[str, Privacy]) -> Scope:
    """The scope of what belongs to no account; only public accounts are named there."""
    public = (name for name in listed if levels.get(name, Privacy.PUBLIC) is Privacy.PUBLIC)
    return Scope("", frozenset(public))


def _named_by(page: Page) -> frozenset[str]:
    """The accounts a page was given to show."""
    if page.model is None:
        return frozenset()
    if isinstance(page.model, IndexPage):
        return frozenset(entry.account.name for entry in page.model.accounts)
    return frozenset({page.model.account.name})


def _top(path: str) -> str:
    """The tree a path is in, with a trailing slash, or nothing when it is in none."""
    first, below, rest = path.partition("/")
    return f"{first}/{rest.partition('/')[0]}/" if below and first in _TREES else ""


def _is_of(value: Mapping[str, Any], own: frozenset[int]) -> bool:
    """Whether a JSON object tells of these copies only."""
    try:
        return own.issuperset(_instances(value))
    except (ValueError, TypeError):
        return False


def _instances(value: Mapping[str, Any]) -> Iterator[int]:
    """The copies a JSON object names: one as in releases.json, or all in a column of a catalog.

    Raises ValueError or TypeError for a column of another kind.
    """
    if isinstance(one := value.get("instance_id"), int):
        yield one
    column = value.get("instances", [])
    if all(isinstance(each, str) for each in column):
        yield from map(int, column)
    else:
        yield from accumulate(column, operator.sub)


def _check_data(scope: Scope, file: DataFile, base_url: str) -> None:
    match posixpath.splitext(file.path)[1]:
        case ".json":
            _check_json(scope, file)
        case ".csv":
            _check_csv(scope, file)
        case ".xml":
            scope.check_targets(file.path, _linked(file, base_url))


def _check_json(scope: Scope, file: DataFile) -> None:
    try:
        json.loads(file.text, object_hook=scope.embedded(file.path))
    except ValueError:
        raise RenderError(file.path, "is no JSON") from None


def _check_csv(scope: Scope, file: DataFile) -> None:
    records = csv.reader(io.StringIO(file.text, newline=""))
    heads = next(records, [])
    if scope.instances is None or "instance_id" not in heads:
        return
    column = heads.index("instance_id")
    if not scope.instances.issuperset(int(record[column]) for record in records):
        raise RenderError(file.path, "tells of a copy of another account")


def _linked(file: DataFile, base_url: str) -> Iterator[str]:
    """The paths below the site's root that a feed or a sitemap links to."""
    folder = posixpath.dirname(file.path)
    try:
        root = ET.fromstring(file.text)  # noqa: S314 - our own text, just written
    except ET.ParseError:
        raise RenderError(file.path, "is no XML") from None
    for element in root.iter():
        values = (element.text or "", *element.attrib.values())
        for address in (value.strip() for value in values):
            if base_url and address.startswith(base_url):
                yield unquote(address.removeprefix(base_url))
        yield posixpath.normpath(posixpath.join(folder, unquote(element.get("href", ""))))
