"""One connection to a controller: a client machine, a transport, a reading and a writing task."""

import logging
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Literal, Self, TypeVar

import anyio

from omnilink_anyio.background import clock
from omnilink_anyio.carriers import Carrier, Owner, carrier_of
from omnilink_anyio.event_stream import EventStream, subscription
from omnilink_anyio.flag import Flag
from omnilink_anyio.reply import Reply
from omnilink_anyio.transport import TRANSPORT_ERRORS, Opener, Transport, opener
from omnilink_sansio.client.dispatcher import Dispatcher
from omnilink_sansio.client.event_queue import ConnectionLost, EventsLost
from omnilink_sansio.client.listeners import CallbackListener
from omnilink_sansio.errors import EndReason, LocalProtocolError, OmniConnectionError, OmniLinkError
from omnilink_sansio.messages.exchange import Exchange, Pushed
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.request import Request
from omnilink_sansio.session.client import ClientConnection
from omnilink_sansio.session.connection_type import TransportName
from omnilink_sansio.session.end_reasons import cannot_open
from omnilink_sansio.session.events import (
    ClientEvent,
    LateReply,
    LeaseId,
    PacketDropped,
    SessionEnded,
    SessionStarted,
)
from omnilink_sansio.session.history import SessionHistory
from omnilink_sansio.session.settings import DEFAULT_PORT, ClientSettings
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.framing import Framing, framing_named
from omnilink_sansio.wire.message import Message

__all__ = ["OmniConnection"]

_T = TypeVar("_T")

_log = logging.getLogger("omnilink.anyio")
_log.addHandler(logging.NullHandler())


