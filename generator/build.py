"""Build: snapshots in, site out. Opens no socket and writes nowhere but in the output."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.derive.pages import IndexEntry, SiteView, Source, account_pages, site_pages
from generator.errors import RenderError, reason
from generator.render import assets, swap
from generator.render.bundling import bundled
from generator.render.environment import environment
from generator.render.site import SiteWriter


@dataclass(frozen=True, slots=True)
class Built:
    """What a build wrote."""

    accounts: int
    copies: int
    files: int


@dataclass(frozen=True, slots=True)
class Build:
    """Where the site goes and what it is made with."""

    output: Path
    site: SiteView
    template_dirs: Sequence[Path]
    """The workspace's overrides before the bundled ones."""
    asset_dirs: Sequence[Path]

    def run(self, collections: Iterable[Source]) -> Built:
        """Render public collections into the output, which changes all at once or not at all.

        Raises UsageError for an output that is not ours, RenderError for a page that must not be
        published or a file that cannot be written; the previous site stays then.
        """
        output = self.output.resolve()
        swap.check_output(output)
        try:
            return self._run(output, collections)
        except OSError as error:
            what = f"cannot be written: {reason(error)}"
            hint = "the previous site was kept: mend this and build again"
            raise RenderError(str(self.output), what, hint) from error

    def _run(self, output: Path, collections: Iterable[Source]) -> Built:
        found = bundled(assets.collected(self.asset_dirs))
        digest = assets.digest(found)
        with swap.beside(output) as fresh:
            writer = SiteWriter(fresh, environment(self.template_dirs), self.site, digest)
            writer.write_assets(found)
            entries = [self._write_account(writer, source) for source in collections]
            writer.write(site_pages(entries))
            writer.write_bytes(swap.MARKER, f"{digest}\n".encode())
            writer.finish()
            previous = swap.previous_digest(output)
            if previous != digest:
                swap.keep_assets(output, fresh, previous)
            swap.publish(fresh, output)
        return Built(len(entries), sum(e.stats.copies for e in entries), len(writer.paths))

    def _write_account(self, writer: SiteWriter, source: Source) -> IndexEntry:
        entry, pages = account_pages(source, self.site)
        writer.write(pages)
        return entry
