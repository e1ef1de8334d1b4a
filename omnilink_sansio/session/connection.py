"""What both ends of a connection share: a link below, events above, and a table that only knows what links
report.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Generic, TypeVar

from omnilink_sansio.session.events import PacketDropped
from omnilink_sansio.session.link import Link
from omnilink_sansio.session.observer import Observer, StateChanged
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.framing import Framing

__all__ = ["Connection"]

_L = TypeVar("_L", bound=Link)
_F = TypeVar("_F")
_I = TypeVar("_I", bound=IntEnum)
_E = TypeVar("_E")

_CLOSED = ConnectionState.CLOSED


class Connection(ABC, Generic[_L, _F, _I, _E]):
    """One end of a connection, as a machine without I/O.

    After any input (`receive_data`, `receive_eof`, `handle_timeout`, or a call of your own) pull `next_event`
    until it returns None, answering and sending as you go; then write everything that `data_to_send` returns;
    then wait for `next_timeout`. When `state` is then CLOSED, close the transport.

    Its link ``_L`` reports inputs ``_F``, each of which leads to a state by an input ``_I`` of the table.
    """

    __slots__ = (
        "_events",
        "_link",
        "_next_input",
        "_next_states",
        "_now",
        "_observer",
        "_row",
        "_state",
    )

    def __init__(
        self,
        link: _L,
        next_input: Callable[[], _F | None],
        next_states: Mapping[ConnectionState, Mapping[_I, ConnectionState]],
        observer: Observer | None,
    ) -> None:
        self._link = link
        self._next_input = next_input
        self._next_states = next_states
        self._observer = observer
        self._events: list[_E | PacketDropped] = []
        self._now = 0.0
        self._state = ConnectionState.IDLE
        self._row = next_states[ConnectionState.IDLE]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._state.value} on {self._link!r}>"

    @property
    def state(self) -> ConnectionState:
        """Where the connection stands; final once it is CLOSED."""
        return self._state

    @property
    def link(self) -> _L:
        """The link underneath."""
        return self._link

    @property
    def framing(self) -> Framing:
        """How the transport carries what the connection writes."""
        return self._link.framing

    @property
    def now(self) -> float:
        """When the last input came, on the owner's clock."""
        return self._now

    def receive_data(self, data: bytes, now: float) -> None:
        """Take any piece of the stream, or exactly one datagram. Never raises.

        Afterwards pull events, write what is pending, re-arm the timeout; see the class.
        """
        if self._state is not _CLOSED:
            self._now = now
            self._link.feed(data, now)

    def receive_eof(self, now: float) -> None:
        """Note that the peer closed its stream, or that the transport failed. Never raises.

        Afterwards pull events, write what is pending, re-arm the timeout; see the class.
        """
        if self._state is not _CLOSED:
            self._now = now
            self._link.feed_eof(now)

    def next_event(self) -> _E | PacketDropped | None:
        """Return the next thing that happened, or None when there is nothing more until the next input."""
        events = self._events
        while not events:
            if self._state is _CLOSED:
                return None
            found = self._next_input()
            if found is None:
                return None
            self._take(found)
        return events.pop(0)

    def data_to_send(self) -> list[bytes]:
        """Return what is to be written, each item one whole packet: one write, one datagram.

        Defined once `next_event` has returned None.
        """
        return self._link.data_to_send()

    def next_timeout(self) -> float | None:
        """Return when `handle_timeout` is due, on the caller's clock, or None.

        Defined once `next_event` has returned None.
        """
        if self._state is _CLOSED:
            return None
        link_due = self._link.next_due()
        own_due = self._own_due()
        if link_due is None:
            return own_due
        return link_due if own_due is None or link_due < own_due else own_due

    def handle_timeout(self, now: float) -> None:
        """Do what is due by now; nothing when nothing is.

        Afterwards pull events, write what is pending, re-arm the timeout; see the class.
        """
        if self._state is not _CLOSED:
            self._now = now
            self._expire(now)

    def _enter(self, item: _I) -> None:
        """Go to the state that an input leads to."""
        next_state = self._row[item]
        if next_state is not self._state:
            if self._observer is not None:
                self._observer(StateChanged(self._now, self._state, next_state, item))
            self._state = next_state
            self._row = self._next_states[next_state]

    @abstractmethod
    def _take(self, found: _F) -> None:
        """Act on what the link reports."""

    @abstractmethod
    def _own_due(self) -> float | None:
        """Return when the first of the connection's own timers is due."""

    @abstractmethod
    def _expire(self, now: float) -> None:
        """Do what the link's and the connection's own timers ask for."""
