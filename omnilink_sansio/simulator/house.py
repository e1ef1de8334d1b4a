"""A house behind an emulated panel: its objects, described in code, and their state as time goes by.

Describe one as a literal; `demo_house` is an example. Numbers are the objects' numbers, from 1. Every number up
to the model's capacity exists, as on a real panel; those that are not described are unnamed.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.models import ControllerModel
from omnilink_sansio.messages.names import LONG_NAME, SHORT_NAME, encode_name
from omnilink_sansio.messages.objects import (
    AreaProperties,
    AreaStatus,
    ButtonProperties,
    ObjectProperties,
    ObjectStatusRecord,
    ObjectType,
    SecurityMode,
    ThermostatKind,
    ThermostatProperties,
    ThermostatStatus,
    UnitProperties,
    UnitStatus,
    UnitType,
    ZoneArming,
    ZoneCondition,
    ZoneProperties,
    ZoneStatus,
    ZoneType,
)
from omnilink_sansio.messages.objects.area import EXIT_DELAY_BIT
from omnilink_sansio.messages.temperature import celsius_to_omni_temp

__all__ = ["Area", "Button", "House", "HouseObject", "Thermostat", "Unit", "Zone"]

ALL_AREAS = 0xFF
_LONGEST_TIMER = 255

OMNI_PRO_II_CAPACITIES: Mapping[int, int] = MappingProxyType(
    {
        ObjectType.ZONE: 176,
        ObjectType.UNIT: 511,
        ObjectType.BUTTON: 128,
        ObjectType.CODE: 99,
        ObjectType.AREA: 8,
        ObjectType.THERMOSTAT: 64,
        ObjectType.MESSAGE: 128,
        ObjectType.AUXILIARY_SENSOR: 176,
        ObjectType.AUDIO_SOURCE: 8,
        ObjectType.AUDIO_ZONE: 8,
        ObjectType.EXPANSION_ENCLOSURE: 8,
        ObjectType.CONSOLE: 16,
        ObjectType.USER_SETTING: 25,
        ObjectType.ACCESS_CONTROL_READER: 16,
        ObjectType.ACCESS_CONTROL_READER_LOCK: 16,
    }
)
"""How many objects of each kind an Omni Pro II has (20P00 §NAME DATA; audio, consoles: from the field)."""


def seconds_left(until: float | None, now: float) -> int:
    """Return the whole seconds to a moment, rounded up; 0 when there is none."""
    # Without the inner rounding 60 s from now could be 60.0000000000001 s, and so 61.
    return 0 if until is None else max(0, math.ceil(round(until - now, 6)))


@dataclass(slots=True)
class Zone:
    """An input. ``loop`` is its analog reading."""

    name: str = ""
    zone_type: ZoneType = ZoneType.PERIMETER
    area: int = 1
    condition: ZoneCondition = ZoneCondition.SECURE
    loop: int = 0x5A
    bypassed: bool = False

    def areas(self) -> int:
        """The areas it belongs to, bit 0 = area 1."""
        return 1 << self.area - 1

    def _status(self, house: "House") -> int:
        if self.bypassed:
            arming = ZoneArming.BYPASSED_BY_USER
        elif house.areas.get(self.area, _NO_AREA).is_armed:
            arming = ZoneArming.ARMED
        else:
            arming = ZoneArming.DISARMED
        return self.condition | arming << 4

    def properties(self, index: int, house: "House") -> ZoneProperties:
        """Its properties now."""
        name = encode_name(self.name, LONG_NAME)
        return ZoneProperties(index, self._status(house), self.loop, self.zone_type, self.area, 0, name)

    def status(self, index: int, house: "House") -> ZoneStatus:
        """Its state now."""
        return ZoneStatus(index, self._status(house), self.loop)


@dataclass(slots=True)
class Unit:
    """A light, an output or a flag. ``state`` is the state byte: 0 off, 1 on, 100 to 200 level."""

    name: str = ""
    unit_type: UnitType = UnitType.UPB
    state: int = 0
    area_bits: int = ALL_AREAS
    until: float | None = None
    """When a timed state ends."""
    state_after: int = 0
    """The state after it."""

    def areas(self) -> int:
        """The areas it belongs to, bit 0 = area 1."""
        return self.area_bits

    def properties(self, index: int, house: "House") -> UnitProperties:
        """Its properties now."""
        left = seconds_left(self.until, house.now)
        name = encode_name(self.name, SHORT_NAME)
        return UnitProperties(index, self.state, left, self.unit_type, name, self.area_bits)

    def status(self, index: int, house: "House") -> UnitStatus:
        """Its state now."""
        return UnitStatus(index, self.state, seconds_left(self.until, house.now))


@dataclass(slots=True)
class Area:
    """A part of the alarm system. Delays are in seconds; the exit delay runs for every mode but OFF."""

    name: str = ""
    enabled: bool = True
    mode: SecurityMode = SecurityMode.OFF
    alarms: int = 0
    entry_delay: int = 30
    exit_delay: int = 60
    armed_at: float | None = None
    """When a running exit delay is over."""

    @property
    def is_armed(self) -> bool:
        """Whether it is armed, with no exit delay left."""
        return self.mode is not SecurityMode.OFF and self.armed_at is None

    def areas(self) -> int:
        """Areas have no area filter."""
        return ALL_AREAS

    def _mode(self) -> int:
        return self.mode if self.armed_at is None else self.mode | EXIT_DELAY_BIT

    def _exit_timer(self, house: "House") -> int:
        return min(seconds_left(self.armed_at, house.now), _LONGEST_TIMER)

    def properties(self, index: int, house: "House") -> AreaProperties:
        """Its properties now."""
        return AreaProperties(
            index,
            self._mode(),
            self.alarms,
            0,
            self._exit_timer(house),
            int(self.enabled),
            self.exit_delay,
            self.entry_delay,
            encode_name(self.name, SHORT_NAME),
        )

    def status(self, index: int, house: "House") -> AreaStatus:
        """Its state now."""
        return AreaStatus(index, self._mode(), self.alarms, 0, self._exit_timer(house))


@dataclass(slots=True)
class Thermostat:
    """A thermostat. Temperatures and set points are raw bytes, see `celsius_to_omni_temp`."""

    name: str = ""
    kind: ThermostatKind = ThermostatKind.NOT_USED
    temperature: int = 0
    heat_setpoint: int = celsius_to_omni_temp(20)
    cool_setpoint: int = celsius_to_omni_temp(25)
    system_mode: int = 0
    fan_mode: int = 0
    hold: int = 0
    humidity: int = 0
    humidify_setpoint: int = 0
    dehumidify_setpoint: int = 0
    outdoor_temperature: int = 0
    action: int = 0
    area_bits: int = ALL_AREAS

    def areas(self) -> int:
        """The areas it belongs to, bit 0 = area 1."""
        return self.area_bits

    def properties(self, index: int, house: "House") -> ThermostatProperties:
        """Its properties now."""
        # The bytes from humidity on came with the description that firmware 3.0 follows.
        extension = self._extension() if house.has_extended_status else ()
        return ThermostatProperties(
            index, 1, *self._climate(), self.kind, encode_name(self.name, SHORT_NAME), *extension
        )

    def status(self, index: int, house: "House") -> ThermostatStatus:
        """Its state now, in the extended form."""
        del house
        return ThermostatStatus(index, 0, *self._climate(), *self._extension())

    def _climate(self) -> tuple[int, int, int, int, int, int]:
        return (
            self.temperature,
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


@dataclass(slots=True)
class Button:
    """A macro."""

    name: str = ""
    area_bits: int = ALL_AREAS

    def areas(self) -> int:
        """The areas it belongs to, bit 0 = area 1."""
        return self.area_bits

    def properties(self, index: int, house: "House") -> ButtonProperties:
        """Its properties."""
        del house
        return ButtonProperties(index, encode_name(self.name, SHORT_NAME))


HouseObject = Zone | Unit | Area | Thermostat | Button
"""One object of a house."""

_NO_AREA = Area(enabled=False)


@dataclass(slots=True, kw_only=True)
class House:
    """Everything that an emulated panel controls. ``now`` is the panel's clock in seconds, set by its inputs."""

    model: ControllerModel = ControllerModel.OMNI_PRO_II
    firmware: tuple[int, int, int] = (4, 0, 2)
    """Major, minor, revision (1 = "a")."""
    phone: str = ""
    temperature_format: int = 1
    time_format: int = 1
    date_format: int = 1
    battery: int = 0xD5
    sunrise: tuple[int, int] = (6, 41)
    sunset: tuple[int, int] = (17, 8)
    clock: datetime = datetime(2026, 11, 21, 8, 0)  # noqa: DTZ001 - a panel's clock knows no zone
    """What the panel's clock shows when the panel starts."""
    capacities: Mapping[int, int] = field(default_factory=lambda: OMNI_PRO_II_CAPACITIES)
    zones: dict[int, Zone] = field(default_factory=dict)
    units: dict[int, Unit] = field(default_factory=dict)
    areas: dict[int, Area] = field(default_factory=dict)
    thermostats: dict[int, Thermostat] = field(default_factory=dict)
    buttons: dict[int, Button] = field(default_factory=dict)
    started: float | None = None
    now: float = 0.0

    @property
    def has_extended_status(self) -> bool:
        """Extended object status exists from firmware 3.0 on."""
        return self.firmware[0] >= 3

    def time(self) -> datetime:
        """What the panel's clock shows now."""
        return self.clock + timedelta(seconds=self.now - (self.started or 0.0))

    def find(self, object_type: int, index: int) -> HouseObject | None:
        """Return an object; None for numbers beyond the capacity and kinds that are not modelled."""
        if not 1 <= index <= self.capacities.get(object_type, 0):
            return None
        match object_type:
            case ObjectType.ZONE:
                return self.zones.setdefault(index, Zone())
            case ObjectType.UNIT:
                return self.units.setdefault(index, Unit())
            case ObjectType.AREA:
                return self.areas.setdefault(index, Area(enabled=False))
            case ObjectType.THERMOSTAT:
                return self.thermostats.setdefault(index, Thermostat())
            case ObjectType.BUTTON:
                return self.buttons.setdefault(index, Button())
            case _:
                return None

    def properties(self, object_type: int, index: int) -> ObjectProperties | None:
        """Return an object's properties now, None when there is no such object."""
        found = self.find(object_type, index)
        return None if found is None else found.properties(index, self)

    def status(self, object_type: int, index: int) -> ObjectStatusRecord | None:
        """Return an object's state now, in its extended form; None when it has none."""
        found = self.find(object_type, index)
        return None if found is None or isinstance(found, Button) else found.status(index, self)

    def check(self) -> None:
        """Raise `LocalProtocolError` for an object whose number, name or values no message can carry."""
        kinds: tuple[tuple[ObjectType, Iterable[int]], ...] = (
            (ObjectType.ZONE, self.zones),
            (ObjectType.UNIT, self.units),
            (ObjectType.AREA, self.areas),
            (ObjectType.THERMOSTAT, self.thermostats),
            (ObjectType.BUTTON, self.buttons),
        )
        for object_type, indexes in kinds:
            for index in indexes:
                properties = self.properties(object_type, index)
                if properties is None:
                    raise LocalProtocolError(
                        f"there is no {object_type.name} {index}: "
                        f"the numbers go from 1 to {self.capacities.get(object_type, 0)}"
                    )
                properties.encode()
                status = self.status(object_type, index)
                if status is not None:
                    status.encode()

    def advance(self, now: float) -> set[tuple[ObjectType, int]]:
        """Let time go on to ``now``; return the objects whose timers ran out."""
        if self.started is None:
            self.started = now
        self.now = max(self.now, now)
        changed: set[tuple[ObjectType, int]] = set()
        for index, unit in self.units.items():
            if unit.until is not None and unit.until <= self.now:
                unit.state, unit.until = unit.state_after, None
                changed.add((ObjectType.UNIT, index))
        for index, area in self.areas.items():
            if area.armed_at is not None and area.armed_at <= self.now:
                area.armed_at = None
                changed.add((ObjectType.AREA, index))
        return changed

    def timers(self) -> Iterator[float]:
        """Yield when something will change by itself."""
        for unit in self.units.values():
            if unit.until is not None:
                yield unit.until
        for area in self.areas.values():
            if area.armed_at is not None:
                yield area.armed_at
