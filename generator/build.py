"""Build: snapshots in, site out. Opens no socket and writes only the output.

A tree is an account's part of the site. One that would be rendered to the same bytes again, by its
stamp, is linked from the previous site. So is the last good tree of an account that fails.
"""

import gc
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from generator.derive.due import cooldown_end
from generator.derive.hosting import check_limits
from generator.derive.pages import (
    AccountContent,
    AccountPage,
    DataFile,
    IndexEntry,
    Page,
    SiteView,
    account_tree,
    site_pages,
)
from generator.domain.account import Account, Privacy, tree_path
from generator.domain.collection import NO_OVERRIDES, Collection, Overrides, folder_ids, in_folders
from generator.errors import GeneratorError, Problem, RenderError, StateError, reason
from generator.render import assets, swap
from generator.render.environment import MISTAKES, Templates
from generator.render.privacy import Levels, account_scope, check_level, site_scope, tree_of
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
from generator.store.masters import MasterTable
from generator.store.state import LoadedAccounts, State


class PlannedTree(NamedTuple):
    """An account's part of the site, loaded only if it has to be rendered."""

    name: str
    slug: str | None  # the secret part of the link of an unlisted account, None for a public one
    owner: str | None  # the owner's name at Discogs
    digest: str
    """Of everything that only this account's pages are made from; "" renders them always."""
    load: Callable[[], AccountContent | None]
    """None if there is nothing to show yet. Raises SealError or SnapshotError."""
    is_new: bool = False  # rendered whatever the digest says: it was read just now
    stays: bool = False  # the pages of the previous site stay: there is nothing to render them from

    @property
    def top(self) -> str:
        """The directory of its tree, with a trailing slash."""
        return tree_path(self.name, self.slug)


class Shown(NamedTuple):
    """What is shown of an account."""

    intro: str = ""  # the owner's sentence about it
    folders: tuple[int | str, ...] = ()  # ids or names of the folders to show; empty for all


class Built(NamedTuple):
    """The result of a build."""

    accounts: int  # those on the index
    copies: int  # of those on the index
    files: int
    unlisted: int = 0
    unchanged: int = 0  # accounts whose pages are those of the previous build
    changed: bool = True  # whether anything was written
    skipped: Mapping[str, Problem] = {}  # the accounts that could not be built, by name
    lost: frozenset[str] = frozenset()  # those of them without pages: no good ones were there


