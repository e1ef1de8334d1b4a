"""Thermostats and sensors: rooms that follow their set points, readings that are lost, set points that switch."""

import pytest

from omnilink_sansio.commands import Command
from omnilink_sansio.objects import (
    HvacMode,
    ObjectType,
    RequestExtendedObjectStatus,
    ThermostatKind,
    ThermostatStatus,
    ZoneType,
    celsius_to_omni_temp,
    humidity_to_omni_temp,
)
from omnilink_sansio.simulator import Area, AuxiliarySensor, House, Quirk, Thermostat, UserSetting
from tests.rows import each_row
from tests.simulator.scenario import LISTENER, Scenario

raw = celsius_to_omni_temp


def room(kind: ThermostatKind = ThermostatKind.AUTO_HEAT_COOL, mode: HvacMode = HvacMode.AUTO) -> House:
    """Return a house whose one room is as warm as it should be."""
    return House(
        areas={1: Area("HOUSE"), 2: Area("GARAGE")},
        thermostats={1: Thermostat("ROOM", kind, temperature=raw(22), system_mode=mode)},
    )


def test_a_room_is_heated_up_to_its_set_point_half_a_degree_a_minute() -> None:
    script = Scenario(room())
    script.commands(Command.SET_HEAT_SETPOINT, raw(23.5), 1)
    script.sees("thermostat 1: 22 °C, auto, heat 23.5, cool 25, heating")
    script.waits(59.9)
    script.sees()
    script.waits(0.1)
    script.sees("thermostat 1: 22.5 °C, auto, heat 23.5, cool 25, heating")
    script.waits(60)
    script.sees("thermostat 1: 23 °C, auto, heat 23.5, cool 25, heating")
    script.waits(60)
    script.sees("thermostat 1: 23.5 °C, auto, heat 23.5, cool 25")
    script.waits(3600)
    script.sees()


def test_a_room_is_cooled_down_to_its_set_point() -> None:
    script = Scenario(room())
    script.commands(Command.SET_COOL_SETPOINT, raw(21.5), 1)
    script.sees("thermostat 1: 22 °C, auto, heat 20, cool 21.5, cooling")
    script.waits(60)
    script.sees("thermostat 1: 21.5 °C, auto, heat 20, cool 21.5")
    script.waits(3600)
    script.sees()


HEATING, COOLING, NOTHING = ", heating", ", cooling", ""
HEAT_ONLY, COOL_ONLY = ThermostatKind.HEAT_ONLY, ThermostatKind.COOL_ONLY
AUTO, HEAT_COOL = ThermostatKind.AUTO_HEAT_COOL, ThermostatKind.HEAT_COOL
SETPOINT_ONLY = ThermostatKind.SETPOINT_ONLY


@each_row(
    ("kind", "mode", "when_cold", "when_hot"),
    [
        (AUTO, HvacMode.OFF, NOTHING, NOTHING),
        (AUTO, HvacMode.HEAT, HEATING, NOTHING),
        (AUTO, HvacMode.COOL, NOTHING, COOLING),
        (AUTO, HvacMode.AUTO, HEATING, COOLING),
        (AUTO, HvacMode.EMERGENCY_HEAT, HEATING, NOTHING),
        (HEAT_COOL, HvacMode.HEAT, HEATING, NOTHING),
        (HEAT_COOL, HvacMode.COOL, NOTHING, COOLING),
        (HEAT_ONLY, HvacMode.HEAT, HEATING, NOTHING),
        (HEAT_ONLY, HvacMode.COOL, NOTHING, NOTHING),
        (COOL_ONLY, HvacMode.COOL, NOTHING, COOLING),
        (COOL_ONLY, HvacMode.HEAT, NOTHING, NOTHING),
        (SETPOINT_ONLY, HvacMode.HEAT, HEATING, NOTHING),
        (SETPOINT_ONLY, HvacMode.COOL, NOTHING, NOTHING),
    ],
)
def test_a_thermostat_does_what_it_can_and_its_mode_wants(
    kind: ThermostatKind, mode: HvacMode, when_cold: str, when_hot: str
) -> None:
    script = Scenario(room(kind, mode))
    mode_name = mode.name.lower().replace("_", "-")
    script.happens("thermostat 1 temperature 18")
    script.sees(f"thermostat 1: 18 °C, {mode_name}, heat 20, cool 25{when_cold}")
    script.happens("thermostat 1 temperature 27.5")
    script.sees(f"thermostat 1: 27.5 °C, {mode_name}, heat 20, cool 25{when_hot}")


