"""House files: what a house is written as is read as the same house, and forms are those of people."""

import re
import string
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import UserCode
from omnilink_sansio.commands import CodeAuthority
from omnilink_sansio.objects import (
    FanMode,
    HvacMode,
    MessageState,
    MonthDay,
    ObjectType,
    SecurityMode,
    ThermostatKind,
    UnitType,
    UserSettingKind,
    Weekday,
    ZoneCondition,
    ZoneLatchedAlarm,
    ZoneOption,
    ZoneType,
    celsius_to_omni_temp,
    encode_user_setting,
)
from omnilink_sansio.simulator import (
    MODELS,
    Area,
    AudioSource,
    AudioZone,
    AuxiliarySensor,
    Button,
    Code,
    ConsoleMessage,
    Enclosure,
    House,
    Quirk,
    Reader,
    ScriptLine,
    Thermostat,
    Unit,
    UserSetting,
    Zone,
    demo_house,
    parse_stimulus,
)
from omnilink_sansio.simulator import STIMULI as ALL_HAPPENINGS
from omnilink_sansio.simulator.house_file import house_from_json, house_from_toml
from omnilink_sansio.system import (
    ControllerModel,
    DateFormat,
    SystemFeature,
    SystemTrouble,
    TemperatureFormat,
    TimeFormat,
)
from tests.rows import each_row
from tests.simulator.house_writer import NOT_IN_FILES, described, in_json, in_toml, table, word

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"

# Houses of all sorts.


BYTES = st.integers(0, 0xFF)
SECONDS = st.floats(0, 1e6)
MODELS_WITH_EVERYTHING = (
    ControllerModel.OMNI_PRO_II,
    ControllerModel.OMNI_PRO_II_EU,
    ControllerModel.LUMINA_PRO,
)
LINES = (
    "open zone 1",
    "close zone 176",
    "zone 3 not-ready",
    "alarm burglary 1",
    "reset alarms 0",
    "keypad 1 night-delayed 0042",
    "press button 2",
    "unit 511 on",
    "unit 2 off",
    "unit 2 level 40",
    "thermostat 1 temperature -7.5",
    "thermostat 1 lost",
    "thermostat 1 found",
    "sensor 9 temperature 3.25",
    "sensor 9 humidity 40",
    "begin trouble ac-power",
    "end trouble battery-low-8",
    "card 7 reader 16",
    "show message 1",
    "clear message 1",
    "source 1 plays something by somebody",
    "event 769",
    "command unit-on 0 1",
)


def names(longest: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=0xFF), max_size=longest)


def numbered(highest: int, objects: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[int, Any]]:
    return st.dictionaries(st.integers(1, highest), objects, max_size=2)


def one_of(kind: type[Enum]) -> st.SearchStrategy[Any]:
    return st.sampled_from(kind)


LONG, SHORT = names(15), names(11)
RAW_HUMIDITIES = st.just(0) | st.integers(44, 156)
CODES = st.text(string.digits, min_size=4, max_size=4).map(UserCode)
STIMULI = st.sampled_from(LINES).map(parse_stimulus)
DATES = st.integers(0, 99 * 365 * 86400).map(
    lambda seconds: datetime.fromisoformat("2000-01-01") + timedelta(0, seconds)
)
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
UNIT_STATES = numbered(511, BYTES)
SETTINGS: Mapping[UserSettingKind, st.SearchStrategy[Any]] = {
    UserSettingKind.NUMBER: BYTES,
    UserSettingKind.DURATION: st.sampled_from([0, 1, 99, 120, 99 * 60, 3600, 18 * 3600]),
    # Not -40.0: raw 0 is none.
    UserSettingKind.TEMPERATURE: st.integers(1, 255).map(lambda raw: raw / 2 - 40),
    UserSettingKind.HUMIDITY: st.integers(0, 100),
    UserSettingKind.DATE: st.builds(MonthDay, st.integers(1, 12), st.integers(1, 31)),
    UserSettingKind.TIME: TIMES,
    UserSettingKind.DAYS_OF_WEEK: st.frozensets(one_of(Weekday)),
    UserSettingKind.LEVEL: st.integers(0, 100),
}


