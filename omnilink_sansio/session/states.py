"""States of a connection, and the form of the two machines' transition tables.

Theory of operation. A machine is a table: (state, input) to (next state, action). What a packet means is
decided before the table is asked (a packet 4 with our session ID and one with another are different inputs),
so that the table needs no conditions. Where a datagram link differs, since there a packet may be an old copy,
the row says so in a second column. Pairs that cannot come about are listed as rejected: for a caller's input
that is `LocalProtocolError`, and nothing changes. The documentation's diagrams are drawn from these tables.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import Enum, IntEnum, unique
from types import MappingProxyType
from typing import Generic, TypeVar

from omnilink_sansio.wire.framing import Framing

__all__ = ["ConnectionState", "Transition", "TransitionTable"]

_I = TypeVar("_I", bound=IntEnum)
_A = TypeVar("_A", bound=Enum)


@unique
class ConnectionState(Enum):
    """Where a connection stands; both ends use these, each those that it can be in."""

    IDLE = "idle"
    """Client: not connected yet. Controller: no session."""
    REQUESTING = "requesting"
    """Client: packet 1 is sent."""
    SECURING = "securing"
    """Packet 2 offered a session ID; the proof of the key is under way."""
    ONLINE = "online"
    """Messages are exchanged."""
    CLOSING = "closing"
    """Client: packet 5 is sent."""
    CLOSED = "closed"
    """Over for good: inputs are ignored, the transport is to be closed."""


@dataclass(frozen=True, slots=True)
class Transition(Generic[_A]):
    """What an input does in a state."""

    next_state: ConnectionState
    action: _A
    why: Enum | None = None
    """The action's argument: the reason of an end."""


class TransitionTable(Generic[_I, _A]):
    """All transitions of one machine.

    ``rows`` hold for both framings; ``datagram`` replaces or adds rows for datagrams, ``stream`` for streams.
    ``rejected`` lists, for every state, the inputs that cannot come about there.
    """

    def __init__(
        self,
        rows: Mapping[tuple[ConnectionState, _I], Transition[_A]],
        *,
        stream: Mapping[tuple[ConnectionState, _I], Transition[_A]],
        datagram: Mapping[tuple[ConnectionState, _I], Transition[_A]],
    ) -> None:
        self._tables = {
            Framing.STREAM: MappingProxyType({**rows, **stream}),
            Framing.DATAGRAM: MappingProxyType({**rows, **datagram}),
        }
        # Once for all connections: a process may have hundreds.
        self._by_state = {framing: self._sorted(framing) for framing in Framing}

    def rows(self, framing: Framing) -> Mapping[tuple[ConnectionState, _I], Transition[_A]]:
        """Return all transitions for one framing: for documentation and tests."""
        return self._tables[framing]

    def by_state(self, framing: Framing) -> Mapping[ConnectionState, Mapping[_I, Transition[_A]]]:
        """Return the same transitions with each state's row ready to be kept."""
        return self._by_state[framing]

    def _sorted(self, framing: Framing) -> Mapping[ConnectionState, Mapping[_I, Transition[_A]]]:
        states: dict[ConnectionState, dict[_I, Transition[_A]]] = {state: {} for state in ConnectionState}
        for (state, item), transition in self._tables[framing].items():
            states[state][item] = transition
        return MappingProxyType({state: MappingProxyType(row) for state, row in states.items()})

    def rejected(
        self, framing: Framing, states: Set[ConnectionState], inputs: type[_I]
    ) -> Set[tuple[ConnectionState, _I]]:
        """Return the pairs of these states and inputs that have no transition."""
        return {(state, item) for state in states for item in inputs} - self._tables[framing].keys()
