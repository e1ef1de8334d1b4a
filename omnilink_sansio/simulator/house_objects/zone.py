"""Zones of a house."""

from dataclasses import dataclass

from omnilink_sansio.messages.names import LONG_NAME
from omnilink_sansio.messages.objects.area import SecurityMode
from omnilink_sansio.messages.objects.zone import (
    ZoneArming,
    ZoneCondition,
    ZoneLatchedAlarm,
    ZoneOption,
    ZoneProperties,
    ZoneStatus,
    ZoneType,
)
from omnilink_sansio.messages.security import one_area
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field
from omnilink_sansio.simulator.zone_alarms import ZONE_ALARMS

__all__ = ["Zone"]

_UNACKNOWLEDGED = 0x40
_NO_OPTIONS = ZoneOption(0)


@dataclass(slots=True)
class Zone(HouseObject):
    """An input. ``loop`` is its analog reading."""

    zone_type: ZoneType = ZoneType.PERIMETER
    area: int = 1
    condition: ZoneCondition = ZoneCondition.SECURE
    loop: int = 0x5A
    bypassed: bool = False
    """Whether a user took it out."""
    options: ZoneOption = _NO_OPTIONS
    auto_bypassed: bool = False
    """Whether the panel took it out, since it was not ready when its area was armed, or shut it down."""
    latched_alarm: ZoneLatchedAlarm = ZoneLatchedAlarm.SECURE
    trouble_unacknowledged: bool = False
    alarms: int = 0
    """How many alarms it has raised since its area was armed."""

    def areas(self) -> int:
        """The area it belongs to, bit 0 = area 1."""
        return 1 << self.area - 1

    def check(self) -> None:
        """Raise `LocalProtocolError` for an area that there is not."""
        one_area(self.area)

    @property
    def is_bypassed(self) -> bool:
        """Whether a user or the panel took it out."""
        return self.bypassed or self.auto_bypassed

    @property
    def is_latched(self) -> bool:
        """Whether it stays not ready until its alarm is reset."""
        row = ZONE_ALARMS.get(self.zone_type)
        return row is not None and row.latches and self.latched_alarm is ZoneLatchedAlarm.TRIPPED

    @property
    def blocks_arming(self) -> bool:
        """Whether it is not ready. Auxiliary zones and sensors never are, and bypassed ones do not count."""
        return (
            (self.condition is not ZoneCondition.SECURE or self.is_latched)
            and not self.is_bypassed
            and self.zone_type < ZoneType.AUXILIARY
        )

    def is_armed_in(self, mode: SecurityMode) -> bool:
        """Whether it would raise an alarm in an area that is armed so."""
        row = ZONE_ALARMS.get(self.zone_type)
        return row is not None and mode in row.modes and not self.is_bypassed

    def _arming(self, house: Surroundings) -> ZoneArming:
        if self.bypassed:
            return ZoneArming.BYPASSED_BY_USER
        if self.auto_bypassed:
            return ZoneArming.BYPASSED_BY_SYSTEM
        mode = house.armed_mode(self.area)
        # An area that is off has no zone that is armed, those that watch day and night included.
        armed = mode is not SecurityMode.OFF and self.is_armed_in(mode)
        return ZoneArming.ARMED if armed else ZoneArming.DISARMED

    def _status(self, house: Surroundings) -> int:
        condition = self.condition
        if condition is ZoneCondition.SECURE and self.is_latched:
            condition = ZoneCondition.NOT_READY
        unacknowledged = _UNACKNOWLEDGED if self.trouble_unacknowledged else 0
        return condition | self.latched_alarm << 2 | self._arming(house) << 4 | unacknowledged

    def properties(self, index: int, house: Surroundings) -> ZoneProperties:
        """Its properties now."""
        name = name_field(self.name, LONG_NAME, house)
        return ZoneProperties(
            index, self._status(house), self.loop, self.zone_type, self.area, self.options, name
        )

    def status(self, index: int, house: Surroundings) -> ZoneStatus:
        """Its state now."""
        return ZoneStatus(index, self._status(house), self.loop)
