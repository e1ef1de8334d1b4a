"""Durations, levels, set points and user settings in commands, and what each byte of a row means.

20P00 §CONTROLLER COMMAND.
"""

import inspect
import math
from collections.abc import Callable, Mapping, Set
from typing import Any, NamedTuple, TypeAlias, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import LocalProtocolError, commands
from omnilink_sansio.commands import COMMANDS, Command, ControllerCommand, FromUserSetting, PackedParameter
from tests.messages.test_command_ranges import CALLS
from tests.rows import each_row
from tests.vectors import COMMAND_ROWS, TEMPERATURES, CommandRow

Call: TypeAlias = Callable[..., ControllerCommand]

# What each duration byte says, in seconds: written out from the vendor's table.
SECONDS: Mapping[int, int] = (
    {raw: raw for raw in range(100)}
    | {100 + minutes: 60 * minutes for minutes in range(1, 100)}
    | {200 + hours: 3600 * hours for hours in range(1, 19)}
)
UP_TO_18_HOURS = set(SECONDS.values())
FROM_2_SECONDS = UP_TO_18_HOURS - {0, 1}
RAMPS = FROM_2_SECONDS - {3600 * hours for hours in range(11, 19)}


class Timed(NamedTuple):
    """A call with a duration: the lengths that it takes."""

    call: Call
    lengths: Set[int]
    named: str
    others: dict[str, Any]


TIMED = [
    Timed(commands.turn_unit_on, UP_TO_18_HOURS, "duration", {"index": 1}),
    Timed(commands.turn_unit_off, UP_TO_18_HOURS, "duration", {"index": 1}),
    Timed(commands.dim_unit, UP_TO_18_HOURS, "duration", {"index": 1, "steps": 9}),
    Timed(commands.brighten_unit, UP_TO_18_HOURS, "duration", {"index": 1, "steps": 1}),
    # A level without a time is another command, whose first byte is the level.
    Timed(commands.set_unit_level, FROM_2_SECONDS, "duration", {"index": 1, "percent": 50}),
    Timed(commands.ramp_unit, RAMPS, "ramp time", {"index": 1, "percent": 50}),
    Timed(commands.blink_upb_unit, FROM_2_SECONDS | {0}, "duration", {"index": 1, "rate": 0}),
    Timed(commands.turn_energy_saver_on, UP_TO_18_HOURS, "duration", {"index": 1}),
    Timed(commands.turn_energy_saver_off, UP_TO_18_HOURS, "duration", {"index": 1}),
    Timed(commands.unlock_door, UP_TO_18_HOURS, "duration", {"reader": 1}),
]
EVERY_TIMED = each_row("timed", TIMED, ids=[timed.call.__name__ for timed in TIMED])


def test_every_call_with_a_duration_is_here() -> None:
    with_duration = {name for name, call in CALLS.items() if "duration" in inspect.signature(call).parameters}
    assert {timed.call.__name__ for timed in TIMED} == with_duration


@EVERY_TIMED
def test_every_length_that_a_byte_can_say_is_sent_as_a_byte_that_says_it(timed: Timed) -> None:
    for seconds in timed.lengths:
        made = timed.call(**timed.others, duration=seconds)
        assert SECONDS[made.parameter1] == seconds
        assert COMMANDS[Command(made.command)].accepts(made.parameter1, made.parameter2)


@EVERY_TIMED
def test_every_other_length_is_refused_naming_command_length_and_what_is_allowed(timed: Timed) -> None:
    beside = {other for seconds in UP_TO_18_HOURS for other in (seconds - 1, seconds, seconds + 1)}
    for seconds in (beside | {10**30}) - timed.lengths:
        if timed.call is commands.set_unit_level and seconds == 0:
            continue
        with pytest.raises(LocalProtocolError) as caught:
            timed.call(**timed.others, duration=seconds)
        text = str(caught.value)
        assert text.partition(":")[0] in Command.__members__
        assert f": {timed.named} is " in text
        assert "whole minutes up to 99 or whole hours up to" in text
        assert text.endswith(f", not {seconds}")


# User settings in place of values.


class Setting(NamedTuple):
    """A value that may be a user setting's: what is added to its number, and the highest one."""

    call: Call
    parameter: str
    added: int
    highest: int
    named: str
    others: dict[str, Any]


SETTINGS = [
    *(Setting(timed.call, "duration", 218, 37, timed.named, timed.others) for timed in TIMED),
    Setting(commands.set_unit_level, "percent", 100, 155, "level", {"index": 1}),
    Setting(commands.set_thermostat_heat_setpoint_raw, "raw", 200, 55, "set point", {"index": 1}),
    Setting(commands.set_thermostat_cool_setpoint_raw, "raw", 200, 55, "set point", {"index": 0}),
    Setting(
        commands.set_thermostat_humidify_setpoint, "percent", 200, 55, "humidity set point", {"index": 1}
    ),
    Setting(
        commands.set_thermostat_dehumidify_setpoint, "percent", 200, 55, "humidity set point", {"index": 1}
    ),
]
EVERY_SETTING = each_row(
    "setting", SETTINGS, ids=[f"{setting.call.__name__}-{setting.parameter}" for setting in SETTINGS]
)


