"""The vault: an envelope opens with its key, in its place, unchanged, and in no other case."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from generator.errors import SealError, VaultError
from generator.store.vault import Vault, new_key
from tests.factories import make_key

VAULT = Vault((make_key(),))
PLAINTEXT = b"the secret of the account low-tide"
SEALED = Vault((make_key(),), bytes).seal("token", "a1", PLAINTEXT)
DAMAGED = "is not a sealed file, or is damaged"
CHANGED = "was changed after it was sealed"
ELSEWHERE = "is sealed for another place"
OTHER_FORMAT = "is sealed in a format that this version does not read"
OTHER_KEY = "is sealed with a key that is not in OAUTH_ENCRYPTION_KEY"


def encoded(key):
    """A key as the setting holds it."""
    return base64.urlsafe_b64encode(key).decode()


def from_base64(text):
    return base64.urlsafe_b64decode(text + "==")


def changed(envelope, **members):
    return json.dumps({**json.loads(envelope), **members}).encode()


def refusal(envelope, vault=VAULT):
    """The reason why the vault does not open this as the token of a1."""
    with pytest.raises(SealError) as error:
        vault.open("token", "a1", envelope)
    assert error.value.where == "sealed token of a1"
    return error.value.what


@pytest.mark.parametrize("purpose", ["token", "account", "status", "pending", "snapshot"])
@pytest.mark.parametrize("plaintext", [b"", b"\x00\xff", PLAINTEXT * 1000])
def test_an_envelope_opens_in_its_place(purpose, plaintext):
    assert VAULT.open(purpose, "a1", VAULT.seal(purpose, "a1", plaintext)) == plaintext


def test_the_envelope_is_the_documented_one():
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


def test_every_envelope_has_a_nonce_of_its_own():
    envelopes = [json.loads(VAULT.seal("token", "a1", PLAINTEXT)) for _ in range(50)]

    assert len({envelope["n"] for envelope in envelopes}) == 50
    assert len({envelope["c"] for envelope in envelopes}) == 50


def test_the_first_key_seals_and_all_keys_open():
    old, ring = Vault((make_key(2),)), Vault((make_key(1), make_key(2)))

    assert ring.open("token", "a1", old.seal("token", "a1", PLAINTEXT)) == PLAINTEXT
    assert VAULT.open("token", "a1", ring.seal("token", "a1", PLAINTEXT)) == PLAINTEXT
    assert refusal(ring.seal("token", "a1", PLAINTEXT), old) == OTHER_KEY


@pytest.mark.parametrize(
    ("purpose", "subject_id"), [("token", "a2"), ("account", "a1"), ("snapshot", "a2")]
)
def test_an_envelope_opens_in_no_other_place(purpose, subject_id):
    envelope = VAULT.seal(purpose, subject_id, PLAINTEXT)

    assert refusal(envelope) == ELSEWHERE
    assert refusal(changed(envelope, p="token", u="a1")) == CHANGED


def test_no_byte_of_an_envelope_can_be_changed():
    answers = {
        refusal(SEALED[:position] + bytes([SEALED[position] ^ flip]) + SEALED[position + 1 :])
        for position in range(len(SEALED))
        for flip in (1, 0x80)
    }

    assert answers == {DAMAGED, CHANGED, ELSEWHERE, OTHER_FORMAT, OTHER_KEY}


@pytest.mark.parametrize("members", [{"alg": "A128GCM"}, {"alg": "none"}, {"v": 2}, {"v": 0}])
def test_another_algorithm_or_version_is_refused(members):
    assert refusal(changed(SEALED, **members)) == OTHER_FORMAT


WRONG_MEMBERS: list[Any] = [
    *({"extra": ""}, {"alg": None}, {"kid": 1}, {"p": ["token"]}, {"u": {}}),
    *({"v": "1"}, {"v": True}, {"v": 1.0}, {"n": 0}, {"n": ""}, {"n": "AAAA"}),
    *({"c": "ö"}, {"c": "A"}, {"c": "AA=="}, {"c": None}),
]


@pytest.mark.parametrize(
    "content",
    [
        *(SEALED[:length] for length in (0, 1, 40, 100, -1)),
        *(changed(SEALED, **members) for members in WRONG_MEMBERS),
        *(b"\xff\xfe", b"null", b"[]", b"{}", b'"sealed"', PLAINTEXT, b"[" * 100_000),
    ],
    ids=lambda content: content[-30:].decode("ascii", "replace"),
)
def test_other_content_is_refused_and_never_quoted(content):
    assert refusal(content) == DAMAGED


KEY, KEY_2 = encoded(make_key()), encoded(make_key(2))
NOT_RANDOM = "key 1 is not random: it repeats too few bytes"


@pytest.mark.parametrize(
    "setting",
    [
        *(KEY, KEY.rstrip("="), f"  {KEY}\n", f"{KEY},{KEY_2}", f" {KEY.rstrip('=')} , {KEY_2} "),
    ],
)
def test_a_setting_holds_keys_with_or_without_padding(setting):
    sealed = Vault.from_setting(setting).seal("token", "a1", PLAINTEXT)

    assert VAULT.open("token", "a1", sealed) == PLAINTEXT


@pytest.mark.parametrize(
    ("setting", "what"),
    [
        ("", "is not set"),
        (" \n", "is not set"),
        (f"{KEY},", "key 2 is empty"),
        (f",{KEY}", "key 1 is empty"),
        ("correct horse battery staple", "key 1 is not base64url"),
        (base64.b64encode(b"\xfb\xff" * 16).decode(), "key 1 is not base64url"),
        (f"{KEY};{KEY_2}", "key 1 is not base64url"),
        (f"{KEY}é", "key 1 is not base64url"),
        ("A", "key 1 is not base64url"),
        (encoded(make_key()[:31]), "key 1 is 31 bytes long instead of 32"),
        (encoded(make_key()[:16]), "key 1 is 16 bytes long instead of 32"),
        (encoded(make_key() + b"\x00"), "key 1 is 33 bytes long instead of 32"),
        (f"{KEY},{encoded(make_key(2)[:16])}", "key 2 is 16 bytes long instead of 32"),
        (encoded(bytes(32)), NOT_RANDOM),
        (encoded(b"password" * 4), NOT_RANDOM),
        (encoded(make_key()[:16] + bytes(16)), NOT_RANDOM),
        (encoded(b"0123456789abcdef" * 2), NOT_RANDOM),
        (encoded(bytes(range(19)) + bytes(13)), NOT_RANDOM),
    ],
)
def test_a_bad_key_is_refused_and_never_shown(setting, what):
    with pytest.raises(VaultError) as error:
        Vault.from_setting(setting)

    assert str(error.value) == f"OAUTH_ENCRYPTION_KEY: {what}"
    assert "build-site keys new" in error.value.hint
    assert error.value.exit_code == 12


def test_a_ring_needs_a_key_of_at_least_20_distinct_bytes():
    assert Vault.from_setting(encoded(bytes(range(20)) + bytes(12))).seal("token", "a1", b"")
    with pytest.raises(VaultError, match="holds no key"):
        Vault(())


def test_new_keys_are_32_random_bytes():
    keys = {new_key() for _ in range(20)}

    assert ({len(from_base64(key)) for key in keys}, len(keys)) == ({32}, 20)
    sealed = Vault.from_setting(min(keys)).seal("token", "a1", PLAINTEXT)
    assert Vault.from_setting(",".join(sorted(keys))).open("token", "a1", sealed) == PLAINTEXT


def test_a_vault_does_not_show_its_keys():
    assert f"{VAULT} {[VAULT]!r}" == "Vault(***) [Vault(***)]"
