"""A writer of house files that knows nothing of their reader."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, time
from enum import Enum, IntFlag
from typing import Any

from omnilink_sansio import UserCode
from omnilink_sansio.objects import MonthDay, UserSettingKind, decode_user_setting
from omnilink_sansio.simulator import (
    Area,
    AuxiliarySensor,
    House,
    HouseObject,
    Stimulus,
    Unit,
    UserSetting,
    Zone,
)
from omnilink_sansio.simulator.raw_values import RawHumidity, RawTemperature, RawUnitState

NOT_IN_FILES = {
    House: {"voice_names", "log"},
    Zone: {"area_bits", "alarms"},
    Unit: {"state_after", "ramp"},
    Area: {"area_bits", "alarms", "siren", "entry_zone"},
}


def described(house: House) -> dict[str, object]:
    """Return all that is said of a house, which compares by value."""
    return {field.name: getattr(house, field.name) for field in fields(House) if field.init}


def word(member: Enum) -> str:
    return member.name.lower().replace("_", "-")


def humidity(raw: int) -> float:
    return min(max((9 * raw - 400) / 10, 0), 100)


def state(raw: int) -> str | int:
    return {0: "off", 1: "on"}.get(raw, f"{raw - 100} %" if 100 <= raw <= 200 else raw)


BY_TYPE: Mapping[Any, Callable[[Any], object]] = {
    RawTemperature: lambda raw: raw / 2 - 40,
    RawHumidity: humidity,
    RawUnitState: state,
    dict[int, dict[int, RawUnitState]]: lambda links: {
        str(link): {str(unit): state(raw) for unit, raw in units.items()} for link, units in links.items()
    },
}


def line(happening: Stimulus) -> str:
    def text(value: object) -> str:
        if isinstance(value, UserCode):
            return digits(value)
        return word(value) if isinstance(value, Enum) else str(value)

    return re.sub(r"<(\w+)>", lambda place: text(getattr(happening, place[1])), happening.FORM)


def digits(code: UserCode) -> str:
    return "".join(map(str, bytes(code)))


def setting(raw: int, kind: UserSettingKind) -> object:
    match decode_user_setting(kind, raw):
        case MonthDay(month, day):
            return f"{month:02}-{day:02}"
        case frozenset() as days:
            return [word(day) for day in sorted(days)]
        case value:
            return value


def value_of(item: Any, name: str, kind: Any) -> object:
    value = getattr(item, name)
    match item:
        case UserSetting() if name == "value":
            return setting(value, item.kind)
        case AuxiliarySensor() if item.measures_humidity and kind == RawTemperature:
            return humidity(value)
        case HouseObject() if name == "area_bits":
            return [area for area in range(1, 9) if value >> area - 1 & 1]
        case House() if name == "clock" and value is None:
            return "never set"
        case _:
            return BY_TYPE[kind](value) if kind in BY_TYPE else plain(value)


def plain(value: Any) -> object:
    match value:
        case UserCode():
            return digits(value)
        case Stimulus():
            return line(value)
        case IntFlag():
            return [word(member) for member in type(value) if member in value]
        case Enum():
            return word(value)
        case bytes():
            return value.hex()
        case dict():
            return {word(k) if isinstance(k, Enum) else str(k): plain(v) for k, v in value.items()}
        case list() | tuple() | frozenset():
            return [plain(part) for part in value]
        case _ if is_dataclass(value):
            return table(value)
        case _:
            return value


def has_no_form(item: object, name: str, kind: object) -> bool:
    """Whether a value is one that a file has by leaving it out."""
    value = getattr(item, name)
    no_reading = isinstance(item, AuxiliarySensor) and item.measures_humidity and kind == RawTemperature
    return (
        (value is None and name != "clock")
        or (value == 0 and (kind == RawHumidity or no_reading))
        or (
            name == "value"
            and isinstance(item, UserSetting)
            and decode_user_setting(item.kind, item.value) is None
        )
    )


def table(item: Any) -> dict[str, object]:
    return {
        {"area_bits": "areas"}.get(field.name, field.name): value_of(item, field.name, field.type)
        for field in fields(item)
        if field.init
        and field.name not in NOT_IN_FILES.get(type(item), ())
        and not has_no_form(item, field.name, field.type)
    }


def in_json(given: object) -> str:
    return json.dumps(given, default=lambda moment: moment.isoformat())


def in_toml(given: Mapping[str, object]) -> str:
    return "".join(f"{key} = {toml_value(value)}\n" for key, value in given.items())


def toml_value(value: object) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key} = {toml_value(part)}" for key, part in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml_value, value)) + "]"
        case time() | datetime():
            return value.isoformat()
        case _:
            return json.dumps(value).replace("\x7f", "\\u007f")
