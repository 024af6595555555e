"""What is sealed opens with its key, in its place, unchanged, and in no other case."""

import base64
import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from generator.errors import SealError, VaultError
from generator.store.vault import Vault, new_key
from tests.factories import make_key

PURPOSES = ("token", "account", "pending", "snapshot", "masters")
PLAINTEXT = b"the secret of the account low-tide"
KEY = base64.urlsafe_b64encode(make_key()).decode()
OTHER_KEY = base64.urlsafe_b64encode(make_key(2)).decode()


def from_base64(text: str) -> bytes:
    """The bytes of unpadded base64url."""
    return base64.urlsafe_b64decode(text + "==")


def changed(envelope: bytes, **members: object) -> bytes:
    """The envelope with some members replaced."""
    return json.dumps({**json.loads(envelope), **members}).encode()


def opening_fails(vault: Vault, envelope: bytes) -> str:
    """What the vault says when it refuses to open an account's token."""
    with pytest.raises(SealError) as refusal:
        vault.open("token", "a1", envelope)
    assert refusal.value.where == "sealed token of a1"
    return refusal.value.what


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("plaintext", [b"", b"\x00\xff", PLAINTEXT * 1000])
def test_what_was_sealed_opens_in_its_place(purpose, plaintext):
    """Every purpose, any bytes."""
    vault = Vault((make_key(),))

    assert vault.open(purpose, "a1", vault.seal(purpose, "a1", plaintext)) == plaintext


def test_the_envelope_is_the_documented_one():
    """AES-256-GCM under an HKDF-SHA256 subkey, everything but nonce and ciphertext authenticated.

    Opened here without the vault, from the definitions of HKDF and of the envelope.
    """
    nonce = bytes(range(12))
    envelope = json.loads(Vault((make_key(),), lambda _: nonce).seal("token", "a1", PLAINTEXT))
    extracted = hmac.digest(bytes(32), make_key(), "sha256")
    subkey = hmac.digest(extracted, b"gatefold/token/v1\x01", "sha256")
    key_id = hashlib.sha256(b"gatefold/key-id/v1:" + make_key()).hexdigest()[:16]
    context = f'{{"alg":"A256GCM","kid":"{key_id}","p":"token","u":"a1","v":1}}'

    opened = AESGCM(subkey).decrypt(nonce, from_base64(envelope["c"]), context.encode())

    assert opened == PLAINTEXT
    assert {name: envelope[name] for name in envelope if name not in "nc"} == json.loads(context)
    assert from_base64(envelope["n"]) == nonce
    assert list(envelope) == ["alg", "c", "kid", "n", "p", "u", "v"]


def test_sealing_twice_gives_different_envelopes():
    """Every envelope has a nonce of its own."""
    vault = Vault((make_key(),))
    envelopes = [json.loads(vault.seal("token", "a1", PLAINTEXT)) for _ in range(50)]

    assert len({envelope["n"] for envelope in envelopes}) == 50
    assert len({envelope["c"] for envelope in envelopes}) == 50


def test_the_first_key_seals_and_all_keys_open():
    """A ring opens what its older keys sealed, and seals nothing with them any more."""
    old, ring = Vault((make_key(2),)), Vault((make_key(1), make_key(2)))

    assert ring.open("token", "a1", old.seal("token", "a1", PLAINTEXT)) == PLAINTEXT
    sealed = ring.seal("token", "a1", PLAINTEXT)
    assert Vault((make_key(1),)).open("token", "a1", sealed) == PLAINTEXT
    assert opening_fails(old, sealed) == (
        "was sealed with a key that is not in OAUTH_ENCRYPTION_KEY"
    )


@pytest.mark.parametrize(
    ("purpose", "subject_id"), [("token", "a2"), ("account", "a1"), ("snapshot", "a2")]
)
def test_an_envelope_opens_in_no_other_place(purpose, subject_id):
    """One account's token in another's place is refused, and so is a snapshot as a token."""
    vault = Vault((make_key(),))

    assert opening_fails(vault, vault.seal(purpose, subject_id, PLAINTEXT)) == (
        "was sealed for another place"
    )


@pytest.mark.parametrize(
    ("purpose", "subject_id"), [("token", "a2"), ("account", "a1"), ("snapshot", "a2")]
)
def test_an_envelope_relabelled_for_a_place_does_not_open_there(purpose, subject_id):
    """The place is authenticated, not merely compared."""
    vault = Vault((make_key(),))
    envelope = changed(vault.seal(purpose, subject_id, PLAINTEXT), p="token", u="a1")

    assert opening_fails(vault, envelope) == "was changed after it was sealed"


def test_no_byte_of_an_envelope_can_be_changed():
    """Flipping the lowest or the highest bit of any byte makes the envelope useless."""
    vault = Vault((make_key(),))
    envelope = vault.seal("token", "a1", PLAINTEXT)
    damaged = [
        envelope[:position] + bytes([envelope[position] ^ flip]) + envelope[position + 1 :]
        for position in range(len(envelope))
        for flip in (1, 0x80)
    ]

    answers = {opening_fails(vault, one) for one in damaged}

    assert answers == {
        "is not a sealed file, or is damaged",
        "was changed after it was sealed",
        "was sealed for another place",
        "was sealed in a way this version does not know",
        "was sealed with a key that is not in OAUTH_ENCRYPTION_KEY",
    }


