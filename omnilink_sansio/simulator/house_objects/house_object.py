"""What all objects of a house share, and what they see of their house."""

from dataclasses import dataclass, field
from typing import Protocol

from omnilink_sansio.messages.names import encode_name
from omnilink_sansio.messages.objects.area import SecurityMode
from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord
from omnilink_sansio.messages.objects.unit import UnitType
from omnilink_sansio.simulator.quirks import Quirk
from omnilink_sansio.simulator.timers import Timer

__all__ = [
    "HouseObject",
]

ALL_AREAS = 0xFF


class Surroundings(Protocol):
    """What an object sees of its house."""

    quirks: frozenset[Quirk]

    @property
    def has_extended_status(self) -> bool:
        """Whether the panel's firmware has it, and with it the newer fields."""
        raise NotImplementedError

    def armed_mode(self, area: int) -> SecurityMode:
        """Return the mode that an area is armed in; OFF while its exit delay runs."""
        raise NotImplementedError

    def seconds_left(self, timer: Timer, index: int) -> int:
        """Return the whole seconds that a timer has left, 0 when it does not run."""
        raise NotImplementedError

    def unit_type(self, index: int) -> UnitType:
        """Return the model's default type for this unit."""
        raise NotImplementedError


@dataclass(slots=True)
class HouseObject:
    """What all objects share."""

    name: str = ""
    area_bits: int = field(default=ALL_AREAS, kw_only=True)
    """The areas it belongs to, bit 0 = area 1."""

    def areas(self) -> int:
        """The areas it belongs to, bit 0 = area 1."""
        return self.area_bits

    def is_in(self, area: int) -> bool:
        """Whether it belongs to an area, or with 0 to any."""
        return area == 0 or bool(self.areas() >> area - 1 & 1)

    def check(self) -> None:
        """Raise `LocalProtocolError` for what its records do not show and no message can carry."""

    def properties(self, index: int, house: Surroundings) -> ObjectProperties | None:
        """Its properties now, None for a kind without."""
        del index, house
        return None

    def status(self, index: int, house: Surroundings) -> ObjectStatusRecord | None:
        """Its state now, in the extended form, None for a kind without."""
        del index, house
        return None


def name_field(name: str, width: int, house: Surroundings) -> bytes:
    """Return the field of a name: the text, a zero, and zeros or what this panel leaves there."""
    clean = encode_name(name, width)
    if name and Quirk.JUNK_AFTER_NAMES in house.quirks:
        return clean[: len(name) + 1].ljust(width, b"\xff")
    return clean
