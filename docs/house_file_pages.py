"""Write the reference of house files from the data classes of a house: ``python docs/house_file_pages.py``."""

import json
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import time
from enum import Enum, Flag
from pathlib import Path
from typing import Any, get_args, get_origin

from source_texts import docstring, field_texts

from omnilink_sansio.objects import omni_temp_to_celsius
from omnilink_sansio.simulator import STIMULUS_FORMS, AuxiliarySensor, House, Thermostat, Unit, UserSetting
from omnilink_sansio.simulator.house_file_values import SETTING_TYPES, FileField, file_fields, in_words
from omnilink_sansio.simulator.house_objects.house_object import ALL_AREAS
from omnilink_sansio.simulator.raw_values import RawHumidity, RawTemperature, RawUnitState

FOLDER = Path(__file__).with_name("reference")

_HEAD = (
    "Written by `docs/house_file_pages.py` from the data classes of a house; a test keeps this page in step."
)

_EXAMPLE = """\
model = "Omni IIe"
firmware = "3.2"
clock = 2026-11-21T08:00:00
quirks = ["silent-long-status"]

[zones.1]
name = "FRONT DOOR"
zone_type = "entry-exit"

[zones.2]
name = "HALL MOTION"
zone_type = "away-interior"
area = 1

[units]
1 = { name = "PORCH" }
2 = { name = "HALL", state = "60 %" }

[areas.1]
name = "HOUSE"
exit_delay = 30

[codes.1]
name = "OWNER"
digits = "0123"
authority = "master"
areas = [1]

[thermostats.1]
kind = "heat-only"
temperature = 19.5
system_mode = "heat"

[user_settings.1]
name = "WAKE UP"
kind = "time"
value = 06:45:00

[buttons.1]
name = "GOOD NIGHT"
actions = ["unit 1 off", "unit 2 level 10"]

[scenes.1]
1 = "on"
2 = "30 %"

[[script]]
at = 60
happening = "open zone 1"

[[script]]
at = 65
happening = "close zone 1"
"""

_KINDS: Mapping[type, str] = {
    AuxiliarySensor: "A temperature or humidity input. Its output is energized while the reading is beyond a set "
    "point; one that is left out is none.",
    Thermostat: "A thermostat.",
    Unit: "A light, an output or a flag.",
    UserSetting: "A value that programs use.",
}
"""What is to be said of the classes whose docstrings tell of raw values."""

_READING = "a number of °C; of a humidity sensor, of percent"
_WORDS = {
    (AuxiliarySensor, "current"): _READING,
    (AuxiliarySensor, "low_setpoint"): _READING,
    (AuxiliarySensor, "high_setpoint"): _READING,
    (UserSetting, "value"): "what its kind takes, see below",
}
"""Fields whose form depends on another field."""

_TEXTS = {
    "area_bits": "The areas it belongs to. Left out: all.",
    "capacities": "How many objects there are of the kinds that differ from the model.",
    "clock": "What the panel's clock shows when the panel starts.",
    "digits": "Left out: the code is not set.",
    "firmware": "A letter is the revision. Left out: that of the model.",
    "mode": "Those from home on are a Lumina's.",
    "programs": "The programs by slot, 14 bytes each.",
    "unit_type": "Left out: what the model has at this number.",
}
"""What is to be said of fields whose texts tell of raw values."""


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    return {"house-file.md": "\n".join(_page()).rstrip("\n") + "\n"}


def _page() -> Iterator[str]:
    yield from ("# House files", "", _HEAD, "")
    yield from _prose("""
        A file describes the house behind an emulated panel, in TOML or in JSON, with the same tables and keys.
        `house_from_toml(text)` and `house_from_json(text)` of `omnilink_sansio.simulator.house_file` return the
        `House`; they need `pip install 'omnilink-sansio[house-files]'`. The command is
        `omnilink mock-panel --house FILE`.
    """)
    yield from ("## An example", "", "```toml", *_EXAMPLE.splitlines(), "```", "", "The same in JSON:", "")
    yield from ("```json", *_example_in_json().splitlines(), "```", "")
    yield from ("## How values are written", "", *_RULES, "")
    yield from ("## The house", "", *_keys(House))
    keys = {field.name for field in file_fields(House)}
    for field in fields(House):
        for kind in get_args(field.type):
            if field.name in keys and isinstance(kind, type) and is_dataclass(kind):
                yield from _section(field, kind)
    yield from ("## Values of user settings", "", *_setting_values())
    yield from ("## What can happen", "")
    yield from _prose("""
        The lines of a button's `actions` and of the script. What stands in capitals is a number or a text.
    """)
    yield from ("```text", *STIMULUS_FORMS, "```", "")
    yield from (
        "## The demonstration's house",
        "",
        "```{literalinclude} demo-house.toml",
        ":language: toml",
        "```",
    )


