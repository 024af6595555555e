"""The last good collection of every account, sealed beside the account."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from generator.domain.account import Account
from generator.domain.collection import Collection
from generator.domain.snapshot import Snapshot, collection_json, parse_collection
from generator.errors import SealError, SnapshotError, reason
from generator.store import state
from generator.store.sealed import account_place, load_sealed, save_sealed
from generator.store.vault import Vault


class Snapshots:
    """The snapshots below one state directory; the vault is asked for only to seal or open."""

    def __init__(self, data: Path, vault: Callable[[], Vault]) -> None:
        self._data = data
        self._vault = vault

    def save(self, account_id: str, collection: Collection) -> bool:
        """Stores the collection, all of it or nothing; True when that changed its file.

        When it was read is the account's to remember, so that an idle collection costs no write.
        """
        state.begin(self._data)
        place = account_place(self._data, account_id, "snapshot")
        return save_sealed(place, self._vault(), collection_json(collection))

    def digest(self, account: Account) -> str:
        """Tells one sealing of the account's snapshot from all others; "" where there is none.

        Nothing is opened: a collection sealed anew has another digest, and so has a damaged one.
        """
        place = account_place(self._data, account.id, "snapshot")
        try:
            return hashlib.sha256(place.path.read_bytes()).hexdigest()
        except OSError:
            return ""

    def load(self, account: Account) -> Snapshot | None:
        """The account's snapshot, None before its first sync.

        Raises SealError or SnapshotError, each naming the account, and StateError for state of a
        newer version.
        """
        state.check_schema(self._data)
        place = account_place(self._data, account.id, "snapshot")
        if account.synced_at is None:
            return None
        where = f"snapshot of {account.name}"
        hint = f"read it anew: build-site sync {account.name} --force"
        try:
            text = load_sealed(place, self._vault())
        except SealError as error:
            raise SealError(where, error.what, hint) from None
        except OSError as error:
            raise SnapshotError(where, f"cannot be read: {reason(error)}", hint) from None
        return Snapshot(
            account=account.name,
            discogs_name=account.discogs_name,
            discogs_id=account.discogs_id,
            synced_at=account.synced_at,
            collection=parse_collection(text, where),
        )
