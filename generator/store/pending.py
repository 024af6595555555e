"""Logins under way, sealed below `data/pending/` between two runs; nobody needs them for long."""

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from generator.domain.pending import Pending, parse_pending, pending_json
from generator.errors import SealError, StateError, VaultError
from generator.store import files, state
from generator.store.sealed import Place, load_sealed, save_sealed
from generator.store.vault import SETTING, Vault

_ID_BYTES = 8


class Pendings:
    """The logins below one state directory, one for each name; for whoever holds the lock."""

    def __init__(
        self,
        data: Path,
        vault: Callable[[], Vault],
        draw_id: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        self._data = data
        self._vault = vault
        self._draw_id = draw_id

    def save(self, pending: Pending) -> None:
        """Stores the login in place of any other of its name."""
        state.begin(self._data)
        former = [path for path, held in self._found() if held and held.name == pending.name]
        place = self._place(self._data / "pending" / self._draw_id(_ID_BYTES))
        save_sealed(place, self._vault(), [pending_json(pending)])
        for path in former:
            files.remove_file(path)

    def live(self, now: datetime, *, key_is_known: bool) -> tuple[Pending, ...]:
        """The logins whose code may still be taken, the youngest first.

        The others are removed, and those that do not open: nobody can end them. Raises VaultError
        when none opens and nothing else has shown that the key is the right one.
        """
        state.check_schema(self._data)
        found = list(self._found())
        if found and not key_is_known and not any(pending for _, pending in found):
            hint = "use the key this state was sealed with"
            raise VaultError(SETTING, "opens no sealed file of this workspace", hint)
        live = [pending for _, pending in found if pending and pending.is_live(now)]
        for path, pending in found:
            if pending not in live:
                files.remove_file(path)
        return tuple(sorted(live, key=lambda pending: pending.created, reverse=True))

    def remove(self, name: str) -> None:
        """Removes the login of that name, if there is one."""
        for path, pending in self._found():
            if pending and pending.name == name:
                files.remove_file(path)

    def _found(self) -> Iterator[tuple[Path, Pending | None]]:
        """Every file and the login it holds, None where it does not open."""
        directory = self._data / "pending"
        if not directory.is_dir():
            return
        for path in sorted(directory.iterdir()):
            if not path.name.startswith("."):
                yield path, self._load(self._place(path))

    def _load(self, place: Place) -> Pending | None:
        try:
            return parse_pending(load_sealed(place, self._vault()), "a login")
        except (SealError, StateError):
            return None

    def _place(self, path: Path) -> Place:
        return Place(path, "pending", path.name)
