"""Verification: the requirements on a page, checked on the document that a browser would see."""

import json
import posixpath
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from generator.derive.hosting import LOST_STYLE
from generator.derive.pages import Page
from generator.errors import RenderError
from generator.render.privacy import Scope

TRADEMARK = (
    "This application uses Discogs’ API but is not affiliated with, sponsored or endorsed by "
    "Discogs. ‘Discogs’ is a trademark of Zink Media, LLC."
)
ATTRIBUTION = "Data provided by Discogs."
_DISCOGS = "https://www.discogs.com/"


class _Document:
    """A page as a browser's parser reads it."""

    def __init__(self, html: str) -> None:
        self._tree = LexborHTMLParser(html)
        self._parts = [self._tree.root] if self._tree.root else []
        for part in self._parts:
            self._parts += part.template_fragments()  # which selectors do not reach

    def select(self, selector: str) -> list[LexborNode]:
        """The elements that match, also those in templates."""
        return [node for part in self._parts for node in part.css(selector)]

    def attribute_names(self) -> set[str]:
        """The names of all attributes of all elements."""
        return {
            name for part in self._parts for node in part.traverse() for name in node.attributes
        }

    def shown(self, selector: str) -> list[LexborNode]:
        """The elements that match, without those in templates."""
        return self._tree.css(selector)

    def text(self) -> str:
        """The text without that of scripts, which are removed."""
        self._tree.strip_tags(["script", "noscript"])
        return " ".join((self._tree.body.text() if self._tree.body else "").split())


def verify(page: Page, html: str, base_url: str, scope: Scope) -> set[str]:
    """The page's internal links, as paths below the site's root.

    Raises RenderError for a page that a strict policy would block, that lacks something every page
    has, or that shows a copy or links to a page that does not belong there.
    """
    document = _Document(html)
    for name in document.attribute_names():
        if name == "style" or name.startswith("on"):
            _refuse(page, f"has an inline {name} attribute")
    if any(style.text() != LOST_STYLE or page.model for style in document.select("style")):
        _refuse(page, "has an inline style element")
    for script in document.select("script"):
        _check_script(page, script)
    headings = len(document.shown("h1"))
    if headings != 1:
        _refuse(page, f"has {headings} h1 elements instead of one")
    if not document.shown('meta[http-equiv="Content-Security-Policy" i]'):
        _refuse(page, "has no Content-Security-Policy")
    _check_copies(page, document, scope)
    targets = _targets(page, document, base_url)
    scope.check_links(page.path, targets)
    if page.model is not None:
        _check_notices(page, document)
    return targets


def _refuse(page: Page, what: str) -> NoReturn:
    raise RenderError(page.path, what)


def _check_script(page: Page, script: LexborNode) -> None:
    """Only files of the site, and embedded JSON."""
    text = script.text()
    if script.attributes.get("src") is not None:
        if text:
            _refuse(page, "has a script that does not end")
    elif script.attributes.get("type") != "application/json":
        _refuse(page, "has an inline script")
    elif text != getattr(page.model, "catalog", None):
        try:
            json.loads(text)
        except ValueError:
            _refuse(page, "embeds data that is not JSON")


def _check_copies(page: Page, document: _Document, scope: Scope) -> None:
    """Each copy once, and none of another account."""
    shown = [node.attributes["data-instance"] or "" for node in document.shown("[data-instance]")]
    for number in shown:
        if not number.isdecimal():
            _refuse(page, f"has a data-instance that is not a number: {number}")
    instances = set(map(int, shown))
    if len(instances) != len(shown):
        _refuse(page, "shows a copy twice")
    scope.check_instances(page.path, instances)


def _check_notices(page: Page, document: _Document) -> None:
    """The two lines that the terms of Discogs' API ask for, in the text a visitor can read."""
    for link in document.shown(f'a[href^="{_DISCOGS}"]:not([rel~="nofollow" i])'):
        if ATTRIBUTION in link.text():
            break
    else:
        _refuse(page, f"lacks “{ATTRIBUTION}” as a followed link to {_DISCOGS}")
    if TRADEMARK not in document.text():
        _refuse(page, "lacks the trademark notice")


def _targets(page: Page, document: _Document, base_url: str) -> set[str]:
    """The files of the site that links and sources lead to."""
    addresses: set[tuple[str, bool]] = set()
    for name in ("href", "src"):
        for loaded, selector in (
            (True, f"script[{name}], link[rel~=stylesheet i][{name}]"),
            (False, f"[{name}]:not(script, link[rel~=stylesheet i])"),
        ):
            for node in document.select(selector):
                address = node.attributes[name] or ""
                addresses.add((address.partition("?")[0].partition("#")[0], loaded))
    folder = posixpath.dirname(page.path)
    found = (_target(page, folder, address, base_url, loaded) for address, loaded in addresses)
    return {target for target in found if target}


def _target(page: Page, folder: str, address: str, base_url: str, loaded: bool) -> str:
    """The file an address leads to, a directory's index; "" for another site or this page."""
    if base_url and address.startswith(base_url):
        folder, address = "", "./" + address.removeprefix(base_url)
    elif address.startswith(_DISCOGS) and not loaded:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        _refuse(page, f"has a link that is not an address: {address}")
    if parts.scheme in ("http", "https", "mailto") and not loaded:
        return ""
    if parts.scheme or parts.netloc:
        _refuse(page, f"has a link of an unexpected kind: {parts.scheme or '//'}")
    if parts.path == "/" and page.model is None:
        return ""  # a 404 page that cannot know where the site begins
    if parts.path.startswith("/"):
        _refuse(page, f"has a link that is not relative: {address}")
    if not parts.path:
        return ""
    target = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
    if parts.path.endswith("/") or target == ".":
        target = posixpath.normpath(posixpath.join(target, "index.html"))
    return target