def test_every_value_that_may_be_a_user_settings_is_here() -> None:
    takes = {
        (name, parameter)
        for name, call in CALLS.items()
        for parameter, hint in get_type_hints(call).items()
        if FromUserSetting in getattr(hint, "__args__", ())
    }
    assert {(setting.call.__name__, setting.parameter) for setting in SETTINGS} == takes


@EVERY_SETTING
def test_a_user_setting_is_sent_as_its_number_above_the_values(setting: Setting) -> None:
    for number in range(1, setting.highest + 1):
        made = setting.call(**setting.others, **{setting.parameter: FromUserSetting(number)})
        assert made.parameter1 == setting.added + number
        row = COMMANDS[Command(made.command)]
        assert row.accepts(made.parameter1, made.parameter2)
        assert row.parameter1.user_setting(made.parameter1) == number


@EVERY_SETTING
@each_row("beyond", [0, -1, -218, 256, 10**30])
def test_a_user_setting_that_the_byte_cannot_name_is_refused(setting: Setting, beyond: int) -> None:
    for number in {beyond, setting.highest + 1}:
        with pytest.raises(LocalProtocolError) as caught:
            setting.call(**setting.others, **{setting.parameter: FromUserSetting(number)})
        text = str(caught.value)
        assert text.partition(":")[0] in Command.__members__
        assert f": {setting.named} can be that of user settings 1 to {setting.highest}, " in text
        assert f"not of {number}" in text


@pytest.mark.parametrize(
    "call",
    [
        lambda one: commands.turn_unit_on(one),
        lambda one: commands.set_counter(1, one),
        lambda one: commands.set_audio_volume(1, one),
        lambda one: commands.ramp_unit(1, one, 10),
        lambda one: commands.bypass_zone(1, one),
        lambda one: commands.adjust_thermostat_heat_setpoint(1, one),
        lambda one: commands.set_user_setting(1, one),
    ],
)
def test_no_user_setting_stands_in_for_anything_else(call: Callable[[Any], ControllerCommand]) -> None:
    with pytest.raises(LocalProtocolError, match="no user setting can stand in for it"):
        call(FromUserSetting(1))


def test_a_level_for_a_time_is_a_fixed_one() -> None:
    with pytest.raises(LocalProtocolError, match=r"^UNIT_LEVEL_TIMED: .*0 to 100 percent, not a user"):
        commands.set_unit_level(1, FromUserSetting(1), 10)


# Two numbers in two bytes.


@given(unit=st.integers(1, 511), level=st.integers(0, 100))
def test_units_are_in_the_low_9_bits_and_levels_in_the_high_7(unit: int, level: int) -> None:
    for made in (commands.ramp_unit(unit, level, 2), commands.set_unit_level(unit, level, 2)):
        assert made.parameter2 == 512 * level + unit
        packed = COMMANDS[Command(made.command)].parameter2
        assert isinstance(packed, PackedParameter)
        assert packed.decode(made.parameter2) == (unit, level)


@given(unit=st.integers(1, 511), rate=st.sampled_from(commands.BlinkRate))
def test_blink_rates_are_in_the_high_7_bits(unit: int, rate: commands.BlinkRate) -> None:
    assert commands.blink_upb_unit(unit, rate).parameter2 == 512 * rate.value + unit


# Set points and humidity.

IN_CELSIUS = [commands.set_thermostat_heat_setpoint_celsius, commands.set_thermostat_cool_setpoint_celsius]
IN_FAHRENHEIT = [
    commands.set_thermostat_heat_setpoint_fahrenheit,
    commands.set_thermostat_cool_setpoint_fahrenheit,
]
HUMIDITY = [commands.set_thermostat_humidify_setpoint, commands.set_thermostat_dehumidify_setpoint]


@pytest.mark.parametrize("call", IN_CELSIUS)
def test_every_half_degree_celsius_is_sent_exactly(call: Call) -> None:
    for halves in range(-80, 101):
        assert call(1, halves / 2).parameter1 == halves + 80


@pytest.mark.parametrize("call", IN_CELSIUS)
@given(celsius=st.floats(-40, 50))
def test_celsius_goes_to_the_nearest_half_degree(call: Call, celsius: float) -> None:
    assert abs(TEMPERATURES[call(1, celsius).parameter1]["celsius"] - celsius) <= 0.25


