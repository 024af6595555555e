"""The steps of the workflows, as commands that the short help does not list."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.actions.runner import (
    WorkflowOutput,
    add_summary,
    form_input,
    is_requested,
    set_output,
)
from generator.derive.formatting import plural
from generator.errors import (
    ConfigError,
    Cooling,
    DiscogsError,
    DumpError,
    GeneratorError,
    NotFound,
    NoWorkspace,
    Refused,
    UsageError,
    VaultError,
)

if TYPE_CHECKING:
    from generator.actions.shards import Shard
    from generator.cli.session import Session
    from generator.domain.account import Account, Privacy
    from generator.sync import Outcome, SyncSelection

START_OVER = "everything"
"""What confirms the action "start over", in the field for the account."""
UNCHANGED = "unchanged"
"""The choice in the form that keeps the privacy level; a new account is then private."""
MAX_FAILURES = 3  # failed runs in a row of one account that make the workflow fail

_FIELDS = {"NAME": "account", "CODE": "code"}  # arguments by their names in the form

_DIRECTORY = click.Path(file_okay=False, path_type=Path)
_PUSH = click.option(
    "--push", is_flag=True, help="Push the state before the build, which then follows its merges."
)
_FIRST_STEPS = """\
### {title}

**One public collection, without a key:** write `[[collections]]` and below it `discogs = "NAME"`, with your Discogs name, into `site.toml`, and push it. With the secret `DISCOGS_TOKEN` (*Settings → Secrets and variables → Actions → New repository secret*; a token from <https://www.discogs.com/settings/developers>) the pages also have covers. *Settings → Pages*: choose *GitHub Actions* as the source.

**Several people, or private collections, with OAuth:**

1. *Settings → Secrets and variables → Actions → New repository secret*: add these secrets:
   - `OAUTH_ENCRYPTION_KEY`: 43 random letters and digits from a password manager, or the output of `build-site keys new`. It seals all stored data; if you lose it, connect your accounts again.
   - `DISCOGS_OAUTH_CONSUMER_KEY` and `DISCOGS_OAUTH_CONSUMER_SECRET`: register an application at <https://www.discogs.com/settings/developers> and leave its callback address empty.
2. *Settings → Pages*: choose *GitHub Actions* as the source.
3. *Actions → Connect → Run workflow*: choose the action `connect`, a name for the collection, and who can see it. The page of that run shows an address: open it and allow access. Then run *Connect* again with the action `verify` and the code.
4. *Actions → Publish → Run workflow*, or wait half an hour.
"""  # noqa: E501 - a line of Markdown is a paragraph


@click.command()
@click.option(
    "--requests",
    type=click.IntRange(1),
    envvar="GATEFOLD_SHARD_REQUESTS",
    help="Requests to Discogs per job; by default 300.",
)
@click.pass_obj
def plan(session: "Session", requests: int | None) -> None:
    """Print how many jobs the due accounts need."""
    from generator.actions.shards import REQUESTS, Shard, planned_shards
    from generator.cli.session import utc_now
    from generator.sync import accounts_to_sync

    output = _output(session)
    output.warn_only = True
    shards: tuple[Shard, ...] = ()
    loaded = None
    has_key, collections = bool(session.environment.encryption_key), session.settings.collections
    if not has_key and not collections:
        _show_first_steps("The secret OAUTH_ENCRYPTION_KEY is not set", output)
    elif has_key:
        loaded = session.state.load_accounts()
        if not loaded.accounts and not loaded.unreadable:
            if not collections:
                _show_first_steps("No account is connected yet", output)
            loaded = None
    if loaded:
        for outcome in session.unreadable(loaded):
            session.report(outcome)
        selection = _selection(session)
        due: Sequence[Account] = accounts_to_sync(
            session.state, loaded.accounts, session.settings.sync.cooldown, utc_now()
        )
        if selection.names:
            due = [one for one in loaded.accounts if one.name in selection.names]
        elif selection.force:
            due = [one for one in loaded.accounts if one.source.is_live]
        shards = planned_shards(due, requests or REQUESTS) if due else ()
        output.info(f"{plural(len(due), 'account')} to sync, {plural(len(shards), 'job')}")
    if not shards and (has_key or collections) and _has_to_build(session):
        shards = (Shard(1, 1),)
    _check_pages(session, shards)
    text = json.dumps([str(shard) for shard in shards])
    set_output("count", str(len(shards)))
    set_output("shards", text)
    output.result(text)


def _check_pages(session: "Session", shards: "tuple[Shard, ...]") -> None:
    """Warn before a deployment that must fail."""
    from generator.actions.published import has_pages

    if shards and session.settings.publish.host == "github" and not has_pages():
        hint = "Settings → Pages → Build and deployment → Source: choose GitHub Actions"
        what = "is not switched on, so nothing can be published"
        session.output.warning("GitHub Pages", what, hint)


def _has_to_build(session: "Session") -> bool:
    """Whether to build though no account is due: it was asked for, or the site lacks something."""
    if is_requested() or _has_due_collections(session):
        return True
    if _is_deployed(session):
        return False
    session.output.info("the last build was not deployed")
    return True


def _has_due_collections(session: "Session") -> bool:
    """Whether a collection of site.toml is due, by the published site."""
    from generator.actions.published import published_file
    from generator.cli.session import utc_now
    from generator.listed import cooldown_of
    from generator.render.shown import seen

    load = published_file(session.settings.site.base_url)
    cooldown, now = session.settings.sync.cooldown, utc_now()
    due = [
        one
        for one in session.listed.values()
        if not cooldown_of(seen(load, one.tree), cooldown, now)
    ]
    if session.listed:
        session.output.info(f"{plural(len(due), 'collection')} of site.toml to read")
    return bool(due)


def _is_deployed(session: "Session") -> bool:
    """Whether the published site is that of the state, as far as it can be known."""
    from generator.actions.published import is_deployed, published_file

    load = published_file(session.settings.site.base_url)
    listed = [one.tree for one in session.listed.values() if not one.slug]
    return is_deployed(load, session.state.load_accounts().accounts, listed)


@click.command()
@click.option(
    "--shard", metavar="I/N", envvar="GATEFOLD_SHARD", help="Sync only the I-th of N shares."
)
@click.option(
    "--results",
    type=_DIRECTORY,
    help="With --shard: write the changed sealed files there. Without: adopt those of the shards.",
)
@_PUSH
@click.pass_context
def run(context: click.Context, shard: str | None, results: Path | None, push: bool) -> None:
    """Sync and build like the scheduled job. Exits 0 even if some accounts fail."""
    session: Session = context.obj
    _output(session).warn_only = True
    _push_first(session, push)
    if shard:
        _sync_shard(session, shard, results)
        return
    context.exit(_sync_and_build(session, results))


def _sync_shard(session: "Session", text: str, results: Path | None) -> None:
    """Sync one share; the results go to the job that collects them."""
    from generator.actions.shards import check_empty, gather, parse_shard
    from generator.store.branch import load_tree

    shard = parse_shard(text)
    if results is None:
        raise UsageError("--shard", "needs --results DIR")
    check_empty(results)
    selection = _selection(session)._replace(includes=shard.includes)
    with session.lock("sync"):
        before = load_tree(session.workspace.data)
        try:
            session.sync(selection)
        finally:
            gather(session.workspace.data, before, results)


def _sync_and_build(session: "Session", results: Path | None) -> int:
    """Sync, or adopt the results of shards, then build from the good snapshots."""
    output = _output(session)
    selection = _selection(session)
    refused = 0
    with session.lock("sync and build"):
        if results is None:
            outcomes = session.sync(selection)
        else:
            refused, outcomes = _adopted(session, results)
        if not outcomes:
            output.info("no account is due")
        read = session.read_listed(list(session.listed.values()))
        outcomes += read
        failed = session.lacks_reading(read)
        if not failed:
            outcomes = session.build(before=outcomes)
    for outcome in outcomes:
        if not outcome.problem:
            name = output.display_name(outcome.name)
            hidden = output.is_hidden(outcome.name)
            what = "synced" if hidden else plural(outcome.copies, "copy", "copies")
            output.add_row("✅", name, what)
    _warn_if_none_is_published(session)
    is_news = is_requested() or any(not outcome.problem for outcome in outcomes)
    is_news = is_news or not _is_deployed(session)
    lost = [outcome for outcome in outcomes if outcome.lost]
    set_output("publish", str(is_news and not lost and not failed).lower())
    some = session.listed or session.state.load_accounts().accounts
    set_output("masters", "missing" if some and not session.master_table else "present")
    for outcome in lost:
        what = "has no pages in this build, so nothing is published; the published site stays"
        hint = "the warnings name the cause; disconnect takes an account off"
        output.error(GeneratorError("", what, hint, form=hint).of(outcome.name))
    if failed and any(isinstance(one.error, Refused | NotFound) for one in read):
        what = "a collection cannot be read, so the published site stays as it is"
        output.error(GeneratorError("site.toml", what, "the warnings name the causes"))
        return 1
    connected = [one for one in outcomes if one.name not in session.listed]
    return refused or (1 if lost else _verdict(session, connected))


def _warn_if_none_is_published(session: "Session") -> None:
    """Say why the site is empty though accounts are connected."""
    accounts = session.state.load_accounts().accounts
    if accounts and not session.listed and all(one.privacy == "private" for one in accounts):
        verb = "is" if len(accounts) == 1 else "are"
        what = f"{plural(len(accounts), 'account')} {verb} connected, and none is public"
        hint = "Actions → Connect → Run workflow, action privacy: choose public"
        session.output.warning("site", what, hint)


def _adopted(session: "Session", results: Path) -> "tuple[int, list[Outcome]]":
    """Adopt the results of shards: the exit code, and the outcomes that they recorded."""
    from generator.actions.shards import adopt
    from generator.sync import Outcome

    refused = 0
    synced: set[str] = set()
    for directory in sorted(results.iterdir()) if results.is_dir() else []:
        if not directory.is_dir():
            continue
        try:
            superseded = adopt(session.workspace.data, directory)
        except GeneratorError as error:
            session.output.error(error)
            refused = 1
            continue
        for account_id in sorted(superseded):
            session.output.warning(account_id, "was disconnected by another run; dropped")
        synced |= {path.parent.name for path in directory.glob("accounts/*/status")}
    loaded = session.state.load_accounts()
    outcomes = session.unreadable(loaded)
    for account in (one for one in loaded.accounts if one.id in synced):
        outcomes.append(Outcome(account.name, account.status.records, account.problem))
    for outcome in outcomes:
        session.report(outcome)
    return refused, outcomes


def _verdict(session: "Session", outcomes: "Sequence[Outcome]") -> int:
    """The exit code of the workflow: some failed accounts do not fail the run.

    It fails when all accounts failed, in this run or since an earlier one, and at the third
    failure in a row of any of them. An account inside its cooldown counts as neither.
    """
    from generator.sync import exit_code

    failed = [one for one in outcomes if one.problem and not isinstance(one.error, Cooling)]
    names = {outcome.name for outcome in failed}
    accounts = session.state.load_accounts().accounts
    hint = "the warnings name the causes"
    if failed and all(one.problem or one.name in names for one in accounts):
        session.output.error(GeneratorError("run", "every account failed", hint))
        return exit_code(failed)
    for account in accounts:
        if account.name in names and account.status.failures >= MAX_FAILURES:
            what = f"failed {account.status.failures:,} times in a row"
            session.output.error(GeneratorError("", what, hint).of(account.name))
            return 1
    return 0


def _push_first(session: "Session", push: bool) -> None:
    """Let a build follow the choices that others pushed, and find every collection."""
    from generator.cli.state import push_held

    session.reads_missing = True  # a runner starts without a site
    if push:
        address, pause = os.environ.get("STATE_REMOTE"), os.environ.get("STATE_PAUSE", "1")
        session.before_build = lambda: push_held(session, address, float(pause))


@click.command()
@_PUSH
@click.pass_context
def dispatch(context: click.Context, push: bool) -> None:
    """Run the action chosen on the Actions page."""
    session: Session = context.obj
    _push_first(session, push)
    action = form_input("action")
    if action not in FORM_ACTIONS:
        what = f"must be one of {', '.join(FORM_ACTIONS)}"
        raise UsageError("action", what, form="choose one of them")
    try:
        context.exit(FORM_ACTIONS[action](session))
    except UsageError as error:
        error.where = _FIELDS.get(error.where, error.where)
        raise
    except (VaultError, ConfigError) as error:
        if not isinstance(error, NoWorkspace):
            _show_first_steps("A setting is missing", _output(session))
        raise


@click.command("refresh-masters")
@click.pass_obj
def refresh_masters(session: "Session") -> None:
    """Bring the master data up to date. A failure is a warning: the pages do without."""
    output = _output(session)
    output.warn_only = True
    key = ""
    try:
        table, changed = session.enrich(None)
        key = f"masters-{table.key}" if changed else ""
    except (DiscogsError, DumpError) as error:
        output.failed_account(error.problem, "")
    set_output("key", key)


def _connect(session: "Session") -> int:
    """The first half of a connect: the page of the run shows the address to open."""
    from generator.domain.account import checked_name

    name = checked_name(form_input("account"))
    _ = session.vault  # a missing key is reported before Discogs is asked
    use_case = session.connect(name, _level())
    with session.lock("connect"):
        use_case.begin_login(name, session.output.login, session.output.mask)
    session.output.info("then run Connect again with the action verify and the code shown there")
    set_output("publish", "false")
    return 0


def _verify(session: "Session") -> int:
    """The second half. A reconnect may change who can see the account, and then rebuilds."""
    from generator.cli.connecting import report_connected
    from generator.discogs.oauth import parse_code
    from generator.domain.account import checked_name
    from generator.sync import exit_code

    name = form_input("account")
    code = parse_code(form_input("code"))
    before = {one.id: one.privacy for one in session.state.load_accounts().accounts}
    use_case = session.connect(checked_name(name) if name else None, _level())
    with session.lock("connect"):
        connected = use_case.end_login(code, session.output.mask)
        report_connected(session, connected)
        add_summary("Connected. The next run of *Publish* syncs the collection.")
        account = connected.account
        is_news = before.get(account.id, account.privacy) != account.privacy
        set_output("publish", str(is_news).lower())
        return exit_code(session.build()) if is_news else 0


def _privacy(session: "Session") -> int:
    from generator.cli.commands import set_privacy

    account = _account(session)
    level = _level()
    if level is None:
        raise UsageError("privacy", "choose private, unlisted or public")
    code = set_privacy(session, account.name, level, new_link=False)
    set_output("publish", "true")
    return code


def _disconnect(session: "Session") -> int:
    """By name, or by id for an account that cannot be read."""
    from generator.cli.commands import disconnect_account

    text = form_input("account")
    unreadable = {account_id for account_id, _ in session.state.load_accounts().unreadable}
    code = disconnect_account(session, text if text in unreadable else _account(session).name)
    set_output("publish", "true")
    return code


def _start_over(session: "Session") -> int:
    """Delete all stored data, here and on the branch, then publish what is left. Needs no key."""
    from generator.cli.state import reset_state
    from generator.sync import exit_code

    if form_input("account") != START_OVER:
        what = f"deletes all accounts, tokens and snapshots; to confirm it, enter {START_OVER}"
        raise UsageError(
            "account", what, form=f"enter {START_OVER} as the account, and run it again"
        )
    reset_state(session, "")
    add_summary(
        "All stored data is deleted. Set a new key if the old one is lost; then connect again."
    )
    with session.lock("start over"):
        code = exit_code(session.build())
    set_output("publish", "true")
    return code


FORM_ACTIONS: "Mapping[str, Callable[[Session], int]]" = {
    "connect": _connect,
    "verify": _verify,
    "privacy": _privacy,
    "disconnect": _disconnect,
    "start over": _start_over,
}
COMMANDS: Mapping[str, click.Command] = {
    "plan": plan,
    "run": run,
    "dispatch": dispatch,
    "refresh-masters": refresh_masters,
}


def _selection(session: "Session") -> "SyncSelection":
    """The accounts that the form names, else those that are due."""
    from generator.sync import SyncSelection

    if form_input("account") in session.listed:
        return SyncSelection((), form_input("force") == "true")  # all of site.toml are read anyway
    names = (_account(session).name,) if form_input("account") else None
    return SyncSelection(names, form_input("force") == "true")


def _account(session: "Session") -> "Account":
    """The account that the form names. Raises UsageError, which does not repeat the name."""
    from generator.domain.account import checked_name

    name = checked_name(form_input("account"))
    session.check_names(name, connected=True)
    return session.state.load_accounts().named(name)


def _level() -> "Privacy | None":
    """The level that the form names, if any. Raises UsageError for anything else."""
    from generator.domain.account import Privacy

    text = form_input("privacy")
    if text in ("", UNCHANGED):
        return None
    if text not in list(Privacy):
        raise UsageError("privacy", "must be private, unlisted or public")
    return Privacy(text)


def _show_first_steps(title: str, output: WorkflowOutput) -> None:
    """Show the set-up on the page of the run."""
    add_summary(_FIRST_STEPS.format(title=title))
    output.warning("", f"{title}; the summary of this run shows the steps")


def _output(session: "Session") -> WorkflowOutput:
    """The output of a step; outside a workflow the same one, without a runner."""
    if not isinstance(session.output, WorkflowOutput):
        session.output = WorkflowOutput(
            quiet=session.output.quiet, verbose=session.output.verbose, debug=session.output.debug
        )
    return session.output
