"""From a message to its typed object, for either direction of a session."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from omnilink_sansio.messages import (
    acknowledgements,
    audio_source,
    connected_security,
    event_log,
    name_messages,
    notifications,
    programs,
    properties,
    security,
    status,
    system,
    unpublished,
    zone_ready,
)
from omnilink_sansio.messages.commands import controller_command
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.properties import parse_properties
from omnilink_sansio.messages.record import Record
from omnilink_sansio.messages.request import MessageRecord
from omnilink_sansio.messages.set_time import set_time
from omnilink_sansio.wire.message import Message, ProtocolVersion

__all__ = ["Payload", "RawMessage", "parse_message"]


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message that has no type of its own here. Its text form hides the data, which may hold a user code."""

    type: int
    data: bytes

    def encode(self) -> bytes:
        """Return the payload."""
        return self.data

    def __repr__(self) -> str:
        return f"RawMessage(type=0x{self.type:02X}, {len(self.data)} data bytes)"


Payload: TypeAlias = Record | RawMessage
"""What `parse_message` returns: its ``encode`` gives the message's data again."""

_MODULES = (
    acknowledgements,
    audio_source,
    connected_security,
    controller_command,
    event_log,
    name_messages,
    notifications,
    programs,
    properties,
    security,
    set_time,
    status,
    system,
    unpublished,
    zone_ready,
)

PARSERS: Mapping[int, Callable[[bytes], Record]] = MappingProxyType(
    {
        kind.OPCODE: kind.parse
        for module in _MODULES
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, MessageRecord) and "OPCODE" in vars(kind)
    }
    | {OmniLink2MessageType.OBJECT_PROPERTIES: parse_properties}
)
"""How to read the payload of each message type."""


def parse_message(message: Message, version: ProtocolVersion = ProtocolVersion.V2) -> Payload:
    """Return the typed object for a message of either direction, `RawMessage` for types without one.

    Raises `RemoteProtocolError` when the payload is malformed. All types of
    v2 are typed; v1 messages have no types of their own yet.
    """
    parser = PARSERS.get(message.type) if version is ProtocolVersion.V2 else None
    return RawMessage(message.type, message.data) if parser is None else parser(message.data)
