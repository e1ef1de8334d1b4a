"""A client that stays connected."""

import logging
import random
from collections.abc import Callable
from copy import copy
from functools import partial
from types import TracebackType
from typing import Literal, Self

import anyio

from omnilink_anyio.background import clock, start_in_background
from omnilink_anyio.calls import ClientBase, Performer, awaited, drive
from omnilink_anyio.connection import OmniConnection
from omnilink_anyio.event_stream import EventStream, subscription
from omnilink_anyio.flag import Flag
from omnilink_anyio.transport import Opener
from omnilink_sansio.client.event_queue import ConnectionLost, EventsLost
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

__all__ = ["ReconnectingClient"]

_log = logging.getLogger("omnilink.anyio")


class ReconnectingClient(ClientBase, method=awaited):
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
        self._objects: ObjectSubscribers[LinkEvent | EventsLost] = ObjectSubscribers(_log.exception)
        self._error: OmniLinkError | None = None
        self._stirred = anyio.Event()
        self._closed = Flag()
        self._online = Flag()
        self._keeping: anyio.CancelScope | None = None
        self._check_requested = self._is_entered = self._is_over = False

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

    async def run(self) -> None:
        """Stay connected until `aclose`, and return then.

        Raises what nothing can heal, and nothing else. Whatever else ends this call ends the session in order.
        """
        self._begin()
        try:
            await self._closed.wait()
        finally:
            await self._stop()
        if self._error is not None:
            raise copy(self._error) from self._error.__cause__

    async def wait_ready(self) -> None:
        """Wait until there is a session; raises the error after which there is no other try."""
        while not self._is_over and not self.is_connected:
            await self._online.wait()
        self._connection_to_use()

    async def aclose(self) -> None:
        """End the session in order, and try no more. Does nothing the second time."""
        await self._stop()

    async def __aenter__(self) -> Self:
        self._begin()
        try:
            await self._online.wait()
        except BaseException:
            await self._stop()
            raise
        if self._error is not None:
            await self._stop()
            raise copy(self._error) from self._error.__cause__
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._stop()

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
            clock=clock(),
            random=random.random,
        )
        self._keeping = anyio.CancelScope()
        start_in_background(partial(self._keep, loop))

    async def _stop(self) -> None:
        if not self._is_entered:
            self._is_entered = self._is_over = True
            self._closed.set()
            self._online.set()
        if self._keeping is not None:
            self._keeping.cancel()
        # It takes as long as the goodbye.
        with anyio.CancelScope(shield=True):
            await self._closed.wait()

    def _go_online(self) -> None:
        self._online.set()

    def check_now(self) -> None:
        """Do at once what is waited for: the next try, or while connected the next sweep."""
        self._check_requested = True
        self._wake()

    def events(self) -> EventStream[Notification | LinkEvent]:
        """Return an iterator over what happens in the house and to the session, from now on.

        It goes on over losses, and ends with the client, or raises the error after which there is no other try.
        """
        return EventStream(self._listeners, notifications_of)

    async def subscribe(
        self,
        callback: Callable[[Notification | LinkEvent | EventsLost], None],
    ) -> Callable[[], None]:
        """Call a plain function with everything that `events` gives, in order; return what ends that.

        In the end it is called with `ConnectionLost`, and then no more. A callback that raises is logged and
        stays. It is called between two packets and must not block; in blocking code it has a thread of its own
        instead, and gets `EventsLost` where it was too slow. Raises `LocalProtocolError` for a coroutine function.
        """
        return subscription(self._listeners, plain_function(callback), notifications_of)

    async def subscribe_object(
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
        self._objects.attach(lambda: subscription(self._listeners, self._objects.put, notifications_of))
        return unsubscribe

    async def wait_closed(self) -> None:
        """Wait until there is no other try, and raise why; return when the client is left."""
        await self._closed.wait()
        if self._error is not None:
            raise copy(self._error) from self._error.__cause__

    def _report(self, item: Pushed | LinkEvent) -> None:
        if isinstance(item, ConnectionLost):
            self._online = Flag()
        log_link_event(item, _log.info, _log.debug)
        self._listeners.put(item)

    async def _keep(self, loop: ReconnectLoop) -> None:
        try:
            assert self._keeping is not None
            with self._keeping:
                await drive(loop.run(), partial(self._take, loop))
        except OmniLinkError as error:
            _log.error("no session, and no other try: %s", error)
            self._error = error
        except Exception as error:  # noqa: BLE001 - whatever a transport raises, it is reported as all ends are
            _log.exception("the keeper failed: there is no other try")
            self._error = unexpected_failure(error)
        finally:
            try:
                await self._connection.aclose()
            finally:
                self._is_over = True
                self._listeners.end(None if self._error is None else loss(self._error))
                self._closed.set()
                self._online.set()

    async def _take(self, loop: ReconnectLoop, step: ReconnectStep) -> Payload | None:
        match step:
            case Connect():
                self._connection = self._make(self._connection.history)
                self._performer = Performer(self._connection)
                self._connection.tap(loop.take_notification, loop.take_reply, self._wake)
                await self._connection.connect()
            case StartNotifications():
                await self._connection.enable_notifications().content()
            case Disconnect():
                await self._connection.close()
            case AwaitEnd():
                await self._wait(step.seconds)
                # A caller that noticed the loss first meant the next try: its request is not forgotten here.
                self._connection.check_connected()
                self._check_requested = False
            case Pause():
                if not self._check_requested:
                    # The end of the session has stirred it too.
                    self._stirred = anyio.Event()
                    await self._wait(step.seconds)
                self._stirred = anyio.Event()
                self._check_requested = False
            case _:
                return await self._performer.take(step)
        return None

    def _wake(self) -> None:
        self._stirred.set()

    async def _wait(self, seconds: float | None) -> None:
        with anyio.move_on_after(seconds):
            await self._stirred.wait()
        self._stirred = anyio.Event()
