"""Connecting: imports, names, and the browser's page. tests/cli covers the ways through OAuth."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from msgspec.structs import replace

from generator.connect import Connect, Connected
from generator.demo.api import Person
from generator.derive.naming import discogs_username, site_name
from generator.discogs.client import DiscogsAccess
from generator.discogs.http import Endpoints
from generator.discogs.oauth import Code, Consumer
from generator.discogs.transport import RetryPolicy
from generator.domain.account import PersonalToken, Privacy, Source
from generator.errors import NotFound, Refused, UsageError
from generator.store.state import State
from generator.store.vault import Vault
from tests import faults
from tests.discogs.wire import make_export, make_item
from tests.factories import NOW, make_key, make_status
from tests.standin import StandIn

IN_TIME = "and use the code within 15 minutes"


@pytest.fixture
def discogs():
    people = [
        Person("Demo", id=77, copies=[make_item()], token="pat-demo"),
        Person("kay", id=78, token="pat-kay"),
    ]
    with StandIn(people) as standin:
        yield standin


@pytest.fixture
def state(tmp_path):
    vault = Vault((make_key(),))
    return State(tmp_path / "data", lambda: vault)


@pytest.fixture
def connect(state, discogs):
    """Makes the use case for a name and a level, at a time."""

    def make(name=None, privacy=None, now=NOW):
        access = DiscogsAccess(
            Endpoints(discogs.url, discogs.url),
            "Gatefold",
            lambda: Consumer(discogs.consumer.key, discogs.consumer.secret),
            RetryPolicy(max_wait=0),
            lambda *_: None,
        )
        return Connect(state, access, lambda: now, name, privacy)

    return make


def stored(state, name):
    account = state.load_accounts().find(name)
    assert account
    return account


def shown(error):
    return error.value.problem.render(error.value.account)


def test_an_export_is_imported_as_an_account_and_its_snapshot(connect, state):
    connected = connect("low-tide").csv(make_export({}, {"release_id": "7"}), "records.csv")
    account = stored(state, "low-tide")

    assert connected == Connected(account, is_new=True)
    assert (account.source, account.privacy, account.username) == (Source.CSV, Privacy.PRIVATE, "")
    assert (account.discogs_name, account.discogs_id) == (None, None)
    assert account.status == make_status(connection=account.connection, records=2)
    snapshot = state.load_snapshot(account)
    assert snapshot
    assert snapshot.synced_at == NOW
    assert set(snapshot.collection.releases) == {7, 249504}
    assert state.load_credentials(account) is None


def test_a_newer_export_replaces_the_older_one(connect, state):
    first = connect("low-tide", Privacy.UNLISTED).csv(make_export({}, {"release_id": "7"}), "a.csv")
    later = NOW + timedelta(days=1)
    second = connect("low-tide", now=later).csv(make_export({}), "b.csv")

    assert (first.is_new, first.new_link, second.is_new, second.new_link) == (
        *(True, True),
        *(False, False),
    )
    account = stored(state, "low-tide")
    assert (account.id, account.slug, account.privacy) == (
        *(first.account.id, first.account.slug),
        Privacy.UNLISTED,
    )
    assert (account.status.records, account.status.synced_at) == (1, later)
    assert account.connection != first.account.connection
    assert account.is_fresh is False


def test_an_import_can_be_connected_to_discogs_later_and_not_the_other_way_round(connect, state):
    imported = connect("low-tide").csv(make_export({}), "records.csv").account
    connected = connect("low-tide").with_credentials(PersonalToken("pat-demo"))

    assert (connected.is_new, connected.account.id) == (False, imported.id)
    account = stored(state, "low-tide")
    assert (account.source, account.username, account.is_fresh) == (Source.TOKEN, "Demo", True)
    assert state.load_credentials(account) == PersonalToken("pat-demo")
    with pytest.raises(UsageError) as error:
        connect("low-tide").csv(make_export({}), "records.csv")
    assert shown(error)[:2] == ("low-tide", "is connected to Demo at Discogs, not to this export")


def test_a_bad_import_changes_nothing(connect, state):
    before = connect("low-tide").csv(make_export({}), "records.csv").account
    with pytest.raises(UsageError, match=r"records\.csv: line 2 has no release_id"):
        connect("low-tide").csv(make_export({"release_id": "x"}), "records.csv")
    with pytest.raises(UsageError, match="needs the NAME of the account"):
        connect().csv(make_export({}), "records.csv")

    assert state.load_accounts().accounts == (before,)


def test_a_name_belongs_to_one_user_of_discogs(connect, state):
    connect("low-tide").with_credentials(PersonalToken("pat-demo"))
    with pytest.raises(UsageError) as error:
        connect("low-tide").with_credentials(PersonalToken("pat-kay"))

    assert shown(error).what == "is connected to Demo at Discogs, not to kay"
    public = error.value.problem.render("a1", public=True, form=True)
    assert public == (
        "a1",
        "belongs to another user of Discogs",
        "sign in at Discogs as the owner of this account, or choose another name",
    )
    assert stored(state, "low-tide").discogs_id == 77


def test_a_reconnect_forgets_the_failures_of_the_earlier_connection(connect, state):
    account = connect("low-tide").with_credentials(PersonalToken("pat-demo")).account
    problem = NotFound("", "no").of("low-tide").problem
    status = make_status(username="Old", problem=problem, failed_connection=account.connection)
    state.save_status(replace(account, status=status))
    assert stored(state, "low-tide").problem == problem

    connect("low-tide").anonymous("demo")

    account = stored(state, "low-tide")
    assert (account.problem, account.username, account.status.records) == (None, "Demo", 1)
    assert (account.source, state.load_credentials(account)) == (Source.ANONYMOUS, None)


def visit(discogs, address):
    """The owner's browser: it allows access and shows the page it is sent back to."""
    granted = discogs.authorize(parse_qs(urlsplit(address).query)["oauth_token"][0])
    with urlopen(granted.redirect, timeout=60) as page:  # noqa: S310 - our own page
        return page.read().decode()


