"""Readers of a house, and the doors that they open."""

from dataclasses import dataclass

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.names import LONG_NAME
from omnilink_sansio.messages.objects.access_control import (
    AccessControlLockStatus,
    AccessControlReaderProperties,
    AccessControlReaderStatus,
)
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field
from omnilink_sansio.simulator.timers import LONGEST_TOLD, Timer

__all__ = ["Reader"]


@dataclass(slots=True)
class Reader(HouseObject):
    """An access control reader and its door."""

    unlocked: bool = False
    denied: bool = False
    """Its last decision."""
    last_user: int = 0
    """The code number of the user that it decided on last."""
    unlock_time: int = 5
    """How many seconds its door stays unlocked for a card."""

    def check(self) -> None:
        """Raise `LocalProtocolError` for a time to unlock that no message can carry."""
        if not 1 <= self.unlock_time <= LONGEST_TOLD:
            raise LocalProtocolError(
                f"a door is unlocked for 1 to {LONGEST_TOLD} seconds, not {self.unlock_time}"
            )

    def properties(self, index: int, house: Surroundings) -> AccessControlReaderProperties:
        """Its properties now."""
        name = name_field(self.name, LONG_NAME, house)
        return AccessControlReaderProperties(
            index, int(self.unlocked), _seconds_left(index, house), int(self.denied), self.last_user, name
        )

    def status(self, index: int, house: Surroundings) -> AccessControlReaderStatus:
        """Its last decision."""
        del house
        return AccessControlReaderStatus(index, int(self.denied), self.last_user)

    def lock_status(self, index: int, house: Surroundings) -> AccessControlLockStatus:
        """The state of its door now."""
        return AccessControlLockStatus(index, int(self.unlocked), _seconds_left(index, house))


def _seconds_left(index: int, house: Surroundings) -> int:
    return min(house.seconds_left(Timer.DOOR, index), LONGEST_TOLD)
