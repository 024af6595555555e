"""Logins under way, on disk and sealed."""

from datetime import timedelta

import pytest

from generator.domain.account import Privacy
from generator.domain.pending import parse_pending, pending_json
from generator.errors import StateError, VaultError
from generator.store.pending import Pendings
from generator.store.vault import Vault
from tests.factories import NOW, make_key, make_pending


def open_pendings(data, key=1):
    """The logins below `data` under one key."""
    return Pendings(data, lambda: Vault((make_key(key),)))


def files_below(data):
    """How many logins have a file."""
    return len(list((data / "pending").iterdir()))


def test_logins_come_back_as_they_were_saved_youngest_first(tmp_path):
    """Every field survives; a directory that is not there holds none."""
    old = make_pending("zebra", privacy=Privacy.UNLISTED)
    young = make_pending("ant", created=NOW + timedelta(seconds=3, microseconds=7))
    assert open_pendings(tmp_path).live(NOW, key_is_known=False) == ()

    for pending in (old, young):
        open_pendings(tmp_path).save(pending)

    assert open_pendings(tmp_path).live(NOW, key_is_known=False) == (young, old)


def test_a_login_is_sealed_for_its_file_alone(tmp_path):
    """Nothing of it can be read, its mode is the owner's, and it does not open elsewhere."""
    pendings = open_pendings(tmp_path)
    pendings.save(make_pending(key="geheim1", secret="geheim2"))
    (path,) = (tmp_path / "pending").iterdir()

    assert [word for word in (b"geheim", b"low-tide") if word in path.read_bytes()] == []
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert len(path.name) == 16
    assert (tmp_path / "schema.json").is_file()

    path.rename(path.with_name("0" * 16))
    assert pendings.live(NOW, key_is_known=True) == ()


def test_a_name_has_one_login(tmp_path):
    """The later takes the place of the former; others stay."""
    pendings = open_pendings(tmp_path)
    other, later = make_pending("other"), make_pending(key="later")
    for pending in (other, make_pending(), later):
        pendings.save(pending)

    assert set(pendings.live(NOW, key_is_known=True)) == {other, later}
    assert files_below(tmp_path) == 2


@pytest.mark.parametrize(
    ("age", "live"),
    [
        (timedelta(), True),
        (timedelta(minutes=15, microseconds=-1), True),
        (timedelta(minutes=15), False),
        (timedelta(minutes=-15, microseconds=1), True),
        (timedelta(minutes=-15), False),
    ],
)
def test_a_login_lives_fifteen_minutes(tmp_path, age, live):
    """To the microsecond, then its file is removed; a clock set back gives no more."""
    pendings = open_pendings(tmp_path)
    pending = make_pending(created=NOW - age)
    pendings.save(pending)

    assert pendings.live(NOW, key_is_known=True) == ((pending,) if live else ())
    assert files_below(tmp_path) == live


def test_a_login_can_be_removed_by_its_name(tmp_path):
    """A name that has none is no mistake."""
    pendings = open_pendings(tmp_path)
    pendings.remove("low-tide")
    pendings.save(make_pending())
    pendings.remove("other")
    assert files_below(tmp_path) == 1

    pendings.remove("low-tide")
    assert files_below(tmp_path) == 0


def test_what_does_not_open_is_removed_under_a_known_key(tmp_path):
    """Nobody can end such a login."""
    pendings = open_pendings(tmp_path)
    pendings.save(make_pending())
    (tmp_path / "pending" / ("0" * 16)).write_bytes(b"torn")

    assert pendings.live(NOW, key_is_known=False) == (make_pending(),)
    assert files_below(tmp_path) == 1
    assert open_pendings(tmp_path, key=2).live(NOW, key_is_known=True) == ()
    assert files_below(tmp_path) == 0


def test_an_unknown_key_removes_nothing(tmp_path):
    """When no login opens and nothing else speaks for the key, it is the key that is wrong."""
    open_pendings(tmp_path).save(make_pending())

    with pytest.raises(VaultError, match="opens no sealed file of this workspace"):
        open_pendings(tmp_path, key=2).live(NOW, key_is_known=False)
    assert files_below(tmp_path) == 1


def test_state_of_a_newer_version_is_not_touched(tmp_path):
    """Neither read nor written."""
    (tmp_path / "schema.json").write_text('{"schema": 2}', "utf-8")

    with pytest.raises(StateError):
        open_pendings(tmp_path).live(NOW, key_is_known=True)
    with pytest.raises(StateError):
        open_pendings(tmp_path).save(make_pending())
    assert [path.name for path in tmp_path.iterdir()] == ["schema.json"]


def test_a_login_is_stored_in_this_form():
    """Every field under its own name."""
    text = pending_json(make_pending(privacy=Privacy.PUBLIC))

    assert text.decode() == (
        '{"name":"low-tide","key":"requestkey","secret":"requestsecret",'
        '"created":"2026-11-22T14:18:42Z","privacy":"public"}'
    )
    assert parse_pending(text, "here") == make_pending(privacy=Privacy.PUBLIC)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"key":"requestkey",', b""),
        (b'"low-tide"', b'"../geheim"'),
        (b"42Z", b"42"),
        (b"null", b'"geheim"'),
        (b'"name"', b'"color":"geheim","name"'),
    ],
)
def test_a_login_that_is_none_is_refused_without_repeating_it(old, new):
    """Not even a field is named."""
    text = pending_json(make_pending()).replace(old, new)

    with pytest.raises(StateError) as refusal:
        parse_pending(text, "here")

    assert str(refusal.value) == "here: does not hold a login"


def test_a_login_does_not_show_itself():
    """Its secret is a secret for fifteen minutes."""
    assert repr(make_pending()) == "Pending(***)"
