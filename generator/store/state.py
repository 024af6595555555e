"""The state directory: accounts, credentials, snapshots and pending logins, all sealed.

data/schema.json                the version of everything below
data/.lock                      held by the one run that writes
data/accounts/ID/account        the owner's choices
data/accounts/ID/status         the observations of syncs
data/accounts/ID/token          the credentials, if it has any
data/accounts/ID/snapshot       the last good collection
data/pending/ID                 a login that waits for its code
data/.seen                      the newest generations seen here, and where accounts are published
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, get_args

from msgspec import Struct
from msgspec.json import encode as json_bytes
from msgspec.structs import astuple, replace

from generator.domain.account import (
    Account,
    AccountId,
    Credentials,
    PendingLogin,
    Privacy,
    Source,
    Status,
    account_json,
    parse_account,
    parse_credentials,
    parse_stored,
)
from generator.domain.collection import (
    Collection,
    Snapshot,
    collection_json,
    parse_collection,
)
from generator.errors import (
    GeneratorError,
    Locked,
    SealError,
    SnapshotError,
    StateError,
    UsageError,
    VaultError,
    reason,
)
from generator.store import files
from generator.store.sealed import (
    Place,
    account_place,
    load_sealed,
    save_sealed,
    stated_generation,
)
from generator.store.vault import SETTING, Purpose, Vault

STATE_SCHEMA = 2
SCHEMA_FILE = "schema.json"
_CHECK_RIGHTS = "check who may write there, then run build-site reset again"
_GONE = 2**53  # the generation that a file of a disconnected account would need to come back


class LoadedAccounts(NamedTuple):
    """The accounts of a state directory; each is in exactly one of the two lists."""

    accounts: tuple[Account, ...]  # the readable ones, by name
    unreadable: tuple[tuple[str, GeneratorError], ...] = ()  # id and error of the others, by id

    def find(self, name: str) -> Account | None:
        """The account of that name, case-folded."""
        return next((one for one in self.accounts if one.name == name.casefold()), None)

    def named(self, name: str) -> Account:
        """The account of that name. Raises UsageError."""
        account = self.find(name)
        if account is None:
            hint = "build-site accounts lists the accounts"
            form = "use the name as it is in the address of its page"
            raise UsageError("", "no such account", hint, form=form).of(name)
        return account


class Published(Struct, frozen=True, array_like=True):
    """Where an account's pages are, and whose they are."""

    name: str
    slug: str | None  # the secret part of an unlisted link
    owner: str | None  # the owner's name at Discogs


class _Memory(Struct, frozen=True):
    """What a machine remembers of the accounts it has seen."""

    generations: dict[str, int] = {}  # the newest, by id and purpose
    trees: dict[str, Published] = {}  # of those that are not private, by id


