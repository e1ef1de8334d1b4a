"""What happens to the thermostats and sensors of a house: heating, cooling, and temperatures that follow."""

from collections.abc import Mapping
from types import MappingProxyType

from omnilink_sansio.messages.objects.area import AlarmType
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.thermostat import HvacMode, ThermostatAction, ThermostatKind
from omnilink_sansio.simulator.behaviour.alarms import raise_alarm
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.auxiliary_sensor import AuxiliarySensor
from omnilink_sansio.simulator.house_objects.thermostat import Thermostat
from omnilink_sansio.simulator.timers import Timer

__all__ = ["change_sensor", "change_temperature", "compare", "control", "lose_thermostat", "take_step"]

_HEATS = frozenset(
    {
        ThermostatKind.AUTO_HEAT_COOL,
        ThermostatKind.HEAT_COOL,
        ThermostatKind.HEAT_ONLY,
        ThermostatKind.SETPOINT_ONLY,
    }
)
_COOLS = frozenset({ThermostatKind.AUTO_HEAT_COOL, ThermostatKind.HEAT_COOL, ThermostatKind.COOL_ONLY})
_HEATING_MODES = frozenset({HvacMode.HEAT, HvacMode.AUTO, HvacMode.EMERGENCY_HEAT})
_COOLING_MODES = frozenset({HvacMode.COOL, HvacMode.AUTO})

_EFFECTS: Mapping[ThermostatAction, tuple[str, int]] = MappingProxyType(
    {
        ThermostatAction.HEATING: ("temperature", 1),
        ThermostatAction.COOLING: ("temperature", -1),
        ThermostatAction.HUMIDIFYING: ("humidity", 1),
        ThermostatAction.DEHUMIDIFYING: ("humidity", -1),
    }
)
"""What each action changes, and which way, with every step."""


def _wanted(thermostat: Thermostat) -> ThermostatAction:
    """Return what a thermostat has to do now; a reading of 0 is none."""
    wanted = ThermostatAction(0)
    kind, mode, reading = thermostat.kind, thermostat.system_mode, thermostat.temperature
    if kind is ThermostatKind.NOT_USED or not thermostat.communicating:
        return wanted
    if reading and kind in _HEATS and mode in _HEATING_MODES and reading < thermostat.heat_setpoint:
        wanted |= ThermostatAction.HEATING
    elif reading and kind in _COOLS and mode in _COOLING_MODES and reading > _too_warm(thermostat):
        wanted |= ThermostatAction.COOLING
    if thermostat.humidity and thermostat.humidity < thermostat.humidify_setpoint:
        wanted |= ThermostatAction.HUMIDIFYING
    elif thermostat.dehumidify_setpoint and thermostat.humidity > thermostat.dehumidify_setpoint:
        wanted |= ThermostatAction.DEHUMIDIFYING
    return wanted


def _too_warm(thermostat: Thermostat) -> int:
    # With the set points crossed it would heat and cool in turns.
    if thermostat.system_mode is HvacMode.AUTO and thermostat.kind in _HEATS:
        return max(thermostat.cool_setpoint, thermostat.heat_setpoint)
    return thermostat.cool_setpoint


def control(house: House, index: int) -> None:
    """Let a thermostat begin or end heating, cooling and the like, as its readings and settings want it."""
    thermostat = house.thermostats[index]
    wanted = _wanted(thermostat)
    thermostat.action = wanted
    if not wanted or not thermostat.seconds_per_step:
        house.timers.stop(Timer.CLIMATE, index)
    elif not house.timers.is_running(Timer.CLIMATE, index):
        house.after(thermostat.seconds_per_step, Timer.CLIMATE, index)


def take_step(house: House, index: int) -> None:
    """Bring a room half a degree nearer to its set point, or a little nearer to its humidity."""
    thermostat = house.thermostats[index]
    for action, (reading, step) in _EFFECTS.items():
        if action in ThermostatAction(thermostat.action):
            setattr(thermostat, reading, getattr(thermostat, reading) + step)
    control(house, index)
    house.note((ObjectType.THERMOSTAT, index))


def _thermostat(house: House, index: int) -> Thermostat | None:
    found = house.use(ObjectType.THERMOSTAT, index)
    return found if isinstance(found, Thermostat) else None


def change_temperature(house: House, index: int, raw: int) -> bool:
    """Let a room have another temperature; False when there is no such thermostat."""
    thermostat = _thermostat(house, index)
    if thermostat is None:
        return False
    thermostat.temperature = raw
    control(house, index)
    house.note((ObjectType.THERMOSTAT, index))
    return True


def lose_thermostat(house: House, index: int, lost: bool) -> bool:
    """Let the panel lose a thermostat, or find it again; False when there is no such thermostat."""
    thermostat = _thermostat(house, index)
    if thermostat is None:
        return False
    thermostat.communicating = not lost
    control(house, index)
    house.note((ObjectType.THERMOSTAT, index))
    return True


def change_sensor(house: House, index: int, raw: int) -> bool:
    """Let an auxiliary sensor read something else; False when there is no such sensor."""
    sensor = house.use(ObjectType.AUXILIARY_SENSOR, index)
    if not isinstance(sensor, AuxiliarySensor):
        return False
    sensor.current = raw
    compare(house, index)
    house.note((ObjectType.AUXILIARY_SENSOR, index))
    return True


def compare(house: House, index: int) -> None:
    """Switch a sensor's output as its reading and set points want it; one that watches raises an alarm with it."""
    sensor = house.sensors[index]
    was_on, sensor.output = sensor.output, int(sensor.is_beyond)
    if sensor.output and not was_on and sensor.raises_alarm:
        lowest_area = (sensor.areas() & -sensor.areas()).bit_length()
        raise_alarm(house, lowest_area, AlarmType.TEMPERATURE)
