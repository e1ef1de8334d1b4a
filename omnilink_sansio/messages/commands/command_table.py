"""The table of commands: what each does, what its parameters may be, what a second copy would do (20P00
§CONTROLLER COMMAND, 10P17 §COMMAND MESSAGE).
"""

from collections.abc import Mapping
from types import MappingProxyType

from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.commands import parameters as p
from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.parameters import CommandParameter, Parameter
from omnilink_sansio.messages.opcode import Effect
from omnilink_sansio.messages.record import member_or_number
from omnilink_sansio.wire.message import ProtocolVersion

__all__ = ["COMMANDS", "CommandInfo", "command_effect"]


@frozen
class CommandInfo:
    """One row of the table of commands."""

    effect: Effect
    """What a second copy would do."""
    parameter1: Parameter
    """What the first parameter, one byte, may be."""
    parameter2: CommandParameter
    """What the second parameter, two bytes, may be."""
    description: str
    protocols: frozenset[ProtocolVersion]
    printed: bool = True
    """True when the vendor prints it; False when it is known from the field only and unproven. Of most of these
    the parameters are unknown: they have no call of their own, ``execute_command`` sends them as they are."""

    @property
    def is_security(self) -> bool:
        """Whether it is about the alarm system: those commands, and no others, name a user's code."""
        return self.parameter1 is p.CODE_NUMBER

    def accepts(self, parameter1: int, parameter2: int) -> bool:
        """Whether the command can be carried out with these parameters, as far as they alone decide."""
        return self.parameter1.accepts(parameter1) and self.parameter2.accepts(parameter2)


_V2 = frozenset({ProtocolVersion.V2})
_BOTH = frozenset({ProtocolVersion.V1, ProtocolVersion.V2})


def _set(p1: Parameter, p2: CommandParameter, text: str) -> CommandInfo:
    return CommandInfo(Effect.SET, p1, p2, text, _BOTH)


def _set_v2(p1: Parameter, p2: CommandParameter, text: str) -> CommandInfo:
    return CommandInfo(Effect.SET, p1, p2, text, _V2)


def _momentary(p1: Parameter, p2: CommandParameter, text: str) -> CommandInfo:
    return CommandInfo(Effect.MOMENTARY, p1, p2, text, _BOTH)


def _momentary_v2(p1: Parameter, p2: CommandParameter, text: str) -> CommandInfo:
    return CommandInfo(Effect.MOMENTARY, p1, p2, text, _V2)


def _unproven(p2: CommandParameter, text: str) -> CommandInfo:
    # What a second copy would do is not known.
    return CommandInfo(Effect.MOMENTARY, p.UNUSED, p2, text, _V2, printed=False)


_STEPS = range(1, 10)