def test_turning_it_off_ends_the_heating() -> None:
    script = Scenario(room())
    script.happens("thermostat 1 temperature 18")
    script.waits(90)
    script.forgets()
    script.commands(Command.SET_SYSTEM_MODE, HvacMode.OFF, 1)
    script.sees("thermostat 1: 18.5 °C, off, heat 20, cool 25")
    script.waits(3600)
    script.sees()
    script.commands(Command.SET_SYSTEM_MODE, HvacMode.HEAT, 1)
    script.sees("thermostat 1: 18.5 °C, heat, heat 20, cool 25, heating")


def test_what_else_is_set_meanwhile_makes_the_heating_no_slower() -> None:
    script = Scenario(room())
    script.happens("thermostat 1 temperature 18")
    script.waits(40)
    script.commands(Command.SET_FAN_MODE, 1, 1)
    script.forgets()
    script.waits(20)
    script.sees("thermostat 1: 18.5 °C, auto, heat 20, cool 25, fan on, heating")


def test_a_cold_room_is_heated_from_the_start() -> None:
    described = room()
    described.thermostats[1].temperature = raw(19.5)
    script = Scenario(described)
    script.shows("thermostat 1: 19.5 °C, auto, heat 20, cool 25, heating")
    script.waits(60)
    script.sees("thermostat 1: 20 °C, auto, heat 20, cool 25")


def test_a_room_may_stay_as_it_is() -> None:
    described = room()
    described.thermostats[1].seconds_per_step = 0
    script = Scenario(described)
    script.happens("thermostat 1 temperature 10")
    script.sees("thermostat 1: 10 °C, auto, heat 20, cool 25, heating")
    script.waits(86400)
    script.sees()


def test_a_room_may_follow_quicker() -> None:
    described = room()
    described.thermostats[1].seconds_per_step = 2.5
    script = Scenario(described)
    script.happens("thermostat 1 temperature 19.5")
    script.forgets()
    script.waits(2.5)
    script.sees("thermostat 1: 20 °C, auto, heat 20, cool 25")


def test_a_thermostat_that_is_lost_shows_so_and_does_nothing() -> None:
    script = Scenario(room())
    script.happens("thermostat 1 temperature 18", "thermostat 1 lost")
    script.sees(
        "thermostat 1: 18 °C, auto, heat 20, cool 25, heating",
        "thermostat 1: lost, auto, heat 20, cool 25",
    )
    script.waits(3600)
    script.sees()
    (told,) = script.driver.ask(RequestExtendedObjectStatus(ObjectType.THERMOSTAT, 1, 1), LISTENER).records
    assert isinstance(told, ThermostatStatus)
    assert told.temperature == 0
    script.happens("thermostat 1 found")
    script.sees("thermostat 1: 18 °C, auto, heat 20, cool 25, heating")


def test_humidity_follows_its_set_points() -> None:
    described = room()
    described.thermostats[1].humidity = humidity_to_omni_temp(40)
    script = Scenario(described)
    script.commands(Command.SET_HUMIDIFY_SETPOINT, humidity_to_omni_temp(41), 1)
    script.sees("thermostat 1: 22 °C, auto, heat 20, cool 25, 40 %, humidifying")
    script.waits(3600)
    assert script.pushed()[-1].endswith("41 %")
    script.commands(Command.SET_HUMIDIFY_SETPOINT, 0, 1)
    script.commands(Command.SET_DEHUMIDIFY_SETPOINT, humidity_to_omni_temp(39), 1)
    assert script.pushed()[-1].endswith("41 %, dehumidifying")
    script.waits(3600)
    assert script.pushed()[-1].endswith("39 %")
    script.waits(3600)
    script.sees()


