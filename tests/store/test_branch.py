"""The branch `state`: what a run brings in, what it keeps, and what two runs do to each other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from generator.errors import StateError
from generator.store.branch import Patience
from generator.store.history import Limits
from generator.store.listings import content_id
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
    run_git,
)


@pytest.fixture
def remote(tmp_path):
    """An empty repository, at a path as people have them."""
    return make_remote(tmp_path / "the remote.git")


@pytest.fixture
def one(tmp_path, remote):
    """A writer with an account that is on the branch."""
    writer = Writer(tmp_path / "one of two" / "data", remote).write(account="1", token="t")
    writer.push()
    return writer


@pytest.fixture
def two(tmp_path, remote, one):
    """A second writer, who has pulled it."""
    writer = Writer(tmp_path / "two" / "data", remote)
    writer.pull()
    return writer


def forbid(remote, *settings):
    """Let the remote refuse what it usually takes."""
    for setting in settings:
        run_git("config", *setting.split("="), cwd=remote)


def test_a_missing_branch_is_a_new_instance(tmp_path, remote):
    """The first run starts with nothing and ends well."""
    writer = Writer(tmp_path / "data", remote)

    pulled = writer.pull()

    assert (pulled.commit, pulled.changed, writer.files) == (None, False, {})


def test_what_one_run_keeps_the_next_one_finds(tmp_path, remote):
    """Files go to the branch and come back byte for byte, closed to others."""
    content = bytes(range(256)) + b"\r\n\r\n"
    first, second = Writer(tmp_path / "1", remote), Writer(tmp_path / "2", remote)
    first.write(account="1", token="t")
    (first.data / "accounts" / AB / "snapshot").write_bytes(content)
    first.push()

    assert second.pull().changed
    assert (second.data / "accounts" / AB / "snapshot").read_bytes() == content
    assert (second.data / "accounts" / AB / "snapshot").stat().st_mode & 0o777 == 0o600
    assert set(second.files) == {"schema.json", *account(AB, account="", token="", snapshot="")}


def test_many_files_arrive_as_well(tmp_path, remote):
    """Forty accounts are brought in at one go."""
    files = {f"accounts/{number:016x}/account": f"{number}" for number in range(40)}
    Writer(tmp_path / "1", remote).write(account="1").put(files).push()
    second = Writer(tmp_path / "2", remote)
    second.pull()

    assert second.files == {"schema.json": SCHEMA, **account(AB, account="1"), **files}
    assert [path.name for path in second.data.rglob(".gatefold-*")] == []


def test_ids_are_those_of_git(tmp_path, remote):
    """What is compared is what git would say of the same bytes."""
    (tmp_path / "file").write_bytes(b"a\0b\r\n")

    told = run_git("hash-object", "--no-filters", "file", cwd=tmp_path)
    assert f"{content_id(b'a' + bytes(1) + b'b' + bytes((13, 10)))}\n" == told


@pytest.mark.parametrize(
    "name",
    [
        ".lock",
        ".build.json",
        "manifest.json",
        f"accounts/{AB}/.gatefold-1f.tmp",
        "accounts/README",
        "accounts/not-an-id/token",
        "pending/.gatefold-1f.tmp",
        "site/index.html",
    ],
)
def test_what_is_no_state_stays_at_home(one, remote, name):
    """The lock, half-written files and what a build remembers belong to one machine."""
    before = kept(remote)

    assert not one.put({name: "local"}).push().changed
    assert kept(remote) == before


def test_pending_connects_and_masters_are_state(one, two):
    """Everything that is sealed goes along."""
    files = {f"pending/{CD}": "p", "masters/0a": "m"}
    one.put(files).push()
    two.pull()

    assert files.items() <= two.files.items()


def test_an_idle_run_commits_and_pushes_nothing(one, remote):
    """Without a change the remote is not even asked."""
    remote.rename(remote.with_name("away"))

    assert not one.push().changed
    assert not one.commit().changed
    remote.with_name("away").rename(remote)
    assert commits(remote) == 1


def test_a_pull_without_news_changes_nothing(one, two):
    """The files are those of before, not copies of them."""
    before = {path: path.stat().st_mtime_ns for path in two.data.rglob("account")}

    assert not two.pull().changed
    assert {path: path.stat().st_mtime_ns for path in two.data.rglob("account")} == before


def test_an_unreachable_remote_is_no_new_instance(one, remote, tmp_path):
    """Without an answer nothing is assumed: an empty start would lose every account."""
    remote.rename(remote.with_name("away"))
    stranger = Writer(tmp_path / "3" / "data", remote)

    with pytest.raises(StateError):
        stranger.pull()
    assert stranger.files == {}
    with pytest.raises(StateError):
        one.write(account="2").push()
    assert one.files[f"accounts/{AB}/account"] == "2"


def test_state_that_never_came_from_the_branch_is_not_pulled_over(tmp_path, remote):
    """A pull takes nothing away that is kept nowhere else."""
    writer = Writer(tmp_path / "data", remote).write(account="mine")

    with pytest.raises(StateError, match="holds state that never came from the branch"):
        writer.pull()
    assert writer.files == {"schema.json": SCHEMA, **account(AB, account="mine")}


def test_both_of_two_writers_are_kept(one, two, remote):
    """A refused push puts its own files on top; then both have what the branch has."""
    one.put(account(AB, account="by one") | account(EF, account="new in one"))
    two.put(account(CD, account="new in two", snapshot="s"))
    assert one.push().tries == 1

    assert two.push().tries == 2
    assert kept(remote) == two.files
    assert two.files == {
        "schema.json": SCHEMA,
        **account(AB, account="by one", token="t"),
        **account(CD, account="new in two", snapshot="s"),
        **account(EF, account="new in one"),
    }


def test_the_later_writer_of_a_file_wins_it_whole(one, two, remote):
    """Sealed files are never merged by line; files only one of them changed stay the other's."""
    one.put({"masters/0": "A\nb\nc\n", **account(AB, account="one", snapshot="one")}).push()
    two.put({"masters/0": "a\nb\nC\n", **account(AB, account="two")}).push()

    assert kept(remote) == {
        "schema.json": SCHEMA,
        "masters/0": "a\nb\nC\n",
        **account(AB, account="two", snapshot="one", token="t"),
    }


