"""The table of Discogs' master data: data/masters.sqlite, public and replaced in one step.

Its table `master` has id, year, genres and styles; the last two are ids of `name`, separated by
spaces. `fact` states the schema, the day of the dump, the digest of its file, and how many masters.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple
from urllib.parse import quote

from generator.domain.collection import Collection, Master, MasterId
from generator.errors import DumpError, Locked, reason
from generator.store import files

_SCHEMA = "1"
_LEFTOVER = ".masters-*.tmp"
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE name (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE master (id INTEGER PRIMARY KEY, year INTEGER, genres TEXT, styles TEXT);
BEGIN;
"""
_AGAIN = "run build-site enrich to make it again"


class MasterTable(NamedTuple):
    """A finished table."""

    path: Path
    digest: str  # of the dump's file
    day: date | None  # of the dump, if its file's name told it
    masters: int

    @property
    def key(self) -> str:
        """The same for the same content; letters, digits and hyphens."""
        return f"{_SCHEMA}-{self.digest[:32]}"

    def of(self, collection: Collection) -> dict[MasterId, Master]:
        """The masters of a collection, as far as the table has them. Raises DumpError."""
        ids = {one.master_id for one in collection.releases.values() if one.master_id}
        try:
            with closing(_connected(self.path)) as table:
                names = dict(table.execute("SELECT id, name FROM name"))
                query = "SELECT year, genres, styles FROM master WHERE id = ?"
                found: dict[MasterId, Master] = {}
                for number in sorted(ids):
                    for year, genres, styles in table.execute(query, (number,)):
                        found[number] = Master(
                            number, year, _named(genres, names), _named(styles, names)
                        )
                return found
        except (sqlite3.Error, OverflowError, KeyError, ValueError, AttributeError):
            raise _damaged(self.path) from None


class TableWriter:
    """A table being written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: dict[str, int] = {}
        self.masters = 0

    def add(self, masters: Iterable[Master]) -> None:
        """Add masters; of two with one id the last counts."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO master VALUES (?, ?, ?, ?)", map(self._record, masters)
        )

    def finish(self, digest: str, day: date | None) -> None:
        """State what the table was made from."""
        facts = {"schema": _SCHEMA, "dump": day.isoformat() if day else "", "digest": digest}
        facts["masters"] = str(self.masters)
        self._connection.executemany("INSERT INTO fact VALUES (?, ?)", facts.items())
        entries = [(number, name) for name, number in self._names.items()]
        self._connection.executemany("INSERT INTO name VALUES (?, ?)", entries)

    def _record(self, master: Master) -> tuple[int, int | None, str, str]:
        self.masters += 1
        return master.id, master.year, self._coded(master.genres), self._coded(master.styles)

    def _coded(self, names: Iterable[str]) -> str:
        known = self._names
        return " ".join([str(known.setdefault(name, len(known) + 1)) for name in names])


def open_table(path: Path) -> MasterTable | None:
    """The table in a file; None if there is none. Raises DumpError for one that is damaged."""
    if not path.is_file():
        return None
    try:
        with closing(_connected(path)) as table:
            facts = dict(table.execute("SELECT name, value FROM fact"))
            ((pages,),) = table.execute("PRAGMA page_count")
            ((size,),) = table.execute("PRAGMA page_size")
        if facts["schema"] != _SCHEMA:
            raise DumpError(path.name, "was made by another version", _AGAIN, form=_AGAIN)
        if pages * size != path.stat().st_size:
            raise _damaged(path)
        day = date.fromisoformat(facts["dump"]) if facts["dump"] else None
        return MasterTable(path, facts["digest"], day, int(facts["masters"]))
    except (sqlite3.Error, KeyError, ValueError, TypeError, OSError):
        raise _damaged(path) from None


@contextmanager
def written_table(path: Path) -> Iterator[TableWriter]:
    """Write a table; it replaces the one in the file when the block ends without an exception.

    Raises DumpError if it cannot be written, and Locked if another run is writing one.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - readers do without

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(_LEFTOVER.replace("*", token_hex(8)))
    try:
        with FileLock(path.with_name(".masters.lock"), timeout=0, mode=0o600):
            for leftover in path.parent.glob(_LEFTOVER):
                leftover.unlink(missing_ok=True)
            try:
                with closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
                    connection.executescript(_TABLES)
                    yield TableWriter(connection)
                    connection.execute("COMMIT")
                files.sync_path(temporary)
                temporary.replace(path)
                files.sync_path(path.parent)
            finally:
                temporary.unlink(missing_ok=True)
    except Timeout:
        raise Locked(f"{path.parent.name}/.masters.lock", "held by another enrich") from None
    except (sqlite3.Error, OSError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        hint = "the table that was there stays; make room, then run build-site enrich again"
        raise DumpError(path.name, f"cannot be written: {why}", hint) from None


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)


def _named(ids: str, names: dict[int, str]) -> tuple[str, ...]:
    return tuple([names[int(number)] for number in ids.split()])


def _damaged(path: Path) -> DumpError:
    return DumpError(path.name, "is damaged", _AGAIN, form=_AGAIN)
