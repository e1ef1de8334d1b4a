"""Commands to thermostats and sensors, energy savers and the energy cost.

A set point that is changed while hold is on is ignored by some thermostats: a client's calls whose names end with
``and_confirm`` read it back.
"""

from enum import IntEnum, unique

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.controller_command import ControllerCommand, checked_command
from omnilink_sansio.messages.commands.parameters import HUMIDITY, FromUserSetting
from omnilink_sansio.messages.objects.thermostat import FanMode, HoldMode, HvacMode
from omnilink_sansio.messages.record import member_of
from omnilink_sansio.messages.temperature import celsius_to_omni_temp, fahrenheit_to_omni_temp

__all__ = [
    "EnergyCost",
    "adjust_thermostat_cool_setpoint",
    "adjust_thermostat_heat_setpoint",
    "set_energy_cost",
    "set_thermostat_cool_setpoint_celsius",
    "set_thermostat_cool_setpoint_fahrenheit",
    "set_thermostat_cool_setpoint_raw",
    "set_thermostat_dehumidify_setpoint",
    "set_thermostat_fan_mode",
    "set_thermostat_heat_setpoint_celsius",
    "set_thermostat_heat_setpoint_fahrenheit",
    "set_thermostat_heat_setpoint_raw",
    "set_thermostat_hold_mode",
    "set_thermostat_humidify_setpoint",
    "set_thermostat_system_mode",
    "turn_energy_saver_off",
    "turn_energy_saver_on",
]

_HOLD = 255
_DISABLED = 0
_LOWEST = -40
_HIGHEST_CELSIUS = 50
_HIGHEST_FAHRENHEIT = 122


@unique
class EnergyCost(IntEnum):
    """What energy costs now."""

    LOW = 0
    MID = 1
    HIGH = 2
    CRITICAL = 3


def set_thermostat_heat_setpoint_raw(index: int, raw: int | FromUserSetting) -> ControllerCommand:
    """Set the heat set point of a thermostat, or the low one of a temperature or humidity sensor.

    ``raw`` is 0 to 180, half degrees Celsius above -40, or user setting 1 to 55; ``index`` 0 is all thermostats
    where the controller knows that. Some thermostats ignore a set point while hold is on:
    `set_thermostat_heat_setpoint_raw_and_confirm` reads it back.
    """
    return checked_command(Command.SET_HEAT_SETPOINT, raw, index)


def set_thermostat_heat_setpoint_celsius(index: int, celsius: float) -> ControllerCommand:
    """Set the heat set point of a thermostat (0: of all) to the nearest half degree, -40 to 50 °C."""
    return _celsius(Command.SET_HEAT_SETPOINT, celsius, index)


def set_thermostat_heat_setpoint_fahrenheit(index: int, fahrenheit: float) -> ControllerCommand:
    """Set the heat set point of a thermostat (0: of all) to what displays as these degrees, -40 to 122 °F."""
    return _fahrenheit(Command.SET_HEAT_SETPOINT, fahrenheit, index)


def set_thermostat_cool_setpoint_raw(index: int, raw: int | FromUserSetting) -> ControllerCommand:
    """Set the cool set point of a thermostat, or the high one of a sensor, as the heat one is set."""
    return checked_command(Command.SET_COOL_SETPOINT, raw, index)


def set_thermostat_cool_setpoint_celsius(index: int, celsius: float) -> ControllerCommand:
    """Set the cool set point of a thermostat (0: of all) to the nearest half degree, -40 to 50 °C."""
    return _celsius(Command.SET_COOL_SETPOINT, celsius, index)


def set_thermostat_cool_setpoint_fahrenheit(index: int, fahrenheit: float) -> ControllerCommand:
    """Set the cool set point of a thermostat (0: of all) to what displays as these degrees, -40 to 122 °F."""
    return _fahrenheit(Command.SET_COOL_SETPOINT, fahrenheit, index)


def _celsius(kind: Command, celsius: float, index: int) -> ControllerCommand:
    if not _LOWEST <= celsius <= _HIGHEST_CELSIUS:
        raise LocalProtocolError(f"{kind.name}: set point is -40 to 50 °C, not {celsius!r}")
    return checked_command(kind, celsius_to_omni_temp(celsius), index)