def test_two_first_runs_both_arrive(tmp_path, remote):
    """Instances that started at the same time end up on one branch."""
    first, second = Writer(tmp_path / "1", remote), Writer(tmp_path / "2", remote)
    first.write(account="1")
    second.put({"schema.json": SCHEMA, **account(CD, account="2")})
    first.push()

    assert second.push().tries == 2
    both = {"schema.json": SCHEMA, **account(AB, account="1"), **account(CD, account="2")}
    assert kept(remote) == both


def gone():
    """The first account, disconnected."""
    return dict.fromkeys(account(AB, account="", token=""), None)


def test_a_disconnect_survives_another_s_change(one, two, remote):
    """Whoever writes something else meanwhile brings nothing back."""
    one.put(gone()).push()
    two.put(account(CD, account="2")).push()

    assert kept(remote) == two.files == {"schema.json": SCHEMA, **account(CD, account="2")}


def test_a_sync_does_not_bring_back_who_was_disconnected(one, two, remote):
    """The later push drops what it learnt of the account, all of it, and says so."""
    one.put(gone()).push()
    pushed = two.put(account(AB, account="2", snapshot="new")).put(account(CD, account="2")).push()

    assert pushed.outdone == (f"accounts/{AB}",)
    assert kept(remote) == two.files == {"schema.json": SCHEMA, **account(CD, account="2")}
    assert not (two.data / "accounts" / AB).exists()


def test_a_disconnect_takes_along_what_a_sync_added_meanwhile(one, two, remote):
    """Also in the other order nothing of the account is left over."""
    two.put(account(AB, account="2", snapshot="new")).push()
    one.put(gone()).push()

    assert kept(remote) == {"schema.json": SCHEMA}


def test_a_pull_keeps_what_is_not_pushed_yet(one, two, remote):
    """Own changes stay on top of what arrives, and the next push brings them."""
    one.put(account(EF, account="new")).push()
    two.put(account(AB, account="mine"))
    two.pull()
    expected = {
        "schema.json": SCHEMA,
        **account(AB, account="mine", token="t"),
        **account(EF, account="new"),
    }

    assert two.files == expected
    assert two.push().tries == 1
    assert kept(remote) == expected


def test_a_push_that_failed_is_made_up_for(tmp_path, remote):
    """What could not be pushed goes with the next push, as one commit."""
    writer = Writer(tmp_path / "data", remote).write(account="1")
    away = remote.with_name("away")
    remote.rename(away)
    with pytest.raises(StateError):
        writer.push()
    away.rename(remote)
    writer.write(account="2")

    assert writer.push().changed
    assert kept(remote) == writer.files
    assert commits(remote) == 1


def test_a_commit_is_what_is_pushed(one, remote):
    """A workflow may learn that something changed, build, and push the very same later."""
    before = kept(remote)
    made = one.write(account="2").commit()
    assert kept(remote) == before
    assert one.commit().commit == made.commit

    assert one.push().commit == made.commit
    assert run_git("rev-parse", "state", cwd=remote) == f"{made.commit}\n"


def test_what_follows_a_commit_is_pushed_with_it(one, remote):
    """One commit holds both."""
    one.write(account="2").commit()
    one.put(account(CD, account="3")).push()

    assert kept(remote) == one.files
    assert commits(remote) == 2


