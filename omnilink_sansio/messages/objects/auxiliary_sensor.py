"""Auxiliary sensors: temperature and humidity inputs, numbered as zones (20P00 §AUXILIARY SENSOR PROPERTIES,
§AUXILIARY SENSOR STATUS).
"""

from typing import ClassVar

from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.zone import ZoneType
from omnilink_sansio.messages.record import U8, U16, Name16, Tail, member_or_number, record
from omnilink_sansio.messages.temperature import (
    celsius_reading,
    fahrenheit_reading,
    humidity_reading,
)

__all__ = ["AuxSensorProperties", "AuxSensorStatus"]


class _Reading:
    """The decoded views of a sensor's reading. Only properties know whether it is a temperature or a humidity."""

    __slots__ = ()

    output: int
    current: int
    low_setpoint: int
    high_setpoint: int

    @property
    def is_energized(self) -> bool:
        """Whether the sensor's output is on."""
        return bool(self.output)

    @property
    def temperature_celsius(self) -> float | None:
        """The reading as degrees Celsius; None when there is none (raw 0)."""
        return celsius_reading(self.current)

    @property
    def temperature_fahrenheit(self) -> float | None:
        """The reading as degrees Fahrenheit; None when there is none (raw 0)."""
        return fahrenheit_reading(self.current)

    @property
    def humidity_percent(self) -> int | None:
        """The reading as percent relative humidity; None when there is none (raw 0)."""
        return humidity_reading(self.current)

    @property
    def low_setpoint_celsius(self) -> float | None:
        """The low set point in degrees Celsius; None when there is none (raw 0)."""
        return celsius_reading(self.low_setpoint)

    @property
    def low_setpoint_fahrenheit(self) -> float | None:
        """The low set point in degrees Fahrenheit; None when there is none (raw 0)."""
        return fahrenheit_reading(self.low_setpoint)

    @property
    def low_setpoint_percent(self) -> int | None:
        """The low set point in percent relative humidity; None when there is none (raw 0)."""
        return humidity_reading(self.low_setpoint)

    @property
    def high_setpoint_celsius(self) -> float | None:
        """The high set point in degrees Celsius; None when there is none (raw 0)."""
        return celsius_reading(self.high_setpoint)

    @property
    def high_setpoint_fahrenheit(self) -> float | None:
        """The high set point in degrees Fahrenheit; None when there is none (raw 0)."""
        return fahrenheit_reading(self.high_setpoint)

    @property
    def high_setpoint_percent(self) -> int | None:
        """The high set point in percent relative humidity; None when there is none (raw 0)."""
        return humidity_reading(self.high_setpoint)


@record
class AuxSensorProperties(_Reading, ObjectProperties):
    """A sensor's configuration, reading and name; values are raw (20P00 §AUXILIARY SENSOR PROPERTIES)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.AUXILIARY_SENSOR

    index: U16
    output: U8
    """Not 0 while the output is energized."""
    current: U8
    """Raw: half degrees Celsius above -40; humidity is what that is in whole degrees Fahrenheit."""
    low_setpoint: U8
    """Raw, as the reading."""
    high_setpoint: U8
    """Raw, as the reading."""
    sensor_type: U8
    """A zone type, 80 to 87."""
    raw_name: Name16
    tail: Tail = b""

    @property
    def kind(self) -> ZoneType | int:
        """The sensor type by name, or its number when unknown."""
        return member_or_number(ZoneType, self.sensor_type)

    @property
    def is_humidity(self) -> bool:
        """Whether it reads humidity; all other kinds read temperatures."""
        return self.kind == ZoneType.HUMIDITY


@record
class AuxSensorStatus(_Reading, ObjectStatusRecord):
    """A sensor's reading; values are raw (20P00 §AUXILIARY SENSOR STATUS)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.AUXILIARY_SENSOR

    index: U16
    output: U8
    """Not 0 while the output is energized."""
    current: U8
    """Raw: half degrees Celsius above -40; humidity is what that is in whole degrees Fahrenheit."""
    low_setpoint: U8
    """Raw, as the reading."""
    high_setpoint: U8
    """Raw, as the reading."""
    tail: Tail = b""
