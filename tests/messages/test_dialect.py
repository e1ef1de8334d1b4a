"""The two protocols as values: what differs between them, and that nothing of one is read as the other's."""

from dataclasses import FrozenInstanceError
from enum import IntEnum

import pytest

from omnilink_sansio import (
    DIALECTS,
    OMNI_LINK,
    OMNI_LINK_2,
    Dialect,
    Effect,
    Fault,
    LocalProtocolError,
    Message,
    PacketType,
    ProtocolVersion,
    RawMessage,
    RawRequest,
    RemoteProtocolError,
    parse_message,
)
from omnilink_sansio.events import UnknownNotification, parse_notification
from omnilink_sansio.messages.dialect import dialect_at, dialect_named, dialect_of
from omnilink_sansio.opcodes import OPCODES_V1, OPCODES_V2, OmniLink2MessageType, OmniLinkMessageType
from omnilink_sansio.system import Nak
from omnilink_sansio.wire.packet import Direction
from tests.rows import each_row

_V1, _V2 = OmniLinkMessageType, OmniLink2MessageType

EVERY_DIALECT = each_row("dialect", [OMNI_LINK, OMNI_LINK_2])


def test_the_values_are_those_of_the_vendors_descriptions() -> None:
    facts = {
        dialect.name: (
            dialect.version,
            dialect.start,
            dialect.starts,
            dialect.packet_type,
            dialect.keepalive,
            dialect.is_pushed,
        )
        for dialect in DIALECTS.values()
    }
    # Start characters: 10P17 §MESSAGE TYPES, 20P00 §APPLICATION DATA MESSAGE FORMAT; packets: 20P00 §PACKET TYPES.
    assert facts == {
        "v1": (
            ProtocolVersion.V1,
            0x5A,
            frozenset({0x5A, 0x41}),
            PacketType.OMNI_LINK_MESSAGE,
            int(_V1.REQUEST_SYSTEM_STATUS),
            False,
        ),
        "v2": (
            ProtocolVersion.V2,
            0x21,
            frozenset({0x21}),
            PacketType.OMNI_LINK_II_MESSAGE,
            int(_V2.REQUEST_SYSTEM_STATUS),
            True,
        ),
    }
    assert (PacketType.OMNI_LINK_MESSAGE, PacketType.OMNI_LINK_II_MESSAGE) == (16, 32)


def test_there_is_one_for_each_version() -> None:
    assert set(DIALECTS) == set(ProtocolVersion)
    assert all(dialect.version is version for version, dialect in DIALECTS.items())
    with pytest.raises(FrozenInstanceError):
        OMNI_LINK.name = "v3"  # type: ignore[misc]


def test_each_has_the_message_types_of_its_own_protocol() -> None:
    assert OMNI_LINK.opcodes == OPCODES_V1
    assert OMNI_LINK_2.opcodes == OPCODES_V2


@EVERY_DIALECT
def test_its_keepalive_is_a_read_that_changes_nothing(dialect: Dialect) -> None:
    assert dialect.keepalive == (_V1 if dialect is OMNI_LINK else _V2).REQUEST_SYSTEM_STATUS
    row = dialect.opcodes[dialect.keepalive]
    assert row.effect is Effect.READ
    assert not row.is_security
    request = RawRequest(Message(dialect.keepalive, start=dialect.start))
    assert request.effect is Effect.READ
    assert request.to_message().encode()[0] == dialect.start


@EVERY_DIALECT
def test_every_request_can_be_answered_by_what_its_row_names_and_by_a_refusal(dialect: Dialect) -> None:
    refusal: IntEnum = _V1.NEGATIVE_ACKNOWLEDGE if dialect is OMNI_LINK else _V2.NEGATIVE_ACKNOWLEDGE
    requests = {number for number, row in dialect.opcodes.items() if row.direction is not Direction.TO_CLIENT}
    assert set(dialect.reply_types) == requests
    for number in requests:
        expected = {int(reply) for reply in dialect.opcodes[number].replies} | {int(refusal)}
        assert dialect.reply_types[number] == expected, number


