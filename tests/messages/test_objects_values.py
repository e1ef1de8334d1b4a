"""Enumerations against the protocol's tables: every value has its name, and no others are there."""

import json
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from omnilink_sansio.messages.record import member_or_number
from omnilink_sansio.objects import (
    Alarms,
    AlarmType,
    FanMode,
    HoldMode,
    HvacMode,
    LuminaMode,
    MessageState,
    ObjectType,
    SecurityMode,
    SpecialCode,
    ThermostatAction,
    ThermostatKind,
    UnitType,
    UserSettingKind,
    Weekday,
    ZoneArming,
    ZoneCondition,
    ZoneLatchedAlarm,
    ZoneOption,
    ZoneType,
)
from omnilink_sansio.system import DateFormat, TemperatureFormat, TimeFormat
from tests.rows import each_row

_TABLES = Path(__file__).parent.parent / "tables"


class Named(TypedDict):
    """One value of an enumeration."""

    value: int | str
    name: str


class ZoneTypeRow(TypedDict):
    """One zone type."""

    value: int
    name: str
    auxiliary_sensor: bool


class NamedBit(TypedDict):
    """One bit of a byte."""

    bit: int
    name: str


class ZoneField(TypedDict):
    """One field of the zone status byte."""

    bits: list[int]
    values: NotRequired[dict[str, str]]
    not_in_text: NotRequired[dict[str, str]]


class AlarmRow(TypedDict):
    """One kind of alarm."""

    value: int
    name: str
    bit: int


class StatusField(TypedDict):
    """One field of a status record."""

    name: str
    values: NotRequired[dict[str, str]]


class StatusRow(TypedDict):
    """One kind's status record."""

    name: str
    fields: list[StatusField]


def _text(name: str) -> str:
    return (_TABLES / f"{name}.json").read_text(encoding="utf-8")


ZONE_TYPES: list[Named] = json.loads(_text("zone_types"))
ZONE_TYPE_ROWS: list[ZoneTypeRow] = json.loads(_text("zone_types"))
UNIT_TYPES: list[Named] = json.loads(_text("unit_types"))
USER_SETTING_TYPES: list[Named] = json.loads(_text("user_setting_types"))
THERMOSTAT: dict[str, list[Named]] = json.loads(_text("thermostat"))
THERMOSTAT_BITS: dict[str, list[NamedBit]] = json.loads(_text("thermostat"))
SECURITY_MODES: dict[str, list[Named]] = json.loads(_text("security_modes"))
FORMATS: dict[str, list[Named]] = json.loads(_text("formats"))
ZONE_STATUS: dict[str, ZoneField] = json.loads(_text("zone_status"))
ZONE_OPTIONS: list[NamedBit] = json.loads(_text("zone_options"))
ALARM_TYPES: dict[str, list[AlarmRow]] = json.loads(_text("alarm_types"))
CODE_NUMBERS: dict[str, list[Named]] = json.loads(_text("code_numbers"))
STATUS_ROWS: list[StatusRow] = json.loads(_text("status_records"))


def _members(kind: type[IntEnum]) -> dict[str, int]:
    return {member.name: member.value for member in kind}


def _named(rows: Sequence[Named]) -> dict[str, int]:
    return {row["name"]: row["value"] for row in rows if isinstance(row["value"], int)}


@each_row(
    ("kind", "rows"),
    [
        (ZoneType, ZONE_TYPES),
        (UnitType, UNIT_TYPES),
        (UserSettingKind, USER_SETTING_TYPES),
        (HvacMode, THERMOSTAT["system_mode"]),
        (FanMode, THERMOSTAT["fan_mode"]),
        (HoldMode, THERMOSTAT["hold"]),
        (ThermostatKind, THERMOSTAT["type"]),
        (TemperatureFormat, FORMATS["temperature"]),
        (TimeFormat, FORMATS["time"]),
        (Weekday, FORMATS["day_of_week"]),
        (SpecialCode, CODE_NUMBERS["special"]),
    ],
)
def test_values_are_those_of_the_protocol_table(kind: type[IntEnum], rows: list[Named]) -> None:
    assert _members(kind) == _named(rows)


def test_date_formats_are_those_of_the_protocol_table() -> None:
    order = {"MMDD": DateFormat.MONTH_DAY, "DDMM": DateFormat.DAY_MONTH}
    assert {order[name]: value for name, value in _named(FORMATS["date"]).items()} == {
        member: member.value for member in DateFormat
    }


@pytest.mark.parametrize(
    ("kind", "family", "arming"), [(SecurityMode, "omni", "ARMING_"), (LuminaMode, "lumina", "SETTING_")]
)
def test_modes_are_those_of_the_protocol_table(kind: type[IntEnum], family: str, arming: str) -> None:
    table = _named(SECURITY_MODES[family])
    assert _members(kind) == {name: value for name, value in table.items() if value < 8}
    delayed = {name.removeprefix(arming): value - 8 for name, value in table.items() if value > 8}
    assert delayed == {name: value for name, value in _members(kind).items() if value}


def test_alarms_are_those_of_the_protocol_table() -> None:
    assert {member.name: member.value for member in Alarms} == {
        row["name"]: 1 << row["bit"] for row in ALARM_TYPES["types"]
    }
    assert _members(AlarmType) == {row["name"]: row["value"] for row in ALARM_TYPES["types"]}


def test_options_and_actions_are_the_bits_of_the_protocol_tables() -> None:
    assert {member.name: member.value for member in ZoneOption} == {
        row["name"]: 1 << row["bit"] for row in ZONE_OPTIONS
    }
    assert {member.name: member.value for member in ThermostatAction} == {
        row["name"]: 1 << row["bit"] for row in THERMOSTAT_BITS["action_bits"]
    }


def _spelled(field: str) -> dict[int, str]:
    entry = ZONE_STATUS[field]
    names = {int(value): name for value, name in entry.get("values", {}).items()}
    return names | {int(value): name.split(" ")[0] for value, name in entry.get("not_in_text", {}).items()}


def test_zone_bits_are_those_of_the_protocol_table() -> None:
    assert {kind.value: kind.name for kind in ZoneCondition} == _spelled("current_condition")
    assert {kind.value: kind.name for kind in ZoneLatchedAlarm} == _spelled("latched_alarm")
    assert {kind.value: kind.name for kind in ZoneArming} == _spelled("arming")


def test_message_states_are_those_of_the_protocol_table() -> None:
    (table,) = [row for row in STATUS_ROWS if row["name"] == "MESSAGE"]
    (field,) = [field for field in table["fields"] if field["name"] == "status"]
    # The table's third name is short for "displayed and not acknowledged" (20P00 §MESSAGE STATUS).
    longer = {"NOT_ACKNOWLEDGED": "DISPLAYED_NOT_ACKNOWLEDGED"}
    assert {longer.get(name, name): int(value) for value, name in field["values"].items()} == _members(
        MessageState
    )


def test_zone_types_of_sensors_are_80_to_87_as_the_protocol_table_says() -> None:
    assert [row["value"] for row in ZONE_TYPE_ROWS if row["auxiliary_sensor"]] == list(range(80, 88))


def test_a_number_without_a_name_stays_a_number() -> None:
    assert member_or_number(ObjectType, 5) is ObjectType.AREA
    assert member_or_number(ObjectType, 77) == 77
    assert type(member_or_number(ObjectType, 77)) is int
