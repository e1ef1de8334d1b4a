"""A client of Omni-Link II written from the vendor's description alone: nothing in it comes from this library.

It is what other people's clients are: one request at a time, its own CRC, AES, sequence numbers and lengths. It
checks all that 20P00 says of a reply's form; what a reply means is the test's business.
"""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 16
_DATA_BYTES = {0: 0, 1: 0, 2: 7, 3: 16, 4: 16, 5: 0, 6: 0, 7: 0}
_ENCRYPTED = (3, 4, 32)


class Packet(NamedTuple):
    """One packet, its data decrypted and with its padding; ``raw`` is what was on the wire."""

    sequence: int
    type: int
    data: bytes
    raw: bytes


class Carrier(Protocol):
    """What carries a client's packets."""

    def send(self, data: bytes, /) -> object:
        """Send one packet."""

    def receive(self) -> bytes:
        """Return what comes with one read, nothing when no more comes."""


class NothingCameError(Exception):
    """The panel sent nothing (more)."""


def crc(body: bytes) -> bytes:
    """Return the CRC of a message's length, type and data, low byte first (§APPENDIX B)."""
    value = 0
    for byte in body:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


def framed(body: bytes) -> bytes:
    """Return a message: start character, length, ``body`` (type and data), CRC."""
    counted = bytes((len(body),)) + body
    return b"!" + counted + crc(counted)


