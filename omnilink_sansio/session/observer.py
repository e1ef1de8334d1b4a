"""What an observer of a machine is given: one record per packet, change of state and drop.

An observer is called from within the machine, before what it is given has any effect outside: it must
neither raise nor call the machine. Its records hold no keys, no codes and no message's content.
"""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple, TypeAlias

from omnilink_sansio.session.events import PacketDropped

__all__ = ["Observation", "Observer", "PacketReceived", "PacketSent", "StateChanged"]


class PacketReceived(NamedTuple):
    """A whole packet came in; on a link without packets a whole message, its type, and no sequence number."""

    time: float
    packet_type: int
    sequence: int | None
    size: int
    """Data bytes, padding included."""


class PacketSent(NamedTuple):
    """A packet is to be written; see `PacketReceived`."""

    time: float
    packet_type: int
    sequence: int | None
    size: int
    is_repeat: bool = False
    """Whether the same bytes were sent before."""


class StateChanged(NamedTuple):
    """A link or a connection went from one state to another."""

    time: float
    before: Enum
    after: Enum
    trigger: Enum
    """The input of the transition table that brought it about."""


Observation: TypeAlias = PacketReceived | PacketSent | StateChanged | PacketDropped
"""What happened in a machine."""

Observer: TypeAlias = Callable[[Observation], None]
"""Takes each record, in order."""
