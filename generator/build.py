"""Build: snapshots in, site out. Opens no socket and writes only the output."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from generator.derive.due import cooldown_end
from generator.derive.pages import AccountContent, IndexEntry, SiteView, account_pages, site_pages
from generator.domain.account import Account, Privacy
from generator.errors import Problem, RenderError, SealError, SnapshotError, reason
from generator.render import assets, swap
from generator.render.bundling import bundled
from generator.render.environment import environment
from generator.render.limits import check_limits
from generator.render.precompress import precompress
from generator.render.privacy import account_scope, site_scope
from generator.render.site import SiteWriter
from generator.store.state import State

Levels = Mapping[str, Privacy]
"""The privacy level of each account, by its name."""


class Built(NamedTuple):
    """The result of a build."""

    accounts: int
    """Those on the index."""
    copies: int
    """Of all accounts, the unlisted among them."""
    files: int
    unlisted: int = 0
    unchanged: int = 0
    """Accounts whose pages are those of the previous build."""
    changed: bool = True
    """Whether anything was written."""
    skipped: Mapping[str, Problem] = {}
    """The accounts that could not be loaded, by name."""


class Build(NamedTuple):
    """The output, and everything the site is made with besides the snapshots."""

    output: Path
    site: SiteView
    template_dirs: Sequence[Path]
    """The workspace's overrides before the bundled ones."""
    asset_dirs: Sequence[Path]
    precompress: bool = False
    """Whether compressed copies are put beside the texts."""
    full: bool = False
    """Whether unchanged accounts are rendered too."""

    def from_state(self, state: State, accounts: Sequence[Account], cooldown: timedelta) -> Built:
        """Render the accounts that are not private and have a snapshot.

        Raises UsageError for an output that is not ours, RenderError for a page that must not be
        published or a file that cannot be written; the previous site stays then.
        """
        levels = {account.name: account.privacy for account in accounts}
        skipped: dict[str, Problem] = {}

        def contents() -> Iterator[AccountContent]:
            for account in accounts:
                if account.privacy is Privacy.PRIVATE or account.status.synced_at is None:
                    continue
                slug = account.slug if account.privacy is Privacy.UNLISTED else None
                try:
                    snapshot = state.load_snapshot(account)
                except (SealError, SnapshotError) as error:
                    skipped[account.name] = error.problem
                    continue
                if snapshot:
                    yield AccountContent(
                        snapshot, next_sync=cooldown_end(account, cooldown), slug=slug
                    )

        return self.run(contents(), levels)._replace(skipped=skipped)

    def run(self, contents: Iterable[AccountContent], levels: Levels) -> Built:
        """Render collections into the output, which changes all at once or not at all."""
        with self._guarded() as output, swap.staging_directory(output) as fresh:
            found = bundled(assets.collected(self.asset_dirs))
            digest = assets.digest(found)
            writer = SiteWriter(fresh, environment(self.template_dirs), self.site, digest)
            writer.write_assets(found)
            entries: list[IndexEntry] = []
            for content in contents:
                with _without_collector():
                    entry, pages = account_pages(content, self.site)
                    writer.write(pages, account_scope(content, levels))
                    entries.append(entry)
            listed = [entry.account.name for entry in entries if entry.account.listed]
            writer.write(site_pages(entries, self.site, digest), site_scope(listed, levels))
            writer.write_bytes(swap.MARKER, f"{digest}\n".encode())
            writer.finish()
            if self.precompress:
                precompress(fresh)
            check_limits(fresh, self.site.host)
            swap.publish(fresh, output)
        copies = sum(entry.stats.copies for entry in entries)
        return Built(len(listed), copies, len(writer.paths), len(entries) - len(listed))

    @contextmanager
    def _guarded(self) -> Iterator[Path]:
        """The output, once it is known to be ours; a file that cannot be written is an error."""
        output = self.output.resolve()
        swap.check_output(output)
        try:
            yield output
        except OSError as error:
            what = f"cannot be written: {reason(error)}"
            raise RenderError(str(self.output), what, _hint(error, output)) from error


def _hint(error: OSError, output: Path) -> str:
    """The fix; the name of the output does not show that the directory above is needed too."""
    kept = "the previous site stays; fix this and build again"
    at = Path(error.filename or "")
    above = at in output.parents or at.parent == output.parent
    if above and isinstance(error, PermissionError):
        return (
            f"the site is built beside its place, so allow writing in the directory above; {kept}"
        )
    return kept


@contextmanager
def _without_collector() -> Iterator[None]:
    """Without the garbage collector, which takes a third of the time and finds next to nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
