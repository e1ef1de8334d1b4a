"""One connection to a controller: a client machine and a transport, served by whoever waits, or by a thread."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Literal, Self, TypeVar

from omnilink_sansio.client.dispatcher import PendingReply
from omnilink_sansio.client.event_queue import ConnectionLost, EventsLost
from omnilink_sansio.client.listeners import CallbackListener
from omnilink_sansio.errors import EndReason, LocalProtocolError, OmniConnectionError, OmniLinkError
from omnilink_sansio.messages.exchange import Exchange, Pushed
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.request import Request
from omnilink_sansio.session.connection_type import TransportName
from omnilink_sansio.session.end_reasons import cannot_open
from omnilink_sansio.session.events import (
    LeaseId,
)
from omnilink_sansio.session.history import SessionHistory
from omnilink_sansio.session.settings import DEFAULT_PORT, ClientSettings
from omnilink_sansio.wire.framing import Framing, framing_named
from omnilink_sansio.wire.message import Message
from omnilink_sync.event_stream import EventStream
from omnilink_sync.reply import Reply
from omnilink_sync.served_machine import ServedMachine
from omnilink_sync.transport import GRACE, TRANSPORT_ERRORS, Opener, Transport, opener

__all__ = ["OmniConnection"]

_T = TypeVar("_T")

_log = logging.getLogger("omnilink.sync")


def _no_op() -> None:
    """Do nothing: what waits looks for itself after each input."""


class OmniConnection(ServedMachine):
    """A connection for low-level use: a session, requests on it, and what comes unasked.

    Use it as a context manager, call `connect` and `aclose`, or give `run` a thread of its own, as its target.

    ``controller_key`` has 16 bytes, None finds out whether a session would be offered and opens none; ``timeout``
    is how long a request waits for its reply, in seconds; ``settings`` replaces it and adjusts everything else;
    ``history`` is that of the same client's last connection, if there was one.

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
        history: SessionHistory | None = None,
    ) -> None:
        settings = settings or ClientSettings(request_timeout=timeout)
        opening, framing = opener(transport, host, port, settings.handshake_timeout)
        self._prepare(opening, controller_key, settings, framing, history)

    @classmethod
    def over(
        cls,
        transport: Transport,
        *,
        controller_key: bytes | None,
        timeout: float = 5.0,
        framing: Literal["stream", "datagram"] = "stream",
        settings: ClientSettings | None = None,
        history: SessionHistory | None = None,
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
            history=history,
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
        history: SessionHistory | None = None,
    ) -> Self:
        """Return a connection over a transport that ``open_transport`` opens when it is to connect.

        What that raises should be an `OmniConnectionError`; ``framing`` as for `over`.
        """
        connection = cls.__new__(cls)
        settings = settings or ClientSettings(request_timeout=timeout)
        connection._prepare(  # noqa: SLF001 - in place of __init__
            open_transport, controller_key, settings, framing_named(framing), history
        )
        return connection

    def _prepare(
        self,
        opening: Opener,
        controller_key: bytes | None,
        settings: ClientSettings,
        framing: Framing,
        history: SessionHistory | None,
    ) -> None:
        self._open = opening
        self._has_begun = self._is_left = False
        self._serve(controller_key, settings, framing, history)

    def __repr__(self) -> str:
        return f"<OmniConnection {self._machine.state.value}>"

    @property
    def framing(self) -> Framing:
        """How packets travel."""
        return self._machine.framing

    @property
    def history(self) -> SessionHistory:
        """What to give to the same client's next connection."""
        return self._machine.history

    # Opening and closing: from any thread, in any order.

    def run(self) -> None:
        """Open the transport and a session on it, and own them until the session is over.

        Returns after `aclose`; raises what ended the session otherwise, or what `connect` raises. Whatever else
        ends this call ends the session in order.
        """
        with self._changed:
            if not self._has_begun:
                self._reader = threading.current_thread()
        self.connect()
        try:
            self._serve_to_the_end()
        except BaseException:
            self.aclose()
            raise
        finally:
            self._close_transport()
        if not self._is_left:
            self._dispatcher.raise_end()

    def wait_ready(self) -> None:
        """Wait until there is a session; raises what kept it from being opened, or ended it since."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_connected or self._dispatcher.end is not None)
        self.check_connected()

    def connect(self) -> None:
        """Open the transport and a session on it.

        Raises `OmniConnectionError` when the transport cannot be opened, `HandshakeError` or one of its kinds
        when the session cannot, `LocalProtocolError` the second time.
        """
        if self._has_begun:
            raise LocalProtocolError("a connection connects once: make a new one")
        self._has_begun = True
        try:
            self._transport = self._open_transport()
        except OmniLinkError as error:
            with self._changed:
                self._dispatcher.fail_to_open(error)
                self._changed.notify_all()
            raise
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

    def _open_transport(self) -> Transport:
        try:
            transport = self._open()
        except OmniLinkError:
            raise
        except Exception as error:
            if not isinstance(error, TRANSPORT_ERRORS):
                _log.exception("the transport could not be opened")
            raise cannot_open("the controller", error) from error
        if self._is_left:
            transport.close()
            raise OmniConnectionError("this connection was closed before it was open", EndReason.CLOSED)
        return transport

    def aclose(self) -> None:
        """End the session in order (packet 5), then close the transport. Does nothing the second time."""
        self._is_left = self._has_begun = True
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
        if self._reader in (None, threading.current_thread()):
            self._close_transport()
        elif self._reader is not None:
            # Longer only where the transport is still being opened, for which nobody waits.
            self._reader.join(GRACE)
        self._subscriptions.join(GRACE)

    def close(self) -> None:
        """End the session in order, as `aclose` does."""
        self.aclose()

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

    def _submit(self, request: Request[_T], lease: LeaseId | None = None) -> PendingReply[_T]:
        with self._changed:
            self._check_thread()
            self._catch_up()
            pending = self._dispatcher.submit(request, _no_op, time.monotonic(), lease)
            self._pump()
        return pending

    def request(self, request: Request[_T]) -> _T:
        """Send a request and return its reply's content.

        Raises what the reply or its absence means: `CommandFailedError`, `RequestTimeoutError`,
        `OutcomeUnknownError`, `OmniConnectionError`, `RemoteProtocolError`; and what `submit` raises.
        """
        return request.accept(self.exchange(request))

    def exchange(self, request: Request[object], lease: LeaseId | None = None) -> Payload:
        """Send a request and return the reply, whatever it says; raises as `request` does, short of its content.

        ``lease`` is the one that the request belongs to.
        """
        with self._changed:
            self._check_caller()
            pending = self._submit(request, lease)
        try:
            self.serve_until(lambda: pending.is_settled)
        except BaseException:
            with self._changed:
                self._dispatcher.give_up(pending, time.monotonic())
                self._pump()
            raise
        return pending.payload()

    def lease(self) -> LeaseId:
        """Wait until nothing else is under way, and from then on have all requests wait but those of this lease.

        `release` gives it back. A security command ends it before; a request of it then raises `LeaseEndedError`.
        Until then a call of your own without ``lease=`` waits as well: for ever, when you are to release it.
        Raises `OmniConnectionError` when there is no session, `LocalProtocolError` when the queue is full.
        """
        with self._changed:
            self._check_caller()
            self._catch_up()
            pending = self._dispatcher.lease(_no_op, time.monotonic())
            self._pump()
        try:
            self.serve_until(lambda: pending.is_settled)
            return pending.content()
        except BaseException:
            self.release(pending.lease)
            raise

    def release(self, lease: LeaseId) -> None:
        """Give a lease back; does nothing for one that is over."""
        with self._changed:
            self._dispatcher.release(lease, time.monotonic())
            self._pump()

    def enable_notifications(self) -> Reply[None]:
        """Have the controller send what happens unasked; once a session, unless that failed.

        Where it is not known whether the controller is an Omni or a Lumina, it is asked first. Returns the
        reply to wait for. Raises as `submit` does.
        """
        with self._changed:
            self._check_thread()
            self._catch_up()
            pending = self._dispatcher.enable_notifications(_no_op, time.monotonic())
            self._pump()
        return Reply(pending, self.serve_until)

    # What comes unasked.

    def unsolicited(self) -> EventStream[Message]:
        """Return an iterator over the messages that the controller sends unasked, from now on.

        Most need notifications to be enabled first: `OmniClient.events` does that, and gives typed events.
        """
        return self.listen(lambda pushed: (pushed.message,))

    def listen(
        self,
        translate: Callable[[Pushed], Iterable[_T]],
        ready: Callable[[], Reply[object]] | None = None,
    ) -> EventStream[_T]:
        """Return an iterator over what ``translate`` makes of the unsolicited messages, from now on.

        ``ready`` returns the reply to wait for before the first event.
        """
        with self._changed:
            self._check_thread()
            return EventStream(
                self._dispatcher.notifications, self._changed, self.serve_until, translate, ready
            )

    def subscribe(
        self,
        callback: Callable[[_T | EventsLost | ConnectionLost], None],
        translate: Callable[[Pushed], Iterable[_T]],
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
        notification: Callable[[Pushed], None],
        exchange: Callable[[Exchange], None],
        ended: Callable[[], None],
    ) -> None:
        """Call functions with every message, unsolicited or a reply whoever asked, in order, and at the end.

        They are called between two packets: they must not block, nor raise.
        """
        self._dispatcher.exchanges.add(CallbackListener(exchange, lambda _: None))
        self._dispatcher.notifications.add(CallbackListener(notification, lambda _: ended()))
