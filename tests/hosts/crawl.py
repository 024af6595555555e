"""A visitor who follows everything a site links to, loads or imports."""

import http.client
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

CSS = re.compile(rb"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
DATA = re.compile(rb"""["']([a-z]+-[0-9a-f]{16}\.json)["']""")
JS = re.compile(
    rb"""(?:\bfrom|\bimport|\bnew URL)\s*\(?\s*["'](\.[^"']+)["']|["'](\.[^"']+\.css)["']"""
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(url: str, **headers: str) -> Answer:
    """One GET, redirects not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def crawled(start: str) -> dict[str, Answer]:
    """Every address of the site that can be reached from the start, and what it answers."""
    found: dict[str, Answer] = {}
    waiting = [start]
    while waiting:
        url = waiting.pop()
        if url in found:
            continue
        found[url] = ask(url)
        waiting.extend(links(url, found[url]))
    return found


def links(url: str, answer: Answer) -> list[str]:
    """The addresses on the same server that an answer names, without query and fragment."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    named = [urldefrag(urljoin(url, name))[0].partition("?")[0] for name in names(kind, answer)]
    return [one for one in named if urlsplit(one).netloc == urlsplit(url).netloc]


def names(kind: str, answer: Answer) -> list[str]:
    """The addresses an answer names, as they stand there."""
    if kind == "text/html":
        page = _Page()
        page.feed(answer.body.decode())
        return page.found + [name.decode() for name in DATA.findall(answer.body)]
    pattern = {"text/css": CSS, "text/javascript": JS, "application/javascript": JS}.get(kind)
    if pattern is None:
        return []
    groups = [match.groups() for match in pattern.finditer(answer.body)]
    found = [next(filter(None, group)).decode() for group in groups]
    return [name for name in found if not name.startswith("data:")]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(
        self,
        tag: str,  # noqa: ARG002 - the parent names it
        attrs: list[tuple[str, str | None]],
    ) -> None:
        self.found += [
            value
            for name, value in attrs
            if name in ("href", "src") and value and not value.startswith("#")
        ]
