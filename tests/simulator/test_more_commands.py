"""Every printed command of the demo house: what it changes, what is pushed, when it ends (20P00 §CONTROLLER
COMMAND).
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omnilink_sansio import CommandFailedError, Message, NotificationReceived, ReplyReceived
from omnilink_sansio.commands import Command, ControllerCommand
from omnilink_sansio.event_log import ReadEventRecord
from omnilink_sansio.objects import (
    ExtendedObjectStatus,
    ObjectType,
    RequestExtendedObjectStatus,
    RequestObjectProperties,
    UserSettingKind,
)
from omnilink_sansio.simulator import (
    AudioZone,
    AuxiliarySensor,
    ConsoleMessage,
    House,
    Reader,
    Unit,
    UserSetting,
)
from omnilink_sansio.system import Ack, Nak
from tests.rows import each_row
from tests.simulator.driver import Driver, still_house


def online(house: House | None = None, *, listening: bool = False) -> Driver:
    driver = Driver(house, at_once=100)
    driver.connect()
    if listening:
        driver.listen()
    return driver


def state(driver: Driver, kind: int, index: int) -> str:
    """An object's record, as hex digits."""
    reply = driver.exchange(RequestExtendedObjectStatus(kind, index, index))
    assert reply.type == 0x3B
    return reply.data[2:].hex()


# What each changes: seen in the status, and pushed after the reply, as extended status.

EFFECTS: list[tuple[int, int, int, int, list[str]]] = [
    (0, 0, 3, 2, ["0003 00 0000"]),
    (0, 10, 3, 2, ["0003 00 000A"]),
    (1, 0, 1, 2, ["0001 01 0000"]),
    (1, 105, 1, 2, ["0001 01 012C"]),
    (4, 1, 1, 1, ["0001 20 5A"]),
    (5, 1, 3, 1, ["0003 01 A8"]),
    (9, 50, 1, 2, ["0001 96 0000"]),
    # User setting 2 of the demo house is a level of 40 percent.
    (9, 102, 1, 2, ["0001 8C 0000"]),
    (10, 0, 2, 2, ["0002 9F 0000"]),
    (11, 0, 393, 2, ["0189 01 0000"]),
    (12, 200, 393, 2, ["0189 C8 0000"]),
    (14, 13, 4, 2, ["0004 0D 0000"]),
    (17, 0, 1, 2, ["0001 11 0000"]),
    (25, 30, 2, 2, ["0002 19 001E"]),
    (33, 0, 1, 2, ["0001 21 0000"]),
    (41, 201, 511, 2, ["01FF 29 0E10"]),
    (48, 1, 1, 5, ["0001 00 00 00 00"]),
    (49, 1, 1, 5, ["0001 09 00 00 3C"]),
    (50, 2, 1, 5, ["0001 0A 00 00 3C"]),
    (51, 1, 2, 5, ["0002 0B 00 00 1E"]),
    (52, 1, 0, 5, ["0001 0C 00 00 3C", "0002 0C 00 00 1E"]),
    (53, 253, 2, 5, ["0002 0D 00 00 1E"]),
    (54, 1, 2, 5, ["0002 0E 00 00 1E"]),
    (66, 100, 2, 6, ["0002 00 76 64 82 01 00 00 5F 00 00 5E 00"]),
    (67, 140, 2, 6, ["0002 00 76 79 8C 01 00 00 5F 00 00 5E 01"]),
    (66, 100, 170, 8, ["00AA 00 68 64 00"]),
    (67, 140, 171, 8, ["00AB 00 6A 00 8C"]),
    (68, 4, 2, 6, ["0002 00 76 79 82 04 00 00 5F 00 00 5E 01"]),
    (69, 2, 2, 6, ["0002 00 76 79 82 01 02 00 5F 00 00 5E 01"]),
    (70, 255, 2, 6, ["0002 00 76 79 82 01 00 FF 5F 00 00 5E 01"]),
    (71, 2, 2, 6, ["0002 00 76 7B 82 01 00 00 5F 00 00 5E 01"]),
    (72, 254, 2, 6, ["0002 00 76 79 80 01 00 00 5F 00 00 5E 01"]),
    (73, 100, 2, 6, ["0002 00 76 79 82 01 00 00 5F 64 00 5E 05"]),
    (74, 156, 2, 6, ["0002 00 76 79 82 01 00 00 5F 00 9C 5E 01"]),
    (80, 0, 1, 7, ["0001 02"]),
    (82, 0, 2, 7, ["0002 00"]),
    (82, 0, 0, 7, ["0002 00"]),
    (86, 1, 1, 7, ["0001 02"]),
    (101, 130, 20 << 9 | 3, 2, ["0003 78 0708"]),
    (106, 0, 1, 15, ["0001 01 0000"]),
    (106, 5, 0, 15, ["0001 01 0005"]),
    (106, 110, 9, 15, ["0009 01 0258"]),
    (105, 0, 1, 15, ["0001 00 0000"]),
    (112, 1, 2, 10, ["0002 01 01 1E 00"]),
    (112, 0, 1, 10, ["0001 00 01 1E 00"]),
    (112, 3, 0, 10, ["0001 01 01 1E 01", "0002 00 01 1E 01"]),
    (112, 2, 1, 10, ["0001 01 01 1E 00"]),
    (113, 100, 1, 10, ["0001 01 01 64 00"]),
    (114, 2, 1, 10, ["0001 01 02 1E 00"]),
]


