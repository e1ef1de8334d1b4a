"""Commands to units: lights, outputs, flags and counters."""

from enum import IntEnum, unique

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.controller_command import ControllerCommand, checked_command
from omnilink_sansio.messages.commands.parameters import STEPS, FromUserSetting
from omnilink_sansio.messages.objects.unit import UnitScene
from omnilink_sansio.messages.record import member_of

__all__ = [
    "BlinkRate",
    "blink_upb_unit",
    "brighten_unit",
    "decrement_counter",
    "dim_unit",
    "increment_counter",
    "ramp_unit",
    "request_upb_status",
    "set_counter",
    "set_unit_level",
    "set_unit_scene",
    "set_upb_led",
    "stop_upb_blink",
    "turn_all_units_off",
    "turn_all_units_on",
    "turn_unit_off",
    "turn_unit_on",
]


@unique
class BlinkRate(IntEnum):
    """How fast a UPB unit blinks: the time from one change to the next."""

    QUARTER_SECOND = 0
    HALF_SECOND = 1
    ONE_SECOND = 2
    TWO_SECONDS = 3


def turn_unit_on(index: int, duration: int | FromUserSetting = 0) -> ControllerCommand:
    """Turn a unit (1 to 511) on, for ``duration`` seconds when that is not 0 (20P00 §CONTROLLER COMMAND).

    A duration is 1 to 99 seconds, whole minutes up to 99 or whole hours up to 18, or a user setting's.
    """
    return checked_command(Command.UNIT_ON, duration, index)


def turn_unit_off(index: int, duration: int | FromUserSetting = 0) -> ControllerCommand:
    """Turn a unit (1 to 511) off, for ``duration`` seconds as in `turn_unit_on` when that is not 0."""
    return checked_command(Command.UNIT_OFF, duration, index)


def turn_all_units_on(area: int = 0) -> ControllerCommand:
    """Turn every unit of an area (1 to 8; 0: of all areas) on."""
    return checked_command(Command.ALL_ON, 0, area)


def turn_all_units_off(area: int = 0) -> ControllerCommand:
    """Turn every unit of an area (1 to 8; 0: of all areas) off."""
    return checked_command(Command.ALL_OFF, 0, area)


def set_unit_level(
    index: int, percent: int | FromUserSetting, duration: int | FromUserSetting = 0
) -> ControllerCommand:
    """Set a unit (1 to 511) to a level of 0 to 100 percent, or to that of user setting 1 to 155.

    With a duration (from 2 s, else as in `turn_unit_on`) only for that time; the level is then a fixed one.
    """
    if duration == 0:
        return checked_command(Command.UNIT_LEVEL, percent, index)
    if isinstance(percent, FromUserSetting):
        raise LocalProtocolError(
            "UNIT_LEVEL_TIMED: a level for a time is 0 to 100 percent, not a user setting's"
        )
    return checked_command(Command.UNIT_LEVEL_TIMED, duration, index, high=percent)


def ramp_unit(index: int, percent: int, duration: int | FromUserSetting) -> ControllerCommand:
    """Take an ALC unit (1 to 511) to a level of 0 to 100 percent slowly.

    ``duration`` is the time that all of 0 to 100 percent would take: 2 to 99 seconds, whole minutes up to 99 or
    whole hours up to 10, or a user setting's.
    """
    return checked_command(Command.UNIT_RAMP, duration, index, high=percent)


def set_unit_scene(index: int, scene: UnitScene) -> ControllerCommand:
    """Set the scene of an HLC room or a Lightolier Compose unit (1 to 511)."""
    return checked_command(Command.UNIT_SCENE, member_of(UnitScene, scene), index)


def dim_unit(index: int, steps: int = 1, duration: int | FromUserSetting = 0) -> ControllerCommand:
    """Dim a unit (1 to 511) by 1 to 9 steps, for a time as in `turn_unit_on` when that is not 0."""
    return checked_command(Command(Command.DIM_1 - 1 + STEPS.encode(steps)), duration, index)


def brighten_unit(index: int, steps: int = 1, duration: int | FromUserSetting = 0) -> ControllerCommand:
    """Brighten a unit (1 to 511) by 1 to 9 steps, for a time as in `turn_unit_on` when that is not 0."""
    return checked_command(Command(Command.BRIGHTEN_1 - 1 + STEPS.encode(steps)), duration, index)


def increment_counter(index: int) -> ControllerCommand:
    """Add 1 to a counter, a unit of 1 to 511."""
    return checked_command(Command.INCREMENT_COUNTER, 0, index)


def decrement_counter(index: int) -> ControllerCommand:
    """Take 1 from a counter, a unit of 1 to 511."""
    return checked_command(Command.DECREMENT_COUNTER, 0, index)


def set_counter(index: int, value: int) -> ControllerCommand:
    """Set a counter, a unit of 1 to 511, to 0 to 255."""
    return checked_command(Command.SET_COUNTER, value, index)


def request_upb_status(index: int) -> ControllerCommand:
    """Ask a UPB unit (1 to 511) to report its state to the controller."""
    return checked_command(Command.REQUEST_UPB_STATUS, 0, index)


def blink_upb_unit(index: int, rate: BlinkRate, duration: int | FromUserSetting = 0) -> ControllerCommand:
    """Let a UPB unit (1 to 511) blink, for a time (from 2 s, else as in `turn_unit_on`) when that is not 0."""
    return checked_command(Command.UPB_BLINK, duration, index, high=member_of(BlinkRate, rate))


def stop_upb_blink(index: int) -> ControllerCommand:
    """Let a UPB unit (1 to 511) blink no longer."""
    return checked_command(Command.UPB_BLINK_STOP, 0, index)


def set_upb_led(index: int, led: int, on: bool) -> ControllerCommand:
    """Turn the status LED 1 to 8 of a UPB unit (1 to 511) on or off."""
    return checked_command(Command.UPB_LED_ON if on else Command.UPB_LED_OFF, led, index)
