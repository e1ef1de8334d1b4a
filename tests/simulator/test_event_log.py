"""The emulated panel's event log: what is written into it, and reading it from both ends and by number."""

from collections import deque
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import Message, UserCode
from omnilink_sansio.commands import (
    ActivateKeypadEmergency,
    Command,
    ControllerCommand,
    ExecuteSecurityCommand,
)
from omnilink_sansio.event_log import EventLogData, ReadEventRecord
from omnilink_sansio.simulator import Area, House
from omnilink_sansio.system import EndOfData, Nak, SetTime
from tests.rows import each_row
from tests.simulator.driver import Driver


def online(house: House | None = None) -> Driver:
    driver = Driver(house)
    driver.connect()
    return driver


def walk(driver: Driver, direction: int) -> list[int]:
    """The numbers of all events, from one end to the other."""
    found: list[int] = []
    number = 0
    while (event := driver.ask(ReadEventRecord(number, direction))) is not None:
        found.append(event.number)
        number = event.number
        assert len(found) <= 1000, "the log has no end"
    return found


def newest(driver: Driver) -> tuple[int, int, int]:
    """What the newest event is: type and both parameters."""
    event = driver.ask(ReadEventRecord(0, -1))
    assert event is not None
    return event.event_type, event.parameter1, event.parameter2


def log_of(*numbers: int) -> deque[EventLogData]:
    return deque(EventLogData(number, 1, 1, 2, 3, 4, 137, 0, 0) for number in numbers)


def test_a_new_panel_has_logged_nothing() -> None:
    driver = online()
    for number, direction in [(0, -1), (0, 1), (0, 0), (1, 0), (1, 1), (0xFFFF, -1)]:
        assert driver.reply(ReadEventRecord(number, direction)) == EndOfData()


def test_an_event_is_told_byte_for_byte() -> None:
    # 20P00 §EVENT LOG DATA: number, valid, month, day, hour, minute, type, P1, P2.
    driver = online(House(clock=datetime(2026, 11, 21, 22, 59, 0), areas={2: Area("B")}))  # noqa: DTZ001
    driver.advance(60)
    driver.command(Command.SECURITY_NIGHT, 253, 2)
    reply = driver.exchange(ReadEventRecord(0, -1))
    assert reply == Message(0x25, bytes.fromhex("0001 01 0B 15 17 00 32 FD 0002"))


@each_row(
    ("command", "parameter1", "parameter2", "logged"),
    [
        (Command.BYPASS_ZONE, 1, 3, (4, 1, 3)),
        (Command.RESTORE_ZONE, 2, 3, (5, 2, 3)),
        (Command.RESTORE_ALL_ZONES, 1, 0, (6, 1, 0)),
        (Command.RESTORE_ALL_ZONES, 1, 2, (6, 1, 2)),
        (Command.SECURITY_OFF, 1, 0, (48, 1, 0)),
        (Command.SECURITY_DAY, 1, 1, (49, 1, 1)),
        (Command.SECURITY_NIGHT, 1, 2, (50, 1, 2)),
        (Command.SECURITY_AWAY, 1, 0, (51, 1, 0)),
        (Command.SECURITY_VACATION, 1, 1, (52, 1, 1)),
        (Command.SECURITY_DAY_INSTANT, 1, 1, (53, 1, 1)),
        (Command.SECURITY_NIGHT_DELAYED, 1, 1, (54, 1, 1)),
        (Command.LOG_MESSAGE, 0, 2, (138, 0, 2)),
    ],
)
def test_what_commands_log(
    command: Command, parameter1: int, parameter2: int, logged: tuple[int, int, int]
) -> None:
    driver = online()
    driver.command(command, parameter1, parameter2)
    assert newest(driver) == logged
    assert walk(driver, 1) == [1]


def test_arming_with_digits_logs_the_number_of_the_code() -> None:
    driver = online()
    driver.ask(ExecuteSecurityCommand(1, 3, UserCode("0042")))
    assert newest(driver) == (51, 2, 1)


@pytest.mark.parametrize(("emergency", "alarm"), [(1, 1), (2, 2), (3, 4)])
def test_an_emergency_logs_its_alarm_and_area(emergency: int, alarm: int) -> None:
    driver = online()
    driver.ask(ActivateKeypadEmergency(2, emergency))
    assert newest(driver) == (135, alarm, 2)


