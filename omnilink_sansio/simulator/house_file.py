"""Houses as files: one TOML or JSON text describes what a `House` literal does.

Nothing is written twice: tables and keys are the fields of the data classes, and this module has only the forms that
people write their values in. Nothing is guessed either: whatever is not of its form is a mistake, and a
`LocalProtocolError` names the places of all of them, without repeating what stands there, which may be a code.
"""

try:
    from cattrs import AttributeValidationNote, BaseValidationError, ClassValidationError, Converter
    from cattrs import ForbiddenExtraKeysError, IterableValidationError
    from cattrs.cols import list_structure_factory, mapping_structure_factory
    from cattrs.gen import make_dict_structure_fn, override
except ImportError as error:  # pragma: no cover - shown by a test in a child interpreter
    raise ImportError("house files need cattrs: pip install 'omnilink-sansio[house-files]'") from error

import json
import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, time
from enum import Enum, IntEnum, IntFlag, StrEnum
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, NamedTuple, NewType, TypeAlias, get_args, get_origin

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.objects import (
    LuminaMode,
    MonthDay,
    SecurityMode,
    UserSettingKind,
    encode_user_setting,
)
from omnilink_sansio.messages.objects.unit import LEVEL_OFFSET
from omnilink_sansio.messages.temperature import celsius_to_omni_temp, fahrenheit_to_omni_temp
from omnilink_sansio.messages.weekday import Weekday
from omnilink_sansio.secrets import UserCode
from omnilink_sansio.simulator.happenings import Happening, parse_happening
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects import Area, AuxiliarySensor, Unit, UserSetting, Zone
from omnilink_sansio.simulator.raw_values import RawHumidity, RawTemperature, RawUnitState

__all__ = ["SETTING_TYPES", "FileField", "file_fields", "house_from_json", "house_from_toml", "in_words"]

_MOST_MISTAKES = 10
_AREAS = range(1, 9)
_NEVER_SET = "never set"
_ON, _OFF = 1, 0

_Hook: TypeAlias = Callable[[Any, Any], Any]
_Path: TypeAlias = tuple[int | str, ...]


def house_from_toml(text: str) -> House:
    """Return the house that a TOML text describes.

    Raises `LocalProtocolError` for what is not TOML, and for what describes no house, naming the places.
    """
    try:
        given = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason, _, place = str(error).partition(" (at ")
        # tomllib repeats keys; one with digits could be a code.
        said = "what stands there cannot be read" if re.search(r"\d", reason) else reason
        raise LocalProtocolError(f"this is not TOML: {said}{place and ' (at '}{place}") from None
    return _house(given)


def house_from_json(text: str) -> House:
    """Return the house that a JSON text describes: the same tables and keys as in TOML.

    Raises `LocalProtocolError` for what is not JSON, and for what describes no house, naming the places.
    """
    try:
        given = json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise LocalProtocolError(f"this is not JSON: {error.msg} (at {place})") from None
    except (ValueError, RecursionError):
        raise LocalProtocolError("this is not JSON: what stands there cannot be read") from None
    return _house(given)


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    given = dict(pairs)
    if len(given) < len(pairs):
        keys = [key for key, _ in pairs]
        again = sorted({_shown((key,)) for key in keys if keys.count(key) > 1})
        raise LocalProtocolError(f"the same key stands twice in one object: {', '.join(again)}")
    return given


def _house(given: object) -> House:
    try:
        house: House = _CONVERTER.structure(given, House)
    except (BaseValidationError, LocalProtocolError) as error:
        said = [f"{_shown(path)}: {text}" if path else text for path, text in _mistakes(error)]
    else:
        house.check()
        return house
    more = len(said) - _MOST_MISTAKES
    if more > 0:
        said = [*said[:_MOST_MISTAKES], f"and {more} more"]
    raise LocalProtocolError("this file describes no house:\n" + "\n".join(said))


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

_KEYS: Mapping[str, str] = MappingProxyType({"area_bits": "areas"})
"""Fields that have a name of their own in files."""


class FileField(NamedTuple):
    """What a file can say in one key of a table."""

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
            _KEYS.get(field.name, field.name),
            field.name,
            _FIELD_FORMS[field.name].words if field.name in _FIELD_FORMS else in_words(field.type),
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(kind)
        if field.init and field.name not in _LEFT_OUT.get(kind, ())
    )


# How values are written.


class _Form(NamedTuple):
    """How people write a value: in words, and as a function that raises `ValueError` for what is written otherwise."""

    words: str
    read: Callable[[Any], Any]

    def hook(self, value: object, _kind: object) -> object:
        try:
            return self.read(value)
        except (ValueError, OverflowError):
            raise LocalProtocolError(f"{self.words} belongs here") from None


def _must(holds: bool) -> None:
    if not holds:
        raise ValueError


def _only(kind: type) -> Callable[[object], object]:
    def read(value: object) -> object:
        # True is no whole number here.
        _must(type(value) is kind)
        return value

    return read


def _number(value: object) -> float:
    _must(type(value) in (int, float) and math.isfinite(value))  # type: ignore[arg-type]
    return value  # type: ignore[return-value]


def _hex(value: object) -> bytes:
    _must(isinstance(value, str))
    return bytes.fromhex(value)  # type: ignore[arg-type]
