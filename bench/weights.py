"""What a collection weighs: sealed files and pages of sampled sizes, and a line through them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.domain.snapshot import Snapshot
from generator.store.accounts import Accounts
from generator.store.snapshots import Snapshots

from bench.shelves import grown
from generator.build import Build
from generator.demo import sample_collection
from generator.derive.pages import SiteView, Source
from generator.discogs.payloads import parse_page
from generator.domain.account import Account, OAuthToken
from generator.domain.collection import Collection
from generator.render.assets import bundled
from generator.store.vault import Vault, new_key

SIZES = (20, 600, 5_000)
READ = datetime(2026, 11, 22, 14, 18, 42, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Weights:
    """Bytes of an account, by the copies it has."""

    account: int
    """Its sealed account file."""
    token: int
    snapshots: tuple[tuple[int, int], ...]
    """Copies and bytes of the sealed snapshot, for the sampled sizes."""
    trees: tuple[tuple[int, int], ...]
    """The same of its part of the site."""
    tree_files: int
    rest: int
    """Bytes of what belongs to no account, without the index."""
    rest_files: int
    entry: int
    """Bytes an account adds to the index."""

    def snapshot(self, copies: int) -> int:
        """Bytes of a sealed snapshot."""
        return between(self.snapshots, copies)

    def tree(self, copies: int) -> int:
        """Bytes of an account's part of the site, its place on the index included."""
        return between(self.trees, copies) + self.entry


def between(points: Sequence[tuple[int, int]], copies: int) -> int:
    """The value on the lines through the points, the last one going on beyond them."""
    pairs = pairwise(points)
    (x1, y1), (x2, y2) = next((pair for pair in pairs if copies <= pair[1][0]), points[-2:])
    return round(y1 + (y2 - y1) * (copies - x1) / (x2 - x1))


def collection(copies: int) -> Collection:
    """So many invented copies, as a reading would give them."""
    items = grown(sample_collection().copies, copies)
    pagination = {"page": 1, "pages": 1, "per_page": copies, "items": copies, "urls": {}}
    page = parse_page({"pagination": pagination, "releases": items}, "bench", 1)
    by_instance = sorted(page.copies, key=lambda copy: copy.instance_id)
    return Collection(tuple(by_instance), page.releases)


def weighed(account: Account) -> Weights:
    """Seal and build accounts like this one, of each size."""
    account = replace(account, synced_at=READ, last_sync=READ)
    sources = [
        Source(Snapshot(f"size-{copies}", account.discogs_name, 1, READ, collection(copies)))
        for copies in SIZES
    ]
    with TemporaryDirectory() as place:
        data, site = Path(place) / "data", Path(place) / "site"
        sealed = [_sealed(data, account, source.snapshot.collection) for source in sources]
        Build(site, SiteView(), (bundled("templates"),), (bundled("assets"),)).run(sources)
        trees = [_sizes(site / "u" / source.snapshot.account) for source in sources]
        everything = _sizes(site)
        index = (site / "index.html").stat().st_size
    own = sum(map(sum, trees))
    return Weights(
        account=sealed[0][0],
        token=sealed[0][1],
        snapshots=tuple(zip(SIZES, (three[2] for three in sealed), strict=True)),
        trees=tuple(zip(SIZES, map(sum, trees), strict=True)),
        tree_files=len(trees[0]),
        rest=sum(everything) - own - index,
        rest_files=len(everything) - sum(map(len, trees)),
        entry=index // len(SIZES),
    )


def _sealed(data: Path, account: Account, copies: Collection) -> tuple[int, int, int]:
    """Bytes of the account's sealed files: account, token and snapshot."""
    vault = Vault.from_setting(new_key())
    accounts = Accounts(data, lambda: vault)
    accounts.save(account)
    accounts.save_credentials(account.id, OAuthToken("k" * 40, "s" * 40))
    Snapshots(data, lambda: vault).save(account.id, copies)
    place = data / "accounts" / account.id
    one, two, three = ((place / name).stat().st_size for name in ("account", "token", "snapshot"))
    return one, two, three


def _sizes(directory: Path) -> list[int]:
    return [path.stat().st_size for path in directory.rglob("*") if path.is_file()]
