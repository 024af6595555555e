"""Build: snapshots in, site out. Opens no socket and writes only the output.

A tree is an account's part of the site. One that would be rendered to the same bytes again, by its
stamp, is linked from the previous site.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from generator.derive.due import cooldown_end
from generator.derive.pages import AccountContent, SiteView, account_tree, site_pages
from generator.domain.account import Account, Privacy, tree_path
from generator.errors import Problem, RenderError, SealError, SnapshotError, reason
from generator.render import assets, swap
from generator.render.environment import Templates
from generator.render.limits import check_limits
from generator.render.privacy import Levels, account_scope, check_level, site_scope
from generator.render.site import ASSETS, SiteWriter, check_links
from generator.render.stamps import (
    Stamp,
    StampedTree,
    digest_of,
    digest_of_program,
    load_stamp,
    save_stamp,
)
from generator.render.workers import run_each
from generator.store.state import State


class PlannedTree(NamedTuple):
    """An account's part of the site, loaded only if it has to be rendered."""

    name: str
    slug: str | None  # the secret part of the link of an unlisted account, None for a public one
    digest: str
    """Of everything that only this account's pages are made from; "" renders them always."""
    load: Callable[[], AccountContent | None]
    """None if there is nothing to show yet. Raises SealError or SnapshotError."""

    @property
    def top(self) -> str:
        """The directory of its tree, with a trailing slash."""
        return tree_path(self.name, self.slug)


class Built(NamedTuple):
    """The result of a build."""

    accounts: int  # those on the index
    copies: int  # of all accounts, the unlisted among them
    files: int
    unlisted: int = 0
    unchanged: int = 0  # accounts whose pages are those of the previous build
    changed: bool = True  # whether anything was written
    skipped: Mapping[str, Problem] = {}  # the accounts that could not be loaded, by name


class Build(NamedTuple):
    """The output, and everything the site is made with besides the snapshots."""

    output: Path
    site: SiteView
    template_dirs: Sequence[Path]  # the workspace's overrides before the bundled ones
    asset_dirs: Sequence[Path]
    precompress: bool = False  # whether compressed copies are put beside the texts
    full: bool = False  # whether unchanged accounts are rendered too

    def from_state(self, state: State, accounts: Sequence[Account], cooldown: timedelta) -> Built:
        """Build the accounts that are not private and have a snapshot; raises as `update`."""
        plans = [
            _stored_tree(state, account, cooldown)
            for account in accounts
            if account.privacy is not Privacy.PRIVATE and account.status.synced_at
        ]
        return self.update(plans, {account.name: account.privacy for account in accounts})

    def run(self, contents: Iterable[AccountContent], levels: Levels) -> Built:
        """Build collections that are at hand; raises as `update`."""
        return self.update([_tree_of(content) for content in contents], levels)

    def update(self, plans: Sequence[PlannedTree], levels: Levels) -> Built:
        """Bring the output up to date, all at once or not at all.

        Raises UsageError for an output that is not ours, RenderError for a page that must not be
        published or a file that cannot be written; the previous site stays then.
        """
        for plan in plans:
            check_level(plan.name, levels, listed=not plan.slug)
        if len({plan.top for plan in plans}) < len(plans):
            raise RenderError("the site", "two accounts have the same path")
        output = self.output.resolve()
        swap.check_output(output)
        run = _Run(self, output)
        with self._guarded(output):
            kept = run.kept(plans)
            stale = [plan for plan in plans if plan.top not in kept]
            skipped: dict[str, Problem] = {}
            if stale or not run.is_current(kept):
                with swap.staging_directory(output) as fresh:
                    rendered = run.render(stale, fresh, skipped)
                    if rendered or not run.is_current(kept):
                        for tree in kept.values():
                            swap.reuse(output, fresh, tree.paths)
                        trees = kept | rendered
                        files = run.complete(trees, fresh, levels)
                        swap.publish(fresh, output)
                        return _built(trees, files, len(kept), skipped)
            swap.remove_stale_staging(output)
            return _built(kept, len(run.before), len(kept), skipped)._replace(changed=False)

    @contextmanager
    def _guarded(self, output: Path) -> Iterator[None]:
        """Turn a file that cannot be written into an expected error."""
        try:
            yield
        except OSError as error:
            hint = "the previous site stays; fix this and build again"
            at = Path(error.filename or "")
            above = at in output.parents or at.parent == output.parent
            if above and isinstance(error, PermissionError):
                hint = f"allow writing in the directory above, where the site is built; {hint}"
            what = f"cannot be written: {reason(error)}"
            raise RenderError(str(self.output), what, hint) from error


