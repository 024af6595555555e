"""Sealed files are rewritten when what they hold changed, and only then."""

import gzip
import json

import pytest

from generator.errors import SealError
from generator.store.sealed import Place, account_place, load_sealed, save_sealed
from generator.store.vault import Vault
from tests.factories import make_key


@pytest.mark.parametrize("purpose", ["account", "token", "snapshot"])
def test_saving_the_same_again_leaves_the_file_alone(tmp_path, purpose):
    """Not a byte, not the time, not the file itself changes."""
    place, vault = account_place(tmp_path, "a1", purpose), Vault((make_key(),))
    assert save_sealed(place, vault, [b"text"]) is True
    before = (place.path.read_bytes(), place.path.stat())

    assert save_sealed(place, vault, [b"text"]) is False
    assert (place.path.read_bytes(), place.path.stat()) == before


def test_saving_something_else_replaces_the_file(tmp_path):
    """The new plaintext is what opens."""
    place, vault = account_place(tmp_path, "a1", "account"), Vault((make_key(),))
    save_sealed(place, vault, [b"text"])

    assert save_sealed(place, vault, [b"other text"]) is True
    assert load_sealed(place, vault) == b"other text"


def test_an_older_key_of_the_ring_is_no_reason_to_rewrite(tmp_path):
    """Resealing is a decision of its own; a sync does not rewrite all state."""
    place = account_place(tmp_path, "a1", "account")
    save_sealed(place, Vault((make_key(2),)), [b"text"])

    assert save_sealed(place, Vault((make_key(1), make_key(2))), [b"text"]) is False


@pytest.mark.parametrize("content", [b"", b"garbage"])
def test_a_damaged_file_is_replaced(tmp_path, content):
    """A file that does not open holds nothing worth keeping over good content."""
    place, vault = account_place(tmp_path, "a1", "snapshot"), Vault((make_key(),))
    save_sealed(place, vault, [b"text"])
    place.path.write_bytes(content)

    assert save_sealed(place, vault, [b"text"]) is True
    assert load_sealed(place, vault) == b"text"


def test_snapshots_are_compressed_before_sealing(tmp_path):
    """Compressed text takes little room; it does not tell when it was compressed."""
    vault, text = Vault((make_key(),)), b"the same line again\n" * 5000
    snapshot, account = (account_place(tmp_path, "a1", name) for name in ("snapshot", "account"))
    save_sealed(snapshot, vault, [text])
    save_sealed(account, vault, [text])

    compressed = vault.open("snapshot", "a1", snapshot.path.read_bytes())
    assert gzip.decompress(compressed) == text
    assert compressed[4:8] == bytes(4)
    assert vault.open("account", "a1", account.path.read_bytes()) == text
    assert snapshot.path.stat().st_size < 2000


def test_text_in_pieces_is_one_text(tmp_path):
    """How it is cut up makes no difference."""
    place, vault = account_place(tmp_path, "a1", "snapshot"), Vault((make_key(),))
    save_sealed(place, vault, [b"one ", b"text", b" in pieces"])

    assert load_sealed(place, vault) == b"one text in pieces"
    assert save_sealed(place, vault, [b"one text in ", b"pieces"]) is False


@pytest.mark.parametrize(
    ("text", "written"),
    [(b"the same line again\n" * 5000, False), (b"the same line again\n" * 4999, True)],
    ids=["the same", "another"],
)
def test_how_a_text_was_compressed_is_no_reason_to_rewrite(tmp_path, text, written):
    """Another machine's zlib may compress the same text to other bytes."""
    place, vault = account_place(tmp_path, "a1", "snapshot"), Vault((make_key(),))
    save_sealed(place, vault, [b""])
    elsewhere = gzip.compress(b"the same line again\n" * 5000, 1, mtime=0)
    place.path.write_bytes(vault.seal("snapshot", "a1", elsewhere))

    assert save_sealed(place, vault, [text]) is written


@pytest.mark.parametrize("content", [b"not compressed", gzip.compress(b"text", mtime=0)[:-9]])
def test_sealed_content_that_does_not_unpack_is_refused(tmp_path, content):
    """Also a file that opens may be damaged."""
    place, vault = account_place(tmp_path, "a1", "snapshot"), Vault((make_key(),))
    place.path.parent.mkdir(parents=True)
    place.path.write_bytes(vault.seal("snapshot", "a1", content))

    with pytest.raises(SealError, match="holds nothing that could be unpacked"):
        load_sealed(place, vault)


def test_an_error_names_the_file(tmp_path):
    """From the state directory down, so that it can be found."""
    place = account_place(tmp_path / "data", "a1", "token")
    place.path.parent.mkdir(parents=True)
    place.path.write_bytes(b"{}")

    with pytest.raises(SealError) as refusal:
        load_sealed(place, Vault((make_key(),)))

    assert refusal.value.where == "data/accounts/a1/token"
    assert refusal.value.exit_code == 1


def test_a_file_moved_to_another_account_does_not_open(tmp_path):
    """What counts is where the file was found, not what it says about itself."""
    vault = Vault((make_key(),))
    one, other = (account_place(tmp_path, name, "token") for name in ("a1", "a2"))
    save_sealed(one, vault, [b"the token of a1"])
    other.path.parent.mkdir()
    one.path.rename(other.path)

    assert json.loads(other.path.read_bytes())["u"] == "a1"
    with pytest.raises(SealError, match="was sealed for another place"):
        load_sealed(other, vault)


def test_a_place_outside_the_accounts_works_alike(tmp_path):
    """A place is a path, a purpose and an id; accounts are one use of it."""
    place, vault = Place(tmp_path / "masters" / "07", "masters", "07"), Vault((make_key(),))
    save_sealed(place, vault, [b"text"])

    assert load_sealed(place, vault) == b"text"
