"""What a run of the publishing workflow has to do, and what is missing before there is anything."""

import json

from generator.cli.app import App, utc_now
from generator.cli.wanted import wanted
from generator.derive.due import due_accounts
from generator.derive.shards import REQUESTS, Shard, planned_shards
from generator.derive.wording import plural
from generator.domain.account import Account
from generator.store.vault import SETTING

_FIRST_STEPS = """\
### {title}

1. *Settings → Environments → New environment*, called `sync`, for the default branch only, with these secrets:
   - `OAUTH_ENCRYPTION_KEY`: 43 random letters and digits from a password manager, or what `build-site keys new` prints. It seals everything that is kept; whoever loses it has to connect again.
   - `DISCOGS_OAUTH_CONSUMER_KEY` and `DISCOGS_OAUTH_CONSUMER_SECRET`: of an application of your own from <https://www.discogs.com/settings/developers>, its callback address left empty.
2. *Settings → Pages*: choose *GitHub Actions* as the source.
3. *Actions → Connect → Run workflow*: action `connect`, the name the collection shall have, and who may see it. The page of that run shows an address: open it, allow access, and run *Connect* again with action `verify` and the code shown there.
4. *Actions → Publish → Run workflow*, or wait for half an hour.
"""  # noqa: E501 - a line of Markdown is a paragraph


def make_plan(app: App, requests: int | None) -> None:
    """Say how many jobs this run needs, as outputs: none, one, or some side by side."""
    app.output.lenient = True
    shards = _shards(app, requests or REQUESTS)
    github = app.output.github
    github.output("count", str(len(shards)))
    github.output("shards", json.dumps([str(shard) for shard in shards]))
    app.output.result(json.dumps([str(shard) for shard in shards]))


def tell_first_steps(app: App, title: str) -> None:
    """Say on the page of the run what has to be set up."""
    app.output.github.summarize(_FIRST_STEPS.format(title=title))
    app.output.github.warn("Gatefold", f"{title}; the summary of this run says what to do")


def _shards(app: App, requests: int) -> tuple[Shard, ...]:
    """The shards with something to do; a run by hand has to build, even if nobody is due."""
    if not app.environment.encryption_key:
        return _nothing_yet(app, f"The secret {SETTING} is not set")
    chosen = wanted(app)
    loaded = app.accounts.load()
    if not loaded.accounts and not loaded.unreadable:
        return _nothing_yet(app, "No account is connected yet")
    app.report_unreadable(loaded)
    due = _due(app, loaded.accounts, force=chosen.force)
    if chosen.accounts is not None:
        due = chosen.accounts
    shards = planned_shards(due, requests) if due else ()
    app.output.say(f"{plural(len(due), 'account')} to sync, {plural(len(shards), 'job')}")
    return shards or ((Shard(1, 1),) if app.output.github.manual else ())


def _due(app: App, accounts: tuple[Account, ...], *, force: bool) -> tuple[Account, ...]:
    return accounts if force else due_accounts(accounts, app.settings.sync.cooldown, utc_now())


def _nothing_yet(app: App, title: str) -> tuple[Shard, ...]:
    tell_first_steps(app, title)
    app.output.say(f"nothing to do: {title}")
    return ()
