"""A new workspace: a commented site.toml and a .env with a fresh key."""

import json
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from generator.config import (
    SETTINGS_FILE,
    AccountTable,
    CollectionTable,
    Settings,
    Workspace,
)
from generator.render.assets import bundled
from generator.store.files import SECRET_MODE, write_atomic
from generator.store.vault import SETTING, new_key

_HEAD = """\
#:schema https://github.com/gatefold-site/gatefold/raw/main/docs/site.schema.json
# Gatefold: every setting with its default. Remove a "#" to change one.
"""

_SEVERAL = {
    "collections": ("[[collections]]", CollectionTable),
    "accounts": ("[accounts.NAME]", AccountTable),
}
"""The tables that there can be several of."""

_ENV = """\
# Secrets of this workspace: never commit or share this file.

# Seals everything stored in data/. If you lose it, connect your accounts again.
{setting}={key}

# A personal access token, made at https://www.discogs.com/settings/developers: reads the
# [[collections]] of site.toml with their covers.
DISCOGS_TOKEN=

# The application registered at the same page, to connect accounts with OAuth.
DISCOGS_OAUTH_CONSUMER_KEY=
DISCOGS_OAUTH_CONSUMER_SECRET=
"""

_IGNORED = ("/.env", "/data/", "/site/")


def site_toml(timezone: str = "") -> str:
    """A site.toml that shows every setting with its default; only a time zone is set, if given."""
    tables = [_HEAD]
    for name, kind in get_type_hints(Settings).items():
        if name in _SEVERAL:
            head, model = _SEVERAL[name]
            lines = [_line(f"# {head}", model.__doc__ or ""), *_settings(model, "#   ")]
        else:
            lines = [f"[{name}]\n", *_settings(kind, "# ", timezone)]
        tables.append("".join(lines))
    return "\n".join(tables)


def local_timezone() -> str:
    """The name of this machine's time zone, "" if it has none."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from tzlocal import get_localzone_name

    with warnings.catch_warnings(action="ignore"):
        try:
            return ZoneInfo(get_localzone_name()).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ""


def _settings(model: Any, mark: str, timezone: str = "") -> Iterator[str]:
    """A line for each setting of a table, with `mark` in front of all but a given time zone."""
    for key, hint in get_type_hints(model, include_extras=True).items():
        default, (kind, about) = getattr(model(), key), get_args(hint)
        choices = f"{' | '.join(get_args(kind))}. " if get_origin(kind) is Literal else ""
        setting = f"{mark}{key} = {_value(default)}"
        if key == "timezone" and timezone:
            setting = f"{key} = {_value(timezone)}"
        yield _line(setting, choices + about.description)


def _line(setting: str, about: str) -> str:
    return f"{setting:<27} # {about}\n"


def _value(value: object) -> str:
    """A default as TOML."""
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        value = f"{minutes}m" if minutes % 60 else f"{minutes // 60}h"
    return json.dumps(value)


def write_instance(workspace: Workspace, report: Callable[[str], None]) -> None:
    """Write the files of a repository that publishes the site by itself; existing files stay."""
    template = bundled("instance")
    for source in sorted(path for path in template.rglob("*") if path.is_file()):
        name = source.relative_to(template)
        target = workspace.root / name
        if name.name in (SETTINGS_FILE, ".gitignore") and target.exists():
            continue
        report(f"{'kept' if target.exists() else 'wrote'} {name}")
        if not target.exists():
            write_atomic(target, source.read_bytes())


def write_workspace(
    workspace: Workspace, report: Callable[[str], None], timezone: str = ""
) -> None:
    """Write the files that are missing; existing files stay."""
    if workspace.settings_file.exists():
        report(f"kept {SETTINGS_FILE}")
    else:
        write_atomic(workspace.settings_file, site_toml(timezone).encode())
        report(f"wrote {SETTINGS_FILE}")
    if workspace.env_file.exists():
        report("kept .env")
    else:
        text = _ENV.format(setting=SETTING, key=new_key())
        write_atomic(workspace.env_file, text.encode(), SECRET_MODE)
        report("wrote .env with a fresh key")
    here = workspace.root.resolve()
    if any((place / ".git").exists() for place in (here, *here.parents)):
        _write_ignore_file(here / ".gitignore", report)


def _write_ignore_file(path: Path, report: Callable[[str], None]) -> None:
    if not path.exists():
        write_atomic(path, "\n".join((*_IGNORED, "")).encode())
        report("wrote .gitignore, which keeps .env, data/ and site/ out of the repository")
        return
    known = path.read_text(encoding="utf-8", errors="replace").splitlines()
    missing = [line for line in _IGNORED if line not in known]
    if missing:
        report(f"kept .gitignore; add these lines to it: {' '.join(missing)}")