def unframed(block: bytes) -> bytes:
    """Return type and data of the message that padded bytes begin with, all its parts checked."""
    end = block[1] + 2
    assert block[0] == 0x21
    assert block[end : end + 2] == crc(block[1:end])
    assert not any(block[end + 2 :]), "padding is zeros"
    assert len(block) == -(-(end + 2) // _BLOCK) * _BLOCK, "no block more than needed"
    return block[2:end]


def session_key(private_key: bytes, session_id: bytes) -> bytes:
    """Return the private key with its last five bytes changed by the session ID (§PROTOCOL RULES)."""
    last = int.from_bytes(private_key[11:], "big") ^ int.from_bytes(session_id, "big")
    return private_key[:11] + last.to_bytes(5, "big")


def _whitened(data: bytes, sequence: int) -> bytes:
    high, low = divmod(sequence, 256)
    changed = bytearray(data)
    for start in range(0, len(data), _BLOCK):
        changed[start] ^= high
        changed[start + 1] ^= low
    return bytes(changed)


def encrypt(data: bytes, sequence: int, key: bytes) -> bytes:
    """Pad with zeros, whiten every block, encrypt every block by itself (§ENCRYPTION)."""
    padded = data + bytes(-len(data) % _BLOCK)
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return cipher.update(_whitened(padded, sequence)) + cipher.finalize()


def decrypt(data: bytes, sequence: int, key: bytes) -> bytes:
    """Undo `encrypt`, but for the padding."""
    cipher = Cipher(algorithms.AES(key), modes.ECB()).decryptor()
    return _whitened(cipher.update(data) + cipher.finalize(), sequence)


class PlainClient:
    """One client. ``observe`` is told of every packet, with True for those that it sends.

    With ``one_packet_a_read`` it counts on one whole packet with every read, as older clients do, and fails when
    there is less or more; without, it finds the packets' ends by their types, as on any stream.
    """

    def __init__(
        self,
        key: bytes,
        carrier: Carrier,
        *,
        one_packet_a_read: bool = True,
        observe: Callable[[bool, Packet], None] = lambda _sent, _packet: None,
    ) -> None:
        self.sequence = 0
        """The last sequence number sent."""
        self.session_id = b""
        self.pushed: deque[bytes] = deque()
        """What came unasked: type and data of each message."""
        self._private_key = key
        self._key = key
        self._carrier = carrier
        self._one_packet_a_read = one_packet_a_read
        self._observe = observe
        self._unread = b""

    # Packets.

    def send(self, packet_type: int, data: bytes = b"", *, sequence: int | None = None) -> int:
        """Send a packet, encrypted if its type says so, and return its sequence number."""
        if sequence is None:
            # After 65535 comes 1: 0 is no number.
            sequence = self.sequence = self.sequence % 0xFFFF + 1
        wire = encrypt(data, sequence, self._key) if packet_type in _ENCRYPTED else data
        raw = sequence.to_bytes(2, "big") + bytes((packet_type, 0)) + wire
        self._observe(True, Packet(sequence, packet_type, data, raw))
        self._carrier.send(raw)
        return sequence

    def receive(self) -> Packet:
        """Return the next packet. Raises `NothingCameError`."""
        while (length := self._length()) is None or len(self._unread) < length:
            assert not (self._unread and self._one_packet_a_read), "half a packet"
            piece = self._carrier.receive()
            if not piece:
                raise NothingCameError
            self._unread += piece
        raw, self._unread = self._unread[:length], self._unread[length:]
        assert not (self._unread and self._one_packet_a_read), "more than one packet"
        packet = self._read(raw)
        self._observe(False, packet)
        return packet

    def _length(self) -> int | None:
        """Return how long the next packet is, None when too little of it is there to tell."""
        if len(self._unread) < 4:
            return None
        if self._unread[2] != 32:
            return 4 + _DATA_BYTES[self._unread[2]]
        if len(self._unread) < 4 + _BLOCK:
            return None
        sequence = int.from_bytes(self._unread[:2], "big")
        counted = decrypt(self._unread[4 : 4 + _BLOCK], sequence, self._key)[1]
        return 4 + -(-(counted + 4) // _BLOCK) * _BLOCK

    def _read(self, raw: bytes) -> Packet:
        sequence, kind, data = int.from_bytes(raw[:2], "big"), raw[2], raw[4:]
        assert raw[3] == 0, "the reserved byte is 0"
        if kind in _ENCRYPTED:
            data = decrypt(data, sequence, self._key)
        return Packet(sequence, kind, data, raw)

    # The session.

    def begin(self) -> Packet:
        """Ask for a new session and return what comes; of packet 2 take the session ID and make the key."""
        sequence = self.send(1)
        packet = self.receive()
        assert packet.sequence == sequence
        if packet.type == 2:
            assert packet.data[:2] == b"\0\1", "protocol version"
            self.session_id = packet.data[2:]
            self._key = session_key(self._private_key, self.session_id)
        return packet

    def secure(self) -> Packet:
        """Prove to know the key and return what comes, which for packet 4 must be the same session ID."""
        sequence = self.send(3, self.session_id)
        packet = self.receive()
        assert packet.sequence == sequence
        if packet.type == 4:
            assert packet.data == self.session_id + bytes(11)
        return packet

    def connect(self) -> "PlainClient":
        """Open a session."""
        assert self.begin().type == 2
        assert self.secure().type == 4
        return self

    def end(self) -> Packet:
        """End the session and return what comes."""
        sequence = self.send(5)
        packet = self.receive()
        assert packet.sequence == sequence
        return packet

    # Messages.

    def ask(self, message: str | bytes, *, sequence: int | None = None) -> bytes:
        """Send a message, given as type and data (text is hex), and return type and data of its reply.

        What was pushed before the reply is kept in ``pushed``.
        """
        body = bytes.fromhex(message) if isinstance(message, str) else message
        return self.reply_to(self.send(32, framed(body), sequence=sequence))

    def reply_to(self, sequence: int) -> bytes:
        """Return type and data of the reply that repeats this sequence number."""
        while True:
            packet = self.receive()
            assert packet.type == 32
            if packet.sequence == sequence:
                return unframed(packet.data)
            assert packet.sequence == 0, "neither the reply nor a notification"
            self.pushed.append(unframed(packet.data))

    def hear(self) -> bytes:
        """Return type and data of the next message that comes unasked."""
        if not self.pushed:
            packet = self.receive()
            assert (packet.type, packet.sequence) == (32, 0)
            self.pushed.append(unframed(packet.data))
        return self.pushed.popleft()
