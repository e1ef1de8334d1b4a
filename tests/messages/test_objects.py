"""Objects against the protocol's tables: kinds, layouts, enumerations, and the decoded views of their bytes."""

import dataclasses
import json
import struct
from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any, NotRequired, TypedDict, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio.messages import (
    OBJECT_TYPE_TO_PROPERTIES,
    OBJECT_TYPE_TO_STATUS,
    OBJECT_TYPES,
    Alarms,
    AlarmType,
    AreaProperties,
    AreaStatus,
    ButtonProperties,
    ControllerModel,
    DateFormat,
    FanMode,
    HoldMode,
    HvacMode,
    LuminaMode,
    ObjectProperties,
    ObjectType,
    SecurityMode,
    SystemFormats,
    SystemInformation,
    SystemStatus,
    TemperatureFormat,
    ThermostatAction,
    ThermostatKind,
    ThermostatProperties,
    ThermostatStatus,
    TimeFormat,
    UnitProperties,
    UnitStatus,
    UnitType,
    Weekday,
    ZoneArming,
    ZoneCondition,
    ZoneLatchedAlarm,
    ZoneOption,
    ZoneProperties,
    ZoneStatus,
    ZoneType,
    encode_name,
)
from omnilink_sansio.messages.record import Field, Record

_TABLES = Path(__file__).parent.parent / "tables"


class ObjectTypeRow(TypedDict):
    """One kind of object."""

    value: int
    name: str
    max_name_length: int | None
    capacity_request: bool
    properties: bool
    status_record: int | None
    extended_status_record: int | None


class LayoutField(TypedDict):
    """One field of a layout."""

    offset: int
    size: int
    name: str


class PropertiesLayout(TypedDict):
    """The payload of one kind's properties, from the object type's byte on."""

    object_type: int
    name: str
    fields: list[LayoutField]
    data_bytes: int
    not_in_text: NotRequired[list[LayoutField]]


class StatusLayout(TypedDict):
    """One kind's status record."""

    object_type: int
    name: str
    length: int
    extended_length: NotRequired[int]
    fields: list[LayoutField]
    extended_fields: NotRequired[list[LayoutField]]


class Named(TypedDict):
    """One value of an enumeration."""

    value: int | str
    name: str


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


class ModelRow(TypedDict):
    """One model of controller."""

    number: int
    name: str


def _text(name: str) -> str:
    return (_TABLES / f"{name}.json").read_text(encoding="utf-8")


OBJECT_TYPE_ROWS: list[ObjectTypeRow] = json.loads(_text("object_types"))
PROPERTIES_LAYOUTS: list[PropertiesLayout] = json.loads(_text("properties_layouts"))
STATUS_LAYOUTS: list[StatusLayout] = json.loads(_text("status_records"))
ZONE_TYPES: list[Named] = json.loads(_text("zone_types"))
UNIT_TYPES: list[Named] = json.loads(_text("unit_types"))
THERMOSTAT: dict[str, list[Named]] = json.loads(_text("thermostat"))
THERMOSTAT_BITS: dict[str, list[NamedBit]] = json.loads(_text("thermostat"))
SECURITY_MODES: dict[str, list[Named]] = json.loads(_text("security_modes"))
FORMATS: dict[str, list[Named]] = json.loads(_text("formats"))
ZONE_STATUS: dict[str, ZoneField] = json.loads(_text("zone_status"))
ZONE_OPTIONS: list[NamedBit] = json.loads(_text("zone_options"))
ALARM_TYPES: dict[str, list[AlarmRow]] = json.loads(_text("alarm_types"))
MODELS: list[ModelRow] = json.loads(_text("models"))

WITH_PROPERTIES = {
    ObjectType.ZONE,
    ObjectType.UNIT,
    ObjectType.BUTTON,
    ObjectType.AREA,
    ObjectType.THERMOSTAT,
}
WITH_STATUS = WITH_PROPERTIES - {ObjectType.BUTTON}


# Kinds of objects.


def test_kinds_of_objects_are_those_of_the_protocol_table() -> None:
    assert {kind.name: kind.value for kind in ObjectType} == {
        row["name"]: row["value"] for row in OBJECT_TYPE_ROWS
    }
    assert list(OBJECT_TYPES) == list(ObjectType)