AREAS = {"area_bits": BYTES}
KINDS: Mapping[type, Mapping[str, st.SearchStrategy[Any]]] = {
    Zone: {
        "name": LONG,
        "zone_type": one_of(ZoneType),
        "area": st.integers(1, 8),
        "condition": one_of(ZoneCondition),
        "loop": BYTES,
        "bypassed": st.booleans(),
        "options": st.integers(0, 7).map(ZoneOption),
        "auto_bypassed": st.booleans(),
        "latched_alarm": one_of(ZoneLatchedAlarm),
        "trouble_unacknowledged": st.booleans(),
    },
    Unit: {"name": SHORT, "unit_type": st.none() | one_of(UnitType), "state": BYTES, **AREAS},
    Area: {
        "name": SHORT,
        "enabled": st.booleans(),
        "mode": one_of(SecurityMode),
        "entry_delay": BYTES,
        "exit_delay": BYTES,
        "requires_ready": st.booleans(),
        "auto_bypass": st.booleans(),
    },
    Thermostat: {
        "name": SHORT,
        "kind": one_of(ThermostatKind),
        "temperature": BYTES,
        "heat_setpoint": BYTES,
        "cool_setpoint": BYTES,
        "system_mode": one_of(HvacMode),
        "fan_mode": one_of(FanMode),
        "hold": BYTES,
        "humidity": RAW_HUMIDITIES,
        "humidify_setpoint": RAW_HUMIDITIES,
        "dehumidify_setpoint": RAW_HUMIDITIES,
        "outdoor_temperature": BYTES,
        "action": BYTES,
        "communicating": st.booleans(),
        "seconds_per_step": st.just(0.0) | st.floats(1, 1e6),
        **AREAS,
    },
    Button: {"name": SHORT, "actions": st.lists(STIMULI, max_size=3), **AREAS},
    Code: {
        "name": SHORT,
        "digits": st.none() | CODES,
        "authority": one_of(CodeAuthority),
        "enabled": st.booleans(),
        **AREAS,
    },
    ConsoleMessage: {"name": LONG, "state": one_of(MessageState), **AREAS},
    AudioSource: {
        "name": SHORT,
        "fields": st.lists(st.tuples(BYTES, SHORT), max_size=6),
        "sequence": BYTES,
        **AREAS,
    },
    AudioZone: {
        "name": SHORT,
        "power": st.booleans(),
        "source": BYTES,
        "volume": BYTES,
        "mute": st.booleans(),
        **AREAS,
    },
    Enclosure: {"name": LONG, "communications": BYTES, "battery": BYTES, **AREAS},
    Reader: {
        "name": LONG,
        "unlocked": st.booleans(),
        "denied": st.booleans(),
        "last_user": BYTES,
        "unlock_time": st.integers(1, 0xFFFF),
        **AREAS,
    },
    ScriptLine: {"at": SECONDS, "happening": STIMULI},
}
"""What is drawn for every field that a file can have."""


@st.composite
def user_settings(draw: st.DrawFn) -> UserSetting:
    kind = draw(one_of(UserSettingKind))
    is_set = kind in SETTINGS and draw(st.booleans())
    value = encode_user_setting(kind, draw(SETTINGS[kind])) if is_set else 0
    return UserSetting(draw(LONG), kind, value, area_bits=draw(BYTES))


@st.composite
def sensors(draw: st.DrawFn) -> AuxiliarySensor:
    kind = draw(st.sampled_from([ZoneType.TEMPERATURE, ZoneType.HUMIDITY, ZoneType.TEMPERATURE_ALARM]))
    low, high, now = (draw(RAW_HUMIDITIES if kind is ZoneType.HUMIDITY else BYTES) for _ in range(3))
    return AuxiliarySensor(draw(LONG), kind, now, low, high, draw(BYTES), area_bits=draw(BYTES))


