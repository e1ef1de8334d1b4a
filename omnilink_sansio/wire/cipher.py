"""Session keys, whitening and AES-128 (20P00 §PROTOCOL RULES, §ENCRYPTION)."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from omnilink_sansio.errors import Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.secrets import ControllerKey, SessionKey

__all__ = [
    "BLOCK_SIZE",
    "SESSION_ID_SIZE",
    "SessionCipher",
    "decrypt_message_payload",
    "derive_session_key",
    "encrypt_message_payload",
]

# Every block on its own, so one context serves every packet of a session.
_ECB = modes.ECB()

BLOCK_SIZE = 16
"""Bytes of one AES block."""
SESSION_ID_SIZE = 5
"""Bytes of the session ID that the controller draws for each session."""


class _EveryBlock(dict[int, int]):
    """The number that, multiplied by a sequence number, has it at the head of each of so many blocks."""

    def __missing__(self, blocks: int) -> int:
        self[blocks] = number = sum(1 << (128 * block + 112) for block in range(blocks))
        return number


# Looked up twice for every message, in half the time of a call.
_EVERY_BLOCK = _EveryBlock()


def derive_session_key(controller_key: bytes, session_id: bytes) -> SessionKey:
    """Return the key of a session: the controller key, its last 5 bytes XORed with the session ID.

    ``controller_key`` has 16 bytes, ``session_id`` 5; anything else raises `LocalProtocolError`.
    """
    key = ControllerKey(controller_key)
    if len(session_id) != SESSION_ID_SIZE:
        raise LocalProtocolError(f"a session ID has {SESSION_ID_SIZE} bytes, not {len(session_id)}")
    return SessionKey(key[:-5] + bytes(a ^ b for a, b in zip(key[-5:], session_id, strict=True)))


class SessionCipher:
    """Encrypts and decrypts the packet data of one session; the AES contexts are made once and kept."""

    __slots__ = ("_decryptor", "_encryptor")

    def __init__(self, session_key: SessionKey) -> None:
        cipher = Cipher(algorithms.AES(session_key), _ECB)
        self._encryptor = cipher.encryptor()
        self._decryptor = cipher.decryptor()

    def encrypt(self, plaintext: bytes, sequence: int) -> bytes:
        """Pad with zeros to whole blocks, whiten with the packet's sequence number, encrypt."""
        size = (len(plaintext) + 15) & -BLOCK_SIZE
        padded = int.from_bytes(plaintext.ljust(size, b"\0"))
        return self._encryptor.update((padded ^ sequence * _EVERY_BLOCK[size >> 4]).to_bytes(size))

    def decrypt(self, ciphertext: bytes, sequence: int) -> bytes:
        """Decrypt whole blocks and undo the whitening; padding stays.

        Raises `RemoteProtocolError` for anything but whole blocks.
        """
        size = len(ciphertext)
        if size % BLOCK_SIZE:
            raise RemoteProtocolError(
                Fault.BAD_PACKET_LENGTH,
                f"encrypted data comes in blocks of {BLOCK_SIZE} bytes, here are {size}",
            )
        whitened = int.from_bytes(self._decryptor.update(ciphertext))
        return (whitened ^ sequence * _EVERY_BLOCK[size >> 4]).to_bytes(size)


def encrypt_message_payload(plaintext: bytes, seq: int, session_key: bytes) -> bytes:
    """Encrypt the data of one packet: for people who make or decode captures.

    ``seq`` is the packet's sequence number, ``session_key`` has 16 bytes. Raises `LocalProtocolError` when
    they are not what a packet and a session have.
    """
    return SessionCipher(SessionKey(session_key)).encrypt(plaintext, _checked_sequence(seq))


def decrypt_message_payload(ciphertext: bytes, seq: int, session_key: bytes) -> bytes:
    """Decrypt the data of one packet, padding included: for people who decode captures.

    Raises `RemoteProtocolError` for anything but whole blocks of 16 bytes, and `LocalProtocolError` for what
    no key or sequence number can be.
    """
    return SessionCipher(SessionKey(session_key)).decrypt(ciphertext, _checked_sequence(seq))


def _checked_sequence(seq: int) -> int:
    if not 0 <= seq <= 0xFFFF:
        raise LocalProtocolError(f"a sequence number is 0 to 65535, not {seq}")
    return seq
