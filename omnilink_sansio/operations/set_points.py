"""Set points that are seen through: a thermostat whose hold is on may ignore a new one, and nothing reports that.

Each sends the command of the same name and returns the thermostat's status once that shows the set point.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

from omnilink_sansio.errors import (
    CommandFailedError,
    Fault,
    LocalProtocolError,
    RemoteProtocolError,
    RequestTimeoutError,
    SetpointFailedError,
)
from omnilink_sansio.messages.commands.climate import (
    adjust_thermostat_cool_setpoint,
    adjust_thermostat_heat_setpoint,
    set_thermostat_cool_setpoint_celsius,
    set_thermostat_cool_setpoint_fahrenheit,
    set_thermostat_cool_setpoint_raw,
    set_thermostat_dehumidify_setpoint,
    set_thermostat_heat_setpoint_celsius,
    set_thermostat_heat_setpoint_fahrenheit,
    set_thermostat_heat_setpoint_raw,
    set_thermostat_humidify_setpoint,
)
from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.command_table import COMMANDS
from omnilink_sansio.messages.commands.controller_command import ControllerCommand
from omnilink_sansio.messages.commands.parameters import FromUserSetting
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.thermostat import HoldMode, ThermostatStatus
from omnilink_sansio.messages.objects.user_setting import UserSettingStatus
from omnilink_sansio.messages.temperature import celsius_reading, humidity_reading
from omnilink_sansio.operations.confirmation import Confirmation, check_seconds, send_and_confirm
from omnilink_sansio.operations.operation import Operation
from omnilink_sansio.operations.status import get_extended_status, get_object_status

__all__ = [
    "adjust_thermostat_cool_setpoint_and_confirm",
    "adjust_thermostat_heat_setpoint_and_confirm",
    "set_thermostat_cool_setpoint_celsius_and_confirm",
    "set_thermostat_cool_setpoint_fahrenheit_and_confirm",
    "set_thermostat_cool_setpoint_raw_and_confirm",
    "set_thermostat_dehumidify_setpoint_and_confirm",
    "set_thermostat_heat_setpoint_celsius_and_confirm",
    "set_thermostat_heat_setpoint_fahrenheit_and_confirm",
    "set_thermostat_heat_setpoint_raw_and_confirm",
    "set_thermostat_humidify_setpoint_and_confirm",
]

_HIGHEST_SETPOINT = 180


def set_thermostat_heat_setpoint_raw_and_confirm(
    index: int, raw: int | FromUserSetting, seconds: float = 5.0
) -> Operation[ThermostatStatus]:
    """Set the heat set point of one thermostat, 1 and up, and return its status once that shows it.

    ``raw`` is 0 to 180, half degrees Celsius above -40, or user setting 1 to 55, whose value is read first. The
    status is asked for, extended where the firmware knows that, until it shows the set point, with pauses of
    ``seconds`` in all between; the time that replies take comes on top. A command that is not answered is not sent
    again, but confirmed by the status all the same. Raises `SetpointFailedError`, which says "ignored: hold is on"
    when it is, or what else was seen, and `OutcomeUnknownError` when the command is not answered and the status
    does not show the set point. What is out of range is a `LocalProtocolError` before anything is sent.
    """
    return _confirmed(set_thermostat_heat_setpoint_raw(index, raw), seconds)


def set_thermostat_heat_setpoint_celsius_and_confirm(
    index: int, celsius: float, seconds: float = 5.0
) -> Operation[ThermostatStatus]:
    """Set the heat set point of one thermostat to the nearest half degree, -40 to 50 °C, and see it through.

    As `set_thermostat_heat_setpoint_raw_and_confirm` does.
    """
    return _confirmed(set_thermostat_heat_setpoint_celsius(index, celsius), seconds)


def set_thermostat_heat_setpoint_fahrenheit_and_confirm(
    index: int, fahrenheit: float, seconds: float = 5.0
) -> Operation[ThermostatStatus]:
    """Set the heat set point of one thermostat to what displays as these degrees, and see it through.

    -40 to 122 °F. As `set_thermostat_heat_setpoint_raw_and_confirm` does.
    """
    return _confirmed(set_thermostat_heat_setpoint_fahrenheit(index, fahrenheit), seconds)


def set_thermostat_cool_setpoint_raw_and_confirm(
    index: int, raw: int | FromUserSetting, seconds: float = 5.0
) -> Operation[ThermostatStatus]:
    """Set the cool set point of one thermostat, and see it through as the heat one is."""
    return _confirmed(set_thermostat_cool_setpoint_raw(index, raw), seconds)


def set_thermostat_cool_setpoint_celsius_and_confirm(
    index: int, celsius: float, seconds: float = 5.0
) -> Operation[ThermostatStatus]:
    """Set the cool set point of one thermostat to the nearest half degree, -40 to 50 °C, and see it through.

    As `set_thermostat_heat_setpoint_raw_and_confirm` does.
    """
    return _confirmed(set_thermostat_cool_setpoint_celsius(index, celsius), seconds)


def set_thermostat_cool_setpoint_fahrenheit_and_confirm(
    index: int, fahrenheit: float, seconds: float = 5.0
) -> Operation[ThermostatStatus]:
    """Set the cool set point of one thermostat to what displays as these degrees, and see it through.

    -40 to 122 °F. As `set_thermostat_heat_setpoint_raw_and_confirm` does.
    """
    return _confirmed(set_thermostat_cool_setpoint_fahrenheit(index, fahrenheit), seconds)


def adjust_thermostat_heat_setpoint_and_confirm(
    index: int, steps: int, seconds: float = 5.0
) -> Operation[ThermostatStatus]:
    """Raise (or with negative steps lower) the heat set point of one thermostat, and see it through.

    By -50 to 50 half degrees Celsius (0.9 °F), from what its status shows before; that the sum is 0 to 180 raw is
    checked then. Otherwise as `set_thermostat_heat_setpoint_raw_and_confirm`.
    """
    return _confirmed(adjust_thermostat_heat_setpoint(index, steps), seconds, steps)


def adjust_thermostat_cool_setpoint_and_confirm(
    index: int, steps: int, seconds: float = 5.0
) -> Operation[ThermostatStatus]:
    """Raise (or with negative steps lower) the cool set point of one thermostat, and see it through.

    As `adjust_thermostat_heat_setpoint_and_confirm` does.
    """
    return _confirmed(adjust_thermostat_cool_setpoint(index, steps), seconds, steps)


def set_thermostat_humidify_setpoint_and_confirm(
    index: int, percent: int | FromUserSetting | None, seconds: float = 5.0
) -> Operation[ThermostatStatus]:
    """Set the relative humidity below which a thermostat humidifies, and see it through.

    0 to 100 percent, that of user setting 1 to 55, or None: never. Only extended status shows it (firmware 3.0 and
    later): `SetpointFailedError` with others. As `set_thermostat_heat_setpoint_raw_and_confirm` does.
    """
    return _confirmed(set_thermostat_humidify_setpoint(index, percent), seconds)


def set_thermostat_dehumidify_setpoint_and_confirm(
    index: int, percent: int | FromUserSetting | None, seconds: float = 5.0
) -> Operation[ThermostatStatus]:
    """Set the relative humidity above which a thermostat dehumidifies, and see it through.

    As `set_thermostat_humidify_setpoint_and_confirm` does.
    """
    return _confirmed(set_thermostat_dehumidify_setpoint(index, percent), seconds)


class _Setpoint(NamedTuple):
    """One of a thermostat's set points."""

    name: str
    read: Callable[[ThermostatStatus], int | None]
    spell: Callable[[int], str]