@each_row(
    ("command", "parameter1", "parameter2", "kind", "records"),
    EFFECTS,
    ids=[f"{row[0]}-{row[1]}-{row[2]}" for row in EFFECTS],
)
def test_what_a_command_changes_is_in_the_status_and_is_pushed_after_the_reply(
    command: int, parameter1: int, parameter2: int, kind: int, records: list[str]
) -> None:
    driver = online(listening=True)
    driver.events["one"].clear()
    assert driver.reply(ControllerCommand(command, parameter1, parameter2)) == Ack()
    seen = [type(event) for event in driver.events["one"]]
    assert seen == [ReplyReceived, NotificationReceived]
    expected = [bytes.fromhex(record) for record in records]
    assert driver.pushed() == [Message(0x3B, bytes((kind, len(expected[0]))) + b"".join(expected))]
    for record in expected:
        assert state(driver, kind, int.from_bytes(record[:2], "big")) == record.hex()
    driver.house.check()


QUIET = [
    (6, 1, 0),
    (15, 0, 1),
    (27, 0, 1),
    (28, 0, 255),
    (29, 0, 1),
    (30, 0, 1),
    (44, 8, 1),
    (45, 1, 1),
    (64, 5, 1),
    (65, 0, 1),
    (81, 0, 1),
    # Cleared already.
    (82, 0, 1),
    (83, 0, 1),
    (84, 1, 1),
    (85, 1, 1),
    (100, 6, 1),
    (102, 1, 0),
    (103, 6, 16),
    (104, 2, 77),
    (115, 46, 1),
]


@each_row(("command", "parameter1", "parameter2"), QUIET)
def test_commands_that_change_no_status_that_is_told_push_nothing(
    command: int, parameter1: int, parameter2: int
) -> None:
    driver = online(listening=True)
    assert driver.reply(ControllerCommand(command, parameter1, parameter2)) == Ack()
    driver.advance(1000)
    assert driver.pushed() == []


@pytest.mark.parametrize(("cost", "word"), [(0, "030A"), (1, "030B"), (2, "030C"), (3, "030D")])
def test_what_energy_costs_is_told_as_an_event_word(cost: int, word: str) -> None:
    driver = online(listening=True)
    driver.command(Command.SET_ENERGY_COST, cost)
    assert driver.pushed() == [Message(0x37, bytes.fromhex(word))]


def test_a_user_setting_is_set_and_seen_but_never_pushed() -> None:
    driver = online(listening=True)
    driver.command(Command.SET_USER_SETTING, 1, 0x1200)
    assert state(driver, 13, 1) == "0001061200"
    assert driver.exchange(RequestObjectProperties(13, 1)).data[3:6].hex() == "061200"
    assert driver.pushed() == []


def test_a_message_is_cleared_only_in_the_areas_that_are_named() -> None:
    shown = ConsoleMessage("A", area_bits=0b01), ConsoleMessage("B", area_bits=0b10), ConsoleMessage("C")
    for area, cleared in {0: {1, 2, 3}, 1: {1, 3}, 2: {2, 3}, 8: {3}}.items():
        driver = online(
            House(
                messages={
                    index: ConsoleMessage(m.name, area_bits=m.area_bits) for index, m in enumerate(shown, 1)
                }
            )
        )
        for index in (1, 2, 3):
            driver.command(Command.SHOW_MESSAGE_QUIETLY, 2, index)
        driver.command(Command.CLEAR_MESSAGE, area, 0)
        states = {index: state(driver, 7, index) for index in (1, 2, 3)}
        assert states == {index: f"000{index}0{0 if index in cleared else 2}" for index in (1, 2, 3)}