class OmniConnection:
    """A connection for low-level use: a session, requests on it, and what comes unasked.

    Use it as a context manager, call `connect` and `aclose`, or give `run` a task of its own; all of them from
    whichever task you like.

    ``controller_key`` has 16 bytes, None finds out whether a session would be offered and opens none; ``timeout``
    is how long a request waits for its reply, in seconds; ``settings`` replaces it and adjusts everything else;
    ``history`` is that of the same client's last connection, if there was one.
    Cancelling a call leaves the session usable. Errors reach you bare.
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

        async def opened() -> Transport:
            return transport

        return cls.opening(
            opened,
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
        self._machine = ClientConnection(controller_key, framing=framing, settings=settings, history=history)
        self._dispatcher = Dispatcher(
            self._machine,
            self._observe,
            dialect=settings.dialect,
            family=settings.family,
            tolerances=settings.tolerances,
        )
        self._carrier: Carrier | None = None
        self._clock: Callable[[], float] = anyio.current_time
        self._opening: anyio.CancelScope | None = None
        self._has_begun = self._is_left = False
        self._settled = Flag()
        self._over = Flag()

    def __repr__(self) -> str:
        return f"<OmniConnection {self._machine.state.value}>"

    @property
    def is_connected(self) -> bool:
        """Whether there is a session now."""
        return self._dispatcher.is_online

    @property
    def framing(self) -> Framing:
        """How packets travel."""
        return self._machine.framing

    @property
    def history(self) -> SessionHistory:
        """What to give to the same client's next connection."""
        return self._machine.history

    # Opening and closing: from any task, in any order.

    async def run(self) -> None:
        """Open the transport and a session on it, and own them until the session is over.

        Returns after `aclose`; raises what ended the session otherwise, or what `connect` raises. Whatever else
        ends this call ends the session in order.
        """
        await self.connect()
        try:
            await self._over.wait()
        finally:
            await self._leave()
        if not self._is_left:
            self._dispatcher.raise_end()

    async def wait_ready(self) -> None:
        """Wait until there is a session; raises what kept it from being opened, or ended it since."""
        await self._settled.wait()
        self.check_connected()

    async def connect(self) -> None:
        """Open the transport and a session on it.

        Raises `OmniConnectionError` when the transport cannot be opened, `HandshakeError` or one of its kinds
        when the session cannot, `LocalProtocolError` the second time.
        """
        if self._has_begun:
            raise LocalProtocolError("a connection connects once: make a new one")
        self._has_begun = True
        self._clock = clock()
        try:
            await self._begin()
            await self._settled.wait()
            if not self.is_connected:
                await self._over.wait()
                self._dispatcher.raise_end()
        finally:
            if not self.is_connected:
                await self._leave()

    async def aclose(self) -> None:
        """End the session in order (packet 5), then close the transport. Does nothing the second time."""
        self._is_left = True
        if not self._has_begun:
            self._has_begun = True
            await self._leave()
        elif self._carrier is not None:
            self._machine.close(self._clock())
            self._pump()
        elif self._opening is not None:
            self._opening.cancel()
        try:
            await self._over.wait()
        finally:
            await self._leave()

    async def close(self) -> None:
        """End the session in order, as `aclose` does."""
        await self.aclose()

    async def _begin(self) -> None:
        try:
            transport = await self._open_transport()
        except OmniLinkError as error:
            self._dispatcher.fail_to_open(error)
            raise
        self._carrier = carrier_of(transport, Owner(self._receive, self._lose, self._ring, self._over))
        self._machine.connect(self._clock())
        self._pump()

    async def _open_transport(self) -> Transport:
        try:
            with anyio.CancelScope() as self._opening:
                return await self._open()
        except OmniLinkError:
            raise
        except Exception as error:
            if not isinstance(error, TRANSPORT_ERRORS):
                _log.exception("the transport could not be opened")
            raise cannot_open("the controller", error) from error
        finally:
            self._opening = None
        raise OmniConnectionError("this connection was closed before it was open", EndReason.CLOSED)

    async def _leave(self) -> None:
        """Let go of everything, at once but for what is still to be written."""
        carrier = self._carrier
        if carrier is not None:
            # Goodbye goes out even when this task is cancelled: a controller's slots are few.
            self._machine.close(self._clock())
            self._pump()
            carrier.stop()
            if not self._over.is_set:
                # It takes a second at most, and as long again for a transport that will not be closed.
                with anyio.CancelScope(shield=True):
                    await self._over.wait()
            self._lose()
        self._settled.set()
        self._over.set()

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self.aclose()

    # Requests.

    def submit(self, request: Request[_T]) -> Reply[_T]:
        """Send a request, or queue it behind those under way, without waiting for its reply.

        Raises `OmniConnectionError` when there is no session, `LocalProtocolError` when the queue is full or
        the request does not fit its message.
        """
        settled = anyio.Event()
        pending = self._dispatcher.submit(request, settled.set, self._clock())
        self._pump()
        return Reply(pending, settled)

    async def request(self, request: Request[_T]) -> _T:
        """Send a request and return its reply's content.

        Raises what the reply or its absence means: `CommandFailedError`, `RequestTimeoutError`,
        `OutcomeUnknownError`, `OmniConnectionError`, `RemoteProtocolError`; and what `submit` raises.
        """
        return request.accept(await self.exchange(request))

    async def exchange(self, request: Request[object], lease: LeaseId | None = None) -> Payload:
        """Send a request and return the reply, whatever it says; raises as `request` does, short of its content.

        ``lease`` is the one that the request belongs to.
        """
        settled = anyio.Event()
        pending = self._dispatcher.submit(request, settled.set, self._clock(), lease)
        self._pump()
        try:
            await settled.wait()
        except BaseException:
            self._dispatcher.give_up(pending, self._clock())
            self._pump()
            raise
        return pending.payload()

    async def lease(self) -> LeaseId:
        """Wait until nothing else is under way, and from then on have all requests wait but those of this lease.

        `release` gives it back. A security command ends it before; a request of it then raises `LeaseEndedError`.
        Until then a call of your own without ``lease=`` waits as well: for ever, when you are to release it.
        Raises `OmniConnectionError` when there is no session, `LocalProtocolError` when the queue is full.
        """
        settled = anyio.Event()
        pending = self._dispatcher.lease(settled.set, self._clock())
        self._pump()
        try:
            await settled.wait()
            return pending.content()
        except BaseException:
            self.release(pending.lease)
            raise

    def release(self, lease: LeaseId) -> None:
        """Give a lease back; does nothing for one that is over."""
        self._dispatcher.release(lease, self._clock())
        self._pump()

    def enable_notifications(self) -> Reply[None]:
        """Have the controller send what happens unasked; once a session, unless that failed.

        Where it is not known whether the controller is an Omni or a Lumina, it is asked first. Returns the
        reply to wait for. Raises as `submit` does.
        """
        settled = anyio.Event()
        pending = self._dispatcher.enable_notifications(settled.set, self._clock())
        self._pump()
        return Reply(pending, settled)

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
        return EventStream(self._dispatcher.notifications, translate, ready)

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
        self.check_connected()
        return subscription(self._dispatcher.notifications, callback, translate)

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

    def check_connected(self) -> None:
        """Raise `OmniConnectionError`, or the kind of it that names why, when there is no session."""
        if not self.is_connected:
            self._dispatcher.raise_end()

    # The machine and what carries its packets.

    def _pump(self) -> None:
        """Take the machine's events and packets, and see to it that its time-out is kept."""
        carrier = self._carrier
        if carrier is None or self._dispatcher.is_dispatching:
            return
        self._dispatcher.dispatch()
        packets = self._machine.data_to_send()
        if packets:
            carrier.write(packets)
        if self._machine.state is ConnectionState.CLOSED:
            carrier.stop()
        else:
            carrier.set_due(self._machine.next_timeout())

    def _observe(self, event: ClientEvent) -> None:
        match event:
            case SessionStarted():
                _log.debug("session started")
                self._settled.set()
            case SessionEnded():
                _log.debug("session ended: %s", event.reason.value)
                self._settled.set()
            case PacketDropped() | LateReply():
                _log.debug("%r", event)

    # Called by the event loop, or from a task that belongs to nobody, where an exception must not get to.

    def _receive(self, data: bytes) -> None:
        try:
            self._machine.receive_data(data, self._clock())
            self._pump()
        except Exception:  # noqa: BLE001 - whatever it is, the session ends as at any loss
            self._fail()

    def _ring(self) -> None:
        try:
            self._machine.handle_timeout(self._clock())
            self._pump()
        except Exception:  # noqa: BLE001 - whatever it is, the session ends as at any loss
            self._fail()

    def _fail(self) -> None:
        _log.exception("what came in could not be passed on: the session ends here")
        self._lose()

    def _lose(self) -> None:
        self._machine.receive_eof(self._clock())
        self._pump()
