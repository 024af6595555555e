"""The branch `state`: what a run brings in, what it keeps, and what two runs do to each other."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "tools" / "state.sh"


def git(*arguments, cwd):
    done = subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def remote(tmp_path):
    """An empty repository, as the one a new instance starts from."""
    place = tmp_path / "the remote.git"
    git("init", "--quiet", "--bare", str(place), cwd=tmp_path)
    return place


@pytest.fixture
def state(tmp_path, remote, monkeypatch):
    """Runs the script in a checkout of the given name; returns its exit code and its words."""
    monkeypatch.setenv("STATE_REMOTE", remote.as_uri().replace("%20", " "))
    monkeypatch.setenv("STATE_PAUSE", "0")
    monkeypatch.setenv("HOME", str(tmp_path))

    def run(checkout, verb):
        place = tmp_path / checkout
        place.mkdir(exist_ok=True)
        done = subprocess.run(
            ["sh", str(SCRIPT), verb], cwd=place, check=False, capture_output=True, text=True
        )
        return done.returncode, done.stderr

    return run


@pytest.fixture
def write(tmp_path):
    """Writes a file of a checkout's data/."""

    def to(checkout, name, text):
        path = tmp_path / checkout / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")

    return to


def kept(remote):
    """Every file of the branch with its content."""
    names = git("ls-tree", "-r", "--name-only", "state", cwd=remote).splitlines()
    return {name: git("show", f"state:{name}", cwd=remote) for name in names}


def test_a_missing_branch_is_a_new_instance(state, tmp_path):
    """The first run starts with empty data and ends well."""
    code, words = state("one", "pull")

    assert (code, words) == (0, "state: no branch yet, this is a new instance\n")
    assert [path.name for path in (tmp_path / "one" / "data").iterdir()] == [".git"]


def test_an_unreachable_remote_is_no_new_instance(state, remote):
    """Without an answer nothing is assumed: an empty start would lose every account."""
    remote.rename(remote.with_name("elsewhere"))

    code, words = state("one", "pull")

    assert code == 1
    assert words.splitlines()[-1].startswith("error: state: cannot reach ")


def test_what_one_run_keeps_the_next_one_finds(state, write, tmp_path):
    """Files go to the branch and come back byte for byte."""
    write("one", "accounts/ab/account", "sealed\r\n")

    assert state("one", "push")[0] == 0
    assert state("two", "pull")[0] == 0
    assert (tmp_path / "two/data/accounts/ab/account").read_bytes() == b"sealed\r\n"


def test_the_lock_and_leftovers_stay_at_home(state, write, remote):
    """The lock file and half-written files belong to one machine."""
    write("one", ".lock", "held")
    write("one", "accounts/ab/.gatefold-x.tmp", "half")
    write("one", "schema.json", "1")
    state("one", "push")

    assert kept(remote) == {"schema.json": "1"}


def test_an_idle_run_commits_nothing(state, write, remote):
    """Without a change there is no commit and no push."""
    write("one", "schema.json", "1")
    state("one", "push")

    assert state("one", "push") == (0, "state: unchanged\n")
    assert git("rev-list", "--count", "state", cwd=remote) == "1\n"


def test_both_of_two_writers_are_kept(state, write, remote):
    """A refused push puts its own files on top of what the other run left."""
    write("one", "accounts/ab/account", "first")
    state("one", "push")
    state("two", "pull")
    write("one", "accounts/ab/account", "by one")
    write("one", "accounts/ef/account", "new in one")
    write("two", "accounts/cd/account", "new in two")
    state("one", "push")

    assert state("two", "push")[0] == 0
    assert kept(remote) == {
        "accounts/ab/account": "by one",
        "accounts/cd/account": "new in two",
        "accounts/ef/account": "new in one",
    }


def test_the_later_writer_of_a_file_wins_it_whole(state, write, remote):
    """Sealed files are never merged by line."""
    write("one", "masters/0", "a\nb\nc\n")
    state("one", "push")
    state("two", "pull")
    write("one", "masters/0", "A\nb\nc\n")
    write("two", "masters/0", "a\nb\nC\n")
    state("one", "push")
    state("two", "push")

    assert kept(remote) == {"masters/0": "a\nb\nC\n"}


def test_two_first_runs_both_arrive(state, write, remote):
    """Instances that started at the same time end up on one branch."""
    write("one", "accounts/ab/account", "1")
    write("two", "accounts/cd/account", "2")
    state("one", "push")

    assert state("two", "push")[0] == 0
    assert kept(remote) == {"accounts/ab/account": "1", "accounts/cd/account": "2"}


def test_an_account_removed_elsewhere_stays_removed(state, write, remote, tmp_path):
    """A run that synced an account which was disconnected meanwhile gives up and says so."""
    write("one", "accounts/ab/account", "1")
    write("one", "schema.json", "1")
    state("one", "push")
    state("two", "pull")
    (tmp_path / "one/data/accounts/ab/account").unlink()
    write("two", "accounts/ab/account", "2")
    state("one", "push")

    code, words = state("two", "push")

    assert code == 1
    assert words.splitlines()[-1].startswith("error: state: another writer removed")
    assert kept(remote) == {"schema.json": "1"}


def test_a_token_is_in_no_file_and_no_output(state, write, remote, tmp_path, monkeypatch):
    """The token goes to git through its environment alone."""
    monkeypatch.setenv("STATE_TOKEN", "a-token-of-this-test")
    write("one", "schema.json", "1")

    code, words = state("one", "push")

    assert code == 0
    assert "a-token-of-this-test" not in words
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if b"a-token-of-this-test" in path.read_bytes()] == []


def test_later_steps_learn_whether_something_changed(state, write, tmp_path, monkeypatch):
    """A workflow publishes only after a change."""
    output = tmp_path / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    write("one", "schema.json", "1")
    state("one", "push")
    state("one", "push")

    assert output.read_text() == "changed=true\nchanged=false\n"


def test_a_push_that_failed_is_made_up_for(state, write, remote):
    """What could not be pushed goes with the next push, as one commit."""
    write("one", "schema.json", "1")
    away = remote.with_name("away")
    remote.rename(away)
    assert state("one", "push")[0] == 1
    away.rename(remote)

    assert state("one", "push")[0] == 0
    assert kept(remote) == {"schema.json": "1"}
    assert git("rev-list", "--count", "state", cwd=remote) == "1\n"
