"""Commands to thermostats and sensors, energy savers and the energy cost.

A set point that is changed while hold is on is ignored by some thermostats: read it back.
"""

from enum import IntEnum, unique

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.controller_command import ControllerCommand, command
from omnilink_sansio.messages.commands.parameters import FromUserSetting
from omnilink_sansio.messages.objects import FanMode, HoldMode, HvacMode
from omnilink_sansio.messages.record import member_of
from omnilink_sansio.messages.temperature import (
    celsius_to_omni_temp,
    fahrenheit_to_omni_temp,
    humidity_to_omni_temp,
)

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
    where the controller knows that.
    """
    return command(Command.SET_HEAT_SETPOINT, raw, index)


def set_thermostat_heat_setpoint_celsius(index: int, celsius: float) -> ControllerCommand:
    """Set the heat set point of a thermostat to the nearest half degree, -40 to 50 °C."""
    return command(Command.SET_HEAT_SETPOINT, celsius_to_omni_temp(celsius), index)


def set_thermostat_heat_setpoint_fahrenheit(index: int, fahrenheit: float) -> ControllerCommand:
    """Set the heat set point of a thermostat to what it displays as these degrees, -40 to 122 °F."""
    return command(Command.SET_HEAT_SETPOINT, fahrenheit_to_omni_temp(fahrenheit), index)


def set_thermostat_cool_setpoint_raw(index: int, raw: int | FromUserSetting) -> ControllerCommand:
    """Set the cool set point of a thermostat, or the high one of a sensor, as the heat one is set."""
    return command(Command.SET_COOL_SETPOINT, raw, index)


def set_thermostat_cool_setpoint_celsius(index: int, celsius: float) -> ControllerCommand:
    """Set the cool set point of a thermostat to the nearest half degree, -40 to 50 °C."""
    return command(Command.SET_COOL_SETPOINT, celsius_to_omni_temp(celsius), index)


def set_thermostat_cool_setpoint_fahrenheit(index: int, fahrenheit: float) -> ControllerCommand:
    """Set the cool set point of a thermostat to what it displays as these degrees, -40 to 122 °F."""
    return command(Command.SET_COOL_SETPOINT, fahrenheit_to_omni_temp(fahrenheit), index)


def adjust_thermostat_heat_setpoint(index: int, steps: int) -> ControllerCommand:
    """Raise (or with negative steps lower) the heat set point by -50 to 50 half degrees Celsius (0.9 °F)."""
    return command(Command.ADJUST_HEAT_SETPOINT, steps, index)


def adjust_thermostat_cool_setpoint(index: int, steps: int) -> ControllerCommand:
    """Raise (or with negative steps lower) the cool set point by -50 to 50 half degrees Celsius (0.9 °F)."""
    return command(Command.ADJUST_COOL_SETPOINT, steps, index)


def set_thermostat_humidify_setpoint(index: int, percent: int | FromUserSetting | None) -> ControllerCommand:
    """Set the relative humidity below which a thermostat humidifies: 0 to 100 percent; None: never.

    Or that of user setting 1 to 55.
    """
    return command(Command.SET_HUMIDIFY_SETPOINT, _humidity(percent), index)


def set_thermostat_dehumidify_setpoint(
    index: int, percent: int | FromUserSetting | None
) -> ControllerCommand:
    """Set the relative humidity above which a thermostat dehumidifies, as the humidify one is set."""
    return command(Command.SET_DEHUMIDIFY_SETPOINT, _humidity(percent), index)


def _humidity(percent: int | FromUserSetting | None) -> int | FromUserSetting:
    if percent is None:
        return _DISABLED
    return percent if isinstance(percent, FromUserSetting) else humidity_to_omni_temp(percent)


def set_thermostat_system_mode(index: int, mode: HvacMode) -> ControllerCommand:
    """Set the system mode of a thermostat (0: of all)."""
    return command(Command.SET_SYSTEM_MODE, mode, index)


def set_thermostat_fan_mode(index: int, mode: FanMode) -> ControllerCommand:
    """Set the fan mode of a thermostat (0: of all)."""
    return command(Command.SET_FAN_MODE, mode, index)


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
    return command(Command.SET_HOLD_MODE, _HOLD if member_of(HoldMode, mode) else 0, index)


def set_energy_cost(cost: EnergyCost) -> ControllerCommand:
    """Tell the controller what energy costs now."""
    return command(Command.SET_ENERGY_COST, cost)


def turn_energy_saver_on(index: int, duration: int | FromUserSetting = 0) -> ControllerCommand:
    """Turn an energy saver on, for ``duration`` seconds as in `turn_unit_on` when that is not 0."""
    return command(Command.ENERGY_SAVER_ON, duration, index)


def turn_energy_saver_off(index: int, duration: int | FromUserSetting = 0) -> ControllerCommand:
    """Turn an energy saver off, for ``duration`` seconds as in `turn_unit_on` when that is not 0."""
    return command(Command.ENERGY_SAVER_OFF, duration, index)
