"""All clients of one controller: many streams, one datagram socket, or both, without I/O."""

from collections import deque
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.session.controller import ControllerConnection
from omnilink_sansio.session.events import ControllerEvent, PacketDropped, ReplyDropped, RequestReceived
from omnilink_sansio.session.settings import ControllerSettings
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.message import Message

__all__ = ["ControllerServer", "PeerEvent"]

_P = TypeVar("_P", bound=Hashable)


def _is_over(connection: ControllerConnection) -> bool:
    """Whether a connection is forgotten: a stream may still begin a session, a datagram peer begins anew."""
    if connection.state is ConnectionState.CLOSED:
        return True
    is_idle = connection.state is ConnectionState.IDLE and not connection.is_half_open
    return is_idle and connection.framing is Framing.DATAGRAM


class PeerEvent(NamedTuple, Generic[_P]):
    """An event and the peer that it came from."""

    peer: _P
    event: ControllerEvent | PacketDropped


class ControllerServer(Generic[_P]):
    """The controller's end of any number of connections, each named by its ``peer`` (any hashable value).

    The contract is that of `Connection` with the peer before every input. A stream is announced with `accept`
    and gone once its `state` is CLOSED: then close it. With datagrams a peer is known from its packet 1 until
    its session ends; what comes from others is answered without being remembered.

    With ``framing`` None there are both at once: a peer that was announced with `accept` is a stream, any other a
    datagram peer, and all sessions together are limited. A stream's name remains one until `receive_eof`, so that
    what comes late on a closed stream is not taken for a datagram: call that once the transport is closed.
    ``may_start`` is asked before each new session, besides the limits, and ``recognises`` when a request comes
    again as a datagram: False has it carried out again.
    """

    def __init__(
        self,
        controller_key: bytes,
        session_ids: Callable[[], bytes],
        *,
        framing: Framing | None = Framing.STREAM,
        settings: ControllerSettings | None = None,
        may_start: Callable[[], bool] = lambda: True,
        recognises: Callable[[], bool] = lambda: True,
    ) -> None:
        self._controller_key = ControllerKey(controller_key)
        self._session_ids = session_ids
        self._framing = framing
        self._settings = settings or ControllerSettings()
        self._owner_lets_start = may_start
        self._recognises = recognises
        self._streams: set[_P] = set()
        self._connections: dict[_P, ControllerConnection] = {}
        self._active: dict[_P, ControllerConnection] = {}
        self._dropped: deque[PeerEvent[_P]] = deque()
        self._last_request_id = 0

    @property
    def session_count(self) -> int:
        """How many sessions are online."""
        return sum(connection.state is ConnectionState.ONLINE for connection in self._connections.values())

    @property
    def peers(self) -> tuple[_P, ...]:
        """Who is connected, with a session or without one yet, in the order in which they came."""
        return tuple(self._connections)

    def is_stream(self, peer: _P) -> bool:
        """Whether this names a stream; where there are both: accepted, and its end not noted yet."""
        return self._framing is Framing.STREAM or peer in self._streams

    def _may_start(self) -> bool:
        half_open = sum(connection.is_half_open for connection in self._connections.values())
        taken = half_open + self.session_count
        fits = half_open < self._settings.max_half_open and taken < self._settings.max_sessions
        return self._owner_lets_start() and fits

    def state(self, peer: _P) -> ConnectionState:
        """Return where a peer's connection stands; CLOSED for one that is not known."""
        connection = self._connections.get(peer)
        return ConnectionState.CLOSED if connection is None else connection.state

    def accept(self, peer: _P, now: float) -> None:
        """Take a new stream. Raises `LocalProtocolError` for a peer that is there already, or on datagrams."""
        if self._framing is Framing.DATAGRAM or peer in self._connections:
            raise LocalProtocolError(
                "a stream is accepted once, under a name of its own; datagrams never are"
            )
        if self._framing is None:
            self._streams.add(peer)
        self._connections[peer] = self._new_connection(Framing.STREAM, now)

    def _new_connection(self, framing: Framing, now: float) -> ControllerConnection:
        return ControllerConnection(
            self._controller_key,
            self._session_ids,
            framing=framing,
            settings=self._settings,
            may_start=self._may_start,
            recognises=self._recognises,
            now=now,
            last_request_id=self._last_request_id,
        )

    def receive_data(self, peer: _P, data: bytes, now: float) -> None:
        """Take a piece of the peer's stream, or one datagram from it. Never raises.

        What comes on a stream that was not accepted, or is closed, is ignored.
        """
        connection = self._connections.get(peer)
        if connection is None:
            if self.is_stream(peer):
                return
            connection = self._connections[peer] = self._new_connection(Framing.DATAGRAM, now)
        connection.receive_data(data, now)
        self._active[peer] = connection

    def receive_eof(self, peer: _P, now: float) -> None:
        """Note that the peer closed its stream, or that its transport is gone. Never raises."""
        self._streams.discard(peer)
        connection = self._connections.get(peer)
        if connection is not None:
            connection.receive_eof(now)
            self._active[peer] = connection

    def next_event(self) -> PeerEvent[_P] | None:
        """Return the next thing that happened at any peer, or None when there is nothing more."""
        if self._dropped:
            return self._dropped.popleft()
        for peer, connection in self._active.items():
            event = connection.next_event()
            if event is not None:
                return PeerEvent(peer, event)
        return None

    def data_to_send(self) -> list[tuple[_P, bytes]]:
        """Return what is to be written to whom, each item one whole packet.

        Defined once `next_event` has returned None. Connections that are over are forgotten here.
        """
        pending = [
            (peer, packet)
            for peer, connection in self._active.items()
            for packet in connection.data_to_send()
        ]
        for peer, connection in self._active.items():
            if _is_over(connection):
                # A peer of this name may return: an answer to its old requests is none to its new ones.
                self._last_request_id = max(self._last_request_id, connection.last_request_id)
                del self._connections[peer]
        self._active.clear()
        return pending

    def next_timeout(self) -> float | None:
        """Return when `handle_timeout` is due, on the caller's clock, or None."""
        timeouts = [connection.next_timeout() for connection in self._connections.values()]
        return min([timeout for timeout in timeouts if timeout is not None], default=None)

    def handle_timeout(self, now: float) -> None:
        """Do what is due by now, at every peer."""
        for peer, connection in self._connections.items():
            connection.handle_timeout(now)
            self._active[peer] = connection

    def reply(self, peer: _P, request: RequestReceived, message: Message, now: float) -> None:
        """Answer a peer's request; see `ControllerConnection.reply`.

        When the peer is gone the answer is dropped and reported.
        """
        connection = self._connections.get(peer)
        if connection is None:
            self._dropped.append(PeerEvent(peer, ReplyDropped(request.request_id)))
            return
        connection.reply(request, message, now)
        self._active[peer] = connection

    def notify(self, peer: _P, message: Message, now: float) -> None:
        """Send a peer a message that answers nothing; see `ControllerConnection.notify`.

        Raises `LocalProtocolError` when the peer has no session.
        """
        connection = self._connections.get(peer)
        if connection is None:
            raise LocalProtocolError("there is no connection to this peer")
        connection.notify(message, now)
        self._active[peer] = connection

    def terminate(self, peer: _P, now: float) -> None:
        """End a peer's session with packet 6; does nothing when it has none."""
        connection = self._connections.get(peer)
        if connection is not None:
            connection.terminate(now)
            self._active[peer] = connection

    def forget_all(self) -> None:
        """Lose all sessions and connections, as a controller that restarts does.

        Nothing is sent, and nothing reported but answers that come too late. Streams are CLOSED: close them.
        """
        for connection in self._connections.values():
            # A peer of this name may return: an answer to its old requests is none to its new ones.
            self._last_request_id = max(self._last_request_id, connection.last_request_id)
        self._connections.clear()
        self._active.clear()

    def close(self, now: float) -> None:
        """End all sessions and connections."""
        for peer, connection in self._connections.items():
            connection.close(now)
            self._active[peer] = connection
