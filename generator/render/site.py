"""Writing the site: every planned page rendered, checked and written into one fresh directory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from jinja2 import Environment, TemplateError

from generator.derive.hosting import content_security_policy
from generator.derive.pages import DataFile, Page, SiteView
from generator.errors import RenderError
from generator.render.privacy import Scope
from generator.render.verify import Links, verified

TRADEMARK = (
    "This application uses Discogs’ API but is not affiliated with, sponsored or endorsed by "
    "Discogs. ‘Discogs’ is a trademark of Zink Media, LLC."
)
ASSETS = "assets"


@dataclass(slots=True)
class SiteWriter:
    """A fresh directory that becomes the site; nothing in it is published before it is whole."""

    directory: Path
    env: Environment
    site: SiteView
    digest: str
    paths: set[str] = field(default_factory=set)
    links: list[Links] = field(default_factory=list)

    def write(self, items: Iterable[Page | DataFile], scope: Scope) -> None:
        """Write pages and data files of one part of the site.

        Raises RenderError for one that must not be published.
        """
        for item in items:
            scope.check(item, self.site.base_url)
            text = self._rendered(item, scope) if isinstance(item, Page) else item.text
            self.write_bytes(item.path, text.encode())

    def write_bytes(self, path: str, content: bytes) -> None:
        """Write one file; the same path twice is an error in the plan."""
        self._plan(path)
        target = self.directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def adopt(self, paths: Iterable[str], outward: Mapping[str, Iterable[str]]) -> None:
        """Take note of files that are in the directory already, and of where their pages lead."""
        for path in paths:
            self._plan(path)
        self.links += [Links(page, frozenset(targets)) for page, targets in outward.items()]

    def write_assets(self, assets: Mapping[str, bytes]) -> None:
        """Write every asset below its digest."""
        for name, content in assets.items():
            self.write_bytes(f"{ASSETS}/{self.digest}/{name}", content)

    def finish(self) -> None:
        """Check what only the whole site can show: that every internal link leads somewhere."""
        for links in self.links:
            links.resolve(self.paths)

    def _plan(self, path: str) -> None:
        if path in self.paths:
            raise RenderError(path, "planned twice")
        self.paths.add(path)

    def _rendered(self, page: Page, scope: Scope) -> str:
        root = self._root(page.path)
        try:
            text = self.env.get_template(page.template).render(
                site=self.site,
                page=page.model,
                root=root,
                address=self._address(page.path),
                assets=f"{root}{ASSETS}/{self.digest}/",
                csp=content_security_policy(self.site.image_origin),
                trademark=TRADEMARK,
            )
        except (TemplateError, TypeError, ValueError) as exc:
            raise RenderError(page.path, f"{page.template}: {exc}") from exc
        self.links.append(verified(page, text, self.site.base_url, scope))
        return text

    def _root(self, path: str) -> str:
        """The way from a page to the site's root; 404.html is served at any depth."""
        if path == "404.html":
            return self.site.base_url
        return "../" * (len(PurePosixPath(path).parts) - 1)

    def _address(self, path: str) -> str:
        """Where the page is published, or nothing when that is not known or not one place."""
        if not self.site.base_url or path == "404.html":
            return ""
        return self.site.base_url + path.removesuffix("index.html")
