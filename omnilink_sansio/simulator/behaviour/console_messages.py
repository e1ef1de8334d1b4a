"""What happens to the messages of a house."""

from omnilink_sansio.messages.objects.message import MessageState
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.console_message import ConsoleMessage

__all__ = ["acknowledge_messages", "clear_all_messages", "set_message"]


def set_message(house: House, index: int, state: MessageState) -> bool:
    """Show or clear a message; False when there is no such message."""
    message = house.use(ObjectType.MESSAGE, index)
    if not isinstance(message, ConsoleMessage):
        return False
    if message.state is not state:
        message.state = state
        house.note((ObjectType.MESSAGE, index))
    return True


def clear_all_messages(house: House, area: int) -> None:
    """Clear the messages of an area, with 0 of all areas."""
    for index, message in house.messages.items():
        if message.is_in(area):
            set_message(house, index, MessageState.OFF)


def acknowledge_messages(house: House, area: int) -> None:
    """Note that the messages of an area were read, with 0 of all areas."""
    for index, message in house.messages.items():
        if message.state is MessageState.DISPLAYED_NOT_ACKNOWLEDGED and message.is_in(area):
            set_message(house, index, MessageState.DISPLAYED)
