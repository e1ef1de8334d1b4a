"""Messages: start character, length, type, data, CRC.

20P00 §APPLICATION DATA MESSAGE FORMAT, 10P17 §MESSAGE FORMAT.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    Fault,
    LocalProtocolError,
    Message,
    ProtocolVersion,
    RemoteProtocolError,
    Tolerance,
)
from omnilink_sansio.wire.crc import crc16
from omnilink_sansio.wire.message import (
    LONGEST_DATA,
    START_CHARACTERS,
    START_V1,
    START_V1_ADDRESSABLE,
    START_V2,
)
from tests.rows import each_row
from tests.vectors import (
    DERIVED_MESSAGES,
    MESSAGES_V2,
    SPEC_CRC,
    DerivedMessage,
    MessageVector,
    SpecCrcVector,
)

_STARTS = {"v2": START_V2, "v1": START_V1, "v1 addressable": START_V1_ADDRESSABLE}


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """Draw any legal message of the three forms."""
    start = draw(st.sampled_from(sorted(START_CHARACTERS)))
    address = draw(st.integers(1, 254)) if start == START_V1_ADDRESSABLE else None
    return Message(draw(st.integers(0, 255)), draw(st.binary(max_size=LONGEST_DATA)), start, address)


@each_row("vector", MESSAGES_V2, ids=[row["name"] for row in MESSAGES_V2])
def test_v2_message_vectors(vector: MessageVector) -> None:
    wire = bytes.fromhex(vector["hex_plain_message"])
    message = Message(vector["opcode"], bytes.fromhex(vector["payload_hex"]))
    assert Message.decode(wire) == message
    assert message.encode() == wire


@each_row("vector", SPEC_CRC, ids=[f"{row['protocol']} {row['name']}" for row in SPEC_CRC])
def test_messages_printed_by_the_vendor(vector: SpecCrcVector) -> None:
    wire = bytes.fromhex(vector["hex"])
    assert Message.decode(wire) == Message(wire[2], b"", _STARTS[vector["protocol"]])
    assert Message.decode(wire).encode() == wire


@each_row("vector", DERIVED_MESSAGES, ids=[row["name"] for row in DERIVED_MESSAGES])
def test_derived_messages_of_all_three_forms(vector: DerivedMessage) -> None:
    wire = bytes.fromhex(vector["hex"])
    message = Message.decode(wire)
    assert message.start == _STARTS[vector["protocol"]]
    assert message.address == (wire[1] if vector["protocol"] == "v1 addressable" else None)
    assert message.encode() == wire


def test_start_characters_tell_the_protocol() -> None:
    assert {start: form.protocol for start, form in START_CHARACTERS.items()} == {
        0x21: ProtocolVersion.V2,
        0x5A: ProtocolVersion.V1,
        0x41: ProtocolVersion.V1,
    }


def test_address_is_part_of_the_crc() -> None:
    wire = bytes.fromhex("410101059053")
    assert crc16(wire[1:-2]) == int.from_bytes(wire[-2:], "little")
    without_address = wire[:-2] + crc16(wire[2:-2]).to_bytes(2, "little")
    with pytest.raises(RemoteProtocolError) as caught:
        Message.decode(without_address)
    assert (caught.value.fault, caught.value.offset) == (Fault.BAD_CRC, 4)


def test_start_character_is_not_part_of_the_crc() -> None:
    assert Message(3).encode()[1:] == Message(3, start=START_V1).encode()[1:]


@given(messages(), st.binary(max_size=16))
def test_every_legal_message_comes_back_with_any_padding(message: Message, padding: bytes) -> None:
    assert Message.decode(message.encode() + padding) == message


@given(messages())
def test_length_byte_counts_type_and_data_only(message: Message) -> None:
    wire = message.encode()
    length_at = START_CHARACTERS[message.start].length_at
    assert wire[length_at] == 1 + len(message.data)
    assert len(wire) == length_at + 1 + wire[length_at] + 2


@each_row(
    ("wire", "fault", "offset"),
    [
        ("", Fault.BAD_START_CHARACTER, 0),
        ("00", Fault.BAD_START_CHARACTER, 0),
        ("220101c050", Fault.BAD_START_CHARACTER, 0),
        ("a10101c050", Fault.BAD_START_CHARACTER, 0),
        ("21", Fault.BAD_MESSAGE_LENGTH, 1),
        ("5a", Fault.BAD_MESSAGE_LENGTH, 1),
        ("41", Fault.BAD_MESSAGE_LENGTH, 2),
        ("4101", Fault.BAD_MESSAGE_LENGTH, 2),
        ("21000000", Fault.BAD_MESSAGE_LENGTH, 1),
        ("5a000000", Fault.BAD_MESSAGE_LENGTH, 1),
        ("4101000190", Fault.BAD_MESSAGE_LENGTH, 2),
        ("2101", Fault.BAD_MESSAGE_LENGTH, 1),
        ("210101", Fault.BAD_MESSAGE_LENGTH, 1),
        ("210101c0", Fault.BAD_MESSAGE_LENGTH, 1),
        ("21ff01c050", Fault.BAD_MESSAGE_LENGTH, 1),
        ("4101ff01c050", Fault.BAD_MESSAGE_LENGTH, 2),
        ("210101c051", Fault.BAD_CRC, 3),
        ("210102c050", Fault.BAD_CRC, 3),
        ("210215016e91", Fault.BAD_CRC, 4),
        ("410201059053", Fault.BAD_CRC, 4),
    ],
)
def test_broken_message_is_refused_with_its_fault_and_byte(wire: str, fault: Fault, offset: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        Message.decode(bytes.fromhex(wire), frozenset(Tolerance) - {Tolerance.ZERO_CRC})
    assert (caught.value.fault, caught.value.offset) == (fault, offset)
    assert f"(at byte {offset})" in str(caught.value)


@given(messages(), st.data())
def test_every_truncated_message_is_refused(message: Message, draw: st.DataObject) -> None:
    wire = message.encode()
    cut = draw.draw(st.integers(0, len(wire) - 1))
    with pytest.raises(RemoteProtocolError) as caught:
        Message.decode(wire[:cut])
    assert caught.value.fault is (Fault.BAD_MESSAGE_LENGTH if cut else Fault.BAD_START_CHARACTER)


@given(messages(), st.data())
def test_one_flipped_bit_after_the_length_is_a_bad_crc(message: Message, draw: st.DataObject) -> None:
    wire = bytearray(message.encode())
    first = START_CHARACTERS[message.start].length_at + 1
    wire[draw.draw(st.integers(first, len(wire) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    with pytest.raises(RemoteProtocolError) as caught:
        Message.decode(bytes(wire))
    assert (caught.value.fault, caught.value.offset) == (Fault.BAD_CRC, len(wire) - 2)


SWAPPED = bytes.fromhex("21010150c0")
ZERO = bytes.fromhex("2101010000")
BOTH = frozenset({Tolerance.SWAPPED_CRC, Tolerance.ZERO_CRC})


@pytest.mark.parametrize("wire", [SWAPPED, ZERO], ids=["swapped", "zero"])
def test_crc_of_firmware_2_16_is_refused_by_default(wire: bytes) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        Message.decode(wire)
    assert caught.value.fault is Fault.BAD_CRC


@pytest.mark.parametrize(
    ("wire", "tolerance"), [(SWAPPED, Tolerance.SWAPPED_CRC), (ZERO, Tolerance.ZERO_CRC)]
)
def test_crc_of_firmware_2_16_is_accepted_only_with_its_own_tolerance(
    wire: bytes, tolerance: Tolerance
) -> None:
    assert Message.decode(wire, {tolerance}) == Message(1)
    with pytest.raises(RemoteProtocolError):
        Message.decode(wire, frozenset(Tolerance) - {tolerance})


@given(messages(), st.integers(0, 65535))
def test_tolerances_accept_right_swapped_and_zero_crc_and_nothing_else(message: Message, crc: int) -> None:
    wire = message.encode()
    allowed = {wire[-2:], wire[:-3:-1], b"\0\0"}
    received = crc.to_bytes(2, "little")
    for tail in allowed | {received}:
        if tail in allowed:
            assert Message.decode(wire[:-2] + tail, BOTH) == message
        else:
            with pytest.raises(RemoteProtocolError):
                Message.decode(wire[:-2] + tail, BOTH)


@each_row(
    "message",
    [
        Message(256),
        Message(-1),
        Message(1, bytes(LONGEST_DATA + 1)),
        Message(1, start=START_V1_ADDRESSABLE),
        Message(1, start=START_V1_ADDRESSABLE, address=0),
        Message(1, start=START_V1_ADDRESSABLE, address=255),
        Message(1, start=START_V1_ADDRESSABLE, address=-1),
        Message(1, start=START_V1, address=1),
        Message(1, start=START_V2, address=1),
        Message(1, start=0x22),
        Message(1, start=0),
        Message(1, start=0x121),
        Message(1, start=-1),
    ],
    ids=repr,
)
def test_message_that_the_protocol_does_not_have_is_not_sent(message: Message) -> None:
    with pytest.raises(LocalProtocolError):
        message.encode()


def test_longest_message_has_length_255() -> None:
    wire = Message(1, bytes(LONGEST_DATA)).encode()
    assert (len(wire), wire[1]) == (259, 255)


@given(messages())
def test_text_of_a_message_shows_type_and_length_only(message: Message) -> None:
    address = "" if message.address is None else f", address={message.address}"
    assert repr(message) == (
        f"Message(type=0x{message.type:02X}, {len(message.data)} data bytes, "
        f"start=0x{message.start:02X}{address})"
    )
    assert str(message) == repr(message)


def test_error_of_a_bad_message_hides_its_data() -> None:
    code = b"\x01\x02\x03\x04"
    with pytest.raises(RemoteProtocolError) as caught:
        Message.decode(Message(0x20, code, START_V1).encode()[:-1] + b"\xff")
    assert "1, 2, 3, 4" not in str(caught.value)
    assert "01020304" not in str(caught.value)
