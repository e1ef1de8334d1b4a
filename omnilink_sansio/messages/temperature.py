"""Omni temperatures: one byte, half degrees Celsius above -40 (20P00 §APPENDIX C).

The vendor's chart has two slips, at 28 and 187 in degrees Fahrenheit; the formula is right.
"""

from omnilink_sansio.errors import LocalProtocolError

__all__ = [
    "celsius_to_omni_temp",
    "displayed_fahrenheit",
    "fahrenheit_to_omni_temp",
    "humidity_to_omni_temp",
    "omni_temp_to_celsius",
    "omni_temp_to_fahrenheit",
    "omni_temp_to_humidity",
]

_HIGHEST = 255


def _raw(raw: int) -> int:
    if not 0 <= raw <= _HIGHEST:
        raise LocalProtocolError(f"a raw temperature is 0 to {_HIGHEST}, not {raw}")
    return raw


def omni_temp_to_celsius(raw: int) -> float:
    """Return the exact degrees Celsius of a raw temperature: 0 is -40.0, 255 is 87.5.

    Raises `LocalProtocolError` outside 0 to 255. That 0 means "nothing there" is for the object to say.
    """
    return _raw(raw) / 2 - 40


def omni_temp_to_fahrenheit(raw: int) -> float:
    """Return the exact degrees Fahrenheit, (9 raw - 400) / 10: 0 is -40.0, 255 is 189.5."""
    return (9 * _raw(raw) - 400) / 10


def displayed_fahrenheit(raw: int) -> int:
    """Return the whole degrees Fahrenheit that panels display: the exact value rounded half up."""
    return (9 * _raw(raw) - 395) // 10


def celsius_to_omni_temp(celsius: float) -> int:
    """Return the nearest raw temperature; exact for every half degree from -40 to 87.5.

    Raises `LocalProtocolError` outside that range.
    """
    return _nearest((celsius + 40) * 2, celsius, "-40 to 87.5 °C")


def fahrenheit_to_omni_temp(fahrenheit: float) -> int:
    """Return the nearest raw temperature; it displays as the whole degree that was asked for.

    Raises `LocalProtocolError` outside -40 to 189.5 °F (190 included, as which panels display the highest).
    """
    if fahrenheit == displayed_fahrenheit(_HIGHEST):
        return _HIGHEST
    return _nearest((fahrenheit + 40) / 0.9, fahrenheit, "-40 to 189.5 °F")


def _nearest(raw: float, asked: float, allowed: str) -> int:
    # Not a number compares false with everything, so it is refused here too.
    if not -1e-9 <= raw <= _HIGHEST + 1e-9:
        raise LocalProtocolError(f"a temperature of {allowed} fits into the byte, not {asked}")
    return round(raw)


def omni_temp_to_humidity(raw: int) -> int:
    """Return percent relative humidity: what a panel displays in Fahrenheit (20P00 §EXTENDED THERMOSTAT STATUS).

    44 is 0 %, 156 is 100 %; values outside are returned as they come out.
    """
    return displayed_fahrenheit(raw)


def humidity_to_omni_temp(percent: int) -> int:
    """Return the raw byte of a relative humidity, 44 for 0 % to 156 for 100 %.

    Raises `LocalProtocolError` outside 0 to 100.
    """
    if not 0 <= percent <= 100:
        raise LocalProtocolError(f"a relative humidity is 0 to 100 percent, not {percent}")
    return fahrenheit_to_omni_temp(percent)


def celsius_reading(raw: int | None) -> float | None:
    """Return a reading or set point in degrees Celsius; None for 0, which objects send where nothing is there."""
    return omni_temp_to_celsius(raw) if raw else None


def fahrenheit_reading(raw: int | None) -> float | None:
    """Return a reading or set point in degrees Fahrenheit; None as in `celsius_reading`."""
    return omni_temp_to_fahrenheit(raw) if raw else None


def humidity_reading(raw: int | None) -> int | None:
    """Return a reading or set point in percent relative humidity; None as in `celsius_reading`."""
    return omni_temp_to_humidity(raw) if raw else None
