"""The client's end of a connection: a link, a request engine and the keepalive."""

from functools import cache
from typing import Self

from omnilink_sansio.errors import EndReason, LocalProtocolError, OutcomeCause
from omnilink_sansio.messages.raw_request import RawRequest
from omnilink_sansio.messages.request import Request
from omnilink_sansio.session.connection import Connection
from omnilink_sansio.session.connection_states import CLIENT_STATES, ClientInput
from omnilink_sansio.session.end_reasons import END_REASONS
from omnilink_sansio.session.events import (
    ClientEvent,
    LeaseId,
    NotificationReceived,
    RequestId,
    SessionEnded,
    SessionStarted,
)
from omnilink_sansio.session.history import SessionHistory
from omnilink_sansio.session.keepalive import Keepalive
from omnilink_sansio.session.link import Arrived, ClientLink, ClientLinkInput, Damaged, Ended, Opened
from omnilink_sansio.session.observer import Observer
from omnilink_sansio.session.request_engine import RequestEngine
from omnilink_sansio.session.secure_client_link import SecureClientLink
from omnilink_sansio.session.settings import ClientSettings
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.message import Message

__all__ = ["ClientConnection"]

_DEFAULTS = ClientSettings()
_ONLINE = ConnectionState.ONLINE
_ARRIVED = ClientInput.ARRIVED


@cache
def _cheap_read(message_type: int, start: int) -> RawRequest:
    # One for all connections: a process may have thousands.
    return RawRequest(Message(message_type, start=start))