def test_what_is_refused_or_is_no_event_is_not_logged() -> None:
    driver = online()
    for command, parameter1, parameter2 in [
        (Command.SECURITY_AWAY, 50, 1),
        (Command.SECURITY_AWAY, 1, 5),
        (Command.BYPASS_ZONE, 1, 177),
        (Command.LOG_MESSAGE, 0, 129),
    ]:
        assert driver.reply(ControllerCommand(command, parameter1, parameter2)) == Nak()
    driver.reply(ExecuteSecurityCommand(1, 3, UserCode("9999")))
    driver.command(Command.UNIT_ON, 0, 1)
    assert driver.reply(ReadEventRecord(0, -1)) == EndOfData()


def test_the_log_is_read_from_both_ends_and_by_number() -> None:
    driver = online(House(log=log_of(5, 6, 7)))
    assert walk(driver, 1) == [5, 6, 7]
    assert walk(driver, -1) == [7, 6, 5]
    for number in (5, 6, 7):
        event = driver.ask(ReadEventRecord(number, 0))
        assert event is not None
        assert event.number == number
    for number, direction in [(7, 1), (5, -1), (4, 0), (8, 0), (4, 1), (8, -1), (0, 0)]:
        assert driver.reply(ReadEventRecord(number, direction)) == EndOfData()


@each_row("direction", [-128, -2, 2, 127])
@each_row("number", [0, 6])
def test_other_directions_give_no_event(number: int, direction: int) -> None:
    reply = online(House(log=log_of(5, 6, 7))).reply(ReadEventRecord(number, direction))
    assert not isinstance(reply, EventLogData)


def test_after_number_65535_comes_1() -> None:
    driver = online(House(log=log_of(0xFFFD, 0xFFFE)))
    for zone in (1, 2, 3):
        driver.command(Command.BYPASS_ZONE, 1, zone)
    assert walk(driver, 1) == [0xFFFD, 0xFFFE, 0xFFFF, 1, 2]
    assert walk(driver, -1) == [2, 1, 0xFFFF, 0xFFFE, 0xFFFD]
    assert newest(driver) == (4, 1, 3)
    event = driver.ask(ReadEventRecord(0xFFFF, 1))
    assert event is not None
    assert (event.number, event.parameter2) == (1, 2)


@pytest.mark.parametrize("house", [House(), House(log=deque())])
def test_the_log_holds_a_fixed_number_of_events_and_drops_the_oldest(house: House) -> None:
    driver = online(house)
    for _ in range(400):
        driver.command(Command.LOG_MESSAGE, 0, 1)
    size = len(driver.house.log)
    for _ in range(3):
        driver.command(Command.LOG_MESSAGE, 0, 2)
    found = walk(driver, 1)
    assert size < 400
    assert found == list(range(403 - size + 1, 404))


def test_an_event_has_the_time_that_the_clock_shows_then() -> None:
    driver = online()
    driver.command(Command.LOG_MESSAGE, 0, 1)
    driver.ask(SetTime(30, 2, 28, 4, 23, 58, 0))
    driver.advance(120)
    driver.command(Command.LOG_MESSAGE, 0, 1)
    times = []
    for number in (1, 2):
        event = driver.ask(ReadEventRecord(number, 0))
        assert event is not None
        times.append((event.time_valid, event.month, event.day, event.hour, event.minute))
    assert times == [(1, 11, 21, 8, 0), (1, 3, 1, 0, 0)]


@given(
    log=st.lists(st.integers(1, 0xFFFF), unique=True, max_size=6),
    number=st.integers(0, 0xFFFF) | st.integers(0, 8),
    direction=st.sampled_from([-1, 0, 1]),
)
def test_reading_by_number_finds_the_neighbour_in_the_log(
    log: list[int], number: int, direction: int
) -> None:
    reply = online(House(log=log_of(*log))).reply(ReadEventRecord(number, direction))
    # 0 stands before the oldest and behind the newest.
    ring = [0, *log]
    expected = None
    if number in ring and (number, direction) != (0, 0):
        expected = ring[(ring.index(number) + direction) % len(ring)] or None
    if expected is None:
        assert reply == EndOfData()
    else:
        assert isinstance(reply, EventLogData)
        assert reply.number == expected
