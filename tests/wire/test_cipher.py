"""Session keys, whitening and AES-128 (20P00 §PROTOCOL RULES, §ENCRYPTION)."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    Fault,
    LocalProtocolError,
    RemoteProtocolError,
    SessionCipher,
    SessionKey,
    decrypt_message_payload,
    derive_session_key,
    encrypt_message_payload,
)
from tests.rows import each_row
from tests.vectors import (
    DERIVED_ENCRYPTED_PACKETS,
    PACKETS,
    SESSIONS,
    DerivedEncryptedPacket,
    PacketVector,
    SessionVector,
)

ENCRYPTED = [row for row in PACKETS if row["encrypted"]]
KEY = bytes(range(16))


def whitened(session_key: bytes, ciphertext: bytes) -> bytes:
    """Decrypt without undoing the whitening."""
    return Cipher(algorithms.AES(session_key), modes.ECB()).decryptor().update(ciphertext)


def padded(plaintext: bytes) -> bytes:
    return plaintext + bytes(-len(plaintext) % 16)


@each_row("vector", PACKETS, ids=[row["packet_hex"][:8] for row in PACKETS])
def test_session_key_is_the_controller_key_with_its_last_5_bytes_xored(vector: PacketVector) -> None:
    key = derive_session_key(bytes.fromhex(vector["controller_key"]), bytes.fromhex(vector["session_id"]))
    assert key == bytes.fromhex(vector["session_key"])
    assert isinstance(key, SessionKey)


def test_derived_session_key() -> None:
    key = derive_session_key(bytes.fromhex("101112131415161718191a1b1c1d1e1f"), bytes.fromhex("a1b2c3d4e5"))
    assert key.hex() == "101112131415161718191abaaedecafa"


@each_row("vector", ENCRYPTED, ids=[row["packet_hex"][:16] for row in ENCRYPTED])
def test_encrypted_packet_vectors(vector: PacketVector) -> None:
    key = bytes.fromhex(vector["session_key"])
    plaintext = bytes.fromhex(vector["plaintext_hex"])
    data = bytes.fromhex(vector["packet_hex"])[4:]
    assert encrypt_message_payload(plaintext, vector["seq"], key) == data
    assert decrypt_message_payload(data, vector["seq"], key) == padded(plaintext)


@pytest.mark.parametrize(
    "vector", DERIVED_ENCRYPTED_PACKETS, ids=[row["name"] for row in DERIVED_ENCRYPTED_PACKETS]
)
def test_derived_encrypted_packets(vector: DerivedEncryptedPacket) -> None:
    key = bytes.fromhex(vector["session_key"])
    plaintext = bytes.fromhex(vector["plaintext"])
    wire = bytes.fromhex(vector["packet"])
    header = vector["sequence"].to_bytes(2, "big") + bytes([vector["packet_type"], 0])
    assert header + encrypt_message_payload(plaintext, vector["sequence"], key) == wire
    assert whitened(key, wire[4:]) == bytes.fromhex(vector["padded_and_whitened"])
    assert decrypt_message_payload(wire[4:], vector["sequence"], key) == padded(plaintext)


@pytest.mark.parametrize(
    "session", SESSIONS, ids=[f"{row['client']} {row['session_id']}" for row in SESSIONS]
)
def test_every_packet_of_recorded_sessions_of_independent_clients(session: SessionVector) -> None:
    cipher = SessionCipher(
        derive_session_key(bytes.fromhex(session["controller_key"]), bytes.fromhex(session["session_id"]))
    )
    encrypted = [frame for frame in session["frames"] if frame["type"] in {3, 4, 32}]
    assert encrypted
    for frame in encrypted:
        plaintext = bytes.fromhex(frame["plaintext_hex"])
        data = bytes.fromhex(frame["packet_hex"])[4:]
        assert cipher.decrypt(data, frame["seq"]) == padded(plaintext)
        assert cipher.encrypt(plaintext, frame["seq"]) == data


@given(st.binary(max_size=300), st.integers(0, 65535))
def test_whitening_changes_the_first_two_bytes_of_every_block(plaintext: bytes, sequence: int) -> None:
    high, low = sequence.to_bytes(2, "big")
    expected = bytearray(padded(plaintext))
    for block in range(0, len(expected), 16):
        expected[block] ^= high
        expected[block + 1] ^= low
    assert whitened(KEY, encrypt_message_payload(plaintext, sequence, KEY)) == expected


@given(st.binary(max_size=300))
def test_sequence_0_does_not_whiten(plaintext: bytes) -> None:
    assert whitened(KEY, encrypt_message_payload(plaintext, 0, KEY)) == padded(plaintext)


@each_row("size", range(301))
def test_padding_is_zeros_to_whole_blocks_and_comes_back(size: int) -> None:
    plaintext = bytes(value % 251 + 1 for value in range(size))
    ciphertext = encrypt_message_payload(plaintext, 0xFEDC, KEY)
    assert len(ciphertext) == (size + 15) // 16 * 16
    assert decrypt_message_payload(ciphertext, 0xFEDC, KEY) == padded(plaintext)


@given(st.binary(max_size=300), st.integers(0, 65535), st.binary(min_size=16, max_size=16))
def test_what_was_encrypted_decrypts(plaintext: bytes, sequence: int, key: bytes) -> None:
    ciphertext = encrypt_message_payload(plaintext, sequence, key)
    assert decrypt_message_payload(ciphertext, sequence, key) == padded(plaintext)


@given(st.lists(st.tuples(st.binary(max_size=60), st.integers(0, 65535)), max_size=8))
def test_one_cipher_serves_a_session_without_memory(packets: list[tuple[bytes, int]]) -> None:
    cipher = SessionCipher(SessionKey(KEY))
    for plaintext, sequence in packets:
        ciphertext = cipher.encrypt(plaintext, sequence)
        assert ciphertext == encrypt_message_payload(plaintext, sequence, KEY)
        assert cipher.decrypt(ciphertext, sequence) == padded(plaintext)


@each_row("sequence", [0, 1, 65535])
@each_row("size", [1, 15, 17, 31, 287])
def test_anything_but_whole_blocks_is_refused(size: int, sequence: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decrypt_message_payload(bytes(size), sequence, KEY)
    assert caught.value.fault is Fault.BAD_PACKET_LENGTH


@pytest.mark.parametrize("sequence", [-1, 65536, 1 << 40])
@pytest.mark.parametrize("size", [16, 32])
def test_sequence_number_beyond_two_bytes_is_refused(size: int, sequence: int) -> None:
    with pytest.raises(LocalProtocolError, match="0 to 65535"):
        encrypt_message_payload(bytes(size), sequence, KEY)
    with pytest.raises(LocalProtocolError, match="0 to 65535"):
        decrypt_message_payload(bytes(size), sequence, KEY)


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_key_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(LocalProtocolError, match="16 bytes"):
        derive_session_key(bytes(size), bytes(5))
    with pytest.raises(LocalProtocolError, match="16 bytes"):
        encrypt_message_payload(b"", 1, bytes(size))
    with pytest.raises(LocalProtocolError, match="16 bytes"):
        decrypt_message_payload(b"", 1, bytes(size))


@pytest.mark.parametrize("size", [0, 4, 6, 16])
def test_session_id_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(LocalProtocolError, match="5 bytes"):
        derive_session_key(KEY, bytes(size))
