"""The client: the protocol's requests and operations as methods."""

import logging
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from omnilink_anyio.calls import ClientBase, awaited
from omnilink_anyio.connection import OmniConnection
from omnilink_anyio.event_stream import EventStream
from omnilink_anyio.transport import Transport
from omnilink_sansio.client.event_queue import ConnectionLost, EventsLost
from omnilink_sansio.client.listeners import plain_function
from omnilink_sansio.errors import OmniLinkError
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.session.connection_type import TransportName
from omnilink_sansio.session.settings import DEFAULT_PORT, ClientSettings

if TYPE_CHECKING:
    from omnilink_sansio.client.object_subscribers import ObjectSubscribers
    from omnilink_sansio.messages.notifications import Notification
    from omnilink_sansio.messages.objects.object_record import ObjectStatusRecord
    from omnilink_sansio.messages.objects.object_type import ObjectType

__all__ = ["OmniClient"]

_log = logging.getLogger("omnilink.anyio")


class OmniClient(ClientBase, method=awaited):
    """A client of one controller, on asyncio or trio: ``async with OmniClient(host, controller_key=key)``.

    What a controller can be asked is in `ClientCalls`.

    ``controller_key`` has 16 bytes; `ControllerKey.from_hex` reads one as it is written.
    ``timeout`` is how long a request waits for its reply, in seconds;
    ``settings`` replaces it and adjusts everything else. Every call raises `LocalProtocolError` for arguments out
    of range, before anything is sent, and may raise `CommandFailedError` where the controller refuses,
    `OmniConnectionError`, `RequestTimeoutError` and `RemoteProtocolError`; calls that change something raise
    `OutcomeUnknownError` where it cannot be known whether they did. Cancelling a call leaves the session usable.
    Errors reach you bare.
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
    ) -> None:
        self._use(
            OmniConnection(
                host,
                port,
                controller_key=ControllerKey(controller_key),
                timeout=timeout,
                transport=transport,
                settings=settings,
            )
        )

    @classmethod
    def over(
        cls,
        transport: Transport,
        *,
        controller_key: bytes,
        timeout: float = 5.0,
        framing: Literal["stream", "datagram"] = "stream",
        settings: ClientSettings | None = None,
    ) -> Self:
        """Return a client over a transport of your own, which it will close.

        ``framing`` is whether it carries a byte stream or one packet an item; it is never guessed.
        """
        client = cls.__new__(cls)
        client._use(  # noqa: SLF001 - in place of __init__
            OmniConnection.over(
                transport,
                controller_key=ControllerKey(controller_key),
                timeout=timeout,
                framing=framing,
                settings=settings,
            )
        )
        return client

    def _use(self, connection: OmniConnection) -> None:
        self._connection = connection
        self._objects: ObjectSubscribers[EventsLost | ConnectionLost] | None = None

    def __repr__(self) -> str:
        return f"<OmniClient on {self._connection!r}>"

    @property
    def connection(self) -> OmniConnection:
        """The connection underneath."""
        return self._connection

    async def run(self) -> None:
        """Open a session and own it until it is over; see `OmniConnection.run`."""
        await self._connection.run()

    async def wait_ready(self) -> None:
        """Wait until there is a session; see `OmniConnection.wait_ready`."""
        await self._connection.wait_ready()

    async def aclose(self) -> None:
        """End the session in order. Does nothing the second time."""
        await self._connection.aclose()

    async def __aenter__(self) -> Self:
        await self._connection.connect()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self.aclose()

    def events(self) -> "EventStream[Notification]":
        """Return an iterator over what happens in the house, from now on.

        Notifications are enabled on the controller once a session; should that fail, the first step of the
        iteration raises why. Raises what `OmniConnection.submit` raises.
        """
        stream = self._connection.listen(lambda pushed: pushed.notifications, lambda: enabling)
        try:
            enabling = self._connection.enable_notifications()
        except OmniLinkError:
            stream.close()
            raise
        return stream

    async def subscribe(
        self,
        callback: "Callable[[Notification | EventsLost | ConnectionLost], None]",
    ) -> Callable[[], None]:
        """Call a plain function with everything that happens in the house, in order; return what ends that.

        Returns once notifications are enabled on the controller, as for `events`, and raises when they cannot be.
        At the end of the session it is called with `ConnectionLost`, and then no more. A callback that raises is
        logged and stays. It is called between two packets and must not block; in blocking code that reads in the
        background it has a thread of its own instead, and gets `EventsLost` where it was too slow. Raises
        `LocalProtocolError` for a coroutine function, which would never be awaited.
        """
        unsubscribe = self._connection.subscribe(
            plain_function(callback), lambda pushed: pushed.notifications
        )
        try:
            await self._connection.enable_notifications().content()
        except BaseException:
            unsubscribe()
            raise
        return unsubscribe

    async def subscribe_object(
        self,
        object_type: "ObjectType",
        number: int,
        callback: "Callable[[ObjectStatusRecord | EventsLost | ConnectionLost], None]",
    ) -> Callable[[], None]:
        """Call a plain function with the status records of one object, in order; return what ends that.

        Besides them it gets what is about the session: `EventsLost`, and at the end `ConnectionLost`. All such
        callbacks are found in one table, however many there are, and are called one after the other; in blocking
        code that reads in the background they share one thread. All else is as for `subscribe`. Raises
        `LocalProtocolError`, too, for a kind of object that has no status.
        """
        self._connection.check_connected()
        objects = self._object_subscribers()
        unsubscribe = objects.add(object_type, number, callback)
        try:
            objects.attach(
                lambda: self._connection.subscribe(objects.put, lambda pushed: pushed.notifications)
            )
            await self._connection.enable_notifications().content()
        except BaseException:
            unsubscribe()
            raise
        return unsubscribe

    def _object_subscribers(self) -> "ObjectSubscribers[EventsLost | ConnectionLost]":
        from omnilink_sansio.client.object_subscribers import ObjectSubscribers

        if self._objects is None:
            self._objects = ObjectSubscribers(_log.exception)
        return self._objects
