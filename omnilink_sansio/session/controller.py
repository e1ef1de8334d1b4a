"""The controller's end of a connection to one client."""

from collections.abc import Callable
from typing import Self

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.session.connection import Connection
from omnilink_sansio.session.connection_states import CONTROLLER_STATES, ControllerInput
from omnilink_sansio.session.events import (
    ControllerEvent,
    ControllerSessionEnded,
    ReplyDropped,
    RequestId,
    RequestReceived,
    SessionStarted,
)
from omnilink_sansio.session.link import (
    Arrived,
    ControllerLink,
    ControllerLinkInput,
    Damaged,
    Opened,
    SessionOver,
)
from omnilink_sansio.session.observer import Observer
from omnilink_sansio.session.secure_controller_link import SecureControllerLink
from omnilink_sansio.session.settings import ControllerSettings
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.message import Message

__all__ = ["ControllerConnection"]

_DEFAULTS = ControllerSettings()
_NOT_TRACKED = 0
"""The tag of a request without one; see `RequestReceived`."""


class ControllerConnection(Connection[ControllerLink, ControllerLinkInput, ControllerInput, ControllerEvent]):
    """The controller's end of the connection to one client, over one stream or from one datagram address.

    ``session_ids`` gives 5 random bytes for each session; ``may_start`` says whether another session fits (a
    client that has one already is never refused), ``recognises`` whether a request that comes again as a
    datagram is known to be a repeat; ``now`` is when a stream was accepted, so that a client that never says
    anything does not stay for ever; ``last_request_id`` is the last one that an earlier connection of the
    same client gave out, so that a reply to that is known as too late. ``observer`` is called with every
    packet, change of state and drop. Raises `LocalProtocolError` for a key that has not 16 bytes.

    A stream is CLOSED whenever a session has ended; on datagrams the connection is IDLE again, since the
    same peer may return.
    """

    __slots__ = (
        "_last_id",
        "_max_unanswered",
        "_unanswered",
    )

    def __init__(
        self,
        controller_key: bytes,
        session_ids: Callable[[], bytes],
        *,
        framing: Framing = Framing.STREAM,
        settings: ControllerSettings | None = None,
        may_start: Callable[[], bool] = lambda: True,
        recognises: Callable[[], bool] = lambda: True,
        now: float | None = None,
        last_request_id: RequestId = 0,
        observer: Observer | None = None,
    ) -> None:
        settings = settings or _DEFAULTS
        link = SecureControllerLink(
            controller_key,
            session_ids,
            framing=framing,
            settings=settings,
            may_start=may_start,
            recognises=recognises,
            now=now,
            observer=observer,
        )
        self._stand_on(link, settings, last_request_id, observer)

    @classmethod
    def over(
        cls,
        link: ControllerLink,
        *,
        settings: ControllerSettings | None = None,
        last_request_id: RequestId = 0,
        observer: Observer | None = None,
    ) -> Self:
        """Return a connection over a link of your own."""
        connection = cls.__new__(cls)
        connection._stand_on(  # noqa: SLF001 - in place of __init__
            link, settings or _DEFAULTS, last_request_id, observer
        )
        return connection

    def _stand_on(
        self,
        link: ControllerLink,
        settings: ControllerSettings,
        last_request_id: RequestId,
        observer: Observer | None,
    ) -> None:
        super().__init__(link, link.next_input, CONTROLLER_STATES, observer)
        self._max_unanswered = settings.max_unanswered
        self._unanswered: dict[RequestId, int] = {}
        self._last_id = last_request_id

    @property
    def last_request_id(self) -> RequestId:
        """The last request ID that was given out."""
        return self._last_id

    @property
    def is_half_open(self) -> bool:
        """Whether a session is being opened."""
        return self._link.is_half_open

    # What the owner does.

    def reply(self, request: RequestReceived, message: Message, now: float) -> None:
        """Answer a request, once. After its session has ended the answer is dropped and reported.

        Raises `LocalProtocolError` when the message does not fit or the request is none of this connection's.
        Afterwards write what is pending, re-arm the timeout; see `Connection`.
        """
        encoded = self._link.encode(message)
        if not 1 <= request.request_id <= self._last_id:
            raise LocalProtocolError(f"request {request.request_id} was never received on this connection")
        tag = self._unanswered.pop(request.request_id, None)
        if tag is None or self._state is not ConnectionState.ONLINE:
            self._events.append(ReplyDropped(request.request_id))
            return
        self._now = now
        self._link.answer(tag, encoded, now)

    def notify(self, message: Message, now: float) -> None:
        """Send a message that answers nothing.

        Raises `LocalProtocolError` when there is no session, or the message does not fit. Afterwards write
        what is pending, re-arm the timeout; see `Connection`.
        """
        if self._state is not ConnectionState.ONLINE:
            raise LocalProtocolError(
                f"notifications need a session, and this connection is {self._state.value}"
            )
        encoded = self._link.encode(message)
        self._now = now
        self._link.push(encoded, now)

    def terminate(self, now: float) -> None:
        """End the session, or the offer of one; does nothing when there is none.

        Afterwards pull events, write what is pending, re-arm the timeout; see `Connection`.
        """
        over = self._link.terminate(now)
        if over is not None:
            self._now = now
            self._enter(ControllerInput.TERMINATE)
            self._take_end(over)

    def close(self, now: float) -> None:
        """End the session, if there is one, and the connection for good.

        Afterwards pull events, write what is pending, close the transport; see `Connection`.
        """
        if self._state is not ConnectionState.CLOSED:
            self._now = now
            self._enter(ControllerInput.CLOSE)
            over = self._link.close(now)
            if over is not None:
                self._take_end(over)

    # What the link reports.

    def _take(self, found: ControllerLinkInput) -> None:
        match found:
            case Arrived():
                self._enter(ControllerInput.ARRIVED)
                self._receive(found)
            case Opened():
                self._enter(ControllerInput.OPENED)
                self._events.append(SessionStarted())
            case SessionOver():
                self._take_end(found)
            case Damaged():
                self._enter(ControllerInput.DROPPED)
                self._events.append(found.dropped)
            case _:
                self._enter(ControllerInput.DROPPED)
                self._events.append(found)

    def _receive(self, arrived: Arrived) -> None:
        tag = arrived.tag or _NOT_TRACKED
        self._last_id = request_id = self._last_id + 1
        self._unanswered[request_id] = tag
        if len(self._unanswered) > self._max_unanswered:
            del self._unanswered[next(iter(self._unanswered))]
        self._events.append(RequestReceived(request_id, tag, arrived.message))

    def _take_end(self, over: SessionOver) -> None:
        is_closed = self._link.is_closed
        self._enter(ControllerInput.LINK_OVER if is_closed else ControllerInput.SESSION_OVER)
        self._unanswered.clear()
        self._events.append(ControllerSessionEnded(over.reason, over.detail))

    # Time.

    def _own_due(self) -> float | None:
        return None

    def _expire(self, now: float) -> None:
        found = self._link.expire(now)
        if found is not None:
            self._take(found)
