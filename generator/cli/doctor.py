"""The output of doctor: the findings, or the gaps of collections."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from generator.cli.output import one_line
from generator.cli.session import Session, utc_now
from generator.config import load_overrides, pages_address
from generator.derive.formatting import plural
from generator.derive.gaps import KINDS, Gap, gaps, unused
from generator.discogs.http import probe
from generator.doctor import (
    OK,
    PROBLEM,
    Accounts,
    Finding,
    check_data_host,
    check_lock,
    check_masters,
    check_network,
    check_overrides,
    check_site,
    check_state,
    check_token,
    guarded,
)
from generator.domain.account import PersonalToken
from generator.errors import GeneratorError, NoWorkspace
from generator.render.assets import bundled

if TYPE_CHECKING:
    from generator.domain.collection import Overrides, Snapshot

_SHOWN = 20  # gaps of a kind that are listed without --verbose


def run_doctor(session: Session, *, as_json: bool) -> None:
    """Check everything and print the findings. Raises GeneratorError if one is a problem."""
    findings = list(_findings(session))
    if as_json:
        entries = [one._asdict() for one in findings]
        session.output.result(json.dumps(entries, ensure_ascii=False, indent=2))
    for one in [] if as_json else findings:
        hint = f"; {one_line(one.hint)}" if one.hint and one.level != OK else ""
        session.output.result(f"{one.level:<8} {one.check}: {one_line(one.what)}{hint}")
    problems = sum(one.level == PROBLEM for one in findings)
    if problems:
        hint = f"each line that starts with {PROBLEM} says what to do"
        raise GeneratorError("doctor", f"found {plural(problems, 'problem')}", hint)


def _findings(session: Session) -> Iterator[Finding]:
    def configuration() -> Iterator[Finding]:
        _ = session.settings, session.environment
        load_overrides(session.workspace)
        yield Finding("configuration", OK, "site.toml and the environment are in order")

    configured = guarded("configuration", configuration)
    yield from configured
    usable = all(one.level == OK for one in configured)
    with suppress(GeneratorError):
        address = session.environment.api_url
        agent = session.user_agent if usable else "Gatefold"
        yield from check_network(address, probe(f"{address}/", agent), utc_now())
        data = session.environment.data_url
        yield check_data_host(data, probe(f"{data}/", agent))
    if usable:
        if session.environment.token:
            client = session.discogs.client(PersonalToken(session.environment.token))
            yield from guarded("token", lambda: check_token(client))
        if session.workspace.data.is_dir():
            yield from guarded("lock", lambda: check_lock(session.state, utc_now()))
        known = Accounts(
            session.state, session.workspace.site, session.environment.image_origin, utc_now()
        )
        key, listed = session.environment.encryption_key, bool(session.settings.collections)
        yield from guarded("state", lambda: check_state(known, key, collections=listed))
    yield check_masters(session.workspace.masters, utc_now())
    if usable:
        site, root = session.settings.site, session.workspace.root
        pages = pages_address(site.repository) if session.settings.publish.host == "github" else ""
        output = session.workspace.site
        yield from guarded("site", lambda: check_site(output, site.base_url, pages))
        own = root / "templates"
        yield from guarded("templates", lambda: check_overrides(own, bundled("templates")))


def show_gaps(session: Session, name: str | None, *, as_json: bool) -> None:
    """Print the gaps of one collection or of all, and the overrides that nothing is owned for."""
    if not session.workspace.settings_file.is_file():
        raise NoWorkspace((str(session.workspace.root), "has no site.toml"))
    overrides, snapshots = load_overrides(session.workspace), _snapshots(session)
    orphans = unused(overrides, snapshots)
    shown = [one for one in snapshots if name in (None, one.account)]
    collections = [(one, _gaps(session, one, overrides)) for one in shown]
    if as_json:
        document = {
            "collections": [
                {"name": one.account, "records": len(one.collection.copies)}
                | {kind: [gap._asdict() for gap in found] for kind, found in kinds.items()}
                for one, kinds in collections
            ],
            "unused_overrides": [one._asdict() for one in orphans],
        }
        session.output.result(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for one, kinds in collections:
        session.output.result(f"{one.account}: {plural(len(one.collection.copies), 'record')}")
        for kind, found in kinds.items():
            _show_kind(session, kind, found)
    for orphan in orphans:
        session.output.result(f"overrides.toml: {orphan.place} is not owned: {orphan.url}")
    if not collections:
        session.output.result("no collection was synced yet")


def _show_kind(session: Session, kind: str, found: list[Gap]) -> None:
    if not found:
        return
    session.output.result(f"  {KINDS[kind]}: {plural(len(found), 'record')}")
    listed = found if session.output.verbose else found[:_SHOWN]
    for gap in listed:
        note = f" ({gap.note})" if gap.note else ""
        session.output.result(f"    {one_line(f'{gap.credit}: {gap.title}')}{note}: {gap.url}")
    if len(listed) < len(found):
        session.output.result(f"    and {len(found) - len(listed):,} more; --verbose lists them")


def _snapshots(session: Session) -> "list[Snapshot]":
    """The collections that were synced, and those of site.toml, which are read now.

    Those that cannot be read are warnings.
    """
    loaded = session.state.load_accounts()
    for outcome in session.unreadable(loaded):
        if outcome.problem:
            session.output.warning(*session.output.render(outcome.problem, outcome.name))
    found = []
    for account in loaded.accounts:
        try:
            snapshot = session.state.load_snapshot(account)
        except GeneratorError as error:
            session.output.warning(*session.output.render(error.problem, account.name))
            continue
        if snapshot:
            found.append(snapshot)
    session.read_listed(list(session.listed.values()))
    return found + [made.snapshot for made in session.readings.values()]


def _gaps(session: Session, snapshot: "Snapshot", overrides: "Overrides") -> dict[str, list[Gap]]:
    masters = session.masters_of(snapshot)
    return gaps(snapshot, masters, overrides, session.environment.image_origin)