def _degrees(raw: int) -> str:
    celsius = celsius_reading(raw)
    return "nothing" if celsius is None else f"{celsius:g} °C"


def _percent(raw: int) -> str:
    percent = humidity_reading(raw)
    return "nothing" if percent is None else f"{percent} %"


_HEAT = _Setpoint("heat set point", lambda status: status.heat_setpoint, _degrees)
_COOL = _Setpoint("cool set point", lambda status: status.cool_setpoint, _degrees)
_SETPOINTS = {
    Command.SET_HEAT_SETPOINT: _HEAT,
    Command.SET_COOL_SETPOINT: _COOL,
    Command.ADJUST_HEAT_SETPOINT: _HEAT,
    Command.ADJUST_COOL_SETPOINT: _COOL,
    Command.SET_HUMIDIFY_SETPOINT: _Setpoint(
        "humidify set point", lambda status: status.humidify_setpoint, _percent
    ),
    Command.SET_DEHUMIDIFY_SETPOINT: _Setpoint(
        "dehumidify set point", lambda status: status.dehumidify_setpoint, _percent
    ),
}


class _Thermostat:
    """Looks at one thermostat, in extended status until that turns out not to be known."""

    def __init__(self, index: int) -> None:
        self._index = index
        self._is_extended = True

    def look(self) -> Operation[ThermostatStatus]:
        get = get_extended_status if self._is_extended else get_object_status
        for status in (yield from get(ObjectType.THERMOSTAT, self._index)):
            if isinstance(status, ThermostatStatus):
                self._is_extended = status.humidity is not None
                return status
        raise RemoteProtocolError(
            Fault.UNEXPECTED_REPLY, f"asked for the status of thermostat {self._index}, answered with none"
        )