@pytest.mark.parametrize("call", IN_FAHRENHEIT)
def test_the_degrees_fahrenheit_that_are_displayed_are_those_that_were_asked_for(call: Call) -> None:
    for degrees in range(-40, 123):
        raw = call(1, degrees).parameter1
        assert raw <= 180
        assert TEMPERATURES[raw]["fahrenheit_display"] == degrees


@pytest.mark.parametrize("call", IN_FAHRENHEIT)
@given(fahrenheit=st.floats(-40, 122))
def test_fahrenheit_goes_to_the_nearest_step(call: Call, fahrenheit: float) -> None:
    exact = TEMPERATURES[call(1, fahrenheit).parameter1]["fahrenheit_exact"]
    assert abs(exact - fahrenheit) <= 0.45 + 1e-9


@pytest.mark.parametrize(
    ("calls", "allowed", "wrong"),
    [
        (IN_CELSIUS, "-40 to 50 °C", [-41, -40.1, 50.1, 51, 1e300, math.inf, -math.inf, math.nan]),
        (IN_FAHRENHEIT, "-40 to 122 °F", [-41, -40.1, 122.1, 123, 1e300, math.inf, -math.inf, math.nan]),
    ],
)
def test_temperatures_that_no_set_point_has_are_refused(
    calls: list[Call], allowed: str, wrong: list[float]
) -> None:
    for call in calls:
        command = Command(call(1, 20).command)
        for degrees in wrong:
            with pytest.raises(LocalProtocolError) as caught:
                call(1, degrees)
            assert str(caught.value) == f"{command.name}: set point is {allowed}, not {degrees!r}"


@pytest.mark.parametrize("call", HUMIDITY)
def test_every_humidity_is_sent_as_what_displays_so_and_none_disables(call: Call) -> None:
    for percent in range(101):
        raw = call(1, percent).parameter1
        assert 44 <= raw <= 156
        assert TEMPERATURES[raw]["fahrenheit_display"] == percent
    assert call(1, None).parameter1 == 0


@each_row("call", HUMIDITY)
@each_row("percent", [-1, 101, 10**30, 50.0, 50.5, "50", math.nan])
def test_a_humidity_that_is_none_is_refused(call: Call, percent: Any) -> None:
    command = Command(call(1, 50).command)
    with pytest.raises(LocalProtocolError, match=rf"^{command.name}: .*0 to 100 percent"):
        call(1, percent)


# What each byte of a row means, against the protocol's table.

EVERY_BYTE = range(256)
TIMES = {0, *range(1, 100), *range(101, 200), *range(201, 256)}
FIRST: Mapping[str | None, Set[int]] = {
    None: {0},
    "0": {0},
    "0 auto, 1 on; v2 also 2 cycle": {0, 1, 2},
    "0 disabled, 1 enabled (range printed 0-255)": {0, 1},
    "0 disabled, 44-156 = 0-100 %, 201-255 = user setting P1-200": {0, *range(44, 157), *range(201, 256)},
    "0 off, 1 heat, 2 cool, 3 auto; v2 also 4 emergency heat": {0, 1, 2, 3, 4},
    "0 off, 1 on, 2 mute off, 3 mute on": {0, 1, 2, 3},
    "0 off, 1 on, 2-13 scene A-L": set(range(14)),
    "0 off, 1 without end, 2-6 = 1-5 times": set(range(7)),
    # 1 and 2 are what status reports and other clients send.
    "0 off, 255 hold": {0, 1, 2, 255},
    "0 or DURATION (2-99 s, 101-199, 201-218, 219-255)": TIMES - {1},
    "0-100": set(range(101)),
    "0-100 percent; v2 only: 101-255 = user setting P1-100": set(EVERY_BYTE),
    "0-255": set(EVERY_BYTE),
    "1 no beep, 2 no beep and no LED (range printed 0-2)": {1, 2},
    "AREA_OR_ALL, used only when P2 = 0": set(range(9)),
    "AUDIO_SOURCE": set(range(1, 256)),
    "CODE_NUMBER": set(EVERY_BYTE),
    "DURATION (2-99 s, 101-199 min, 201-218 h, 219-255 user setting)": TIMES - {0, 1},
    "DURATION_OR_ZERO": TIMES,
    "ENERGY_COST": {0, 1, 2, 3},
    "LED 1-8": set(range(1, 9)),
    "OMNI_TEMPERATURE (v2: 0-180, 201-255 = user setting P1-200; v1: 44-180)": (
        set(range(181)) | set(range(201, 256))
    ),
    "PHONE_NUMBER_INDEX": set(range(1, 256)),
    "RAMP_RATE (2-99 s, 101-199 min, 201-210 h; v2 only: 219-255 user setting), time for the full "
    "0-100 excursion": TIMES - {0, 1, *range(211, 219)},
    "SERIAL_PORT": set(range(1, 256)),
    "USER_SETTING": set(range(1, 256)),
    "camera 1-6": set(range(1, 7)),
    "key code (range printed 1-40, table runs to 46)": set(range(1, 47)),
    "s8 -50..50, half degrees Celsius": {*range(51), *range(206, 256)},
}
"""Which bytes each token of the table allows for the first parameter."""
LOWEST_AND_HIGHEST: Mapping[str | None, tuple[int, int]] = {
    None: (0, 0),
    "AREA_OR_ALL": (0, 8),
    "AREA_OR_ALL (Lumina: 1)": (0, 8),
    "AUDIO_ZONE": (1, 511),
    "AUDIO_ZONE_OR_ALL": (0, 511),
    "BUTTON": (1, 511),
    "CONSOLE_OR_ALL (0-16)": (0, 16),
    "ENERGY_SAVER": (1, 511),
    "MESSAGE": (1, 511),
    "MESSAGE_OR_ALL": (0, 511),
    "READER_OR_ALL": (0, 511),
    "SCENE": (1, 65535),
    "TEMP_ZONE_OR_ALL": (0, 511),
    "THERMOSTAT_OR_ALL": (0, 511),
    "TOUCHSCREEN": (1, 65535),
    "UNIT": (1, 511),
    "UPB_LINK": (1, 255),
    "ZONE": (1, 511),
    "new value 0-65535": (0, 65535),
}
"""Which numbers each token of the table allows for the second parameter."""
HIGH_BITS = {"LO9_UNIT_HI7_LEVEL": 100, "LO9_UNIT_HI7_BLINK_RATE": 3}
EVERY_ROW = each_row("row", COMMAND_ROWS, ids=[row["name"] for row in COMMAND_ROWS])