class Build(NamedTuple):
    """The output, and everything the site is made with besides the snapshots."""

    output: Path
    site: SiteView
    template_dirs: Sequence[Path]  # the workspace's overrides before the bundled ones
    asset_dirs: Sequence[Path]
    precompress: bool = False  # whether compressed copies are put beside the texts
    full: bool = False  # whether unchanged accounts are rendered too
    table: MasterTable | None = None  # Discogs' master data, if there are any
    overrides: Overrides = NO_OVERRIDES  # what the owner says of masters and releases
    shown: Mapping[str, Shown] = {}  # what is shown of accounts, by name

    def from_state(
        self,
        state: State,
        loaded: LoadedAccounts,
        cooldown: timedelta,
        others: Sequence[PlannedTree] = (),
    ) -> Built:
        """Build the accounts that are not private and have a snapshot, and others beside them.

        One that cannot be read keeps the pages it had when this machine last read it. Raises as
        `update`.
        """
        plans = [
            _stored_tree(state, account, cooldown, self.shown.get(account.name, Shown()))
            for account in loaded.accounts
            if account.privacy is not Privacy.PRIVATE and account.status.synced_at
        ]
        levels = {account.name: account.privacy for account in loaded.accounts}
        plans += others
        levels |= {plan.name: Privacy.UNLISTED if plan.slug else Privacy.PUBLIC for plan in others}
        for plan in _unreadable_trees(state, loaded):
            if plan.name not in levels:
                plans.append(plan)
                levels[plan.name] = Privacy.UNLISTED if plan.slug else Privacy.PUBLIC
        return self.update(plans, levels)

    def current(self, plans: Sequence[PlannedTree], *, several: bool) -> set[str]:
        """The names whose trees in the output were made by this program from these settings.

        `several`: whether the site has several public accounts.
        """
        site = replace(self.site, several=several)
        run = _Run(self._replace(site=site), self.output.resolve())
        return {plan.name for plan in plans if run.is_known(plan)}

    def run(self, contents: Iterable[AccountContent], levels: Levels) -> Built:
        """Build collections that are at hand; raises as `update`."""
        return self.update([_tree_of(content) for content in contents], levels)

    def take_off(
        self, state: State, loaded: LoadedAccounts, others: Sequence[PlannedTree] = ()
    ) -> bool:
        """Remove the pages that the accounts' levels forbid, and render no others but the index.

        Returns whether there were any. Overridden templates that fail are left out, so that no
        mistake in them keeps a page in the site. Raises as `update`.
        """
        output = self.output.resolve()
        unreadable = _unreadable_trees(state, loaded)
        tops = {one.tree for one in loaded.accounts if one.privacy is not Privacy.PRIVATE}
        tops |= {plan.top for plan in others}
        tops |= {plan.top for plan in unreadable}
        found = {tree_of(path) for path in swap.load_sizes(output)} - {""}
        if found <= tops or not (output / swap.MARKER).is_file():
            return False
        levels = dict.fromkeys((plan.name for plan in unreadable), Privacy.PUBLIC)
        levels |= dict.fromkeys((plan.name for plan in others), Privacy.PUBLIC)
        levels |= {account.name: account.privacy for account in loaded.accounts}
        try:
            self._keep(output, found & tops, levels)
        except RenderError:
            self._replace(template_dirs=self.template_dirs[-1:])._keep(output, found & tops, levels)
        return True

    def _keep(self, output: Path, tops: Iterable[str], levels: Levels) -> None:
        """Publish the trees in the output that are named, as they are."""
        run = _Run(self, output)
        with self._guarded(output), swap.staging_directory(output) as fresh:
            trees = {top: tree for top in tops if (tree := run.last_good(top))}
            for tree in trees.values():
                swap.reuse(output, fresh, tree.paths)
            run.complete(trees, fresh, levels, [])
            swap.publish(fresh, output)

    def update(self, plans: Sequence[PlannedTree], levels: Levels) -> Built:
        """Bring the output up to date, all at once or not at all.

        An account that fails keeps its last good pages and stops no other. Raises UsageError for
        an output that is not ours, RenderError if every account fails or a file cannot be written;
        the previous site stays then.
        """
        for plan in plans:
            check_level(plan.name, levels, listed=not plan.slug)
        if len({plan.top for plan in plans}) < len(plans):
            raise RenderError("the site", "two accounts have the same path")
        output = self.output.resolve()
        swap.check_output(output)
        several = sum(not plan.slug for plan in plans) > 1
        run = _Run(self._replace(site=replace(self.site, several=several)), output)
        with self._guarded(output):
            kept = run.kept(plans)
            stale = [plan for plan in plans if plan.top not in kept and not plan.stays]
            skipped: dict[str, Problem] = {}
            if stale or not run.is_current(kept):
                with swap.staging_directory(output) as fresh:
                    rendered = run.render(stale, fresh, skipped)
                    if rendered or not run.is_current(kept):
                        for tree in kept.values():
                            swap.reuse(output, fresh, tree.paths)
                        trees = kept | rendered
                        files = run.complete(trees, fresh, levels, plans)
                        swap.publish(fresh, output)
                        return _built(trees, files, len(kept), skipped, plans)
            swap.remove_stale_staging(output)
            unchanged = _built(kept, len(run.before), len(kept), skipped, plans)
            return unchanged._replace(changed=False)

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
        added = build.table and build.table.key, build.overrides
        self._digest = digest_of(program, build.site, build.precompress, self._assets_digest, added)
        self._homes: dict[str, AccountPage] = {}  # of the trees rendered in this process
        self.before = swap.load_sizes(output)
        """The sizes of the files in the output, by path."""

    def kept(self, plans: Sequence[PlannedTree]) -> dict[str, StampedTree]:
        """The trees in the output that would be rendered the same, by path."""
        found = (self._kept(plan) for plan in plans)
        return {tree.top: tree for tree in found if tree}

    def _kept(self, plan: PlannedTree) -> StampedTree | None:
        if plan.stays:
            return self.last_good(plan.top)
        if plan.is_new or self._build.full:
            return None
        return load_stamp(self._output, plan.top, self._digest_of(plan), self.before)

    def is_current(self, trees: Mapping[str, StampedTree]) -> bool:
        """Whether the output holds these trees, the files around them, and nothing else."""
        site = load_stamp(self._output, "", self._digest_around(trees, whole=True), self.before)
        if site is None:
            return False
        planned = sum(len(one.stamp.files) + 1 for one in (site, *trees.values()))
        return planned == len(self.before) and not self._build.full

    def render(
        self, plans: Sequence[PlannedTree], fresh: Path, skipped: dict[str, Problem]
    ) -> dict[str, StampedTree]:
        """Render trees into the fresh directory; those of failed accounts are the last good ones.

        Raises RenderError if all fail to render: the mistake is then not that of an account.
        """
        trees: dict[str, StampedTree] = {}
        failed: dict[PlannedTree, GeneratorError] = {}
        for plan, result in zip(plans, run_each(plans, partial(self._tree, fresh)), strict=True):
            if isinstance(result, GeneratorError):
                failed[plan] = result
            elif result:
                trees[plan.top] = result
        if failed and all(isinstance(failed.get(plan), RenderError) for plan in plans):
            raise next(iter(failed.values()))
        for plan, error in failed.items():
            skipped[plan.name] = error.of(plan.name).problem
            shutil.rmtree(fresh / plan.top, ignore_errors=True)
            tree = self.last_good(plan.top)
            # A name can pass to another account.
            if tree and tree.stamp.entry and tree.stamp.entry.account.discogs_name == plan.owner:
                swap.reuse(self._output, fresh, tree.paths)
                trees[plan.top] = tree
        return trees

    def last_good(self, top: str) -> StampedTree | None:
        """The tree in the output, whatever it was made from; None unless it is whole."""
        return load_stamp(self._output, top, None, self.before)

    def _tree(self, fresh: Path, plan: PlannedTree) -> StampedTree | GeneratorError | None:
        """The tree of an account, rendered without the garbage collector.

        It takes a third of the time and finds next to nothing.
        """
        gc.disable()
        try:
            content = self._content(plan)
            return self._rendered(fresh, plan, content) if content else None
        except GeneratorError as error:
            return error
        except MISTAKES as error:
            what = f"its pages cannot be made: {type(error).__name__}"
            hint = "report this, with the output of --debug; its last good pages stay"
            culprit = _culprit(self._content(plan), self._build.site)
            return RenderError("", what + culprit, hint, form=hint)
        finally:
            gc.enable()

    def _content(self, plan: PlannedTree) -> AccountContent | None:
        """The data of an account, with what the site adds to every snapshot."""
        content, build = plan.load(), self._build
        if content is None:
            return None
        content = replace(content, overrides=build.overrides)
        if build.table is None:
            return content
        masters = build.table.of(content.snapshot.collection)
        return replace(content, masters=masters, dump=build.table.day)

    def _rendered(self, fresh: Path, plan: PlannedTree, content: AccountContent) -> StampedTree:
        writer, scope = self._writer(fresh), account_scope(content)
        tree = account_tree(content, self._build.site)
        if not (plan.slug or self._build.site.several):
            self._homes[plan.top] = tree.home
        del content
        scope.check_instances(plan.top, tree.instances)
        writer.write(tree.items, scope)
        links = {
            target: page
            for target, page in sorted(writer.links.items())
            if target not in writer.files and target not in self._asset_paths
        }
        check_links(links, dict.fromkeys(("index.html", "404.html"), 0))
        check_limits(writer.files, self._build.site.host)
        stamp = Stamp(writer.files, links, tree.entry, self._assets_digest)
        return save_stamp(fresh, plan.top, self._digest_of(plan), stamp)

    def is_known(self, plan: PlannedTree) -> bool:
        """Whether the output has this tree, made by this program from these settings."""
        digest = self._digest_of(plan)
        return load_stamp(self._output, plan.top, digest, self.before) is not None

    def complete(
        self,
        trees: Mapping[str, StampedTree],
        fresh: Path,
        levels: Levels,
        plans: Sequence[PlannedTree],
    ) -> int:
        """Write the rest of the site around the trees and verify it; the number of its files.

        The plans, where there are any, are those of the trees.
        """
        site = self._build.site
        writer = self._writer(fresh)
        writer.write_assets(self._assets)
        for digest in {tree.stamp.assets for tree in trees.values()} - {self._assets_digest}:
            # Of the last good tree of an account that failed since the assets changed.
            old = [path for path in self.before if path.startswith(f"{ASSETS}/{digest}/")]
            swap.reuse(self._output, fresh, old)
            writer.files |= {path: self.before[path] for path in old}
        entries = [tree.stamp.entry for tree in trees.values() if tree.stamp.entry]
        public = [entry for entry in entries if entry.account.listed]
        home = self._home(public, plans)
        pages: Iterable[Page | DataFile] = site_pages(public, site, self._assets_digest, home)
        front = "index.html"
        stay = {plan.top for plan in plans if plan.stays}
        if not home and len(public) == 1 and public[0].href in stay and front in self.before:
            pages = [page for page in pages if page.path != front]
            swap.reuse(self._output, fresh, [front])
            writer.files[front] = self.before[front]
        writer.write(pages, site_scope(public, levels, home))
        save_stamp(fresh, "", self._digest_around(trees, whole=bool(plans)), Stamp(writer.files))
        sizes = swap.load_sizes(fresh)
        for links in (writer.links, *(tree.stamp.links for tree in trees.values())):
            check_links(links, sizes)
        check_limits(sizes, site.host)
        return len(sizes)

    def _home(
        self, public: Sequence[IndexEntry], plans: Sequence[PlannedTree]
    ) -> AccountPage | None:
        """The home of the only public account; None if there are others, or it cannot be made."""
        if len(public) != 1:
            return None
        for plan in plans:
            if plan.top == public[0].href:
                with suppress(GeneratorError, *MISTAKES):
                    if plan.top not in self._homes and (content := self._content(plan)):
                        self._homes[plan.top] = account_tree(content, self._build.site).home
        return self._homes.get(public[0].href)

    def _writer(self, fresh: Path) -> SiteWriter:
        build, digest = self._build, self._assets_digest
        return SiteWriter(fresh, self._templates, build.site, digest, precompress=build.precompress)

    def _digest_of(self, plan: PlannedTree) -> str:
        return plan.digest and digest_of(self._digest, plan.name, plan.slug, plan.digest)

    def _digest_around(self, trees: Mapping[str, StampedTree], *, whole: bool) -> str:
        """The inputs of the site's own files; unlisted trees leave no trace in public bytes.

        `whole` is false for a front page that could not be made from the account it shows.
        """
        listed = sorted((top, trees[top].seal) for top in trees if top.startswith("u/"))
        return digest_of(self._digest, listed, whole)


