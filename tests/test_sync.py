"""What a sync makes of an account whose owner, access or collection is no longer what it was."""

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from generator.demo import Person, StandIn, faults
from generator.discogs.client import Discogs
from generator.discogs.oauth import Consumer, signer
from generator.discogs.pacing import Pacing
from generator.domain.account import Access, OAuthToken, PersonalToken
from generator.errors import HeldBack, NotFound, Refused, Unauthorized, Unavailable
from generator.store.accounts import Accounts
from generator.store.snapshots import Snapshots
from generator.store.vault import Vault
from generator.sync import Sync
from tests.discogs.wire import make_item, make_transport
from tests.factories import NOW, make_account, make_key

PRIVATE = (
    "Discogs does not allow this: You are not allowed to view this resource. "
    "Please authenticate as the owner to view this content."
)
GONE = "Discogs does not find this: User does not exist or may have been deleted."


def make_shelf(copies):
    """Copies as Discogs sends them."""
    return [make_item(number) for number in range(1, copies + 1)]


@dataclass
class House:
    """A workspace's state, the Discogs its accounts are read from, and what syncs report."""

    discogs: StandIn
    accounts: Accounts
    snapshots: Snapshots
    pacing: Pacing = field(default_factory=Pacing)
    reported: list = field(default_factory=list)
    read: list = field(default_factory=list)
    """Names of the accounts that were read from Discogs, once for each reading begun."""

    def connect(self, name="demo", access=Access.TOKEN, credentials=None, **changes):
        """An account as connecting leaves it."""
        usual = {"discogs_name": name, "discogs_id": 77, "access": access}
        account = make_account(name, **(usual | changes))
        if access is Access.OAUTH:
            credentials = credentials or OAuthToken(*self.discogs.grant(name))
        elif access is Access.TOKEN:
            credentials = credentials or PersonalToken(f"pat-{name}")
        self.accounts.save(account)
        if credentials:
            self.accounts.save_credentials(account.id, credentials)
        return account

    def account(self, name="demo"):
        """The account as it is stored."""
        return next(one for one in self.accounts.load().accounts if one.name == name)

    def copies(self, name="demo"):
        """How many copies its snapshot holds; None if there is none."""
        snapshot = self.snapshots.load(self.account(name))
        return None if snapshot is None else len(snapshot.collection.copies)

    def client(self, credentials, where):
        consumer = Consumer(self.discogs.consumer.key, self.discogs.consumer.secret)
        auth = signer(credentials, consumer) if credentials else None
        return Discogs(make_transport(self.discogs.url, self.pacing, auth, max_wait=0), where)

    @contextmanager
    def progress(self, account):
        self.read.append(account.name)
        yield lambda *_: None

    def sync(self, *names, force=False):
        """The outcomes of a run over the accounts of these names."""
        run = Sync(
            self.accounts,
            self.snapshots,
            self.client,
            lambda: NOW,
            self.progress,
            self.reported.append,
        )
        chosen = [self.account(name) for name in names or ("demo",)]
        return run.run(chosen, force=force)

    def asked(self):
        """The paths asked for, of which requests for pages end in /releases."""
        return [request.path for request in self.discogs.requests]


@pytest.fixture
def owner():
    """The person whose account is usually synced."""
    return Person("demo", id=77, copies=make_shelf(12), token="pat-demo")


@pytest.fixture
def house(tmp_path, owner):
    """A Discogs with two people, and a workspace without any account."""
    kay = Person("kay", id=78, copies=make_shelf(3), token="pat-kay")
    vault = Vault((make_key(),))
    with StandIn([owner, kay]) as discogs:
        discogs.limit.authenticated = discogs.limit.anonymous = 1000
        accounts = Accounts(tmp_path, lambda: vault)
        yield House(discogs, accounts, Snapshots(tmp_path, lambda: vault))


PAGES = "/users/{}/collection/folders/0/releases"


@pytest.mark.parametrize("access", [Access.OAUTH, Access.TOKEN])
def test_a_renamed_owner_is_followed(house, owner, access):
    """By the number behind the credentials; the name on the site stays, and the next sync knows."""
    house.connect(access=access)
    owner.username = "Demo_2"

    (outcome,) = house.sync()

    assert (outcome.error, outcome.copies) == (None, 12)
    assert house.account().discogs_name == "Demo_2"
    assert house.account().discogs_id == 77
    assert house.account().name == "demo"
    assert house.asked() == [PAGES.format("demo"), "/oauth/identity", PAGES.format("Demo_2")]
    assert house.sync()[0].error is None
    assert house.asked()[3:] == [PAGES.format("Demo_2")]


