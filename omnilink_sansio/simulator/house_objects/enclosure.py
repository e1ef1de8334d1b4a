"""Expansion enclosures of a house."""

from dataclasses import dataclass

from omnilink_sansio.messages.objects.expansion_enclosure import ExpansionEnclosureStatus
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings

__all__ = ["Enclosure"]


@dataclass(slots=True)
class Enclosure(HouseObject):
    """An expansion enclosure."""

    communications: int = 0
    """Which of 0 and 1 means failure is not clear from the vendor's text."""
    battery: int = 0xD5

    def status(self, index: int, house: Surroundings) -> ExpansionEnclosureStatus:
        """Its state now."""
        del house
        return ExpansionEnclosureStatus(index, self.communications, self.battery)
