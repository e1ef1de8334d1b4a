"""Golden messages of Omni-Link II: all of them byte for byte and field by field."""

from collections.abc import Mapping
from datetime import datetime

from omnilink_sansio import Message, MessageRecord, parse_message
from omnilink_sansio.commands import (
    Command,
    ControllerCommand,
    RequestConnectedSecuritySystemStatus,
    acknowledge_alerts,
    turn_unit_on,
)
from omnilink_sansio.event_log import read_event_record
from omnilink_sansio.objects import (
    OBJECT_TYPE_TO_STATUS,
    ClearNames,
    ClearVoiceNames,
    ExtendedObjectStatus,
    NameFilter,
    ObjectStatus,
    ObjectType,
    ReadName,
    RelativeDirection,
    RequestExtendedObjectStatus,
    RequestObjectProperties,
    RequestZoneReadyStatus,
    UnitStatus,
)
from omnilink_sansio.opcodes import OmniLink2MessageType, OmniLinkMessageType
from omnilink_sansio.system import (
    Ack,
    EnableNotifications,
    EndOfData,
    Nak,
    RequestSystemFeatures,
    RequestSystemFormats,
    RequestSystemInformation,
    RequestSystemStatus,
    RequestSystemTroubles,
    set_time,
)
from tests.messages.golden_fields import FIELDS, RECORDS
from tests.rows import each_row
from tests.vectors import DERIVED_MESSAGES, MESSAGES_V2, SPEC_CRC, MessageVector

EVERY_ROW = each_row("row", MESSAGES_V2, ids=[row["name"] for row in MESSAGES_V2])


def _message(row: MessageVector) -> Message:
    return Message.decode(bytes.fromhex(row["hex_plain_message"]))


@EVERY_ROW
def test_message_is_read_and_written_byte_for_byte(row: MessageVector) -> None:
    encoded = bytes.fromhex(row["hex_plain_message"])
    message = Message.decode(encoded)
    assert message == Message(row["opcode"], bytes.fromhex(row["payload_hex"]))
    assert message.encode() == encoded


@EVERY_ROW
def test_payload_is_read_and_written_byte_for_byte(row: MessageVector) -> None:
    parsed = parse_message(_message(row))
    assert parsed.encode() == bytes.fromhex(row["payload_hex"])
    if isinstance(parsed, MessageRecord):
        assert parsed.to_message().encode() == bytes.fromhex(row["hex_plain_message"])


@EVERY_ROW
def test_fields_are_those_that_are_stated(row: MessageVector) -> None:
    parsed = parse_message(_message(row))
    assert FIELDS[type(parsed)](parsed) == row["decoded"]


def test_the_golden_messages_are_of_many_types_and_none_is_raw() -> None:
    assert len(MESSAGES_V2) == 220
    kinds = {type(parse_message(_message(row))) for row in MESSAGES_V2}
    # All that are looked at, but for the end of data, which has no golden message of its own.
    assert kinds == FIELDS.keys() - {EndOfData}
    pushed = [parse_message(_message(row)) for row in MESSAGES_V2 if row["opcode"] in (0x23, 0x3B)]
    records = {
        type(item)
        for each in pushed
        if isinstance(each, ObjectStatus | ExtendedObjectStatus)
        for item in each.records
    }
    assert records == set(RECORDS) == set(OBJECT_TYPE_TO_STATUS.values())


def test_a_longer_record_keeps_what_it_has_more() -> None:
    (row,) = [row for row in MESSAGES_V2 if row["name"] == "reply.extended_status.unit.longer_record"]
    parsed = parse_message(_message(row))
    assert isinstance(parsed, ExtendedObjectStatus)
    tails = [item.tail for item in parsed.records if isinstance(item, UnitStatus)]
    assert tails == [b"\x00\x3c"] * 3


