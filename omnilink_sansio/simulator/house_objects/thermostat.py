"""Thermostats of a house."""

from dataclasses import dataclass

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.names import SHORT_NAME
from omnilink_sansio.messages.objects.thermostat import (
    FanMode,
    HvacMode,
    ThermostatKind,
    ThermostatProperties,
    ThermostatStatus,
)
from omnilink_sansio.messages.temperature import celsius_to_omni_temp
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field
from omnilink_sansio.simulator.raw_values import RawHumidity, RawTemperature

__all__ = ["Thermostat"]

_QUICKEST = 1
_WARM, _HOT = celsius_to_omni_temp(20), celsius_to_omni_temp(25)


@dataclass(slots=True)
class Thermostat(HouseObject):
    """A thermostat. Temperatures and set points are raw bytes, see `celsius_to_omni_temp`."""

    kind: ThermostatKind = ThermostatKind.NOT_USED
    temperature: RawTemperature = 0
    heat_setpoint: RawTemperature = _WARM
    cool_setpoint: RawTemperature = _HOT
    system_mode: HvacMode = HvacMode.OFF
    fan_mode: FanMode = FanMode.AUTO
    hold: int = 0
    """0 off, 2 for a vacation, any other value on."""
    humidity: RawHumidity = 0
    humidify_setpoint: RawHumidity = 0
    dehumidify_setpoint: RawHumidity = 0
    outdoor_temperature: RawTemperature = 0
    action: int = 0
    """What it does now: bit 0 heating, 1 cooling, 2 humidifying, 3 dehumidifying."""
    communicating: bool = True
    """Whether it communicates with the panel."""
    seconds_per_step: float = 60.0
    """How long heating or cooling takes for half a degree; 0: the temperature stays as it is."""

    def check(self) -> None:
        """Raise `LocalProtocolError` for steps that are too quick to be reported."""
        if self.seconds_per_step and not self.seconds_per_step >= _QUICKEST:
            raise LocalProtocolError(
                f"a thermostat takes 0 (never) or at least {_QUICKEST} second for a step, "
                f"not {self.seconds_per_step}"
            )

    def properties(self, index: int, house: Surroundings) -> ThermostatProperties:
        """Its properties now."""
        name = name_field(self.name, SHORT_NAME, house)
        communicating = int(self.communicating)
        # The bytes from humidity on came with the description that firmware 3.0 follows.
        if house.has_extended_status:
            return ThermostatProperties(
                index, communicating, *self._climate(), self.kind, name, *self._extension()
            )
        return ThermostatProperties(index, communicating, *self._climate(), self.kind, name)

    def status(self, index: int, house: Surroundings) -> ThermostatStatus:
        """Its state now, in the extended form."""
        del house
        return ThermostatStatus(index, int(not self.communicating), *self._climate(), *self._extension())

    def _climate(self) -> tuple[int, int, int, int, int, int]:
        return (
            # One that does not communicate shows 0, as real panels do.
            self.temperature if self.communicating else 0,
            self.heat_setpoint,
            self.cool_setpoint,
            self.system_mode,
            self.fan_mode,
            self.hold,
        )

    def _extension(self) -> tuple[int, int, int, int, int]:
        return (
            self.humidity,
            self.humidify_setpoint,
            self.dehumidify_setpoint,
            self.outdoor_temperature,
            self.action,
        )
