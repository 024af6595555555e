"""A new workspace: a commented site.toml and a .env with a fresh key."""

from collections.abc import Callable
from pathlib import Path

from generator.config import SETTINGS_FILE, Workspace
from generator.render.assets import bundled
from generator.store.files import SECRET_MODE, write_atomic
from generator.store.vault import SETTING, new_key

_SITE_TOML = """\
#:schema https://github.com/gatefold-site/gatefold/raw/main/docs/site.schema.json
# Gatefold: every setting with its default. Remove a "#" to change one.

[site]
# title = "Gatefold"        # shown on every page
# base_url = ""             # absolute address of the published site
# language = "en"           # language of your own texts, such as the title
{timezone}
# repository = ""           # "owner/name" on GitHub; turns on the Refresh link
# theme = "auto"            # auto | light | dark
# contact = ""              # address or URL added to the User-Agent

# [[collections]]           # a collection that needs no key; any number of these
#   discogs = ""          # a Discogs user name, or the address of the collection
#   name = ""             # on the site; by default the Discogs name
#   intro = ""            # a sentence or two, shown on its home
#   folders = []          # names or numbers of the folders to show; empty for all
#   privacy = "public"    # public | unlisted
#   link = ""             # for unlisted: 22 or more random letters and digits

[sync]
# cooldown = "4h"           # also "90s", "15m"; "0s" turns it off
# concurrency = 6           # parallel requests to Discogs
# max_wait = "10m"          # longest time a run waits for Discogs

[record]
# links = []                # "Listen = https://example.org/?q={{artist}}+{{title}}", any number

# [accounts.NAME]           # what is shown of one account
#   intro = ""              # a sentence or two, shown on its home
#   folders = []            # names or numbers of the folders to show; empty for all

[publish]
# host = "github"           # github | cloudflare | netlify | nginx | s3 | none
# data_files = true         # false: no stats.json, releases.json, releases.csv, no exports
"""

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


def site_toml(timezone: str | None = None) -> str:
    """The commented site.toml, with a time zone if one is known."""
    line = f'timezone = "{timezone}"' if timezone else '# timezone = "UTC"'
    return _SITE_TOML.format(timezone=f"{line:<28}# for days and months".rstrip())


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


def write_workspace(workspace: Workspace, report: Callable[[str], None]) -> None:
    """Write the files that are missing; existing files stay."""
    if workspace.settings_file.exists():
        report(f"kept {SETTINGS_FILE}")
    else:
        write_atomic(workspace.settings_file, site_toml().encode())
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
