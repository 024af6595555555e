"""The branch `state`: one commit, written by any number of runs."""

import pytest

from generator.errors import StateError
from generator.store.branch import merge
from tests.factories import NOW
from tests.store.branches import (
    AB,
    CD,
    SCHEMA,
    Writer,
    account,
    commits,
    kept,
    make_remote,
    plant,
    put,
    run_git,
)

FIRST = account(AB, account="1", token="t")
GONE = dict.fromkeys(FIRST)


@pytest.fixture
def remote(tmp_path):
    """An empty repository, at a path with spaces."""
    return make_remote(tmp_path / "the remote.git")


@pytest.fixture
def one(tmp_path, remote):
    """A writer with an account that is on the branch."""
    writer = Writer(tmp_path / "one of two" / "data", remote).put(FIRST)
    writer.push()
    return writer


@pytest.fixture
def two(tmp_path, remote, one):
    """A second writer, which has pulled it."""
    writer = Writer(tmp_path / "two" / "data", remote)
    writer.pull()
    return writer


def test_a_pull_restores_what_was_pushed(tmp_path, remote):
    files = {f"accounts/{number:016x}/account": f"{number}\r\n" for number in range(40)}
    files |= {f"pending/{CD}": "p", f"accounts/{AB}/choices": "".join(map(chr, range(256)))}
    first, second = Writer(tmp_path / "1", remote), Writer(tmp_path / "2", remote)
    assert not first.branch.pull()
    assert first.files == {}
    first.put(files).pull()
    first.push()

    assert second.branch.pull()
    assert second.files == first.files == {"schema.json": SCHEMA, **files}
    assert {path.stat().st_mode & 0o077 for path in second.data.rglob("*")} == {0}


def test_the_commit_shows_nothing_but_the_time(one, remote):
    one.put(account(AB, account="2")).push()
    tree = run_git("rev-parse", "state^{tree}", cwd=remote).strip()
    who = f"Gatefold <gatefold@localhost> {int(NOW.timestamp())} +0000"

    assert run_git("cat-file", "commit", "state", cwd=remote) == (
        f"tree {tree}\nauthor {who}\ncommitter {who}\n\nUpdate the state\n"
    )


def test_other_files_stay_at_home(one, remote):
    names = [
        ".lock",
        "masters.sqlite",
        "masters/0a",
        "manifest.json",
        f"accounts/{AB}/.gatefold-1f.tmp",
        f"accounts/{AB}/snapshot.bak",
        "accounts/README",
        "accounts/not-an-id/token",
        "pending/.gatefold-1f.tmp",
        "pending/x",
    ]
    one.put(dict.fromkeys(names, "local") | account(AB, account="2")).push()
    one.pull()

    assert kept(remote) == {"schema.json": SCHEMA, **FIRST, **account(AB, account="2")}
    assert [(one.data / name).read_text() for name in names] == ["local"] * len(names)


def test_files_of_others_on_the_branch_stay_there(tmp_path, remote):
    plant(remote, {"schema.json": SCHEMA, "bin/NOTE": "mine", **FIRST})
    (remote.with_name("by hand") / "bin" / "NOTE").chmod(0o755)
    plant(remote, {})
    writer = Writer(tmp_path / "w" / "data", remote)
    writer.pull()
    assert writer.files == {"schema.json": SCHEMA, **FIRST}
    writer.put(GONE).push()

    assert kept(remote) == {"schema.json": SCHEMA, "bin/NOTE": "mine"}
    assert run_git("ls-tree", "state:bin", cwd=remote).startswith("100755 ")
    assert commits(remote) == 1


def test_an_idle_run_changes_nothing(one, two, remote):
    before = [path.stat().st_ctime_ns for path in sorted(two.data.glob("accounts/*/*"))]
    assert not two.branch.pull()
    assert [path.stat().st_ctime_ns for path in sorted(two.data.glob("accounts/*/*"))] == before

    remote.rename(remote.with_name("away"))
    assert not one.branch.push(NOW)


def test_an_unreachable_remote_is_not_a_new_instance(one, two, remote):
    remote.rename(remote.with_name("away"))
    with pytest.raises(StateError, match="no repository"):
        two.pull()
    with pytest.raises(StateError, match="no repository"):
        one.put(account(AB, account="2")).push()
    assert two.files == {"schema.json": SCHEMA, **FIRST}
    remote.with_name("away").rename(remote)
    one.push()

    assert kept(remote) == one.files == {"schema.json": SCHEMA, **FIRST, **account(AB, account="2")}


def test_two_first_pushes_are_merged(tmp_path, remote):
    Writer(tmp_path / "1", remote).put(FIRST).push()
    second = Writer(tmp_path / "2", remote).put(account(CD, account="2"))
    with pytest.raises(StateError, match="holds state that never came from the branch"):
        second.pull()
    assert second.files == {"schema.json": SCHEMA, **account(CD, account="2")}
    second.push()

    assert kept(remote) == {"schema.json": SCHEMA, **FIRST, **account(CD, account="2")}


def test_a_disconnect_removes_what_another_run_changed(one, two, remote):
    two.put(account(AB, account="2", snapshot="new")).push()
    objects = ("rev-list", "--objects", "--no-object-names", "--all")
    before = set(run_git(*objects, cwd=remote).split())
    one.put(GONE)

    assert one.push() == {AB}
    assert kept(remote) == one.files == {"schema.json": SCHEMA}
    schema = run_git("rev-parse", "state:schema.json", cwd=remote).strip()
    assert before & set(run_git(*objects, cwd=remote).split()) == {schema}


