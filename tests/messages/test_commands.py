"""Commands of CONTROLLER_COMMAND against the protocol's table, and what a second copy of each would do."""

from collections.abc import Mapping

from omnilink_sansio import Effect, ProtocolVersion
from omnilink_sansio.commands import COMMANDS, Command, CommandParameter, command_effect
from omnilink_sansio.messages.commands import parameters as p
from tests.rows import each_row
from tests.vectors import COMMAND_ROWS, CommandRow

_VERSIONS = {"v1": ProtocolVersion.V1, "v2": ProtocolVersion.V2}

MOMENTARY = [
    Command.TOGGLE,
    *(Command(number) for number in range(Command.DIM_1, Command.DIM_9 + 1)),
    *(Command(number) for number in range(Command.BRIGHTEN_1, Command.BRIGHTEN_9 + 1)),
    Command.DECREMENT_COUNTER,
    Command.INCREMENT_COUNTER,
    Command.EXECUTE_BUTTON,
    Command.RADIORA_PHANTOM_BUTTON_OFF,
    Command.RADIORA_PHANTOM_BUTTON_ON,
    Command.LUTRON_HOMEWORKS_KEYPAD_BUTTON_PRESS,
    Command.ADJUST_HEAT_SETPOINT,
    Command.ADJUST_COOL_SETPOINT,
    Command.SHOW_MESSAGE,
    Command.LOG_MESSAGE,
    Command.SAY_MESSAGE,
    Command.PHONE_AND_SAY_MESSAGE,
    Command.SEND_MESSAGE,
    Command.EMAIL_MESSAGE,
    Command.CONSOLE_BEEP,
    Command.AUDIO_KEY,
]
SET = [
    Command.UNIT_OFF,
    Command.UNIT_ON,
    Command.ALL_OFF,
    Command.ALL_ON,
    Command.UNIT_LEVEL,
    Command.UNIT_RAMP,
    Command.SET_COUNTER,
    Command.BYPASS_ZONE,
    Command.RESTORE_ZONE,
    Command.RESTORE_ALL_ZONES,
    *(Command(number) for number in range(Command.SECURITY_OFF, Command.SECURITY_NIGHT_DELAYED + 1)),
    Command.SET_HEAT_SETPOINT,
    Command.SET_COOL_SETPOINT,
    Command.SET_SYSTEM_MODE,
    Command.SET_FAN_MODE,
    Command.SET_HOLD_MODE,
    Command.SET_HUMIDIFY_SETPOINT,
    Command.SET_DEHUMIDIFY_SETPOINT,
    Command.CLEAR_MESSAGE,
    Command.SET_USER_SETTING,
    Command.LOCK_DOOR,
    Command.UNLOCK_DOOR,
    Command.AUDIO_ZONE,
    Command.AUDIO_VOLUME,
    Command.AUDIO_SOURCE,
]