def drawn(kind: type) -> st.SearchStrategy[Any]:
    return st.builds(kind, **KINDS[kind])


FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "model": st.sampled_from(MODELS_WITH_EVERYTHING),
    "firmware": st.tuples(st.integers(3, 0xFF), BYTES, st.integers(0, 127)),
    "capacities": st.dictionaries(
        st.sampled_from([ObjectType.CONSOLE, ObjectType.UNIT]), st.integers(511, 600), max_size=2
    ),
    # Changes are pushed in one form or the other.
    "quirks": st.frozensets(one_of(Quirk)).map(lambda quirks: quirks - {Quirk.PUSHES_STATUS}),
    "phone": names(24),
    "temperature_format": one_of(TemperatureFormat),
    "time_format": one_of(TimeFormat),
    "date_format": one_of(DateFormat),
    "battery": BYTES,
    "sunrise": TIMES,
    "sunset": TIMES,
    "clock": st.none() | DATES,
    "daylight_saving": st.booleans(),
    "energy_cost": st.integers(0, 3),
    "troubles": st.lists(one_of(SystemTrouble), max_size=2),
    "features": st.lists(one_of(SystemFeature), max_size=2),
    "partitions": st.lists(st.tuples(BYTES, BYTES), max_size=2),
    "siren_time": SECONDS,
    "duress_code": st.none() | CODES,
    "wrong_codes": BYTES,
    "lock_out": SECONDS,
    "restore_needed": st.booleans(),
    "zones": numbered(176, drawn(Zone)),
    "units": numbered(511, drawn(Unit)),
    "areas": numbered(1, drawn(Area)),
    "thermostats": numbered(64, drawn(Thermostat)),
    "buttons": numbered(128, drawn(Button)),
    "codes": numbered(99, drawn(Code)),
    "messages": numbered(128, drawn(ConsoleMessage)),
    "sensors": numbered(176, sensors()),
    "audio_sources": numbered(8, drawn(AudioSource)),
    "audio_zones": numbered(8, drawn(AudioZone)),
    "enclosures": numbered(8, drawn(Enclosure)),
    "user_settings": numbered(25, user_settings()),
    "readers": numbered(16, drawn(Reader)),
    "upb_links": numbered(250, UNIT_STATES),
    "scenes": numbered(250, UNIT_STATES),
    "programs": numbered(1500, st.binary(min_size=14, max_size=14)),
    "script": st.lists(drawn(ScriptLine), max_size=3),
}
HOUSES = st.builds(House, **FIELDS)


@given(HOUSES)
def test_a_house_written_as_a_file_is_read_as_the_same_house(house: House) -> None:
    written = table(house)
    assert described(house_from_json(in_json(written))) == described(house)
    assert described(house_from_toml(in_toml(written))) == described(house)


@each_row("kind", [House, *KINDS])
def test_every_field_that_a_file_can_have_is_drawn(kind: type) -> None:
    drawn = FIELDS if kind is House else KINDS[kind]
    assert drawn.keys() == {field.name for field in fields(kind) if field.init} - NOT_IN_FILES.get(
        kind, set()
    )


def test_every_kind_of_happening_is_drawn() -> None:
    assert {parse_stimulus(text).FORM for text in LINES} == {kind.FORM for kind in ALL_HAPPENINGS}


def test_a_file_without_anything_is_a_new_house() -> None:
    assert described(house_from_toml("")) == described(house_from_json("{}")) == described(House())


# As people write them.


def test_the_demonstrations_house_is_a_file_too() -> None:
    text = (REFERENCE / "demo-house.toml").read_text(encoding="utf-8")
    assert described(house_from_toml(text)) == described(demo_house())


