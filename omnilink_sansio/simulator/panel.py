"""An emulated panel: sessions on one side, a house on the other, and the pushes between them."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Generic, TypeVar

from omnilink_sansio.enums import Framing
from omnilink_sansio.errors import RemoteProtocolError
from omnilink_sansio.messages.acknowledgements import Ack, Nak
from omnilink_sansio.messages.events import SystemEvent
from omnilink_sansio.messages.notifications import OtherEventNotifications
from omnilink_sansio.messages.objects import OBJECT_TYPES, ObjectType
from omnilink_sansio.messages.parse import Payload, parse_message
from omnilink_sansio.messages.record import Record
from omnilink_sansio.messages.system import EnableNotifications
from omnilink_sansio.session.events import (
    ControllerSessionEnded,
    RequestReceived,
    SessionStarted,
)
from omnilink_sansio.session.server import ControllerServer, PeerEvent
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.settings import ControllerSettings
from omnilink_sansio.simulator.answers import ANSWERS, everything_to_ask, status_message
from omnilink_sansio.simulator.changes import CHANGES
from omnilink_sansio.simulator.house import Change, House
from omnilink_sansio.wire.message import Message

__all__ = ["EmulatedPanel"]

_P = TypeVar("_P", bound=Hashable)
_T = TypeVar("_T")


class EmulatedPanel(Generic[_P]):
    """A panel without I/O, for any number of clients, each named by its ``peer`` (any hashable value).

    ``session_ids`` gives 5 random bytes for each session. ``observe`` is called with every event of every
    peer, in order, before the panel acts on it. After each input write what `data_to_send` returns, close the
    streams whose `state` is CLOSED and wait for `next_timeout`; events need not be pulled. Raises
    `LocalProtocolError` for a house with a number, name or value that no message can carry.
    """

    def __init__(
        self,
        controller_key: bytes,
        house: House,
        session_ids: Callable[[], bytes],
        *,
        framing: Framing = Framing.STREAM,
        settings: ControllerSettings | None = None,
        observe: Callable[[PeerEvent[_P]], None] | None = None,
    ) -> None:
        # Found now, since later it would come up in the middle of a session.
        house.check()
        for request in everything_to_ask(house):
            ANSWERS[type(request)](house, request).encode()
        self.house = house
        self._server: ControllerServer[_P] = ControllerServer(
            controller_key, session_ids, framing=framing, settings=settings
        )
        self._observe = observe
        self._notified: dict[_P, None] = {}

    @property
    def session_count(self) -> int:
        """How many clients are online."""
        return self._server.session_count

    def state(self, peer: _P) -> ConnectionState:
        """Return where a peer's connection stands; CLOSED for one that is not known."""
        return self._server.state(peer)

    def accept(self, peer: _P, now: float) -> None:
        """Take a new stream. Raises `LocalProtocolError` for a peer that is there already, or on datagrams."""
        self._server.accept(peer, now)

    def receive_data(self, peer: _P, data: bytes, now: float) -> None:
        """Take a piece of the peer's stream, or one datagram from it, and act on it. Never raises."""
        self._advance(now)
        self._server.receive_data(peer, data, now)
        self._act(now)

    def receive_eof(self, peer: _P, now: float) -> None:
        """Note that the peer closed its stream. Never raises."""
        self._advance(now)
        self._server.receive_eof(peer, now)
        self._act(now)

    def data_to_send(self) -> list[tuple[_P, bytes]]:
        """Return what is to be written to whom, each item one whole packet: one write, one datagram."""
        return self._server.data_to_send()

    def next_timeout(self) -> float | None:
        """Return when `handle_timeout` is due, on the caller's clock, or None."""
        due = [*self.house.timers()]
        server = self._server.next_timeout()
        return min(due if server is None else [*due, server], default=None)

    def handle_timeout(self, now: float) -> None:
        """Let time go on: timers of the house and of the sessions."""
        self._advance(now)
        self._server.handle_timeout(now)
        self._act(now)

    def close(self, now: float) -> None:
        """End all sessions (packet 6) and connections."""
        self._server.close(now)
        self._act(now)

    def reboot(self, now: float) -> None:
        """Lose all sessions without a word; the house stays as it is.

        Nobody has notifications enabled afterwards, streams are CLOSED (close them), and what comes on in an old
        session on datagrams is answered with packet 6, as from anybody without one.
        """
        self._server.forget_all()
        self._notified.clear()
        self._advance(now)

    def push(self, changes: Iterable[Change], now: float) -> None:
        """Tell the clients that enabled notifications what changed, for changes made to the house directly."""
        self.house.note(*changes)
        self._advance(now)

    def _advance(self, now: float) -> None:
        self.house.advance(now)
        self._push_changes(now)

    def _act(self, now: float) -> None:
        while (item := self._server.next_event()) is not None:
            if self._observe is not None:
                self._observe(item)
            peer, event = item
            match event:
                case RequestReceived():
                    self._answer(peer, event, now)
                case SessionStarted() | ControllerSessionEnded():
                    # Whether the setting outlives a session is not printed; real clients send it each time.
                    self._notified.pop(peer, None)

    def _answer(self, peer: _P, event: RequestReceived, now: float) -> None:
        try:
            request = parse_message(event.message)
        except RemoteProtocolError:
            reply = Nak().to_message()
        else:
            reply = self._reply(peer, request)
        self._server.reply(peer, event, reply, now)
        # After the reply: clients know what came of their command before they see what it changed.
        self._push_changes(now)

    def _reply(self, peer: _P, request: Payload) -> Message:
        if isinstance(request, EnableNotifications) and request.enabled <= 1:
            if request.enabled:
                self._notified[peer] = None
            else:
                self._notified.pop(peer, None)
            return Ack().to_message()
        if not isinstance(request, Record) or type(request) not in _HANDLERS:
            return Nak().to_message()
        return _HANDLERS[type(request)](self.house, request)

    def _push_changes(self, now: float) -> None:
        for message in self._notifications(self.house.take_changes()):
            for peer in self._notified:
                if self._server.state(peer) is ConnectionState.ONLINE:
                    self._server.notify(peer, message, now)

    def _notifications(self, changes: list[Change]) -> list[Message]:
        messages: list[Message] = []
        # What happened in a row to one kind of object is told in one message, and all in its order.
        for kind, row in groupby(changes, _kind_of):
            if kind is None:
                words = [change for change in row if isinstance(change, SystemEvent)]
                messages += map(_event_message, _batched(words, _EVENTS_AT_ONCE))
            elif OBJECT_TYPES[kind].notified:
                numbers = [change[1] for change in row if not isinstance(change, SystemEvent)]
                messages += self._states(kind, numbers)
        return messages

    def _states(self, kind: ObjectType, numbers: list[int]) -> Iterator[Message]:
        # As real panels do: the extended form from firmware 3.0 on, the plain one before.
        extended = self.house.has_extended_status
        for piece in _batched(numbers, _PUSHED_AT_ONCE):
            message = status_message(self.house, kind, piece, extended=extended)
            if message is not None:
                yield message


def _kind_of(change: Change) -> ObjectType | None:
    return None if isinstance(change, SystemEvent) else change[0]


def _event_message(events: list[SystemEvent]) -> Message:
    return OtherEventNotifications(tuple(events)).to_message()


def _batched(items: list[_T], most: int) -> Iterator[list[_T]]:
    """Cut a list into lists of at most so many items."""
    for start in range(0, len(items), most):
        yield items[start : start + most]


_PUSHED_AT_ONCE = 14
"""Records in one pushed message: so many extended thermostats, the longest, fit well."""

_EVENTS_AT_ONCE = 100
"""Event words in one message: as long as the longest status that real panels are known to send."""

_HANDLERS: Mapping[type[Record], Callable[[House, Record], Message]] = MappingProxyType(
    {**ANSWERS, **CHANGES}
)
