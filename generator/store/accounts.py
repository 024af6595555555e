"""The connected accounts of a workspace and their credentials, sealed below `data/accounts/`."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.domain.account import (
    Access,
    Account,
    Credentials,
    account_json,
    credentials_json,
    parse_account,
    parse_credentials,
)
from generator.errors import GeneratorError, SealError, StateError, VaultError, reason
from generator.store import files, state
from generator.store.sealed import account_place, load_sealed, save_sealed
from generator.store.vault import SETTING, Purpose, Vault

_ID_BYTES = 8
_SLUG_BYTES = 16
_OTHER_FILES: tuple[Purpose, ...] = ("token", "snapshot")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What `data/accounts/` holds: every account is in exactly one of the two."""

    accounts: tuple[Account, ...]
    """Those that could be read, by name."""
    unreadable: tuple[tuple[str, GeneratorError], ...]
    """Id and reason of those that could not, by id."""


class Accounts:
    """The accounts below one state directory; the vault is asked for only to seal or open.

    `meet` is told of every account that was opened, and of every one that is about to be stored.
    """

    def __init__(
        self,
        data: Path,
        vault: Callable[[], Vault],
        draw_id: Callable[[int], str] = secrets.token_hex,
        meet: Callable[[Account], None] = lambda _: None,
    ) -> None:
        self._data = data
        self._vault = vault
        self._draw_id = draw_id
        self._meet = meet

    def load(self) -> Loaded:
        """All accounts; one that cannot be read is reported and never hides the others.

        Raises StateError for state of a newer version, and VaultError without a usable key or
        when the key opens no sealed file here at all.
        """
        state.check_schema(self._data)
        found = [(account_id, self._load(account_id)) for account_id in self._ids()]
        accounts = [it for _, it in found if isinstance(it, Account)]
        unreadable = tuple((key, it) for key, it in found if not isinstance(it, Account))
        if found and all(isinstance(it, SealError) for _, it in found):
            self._check_key([account_id for account_id, _ in found])
        return Loaded(tuple(sorted(accounts, key=lambda a: (a.name, a.id))), unreadable)

    def save(self, account: Account) -> bool:
        """Stores the account; True when that changed its file."""
        self._meet(account)
        return self._save(account.id, "account", account_json(account))

    def load_credentials(self, account: Account) -> Credentials:
        """What the account is read with. Raises SealError or StateError naming the account."""
        if account.access is Access.ANONYMOUS:
            return None
        where = f"token of {account.name}"
        place = account_place(self._data, account.id, "token")
        if not place.path.exists():
            hint = f"reconnect: build-site connect {account.name}"
            raise StateError(where, "its file is missing", hint)
        try:
            return parse_credentials(load_sealed(place, self._vault()), where)
        except SealError as error:
            raise SealError(where, error.what, error.hint) from None

    def save_credentials(self, account_id: str, credentials: Credentials) -> bool:
        """Stores what the account is read with, nothing for None; True when that changed a file."""
        if credentials is not None:
            return self._save(account_id, "token", credentials_json(credentials))
        return files.remove_file(account_place(self._data, account_id, "token").path)

    def remove(self, account_id: str) -> None:
        """Removes everything that is kept of an account, readable or not.

        Killed in between, the account is still listed, and removing it again finishes.
        """
        state.check_schema(self._data)
        files.remove_directory(
            account_place(self._data, account_id, "account").path.parent, "account"
        )

    def new_id(self) -> str:
        """An id no account here has, which tells nothing about the account."""
        while True:
            account_id = self._draw_id(_ID_BYTES)
            if not (self._data / "accounts" / account_id).exists():
                return account_id

    def new_slug(self) -> str:
        """The secret part of an unlisted link, which nobody can guess."""
        return self._draw_id(_SLUG_BYTES)

    def _ids(self) -> list[str]:
        """The ids of all accounts. A directory without an account file is a connect cut short.

        Raises OSError: accounts that cannot be listed must not be taken for none.
        """
        try:
            found = sorted((self._data / "accounts").iterdir())
        except FileNotFoundError:
            return []
        return [path.name for path in found if path.name[0] != "." and _has_account(path)]

    def _load(self, account_id: str) -> Account | GeneratorError:
        place = account_place(self._data, account_id, "account")
        vault = self._vault()
        try:
            account = parse_account(load_sealed(place, vault), place.where)
        except (SealError, StateError) as error:
            return error
        except OSError as error:
            return StateError(place.where, f"cannot be read: {reason(error)}")
        if account.id != account_id:
            return StateError(place.where, "holds another account")
        self._meet(account)
        return account

    def _save(self, account_id: str, purpose: Purpose, plaintext: bytes) -> bool:
        state.begin(self._data)
        return save_sealed(
            account_place(self._data, account_id, purpose), self._vault(), [plaintext]
        )

    def _check_key(self, ids: list[str]) -> None:
        """Tells a wrong key from damaged account files by the other sealed files."""
        if not any(self._opens(one, purpose) for one in ids for purpose in _OTHER_FILES):
            raise VaultError(
                SETTING,
                "opens no sealed file of this workspace",
                "use the key this state was sealed with, or put it after the new one and a comma",
            )

    def _opens(self, account_id: str, purpose: Purpose) -> bool:
        try:
            load_sealed(account_place(self._data, account_id, purpose), self._vault())
        except (SealError, OSError):
            return False
        return True


def _has_account(directory: Path) -> bool:
    """Whether an account file is there; one that cannot be looked for is, to be reported."""
    try:
        return (directory / "account").exists()
    except OSError:
        return True
