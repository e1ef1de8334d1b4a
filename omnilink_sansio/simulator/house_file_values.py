"""What may stand in a house file: which fields of the data classes, and how people write their values.

Tables and keys are those of the data classes, so that nothing is written twice.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, time
from enum import Enum, IntFlag
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, NamedTuple, NewType, TypeAlias, get_args, get_origin

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.objects.area import LuminaMode, SecurityMode
from omnilink_sansio.messages.objects.unit import LEVEL_OFFSET
from omnilink_sansio.messages.objects.user_setting import MonthDay, UserSettingKind
from omnilink_sansio.messages.temperature import celsius_to_omni_temp, fahrenheit_to_omni_temp
from omnilink_sansio.messages.weekday import Weekday
from omnilink_sansio.secrets import UserCode
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.area import Area
from omnilink_sansio.simulator.house_objects.unit import Unit
from omnilink_sansio.simulator.house_objects.zone import Zone
from omnilink_sansio.simulator.raw_values import RawHumidity, RawTemperature, RawUnitState
from omnilink_sansio.simulator.stimuli import Stimulus, parse_stimulus

__all__ = [
    "FIELD_FORMS",
    "FORMS",
    "KEYS",
    "SETTING_TYPES",
    "CodeNumber",
    "FileField",
    "Form",
    "ObjectNumber",
    "TypeForm",
    "Written",
    "file_fields",
    "in_words",
    "read_word",
]

Written: TypeAlias = Any
"""What the text of a file has at some place: a table, a list, a text, a number, a time."""
TypeForm: TypeAlias = Any
"""A type as it is annotated."""

_AREAS = range(1, 9)
_BYTE = range(256)
_FULL = 100
_NEVER_SET = "never set"


# Which fields there are.


_LEFT_OUT: Mapping[type, tuple[str, ...]] = MappingProxyType(
    {
        House: ("voice_names", "log"),
        Zone: ("area_bits", "alarms"),
        Unit: ("state_after", "ramp"),
        Area: ("area_bits", "alarms", "siren", "entry_zone"),
    }
)
"""Fields that no file has: most of them belong to something that goes on, which a script can begin."""

KEYS: Mapping[str, str] = MappingProxyType({"area_bits": "areas"})
"""Fields that have a name of their own in files."""


class FileField(NamedTuple):
    """What a file can have in one key of a table."""

    key: str
    name: str
    """Of the data class's field."""
    words: str
    """What is written there."""
    required: bool


