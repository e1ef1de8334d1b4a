"""Values of user settings by their kind (20P00 §USER SETTING PROPERTIES), over all that two bytes can hold."""

import functools
from collections.abc import Callable
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import LocalProtocolError
from omnilink_sansio.objects import (
    MonthDay,
    UserSettingKind,
    UserSettingProperties,
    UserSettingStatus,
    UserSettingValue,
    Weekday,
    decode_user_setting,
    encode_user_setting,
)
from tests.rows import each_row
from tests.vectors import TEMPERATURES

Kind = UserSettingKind

WITH_VALUES = [kind for kind in Kind if kind is not Kind.NOT_USED]


def _nothing(_: int) -> UserSettingValue | None:
    return None


def _number(raw: int) -> UserSettingValue | None:
    return raw if raw < 256 else None


def _duration(raw: int) -> UserSettingValue | None:
    if 0 <= raw <= 99:
        return raw
    if 101 <= raw <= 199:
        return (raw - 100) * 60
    return (raw - 200) * 3600 if 201 <= raw <= 218 else None


def _temperature(raw: int) -> UserSettingValue | None:
    # Raw 0 is nothing, as in a reading or set point.
    return TEMPERATURES[raw]["celsius"] if 0 < raw < 256 else None


def _humidity(raw: int) -> UserSettingValue | None:
    # A relative humidity is 0 to 100 percent; the bytes beside stand for none.
    return int(TEMPERATURES[raw]["fahrenheit_display"]) if 44 <= raw <= 156 else None


def _date(raw: int) -> UserSettingValue | None:
    month, day = raw >> 8, raw & 255
    return MonthDay(month, day) if month in range(1, 13) and day in range(1, 32) else None