class ClientConnection(Connection[ClientLink, ClientLinkInput, ClientInput, ClientEvent]):
    """The client's end of one connection to a controller: one session, or a failed attempt at one.

    Call `connect`, then treat it as every `Connection`. ``controller_key`` has 16 bytes; None finds out
    whether a session would be offered, and opens none. ``framing`` says how packets travel. ``history`` is
    the `history` of the same client's last connection: with it a late datagram of an old session is not taken
    for one of the new. ``observer`` is called with every packet, change of state and drop. Raises
    `LocalProtocolError` for a key of another length.
    """

    __slots__ = (
        "_keepalive",
        "_requests",
    )

    def __init__(
        self,
        controller_key: bytes | None,
        *,
        framing: Framing = Framing.STREAM,
        settings: ClientSettings | None = None,
        history: SessionHistory | None = None,
        observer: Observer | None = None,
    ) -> None:
        settings = settings or _DEFAULTS
        link = SecureClientLink(
            controller_key, framing=framing, settings=settings, history=history, observer=observer
        )
        self._stand_on(link, settings, observer)

    @classmethod
    def over(
        cls, link: ClientLink, *, settings: ClientSettings | None = None, observer: Observer | None = None
    ) -> Self:
        """Return a connection over a link of your own."""
        connection = cls.__new__(cls)
        connection._stand_on(link, settings or _DEFAULTS, observer)  # noqa: SLF001 - in place of __init__
        return connection

    def _stand_on(self, link: ClientLink, settings: ClientSettings, observer: Observer | None) -> None:
        super().__init__(link, link.next_input, CLIENT_STATES, observer)
        self._requests = RequestEngine(link, settings, self._events)
        # Where nothing gets lost one unanswered read may still be the controller's whim.
        tries = 1 if link.loses_messages else 2
        self._keepalive = Keepalive(
            _cheap_read(settings.dialect.keepalive, settings.dialect.start), settings, self._requests, tries
        )

    @property
    def history(self) -> SessionHistory:
        """What to give to the same client's next connection, now or when this one is over."""
        return self._link.history

    # What the owner does.

    def connect(self, now: float) -> None:
        """Begin to open a session. Raises `LocalProtocolError` unless the connection is IDLE.

        Afterwards pull events, write what is pending, re-arm the timeout; see `Connection`.
        """
        if self._state is not ConnectionState.IDLE:
            raise LocalProtocolError(
                f"a connection connects once, and this one is {self._state.value}: make a new one"
            )
        self._now = now
        self._enter(ClientInput.CONNECT)
        opened = self._link.open(now)
        if opened is not None:
            self._take(opened)

    def send(
        self,
        request: Request[object],
        now: float,
        *,
        repeat: bool | None = None,
        lease: LeaseId | None = None,
    ) -> RequestId:
        """Send a request, or queue it until there is room; its reply comes as an event.

        ``repeat`` overrides, for links that lose messages, whether the request is sent again when it is not
        answered (by default READ and SET are, MOMENTARY is not). ``lease`` is the one that the request
        belongs to. Raises `LocalProtocolError`, and nothing has changed, when the connection is not ONLINE,
        the queue is full or the request does not fit its message; `LeaseEndedError` when the lease is not
        held any more. Afterwards pull events, write what is pending, re-arm the timeout; see `Connection`.
        """
        if self._state is not _ONLINE:
            raise self._no_session("requests")
        encoded = self._link.encode(request.to_message())
        request_id = self._requests.submit(request, encoded, now, repeat, lease)
        self._now = now
        return request_id

    def cancel(self, request_id: RequestId, now: float) -> None:
        """Give a request up: it ends in one `RequestCancelled`, unless it has already ended.

        A sent one keeps its place until its reply or deadline and is not repeated. Raises `LocalProtocolError`
        for an ID that this connection never gave out. Afterwards pull events; see `Connection`.
        """
        self._requests.cancel(request_id)
        self._now = now

    def lease(self, now: float) -> LeaseId:
        """Ask for a lease: `LeaseGranted` comes when nothing is in flight, and from then on all requests wait but
        those that are sent under it.

        `release` gives it back. A security command of somebody else ends it before: `LeaseEnded`; begin anew then.
        Raises `LocalProtocolError` when the connection is not ONLINE or the queue is full. Afterwards pull events,
        write what is pending, re-arm the timeout; see `Connection`.
        """
        if self._state is not _ONLINE:
            raise self._no_session("leases")
        lease = self._requests.lease(now)
        self._now = now
        return lease

    def release(self, lease: LeaseId, now: float) -> None:
        """Give a lease back, granted or not yet; does nothing for one that is over.

        Requests still queued under it are cancelled. Raises `LocalProtocolError` for one that this connection
        never gave out. Afterwards pull events, write what is pending, re-arm the timeout; see `Connection`.
        """
        self._requests.release(lease, now)
        self._now = now

    def close(self, now: float) -> None:
        """End the session in order: fail what is open, say goodbye, wait briefly for the answer.

        Does nothing when the end is under way. Afterwards pull events, write what is pending, re-arm the
        timeout; see `Connection`.
        """
        if self._state not in (ConnectionState.CLOSING, ConnectionState.CLOSED):
            self._now = now
            self._enter(ClientInput.CLOSE)
            self._requests.end(END_REASONS[EndReason.CLOSED].text, OutcomeCause.CLOSE, None)
            ended = self._link.close(now)
            if ended is not None:
                self._take(ended)

    def _no_session(self, what: str) -> LocalProtocolError:
        return LocalProtocolError(f"{what} need a session, and this connection is {self._state.value}")

    # What the link reports.

    def _take(self, found: ClientLinkInput) -> None:
        if isinstance(found, Arrived):
            # Looked up as `_enter` does: every message passes here.
            if self._row[_ARRIVED] is not self._state:
                self._enter(_ARRIVED)
            tag, message = found
            if tag is None:
                self._events.append(NotificationReceived(message))
                return
            fault = self._requests.take_reply(tag, message, self._now)
            if fault is not None:
                self._events.append(self._link.reject(tag, fault))
            return
        match found:
            case Opened():
                self._enter(ClientInput.OPENED)
                self._requests.begin(self._now)
                self._events.append(SessionStarted(found.session_id_reused))
            case Damaged():
                self._enter(ClientInput.DAMAGED)
                self._events.append(found.dropped)
                self._requests.take_damaged_reply(found.tag, found.error, self._now)
            case Ended():
                self._enter(ClientInput.ENDED)
                self._requests.end(END_REASONS[found.reason].text, OutcomeCause.LOSS, found.error)
                self._events.append(SessionEnded(found.reason, found.error))
            case _:
                self._enter(ClientInput.DROPPED)
                self._events.append(found)

    # Time.

    def _own_due(self) -> float | None:
        if self._state is not _ONLINE:
            return None
        due = self._requests.next_due()
        return self._keepalive.next_due() if due is None else due

    def _expire(self, now: float) -> None:
        found = self._link.expire(now)
        if found is not None:
            self._take(found)
        if self._state is _ONLINE:
            self._expire_requests(now)

    def _expire_requests(self, now: float) -> None:
        expired = self._requests.expire(now)
        if self._keepalive.is_silent_after(expired):
            self._enter(ClientInput.CONTROLLER_SILENT)
            ended = self._link.abandon(now)
            if ended is not None:
                self._take(ended)
            return
        self._requests.repeat(now)
        self._keepalive.ask_after(expired, now)
        self._requests.send_queued(now)
        self._keepalive.ask_if_due(now)
