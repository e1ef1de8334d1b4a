"""The emulated panel, served over TCP or UDP."""

import contextlib
import os
from collections import deque
from collections.abc import Callable, Hashable
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

import anyio
import anyio.lowlevel
from anyio.abc import ByteStream, SocketAttribute, TaskGroup, UDPSocket, UnreliableObjectStream

from omnilink_anyio.transport import (
    GRACE,
    TRANSPORT_ERRORS,
    Alarm,
    PacketWriter,
    Transport,
    close_transport,
    write_at_once,
)
from omnilink_sansio import (
    ConnectionState,
    ConnectionType,
    ControllerSettings,
    Framing,
    LocalProtocolError,
    PeerEvent,
    TransportName,
)
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.simulator import EmulatedPanel, House, demo_house
from omnilink_sansio.wire.cipher import SESSION_ID_SIZE

__all__ = ["MockPanel", "ServedPanel"]

_T = TypeVar("_T")

_FRAMINGS = {ConnectionType.TCP: Framing.STREAM, ConnectionType.UDP: Framing.DATAGRAM}

_MOST_UNSENT = 1024
"""Datagrams that wait for the system to take them; more are lost, as datagrams may be."""


class MockPanel:
    """An emulated panel to serve: enter what `serve` returns as a context.

    ``house`` is what it controls, the demo house when not given; ``observe`` is called with every event of
    every client before the panel acts on it, and must not wait; ``session_ids`` gives 5 bytes for each session,
    random ones when not given. Raises `LocalProtocolError` for a key that has not 16 bytes.
    """

    def __init__(
        self,
        *,
        controller_key: bytes,
        house: House | None = None,
        settings: ControllerSettings | None = None,
        observe: Callable[[PeerEvent[Hashable]], None] | None = None,
        session_ids: Callable[[], bytes] | None = None,
    ) -> None:
        self.house = demo_house() if house is None else house
        self._new_panel: Callable[..., EmulatedPanel[Hashable]] = partial(
            EmulatedPanel,
            ControllerKey(controller_key),
            self.house,
            session_ids or partial(os.urandom, SESSION_ID_SIZE),
            settings=settings,
            observe=observe,
        )

    def serve(
        self, host: str = "127.0.0.1", port: int = 0, transport: TransportName = "tcp"
    ) -> "ServedPanel":
        """Return a context manager that serves the panel; its value has ``host`` and ``port``.

        Port 0 takes a free one. The house lives on from one call to the next, sessions do not; it is served once
        at a time. Raises `LocalProtocolError` for another transport, and for a house with a number, name or value
        that no message can carry.
        """
        try:
            framing = _FRAMINGS[ConnectionType(transport)]
        except ValueError:
            raise LocalProtocolError(f"the panel is served over tcp or udp, not over {transport!r}") from None
        return ServedPanel(self._new_panel(framing=framing), host, port, framing)


