"""Requests: typed messages that encode themselves and know their replies."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Generic, Self, TypeVar

from omnilink_sansio.errors import CommandFailedError, Fault, OmniLinkError, RemoteProtocolError
from omnilink_sansio.messages.opcode import Effect, Opcode
from omnilink_sansio.messages.opcodes_v2 import OPCODES_V2, OmniLink2MessageType
from omnilink_sansio.messages.record import Record
from omnilink_sansio.messages.v1.opcodes import OPCODES_V1, OmniLinkMessageType
from omnilink_sansio.wire.message import START_CHARACTERS, START_V2, Message, ProtocolVersion

__all__ = [
    "MessageRecord",
    "RawRequest",
    "Request",
]

_T = TypeVar("_T", covariant=True)
_M = TypeVar("_M", bound="MessageRecord")

_TABLES: Mapping[ProtocolVersion, Mapping[int, Opcode]] = {
    ProtocolVersion.V1: {int(number): opcode for number, opcode in OPCODES_V1.items()},
    ProtocolVersion.V2: {int(number): opcode for number, opcode in OPCODES_V2.items()},
}
_REFUSALS: Mapping[ProtocolVersion, int] = {
    ProtocolVersion.V1: OmniLinkMessageType.NEGATIVE_ACKNOWLEDGE,
    ProtocolVersion.V2: OmniLink2MessageType.NEGATIVE_ACKNOWLEDGE,
}


def opcode_of(message: Message) -> Opcode | None:
    """Return the row of the message's type in the table of its protocol, None for an unknown type."""
    return _TABLES[START_CHARACTERS[message.start].protocol].get(message.type)


class MessageRecord(Record):
    """A record that is a message's whole payload."""

    __slots__ = ()

    OPCODE: ClassVar[IntEnum]
    START: ClassVar[int] = START_V2

    def to_message(self) -> Message:
        """Return the message. Raises `LocalProtocolError` naming the field that does not fit."""
        return Message(self.OPCODE, self.encode(), self.START)


class Request(MessageRecord, Generic[_T]):
    """A message that asks for a reply, and what to make of that reply."""

    __slots__ = ()

    @property
    def title(self) -> str:
        """The request's name in texts for people; never its content."""
        return type(self).__name__

    @property
    def effect(self) -> Effect:
        """What a second copy of the request would do."""
        return _effect(_TABLES[START_CHARACTERS[self.START].protocol].get(self.OPCODE))

    def accept(self, reply: Message) -> _T:
        """Return the reply's content.

        Raises `CommandFailedError` for a negative acknowledgement and `RemoteProtocolError` for a reply of
        the wrong kind or with a malformed payload.
        """
        raise NotImplementedError


def _effect(opcode: Opcode | None) -> Effect:
    # Of what is unknown the worst is assumed: it is never repeated.
    return Effect.MOMENTARY if opcode is None or opcode.effect is None else opcode.effect


def expect(kind: type[_M], request: Request[object], reply: Message) -> _M:
    """Return the reply as a record of the one kind expected, or raise the error that names why it is not one."""
    if reply.type == kind.OPCODE:
        return kind.parse(reply.data)
    raise unexpected_reply(request, reply)


def expect_or_end(kind: type[_M], request: Request[object], reply: Message) -> _M | None:
    """Return the reply as `expect` does, or None when the controller reports that there is no such thing."""
    # The same number in both protocols (20P00 §END OF DATA, 10P17 §END OF DATA).
    return None if reply.type == OmniLink2MessageType.END_OF_DATA else expect(kind, request, reply)


def mismatched_reply(request: Request[object], asked: str, answered: str) -> RemoteProtocolError:
    """Return the error for an answer that does not belong to its question."""
    return RemoteProtocolError(
        Fault.UNEXPECTED_REPLY,
        f"{request.title}: asked for {asked}, answered with {answered}; nothing of it was used",
    )


def unexpected_reply(request: Request[object], reply: Message) -> OmniLinkError:
    """Return the error for a reply that is not what the request asked for."""
    if reply.type == _REFUSALS[START_CHARACTERS[reply.start].protocol]:
        return CommandFailedError(
            f"{request.title}: the controller refused (negative acknowledgement); it gives no reason: "
            "check that the object exists and that the firmware knows this request"
        )
    return RemoteProtocolError(
        Fault.UNEXPECTED_REPLY, f"{request.title}: answered by a message of type 0x{reply.type:02X}"
    )


@dataclass(frozen=True, slots=True, repr=False)
class RawRequest(Request[Message]):
    """Any message as a request, for what has no type of its own; the reply is returned as it comes.

    Its effect is that of the message's type, MOMENTARY when the type is unknown. The text form hides the data.
    """

    message: Message

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        """Not possible: a payload alone does not contain its message's type."""
        raise NotImplementedError("build it from a Message")

    def encode(self) -> bytes:
        """Return the message's data."""
        return self.message.data

    def to_message(self) -> Message:
        """Return the message."""
        return self.message

    @property
    def title(self) -> str:
        """The message type's number."""
        return f"RawRequest 0x{self.message.type:02X}"

    @property
    def effect(self) -> Effect:
        """What a second copy of the message would do."""
        return _effect(opcode_of(self.message))

    def accept(self, reply: Message) -> Message:
        """Return the reply, whatever it is: a negative acknowledgement too."""
        return reply

    def __repr__(self) -> str:
        return f"RawRequest({self.message!r})"
