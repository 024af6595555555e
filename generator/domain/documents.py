"""The form of published JSON: what `json.dumps` makes of a document, in a fraction of its time."""

from typing import Any

from pydantic import TypeAdapter

_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


def indented_json(document: object) -> str:
    """The document with every entry on a line of its own, and every character as itself."""
    return _ANYTHING.dump_json(document, indent=1).decode()
