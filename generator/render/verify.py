"""Verification: what a page must be before it may be published."""

import json
import posixpath
from collections.abc import Set
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from generator.derive.pages import Page
from generator.errors import RenderError
from generator.render.markup import Attributes, plain_elements
from generator.render.privacy import Scope


@dataclass(frozen=True, slots=True)
class Links:
    """The internal links of one page, as paths below the site's root."""

    page: str
    targets: frozenset[str]

    def resolve(self, paths: Set[str]) -> None:
        """Raise RenderError for the first link that leads nowhere."""
        for target in sorted(self.targets):
            if target not in paths:
                raise RenderError(self.page, f"links to {target}, which is not in the site")


def verified(page: Page, html: str, base_url: str, scope: Scope) -> Links:
    """The page's internal links, once it is known to be safe. Raises RenderError if it is not."""
    reader = _Reader(page.path, base_url, scope)
    reader.read(html)
    if reader.in_script:
        reader.refuse("has a script that does not end")
    if not reader.policy:
        reader.refuse("has no Content-Security-Policy")
    if reader.headings != 1:
        reader.refuse(f"has {reader.headings} h1 elements instead of one")
    if len(set(reader.instances)) != len(reader.instances):
        reader.refuse("shows a copy twice")
    if not page.instances.issuperset(reader.instances):
        reader.refuse("shows a copy of another account")
    scope.check_targets(page.path, reader.targets)
    return Links(page.path, frozenset(reader.targets))


class _Reader(HTMLParser):
    """Reads a page once and refuses what a strict policy would block or a reader would miss."""

    def __init__(self, path: str, base_url: str, scope: Scope) -> None:
        super().__init__()
        self.path = path
        self.tells = scope.embedded(path)
        self.base_url = base_url
        self.policy = False
        self.headings = 0
        self.instances: list[int] = []
        self.targets: set[str] = set()
        self._script: list[str] | None = None

    @property
    def in_script(self) -> bool:
        return self._script is not None

    def read(self, html: str) -> None:
        """Read the whole page: as plain markup if it is, else as any HTML."""
        elements = plain_elements(html)
        if elements is None:
            self.feed(html)
            self.close()
            return
        for tag, attributes, script in elements:
            self._element(tag, attributes)
            self.handle_data(script)
            self.handle_endtag(tag)

    def refuse(self, what: str) -> NoReturn:
        raise RenderError(self.path, what)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, dict(attrs))
        self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            self._embedded("".join(self._script))
            self._script = None

    def _element(self, tag: str, attributes: Attributes) -> None:
        for name in attributes:
            if name == "style" or name.startswith("on"):
                self.refuse(f"has an inline {name} attribute")
        if tag == "style":
            self.refuse("has an inline style element")
        if tag == "script":
            self._open_script(attributes)
        self.headings += tag == "h1"
        self.policy |= (attributes.get("http-equiv") or "").lower() == "content-security-policy"
        if "data-instance" in attributes:
            self._copy(attributes["data-instance"] or "")
        loaded = tag == "script" or "stylesheet" in (attributes.get("rel") or "").split()
        for name in ("href", "src"):
            if (address := attributes.get(name)) is not None:
                self._link(address, loaded)

    def _copy(self, instance: str) -> None:
        if not instance.isdecimal():
            self.refuse(f"has a data-instance that is no number: {instance}")
        self.instances.append(int(instance))

    def _open_script(self, attributes: Attributes) -> None:
        if attributes.get("src") is None:
            if attributes.get("type") != "application/json":
                self.refuse("has an inline script")
            self._script = []

    def _embedded(self, text: str) -> None:
        try:
            json.loads(text, object_hook=self.tells)
        except ValueError:
            self.refuse("embeds data that is no JSON")

    def _link(self, address: str, loaded: bool) -> None:
        folder = posixpath.dirname(self.path)
        if self.base_url and address.startswith(self.base_url):
            folder, address = "", "./" + address.removeprefix(self.base_url)
        try:
            parts = urlsplit(address)
        except ValueError:
            self.refuse(f"has a link that is no address: {address}")
        if parts.scheme in ("http", "https", "mailto") and not loaded:
            return
        if parts.scheme or parts.netloc:
            self.refuse(f"has a link of an unexpected kind: {parts.scheme or '//'}")
        if parts.path.startswith("/"):
            self.refuse(f"has a link that is not relative: {address}")
        if parts.path:
            self.targets.add(_target(folder, unquote(parts.path)))


def _target(folder: str, path: str) -> str:
    """The file that a relative path leads to from a folder: a directory means its index."""
    target = posixpath.normpath(posixpath.join(folder, path))
    if path.endswith("/") or target == ".":
        target = posixpath.normpath(posixpath.join(target, "index.html"))
    return target
