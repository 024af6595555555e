"""Build: snapshots in, site out. Opens no socket and writes nowhere but in the output."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from generator.derive.pages import SiteView, Source, account_pages, site_pages
from generator.domain.account import Privacy
from generator.errors import GeneratorError, RenderError, SealError, SnapshotError, reason
from generator.render import assets, crew, manifest, swap
from generator.render.environment import environment
from generator.render.limits import check_limits
from generator.render.manifest import Former, Manifest, Tree
from generator.render.precompress import precompress
from generator.render.privacy import account_scope, site_scope
from generator.render.site import ASSETS, SiteWriter

Levels = Mapping[str, Privacy]
"""Who may find each account, by its name."""


@dataclass(frozen=True, slots=True)
class Part:
    """An account's part of the site, loaded only when it has to be rendered."""

    id: str
    fingerprint: str
    """Of all that its pages alone are made from."""
    load: Callable[[], Source | None]
    """None where there is nothing to show yet. Raises SealError or SnapshotError."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build wrote."""

    accounts: int
    """Those on the index."""
    copies: int
    """Of all accounts, the unlisted among them."""
    files: int
    unlisted: int = 0
    kept: int = 0
    """Accounts whose pages are those of the build before."""
    changed: bool = True
    """Whether there was anything to publish."""
    skipped: tuple[tuple[str, GeneratorError], ...] = ()
    """The accounts that could not be loaded, by id, and why."""


@dataclass(frozen=True, slots=True)
class Build:
    """Where the site goes and what it is made with."""

    output: Path
    site: SiteView
    template_dirs: Sequence[Path]
    """The workspace's overrides before the bundled ones."""
    asset_dirs: Sequence[Path]
    precompress: bool = False
    """Whether compressed copies are put beside the texts."""

    def run(self, collections: Iterable[Source], levels: Levels | None = None) -> Built:
        """Render collections into the output, which changes all at once or not at all.

        `levels` tells of every account who may find it; what is planned is held against that.
        Raises UsageError for an output that is not ours, RenderError for a page that must not be
        published or a file that cannot be written; the previous site stays then.
        """
        with self._guarded() as output, swap.beside(output) as fresh:
            making = _Making(self, fresh, assets.collected(self.asset_dirs), levels or {})
            return making.publish([making.tree(source) for source in collections], output)

    def update(
        self,
        parts: Sequence[Part],
        levels: Levels,
        previous: bytes | None,
        keep: Callable[[bytes], None],
    ) -> Built:
        """Do what `run` does, but render only what does not lie in the output as it should.

        `previous` is the manifest of the last build there, None to render everything; that of
        this one is handed to `keep` once the site is published. When nothing changed, nothing is
        published. Raises what `run` raises.
        """
        with self._guarded() as output:
            found = assets.collected(self.asset_dirs)
            before = self._former(output, previous, found)
            kept = before.kept({part.id: part.fingerprint for part in parts})
            stale = [part for part in parts if part.id not in kept]
            as_it_is = _told(before, kept) if before.complete(kept) else None
            if as_it_is and not stale:
                return as_it_is
            with swap.beside(output) as fresh:
                making = _Making(self, fresh, found, levels)
                trees, skipped = making.trees(stale)
                if as_it_is and not trees:
                    return replace(as_it_is, skipped=skipped)
                swap.take_over(output, fresh, before.paths(kept))
                both = {part.id: tree for part in parts if (tree := (kept | trees).get(part.id))}
                built = making.publish(list(both.values()), output, before.paths(kept))
            told = (built.accounts, built.copies, built.files, built.unlisted)
            left = manifest.load_files(output)
            keep(manifest.manifest_json(Manifest(before.site, left, both, told)))
            return replace(built, kept=len(kept), skipped=skipped)

    def _former(self, output: Path, previous: bytes | None, found: Mapping[str, bytes]) -> Former:
        """What lies in the output, held against the manifest of the build that made it."""
        digest = assets.digest(found)
        values = (digest, repr(self.site), str(self.precompress), *manifest.libraries())
        site = manifest.fingerprint(values, (*self.template_dirs, assets.PACKAGE))
        before = manifest.parse_manifest(previous)
        usable = before if before.site == site else Manifest()
        return Former(site, f"{ASSETS}/{digest}/", usable, manifest.load_files(output))

    @contextmanager
    def _guarded(self) -> Iterator[Path]:
        """The place of the output, once it is known to be ours; what cannot be written is told."""
        output = self.output.resolve()
        swap.check_output(output)
        try:
            yield output
        except OSError as error:
            what = f"cannot be written: {reason(error)}"
            raise RenderError(str(self.output), what, _hint(error, output)) from error


