"""Merging an account that was changed here and on the branch: choices, credentials, observations.

Choices of the owner are merged field by field against the last common version. Observations of two
syncs are taken from one of them, never mixed.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from generator.domain.account import (
    Account,
    Privacy,
    Status,
    account_json,
    parse_account,
    parse_stored,
)
from generator.errors import StateError, VaultError
from generator.store import files
from generator.store.sealed import Place, load_sealed, save_sealed, stated_generation
from generator.store.vault import Purpose, Vault

_OPENNESS = (Privacy.PRIVATE, Privacy.UNLISTED, Privacy.PUBLIC)
_NAMES: tuple[Purpose, ...] = ("account", "status", "token", "snapshot")
_CONNECTION = ("connection", "connected_at", "source", "discogs_name", "discogs_id")


def merged_choices(base: Account | None, ours: Account, theirs: Account) -> tuple[Account, str]:
    """The choices of two sides, and a note if they conflict.

    A choice that only one side made stands. Of two privacy levels the more closed one stands, of
    two links the one on the branch, of two connections the later one.
    """
    merged, note = theirs, ""
    if base is None or ours.privacy != base.privacy:
        merged = replace(merged, privacy=ours.privacy)
        if theirs.privacy not in (ours.privacy, base.privacy if base else None):
            level = min(ours.privacy, theirs.privacy, key=_OPENNESS.index)
            merged = replace(merged, privacy=level)
            note = f"was made {ours.privacy} here and {theirs.privacy} elsewhere; it is {level}"
    if base is not None and theirs.slug == base.slug:
        merged = replace(merged, slug=ours.slug)
    is_later = ours.connected_at > theirs.connected_at
    if base is not None and base.connection in (ours.connection, theirs.connection):
        is_later = theirs.connection == base.connection
    if is_later:
        merged = replace(merged, **{name: getattr(ours, name) for name in _CONNECTION})
    return merged, note


def merge_account(
    ours: Path, theirs: Path, base: Path, vault: Callable[[], Vault], *, read_here: bool
) -> str:
    """Change the account in `ours` so that it holds the merge with the changes in `theirs`.

    The three directories are named by the account's id and hold its files; `theirs` only those
    that differ from `ours`, `base` at most the choices. `read_here`: the snapshot in `ours` is new.
    Returns a note if choices conflict. Raises StateError without the key, if choices have to be
    merged.
    """
    account_id = ours.name

    def opened(directory: Path, purpose: Purpose) -> bytes:
        return load_sealed(Place(directory / purpose, purpose, account_id), vault())

    note = ""
    if (theirs / "account").exists():
        try:
            mine = parse_account(opened(ours, "account"), "account")
            other = parse_account(opened(theirs, "account"), "account")
            known = (base / "account").exists()
            common = parse_account(opened(base, "account"), "account") if known else None
            merged, note = merged_choices(common, mine, other)
            place = Place(ours / "account", "account", account_id)
            newest = stated_generation(theirs / "account")
            save_sealed(place, vault(), [account_json(merged)], newest)
        except VaultError as error:
            what = "was changed here and on the branch, and cannot be opened to merge it"
            hint = "set OAUTH_ENCRYPTION_KEY to the key of this state, and try again"
            raise StateError(f"accounts/{account_id}", f"{what}: {error.what}", hint) from None
        if merged.connection == other.connection != mine.connection:
            _take_over(theirs, ours, "token", vault())
    read_there = (theirs / "snapshot").exists()
    if (theirs / "status").exists() and (
        read_there if read_there != read_here else _is_later(opened, ours, theirs)
    ):
        _take_over(theirs, ours, "status", vault())
        _take_over(theirs, ours, "snapshot", vault())
    for name in _NAMES:
        with suppress(VaultError):
            _outdo(theirs, ours, name, vault)
    return note


def _is_later(opened: Callable[[Path, Purpose], bytes], ours: Path, theirs: Path) -> bool:
    """Whether the observations in `theirs` are those of the later sync; ours without a key."""
    try:
        mine, other = (
            parse_stored(opened(directory, "status"), Status, "status")
            for directory in (ours, theirs)
        )
    except (VaultError, StateError, OSError):
        return False
    return bool(other.last_sync and (mine.last_sync is None or other.last_sync > mine.last_sync))


def _outdo(theirs: Path, ours: Path, name: Purpose, vault: Callable[[], Vault]) -> None:
    """Make ours the newer version of the two: the other side has seen its own."""
    newest = stated_generation(theirs / name)
    if newest and (ours / name).exists() and stated_generation(ours / name) <= newest:
        content = vault().open(name, ours.name, (ours / name).read_bytes())
        sealed = vault().seal(name, ours.name, content, newest + 1)
        files.write_atomic(ours / name, sealed, files.SECRET_MODE)


def _take_over(theirs: Path, ours: Path, name: Purpose, vault: Vault) -> None:
    """Seal the content of `theirs` in place of ours, as a newer version of both."""
    if (theirs / name).exists():
        content = vault.open(name, ours.name, (theirs / name).read_bytes())
        newest = max(stated_generation(directory / name) for directory in (ours, theirs))
        sealed = vault.seal(name, ours.name, content, newest + 1)
        files.write_atomic(ours / name, sealed, files.SECRET_MODE)
