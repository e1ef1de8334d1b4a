"""Units of a house: lights, outputs, flags and counters."""

from dataclasses import dataclass

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.names import SHORT_NAME
from omnilink_sansio.messages.objects.unit import LEVEL_OFFSET, UnitProperties, UnitStatus, UnitType
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field
from omnilink_sansio.simulator.quirks import Quirk
from omnilink_sansio.simulator.raw_values import RawUnitState
from omnilink_sansio.simulator.timers import LONGEST_TOLD, Timer

__all__ = ["Ramp", "Unit"]

_NO_POWER = b"\0\0"


@dataclass(frozen=True, slots=True)
class Ramp:
    """A unit's way from one level to another, in percent; times are on the panel's clock."""

    first: int
    last: int
    began: float
    ends: float

    def level(self, now: float) -> int:
        """Return where it is now: never beyond its end, nor nearer to it than the time allows."""
        if now >= self.ends:
            return self.last
        return self.first + int((self.last - self.first) * (now - self.began) / (self.ends - self.began))


@dataclass(slots=True)
class Unit(HouseObject):
    """A light, an output or a flag. ``state`` is the state byte: 0 off, 1 on, 100 to 200 level."""

    unit_type: UnitType | None = None
    """None: what the model has at this number."""
    state: RawUnitState = 0
    state_after: RawUnitState = 0
    """The state when a timed one is over."""
    ramp: Ramp | None = None
    """Where it is going, when it is on its way to a level."""

    def check(self) -> None:
        """Raise `LocalProtocolError` when the state after a timed one is none."""
        if not 0 <= self.state_after <= 0xFF:
            raise LocalProtocolError(f"a unit's state is 0 to 255, not {self.state_after}")

    @property
    def level(self) -> int:
        """How bright it is, in percent: 0 off, 100 on."""
        if self.state >= LEVEL_OFFSET:
            return min(self.state - LEVEL_OFFSET, 100)
        return 100 if self.state else 0

    def properties(self, index: int, house: Surroundings) -> UnitProperties:
        """Its properties now."""
        kind = house.unit_type(index) if self.unit_type is None else self.unit_type
        name = name_field(self.name, SHORT_NAME, house)
        areas = self.area_bits if house.has_extended_status else None
        return UnitProperties(index, self.state, _seconds_left(index, house), kind, name, areas)

    def status(self, index: int, house: Surroundings) -> UnitStatus:
        """Its state now."""
        if Quirk.LONG_UNIT_RECORDS in house.quirks:
            return UnitStatus(index, self.state, _seconds_left(index, house), tail=_NO_POWER)
        return UnitStatus(index, self.state, _seconds_left(index, house))


def _seconds_left(index: int, house: Surroundings) -> int:
    return min(house.seconds_left(Timer.UNIT, index), LONGEST_TOLD)