TYPED_SPEC: Mapping[str, MessageRecord] = {
    "ACKNOWLEDGE": Ack(),
    "NEGATIVE_ACKNOWLEDGE": Nak(),
    "END_OF_DATA": EndOfData(),
    "REQUEST_SYSTEM_INFORMATION": RequestSystemInformation(),
    "REQUEST_SYSTEM_STATUS": RequestSystemStatus(),
    "REQUEST_SYSTEM_FORMATS": RequestSystemFormats(),
    "CLEAR_NAMES": ClearNames(),
    "CLEAR_VOICE_NAMES": ClearVoiceNames(),
    "REQUEST_SYSTEM_TROUBLES": RequestSystemTroubles(),
    "REQUEST_SYSTEM_FEATURES": RequestSystemFeatures(),
    "REQUEST_CONNECTED_SECURITY_SYSTEM_STATUS": RequestConnectedSecuritySystemStatus(),
    "REQUEST_ZONE_READY_STATUS": RequestZoneReadyStatus(),
}


def test_messages_that_the_descriptions_print_are_written_so() -> None:
    starts = {"v2": 0x21, "v1": 0x5A}
    types: Mapping[str, Mapping[str, int]] = {
        "v2": OmniLink2MessageType.__members__,
        "v1": OmniLinkMessageType.__members__,
    }
    for row in SPEC_CRC:
        version = row["protocol"]
        message = Message(types[version][row["name"]], start=starts[version])
        assert message.encode().hex() == row["hex"], row["name"]
    assert [row["protocol"] for row in SPEC_CRC].count("v2") == 12
    assert len(SPEC_CRC) == 27


def test_every_printed_message_has_a_type() -> None:
    assert {row["name"] for row in SPEC_CRC if row["protocol"] == "v2"} == TYPED_SPEC.keys()


@each_row("name", TYPED_SPEC)
def test_typed_messages_are_written_as_the_description_prints_them(name: str) -> None:
    (printed,) = [row["hex"] for row in SPEC_CRC if row["protocol"] == "v2" and row["name"] == name]
    assert TYPED_SPEC[name].to_message().encode().hex() == printed


TYPED_DERIVED: Mapping[str, MessageRecord] = {
    "ENABLE_NOTIFICATIONS on": EnableNotifications(1),
    "UNIT_ON unit 300 for 5 minutes": ControllerCommand(Command.UNIT_ON, 105, 300),
    "UNIT_RAMP unit 300 to 75 % at 10 s": ControllerCommand(Command.UNIT_RAMP, 10, 75 << 9 | 300),
    "arm area 1 away with code 5": ControllerCommand(Command.SECURITY_AWAY, 5, 1),
    "ADJUST_HEAT_SETPOINT -2 steps thermostat 1": ControllerCommand(
        Command.ADJUST_HEAT_SETPOINT, -2 & 0xFF, 1
    ),
    "REQUEST_OBJECT_PROPERTIES zone after 0, named": RequestObjectProperties(
        ObjectType.ZONE, 0, RelativeDirection.NEXT, NameFilter.NAMED
    ),
    "REQUEST_EXTENDED_OBJECT_STATUS thermostats 1-4": RequestExtendedObjectStatus(
        ObjectType.THERMOSTAT, 1, 4
    ),
    "READ_EVENT_RECORD most recent": read_event_record(),
    "READ_NAME first zone": ReadName(1),
    "ACKNOWLEDGE_ALERTS all areas": acknowledge_alerts(),
    "SET_TIME Sat 2009-10-31 23:59 dst": set_time(
        datetime(2009, 10, 31, 23, 59),  # noqa: DTZ001 - a panel's clock knows no zone
        daylight_saving=True,
    ),
}


@each_row("name", TYPED_DERIVED)
def test_typed_requests_are_written_as_derived_from_the_description(name: str) -> None:
    (row,) = [row for row in DERIVED_MESSAGES if row["protocol"] == "v2" and row["name"] == name]
    request = TYPED_DERIVED[name]
    assert request.to_message().encode().hex() == row["hex"]
    assert parse_message(Message.decode(bytes.fromhex(row["hex"]))) == request


def test_each_derived_message_is_read_and_written_byte_for_byte() -> None:
    assert len(DERIVED_MESSAGES) == 18
    for row in DERIVED_MESSAGES:
        assert Message.decode(bytes.fromhex(row["hex"])).encode().hex() == row["hex"], row["name"]
    names = {row["name"] for row in DERIVED_MESSAGES if row["protocol"] == "v2"}
    assert names == TYPED_DERIVED.keys()


def test_the_named_command_is_the_golden_one() -> None:
    (row,) = [row for row in MESSAGES_V2 if row["name"] == "req.command.unit_on"]
    assert turn_unit_on(1).to_message() == _message(row)
