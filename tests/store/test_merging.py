"""Two machines and one branch: the owner's latest word stands, whoever pushes later."""

from datetime import timedelta
from itertools import product
from random import Random

import pytest
from msgspec.structs import replace

from generator.domain.account import PersonalToken, Privacy
from generator.errors import StateError
from generator.store.branch import Branch, Remote
from generator.store.merging import merged_choices
from generator.store.state import State
from generator.store.vault import Vault
from tests.factories import (
    NOW,
    make_account,
    make_collection,
    make_copy,
    make_key,
    make_status,
)
from tests.store.branches import make_remote

VAULT = Vault((make_key(),))
LATER = NOW + timedelta(hours=5)
OPENNESS = (Privacy.PRIVATE, Privacy.UNLISTED, Privacy.PUBLIC)


class Machine:
    """A state directory and its copy of the branch."""

    def __init__(self, data, remote, vault=lambda: VAULT):
        self.data, self.remote, self.vault = data, Remote(str(remote)), vault
        self.state = State(data, lambda: VAULT)
        self.notes = []

    @property
    def branch(self):
        return Branch(self.data, self.remote, self.vault)

    def pull(self):
        branch = self.branch
        branch.pull()
        self.notes += branch.notes.values()
        return self

    def push(self):
        branch = self.branch
        branch.push(NOW, sleep=lambda _: None)
        self.notes += branch.notes.values()
        return self

    def account(self, name="rock"):
        return self.state.load_accounts().find(name)

    def choose(self, **changes):
        self.state.save_account(replace(self.account(), **changes))

    def sync(self, copies, now=NOW):
        account = self.account()
        self.state.save_collection(
            account.id, make_collection(*map(make_copy, range(1, copies + 1)))
        )
        status = make_status(records=copies, synced_at=now, last_sync=now)
        self.state.save_status(replace(account, status=status))

    def reconnect(self, now, token):
        self.state.save_credentials(self.account().id, PersonalToken(token))
        self.choose(connection=f"{token:0>8}", connected_at=now)


@pytest.fixture
def machines(tmp_path):
    """Two machines with one public account, the same on both."""
    remote = make_remote(tmp_path / "remote.git")
    one, two = (Machine(tmp_path / name / "data", remote) for name in ("one", "two"))
    one.state.save_credentials(make_account("rock").id, PersonalToken("first"))
    one.state.save_account(make_account("rock", slug="a" * 32))
    one.sync(1)
    one.push()
    return one, two.pull()


def same_word(machines):
    """The account after both machines have everything of each other."""
    one, two = machines
    one.push()
    two.push().pull()
    one.pull()
    assert one.account() == two.account()
    return one.account()


ACTIONS = {
    "sync": lambda machine: machine.sync(2, LATER),
    "sync without news": lambda machine: machine.sync(1, LATER),
    "a new link": lambda machine: machine.choose(slug="b" * 32),
    "a reconnect": lambda machine: machine.reconnect(LATER, "second"),
    "nothing": Machine.pull,
}


@pytest.mark.parametrize(
    ("first", "level", "action"),
    [(number % 2, *each) for number, each in enumerate(product(OPENNESS, ACTIONS))],
)
def test_a_level_chosen_meanwhile_is_never_undone(machines, first, level, action):
    chooser, other = machines[first], machines[1 - first]
    chooser.choose(privacy=level)
    ACTIONS[action](other)
    chooser.push()

    account = same_word((chooser, other))

    assert account.privacy is level
    assert account.slug == ("b" if action == "a new link" else "a") * 32
    assert chooser.notes == other.notes == []


def test_a_revoked_link_stays_revoked(machines):
    one, two = machines
    one.choose(slug="b" * 32)
    one.push()
    two.sync(2, LATER)
    two.choose(privacy=Privacy.UNLISTED)

    assert (same_word(machines).slug, same_word(machines).privacy) == ("b" * 32, "unlisted")


@pytest.mark.parametrize(("before", "ours", "theirs"), list(product(OPENNESS, repeat=3)))
def test_of_two_levels_the_more_closed_stands_and_a_note_says_so(before, ours, theirs):
    accounts = [make_account("rock", privacy=level) for level in (before, ours, theirs)]

    merged, note = merged_choices(*accounts)

    closed = min(ours, theirs, key=OPENNESS.index)
    assert merged.privacy is {ours: theirs, theirs: ours}.get(before, closed)
    assert bool(note) is (len({before, ours, theirs}) == 3)


def test_a_merge_shows_its_note(machines):
    one, two = machines
    one.choose(privacy=Privacy.PRIVATE)
    two.choose(privacy=Privacy.UNLISTED)
    one.push()

    assert same_word(machines).privacy is Privacy.PRIVATE
    assert two.notes == ["was made unlisted here and private elsewhere; it is private"]


def test_a_disconnection_wins_over_every_change(machines):
    one, two = machines
    one.state.remove_account(one.account().id)
    one.push()
    two.sync(3, LATER)
    two.choose(privacy=Privacy.UNLISTED)
    two.push()

    assert two.account() is one.pull().account() is None


def test_the_later_of_two_connections_stands_with_its_token(machines):
    one, two = machines
    one.reconnect(LATER, "later")
    two.reconnect(NOW, "earlier")
    one.push()

    account = same_word(machines)

    assert account.connection == "000later"
    assert two.state.load_credentials(account) == PersonalToken("later")


@pytest.mark.parametrize(("ours", "theirs", "kept"), [(2, 3, 3), (2, 1, 2), (1, 3, 3), (1, 1, 1)])
def test_observations_of_two_syncs_are_not_mixed(machines, ours, theirs, kept):
    one, two = machines
    one.sync(theirs, LATER)
    two.sync(ours, NOW + timedelta(hours=4))
    one.push()

    status = same_word(machines).status

    snapshot = two.state.load_snapshot(two.account())
    assert status.records == len(snapshot.collection.copies) == kept
    assert snapshot == one.state.load_snapshot(one.account())


def test_without_the_key_choices_are_not_merged_at_random(machines, tmp_path):
    one, two = machines
    one.choose(privacy=Privacy.PRIVATE)
    two.choose(privacy=Privacy.UNLISTED)
    one.push()
    two.vault = lambda: Vault.from_setting("")

    with pytest.raises(StateError, match="changed here and on the branch"):
        two.push()

    two.vault = lambda: VAULT
    assert same_word(machines).privacy is Privacy.PRIVATE


@pytest.mark.parametrize("seed", range(2))
def test_random_actions_never_undo_the_latest_word(machines, seed):
    """Each choice is the owner's latest word once it is pushed; nothing later is more open."""
    chance, word = Random(seed), None  # noqa: S311 - nothing secret comes from it
    for _ in range(25):
        machine = chance.choice(machines)
        action = chance.choice(["choose", "sync", "push", "pull", "link", "reconnect"])
        if machine.account() is None:
            break
        match action:
            case "choose":
                machine.pull()
                word = chance.choice(OPENNESS)
                machine.choose(privacy=word)
                machine.push()
            case "sync":
                machine.sync(chance.randint(1, 4), NOW + timedelta(minutes=chance.randint(1, 999)))
            case "link":
                machine.choose(slug=f"{chance.getrandbits(128):032x}")
            case "reconnect":
                machine.reconnect(NOW + timedelta(minutes=chance.randint(1, 999)), "again")
            case "push":
                machine.push()
            case "pull":
                machine.pull()

    account = same_word(machines)

    assert word is None or account.privacy is word
    assert account.status.records == len(machines[0].state.load_snapshot(account).collection.copies)