# "All" is all.


def test_clearing_all_messages_clears_unnamed_ones_too() -> None:
    driver = online()
    driver.command(Command.SHOW_MESSAGE, 0, 128)
    assert state(driver, 7, 128) == "008002"
    driver.command(Command.CLEAR_MESSAGE, 0, 0)
    assert state(driver, 7, 128) == "008000"


def test_locking_all_doors_locks_unnamed_ones_too() -> None:
    driver = online()
    driver.command(Command.UNLOCK_DOOR, 0, 16)
    assert state(driver, 15, 16) == "0010010000"
    driver.command(Command.LOCK_DOOR, 0, 0)
    assert state(driver, 15, 16) == "0010000000"


# Time.

TIMED: list[tuple[int, int, int, int, str, str]] = [
    # Command, second parameter, kind, index, state during and after.
    (0, 3, 2, 3, "00", "01"),
    (1, 1, 2, 1, "01", "00"),
    *[(16 + step, 2, 2, 2, f"{16 + step:02x}", "a0") for step in range(1, 10)],
    *[(32 + step, 2, 2, 2, f"{32 + step:02x}", "a0") for step in range(1, 10)],
    (101, 25 << 9 | 2, 2, 2, "7d", "a0"),
    (106, 1, 15, 1, "01", "00"),
]
# The byte, and the seconds that it stands for. User setting 3 is a duration of 2 minutes, 4 one of 7 seconds.
DURATIONS = [(2, 2), (99, 99), (101, 60), (199, 5940), (201, 3600), (218, 64800), (221, 120), (222, 7)]


def _with_durations() -> House:
    house = still_house()
    house.user_settings[3] = UserSetting("STAIRS", UserSettingKind.DURATION, 102)
    house.user_settings[4] = UserSetting("GATE", UserSettingKind.DURATION, 7)
    return house


@each_row(("parameter1", "seconds"), DURATIONS)
@each_row(
    ("command", "parameter2", "kind", "index", "during", "after"), TIMED, ids=[str(row[0]) for row in TIMED]
)
def test_a_duration_ends_on_time_and_its_end_is_pushed(
    command: int,
    parameter2: int,
    kind: int,
    index: int,
    during: str,
    after: str,
    parameter1: int,
    seconds: int,
) -> None:
    driver = online(_with_durations(), listening=True)
    driver.command(Command(command), parameter1, parameter2)
    assert state(driver, kind, index) == f"{index:04x}{during}{seconds:04x}"
    driver.pushed()
    driver.advance(seconds - 0.5)
    assert driver.pushed() == []
    assert state(driver, kind, index) == f"{index:04x}{during}0001"
    driver.advance(0.5)
    record = bytes.fromhex(f"{index:04x}{after}0000")
    assert driver.pushed() == [Message(0x3B, bytes((kind, 5)) + record)]
    assert state(driver, kind, index) == record.hex()
    assert driver.panel.next_timeout() is None


@pytest.mark.parametrize("value", [0, 100, 200, 219, 255])
def test_a_user_setting_that_is_no_duration_gives_no_limit(value: int) -> None:
    house = still_house()
    house.user_settings[3] = UserSetting("STAIRS", UserSettingKind.DURATION, value)
    driver = online(house)
    driver.command(Command.UNIT_ON, 221, 1)
    assert state(driver, 2, 1) == "0001010000"
    assert driver.panel.next_timeout() is None


def test_a_door_that_is_locked_before_its_time_stays_locked() -> None:
    driver = online(listening=True)
    driver.command(Command.UNLOCK_DOOR, 30, 1)
    driver.advance(10)
    driver.command(Command.LOCK_DOOR, 0, 1)
    driver.pushed()
    driver.advance(100)
    assert driver.pushed() == []
    assert state(driver, 15, 1) == "0001000000"
    # Unlocked anew, its time begins anew; without a limit it has none.
    driver.command(Command.UNLOCK_DOOR, 30, 1)
    driver.advance(20)
    driver.command(Command.UNLOCK_DOOR, 30, 1)
    driver.advance(20)
    assert state(driver, 15, 1) == "000101000a"
    driver.command(Command.UNLOCK_DOOR, 0, 1)
    driver.advance(100_000)
    assert state(driver, 15, 1) == "0001010000"


def test_a_door_is_part_of_its_reader() -> None:
    driver = online()
    driver.command(Command.UNLOCK_DOOR, 101, 1)
    properties = driver.exchange(RequestObjectProperties(ObjectType.ACCESS_CONTROL_READER, 1)).data
    assert properties[3:6].hex() == "01003c"
    # A door that is opened is nobody's access.
    assert state(driver, 14, 1) == "00010001"