@each_row("start", range(256))
def test_a_start_character_names_a_dialect_or_none(start: int) -> None:
    expected = {0x21: OMNI_LINK_2, 0x5A: OMNI_LINK, 0x41: OMNI_LINK}.get(start)
    assert dialect_at(start) is expected
    message = Message(_V2.ACKNOWLEDGE, start=start)
    if expected is not None:
        assert dialect_of(message) is expected
        return
    with pytest.raises(RemoteProtocolError, match=f"0x{start:02X}") as caught:
        dialect_of(message)
    assert (caught.value.fault, caught.value.offset) == (Fault.BAD_START_CHARACTER, 0)


def test_a_name_is_v1_or_v2() -> None:
    assert (dialect_named("v1"), dialect_named("v2")) == (OMNI_LINK, OMNI_LINK_2)
    for wrong in ("", "V1", "v3", "omni"):
        with pytest.raises(LocalProtocolError, match=f"'v1' or 'v2', not '{wrong}'"):
            dialect_named(wrong)


@each_row("number", range(256))
def test_no_message_of_omni_link_is_read_as_one_of_omni_link_2(number: int) -> None:
    for data in (b"", b"\0", bytes(14), bytes(29)):
        for start in (0x5A, 0x41):
            message = Message(number, data, start)
            assert OMNI_LINK.parse(message) == parse_message(message) == RawMessage(number, data, start)
            # Nor one that comes unasked: 0x23 are events of the one and states of the other.
            (unknown,) = parse_notification(message)
            assert isinstance(unknown, UnknownNotification)
            assert unknown.message is message


# Raw requests.


@each_row(
    ("message", "reply_types"),
    [
        (Message(_V2.REQUEST_SYSTEM_STATUS), {_V2.SYSTEM_STATUS, _V2.NEGATIVE_ACKNOWLEDGE}),
        (Message(_V2.READ_NAME, bytes(4)), {_V2.NAME_DATA, _V2.END_OF_DATA, _V2.NEGATIVE_ACKNOWLEDGE}),
        (
            Message(_V1.REQUEST_SYSTEM_STATUS, start=0x5A),
            {_V1.SYSTEM_STATUS, _V1.NEGATIVE_ACKNOWLEDGE},
        ),
        (
            Message(_V1.REQUEST_SYSTEM_STATUS, start=0x41, address=1),
            {_V1.SYSTEM_STATUS, _V1.NEGATIVE_ACKNOWLEDGE},
        ),
        # What nobody knows, or no client sends, anything may answer.
        (Message(0xF0), None),
        (Message(0xF0, start=0x5A), None),
        (Message(_V2.ACKNOWLEDGE), None),
        (Message(_V2.REQUEST_SYSTEM_STATUS, start=0x7F), None),
    ],
)
def test_a_raw_request_is_answered_as_its_type_is_in_its_dialect(
    message: Message, reply_types: set[int] | None
) -> None:
    assert RawRequest(message).reply_types == reply_types


@EVERY_DIALECT
def test_a_raw_request_knows_what_answers_each_type(dialect: Dialect) -> None:
    for number in range(256):
        request = RawRequest(Message(number, start=dialect.start))
        assert request.reply_types == dialect.reply_types.get(number)
        row = dialect.opcodes.get(number)
        assert request.is_security is (row is not None and row.is_security)
        assert request.effect is ((row and row.effect) or Effect.MOMENTARY)


def test_a_raw_request_is_its_message_whatever_its_replies() -> None:
    message = Message(_V2.REQUEST_SYSTEM_STATUS)
    assert RawRequest(message) == RawRequest(message)
    assert len({RawRequest(message), RawRequest(message)}) == 1
    assert "reply_types" not in repr(RawRequest(message))
    for reply in (Nak(), RawMessage(200, b"\1")):
        assert RawRequest(message).accept(reply) is reply
