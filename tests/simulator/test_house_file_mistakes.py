"""Mistakes in house files: each is named with its place, and no code is shown."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import LocalProtocolError
from omnilink_sansio.simulator import (
    demo_house,
)
from omnilink_sansio.simulator.house_file import house_from_json, house_from_toml
from tests.rows import each_row
from tests.simulator.house_writer import in_json, table

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"

# Mistakes.


MISTAKES = [
    (
        'zones.3.zone_type = "door"',
        "zones.3.zone_type: expected one of entry-exit, perimeter, night-interior, ",
    ),
    ("zones.3.zone_type = 1", "zones.3.zone_type: expected one of entry-exit, "),
    ("zones.3.zone_typ = 1", "zones.3.zone_typ: unknown, expected one of name, zone_type, area, "),
    ("zones.3.areas = [1]", "zones.3.areas: unknown, "),
    ("zones.3.alarms = 1", "zones.3.alarms: unknown, "),
    ('zones.3.area = "1"', "zones.3.area: expected a whole number"),
    ("zones.3.area = true", "zones.3.area: expected a whole number"),
    ("zones.3.area = 1.0", "zones.3.area: expected a whole number"),
    ("zones.3.bypassed = 1", "zones.3.bypassed: expected true or false"),
    ("zones.3.name = 3", "zones.3.name: expected a text"),
    ('zones.3.options = "swinger-shutdown"', "zones.3.options: expected a list"),
    ('zones.3.options = ["swinger"]', "zones.3.options: expected a list, each one of cross-zoning, "),
    ("zones = []", "zones: expected a table"),
    ('zones.3 = "FRONT DOOR"', "zones.3: expected a table"),
    ("zones.0.area = 1", "zones.0: expected a number from 1 as the key"),
    ("zones.03.area = 1", "zones.03: expected a number from 1 as the key"),
    ("zones.-3.area = 1", "zones.-3: expected a number from 1 as the key"),
    ("zones.x.area = 1", "zones.x: expected a number from 1 as the key"),
    ("codes.1.areas = [9]", "codes.1.areas: expected a list of the numbers of areas, from 1 to 8"),
    ("codes.1.areas = [true]", "codes.1.areas: expected a list of the numbers of areas, from 1 to 8"),
    ("codes.1.areas = 1", "codes.1.areas: expected a list of the numbers of areas, from 1 to 8"),
    ("codes.1.area_bits = 1", "codes.1.area_bits: unknown, expected one of name, areas, "),
    (
        "units.1.state = 256",
        'units.1.state: expected "on", "off", a level such as "60 %", or a state of 0 to 255',
    ),
    ('units.1.state = "101 %"', "units.1.state: expected "),
    ("units.1.state = true", "units.1.state: expected "),
    ("units.1.ramp = 1", "units.1.ramp: unknown, "),
    ('thermostats.1.temperature = "21"', "thermostats.1.temperature: expected a number of °C"),
    ("thermostats.1.temperature = true", "thermostats.1.temperature: expected a number of °C"),
    (
        "thermostats.1.temperature = 88",
        "thermostats.1.temperature: a temperature of -40 to 87.5 °C fits into ",
    ),
    ("thermostats.1.humidity = 101", "thermostats.1.humidity: expected a number of 0 to 100 percent"),
    ("thermostats.1.humidity = nan", "thermostats.1.humidity: expected a number of 0 to 100 percent"),
    ("thermostats.1.seconds_per_step = inf", "thermostats.1.seconds_per_step: expected a number"),
    ("thermostats.1.temperature = -inf", "thermostats.1.temperature: expected a number of °C"),
    (
        'sensors.9 = { sensor_type = "humidity", current = 101 }',
        "sensors.9.current: expected a number of 0 to 100",
    ),
    ('sensors.9 = { sensor_type = "wet", current = 101 }', "sensors.9.sensor_type: expected one of "),
    ("user_settings.1.value = 3", "user_settings.1.value: expected nothing, since its kind has no values"),
    (
        'user_settings.1 = { kind = "clock", value = 3 }',
        "user_settings.1.kind: expected one of not-used, number, ",
    ),
    (
        'user_settings.1 = { kind = "date", value = "24.12." }',
        "user_settings.1.value: expected a month and a day",
    ),
    (
        'user_settings.1 = { kind = "date", value = "13-01" }',
        "user_settings.1.value: DATE takes a month and a day",
    ),
    (
        'user_settings.1 = { kind = "level", value = 101 }',
        "user_settings.1.value: LEVEL takes 0 to 100 percent",
    ),
    ('user_settings.1 = { kind = "number", value = "1" }', "user_settings.1.value: expected a whole number"),
    (
        'user_settings.1 = { kind = "days-of-week", value = ["monday", "fri"] }',
        "user_settings.1.value.2: expected one of monday, ",
    ),
    ("sunrise = 06:41:30", 'sunrise: expected a time of day to the minute, such as "06:41"'),
    ('sunrise = "6:41"', "sunrise: expected a time of day "),
    ('sunrise = "24:00"', "sunrise: expected a time of day "),
    ("clock = 2026-11-21T08:00:00Z", 'clock: expected a date and time without a zone, or "never set"'),
    ("clock = 2026-11-21", "clock: expected a date and time "),
    ('clock = "2026-13-01 08:00"', "clock: expected a date and time "),
    ("firmware = 4.0", 'firmware: expected a version such as "4.0b", or a list of three whole numbers'),
    ("firmware = [4, 0]", "firmware: expected a version "),
    ("firmware = [4, 0, true]", "firmware: expected a version "),
    ('firmware = "4.256"', "firmware: expected a version "),
    ('model = "Omni Pro III"', "model: expected one of omni, omni-pro, "),
    ('quirks = ["silent"]', "quirks.1: expected one of silent-long-status, "),
    ('quirks = "swapped-crc"', "quirks: expected a list"),
    ("capacities.zones = 5", "capacities.zones: expected one of zone, unit, "),
    ("partitions = [[1, 2], [1]]", "partitions.2: expected a list of a whole number and a whole number"),
    ('audio_sources.1.fields = [[0, "a"], ["b", 0]]', "audio_sources.1.fields.2: expected a whole number"),
    ("scenes.1.2 = 300", "scenes.1.2: expected "),
    ('programs.1500 = "xyz"', "programs.1500: expected a text of hexadecimal digits"),
    ('buttons.1.actions = "unit 3 on"', "buttons.1.actions: expected a list"),
    (
        'buttons.1.actions = ["unit 1 on", "unit three on"]',
        "buttons.1.actions.2: <unit>: a whole number belongs",
    ),
    ("buttons.1.actions = [3]", 'buttons.1.actions.1: expected a line such as "open zone 3"'),
    (
        'script = [{ at = 1, happening = "dance" }]',
        "script.1.happening: what happens begins with one of: open, close, ",
    ),
    ('script = [{ at = "1", happening = "open zone 1" }]', "script.1.at: expected a number"),
    ("script = [{ at = 1 }]", "script.1.happening: missing"),
    ("log = []", "log: unknown, "),
    ("now = 3.0", "now: unknown, "),
    ("wrong_codes = 3.7", "wrong_codes: expected a whole number"),
]


@each_row(("text", "said"), MISTAKES)
def test_a_mistake_is_named_with_its_place(text: str, said: str) -> None:
    with pytest.raises(LocalProtocolError) as refused:
        house_from_toml(text)
    first, told, *more = str(refused.value).splitlines()
    assert first == "this file describes no house:"
    assert told.startswith(said)
    assert more == []


ZONE_KEYS = (
    "name",
    "zone_type",
    "area",
    "condition",
    "loop",
    "bypassed",
    "options",
    "auto_bypassed",
    "latched_alarm",
    "trouble_unacknowledged",
)


def test_all_mistakes_are_named_up_to_ten() -> None:
    with pytest.raises(LocalProtocolError) as refused:
        house_from_toml('phone = 3\nzones.1.area = "x"\nzones.2.are = 1\nunits.x = 1')
    assert str(refused.value).splitlines()[1:] == [
        "phone: expected a text",
        "zones.1.area: expected a whole number",
        f"zones.2.are: unknown, expected one of {', '.join(ZONE_KEYS)}",
        "units.x: expected a table",
    ]
    with pytest.raises(LocalProtocolError) as refused:
        house_from_toml("".join(f"zones.{number}.name = 0\n" for number in range(1, 13)))
    lines = str(refused.value).splitlines()[1:]
    assert lines == [*(f"zones.{number}.name: expected a text" for number in range(1, 11)), "and 2 more"]


@each_row(
    ("text", "said"),
    [
        ("zones.177.area = 1", "there is no ZONE 177: in this Omni Pro II the numbers go from 1 to 176"),
        ("zones.1.area = 9", "ZONE 1: "),
        ('zones.1.name = "SIXTEEN CHARS ON"', "ZONE 1: a name here has at most 15 characters"),
        ("thermostats.1.hold = 256", "hold takes 0 to 255"),
        ('buttons.1.actions = ["unit 512 on"]', "there is no unit 512 in this house"),
        ('programs.1 = "00"', "programs have 14 bytes"),
        ("energy_cost = 4", "the energy cost is 0 to 3"),
    ],
)
def test_a_house_that_no_message_can_carry_is_refused(text: str, said: str) -> None:
    with pytest.raises(LocalProtocolError, match=re.escape(said)):
        house_from_toml(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zones.1.area =\n", "this is not TOML: Invalid value (at line 1, column 15)"),
        ("phone = '1'\nphone = '2'", "this is not TOML: Cannot overwrite a value (at end of document)"),
        ("x = " + "[" * 5000, "this is not TOML: "),
        ("x = " + "1" * 5000, "this is not TOML: "),
    ],
)
def test_what_is_not_toml_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(LocalProtocolError) as refused:
        house_from_toml(text)
    assert str(refused.value).startswith(said)


@each_row(
    ("text", "said"),
    [
        ('{"phone": 1,\n }', "this is not JSON: "),
        ("", "this is not JSON: Expecting value (at line 1, column 1)"),
        ("[" * 100_000, "this is not JSON: "),
        ("1" * 5000, "this is not JSON: "),
        ("[]", "this file describes no house:\nexpected a table"),
        ('{"units": {"1": {}, "1": {}}}', "the same key stands twice in one object: 1"),
        ('{"siren_time": NaN}', "this file describes no house:\nsiren_time: expected a number"),
        (
            '{"siren_time": 1' + "0" * 400 + "}",
            "this file describes no house:\nsiren_time: expected a number",
        ),
        ('{"zones": null}', "this file describes no house:\nzones: expected a table"),
    ],
)
def test_what_is_not_json_is_refused(text: str, said: str) -> None:
    with pytest.raises(LocalProtocolError) as refused:
        house_from_json(text)
    assert str(refused.value).startswith(said)


# Codes.


SECRET = "4711"
SPOILT = [
    f"duress_code = {SECRET}",
    f"duress_code = {SECRET}.0",
    f"duress_code = '{SECRET}",
    f"duress_code = '{SECRET}1'",
    f"duress_code = '{SECRET}x'",
    f"duress_code = ['{SECRET}']",
    f"duress_code = {{ {SECRET} = 1 }}",
    f"duress_code.{SECRET} = {SECRET}\nduress_code.{SECRET} = {SECRET}",
    f"codes = '{SECRET}'",
    f"codes = ['{SECRET}']",
    f"codes.1 = '{SECRET}'",
    f"codes.1 = {SECRET}",
    f"codes.{SECRET} = 'OWNER'",
    f"codes.{SECRET}.name = 'OWNER'",
    f"codes.{SECRET}.name = 3",
    f"codes.'1 {SECRET}'.name = 'OWNER'",
    f"codes.OWNER = '{SECRET}'",
    f"codes.1.{SECRET} = 'OWNER'",
    f"codes.1.digits = {SECRET}",
    f"codes.1.digits = '{SECRET}",
    f"codes.1.digits = {SECRET} 1",
    f"codes.1.digits = {SECRET}x",
    f"codes.1.digits = '{SECRET}5'",
    f"codes.1.digits = '{SECRET[:3]}'",
    f"codes.1.digits = ' {SECRET}'",
    f"codes.1.authority = '{SECRET}'",
    f"codes.1.enabled = '{SECRET}'",
    f"codes.1.areas = [{SECRET}]",
    f"[codes.{SECRET}]\n[codes.{SECRET}]",
    f"[codes.1]\ndigits = '{SECRET}'\ndigits = '{SECRET}'",
    f"[codes.1]\n'{SECRET}' = '{SECRET}'\n'{SECRET}' = '{SECRET}'",
    f"[codes.1]\ndigits '{SECRET}'",
    f"script = [{{ at = 1, happening = 'keypad 1 away {SECRET}5' }}]",
    f"script = [{{ at = 1, happening = 'keypad 1 {SECRET} away' }}]",
    f"script = [{{ at = 1, happening = 'keypad 1 away {SECRET} now' }}]",
    f"script = [{{ at = 1, happening = 'keypad 9 away {SECRET}' }}]",
    f"script = [{{ at = 1, happening = {SECRET} }}]",
    f"buttons.1.actions = 'keypad 1 away {SECRET}'",
    f"{SECRET} = 'OWNER'",
]


@each_row("text", SPOILT)
def test_no_error_shows_a_code(text: str) -> None:
    with pytest.raises(LocalProtocolError) as refused:
        house_from_toml(text)
    assert SECRET[:3] not in shown(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        f'{{"codes": {{"1": {{"digits": {SECRET}}}}}}}',
        f'{{"codes": {{"1": {{"digits": "{SECRET}}}}}}}',
        f'{{"codes": {{"1": {{"digits": "{SECRET}" "{SECRET}"}}}}}}',
        f'{{"codes": {{"{SECRET}": 1, "{SECRET}": 1}}}}',
        f'{{"duress_code": {SECRET}',
        f'"{SECRET}"',
    ],
)
def test_no_error_of_json_shows_a_code(text: str) -> None:
    with pytest.raises(LocalProtocolError) as refused:
        house_from_json(text)
    assert SECRET[:3] not in shown(refused.value)


def shown(error: BaseException) -> str:
    """Return what a traceback and a log would show of an error."""
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    return f"{error} {error!r} {getattr(error, '__notes__', '')}"


def places(given: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in what a file says: what holds it, and its key."""
    for key, value in list(given.items() if isinstance(given, dict) else enumerate(given)):
        yield given, key
        if isinstance(value, dict | list):
            yield from places(value)


@given(
    st.data(),
    st.sampled_from(
        [
            None,
            True,
            0,
            -1,
            3.7,
            10**400,
            float("nan"),
            "",
            "x",
            "1234",
            [],
            [[]],
            {},
            {"x": 1},
            {"1": {}},
            [{}],
        ]
    ),
)
def test_whatever_stands_anywhere_is_read_or_refused(data: st.DataObject, junk: object) -> None:
    given = json.loads(in_json(table(demo_house())))
    given["script"] = [{"at": 1, "happening": "open zone 1"}]
    holder, key = data.draw(st.sampled_from(list(places(given))))
    holder[key] = junk
    try:
        house_from_json(json.dumps(given))
        said = ""
    except LocalProtocolError as error:
        said = str(error)
    assert "0042" not in said


def test_without_cattrs_the_import_says_what_to_install() -> None:
    program = """
import sys
sys.modules["cattrs"] = None
try:
    import omnilink_sansio.simulator.house_file
except ImportError as error:
    print(error)
"""
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{program}"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.stderr == ""
    assert ran.stdout.strip() == "house files need cattrs: pip install 'omnilink-sansio[house-files]'"