def test_the_example_in_the_reference_is_one_house_in_both_languages() -> None:
    page = (REFERENCE / "house-file.md").read_text(encoding="utf-8")
    toml, js = (re.search(rf"```{language}\n(.*?)```", page, re.DOTALL) for language in ("toml", "json"))
    assert toml is not None
    assert js is not None
    house = house_from_toml(toml[1])
    assert described(house) == described(house_from_json(js[1]))
    assert described(house) == described(
        House(
            ControllerModel.OMNI_IIE,
            (3, 2, 0),
            clock=datetime.fromisoformat("2026-11-21T08:00"),
            quirks=frozenset({Quirk.SILENT_LONG_STATUS}),
            zones={
                1: Zone("FRONT DOOR", ZoneType.ENTRY_EXIT),
                2: Zone("HALL MOTION", ZoneType.AWAY_INTERIOR),
            },
            units={1: Unit("PORCH"), 2: Unit("HALL", state=160)},
            areas={1: Area("HOUSE", exit_delay=30)},
            codes={1: Code("OWNER", UserCode("0123"), CodeAuthority.MASTER, area_bits=1)},
            thermostats={
                1: Thermostat(
                    kind=ThermostatKind.HEAT_ONLY,
                    temperature=celsius_to_omni_temp(19.5),
                    system_mode=HvacMode.HEAT,
                )
            },
            user_settings={1: UserSetting("WAKE UP", UserSettingKind.TIME, 6 << 8 | 45)},
            buttons={
                1: Button("GOOD NIGHT", [parse_stimulus("unit 1 off"), parse_stimulus("unit 2 level 10")])
            },
            scenes={1: {1: 1, 2: 130}},
            script=[
                ScriptLine(60, parse_stimulus("open zone 1")),
                ScriptLine(65, parse_stimulus("close zone 1")),
            ],
        )
    )


@each_row("model", MODELS)
def test_models_go_by_their_title_and_by_their_name(model: ControllerModel) -> None:
    for text in (model.title, word(model), model.name):
        assert house_from_toml(f'model = "{text}"').model is model


@pytest.mark.parametrize(
    ("text", "firmware"),
    [
        ('"4.0b"', (4, 0, 2)),
        ("[4, 0, 2]", (4, 0, 2)),
        ('"2.16"', (2, 16, 0)),
        ('"3.2r"', (3, 2, 18)),
        ('"3.2r27"', (3, 2, 27)),
        ('"0.0"', MODELS[ControllerModel.OMNI_PRO_II].firmware),
    ],
)
def test_a_firmware_is_a_version_or_its_numbers(text: str, firmware: tuple[int, int, int]) -> None:
    assert house_from_toml(f"firmware = {text}").firmware == firmware


@each_row(
    ("text", "raw"),
    [('"on"', 1), ('"off"', 0), ('"60 %"', 160), ('"0%"', 100), ('"100 %"', 200), ("255", 255), ("60", 60)],
)
def test_a_units_state_is_a_word_a_level_or_a_number(text: str, raw: int) -> None:
    assert house_from_toml(f"units.1.state = {text}").units[1].state == raw


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('clock = "2026-11-21 08:00"', "2026-11-21T08:00:00"),
        ('clock = "2026-11-21T08:00:30"', "2026-11-21T08:00:30"),
        ("clock = 2026-11-21 08:00:30", "2026-11-21T08:00:30"),
        ('clock = "never set"', None),
    ],
)
def test_a_clock_shows_a_time_or_was_never_set(text: str, found: str | None) -> None:
    clock = house_from_toml(text).clock
    assert clock == (None if found is None else datetime.fromisoformat(found))


def test_null_in_json_is_what_is_left_out() -> None:
    codes_and_units = '"codes": {"1": {"digits": null}}, "units": {"1": {"unit_type": null}}'
    house = house_from_json(f'{{"clock": null, "duress_code": null, {codes_and_units}}}')
    left_out = (house.clock, house.duress_code, house.codes[1].digits, house.units[1].unit_type)
    assert left_out == (None, None, None, None)


def test_a_luminas_modes_have_their_own_names() -> None:
    house = house_from_toml('model = "Lumina Pro"\n[areas.1]\nmode = "party"')
    assert house.areas[1].mode == 5
    assert house_from_toml('areas.1.mode = "away"').areas[1].mode is SecurityMode.AWAY