def test_values_can_come_from_user_settings() -> None:
    house = still_house()
    house.user_settings[5] = UserSetting("WARM", UserSettingKind.TEMPERATURE, 122)
    house.user_settings[6] = UserSetting("MOIST", UserSettingKind.HUMIDITY, 90)
    driver = online(house)
    for command in (66, 67, 73, 74):
        driver.command(Command(command), 200 + (5 if command < 70 else 6), 1)
    assert state(driver, 6, 1) == "0001007b7a7a0300005a5a5a5e02"
    driver.command(Command.UNIT_LEVEL, 102, 1)
    driver.command(Command.SET_USER_SETTING, 2, 60)
    assert state(driver, 2, 1) == "00018c0000"
    driver.command(Command.UNIT_LEVEL, 102, 1)
    assert state(driver, 2, 1) == "0001a00000"


# Counters, and what objects there are.


def test_a_counter_stays_within_a_byte() -> None:
    driver = online()
    driver.command(Command.DECREMENT_COUNTER, 0, 400)
    assert state(driver, 2, 400) == "0190000000"
    driver.command(Command.SET_COUNTER, 254, 400)
    for _ in range(3):
        driver.command(Command.INCREMENT_COUNTER, 0, 400)
    assert state(driver, 2, 400) == "0190ff0000"
    driver.command(Command.DECREMENT_COUNTER, 0, 400)
    assert state(driver, 2, 400) == "0190fe0000"


@each_row("command", [0, 1, 9, 10, 11, 12, 13, 14, 15, *range(17, 28), *range(33, 42), 44, 45, 101])
def test_units_beyond_the_capacity_are_refused_by_every_command(command: int) -> None:
    driver = online(House(capacities={ObjectType.UNIT: 16}, units={1: Unit("A")}))
    parameter1 = 0 if command in (15, 27, 10, 11) else 2
    for unit, reply in [(16, Ack()), (17, Nak()), (100, Nak())]:
        assert driver.reply(ControllerCommand(command, parameter1, unit)) == reply


def test_consoles_beyond_the_capacity_are_refused() -> None:
    few = {ObjectType.CONSOLE: 4}
    none = {ObjectType.CONSOLE: 0}
    for capacities, last in [(few, 4), (none, 0)]:
        driver = online(House(capacities=capacities))
        for command in (Command.CONSOLE_BEEPER, Command.CONSOLE_BEEP):
            assert driver.reply(ControllerCommand(command, 1, last + 1)) == Nak()
            if last:
                assert driver.reply(ControllerCommand(command, 1, last)) == Ack()


@pytest.mark.parametrize(
    ("command", "parameter1"), [(1, 244), (1, 255), (9, 126), (66, 226), (73, 226), (106, 244)]
)
def test_values_from_user_settings_that_there_are_not_are_refused(command: int, parameter1: int) -> None:
    driver = online()
    before = repr(driver.house)
    assert driver.reply(ControllerCommand(command, parameter1, 1)) == Nak()
    assert repr(driver.house) == before


@pytest.mark.parametrize("parameter2", [0, 1])
@pytest.mark.parametrize("command", [104, 105, 106])
def test_commands_for_objects_that_came_with_firmware_3_are_refused_before_it(
    command: int, parameter2: int
) -> None:
    house = still_house()
    house.firmware = (2, 16, 1)
    driver = online(house, listening=True)
    parameter1 = 1 if command == 104 else 0
    assert driver.reply(ControllerCommand(command, parameter1, parameter2)) == Nak()
    assert driver.pushed() == []


def test_looking_at_thermostats_does_not_change_whose_set_point_is_meant() -> None:
    driver = online(House(sensors={5: AuxiliarySensor("CELLAR")}))
    driver.command(Command.SET_HEAT_SETPOINT, 100, 5)
    assert state(driver, 8, 5) == "000500006400"
    driver.ask(RequestExtendedObjectStatus(ObjectType.THERMOSTAT, 1, 8))
    driver.ask(RequestObjectProperties(ObjectType.THERMOSTAT, 5))
    driver.command(Command.SET_HEAT_SETPOINT, 110, 5)
    assert state(driver, 8, 5) == "000500006e00"


def test_an_audio_zone_without_a_name_can_be_used_by_its_number() -> None:
    driver = online(House(audio_zones={1: AudioZone("A")}, readers={1: Reader("A")}), listening=True)
    driver.command(Command.AUDIO_ZONE, 1, 8)
    assert driver.pushed() == [Message(0x3B, bytes.fromhex("0A 06 0008 01 01 1E 00"))]


