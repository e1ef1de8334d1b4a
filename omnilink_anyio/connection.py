"""One connection to a controller: a client machine, a transport, a reading and a writing task."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from types import TracebackType
from typing import Generic, Literal, NoReturn, Self, TypeVar

import anyio
from anyio.abc import TaskGroup

from omnilink_anyio.event_stream import EventStream
from omnilink_anyio.subscriber import Subscriber
from omnilink_anyio.transport import (
    TRANSPORT_ERRORS,
    Alarm,
    PacketWriter,
    Transport,
    close_transport,
    open_tcp,
)
from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionLost,
    ConnectionState,
    Framing,
    LateReply,
    LocalProtocolError,
    Message,
    NotificationReceived,
    OmniConnectionError,
    OmniLinkError,
    PacketDropped,
    ReplyReceived,
    Request,
    RequestFailed,
    RequestId,
    SessionEnded,
    SessionStarted,
)
from omnilink_sansio.secrets import ControllerKey

__all__ = ["DEFAULT_PORT", "OmniConnection", "Reply"]

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

DEFAULT_PORT = 4369
"""The controllers' factory setting; the vendor's description gives no number."""

_log = logging.getLogger("omnilink.anyio")
_log.addHandler(logging.NullHandler())


class Reply(Generic[_T_co]):
    """The reply to a request that has been submitted; any number of tasks may wait for it."""

    def __init__(self, request: Request[_T_co], request_id: RequestId) -> None:
        self._request = request
        self.request_id = request_id
        self._settled = anyio.Event()
        self._message: Message | None = None
        self._error: OmniLinkError | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the request has ended."""
        return self._settled.is_set()

    def settle(self, outcome: Message | OmniLinkError) -> None:
        """Note how the request ended."""
        if isinstance(outcome, OmniLinkError):
            self._error = outcome
        else:
            self._message = outcome
        self._settled.set()

    async def message(self) -> Message:
        """Wait for the reply's message, or raise what the request ended with."""
        await self._settled.wait()
        if self._message is None:
            assert self._error is not None
            raise self._error
        return self._message

    async def content(self) -> _T_co:
        """Wait for the reply and return its content, or raise what the request ended with."""
        return self._request.accept(await self.message())


