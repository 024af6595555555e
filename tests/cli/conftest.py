"""What the tests of the command line start from."""

import shutil

import pytest

from generator.demo.api import Person
from tests.cli.running import TOKEN, Terminal, make_shelf
from tests.standin import StandIn


def make_owner():
    """Somebody with twelve records, who made a personal access token."""
    return Person("demo", id=77, copies=make_shelf(12), token=TOKEN, folders={4711: "Kay's"})


@pytest.fixture
def owner():
    """The person whose account is usually connected."""
    return make_owner()


@pytest.fixture
def discogs(owner):
    """A Discogs where the owner is, generous enough for many runs in a row."""
    with StandIn([owner]) as standin:
        standin.limit.authenticated = standin.limit.anonymous = 1000
        yield standin


@pytest.fixture
def terminal(tmp_path, discogs):
    """A terminal in a workspace without an account; Discogs can be reached."""
    return Terminal(tmp_path, discogs, {"DISCOGS_TOKEN": TOKEN}).configure()


@pytest.fixture(scope="session")
def workspaces(tmp_path_factory):
    """Two workspaces, made once and only copied: the account connected, and synced as well."""
    connected, synced = (tmp_path_factory.mktemp(name) for name in ("connected", "synced"))
    with StandIn([make_owner()]) as discogs:
        environ = {"DISCOGS_TOKEN": TOKEN}
        Terminal(connected, discogs, environ).configure().connect()
        shutil.copytree(connected, synced, dirs_exist_ok=True)
        assert Terminal(synced, discogs, environ).run("sync").code == 0
    return {"connected": connected, "synced": synced}


@pytest.fixture
def connected(terminal, workspaces):
    """A terminal in a workspace with the owner's account connected, publicly."""
    shutil.copytree(workspaces["connected"], terminal.workspace, dirs_exist_ok=True)
    return terminal


@pytest.fixture
def synced(terminal, workspaces):
    """A terminal in a workspace whose account was synced just now."""
    shutil.copytree(workspaces["synced"], terminal.workspace, dirs_exist_ok=True)
    return terminal


@pytest.fixture
def bare(tmp_path):
    """A terminal in an empty directory, with no key and no way to any Discogs."""
    return Terminal(tmp_path, environ={"OAUTH_ENCRYPTION_KEY": ""})


@pytest.fixture
def configured(bare):
    """The same with an empty site.toml: everything at its default."""
    return bare.configure()


@pytest.fixture
def kept(synced):
    """A workspace that holds a connected, synced account, with Discogs gone since."""
    return Terminal(synced.workspace)