def _time(raw: int) -> UserSettingValue | None:
    hour, minute = raw >> 8, raw & 255
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _days(raw: int) -> UserSettingValue | None:
    names = ("", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    return {Weekday[name] for bit, name in enumerate(names) if name and raw & 1 << bit} if raw < 256 else None


def _level(raw: int) -> UserSettingValue | None:
    return raw if raw <= 100 else None


BY_HAND: dict[Kind, Callable[[int], UserSettingValue | None]] = {
    Kind.NOT_USED: _nothing,
    Kind.NUMBER: _number,
    Kind.DURATION: _duration,
    Kind.TEMPERATURE: _temperature,
    Kind.HUMIDITY: _humidity,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.DAYS_OF_WEEK: _days,
    Kind.LEVEL: _level,
}


# The protocol table has these "in the low byte" and says nothing of the high one.
LOW_BYTE = (Kind.NUMBER, Kind.DAYS_OF_WEEK, Kind.LEVEL)


@functools.cache
def _by_hand(kind: Kind) -> list[UserSettingValue | None]:
    return [BY_HAND[kind](raw) for raw in range(0x10000)]


def _allowed(kind: Kind, raw: int) -> UserSettingValue | None:
    return _by_hand(kind)[raw & 0xFF if kind in LOW_BYTE else raw]


@functools.cache
def _decoded(kind: Kind) -> list[UserSettingValue | None]:
    """Return what each raw value means, to be looked at by several tests."""
    return [decode_user_setting(kind, raw) for raw in range(0x10000)]


@each_row("kind", Kind, ids=lambda kind: kind.name)
def test_every_raw_value_means_what_the_protocol_table_says(kind: Kind) -> None:
    wrong = [(raw, value) for raw, value in enumerate(_decoded(kind)) if value != _allowed(kind, raw)]
    assert wrong == []


@each_row("kind", WITH_VALUES, ids=lambda kind: kind.name)
def test_every_value_that_was_read_is_written_as_what_says_the_same(kind: Kind) -> None:
    read = 0
    for raw, value in enumerate(_decoded(kind)):
        if value is not None:
            read += 1
            again = encode_user_setting(kind, value)
            assert again == raw or decode_user_setting(kind, again) == value, raw
    assert read


@pytest.mark.parametrize(
    "kind", [Kind.NUMBER, Kind.TEMPERATURE, Kind.DATE, Kind.TIME, Kind.LEVEL], ids=lambda kind: kind.name
)
def test_kinds_whose_values_have_one_form_come_back_exactly(kind: Kind) -> None:
    for raw, value in enumerate(_decoded(kind)):
        if value is not None:
            assert encode_user_setting(kind, value) == (raw & 0xFF if kind in LOW_BYTE else raw), raw


@each_row("kind", WITH_VALUES, ids=lambda kind: kind.name)
def test_every_value_of_the_protocol_table_can_be_written(kind: Kind) -> None:
    for raw, value in enumerate(_by_hand(kind)):
        if value is not None:
            assert BY_HAND[kind](encode_user_setting(kind, value)) == value, raw


@each_row(
    ("kind", "raw", "value"),
    [
        (Kind.NUMBER, 255, 255),
        (Kind.DURATION, 99, 99),
        (Kind.DURATION, 105, 300),
        (Kind.DURATION, 218, 18 * 3600),
        (Kind.TEMPERATURE, 1, -39.5),
        (Kind.TEMPERATURE, 121, 20.5),
        (Kind.HUMIDITY, 44, 0),
        (Kind.HUMIDITY, 156, 100),
        (Kind.DATE, 0x0C1F, (12, 31)),
        (Kind.DATE, 0x021D, (2, 29)),
        (Kind.TIME, 0x173B, time(23, 59)),
        (Kind.TIME, 0, time(0, 0)),
        (Kind.DAYS_OF_WEEK, 0b0011_1110, {Weekday(day) for day in range(1, 6)}),
        (Kind.DAYS_OF_WEEK, 0b1100_0000, {Weekday.SATURDAY, Weekday.SUNDAY}),
        (Kind.DAYS_OF_WEEK, 0, set()),
        (Kind.LEVEL, 100, 100),
    ],
)
def test_examples_of_every_kind_both_ways(kind: Kind, raw: int, value: UserSettingValue) -> None:
    assert decode_user_setting(kind, raw) == value
    assert encode_user_setting(kind, value) == raw


def test_a_date_has_a_month_and_a_day_by_name() -> None:
    date = decode_user_setting(Kind.DATE, 0x0704)
    assert isinstance(date, MonthDay)
    assert (date.month, date.day) == (7, 4)


def test_bit_0_of_days_is_unused() -> None:
    assert decode_user_setting(Kind.DAYS_OF_WEEK, 0b11) == {Weekday.MONDAY}
    assert encode_user_setting(Kind.DAYS_OF_WEEK, {Weekday.MONDAY}) == 0b10


WRONG: list[tuple[Kind, UserSettingValue]] = [
    (Kind.NUMBER, -1),
    (Kind.NUMBER, 256),
    (Kind.NUMBER, 1.5),
    (Kind.NUMBER, time(1, 2)),
    (Kind.DURATION, -1),
    (Kind.DURATION, 100),
    (Kind.DURATION, 19 * 3600),
    (Kind.DURATION, 1.5),
    (Kind.TEMPERATURE, -40.5),
    (Kind.TEMPERATURE, -40.0),
    (Kind.TEMPERATURE, -39.8),
    (Kind.TEMPERATURE, 88),
    (Kind.TEMPERATURE, float("nan")),
    (Kind.TEMPERATURE, time(1, 2)),
    (Kind.HUMIDITY, -1),
    (Kind.HUMIDITY, 101),
    (Kind.HUMIDITY, time(1, 2)),
    (Kind.DATE, MonthDay(0, 1)),
    (Kind.DATE, MonthDay(13, 1)),
    (Kind.DATE, MonthDay(1, 0)),
    (Kind.DATE, MonthDay(1, 32)),
    (Kind.DATE, 0x0101),
    (Kind.TIME, time(1, 2, 3)),
    (Kind.TIME, time(1, 2, 0, 4)),
    (Kind.TIME, 0x0102),
    (Kind.DAYS_OF_WEEK, 2),
    (Kind.DAYS_OF_WEEK, MonthDay(1, 2)),
    (Kind.LEVEL, -1),
    (Kind.LEVEL, 101),
    (Kind.LEVEL, 50.5),
]


@each_row(("kind", "value"), WRONG)
def test_a_value_that_the_kind_does_not_have_is_refused(kind: Kind, value: UserSettingValue) -> None:
    with pytest.raises(LocalProtocolError):
        encode_user_setting(kind, value)


@pytest.mark.parametrize("days", [{0}, {8}, {Weekday.MONDAY, 9}])
def test_days_that_are_none_are_refused(days: set[Weekday]) -> None:
    with pytest.raises(LocalProtocolError, match="DAYS_OF_WEEK"):
        encode_user_setting(Kind.DAYS_OF_WEEK, days)


def test_the_wall_clock_is_written_whatever_its_time_zone() -> None:
    assert encode_user_setting(Kind.TIME, time(7, 30, tzinfo=ZoneInfo("Europe/Berlin"))) == 0x071E


@pytest.mark.parametrize("kind", [0, 9, 255])
@given(raw=st.integers(0, 0xFFFF))
def test_a_kind_without_values_reads_as_nothing_and_takes_nothing(kind: int, raw: int) -> None:
    assert decode_user_setting(kind, raw) is None
    with pytest.raises(LocalProtocolError, match=f"kind {kind} has no values"):
        encode_user_setting(kind, raw)


@given(kind=st.integers(0, 255), raw=st.integers(0, 0xFFFF))
def test_both_records_read_their_value_by_their_kind(kind: int, raw: int) -> None:
    expected = _allowed(Kind(kind), raw) if kind <= 8 else None
    for setting in (UserSettingStatus(1, kind, raw), UserSettingProperties(1, kind, raw, bytes(16))):
        assert setting.decoded == expected
        assert setting.kind == kind
        assert isinstance(setting.kind, Kind) == (kind <= 8)
