"""What happens when a button of a house is pressed."""

from omnilink_sansio.messages.events import UserMacroButton
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.timers import Timer

__all__ = ["press_button"]

_BEGINS_AFTER = 0.1
"""Seconds from a button to what it does: so one that presses itself does not do so without end at once."""


def press_button(house: House, index: int) -> bool:
    """Press a button; what it does happens a moment later. False when there is no such button."""
    if house.use(ObjectType.BUTTON, index) is None:
        return False
    house.note(UserMacroButton(index))
    house.after(_BEGINS_AFTER, Timer.BUTTON, index)
    return True
