"""What controllers send unasked, once notifications are enabled (20P00 §NOTIFICATION MESSAGES)."""

from typing import ClassVar, Self, TypeAlias

from omnilink_sansio.errors import RemoteProtocolError
from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.audio_source import AudioSourceStatus
from omnilink_sansio.messages.event_registry import parse_events
from omnilink_sansio.messages.events import SystemEvent
from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.models import ControllerFamily
from omnilink_sansio.messages.objects.object_record import ObjectStatusRecord
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.status import ExtendedObjectStatus, ObjectStatus
from omnilink_sansio.wire.message import Message

__all__ = ["Notification", "OtherEventNotifications", "UnknownNotification", "parse_notification"]


@frozen
class OtherEventNotifications(MessageRecord):
    """Events that are no change of an object's status, oldest first (20P00 §OTHER EVENT NOTIFICATIONS)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS

    events: tuple[SystemEvent, ...]

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        """Read the payload. Raises `RemoteProtocolError` when its length is odd."""
        return cls(parse_events(payload))

    def encode(self) -> bytes:
        """Return the payload."""
        return b"".join(event.word.to_bytes(2, "big") for event in self.events)


@frozen
class UnknownNotification:
    """An unsolicited message that this library has no type for, or that is malformed; ``why`` is which of them."""

    message: Message
    why: str


Notification: TypeAlias = ObjectStatusRecord | SystemEvent | AudioSourceStatus | UnknownNotification
"""One thing that happened: an object's new status, an event, what a source plays, or a message
that is not understood."""


def parse_notification(
    message: Message, family: ControllerFamily = ControllerFamily.OMNI
) -> tuple[Notification, ...]:
    """Return the notifications in an unsolicited message, in its order; it never raises.

    Both forms of object status are accepted: panels push the extended one from firmware 3.0 on. ``family`` decides
    how to read the event words that an Omni and a Lumina number alike.
    """
    # Omni-Link numbers its messages in another way.
    if message.start != OtherEventNotifications.START:
        return (_unknown(message),)
    try:
        match message.type:
            case OmniLink2MessageType.OBJECT_STATUS:
                return _states(ObjectStatus.parse(message.data)) or (_unknown(message),)
            case OmniLink2MessageType.EXTENDED_OBJECT_STATUS:
                return _states(ExtendedObjectStatus.parse(message.data)) or (_unknown(message),)
            case OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS:
                return parse_events(message.data, family) or (_unknown(message),)
            case OmniLink2MessageType.AUDIO_SOURCE_STATUS:
                return (AudioSourceStatus.parse(message.data),)
            case _:
                return (_unknown(message),)
    except RemoteProtocolError as error:
        return (UnknownNotification(message, str(error)),)


def _states(status: ObjectStatus | ExtendedObjectStatus) -> tuple[ObjectStatusRecord, ...]:
    # The record of an unknown kind does not name its kind: the message is worth more.
    return tuple(record for record in status.records if isinstance(record, ObjectStatusRecord))


def _unknown(message: Message) -> UnknownNotification:
    return UnknownNotification(
        message, f"message type 0x{message.type:02X}, sent unasked, has no meaning that is known here"
    )
