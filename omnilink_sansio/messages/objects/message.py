"""Messages: texts that consoles show (20P00 §MESSAGE PROPERTIES, §MESSAGE STATUS). The name is the text."""

from enum import IntEnum, unique
from typing import ClassVar

from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord, areas_in
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U8, U16, Name16, OptionalU8, Tail, member_or_number, record

__all__ = ["MessageProperties", "MessageState", "MessageStatus"]


@unique
class MessageState(IntEnum):
    """Whether a message is shown."""

    OFF = 0
    DISPLAYED = 1
    DISPLAYED_NOT_ACKNOWLEDGED = 2


@record
class MessageProperties(ObjectProperties):
    """A message's text (20P00 §MESSAGE PROPERTIES)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.MESSAGE

    index: U16
    raw_name: Name16
    areas: OptionalU8 = None
    """Areas of the message, bit 0 = area 1; not in 20P00, sent by newer firmware."""
    tail: Tail = b""

    @property
    def area_numbers(self) -> tuple[int, ...] | None:
        """The numbers of its areas; None when the firmware does not report them."""
        return areas_in(self.areas)


@record
class MessageStatus(ObjectStatusRecord):
    """Whether a message is shown (20P00 §MESSAGE STATUS)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.MESSAGE

    index: U16
    status: U8
    """See `MessageState`."""
    tail: Tail = b""

    @property
    def message_state(self) -> MessageState | int:
        """The state by name, or its number when unknown."""
        return member_or_number(MessageState, self.status)

    @property
    def is_displayed(self) -> bool:
        """Whether consoles show it."""
        return self.status != MessageState.OFF
