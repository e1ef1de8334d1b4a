"""A message without a type of its own here, and what typed and untyped messages have in common."""

from typing import TypeAlias

from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.record import Record
from omnilink_sansio.wire.message import START_V2, Message

__all__ = ["Payload", "RawMessage"]


@frozen
class RawMessage:
    """A message that has no type of its own here. Its text form hides the data, which may hold a user code."""

    type: int
    data: bytes
    start: int = START_V2

    def encode(self) -> bytes:
        """Return the payload."""
        return self.data

    def to_message(self) -> Message:
        """Return the message."""
        return Message(self.type, self.data, self.start)

    def __repr__(self) -> str:
        return f"RawMessage(type=0x{self.type:02X}, {len(self.data)} data bytes)"


Payload: TypeAlias = Record | RawMessage
"""What `parse_message` returns: its ``encode`` gives the message's data again."""
