"""The version of a state directory: `schema.json`, written with its first file."""

import json
from pathlib import Path

from generator.errors import StateError
from generator.store import files

SCHEMA = 1
FILE = "schema.json"


def check_schema(data: Path) -> None:
    """Refuses state this version cannot read. No schema.json is a new instance.

    Raises StateError; then nothing below `data` may be read or written.
    """
    path = data / FILE
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return
    check_text(f"{data.name}/{path.name}", text)


def check_text(where: str, text: bytes) -> None:
    """Refuses what a schema.json says, wherever it was found. Raises StateError."""
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
    path = data / FILE
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