def _hint(error: OSError, output: Path) -> str:
    """What to mend; that the directory above is needed too, its name does not tell."""
    kept = "the previous site was kept: mend this and build again"
    at = Path(error.filename or "")
    above = at in output.parents or at.parent == output.parent
    if above and isinstance(error, PermissionError):
        return f"the site is made beside its place, so the directory above it is needed too; {kept}"
    return kept


@contextmanager
def _without_collector() -> Iterator[None]:
    """While an account is under way nobody looks for garbage that counting leaves behind.

    There is next to none among so many objects, and looking takes a third of the time.
    """
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


class _Making:
    """One build under way, in a fresh directory."""

    def __init__(
        self, build: Build, fresh: Path, found: Mapping[str, bytes], levels: Levels
    ) -> None:
        self._build = build
        self._fresh = fresh
        self._found = found
        self._levels = levels
        self._digest = assets.digest(found)
        self._env = environment(build.template_dirs)
        self._env.globals["own_styles"] = assets.OWN_STYLES if assets.OWN_STYLES in found else ""

    def trees(
        self, parts: Sequence[Part]
    ) -> tuple[dict[str, Tree], tuple[tuple[str, GeneratorError], ...]]:
        """The trees of accounts, by id, and those of them that could not be loaded."""
        trees: dict[str, Tree] = {}
        skipped = {}
        for part, result in crew.each(parts, self._loaded_tree, os.cpu_count() or 1):
            if isinstance(result, Tree):
                trees[part.id] = result
            elif result is not None:
                skipped[part.id] = result.error
        return trees, tuple((part.id, skipped[part.id]) for part in parts if part.id in skipped)

    @_without_collector()
    def tree(self, source: Source, fingerprint: str = "") -> Tree:
        """One account rendered. Raises RenderError for a page that must not be published."""
        writer = self._writer()
        entry, pages = account_pages(source, self._build.site)
        writer.write(pages, account_scope(source, self._levels))
        known = writer.paths | {f"{ASSETS}/{self._digest}/{name}" for name in self._found}
        outward = {
            links.page: sorted(links.targets - known)
            for links in writer.links
            if not links.targets <= known
        }
        told = manifest.entry_json(entry)
        return Tree(fingerprint, source.top, told, sorted(writer.paths), outward)

    def publish(self, trees: Sequence[Tree], output: Path, kept: Iterable[str] = ()) -> Built:
        """Complete the site around the trees, verify it and put it in the output's place.

        `kept` are the files that were taken over as they are.
        """
        writer = self._writer()
        writer.write_assets(self._found)
        for tree in trees:
            writer.adopt(tree.paths, tree.outward)
        entries = [tree.index_entry for tree in trees]
        listed = [entry.account.name for entry in entries if entry.account.listed]
        site = self._build.site
        writer.write(site_pages(entries, site, self._digest), site_scope(listed, self._levels))
        writer.write_bytes(swap.MARKER, f"{self._digest}\n".encode())
        writer.finish()
        previous = swap.previous_digest(output)
        if previous != self._digest:
            swap.keep_assets(output, self._fresh, previous)
        if self._build.precompress:
            precompress(self._fresh, frozenset(kept))
        check_limits(self._fresh, site.host)
        swap.publish(self._fresh, output)
        copies = sum(entry.stats.copies for entry in entries)
        return Built(len(listed), copies, len(writer.paths), len(entries) - len(listed))

    @_without_collector()
    def _loaded_tree(self, part: Part) -> "Tree | _Unloaded | None":
        try:
            source = part.load()
        except (SealError, SnapshotError) as error:
            return _Unloaded(error)
        return self.tree(source, part.fingerprint) if source else None

    def _writer(self) -> SiteWriter:
        return SiteWriter(self._fresh, self._env, self._build.site, self._digest)


@dataclass(frozen=True, slots=True)
class _Unloaded:
    """An account that could not be loaded: the others are built without it."""

    error: GeneratorError


def _told(before: Former, kept: Mapping[str, Tree]) -> Built:
    """What there is to tell of a site that stays as it is."""
    accounts, copies, files, unlisted = before.manifest.told
    return Built(accounts, copies, files, unlisted, kept=len(kept), changed=False)
