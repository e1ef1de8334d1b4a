"""A client that stays connected."""

import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from functools import partial
from math import inf
from types import TracebackType
from typing import Literal, Self

from omnilink_sansio.client.event_queue import EventsLost
from omnilink_sansio.client.listeners import Listeners, plain_function
from omnilink_sansio.client.object_subscribers import ObjectSubscribers
from omnilink_sansio.client.reconnect_loop import (
    AwaitEnd,
    Connect,
    Disconnect,
    LinkEvent,
    ReconnectLoop,
    ReconnectStep,
    StartNotifications,
    log_link_event,
    loss,
    notifications_of,
    offline_error,
    unexpected_failure,
)
from omnilink_sansio.client.reconnect_policy import ReconnectPolicy
from omnilink_sansio.errors import LocalProtocolError, OmniConnectionError, OmniLinkError
from omnilink_sansio.messages.exchange import Pushed
from omnilink_sansio.messages.notifications import Notification
from omnilink_sansio.messages.objects.object_record import ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.operations.operation import Pause
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.session.connection_type import TransportName
from omnilink_sansio.session.history import SessionHistory
from omnilink_sansio.session.settings import DEFAULT_PORT, ClientSettings
from omnilink_sync.calls import ClientBase, Performer, blocking, drive
from omnilink_sync.connection import OmniConnection
from omnilink_sync.event_stream import EventStream, Subscriptions
from omnilink_sync.served_machine import LONGEST_WAIT
from omnilink_sync.transport import GRACE, Opener

__all__ = ["ReconnectingClient"]

_log = logging.getLogger("omnilink.sync")


class _LeavingError(Exception):
    """The client is being left."""


