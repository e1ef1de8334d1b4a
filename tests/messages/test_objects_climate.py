"""The decoded views of thermostats and of temperature and humidity sensors."""

import dataclasses
import json
from pathlib import Path
from typing import Any, TypedDict

import pytest

from omnilink_sansio.objects import (
    OBJECT_TYPE_TO_PROPERTIES,
    OBJECT_TYPE_TO_STATUS,
    AuxSensorProperties,
    AuxSensorStatus,
    FanMode,
    HoldMode,
    HvacMode,
    ThermostatKind,
    ThermostatProperties,
    ThermostatStatus,
    UserSettingKind,
    UserSettingProperties,
    UserSettingStatus,
    ZoneType,
)
from tests.rows import each_row
from tests.vectors import DERIVED_HUMIDITY, TEMPERATURES, TemperatureVector

_TABLES = Path(__file__).parent.parent / "tables"


class NamedBit(TypedDict):
    """One bit of a byte."""

    bit: int
    name: str


THERMOSTAT_BITS: dict[str, list[NamedBit]] = json.loads((_TABLES / "thermostat.json").read_text("utf-8"))
HUMIDITY = {row["raw"]: row["humidity_percent"] for row in DERIVED_HUMIDITY}

EVERY_TEMPERATURE = each_row("vector", TEMPERATURES, ids=[str(row["raw"]) for row in TEMPERATURES])

Climate = ThermostatStatus | ThermostatProperties
Sensor = AuxSensorStatus | AuxSensorProperties


def _status(**fields: Any) -> ThermostatStatus:
    return dataclasses.replace(ThermostatStatus.parse(b"\0\1" + bytes(12)), **fields)


def _thermostats(**fields: Any) -> list[Climate]:
    properties = ThermostatProperties.parse(b"\x06\0\1" + bytes(26))
    return [_status(**fields), dataclasses.replace(properties, **fields)]


def _sensors(**fields: Any) -> list[Sensor]:
    properties = AuxSensorProperties.parse(b"\x08\0\1" + bytes(21))
    return [
        dataclasses.replace(AuxSensorStatus.parse(b"\0\1" + bytes(4)), **fields),
        dataclasses.replace(properties, **fields),
    ]


# Thermostats.


@each_row("status", range(256))
def test_thermostat_status_bits(status: int) -> None:
    bits = {row["name"]: row["bit"] for row in THERMOSTAT_BITS["status_bits"]}
    assert bits == {"COMMUNICATIONS_FAILURE": 0, "FREEZE_ALARM": 1}
    thermostat = _status(status=status)
    assert thermostat.communications_failure == bool(status & 1)
    assert thermostat.freeze_alarm == bool(status & 2)


@each_row("hold", range(256))
def test_any_other_hold_is_hold(hold: int) -> None:
    expected = {0: HoldMode.OFF, 2: HoldMode.VACATION_HOLD}.get(hold, HoldMode.HOLD)
    for thermostat in _thermostats(hold=hold):
        assert thermostat.hold_mode is expected


@EVERY_TEMPERATURE
def test_a_thermostat_reads_every_temperature_and_0_is_offline(vector: TemperatureVector) -> None:
    raw = vector["raw"]
    for thermostat in _thermostats(temperature=raw, outdoor_temperature=raw):
        celsius, fahrenheit = (vector["celsius"], vector["fahrenheit_exact"]) if raw else (None, None)
        assert thermostat.temperature_celsius == celsius
        assert thermostat.temperature_fahrenheit == fahrenheit
        assert thermostat.outdoor_temperature_celsius == celsius
        assert thermostat.outdoor_temperature_fahrenheit == fahrenheit


def _set(vector: TemperatureVector) -> tuple[float | None, float | None]:
    """A set point in °C and °F; raw 0 is none."""
    return (vector["celsius"], vector["fahrenheit_exact"]) if vector["raw"] else (None, None)


@EVERY_TEMPERATURE
def test_a_set_point_is_a_temperature_and_0_is_none(vector: TemperatureVector) -> None:
    for thermostat in _thermostats(heat_setpoint=vector["raw"], cool_setpoint=255 - vector["raw"]):
        other = TEMPERATURES[255 - vector["raw"]]
        assert (thermostat.heat_setpoint_celsius, thermostat.heat_setpoint_fahrenheit) == _set(vector)
        assert (thermostat.cool_setpoint_celsius, thermostat.cool_setpoint_fahrenheit) == _set(other)


@each_row("raw", range(44, 157))
def test_humidity_and_its_set_points_are_percent(raw: int) -> None:
    # What a panel displays in Fahrenheit: the vectors have it for every byte, and as a humidity for some.
    percent = TEMPERATURES[raw]["fahrenheit_display"]
    assert HUMIDITY.get(raw, percent) == percent
    for thermostat in _thermostats(humidity=raw, humidify_setpoint=raw, dehumidify_setpoint=raw):
        assert thermostat.humidity_percent == percent
        assert thermostat.humidify_setpoint_percent == percent
        assert thermostat.dehumidify_setpoint_percent == percent


def test_humidity_0_is_no_reading_and_a_humidity_set_point_0_is_none() -> None:
    for thermostat in _thermostats(humidity=0, humidify_setpoint=0, dehumidify_setpoint=0):
        assert thermostat.humidity_percent is None
        assert thermostat.humidify_setpoint_percent is None
        assert thermostat.dehumidify_setpoint_percent is None


def test_the_ends_of_the_humidity_scale() -> None:
    assert _status(humidity=44).humidity_percent == 0
    assert _status(humidity=156).humidity_percent == 100