@pytest.mark.parametrize("row", OBJECT_TYPE_ROWS, ids=[row["name"] for row in OBJECT_TYPE_ROWS])
def test_forms_of_a_kind_are_those_of_the_protocol_table(row: ObjectTypeRow) -> None:
    forms = OBJECT_TYPES[row["value"]]
    assert forms.properties == row["properties"]
    assert forms.capacity == row["capacity_request"]
    assert forms.status_record == row["status_record"]
    assert forms.extended_record == row["extended_status_record"]


def test_records_are_offered_for_exactly_the_kinds_of_this_release() -> None:
    assert set(OBJECT_TYPE_TO_PROPERTIES) == WITH_PROPERTIES
    assert set(OBJECT_TYPE_TO_STATUS) == WITH_STATUS
    for object_type, kind in OBJECT_TYPE_TO_PROPERTIES.items():
        assert object_type == kind.OBJECT_TYPE
        assert OBJECT_TYPES[object_type].properties
    for object_type, status in OBJECT_TYPE_TO_STATUS.items():
        assert object_type == status.OBJECT_TYPE
        assert OBJECT_TYPES[object_type].status_record is not None


# Layouts.


def _layout(kind: type[Record]) -> tuple[list[LayoutField], list[LayoutField]]:
    """Return where a record's required and optional fields are, by its annotations."""
    hints = get_type_hints(kind, include_extras=True)
    fields: tuple[list[LayoutField], list[LayoutField]] = ([], [])
    offset = len(kind.PREFIX)
    for entry in dataclasses.fields(kind):  # type: ignore[arg-type]
        codec = hints[entry.name].__metadata__[0]
        if isinstance(codec, Field):
            size = struct.calcsize(codec.format)
            fields[codec.optional].append({"offset": offset, "size": size, "name": entry.name})
            offset += size
    return fields


def _places(fields: list[LayoutField], renamed: Mapping[str, str]) -> list[tuple[int, int, str]]:
    return [(field["offset"], field["size"], renamed.get(field["name"], field["name"])) for field in fields]


@pytest.mark.parametrize("object_type", sorted(WITH_PROPERTIES))
def test_properties_lie_where_the_protocol_table_says(object_type: ObjectType) -> None:
    (table,) = [row for row in PROPERTIES_LAYOUTS if row["object_type"] == object_type]
    kind = OBJECT_TYPE_TO_PROPERTIES[object_type]
    required, optional = _layout(kind)
    assert bytes((object_type,)) == kind.PREFIX
    renamed = {"name": "raw_name"}
    expected = _places(table["fields"] + table.get("not_in_text", []), renamed)
    assert _places(required + optional, {}) == [(1, 2, "index"), *expected]
    printed_end = table["data_bytes"]
    assert printed_end == max(field["offset"] + field["size"] for field in table["fields"])
    # Optional is what only later firmware sends: the thermostat's last five bytes, and what is not in the text.
    assert [field["name"] for field in optional] == {
        ObjectType.UNIT: ["areas"],
        ObjectType.THERMOSTAT: [
            "humidity",
            "humidify_setpoint",
            "dehumidify_setpoint",
            "outdoor_temperature",
            "action",
        ],
    }.get(object_type, [])


@pytest.mark.parametrize("object_type", sorted(WITH_STATUS))
def test_status_records_lie_where_the_protocol_table_says(object_type: ObjectType) -> None:
    (table,) = [row for row in STATUS_LAYOUTS if row["object_type"] == object_type]
    kind = OBJECT_TYPE_TO_STATUS[object_type]
    required, optional = _layout(kind)
    assert _places(required, {}) == _places(table["fields"], {"number": "index"})
    assert _places(optional, {}) == _places(table.get("extended_fields", []), {})
    assert sum(field["size"] for field in required) == table["length"]
    assert OBJECT_TYPES[object_type].status_record == table["length"]
    longest = sum(field["size"] for field in required + optional)
    assert (
        longest == table.get("extended_length", table["length"]) == OBJECT_TYPES[object_type].extended_record
    )


@pytest.mark.parametrize("object_type", sorted(WITH_PROPERTIES))
def test_names_are_as_long_as_the_protocol_table_says(object_type: ObjectType) -> None:
    (row,) = [row for row in OBJECT_TYPE_ROWS if row["value"] == object_type]
    required, _ = _layout(OBJECT_TYPE_TO_PROPERTIES[object_type])
    (width,) = [field["size"] for field in required if field["name"] == "raw_name"]
    assert row["max_name_length"] is not None
    assert width == row["max_name_length"] + 1