class ServedPanel:
    """A panel that listens, from entering this context to leaving it; then all its sessions end.

    ``host`` and ``port`` are where it listens. ``panel`` is what it serves: use `act` to do something to it.
    """

    def __init__(self, panel: EmulatedPanel[Hashable], host: str, port: int, framing: Framing) -> None:
        self.panel = panel
        self.host = host
        self.port = port
        self._framing = framing
        self._clients: dict[Hashable, _Client] = {}
        self._outgoing: deque[tuple[bytes, tuple[str, int]]] = deque(maxlen=_MOST_UNSENT)
        self._sending = Alarm()
        self._clock = Alarm()
        self._is_acting = False

    async def __aenter__(self) -> Self:
        tasks = anyio.create_task_group()
        if self._framing is Framing.STREAM:
            listener = await anyio.create_tcp_listener(local_host=self.host, local_port=self.port)
            self.port = listener.extra(SocketAttribute.local_port)
            self._leave = listener.aclose
            await tasks.__aenter__()
            tasks.start_soon(listener.serve, self.serve_stream)
        else:
            datagrams = await anyio.create_udp_socket(local_host=self.host, local_port=self.port)
            self.port = datagrams.extra(SocketAttribute.local_port)
            self._leave = partial(self._leave_datagrams, datagrams)
            await tasks.__aenter__()
            tasks.start_soon(self._receive_datagrams, datagrams)
            tasks.start_soon(self._send_datagrams, datagrams)
        tasks.start_soon(self._keep_time)
        self._tasks: TaskGroup = tasks
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        # The group's __aexit__ never sees the body's exception, so it never wraps it in a group.
        try:
            self._tasks.cancel_scope.cancel()
            await self._tasks.__aexit__(None, None, None)
        finally:
            self.act(lambda panel, now: panel.close(now))
            await self._leave()

    async def serve_stream(self, stream: ByteStream) -> None:
        """Serve one more client, on a byte stream of its own, and close that when either end is done.

        Raises `LocalProtocolError` on a panel that is served over UDP.
        """
        peer = object()
        self.act(lambda panel, now: panel.accept(peer, now))
        write_at_once(stream)
        await self._serve(peer, stream)

    async def serve_datagram_link(self, link: UnreliableObjectStream[bytes]) -> None:
        """Serve one more client, on a datagram link of its own, and close that when it is over.

        Raises `LocalProtocolError` on a panel that is served over TCP.
        """
        if self._framing is not Framing.DATAGRAM:
            raise LocalProtocolError("this panel is served over tcp: use serve_stream, or serve it over udp")
        await self._serve(object(), link)

    def act(self, action: Callable[[EmulatedPanel[Hashable], float], _T]) -> _T:
        """Do something to the panel between two inputs, then what follows from it, such as sending.

        ``action`` is called at once, with the panel and the time on its clock; what it returns is returned. It
        must not wait. In blocking code any thread may call this, and nothing else may touch a served panel.
        """
        # What is done from `observe` is in the middle of an input: what follows comes after that.
        if self._is_acting:
            return action(self.panel, anyio.current_time())
        self._is_acting = True
        try:
            return action(self.panel, anyio.current_time())
        finally:
            self._is_acting = False
            self._distribute()

    def reboot(self) -> None:
        """Have the panel restart: all sessions are gone without a word, its streams closed; the house stays."""
        self.act(lambda panel, now: panel.reboot(now))

    # Clients with a transport of their own.

    async def _serve(self, peer: Hashable, transport: Transport) -> None:
        client = self._clients[peer] = _Client(transport)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._write, client)
                try:
                    await self._read(peer, client)
                finally:
                    client.writer.stop()
        finally:
            self.act(lambda panel, now: panel.receive_eof(peer, now))
            del self._clients[peer]
            await close_transport(transport)

    async def _read(self, peer: Hashable, client: "_Client") -> None:
        with client.reading:
            while not self._is_done_with(peer):
                try:
                    data = await client.transport.receive()
                except TRANSPORT_ERRORS:
                    return
                self._receive(peer, data)

    async def _write(self, client: "_Client") -> None:
        try:
            await client.writer.run()
        except TRANSPORT_ERRORS:
            # A client that is gone may have said something before: reading goes on to the end of its stream.
            if self._framing is Framing.DATAGRAM:
                client.reading.cancel()

    def _is_done_with(self, peer: Hashable) -> bool:
        # On datagrams the same peer may return.
        return self._framing is Framing.STREAM and self.panel.state(peer) is ConnectionState.CLOSED

    # The socket that all others send their datagrams to; their peer is an address.

    async def _receive_datagrams(self, datagrams: UDPSocket) -> None:
        while True:
            try:
                data, peer = await datagrams.receive()
            except anyio.BrokenResourceError as error:
                # Some systems tell here that nobody listens where an earlier datagram went.
                if not isinstance(error.__cause__, OSError):
                    raise
                await anyio.lowlevel.checkpoint()
            else:
                self._receive(peer, data)

    async def _send_datagrams(self, datagrams: UDPSocket) -> None:
        while True:
            await self._send_waiting(datagrams)
            await self._sending.sleep(None)

    async def _send_waiting(self, datagrams: UDPSocket) -> None:
        while self._outgoing:
            packet, (host, port) = self._outgoing.popleft()
            for _ in range(2):
                # What an earlier datagram met may be told here, too, instead of sending this one.
                with contextlib.suppress(anyio.BrokenResourceError):
                    await datagrams.sendto(packet, host, port)
                    break

    async def _leave_datagrams(self, datagrams: UDPSocket) -> None:
        # The end of a stream tells its client; here only packet 6 does.
        with anyio.move_on_after(GRACE, shield=True):
            await self._send_waiting(datagrams)
        await datagrams.aclose()

    # The panel.

    def _receive(self, peer: Hashable, data: bytes) -> None:
        self.act(lambda panel, now: panel.receive_data(peer, data, now))

    def _distribute(self) -> None:
        """Give each client its packets, and let go of those that the panel has done with."""
        for peer, packet in self.panel.data_to_send():
            if peer in self._clients:
                self._clients[peer].writer.put([packet])
            elif isinstance(peer, tuple):
                self._outgoing.append((packet, peer))
                self._sending.wake()
        for peer, client in self._clients.items():
            if self._is_done_with(peer):
                client.writer.stop()
                client.reading.cancel()
        self._clock.set(self.panel.next_timeout())

    async def _keep_time(self) -> None:
        while True:
            await self._clock.sleep(self.panel.next_timeout())
            self.act(lambda panel, now: panel.handle_timeout(now))


class _Client:
    """One client's transport and what serves it."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.writer = PacketWriter(transport)
        self.reading = anyio.CancelScope()