def _tree_of(content: AccountContent) -> PlannedTree:
    """The part of a collection that is at hand."""
    snapshot = content.snapshot
    return PlannedTree(snapshot.account, content.slug, snapshot.discogs_name, "", lambda: content)


def _stored_tree(state: State, account: Account, cooldown: timedelta, shown: Shown) -> PlannedTree:
    """The part of a stored account."""
    next_sync = cooldown_end(account, cooldown)
    slug = account.slug if account.privacy is Privacy.UNLISTED else None

    def load() -> AccountContent | None:
        snapshot = state.load_snapshot(account)
        read = len(snapshot.collection.copies) if snapshot else None
        if snapshot and shown.folders:
            ids = _folder_ids(account, shown.folders)
            snapshot = replace(snapshot, collection=in_folders(snapshot.collection, ids))
        if snapshot is None:
            return None
        return AccountContent(
            snapshot, intro=shown.intro, read=read, next_sync=next_sync, slug=slug
        )

    snapshot = state.snapshot_digest(account.id)
    inputs = (account.username, account.status.synced_at, next_sync, snapshot, shown)
    digest = digest_of(*inputs, account.status.folders)
    return PlannedTree(account.name, slug, account.username or None, digest, load)


def _folder_ids(account: Account, folders: Sequence[int | str]) -> set[int]:
    """The folders by id. Raises StateError for a name that the last sync did not find."""
    found, unknown = folder_ids(folders, account.status.folders)
    for name in unknown:
        hint = "check the name in site.toml, then run build-site sync {account} --force"
        what = f'has no folder "{name}", as far as the last sync knows'
        public = "site.toml names a folder that the last sync did not find"
        form = "check the name in site.toml; the next sync reads the folders again"
        raise StateError("", what, hint, form=form, public=public).of(account.name)
    return found


