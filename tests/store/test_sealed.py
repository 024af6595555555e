"""Sealed files: written only when their content changes, snapshots compressed first."""

import gzip

import pytest

from generator.errors import SealError
from generator.store.sealed import Place, account_place, load_sealed, padded, save_sealed
from generator.store.vault import Vault
from tests.factories import make_key

VAULT = Vault((make_key(),))
TEXT = b"the same line again\n" * 5000


@pytest.fixture(params=["account", "snapshot"])
def place(tmp_path, request):
    return account_place(tmp_path / "data", "a1", request.param)


@pytest.mark.parametrize("damage", [b"", b"garbage"])
def test_a_damaged_file_is_replaced(place, damage):
    save_sealed(place, VAULT, [b"text"])
    place.path.write_bytes(damage)

    with pytest.raises(SealError) as refusal:
        load_sealed(place, VAULT)
    assert refusal.value.where == f"data/accounts/a1/{place.purpose}"
    assert save_sealed(place, VAULT, [b"text"]) is True
    assert load_sealed(place, VAULT) == b"text"


def test_neither_the_pieces_of_a_text_nor_an_older_key_are_a_reason_to_write(place):
    assert save_sealed(place, Vault((make_key(2),)), [b"one ", b"text", b" in pieces"]) is True
    ring = Vault((make_key(1), make_key(2)))

    assert load_sealed(place, ring) == b"one text in pieces"
    assert save_sealed(place, ring, [b"one text in ", b"pieces"]) is False
    assert save_sealed(place, ring, [b"another text"]) is True


def test_only_snapshots_are_compressed_and_without_a_time(tmp_path):
    snapshot, account = (account_place(tmp_path, "a1", name) for name in ("snapshot", "account"))
    for place in (snapshot, account):
        save_sealed(place, VAULT, [TEXT])

    compressed = VAULT.open("snapshot", "a1", snapshot.path.read_bytes())
    assert (gzip.decompress(compressed), compressed[4:8]) == (TEXT, bytes(4))
    assert VAULT.open("account", "a1", account.path.read_bytes()).rstrip(b" ") == TEXT
    assert snapshot.path.stat().st_size < 2000


@pytest.mark.parametrize(("text", "is_written"), [(TEXT, False), (TEXT[:-20], True)])
def test_another_compression_of_the_same_text_is_no_reason_to_write(tmp_path, text, is_written):
    place = account_place(tmp_path, "a1", "snapshot")
    save_sealed(place, VAULT, [b""])
    elsewhere = gzip.compress(TEXT, 1, mtime=0)
    place.path.write_bytes(VAULT.seal("snapshot", "a1", elsewhere))

    assert save_sealed(place, VAULT, [text]) is is_written


@pytest.mark.parametrize("content", [b"not compressed", gzip.compress(b"text", mtime=0)[:-9]])
def test_sealed_content_that_cannot_be_decompressed_is_refused(tmp_path, content):
    place = Place(tmp_path / "a1", "snapshot", "a1")
    place.path.write_bytes(VAULT.seal("snapshot", "a1", content))

    with pytest.raises(SealError, match="holds data that cannot be decompressed"):
        load_sealed(place, VAULT)


def test_sizes_reveal_little():
    sizes = [300 * number for number in range(1, 401)]
    shown = {len(padded(bytes(size), b"\0")) for size in sizes}

    assert len(shown) <= 100
    assert sum(len(padded(bytes(size), b"\0")) for size in sizes) < 1.03 * sum(sizes)
    assert all(len(padded(bytes(size), b" ")) <= max(1024, size * 1.12) for size in sizes)
