"""The emulated panel, served over TCP."""

import contextlib
import os
from collections.abc import Callable, Hashable
from functools import partial
from types import TracebackType
from typing import Literal, Self

import anyio
from anyio.abc import ByteStream, SocketAttribute, TaskGroup

from omnilink_anyio.transport import TRANSPORT_ERRORS, Alarm, PacketWriter, close_transport, write_at_once
from omnilink_sansio import ConnectionState, ControllerSettings, LocalProtocolError, PeerEvent
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.simulator import EmulatedPanel, House, demo_house

__all__ = ["MockPanel", "ServedPanel"]

_SESSION_ID_SIZE = 5


class MockPanel:
    """An emulated panel to serve: ``async with MockPanel(controller_key=key).serve() as served``.

    ``house`` is what it controls, the demo house when not given; ``observe`` is called with every event of
    every client before the panel acts on it; ``session_ids`` gives 5 bytes for each session, random ones when
    not given.
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
        self.panel: EmulatedPanel[Hashable] = EmulatedPanel(
            ControllerKey(controller_key),
            demo_house() if house is None else house,
            session_ids or partial(os.urandom, _SESSION_ID_SIZE),
            settings=settings,
            observe=observe,
        )

    def serve(
        self, host: str = "127.0.0.1", port: int = 0, transport: Literal["tcp"] = "tcp"
    ) -> "ServedPanel":
        """Return a context manager that serves the panel; its value has ``host`` and ``port``.

        Port 0 takes a free one.
        """
        if transport != "tcp":
            raise LocalProtocolError(f"the panel is served over tcp only, not over {transport!r}")
        return ServedPanel(self.panel, host, port)


class ServedPanel:
    """A panel that listens, from entering this context to leaving it."""

    def __init__(self, panel: EmulatedPanel[Hashable], host: str, port: int) -> None:
        self.panel = panel
        self.host = host
        self.port = port
        self._clients: dict[Hashable, _Client] = {}
        self._clock = Alarm()
        self._tasks: TaskGroup | None = None

    async def __aenter__(self) -> Self:
        listener = await anyio.create_tcp_listener(local_host=self.host, local_port=self.port)
        self.port = listener.extra(SocketAttribute.local_port)
        self._listener = listener
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        self._tasks.start_soon(listener.serve, self.serve_stream)
        self._tasks.start_soon(self._keep_time)
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        tasks, self._tasks = self._tasks, None
        assert tasks is not None
        # The group's __aexit__ never sees the body's exception, so it never wraps it in a group.
        try:
            tasks.cancel_scope.cancel()
            await tasks.__aexit__(None, None, None)
        finally:
            await self._listener.aclose()

    async def serve_stream(self, stream: ByteStream) -> None:
        """Serve one client on any byte stream, until it or the panel ends the connection."""
        peer = object()
        client = self._clients[peer] = _Client(stream)
        write_at_once(stream)
        self.panel.accept(peer, anyio.current_time())
        self._clock.set(self.panel.next_timeout())
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._write, client)
                try:
                    await self._read(peer, client)
                finally:
                    client.writer.stop()
        finally:
            self.panel.receive_eof(peer, anyio.current_time())
            self._distribute()
            del self._clients[peer]
            await close_transport(stream)

    async def _read(self, peer: Hashable, client: "_Client") -> None:
        with client.reading:
            try:
                while self.panel.state(peer) is not ConnectionState.CLOSED:
                    data = await client.stream.receive()
                    self.panel.receive_data(peer, data, anyio.current_time())
                    self._distribute()
            except TRANSPORT_ERRORS:
                pass

    async def _write(self, client: "_Client") -> None:
        # A client that is gone may have said something before: reading goes on to the end of its stream.
        with contextlib.suppress(*TRANSPORT_ERRORS):
            await client.writer.run()

    def _distribute(self) -> None:
        """Give each client its packets, and let go of those that the panel has done with."""
        for peer, packet in self.panel.data_to_send():
            if peer in self._clients:
                self._clients[peer].writer.put([packet])
        for peer, client in self._clients.items():
            if self.panel.state(peer) is ConnectionState.CLOSED:
                client.writer.stop()
                client.reading.cancel()
        self._clock.set(self.panel.next_timeout())

    async def _keep_time(self) -> None:
        while True:
            await self._clock.sleep(self.panel.next_timeout())
            self.panel.handle_timeout(anyio.current_time())
            self._distribute()


class _Client:
    """One client's stream and what serves it."""

    def __init__(self, stream: ByteStream) -> None:
        self.stream = stream
        self.writer = PacketWriter(stream)
        self.reading = anyio.CancelScope()