def test_a_rename_in_the_middle_of_a_reading_is_followed(house, owner):
    """Pages that were there are gone at once, and so is page 1."""
    house.connect()
    owner.copies[:] = make_shelf(350)

    def rename(request):
        if request.query.get("page") == "4":
            owner.username = "Demo_2"

    house.discogs.after_request.append(rename)

    assert house.sync()[0].copies == 350
    assert house.account().discogs_name == "Demo_2"


def test_a_user_that_does_not_exist_any_more_is_not_found(house):
    """Discogs still knows the credentials and says nothing of another name."""
    house.connect(records=12, synced_at=NOW)
    missing = faults.refused(404, "User does not exist or may have been deleted.")
    house.discogs.add_fault(missing, faults.on_page(1), times=None)

    (outcome,) = house.sync()
    account = house.account()

    assert isinstance(outcome.error, NotFound)
    assert (outcome.error.where, outcome.error.what) == ("demo", GONE)
    assert (account.problem, account.failures, account.reconnect) == (GONE, 1, False)
    assert (account.records, account.discogs_name) == (12, "demo")


def test_a_deleted_user_s_credentials_are_refused(house):
    """Then they are all there is to be told of."""
    house.connect()
    del house.discogs.people["demo"]

    (outcome,) = house.sync()

    assert isinstance(outcome.error, Unauthorized)
    assert house.account().reconnect


def test_a_stranger_cannot_follow_a_rename(house, owner):
    """Without credentials nobody knows the number; it is told how to go on."""
    house.connect(access=Access.ANONYMOUS)
    owner.username = "Demo_2"

    (outcome,) = house.sync()

    assert isinstance(outcome.error, NotFound)
    assert outcome.error.what == GONE
    assert "build-site connect demo --anonymous" in outcome.error.hint
    assert house.asked() == [PAGES.format("demo")]


def test_credentials_of_somebody_else_lead_nowhere(house, owner):
    """A token of another person is no new name: that collection is never read."""
    house.connect(credentials=PersonalToken("pat-kay"))
    owner.username = "Demo_2"

    (outcome,) = house.sync()

    assert isinstance(outcome.error, NotFound)
    assert house.asked() == [PAGES.format("demo"), "/oauth/identity"]
    assert house.account().discogs_name == "demo"
    assert house.copies() is None


def test_an_outage_while_a_rename_is_looked_into_is_an_outage(house, owner):
    """Nothing is concluded from it."""
    house.connect()
    owner.username = "Demo_2"
    house.discogs.add_fault(faults.MAINTENANCE, faults.on_path("/identity"), times=None)

    (outcome,) = house.sync()

    assert type(outcome.error) is Unavailable
    assert not house.account().reconnect


@pytest.mark.parametrize(
    ("access", "hint"),
    [
        (Access.OAUTH, "reconnect: build-site connect demo"),
        (Access.TOKEN, "reconnect: build-site connect demo --token"),
        (
            Access.ANONYMOUS,
            "the collection is no longer public; connect as its owner: build-site connect demo",
        ),
    ],
)
def test_a_collection_that_may_not_be_seen_is_refused(house, access, hint):
    """The way back is told for this account and its access; only a 401 marks it as lost."""
    house.connect(access=access)
    private = faults.refused(403, PRIVATE.removeprefix("Discogs does not allow this: "))
    house.discogs.add_fault(private, faults.on_page(1), times=None)

    (outcome,) = house.sync()

    assert type(outcome.error) is Refused
    assert (outcome.error.where, outcome.error.what) == ("demo", PRIVATE)
    assert outcome.error.hint == hint
    assert (house.account().problem, house.account().reconnect) == (PRIVATE, False)


@pytest.mark.parametrize("access", [Access.OAUTH, Access.TOKEN, Access.ANONYMOUS])
def test_an_owner_may_make_a_collection_private(house, owner, access):
    """Whoever comes as its owner goes on seeing it, and nobody else does."""
    house.connect(access=access)
    assert house.sync()[0].error is None
    owner.private = True

    (outcome,) = house.sync()

    assert (outcome.error is None) == (access is not Access.ANONYMOUS)
    assert house.copies() == 12


@pytest.mark.parametrize(
    ("access", "hint"),
    [
        (Access.OAUTH, "reconnect: build-site connect demo"),
        (Access.TOKEN, "reconnect: build-site connect demo --token"),
    ],
)
def test_credentials_that_were_taken_back_want_a_reconnect(house, owner, access, hint):
    """The account is marked until a sync succeeds, and the snapshot stays."""
    house.connect(access=access)
    assert house.sync()[0].error is None
    house.discogs.revoke("demo")
    owner.token = "pat-another"

    (outcome,) = house.sync()

    assert isinstance(outcome.error, Unauthorized)
    assert outcome.error.hint == hint
    assert house.account().reconnect
    assert house.copies() == 12
    house.accounts.save_credentials(house.account().id, PersonalToken("pat-another"))
    assert house.sync()[0].error is None
    assert not house.account().reconnect