@pytest.mark.parametrize("length", [0, 1, 40, 100, -1])
def test_a_truncated_envelope_does_not_open(length):
    """Half a file is a damaged one."""
    vault = Vault((make_key(),))

    answer = opening_fails(vault, vault.seal("token", "a1", PLAINTEXT)[:length])

    assert answer == "is not a sealed file, or is damaged"


@pytest.mark.parametrize(
    "members",
    [
        {"alg": "A128GCM"},
        {"alg": "none"},
        {"v": 2},
        {"v": 0},
    ],
)
def test_an_unknown_way_of_sealing_is_refused(members):
    """Neither the algorithm nor the version is guessed."""
    vault = Vault((make_key(),))

    answer = opening_fails(vault, changed(vault.seal("token", "a1", PLAINTEXT), **members))

    assert answer == "was sealed in a way this version does not know"


@pytest.mark.parametrize(
    "members",
    [
        {"extra": ""},
        {"alg": None},
        {"kid": 1},
        {"p": ["token"]},
        {"u": {}},
        {"v": "1"},
        {"v": True},
        {"v": 1.0},
        {"n": 0},
        {"n": ""},
        {"n": "AAAA"},
        {"c": "ö"},
        {"c": "A"},
        {"c": "AA=="},
        {"c": None},
    ],
    ids=str,
)
def test_members_of_a_wrong_shape_are_refused(members):
    """A surplus member, a wrong type and a wrong length are damage."""
    vault = Vault((make_key(),))

    answer = opening_fails(vault, changed(vault.seal("token", "a1", PLAINTEXT), **members))

    assert answer == "is not a sealed file, or is damaged"


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"null", b"[]", b"{}", b'"sealed"', PLAINTEXT, b"[" * 100_000],
    ids=lambda content: content[:12].decode("ascii", "replace"),
)
def test_what_is_no_envelope_is_refused_without_repeating_it(content):
    """The message is the same for any content, so it can repeat none."""
    assert opening_fails(Vault((make_key(),)), content) == "is not a sealed file, or is damaged"


@pytest.mark.parametrize(
    "setting",
    [
        KEY,
        KEY.rstrip("="),
        f"  {KEY}\n",
        f"{KEY},{OTHER_KEY}",
        f" {KEY.rstrip('=')} , {OTHER_KEY} ",
    ],
)
def test_a_setting_may_be_padded_spaced_and_hold_several_keys(setting):
    """The first key of every one of these seals."""
    sealed = Vault.from_setting(setting).seal("token", "a1", PLAINTEXT)

    assert Vault((make_key(),)).open("token", "a1", sealed) == PLAINTEXT


def encoded(key: bytes) -> str:
    """A key as a setting holds it."""
    return base64.urlsafe_b64encode(key).decode()


@pytest.mark.parametrize(
    ("setting", "what"),
    [
        ("", "holds no key"),
        (" \n", "holds no key"),
        (f"{KEY},", "key 2 is empty"),
        (f",{KEY}", "key 1 is empty"),
        ("correct horse battery staple", "key 1 is not base64url"),
        (base64.b64encode(b"\xfb\xff" * 16).decode(), "key 1 is not base64url"),
        (f"{KEY};{OTHER_KEY}", "key 1 is not base64url"),
        (f"{KEY}é", "key 1 is not base64url"),
        ("A", "key 1 is not base64url"),
        (encoded(make_key()[:31]), "key 1 is 31 bytes long instead of 32"),
        (encoded(make_key()[:16]), "key 1 is 16 bytes long instead of 32"),
        (encoded(make_key() + b"\x00"), "key 1 is 33 bytes long instead of 32"),
        (f"{KEY},{encoded(make_key(2)[:16])}", "key 2 is 16 bytes long instead of 32"),
        (encoded(bytes(32)), "key 1 is not random: it repeats too few bytes"),
        (encoded(b"password" * 4), "key 1 is not random: it repeats too few bytes"),
        (encoded(make_key()[:16] + bytes(16)), "key 1 is not random: it repeats too few bytes"),
        (encoded(b"0123456789abcdef" * 2), "key 1 is not random: it repeats too few bytes"),
        (encoded(bytes(range(19)) + bytes(13)), "key 1 is not random: it repeats too few bytes"),
    ],
)
def test_a_key_that_is_none_is_refused_and_never_shown(setting, what):
    """A short key is refused, not padded; the error says which key and what is wrong with it."""
    with pytest.raises(VaultError) as refusal:
        Vault.from_setting(setting)

    assert type(refusal.value) is VaultError
    assert (refusal.value.where, refusal.value.what) == ("OAUTH_ENCRYPTION_KEY", what)
    assert "build-site keys new" in refusal.value.hint
    assert refusal.value.exit_code == 12


def test_20_different_bytes_are_enough_for_a_key():
    """The least variety a key may have."""
    setting = encoded(bytes(range(20)) + bytes(12))

    assert Vault.from_setting(setting).seal("token", "a1", PLAINTEXT)


def test_a_new_key_is_32_fresh_bytes():
    """It fits the setting as printed, and no two are alike."""
    keys = {new_key() for _ in range(20)}

    assert {len(from_base64(key)) for key in keys} == {32}
    assert len(keys) == 20
    sealed = Vault.from_setting(min(keys)).seal("token", "a1", PLAINTEXT)
    assert Vault.from_setting(",".join(sorted(keys))).open("token", "a1", sealed) == PLAINTEXT


def test_a_vault_does_not_show_its_keys():
    """Neither as text nor inside other text."""
    assert f"{Vault((make_key(),))} {Vault((make_key(),))!r}" == "Vault(***) Vault(***)"
