"""The version of a state directory: `schema.json`, written with its first file."""

import json
from pathlib import Path

from generator.errors import StateError
from generator.store import files

SCHEMA = 1


def check_schema(data: Path) -> None:
    """Refuses state this version cannot read. No schema.json is a new instance.

    Raises StateError; then nothing below `data` may be read or written.
    """
    path = data / "schema.json"
    where = f"{data.name}/{path.name}"
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return
    schema = _parse_schema(text)
    if schema is None:
        raise StateError(where, "does not say which version wrote this state")
    if schema > SCHEMA:
        raise StateError(
            where, f"this state has schema {schema}, and this version knows none above {SCHEMA}"
        )


def begin(data: Path) -> None:
    """Checks the schema before a write, and writes it if this is the first. Raises StateError."""
    check_schema(data)
    path = data / "schema.json"
    if not path.exists():
        text = json.dumps({"schema": SCHEMA}) + "\n"
        files.write_atomic(path, text.encode(), files.SECRET_MODE)


def _parse_schema(text: bytes) -> int | None:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    schema = content.get("schema") if isinstance(content, dict) else None
    return schema if type(schema) is int and schema >= 1 else None
