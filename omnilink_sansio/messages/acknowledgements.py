"""The three general replies (20P00 §ACKNOWLEDGEMENT MESSAGES)."""

from typing import ClassVar

from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.record import Tail, record

__all__ = ["Ack", "EndOfData", "Nak"]


@record
class Ack(MessageRecord):
    """Received intact and carried out."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ACKNOWLEDGE

    tail: Tail = b""


@record
class Nak(MessageRecord):
    """Received intact, but malformed or impossible to carry out; there is no reason in it."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.NEGATIVE_ACKNOWLEDGE

    tail: Tail = b""


@record
class EndOfData(MessageRecord):
    """Received intact, but what was asked for does not exist."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.END_OF_DATA

    tail: Tail = b""