def file_fields(kind: type) -> tuple[FileField, ...]:
    """Return the keys of the table that describes a house, one of its objects or a line of its script."""
    return tuple(
        FileField(
            KEYS.get(field.name, field.name),
            field.name,
            FIELD_FORMS[field.name].words if field.name in FIELD_FORMS else in_words(field.type),
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(kind)
        if field.init and field.name not in _LEFT_OUT.get(kind, ())
    )


# How values are written.


class Form(NamedTuple):
    """How people write a value: in words, and read by a function that raises `ValueError` for anything else."""

    words: str
    read: Callable[[Written], object]

    def hook(self, value: Written, _kind: object) -> object:
        """Return the value that is meant. Raises `LocalProtocolError` for what is not of this form."""
        try:
            return self.read(value)
        except (ValueError, OverflowError):
            raise LocalProtocolError(f"expected {self.words}") from None


def _must(holds: bool) -> None:
    if not holds:
        raise ValueError


def _only(kind: type) -> Callable[[Written], Any]:
    def read(value: Written) -> object:
        # Not isinstance: true would be a whole number.
        _must(type(value) is kind)
        return value

    return read


_whole, _str = _only(int), _only(str)


def _number(value: Written) -> float:
    _must(type(value) in (int, float) and math.isfinite(value))
    return float(value)


def _text(form: str, value: Written) -> re.Match[str]:
    found = re.fullmatch(form, _str(value), re.ASCII)
    if found is None:
        raise ValueError
    return found


def _time(value: Written) -> time:
    found = value if isinstance(value, time) else time.fromisoformat(_text(r"\d\d:\d\d(:00)?", value)[0])
    _must(found == time(found.hour, found.minute))
    return found


def _moment(value: Written) -> datetime:
    if isinstance(value, datetime):
        found = value
    else:
        found = datetime.fromisoformat(_text(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", value)[0])
    _must(found.tzinfo is None)
    return found


def _clock(value: Written) -> datetime | None:
    return None if value in (None, _NEVER_SET) else _moment(value)


def _date(value: Written) -> MonthDay:
    found = _text(r"(\d\d)-(\d\d)", value)
    return MonthDay(int(found[1]), int(found[2]))


def _code(value: Written) -> UserCode:
    return UserCode(_text(r"\d{4}(\d\d)?", value)[0])


def _humidity(value: Written) -> int:
    percent = _number(value)
    _must(0 <= percent <= _FULL)
    return fahrenheit_to_omni_temp(percent)


def _state(value: Written) -> int:
    if value in ("on", "off"):
        return int(value == "on")
    if isinstance(value, str):
        percent = int(_text(r"(\d{1,3}) ?%", value)[1])
        _must(percent <= _FULL)
        return LEVEL_OFFSET + percent
    _must(_whole(value) in _BYTE)
    return int(value)


def _firmware(value: Written) -> tuple[int, ...]:
    if isinstance(value, list):
        parts = tuple(_whole(part) for part in value)
    else:
        form = r"(\d{1,3})\.(\d{1,3})(?:([a-z])|r(\d{1,3}))?"
        major, minor, letter, number = _text(form, value).groups("")
        revision = ord(letter) - ord("a") + 1 if letter else int(number or 0)
        parts = (int(major), int(minor), revision)
    _must(len(parts) == 3 and all(part in _BYTE for part in parts))
    return parts


def _area_bits(value: Written) -> int:
    _must(isinstance(value, list))
    areas = {_whole(area) for area in value}
    _must(areas <= set(_AREAS))
    return sum(1 << area - 1 for area in areas)


def _key(most_digits: int) -> Callable[[Written], int]:
    return lambda value: int(_text(f"[1-9][0-9]{{0,{most_digits - 1}}}", value)[0])


ObjectNumber = NewType("ObjectNumber", int)
"""A number that is the key of a table."""
CodeNumber = NewType("CodeNumber", int)
"""The number of a code that is the key of a table."""

FORMS: Mapping[TypeForm, Form] = MappingProxyType(
    {
        bool: Form("true or false", _only(bool)),
        int: Form("a whole number", _whole),
        float: Form("a number", _number),
        str: Form("a text", _str),
        bytes: Form("a text of hexadecimal digits", lambda value: bytes.fromhex(_str(value))),
        time: Form('a time of day to the minute, such as "06:41"', _time),
        datetime: Form('a date and time without a zone, such as "2026-11-21 08:00"', _moment),
        MonthDay: Form('a month and a day, such as "12-24"', _date),
        UserCode: Form('the digits of a code as a text, such as "0123"', _code),
        Stimulus: Form('a line such as "open zone 3"', lambda value: parse_stimulus(_str(value))),
        RawTemperature: Form("a number of °C", lambda value: celsius_to_omni_temp(_number(value))),
        RawHumidity: Form("a number of 0 to 100 percent", _humidity),
        RawUnitState: Form('"on", "off", a level such as "60 %", or a state of 0 to 255', _state),
        ObjectNumber: Form("a number from 1 as the key", _key(5)),
        # Too short for the digits of a code, which no error may show.
        CodeNumber: Form("the number of a code, from 1, as the key", _key(3)),
    }
)
"""What is written for a value of each type that is not made of others."""

FIELD_FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "area_bits": Form("a list of the numbers of areas, from 1 to 8", _area_bits),
        "clock": Form(f'a date and time without a zone, or "{_NEVER_SET}"', _clock),
        "firmware": Form('a version such as "4.0b", or a list of three whole numbers', _firmware),
    }
)
"""Fields that are not written as their types are."""

SETTING_TYPES: Mapping[UserSettingKind, TypeForm] = MappingProxyType(
    {
        UserSettingKind.NUMBER: int,
        UserSettingKind.DURATION: int,
        UserSettingKind.TEMPERATURE: float,
        UserSettingKind.HUMIDITY: int,
        UserSettingKind.DATE: MonthDay,
        UserSettingKind.TIME: time,
        UserSettingKind.DAYS_OF_WEEK: frozenset[Weekday],
        UserSettingKind.LEVEL: int,
    }
)
"""What the value of a user setting is written as, by its kind."""


def _word(name: str) -> str:
    return name.lower().replace("_", "-").replace(" ", "-")


@cache
def _words(kind: type[Enum]) -> Mapping[str, Any]:
    words = {_word(member.name): member for member in kind}
    if kind is SecurityMode:
        words |= {
            _word(mode.name): SecurityMode(mode) for mode in LuminaMode if _word(mode.name) not in words
        }
    return words


def _table_in_words(kind: TypeForm) -> str:
    by, inside = get_args(kind)
    return f"a table by {'number' if by is int else in_words(by)}, each {in_words(inside)}"


_IN_WORDS: tuple[tuple[type, Callable[[TypeForm], str]], ...] = (
    (IntFlag, lambda kind: f"a list, each one of {', '.join(_words(kind))}"),
    (Enum, lambda kind: f"one of {', '.join(_words(kind))}"),
    (Mapping, _table_in_words),
    (tuple, lambda kind: f"a list of {' and '.join(map(in_words, get_args(kind)))}"),
    (list, lambda kind: f"a list, each {in_words(get_args(kind)[0])}"),
    (frozenset, lambda kind: f"a list, each {in_words(get_args(kind)[0])}"),
)


def in_words(kind: TypeForm) -> str:
    """Return what is written for a value of a type."""
    if kind in FORMS:
        return FORMS[kind].words
    if is_dataclass(kind):
        return "a table"
    if NoneType in get_args(kind):
        return in_words(next(part for part in get_args(kind) if part is not NoneType))
    origin: TypeForm = get_origin(kind)
    origin = kind if origin is None else origin
    return next(say(kind) for base, say in _IN_WORDS if issubclass(origin, base))


def read_word(value: Written, kind: TypeForm) -> object:
    """Return the member of an enumeration that a word names. Raises `LocalProtocolError` for any other."""
    found = _words(kind).get(_word(value)) if isinstance(value, str) else None
    if found is None:
        raise LocalProtocolError(f"expected {in_words(kind)}")
    return found
