"""Packets: sequence number, type, reserved, data (20P00 §OMNI-LINK II APPLICATION-LEVEL PACKETS)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import Fault, LocalProtocolError, Packet, PacketType, RemoteProtocolError
from omnilink_sansio.wire.packet import LONGEST_PACKET, PACKET_LAYOUTS, Direction, PacketData
from tests.rows import each_row
from tests.vectors import PACKET_TYPE_ROWS, PACKETS, PacketTypeRow, PacketVector

_DIRECTIONS = {
    "client->controller": Direction.TO_CONTROLLER,
    "controller->client": Direction.TO_CLIENT,
    "both": Direction.BOTH,
    None: Direction.BOTH,
}


@each_row("vector", PACKETS, ids=[row["packet_hex"][:8] for row in PACKETS])
def test_packet_vectors_decode_and_encode(vector: PacketVector) -> None:
    wire = bytes.fromhex(vector["packet_hex"])
    packet = Packet.decode(wire)
    assert (packet.sequence, packet.type, packet.reserved) == (vector["seq"], vector["packet_type"], 0)
    assert packet.data == wire[4:]
    assert packet.encode() == wire


def test_header_is_sequence_high_byte_first_then_type_then_reserved() -> None:
    assert Packet(0x1234, 0x20, b"\xaa\xbb").encode() == bytes.fromhex("12342000aabb")
    assert Packet.decode(bytes.fromhex("12342007aabb")) == Packet(0x1234, 0x20, b"\xaa\xbb", reserved=7)


@given(st.integers(0, 65535), st.integers(0, 255), st.binary(max_size=272), st.integers(0, 255))
def test_every_packet_comes_back_as_it_was(sequence: int, kind: int, data: bytes, reserved: int) -> None:
    packet = Packet(sequence, kind, data, reserved)
    assert Packet.decode(packet.encode()) == packet


@pytest.mark.parametrize("size", range(4))
def test_less_than_a_header_is_refused(size: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        Packet.decode(bytes(size))
    assert caught.value.fault is Fault.BAD_PACKET_LENGTH


@pytest.mark.parametrize(
    "packet",
    [
        Packet(-1, 1),
        Packet(65536, 1),
        Packet(1, -1),
        Packet(1, 256),
        Packet(1, 1, b"", -1),
        Packet(1, 1, b"", 256),
    ],
    ids=repr,
)
def test_numbers_that_do_not_fit_the_header_are_refused(packet: Packet) -> None:
    with pytest.raises(LocalProtocolError, match="0 to 65535"):
        packet.encode()


def test_packet_types_are_those_of_the_protocol_table() -> None:
    assert {kind.name: kind.value for kind in PacketType} == {
        row["name"]: row["value"] for row in PACKET_TYPE_ROWS
    }
    assert list(PACKET_LAYOUTS) == list(PacketType)


@each_row("row", PACKET_TYPE_ROWS, ids=[row["name"] for row in PACKET_TYPE_ROWS])
def test_layout_of_each_type_is_that_of_the_protocol_table(row: PacketTypeRow) -> None:
    layout = PACKET_LAYOUTS[row["value"]]
    assert layout.direction is _DIRECTIONS[row["direction"]]
    match row["data_bytes"]:
        case "16*ceil((length+4)/16)":
            assert layout.data is PacketData.ENCRYPTED_MESSAGE
        case "length+4":
            assert layout.data is PacketData.CLEAR_MESSAGE
        case size:
            assert (layout.data, layout.size) == (PacketData.FIXED, size or 0)


def test_only_types_without_data_tolerate_extra_bytes() -> None:
    assert {kind for kind, layout in PACKET_LAYOUTS.items() if layout.padded} == {0, 1, 5, 6, 7}


def test_longest_packet_holds_a_message_of_length_255_in_17_blocks() -> None:
    assert LONGEST_PACKET == 4 + 17 * 16
    assert -(-(255 + 5) // 16) == 17, "an addressable message has 5 bytes besides the counted ones"


def test_layouts_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PACKET_LAYOUTS[99] = PACKET_LAYOUTS[0]  # type: ignore[index]


def test_text_of_a_packet_hides_its_data() -> None:
    assert repr(Packet(5, 32, b"secret")) == "Packet(sequence=5, type=32, 6 data bytes)"
    assert "secret" not in f"{Packet(5, 32, b'secret')}"