def _fahrenheit(kind: Command, fahrenheit: float, index: int) -> ControllerCommand:
    if not _LOWEST <= fahrenheit <= _HIGHEST_FAHRENHEIT:
        raise LocalProtocolError(f"{kind.name}: set point is -40 to 122 °F, not {fahrenheit!r}")
    return checked_command(kind, fahrenheit_to_omni_temp(fahrenheit), index)


def adjust_thermostat_heat_setpoint(index: int, steps: int) -> ControllerCommand:
    """Raise (or with negative steps lower) the heat set point by -50 to 50 half degrees Celsius (0.9 °F)."""
    return checked_command(Command.ADJUST_HEAT_SETPOINT, steps, index)


def adjust_thermostat_cool_setpoint(index: int, steps: int) -> ControllerCommand:
    """Raise (or with negative steps lower) the cool set point by -50 to 50 half degrees Celsius (0.9 °F)."""
    return checked_command(Command.ADJUST_COOL_SETPOINT, steps, index)


def set_thermostat_humidify_setpoint(index: int, percent: int | FromUserSetting | None) -> ControllerCommand:
    """Set the relative humidity below which a thermostat humidifies: 0 to 100 percent; None: never.

    Or that of user setting 1 to 55.
    """
    return checked_command(
        Command.SET_HUMIDIFY_SETPOINT, _humidity(Command.SET_HUMIDIFY_SETPOINT, percent), index
    )


def set_thermostat_dehumidify_setpoint(
    index: int, percent: int | FromUserSetting | None
) -> ControllerCommand:
    """Set the relative humidity above which a thermostat dehumidifies, as the humidify one is set."""
    return checked_command(
        Command.SET_DEHUMIDIFY_SETPOINT, _humidity(Command.SET_DEHUMIDIFY_SETPOINT, percent), index
    )


def _humidity(kind: Command, percent: int | FromUserSetting | None) -> int | FromUserSetting:
    if percent is None:
        return _DISABLED
    if isinstance(percent, FromUserSetting):
        return percent
    try:
        return HUMIDITY.encode(percent)
    except LocalProtocolError as error:
        raise LocalProtocolError(f"{kind.name}: {error}") from None


def set_thermostat_system_mode(index: int, mode: HvacMode) -> ControllerCommand:
    """Set the system mode of a thermostat (0: of all)."""
    return checked_command(Command.SET_SYSTEM_MODE, member_of(HvacMode, mode), index)


def set_thermostat_fan_mode(index: int, mode: FanMode) -> ControllerCommand:
    """Set the fan mode of a thermostat (0: of all)."""
    return checked_command(Command.SET_FAN_MODE, member_of(FanMode, mode), index)


def set_thermostat_hold_mode(index: int, mode: HoldMode) -> ControllerCommand:
    """Set or end the hold of a thermostat (0: of all): off is sent as 0, hold as 255 (20P00 §CONTROLLER COMMAND).

    Status reports hold as 1 and vacation hold as 2, and other clients send these numbers. Whether controllers take
    them is not printed: ``execute_command(Command.SET_HOLD_MODE, 1, index)`` tries.
    """
    if mode == HoldMode.VACATION_HOLD:
        raise LocalProtocolError(
            "SET_HOLD_MODE: off and hold can be set; the vendor has no command for vacation hold "
            "(execute_command sends the number 2, if you want to try)"
        )
    return checked_command(Command.SET_HOLD_MODE, _HOLD if member_of(HoldMode, mode) else 0, index)


def set_energy_cost(cost: EnergyCost) -> ControllerCommand:
    """Set the energy cost that applies now."""
    return checked_command(Command.SET_ENERGY_COST, member_of(EnergyCost, cost))


def turn_energy_saver_on(index: int, duration: int | FromUserSetting = 0) -> ControllerCommand:
    """Turn an energy saver (1 to 511) on, for ``duration`` seconds as in `turn_unit_on` when that is not 0."""
    return checked_command(Command.ENERGY_SAVER_ON, duration, index)


def turn_energy_saver_off(index: int, duration: int | FromUserSetting = 0) -> ControllerCommand:
    """Turn an energy saver (1 to 511) off, for ``duration`` seconds as in `turn_unit_on` when that is not 0."""
    return checked_command(Command.ENERGY_SAVER_OFF, duration, index)
