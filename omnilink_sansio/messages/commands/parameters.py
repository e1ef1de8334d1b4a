"""What the two parameters of a command may be (20P00 §CONTROLLER COMMAND).

Callers give seconds, percent, steps and numbers; the wire has a byte or two. A `Parameter` knows both sides: what
it accepts, how that is encoded, and how to name what is allowed.
"""

from collections.abc import Callable
from dataclasses import field
from operator import index
from typing import TypeAlias

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.durations import encode_duration
from omnilink_sansio.messages.objects.object_type import HIGHEST_AREA, HIGHEST_OBJECT
from omnilink_sansio.messages.temperature import humidity_to_omni_temp

__all__ = [
    "CommandParameter",
    "FromUserSetting",
    "PackedParameter",
    "Parameter",
]

_LOW_BITS = 9
_NO_BYTE = -1


@frozen
class FromUserSetting:
    """In place of a fixed value: what a user setting holds when the command is carried out (20P00 §CONTROLLER
    COMMAND).
    """

    number: int
    """The user setting, from 1; how far up depends on the parameter."""


def _signed_byte(value: int) -> int:
    return value & 0xFF if -128 <= value <= 127 else _NO_BYTE


def _same(value: int) -> int:
    return value


@frozen
class Parameter:
    """One parameter of a command."""

    name: str
    allowed: str
    """What callers may give, in words."""
    raw: tuple[range, ...]
    """What it is on the wire."""
    user_settings: int | None = None
    """Added to a user setting's number where one may be named; None: it may not."""
    to_raw: Callable[[int], int] = field(default=_same, repr=False)
    """From the caller's value to the wire's. Raises `LocalProtocolError` for what cannot be encoded."""
    is_secret: bool = False
    """Whether a value given by mistake may be a secret, which no error repeats."""

    def encode(self, value: int | FromUserSetting) -> int:
        """Return what is on the wire. Raises `LocalProtocolError` naming what is out of range and what is not."""
        if isinstance(value, FromUserSetting):
            return self._of_user_setting(value)
        said = "" if self.is_secret else f", not {value!r}"
        try:
            raw = self.to_raw(index(value))
        except TypeError:
            # 50.0 too: its caller may give 50.5 next.
            raise LocalProtocolError(f"{self.name} is a whole number, {self.allowed}{said}") from None
        except LocalProtocolError:
            raw = _NO_BYTE
        if not any(raw in part for part in self.raw):
            raise LocalProtocolError(f"{self.name} is {self.allowed}{said}")
        return raw

    def _of_user_setting(self, value: FromUserSetting) -> int:
        if self.user_settings is None:
            raise LocalProtocolError(f"{self.name} is {self.allowed}: no user setting can stand in for it")
        highest = 0xFF - self.user_settings
        if not 1 <= value.number <= highest:
            raise LocalProtocolError(
                f"{self.name} can be that of user settings 1 to {highest}, not of {value.number}"
            )
        return value.number + self.user_settings

    def user_setting(self, raw: int) -> int | None:
        """Return the number of the user setting that a value on the wire names, None when it names none."""
        if self.user_settings is None or not self.user_settings < raw <= 0xFF:
            return None
        return raw - self.user_settings

    def accepts(self, raw: int) -> bool:
        """Whether a value on the wire means something."""
        return self.user_setting(raw) is not None or any(raw in part for part in self.raw)

    def __str__(self) -> str:
        if self.user_settings is None:
            return f"{self.name}: {self.allowed}"
        first = self.user_settings + 1
        return f"{self.name}: {self.allowed}; from {first} on that of user setting 1 and up"


@frozen
class PackedParameter:
    """Two numbers in the two bytes of the second parameter: one in bits 0 to 8, one in bits 9 to 15."""

    low: Parameter
    high: Parameter

    def encode(self, low: int, high: int) -> int:
        """Return what is on the wire. Raises `LocalProtocolError` naming what is out of range and what is not."""
        return self.high.encode(high) << _LOW_BITS | self.low.encode(low)

    def accepts(self, raw: int) -> bool:
        """Whether a value on the wire means something."""
        low, high = self.decode(raw)
        return self.low.accepts(low) and self.high.accepts(high)

    def decode(self, raw: int) -> tuple[int, int]:
        """Return the two numbers, low bits first."""
        return raw & (1 << _LOW_BITS) - 1, raw >> _LOW_BITS

    def __str__(self) -> str:
        return f"{self.low} (bits 0-8); {self.high} (bits 9-15)"


CommandParameter: TypeAlias = Parameter | PackedParameter
"""What a parameter of a command may be."""

_TIMES = (range(100), range(101, 200), range(201, 219))
_TIMES_FROM_2_S = (range(2, 100), *_TIMES[1:])


def _span(name: str, first: int, last: int, note: str = "") -> Parameter:
    return Parameter(name, f"{first} to {last}{note}", (range(first, last + 1),))