class OmniConnection:
    """A connection for low-level use: a session, requests on it, and what comes unasked.

    Use it as a context manager. Where that does not fit call `connect` and `close`, both in one task and outside
    of any cancel scope or task group that the other is not in, just as a context would be. ``controller_key``
    has 16 bytes; ``timeout`` is how long a request waits for its reply, in seconds; ``settings`` replaces it and
    adjusts everything else. Cancelling a call leaves the session usable. Errors reach you bare.
    """

    def __init__(
        self,
        host: str,
        port: int = DEFAULT_PORT,
        *,
        controller_key: bytes,
        timeout: float = 5.0,
        transport: Literal["tcp"] = "tcp",
        settings: ClientSettings | None = None,
    ) -> None:
        if transport != "tcp":
            raise LocalProtocolError(f"only tcp is opened here, not {transport!r}: use over() for your own")
        settings = settings or ClientSettings(request_timeout=timeout)
        self._prepare(
            partial(open_tcp, host, port, settings.handshake_timeout),
            controller_key,
            settings,
            Framing.STREAM,
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
        """Return a connection over a transport of your own, which it will close.

        ``framing`` says whether it carries a byte stream or one packet an item; it is never guessed.
        """
        connection = cls.__new__(cls)

        async def opened() -> Transport:
            return transport

        settings = settings or ClientSettings(request_timeout=timeout)
        connection._prepare(  # noqa: SLF001 - in place of __init__
            opened, controller_key, settings, Framing(framing)
        )
        return connection

    def _prepare(
        self,
        opener: Callable[[], Awaitable[Transport]],
        controller_key: bytes,
        settings: ClientSettings,
        framing: Framing,
    ) -> None:
        self._open = opener
        self._machine = ClientConnection(ControllerKey(controller_key), framing=framing, settings=settings)
        self._replies: dict[RequestId, Reply[object]] = {}
        self._streams: list[EventStream[object]] = []
        self._subscribers: list[Subscriber[object]] = []
        self._end: SessionEnded | None = None
        self._pumping = False
        self._tasks: TaskGroup | None = None

    def __repr__(self) -> str:
        return f"<OmniConnection {self._machine.state.value}>"

    @property
    def is_connected(self) -> bool:
        """Whether there is a session now."""
        return self._machine.state is ConnectionState.ONLINE

    # Opening and closing.

    async def connect(self) -> None:
        """Open the transport and a session on it.

        Raises `OmniConnectionError` when the transport cannot be opened, `HandshakeError` or one of its kinds
        when the session cannot, `LocalProtocolError` the second time.
        """
        if self._tasks is not None or self._end is not None:
            raise LocalProtocolError("a connection connects once: make a new one")
        self._transport = await self._open()
        self._writer = PacketWriter(self._transport)
        self._alarm = Alarm()
        self._settled = anyio.Event()
        self._over = anyio.Event()
        self._reading = anyio.CancelScope()
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        try:
            for task in (self._read, self._write, self._keep_time):
                self._tasks.start_soon(task)
            self._machine.connect(anyio.current_time())
            self._pump()
            await self._settled.wait()
        except BaseException:
            await self._shut_down()
            raise
        if self._end is not None:
            await self._shut_down()
            self._raise_end()

    async def close(self) -> None:
        """End the session in order (packet 5), then close the transport. Does nothing the second time."""
        if self._tasks is None:
            return
        try:
            self._machine.close(anyio.current_time())
            self._pump()
            await self._over.wait()
        finally:
            await self._shut_down()

    async def _shut_down(self) -> None:
        # The group's __aexit__ never sees the body's exception, so it never wraps it in a group.
        tasks, self._tasks = self._tasks, None
        assert tasks is not None
        try:
            # Goodbye goes out even when this task is cancelled: a controller's slots are few.
            self._machine.close(anyio.current_time())
            self._pump()
            self._writer.stop()
            tasks.cancel_scope.cancel()
            await tasks.__aexit__(None, None, None)
        finally:
            self._lose()
            await close_transport(self._transport)

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self.close()

    # Requests.

    def submit(self, request: Request[_T]) -> Reply[_T]:
        """Send a request, or queue it behind those under way, without waiting for its reply.

        Raises `OmniConnectionError` when there is no session, `LocalProtocolError` when the queue is full or
        the request does not fit its message.
        """
        if not self.is_connected:
            self._raise_end()
        request_id = self._machine.send(request, anyio.current_time())
        reply = Reply(request, request_id)
        self._replies[request_id] = reply
        self._pump()
        return reply

    async def request(self, request: Request[_T]) -> _T:
        """Send a request and return its reply's content.

        Raises what the reply or its absence means: `CommandFailedError`, `RequestTimeoutError`,
        `OutcomeUnknownError`, `OmniConnectionError`, `RemoteProtocolError`; and what `submit` raises.
        """
        return request.accept(await self.exchange(request))

    async def exchange(self, request: Request[object]) -> Message:
        """Send a request and return its reply's message; raises as `request` does, short of its content."""
        reply = self.submit(request)
        try:
            return await reply.message()
        except BaseException:
            if not reply.is_settled:
                del self._replies[reply.request_id]
                self._machine.cancel(reply.request_id, anyio.current_time())
                self._pump()
            raise

    def _raise_end(self) -> NoReturn:
        error = None if self._end is None else self._end.error
        if error is None:
            how = "connect first" if self._end is None else "this connection was closed, make a new one"
            raise OmniConnectionError(f"there is no session: {how}")
        raise type(error)(str(error)) from error.__cause__

    # What comes unasked.

    def unsolicited(self) -> EventStream[Message]:
        """Return an iterator over the messages that the controller sends unasked, from now on.

        Most need notifications to be enabled first: `OmniClient.events` does that, and gives typed events.
        """
        return self.listen(lambda message: (message,))

    def listen(
        self,
        translate: Callable[[Message], Iterable[_T]],
        ready: Callable[[], Awaitable[object]] | None = None,
    ) -> EventStream[_T]:
        """Return an iterator over what ``translate`` makes of the unsolicited messages, from now on.

        ``ready`` is awaited before the first event.
        """
        stream = EventStream(translate, self._forget, ready)
        if self._end is not None:
            stream.end(self._end.error)
        else:
            self._streams.append(stream)
        return stream

    def subscribe(
        self,
        callback: Callable[[_T | ConnectionLost], None],
        translate: Callable[[Message], Iterable[_T]],
    ) -> Callable[[], None]:
        """Call a function with each thing that ``translate`` makes of the unsolicited messages, in order.

        At the end of the session it is called with `ConnectionLost`. Returns what ends it before. A callback that
        raises is logged and stays; it must not block. Raises as `submit` does when there is no session.
        """
        if not self.is_connected:
            self._raise_end()
        subscriber = Subscriber(callback, translate)
        self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            subscriber.close()
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return unsubscribe

    def _forget(self, stream: EventStream[object]) -> None:
        if stream in self._streams:
            self._streams.remove(stream)

    # The machine and its two tasks.

    def _pump(self) -> None:
        """Take the machine's events and packets, and see to it that its time-out is kept."""
        # A subscriber that sends something is called from here: what follows from it comes after this event.
        if self._pumping:
            return
        self._pumping = True
        try:
            while (event := self._machine.next_event()) is not None:
                self._take(event)
        finally:
            self._pumping = False
        self._writer.put(self._machine.data_to_send())
        if self._machine.state is ConnectionState.CLOSED:
            self._writer.stop()
            self._alarm.wake()
        else:
            self._alarm.set(self._machine.next_timeout())

    def _take(self, event: ClientEvent) -> None:
        match event:
            case ReplyReceived(request_id, message):
                self._settle(request_id, message)
            case RequestFailed(request_id, error):
                self._settle(request_id, error)
            case NotificationReceived(message):
                for stream in self._streams:
                    stream.put(message)
                for subscriber in tuple(self._subscribers):
                    subscriber.take(message)
            case SessionStarted():
                _log.info("session started")
                self._settled.set()
            case SessionEnded():
                self._take_end(event)
            case PacketDropped() | LateReply():
                _log.debug("%r", event)

    def _settle(self, request_id: RequestId, outcome: Message | OmniLinkError) -> None:
        reply = self._replies.pop(request_id, None)
        if reply is not None:
            reply.settle(outcome)

    def _take_end(self, event: SessionEnded) -> None:
        _log.info("session ended: %s", event.reason.value)
        self._end = event
        self._settled.set()
        for stream in self._streams:
            stream.end(event.error)
        self._streams.clear()
        for subscriber in tuple(self._subscribers):
            subscriber.end(event.error)
        self._subscribers.clear()

    async def _read(self) -> None:
        with self._reading:
            try:
                while self._machine.state is not ConnectionState.CLOSED:
                    data = await self._transport.receive()
                    self._machine.receive_data(data, anyio.current_time())
                    self._pump()
            except TRANSPORT_ERRORS:
                self._lose()

    async def _write(self) -> None:
        try:
            await self._writer.run()
        except TRANSPORT_ERRORS:
            self._lose()
        finally:
            # Prompt, though the owner may not be looking: a panel has few connections to give.
            self._reading.cancel()
            self._over.set()
            await close_transport(self._transport)

    async def _keep_time(self) -> None:
        while self._machine.state is not ConnectionState.CLOSED:
            await self._alarm.sleep(self._machine.next_timeout())
            self._machine.handle_timeout(anyio.current_time())
            self._pump()

    def _lose(self) -> None:
        self._machine.receive_eof(anyio.current_time())
        self._pump()
