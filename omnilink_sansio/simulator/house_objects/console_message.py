"""Messages of a house."""

from dataclasses import dataclass

from omnilink_sansio.messages.names import LONG_NAME
from omnilink_sansio.messages.objects.message import MessageProperties, MessageState, MessageStatus
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field

__all__ = ["ConsoleMessage"]


@dataclass(slots=True)
class ConsoleMessage(HouseObject):
    """A text that consoles show; its name is the text."""

    state: MessageState = MessageState.OFF

    def properties(self, index: int, house: Surroundings) -> MessageProperties:
        """Its properties."""
        areas = self.area_bits if house.has_extended_status else None
        return MessageProperties(index, name_field(self.name, LONG_NAME, house), areas)

    def status(self, index: int, house: Surroundings) -> MessageStatus:
        """Its state now."""
        del house
        return MessageStatus(index, self.state)