@EVERY_ROW
def test_the_first_parameter_is_any_byte_that_the_table_allows_and_no_other(row: CommandRow) -> None:
    accepts = COMMANDS[Command(row["value"])].parameter1.accepts
    assert {raw for raw in range(-1, 300) if accepts(raw)} == FIRST[row["p1"]]


@EVERY_ROW
def test_the_second_parameter_is_any_number_that_the_table_allows_and_no_other(row: CommandRow) -> None:
    accepts = COMMANDS[Command(row["value"])].parameter2.accepts
    highest = HIGH_BITS.get(row["p2"] or "")
    if highest is not None:
        expected = {raw for raw in range(65536) if raw % 512 and raw // 512 <= highest}
        assert {raw for raw in range(65536) if accepts(raw)} == expected
    else:
        # RadioRA phantom buttons are not the controller's buttons, and go on where these end.
        low, high = (1, 65535) if "PHANTOM_BUTTON" in row["name"] else LOWEST_AND_HIGHEST[row["p2"]]
        tried = {*range(-1, 1024), 4096, 65535, 65536}
        assert {raw for raw in tried if accepts(raw)} == {raw for raw in tried if low <= raw <= high}


@EVERY_ROW
def test_bytes_name_user_settings_where_the_table_says_so(row: CommandRow) -> None:
    command = Command(row["value"])
    added = 256
    # encodings.json: a level's from 101 on, a set point's from 201 on, a duration's from 219 on.
    if row["p1"] is not None and ("DURATION" in row["p1"] or "RAMP_RATE" in row["p1"]):
        added = 218
    elif command is Command.UNIT_LEVEL:
        added = 100
    elif row["value"] in (66, 67, 73, 74):
        added = 200
    for raw in EVERY_BYTE:
        expected = raw - added if raw > added else None
        assert COMMANDS[command].parameter1.user_setting(raw) == expected


@EVERY_ROW
def test_each_parameter_says_what_is_allowed(row: CommandRow) -> None:
    info = COMMANDS[Command(row["value"])]
    for parameter in (info.parameter1, info.parameter2):
        assert str(parameter)
        if isinstance(parameter, PackedParameter):
            assert str(parameter) == f"{parameter.low} (bits 0-8); {parameter.high} (bits 9-15)"
        else:
            assert str(parameter).startswith(f"{parameter.name}: {parameter.allowed}")
            assert ("user setting 1 and up" in str(parameter)) == (parameter.user_settings is not None)


def test_a_command_is_what_its_golden_bytes_say_whatever_its_row_accepts() -> None:
    # execute_command sends anything that fits its bytes: rows bind the calls with names only.
    assert ControllerCommand(99, 255, 65535).encode() == b"\x63\xff\xff\xff"
    assert ControllerCommand(200).encode() == b"\xc8\0\0\0"
    assert not COMMANDS[Command.TOGGLE].accepts(255, 65535)
    for command in commands.Command:
        assert ControllerCommand(command, 1, 2).encode() == bytes((command.value, 1, 0, 2))
