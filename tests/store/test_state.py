"""State of a version this program does not know is left alone."""

import pytest

from generator.errors import StateError
from generator.store.state import begin, check_schema


def test_the_schema_is_written_with_the_first_file(tmp_path):
    """A new instance says which version wrote it, once."""
    begin(tmp_path / "data")
    path = tmp_path / "data" / "schema.json"
    first = path.stat()
    begin(tmp_path / "data")

    assert path.read_bytes() == b'{"schema": 1}\n'
    assert path.stat().st_mtime_ns == first.st_mtime_ns
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_state_is_a_new_instance(tmp_path):
    """Looking at a new workspace neither fails nor makes anything."""
    check_schema(tmp_path / "data")

    assert list(tmp_path.iterdir()) == []


def test_newer_state_is_refused(tmp_path):
    """The error says which schema was found and what to do."""
    (tmp_path / "schema.json").write_text('{"schema": 2}')

    with pytest.raises(StateError) as refusal:
        begin(tmp_path)

    assert refusal.value.what == "this state has schema 2, and this version knows none above 1"
    assert refusal.value.hint == "update Gatefold, or restore data/ from a backup"
    assert (tmp_path / "schema.json").read_text() == '{"schema": 2}'


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff",
        b"[1]",
        b"1",
        b"{}",
        b'{"schema": "1"}',
        b'{"schema": true}',
        b'{"schema": 0}',
        b'{"schema": 1.0}',
        b"[" * 100_000,
    ],
    ids=lambda text: text[:20].decode("ascii", "replace"),
)
def test_an_unreadable_schema_is_refused(tmp_path, text):
    """Nothing is guessed about state whose version is unknown."""
    (tmp_path / "schema.json").write_bytes(text)

    with pytest.raises(StateError, match="does not say which version wrote this state"):
        check_schema(tmp_path)