def test_a_deleted_branch_gets_everything_again(one, two, remote):
    run_git("update-ref", "-d", "refs/heads/state", cwd=remote)
    two.pull()
    two.put(account(CD, account="2")).push()

    assert kept(remote) == {"schema.json": SCHEMA, **FIRST, **account(CD, account="2")}


def test_the_state_can_move_to_an_empty_remote_only(one, tmp_path, remote):
    assert not Writer(one.data, f"file://{remote}").branch.pull()

    Writer(one.data, make_remote(tmp_path / "new")).push()
    assert kept(tmp_path / "new") == one.files

    Writer(tmp_path / "o", make_remote(tmp_path / "other")).put(account(CD, account="x")).push()
    stranger = Writer(one.data, tmp_path / "other")
    for run in (stranger.pull, stranger.put(account(AB, account="5")).push):
        with pytest.raises(StateError, match="has state of its own"):
            run()


def test_an_emptied_directory_is_filled_again(two):
    before = two.files
    put(two.data, dict.fromkeys(before))

    assert not two.branch.push(NOW)
    assert two.branch.pull()
    assert two.files == before


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({"schema.json": None, **GONE, **account(CD, account="")}, r"schema\.json: is missing"),
        ({"schema.json": '{"schema": 3}'}, "has schema 3"),
        ({".branch/base.json": "{}}"}, r"base\.json: is damaged"),
    ],
)
def test_unusable_state_is_not_pushed(one, remote, files, what):
    with pytest.raises(StateError, match=what):
        one.put(files).push()
    assert kept(remote) == {"schema.json": SCHEMA, **FIRST}


@pytest.mark.parametrize("name", [f"accounts/{AB}/token", f"accounts/{AB}", "accounts"])
def test_a_link_is_not_taken_for_a_removal(one, name):
    path = one.data / name
    path.rename(one.data.parent / "moved")
    path.symlink_to(one.data.parent / "moved")

    with pytest.raises(StateError, match="is not a plain file or directory"):
        one.push()


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({"poem.txt": "roses"}, "holds something else"),
        (account(AB, account="1"), "holds something else"),
        ({"schema.json": '{"schema": 3}', **account(AB, account="2")}, "has schema 3"),
        ({"schema.json": "?"}, "does not say which version"),
    ],
)
def test_an_unusable_branch_is_left_alone(two, remote, files, what):
    plant(remote, files)
    with pytest.raises(StateError, match=what):
        two.pull()
    assert two.files == {"schema.json": SCHEMA, **FIRST}
    with pytest.raises(StateError, match=what):
        two.put(account(AB, account="2")).push()
    assert kept(remote) == files


def hook(remote, name, script):
    """Make the remote run this for every push."""
    path = remote / "hooks" / name
    path.write_text(f"#!/bin/sh\necho x >>asked\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("setting", "script", "what"),
    [("true", "", "non-fast-forward"), ("false", "exit 1", "hook declined")],
)
def test_a_push_that_is_refused_for_good_is_not_tried_again(one, remote, setting, script, what):
    run_git("config", "receive.denyNonFastForwards", setting, cwd=remote)
    hook(remote, "pre-receive", script)

    with pytest.raises(StateError, match=what) as raised:
        one.put(account(AB, account="2")).push()
    assert raised.value.hint.startswith("allow force pushes to the branch `state`")
    assert (remote / "asked").read_text() == "x\n"


def test_a_push_is_tried_ten_times_with_growing_pauses(two, remote):
    lock = remote / "refs/heads/state.lock"
    locking = hook(remote, "update", f"touch '{lock}'")
    two.put(account(CD, account="2"))
    pauses: list[float] = []
    with pytest.raises(StateError, match="moved on at each of 10 tries"):
        two.branch.push(NOW, 1000, pauses.append)

    spans = [1000 * 2**number for number in (1, 2, 3, 4, 5, 6, 6, 6, 6)]
    pairs = list(zip(pauses, spans, strict=True))
    assert [pause for pause, span in pairs if not span / 4 <= pause <= span] == []
    locking.unlink()
    lock.unlink()
    two.push()
    assert kept(remote) == two.files


def tree(text):
    """A tree from words: A1 is version 1 of an account file, T its token, P a login."""
    names = {"A": f"accounts/{AB}/account", "T": f"accounts/{AB}/token", "P": f"pending/{CD}"}
    return {names[word[0]]: word[1:] for word in text.split()}


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged", "superseded"),
    [
        ("A1 T1", "A1 T1", "A1 T1", "A1 T1", False),
        ("A1 T1", "A2 T1", "A1 T2", "A2 T2", False),
        ("A1 T1", "A2 T1", "A3 T1", "A2 T1", False),
        ("A1 T1", "A2 T1", "A2 T1", "A2 T1", False),
        ("A1 T1", "A1", "A1 T2", "A1", False),
        ("A1 T1", "A1 T2", "A1", "A1 T2", False),
        ("", "A1", "A2 T2", "A1 T2", False),
        ("A1 T1", "", "A1 T1", "", False),
        ("A1 T1", "A1 T1", "", "", False),
        ("A1 T1", "", "", "", False),
        ("A1", "A2 T2", "", "", True),
        ("A1", "", "A1 T2", "", True),
        ("T1", "T1", "", "", False),
        ("P1", "", "P1", "", False),
        ("P1", "P1", "", "", False),
        ("", "P1", "P2", "P1", False),
    ],
)
def test_trees_are_merged_by_file_and_removed_by_account(base, ours, theirs, merged, superseded):
    expected = tree(merged), {AB} if superseded else set()

    assert merge(tree(base), tree(ours), tree(theirs)) == expected
