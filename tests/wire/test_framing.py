"""Finding packets in streams and datagrams (20P00 §APPENDIX A; the header does not tell the length)."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    DatagramFramer,
    Fault,
    FramingError,
    Message,
    Packet,
    PacketType,
    SessionCipher,
    SessionKey,
    StreamFramer,
    Tolerance,
)
from omnilink_sansio.wire.framing import Framer
from omnilink_sansio.wire.message import START_V1, START_V1_ADDRESSABLE, START_V2
from omnilink_sansio.wire.packet import LONGEST_PACKET, PACKET_LAYOUTS, PacketData
from tests.rows import each_row
from tests.vectors import SESSIONS, SessionVector

CIPHER = SessionCipher(SessionKey(bytes(range(16))))
RAW_WORDS = frozenset({Tolerance.RAW_WORDS})
ENCRYPTED_TYPES = (16, 32)
CLEAR_TYPES = (17, 33)
STARTS = (START_V2, START_V1, START_V1_ADDRESSABLE)


@dataclass(frozen=True)
class Dropped:
    """A packet that could not be acted on."""

    fault: Fault
    fatal: bool


Outcome = Packet | Dropped


def drain(framer: Framer, cipher: SessionCipher | None = CIPHER) -> list[Outcome]:
    """Pull until more bytes are needed, or until a fatal fault, which comes last."""
    outcomes: list[Outcome] = []
    for _ in range(10_000):
        try:
            packet = framer.next_packet(cipher)
        except FramingError as error:
            outcomes.append(Dropped(error.fault, error.fatal))
            if error.fatal:
                return outcomes
        else:
            if packet is None:
                return outcomes
            outcomes.append(packet)
    raise AssertionError("a fault that is not fatal must take its bytes along")


def is_dead(outcomes: list[Outcome]) -> bool:
    return any(isinstance(outcome, Dropped) and outcome.fatal for outcome in outcomes)


def outcomes_of(
    pieces: Iterable[bytes],
    tolerances: frozenset[Tolerance] = frozenset(),
    cipher: SessionCipher | None = CIPHER,
) -> list[Outcome]:
    framer = StreamFramer(tolerances)
    outcomes: list[Outcome] = []
    for piece in pieces:
        framer.feed(piece)
        outcomes += drain(framer, cipher)
        if is_dead(outcomes):
            break
    return outcomes


def bytewise(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


def message_of_length(length: int, start: int = START_V2) -> Message:
    """Return a message whose length byte is ``length``, 1 to 255."""
    address = 7 if start == START_V1_ADDRESSABLE else None
    return Message(0x21, bytes(value % 256 for value in range(length - 1)), start, address)


def packet_and_wire(packet_type: int, sequence: int, message: Message) -> tuple[Packet, bytes]:
    """Return a packet as framers give it, and its bytes on the wire."""
    layout = PACKET_LAYOUTS[packet_type]
    if layout.data is PacketData.FIXED:
        data = bytes(range(1, layout.size + 1))
        packet = Packet(sequence, packet_type, data)
        return packet, packet.encode()
    data = message.encode()
    if layout.data is PacketData.CLEAR_MESSAGE:
        packet = Packet(sequence, packet_type, data)
        return packet, packet.encode()
    wire = Packet(sequence, packet_type, CIPHER.encrypt(data, sequence)).encode()
    return Packet(sequence, packet_type, data + bytes(-len(data) % 16)), wire


EVERY_TYPE = [packet_and_wire(kind, 0x0102 + kind, message_of_length(20)) for kind in PacketType]
EVERY_TYPE_PACKETS: list[Outcome] = [packet for packet, _ in EVERY_TYPE]
EVERY_TYPE_STREAM = b"".join(wire for _, wire in EVERY_TYPE)


@st.composite
def packets(draw: st.DrawFn) -> tuple[Packet, bytes]:
    """Draw a good packet of any type, and its bytes."""
    message = message_of_length(draw(st.integers(1, 255)), draw(st.sampled_from(STARTS)))
    return packet_and_wire(draw(st.sampled_from(list(PacketType))), draw(st.integers(0, 65535)), message)


@st.composite
def encrypted_blocks(draw: st.DrawFn) -> bytes:
    """Draw an encrypted packet whose first block may begin with anything and announce any length."""
    sequence = draw(st.integers(0, 65535))
    first = bytes([draw(st.sampled_from((*STARTS, 0x00, 0x03)))])
    block = first + draw(st.binary(min_size=15, max_size=15))
    return Packet(sequence, draw(st.sampled_from(ENCRYPTED_TYPES)), CIPHER.encrypt(block, sequence)).encode()


@st.composite
def clear_heads(draw: st.DrawFn) -> bytes:
    """Draw the beginning of an unencrypted message."""
    start = bytes([draw(st.sampled_from((*STARTS, 0x00)))])
    data = start + draw(st.binary(max_size=5))
    return Packet(1, draw(st.sampled_from(CLEAR_TYPES)), data).encode()


STREAMS = st.lists(
    st.one_of(
        packets().map(lambda pair: pair[1]), encrypted_blocks(), clear_heads(), st.binary(max_size=300)
    ),
    max_size=6,
).map(b"".join)


@st.composite
def cut_streams(draw: st.DrawFn, stream: st.SearchStrategy[bytes]) -> tuple[bytes, list[bytes]]:
    """Draw a stream, and the same stream in pieces."""
    data = draw(stream)
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    return data, [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]


# --- streams --------------------------------------------------------------------------------------


def test_stream_with_every_packet_type_is_cut_at_the_right_places() -> None:
    framer = StreamFramer()
    framer.feed(EVERY_TYPE_STREAM)
    assert framer.pending == len(EVERY_TYPE_STREAM)
    assert drain(framer) == EVERY_TYPE_PACKETS
    assert framer.pending == 0


@each_row("cut", range(len(EVERY_TYPE_STREAM) + 1))
def test_stream_cut_in_two_anywhere_gives_the_same_packets(cut: int) -> None:
    assert outcomes_of([EVERY_TYPE_STREAM[:cut], EVERY_TYPE_STREAM[cut:]]) == EVERY_TYPE_PACKETS


def test_stream_byte_by_byte_gives_each_packet_with_its_last_byte() -> None:
    framer = StreamFramer()
    for packet, wire in EVERY_TYPE:
        for byte in bytewise(wire[:-1]):
            framer.feed(byte)
            assert framer.next_packet(CIPHER) is None
        framer.feed(wire[-1:])
        assert framer.next_packet(CIPHER) == packet
        assert framer.pending == 0


@given(cut_streams(st.lists(packets(), max_size=5).map(lambda pairs: b"".join(wire for _, wire in pairs))))
def test_good_packets_come_out_however_the_stream_is_cut(cut: tuple[bytes, list[bytes]]) -> None:
    whole, pieces = cut
    outcomes = outcomes_of(pieces)
    assert outcomes == outcomes_of([whole]) == outcomes_of(bytewise(whole))
    assert all(isinstance(outcome, Packet) for outcome in outcomes)


@given(cut_streams(STREAMS), st.sampled_from([frozenset(), RAW_WORDS]), st.sampled_from([None, CIPHER]))
def test_any_bytes_have_the_same_outcome_however_they_are_cut(
    cut: tuple[bytes, list[bytes]], tolerances: frozenset[Tolerance], cipher: SessionCipher | None
) -> None:
    whole, pieces = cut
    expected = outcomes_of([whole], tolerances, cipher)
    assert outcomes_of(pieces, tolerances, cipher) == expected
    assert outcomes_of(bytewise(whole), tolerances, cipher) == expected


@given(STREAMS, st.sampled_from([frozenset(), RAW_WORDS]))
def test_framer_never_waits_for_more_than_the_longest_packet(
    data: bytes, tolerances: frozenset[Tolerance]
) -> None:
    framer = StreamFramer(tolerances)
    for byte in bytewise(data):
        framer.feed(byte)
        assert framer.pending <= LONGEST_PACKET
        if is_dead(drain(framer)):
            return
        assert framer.pending < LONGEST_PACKET


@each_row("packet_type", [*ENCRYPTED_TYPES, *CLEAR_TYPES])
@each_row("start", STARTS)
def test_every_message_length_is_found_on_a_stream(packet_type: int, start: int) -> None:
    for length in range(1, 256):
        packet, wire = packet_and_wire(packet_type, 0xABCD, message_of_length(length, start))
        framer = StreamFramer()
        framer.feed(wire[:-1])
        assert framer.next_packet(CIPHER) is None
        framer.feed(wire[-1:] + b"\x00")
        assert framer.next_packet(CIPHER) == packet
        assert framer.pending == 1


def test_longest_message_makes_the_longest_packet() -> None:
    _, wire = packet_and_wire(32, 1, message_of_length(255))
    assert len(wire) == LONGEST_PACKET == 276


@each_row("packet_type", sorted(set(range(256)) - set(PacketType)))
def test_unknown_packet_type_ends_a_stream_as_soon_as_the_header_is_in(packet_type: int) -> None:
    framer = StreamFramer(RAW_WORDS)
    framer.feed(bytes([0x12, 0x34, packet_type]))
    assert framer.next_packet(CIPHER) is None
    framer.feed(b"\0")
    with pytest.raises(FramingError) as caught:
        framer.next_packet(CIPHER)
    error = caught.value
    assert (error.fault, error.fatal, error.offset) == (Fault.UNKNOWN_PACKET_TYPE, True, 2)
    assert (error.sequence, error.packet_type) == (0x1234, packet_type)


@pytest.mark.parametrize("packet_type", ENCRYPTED_TYPES)
def test_encrypted_message_without_a_session_ends_a_stream_as_soon_as_the_header_is_in(
    packet_type: int,
) -> None:
    framer = StreamFramer(RAW_WORDS)
    framer.feed(bytes([0, 9, packet_type]))
    assert framer.next_packet(None) is None
    framer.feed(b"\0")
    with pytest.raises(FramingError) as caught:
        framer.next_packet(None)
    assert (caught.value.fault, caught.value.fatal) == (Fault.NO_SESSION_KEY, True)
    assert (caught.value.sequence, caught.value.packet_type) == (9, packet_type)


def test_packets_of_the_handshake_need_no_session() -> None:
    clear = [(packet, wire) for packet, wire in EVERY_TYPE if packet.type not in ENCRYPTED_TYPES]
    assert outcomes_of([b"".join(wire for _, wire in clear)], cipher=None) == [packet for packet, _ in clear]


@pytest.mark.parametrize("packet_type", ENCRYPTED_TYPES)
def test_first_block_without_start_character_ends_a_strict_stream(packet_type: int) -> None:
    good, wire = packet_and_wire(32, 1, message_of_length(3))
    bad = Packet(5, packet_type, CIPHER.encrypt(b"\x03\x01", 5)).encode()
    framer = StreamFramer()
    framer.feed(wire + bad[:-1])
    assert drain(framer) == [good], "a good packet before the fault is not lost"
    framer.feed(bad[-1:] + wire)
    with pytest.raises(FramingError) as caught:
        framer.next_packet(CIPHER)
    error = caught.value
    assert (error.fault, error.fatal, error.offset) == (Fault.BAD_START_CHARACTER, True, 0)
    assert (error.sequence, error.packet_type) == (5, packet_type)


@pytest.mark.parametrize("packet_type", ENCRYPTED_TYPES)
def test_first_block_without_start_character_is_dropped_alone_with_raw_words(packet_type: int) -> None:
    good, wire = packet_and_wire(32, 1, message_of_length(40))
    bad = Packet(0, packet_type, CIPHER.encrypt(b"\x03\x01", 0)).encode()
    expected = [
        good,
        Dropped(Fault.BAD_START_CHARACTER, fatal=False),
        good,
        Dropped(Fault.BAD_START_CHARACTER, fatal=False),
        good,
    ]
    stream = wire + bad + wire + bad + wire
    assert outcomes_of([stream], RAW_WORDS) == expected
    assert outcomes_of(bytewise(stream), RAW_WORDS) == expected


@pytest.mark.parametrize("tolerances", [frozenset(), RAW_WORDS], ids=["strict", "raw words"])
@pytest.mark.parametrize("packet_type", CLEAR_TYPES)
def test_unencrypted_message_without_start_character_ends_a_stream(
    packet_type: int, tolerances: frozenset[Tolerance]
) -> None:
    framer = StreamFramer(tolerances)
    framer.feed(bytes([0, 1, packet_type, 0]))
    assert framer.next_packet(CIPHER) is None
    framer.feed(b"\x03")
    assert drain(framer) == [Dropped(Fault.BAD_START_CHARACTER, fatal=True)]


def test_reserved_byte_is_ignored_on_a_stream() -> None:
    assert outcomes_of([bytes([0, 1, 6, 0xFF])]) == [Packet(1, 6, b"", 0xFF)]


@each_row("session", SESSIONS, ids=[f"{row['client']} {row['session_id']}" for row in SESSIONS])
@each_row("direction", ["client>panel", "panel>client"])
def test_recorded_sessions_of_independent_clients_are_framed(session: SessionVector, direction: str) -> None:
    cipher = SessionCipher(SessionKey(bytes.fromhex(session["session_key"])))
    frames = [frame for frame in session["frames"] if frame["dir"] == direction]
    stream = b"".join(bytes.fromhex(frame["packet_hex"]) for frame in frames)
    outcomes = outcomes_of(bytewise(stream), cipher=cipher)
    assert len(outcomes) == len(frames)
    for outcome, frame in zip(outcomes, frames, strict=True):
        assert isinstance(outcome, Packet)
        assert (outcome.sequence, outcome.type) == (frame["seq"], frame["type"])
        if frame["type"] == 32:
            assert Message.decode(outcome.data).encode().hex() == frame["plaintext_hex"]


# --- datagrams ------------------------------------------------------------------------------------


@each_row(("packet", "wire"), EVERY_TYPE, ids=[str(packet.type) for packet, _ in EVERY_TYPE])
def test_datagram_of_the_exact_length_is_a_packet(packet: Packet, wire: bytes) -> None:
    framer = DatagramFramer()
    framer.feed(wire)
    assert framer.pending == len(wire)
    assert drain(framer) == [packet]
    assert framer.pending == 0


@each_row("packet_type", [0, 1, 5, 6, 7])
@each_row("extra", [1, 5, 16])
def test_datagram_of_a_type_without_data_may_have_extra_bytes(packet_type: int, extra: int) -> None:
    framer = DatagramFramer()
    framer.feed(Packet(3, packet_type, bytes(extra)).encode())
    assert drain(framer) == [Packet(3, packet_type)]


WITH_DATA = [(packet, wire) for packet, wire in EVERY_TYPE if packet.data]


@each_row(("packet", "wire"), WITH_DATA, ids=[str(packet.type) for packet, _ in WITH_DATA])
@each_row("change", [-16, -1, 1, 16])
def test_datagram_of_another_length_than_its_type_has_is_dropped_alone(
    packet: Packet, wire: bytes, change: int
) -> None:
    framer = DatagramFramer()
    framer.feed(wire[:change] if change < 0 else wire + bytes(change))
    framer.feed(wire)
    with pytest.raises(FramingError) as caught:
        framer.next_packet(CIPHER)
    assert (caught.value.fault, caught.value.fatal) == (Fault.BAD_PACKET_LENGTH, False)
    assert framer.next_packet(CIPHER) == packet


@each_row(
    ("datagram", "fault"),
    [
        (b"", Fault.BAD_PACKET_LENGTH),
        (b"\0\x01\x01", Fault.BAD_PACKET_LENGTH),
        (b"\0\x01\x63\0", Fault.UNKNOWN_PACKET_TYPE),
        (b"\0\x01\x63\0" + bytes(16), Fault.UNKNOWN_PACKET_TYPE),
        (Packet(1, 32).encode(), Fault.BAD_START_CHARACTER),
        (Packet(1, 33).encode(), Fault.BAD_START_CHARACTER),
        (Packet(1, 33, b"!").encode(), Fault.BAD_PACKET_LENGTH),
        (Packet(1, 17, b"A\x01").encode(), Fault.BAD_PACKET_LENGTH),
        (Packet(1, 32, CIPHER.encrypt(b"\x03\x01", 1)).encode(), Fault.BAD_START_CHARACTER),
    ],
)
def test_bad_datagram_is_reported_and_never_fatal(datagram: bytes, fault: Fault) -> None:
    framer = DatagramFramer()
    framer.feed(datagram)
    framer.feed(EVERY_TYPE_STREAM[:4])
    assert drain(framer) == [Dropped(fault, fatal=False), Packet(0x0102, 0)]


def test_datagram_without_a_session_is_dropped_and_names_its_sequence() -> None:
    framer = DatagramFramer()
    framer.feed(packet_and_wire(32, 77, message_of_length(5))[1])
    with pytest.raises(FramingError) as caught:
        framer.next_packet(None)
    error = caught.value
    assert (error.fault, error.fatal) == (Fault.NO_SESSION_KEY, False)
    assert (error.sequence, error.packet_type) == (77, 32)


def test_fault_of_less_than_a_header_names_no_packet() -> None:
    framer = DatagramFramer()
    framer.feed(b"\0\x01\x01")
    with pytest.raises(FramingError) as caught:
        framer.next_packet(CIPHER)
    assert (caught.value.sequence, caught.value.packet_type) == (None, None)


@each_row("packet_type", [*ENCRYPTED_TYPES, *CLEAR_TYPES])
@each_row("start", STARTS)
def test_every_message_length_is_accepted_in_a_datagram(packet_type: int, start: int) -> None:
    framer = DatagramFramer()
    for length in range(1, 256):
        packet, wire = packet_and_wire(packet_type, 0xABCD, message_of_length(length, start))
        framer.feed(wire)
        assert drain(framer) == [packet]


@given(st.lists(STREAMS, max_size=5), st.sampled_from([None, CIPHER]))
def test_any_datagrams_are_taken_one_by_one_and_none_is_fatal(
    datagrams: list[bytes], cipher: SessionCipher | None
) -> None:
    framer = DatagramFramer()
    for datagram in datagrams:
        framer.feed(datagram)
    outcomes = drain(framer, cipher)
    assert len(outcomes) == len(datagrams)
    assert not is_dead(outcomes)
    assert framer.pending == 0
