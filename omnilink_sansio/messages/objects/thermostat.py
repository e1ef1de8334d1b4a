"""Thermostats (20P00 §THERMOSTAT PROPERTIES, §THERMOSTAT STATUS, §EXTENDED THERMOSTAT STATUS)."""

from enum import IntEnum, IntFlag, unique
from typing import ClassVar

from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U8, U16, Name13, OptionalU8, Tail, member_or_number, record
from omnilink_sansio.messages.temperature import (
    celsius_reading,
    fahrenheit_reading,
    humidity_reading,
)

__all__ = [
    "FanMode",
    "HoldMode",
    "HvacMode",
    "ThermostatAction",
    "ThermostatKind",
    "ThermostatProperties",
    "ThermostatStatus",
]


@unique
class HvacMode(IntEnum):
    """System mode of a thermostat."""

    OFF = 0
    HEAT = 1
    COOL = 2
    AUTO = 3
    EMERGENCY_HEAT = 4


@unique
class FanMode(IntEnum):
    """Fan mode of a thermostat."""

    AUTO = 0
    ON = 1
    CYCLE = 2


@unique
class HoldMode(IntEnum):
    """Hold of a thermostat as status reports it: any other value than these means HOLD."""

    OFF = 0
    HOLD = 1
    VACATION_HOLD = 2


@unique
class ThermostatKind(IntEnum):
    """What a thermostat can do."""

    NOT_USED = 0
    AUTO_HEAT_COOL = 1
    HEAT_COOL = 2
    HEAT_ONLY = 3
    COOL_ONLY = 4
    SETPOINT_ONLY = 5


class ThermostatAction(IntFlag):
    """What is running now."""

    HEATING = 1
    COOLING = 2
    HUMIDIFYING = 4
    DEHUMIDIFYING = 8


class _Climate:
    """The decoded views that properties and status share."""

    __slots__ = ()

    temperature: int
    heat_setpoint: int
    cool_setpoint: int
    system_mode: int
    fan: int
    hold: int
    humidity: int | None
    humidify_setpoint: int | None
    dehumidify_setpoint: int | None
    outdoor_temperature: int | None
    action: int | None

    @property
    def temperature_celsius(self) -> float | None:
        """Degrees Celsius; None when the thermostat gives no reading (raw 0)."""
        return celsius_reading(self.temperature)

    @property
    def temperature_fahrenheit(self) -> float | None:
        """Degrees Fahrenheit; None when the thermostat gives no reading (raw 0)."""
        return fahrenheit_reading(self.temperature)

    @property
    def heat_setpoint_celsius(self) -> float | None:
        """The heat set point in degrees Celsius; None when there is none (raw 0)."""
        return celsius_reading(self.heat_setpoint)

    @property
    def heat_setpoint_fahrenheit(self) -> float | None:
        """The heat set point in degrees Fahrenheit; None when there is none (raw 0)."""
        return fahrenheit_reading(self.heat_setpoint)

    @property
    def cool_setpoint_celsius(self) -> float | None:
        """The cool set point in degrees Celsius; None when there is none (raw 0)."""
        return celsius_reading(self.cool_setpoint)

    @property
    def cool_setpoint_fahrenheit(self) -> float | None:
        """The cool set point in degrees Fahrenheit; None when there is none (raw 0)."""
        return fahrenheit_reading(self.cool_setpoint)

    @property
    def humidity_percent(self) -> int | None:
        """Relative humidity; None when the thermostat gives no reading, or the firmware does not report it."""
        return humidity_reading(self.humidity)

    @property
    def humidify_setpoint_percent(self) -> int | None:
        """Below which relative humidity it humidifies; None: never, or the firmware does not report it."""
        return humidity_reading(self.humidify_setpoint)

    @property
    def dehumidify_setpoint_percent(self) -> int | None:
        """Above which relative humidity it dehumidifies; None: never, or the firmware does not report it."""
        return humidity_reading(self.dehumidify_setpoint)

    @property
    def outdoor_temperature_celsius(self) -> float | None:
        """Degrees Celsius outside; None without a reading (raw 0), or when the firmware does not report it."""
        return celsius_reading(self.outdoor_temperature)

    @property
    def outdoor_temperature_fahrenheit(self) -> float | None:
        """Degrees Fahrenheit outside; None without a reading (raw 0), or when the firmware does not report it."""
        return fahrenheit_reading(self.outdoor_temperature)

    @property
    def hvac_mode(self) -> HvacMode | int:
        """The system mode by name, or its number when unknown."""
        return member_or_number(HvacMode, self.system_mode)

    @property
    def fan_mode(self) -> FanMode | int:
        """The fan mode by name, or its number when unknown."""
        return member_or_number(FanMode, self.fan)

    @property
    def hold_mode(self) -> HoldMode:
        """The hold by name: any value but 0 and 2 is HOLD."""
        named = member_or_number(HoldMode, self.hold)
        return named if isinstance(named, HoldMode) else HoldMode.HOLD

    @property
    def actions(self) -> ThermostatAction | None:
        """What is running now; None when the firmware does not report it."""
        return None if self.action is None else ThermostatAction(self.action)


@record
class ThermostatProperties(_Climate, ObjectProperties):
    """A thermostat's configuration, state and name; temperatures and set points are raw (20P00 §APPENDIX C)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.THERMOSTAT

    index: U16
    communicating: U8
    """0 or 1, of unclear polarity in 20P00: trust the status message's failure bit instead."""
    temperature: U8
    heat_setpoint: U8
    cool_setpoint: U8
    system_mode: U8
    fan: U8
    hold: U8
    thermostat_type: U8
    raw_name: Name13
    humidity: OptionalU8 = None
    """Raw; like the four fields after it, new with 20P00 revision 3.0."""
    humidify_setpoint: OptionalU8 = None
    dehumidify_setpoint: OptionalU8 = None
    outdoor_temperature: OptionalU8 = None
    action: OptionalU8 = None
    """What is running, in bits."""
    tail: Tail = b""

    @property
    def kind(self) -> ThermostatKind | int:
        """The thermostat's type by name, or its number when unknown."""
        return member_or_number(ThermostatKind, self.thermostat_type)


@record
class ThermostatStatus(_Climate, ObjectStatusRecord):
    """A thermostat's state: 9 bytes, or 14 in extended status; temperatures and set points are raw."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.THERMOSTAT

    index: U16
    status: U8
    """Bit 0 communications failure, bit 1 freeze alarm."""
    temperature: U8
    heat_setpoint: U8
    cool_setpoint: U8
    system_mode: U8
    fan: U8
    hold: U8
    humidity: OptionalU8 = None
    """Raw; like the four fields after it, in extended status only."""
    humidify_setpoint: OptionalU8 = None
    dehumidify_setpoint: OptionalU8 = None
    outdoor_temperature: OptionalU8 = None
    action: OptionalU8 = None
    """What is running, in bits."""
    tail: Tail = b""

    @property
    def communications_failure(self) -> bool:
        """Whether the controller cannot reach the thermostat."""
        return bool(self.status & 1)

    @property
    def freeze_alarm(self) -> bool:
        """Whether the thermostat reports a freeze alarm."""
        return bool(self.status & 2)
