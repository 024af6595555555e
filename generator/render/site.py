"""Writing the site: every planned file is rendered, checked and written into one directory."""

import os
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.derive.hosting import LOST_HASH, LOST_STYLE, content_security_policy
from generator.derive.pages import Card, DataFile, Page, SiteView
from generator.errors import RenderError
from generator.render.environment import Templates
from generator.render.privacy import Scope
from generator.render.verify import TRADEMARK, verify

ASSETS = "assets"
_COMPRESSED = frozenset({".css", ".csv", ".html", ".js", ".json", ".svg", ".txt", ".xml"})
_LEAST = 1024  # bytes; below, a header costs more than compression saves
_GZIP = zlib.MAX_WBITS + 16


class SiteWriter:
    """Writes one part of the site into a directory that is not published yet."""

    def __init__(
        self,
        directory: Path,
        templates: Templates,
        site: SiteView,
        digest: str,
        *,
        precompress: bool,
    ) -> None:
        self._directory = directory
        self._templates = templates
        self._site = site
        self._digest = digest
        self._precompress = precompress
        self._folders: set[str] = set()
        self.files: dict[str, int] = {}  # the size of every file written, by path
        self.links: dict[str, str] = {}
        """Every target of an internal link, and one of the pages that link to it."""

    def write(self, items: Iterable[Page | DataFile | Card], scope: Scope) -> None:
        """Write pages and data files of one part of the site.

        Raises RenderError for one that must not be published.
        """
        for item in items:
            scope.check_item(item)
            if isinstance(item, Page):
                self.write_file(item.path, (self._render(item, scope).encode(),))
            elif isinstance(item, Card):
                from generator.render.card import card_png  # noqa: PLC0415 - Pillow is slow to load

                self.write_file(item.path, (card_png(item),))
            else:
                pieces = (item.text,) if isinstance(item.text, str) else item.text
                self.write_file(item.path, map(str.encode, pieces))

    def write_assets(self, assets: Mapping[str, bytes]) -> None:
        """Write every asset below the digest of all of them."""
        for name, content in assets.items():
            self.write_file(f"{ASSETS}/{self._digest}/{name}", (content,))

    def write_file(self, path: str, pieces: Iterable[bytes]) -> None:
        """Write one file, and its compressed copy if there is to be one."""
        if path in self.files:
            raise RenderError(path, "is planned twice")
        target = f"{self._directory}/{path}"
        folder = os.path.dirname(target)  # noqa: PTH120 - called for every file
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            self._folders.add(folder)
        packing = None
        if self._precompress and os.path.splitext(path)[1] in _COMPRESSED:  # noqa: PTH122
            # Without a time or a name, so that bytes repeat.
            packing = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, _GZIP)
        size, packed = 0, []
        with open(target, "wb") as file:  # noqa: PTH123
            for piece in pieces:
                size += file.write(piece)
                if packing:
                    packed.append(packing.compress(piece))
        self.files[path] = size
        if packing and size >= _LEAST:
            self.write_file(f"{path}.gz", (*packed, packing.flush()))

    def _render(self, page: Page, scope: Scope) -> str:
        root = "../" * page.path.count("/")
        address = self._site.base_url and self._site.base_url + page.path.removesuffix("index.html")
        if page.path == "404.html":  # served at any depth
            root, address = self._site.base_url, ""
        alone = page.path == "404.html" and not root
        values = {
            "site": self._site,
            "page": page.model,
            "root": root,
            "address": address,
            "assets": f"{root}{ASSETS}/{self._digest}/",
            "csp": content_security_policy(self._site.image_origin, LOST_HASH if alone else ""),
            "style": LOST_STYLE if alone else "",
            "trademark": TRADEMARK,
        }
        text = self._templates.fill(page.template, page.path, values)
        if page.path.endswith(".html"):
            for target in verify(page, text, self._site.base_url, scope):
                self.links.setdefault(target, page.path)
        return text


def check_links(links: Mapping[str, str], files: Mapping[str, int]) -> None:
    """Raise RenderError for an internal link that leads to none of the files."""
    for target in sorted(target for target in links if target not in files):
        raise RenderError(links[target], f"links to {target}, which is not in the site")