class State:
    """One state directory. The vault is called for only to seal or to open.

    `register` is called with every account that was opened or is about to be stored, and
    `on_secret` with every opened token, before anything about them can be printed.
    """

    def __init__(
        self,
        data: Path,
        vault: Callable[[], Vault],
        register: Callable[[Account], None] = lambda _: None,
        draw: Callable[[int], str] = secrets.token_hex,
        on_secret: Callable[..., None] = lambda *_: None,
    ) -> None:
        self.data = data
        self.draw = draw  # random hexadecimal text of that many bytes
        self._vault = vault
        self._register = register
        self._on_secret = on_secret
        self._met: dict[str, int] = {}  # the generations of the files opened in this run
        self._trees: dict[str, Published | None] = {}  # of the accounts read in this run

    @contextmanager
    def lock(self, purpose: str, now: datetime) -> Iterator[None]:
        """Hold the directory, made if missing. Raises Locked at once when another run holds it.

        A kill frees the lock.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415 - 40 ms that readers do without

        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        holder = self.data / ".lock.json"
        try:
            with FileLock(self.data / ".lock", timeout=0, mode=0o600):
                since = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                note = {"pid": os.getpid(), "purpose": purpose, "since": since}
                files.write_atomic(holder, json.dumps(note).encode(), files.SECRET_MODE)
                yield
                self._remember()
        except Timeout:
            raise Locked(f"{self.data.name}/.lock", f"held by {_holder(holder)}") from None

    def load_accounts(self) -> LoadedAccounts:
        """All accounts; one that cannot be read never hides the others.

        Raises StateError for state of a newer version, and VaultError without a usable key or
        when the key opens no sealed file here at all.
        """
        self._check_schema()
        accounts, unreadable = [], []
        for account_id in self._ids():
            try:
                accounts.append(self._load_account(account_id))
            except (SealError, StateError) as error:
                unreadable.append((account_id, error))
            except OSError as error:
                where = account_place(self.data, account_id, "account").where
                what = f"cannot be read: {reason(error)}"
                unreadable.append((account_id, StateError(where, what)))
        if not accounts and all(isinstance(error, SealError) for _, error in unreadable):
            self._check_key([account_id for account_id, _ in unreadable])
        accounts.sort(key=lambda account: (account.name, account.id))
        return LoadedAccounts(tuple(accounts), tuple(unreadable))

    def save_account(self, account: Account) -> bool:
        """Store the choices, and the status of a new account; True if the choices changed."""
        self._note(account)
        if not self._place(account.id, "status").path.exists():
            self.save_status(account)
        return self._save(account.id, "account", account_json(account))

    def save_status(self, account: Account) -> bool:
        """Store the observations; True if that changed the file."""
        return self._save(account.id, "status", json_bytes(account.status))

    def remove_account(self, account_id: str) -> None:
        """Remove everything about an account, readable or not.

        If that is killed, the account is still listed by its name, and removing it again finishes.
        """
        self._check_schema()
        files.remove_leftovers(self.data)
        files.remove_directory(self._place(account_id, "account").path.parent, "account")

    def load_credentials(self, account: Account) -> Credentials:
        """The credentials the account is read with. Raises SealError or StateError."""
        if not account.source.has_credentials:
            return None
        place = self._place(account.id, "token")
        hint = "reconnect: build-site connect {account}"
        form = "reconnect: Actions → Connect, action connect"
        try:
            credentials = parse_credentials(self._load(place), "token")
        except FileNotFoundError:
            raise StateError("token", "its file is missing", hint, form=form) from None
        except SealError as error:
            raise SealError("token", error.what, hint, form=form) from None
        self._on_secret(*astuple(credentials))
        return credentials

    def save_credentials(self, account_id: str, credentials: Credentials) -> bool:
        """Store the credentials; True if that changed the file.

        None is stored too: an account without a token must look like the others.
        """
        return self._save(account_id, "token", json_bytes(credentials))

    def load_snapshot(self, account: Account) -> Snapshot | None:
        """The account's snapshot, None before its first sync.

        Raises SealError or SnapshotError, and StateError for state of a newer version.
        """
        self._check_schema()
        synced_at = account.status.synced_at
        if synced_at is None:
            return None
        place = self._place(account.id, "snapshot")
        hint, form = _replacement(account)
        try:
            collection = parse_collection(self._load(place), "snapshot")
        except (SealError, SnapshotError, OSError) as error:
            kind = SealError if isinstance(error, SealError) else SnapshotError
            unread = f"cannot be read: {reason(error)}" if isinstance(error, OSError) else ""
            what = unread or getattr(error, "what", "")
            raise kind("snapshot", what, hint, form=form).of(account.name) from None
        return Snapshot(
            account.name, account.username or None, account.discogs_id, synced_at, collection
        )

    def holds_snapshot(self, account: Account) -> bool:
        """Whether the snapshot opens, if the account was ever synced."""
        if account.status.synced_at is None:
            return True
        place = self._place(account.id, "snapshot")
        try:
            self._vault().open(place.purpose, place.subject_id, place.path.read_bytes())
        except (SealError, OSError):
            return False
        return stated_generation(place.path) >= self._least(place)

    def save_collection(self, account_id: str, collection: Collection) -> bool:
        """Store the collection, all of it or nothing; True if that changed its file.

        The time it was read belongs to the status, so an idle collection costs no large write.
        """
        self._begin()
        place = self._place(account_id, "snapshot")
        return self._store(place, collection_json(collection))

    def snapshot_digest(self, account_id: str) -> str:
        """Identifies the sealed bytes of a snapshot without opening them; "" if there is none."""
        try:
            content = self._place(account_id, "snapshot").path.read_bytes()
        except OSError:
            return ""
        return hashlib.sha256(content).hexdigest()

    def live_logins(self, now: datetime) -> tuple[PendingLogin, ...]:
        """The logins whose code can still be used, the newest first.

        The others are removed, also those that do not open and so can never be finished. Raises
        VaultError when none opens and no account shows that the key is the right one.
        """
        found = list(self._logins())
        if found and not any(login for _, login in found) and not self.load_accounts().accounts:
            raise _wrong_key()
        live = [login for _, login in found if login and login.is_live(now)]
        for path, login in found:
            if login not in live:
                files.remove_file(path)
        return tuple(sorted(live, key=lambda login: login.created, reverse=True))

    def save_login(self, login: PendingLogin) -> None:
        """Store the login in place of any other of its name."""
        self._begin()
        superseded = [path for path, held in self._logins() if held and held.name == login.name]
        name = self.draw(8)
        place = Place(self.data / "pending" / name, "pending", name)
        save_sealed(place, self._vault(), [json_bytes(login)])
        for path in superseded:
            files.remove_file(path)

    def remove_login(self, name: str) -> None:
        """Remove the login of that name, if there is one."""
        for path, login in self._logins():
            if login and login.name == name:
                files.remove_file(path)

    def draw_id(self) -> AccountId:
        """An id that no account here has and that says nothing about the account."""
        while True:
            account_id = self.draw(8)
            if not (self.data / "accounts" / account_id).exists():
                return AccountId(account_id)

    def draw_slug(self) -> str:
        """The secret part of an unlisted link."""
        return self.draw(16)

    def reset(self) -> None:
        """Remove everything that is sealed, and what this machine remembers; needs no key.

        If that is killed, resetting again finishes. The public table of master data stays.
        """
        for name in ("pending", "accounts", ".branch"):
            shutil.rmtree(self.data / name, ignore_errors=True)
        for name in (".seen", SCHEMA_FILE):
            files.remove_file(self.data / name)
        for name in ("pending", "accounts"):
            if (self.data / name).exists():
                raise StateError(f"{self.data.name}/{name}", "cannot be removed", _CHECK_RIGHTS)
        self._met.clear()

    def reseal(self) -> tuple[int, list[SealError]]:
        """Seal everything under the first key of the ring, so that the others can be dropped.

        Returns the number of files that were rewritten, and an error for each that does not open.
        If that is killed, every file still opens under a key of the ring.
        """
        self.load_accounts()
        done, failed, vault = 0, [], self._vault()
        for place in self._sealed():
            try:
                envelope = place.path.read_bytes()
                content = vault.open(place.purpose, place.subject_id, envelope)
            except SealError as error:
                failed.append(SealError(place.where, error.what))
                continue
            if not vault.is_current(envelope):
                generation = stated_generation(place.path)
                sealed = vault.seal(place.purpose, place.subject_id, content, generation)
                files.write_atomic(place.path, sealed, files.SECRET_MODE)
                done += 1
        return done, failed

    def holds_sealed_files(self) -> bool:
        """Whether anything is sealed here; needs no key."""
        return any(True for _ in self._sealed())

    def under_other_keys(self) -> int:
        """How many files are sealed under another key than the first of the ring."""
        count = 0
        for place in self._sealed():
            with suppress(SealError, OSError):
                count += not self._vault().is_current(place.path.read_bytes())
        return count

    def _sealed(self) -> Iterator[Place]:
        """The places of all sealed files but the memory of this machine."""
        for path in sorted((self.data / "accounts").glob("*/*")):
            purpose: Any = path.name
            if purpose in get_args(Purpose):
                yield Place(path, purpose, path.parent.name)
        for path in sorted((self.data / "pending").glob("*")):
            if not path.name.startswith("."):
                yield Place(path, "pending", path.name)

    def published_as(self, account_id: str) -> "Published | None":
        """How an account that cannot be read was published when this machine last read it."""
        return self._seen.trees.get(account_id)

    @cached_property
    def _seen(self) -> "_Memory":
        """What this machine has seen of the accounts."""
        try:
            return parse_stored(load_sealed(self._memory, self._vault()), _Memory, "seen")
        except (SealError, StateError, OSError):
            return _Memory()

    @property
    def _memory(self) -> Place:
        return Place(self.data / ".seen", "seen", "seen")

    def _least(self, place: Place) -> int:
        return self._seen.generations.get(f"{place.subject_id}/{place.purpose}", 0)

    def _load(self, place: Place) -> bytes:
        content = load_sealed(place, self._vault(), self._least(place))
        self._met[f"{place.subject_id}/{place.purpose}"] = stated_generation(place.path)
        return content

    def _store(self, place: Place, text: Iterable[bytes]) -> bool:
        changed = save_sealed(place, self._vault(), text, self._least(place))
        self._met[f"{place.subject_id}/{place.purpose}"] = stated_generation(place.path)
        return changed

    def _remember(self) -> None:
        """Note the files that were opened, so that no older version or account comes back."""
        if not self._met:
            return  # also without a key
        before = self._seen.generations
        seen = before | {key: max(number, before.get(key, 0)) for key, number in self._met.items()}
        trees = self._seen.trees | self._trees
        for account_id in {key.partition("/")[0] for key in seen} | set(trees):
            if not (self.data / "accounts" / account_id / "account").exists():
                trees.pop(account_id, None)
                if f"{account_id}/account" in seen:
                    seen[f"{account_id}/account"] = _GONE
        memory = _Memory(seen, {key: tree for key, tree in trees.items() if tree})
        if memory != self._seen:
            self._seen = memory
            save_sealed(self._memory, self._vault(), [json_bytes(memory)])

    def _note(self, account: Account) -> None:
        self._register(account)
        slug = account.slug if account.privacy is Privacy.UNLISTED else None
        shown = Published(account.name, slug, account.username or None)
        self._trees[account.id] = None if account.privacy is Privacy.PRIVATE else shown

    def _place(self, account_id: str, purpose: Purpose) -> Place:
        return account_place(self.data, account_id, purpose)

    def _save(self, account_id: str, purpose: Purpose, plaintext: bytes) -> bool:
        self._begin()
        return self._store(self._place(account_id, purpose), [plaintext])

    def _ids(self) -> list[str]:
        """The ids of all accounts. A directory without an account file is an unfinished connect.

        Raises OSError: accounts that cannot be listed must not look like no accounts.
        """
        try:
            found = sorted((self.data / "accounts").iterdir())
        except FileNotFoundError:
            return []
        return [path.name for path in found if path.name[0] != "." and _has_account(path)]

    def _load_account(self, account_id: str) -> Account:
        place = self._place(account_id, "account")
        account = parse_account(self._load(place), place.where)
        if account.id != account_id:
            raise StateError(place.where, "holds another account")
        self._note(account)
        status = self._place(account_id, "status")
        if status.path.exists():
            # An older status was put back: the account is due, which heals it.
            old = stated_generation(status.path) < self._least(status)
            text = b"{}" if old else self._load(status)
            account = replace(account, status=parse_stored(text, Status, status.where))
        return account

    def _logins(self) -> Iterator[tuple[Path, PendingLogin | None]]:
        """Every file and its login, None where it does not open."""
        self._check_schema()
        directory = self.data / "pending"
        for path in sorted(directory.iterdir()) if directory.is_dir() else ():
            if path.name.startswith("."):
                continue
            try:
                text = load_sealed(Place(path, "pending", path.name), self._vault())
                yield path, parse_stored(text, PendingLogin, "a login")
            except (SealError, StateError):
                yield path, None

    def _check_key(self, ids: list[str]) -> None:
        """Raise VaultError if the key opens no sealed file of these accounts."""
        purposes: tuple[Purpose, ...] = ("account", "status", "token", "snapshot")
        places = [self._place(account_id, purpose) for account_id in ids for purpose in purposes]
        for place in places:
            try:
                load_sealed(place, self._vault())
            except (SealError, OSError):
                continue
            return
        if ids:
            raise _wrong_key()

    def _check_schema(self) -> None:
        """Refuse state that this version cannot read. Raises StateError."""
        try:
            text = (self.data / SCHEMA_FILE).read_bytes()
        except FileNotFoundError:
            return
        check_schema(f"{self.data.name}/{SCHEMA_FILE}", text)

    def _begin(self) -> None:
        """Check the schema before a write; the first write records it."""
        self._check_schema()
        path, text = self.data / SCHEMA_FILE, json.dumps({"schema": STATE_SCHEMA}).encode() + b"\n"
        if not path.exists() or path.read_bytes() != text:
            files.write_atomic(path, text, files.SECRET_MODE)


def check_schema(where: str, text: bytes) -> None:
    """Refuse the content of a schema.json that this version cannot read. Raises StateError."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    schema = content.get("schema") if isinstance(content, dict) else None
    if type(schema) is not int or schema < 1:
        raise StateError(where, "does not say which version wrote this state")
    if schema > STATE_SCHEMA:
        what = f"this state has schema {schema}; this version reads up to {STATE_SCHEMA}"
        raise StateError(where, what)


def _wrong_key() -> VaultError:
    hint = "use the key this state was sealed with, or add it after the new one and a comma; "
    hint += "if it is lost, build-site reset --remote starts over"
    form = f"{VaultError.default_form}; if the key is lost: Actions → Connect, action start over"
    return VaultError(SETTING, "opens no sealed file of this workspace", hint, form=form)


def _replacement(account: Account) -> tuple[str, str]:
    """How to get a snapshot that cannot be read again, on a terminal and on GitHub."""
    if account.source is Source.CSV:
        return ("import it again: build-site connect {account} --csv FILE",) * 2
    form = "read it again: Actions → Publish, with this account and force"
    return "read it again: build-site sync {account} --force", form


def _has_account(directory: Path) -> bool:
    """Whether an account file is there; one that cannot be looked up is, so that it is reported."""
    try:
        return (directory / "account").exists()
    except OSError:
        return True


def _holder(note: Path) -> str:
    """The holder that the note names; the note of a run that just began may be missing."""
    try:
        found = json.loads(note.read_text())
        return f"pid {found['pid']:d} ({found['purpose']}) since {found['since']}"
    except (OSError, ValueError, TypeError, KeyError):
        return "another run"