def test_older_firmware_tells_neither_humidity_nor_outdoor_temperature_nor_action() -> None:
    older: list[Climate] = [
        ThermostatStatus.parse(bytes(9)),
        ThermostatProperties.parse(b"\x06" + bytes(23)),
        # Some of the later fields are not all of them: they are kept as unknown bytes.
        ThermostatStatus.parse(bytes(9) + b"\x64\x64\x64\x64"),
        ThermostatProperties.parse(b"\x06" + bytes(23) + b"\x64\x64\x64\x64"),
    ]
    for thermostat in older:
        assert thermostat.humidity is None
        assert thermostat.humidity_percent is None
        assert thermostat.humidify_setpoint_percent is None
        assert thermostat.dehumidify_setpoint_percent is None
        assert thermostat.outdoor_temperature_celsius is None
        assert thermostat.outdoor_temperature_fahrenheit is None
        assert thermostat.actions is None


@each_row("action", range(16))
def test_actions_are_bits(action: int) -> None:
    names = {row["name"] for row in THERMOSTAT_BITS["action_bits"] if action >> row["bit"] & 1}
    for thermostat in _thermostats(action=action):
        assert thermostat.actions is not None
        assert {flag.name for flag in thermostat.actions} == names


def test_thermostat_modes_by_name_or_number() -> None:
    for thermostat in _thermostats(system_mode=3, fan=2):
        assert (thermostat.hvac_mode, thermostat.fan_mode) == (HvacMode.AUTO, FanMode.CYCLE)
    for thermostat in _thermostats(system_mode=9, fan=9):
        assert (thermostat.hvac_mode, thermostat.fan_mode) == (9, 9)
    properties = ThermostatProperties.parse(b"\x06\0\1" + bytes(26))
    assert dataclasses.replace(properties, thermostat_type=3).kind is ThermostatKind.HEAT_ONLY
    assert dataclasses.replace(properties, thermostat_type=77).kind == 77


# Sensors.


@EVERY_TEMPERATURE
def test_a_sensor_reads_every_temperature_and_0_is_no_reading(vector: TemperatureVector) -> None:
    raw = vector["raw"]
    celsius, fahrenheit = (vector["celsius"], vector["fahrenheit_exact"]) if raw else (None, None)
    for sensor in _sensors(current=raw):
        assert sensor.temperature_celsius == celsius
        assert sensor.temperature_fahrenheit == fahrenheit


@EVERY_TEMPERATURE
def test_set_points_of_a_sensor_are_low_and_high(vector: TemperatureVector) -> None:
    other = TEMPERATURES[255 - vector["raw"]]
    for sensor in _sensors(low_setpoint=vector["raw"], high_setpoint=255 - vector["raw"]):
        assert (sensor.low_setpoint_celsius, sensor.low_setpoint_fahrenheit) == _set(vector)
        assert (sensor.high_setpoint_celsius, sensor.high_setpoint_fahrenheit) == _set(other)


@pytest.mark.parametrize(("raw", "percent"), [(44, 0), (45, 1), (100, 50), (155, 100), (156, 100), (0, None)])
def test_humidity_of_a_sensor_is_percent(raw: int, percent: int | None) -> None:
    # By hand: 0.9 * 45 - 40 = 0.5, 0.9 * 100 - 40 = 50, 0.9 * 155 - 40 = 99.5, rounded half up.
    for sensor in _sensors(current=raw):
        assert sensor.humidity_percent == percent


@pytest.mark.parametrize(
    ("low", "high", "percents"),
    [(44, 156, (0, 100)), (100, 45, (50, 1)), (0, 100, (None, 50)), (100, 0, (50, None))],
)
def test_humidity_set_points_of_a_sensor_are_percent(
    low: int, high: int, percents: tuple[int | None, int | None]
) -> None:
    for sensor in _sensors(low_setpoint=low, high_setpoint=high):
        assert (sensor.low_setpoint_percent, sensor.high_setpoint_percent) == percents


@each_row("output", range(256))
def test_an_output_is_energized_by_any_value_but_0(output: int) -> None:
    for sensor in _sensors(output=output):
        assert sensor.is_energized == (output > 0)


@each_row("sensor_type", range(256))
def test_only_type_84_reads_humidity(sensor_type: int) -> None:
    properties = AuxSensorProperties.parse(b"\x08\0\1" + bytes(21))
    sensor = dataclasses.replace(properties, sensor_type=sensor_type)
    assert sensor.is_humidity == (sensor_type == 84)
    assert sensor.kind == sensor_type
    if 80 <= sensor_type <= 87:
        assert isinstance(sensor.kind, ZoneType)


# Every kind of object.


def _views(record: Any) -> dict[str, object]:
    """What a record's properties read as degrees or percent."""
    units = ("_celsius", "_fahrenheit", "_percent")
    return {name: getattr(record, name) for name in dir(type(record)) if name.endswith(units)}


def test_raw_0_is_nothing_in_every_temperature_and_humidity_of_every_kind_of_object() -> None:
    seen = set()
    for kind in (*OBJECT_TYPE_TO_PROPERTIES.values(), *OBJECT_TYPE_TO_STATUS.values()):
        layout = kind._layout
        for size in (layout.size, layout.size + layout._extension.size):
            record = kind.parse(kind.PREFIX + bytes(size - len(kind.PREFIX)))
            views = _views(record)
            assert set(views.values()) <= {None}, kind
            seen |= {kind} if views else set()
    assert seen == {ThermostatProperties, ThermostatStatus, AuxSensorProperties, AuxSensorStatus}


@pytest.mark.parametrize("kind", [UserSettingKind.TEMPERATURE, UserSettingKind.HUMIDITY])
def test_a_user_setting_of_raw_0_is_nothing(kind: UserSettingKind) -> None:
    for setting in (UserSettingStatus(1, kind, 0), UserSettingProperties(1, kind, 0, bytes(16))):
        assert setting.decoded is None