@pytest.mark.parametrize(
    ("path", "title", "accounts"),
    [
        ("/nowhere", "Connected", 1),
        ("/oauth/access_token", "Not connected", 0),
        ("/oauth/identity", "Not connected", 0),
    ],
)
def test_the_browser_sees_connected_only_if_the_account_is_stored(  # noqa: PLR0917
    connect, discogs, state, path, title, accounts
):
    discogs.add_fault(faults.refused(403, "No."), faults.on_path(path), times=None)
    with ThreadPoolExecutor(1) as browser:
        pages = []
        try:
            connect("low-tide").by_redirect(
                60, lambda address: pages.append(browser.submit(visit, discogs, address))
            )
        except Refused:
            assert accounts == 0

    assert f"<h1>{title}</h1>" in pages[0].result()
    assert len(state.load_accounts().accounts) == accounts


@pytest.mark.parametrize(
    ("code", "what", "hint", "form", "logins"),
    [
        (
            Code("", "{key}"),
            "access was denied at Discogs",
            "run connect again and allow access",
            "run Connect with the action connect again, and allow access",
            0,
        ),
        (
            Code("guessed"),
            "Discogs refused the code: it is wrong or older than 15 minutes",
            f"check the code, or start again with build-site connect --start NAME, {IN_TIME}",
            f"check the code, or run Connect with the action connect again, {IN_TIME}",
            1,
        ),
    ],
)
def test_a_denied_login_ends_and_a_wrong_code_can_be_corrected(  # noqa: PLR0917
    connect, state, code, what, hint, form, logins
):
    secrets: list[str] = []
    connect().begin_login("low-tide", lambda _: None, secrets.append)
    (login,) = state.live_logins(NOW)
    token = code.token and code.token.format(key=login.key)

    with pytest.raises(Refused) as error:
        connect().end_login(code._replace(token=token), secrets.append)

    assert (error.value.what, error.value.hint, error.value.form) == (what, hint, form)
    assert secrets == [login.secret] * 2
    assert len(state.live_logins(NOW)) == logins


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bordesak", "bordesak"),
        (" _.demo-1\n", "_.demo-1"),
        ("https://www.discogs.com/user/bordesak", "bordesak"),
        ("https://www.discogs.com/user/bordesak/collection?page=2#top", "bordesak"),
        ("discogs.com/de/user/bordesak/", "bordesak"),
        ("http://discogs.com/user/L%C3%B6we%201", "Löwe 1"),
        ("https://elsewhere.example/user/x", "https://elsewhere.example/user/x"),
        ("https://www.discogs.com/release/1", "https://www.discogs.com/release/1"),
    ],
)
def test_a_discogs_name_may_be_given_as_an_address(text, name):
    assert discogs_username(text) == name


def test_an_anonymous_account_can_be_connected_by_its_address(connect, state):
    connected = connect().anonymous("https://www.discogs.com/user/demo/collection")

    assert connected.warning == (
        "Discogs sends no covers without credentials, so the pages show drawn sleeves"
    )
    assert stored(state, "demo").username == "Demo"


@pytest.mark.parametrize(
    ("discogs_name", "name"),
    [
        ("Demo", "demo"),
        ("_.demo-", "demo"),
        ("Löwe & Söhne", "lowe---sohne"),
        ("x" * 39 + ".y", "x" * 39),
        ("坂本", "collection"),
    ],
)
def test_a_name_is_made_from_the_discogs_name(discogs_name, name):
    assert site_name(discogs_name) == name


def test_a_connect_that_breaks_off_leaves_no_token_that_no_command_lists(
    connect, tmp_path, discogs
):
    vault = Vault((make_key(),))

    def draw(size):
        """The number of a connection is drawn after the id: then a directory takes the place."""
        if size == 4:
            (tmp_path / "data/accounts" / ("ab" * 8) / "token/in-the-way").mkdir(parents=True)
        return "ab" * size

    broken = State(tmp_path / "data", lambda: vault, draw=draw)
    with pytest.raises(OSError, match="directory"):
        connect("low-tide")._replace(state=broken).with_credentials(PersonalToken("pat-demo"))

    assert [account.name for account in broken.load_accounts().accounts] == ["low-tide"]