_RULES = """\
- What is left out is as in every new house. Nothing else is allowed: an unknown key, a text where a number
  belongs, 3.7 for a whole number. All mistakes are told with their places, such as `zones.3.zone_type`, where
  entries of lists are counted from 1. No digits of a code are repeated.
- Words are written in small letters with dashes; capitals, blanks and underscores mean the same.
- Objects stand in tables by their number.
- The digits of a code are a text, so that a zero in front is not lost.
- Temperatures are in °C, to the nearest half degree, humidities in percent. What is left out has no reading.
- A time is a TOML time or a text such as `"06:41"`, the clock a TOML time with a date or such a text.
- Not in a file are the event log, voice names, and what belongs to something that goes on, such as the alarms
  of an area, which a line of the script begins.""".splitlines()


def _prose(text: str) -> list[str]:
    return [*textwrap.wrap(" ".join(text.split()), 115), ""]


def _item(text: str) -> list[str]:
    return textwrap.wrap(f"- {text}".rstrip(), 115, subsequent_indent="  ", break_on_hyphens=False)


def _example_in_json() -> str:
    return json.dumps(tomllib.loads(_EXAMPLE), indent=2, default=lambda moment: moment.isoformat())


def _section(field: Field[Any], kind: type) -> Iterator[str]:
    heading = f"[{field.name}.NUMBER]" if get_origin(field.type) is dict else f"[[{field.name}]]"
    yield from (f"## `{heading}`", "", *_prose(_markdown(_KINDS.get(kind) or docstring(kind))), *_keys(kind))


def _keys(kind: type) -> Iterator[str]:
    texts = {name: text for base in reversed(kind.__mro__[:-1]) for name, text in field_texts(base).items()}
    defaults = {field.name: field for field in fields(kind)}
    for field in file_fields(kind):
        default = defaults[field.name]
        words = _WORDS.get((kind, field.name)) or f"{field.words}{_otherwise(field, default)}"
        text = _TEXTS.get(field.name, texts.get(field.name, ""))
        yield from _item(f"`{field.key}`: {words}. {_markdown(text)}")
    yield ""


def _otherwise(field: FileField, described: Field[Any]) -> str:
    """Return what is said of a field that is left out."""
    if field.required:
        return "; must be there"
    default: Any = described.default
    if (
        default in _NOTHING
        or isinstance(default, Flag)
        or (default == 0 and described.type in (RawHumidity, RawTemperature))
    ):
        return ""
    if described.type == RawTemperature:
        return f"; else {omni_temp_to_celsius(default):g}"
    if described.type == RawUnitState:
        return '; else "off"'
    return f"; else {_written(default)}"


_NOTHING: tuple[object, ...] = (MISSING, None, "", (0, 0, 0), frozenset(), ALL_AREAS)
"""Defaults that need no words."""


def _written(value: object) -> str:
    match value:
        case Enum():
            return value.name.lower().replace("_", "-")
        case time():
            return value.isoformat("minutes")
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _setting_values() -> Iterator[str]:
    for kind, written_as in SETTING_TYPES.items():
        of = _UNITS.get(kind.name, "")
        yield from textwrap.wrap(
            f"- {_written(kind)}: {in_words(written_as)}{of}.", 115, subsequent_indent="  "
        )
    yield ""


_UNITS = {
    "NUMBER": " of 0 to 255",
    "DURATION": " of seconds: 0 to 99, whole minutes up to 99, or whole hours up to 18",
    "TEMPERATURE": " of °C",
    "HUMIDITY": " of percent",
    "LEVEL": " of percent",
}


def _markdown(text: str) -> str:
    return " ".join(text.split()).replace("``", "`")


if __name__ == "__main__":
    for file_name, text_of_page in pages().items():
        (FOLDER / file_name).write_text(text_of_page, encoding="utf-8")
