"""Houses as files: one TOML or JSON text describes what a `House` literal does.

Nothing is guessed: whatever is not of its form is a mistake, and a `LocalProtocolError` names the places of all
of them, without repeating what stands there, which may be a code. Of a house that is not possible although every
value is of its form it reports why.
"""

try:
    from cattrs import (
        BaseValidationError,
        ClassValidationError,
        Converter,
        ForbiddenExtraKeysError,
        IterableValidationError,
        IterableValidationNote,
    )
    from cattrs.cols import list_structure_factory, mapping_structure_factory
    from cattrs.gen import make_dict_structure_fn, override
except ImportError as error:  # pragma: no cover - shown by a test in a child interpreter
    raise ImportError("house files need cattrs: pip install 'omnilink-sansio[house-files]'") from error

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import IntEnum, IntFlag, StrEnum
from functools import cache, reduce
from operator import or_
from types import MappingProxyType
from typing import Any, TypeAlias, get_args, get_origin

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.objects.user_setting import UserSettingKind, encode_user_setting
from omnilink_sansio.messages.objects.zone import ZoneType
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_file_values import (
    FIELD_FORMS,
    FORMS,
    KEYS,
    SETTING_TYPES,
    CodeNumber,
    Form,
    ObjectNumber,
    TypeForm,
    Written,
    file_fields,
    in_words,
    read_word,
)
from omnilink_sansio.simulator.house_objects.auxiliary_sensor import AuxiliarySensor
from omnilink_sansio.simulator.house_objects.code import Code
from omnilink_sansio.simulator.house_objects.user_setting import UserSetting
from omnilink_sansio.simulator.raw_values import RawHumidity, RawTemperature
from omnilink_sansio.simulator.read_handlers import check_house

__all__ = ["house_from_json", "house_from_toml"]

_SAID_INSTEAD = re.compile(r"[,;] (?:not|got) .*", re.DOTALL)
"""The end of a text that names what was given in place of what is possible."""

_MOST_MISTAKES = 10
_PROGRAMS = "programs"
_DIGITS = re.compile(r"\d{4,}")

_Hook: TypeAlias = Callable[[Written, TypeForm], Any]
_Choice: TypeAlias = Any
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
        try:
            check_house(house)
        except LocalProtocolError as error:
            # It may repeat what stands there, which may be a code.
            said = [_SAID_INSTEAD.sub("", str(error))]
        else:
            return house
    more = len(said) - _MOST_MISTAKES
    if more > 0:
        said = [*said[:_MOST_MISTAKES], f"and {more} more"]
    raise LocalProtocolError("this file describes no house:\n" + "\n".join(said))


# Reading.


_CONVERTER = Converter(forbid_extra_keys=True)


def _a(kind: type, words: str, read: _Hook) -> _Hook:
    # cattrs would take a text for a list of letters, and a list for a table without keys.
    def hook(value: Written, target: TypeForm) -> object:
        if not isinstance(value, kind):
            raise LocalProtocolError(f"expected {words}")
        return read(value, target)

    return hook


def _read_flags(value: Written, kind: TypeForm) -> object:
    return reduce(or_, (read_word(word, kind) for word in value), kind(0))


def _read_set(value: Written, kind: TypeForm) -> object:
    return frozenset(_list_hook(kind)(value, kind))


def _read_tuple(value: Written, kind: TypeForm) -> object:
    inner = get_args(kind)
    if len(value) != len(inner):
        raise LocalProtocolError(f"expected {in_words(kind)}")
    return tuple(_CONVERTER.structure(part, inside) for part, inside in zip(value, inner, strict=True))


def _list_hook(kind: TypeForm) -> _Hook:
    return _a(list, "a list", list_structure_factory(kind, _CONVERTER))


def _table_hook(kind: TypeForm) -> _Hook:
    by, inside = get_args(kind)
    if by is int:
        by = CodeNumber if inside is Code else ObjectNumber
    return _a(dict, "a table", mapping_structure_factory(kind, _CONVERTER, key_type=by))


def _class_hook(kind: TypeForm, forms: Mapping[str, Form] = FIELD_FORMS) -> _Hook:
    told = {field.name: field for field in file_fields(kind)}
    overrides = {
        field.name: override(
            omit=field.name not in told,
            rename=told[field.name].key if field.name in told else None,
            struct_hook=forms[field.name].hook if field.name in forms else None,
        )
        for field in fields(kind)
        if field.init
    }
    read = make_dict_structure_fn(kind, _CONVERTER, **overrides)  # type: ignore[arg-type]  # none is an option
    return _a(dict, "a table", read)