COMMANDS: Mapping[Command, CommandInfo] = MappingProxyType(
    {
        Command.UNIT_OFF: _set(p.DURATION, p.UNIT, "turn the unit off, optionally for a time"),
        Command.UNIT_ON: _set(p.DURATION, p.UNIT, "turn the unit on, optionally for a time"),
        Command.ALL_OFF: _set(p.UNUSED, p.AREA_OR_ALL, "every unit of the area off"),
        Command.ALL_ON: _set(p.UNUSED, p.AREA_OR_ALL, "every unit of the area on"),
        Command.BYPASS_ZONE: _set(p.CODE_NUMBER, p.ZONE, "bypass one zone"),
        Command.RESTORE_ZONE: _set(p.CODE_NUMBER, p.ZONE, "end the bypass of one zone"),
        Command.RESTORE_ALL_ZONES: _set(p.CODE_NUMBER, p.AREA_OR_ALL, "end every bypass in the area"),
        Command.EXECUTE_BUTTON: _momentary(p.UNUSED, p.BUTTON, "run a button's macro"),
        Command.SET_ENERGY_COST: _set(p.ENERGY_COST, p.UNUSED, "set what energy costs now"),
        Command.UNIT_LEVEL: _set(p.LEVEL, p.UNIT, "set a lighting level"),
        Command.DECREMENT_COUNTER: _momentary(p.UNUSED, p.UNIT, "counter minus one"),
        Command.INCREMENT_COUNTER: _momentary(p.UNUSED, p.UNIT, "counter plus one"),
        Command.SET_COUNTER: _set(p.COUNT, p.UNIT, "set a counter"),
        Command.UNIT_RAMP: _set(p.RAMP_TIME, p.UNIT_AND_LEVEL, "go to a level slowly (ALC)"),
        Command.UNIT_SCENE: _set(p.UNIT_SCENE, p.UNIT, "set the scene of an HLC room or a Compose unit"),
        Command.REQUEST_UPB_STATUS: _set(p.UNUSED, p.UNIT, "ask a UPB unit to report"),
        **{
            Command(Command.DIM_1 - 1 + steps): _momentary(
                p.DURATION, p.UNIT, f"dim by {steps} of 9 steps, optionally for a time"
            )
            for steps in _STEPS
        },
        Command.UPB_BLINK: _set_v2(p.BLINK_DURATION, p.UNIT_AND_BLINK_RATE, "blink, optionally for a time"),
        Command.UPB_BLINK_STOP: _set_v2(p.UNUSED, p.UNIT, "stop blinking"),
        Command.UPB_LINK_OFF: _set(p.UNUSED, p.UPB_LINK, "deactivate a UPB link"),
        Command.UPB_LINK_ON: _set(p.UNUSED, p.UPB_LINK, "activate a UPB link"),
        Command.UPB_LINK_SET: _set(p.UNUSED, p.UPB_LINK, "store the preset of a UPB link"),
        Command.UPB_LINK_FADE_STOP: _unproven(p.UPB_LINK, "stop the fade of a UPB link"),
        **{
            Command(Command.BRIGHTEN_1 - 1 + steps): _momentary(
                p.DURATION, p.UNIT, f"brighten by {steps} of 9 steps, optionally for a time"
            )
            for steps in _STEPS
        },
        Command.CENTRALITE_SCENE_OFF: _set(p.UNUSED, p.SCENE, "CentraLite scene off"),
        Command.CENTRALITE_SCENE_ON: _set(p.UNUSED, p.SCENE, "CentraLite scene on"),
        Command.UPB_LED_OFF: _set(p.LED, p.UNIT, "status LED of a UPB unit off"),
        Command.UPB_LED_ON: _set(p.LED, p.UNIT, "status LED of a UPB unit on"),
        Command.RADIORA_PHANTOM_BUTTON_OFF: _momentary(
            p.UNUSED, p.PHANTOM_BUTTON, "RadioRA phantom button off"
        ),
        Command.RADIORA_PHANTOM_BUTTON_ON: _momentary(
            p.UNUSED, p.PHANTOM_BUTTON, "RadioRA phantom button on"
        ),
        Command.SECURITY_OFF: _set(p.CODE_NUMBER, p.AREA_OR_ALL, "disarm (Omni only)"),
        Command.SECURITY_DAY: _set(p.CODE_NUMBER, p.AREA_OR_ALL, "arm for the day; Lumina: mode home"),
        Command.SECURITY_NIGHT: _set(p.CODE_NUMBER, p.AREA_OR_ALL, "arm for the night; Lumina: mode sleep"),
        Command.SECURITY_AWAY: _set(p.CODE_NUMBER, p.AREA_OR_ALL, "arm away; Lumina: mode away"),
        Command.SECURITY_VACATION: _set(p.CODE_NUMBER, p.AREA_OR_ALL, "arm for a vacation; Lumina: the mode"),
        Command.SECURITY_DAY_INSTANT: _set(
            p.CODE_NUMBER, p.AREA_OR_ALL, "arm for the day without entry delay; Lumina: mode party"
        ),
        Command.SECURITY_NIGHT_DELAYED: _set(
            p.CODE_NUMBER, p.AREA_OR_ALL, "arm for the night with entry delay; Lumina: mode special"
        ),
        Command.SECURITY_ANY_CHANGE: _unproven(p.UNUSED, "a wildcard of programs"),
        Command.SECURITY_ARMING_DAY: _unproven(p.UNUSED, "arming form"),
        Command.SECURITY_ARMING_NIGHT: _unproven(p.UNUSED, "arming form"),
        Command.SECURITY_ARMING_AWAY: _unproven(p.UNUSED, "arming form"),
        Command.SCENE_OFF: _set(p.UNUSED, p.SCENE, "Leviton scene off"),
        Command.SCENE_ON: _set(p.UNUSED, p.SCENE, "Leviton scene on"),
        Command.SCENE_SET: _set(p.UNUSED, p.SCENE, "store a Leviton scene"),
        Command.ENERGY_SAVER_OFF: _set(p.DURATION, p.ENERGY_SAVER, "energy saver off, optionally for a time"),
        Command.ENERGY_SAVER_ON: _set(p.DURATION, p.ENERGY_SAVER, "energy saver on, optionally for a time"),
        Command.SET_HEAT_SETPOINT: _set(p.SETPOINT, p.THERMOSTAT_OR_SENSOR, "set the heat or low set point"),
        Command.SET_COOL_SETPOINT: _set(p.SETPOINT, p.THERMOSTAT_OR_SENSOR, "set the cool or high set point"),
        Command.SET_SYSTEM_MODE: _set(p.SYSTEM_MODE, p.THERMOSTAT_OR_ALL, "set a thermostat's system mode"),
        Command.SET_FAN_MODE: _set(p.FAN_MODE, p.THERMOSTAT_OR_ALL, "set a thermostat's fan mode"),
        Command.SET_HOLD_MODE: _set(p.HOLD, p.THERMOSTAT_OR_ALL, "set a thermostat's hold"),
        Command.ADJUST_HEAT_SETPOINT: _momentary_v2(
            p.SETPOINT_STEPS, p.THERMOSTAT_OR_ALL, "raise or lower the heat set point"
        ),
        Command.ADJUST_COOL_SETPOINT: _momentary_v2(
            p.SETPOINT_STEPS, p.THERMOSTAT_OR_ALL, "raise or lower the cool set point"
        ),
        Command.SET_HUMIDIFY_SETPOINT: _set_v2(
            p.HUMIDITY_SETPOINT, p.THERMOSTAT_OR_ALL, "set the humidify set point"
        ),
        Command.SET_DEHUMIDIFY_SETPOINT: _set_v2(
            p.HUMIDITY_SETPOINT, p.THERMOSTAT_OR_ALL, "set the dehumidify set point"
        ),
        Command.SHOW_MESSAGE: _momentary(p.UNUSED, p.MESSAGE, "show a message with beep and LED"),
        Command.LOG_MESSAGE: _momentary(p.UNUSED, p.MESSAGE, "write a message to the event log"),
        Command.CLEAR_MESSAGE: _set(
            p.AREA_OR_ALL, p.MESSAGE_OR_ALL, "clear one message, or with message 0 all of the area"
        ),
        Command.SAY_MESSAGE: _momentary(p.UNUSED, p.MESSAGE, "speak a message"),
        Command.PHONE_AND_SAY_MESSAGE: _momentary(p.PHONE_NUMBER, p.MESSAGE, "dial and speak a message"),
        Command.SEND_MESSAGE: _momentary(p.SERIAL_PORT, p.MESSAGE, "send a message out of a serial port"),
        Command.SHOW_MESSAGE_QUIETLY: _set_v2(p.QUIET, p.MESSAGE, "show a message without beep"),
        Command.EMAIL_MESSAGE: _unproven(p.MESSAGE, "e-mail a message"),
        Command.SCENE_OFF_96: _unproven(p.SCENE, "scene off"),
        Command.SCENE_ON_97: _unproven(p.SCENE, "scene on"),
        Command.SCENE_SET_98: _unproven(p.SCENE, "scene set"),
        Command.TOGGLE: _unproven(p.UNUSED, "toggle"),
        Command.SHOW_CAMERA: _set_v2(p.CAMERA, p.TOUCHSCREEN, "show a camera's picture on a touchscreen"),
        Command.UNIT_LEVEL_TIMED: _set_v2(
            p.DURATION_FROM_2_S, p.UNIT_AND_LEVEL, "set a lighting level for a time"
        ),
        Command.CONSOLE_BEEPER: _set_v2(p.SWITCH, p.CONSOLE_OR_ALL, "disable or enable a console's beeper"),
        Command.CONSOLE_BEEP: _momentary_v2(p.BEEPS, p.CONSOLE_OR_ALL, "beep"),
        Command.SET_USER_SETTING: _set_v2(p.USER_SETTING, p.USER_SETTING_VALUE, "set a user setting"),
        Command.LOCK_DOOR: _set_v2(p.UNUSED, p.READER_OR_ALL, "lock a door"),
        Command.UNLOCK_DOOR: _set_v2(p.DURATION, p.READER_OR_ALL, "unlock a door, optionally for a time"),
        Command.LUTRON_HOMEWORKS_KEYPAD_BUTTON_PRESS: _unproven(
            p.UNUSED, "Lutron HomeWorks keypad button press"
        ),
        Command.CLIPSAL_C_BUS_SCENE: _unproven(p.UNUSED, "Clipsal C-Bus scene"),
        Command.RADIORA2_PHANTOM: _unproven(p.UNUSED, "RadioRA 2 phantom button"),
        Command.STOP: _unproven(p.UNUSED, "stop (shades)"),
        Command.AUDIO_ZONE: _set(p.AUDIO_SWITCH, p.AUDIO_ZONE_OR_ALL, "power or mute of an audio zone"),
        Command.AUDIO_VOLUME: _set(p.FIXED_LEVEL, p.AUDIO_ZONE, "set the volume"),
        Command.AUDIO_SOURCE: _set(p.AUDIO_SOURCE, p.AUDIO_ZONE, "select a source"),
        Command.AUDIO_KEY: _momentary(p.AUDIO_KEY, p.AUDIO_ZONE, "press a key of the audio system"),
    }
)
"""One row a command."""


def command_effect(command: int) -> Effect:
    """Return what a second copy of the command would do; of an unknown one the worst is assumed."""
    kind = member_or_number(Command, command)
    return COMMANDS[kind].effect if isinstance(kind, Command) else Effect.MOMENTARY
