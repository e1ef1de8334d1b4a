"""Requests: typed messages that encode themselves and know their replies."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Generic, TypeVar

from omnilink_sansio.errors import CommandFailedError, Fault, OmniLinkError, RemoteProtocolError
from omnilink_sansio.messages.acknowledgements import Ack, EndOfData, Nak
from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.opcode import Effect, Opcode
from omnilink_sansio.messages.opcodes_v2 import OPCODES_V2, REPLY_TYPES_V2
from omnilink_sansio.messages.raw_message import Payload, RawMessage
from omnilink_sansio.messages.record import Record
from omnilink_sansio.wire.message import Message

__all__ = ["AcknowledgedRequest", "Request"]

_T = TypeVar("_T", covariant=True)
_P = TypeVar("_P", bound=Record)


class Request(MessageRecord, Generic[_T]):
    """A message that asks for a reply, and what to make of that reply."""

    __slots__ = ()

    OPCODES: ClassVar[Mapping[int, Opcode]] = MappingProxyType(
        {int(key): row for key, row in OPCODES_V2.items()}
    )
    REPLY_TYPES: ClassVar[Mapping[int, frozenset[int]]] = REPLY_TYPES_V2

    reply_types: frozenset[int] | None
    """The types of messages that can answer it; None when that is not known, and any can."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "OPCODE" in vars(cls):
            cls.reply_types = cls.REPLY_TYPES[cls.OPCODE]

    @property
    def title(self) -> str:
        """The request's name in texts for people; never its content."""
        return type(self).__name__

    @property
    def effect(self) -> Effect:
        """What a second copy of the request would do."""
        # Of what is unknown the worst is assumed: it is never repeated.
        return self.OPCODES[self.OPCODE].effect or Effect.MOMENTARY

    @property
    def is_security(self) -> bool:
        """Whether it is about the alarm system, so that nothing may keep it waiting."""
        return self.OPCODES[self.OPCODE].is_security

    def accept(self, reply: Payload) -> _T:
        """Return the content of a reply that `parse_message` has read.

        Raises `CommandFailedError` for a negative acknowledgement and `RemoteProtocolError` for a reply of
        the wrong kind.
        """
        raise NotImplementedError


class AcknowledgedRequest(Request[None]):
    """A request whose only good reply is the acknowledgement that it was carried out."""

    __slots__ = ()

    def accept(self, reply: Payload) -> None:
        """Check that it was acknowledged."""
        expect(Ack, self, reply)


def expect(kind: type[_P], request: Request[object], reply: Payload) -> _P:
    """Return the reply as the one kind of record expected, or raise what says why it is not one."""
    if isinstance(reply, kind):
        return reply
    raise unexpected_reply(request, reply)


def expect_or_end(kind: type[_P], request: Request[object], reply: Payload) -> _P | None:
    """Return the reply as `expect` does, or None when the controller says that there is no such thing."""
    return None if isinstance(reply, EndOfData) else expect(kind, request, reply)


def mismatched_reply(request: Request[object], asked: str, answered: str) -> RemoteProtocolError:
    """Return the error for an answer that does not belong to its question."""
    return RemoteProtocolError(
        Fault.UNEXPECTED_REPLY,
        f"{request.title}: asked for {asked}, answered with {answered}; nothing of it was used",
    )


def unexpected_reply(request: Request[object], reply: Payload) -> OmniLinkError:
    """Return the error for a reply that is not what the request asked for."""
    if isinstance(reply, Nak):
        return CommandFailedError(
            f"{request.title}: the controller refused (negative acknowledgement); it gives no reason: "
            "check that the object exists and that the firmware knows this request"
        )
    what = f"a message of type 0x{reply.type:02X}" if isinstance(reply, RawMessage) else type(reply).__name__
    return RemoteProtocolError(Fault.UNEXPECTED_REPLY, f"{request.title}: answered by {what}")


def wrong_reply(request: Request[object], reply: Message) -> RemoteProtocolError:
    """Return the error for a message that cannot answer the request."""
    return RemoteProtocolError(
        Fault.UNEXPECTED_REPLY, f"{request.title}: answered by a message of type 0x{reply.type:02X}"
    )
