"""User settings: values that programs use (20P00 §USER SETTING PROPERTIES, §USER SETTING STATUS; firmware 3.0)."""

from collections.abc import Callable, Mapping, Set
from datetime import time
from enum import IntEnum, unique
from types import MappingProxyType
from typing import ClassVar, NamedTuple, TypeAlias

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.durations import duration_seconds, encode_duration
from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U8, U16, Name16, Tail, member_or_number, record
from omnilink_sansio.messages.temperature import (
    celsius_reading,
    celsius_to_omni_temp,
    humidity_to_omni_temp,
    omni_temp_to_humidity,
)
from omnilink_sansio.messages.weekday import Weekday

__all__ = [
    "MonthDay",
    "UserSettingKind",
    "UserSettingProperties",
    "UserSettingStatus",
    "UserSettingValue",
    "decode_user_setting",
    "encode_user_setting",
]


@unique
class UserSettingKind(IntEnum):
    """What a user setting is, and so how its value is to be read."""

    NOT_USED = 0
    NUMBER = 1
    DURATION = 2
    TEMPERATURE = 3
    HUMIDITY = 4
    DATE = 5
    TIME = 6
    DAYS_OF_WEEK = 7
    LEVEL = 8


class MonthDay(NamedTuple):
    """A date of every year."""

    month: int
    """1 to 12."""
    day: int
    """1 to 31."""


UserSettingValue: TypeAlias = int | float | MonthDay | time | Set[Weekday]
"""A number, seconds, degrees Celsius, percent, a date, a time of day or days of the week."""


def decode_user_setting(kind: int, raw: int) -> UserSettingValue | None:
    """Return what a raw value of 0 to 65535 means in a setting of this kind.

    A number 0-255, the seconds of a duration, a temperature in °C, a humidity or a level in percent, a
    `MonthDay`, a time of day, or a set of `Weekday`. None for a kind without values and for a value that is none,
    as 0 is of a temperature or humidity.
    """
    codec = _CODECS.get(kind)
    return None if codec is None else codec.decode(raw)


def encode_user_setting(kind: int, value: UserSettingValue) -> int:
    """Return the raw value for a setting of this kind; the inverse of `decode_user_setting`.

    Raises `LocalProtocolError` for a kind without values and a value that the kind does not have.
    """
    codec = _CODECS.get(kind)
    if codec is None:
        raise LocalProtocolError(f"a user setting of kind {kind} has no values")
    raw = codec.encode(value)
    if raw is None:
        raise LocalProtocolError(f"{UserSettingKind(kind).name} takes {codec.allowed}, not {value!r}")
    return raw


class _Codec(NamedTuple):
    allowed: str
    decode: Callable[[int], UserSettingValue | None]
    encode: Callable[[UserSettingValue], int | None]


def _decode_byte(highest: int) -> Callable[[int], UserSettingValue | None]:
    # The value is in the low byte; the high one is not described.
    return lambda raw: raw & 0xFF if raw & 0xFF <= highest else None


def _encode_byte(highest: int) -> Callable[[UserSettingValue], int | None]:
    return lambda value: value if isinstance(value, int) and 0 <= value <= highest else None


def _decode_duration(raw: int) -> UserSettingValue | None:
    return duration_seconds(raw)


def _encode_duration(value: UserSettingValue) -> int | None:
    return encode_duration(value) if isinstance(value, int) else None


def _decode_temperature(raw: int) -> UserSettingValue | None:
    return celsius_reading(raw) if raw <= 0xFF else None


def _encode_temperature(value: UserSettingValue) -> int | None:
    # Raw 0 means that nothing is there.
    return (celsius_to_omni_temp(value) or None) if isinstance(value, int | float) else None


def _decode_humidity(raw: int) -> UserSettingValue | None:
    percent = omni_temp_to_humidity(raw) if raw <= 0xFF else None
    return percent if percent in range(101) else None


def _encode_humidity(value: UserSettingValue) -> int | None:
    return humidity_to_omni_temp(value) if isinstance(value, int) else None


def _decode_date(raw: int) -> UserSettingValue | None:
    month, day = divmod(raw, 256)
    return MonthDay(month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _encode_date(value: UserSettingValue) -> int | None:
    match value:
        case (int(month), int(day)) if 1 <= month <= 12 and 1 <= day <= 31:
            return month << 8 | day
        case _:
            return None


def _decode_time(raw: int) -> UserSettingValue | None:
    hour, minute = divmod(raw, 256)
    return time(hour, minute) if hour <= 23 and minute <= 59 else None


def _encode_time(value: UserSettingValue) -> int | None:
    if not isinstance(value, time) or value != time(value.hour, value.minute):
        return None
    return value.hour << 8 | value.minute


def _decode_days(raw: int) -> UserSettingValue | None:
    return frozenset(day for day in Weekday if raw >> day & 1)


def _encode_days(value: UserSettingValue) -> int | None:
    if not isinstance(value, Set) or not value <= set(Weekday):
        return None
    return sum(1 << day for day in value)


_CODECS: Mapping[int, _Codec] = MappingProxyType(
    {
        UserSettingKind.NUMBER: _Codec("0 to 255", _decode_byte(255), _encode_byte(255)),
        UserSettingKind.DURATION: _Codec("whole seconds", _decode_duration, _encode_duration),
        UserSettingKind.TEMPERATURE: _Codec(
            "degrees Celsius above -40", _decode_temperature, _encode_temperature
        ),
        UserSettingKind.HUMIDITY: _Codec("0 to 100 percent", _decode_humidity, _encode_humidity),
        UserSettingKind.DATE: _Codec("a month and a day", _decode_date, _encode_date),
        UserSettingKind.TIME: _Codec("a time of day to the minute", _decode_time, _encode_time),
        UserSettingKind.DAYS_OF_WEEK: _Codec("a set of Weekday", _decode_days, _encode_days),
        UserSettingKind.LEVEL: _Codec("0 to 100 percent", _decode_byte(100), _encode_byte(100)),
    }
)


class _Setting:
    """The decoded views that properties and status share."""

    __slots__ = ()

    setting_type: int
    value: int

    @property
    def kind(self) -> UserSettingKind | int:
        """What the setting is by name, or its number when unknown."""
        return member_or_number(UserSettingKind, self.setting_type)

    @property
    def decoded(self) -> UserSettingValue | None:
        """The value as its kind reads it, see `decode_user_setting`."""
        return decode_user_setting(self.setting_type, self.value)


@record
class UserSettingProperties(_Setting, ObjectProperties):
    """A user setting's kind, value and name (20P00 §USER SETTING PROPERTIES)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.USER_SETTING

    index: U16
    setting_type: U8
    """See `UserSettingKind`."""
    value: U16
    """Raw; `decoded` reads it."""
    raw_name: Name16
    tail: Tail = b""


@record
class UserSettingStatus(_Setting, ObjectStatusRecord):
    """A user setting's kind and value (20P00 §USER SETTING STATUS)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.USER_SETTING

    index: U16
    setting_type: U8
    """See `UserSettingKind`."""
    value: U16
    """Raw; `decoded` reads it."""
    tail: Tail = b""
