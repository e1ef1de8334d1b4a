"""States, and the form of the transition tables of links and connections.

Theory of operation. A machine is a table: (state, input) to (next state, action, reason). What a packet means is
decided before the table is asked (a packet 4 with our session ID and one with another are different inputs),
so that the table needs no conditions. Where a datagram link differs, since there a packet may be an old copy,
the row says so in a second column. Pairs that cannot come about are listed as rejected: for an owner's input
that is `LocalProtocolError`, and nothing changes. The documentation's diagrams are drawn from these tables.
"""

from collections.abc import Mapping, Set
from enum import Enum, IntEnum, unique
from types import MappingProxyType
from typing import Generic, TypeVar

from omnilink_sansio.errors import Fault
from omnilink_sansio.frozen import frozen
from omnilink_sansio.wire.framing import Framing

__all__ = ["ConnectionState", "LinkState", "Transition", "TransitionTable"]

_S = TypeVar("_S", bound=Enum)
_I = TypeVar("_I", bound=IntEnum)
_A = TypeVar("_A", bound=Enum)
_R = TypeVar("_R", bound=Enum)


@unique
class ConnectionState(Enum):
    """Where a connection stands; both ends use these, each those that it can be in."""

    IDLE = "idle"
    """Client: not connected yet. Controller: no session."""
    OPENING = "opening"
    """Client: the session is being opened."""
    ONLINE = "online"
    """Messages are exchanged."""
    CLOSING = "closing"
    """Client: the session is being ended in order."""
    CLOSED = "closed"
    """Over for good: inputs are ignored, the transport is to be closed."""

    # Looked up for every message; members are unique, so identity will do.
    __hash__ = object.__hash__


@unique
class LinkState(Enum):
    """Where a secure link stands."""

    IDLE = "idle"
    """Client: not opened yet. Controller: no session."""
    REQUESTING = "requesting"
    """Client: packet 1 is sent."""
    SECURING = "securing"
    """Packet 2 offered a session ID; the proof of the key is under way."""
    ONLINE = "online"
    """Messages are exchanged."""
    CLOSING = "closing"
    """Client: packet 5 is sent."""
    CLOSED = "closed"
    """Over for good."""

    # Looked up for every packet; members are unique, so identity will do.
    __hash__ = object.__hash__


@frozen
class Transition(Generic[_S, _A, _R]):
    """What an input does in a state."""

    next_state: _S
    action: _A | None = None
    """What is done; None where only the state changes, or only the end is reported."""
    reason: _R | None = None
    """Why the session ends here, which is reported before the action; None where it goes on."""
    fault: Fault = Fault.UNEXPECTED_PACKET
    """Why a packet is dropped, where the action is to drop it."""


class TransitionTable(Generic[_S, _I, _A, _R]):
    """All transitions of one machine.

    ``rows`` hold for both framings; ``datagram`` replaces or adds rows for datagrams, ``stream`` for streams.
    ``rejected`` lists, for every state, the inputs that cannot come about there.
    """

    def __init__(
        self,
        states: type[_S],
        rows: Mapping[tuple[_S, _I], Transition[_S, _A, _R]],
        *,
        stream: Mapping[tuple[_S, _I], Transition[_S, _A, _R]] = MappingProxyType({}),
        datagram: Mapping[tuple[_S, _I], Transition[_S, _A, _R]] = MappingProxyType({}),
    ) -> None:
        self._states = states
        self._tables = {
            Framing.STREAM: MappingProxyType({**rows, **stream}),
            Framing.DATAGRAM: MappingProxyType({**rows, **datagram}),
        }
        # Once for all connections: a process may have hundreds.
        self._by_state = {framing: self._sorted(framing) for framing in Framing}

    def rows(self, framing: Framing) -> Mapping[tuple[_S, _I], Transition[_S, _A, _R]]:
        """Return all transitions for one framing: for documentation and tests."""
        return self._tables[framing]

    def by_state(self, framing: Framing) -> Mapping[_S, Mapping[_I, Transition[_S, _A, _R]]]:
        """Return the same transitions with each state's row ready to be kept."""
        return self._by_state[framing]

    def next_states(self, framing: Framing) -> Mapping[_S, Mapping[_I, _S]]:
        """Return only where each input leads, with each state's row ready to be kept."""
        return MappingProxyType(
            {
                state: {item: transition.next_state for item, transition in row.items()}
                for state, row in self._by_state[framing].items()
            }
        )

    def _sorted(self, framing: Framing) -> Mapping[_S, Mapping[_I, Transition[_S, _A, _R]]]:
        states: dict[_S, dict[_I, Transition[_S, _A, _R]]] = {state: {} for state in self._states}
        for (state, item), transition in self._tables[framing].items():
            states[state][item] = transition
        return MappingProxyType(states)  # its rows are plain dictionaries, which are found in half the time

    def rejected(self, framing: Framing, states: Set[_S], inputs: type[_I]) -> Set[tuple[_S, _I]]:
        """Return the pairs of these states and inputs that have no transition."""
        return {(state, item) for state in states for item in inputs} - self._tables[framing].keys()
