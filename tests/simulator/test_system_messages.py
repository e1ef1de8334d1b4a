"""What the emulated panel answers about itself: troubles, features, the clock, what audio sources play."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import Message
from omnilink_sansio.objects import AudioSourceStatus, RequestAudioSourceStatus
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.simulator import AudioSource, House
from omnilink_sansio.system import (
    Ack,
    EndOfData,
    Nak,
    RequestSystemFeatures,
    RequestSystemStatus,
    RequestSystemTroubles,
    SetTime,
    SystemFeature,
    SystemFeatures,
    SystemTrouble,
    SystemTroubles,
    set_time,
)
from tests.rows import each_row
from tests.simulator.driver import Driver


def online(house: House | None = None) -> Driver:
    driver = Driver(house)
    driver.connect()
    return driver


def clock(driver: Driver) -> tuple[int, ...]:
    status = driver.ask(RequestSystemStatus())
    return (
        status.year,
        status.month,
        status.day,
        status.day_of_week,
        status.hour,
        status.minute,
        status.second,
        status.daylight_saving,
    )


# Troubles and features.


@pytest.mark.parametrize("codes", [b"", b"\2", b"\1\2\3\4\5\6", b"\7\x08"])
def test_troubles_and_features_are_one_byte_each(codes: bytes) -> None:
    driver = online(
        House(troubles=list(map(SystemTrouble, codes)), features=list(map(SystemFeature, codes[::-1])))
    )
    assert driver.exchange(RequestSystemTroubles()) == Message(0x1B, codes)
    assert driver.reply(RequestSystemTroubles()) == SystemTroubles(codes)
    assert driver.exchange(RequestSystemFeatures()) == Message(0x1D, codes[::-1])
    assert driver.reply(RequestSystemFeatures()) == SystemFeatures(codes[::-1])


def test_troubles_that_come_later_are_told() -> None:
    driver = online()
    assert driver.ask(RequestSystemTroubles()) == SystemTroubles(b"")
    driver.house.troubles.append(SystemTrouble.AC_POWER)
    assert driver.ask(RequestSystemTroubles()) == SystemTroubles(b"\3")


# The clock.


def test_the_clock_goes_on_from_the_time_that_is_set() -> None:
    driver = online()
    driver.advance(30)
    # 29 February 2028 is a Tuesday.
    driver.ask(SetTime(28, 2, 29, 2, 23, 58, 1))
    assert clock(driver) == (28, 2, 29, 2, 23, 58, 0, 1)
    driver.advance(119)
    assert clock(driver) == (28, 2, 29, 2, 23, 59, 59, 1)
    driver.advance(1)
    assert clock(driver) == (28, 3, 1, 3, 0, 0, 0, 1)
    driver.ask(SetTime(26, 11, 21, 6, 8, 0, 0))
    assert clock(driver) == (26, 11, 21, 6, 8, 0, 0, 0)
    assert driver.ask(RequestSystemStatus()).time_valid == 1


@given(when=st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)), daylight_saving=st.booleans())  # noqa: DTZ001
def test_any_time_that_is_set_is_told(when: datetime, daylight_saving: bool) -> None:
    driver = online()
    driver.ask(set_time(when, daylight_saving))
    expected = (when.year - 2000, when.month, when.day, when.isoweekday(), when.hour, when.minute)
    assert clock(driver) == (*expected, 0, int(daylight_saving))


@each_row(
    "fields",
    [
        (100, 1, 1, 5, 0, 0),
        (255, 1, 1, 5, 0, 0),
        (26, 0, 1, 1, 0, 0),
        (26, 13, 1, 1, 0, 0),
        (26, 1, 0, 1, 0, 0),
        (26, 1, 32, 1, 0, 0),
        (26, 2, 29, 1, 0, 0),
        (26, 4, 31, 1, 0, 0),
        (26, 1, 1, 4, 24, 0),
        (26, 1, 1, 4, 0, 60),
    ],
)
def test_times_that_are_none_are_refused(fields: tuple[int, int, int, int, int, int]) -> None:
    driver = online()
    before = clock(driver)
    assert driver.reply(SetTime(*fields, 1)) == Nak()
    assert clock(driver) == before


def test_setting_the_clock_leaves_running_timers_alone() -> None:
    driver = online()
    driver.command(1, 30, 1)  # type: ignore[arg-type]  # UNIT_ON
    assert driver.reply(SetTime(99, 12, 31, 4, 23, 59, 0)) == Ack()
    driver.advance(29)
    assert driver.house.units[1].state == 1
    driver.advance(1)
    assert driver.house.units[1].state == 0


# What audio sources play.


def test_the_fields_of_a_source_are_read_one_after_the_other() -> None:
    fields = [(3, "TRACK"), (4, "ARTIST"), (200, ""), (1, "A"), (2, "B"), (0, "C")]
    driver = online(House(audio_sources={2: AudioSource("TUNER", fields, sequence=9)}))
    found = []
    position = 0
    while (reply := driver.ask(RequestAudioSourceStatus(2, position))) is not None:
        assert (reply.source, reply.sequence) == (2, 9)
        position = reply.position + 1
        found.append((reply.position, reply.field_id, reply.text))
    assert found == [(place, *field) for place, field in enumerate(fields, 1)]


def test_a_field_is_told_byte_for_byte() -> None:
    driver = online()
    reply = driver.exchange(Message(0x30, bytes.fromhex("0001 00")))
    assert reply == Message(0x31, bytes.fromhex("0001 00 01 00") + b"98.5 FM\0")
    # The same position again: the same field. The one after the last: the end.
    assert driver.exchange(RequestAudioSourceStatus(1, 1)) == reply
    assert driver.exchange(RequestAudioSourceStatus(1, 1)) == reply
    assert driver.reply(RequestAudioSourceStatus(1, 2)) == EndOfData()
    assert driver.reply(RequestAudioSourceStatus(1, 255)) == EndOfData()


def test_a_source_that_plays_nothing_ends_at_once_and_one_that_is_not_there_gives_nothing() -> None:
    driver = online()
    for source in (2, 8):
        assert driver.reply(RequestAudioSourceStatus(source, 0)) == EndOfData()
    for source in (0, 9, 0xFFFF):
        assert driver.reply(RequestAudioSourceStatus(source, 0)) in (EndOfData(), Nak())


def test_a_change_shows_in_the_sequence_number() -> None:
    driver = online()
    source = driver.house.audio_sources[1]
    source.fields, source.sequence = [(0, "101.1 FM")], 1
    assert driver.ask(RequestAudioSourceStatus(1)) == AudioSourceStatus(1, 1, 1, 0, b"101.1 FM\0")


# Messages that only have names (omni-link-2.md, section 21).

NAMES_ONLY = [0x04, 0x05, 0x06, 0x2A, 0x2B, 0x32, 0x33, 0x34, 0x35, 0x36, *range(0x3D, 0x4A), 0x4D, 0x50]


@each_row("opcode", NAMES_ONLY)
@each_row("data", [b"", b"\1", bytes(16), bytes(254)])
def test_messages_of_which_only_the_name_is_known_are_refused_without_data(opcode: int, data: bytes) -> None:
    assert opcode in set(OmniLink2MessageType)
    driver = online()
    before = repr(driver.house)
    assert driver.exchange(Message(opcode, data)) == Message(0x02)
    assert driver.is_online()
    assert repr(driver.house) == before
