"""A new workspace: a commented site.toml, and a .env with a fresh key."""

from generator.cli.output import Output
from generator.config import FILE, Workspace
from generator.store.files import SECRET_MODE, write_atomic
from generator.store.vault import SETTING, new_key

SITE_TOML = """\
# Gatefold: every setting with its default. Remove a "#" to change one.

[site]
# title = "Gatefold"        # shown on every page
# base_url = ""             # absolute address of the published site
# language = "en"
# timezone = "UTC"          # for days and months
# repository = ""           # "owner/name" on GitHub; turns on the Refresh link
# theme = "auto"            # auto | light | dark
# contact = ""              # address or URL put into the User-Agent

[sync]
# cooldown = "4h"           # also "90s", "15m"; "0s" turns it off
# concurrency = 6           # parallel requests to Discogs
# max_wait = "10m"          # most a run spends waiting for Discogs
# enrich_budget = 400       # master requests per run

[publish]
# host = "github"           # github | cloudflare | netlify | nginx | s3 | none
"""

_ENV = """\
# Secrets of this workspace: never commit or share this file.

# Seals everything kept under data/. Whoever loses it has to connect again.
{setting}={key}

# The application registered at https://www.discogs.com/settings/developers, for connecting
# with OAuth. A personal access token or a public collection works without it.
DISCOGS_OAUTH_CONSUMER_KEY=
DISCOGS_OAUTH_CONSUMER_SECRET=
"""


def write_workspace(workspace: Workspace, output: Output) -> None:
    """Write what is missing of the two files; what is there stays as it is."""
    if workspace.settings_file.exists():
        output.say(f"kept {FILE}")
    else:
        write_atomic(workspace.settings_file, SITE_TOML.encode())
        output.say(f"wrote {FILE}")
    if workspace.env_file.exists():
        output.say("kept .env")
    else:
        text = _ENV.format(setting=SETTING, key=new_key())
        write_atomic(workspace.env_file, text.encode(), SECRET_MODE)
        output.say("wrote .env with a fresh key")