PARAMETERS1: Mapping[str | None, CommandParameter] = {
    None: p.UNUSED,
    "0": p.UNUSED,
    "0 auto, 1 on; v2 also 2 cycle": p.FAN_MODE,
    "0 disabled, 1 enabled (range printed 0-255)": p.SWITCH,
    "0 disabled, 44-156 = 0-100 %, 201-255 = user setting P1-200": p.HUMIDITY_SETPOINT,
    "0 off, 1 heat, 2 cool, 3 auto; v2 also 4 emergency heat": p.SYSTEM_MODE,
    "0 off, 1 on, 2 mute off, 3 mute on": p.AUDIO_SWITCH,
    "0 off, 1 on, 2-13 scene A-L": p.UNIT_SCENE,
    "0 off, 1 without end, 2-6 = 1-5 times": p.BEEPS,
    "0 off, 255 hold": p.HOLD,
    "0 or DURATION (2-99 s, 101-199, 201-218, 219-255)": p.BLINK_DURATION,
    "0-100": p.FIXED_LEVEL,
    "0-100 percent; v2 only: 101-255 = user setting P1-100": p.LEVEL,
    "0-255": p.COUNT,
    "1 no beep, 2 no beep and no LED (range printed 0-2)": p.QUIET,
    "AREA_OR_ALL, used only when P2 = 0": p.AREA_OR_ALL,
    "AUDIO_SOURCE": p.AUDIO_SOURCE,
    "CODE_NUMBER": p.CODE_NUMBER,
    "DURATION (2-99 s, 101-199 min, 201-218 h, 219-255 user setting)": p.DURATION_FROM_2_S,
    "DURATION_OR_ZERO": p.DURATION,
    "ENERGY_COST": p.ENERGY_COST,
    "LED 1-8": p.LED,
    "OMNI_TEMPERATURE (v2: 0-180, 201-255 = user setting P1-200; v1: 44-180)": p.SETPOINT,
    "PHONE_NUMBER_INDEX": p.PHONE_NUMBER,
    "RAMP_RATE (2-99 s, 101-199 min, 201-210 h; v2 only: 219-255 user setting), time for the full "
    "0-100 excursion": p.RAMP_TIME,
    "SERIAL_PORT": p.SERIAL_PORT,
    "USER_SETTING": p.USER_SETTING,
    "camera 1-6": p.CAMERA,
    "key code (range printed 1-40, table runs to 46)": p.AUDIO_KEY,
    "s8 -50..50, half degrees Celsius": p.SETPOINT_STEPS,
}
PARAMETERS2: Mapping[str | None, CommandParameter] = {
    None: p.UNUSED,
    "AREA_OR_ALL": p.AREA_OR_ALL,
    "AREA_OR_ALL (Lumina: 1)": p.AREA_OR_ALL,
    "AUDIO_ZONE": p.AUDIO_ZONE,
    "AUDIO_ZONE_OR_ALL": p.AUDIO_ZONE_OR_ALL,
    "BUTTON": p.BUTTON,
    "CONSOLE_OR_ALL (0-16)": p.CONSOLE_OR_ALL,
    "ENERGY_SAVER": p.ENERGY_SAVER,
    "LO9_UNIT_HI7_BLINK_RATE": p.UNIT_AND_BLINK_RATE,
    "LO9_UNIT_HI7_LEVEL": p.UNIT_AND_LEVEL,
    "MESSAGE": p.MESSAGE,
    "MESSAGE_OR_ALL": p.MESSAGE_OR_ALL,
    "READER_OR_ALL": p.READER_OR_ALL,
    "SCENE": p.SCENE,
    "TEMP_ZONE_OR_ALL": p.THERMOSTAT_OR_SENSOR,
    "THERMOSTAT_OR_ALL": p.THERMOSTAT_OR_ALL,
    "TOUCHSCREEN": p.TOUCHSCREEN,
    "UNIT": p.UNIT,
    "UPB_LINK": p.UPB_LINK,
    "ZONE": p.ZONE,
    "new value 0-65535": p.USER_SETTING_VALUE,
}
"""What each token of the protocol's table stands for."""


def test_commands_are_those_of_the_protocol_table() -> None:
    assert {command.name: command.value for command in Command} == {
        row["name"]: row["value"] for row in COMMAND_ROWS
    }
    assert len({row["value"] for row in COMMAND_ROWS}) == len(COMMAND_ROWS)


def test_each_command_has_exactly_one_row() -> None:
    assert list(COMMANDS) == list(Command)


@each_row("row", COMMAND_ROWS, ids=[row["name"] for row in COMMAND_ROWS])
def test_row_says_what_the_protocol_table_says(row: CommandRow) -> None:
    info = COMMANDS[Command(row["value"])]
    assert info.parameter1 is PARAMETERS1[row["p1"]]
    # The vendor calls two things a button.
    expected = p.PHANTOM_BUTTON if "PHANTOM_BUTTON" in row["name"] else PARAMETERS2[row["p2"]]
    assert info.parameter2 is expected
    assert info.protocols == {_VERSIONS[name] for name in row["protocols"]}
    assert info.printed == (not row["source"].startswith("not in"))
    assert info.description


@each_row("command", Command)
def test_each_command_changes_something(command: Command) -> None:
    assert COMMANDS[command].effect in {Effect.SET, Effect.MOMENTARY}


@each_row("byte", range(256))
def test_every_command_byte_has_an_effect_and_of_an_unknown_one_the_worst_is_assumed(byte: int) -> None:
    known = {command.value: info.effect for command, info in COMMANDS.items()}
    assert command_effect(byte) is known.get(byte, Effect.MOMENTARY)


@each_row("command", MOMENTARY)
def test_every_copy_acts_of_toggles_steps_counters_buttons_and_messages(command: Command) -> None:
    assert command_effect(command) is Effect.MOMENTARY


@each_row("command", SET)
def test_the_same_again_changes_nothing_of_states_levels_arming_and_locks(command: Command) -> None:
    assert command_effect(command) is Effect.SET


@each_row(
    ("command", "value"),
    [
        (Command.UNIT_ON, 1),
        (Command.UNIT_LEVEL, 9),
        (Command.DIM_9, 25),
        (Command.BRIGHTEN_9, 41),
        (Command.SECURITY_AWAY, 51),
        (Command.SET_HOLD_MODE, 70),
        (Command.SET_USER_SETTING, 104),
        (Command.AUDIO_KEY, 115),
    ],
)
def test_command_bytes_printed_by_the_vendor(command: Command, value: int) -> None:
    assert command == value
