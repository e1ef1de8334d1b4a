"""One connection to a controller: a client machine and a transport, served by whoever waits, or by a thread."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from math import inf
from types import TracebackType
from typing import Literal, Self, TypeVar

from omnilink_sansio.client.dispatcher import Dispatcher, PendingReply
from omnilink_sansio.client.event_queue import ConnectionLost, EventsLost
from omnilink_sansio.client.listeners import CallbackListener
from omnilink_sansio.errors import LocalProtocolError, OmniLinkError
from omnilink_sansio.messages.request import Request
from omnilink_sansio.messages.system import EnableNotifications
from omnilink_sansio.session.client import ClientConnection
from omnilink_sansio.session.connection_type import TransportName
from omnilink_sansio.session.ends import cannot_open
from omnilink_sansio.session.events import ClientEvent, LateReply, PacketDropped, SessionEnded, SessionStarted
from omnilink_sansio.session.settings import DEFAULT_PORT, ClientSettings
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.framing import Framing, framing_named
from omnilink_sansio.wire.message import Message
from omnilink_sync.event_stream import EventStream, Subscriptions
from omnilink_sync.reply import Reply
from omnilink_sync.transport import GRACE, TRANSPORT_ERRORS, Opener, Transport, opener

__all__ = ["OmniConnection"]

_T = TypeVar("_T")

_POLL_INTERVAL = 0.5
"""Seconds after which the background reader looks up: others may have ended the session, or set a time."""

LONGEST_WAIT = 3600.0
"""Seconds that anything is asked to wait at most: nothing has to know infinity."""

_PIECES_AT_ONCE = 1000
"""Pieces taken before a request is sent: a peer that sends more must not keep us from ever sending."""

_log = logging.getLogger("omnilink.sync")
_log.addHandler(logging.NullHandler())


def _no_op() -> None:
    """Do nothing: what waits looks for itself after each input."""


class OmniConnection:
    """A connection for low-level use: a session, requests on it, and what comes unasked.

    Use it as a context manager, or call `connect` and `close`.

    ``controller_key`` has 16 bytes, None finds out whether a session would be offered and opens none; ``timeout``
    is how long a request waits for its reply, in seconds; ``settings`` replaces it and adjusts everything else.

    It belongs to the thread that connects it, and is served only while that thread waits for something: a
    notification is noticed, and the session kept alive, during calls. `read_in_background` changes both. From
    a callback nothing may be waited for, unless it has a thread of its own.
    """

    def __init__(
        self,
        host: str,
        port: int = DEFAULT_PORT,
        *,
        controller_key: bytes | None,
        timeout: float = 5.0,
        transport: TransportName = "tcp",
        settings: ClientSettings | None = None,
    ) -> None:
        settings = settings or ClientSettings(request_timeout=timeout)
        opening, framing = opener(transport, host, port, settings.handshake_timeout)
        self._prepare(opening, controller_key, settings, framing)

    @classmethod
    def over(
        cls,
        transport: Transport,
        *,
        controller_key: bytes | None,
        timeout: float = 5.0,
        framing: Literal["stream", "datagram"] = "stream",
        settings: ClientSettings | None = None,
    ) -> Self:
        """Return a connection over a transport of your own, which it will close.

        ``framing`` is whether it carries a byte stream or one packet an item; it is never guessed.
        """
        return cls.opening(
            lambda: transport,
            controller_key=controller_key,
            timeout=timeout,
            framing=framing,
            settings=settings,
        )

    @classmethod
    def opening(
        cls,
        open_transport: Opener,
        *,
        controller_key: bytes | None,
        timeout: float = 5.0,
        framing: Literal["stream", "datagram"] = "stream",
        settings: ClientSettings | None = None,
    ) -> Self:
        """Return a connection over a transport that ``open_transport`` opens when it is to connect.

        What that raises should be an `OmniConnectionError`; ``framing`` as for `over`.
        """
        connection = cls.__new__(cls)
        settings = settings or ClientSettings(request_timeout=timeout)
        connection._prepare(  # noqa: SLF001 - in place of __init__
            open_transport, controller_key, settings, framing_named(framing)
        )
        return connection

    def _prepare(
        self, opening: Opener, controller_key: bytes | None, settings: ClientSettings, framing: Framing
    ) -> None:
        self._open = opening
        self._machine = ClientConnection(controller_key, framing=framing, settings=settings)
        self._dispatcher = Dispatcher(self._machine, self._observe)
        self._enabling: Reply[None] | None = None
        # Its lock guards the machine, and all that it reports.
        self._changed = threading.Condition()
        self._owner: int | None = None
        self._transport: Transport | None = None
        self._reader: threading.Thread | None = None
        self._subscriptions = Subscriptions(self._dispatcher.listeners, self._changed)

    def __repr__(self) -> str:
        return f"<OmniConnection {self._machine.state.value}>"

    @property
    def is_connected(self) -> bool:
        """Whether there is a session now."""
        return self._dispatcher.is_online

    # Opening and closing.

    def connect(self) -> None:
        """Open the transport and a session on it.

        Raises `OmniConnectionError` when the transport cannot be opened, `HandshakeError` or one of its kinds
        when the session cannot, `LocalProtocolError` the second time.
        """
        if self._owner is not None or self._dispatcher.end is not None:
            raise LocalProtocolError("a connection connects once: make a new one")
        try:
            self._transport = self._open()
        except OmniLinkError:
            raise
        except Exception as error:
            if not isinstance(error, TRANSPORT_ERRORS):
                _log.exception("the transport could not be opened")
            raise cannot_open("the controller", error) from error
        self._owner = threading.get_ident()
        try:
            with self._changed:
                self._machine.connect(time.monotonic())
                self._pump()
            self.serve_until(lambda: self.is_connected)
        except BaseException:
            self.close()
            raise
        if self._dispatcher.end is not None:
            self._dispatcher.raise_end()

    def close(self) -> None:
        """End the session in order (packet 5), then close the transport. Does nothing the second time."""
        if self._transport is None and self._reader is None:
            return
        with self._changed:
            self._check_caller()
            self._machine.close(time.monotonic())
            self._pump()
        try:
            self.serve_until(lambda: False)
        finally:
            self._shut_down()

    def _shut_down(self) -> None:
        with self._changed:
            self._machine.receive_eof(time.monotonic())
            self._dispatcher.dispatch()
            self._changed.notify_all()
        if self._reader is None:
            self._close_transport()
        else:
            self._reader.join()
        self._subscriptions.join(GRACE)

    def _close_transport(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            # Whatever it raises, nothing can be done about it any more.
            with suppress(Exception):
                transport.close()

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def read_in_background(self) -> None:
        """Have a thread serve the connection from now on, until it is closed.

        Notifications are then noticed and the session is kept alive whatever your threads do, all of them may use
        the connection, and a callback that subscribes from now on has a thread and a bounded queue of its own: it
        may take its time, and call. Raises `OmniConnectionError` when there is no session. Does nothing the second
        time.
        """
        with self._changed:
            self._check_caller()
            self.check_connected()
            if self._reader is None:
                self._reader = threading.Thread(target=self._read, name="omnilink reader", daemon=True)
                self._reader.start()

    # Requests.

    def submit(self, request: Request[_T]) -> Reply[_T]:
        """Send a request, or queue it behind those under way, without waiting for its reply.

        Raises `OmniConnectionError` when there is no session, `LocalProtocolError` when the queue is full or
        the request does not fit its message.
        """
        return Reply(self._submit(request), self.serve_until)

    def _submit(self, request: Request[_T]) -> PendingReply[_T]:
        with self._changed:
            self._check_thread()
            self._catch_up()
            pending = self._dispatcher.submit(request, _no_op, time.monotonic())
            self._pump()
        return pending

    def _catch_up(self) -> None:
        """Take what came, and do what fell due, while the connection was not served.

        So that nothing is sent into a session that has ended, and none that was left alone for long is trusted.
        """
        if self._reader is None and self.is_connected and not self._dispatcher.is_dispatching:
            for _ in range(_PIECES_AT_ONCE):
                if not self._step(time.monotonic()):
                    return

    def request(self, request: Request[_T]) -> _T:
        """Send a request and return its reply's content.

        Raises what the reply or its absence means: `CommandFailedError`, `RequestTimeoutError`,
        `OutcomeUnknownError`, `OmniConnectionError`, `RemoteProtocolError`; and what `submit` raises.
        """
        return request.accept(self.exchange(request))

    def exchange(self, request: Request[object]) -> Message:
        """Send a request and return its reply's message; raises as `request` does, short of its content."""
        with self._changed:
            self._check_caller()
            pending = self._submit(request)
        try:
            self.serve_until(lambda: pending.is_settled)
        except BaseException:
            with self._changed:
                self._dispatcher.give_up(pending, time.monotonic())
                self._pump()
            raise
        return pending.message()

    def enable_notifications(self) -> Reply[None]:
        """Have the controller send what happens unasked; once a session, unless that failed.

        Returns the reply to wait for. Raises as `submit` does.
        """
        with self._changed:
            if self._enabling is None or self._enabling.has_failed or not self.is_connected:
                self._enabling = self.submit(EnableNotifications(enabled=1))
            return self._enabling

    # What comes unasked.

    def unsolicited(self) -> EventStream[Message]:
        """Return an iterator over the messages that the controller sends unasked, from now on.

        Most need notifications to be enabled first: `OmniClient.events` does that, and gives typed events.
        """
        return self.listen(lambda message: (message,))

    def listen(
        self,
        translate: Callable[[Message], Iterable[_T]],
        ready: Callable[[], Reply[object]] | None = None,
    ) -> EventStream[_T]:
        """Return an iterator over what ``translate`` makes of the unsolicited messages, from now on.

        ``ready`` returns the reply to wait for before the first event.
        """
        with self._changed:
            self._check_thread()
            return EventStream(self._dispatcher.listeners, self._changed, self.serve_until, translate, ready)

    def subscribe(
        self,
        callback: Callable[[_T | EventsLost | ConnectionLost], None],
        translate: Callable[[Message], Iterable[_T]],
    ) -> Callable[[], None]:
        """Call a function with each thing that ``translate`` makes of the unsolicited messages, in order.

        At the end of the session it is called with `ConnectionLost`. Returns what ends it before. A callback that
        raises is logged and stays. It must not block; in blocking code that reads in the background it has a
        thread of its own instead, and gets `EventsLost` where it was too slow. Raises as `submit` does when there
        is no session.
        """
        with self._changed:
            self._check_thread()
            self.check_connected()
            if self._reader is None:
                return self._subscriptions.call_inline(callback, translate)
            return self._subscriptions.call_in_thread(callback, translate, self.serve_until)

    def tap(
        self,
        notification: Callable[[Message], None],
        reply: Callable[[Message], None],
        ended: Callable[[], None],
    ) -> None:
        """Call functions with every message, unsolicited or a reply whoever asked, in order, and at the end.

        They are called between two packets: they must not block, nor raise.
        """
        self._dispatcher.reply_listeners.add(CallbackListener(reply, lambda _: None))
        self._dispatcher.listeners.add(CallbackListener(notification, lambda _: ended()))

    def check_connected(self) -> None:
        """Raise `OmniConnectionError`, or the kind of it that names why, when there is no session."""
        if not self.is_connected:
            self._dispatcher.raise_end()

    # The machine, and what serves it.

    def serve_until(self, done: Callable[[], bool], until: float = inf) -> None:
        """Serve the connection until something is so, it is over, or a time on `time.monotonic` has come.

        ``done`` is asked after each input. Raises `LocalProtocolError` in a callback, which must not wait.
        """
        with self._changed:
            self._check_caller()
            reader = self._reader
            if reader is not None:
                while not done() and not self._is_over(until):
                    self._changed.wait(min(self._wait_time(until), _POLL_INTERVAL))
                    self._keep_time()
                return
        while not done() and self._machine.state is not ConnectionState.CLOSED:
            # At least once, also when the time has come: what has arrived already is there to be taken.
            self._step(until)
            if time.monotonic() >= until:
                done()
                return

    def _is_over(self, until: float) -> bool:
        return self._machine.state is ConnectionState.CLOSED or time.monotonic() >= until

    def _read(self) -> None:
        try:
            while self._machine.state is not ConnectionState.CLOSED:
                self._step(time.monotonic() + _POLL_INTERVAL)
        except Exception:  # noqa: BLE001 - whatever it is, no caller would see it
            _log.exception("the background reader failed: the session ends here")
            with self._changed:
                self._machine.receive_eof(time.monotonic())
                self._pump()
        finally:
            self._close_transport()

    def _step(self, until: float) -> bool:
        """Wait for the next piece or the next time-out, and act on it; return whether a piece came."""
        transport = self._transport
        assert transport is not None
        with self._changed:
            patience = self._wait_time(until)
        try:
            data = transport.receive(patience)
            if data == b"" and self._machine.framing is Framing.STREAM:
                raise EOFError("a stream that gives an empty piece is over")
        except Exception as error:  # noqa: BLE001 - whatever a transport raises, the session ends as at any loss
            if not isinstance(error, TRANSPORT_ERRORS):
                _log.exception("the transport failed to read: the session ends here")
            with self._changed:
                self._machine.receive_eof(time.monotonic())
                self._pump()
            return False
        with self._changed:
            if data is not None:
                self._machine.receive_data(data, time.monotonic())
                self._pump()
            self._keep_time()
        return data is not None and self._machine.state is not ConnectionState.CLOSED

    def _wait_time(self, until: float) -> float:
        due = self._machine.next_timeout()
        left = min(until, inf if due is None else due) - time.monotonic()
        return min(max(left, 0.0), LONGEST_WAIT)

    def _keep_time(self) -> None:
        due, now = self._machine.next_timeout(), time.monotonic()
        if due is not None and now >= due:
            self._machine.handle_timeout(now)
            self._pump()

    def _pump(self) -> None:
        """Take the machine's events, write its packets."""
        # A callback may send: what follows from that comes after what it was called with.
        if self._dispatcher.is_dispatching:
            return
        self._dispatcher.dispatch()
        self._write()
        if self._machine.state is ConnectionState.CLOSED and self._reader is None:
            # Prompt, though its owner may not be looking: a panel has few connections to give.
            self._close_transport()
        self._changed.notify_all()

    def _write(self) -> None:
        packets, transport = self._machine.data_to_send(), self._transport
        if transport is None:
            return
        try:
            for packet in packets:
                transport.send(packet)
        except BaseException as error:
            # Half a packet may be out: nothing can follow it.
            self._machine.receive_eof(time.monotonic())
            self._dispatcher.dispatch()
            self._machine.data_to_send()
            if not isinstance(error, Exception):
                raise
            if not isinstance(error, TRANSPORT_ERRORS):
                _log.exception("the transport failed to write: the session ends here")

    def _check_thread(self) -> None:
        if self._reader is None and self._owner not in (None, threading.get_ident()):
            raise LocalProtocolError(
                "this connection belongs to the thread that connected it: "
                "have it call read_in_background(), and every thread may use it"
            )

    def _check_caller(self) -> None:
        self._check_thread()
        if self._dispatcher.is_dispatching:
            raise LocalProtocolError(
                "a callback that is called while others wait must not wait itself: submit() the request, "
                "or call read_in_background() before you subscribe"
            )

    def _observe(self, event: ClientEvent) -> None:
        match event:
            case SessionStarted():
                _log.info("session started")
            case SessionEnded():
                _log.info("session ended: %s", event.reason.value)
            case PacketDropped() | LateReply():
                _log.debug("%r", event)
