"""Commands of CONTROLLER_COMMAND against the protocol's table, and what a second copy of each would do."""

import pytest

from omnilink_sansio.enums import Effect, ProtocolVersion
from omnilink_sansio.messages.commands import COMMANDS, Command, command_effect
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


def test_commands_are_those_of_the_protocol_table() -> None:
    assert {command.name: command.value for command in Command} == {
        row["name"]: row["value"] for row in COMMAND_ROWS
    }
    assert len({row["value"] for row in COMMAND_ROWS}) == len(COMMAND_ROWS)


def test_each_command_has_exactly_one_row() -> None:
    assert list(COMMANDS) == list(Command)


@pytest.mark.parametrize("row", COMMAND_ROWS, ids=[row["name"] for row in COMMAND_ROWS])
def test_row_says_what_the_protocol_table_says(row: CommandRow) -> None:
    info = COMMANDS[Command(row["value"])]
    assert (info.parameter1 is None, info.parameter2 is None) == (row["p1"] is None, row["p2"] is None)
    assert info.protocols == {_VERSIONS[name] for name in row["protocols"]}
    assert info.printed == (not row["source"].startswith("not in"))
    assert info.description


@pytest.mark.parametrize("command", Command)
def test_each_command_changes_something(command: Command) -> None:
    assert COMMANDS[command].effect in {Effect.SET, Effect.MOMENTARY}


@pytest.mark.parametrize("byte", range(256))
def test_every_command_byte_has_an_effect_and_of_an_unknown_one_the_worst_is_assumed(byte: int) -> None:
    known = {command.value: info.effect for command, info in COMMANDS.items()}
    assert command_effect(byte) is known.get(byte, Effect.MOMENTARY)


@pytest.mark.parametrize("command", MOMENTARY)
def test_every_copy_acts_of_toggles_steps_counters_buttons_and_messages(command: Command) -> None:
    assert command_effect(command) is Effect.MOMENTARY


@pytest.mark.parametrize("command", SET)
def test_the_same_again_changes_nothing_of_states_levels_arming_and_locks(command: Command) -> None:
    assert command_effect(command) is Effect.SET


@pytest.mark.parametrize(
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
