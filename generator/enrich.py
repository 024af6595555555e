"""Enrich: reduce Discogs' monthly master data to the table that builds read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from generator.discogs.dumps import DumpServer, Stream, dump_day, masters
from generator.discogs.http import is_loopback
from generator.errors import DumpError, UsageError, reason
from generator.store.masters import MasterTable, open_table, written_table


class Enriched(NamedTuple):
    """The result: the table, and whether it is a new one."""

    table: MasterTable
    changed: bool


class Enrich(NamedTuple):
    """Where the table is, where its data come from, and who is told of the progress."""

    path: Path
    server: Callable[[str], DumpServer]  # made from the address it is asked at
    now: datetime
    begin: Callable[[date | None, int | None], None]
    """Called before a dump is read: its day and its size in bytes, as far as they are known."""
    report: Callable[[int], None]

    def newest(self, address: str) -> Enriched:
        """Bring the table up to the newest dump at Discogs.

        The old table stays if that fails. Raises DumpError, Unavailable, RateLimited or Locked.
        """
        server = self.server(address)
        dump = server.newest(self.now)
        table = self._present()
        if table and table.day == dump.day:
            return Enriched(table, changed=False)
        expected = server.checksum(dump, self.now)
        with server.opened(server.masters(dump), self.now, self.report) as stream:
            return self._made(stream, dump.day, dump.name, expected)

    def given(self, source: str) -> Enriched:
        """Make the table from a dump in a file or at an address.

        Raises as `newest`, and UsageError.
        """
        with self._opened(source) as (stream, name):
            return self._made(stream, dump_day(name), name)

    def _present(self) -> MasterTable | None:
        """The table that is there; a damaged one is made again."""
        try:
            return open_table(self.path)
        except DumpError:
            return None

    @contextmanager
    def _opened(self, source: str) -> Iterator[tuple[Stream, str]]:
        if source.startswith(("https://", "http://")):
            host = urlsplit(source).hostname or ""
            if not source.startswith("https://") and not is_loopback(host):
                raise UsageError("enrich --from", "must be an https address, or a file")
            name = urlsplit(source).path.rpartition("/")[2] or source
            name = name if dump_day(name) else source
            with self.server(source).opened(source, self.now, self.report) as stream:
                yield stream, name
            return
        try:
            file = Path(source).open("rb")  # noqa: SIM115 - closed below
        except OSError as error:
            raise UsageError("enrich --from", f"{source} cannot be read: {reason(error)}") from None
        with file:
            size = Path(source).stat().st_size
            yield Stream(file, size, self.report), Path(source).name

    def _made(self, stream: Stream, day: date | None, name: str, expected: str = "") -> Enriched:
        """The table made from a dump whose digest must be the expected one, if there is one."""
        self.begin(day, stream.size)
        with written_table(self.path) as table:
            table.add(masters(stream, name))
            digest = stream.digest()
            if expected and digest != expected:
                raise DumpError(name, "its checksum is not the published one")
            if not table.masters:
                raise DumpError(name, "it holds no masters")
            table.finish(digest, day)
        return Enriched(open_table(self.path) or MasterTable(self.path, digest, day, 0), True)
