"""The emulated panel, served over TCP, UDP or both."""

import contextlib
import os
from collections import deque
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

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
    disable_nagle,
)
from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.session.connection_type import check_port
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.simulator.panel import EmulatedPanel
from omnilink_sansio.simulator.panel_description import PanelDescription, PanelTransport
from omnilink_sansio.simulator.stimuli import Stimulus, parse_stimulus
from omnilink_sansio.wire.cipher import SESSION_ID_SIZE
from omnilink_sansio.wire.framing import Framing

__all__ = ["MockPanel", "ServedPanel"]

_T = TypeVar("_T")

_MOST_BEHIND = 10_000
"""Packets that a client may leave unread before its stream is closed: no client that reads is so far behind."""

_MOST_UNSENT = 1024
"""Datagrams that wait for the system to take them; more are lost, as datagrams may be."""

_MOST_TRIES = 20
"""How many free TCP ports are tried for one whose number is free for UDP as well."""


class MockPanel(PanelDescription):
    """An emulated panel to serve, as `PanelDescription` describes it: enter what `serve` returns as a context."""

    @staticmethod
    def random_session_id() -> bytes:
        """Return 5 random bytes."""
        return os.urandom(SESSION_ID_SIZE)

    def serve(
        self, host: str = "127.0.0.1", port: int = 0, transport: PanelTransport = "tcp"
    ) -> "ServedPanel":
        """Return a context manager that serves the panel; its value has ``host`` and ``port``.

        ``transport`` "both" is TCP and UDP on the same port, with one limit on sessions. Port 0 takes a free one.
        The house lives on from one call to the next, sessions do not; it is served once at a time. Raises
        `LocalProtocolError` for another transport, for what is no port, and for a house with a number, name or
        value that no message can carry. Entering it raises `OSError` when it cannot listen there.
        """
        check_port(port, lowest=0)
        return ServedPanel(self.new_panel(transport), host, port)