class _Run:
    """One build of one output."""

    def __init__(self, build: Build, output: Path) -> None:
        self._build = build
        self._output = output
        self._assets = assets.collected(build.asset_dirs)
        self._assets_digest = assets.digest(self._assets)
        self._asset_paths = {f"{ASSETS}/{self._assets_digest}/{name}" for name in self._assets}
        self._templates = Templates(build.template_dirs)
        own_styles = assets.OWN_STYLES if assets.OWN_STYLES in self._assets else ""
        self._templates.globals["own_styles"] = own_styles
        program = digest_of_program(build.template_dirs)
        self._digest = digest_of(program, build.site, build.precompress, self._assets_digest)
        self.before = {} if build.full else swap.load_sizes(output)
        """The sizes of the files in the output, by path."""

    def kept(self, plans: Sequence[PlannedTree]) -> dict[str, StampedTree]:
        """The trees in the output that would be rendered the same, by path."""
        found = (
            load_stamp(self._output, plan.top, self._digest_of(plan), self.before) for plan in plans
        )
        return {tree.top: tree for tree in found if tree}

    def is_current(self, trees: Mapping[str, StampedTree]) -> bool:
        """Whether the output holds these trees, the files around them, and nothing else."""
        site = load_stamp(self._output, "", self._digest_around(trees), self.before)
        if site is None:
            return False
        planned = sum(len(one.stamp.files) + 1 for one in (site, *trees.values()))
        return planned == len(self.before)

    def render(
        self, plans: Sequence[PlannedTree], fresh: Path, skipped: dict[str, Problem]
    ) -> dict[str, StampedTree]:
        """Render trees into the fresh directory; those that cannot be loaded are skipped."""
        trees = {}
        for plan, result in zip(plans, run_each(plans, partial(self._tree, fresh)), strict=True):
            if isinstance(result, Problem):
                skipped[plan.name] = result
            elif result:
                trees[plan.top] = result
        return trees

    def _tree(self, fresh: Path, plan: PlannedTree) -> StampedTree | Problem | None:
        """The tree of an account, rendered without the garbage collector.

        It takes a third of the time and finds next to nothing.
        """
        gc.disable()
        try:
            content = plan.load()
            if content is None:
                return None
            writer, scope = self._writer(fresh), account_scope(content)
            tree = account_tree(content, self._build.site)
            del content
            scope.check_instances(plan.top, tree.instances)
            writer.write(tree.items, scope)
            links = {
                target: page
                for target, page in sorted(writer.links.items())
                if target not in writer.files and target not in self._asset_paths
            }
            return save_stamp(
                fresh, plan.top, self._digest_of(plan), Stamp(writer.files, links, tree.entry)
            )
        except (SealError, SnapshotError) as error:
            return error.problem
        finally:
            gc.enable()

    def complete(self, trees: Mapping[str, StampedTree], fresh: Path, levels: Levels) -> int:
        """Write the rest of the site around the trees and verify it; the number of its files."""
        site = self._build.site
        writer = self._writer(fresh)
        writer.write_assets(self._assets)
        entries = [tree.stamp.entry for tree in trees.values() if tree.stamp.entry]
        public = [entry for entry in entries if entry.account.listed]
        writer.write(site_pages(public, site, self._assets_digest), site_scope(public, levels))
        save_stamp(fresh, "", self._digest_around(trees), Stamp(writer.files))
        sizes = swap.load_sizes(fresh)
        for links in (writer.links, *(tree.stamp.links for tree in trees.values())):
            check_links(links, sizes)
        check_limits(sizes, site.host)
        return len(sizes)

    def _writer(self, fresh: Path) -> SiteWriter:
        build, digest = self._build, self._assets_digest
        return SiteWriter(fresh, self._templates, build.site, digest, precompress=build.precompress)

    def _digest_of(self, plan: PlannedTree) -> str:
        return plan.digest and digest_of(self._digest, plan.name, plan.slug, plan.digest)

    def _digest_around(self, trees: Mapping[str, StampedTree]) -> str:
        """The inputs of the site's own files; unlisted trees leave no trace in public bytes."""
        return digest_of(
            self._digest, sorted((top, trees[top].seal) for top in trees if top.startswith("u/"))
        )


def _tree_of(content: AccountContent) -> PlannedTree:
    """The part of a collection that is at hand."""
    return PlannedTree(content.snapshot.account, content.slug, "", lambda: content)


def _stored_tree(state: State, account: Account, cooldown: timedelta) -> PlannedTree:
    """The part of a stored account."""
    next_sync = cooldown_end(account, cooldown)
    slug = account.slug if account.privacy is Privacy.UNLISTED else None

    def load() -> AccountContent | None:
        snapshot = state.load_snapshot(account)
        return AccountContent(snapshot, next_sync=next_sync, slug=slug) if snapshot else None

    snapshot = state.snapshot_digest(account.id)
    shown = digest_of(account.username, account.status.synced_at, next_sync, snapshot)
    return PlannedTree(account.name, slug, shown, load)


def _built(
    trees: Mapping[str, StampedTree], files: int, unchanged: int, skipped: Mapping[str, Problem]
) -> Built:
    entries = [tree.stamp.entry for tree in trees.values() if tree.stamp.entry]
    listed = sum(entry.account.listed for entry in entries)
    return Built(
        accounts=listed,
        copies=sum(entry.stats.copies for entry in entries),
        files=files,
        unlisted=len(entries) - listed,
        unchanged=unchanged,
        skipped=skipped,
    )