def test_a_deleted_branch_gets_everything_again(one, two, remote):
    """Nobody disconnected anybody: what is still here is all that is left."""
    run_git("update-ref", "-d", "refs/heads/state", cwd=remote)
    two.pull()
    two.put(account(CD, account="2")).push()

    assert kept(remote) == {
        "schema.json": SCHEMA,
        **account(AB, account="1", token="t"),
        **account(CD, account="2"),
    }


def test_the_instance_can_move_to_another_remote(one, tmp_path):
    """An empty one gets everything; one with state of its own is not mixed up with this."""
    later = one.now + timedelta(hours=1)
    elsewhere = replace(one, remote=make_remote(tmp_path / "new"), now=later)
    assert elsewhere.push().changed
    assert kept(tmp_path / "new") == one.files

    Writer(tmp_path / "o" / "data", make_remote(tmp_path / "other")).write(account="x").push()
    stranger = replace(one, remote=tmp_path / "other")
    with pytest.raises(StateError, match="has state of its own"):
        stranger.pull()
    with pytest.raises(StateError, match="has state of its own"):
        stranger.write(account="5").push()


def test_the_same_remote_may_be_spelled_anew(one, remote):
    """A path or an address of a file: what it holds tells that it is the same."""
    respelled = replace(one, remote=f"file://{remote}")

    respelled.pull()
    assert respelled.write(account="2").push().tries == 1


def test_an_emptied_directory_is_filled_again(two):
    """Somebody who removes every file starts anew and removes nothing for others."""
    before = two.files
    two.put(dict.fromkeys(before, None))
    assert not two.push().changed

    assert two.pull().changed
    assert two.files == before


def test_state_without_its_schema_is_not_pushed(two, remote):
    """What was taken apart by hand is not to be taken apart everywhere."""
    two.put({"schema.json": None, **gone()}).put(account(CD, account="left"))

    with pytest.raises(StateError, match="is missing, and the branch has it"):
        two.push()
    assert f"accounts/{AB}/account" in kept(remote)


@pytest.mark.parametrize(
    ("text", "what"), [('{"schema": 2}', "has schema 2"), ("?", "does not say which version")]
)
def test_state_of_a_newer_version_is_left_alone(one, two, remote, text, what):
    """Whether it is here or on the branch: nothing is read, written or pushed."""
    with pytest.raises(StateError, match=what):
        replace(one).put({"schema.json": text}).push()
    assert kept(remote)["schema.json"] == SCHEMA

    newer = {"schema.json": text, **account(AB, account="newer")}
    plant(remote, newer)
    before = two.files
    with pytest.raises(StateError, match=what):
        two.pull()
    assert two.files == before
    with pytest.raises(StateError, match=what):
        two.write(account="2").push()
    assert kept(remote) == newer


@pytest.mark.parametrize("files", [{"README": ""}, account(AB, account="1")])
def test_a_branch_that_lost_its_schema_takes_nothing_away(two, remote, files):
    """What somebody emptied there by hand is not to be emptied here."""
    before = two.files
    plant(remote, files)

    with pytest.raises(StateError, match="is missing, and was there before"):
        two.pull()
    assert two.files == before
    with pytest.raises(StateError, match="is missing, and was there before"):
        two.write(account="2").push()
    assert kept(remote) == files


def test_a_branch_of_another_kind_is_left_alone(tmp_path, remote):
    """A branch that happens to be called `state` is nobody's state."""
    plant(remote, {"poem.txt": "roses"})
    writer = Writer(tmp_path / "w" / "data", remote).write(account="1")

    with pytest.raises(StateError, match="holds something else than state"):
        writer.push()
    assert kept(remote) == {"poem.txt": "roses"}


def test_files_of_others_on_the_branch_stay_there(tmp_path, remote):
    """Somebody's note beside the state is neither brought in nor removed."""
    plant(remote, {"schema.json": SCHEMA, "NOTE": "mine", **account(AB, account="1")})
    writer = Writer(tmp_path / "w" / "data", remote, limits=Limits(commits=1))
    writer.pull()
    assert not (writer.data / "NOTE").exists()
    writer.put({f"accounts/{AB}/account": None}).push()

    assert kept(remote) == {"schema.json": SCHEMA, "NOTE": "mine"}
    assert commits(remote) == 1


def test_a_link_in_place_of_a_file_stops_everything(one):
    """What cannot be read is not taken for removed."""
    path = one.data / "accounts" / AB / "token"
    path.unlink()
    path.symlink_to("account")

    with pytest.raises(StateError, match="is no plain file"):
        one.push()


def sizes(remote):
    """What the last commit says of the history before it."""
    message = run_git("log", "-1", "--format=%B", "state", cwd=remote)
    return [line for line in message.splitlines() if ":" in line]