class ReconnectingClient(ClientBase, method=blocking):
    """A client that opens a new session whenever it loses one, by its ``policy``.

    All else is as for `OmniClient`. Entering its context opens the first session, and raises what is wrong with
    that. A call while there is no session fails at once; a call under way fails when the session is lost. Nothing
    is sent again by itself.
    """

    def __init__(
        self,
        host: str,
        port: int = DEFAULT_PORT,
        *,
        controller_key: bytes,
        timeout: float = 5.0,
        transport: TransportName = "tcp",
        settings: ClientSettings | None = None,
        policy: ReconnectPolicy | None = None,
    ) -> None:
        key = ControllerKey(controller_key)

        def make(history: SessionHistory | None) -> OmniConnection:
            return OmniConnection(
                host,
                port,
                controller_key=key,
                timeout=timeout,
                transport=transport,
                settings=settings,
                history=history,
            )

        self._use(make, policy)

    @classmethod
    def opening(
        cls,
        open_transport: Opener,
        *,
        controller_key: bytes,
        timeout: float = 5.0,
        framing: Literal["stream", "datagram"] = "stream",
        settings: ClientSettings | None = None,
        policy: ReconnectPolicy | None = None,
    ) -> Self:
        """Return a client over transports of your own: ``open_transport`` opens one for each session.

        What that raises should be an `OmniConnectionError`; ``framing`` is whether they carry a byte stream or
        one packet an item.
        """
        client = cls.__new__(cls)
        key = ControllerKey(controller_key)

        def make(history: SessionHistory | None) -> OmniConnection:
            return OmniConnection.opening(
                open_transport,
                controller_key=key,
                timeout=timeout,
                framing=framing,
                settings=settings,
                history=history,
            )

        client._use(make, policy)  # noqa: SLF001 - in place of __init__
        return client

    def _use(
        self, make: Callable[[SessionHistory | None], OmniConnection], policy: ReconnectPolicy | None
    ) -> None:
        self._make = make
        self._policy = policy or ReconnectPolicy()
        # Made now, so that what is wrong with its arguments is told now.
        self._connection = make(None)
        self._performer = Performer(self._connection)
        self._listeners: Listeners[Pushed | LinkEvent] = Listeners()
        self._objects: ObjectSubscribers[LinkEvent | EventsLost] = ObjectSubscribers(
            _log.exception, threading.Lock()
        )
        self._error: OmniLinkError | None = None
        # Its lock guards the listeners and what they receive.
        self._changed = threading.Condition()
        self._subscriptions = Subscriptions(self._listeners, self._changed)
        self._keeper: threading.Thread | None = None
        self._check_requested = self._stopping = self._is_entered = self._is_settled = self._is_over = False

    def __repr__(self) -> str:
        return f"<ReconnectingClient on {self._connection!r}>"

    @property
    def connection(self) -> OmniConnection:
        """The connection underneath: the last one, which may be over."""
        return self._connection

    def _connection_to_use(self) -> OmniConnection:
        if self._is_over and self._error is not None:
            raise copy(self._error) from self._error.__cause__
        if self._is_over or not self._is_entered:
            how = (
                "was left: make a new one" if self._is_over else "is not entered yet: enter its context first"
            )
            raise OmniConnectionError(f"there is no session: this client {how}")
        try:
            self._connection.check_connected()
        except OmniConnectionError as error:
            raise offline_error(error) from error
        return self._connection

    def run(self) -> None:
        """Stay connected until `aclose`, and return then.

        Raises what nothing can heal, and nothing else. Whatever else ends this call ends the session in order.
        """
        self._begin()
        try:
            with self._changed:
                self._changed.wait_for(lambda: self._is_over)
        finally:
            self._stop()
        if self._error is not None:
            raise copy(self._error) from self._error.__cause__

    def wait_ready(self) -> None:
        """Wait until there is a session; raises the error after which there is no other try."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or self.is_connected)
        self._connection_to_use()

    def aclose(self) -> None:
        """End the session in order, and try no more. Does nothing the second time."""
        self._stop()

    def __enter__(self) -> Self:
        self._begin()
        try:
            with self._changed:
                self._changed.wait_for(lambda: self._is_settled)
        except BaseException:
            self._stop()
            raise
        if self._error is not None:
            self._stop()
            raise copy(self._error) from self._error.__cause__
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._stop()

    def _begin(self) -> None:
        if self._is_entered:
            raise LocalProtocolError("a client is entered once: make a new one")
        self._is_entered = True
        loop = ReconnectLoop(
            self._policy,
            framing=self._connection.framing,
            history=lambda: self._connection.history,
            report=self._report,
            online=self._go_online,
            clock=time.monotonic,
            random=random.random,
        )
        self._keeper = threading.Thread(target=self._keep, args=(loop,), name="omnilink keeper", daemon=True)
        self._keeper.start()

    def _stop(self) -> None:
        with self._changed:
            self._stopping = True
            if not self._is_entered:
                self._is_entered = self._is_settled = self._is_over = True
            self._changed.notify_all()
        # Not while it is connecting: that is the keeper's own.
        with suppress(OmniLinkError):
            self._connection.aclose()
        if self._keeper is not None:
            # A try that hangs takes as long as its time-outs allow, and ends by itself: nobody waits for it.
            self._keeper.join(GRACE)
            self._end()
        self._subscriptions.join(GRACE)

    def check_now(self) -> None:
        """Do at once what is waited for: the next try, or while connected the next sweep."""
        with self._changed:
            self._check_requested = True
            self._changed.notify_all()

    def events(self) -> EventStream[Notification | LinkEvent]:
        """Return an iterator over what happens in the house and to the session, from now on.

        It goes on over losses, and ends with the client, or raises the error after which there is no other try.
        """
        translate = notifications_of
        return EventStream(self._listeners, self._changed, self._wait_until, translate)

    def subscribe(
        self,
        callback: Callable[[Notification | LinkEvent | EventsLost], None],
    ) -> Callable[[], None]:
        """Call a plain function with everything that `events` gives, in order; return what ends that.

        In the end it is called with `ConnectionLost`, and then no more. A callback that raises is logged and
        stays. It is called between two packets and must not block; in blocking code it has a thread of its own
        instead, and gets `EventsLost` where it was too slow. Raises `LocalProtocolError` for a coroutine function.
        """
        translate = notifications_of
        with self._changed:
            return self._subscriptions.call_in_thread(plain_function(callback), translate, self._wait_until)

    def subscribe_object(
        self,
        object_type: ObjectType,
        number: int,
        callback: Callable[[ObjectStatusRecord | LinkEvent | EventsLost], None],
    ) -> Callable[[], None]:
        """Call a plain function with the status records of one object, in order; return what ends that.

        Besides them it gets what is about the session: each `LinkEvent`, but `MissedChange` of this object only.
        All such callbacks are found in one table, however many there are, and are called one after the other; in
        blocking code they share one thread. All else is as for `subscribe`. Raises `LocalProtocolError`, too,
        for a kind of object that has no status.
        """
        unsubscribe = self._objects.add(object_type, number, callback)
        self._objects.attach(lambda: self.subscribe(self._objects.put))
        return unsubscribe

    def wait_closed(self) -> None:
        """Wait until there is no other try, and raise why; return when the client is left."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over)
        if self._error is not None:
            raise copy(self._error) from self._error.__cause__

    def _wait_until(self, done: Callable[[], bool], until: float = inf) -> None:
        with self._changed:
            while not done() and not self._is_over and (left := until - time.monotonic()) > 0:
                self._changed.wait(min(left, LONGEST_WAIT))

    def _report(self, item: Pushed | LinkEvent) -> None:
        log_link_event(item, _log.info, _log.debug)
        with self._changed:
            self._listeners.put(item)
            self._changed.notify_all()

    def _go_online(self) -> None:
        with self._changed:
            self._is_settled = True
            self._changed.notify_all()

    def _keep(self, loop: ReconnectLoop) -> None:
        try:
            drive(loop.run(), partial(self._take, loop))
        except _LeavingError:
            pass
        except OmniLinkError as error:
            _log.error("no session, and no other try: %s", error)
            self._error = error
        except Exception as error:  # noqa: BLE001 - whatever a transport raises, it is reported as all ends are
            _log.exception("the keeper failed: there is no other try")
            self._error = unexpected_failure(error)
        finally:
            try:
                self._connection.aclose()
            finally:
                self._end()

    def _end(self) -> None:
        with self._changed:
            self._is_settled = self._is_over = True
            self._listeners.end(None if self._error is None else loss(self._error))
            self._changed.notify_all()

    def _take(self, loop: ReconnectLoop, step: ReconnectStep) -> Payload | None:
        try:
            return self._carry_out(loop, step)
        finally:
            if self._stopping:
                raise _LeavingError

    def _carry_out(self, loop: ReconnectLoop, step: ReconnectStep) -> Payload | None:
        match step:
            case Connect():
                self._connect(loop)
            case Disconnect():
                self._connection.aclose()
            case AwaitEnd():
                self._wait(step.seconds, lambda: not self._connection.is_connected)
                requested, self._check_requested = self._check_requested, False
                if requested and not self._connection.is_connected:
                    # A caller that noticed the loss first meant the next try.
                    self._check_requested = True
                self._connection.check_connected()
            case Pause():
                self._wait(step.seconds, lambda: False)
                self._check_requested = False
            case StartNotifications():
                self._connection.enable_notifications().content()
            case _:
                return self._performer.take(step)
        return None

    def _connect(self, loop: ReconnectLoop) -> None:
        connection = self._make(self._connection.history)
        connection.tap(loop.take_notification, loop.take_reply, self._wake)
        try:
            connection.connect()
            connection.read_in_background()
        finally:
            # Only now, when every thread may use it.
            self._connection = connection
            self._performer = Performer(connection)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _wait(self, seconds: float | None, done: Callable[[], bool]) -> None:
        until = inf if seconds is None else time.monotonic() + seconds
        self._wait_until(lambda: done() or self._check_requested or self._stopping, until)
