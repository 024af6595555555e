"""Changing the key: everything opens under a key of the ring at any moment."""

import json
import time
from random import Random

import pytest

from tests.cli.accounts import keep_login
from tests.cli.running import KEY, OTHER_KEY
from tests.store.branches import make_remote

RING = f"{OTHER_KEY},{KEY}"


def keys_in(terminal):
    """The ids of the keys that sealed the files below data/."""
    sealed = [text for path, text in terminal.state().items() if path.suffix != ".json"]
    return {json.loads(text)["kid"] for text in sealed}


def test_a_rotation_reseals_everything_under_the_first_key(kept):
    keep_login(kept, "late")
    before, exported = keys_in(kept), kept.run("export", "demo").out

    ended = kept.run("keys", "rotate", OAUTH_ENCRYPTION_KEY=RING)

    assert (ended.code, ended.out) == (0, "")
    assert ended.err.splitlines() == [
        "5 files resealed under the first key",
        "the other keys can be removed; if a branch keeps the state, push it first",
    ]
    assert len(keys_in(kept)) == 1
    assert keys_in(kept) != before
    assert kept.run("export", "demo", OAUTH_ENCRYPTION_KEY=OTHER_KEY).out == exported
    assert kept.run("accounts", OAUTH_ENCRYPTION_KEY=KEY).code == 12
    again = kept.run("keys", "rotate", OAUTH_ENCRYPTION_KEY=OTHER_KEY)
    assert again.err.splitlines()[0] == "0 files resealed under the first key"


def test_a_file_that_does_not_open_is_named_and_the_old_key_must_stay(kept):
    (place,) = (path for path in kept.state() if path.name == "snapshot")
    place.write_bytes(b"{}")

    ended = kept.run("keys", "rotate", OAUTH_ENCRYPTION_KEY=RING)

    assert ended.code == 1
    assert f"data/accounts/{place.parent.name}/snapshot: is not a sealed file" in ended.err
    assert ended.complaints == [
        "error: OAUTH_ENCRYPTION_KEY: 1 file cannot be opened",
        "hint: keep all keys until every file opens, and run build-site keys rotate again",
    ]
    assert place.read_bytes() == b"{}"


@pytest.mark.parametrize("seed", range(6))
def test_a_killed_rotation_leaves_only_files_that_a_key_of_the_ring_opens(kept, seed):
    exported = kept.run("export", "demo").out
    run = kept.begin("keys", "rotate", OAUTH_ENCRYPTION_KEY=RING)
    time.sleep(Random(seed).uniform(0.05, 0.2))  # noqa: S311 - a moment
    run.kill()
    run.wait()

    assert kept.run("export", "demo", OAUTH_ENCRYPTION_KEY=RING).out == exported
    assert kept.run("keys", "rotate", OAUTH_ENCRYPTION_KEY=RING).code == 0
    assert kept.run("export", "demo", OAUTH_ENCRYPTION_KEY=OTHER_KEY).out == exported


def test_a_lost_key_is_answered_with_a_way_to_start_over(synced):
    lost = synced.run("build", OAUTH_ENCRYPTION_KEY=OTHER_KEY)
    assert lost.code == 12
    assert "build-site reset --remote starts over" in lost.complaints[-1]
    synced.configure('[site]\ntitle = "Kept"\n')
    (synced.workspace / ".env").write_text("DISCOGS_TOKEN=kept\n")

    refused = synced.run("reset", OAUTH_ENCRYPTION_KEY="")
    assert (refused.code, synced.snapshots() != {}) == (2, True)
    ended = synced.run("reset", "--yes", OAUTH_ENCRYPTION_KEY="")

    assert ended.code == 0
    assert "discogs.com/settings/applications" in ended.err
    assert synced.state() == {}
    assert (synced.workspace / "site.toml").read_text() == '[site]\ntitle = "Kept"\n'
    assert (synced.workspace / ".env").exists()
    assert synced.run("accounts", "--json", OAUTH_ENCRYPTION_KEY=OTHER_KEY).out == "[]\n"
    synced.environ["OAUTH_ENCRYPTION_KEY"] = OTHER_KEY
    assert synced.connect("demo").run("sync").code == 0


def test_the_branch_is_reset_too(synced, tmp_path):
    remote = make_remote(tmp_path / "state.git")
    assert synced.run("state", "push", "--remote", str(remote)).code == 0
    assert (remote / "refs/heads/state").exists()

    ended = synced.run("reset", "--yes", "--remote", str(remote), OAUTH_ENCRYPTION_KEY="")
    again = synced.run("reset", "--yes", "--remote", str(remote), OAUTH_ENCRYPTION_KEY="")

    assert (ended.code, again.code) == (0, 0)
    assert "the branch is deleted" in ended.err
    assert "there is no branch" in again.err
    assert not (remote / "refs/heads/state").exists()
    assert synced.run("state", "pull", "--remote", str(remote)).code == 0
