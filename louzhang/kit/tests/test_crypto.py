import base64
import os

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from louzhang.kit import crypto
from louzhang.kit.crypto import Unsealable

AAD = "report:6b0e:phone"
property_test = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> Settings:
    settings.SEAL_KEYS = {"k1": b"1" * 16, "k0": b"0" * 16}
    settings.INDEX_KEY = b"index" * 7
    settings.CHAIN_KEY = b"chain" * 7
    return settings


def test_sm3_answers_the_published_vector() -> None:
    digest = Hash(SM3())
    digest.update(b"abc")
    # GB/T 32905-2016, appendix A.1
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_hmac_sm3_answers_the_published_vector() -> None:
    mac = HMAC(bytes.fromhex("00112233445566778899AABBCCDDEEFF"), SM3())
    mac.update(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
    # draft-guo-ipsecme-ikev2-using-shangmi, appendix A.5
    assert mac.finalize().hex() == "dc813339153491ad81477754eb3df00dbb3cc3e6a69f9cacce737db7e61342ff"


def test_sm4_gcm_answers_the_published_vector() -> None:
    # RFC 8998, appendix A.1
    cipher = Cipher(
        algorithms.SM4(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")),
        modes.GCM(bytes.fromhex("00001234567800000000ABCD")),
    )
    encryptor = cipher.encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"))
    plain = b"".join(bytes([sign]) * 8 for sign in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    sealed = encryptor.update(plain) + encryptor.finalize()
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    )
    assert encryptor.tag.hex().upper() == "83DE3541E4C2B58177E065A9BF7B62EC"


@property_test
@given(text=st.text(max_size=300), aad=st.text(max_size=40))
def test_what_is_sealed_comes_back_in_its_place(text: str, aad: str) -> None:
    assert crypto.unseal(crypto.seal(text, aad=aad), aad=aad) == text


@property_test
@given(text=st.text(max_size=50), here=st.text(max_size=20), there=st.text(max_size=20))
def test_what_is_sealed_does_not_open_in_another_place(text: str, here: str, there: str) -> None:
    assume(here != there)
    with pytest.raises(Unsealable):
        crypto.unseal(crypto.seal(text, aad=here), aad=there)


def test_a_sealed_text_can_be_opened_with_the_named_key_by_the_standard_alone() -> None:
    nonce = os.urandom(12)
    encryptor = Cipher(algorithms.SM4(b"0" * 16), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(AAD.encode())
    raw = nonce + encryptor.update("王小芳".encode()) + encryptor.finalize() + encryptor.tag
    value = "k0." + base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert crypto.unseal(value, aad=AAD) == "王小芳"


def test_two_seals_of_one_text_differ() -> None:
    assert crypto.seal("13800138000", aad=AAD) != crypto.seal("13800138000", aad=AAD)


@pytest.mark.parametrize(
    "broken", ["", "k1", "k1.", ".abc", "k1.AAAA", "k1.%%%", "k1.中文", "k9." + "A" * 60, "k1." + "A" * 60]
)
def test_what_was_never_sealed_is_refused(broken: str) -> None:
    with pytest.raises(Unsealable):
        crypto.unseal(broken, aad=AAD)


def test_any_changed_character_is_noticed() -> None:
    value = crypto.seal("13800138000", aad=AAD)
    for place in range(len("k1."), len(value) - 1):
        other = "A" if value[place] != "A" else "B"
        with pytest.raises(Unsealable):
            crypto.unseal(value[:place] + other + value[place + 1 :], aad=AAD)


def test_the_first_key_seals_and_older_keys_still_open(keys: Settings) -> None:
    keys.SEAL_KEYS = {"k0": b"0" * 16}
    old = crypto.seal("王小芳", aad=AAD)
    keys.SEAL_KEYS = {"k1": b"1" * 16, "k0": b"0" * 16}
    fresh = crypto.reseal(old, AAD)
    assert (crypto.key_id_of(old), crypto.key_id_of(fresh)) == ("k0", "k1")
    assert crypto.unseal(old, aad=AAD) == crypto.unseal(fresh, aad=AAD) == "王小芳"
    assert crypto.reseal(fresh, AAD) == fresh


def test_a_blind_index_tells_purposes_apart_and_never_runs_them_into_the_text() -> None:
    index = crypto.blind_index("13800138000", purpose="phone")
    assert len(index) == 64
    assert index == crypto.blind_index("13800138000", purpose="phone")
    assert index != crypto.blind_index("13800138000", purpose="id")
    assert crypto.blind_index("bc", purpose="a") != crypto.blind_index("c", purpose="ab")
    assert crypto.token_hash("13800138000") != index


def test_a_blind_index_depends_on_the_key(keys: Settings) -> None:
    index = crypto.blind_index("13800138000", purpose="phone")
    keys.INDEX_KEY = b"other" * 7
    assert crypto.blind_index("13800138000", purpose="phone") != index


def test_the_parts_of_a_keyed_hash_never_run_together(keys: Settings) -> None:
    digest = crypto.keyed_hash(b"ab", b"c")
    assert len(digest) == 32
    assert (
        len({digest, crypto.keyed_hash(b"a", b"bc"), crypto.keyed_hash(b"abc"), crypto.keyed_hash(b"ab", b"c", b"")})
        == 4
    )
    keys.CHAIN_KEY = b"other" * 7
    assert crypto.keyed_hash(b"ab", b"c") != digest


def test_a_salted_digest_depends_on_the_salt_and_where_it_ends() -> None:
    digest = crypto.salted_digest(b"salt", b"content")
    assert len(digest) == 32
    assert len({digest, crypto.salted_digest(b"pepper", b"content"), crypto.salted_digest(b"saltc", b"ontent")}) == 3


def test_keys_of_the_wrong_length_are_refused(keys: Settings) -> None:
    keys.SEAL_KEYS = {"k1": b"short"}
    keys.INDEX_KEY = b""
    with pytest.raises(ImproperlyConfigured):
        crypto.seal("a", aad=AAD)
    with pytest.raises(ImproperlyConfigured):
        crypto.blind_index("a", purpose="phone")
    keys.SEAL_KEYS = {}
    with pytest.raises(ImproperlyConfigured):
        crypto.seal("a", aad=AAD)
