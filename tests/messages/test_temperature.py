"""Temperatures: half degrees Celsius above -40 in one byte (20P00 §APPENDIX C)."""

import math
from collections.abc import Callable

import pytest

from omnilink_sansio import LocalProtocolError
from omnilink_sansio.messages.temperature import celsius_reading, fahrenheit_reading, humidity_reading
from omnilink_sansio.objects import (
    celsius_to_omni_temp,
    displayed_fahrenheit,
    fahrenheit_to_omni_temp,
    humidity_to_omni_temp,
    omni_temp_to_celsius,
    omni_temp_to_fahrenheit,
    omni_temp_to_humidity,
)
from tests.rows import each_row
from tests.vectors import DERIVED_HUMIDITY, TEMPERATURES, DerivedHumidity, TemperatureVector

FROM_RAW = [omni_temp_to_celsius, omni_temp_to_fahrenheit, displayed_fahrenheit, omni_temp_to_humidity]
TO_RAW = [celsius_to_omni_temp, fahrenheit_to_omni_temp]


def test_every_raw_value_has_a_vector() -> None:
    assert [row["raw"] for row in TEMPERATURES] == list(range(256))


@each_row("vector", TEMPERATURES, ids=[str(row["raw"]) for row in TEMPERATURES])
def test_every_raw_value_both_ways(vector: TemperatureVector) -> None:
    raw = vector["raw"]
    assert omni_temp_to_celsius(raw) == vector["celsius"]
    assert omni_temp_to_fahrenheit(raw) == vector["fahrenheit_exact"]
    assert displayed_fahrenheit(raw) == vector["fahrenheit_display"]
    assert celsius_to_omni_temp(vector["celsius"]) == raw
    assert fahrenheit_to_omni_temp(vector["fahrenheit_exact"]) == raw


@pytest.mark.parametrize(("raw", "displayed"), [(28, -15), (187, 128)])
def test_vendors_chart_is_misprinted_at_28_and_187_and_the_formula_is_right(raw: int, displayed: int) -> None:
    assert displayed_fahrenheit(raw) == displayed


@pytest.mark.parametrize(("raw", "displayed"), [(5, -35), (95, 46), (105, 55), (255, 190)])
def test_panels_display_half_a_degree_fahrenheit_rounded_up(raw: int, displayed: int) -> None:
    assert omni_temp_to_fahrenheit(raw) % 1 == 0.5
    assert displayed_fahrenheit(raw) == displayed


@each_row("degrees", range(-40, 191))
def test_whole_degrees_fahrenheit_display_as_asked_for(degrees: int) -> None:
    assert displayed_fahrenheit(fahrenheit_to_omni_temp(degrees)) == degrees


@pytest.mark.parametrize(
    ("celsius", "raw"), [(20.2, 120), (20.3, 121), (-39.8, 0), (-39.7, 1), (87.3, 255), (87.2, 254)]
)
def test_celsius_goes_to_the_nearest_half_degree(celsius: float, raw: int) -> None:
    assert celsius_to_omni_temp(celsius) == raw


@each_row("convert", FROM_RAW)
@each_row("raw", [-1, 256, 1000])
def test_raw_value_that_is_no_byte_is_refused(convert: Callable[[int], float], raw: int) -> None:
    with pytest.raises(LocalProtocolError, match="0 to 255"):
        convert(raw)


@each_row("celsius", [-40.5, -40.1, 87.6, 88, 1e300, math.inf, -math.inf, math.nan])
def test_celsius_outside_the_byte_is_refused(celsius: float) -> None:
    with pytest.raises(LocalProtocolError, match=r"-40 to 87\.5"):
        celsius_to_omni_temp(celsius)


@each_row("fahrenheit", [-41, -40.1, 189.6, 191, 1e300, math.inf, -math.inf, math.nan])
def test_fahrenheit_outside_the_byte_is_refused(fahrenheit: float) -> None:
    with pytest.raises(LocalProtocolError, match=r"-40 to 189\.5"):
        fahrenheit_to_omni_temp(fahrenheit)


@each_row("vector", DERIVED_HUMIDITY, ids=[str(row["raw"]) for row in DERIVED_HUMIDITY])
def test_humidity_is_what_a_panel_displays_in_fahrenheit(vector: DerivedHumidity) -> None:
    if vector["humidity_percent"] is None:
        assert not 0 < omni_temp_to_humidity(vector["raw"]) < 100
    else:
        assert omni_temp_to_humidity(vector["raw"]) == vector["humidity_percent"]


def test_humidity_from_44_to_156_covers_0_to_100_percent() -> None:
    assert {omni_temp_to_humidity(raw) for raw in range(44, 157)} == set(range(101))


@each_row("percent", range(101))
def test_every_humidity_is_written_as_a_byte_that_a_panel_displays_so(percent: int) -> None:
    raw = humidity_to_omni_temp(percent)
    assert TEMPERATURES[raw]["fahrenheit_display"] == percent
    # No other byte is nearer: one step is 0.9.
    assert abs(TEMPERATURES[raw]["fahrenheit_exact"] - percent) <= 0.5


def test_the_ends_of_humidity_are_44_and_156() -> None:
    assert (humidity_to_omni_temp(0), humidity_to_omni_temp(100)) == (44, 156)


@pytest.mark.parametrize("percent", [-40, -1, 101, 255])
def test_a_humidity_that_is_none_is_refused(percent: int) -> None:
    with pytest.raises(LocalProtocolError, match=f"0 to 100 percent, not {percent}"):
        humidity_to_omni_temp(percent)


@each_row("vector", TEMPERATURES, ids=[str(row["raw"]) for row in TEMPERATURES])
def test_a_reading_of_0_is_none_and_every_other_is_that_of_its_byte(vector: TemperatureVector) -> None:
    raw = vector["raw"]
    if raw == 0:
        assert (celsius_reading(raw), fahrenheit_reading(raw), humidity_reading(raw)) == (None, None, None)
    else:
        assert celsius_reading(raw) == vector["celsius"]
        assert fahrenheit_reading(raw) == vector["fahrenheit_exact"]
        assert humidity_reading(raw) == vector["fahrenheit_display"]


def test_a_reading_that_older_firmware_does_not_tell_is_none() -> None:
    assert (celsius_reading(None), fahrenheit_reading(None), humidity_reading(None)) == (None, None, None)