def _unreadable_trees(state: State, loaded: LoadedAccounts) -> list[PlannedTree]:
    """The parts of accounts that cannot be read: loading them fails, so their last pages stay."""
    plans = []
    for account_id, error in loaded.unreadable:
        known = state.published_as(account_id)
        if known:

            def load(error: GeneratorError = error) -> AccountContent | None:
                raise copy(error)  # the build says of which account it is

            plans.append(PlannedTree(known.name, known.slug, known.owner, "", load))
    return plans


def _culprit(content: AccountContent | None, site: SiteView) -> str:
    """The first release whose pages alone cannot be made, in words; "" if there is none."""
    if content is None:
        return ""
    whole = content.snapshot.collection
    for number, release in whole.releases.items():
        copies = tuple(copy for copy in whole.copies if copy.release_id == number)
        alone = replace(content.snapshot, collection=Collection(copies, {number: release}))
        try:
            account_tree(replace(content, snapshot=alone), site)
        except MISTAKES:
            return f" for release {number}: https://www.discogs.com/release/{number}"
    return ""


def _built(
    trees: Mapping[str, StampedTree],
    files: int,
    unchanged: int,
    skipped: Mapping[str, Problem],
    plans: Sequence[PlannedTree],
) -> Built:
    entries = [tree.stamp.entry for tree in trees.values() if tree.stamp.entry]
    listed = sum(entry.account.listed for entry in entries)
    return Built(
        accounts=listed,
        copies=sum(entry.stats.copies for entry in entries if entry.account.listed),
        files=files,
        unlisted=len(entries) - listed,
        unchanged=unchanged,
        skipped=skipped,
        lost=frozenset(
            plan.name for plan in plans if plan.name in skipped and plan.top not in trees
        ),
    )
