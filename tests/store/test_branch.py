"""The branch `state`: one commit, written by any number of runs."""

import pytest

from generator.errors import StateError
from generator.store.branch import merge
from tests.factories import NOW
from tests.store.branches import (
    AB,
    CD,
    EF,
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


def refuse(remote, hook="pre-receive", script="exit 1"):
    """Make the remote count every push in the file `asked`, and do this."""
    path = remote / "hooks" / hook
    path.write_text(f"#!/bin/sh\necho x >>asked\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_missing_branch_is_a_new_instance(tmp_path, remote):
    """The first pull succeeds and changes nothing; files written afterwards can be pulled over."""
    writer = Writer(tmp_path / "data", remote)

    assert not writer.branch.pull()
    assert writer.files == {}
    writer.put(FIRST).pull()
    assert writer.files == {"schema.json": SCHEMA, **FIRST}


def test_a_pull_restores_what_was_pushed(tmp_path, remote):
    """Byte for byte, closed to others, however many files there are."""
    files = {f"accounts/{number:016x}/account": f"{number}" for number in range(40)}
    content = bytes(range(256)) + b"\r\n\r\n"
    first, second = Writer(tmp_path / "1", remote), Writer(tmp_path / "2", remote)
    first.put(files | {f"pending/{CD}": "p"})
    (first.data / "accounts" / f"{7:016x}" / "snapshot").write_bytes(content)
    first.push()

    assert second.branch.pull()
    snapshot = second.data / "accounts" / f"{7:016x}" / "snapshot"
    assert snapshot.read_bytes() == content
    snapshot.unlink()
    assert second.files == {"schema.json": SCHEMA, **files, f"pending/{CD}": "p"}
    modes = {path.stat().st_mode & 0o077 for path in second.data.rglob("*")}
    assert modes == {0}


def test_the_commit_shows_nothing_but_the_time(one, remote):
    """No parent, a fixed author and message."""
    put(one.data, {f"accounts/{AB}/account": "2"})
    one.push()
    tree = run_git("rev-parse", "state^{tree}", cwd=remote).strip()
    who = f"Gatefold <gatefold@localhost> {int(NOW.timestamp())} +0000"

    assert run_git("cat-file", "commit", "state", cwd=remote) == (
        f"tree {tree}\nauthor {who}\ncommitter {who}\n\nUpdate the state\n"
    )


@pytest.mark.parametrize(
    "name",
    [
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
    ],
)
def test_other_files_stay_at_home(one, remote, name):
    """The lock, master data and half-written files belong to one machine."""
    before = kept(remote)
    put(one.data, {name: "local", f"accounts/{AB}/account": "2"})
    one.push()

    assert kept(remote) == {**before, f"accounts/{AB}/account": "2"}
    one.pull()
    assert (one.data / name).read_text() == "local"


def test_files_of_others_on_the_branch_stay_there(tmp_path, remote):
    """They are not pulled, and a push keeps them with their modes."""
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
    """A push does not even contact the remote; a pull leaves every file as it is."""
    before = {path: path.stat() for path in two.data.glob("accounts/*/*")}
    assert not two.branch.pull()
    assert {path: path.stat() for path in two.data.glob("accounts/*/*")} == before

    remote.rename(remote.with_name("away"))
    assert not one.branch.push(NOW)


def test_an_unreachable_remote_is_an_error(one, remote, tmp_path):
    """It must not pass for a new instance. The next push brings everything."""
    remote.rename(remote.with_name("away"))
    stranger = Writer(tmp_path / "3" / "data", remote)

    with pytest.raises(StateError):
        stranger.pull()
    with pytest.raises(StateError):
        one.put(account(AB, account="2")).push()
    remote.with_name("away").rename(remote)
    one.push()
    assert kept(remote) == one.files == {"schema.json": SCHEMA, **FIRST, **account(AB, account="2")}


def test_local_state_is_not_pulled_over(tmp_path, remote):
    """A directory that never met a branch has to be pushed or moved away."""
    writer = Writer(tmp_path / "data", remote).put(FIRST)

    with pytest.raises(StateError, match="holds state that never came from the branch"):
        writer.pull()
    assert writer.files == {"schema.json": SCHEMA, **FIRST}


def test_the_changes_of_two_writers_are_merged(one, two, remote):
    """File by file; afterwards the second has the files of the first too."""
    one.put(account(AB, account="one", snapshot="one") | account(EF, account="new")).push()
    two.put(account(CD, account="new", snapshot="s")).push()

    assert kept(remote) == two.files
    assert two.files == {
        "schema.json": SCHEMA,
        **account(AB, account="one", token="t", snapshot="one"),
        **account(CD, account="new", snapshot="s"),
        **account(EF, account="new"),
    }
    assert commits(remote) == 1


def test_the_later_push_of_a_file_wins(one, two, remote):
    """As a whole: sealed files are never merged by line."""
    one.put(account(AB, account="A\nb\nc\n", snapshot="one")).push()
    two.put(account(AB, account="a\nb\nC\n")).push()

    assert kept(remote) == {
        "schema.json": SCHEMA,
        **account(AB, account="a\nb\nC\n", token="t", snapshot="one"),
    }


def test_two_first_pushes_are_merged(tmp_path, remote):
    """Instances that started at the same time end up on one branch."""
    Writer(tmp_path / "1", remote).put(FIRST).push()
    Writer(tmp_path / "2", remote).put(account(CD, account="2")).push()

    assert kept(remote) == {"schema.json": SCHEMA, **FIRST, **account(CD, account="2")}


def test_a_push_drops_changes_of_an_account_that_another_run_disconnected(one, two, remote):
    """All of them, here and there, and it reports the account."""
    one.put(GONE).push()
    two.put(account(AB, account="2", snapshot="new") | account(CD, account="2"))

    assert two.push() == {f"accounts/{AB}"}
    assert kept(remote) == two.files == {"schema.json": SCHEMA, **account(CD, account="2")}
    assert not (two.data / "accounts" / AB).exists()


def test_a_disconnect_removes_what_another_run_changed(one, two, remote):
    """In the other order too nothing of the account can be reached on the remote."""
    two.put(account(AB, account="2", snapshot="new")).push()
    blobs = run_git("rev-list", "--objects", "--no-object-names", "state", cwd=remote).split()
    one.put(GONE)

    assert one.push() == {f"accounts/{AB}"}
    assert kept(remote) == one.files == {"schema.json": SCHEMA}
    schema = run_git("rev-parse", "state:schema.json", cwd=remote).strip()
    left = run_git("rev-list", "--objects", "--no-object-names", "--all", cwd=remote).split()
    assert set(left) & set(blobs) == {schema}


def test_a_pull_keeps_changes_that_are_not_pushed_yet(one, two, remote):
    """They win over those of others, and the next push brings them."""
    one.put(account(AB, account="one") | account(EF, account="new")).push()
    two.put(account(AB, account="mine"))
    two.pull()
    expected = {
        "schema.json": SCHEMA,
        **account(AB, account="mine", token="t"),
        **account(EF, account="new"),
    }

    assert two.files == expected
    two.push()
    assert kept(remote) == expected


def test_a_deleted_branch_gets_everything_again(one, two, remote):
    """No account was disconnected: the files here are all that is left."""
    run_git("update-ref", "-d", "refs/heads/state", cwd=remote)
    two.pull()
    two.put(account(CD, account="2")).push()

    assert kept(remote) == {"schema.json": SCHEMA, **FIRST, **account(CD, account="2")}


def test_the_state_can_move_to_an_empty_remote_only(one, tmp_path, remote):
    """The state of two instances is never mixed; another spelling of a remote is no other."""
    assert not Writer(one.data, f"file://{remote}").branch.pull()

    elsewhere = Writer(one.data, make_remote(tmp_path / "new"))
    elsewhere.push()
    assert kept(tmp_path / "new") == one.files

    Writer(tmp_path / "o", make_remote(tmp_path / "other")).put(account(CD, account="x")).push()
    stranger = Writer(one.data, tmp_path / "other")
    with pytest.raises(StateError, match="has state of its own"):
        stranger.pull()
    with pytest.raises(StateError, match="has state of its own"):
        stranger.put(account(AB, account="5")).push()


def test_an_emptied_directory_is_filled_again(two):
    """Removing every file by hand removes nothing for others."""
    before = two.files
    put(two.data, dict.fromkeys(before))

    assert not two.branch.push(NOW)
    assert two.branch.pull()
    assert two.files == before


def test_state_without_its_schema_is_not_pushed(two, remote):
    """Files removed by hand are not removed on the branch."""
    put(two.data, {"schema.json": None, **GONE, **account(CD, account="left")})

    with pytest.raises(StateError, match=r"schema\.json: is missing"):
        two.push()
    assert f"accounts/{AB}/account" in kept(remote)


@pytest.mark.parametrize(
    ("text", "what"), [('{"schema": 2}', "has schema 2"), ("?", "does not say which version")]
)
def test_state_of_a_newer_version_is_left_alone(one, two, remote, text, what):
    """Whether it is here or on the branch: nothing is written or pushed."""
    with pytest.raises(StateError, match=what):
        one.put({"schema.json": text}).push()
    assert kept(remote)["schema.json"] == SCHEMA

    newer = {"schema.json": text, **account(AB, account="newer")}
    plant(remote, newer)
    before = two.files
    with pytest.raises(StateError, match=what):
        two.pull()
    assert two.files == before
    with pytest.raises(StateError, match=what):
        two.put(account(AB, account="2")).push()
    assert kept(remote) == newer


@pytest.mark.parametrize("files", [{"poem.txt": "roses"}, account(AB, account="1")])
def test_a_branch_without_a_schema_is_left_alone(two, remote, files):
    """It holds something else, or was damaged by hand: nothing is removed here or overwritten."""
    plant(remote, files)
    before = two.files

    with pytest.raises(StateError, match="holds something else"):
        two.pull()
    assert two.files == before
    with pytest.raises(StateError, match="holds something else"):
        two.put(account(AB, account="2")).push()
    assert kept(remote) == files


@pytest.mark.parametrize("name", [f"accounts/{AB}/token", f"accounts/{AB}", "accounts"])
def test_a_link_is_not_taken_for_a_removal(one, name):
    """What cannot be read is an error."""
    path = one.data / name
    path.rename(one.data.parent / "moved")
    path.symlink_to(one.data.parent / "moved")

    with pytest.raises(StateError, match="is not a plain file or directory"):
        one.push()


def test_a_damaged_base_is_an_error(two):
    """Without it, local changes cannot be told from old files."""
    (two.data / ".branch" / "base.json").write_text("{}}")

    with pytest.raises(StateError, match=r"base\.json: is damaged"):
        two.pull()


def test_only_the_base_is_left_behind(two):
    """Not the files a killed run left either; nobody else can read it."""
    put(two.data, {".branch/objects/ab/cd": "", ".branch/incoming/schema.json": ""})
    two.pull()

    assert [path.name for path in (two.data / ".branch").iterdir()] == ["base.json"]
    assert (two.data / ".branch" / "base.json").stat().st_mode & 0o777 == 0o600


def test_a_remote_without_force_pushes_is_told_apart(one, remote):
    """Every push replaces the commit, so the branch has to allow it."""
    run_git("config", "receive.denyNonFastForwards", "true", cwd=remote)

    with pytest.raises(StateError, match="non-fast-forward") as raised:
        one.put(account(AB, account="2")).push()
    assert raised.value.hint.startswith("allow force pushes to the branch `state`")


def test_a_push_that_a_hook_declines_is_not_tried_again(one, remote):
    """The reason is part of the error."""
    refuse(remote)

    with pytest.raises(StateError, match="pre-receive hook declined"):
        one.put(account(AB, account="2")).push()
    assert (remote / "asked").read_text() == "x\n"


def test_a_push_is_tried_ten_times_with_growing_pauses(two, remote):
    """After random pauses from a span that doubles up to 64 times the first."""
    lock = remote / "refs/heads/state.lock"
    hook = refuse(remote, "update", f"touch '{lock}'")
    two.put(account(CD, account="2"))
    pauses: list[float] = []
    with pytest.raises(StateError, match="moved on at each of 10 tries"):
        two.branch.push(NOW, 1000, pauses.append)

    spans = [1000 * 2**number for number in (1, 2, 3, 4, 5, 6, 6, 6, 6)]
    assert [span / 4 <= pause <= span for pause, span in zip(pauses, spans, strict=True)] == [
        True
    ] * 9
    hook.unlink()
    lock.unlink()
    two.push()
    assert kept(remote) == two.files


def trees(*texts):
    """Trees from words: Ax is the account file of A with content x, At its token, P a login."""
    names = {"A": f"accounts/{AB}/account", "T": f"accounts/{AB}/token", "P": f"pending/{CD}"}
    return [{names[word[0]]: word[1:] for word in text.split()} for text in texts]


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
    """Our changes win, and a removed account wins over any change to it."""
    expected = trees(merged)[0], {f"accounts/{AB}"} if superseded else set()

    assert merge(*trees(base, ours, theirs)) == expected


def test_only_two_versions_of_a_file_are_put_up_for_choice():
    """Changes of one side, equal changes and removals are none."""
    asked = []
    [base, ours, theirs, expected] = trees("A1 T1", "A2 T2 P1", "A3 T1 P1", "A3 T2 P1")

    def choose(path, mine, other):
        asked.append((path, mine, other))
        return other

    assert merge(base, ours, theirs, choose)[0] == expected
    assert asked == [(f"accounts/{AB}/account", "2", "3")]