# Enumerations.


def _members(kind: type[IntEnum]) -> dict[str, int]:
    return {member.name: member.value for member in kind}


def _named(rows: list[Named]) -> dict[str, int]:
    return {row["name"]: row["value"] for row in rows if isinstance(row["value"], int)}


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (ZoneType, ZONE_TYPES),
        (UnitType, UNIT_TYPES),
        (HvacMode, THERMOSTAT["system_mode"]),
        (FanMode, THERMOSTAT["fan_mode"]),
        (HoldMode, THERMOSTAT["hold"]),
        (ThermostatKind, THERMOSTAT["type"]),
        (TemperatureFormat, FORMATS["temperature"]),
        (TimeFormat, FORMATS["time"]),
        (Weekday, FORMATS["day_of_week"]),
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


def test_models_have_the_numbers_of_the_protocol_table() -> None:
    table = {row["name"]: row["number"] for row in MODELS}
    for model in ControllerModel:
        assert table.get(model.name) == model.value
    # The models of 20P00 are all there.
    assert {16, 30, 36, 37} <= {model.value for model in ControllerModel}


# Decoded views: zones.


def _spelled(field: str) -> dict[int, str]:
    entry = ZONE_STATUS[field]
    names = {int(value): name for value, name in entry.get("values", {}).items()}
    return names | {int(value): name.split(" ")[0] for value, name in entry.get("not_in_text", {}).items()}


def test_zone_bits_are_those_of_the_protocol_table() -> None:
    assert {kind.value: kind.name for kind in ZoneCondition} == _spelled("current_condition")
    assert {kind.value: kind.name for kind in ZoneLatchedAlarm} == _spelled("latched_alarm")
    assert {kind.value: kind.name for kind in ZoneArming} == _spelled("arming")


