"""The columns of the tables of message types."""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, IntEnum, unique
from types import MappingProxyType
from typing import TypeVar

from omnilink_sansio.frozen import frozen
from omnilink_sansio.wire.packet import Direction

__all__ = ["Effect", "Opcode"]

_O = TypeVar("_O", bound=IntEnum)


@unique
class Effect(Enum):
    """What a second copy of a request would do; retransmission follows from it."""

    READ = "read"
    """Changes nothing."""
    SET = "set"
    """The same again changes nothing: on, off, level, arm, bypass, set point, lock, names, time."""
    MOMENTARY = "momentary"
    """Every copy acts: toggle, step, counter, button, spoken message, key press, anything with code digits."""


@frozen
class Opcode:
    """One row of `OPCODES_V2` or `OPCODES_V1`."""

    direction: Direction
    """Which end sends the message."""
    effect: Effect | None
    """What a second copy of a request would do; None for messages that only controllers send."""
    replies: tuple[IntEnum, ...]
    """What answers a request, besides the negative acknowledgement that may answer any."""
    source: str
    """Where it is described; "not in ..." marks what is known from the field only."""
    unsolicited: bool = False
    """Controllers also send it unasked, after EnableNotifications."""
    min_firmware: tuple[int, int] | None = None
    """Major and minor version of the first firmware that knows it, where the vendor says so."""
    is_security: bool = False
    """Whether it is about the alarm system, so that nothing may keep it waiting."""


def request(
    effect: Effect, replies: tuple[IntEnum, ...], source: str, min_firmware: tuple[int, int] | None = None
) -> Opcode:
    """Return the row of a message that clients send."""
    return Opcode(Direction.TO_CONTROLLER, effect, replies, source, min_firmware=min_firmware)


def security(
    effect: Effect, replies: tuple[IntEnum, ...], source: str, min_firmware: tuple[int, int] | None = None
) -> Opcode:
    """Return the row of a message about the alarm system that clients send."""
    return replace(request(effect, replies, source, min_firmware), is_security=True)


def reply(source: str, *, unsolicited: bool = False, min_firmware: tuple[int, int] | None = None) -> Opcode:
    """Return the row of a message that controllers send."""
    return Opcode(Direction.TO_CLIENT, None, (), source, unsolicited, min_firmware)


def request_or_reply(effect: Effect, replies: tuple[IntEnum, ...], source: str) -> Opcode:
    """Return the row of a message that both ends send."""
    return Opcode(Direction.BOTH, effect, replies, source)


def reply_types(opcodes: Mapping[_O, Opcode], refusal: IntEnum) -> Mapping[int, frozenset[int]]:
    """Return what can answer each type of request: what its row says, and the refusal that may answer any."""
    return MappingProxyType(
        {
            int(number): frozenset(map(int, (*opcode.replies, refusal)))
            for number, opcode in opcodes.items()
            if opcode.effect is not None
        }
    )