# Whatever comes.


def _sweep(driver: Driver) -> None:
    """Every object's status can be told and read."""
    most = {6: 18, 7: 84, 1: 63, 2: 50, 8: 42, 10: 42, 11: 63, 13: 50, 14: 63, 15: 50, 5: 42}
    for kind, longest in most.items():
        last = driver.house.capacity(kind)
        requests = [
            RequestExtendedObjectStatus(kind, first, min(first + longest - 1, last))
            for first in range(1, last + 1, longest)
        ]
        assert all(isinstance(reply, ExtendedObjectStatus) for reply in driver.replies(requests))


_TO_SMALL_NUMBERS = st.integers(0, 10)
_PARAMETERS = st.tuples(
    st.integers(0, 255), st.integers(0, 255), _TO_SMALL_NUMBERS | st.integers(0, 600) | st.integers(0, 0xFFFF)
)


@example(commands=[(104, 2, 0xFFFF), (9, 102, 1), (66, 202, 1), (73, 202, 1), (1, 220, 1), (106, 220, 1)])
@given(commands=st.lists(_PARAMETERS, min_size=1, max_size=12))
def test_no_commands_break_the_panel_or_leave_a_state_that_cannot_be_told(
    commands: list[tuple[int, int, int]],
) -> None:
    driver = online(listening=True)
    for command, parameter1, parameter2 in commands:
        before = repr(driver.house)
        reply = driver.reply(ControllerCommand(command, parameter1, parameter2))
        assert reply in (Ack(), Nak())
        # What is refused leaves no trace.
        assert reply == Ack() or repr(driver.house) == before
        driver.house.check()
    _sweep(driver)
    driver.advance(65_000)
    driver.house.check()
    _sweep(driver)
    assert driver.is_online()
    # Every push can be read.
    assert all(type(told).__name__ != "UnknownNotification" for told in driver.told())


@each_row("command", range(256))
def test_every_command_byte_is_answered_with_ack_or_nak(command: int) -> None:
    driver = online(listening=True)
    commands = [
        ControllerCommand(command, parameter1, parameter2)
        for parameter1 in (0, 1, 2, 5, 50, 100, 150, 201, 220, 255)
        for parameter2 in (0, 1, 3, 8, 170, 511, 50 << 9 | 2, 0xFFFF)
    ]
    assert all(reply in (Ack(), Nak()) for reply in driver.replies(commands))
    driver.advance(65_000)
    driver.house.check()
    assert driver.is_online()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((Command.UNIT_LEVEL_TIMED, 10, 50 << 9 | 1), (Command.UNIT_LEVEL_TIMED, 10, 80 << 9 | 1)),
        ((Command.DIM_1, 10, 1), (Command.DIM_2, 10, 1)),
        ((Command.BRIGHTEN_1, 10, 1), (Command.UNIT_LEVEL_TIMED, 10, 80 << 9 | 1)),
    ],
)
def test_a_timed_state_on_top_of_a_timed_one_ends_in_the_state_before_both(
    first: tuple[Command, int, int], second: tuple[Command, int, int]
) -> None:
    driver = Driver()
    driver.connect()
    before = driver.house.units[1].state
    driver.command(*first)
    driver.advance(5)
    driver.command(*second)
    driver.advance(10)
    assert driver.house.units[1].state == before


def test_a_code_arms_only_where_it_is_valid() -> None:
    driver = Driver()
    driver.connect()
    # The cleaner's code is for area 1 alone.
    with pytest.raises(CommandFailedError):
        driver.command(Command.SECURITY_AWAY, 2, 2)
    with pytest.raises(CommandFailedError):
        driver.command(Command.SECURITY_AWAY, 2, 0)
    driver.command(Command.SECURITY_AWAY, 2, 1)
    driver.command(Command.SECURITY_AWAY, 1, 0)


@pytest.mark.parametrize("direction", [-128, -2, 2, 127])
def test_a_direction_that_is_none_is_refused(direction: int) -> None:
    driver = Driver()
    driver.connect()
    assert driver.reply(ReadEventRecord(0, direction)) == Nak()


def test_the_source_key_of_a_house_without_sources_changes_nothing() -> None:
    driver = online(House(capacities={ObjectType.AUDIO_SOURCE: 0}))
    driver.command(Command.AUDIO_KEY, 2, 1)
    assert state(driver, 10, 1) == "000100011e00"