def _confirmed(
    command: ControllerCommand, seconds: float, steps: int | None = None
) -> Operation[ThermostatStatus]:
    if command.parameter2 == 0:
        raise LocalProtocolError("one thermostat is seen through at a time, 1 and up; 0 would be all of them")
    check_seconds(seconds)
    return _send(command, seconds, steps)


def _send(command: ControllerCommand, seconds: float, steps: int | None) -> Operation[ThermostatStatus]:
    setpoint = _SETPOINTS[Command(command.command)]
    thermostat = _Thermostat(command.parameter2)
    if steps is None:
        wanted = yield from _value(command)
    else:
        wanted = (setpoint.read((yield from thermostat.look())) or 0) + steps
        if not 0 <= wanted <= _HIGHEST_SETPOINT:
            raise LocalProtocolError(
                f"the {setpoint.name} would become {wanted}, and is 0 to {_HIGHEST_SETPOINT}"
            )
    confirmation = yield from send_and_confirm(
        command, thermostat.look, lambda status: setpoint.read(status) == wanted, seconds
    )
    if confirmation.shown is not None:
        return confirmation.shown
    seen = confirmation.seen
    if confirmation.is_refused:
        # What matters is that the controller refused.
        with suppress(CommandFailedError, RemoteProtocolError, RequestTimeoutError):
            seen = yield from thermostat.look()
    raise _failure(command, setpoint, wanted, confirmation, seen) from confirmation.error


def _value(command: ControllerCommand) -> Operation[int]:
    """Return the raw set point that a command sets: its own, or that of the user setting that it names."""
    number = COMMANDS[Command(command.command)].parameter1.user_setting(command.parameter1)
    if number is None:
        return command.parameter1
    for setting in (yield from get_object_status(ObjectType.USER_SETTING, number)):
        if isinstance(setting, UserSettingStatus):
            return setting.value & 0xFF
    raise RemoteProtocolError(
        Fault.UNEXPECTED_REPLY, f"asked for the value of user setting {number}, answered with none"
    )


def _failure(
    command: ControllerCommand,
    setpoint: _Setpoint,
    wanted: int,
    confirmation: Confirmation[ThermostatStatus],
    status: ThermostatStatus | None,
) -> SetpointFailedError:
    what = f"thermostat {command.parameter2}: the {setpoint.name} is not {setpoint.spell(wanted)}"
    if status is None:
        return SetpointFailedError(f"{what}: {confirmation.what}")
    is_held = status.hold_mode is not HoldMode.OFF
    reasons = [*_hold(status, confirmation), confirmation.what, *_seen(setpoint, wanted, status)]
    return SetpointFailedError(f"{what}: {'; '.join(reasons)}", is_held, setpoint.read(status))


def _hold(status: ThermostatStatus, confirmation: Confirmation[ThermostatStatus]) -> Iterator[str]:
    if status.hold_mode is not HoldMode.OFF:
        ignored = "" if confirmation.is_refused else "ignored: "
        vacation = " (vacation)" if status.hold_mode is HoldMode.VACATION_HOLD else ""
        yield f"{ignored}hold is on{vacation}"


def _seen(setpoint: _Setpoint, wanted: int, status: ThermostatStatus) -> Iterator[str]:
    shown = setpoint.read(status)
    yield "its firmware does not report it" if shown is None else f"it shows {setpoint.spell(shown)}"
    if status.communications_failure:
        yield "the controller cannot reach the thermostat"
    if setpoint is _HEAT and 0 < status.cool_setpoint <= wanted:
        yield f"the cool set point, {_degrees(status.cool_setpoint)}, is not above it"
    if setpoint is _COOL and 0 < wanted <= status.heat_setpoint:
        yield f"the heat set point, {_degrees(status.heat_setpoint)}, is not below it"