def _first_of(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    first = errors.exceptions[0]
    return _first_of(first) if isinstance(first, BaseExceptionGroup) else first


class ServedPanel:
    """A panel that listens, from entering this context to leaving it; then all its sessions end.

    ``host`` and ``port`` are where it listens. ``panel`` is what it serves: use `act` to do something to it.
    """

    def __init__(self, panel: EmulatedPanel[Hashable], host: str, port: int) -> None:
        self.panel = panel
        self.host = host
        self.port = port
        self._framing = panel.framing
        self._clients: dict[Hashable, _Client] = {}
        self._outgoing: deque[tuple[bytes, tuple[str, int]]] = deque()
        self._sending = Alarm()
        self._clock = Alarm()
        self._is_acting = False

    async def __aenter__(self) -> Self:
        jobs = await self._listen()
        tasks = anyio.create_task_group()
        await tasks.__aenter__()
        for job in (*jobs, self._keep_time):
            tasks.start_soon(job)
        self._tasks: TaskGroup = tasks
        try:
            # From now on time passes in the house, whether or not a client comes.
            self.act(lambda panel, now: panel.handle_timeout(now))
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        # The group's __aexit__ never sees the body's exception, so it never wraps it in a group.
        try:
            self.act(lambda panel, now: panel.close(now))
        finally:
            try:
                self._tasks.cancel_scope.cancel()
                await self._tasks.__aexit__(None, None, None)
            except BaseExceptionGroup as errors:
                # Of what the panel's observers raised, the first is raised, bare.
                raise _first_of(errors) from None
            finally:
                await self._leave()

    async def serve_stream(self, stream: ByteStream) -> None:
        """Serve one more client, on a byte stream of its own, and close that when either end is done.

        Raises `LocalProtocolError` on a panel that is served over UDP only.
        """
        peer = _StreamPeer(stream)
        self.act(lambda panel, now: panel.accept(peer, now))
        disable_nagle(stream)
        await self._serve(peer, _Client(stream, is_stream=True))

    async def serve_datagram_link(self, link: UnreliableObjectStream[bytes]) -> None:
        """Serve one more client, on a datagram link of its own, and close that when it is over.

        Raises `LocalProtocolError` on a panel that is served over TCP only.
        """
        if self._framing is Framing.STREAM:
            raise LocalProtocolError("this panel is served over tcp: use serve_stream, or serve it over udp")
        await self._serve(object(), _Client(link, is_stream=False))

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
            try:
                return action(self.panel, anyio.current_time())
            finally:
                self._distribute()
        finally:
            self._is_acting = False

    def happen(self, what: Stimulus | str) -> None:
        """Have something happen in the house, such as a zone that opens; a text is read by `parse_stimulus`.

        Raises `LocalProtocolError` for a text that is no stimulus, and for what there is not in this house.
        """
        stimulus = parse_stimulus(what) if isinstance(what, str) else what
        self.act(lambda panel, now: panel.happen(stimulus, now))

    def reboot(self) -> None:
        """Have the panel restart: all sessions are gone without a word, its streams closed; the house stays."""
        self.act(lambda panel, now: panel.reboot(now))

    # Listening.

    async def _listen(self) -> list[Callable[[], Coroutine[Any, Any, None]]]:
        """Listen, and return what serves the clients; one port for both is found by trying."""
        for _ in range(_MOST_TRIES if self._framing is None and not self.port else 0):
            with contextlib.suppress(OSError):
                return await self._listen_once()
        return await self._listen_once()

    async def _listen_once(self) -> list[Callable[[], Coroutine[Any, Any, None]]]:
        jobs: list[Callable[[], Coroutine[Any, Any, None]]] = []
        port = self.port
        async with contextlib.AsyncExitStack() as listening:
            if self._framing is not Framing.DATAGRAM:
                listener = await anyio.create_tcp_listener(local_host=self.host, local_port=port)
                listening.push_async_callback(listener.aclose)
                port = listener.extra(SocketAttribute.local_port)
                jobs.append(partial(listener.serve, self.serve_stream))
            if self._framing is not Framing.STREAM:
                datagrams = await anyio.create_udp_socket(local_host=self.host, local_port=port)
                listening.push_async_callback(self._leave_datagrams, datagrams)
                port = datagrams.extra(SocketAttribute.local_port)
                jobs.append(partial(self._receive_datagrams, datagrams))
                jobs.append(partial(self._send_datagrams, datagrams))
            self._leave = listening.pop_all().aclose
        self.port = port
        return jobs

    # Clients with a transport of their own.

    async def _serve(self, peer: Hashable, client: "_Client") -> None:
        self._clients[peer] = client
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
            await close_transport(client.transport)

    async def _read(self, peer: Hashable, client: "_Client") -> None:
        with client.reading:
            while not self._is_done_with(peer, client):
                try:
                    data = await client.transport.receive()
                except TRANSPORT_ERRORS:
                    return
                # The panel may be done with it since: to the panel this would be a datagram then.
                if not self._is_done_with(peer, client):
                    self._receive(peer, data)

    async def _write(self, client: "_Client") -> None:
        try:
            await client.writer.run()
        except TRANSPORT_ERRORS:
            # A client that is gone may have sent something before: reading goes on to the end of its stream.
            if not client.is_stream:
                client.reading.cancel()

    def _is_done_with(self, peer: Hashable, client: "_Client") -> bool:
        # On datagrams the same peer may return.
        return client.is_stream and self.panel.state(peer) is ConnectionState.CLOSED

    # The socket that all others send their datagrams to; their peer is an address.

    async def _receive_datagrams(self, datagrams: UDPSocket) -> None:
        while True:
            try:
                data, peer = await datagrams.receive()
            except anyio.BrokenResourceError as error:
                # Some systems report here that nothing listens where an earlier datagram went.
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
            # One that a cancellation catches stays, to be sent on leaving.
            packet, (host, port) = self._outgoing[0]
            for _ in range(2):
                # What an earlier datagram met may be reported here, too, instead of sending this one.
                with contextlib.suppress(anyio.BrokenResourceError):
                    await datagrams.sendto(packet, host, port)
                    break
            self._outgoing.popleft()

    async def _leave_datagrams(self, datagrams: UDPSocket) -> None:
        # On a stream its end reaches the client; here only packet 6 does.
        with anyio.move_on_after(GRACE, shield=True):
            await self._send_waiting(datagrams)
        self._outgoing.clear()
        await datagrams.aclose()

    # The panel.

    def _receive(self, peer: Hashable, data: bytes) -> None:
        self.act(lambda panel, now: panel.receive_data(peer, data, now))

    def _distribute(self) -> None:
        """Give each client its packets; let go of those that do not read them or that the panel has done with."""
        while pending := self.panel.data_to_send():
            for peer, packet in pending:
                self._send(peer, packet)
            for peer, client in self._clients.items():
                if client.is_stream and client.writer.behind > _MOST_BEHIND:
                    client.writer.forget()
                    self.panel.receive_eof(peer, anyio.current_time())
        for peer, client in self._clients.items():
            if self._is_done_with(peer, client):
                client.writer.stop()
                client.reading.cancel()
        self._clock.set(self.panel.next_timeout())

    def _send(self, peer: Hashable, packet: bytes) -> None:
        client = self._clients.get(peer)
        if client is not None:
            if client.is_stream or client.writer.behind < _MOST_UNSENT:
                client.writer.put([packet])
        elif isinstance(peer, tuple) and len(self._outgoing) < _MOST_UNSENT:
            self._outgoing.append((packet, peer))
            self._sending.wake()

    async def _keep_time(self) -> None:
        while True:
            await self._clock.sleep(self.panel.next_timeout())
            self.act(lambda panel, now: panel.handle_timeout(now))


class _StreamPeer:
    """Names one stream, and where it comes from: an address alone may return while its old stream closes."""

    def __init__(self, stream: ByteStream) -> None:
        self._address = stream.extra(SocketAttribute.remote_address, None)

    def __str__(self) -> str:
        if isinstance(self._address, tuple):
            return f"{self._address[0]} port {self._address[1]}"
        return "a stream"


class _BoundedWriter(PacketWriter):
    """A writer that knows how many packets wait in it."""

    @property
    def behind(self) -> int:
        return len(self._packets)

    def forget(self) -> None:
        """Give up what is still to be written."""
        self._packets.clear()


class _Client:
    """One client's transport and what serves it."""

    def __init__(self, transport: Transport, *, is_stream: bool) -> None:
        self.transport = transport
        self.is_stream = is_stream
        self.writer = _BoundedWriter(transport)
        self.reading = anyio.CancelScope()
