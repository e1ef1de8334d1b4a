"""The client: the protocol's requests and operations as methods."""

import inspect
from collections.abc import Callable, Coroutine
from functools import partial
from types import TracebackType
from typing import Any, Concatenate, Literal, ParamSpec, Self, TypeVar

import anyio

from omnilink_anyio.connection import OmniConnection, Reply
from omnilink_anyio.event_stream import EventStream
from omnilink_anyio.transport import Transport
from omnilink_sansio import (
    DEFAULT_PORT,
    AwaitedClient,
    ClientCalls,
    ClientSettings,
    ConnectionLost,
    ControllerFamily,
    EnableNotifications,
    LocalProtocolError,
    Message,
    Notification,
    OmniLinkError,
    Operation,
    Pause,
    Request,
    Step,
    parse_notification,
)

__all__ = ["OmniClient"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _awaited(
    make: Callable[_P, Request[_T] | Operation[_T]],
) -> Callable[Concatenate["OmniClient", _P], Coroutine[Any, Any, _T]]:
    async def method(self: "OmniClient", /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        made = make(*args, **kwargs)
        return await (self.request(made) if isinstance(made, Request) else self.run(made))

    return method


class OmniClient(ClientCalls, AwaitedClient, method=_awaited):
    """A client of one controller, on asyncio or trio: ``async with OmniClient(host, controller_key=key)``.

    What a controller can be asked is in `ClientCalls`.

    ``controller_key`` has 16 bytes; ``timeout`` is how long a request waits for its reply, in seconds;
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
        transport: Literal["tcp", "udp"] = "tcp",
        settings: ClientSettings | None = None,
    ) -> None:
        self._use(
            OmniConnection(
                host,
                port,
                controller_key=controller_key,
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

        ``framing`` says whether it carries a byte stream or one packet an item; it is never guessed.
        """
        client = cls.__new__(cls)
        client._use(  # noqa: SLF001 - in place of __init__
            OmniConnection.over(
                transport,
                controller_key=controller_key,
                timeout=timeout,
                framing=framing,
                settings=settings,
            )
        )
        return client

    def _use(self, connection: OmniConnection) -> None:
        self._connection = connection
        self._enabling: Reply[None] | None = None

    def __repr__(self) -> str:
        return f"<OmniClient on {self._connection!r}>"

    @property
    def connection(self) -> OmniConnection:
        """The connection underneath."""
        return self._connection

    @property
    def is_connected(self) -> bool:
        """Whether there is a session now."""
        return self._connection.is_connected

    async def __aenter__(self) -> Self:
        await self._connection.connect()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._connection.close()

    async def request(self, request: Request[_T]) -> _T:
        """Send any request and return its reply's content."""
        return await self._connection.request(request)

    async def run(self, operation: Operation[_T]) -> _T:
        """Run an operation of several messages and return its result."""
        try:
            step = next(operation)
            while True:
                try:
                    reply = await self._take(step)
                except OmniLinkError as error:
                    step = operation.throw(error)
                else:
                    step = operation.send(reply)
        except StopIteration as stop:
            result: _T = stop.value
            return result
        finally:
            operation.close()

    async def _take(self, step: Step) -> Message | None:
        if isinstance(step, Pause):
            await anyio.sleep(step.seconds)
            return None
        return await self._connection.exchange(step)

    def events(self, family: ControllerFamily = ControllerFamily.OMNI) -> EventStream[Notification]:
        """Return an iterator over what happens in the house, from now on.

        Notifications are enabled on the controller once a session; should that fail, the first step of the
        iteration raises why. ``family`` says how to read the events that an Omni and a Lumina number alike.
        Raises what `OmniConnection.submit` raises.
        """
        stream = self._connection.listen(
            partial(parse_notification, family=family), self._notifications_enabled
        )
        try:
            self._enable_notifications()
        except OmniLinkError:
            stream.close()
            raise
        return stream

    async def subscribe(
        self,
        callback: Callable[[Notification | ConnectionLost], None],
        family: ControllerFamily = ControllerFamily.OMNI,
    ) -> Callable[[], None]:
        """Call a plain function with everything that happens in the house, in order; return what ends that.

        Returns once notifications are enabled on the controller, as for `events`, and raises when they cannot be.
        At the end of the session it is called with `ConnectionLost`, and then no more. A callback that raises is
        logged and stays. It is called between two packets: it must not block. Raises `LocalProtocolError` for a
        coroutine function, which nobody would await.
        """
        if inspect.iscoroutinefunction(callback) or inspect.iscoroutinefunction(type(callback).__call__):
            raise LocalProtocolError(
                "subscribe takes a plain function: let it put events where a task gets them"
            )
        unsubscribe = self._connection.subscribe(callback, partial(parse_notification, family=family))
        try:
            self._enable_notifications()
            await self._notifications_enabled()
        except BaseException:
            unsubscribe()
            raise
        return unsubscribe

    def _enable_notifications(self) -> None:
        if self._enabling is None or not self.is_connected:
            self._enabling = self._connection.submit(EnableNotifications(enabled=1))

    async def _notifications_enabled(self) -> None:
        enabling = self._enabling
        try:
            if enabling is not None:
                await enabling.content()
        except OmniLinkError:
            # The next iterator tries again.
            if self._enabling is enabling:
                self._enabling = None
            raise