def test_set_points_are_raised_and_lowered_by_steps() -> None:
    script = Scenario(room())
    script.commands(Command.ADJUST_HEAT_SETPOINT, 2, 1)
    script.commands(Command.ADJUST_COOL_SETPOINT, 256 - 3, 1)
    script.sees(
        "thermostat 1: 22 °C, auto, heat 21, cool 25",
        "thermostat 1: 22 °C, auto, heat 21, cool 23.5",
    )


def test_set_points_stay_within_their_range() -> None:
    script = Scenario(room())
    for _ in range(3):
        script.commands(Command.ADJUST_COOL_SETPOINT, 50, 1)
        script.commands(Command.ADJUST_HEAT_SETPOINT, 256 - 50, 1)
    script.shows("thermostat 1: 22 °C, auto, heat -40, cool 50")


def test_a_set_point_can_be_that_of_a_user_setting() -> None:
    described = room()
    described.user_settings = {3: UserSetting("WARM", value=raw(21))}
    script = Scenario(described)
    script.commands(Command.SET_HEAT_SETPOINT, 200 + 3, 1)
    script.sees("thermostat 1: 22 °C, auto, heat 21, cool 25")


def test_all_thermostats_are_set_in_one_message() -> None:
    described = room()
    described.thermostats[4] = Thermostat("OTHER", AUTO, raw(22))
    script = Scenario(described)
    script.commands(Command.SET_FAN_MODE, 1, 0)
    assert script.messages() == [
        [
            "thermostat 1: 22 °C, auto, heat 20, cool 25, fan on",
            "thermostat 4: 22 °C, off, heat 20, cool 25, fan on",
        ]
    ]


@pytest.mark.parametrize(("value", "seen"), [(255, ", hold"), (1, ", hold"), (2, ", vacation-hold"), (0, "")])
def test_hold_is_told(value: int, seen: str) -> None:
    script = Scenario(room())
    script.commands(Command.SET_HOLD_MODE, 255, 1)
    script.commands(Command.SET_HOLD_MODE, value, 1)
    assert script.pushed()[-1] == f"thermostat 1: 22 °C, auto, heat 20, cool 25{seen}"


def test_with_some_thermostats_a_set_point_is_ignored_while_hold_is_on() -> None:
    described = room()
    described.quirks = frozenset({Quirk.HOLD_IGNORES_SETPOINTS})
    script = Scenario(described)
    script.commands(Command.SET_HOLD_MODE, 255, 1)
    script.forgets()
    script.commands(Command.SET_HEAT_SETPOINT, raw(21), 1)
    script.commands(Command.ADJUST_COOL_SETPOINT, 5, 1)
    script.sees()
    script.shows("thermostat 1: 22 °C, auto, heat 20, cool 25, hold")
    script.commands(Command.SET_HOLD_MODE, 0, 1)
    script.commands(Command.SET_HEAT_SETPOINT, raw(21), 1)
    script.shows("thermostat 1: 22 °C, auto, heat 21, cool 25")


# Sensors.


def cellar(kind: ZoneType, **bounds: int) -> House:
    return House(
        areas={1: Area("HOUSE"), 2: Area("CELLAR")},
        sensors={170: AuxiliarySensor("CELLAR", kind, raw(12), area_bits=0b10, **bounds)},
    )