@pytest.mark.parametrize("status", range(256))
def test_zone_status_byte(status: int) -> None:
    raw_name = encode_name("HALL", 16)
    for zone in (ZoneStatus(1, status, 0), ZoneProperties(1, status, 0, 0, 1, 0, raw_name)):
        assert zone.condition is ZoneCondition(status % 4)
        assert zone.latched_alarm == status // 4 % 4
        assert isinstance(zone.latched_alarm, ZoneLatchedAlarm) == (status // 4 % 4 < 3)
        assert zone.arming is ZoneArming(status // 16 % 4)
        assert zone.is_bypassed == (status & 0b10_0000 > 0)
        assert zone.trouble_unacknowledged == (status & 0b100_0000 > 0)


def test_zone_properties_by_name() -> None:
    zone = ZoneProperties(1, 0, 0, ZoneType.FIRE, 1, 5, encode_name("SMOKE", 16))
    assert (zone.kind, zone.name) == (ZoneType.FIRE, "SMOKE")
    assert zone.option_flags == ZoneOption.CROSS_ZONING | ZoneOption.DIAL_OUT_DELAY
    assert dataclasses.replace(zone, zone_type=200).kind == 200


# Units.


def _unit(state: int, kind: int = UnitType.UPB) -> UnitProperties:
    return UnitProperties(1, state, 0, kind, encode_name("HALL", 13))


@pytest.mark.parametrize("state", range(256))
def test_unit_state_byte(state: int) -> None:
    for unit in (UnitStatus(1, state, 0), _unit(state)):
        # State 100 is level 0 percent, and so dark.
        assert unit.is_on == (state not in (0, 100))
        if 100 <= state <= 200:
            assert unit.level == state - 100
        else:
            assert unit.level == {0: 0, 1: 100}.get(state)


@pytest.mark.parametrize("state", range(256))
def test_a_flag_is_on_with_any_value_but_zero_and_has_no_level_but_off_and_on(state: int) -> None:
    flag = _unit(state, UnitType.FLAG)
    assert flag.is_on == (state > 0)
    assert flag.level == {0: 0, 1: 100}.get(state)


def test_unit_properties_by_name() -> None:
    assert _unit(0).kind is UnitType.UPB
    assert _unit(0, 99).kind == 99
    assert _unit(0).name == "HALL"


# Areas.


def _areas(mode: int, alarms: int = 0, exit_timer: int = 0) -> list[AreaStatus | AreaProperties]:
    return [
        AreaStatus(1, mode, alarms, 0, exit_timer),
        AreaProperties(1, mode, alarms, 0, exit_timer, 1, 60, 30, encode_name("HOUSE", 13)),
    ]


@pytest.mark.parametrize("mode", [mode for mode in SecurityMode if mode])
def test_an_area_is_arming_by_bit_3_or_by_its_exit_timer(mode: SecurityMode) -> None:
    # (byte, exit timer): the mode's bit as 20P00 has it, the timer alone as real panels do, both.
    for byte, timer in [(mode | 8, 0), (mode, 1), (mode, 255), (mode | 8, 30)]:
        for area in _areas(byte, exit_timer=timer):
            assert area.security_mode is mode
            assert area.is_arming
            assert not area.is_armed
    for area in _areas(mode):
        assert area.security_mode is mode
        assert not area.is_arming
        assert area.is_armed


def test_an_area_that_is_off_is_not_armed() -> None:
    for area in _areas(SecurityMode.OFF):
        assert area.security_mode is SecurityMode.OFF
        assert not area.is_arming
        assert not area.is_armed


def test_a_mode_without_a_name_stays_a_number_with_and_without_exit_delay() -> None:
    for area in _areas(7):
        assert area.security_mode == 7
        assert area.is_armed
    for area in _areas(15):
        assert area.security_mode == 7
        assert area.is_arming


@given(alarms=st.integers(0, 255))
def test_alarms_of_an_area_are_its_bits(alarms: int) -> None:
    names = {row["name"] for row in ALARM_TYPES["types"] if alarms >> row["bit"] & 1}
    for area in _areas(0, alarms):
        assert {alarm.name for alarm in area.alarm_kinds} == names


def test_area_properties_by_name() -> None:
    area = AreaProperties(2, 0, 0, 0, 0, 1, 60, 30, encode_name("GARAGE", 13))
    assert (area.is_enabled, area.name) == (True, "GARAGE")
    assert not dataclasses.replace(area, enabled=0).is_enabled


# Thermostats.


def _thermostat(**fields: Any) -> ThermostatStatus:
    return dataclasses.replace(ThermostatStatus.parse(b"\0\1" + bytes(12)), **fields)


@pytest.mark.parametrize("status", range(256))
def test_thermostat_status_bits(status: int) -> None:
    names = [row["name"] for row in THERMOSTAT_BITS["status_bits"]]
    assert names == ["COMMUNICATIONS_FAILURE", "FREEZE_ALARM"]
    thermostat = _thermostat(status=status)
    assert thermostat.communications_failure == bool(status & 1)
    assert thermostat.freeze_alarm == bool(status & 2)


@pytest.mark.parametrize("hold", range(256))
def test_any_other_hold_is_hold(hold: int) -> None:
    expected = {0: HoldMode.OFF, 2: HoldMode.VACATION_HOLD}.get(hold, HoldMode.HOLD)
    assert _thermostat(hold=hold).hold_mode is expected


@pytest.mark.parametrize("raw", range(256))
def test_temperature_and_humidity_zero_is_no_reading(raw: int) -> None:
    thermostat = _thermostat(temperature=raw, humidity=raw)
    if raw == 0:
        assert thermostat.temperature_celsius is None
        assert thermostat.temperature_fahrenheit is None
        assert thermostat.humidity_percent is None
    else:
        assert thermostat.temperature_celsius == raw / 2 - 40
        assert thermostat.temperature_fahrenheit == (9 * raw - 400) / 10
        assert thermostat.humidity_percent == (9 * raw - 395) // 10


def test_the_ends_of_the_humidity_scale() -> None:
    assert _thermostat(humidity=44).humidity_percent == 0
    assert _thermostat(humidity=156).humidity_percent == 100


def test_older_firmware_tells_neither_humidity_nor_action() -> None:
    status = ThermostatStatus.parse(bytes(9))
    properties = ThermostatProperties.parse(b"\x06" + bytes(23))
    for thermostat in (status, properties):
        assert thermostat.humidity is None
        assert thermostat.humidity_percent is None
        assert thermostat.actions is None


@pytest.mark.parametrize("action", range(16))
def test_actions_are_bits(action: int) -> None:
    names = {row["name"] for row in THERMOSTAT_BITS["action_bits"] if action >> row["bit"] & 1}
    actions = _thermostat(action=action).actions
    assert actions is not None
    assert {flag.name for flag in actions} == names


def test_thermostat_modes_by_name_or_number() -> None:
    thermostat = _thermostat(system_mode=HvacMode.AUTO, fan_mode=FanMode.CYCLE)
    assert (thermostat.hvac_mode, thermostat.fan) == (HvacMode.AUTO, FanMode.CYCLE)
    unknown = _thermostat(system_mode=9, fan_mode=9)
    assert (unknown.hvac_mode, unknown.fan) == (9, 9)
    properties = ThermostatProperties(1, 1, 100, 100, 130, 1, 0, 0, ThermostatKind.HEAT_ONLY, bytes(13))
    assert properties.kind is ThermostatKind.HEAT_ONLY
    assert dataclasses.replace(properties, thermostat_type=77).kind == 77


# Names.


@pytest.mark.parametrize("kind", [UnitProperties, AreaProperties, ThermostatProperties, ButtonProperties])
def test_names_end_at_the_first_zero(kind: type[ObjectProperties]) -> None:
    required, _ = _layout(kind)
    payload = b"".join(
        b"LAMP\0JUNKJUNK" if field["name"] == "raw_name" else bytes(field["size"]) for field in required
    )
    parsed = kind.parse(kind.PREFIX + payload)
    assert parsed.name == "LAMP"
    assert parsed.raw_name == b"LAMP\0JUNKJUNK"


@pytest.mark.parametrize("filler", [b"\0", b"\xff"])
def test_an_empty_field_is_no_name(filler: bytes) -> None:
    assert ZoneProperties(1, 0, 0, 0, 1, 0, filler * 16).name == ""
    assert ButtonProperties(1, filler * 13).name == ""


# The controller itself.


def _information(**fields: Any) -> SystemInformation:
    return dataclasses.replace(SystemInformation(16, 2, 16, 0, b"5551234".ljust(25, b"\0")), **fields)


@pytest.mark.parametrize(
    ("revision", "text"),
    [(0, "2.16"), (1, "2.16a"), (2, "2.16b"), (26, "2.16z"), (-1, "2.16X1"), (-2, "2.16X2")],
)
def test_firmware_as_the_vendor_writes_it(revision: int, text: str) -> None:
    assert _information(revision=revision).firmware_version == text


def test_no_revision_byte_is_without_a_text() -> None:
    texts = {_information(revision=revision).firmware_version for revision in range(-128, 128)}
    assert len(texts) == 256


def test_models_by_name_or_number() -> None:
    assert _information().controller_model is ControllerModel.OMNI_PRO_II
    assert _information().model_name == "Omni Pro II"
    assert _information(model=30).model_name == "Omni IIe"
    assert _information(model=250).controller_model == 250
    assert _information(model=250).model_name == "model 250"
    assert _information().phone == "5551234"


@pytest.mark.parametrize("day", range(10))
def test_monday_is_the_first_day_of_the_week(day: int) -> None:
    status = SystemStatus.parse(bytes((1, 26, 1, 5, day)) + bytes(9))
    names = {
        1: "MONDAY",
        2: "TUESDAY",
        3: "WEDNESDAY",
        4: "THURSDAY",
        5: "FRIDAY",
        6: "SATURDAY",
        7: "SUNDAY",
    }
    if day in names:
        assert status.weekday is Weekday[names[day]]
    else:
        assert status.weekday == day


def test_alarms_of_the_system_are_pairs_of_area_and_bits() -> None:
    status = SystemStatus.parse(bytes(14) + bytes.fromhex("02020384"))
    assert [(pair.area, pair.alarm_kinds) for pair in status.alarms] == [
        (2, Alarms.FIRE),
        (3, Alarms.GAS | Alarms.TEMPERATURE),
    ]


def test_formats_by_name_or_number() -> None:
    formats = SystemFormats(2, 2, 2)
    assert formats.temperature_format is TemperatureFormat.CELSIUS
    assert formats.time_format is TimeFormat.HOURS_24
    assert formats.date_format is DateFormat.DAY_MONTH
    unknown = SystemFormats(0, 3, 255)
    assert (unknown.temperature_format, unknown.time_format, unknown.date_format) == (0, 3, 255)