def test_the_branch_becomes_one_commit_past_its_limit(one, two, remote):
    """The fourth commit of three replaces them; whoever saw the old ones goes on."""
    one.limits = Limits(commits=3)
    for number in (2, 3):
        one.write(account="1" * number).push()
    assert (commits(remote), sizes(remote)) == (3, ["Gatefold-Commits: 3", "Gatefold-Bytes: 5"])
    one.write(account="4").push()
    assert (commits(remote), sizes(remote)) == (1, ["Gatefold-Commits: 1", "Gatefold-Bytes: 0"])

    assert two.put(account(CD, account="c")).push().tries == 2
    assert kept(remote) == {
        "schema.json": SCHEMA,
        **account(AB, account="4", token="t"),
        **account(CD, account="c"),
    }
    assert commits(remote) == 2


def test_the_branch_becomes_one_commit_when_it_grew_too_much(one, remote):
    """Bytes that came after the first commit count, whoever brought them."""
    one.limits = Limits(size=100)
    one.write(account="x" * 60).push()
    assert commits(remote) == 2
    one.write(account="y" * 41).push()

    assert commits(remote) == 1
    assert kept(remote) == one.files


def test_a_squash_never_runs_over_another_writer(one, two, remote):
    """Whoever pushed in between is put into the one commit, because the lease was lost."""
    two.limits = Limits(commits=1)
    one.put(account(CD, account="in between")).push()

    assert two.put(account(EF, account="2")).push().tries == 2
    assert commits(remote) == 1
    assert kept(remote) == {
        "schema.json": SCHEMA,
        **account(AB, account="1", token="t"),
        **account(CD, account="in between"),
        **account(EF, account="2"),
    }


def test_a_remote_that_keeps_its_history_may(one, remote):
    """Where replacing history is forbidden, the branch goes on growing."""
    forbid(remote, "receive.denyNonFastForwards=true")
    one.limits = Limits(commits=1)
    one.write(account="2").push()

    assert commits(remote) == 2
    assert sizes(remote)[0] == "Gatefold-Commits: 2"


def test_a_remote_that_refuses_is_asked_only_once_more(one, remote):
    """There is no use in trying ten times; the reason is told."""
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho x >>asked\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(StateError, match="pre-receive hook declined"):
        one.write(account="2").push()
    assert len((remote / "asked").read_text().splitlines()) <= 2


def test_tries_end_and_pauses_grow(two, remote):
    """Twice what a try takes, here three seconds, then longer; the next push brings it all."""
    pauses: list[float] = []
    hook = remote / "hooks" / "update"
    hook.write_text("#!/bin/sh\ntouch refs/heads/state.lock\n")
    hook.chmod(0o755)
    ticks = iter(range(0, 100, 3))
    two.patience = Patience(7, 1, pauses.append, lambda _, most: most, lambda: next(ticks))
    with pytest.raises(StateError, match="moved on at each of 7 tries"):
        two.put(account(CD, account="2")).push()
    assert pauses == [6, 12, 24, 48, 96, 96]

    hook.unlink()
    (remote / "refs/heads/state.lock").unlink()
    assert two.push().changed
    assert kept(remote) == two.files


def test_a_pull_that_was_cut_short_is_ended_by_the_next_run(one, two):
    """Half of what arrived is nobody's change: it is not pushed, the rest still comes."""
    one.put(account(CD, account="c", snapshot="s") | {f"accounts/{AB}/account": "2"}).push()
    with two.branch() as branch:
        branch._save(replace(branch._origin, incoming=branch._fetch()))
    two.put(account(CD, snapshot="s"))
    one.put(account(CD, snapshot="newer")).push()

    assert not two.commit().changed
    assert two.files[f"accounts/{CD}/account"] == "c"
    assert not two.push().changed
    two.pull()
    assert two.files == one.files


def test_a_person_s_own_settings_do_not_act_here(one, tmp_path, remote):
    """Hooks and signatures of somebody's daily work are no part of this."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-push").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-push").chmod(0o755)
    (one.data.parent / ".gitconfig").write_text(
        f'[core]\n\thooksPath = "{hooks}"\n[push]\n\tgpgSign = true\n\tfollowTags = true\n'
        "[fetch]\n\tprune = true\n[core]\n\tautocrlf = true\n"
    )

    assert one.write(account="a\r\nb\n").push().tries == 1
    assert run_git("cat-file", "-s", f"state:accounts/{AB}/account", cwd=remote) == "5\n"


def test_nothing_of_a_run_is_left_behind(two):
    """Only where the state came from and git's objects stay."""
    names = {path.name for path in (two.data / ".branch").iterdir()}
    assert names == {"objects", "origin.json"}
