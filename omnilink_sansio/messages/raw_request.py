"""Any message as a request."""

from dataclasses import dataclass, field
from typing import Self

from omnilink_sansio.messages.dialect import dialect_at
from omnilink_sansio.messages.opcode import Effect, Opcode
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.request import Request
from omnilink_sansio.wire.message import Message

__all__ = ["RawRequest"]


@dataclass(frozen=True, slots=True, repr=False)
class RawRequest(Request[Payload]):
    """Any message as a request, for what has no type of its own; whatever answers it is its reply.

    Its effect is that of the message's type, MOMENTARY when the type is unknown. The text form hides the data.
    """

    message: Message
    reply_types: frozenset[int] | None = field(init=False, compare=False)
    """The types of messages that can answer its type; None for an unknown type, which anything may answer."""

    def __post_init__(self) -> None:
        dialect = dialect_at(self.message.start)
        reply_types = None if dialect is None else dialect.reply_types.get(self.message.type)
        object.__setattr__(self, "reply_types", reply_types)

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        """Not possible: a payload alone does not tell its message's type."""
        raise NotImplementedError("build it from a Message")

    def encode(self) -> bytes:
        """Return the message's data."""
        return self.message.data

    def to_message(self) -> Message:
        """Return the message."""
        return self.message

    @property
    def _opcode(self) -> Opcode | None:
        dialect = dialect_at(self.message.start)
        return None if dialect is None else dialect.opcodes.get(self.message.type)

    @property
    def title(self) -> str:
        """The message type's number."""
        return f"RawRequest 0x{self.message.type:02X}"

    @property
    def effect(self) -> Effect:
        """What a second copy of the message would do."""
        opcode = self._opcode
        return Effect.MOMENTARY if opcode is None or opcode.effect is None else opcode.effect

    @property
    def is_security(self) -> bool:
        """Whether its type is about the alarm system."""
        opcode = self._opcode
        return opcode is not None and opcode.is_security

    def accept(self, reply: Payload) -> Payload:
        """Return the reply, whatever it is: a negative acknowledgement too."""
        return reply

    def __repr__(self) -> str:
        return f"RawRequest({self.message!r})"