def test_a_sensor_s_reading_is_told() -> None:
    script = Scenario(cellar(ZoneType.TEMPERATURE))
    script.happens("sensor 170 temperature 14")
    script.sees(f"sensor 170: {raw(14)}, 0 to 0")
    script.happens("sensor 170 humidity 60")
    script.sees(f"sensor 170: {humidity_to_omni_temp(60)}, 0 to 0")


def test_a_sensor_s_output_is_on_while_the_reading_is_beyond_a_set_point() -> None:
    script = Scenario(cellar(ZoneType.TEMPERATURE))
    low, high = raw(10), raw(20)
    script.commands(Command.SET_HEAT_SETPOINT, low, 170)
    script.commands(Command.SET_COOL_SETPOINT, high, 170)
    script.sees(f"sensor 170: {raw(12)}, {low} to 0", f"sensor 170: {raw(12)}, {low} to {high}")
    script.happens(
        "sensor 170 temperature 10",
        "sensor 170 temperature 9.5",
        "sensor 170 temperature 20",
        "sensor 170 temperature 20.5",
    )
    bounds = f"{low} to {high}"
    script.sees(
        f"sensor 170: {low}, {bounds}",
        f"sensor 170: {raw(9.5)}, {bounds}, on",
        f"sensor 170: {high}, {bounds}",
        f"sensor 170: {raw(20.5)}, {bounds}, on",
    )
    # The set point can come to the reading too.
    script.commands(Command.SET_COOL_SETPOINT, raw(21), 170)
    script.sees(f"sensor 170: {raw(20.5)}, {low} to {raw(21)}")
    script.logged()


def test_a_reading_that_is_beyond_from_the_start_is_shown_so() -> None:
    script = Scenario(cellar(ZoneType.TEMPERATURE, low_setpoint=raw(15)))
    script.shows(f"sensor 170: {raw(12)}, {raw(15)} to 0, on")


@pytest.mark.parametrize("kind", [ZoneType.TEMPERATURE_ALARM, ZoneType.EXTENDED_RANGE_TEMPERATURE_ALARM])
@pytest.mark.parametrize("celsius", [4, 31])
def test_a_sensor_that_watches_raises_a_temperature_alarm(kind: ZoneType, celsius: int) -> None:
    low, high = raw(5), raw(30)
    script = Scenario(cellar(kind, low_setpoint=low, high_setpoint=high))
    script.happens(f"sensor 170 temperature {celsius}")
    script.sees_at_once(f"sensor 170: {raw(celsius)}, {low} to {high}, on", "area 2: off, alarm temperature")
    script.logged("temperature alarm in area 2")
    # It has said so once; a reading that comes back and goes again says so anew.
    script.happens(f"sensor 170 temperature {celsius}.5" if celsius > 5 else "sensor 170 temperature 3")
    script.logged()
    script.happens("reset alarms 2", f"sensor 170 temperature {celsius}")
    script.logged("temperature alarm in area 2 reset")
    script.happens("sensor 170 temperature 12", f"sensor 170 temperature {celsius}")
    script.logged("temperature alarm in area 2")


def test_other_sensors_raise_none() -> None:
    script = Scenario(cellar(ZoneType.TEMPERATURE, low_setpoint=raw(5)))
    script.happens("sensor 170 temperature 1")
    script.sees(f"sensor 170: {raw(1)}, {raw(5)} to 0, on")
    script.logged()


def test_crossed_set_points_do_not_heat_and_cool_in_turns() -> None:
    script = Scenario(
        House(
            thermostats={
                1: Thermostat(
                    "HALL",
                    ThermostatKind.AUTO_HEAT_COOL,
                    temperature=celsius_to_omni_temp(20),
                    heat_setpoint=celsius_to_omni_temp(21),
                    cool_setpoint=celsius_to_omni_temp(19),
                    system_mode=HvacMode.AUTO,
                )
            }
        )
    )
    script.waits(600)
    thermostat = script.driver.house.thermostats[1]
    assert (thermostat.temperature, thermostat.action) == (celsius_to_omni_temp(21), 0)