def test_one_account_s_trouble_is_its_own(house, owner):
    """In the order they were chosen in, each told of as soon as it is done."""
    house.connect()
    house.connect("kay", discogs_id=78)
    owner.token = "pat-another"

    outcomes = house.sync("demo", "kay")

    assert [(one.name, type(one.error), one.copies) for one in outcomes] == [
        ("demo", Unauthorized, 0),
        ("kay", type(None), 3),
    ]
    assert house.reported == list(outcomes)
    assert (house.account("kay").failures, house.account("kay").last_sync) == (0, NOW)


@pytest.mark.parametrize(("limit", "warned"), [(25, True), (60, False)])
@pytest.mark.parametrize("access", [Access.TOKEN, Access.ANONYMOUS])
def test_an_owner_taken_for_a_stranger_is_warned(house, access, limit, warned):
    """What was read is kept; a stranger with a stranger's limit is nothing odd."""
    house.connect(access=access)
    house.discogs.limit.authenticated = house.discogs.limit.anonymous = limit

    (outcome,) = house.sync()

    assert (outcome.error, outcome.copies) == (None, 12)
    expected = warned and access is Access.TOKEN
    assert outcome.warning == (
        "Discogs granted no more requests than to a stranger; records may be hidden from it"
        if expected
        else None
    )


@pytest.mark.parametrize(
    ("before", "held", "after", "accepted"),
    [
        # More than half of ten or more, or everything.
        (12, None, 6, True),
        (12, None, 5, False),
        (10, None, 5, True),
        (10, None, 4, False),
        (250, None, 125, True),
        (250, None, 124, False),
        (250, None, 0, False),
        # Of fewer than ten only everything.
        (9, None, 1, True),
        (9, None, 0, False),
        (1, None, 0, False),
        (0, None, 0, True),
        (0, None, 250, True),
        # A second reading within two percent of the first agrees.
        (250, 100, 100, True),
        (250, 100, 98, True),
        (250, 100, 102, True),
        (250, 100, 97, False),
        (250, 100, 103, False),
        (250, 0, 0, True),
        (250, 0, 1, False),
        (12, 4, 4, True),
        (12, 4, 3, False),
        # A reading that lost little needs nobody's agreement.
        (250, 100, 250, True),
        (250, 100, 125, True),
    ],
)
def test_a_sudden_loss_waits_for_a_second_reading(  # noqa: PLR0917
    house, owner, tmp_path, before, held, after, accepted
):
    """Held back: the account failed, nothing is replaced, and what was read is remembered."""
    house.connect(records=before, held=held, synced_at=NOW, last_sync=None)
    owner.copies[:] = make_shelf(after)

    (outcome,) = house.sync()
    account = house.account()

    if accepted:
        assert (outcome.error, outcome.copies) == (None, after)
        assert (account.records, account.held, account.problem) == (after, None, None)
        assert (house.copies(), account.last_sync) == (after, NOW)
    else:
        assert isinstance(outcome.error, HeldBack)
        assert (account.records, account.held, account.failures) == (before, after, 1)
        assert account.last_sync is None
        assert list(tmp_path.rglob("snapshot")) == []


@pytest.mark.parametrize("after", [0, 4])
def test_a_loss_may_be_forced(house, owner, after):
    """Whoever asks for it knows."""
    house.connect(records=250, synced_at=NOW)
    owner.copies[:] = make_shelf(after)

    (outcome,) = house.sync(force=True)

    assert (outcome.error, outcome.copies) == (None, after)
    assert house.account().held is None


def test_a_first_reading_may_be_of_any_size(house, owner):
    """There is nothing it could have lost."""
    house.connect()
    owner.copies[:] = []

    assert house.sync()[0].error is None


def test_a_failure_in_between_does_not_forget_what_was_held(house, owner):
    """The next complete reading is what has to agree."""
    house.connect(records=250, synced_at=NOW)
    owner.copies[:] = make_shelf(100)
    assert isinstance(house.sync()[0].error, HeldBack)
    house.discogs.add_fault(faults.BLOCKED)
    assert type(house.sync()[0].error) is Unavailable

    assert house.account().failures == 2
    assert house.sync()[0].copies == 100
    assert house.account().failures == 0


def test_times_are_those_of_the_reading_and_of_its_end(house):
    """The snapshot is as of its beginning, and the cooldown counts from its end."""
    account = house.connect(fresh=True)
    moments = iter([datetime(2026, 11, 22, 14, minute, tzinfo=UTC) for minute in (0, 5)])
    run = Sync(
        house.accounts,
        house.snapshots,
        house.client,
        lambda: next(moments),
        house.progress,
        house.reported.append,
    )
    run.run([account])

    assert house.account() == replace(
        account,
        synced_at=datetime(2026, 11, 22, 14, 0, tzinfo=UTC),
        last_sync=datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
        records=12,
        fresh=False,
    )
