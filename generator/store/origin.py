"""Where a state directory came from: `.branch/origin.json`, which stays at home."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from generator.errors import StateError
from generator.store import files

HOME = ".branch"
"""The directory of a state directory that holds this and git's objects."""

_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a state directory is to be compared with."""

    remote: str = ""
    """The address, without secrets."""
    base: str | None = None
    """The commit it was last in agreement with; None if there was no branch."""
    incoming: str | None = None
    """The commit it is being brought to; a killed run leaves it to the next."""
    draft: str | None = None
    """A commit on `base` that was made and not pushed."""


def load_origin(data: Path) -> Origin | None:
    """None when this state directory never met a branch. Raises StateError."""
    path = _path(data)
    try:
        content = json.loads(path.read_bytes())
        origin = Origin(**{name: _checked(name, value) for name, value in content.items()})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, AttributeError):
        raise StateError(
            f"{data.name}/{HOME}/{path.name}",
            "does not say where this state came from",
            "move data/ away, then run build-site state pull",
        ) from None
    return origin


def save_origin(data: Path, origin: Origin) -> None:
    """Remembers it, in one step."""
    text = json.dumps(asdict(origin), indent=1) + "\n"
    files.write_atomic(_path(data), text.encode(), files.SECRET_MODE)


def _checked(name: str, value: Any) -> Any:
    """The value, if it can be one of that name. Raises ValueError."""
    if isinstance(value, str) and (name == "remote" or _COMMIT.fullmatch(value)):
        return value
    if value is None and name != "remote":
        return value
    raise ValueError(name)


def _path(data: Path) -> Path:
    return data / HOME / "origin.json"