def _hook_by(field: str, forms: Callable[[_Choice], Mapping[str, Form]]) -> _Hook:
    """Return what reads a class some of whose values are written as another of its fields decides."""

    @cache
    def hook_for(kind: TypeForm, choice: _Choice) -> _Hook:
        return _class_hook(kind, {**FIELD_FORMS, **forms(choice)})

    def hook(value: Written, kind: TypeForm) -> object:
        choice = getattr(kind(), field)
        if isinstance(value, dict) and field in value:
            try:
                choice = _CONVERTER.structure(value[field], type(choice))
            except LocalProtocolError:
                # It is reported in its own place; what depends on it is no mistake of its own.
                choice = None
        return hook_for(kind, choice)(value, kind)

    return hook


def _no_value(_: Written) -> object:
    raise ValueError


_ANYTHING = Form("anything", lambda _: 0)


def _sensor_forms(sensor_type: ZoneType | None) -> Mapping[str, Form]:
    if sensor_type is None:
        form = _ANYTHING
    elif AuxiliarySensor(sensor_type=sensor_type).measures_humidity:
        form = FORMS[RawHumidity]
    else:
        return {}
    return {field.name: form for field in fields(AuxiliarySensor) if field.type == RawTemperature}


def _setting_forms(kind: UserSettingKind | None) -> Mapping[str, Form]:
    if kind is None:
        return {"value": _ANYTHING}
    written_as = SETTING_TYPES.get(kind)
    if written_as is None:
        return {"value": Form("nothing, since its kind has no values", _no_value)}
    return {
        "value": Form(
            in_words(written_as),
            lambda value: encode_user_setting(kind, _CONVERTER.structure(value, written_as)),
        )
    }


def _is(*origins: TypeForm) -> Callable[[TypeForm], bool]:
    return lambda kind: get_origin(kind) in origins


_CLASSES: Mapping[type, _Hook] = MappingProxyType(
    {
        IntEnum: read_word,
        StrEnum: read_word,
        IntFlag: _a(list, "a list", _read_flags),
        AuxiliarySensor: _hook_by("sensor_type", _sensor_forms),
        UserSetting: _hook_by("kind", _setting_forms),
        **{kind: form.hook for kind, form in FORMS.items() if isinstance(kind, type)},
    }
)
_OTHERS: tuple[tuple[Callable[[TypeForm], bool], Callable[[TypeForm], _Hook]], ...] = (
    (is_dataclass, _class_hook),
    (_is(list), _list_hook),
    (_is(dict, Mapping), _table_hook),
    (_is(frozenset), lambda _: _a(list, "a list", _read_set)),
    (_is(tuple), lambda _: _a(list, "a list", _read_tuple)),
    (lambda kind: kind in FORMS, lambda kind: FORMS[kind].hook),
)
for _class, _reads in _CLASSES.items():
    _CONVERTER.register_structure_hook(_class, _reads)
for _fits, _makes in _OTHERS:
    _CONVERTER.register_structure_hook_factory(_fits, _makes)


# What is wrong.


def _mistakes(error: Exception, path: _Path = ()) -> Iterator[tuple[_Path, str]]:
    """Yield the place and the text of every mistake that an error gathers."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        noted, others = error.group_exceptions()
        for inner, note in noted:
            place = note.index if isinstance(note, IterableValidationNote) else KEYS.get(note.name, note.name)
            yield from _mistakes(inner, (*path, place))
        for inner in others:
            yield from _mistakes(inner, path)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = ", ".join(field.key for field in file_fields(error.cl))
        for key in sorted(error.extra_fields):
            yield (*path, key), f"unknown, expected one of {known}"
    elif isinstance(error, KeyError):
        yield path, "missing"
    elif isinstance(error, LocalProtocolError):
        yield path, str(error)
    else:
        raise error


def _shown(path: _Path) -> str:
    """Return a place as people read it: with lists counted from 1, and without what could be a code's digits."""
    if path[0] == _PROGRAMS:
        return ".".join(map(str, path))
    return ".".join(str(part + 1) if isinstance(part, int) else _DIGITS.sub("…", part) for part in path)
