"""The commands of CONTROLLER_COMMAND (20P00 §CONTROLLER COMMAND, 10P17 §COMMAND MESSAGE)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, unique
from types import MappingProxyType

from omnilink_sansio.enums import Effect, ProtocolVersion

__all__ = ["COMMANDS", "Command", "CommandInfo", "command_effect"]


@unique
class Command(IntEnum):
    """Command bytes. On Lumina 49 to 54 set the modes home, sleep, away, vacation, party and special."""

    UNIT_OFF = 0
    UNIT_ON = 1
    ALL_OFF = 2
    ALL_ON = 3
    BYPASS_ZONE = 4
    RESTORE_ZONE = 5
    RESTORE_ALL_ZONES = 6
    EXECUTE_BUTTON = 7
    SET_ENERGY_COST = 8
    UNIT_LEVEL = 9
    DECREMENT_COUNTER = 10
    INCREMENT_COUNTER = 11
    SET_COUNTER = 12
    UNIT_RAMP = 13
    UNIT_SCENE = 14
    REQUEST_UPB_STATUS = 15
    DIM_1 = 17
    DIM_2 = 18
    DIM_3 = 19
    DIM_4 = 20
    DIM_5 = 21
    DIM_6 = 22
    DIM_7 = 23
    DIM_8 = 24
    DIM_9 = 25
    UPB_BLINK = 26
    UPB_BLINK_STOP = 27
    UPB_LINK_OFF = 28
    UPB_LINK_ON = 29
    UPB_LINK_SET = 30
    UPB_LINK_FADE_STOP = 31
    BRIGHTEN_1 = 33
    BRIGHTEN_2 = 34
    BRIGHTEN_3 = 35
    BRIGHTEN_4 = 36
    BRIGHTEN_5 = 37
    BRIGHTEN_6 = 38
    BRIGHTEN_7 = 39
    BRIGHTEN_8 = 40
    BRIGHTEN_9 = 41
    CENTRALITE_SCENE_OFF = 42
    CENTRALITE_SCENE_ON = 43
    UPB_LED_OFF = 44
    UPB_LED_ON = 45
    RADIORA_PHANTOM_BUTTON_OFF = 46
    RADIORA_PHANTOM_BUTTON_ON = 47
    SECURITY_OFF = 48
    SECURITY_DAY = 49
    SECURITY_NIGHT = 50
    SECURITY_AWAY = 51
    SECURITY_VACATION = 52
    SECURITY_DAY_INSTANT = 53
    SECURITY_NIGHT_DELAYED = 54
    SECURITY_ANY_CHANGE = 55
    SECURITY_ARMING_DAY = 57
    SECURITY_ARMING_NIGHT = 58
    SECURITY_ARMING_AWAY = 59
    SCENE_OFF = 60
    SCENE_ON = 61
    SCENE_SET = 62
    ENERGY_SAVER_OFF = 64
    ENERGY_SAVER_ON = 65
    SET_HEAT_SETPOINT = 66
    SET_COOL_SETPOINT = 67
    SET_SYSTEM_MODE = 68
    SET_FAN_MODE = 69
    SET_HOLD_MODE = 70
    ADJUST_HEAT_SETPOINT = 71
    ADJUST_COOL_SETPOINT = 72
    SET_HUMIDIFY_SETPOINT = 73
    SET_DEHUMIDIFY_SETPOINT = 74
    SHOW_MESSAGE = 80
    LOG_MESSAGE = 81
    CLEAR_MESSAGE = 82
    SAY_MESSAGE = 83
    PHONE_AND_SAY_MESSAGE = 84
    SEND_MESSAGE = 85
    SHOW_MESSAGE_QUIETLY = 86
    EMAIL_MESSAGE = 87
    SCENE_OFF_96 = 96
    SCENE_ON_97 = 97
    SCENE_SET_98 = 98
    TOGGLE = 99
    SHOW_CAMERA = 100
    UNIT_LEVEL_TIMED = 101
    CONSOLE_BEEPER = 102
    CONSOLE_BEEP = 103
    SET_USER_SETTING = 104
    LOCK_DOOR = 105
    UNLOCK_DOOR = 106
    LUTRON_HOMEWORKS_KEYPAD_BUTTON_PRESS = 107
    CLIPSAL_C_BUS_SCENE = 108
    RADIORA2_PHANTOM = 109
    STOP = 110
    AUDIO_ZONE = 112
    AUDIO_VOLUME = 113
    AUDIO_SOURCE = 114
    AUDIO_KEY = 115


@dataclass(frozen=True, slots=True)
class CommandInfo:
    """One row of the table of commands."""

    effect: Effect
    """What a second copy would do."""
    parameter1: str | None
    """What the first parameter (one byte) means; None: not used, sent as 0."""
    parameter2: str | None
    """What the second parameter (two bytes) means; None: not used, sent as 0."""
    description: str
    protocols: frozenset[ProtocolVersion]
    printed: bool
    """True when the vendor prints it; False when it is known from the field only and unproven."""


_V2 = frozenset({ProtocolVersion.V2})
_V1_V2 = frozenset({ProtocolVersion.V1, ProtocolVersion.V2})


def _printed(
    effect: Effect, p1: str | None, p2: str | None, text: str, protocols: frozenset[ProtocolVersion]
) -> CommandInfo:
    return CommandInfo(effect, p1, p2, text, protocols, printed=True)


def _unproven(effect: Effect, p2: str | None, text: str) -> CommandInfo:
    return CommandInfo(effect, None, p2, text, _V2, printed=False)


COMMANDS: Mapping[Command, CommandInfo] = MappingProxyType(
    {
        Command.UNIT_OFF: _printed(
            Effect.SET, "duration, 0 = no limit", "unit", "turn the unit off, optionally for a time", _V1_V2
        ),
        Command.UNIT_ON: _printed(
            Effect.SET, "duration, 0 = no limit", "unit", "turn the unit on, optionally for a time", _V1_V2
        ),
        Command.ALL_OFF: _printed(Effect.SET, None, "area, 0 = all", "every unit of the area off", _V1_V2),
        Command.ALL_ON: _printed(Effect.SET, None, "area, 0 = all", "every unit of the area on", _V1_V2),
        Command.BYPASS_ZONE: _printed(Effect.SET, "code number", "zone", "bypass one zone", _V1_V2),
        Command.RESTORE_ZONE: _printed(
            Effect.SET, "code number", "zone", "end the bypass of one zone", _V1_V2
        ),
        Command.RESTORE_ALL_ZONES: _printed(
            Effect.SET, "code number", "area, 0 = all", "end every bypass in the area", _V1_V2
        ),
        Command.EXECUTE_BUTTON: _printed(
            Effect.MOMENTARY, None, "button", "run a macro button (in 10P17 also system event macros)", _V1_V2
        ),
        Command.SET_ENERGY_COST: _printed(
            Effect.SET,
            "0 low, 1 mid, 2 high, 3 critical",
            None,
            "P1: 0 low, 1 mid, 2 high, 3 critical",
            _V1_V2,
        ),
        Command.UNIT_LEVEL: _printed(
            Effect.SET,
            "0-100 percent; v2 only: 101-255 = user setting P1-100",
            "unit",
            "set a lighting level",
            _V1_V2,
        ),
        Command.DECREMENT_COUNTER: _printed(Effect.MOMENTARY, None, "unit", "counter minus one", _V1_V2),
        Command.INCREMENT_COUNTER: _printed(Effect.MOMENTARY, None, "unit", "counter plus one", _V1_V2),
        Command.SET_COUNTER: _printed(Effect.SET, "0-255", "unit", "set a counter value", _V1_V2),
        Command.UNIT_RAMP: _printed(
            Effect.SET,
            "time of the full run: 2-99 s, 101-199 min, 201-210 h; v2 only: 219-255 user setting",
            "unit in bits 0-8, level 0-100 in bits 9-15",
            "ALC extended ramp",
            _V1_V2,
        ),
        Command.UNIT_SCENE: _printed(
            Effect.SET,
            "0 off, 1 on, 2-13 scene A-L",
            "unit",
            "scene of a Lightolier Compose unit (v2: also HLC room)",
            _V1_V2,
        ),
        Command.REQUEST_UPB_STATUS: _printed(Effect.SET, None, "unit", "ask a UPB unit to report", _V1_V2),
        Command.DIM_1: _printed(
            Effect.MOMENTARY, "duration, 0 = no limit", "unit", "dim 1 step(s), optionally for a time", _V1_V2
        ),
        Command.DIM_2: _printed(
            Effect.MOMENTARY, "duration, 0 = no limit", "unit", "dim 2 step(s), optionally for a time", _V1_V2
        ),
        Command.DIM_3: _printed(
            Effect.MOMENTARY, "duration, 0 = no limit", "unit", "dim 3 step(s), optionally for a time", _V1_V2
        ),
        Command.DIM_4: _printed(
            Effect.MOMENTARY, "duration, 0 = no limit", "unit", "dim 4 step(s), optionally for a time", _V1_V2
        ),
        Command.DIM_5: _printed(
            Effect.MOMENTARY, "duration, 0 = no limit", "unit", "dim 5 step(s), optionally for a time", _V1_V2
        ),
        Command.DIM_6: _printed(
            Effect.MOMENTARY, "duration, 0 = no limit", "unit", "dim 6 step(s), optionally for a time", _V1_V2
        ),
        Command.DIM_7: _printed(
            Effect.MOMENTARY, "duration, 0 = no limit", "unit", "dim 7 step(s), optionally for a time", _V1_V2
        ),
        Command.DIM_8: _printed(
            Effect.MOMENTARY, "duration, 0 = no limit", "unit", "dim 8 step(s), optionally for a time", _V1_V2
        ),
        Command.DIM_9: _printed(
            Effect.MOMENTARY, "duration, 0 = no limit", "unit", "dim 9 step(s), optionally for a time", _V1_V2
        ),
        Command.UPB_BLINK: _printed(
            Effect.SET,
            "0 or DURATION (2-99 s, 101-199, 201-218, 219-255)",
            "unit in bits 0-8, rate 0-3 in bits 9-15",
            "blink; rate 0 = 0.25 s, 1 = 0.5 s, 2 = 1 s, 3 = 2 s",
            _V2,
        ),
        Command.UPB_BLINK_STOP: _printed(Effect.SET, "0", "unit", "stop blinking", _V2),
        Command.UPB_LINK_OFF: _printed(Effect.SET, None, "UPB link", "deactivate a link", _V1_V2),
        Command.UPB_LINK_ON: _printed(Effect.SET, None, "UPB link", "activate a link", _V1_V2),
        Command.UPB_LINK_SET: _printed(Effect.SET, None, "UPB link", "store the preset of a link", _V1_V2),
        Command.UPB_LINK_FADE_STOP: _unproven(Effect.SET, "UPB link", "stop a fade"),
        Command.BRIGHTEN_1: _printed(
            Effect.MOMENTARY,
            "duration, 0 = no limit",
            "unit",
            "brighten 1 step(s), optionally for a time",
            _V1_V2,
        ),
        Command.BRIGHTEN_2: _printed(
            Effect.MOMENTARY,
            "duration, 0 = no limit",
            "unit",
            "brighten 2 step(s), optionally for a time",
            _V1_V2,
        ),
        Command.BRIGHTEN_3: _printed(
            Effect.MOMENTARY,
            "duration, 0 = no limit",
            "unit",
            "brighten 3 step(s), optionally for a time",
            _V1_V2,
        ),
        Command.BRIGHTEN_4: _printed(
            Effect.MOMENTARY,
            "duration, 0 = no limit",
            "unit",
            "brighten 4 step(s), optionally for a time",
            _V1_V2,
        ),
        Command.BRIGHTEN_5: _printed(
            Effect.MOMENTARY,
            "duration, 0 = no limit",
            "unit",
            "brighten 5 step(s), optionally for a time",
            _V1_V2,
        ),
        Command.BRIGHTEN_6: _printed(
            Effect.MOMENTARY,
            "duration, 0 = no limit",
            "unit",
            "brighten 6 step(s), optionally for a time",
            _V1_V2,
        ),
        Command.BRIGHTEN_7: _printed(
            Effect.MOMENTARY,
            "duration, 0 = no limit",
            "unit",
            "brighten 7 step(s), optionally for a time",
            _V1_V2,
        ),
        Command.BRIGHTEN_8: _printed(
            Effect.MOMENTARY,
            "duration, 0 = no limit",
            "unit",
            "brighten 8 step(s), optionally for a time",
            _V1_V2,
        ),
        Command.BRIGHTEN_9: _printed(
            Effect.MOMENTARY,
            "duration, 0 = no limit",
            "unit",
            "brighten 9 step(s), optionally for a time",
            _V1_V2,
        ),
        Command.CENTRALITE_SCENE_OFF: _printed(Effect.SET, None, "scene", "CentraLite scene off", _V1_V2),
        Command.CENTRALITE_SCENE_ON: _printed(Effect.SET, None, "scene", "CentraLite scene on", _V1_V2),
        Command.UPB_LED_OFF: _printed(Effect.SET, "LED 1-8", "unit", "status LED off", _V1_V2),
        Command.UPB_LED_ON: _printed(Effect.SET, "LED 1-8", "unit", "status LED on", _V1_V2),
        Command.RADIORA_PHANTOM_BUTTON_OFF: _printed(
            Effect.MOMENTARY, None, "button", "RadioRA phantom button off", _V1_V2
        ),
        Command.RADIORA_PHANTOM_BUTTON_ON: _printed(
            Effect.MOMENTARY, None, "button", "RadioRA phantom button on", _V1_V2
        ),
        Command.SECURITY_OFF: _printed(
            Effect.SET, "code number", "area, 0 = all", "disarm (Omni only)", _V1_V2
        ),
        Command.SECURITY_DAY: _printed(
            Effect.SET,
            "code number",
            "area, 0 = all (Lumina: 1)",
            "arm in mode 1; on Lumina set mode HOME",
            _V1_V2,
        ),
        Command.SECURITY_NIGHT: _printed(
            Effect.SET,
            "code number",
            "area, 0 = all (Lumina: 1)",
            "arm in mode 2; on Lumina set mode SLEEP",
            _V1_V2,
        ),
        Command.SECURITY_AWAY: _printed(
            Effect.SET,
            "code number",
            "area, 0 = all (Lumina: 1)",
            "arm in mode 3; on Lumina set mode AWAY",
            _V1_V2,
        ),
        Command.SECURITY_VACATION: _printed(
            Effect.SET,
            "code number",
            "area, 0 = all (Lumina: 1)",
            "arm in mode 4; on Lumina set mode VACATION",
            _V1_V2,
        ),
        Command.SECURITY_DAY_INSTANT: _printed(
            Effect.SET,
            "code number",
            "area, 0 = all (Lumina: 1)",
            "arm in mode 5; on Lumina set mode PARTY",
            _V1_V2,
        ),
        Command.SECURITY_NIGHT_DELAYED: _printed(
            Effect.SET,
            "code number",
            "area, 0 = all (Lumina: 1)",
            "arm in mode 6; on Lumina set mode SPECIAL",
            _V1_V2,
        ),
        Command.SECURITY_ANY_CHANGE: _unproven(
            Effect.MOMENTARY, None, "program wildcard, no use on the wire known"
        ),
        Command.SECURITY_ARMING_DAY: _unproven(Effect.MOMENTARY, None, "arming form"),
        Command.SECURITY_ARMING_NIGHT: _unproven(Effect.MOMENTARY, None, "arming form"),
        Command.SECURITY_ARMING_AWAY: _unproven(Effect.MOMENTARY, None, "arming form"),
        Command.SCENE_OFF: _printed(Effect.SET, None, "scene", "Leviton scene off", _V1_V2),
        Command.SCENE_ON: _printed(Effect.SET, None, "scene", "Leviton scene on", _V1_V2),
        Command.SCENE_SET: _printed(Effect.SET, None, "scene", "Leviton scene set", _V1_V2),
        Command.ENERGY_SAVER_OFF: _printed(
            Effect.SET,
            "duration, 0 = no limit",
            "energy saver",
            "energy saver off, optionally for a time",
            _V1_V2,
        ),
        Command.ENERGY_SAVER_ON: _printed(
            Effect.SET,
            "duration, 0 = no limit",
            "energy saver",
            "energy saver on, optionally for a time",
            _V1_V2,
        ),
        Command.SET_HEAT_SETPOINT: _printed(
            Effect.SET,
            "raw temperature (v2: 0-180, 201-255 = user setting P1-200; v1: 44-180)",
            "thermostat or temperature sensor, 0 = all",
            "low/heat setpoint of a thermostat or temperature/humidity sensor",
            _V1_V2,
        ),
        Command.SET_COOL_SETPOINT: _printed(
            Effect.SET,
            "raw temperature (v2: 0-180, 201-255 = user setting P1-200; v1: 44-180)",
            "thermostat or temperature sensor, 0 = all",
            "high/cool setpoint of a thermostat or temperature/humidity sensor",
            _V1_V2,
        ),
        Command.SET_SYSTEM_MODE: _printed(
            Effect.SET,
            "0 off, 1 heat, 2 cool, 3 auto; v2 also 4 emergency heat",
            "thermostat, 0 = all",
            "thermostat system mode",
            _V1_V2,
        ),
        Command.SET_FAN_MODE: _printed(
            Effect.SET, "0 auto, 1 on; v2 also 2 cycle", "thermostat, 0 = all", "thermostat fan mode", _V1_V2
        ),
        Command.SET_HOLD_MODE: _printed(
            Effect.SET, "0 off, 255 hold", "thermostat, 0 = all", "thermostat hold", _V1_V2
        ),
        Command.ADJUST_HEAT_SETPOINT: _printed(
            Effect.MOMENTARY,
            "s8 -50..50, half degrees Celsius",
            "thermostat, 0 = all",
            "raise or lower the heat setpoint",
            _V2,
        ),
        Command.ADJUST_COOL_SETPOINT: _printed(
            Effect.MOMENTARY,
            "s8 -50..50, half degrees Celsius",
            "thermostat, 0 = all",
            "raise or lower the cool setpoint",
            _V2,
        ),
        Command.SET_HUMIDIFY_SETPOINT: _printed(
            Effect.SET,
            "0 disabled, 44-156 = 0-100 %, 201-255 = user setting P1-200",
            "thermostat, 0 = all",
            "humidify setpoint",
            _V2,
        ),
        Command.SET_DEHUMIDIFY_SETPOINT: _printed(
            Effect.SET,
            "0 disabled, 44-156 = 0-100 %, 201-255 = user setting P1-200",
            "thermostat, 0 = all",
            "dehumidify setpoint",
            _V2,
        ),
        Command.SHOW_MESSAGE: _printed(Effect.MOMENTARY, None, "message", "show with beep and LED", _V1_V2),
        Command.LOG_MESSAGE: _printed(Effect.MOMENTARY, None, "message", "write to the event log", _V1_V2),
        Command.CLEAR_MESSAGE: _printed(
            Effect.SET,
            "area, 0 = all, used only when P2 = 0",
            "message, 0 = all",
            "clear one message or all",
            _V1_V2,
        ),
        Command.SAY_MESSAGE: _printed(Effect.MOMENTARY, None, "message", "speak", _V1_V2),
        Command.PHONE_AND_SAY_MESSAGE: _printed(
            Effect.MOMENTARY, "phone number index", "message", "dial and speak", _V1_V2
        ),
        Command.SEND_MESSAGE: _printed(
            Effect.MOMENTARY, "serial port", "message", "send out of a serial port", _V1_V2
        ),
        Command.SHOW_MESSAGE_QUIETLY: _printed(
            Effect.SET,
            "1 no beep, 2 no beep and no LED (range printed 0-2)",
            "message",
            "show without beep",
            _V2,
        ),
        Command.EMAIL_MESSAGE: _unproven(Effect.MOMENTARY, "message", "e-mail a message"),
        Command.SCENE_OFF_96: _unproven(Effect.SET, "scene", "scene off"),
        Command.SCENE_ON_97: _unproven(Effect.SET, "scene", "scene on"),
        Command.SCENE_SET_98: _unproven(Effect.SET, "scene", "scene set"),
        Command.TOGGLE: _unproven(Effect.MOMENTARY, None, "toggle"),
        Command.SHOW_CAMERA: _printed(
            Effect.SET, "camera 1-6", "touchscreen", "show a camera picture on a touchscreen", _V2
        ),
        Command.UNIT_LEVEL_TIMED: _printed(
            Effect.SET,
            "duration (2-99 s, 101-199 min, 201-218 h, 219-255 user setting)",
            "unit in bits 0-8, level 0-100 in bits 9-15",
            "set a level for a time",
            _V2,
        ),
        Command.CONSOLE_BEEPER: _printed(
            Effect.SET,
            "0 disabled, 1 enabled (range printed 0-255)",
            "console, 0 = all (0-16)",
            "enable or disable a console beeper",
            _V2,
        ),
        Command.CONSOLE_BEEP: _printed(
            Effect.MOMENTARY, "0 off, 1 without end, 2-6 = 1-5 times", "console, 0 = all (0-16)", "beep", _V2
        ),
        Command.SET_USER_SETTING: _printed(
            Effect.SET, "user setting", "new value 0-65535", "set a user setting", _V2
        ),
        Command.LOCK_DOOR: _printed(Effect.SET, None, "access control reader, 0 = all", "lock", _V2),
        Command.UNLOCK_DOOR: _printed(
            Effect.SET,
            "duration, 0 = no limit",
            "access control reader, 0 = all",
            "unlock, optionally for a time",
            _V2,
        ),
        Command.LUTRON_HOMEWORKS_KEYPAD_BUTTON_PRESS: _unproven(
            Effect.MOMENTARY, None, "Lutron HomeWorks keypad button press"
        ),
        Command.CLIPSAL_C_BUS_SCENE: _unproven(Effect.SET, None, "Clipsal C-Bus scene"),
        Command.RADIORA2_PHANTOM: _unproven(Effect.MOMENTARY, None, "RadioRA 2 phantom button"),
        Command.STOP: _unproven(Effect.SET, None, "stop (shades)"),
        Command.AUDIO_ZONE: _printed(
            Effect.SET,
            "0 off, 1 on, 2 mute off, 3 mute on",
            "audio zone, 0 = all",
            "power or mute of an audio zone",
            _V1_V2,
        ),
        Command.AUDIO_VOLUME: _printed(Effect.SET, "0-100", "audio zone", "volume", _V1_V2),
        Command.AUDIO_SOURCE: _printed(Effect.SET, "audio source", "audio zone", "select a source", _V1_V2),
        Command.AUDIO_KEY: _printed(
            Effect.MOMENTARY,
            "key code (range printed 1-40, table runs to 46)",
            "audio zone",
            "press a key, see audio_key_codes",
            _V1_V2,
        ),
    }
)
"""One row a command."""


def command_effect(command: int) -> Effect:
    """Return what a second copy of the command would do; of an unknown one the worst is assumed."""
    info = COMMANDS.get(command)  # type: ignore[call-overload]
    return Effect.MOMENTARY if info is None else info.effect
