"""What the emulated panel does on a command (20P00 §CONTROLLER COMMAND).

A command that this panel does not know, or whose parameters are out of range, is refused: None.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from omnilink_sansio.messages.commands import Command
from omnilink_sansio.messages.controller_command import ControllerCommand
from omnilink_sansio.messages.objects import FanMode, HvacMode, ObjectType, SecurityMode, UnitType
from omnilink_sansio.messages.objects.unit import LEVEL_OFFSET
from omnilink_sansio.simulator.house import Area, House, Thermostat, Unit

__all__ = ["Changes", "carry_out"]

Changes: TypeAlias = set[tuple[ObjectType, int]]
"""The objects that a command changed, by kind and number."""

_Handler: TypeAlias = Callable[[House, ControllerCommand], Changes | None]

_HIGHEST_SETPOINT = 180
_HOLD = 255
_STEPS = 50
_HUMIDITY = range(44, 157)


def carry_out(house: House, command: ControllerCommand) -> Changes | None:
    """Carry out a command; return what changed, or None when it is refused."""
    handler = _HANDLERS.get(command.command)
    return None if handler is None else handler(house, command)


def duration_seconds(parameter: int) -> int | None:
    """Return the seconds of a duration parameter: 0 no limit, 1-99 s, 101-199 min, 201-218 h; None for others."""
    if parameter < 100:
        return parameter
    if 101 <= parameter < 200:
        return (parameter - 100) * 60
    if 201 <= parameter <= 218:
        return (parameter - 200) * 3600
    return None


def _switch_unit(house: House, command: ControllerCommand) -> Changes | None:
    unit = house.find(ObjectType.UNIT, command.parameter2)
    seconds = duration_seconds(command.parameter1)
    if not isinstance(unit, Unit) or seconds is None:
        return None
    on = command.command == Command.UNIT_ON
    _set_unit(unit, int(on))
    if seconds:
        unit.until, unit.state_after = house.now + seconds, int(not on)
    return {(ObjectType.UNIT, command.parameter2)}


def _set_level(house: House, command: ControllerCommand) -> Changes | None:
    unit = house.find(ObjectType.UNIT, command.parameter2)
    if not isinstance(unit, Unit) or command.parameter1 > 100:
        return None
    _set_unit(unit, LEVEL_OFFSET + command.parameter1)
    return {(ObjectType.UNIT, command.parameter2)}


def _set_unit(unit: Unit, state: int) -> None:
    unit.state, unit.until = state, None


def _switch_all(house: House, command: ControllerCommand) -> Changes | None:
    area = command.parameter2
    if area > house.capacities.get(ObjectType.AREA, 0):
        return None
    changed: Changes = set()
    for index, unit in house.units.items():
        # Flags and outputs are no lights.
        if (
            unit.name
            and unit.unit_type not in (UnitType.FLAG, UnitType.OUTPUT)
            and _in_area(unit.areas(), area)
        ):
            _set_unit(unit, int(command.command == Command.ALL_ON))
            changed.add((ObjectType.UNIT, index))
    return changed


def _in_area(areas: int, area: int) -> bool:
    return area == 0 or bool(areas >> area - 1 & 1)


def _bypass(house: House, command: ControllerCommand) -> Changes | None:
    index = command.parameter2
    if house.find(ObjectType.ZONE, index) is None:
        return None
    house.zones[index].bypassed = command.command == Command.BYPASS_ZONE
    return {(ObjectType.ZONE, index)}


def _restore_all(house: House, command: ControllerCommand) -> Changes | None:
    area = command.parameter2
    if area > house.capacities.get(ObjectType.AREA, 0):
        return None
    changed: Changes = set()
    for index, zone in house.zones.items():
        if zone.bypassed and _in_area(zone.areas(), area):
            zone.bypassed = False
            changed.add((ObjectType.ZONE, index))
    return changed


def _arm(house: House, command: ControllerCommand) -> Changes | None:
    mode = SecurityMode(command.command - Command.SECURITY_OFF)
    chosen = command.parameter2
    if chosen:
        area = house.find(ObjectType.AREA, chosen)
        targets = {chosen: area} if isinstance(area, Area) and area.enabled else {}
    else:
        targets = {index: area for index, area in house.areas.items() if area.enabled}
    if not targets:
        return None
    for area in targets.values():
        area.mode = mode
        delayed = mode is not SecurityMode.OFF and area.exit_delay
        area.armed_at = house.now + area.exit_delay if delayed else None
    return {(ObjectType.AREA, index) for index in targets}


def _thermostats(attribute: str, allowed: Callable[[int], bool]) -> _Handler:
    """Return a handler that sets one attribute of a thermostat, or of all with parameter 2 = 0."""

    def handle(house: House, command: ControllerCommand) -> Changes | None:
        targets = _chosen_thermostats(house, command.parameter2)
        if not targets or not allowed(command.parameter1):
            return None
        for thermostat in targets.values():
            setattr(thermostat, attribute, command.parameter1)
        return {(ObjectType.THERMOSTAT, index) for index in targets}

    return handle


def _adjust(attribute: str) -> _Handler:
    """Return a handler that raises or lowers a set point by a signed number of steps."""

    def handle(house: House, command: ControllerCommand) -> Changes | None:
        targets = _chosen_thermostats(house, command.parameter2)
        steps = (command.parameter1 + 128) % 256 - 128
        if not targets or abs(steps) > _STEPS:
            return None
        for thermostat in targets.values():
            raised = getattr(thermostat, attribute) + steps
            setattr(thermostat, attribute, min(max(raised, 0), _HIGHEST_SETPOINT))
        return {(ObjectType.THERMOSTAT, index) for index in targets}

    return handle


def _chosen_thermostats(house: House, index: int) -> dict[int, Thermostat]:
    if index == 0:
        return {number: item for number, item in house.thermostats.items() if item.name}
    found = house.find(ObjectType.THERMOSTAT, index)
    return {index: found} if isinstance(found, Thermostat) else {}


def _press_button(house: House, command: ControllerCommand) -> Changes | None:
    if house.find(ObjectType.BUTTON, command.parameter2) is None:
        return None
    return {(ObjectType.BUTTON, command.parameter2)}


def _is_setpoint(value: int) -> bool:
    return value <= _HIGHEST_SETPOINT


def _is_humidity(value: int) -> bool:
    return value == 0 or value in _HUMIDITY


_HANDLERS: Mapping[int, _Handler] = MappingProxyType(
    {
        Command.UNIT_OFF: _switch_unit,
        Command.UNIT_ON: _switch_unit,
        Command.ALL_OFF: _switch_all,
        Command.ALL_ON: _switch_all,
        Command.BYPASS_ZONE: _bypass,
        Command.RESTORE_ZONE: _bypass,
        Command.RESTORE_ALL_ZONES: _restore_all,
        Command.EXECUTE_BUTTON: _press_button,
        Command.UNIT_LEVEL: _set_level,
        **{Command(Command.SECURITY_OFF + mode): _arm for mode in SecurityMode},
        Command.SET_HEAT_SETPOINT: _thermostats("heat_setpoint", _is_setpoint),
        Command.SET_COOL_SETPOINT: _thermostats("cool_setpoint", _is_setpoint),
        Command.SET_SYSTEM_MODE: _thermostats("system_mode", lambda value: value <= max(HvacMode)),
        Command.SET_FAN_MODE: _thermostats("fan_mode", lambda value: value <= max(FanMode)),
        Command.SET_HOLD_MODE: _thermostats("hold", lambda value: value in (0, 1, 2, _HOLD)),
        Command.ADJUST_HEAT_SETPOINT: _adjust("heat_setpoint"),
        Command.ADJUST_COOL_SETPOINT: _adjust("cool_setpoint"),
        Command.SET_HUMIDIFY_SETPOINT: _thermostats("humidify_setpoint", _is_humidity),
        Command.SET_DEHUMIDIFY_SETPOINT: _thermostats("dehumidify_setpoint", _is_humidity),
    }
)
"""The commands that this panel knows."""
