"""Buttons of a house."""

from dataclasses import dataclass, field

from omnilink_sansio.messages.names import SHORT_NAME
from omnilink_sansio.messages.objects.button import ButtonProperties
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field
from omnilink_sansio.simulator.stimuli import Stimulus

__all__ = ["Button"]


@dataclass(slots=True)
class Button(HouseObject):
    """A macro, and what happens when it is pressed, in order."""

    actions: list[Stimulus] = field(default_factory=list)

    def properties(self, index: int, house: Surroundings) -> ButtonProperties:
        """Its properties."""
        return ButtonProperties(index, name_field(self.name, SHORT_NAME, house))
