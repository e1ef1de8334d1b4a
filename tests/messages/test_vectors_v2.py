"""Golden messages of Omni-Link II: all of them as bytes, those of a type that is offered to their fields."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest

from omnilink_sansio.messages import (
    Ack,
    AreaProperties,
    AreaStatus,
    ButtonProperties,
    Command,
    ControllerCommand,
    EnableNotifications,
    EndOfData,
    ExtendedObjectStatus,
    MessageRecord,
    Nak,
    NameFilter,
    ObjectProperties,
    ObjectStatus,
    ObjectStatusRecord,
    ObjectType,
    ObjectTypeCapacities,
    OmniLink2MessageType,
    OmniLinkMessageType,
    OtherEventNotifications,
    Payload,
    RawMessage,
    RelativeDirection,
    RequestExtendedObjectStatus,
    RequestObjectProperties,
    RequestObjectStatus,
    RequestObjectTypeCapacities,
    RequestSystemFormats,
    RequestSystemInformation,
    RequestSystemStatus,
    SystemFormats,
    SystemInformation,
    SystemStatus,
    ThermostatProperties,
    ThermostatStatus,
    UnitProperties,
    UnitStatus,
    UnknownProperties,
    UnknownStatus,
    ZoneProperties,
    ZoneStatus,
    parse_message,
    unit_on,
)
from omnilink_sansio.wire import Message
from tests.vectors import DERIVED_MESSAGES, MESSAGES_V2, SPEC_CRC, MessageVector

Fields: TypeAlias = dict[str, object]

EVERY_ROW = pytest.mark.parametrize("row", MESSAGES_V2, ids=[row["name"] for row in MESSAGES_V2])


def _message(row: MessageVector) -> Message:
    return Message.decode(bytes.fromhex(row["hex_plain_message"]))


# What the vectors call the fields, for each type of message that has one here.


def _information(item: SystemInformation) -> Fields:
    return {
        "model": item.model,
        "major": item.major,
        "minor": item.minor,
        "revision_raw": item.revision & 0xFF,
        "revision": item.revision,
        "phone": item.phone,
    }


def _system_status(item: SystemStatus) -> Fields:
    return {
        "time_valid": bool(item.time_valid),
        "year": item.year,
        "month": item.month,
        "day": item.day,
        "day_of_week": item.day_of_week,
        "hour": item.hour,
        "minute": item.minute,
        "second": item.second,
        "dst": item.daylight_saving,
        "sunrise_hour": item.sunrise_hour,
        "sunrise_minute": item.sunrise_minute,
        "sunset_hour": item.sunset_hour,
        "sunset_minute": item.sunset_minute,
        "battery": item.battery,
        "alarms": [[alarm.area, alarm.alarms] for alarm in item.alarms],
    }


def _climate(item: ThermostatProperties | ThermostatStatus) -> Fields:
    fields: Fields = {
        "index": item.index,
        "temperature": item.temperature,
        "heat_setpoint": item.heat_setpoint,
        "cool_setpoint": item.cool_setpoint,
        "mode": item.system_mode,
        "fan": item.fan_mode,
        "hold": item.hold,
    }
    extension: Fields = {
        "humidity": item.humidity,
        "humidify": item.humidify_setpoint,
        "dehumidify": item.dehumidify_setpoint,
        "outdoor": item.outdoor_temperature,
        "action": item.action,
    }
    return fields if item.humidity is None else fields | extension


def _record(item: ObjectStatusRecord | UnknownStatus) -> Fields:
    match item:
        case ZoneStatus():
            return {"index": item.index, "status": item.status, "loop": item.loop}
        case UnitStatus():
            return {"index": item.index, "status": item.state, "time": item.seconds_left}
        case AreaStatus():
            return {
                "index": item.index,
                "mode": item.mode,
                "alarms": item.alarms,
                "entry_timer": item.entry_timer,
                "exit_timer": item.exit_timer,
            }
        case ThermostatStatus():
            return {"status": item.status, **_climate(item)}
        case _:
            raise AssertionError(f"no fields known of {item!r}")


def _area(item: AreaProperties) -> Fields:
    return {
        "index": item.index,
        "mode": item.mode,
        "alarms": item.alarms,
        "entry_timer": item.entry_timer,
        "exit_timer": item.exit_timer,
        "enabled": item.is_enabled,
        "exit_delay": item.exit_delay,
        "entry_delay": item.entry_delay,
        "name": item.name,
    }


def _range(item: RequestObjectStatus | RequestExtendedObjectStatus) -> Fields:
    return {"object_type": item.object_type, "start": item.first, "end": item.last}


def _nothing(_item: Payload) -> Fields:
    return {}


FIELDS: Mapping[type[Any], Callable[[Any], Fields]] = {
    Ack: _nothing,
    Nak: _nothing,
    EndOfData: _nothing,
    SystemInformation: _information,
    SystemStatus: _system_status,
    SystemFormats: lambda item: {"temperature": item.temperature, "time": item.time, "date": item.date},
    ObjectTypeCapacities: lambda item: {"object_type": item.object_type, "capacity": item.capacity},
    ZoneProperties: lambda item: {
        "index": item.index,
        "status": item.status,
        "loop": item.loop,
        "zone_type": item.zone_type,
        "area": item.area,
        "options": item.options,
        "name": item.name,
    },
    UnitProperties: lambda item: {
        "index": item.index,
        "status": item.state,
        "time": item.seconds_left,
        "unit_type": item.unit_type,
        "name": item.name,
        "areas": item.areas,
    },
    ButtonProperties: lambda item: {"index": item.index, "name": item.name},
    AreaProperties: _area,
    ThermostatProperties: lambda item: {
        "communicating": item.communicating,
        "thermostat_type": item.thermostat_type,
        "name": item.name,
        **_climate(item),
    },
    ObjectStatus: lambda item: {
        "object_type": item.object_type,
        "records": [_record(each) for each in item.records],
    },
    ExtendedObjectStatus: lambda item: {
        "object_type": item.object_type,
        "record_length": item.record_length,
        "records": [_record(each) for each in item.records],
    },
    OtherEventNotifications: lambda item: {"words": [event.word for event in item.events]},
    RequestSystemInformation: _nothing,
    RequestSystemStatus: _nothing,
    RequestSystemFormats: _nothing,
    RequestObjectTypeCapacities: lambda item: {"object_type": item.object_type},
    RequestObjectProperties: lambda item: {
        "object_type": item.object_type,
        "index": item.index,
        "direction": item.direction,
        "filter1": item.name_filter,
        "filter2": item.area_filter,
        "filter3": item.room_filter,
    },
    RequestObjectStatus: _range,
    RequestExtendedObjectStatus: _range,
    ControllerCommand: lambda item: {
        "command": item.command,
        "parameter1": item.parameter1,
        "parameter2": item.parameter2,
    },
    EnableNotifications: lambda item: {"enabled": bool(item.enabled)},
}

COMPARED = {
    OmniLink2MessageType.ACKNOWLEDGE: 2,
    OmniLink2MessageType.NEGATIVE_ACKNOWLEDGE: 2,
    OmniLink2MessageType.CONTROLLER_COMMAND: 41,
    OmniLink2MessageType.ENABLE_NOTIFICATIONS: 1,
    OmniLink2MessageType.REQUEST_SYSTEM_INFORMATION: 2,
    OmniLink2MessageType.SYSTEM_INFORMATION: 2,
    OmniLink2MessageType.REQUEST_SYSTEM_STATUS: 1,
    OmniLink2MessageType.SYSTEM_STATUS: 3,
    OmniLink2MessageType.REQUEST_OBJECT_TYPE_CAPACITIES: 11,
    OmniLink2MessageType.OBJECT_TYPE_CAPACITIES: 8,
    OmniLink2MessageType.REQUEST_OBJECT_PROPERTIES: 9,
    OmniLink2MessageType.OBJECT_PROPERTIES: 13,
    OmniLink2MessageType.REQUEST_OBJECT_STATUS: 7,
    OmniLink2MessageType.OBJECT_STATUS: 9,
    OmniLink2MessageType.REQUEST_SYSTEM_FORMATS: 2,
    OmniLink2MessageType.SYSTEM_FORMATS: 3,
    OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS: 1,
    OmniLink2MessageType.REQUEST_EXTENDED_OBJECT_STATUS: 10,
    OmniLink2MessageType.EXTENDED_OBJECT_STATUS: 11,
}
"""How many golden messages of each type are compared to their fields."""


def _is_typed(parsed: Payload) -> bool:
    if isinstance(parsed, ObjectStatus | ExtendedObjectStatus):
        return all(isinstance(item, ObjectStatusRecord) for item in parsed.records)
    return not isinstance(parsed, RawMessage | UnknownProperties)


TYPED_ROWS = [row for row in MESSAGES_V2 if _is_typed(parse_message(_message(row)))]


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


@pytest.mark.parametrize("row", TYPED_ROWS, ids=[row["name"] for row in TYPED_ROWS])
def test_fields_are_those_that_are_stated(row: MessageVector) -> None:
    parsed = parse_message(_message(row))
    assert FIELDS[type(parsed)](parsed) == row["decoded"]


def test_no_golden_message_is_left_out() -> None:
    assert len(MESSAGES_V2) == 220
    counts = {
        kind: sum(row["opcode"] == kind for row in TYPED_ROWS)
        for kind in OmniLink2MessageType
        if any(row["opcode"] == kind for row in TYPED_ROWS)
    }
    assert counts == COMPARED
    assert sum(COMPARED.values()) == 138


def test_what_has_no_type_yet_is_what_this_release_does_not_offer() -> None:
    left = [row for row in MESSAGES_V2 if row not in TYPED_ROWS]
    objects = {"properties", "status", "extended_status"}
    kinds = {row["name"].split(".")[2] for row in left if row["name"].split(".")[1] in objects}
    assert kinds == {
        "code",
        "message",
        "aux_sensor",
        "audio_source",
        "audio_zone",
        "user_setting",
        "reader",
        "expansion",
        "lock",
    }
    others = {row["opcode"] for row in left if row["name"].split(".")[1] not in objects}
    assert others.isdisjoint(COMPARED)


def test_a_longer_record_keeps_what_it_has_more() -> None:
    (row,) = [row for row in MESSAGES_V2 if row["name"] == "reply.extended_status.unit.longer_record"]
    parsed = parse_message(_message(row))
    assert isinstance(parsed, ExtendedObjectStatus)
    tails = [item.tail for item in parsed.records if isinstance(item, UnitStatus)]
    assert tails == [b"\x00\x3c"] * 3


def test_properties_of_other_kinds_are_delivered_whole() -> None:
    rows = [row for row in MESSAGES_V2 if isinstance(parse_message(_message(row)), UnknownProperties)]
    assert len(rows) == 13
    for row in rows:
        assert parse_message(_message(row)) == UnknownProperties(bytes.fromhex(row["payload_hex"]))
        assert not isinstance(parse_message(_message(row)), ObjectProperties)


TYPED_SPEC: Mapping[str, MessageRecord] = {
    "ACKNOWLEDGE": Ack(),
    "NEGATIVE_ACKNOWLEDGE": Nak(),
    "END_OF_DATA": EndOfData(),
    "REQUEST_SYSTEM_INFORMATION": RequestSystemInformation(),
    "REQUEST_SYSTEM_STATUS": RequestSystemStatus(),
    "REQUEST_SYSTEM_FORMATS": RequestSystemFormats(),
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


@pytest.mark.parametrize("name", TYPED_SPEC)
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
}
UNTYPED_DERIVED = {
    "READ_EVENT_RECORD most recent",
    "READ_NAME first zone",
    "ACKNOWLEDGE_ALERTS all areas",
    "SET_TIME Sat 2009-10-31 23:59 dst",
}


@pytest.mark.parametrize("name", TYPED_DERIVED)
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
    assert names == TYPED_DERIVED.keys() | UNTYPED_DERIVED


def test_the_named_command_is_the_golden_one() -> None:
    (row,) = [row for row in MESSAGES_V2 if row["name"] == "req.command.unit_on"]
    assert unit_on(1).to_message() == _message(row)
