"""Syncs of whole accounts, read from a stand-in for Discogs and stored in a real directory."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from generator.demo.api import Person
from generator.demo.covers import ORIGIN
from generator.discogs.client import DiscogsAccess
from generator.discogs.http import Endpoints
from generator.discogs.oauth import Consumer
from generator.discogs.transport import RetryPolicy
from generator.domain.account import OAuthToken, PersonalToken, Source, Status
from generator.errors import (
    Cooling,
    HeldBack,
    NotFound,
    Problem,
    Refused,
    StateError,
    Unauthorized,
    Unavailable,
    UsageError,
)
from generator.store.state import State
from generator.store.vault import Vault
from generator.sync import SEEN_AS_ANONYMOUS, Outcome, Sync, SyncSelection, exit_code
from tests import faults
from tests.discogs.wire import make_item
from tests.factories import NOW, make_account, make_collection, make_key, make_status
from tests.standin import StandIn

COOLDOWN = timedelta(hours=4)
PAGES = "/users/{}/collection/folders/0/releases"
GONE = "Discogs does not find this: User does not exist or may have been deleted."
PRIVATE = (
    "Discogs does not allow this: You are not allowed to view this resource. "
    "Please authenticate as the owner to view this content."
)
FORM = "Actions → Connect, action connect"
LIVE = [Source.OAUTH, Source.TOKEN, Source.ANONYMOUS]


def make_shelf(copies):
    """Copies as Discogs sends them."""
    return [make_item(number) for number in range(1, copies + 1)]


@dataclass
class World:
    """A state directory, the Discogs its accounts are read from, and everything a sync reports."""

    discogs: StandIn
    state: State
    moments: list = field(default_factory=list)
    """The next times the clock shows; afterwards it stands still."""
    reported: list = field(default_factory=list)
    begun: list = field(default_factory=list)
    """Names of the accounts, once for each reading that began."""

    def connect(self, name="demo", source=Source.TOKEN, credentials=None, **changes):
        """An account as connecting leaves it, or as it was after an earlier sync."""
        usual = {"discogs_name": name, "discogs_id": 77, "source": source}
        account = make_account(name, **(usual | changes))
        if source is Source.OAUTH:
            credentials = credentials or OAuthToken(*self.discogs.grant(name))
        elif source is Source.TOKEN:
            credentials = credentials or PersonalToken(f"pat-{name}")
        self.state.save_credentials(account.id, credentials)
        self.state.save_account(account)
        return account

    def store(self, *accounts):
        """Store an empty collection for accounts that were synced earlier."""
        for account in accounts:
            self.state.save_collection(account.id, make_collection())

    def account(self, name="demo"):
        account = self.state.load_accounts().find(name)
        assert account
        return account

    def copies(self, name="demo"):
        """The size of its snapshot; None if there is none."""
        snapshot = self.state.load_snapshot(self.account(name))
        return None if snapshot is None else len(snapshot.collection.copies)

    def now(self):
        return self.moments.pop(0) if self.moments else NOW

    @contextmanager
    def progress(self, account):
        self.begun.append(account.name)
        yield lambda *_: None

    def run(self, *names, **selection):
        """The outcomes of a run over the accounts of these names, or over those that are due."""
        access = DiscogsAccess(
            Endpoints(self.discogs.url, self.discogs.url),
            "Gatefold",
            lambda: Consumer(self.discogs.consumer.key, self.discogs.consumer.secret),
            RetryPolicy(max_wait=0),
            lambda *_: None,
        )
        report = self.reported.append
        sync = Sync(self.state, access, self.now, COOLDOWN, self.progress, report, ORIGIN)
        return sync.run(SyncSelection(names or None, **selection))

    def sync(self, *, force=False):
        """The outcome of the account that is usually synced, at any time of its cooldown."""
        if not force and self.account().status.last_sync:
            self.moments[:0] = [self.account().status.last_sync + COOLDOWN]
        (outcome,) = self.run("demo", force=force)
        return outcome

    def asked(self):
        return [request.path for request in self.discogs.requests]


@pytest.fixture
def owner():
    return Person("demo", id=77, copies=make_shelf(12), token="pat-demo")


@pytest.fixture
def world(tmp_path, owner):
    """A Discogs with two people, and a state directory without an account."""
    kay = Person("kay", id=78, copies=make_shelf(3), token="pat-kay")
    vault = Vault((make_key(),))
    with StandIn([owner, kay]) as discogs:
        discogs.limit.authenticated = discogs.limit.anonymous = 1000
        yield World(discogs, State(tmp_path, lambda: vault))


@pytest.mark.parametrize("source", LIVE)
def test_a_sync_stores_the_collection_and_its_times(world, source):
    world.connect(source=source)
    world.moments = [NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=5)]

    outcome = world.sync()

    assert (outcome, world.reported) == (Outcome("demo", 12), [Outcome("demo", 12)])
    assert world.account().status == make_status(
        synced_at=NOW + timedelta(minutes=1), last_sync=NOW + timedelta(minutes=5), records=12
    )
    assert world.copies() == 12


@pytest.mark.parametrize("source", [Source.OAUTH, Source.TOKEN])
def test_a_renamed_owner_is_followed(world, owner, source):
    world.connect(source=source)
    owner.username = "Demo_2"

    assert world.sync() == Outcome("demo", 12)
    account = world.account()
    assert (account.name, account.username, account.discogs_id) == ("demo", "Demo_2", 77)
    assert world.asked() == [PAGES.format("demo"), "/oauth/identity", PAGES.format("Demo_2")]
    assert world.begun == ["demo", "demo"]
    assert world.sync().problem is None
    assert world.asked()[3:] == [PAGES.format("Demo_2")]


def test_a_rename_during_a_reading_is_followed(world, owner):
    world.connect()
    owner.copies[:] = make_shelf(350)

    def rename(request):
        if request.query.get("page") == "4":
            owner.username = "Demo_2"

    world.discogs.after_request.append(rename)

    assert world.sync().copies == 350
    assert world.account().username == "Demo_2"


def test_a_rename_is_followed_after_a_reconnect_too(world, owner):
    status = make_status(connection="before", username="Demo_1")
    world.connect(status=status)
    owner.username = "Demo_2"

    assert world.sync() == Outcome("demo", 12)
    assert world.account().username == "Demo_2"
    assert world.asked()[0] == PAGES.format("demo")


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        # Without credentials nothing says who the owner was.
        ({"source": Source.ANONYMOUS}, [PAGES.format("demo")]),
        # The credentials of another person are no new name: that collection is never read.
        ({"credentials": PersonalToken("pat-kay")}, [PAGES.format("demo"), "/oauth/identity"]),
    ],
)
def test_a_rename_that_cannot_be_proven_is_not_followed(world, owner, changes, asked):
    world.connect(**changes)
    owner.username = "Demo_2"

    outcome = world.sync()

    assert (type(outcome.error), outcome.problem.what) == (NotFound, GONE)
    assert world.asked() == asked
    assert (world.account().username, world.copies()) == ("demo", None)


def test_an_outage_while_a_rename_is_looked_up_is_an_outage(world, owner):
    world.connect()
    owner.username = "Demo_2"
    world.discogs.add_fault(faults.MAINTENANCE, faults.on_path("/identity"), times=None)

    assert type(world.sync().error) is Unavailable
    assert not world.account().status.reconnect


def test_a_user_who_is_gone_keeps_the_last_snapshot(world):
    world.connect(status=make_status(records=12))
    missing = faults.refused(404, "User does not exist or may have been deleted.")
    world.discogs.add_fault(missing, faults.on_page(1), times=None)

    outcome = world.sync()

    assert outcome.problem == world.account().problem
    assert world.account().status == make_status(
        records=12, failed_connection="c0ffee01", failures=1, problem=outcome.problem
    )
    assert outcome.problem.render("demo").where == "demo"


def test_a_deleted_user_s_credentials_are_refused(world):
    world.connect()
    del world.discogs.people["demo"]

    assert isinstance(world.sync().error, Unauthorized)
    assert world.account().status.reconnect


@pytest.mark.parametrize(
    ("source", "status", "hint", "form"),
    [
        (
            Source.OAUTH,
            403,
            "reconnect: build-site connect demo",
            "reconnect: Actions → Connect, action connect",
        ),
        (
            Source.TOKEN,
            403,
            "reconnect: build-site connect demo --token",
            "reconnect: Actions → Connect, action connect",
        ),
        (
            Source.ANONYMOUS,
            403,
            "the collection is no longer public; connect as its owner: build-site connect demo",
            f"the collection is no longer public; connect as its owner: {FORM}",
        ),
        (
            Source.TOKEN,
            404,
            "the last good snapshot stays; check that this user still exists at Discogs",
            "the last good snapshot stays; check that this user still exists at Discogs",
        ),
        (
            Source.ANONYMOUS,
            404,
            "if this user has a new name, use it: build-site connect demo --anonymous NEW_NAME",
            f"if this user has a new name, connect the account again: {FORM}",
        ),
    ],
)
def test_a_refused_or_missing_account_is_shown_its_way_back(world, source, status, hint, form):
    world.connect(source=source)
    refusal = faults.refused(status, PRIVATE.removeprefix("Discogs does not allow this: "))
    world.discogs.add_fault(refusal, faults.on_page(1), times=None)

    outcome = world.sync()

    assert type(outcome.error) is (Refused if status == 403 else NotFound)
    assert status == 404 or outcome.problem.what == PRIVATE
    assert outcome.problem.render("demo").hint == hint
    assert outcome.problem.render("demo", form=True).hint == form
    assert world.account().status.reconnect is False


@pytest.mark.parametrize("source", LIVE)
def test_only_the_owner_can_read_a_private_collection(world, owner, source):
    world.connect(source=source)
    assert world.sync().problem is None
    owner.private = True

    assert (world.sync().problem is None) == (source is not Source.ANONYMOUS)
    assert world.copies() == 12


@pytest.mark.parametrize("source", [Source.OAUTH, Source.TOKEN])
def test_revoked_credentials_ask_for_a_reconnect_until_a_sync_succeeds(world, owner, source):
    account = world.connect(source=source)
    assert world.sync().problem is None
    world.discogs.revoke("demo")
    owner.token = "pat-another"

    assert isinstance(world.sync().error, Unauthorized)
    assert (world.account().status.reconnect, world.copies()) == (True, 12)
    world.discogs.add_fault(faults.BLOCKED)
    assert type(world.sync().error) is Unavailable
    assert (world.account().status.reconnect, world.account().status.failures) == (True, 2)
    world.state.save_credentials(
        account.id,
        PersonalToken("pat-another")
        if source is Source.TOKEN
        else OAuthToken(*world.discogs.grant("demo")),
    )
    assert world.sync().problem is None
    assert world.account().status == make_status(records=12, last_sync=NOW)


def test_a_failure_of_one_account_affects_no_other(world, owner):
    world.connect()
    world.connect("kay", discogs_id=78)
    owner.token = "pat-another"

    outcomes = world.run()

    assert [(one.name, type(one.error), one.copies) for one in outcomes] == [
        ("demo", Unauthorized, 0),
        ("kay", type(None), 3),
    ]
    assert world.reported == outcomes
    assert world.account("kay").status == make_status(records=3)


def test_a_state_that_cannot_be_written_fails_the_account(world, tmp_path):
    account = world.connect()
    (tmp_path / "accounts" / account.id / "snapshot").mkdir()

    outcome = world.sync()

    assert type(outcome.error) is StateError
    assert outcome.problem == Problem(
        "{account}: snapshot",
        "is a directory",
        "nothing was lost; fix this and sync again",
        "nothing was lost; the next run tries again",
    )


@pytest.mark.parametrize(
    ("source", "limit", "warning"),
    [
        (Source.TOKEN, 25, SEEN_AS_ANONYMOUS),
        (Source.TOKEN, 60, ""),
        (Source.ANONYMOUS, 25, ""),
        (Source.ANONYMOUS, 60, ""),
    ],
)
def test_credentials_that_get_an_anonymous_quota_are_warned_about(world, source, limit, warning):
    world.connect(source=source)
    world.discogs.limit.authenticated = world.discogs.limit.anonymous = limit

    assert world.sync() == Outcome("demo", 12, warning=warning)


@pytest.mark.parametrize(
    ("before", "held", "after", "accepted"),
    [
        # More than half of ten or more, or everything.
        *((12, None, 6, True), (12, None, 5, False), (10, None, 5, True), (10, None, 4, False)),
        *((250, None, 125, True), (250, None, 124, False), (250, None, 0, False)),
        # Of fewer than ten only everything.
        *((9, None, 1, True), (9, None, 0, False), (1, None, 0, False)),
        *((0, None, 0, True), (0, None, 250, True)),
        # A second reading within two percent of the first agrees.
        *((250, 100, 100, True), (250, 100, 98, True), (250, 100, 102, True)),
        *((250, 100, 97, False), (250, 100, 103, False), (250, 0, 0, True), (250, 0, 1, False)),
        *((12, 4, 4, True), (12, 4, 3, False)),
        # A reading that lost little needs no other.
        *((250, 100, 250, True), (250, 100, 125, True)),
    ],
)
def test_a_sudden_loss_is_held_back_until_a_second_reading_agrees(  # noqa: PLR0917
    world, owner, tmp_path, before, held, after, accepted
):
    status = make_status(records=before, held=held)
    world.connect(status=status)
    owner.copies[:] = make_shelf(after)

    outcome = world.sync()
    found = world.account().status

    if accepted:
        assert (outcome, world.copies()) == (Outcome("demo", after), after)
        assert found == make_status(records=after)
    else:
        assert isinstance(outcome.error, HeldBack)
        what = f"held back: {after:,} copies, down from {before:,} in the last sync"
        assert outcome.problem.render("demo", form=True) == (
            "demo",
            what,
            "if this is right, run Publish again with force ticked",
        )
        assert (found.records, found.held, found.failures) == (before, after, 1)
        assert list(tmp_path.rglob("snapshot")) == []


@pytest.mark.parametrize(
    ("status", "after", "force"),
    [
        (make_status(records=250), 0, True),
        (make_status(records=250), 4, True),
        (Status(), 0, False),
    ],
)
def test_a_forced_loss_and_a_first_reading_may_be_of_any_size(world, owner, status, after, force):
    world.connect(status=status)
    owner.copies[:] = make_shelf(after)

    assert world.sync(force=force) == Outcome("demo", after)
    assert world.account().status.held is None


def test_a_failure_in_between_does_not_forget_the_reading_that_was_held_back(world, owner):
    world.connect(status=make_status(records=250))
    owner.copies[:] = make_shelf(100)
    assert isinstance(world.sync().error, HeldBack)
    world.discogs.add_fault(faults.BLOCKED)
    assert type(world.sync().error) is Unavailable

    assert world.account().status.failures == 2
    assert world.sync().copies == 100
    assert world.account().status == make_status(records=100)


def test_a_run_syncs_the_accounts_that_are_due(world, tmp_path):
    earlier = make_status(last_sync=NOW - timedelta(hours=5))
    world.connect("kay", discogs_id=78)
    demo = world.connect("demo", status=earlier)
    cooling = world.connect(
        "cooling", discogs_name="demo", status=make_status(), credentials=PersonalToken("pat-demo")
    )
    world.store(demo, cooling)
    world.connect("import", source=Source.CSV, status=earlier)
    torn = world.connect("torn", status=earlier)
    (tmp_path / "accounts" / torn.id / "account").write_bytes(b"torn")

    torn_first, *due = world.run()
    assert (torn_first.name, torn_first.problem.what) == (
        torn.id,
        "is not a sealed file, or is damaged",
    )
    assert [one.name for one in due] == ["kay", "demo"]
    assert [one.name for one in world.run()] == [torn.id]
    assert [one.name for one in world.run(force=True)] == [torn.id, "cooling", "demo", "kay"]
    mine = {torn.id, world.account("kay").id}
    shard = world.run(force=True, includes=mine.__contains__)
    assert [one.name for one in shard] == [torn.id, "kay"]


def test_named_accounts_are_refused_inside_their_cooldown(world):
    world.connect(status=make_status(last_sync=NOW))
    world.connect("import", source=Source.CSV, discogs_name=None, discogs_id=None)
    world.connect("kay", discogs_id=78)
    world.moments = [NOW + timedelta(minutes=42)]

    cooling, imported, synced = world.run("DEMO", "import", "kay", "kay")

    assert cooling == Outcome(
        "demo",
        problem=Cooling("", ("next sync possible at 2026-11-22T18:18:42Z (in 3 h 18 min)"))
        .of("demo")
        .problem,
    )
    assert imported.problem.render("import") == (
        "import",
        "is an import, which no sync can read again",
        "import a newer export: build-site connect import --csv FILE",
    )
    assert (synced, exit_code([cooling, imported, synced])) == (Outcome("kay", 3), 3)
    assert world.run("demo", force=True) == [Outcome("demo", 12)]


def test_a_name_that_does_not_exist_stops_the_run(world):
    world.connect()

    with pytest.raises(UsageError) as error:
        world.run("demo", "nobody")

    assert error.value.problem.render(error.value.account)[:2] == ("nobody", "no such account")
    assert world.asked() == []


REFUSED, FAILED = (Problem("", "no", "", exit_code=code) for code in (13, 1))


@pytest.mark.parametrize(
    ("problems", "code"),
    [
        ([], 0),
        ([None], 0),
        ([None, FAILED], 3),
        ([REFUSED, None], 3),
        ([FAILED], 1),
        ([REFUSED, REFUSED], 13),
        ([REFUSED, FAILED], 1),
    ],
)
def test_the_exit_code_says_how_many_failed(problems, code):
    assert exit_code([Outcome("demo", problem=problem) for problem in problems]) == code


@pytest.mark.parametrize("damage", [b"", b"x"])
def test_an_account_whose_snapshot_does_not_open_is_due_at_once(world, tmp_path, damage):
    account = world.connect(status=make_status())
    world.store(account)
    assert world.run() == []
    (tmp_path / "accounts" / account.id / "snapshot").write_bytes(damage)

    assert [(one.name, one.problem) for one in world.run()] == [("demo", None)]
    assert world.run() == []
