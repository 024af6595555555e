"""Plain markup: pages as our templates write them, taken apart faster than any HTML can be."""

import re
from collections.abc import Iterator
from html import unescape

Attributes = dict[str, str | None]
Element = tuple[str, Attributes, str]
"""The name of a tag, its attributes, and for a script what is in it."""

_START = re.compile(
    r"""([a-z][a-z0-9-]*)((?:\s+[A-Za-z][A-Za-z0-9:_-]*(?:="[^"<]*")?)*)\s*(/?)>""", re.ASCII
)
_ATTRIBUTE = re.compile(r"""\s([A-Za-z][A-Za-z0-9:_-]*)(?:="([^"]*)")?""", re.ASCII)
_END = re.compile(r"/[a-z][a-z0-9-]*\s*>", re.ASCII)
_DOCTYPE = re.compile(r"!doctype html>", re.IGNORECASE)
_TOLD = frozenset({"h1", "script", "style"})
"""The elements that are told of whatever their attributes are."""
_MATTERS = re.compile(r"\s(?:on|style|href|src|http-equiv|data-instance)", re.IGNORECASE)
"""Stands before every attribute that a page is verified by."""


def plain_elements(html: str) -> list[Element] | None:
    """The elements a page is verified by, in their order; some others may be among them.

    None for whatever is not written plainly: comments, capitals, other quotes, a "<" that opens
    no tag, a script that does not end. All of that may be HTML, and is left to those who know it.
    """
    try:
        return list(_elements(html.split("<")))
    except ValueError:
        return None


def _elements(pieces: list[str]) -> Iterator[Element]:
    """Raises ValueError for what is not plain."""
    rest = iter(pieces[1:])
    for piece in rest:
        if tag := _START.match(piece):
            name, attributes, closed = tag.groups()
            script = piece[tag.end() :] if name == "script" else ""
            if name == "script" and (closed or not next(rest, "").startswith("/script>")):
                raise ValueError("a script that does not end, or holds markup")
            if name in _TOLD or _MATTERS.search(attributes):
                yield name, _parsed(attributes), script
        elif not (_END.match(piece) or _DOCTYPE.match(piece)):
            raise ValueError("no plain tag")


def _parsed(attributes: str) -> Attributes:
    found: Attributes = {}
    for match in _ATTRIBUTE.finditer(attributes):
        name, value = match.groups()
        found[name.lower()] = unescape(value) if value and "&" in value else value
    return found
