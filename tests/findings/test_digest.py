import base64
import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from asky_gitops.findings.digest import SALT_BYTES, digest, same

SALT = bytes(range(SALT_BYTES))


def test_a_digest_is_scrypt_of_the_value_as_json() -> None:
    expected = hashlib.scrypt(b'"hunter2"', salt=SALT, n=16384, r=8, p=1, maxmem=1 << 26, dklen=24)
    assert digest("hunter2", SALT) == (
        f"scrypt:AAECAwQFBgcICQoLDA0ODw==:{base64.urlsafe_b64encode(expected).decode()}"
    )


def test_a_digest_knows_its_value_again_and_no_other() -> None:
    known = digest({"b": [1, None], "a": "x"}, SALT)
    assert same({"a": "x", "b": [1, None]}, known)
    assert not same({"a": "x", "b": [1, False]}, known)
    assert not same("1", digest(1, SALT))


@settings(max_examples=5, deadline=None)
@given(st.text(), st.binary(min_size=SALT_BYTES, max_size=SALT_BYTES))
def test_another_salt_gives_another_digest_of_the_same_value(value: str, salt: bytes) -> None:
    assert same(value, digest(value, salt))
    assert salt == SALT or digest(value, salt) != digest(value, SALT)
