"""What the emulated panel does on a command, and when."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omnilink_sansio import CommandFailedError
from omnilink_sansio.commands import Command, ControllerCommand
from omnilink_sansio.objects import (
    AreaStatus,
    HoldMode,
    ObjectStatusRecord,
    ObjectType,
    RequestExtendedObjectStatus,
    RequestObjectProperties,
    SecurityMode,
    ThermostatStatus,
    UnitStatus,
    UnitType,
    ZoneArming,
    ZoneStatus,
)
from omnilink_sansio.simulator import Area, House, Thermostat, Unit, Zone
from omnilink_sansio.system import Nak
from tests.rows import each_row
from tests.simulator.driver import Driver


def online(house: House | None = None, now: float = 1000.0) -> Driver:
    driver = Driver(house, now=now)
    driver.connect()
    return driver


def _status(driver: Driver, kind: ObjectType, index: int) -> object:
    (record,) = driver.ask(RequestExtendedObjectStatus(kind, index, index)).records
    assert isinstance(record, ObjectStatusRecord)
    assert record.index == index
    return record


def unit(driver: Driver, index: int) -> UnitStatus:
    record = _status(driver, ObjectType.UNIT, index)
    assert isinstance(record, UnitStatus)
    return record


def zone(driver: Driver, index: int) -> ZoneStatus:
    record = _status(driver, ObjectType.ZONE, index)
    assert isinstance(record, ZoneStatus)
    return record


def area(driver: Driver, index: int) -> AreaStatus:
    record = _status(driver, ObjectType.AREA, index)
    assert isinstance(record, AreaStatus)
    return record


def thermostat(driver: Driver, index: int) -> ThermostatStatus:
    record = _status(driver, ObjectType.THERMOSTAT, index)
    assert isinstance(record, ThermostatStatus)
    return record


def assert_refused(driver: Driver, command: int, parameter1: int = 0, parameter2: int = 0) -> None:
    """A refusal is a Nak, and nothing has changed."""
    before = repr(driver.house)
    assert driver.reply(ControllerCommand(command, parameter1, parameter2)) == Nak()
    assert repr(driver.house) == before


# Units.


def test_a_unit_is_turned_on_and_off() -> None:
    driver = online()
    driver.command(Command.UNIT_ON, 0, 1)
    assert unit(driver, 1) == UnitStatus(1, 1, 0)
    driver.command(Command.UNIT_ON, 0, 1)
    assert unit(driver, 1) == UnitStatus(1, 1, 0)
    driver.command(Command.UNIT_OFF, 0, 1)
    assert unit(driver, 1) == UnitStatus(1, 0, 0)
    # The last one, which nobody named.
    driver.command(Command.UNIT_ON, 0, 511)
    assert unit(driver, 511).is_on


@pytest.mark.parametrize("percent", [0, 1, 50, 100])
def test_a_unit_is_set_to_a_level(percent: int) -> None:
    driver = online()
    driver.command(Command.UNIT_LEVEL, percent, 2)
    assert unit(driver, 2) == UnitStatus(2, 100 + percent, 0)
    assert unit(driver, 2).is_on == (percent > 0)


@each_row(
    ("parameter", "seconds"),
    [(1, 1), (30, 30), (99, 99), (101, 60), (105, 300), (199, 5940), (201, 3600), (218, 64800)],
)
@each_row(("command", "during", "after"), [(Command.UNIT_ON, 1, 0), (Command.UNIT_OFF, 0, 1)])
def test_a_timed_state_ends_on_time(
    parameter: int, seconds: int, command: Command, during: int, after: int
) -> None:
    driver = online()
    driver.command(command, parameter, 4)
    assert unit(driver, 4) == UnitStatus(4, during, seconds)
    driver.advance(seconds - 0.25)
    assert unit(driver, 4) == UnitStatus(4, during, 1)
    driver.advance(0.25)
    assert unit(driver, 4) == UnitStatus(4, after, 0)
    assert driver.panel.next_timeout() is None


def test_a_new_command_ends_the_time_of_the_old_one() -> None:
    driver = online()
    for command, parameter, state in [
        (Command.UNIT_ON, 0, 1),
        (Command.UNIT_LEVEL, 40, 140),
        (Command.ALL_ON, 0, 1),
    ]:
        driver.command(Command.UNIT_ON, 10, 1)
        driver.command(command, parameter, 0 if command is Command.ALL_ON else 1)
        driver.advance(20)
        assert unit(driver, 1) == UnitStatus(1, state, 0)


def _lights() -> House:
    return House(
        units={
            1: Unit("A", area_bits=0b01),
            2: Unit("B", area_bits=0b10, state=150),
            3: Unit("C", area_bits=0b11),
            4: Unit("", area_bits=0b11),
            257: Unit("SPRINKLER", UnitType.OUTPUT),
            393: Unit("HOLIDAY", UnitType.FLAG),
        }
    )


@pytest.mark.parametrize(
    ("chosen", "switched"), [(0, {1, 2, 3}), (1, {1, 3}), (2, {2, 3}), (3, set()), (8, set())]
)
def test_all_named_lights_of_an_area_are_switched(chosen: int, switched: set[int]) -> None:
    driver = online(_lights())
    before = {index: unit(driver, index).state for index in (1, 2, 3, 4, 257, 393)}
    driver.command(Command.ALL_ON, 0, chosen)
    assert {index: unit(driver, index).state for index in before} == {
        index: 1 if index in switched else state for index, state in before.items()
    }
    driver.command(Command.ALL_OFF, 0, chosen)
    assert {index: unit(driver, index).state for index in before} == {
        index: 0 if index in switched else state for index, state in before.items()
    }


def test_commands_for_units_that_are_refused() -> None:
    driver = online(House())
    for command in (Command.UNIT_ON, Command.UNIT_OFF):
        for index in (0, 512, 0xFFFF):
            assert_refused(driver, command, 0, index)
        # 100 and 200 are not assigned (20P00 §CONTROLLER COMMAND).
        for duration in (100, 200):
            assert_refused(driver, command, duration, 1)
    for index in (0, 512):
        assert_refused(driver, Command.UNIT_LEVEL, 50, index)
    for command in (Command.ALL_ON, Command.ALL_OFF, Command.RESTORE_ALL_ZONES):
        for chosen in (9, 0xFFFF):
            assert_refused(driver, command, 0, chosen)


def test_a_house_without_areas_refuses_commands_for_them() -> None:
    driver = online(House(capacities={ObjectType.AREA: 0}, units={1: Unit("A")}))
    assert_refused(driver, Command.ALL_ON, 0, 1)
    assert_refused(driver, Command.RESTORE_ALL_ZONES, 0, 1)
    assert_refused(driver, Command.SECURITY_AWAY, 1, 0)
    driver.command(Command.ALL_ON)
    assert unit(driver, 1).is_on


# Zones.


def test_a_zone_is_bypassed_and_restored() -> None:
    driver = online()
    driver.command(Command.BYPASS_ZONE, 1, 3)
    assert zone(driver, 3).arming is ZoneArming.BYPASSED_BY_USER
    assert zone(driver, 2).arming is ZoneArming.DISARMED
    driver.command(Command.RESTORE_ZONE, 1, 3)
    assert zone(driver, 3).arming is ZoneArming.DISARMED


@pytest.mark.parametrize(("chosen", "restored"), [(0, {1, 2, 3}), (1, {1, 2}), (2, {3}), (3, set())])
def test_all_zones_of_an_area_are_restored(chosen: int, restored: set[int]) -> None:
    driver = online(House(zones={1: Zone("A"), 2: Zone("B"), 3: Zone("C", area=2)}))
    for index in (1, 2, 3):
        driver.command(Command.BYPASS_ZONE, 1, index)
    driver.command(Command.RESTORE_ALL_ZONES, 1, chosen)
    assert {index for index in (1, 2, 3) if not zone(driver, index).is_bypassed} == restored


def test_zones_that_there_are_not_are_refused() -> None:
    driver = online(House())
    for command in (Command.BYPASS_ZONE, Command.RESTORE_ZONE):
        for index in (0, 177, 0xFFFF):
            assert_refused(driver, command, 1, index)


# Areas.


@pytest.mark.parametrize("mode", [mode for mode in SecurityMode if mode])
def test_an_area_is_armed_exactly_when_its_exit_delay_is_over(mode: SecurityMode) -> None:
    driver = online()
    driver.command(Command(Command.SECURITY_OFF + mode), 1, 2)
    assert area(driver, 2) == AreaStatus(2, mode | 8, 0, 0, 30)
    assert zone(driver, 6).arming is ZoneArming.DISARMED
    for left in range(29, 0, -1):
        driver.advance(1)
        assert area(driver, 2) == AreaStatus(2, mode | 8, 0, 0, left)
    driver.advance(0.999)
    assert area(driver, 2).is_arming
    assert area(driver, 2).exit_timer == 1
    driver.advance(0.001)
    assert area(driver, 2) == AreaStatus(2, mode, 0, 0, 0)
    assert area(driver, 2).is_armed
    assert zone(driver, 6).arming is ZoneArming.ARMED
    assert zone(driver, 1).arming is ZoneArming.DISARMED
    assert area(driver, 1).security_mode is SecurityMode.OFF


@example(now=490.43, delay=60)
@given(now=st.floats(0, 1e6), delay=st.integers(1, 255))
def test_the_exit_timer_begins_with_the_exit_delay_at_any_time_of_day(now: float, delay: int) -> None:
    driver = online(House(areas={1: Area("HOUSE", exit_delay=delay)}), now)
    driver.command(Command.SECURITY_AWAY, 1, 1)
    assert area(driver, 1).exit_timer == delay


def test_an_area_without_exit_delay_is_armed_at_once() -> None:
    driver = online(House(areas={1: Area("HOUSE", exit_delay=0)}))
    driver.command(Command.SECURITY_NIGHT, 1, 1)
    assert area(driver, 1) == AreaStatus(1, SecurityMode.NIGHT, 0, 0, 0)
    assert driver.panel.next_timeout() is None


def test_an_area_is_disarmed_during_its_exit_delay_and_after_it() -> None:
    driver = online()
    for wait in (10, 100):
        driver.command(Command.SECURITY_AWAY, 1, 1)
        driver.advance(wait)
        assert area(driver, 1).security_mode is SecurityMode.AWAY
        driver.command(Command.SECURITY_OFF, 1, 1)
        assert area(driver, 1) == AreaStatus(1, 0, 0, 0, 0)
        driver.advance(100)
        assert area(driver, 1) == AreaStatus(1, 0, 0, 0, 0)
    # Twice is harmless.
    driver.command(Command.SECURITY_OFF, 1, 1)
    assert area(driver, 1) == AreaStatus(1, 0, 0, 0, 0)


def test_area_0_is_every_area_that_is_set_up() -> None:
    driver = online()
    driver.command(Command.SECURITY_DAY, 1, 0)
    assert [area(driver, index).is_arming for index in range(1, 9)] == [True, True] + [False] * 6
    assert (area(driver, 1).exit_timer, area(driver, 2).exit_timer) == (60, 30)
    driver.advance(30)
    assert (area(driver, 1).is_arming, area(driver, 2).is_armed) == (True, True)
    driver.advance(30)
    assert area(driver, 1).is_armed
    driver.command(Command.SECURITY_OFF, 1, 0)
    assert [area(driver, index).mode for index in range(1, 9)] == [0] * 8


@pytest.mark.parametrize("index", [3, 9, 0xFFFF])
def test_areas_that_are_not_set_up_are_refused(index: int) -> None:
    driver = online(House(areas={1: Area("HOUSE")}))
    for mode in SecurityMode:
        assert_refused(driver, Command.SECURITY_OFF + mode, 1, index)


# Thermostats.


@each_row(
    ("command", "value", "field"),
    [
        (Command.SET_HEAT_SETPOINT, 0, "heat_setpoint"),
        (Command.SET_HEAT_SETPOINT, 180, "heat_setpoint"),
        (Command.SET_COOL_SETPOINT, 130, "cool_setpoint"),
        (Command.SET_SYSTEM_MODE, 4, "system_mode"),
        (Command.SET_FAN_MODE, 2, "fan"),
        (Command.SET_HOLD_MODE, 255, "hold"),
        (Command.SET_HOLD_MODE, 1, "hold"),
        (Command.SET_HUMIDIFY_SETPOINT, 44, "humidify_setpoint"),
        (Command.SET_HUMIDIFY_SETPOINT, 156, "humidify_setpoint"),
        (Command.SET_DEHUMIDIFY_SETPOINT, 100, "dehumidify_setpoint"),
    ],
)
def test_a_thermostat_is_set(command: Command, value: int, field: str) -> None:
    driver = online()
    before = thermostat(driver, 1)
    other = thermostat(driver, 2)
    driver.command(command, value, 1)
    changed = thermostat(driver, 1)
    assert getattr(changed, field) == value
    for name in ThermostatStatus.__dataclass_fields__:
        # What it does now follows from what it is to do.
        if name not in (field, "action"):
            assert getattr(changed, name) == getattr(before, name), name
    assert thermostat(driver, 2) == other
    # All of them.
    driver.command(command, value, 0)
    assert getattr(thermostat(driver, 2), field) == value
    # But not those that nobody named.
    assert thermostat(driver, 3) == thermostat(online(), 3)


def test_hold_255_is_hold() -> None:
    driver = online()
    driver.command(Command.SET_HOLD_MODE, 255, 1)
    assert thermostat(driver, 1).hold_mode is HoldMode.HOLD
    driver.command(Command.SET_HOLD_MODE, 0, 1)
    assert thermostat(driver, 1).hold_mode is HoldMode.OFF


@each_row(
    ("command", "field"),
    [(Command.ADJUST_HEAT_SETPOINT, "heat_setpoint"), (Command.ADJUST_COOL_SETPOINT, "cool_setpoint")],
)
@each_row("steps", [-50, -2, 0, 1, 50])
def test_a_set_point_is_raised_and_lowered_by_signed_steps(command: Command, field: str, steps: int) -> None:
    driver = online()
    before = {index: getattr(thermostat(driver, index), field) for index in (1, 2)}
    driver.command(command, steps & 0xFF, 1)
    assert getattr(thermostat(driver, 1), field) == before[1] + steps
    assert getattr(thermostat(driver, 2), field) == before[2]
    driver.command(command, steps & 0xFF, 0)
    assert getattr(thermostat(driver, 1), field) == min(before[1] + 2 * steps, 180)
    assert getattr(thermostat(driver, 2), field) == before[2] + steps


def test_a_set_point_stays_within_its_range() -> None:
    driver = online(House(thermostats={1: Thermostat("A", heat_setpoint=20, cool_setpoint=170)}))
    driver.command(Command.ADJUST_HEAT_SETPOINT, -50 & 0xFF, 1)
    driver.command(Command.ADJUST_COOL_SETPOINT, 50, 1)
    assert (thermostat(driver, 1).heat_setpoint, thermostat(driver, 1).cool_setpoint) == (0, 180)


def test_values_for_thermostats_that_are_refused() -> None:
    driver = online(House(thermostats={1: Thermostat("A")}))
    refused = {
        Command.SET_HEAT_SETPOINT: (181, 200),
        Command.SET_COOL_SETPOINT: (181, 200),
        Command.SET_SYSTEM_MODE: (5, 255),
        Command.SET_FAN_MODE: (3, 255),
        Command.SET_HOLD_MODE: (3, 254),
        Command.ADJUST_HEAT_SETPOINT: (51, 128, 205),
        Command.ADJUST_COOL_SETPOINT: (51, 128, 205),
        Command.SET_HUMIDIFY_SETPOINT: (1, 43, 157, 200),
        Command.SET_DEHUMIDIFY_SETPOINT: (1, 43, 157, 200),
    }
    for command, values in refused.items():
        for value in values:
            assert_refused(driver, command, value, 1)
            assert_refused(driver, command, value, 0)
        for index in (65, 0xFFFF):
            assert_refused(driver, command, 0, index)
    # "All" of none.
    empty = online(House())
    for command in refused:
        assert_refused(empty, command, 0, 0)


# Buttons, and what this panel does not know.


def test_a_button_is_pressed() -> None:
    driver = online()
    driver.command(Command.EXECUTE_BUTTON, 0, 1)
    driver.command(Command.EXECUTE_BUTTON, 0, 128)
    for index in (0, 129, 0xFFFF):
        with pytest.raises(CommandFailedError, match="EXECUTE_BUTTON"):
            driver.command(Command.EXECUTE_BUTTON, 0, index)


PRINTED = {*range(16), *range(17, 31), *range(33, 55), *range(60, 63), *range(64, 75), *range(80, 87)}
PRINTED |= {*range(100, 107), *range(112, 116)}
"""The commands of 20P00 §CONTROLLER COMMAND."""


def test_commands_that_are_not_printed_are_refused() -> None:
    driver = online(House(areas={1: Area("A")}, thermostats={1: Thermostat("A")}))
    unknown = set(range(256)) - PRINTED
    assert len(unknown) == 256 - 84
    for command in unknown:
        for parameter1, parameter2 in [(0, 0), (1, 1)]:
            assert_refused(driver, command, parameter1, parameter2)


def test_properties_show_what_a_command_did() -> None:
    driver = online()
    driver.command(Command.UNIT_ON, 60, 1)
    properties = driver.exchange(RequestObjectProperties(ObjectType.UNIT, 1)).data
    assert properties[3:6] == bytes((1, 0, 60))
