"""The machine against straight-line code that makes and reads the same bytes."""

import struct
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from omnilink_sansio import (
    ClientConnection,
    Message,
    Packet,
    PacketType,
    RawRequest,
    ReplyReceived,
    Request,
    SessionCipher,
    SessionStarted,
    derive_session_key,
)
from omnilink_sansio.objects import ObjectType, RequestObjectStatus
from omnilink_sansio.wire.crc import crc16, crc16_bitwise

KEY = bytes(range(16))
SESSION_ID = b"bench"
SESSION_KEY = derive_session_key(KEY, SESSION_ID)
FIRST_SEQUENCE = 3

_HEADER = struct.Struct(">HBB")
_RANGE = struct.Struct(">BHH")
_EVERY_BLOCK = [sum(1 << (128 * block + 112) for block in range(blocks)) for blocks in range(18)]


class Exchange(NamedTuple):
    """A request and its reply, as the machine sees them and as straight-line code does."""

    name: str
    request: Request[object]
    encode: Callable[[], bytes]
    """The request's data, written out by hand."""
    reply: Message


def exchanges() -> list[Exchange]:
    """Return one exchange of 1 block each way, and one of 15 blocks each way."""
    long_data = bytes(range(232))
    return [
        Exchange(
            "1 block",
            RequestObjectStatus(ObjectType.UNIT, 1, 2),
            lambda: _RANGE.pack(ObjectType.UNIT, 1, 2),
            Message(0x23, bytes.fromhex("0200010100000002640000")),
        ),
        Exchange(
            "15 blocks", RawRequest(Message(0x48, long_data)), lambda: long_data, Message(0x49, long_data)
        ),
    ]


def replies(exchange: Exchange, count: int) -> list[bytes]:
    """Return the packets that answer so many requests, in order."""
    cipher = SessionCipher(SESSION_KEY)
    encoded = exchange.reply.encode()
    return [
        Packet(sequence, PacketType.OMNI_LINK_II_MESSAGE, cipher.encrypt(encoded, sequence)).encode()
        for sequence in range(FIRST_SEQUENCE, FIRST_SEQUENCE + count)
    ]


def online_client() -> ClientConnection:
    """Return a client whose next packet has `FIRST_SEQUENCE`."""
    client = ClientConnection(KEY)
    client.connect(0.0)
    client.data_to_send()
    client.receive_data(Packet(1, 2, b"\0\1" + SESSION_ID).encode(), 0.0)
    assert client.next_event() is None
    client.data_to_send()
    client.receive_data(Packet(2, 4, SessionCipher(SESSION_KEY).encrypt(SESSION_ID, 2)).encode(), 0.0)
    assert client.next_event() == SessionStarted()
    return client


class Run(NamedTuple):
    """What one run did, and how long one exchange took, in seconds."""

    sent: list[bytes]
    received: list[bytes]
    seconds: float


def run_machine(exchange: Exchange, packets: Sequence[bytes]) -> Run:
    """Send and receive through the machine: send to data_to_send, receive_data to next_event."""
    client = online_client()
    request = exchange.request
    sent: list[bytes] = []
    received: list[bytes] = []
    began = perf_counter()
    for packet in packets:
        client.send(request, 1.0)
        sent += client.data_to_send()
        client.receive_data(packet, 1.0)
        event = client.next_event()
        assert isinstance(event, ReplyReceived)
        received.append(event.message.data)
    return Run(sent, received, (perf_counter() - began) / len(packets))


def run_reference(exchange: Exchange, packets: Sequence[bytes]) -> Run:
    """Do the same straight on: cached AES contexts, the library's own CRC, no objects, no state."""
    cipher = Cipher(algorithms.AES(bytes(SESSION_KEY)), modes.ECB())
    encrypt = cipher.encryptor().update
    decrypt = cipher.decryptor().update
    message_type = exchange.request.to_message().type
    encode = exchange.encode
    sent: list[bytes] = []
    received: list[bytes] = []
    sequence = FIRST_SEQUENCE - 1
    began = perf_counter()
    for packet in packets:
        sequence = sequence % 65535 + 1
        data = encode()
        body = bytes((len(data) + 1, message_type)) + data
        message = b"!" + body + crc16(body).to_bytes(2, "little")
        size = (len(message) + 15) & -16
        whitened = int.from_bytes(message.ljust(size, b"\0")) ^ sequence * _EVERY_BLOCK[size >> 4]
        sent += [_HEADER.pack(sequence, 32, 0) + encrypt(whitened.to_bytes(size))]

        tag, packet_type, _ = _HEADER.unpack_from(packet)
        size = len(packet) - 4
        clear = (int.from_bytes(decrypt(packet[4:])) ^ tag * _EVERY_BLOCK[size >> 4]).to_bytes(size)
        end = clear[1] + 2
        body = clear[1:end]
        if packet_type != 32 or clear[0] != 0x21 or tag != sequence:
            raise AssertionError("not the reply")
        if crc16(body) != clear[end] | clear[end + 1] << 8:
            raise AssertionError("wrong CRC")
        received.append(body[2:])
    return Run(sent, received, (perf_counter() - began) / len(packets))


def best(measure: Callable[[], float], rounds: int) -> float:
    """Return the shortest of several measurements: the one that was disturbed least."""
    return min(measure() for _ in range(rounds))


def machine_ratios(count: int = 2000, rounds: int = 15) -> dict[str, tuple[float, float]]:
    """Return, for each exchange, the seconds that machine and reference take for one."""
    figures = {}
    for exchange in exchanges():
        packets = replies(exchange, count)
        # In turn, so that a change of the machine's speed meets both.
        pairs = [
            (run_machine(exchange, packets).seconds, run_reference(exchange, packets).seconds)
            for _ in range(rounds)
        ]
        figures[exchange.name] = (min(pair[0] for pair in pairs), min(pair[1] for pair in pairs))
    return figures


def crc_seconds(size: int = 237, count: int = 500, rounds: int = 7) -> tuple[float, float]:
    """Return the seconds that the bitwise CRC and the library's take for so many bytes."""
    data = bytes(index & 0xFF for index in range(size))

    def timed(crc: Callable[[bytes], int]) -> float:
        began = perf_counter()
        for _ in range(count):
            crc(data)
        return (perf_counter() - began) / count

    return best(lambda: timed(crc16_bitwise), rounds), best(lambda: timed(crc16), rounds)