UNUSED = _span("an unused parameter", 0, 0)
DURATION = Parameter(
    "duration",
    "0 (no limit), 1 to 99, whole minutes up to 99 or whole hours up to 18, in seconds",
    _TIMES,
    218,
    encode_duration,
)
DURATION_FROM_2_S = Parameter(
    "duration",
    "2 to 99, whole minutes up to 99 or whole hours up to 18, in seconds",
    _TIMES_FROM_2_S,
    218,
    encode_duration,
)
BLINK_DURATION = Parameter(
    "duration",
    "0 (no limit), 2 to 99, whole minutes up to 99 or whole hours up to 18, in seconds",
    (range(1), *_TIMES_FROM_2_S),
    218,
    encode_duration,
)
RAMP_TIME = Parameter(
    "ramp time",
    "2 to 99, whole minutes up to 99 or whole hours up to 10, in seconds, for all of 0 to 100 percent",
    (range(2, 100), range(101, 200), range(201, 211)),
    218,
    encode_duration,
)
UNIT = _span("unit", 1, HIGHEST_OBJECT)
ZONE = _span("zone", 1, HIGHEST_OBJECT)
BUTTON = _span("button", 1, HIGHEST_OBJECT)
MESSAGE = _span("message", 1, HIGHEST_OBJECT)
MESSAGE_OR_ALL = _span("message", 0, HIGHEST_OBJECT, " (0: all)")
AREA_OR_ALL = Parameter("area", f"0 to {HIGHEST_AREA} (0: all)", (range(HIGHEST_AREA + 1),), is_secret=True)
CODE_NUMBER = Parameter(
    "code number",
    "0 to 255 (the code's number, never its digits, which are a str where they are taken)",
    (range(256),),
    is_secret=True,
)
ENERGY_COST = _span("energy cost", 0, 3, " (low, mid, high, critical)")
LEVEL = Parameter("level", "0 to 100 percent", (range(101),), 100)
FIXED_LEVEL = _span("level", 0, 100, " percent")
COUNT = _span("count", 0, 255)
STEPS = _span("steps to dim or brighten by", 1, 9)
UNIT_SCENE = _span("scene", 0, 13, " (0 off, 1 on, 2 to 13 scene A to L)")
LED = _span("LED", 1, 8)
BLINK_RATE = _span("blink rate", 0, 3, " (0.25 s, 0.5 s, 1 s, 2 s)")
UPB_LINK = _span("UPB link", 1, 255)
SCENE = _span("scene", 1, 0xFFFF)
PHANTOM_BUTTON = _span("phantom button", 1, 0xFFFF)
ENERGY_SAVER = _span("energy saver", 1, HIGHEST_OBJECT)
SETPOINT = Parameter("set point", "0 to 180, raw (-40 to 50 °C)", (range(181),), 200)
HUMIDITY = Parameter(
    "humidity", "0 to 100 percent, None for never", (range(44, 157),), 200, humidity_to_omni_temp
)
HUMIDITY_SETPOINT = Parameter(
    "humidity set point", "0 (disabled) or 44 to 156, raw (0 to 100 percent)", (range(1), range(44, 157)), 200
)
SETPOINT_STEPS = Parameter(
    "steps", "-50 to 50 of half a degree Celsius", (range(51), range(256 - 50, 256)), None, _signed_byte
)
THERMOSTAT_OR_ALL = _span("thermostat", 0, HIGHEST_OBJECT, " (0: all)")
THERMOSTAT_OR_SENSOR = _span("thermostat or sensor", 0, HIGHEST_OBJECT, " (0: all thermostats)")
SYSTEM_MODE = _span("system mode", 0, 4, " (off, heat, cool, auto, emergency heat)")
FAN_MODE = _span("fan mode", 0, 2, " (auto, on, cycle)")
HOLD = Parameter(
    "hold",
    "0 (off) or 255 (hold); not printed, but sent by other clients: 1 (hold), 2 (vacation hold)",
    (range(3), range(255, 256)),
)
PHONE_NUMBER = _span("phone number", 1, 255, " (its place in the controller's list)")
SERIAL_PORT = _span("serial port", 1, 255)
QUIET = _span("quietness", 1, 2, " (no beep; neither beep nor LED)")
CAMERA = _span("camera", 1, 6)
TOUCHSCREEN = _span("touchscreen", 1, 0xFFFF)
SWITCH = _span("switch", 0, 1, " (off, on)")
CONSOLE_OR_ALL = _span("console", 0, 16, " (0: all)")
TIMES = _span("times to beep", 1, 5)
BEEPS = _span("beeps", 0, 6, " (0 off, 1 without end, 2 to 6: 1 to 5 times)")
USER_SETTING = _span("user setting", 1, 255)
USER_SETTING_VALUE = _span("value", 0, 0xFFFF)
READER_OR_ALL = _span("access control reader", 0, HIGHEST_OBJECT, " (0: all)")
AUDIO_ZONE = _span("audio zone", 1, HIGHEST_OBJECT)
AUDIO_ZONE_OR_ALL = _span("audio zone", 0, HIGHEST_OBJECT, " (0: all)")
AUDIO_SWITCH = _span("audio switch", 0, 3, " (off, on, mute off, mute on)")
AUDIO_SOURCE = _span("audio source", 1, 255)
AUDIO_KEY = _span("audio key", 1, 46)
UNIT_AND_LEVEL = PackedParameter(UNIT, FIXED_LEVEL)
UNIT_AND_BLINK_RATE = PackedParameter(UNIT, BLINK_RATE)
