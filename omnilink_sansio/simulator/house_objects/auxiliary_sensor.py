"""Auxiliary sensors of a house."""

from dataclasses import dataclass

from omnilink_sansio.messages.names import LONG_NAME
from omnilink_sansio.messages.objects.auxiliary_sensor import AuxSensorProperties, AuxSensorStatus
from omnilink_sansio.messages.objects.zone import ZoneType
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field
from omnilink_sansio.simulator.raw_values import RawTemperature

__all__ = ["AuxiliarySensor"]

_HUMIDITY = (ZoneType.HUMIDITY,)
_ALARMS = (ZoneType.TEMPERATURE_ALARM, ZoneType.EXTENDED_RANGE_TEMPERATURE_ALARM)


@dataclass(slots=True)
class AuxiliarySensor(HouseObject):
    """A temperature or humidity input; values are raw bytes, also of a humidity (see `humidity_to_omni_temp`).

    Its output is energized while the reading is beyond a set point; 0 is no reading, and no set point.
    """

    sensor_type: ZoneType = ZoneType.TEMPERATURE
    current: RawTemperature = 0
    low_setpoint: RawTemperature = 0
    high_setpoint: RawTemperature = 0
    output: int = 0

    @property
    def measures_humidity(self) -> bool:
        """Whether its values are humidities."""
        return self.sensor_type in _HUMIDITY

    @property
    def raises_alarm(self) -> bool:
        """Whether a reading beyond a set point is an alarm."""
        return self.sensor_type in _ALARMS

    @property
    def is_beyond(self) -> bool:
        """Whether its reading is below the low or above the high set point."""
        if not self.current:
            return False
        return self.current < self.low_setpoint or 0 < self.high_setpoint < self.current

    def properties(self, index: int, house: Surroundings) -> AuxSensorProperties:
        """Its properties now."""
        name = name_field(self.name, LONG_NAME, house)
        return AuxSensorProperties(index, *self._reading(), self.sensor_type, name)

    def status(self, index: int, house: Surroundings) -> AuxSensorStatus:
        """Its state now."""
        del house
        return AuxSensorStatus(index, *self._reading())

    def _reading(self) -> tuple[int, int, int, int]:
        return self.output, self.current, self.low_setpoint, self.high_setpoint
