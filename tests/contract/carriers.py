"""Where clients reach a panel: in memory, on a TCP or UDP port, at a serial line's other end.

A place gives each client its near end and serves the far ends, which are all anyio's: streams or datagram links.
"""

import asyncio
import queue
import socket
import struct
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import ExitStack, suppress
from typing import Any, Generic, TypeVar

import anyio
import anyio.lowlevel
from anyio.abc import ByteStream, UnreliableObjectStream

from omnilink_sansio import PacketType
from tests.anyio_adapter.streams import MemoryStream, memory_pair
from tests.serial_ports import DescriptorStream, PtyPair, open_pty_pair

__all__ = [
    "LOOPBACK",
    "DatagramLink",
    "FarEnd",
    "Inbox",
    "MemoryPlace",
    "Place",
    "PtyEnd",
    "PtyPlace",
    "QueueTransport",
    "SocketStream",
    "TcpPlace",
    "UdpPlace",
]

FarEnd = ByteStream | UnreliableObjectStream[bytes]
Serve = Callable[[Any], Coroutine[Any, Any, None]]
"""Takes a far end, of the kind that the place has."""

LOOPBACK = "127.0.0.1"

_T = TypeVar("_T")

TYPE_BYTE = 2
"""Where a packet says what it is."""


class Place:
    """Where clients come, one or more; the same place for all of them as far as the carrier has such a thing."""

    async def serve(self, serve: Serve) -> None:
        """Let ``serve`` have the far end of each client that comes, for ever."""
        raise NotImplementedError

    def close(self) -> None:
        """Give up what the system lent."""


class Inbox(Generic[_T]):
    """Keeps what comes until it is fetched, in order; after `close` fetching raises `anyio.EndOfStream`."""

    def __init__(self) -> None:
        self._items: deque[_T] = deque()
        self._changed = anyio.Event()
        self._is_closed = False

    def put(self, item: _T) -> None:
        """Take one. In the event loop's thread."""
        self._items.append(item)
        self._changed.set()

    def close(self) -> None:
        """Take no more."""
        self._is_closed = True
        self._changed.set()

    async def get(self) -> _T:
        """Wait for the next."""
        await anyio.lowlevel.checkpoint()
        while not self._items:
            if self._is_closed:
                raise anyio.EndOfStream
            self._changed = anyio.Event()
            await self._changed.wait()
        return self._items.popleft()


# In memory.


class QueueTransport:
    """The blocking end of a stream in memory, whose other end is a stream in an asyncio loop."""

    def __init__(self, outgoing: Inbox[bytes]) -> None:
        self.incoming: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        """What arrives; None at its end."""
        self._loop = asyncio.get_running_loop()
        self._outgoing = outgoing

    def send(self, data: bytes) -> None:
        self._loop.call_soon_threadsafe(self._outgoing.put, data)

    def receive(self, timeout: float) -> bytes | None:
        try:
            data = self.incoming.get(timeout=timeout)
        except queue.Empty:
            return None
        if data is None:
            self.incoming.put(None)
            raise EOFError("the other end was closed")
        return data

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._outgoing.close)


class _QueueStream(ByteStream):
    """The far end of a `QueueTransport`."""

    def __init__(self) -> None:
        self._incoming: Inbox[bytes] = Inbox()
        self.near = QueueTransport(self._incoming)

    async def receive(self, max_bytes: int = 65536) -> bytes:
        del max_bytes
        return await self._incoming.get()

    async def send(self, item: bytes) -> None:
        await anyio.lowlevel.checkpoint()
        self.near.incoming.put(item)

    async def send_eof(self) -> None:
        self.near.incoming.put(None)

    async def aclose(self) -> None:
        self.near.incoming.put(None)
        await anyio.lowlevel.checkpoint()


class _Arrivals(Place):
    """A place that makes both ends itself."""

    def __init__(self) -> None:
        self._arrivals: Inbox[FarEnd] = Inbox()

    async def serve(self, serve: Serve) -> None:
        async with anyio.create_task_group() as tasks:
            while True:
                tasks.start_soon(serve, await self._arrivals.get())


class MemoryPlace(_Arrivals):
    """A new stream for each client."""

    def stream(self) -> MemoryStream:
        """Return an asynchronous client's end."""
        near, far = memory_pair()
        self._arrivals.put(far)
        return near

    def transport(self) -> QueueTransport:
        """Return a blocking client's end."""
        far = _QueueStream()
        self._arrivals.put(far)
        return far.near


# A serial line.


class PtyEnd(DescriptorStream):
    """A line's far end. That the panel is done with it is nothing to the client, unless the line is pulled out."""

    def __init__(self, pair: PtyPair) -> None:
        super().__init__(pair)
        self._pair = pair

    async def pull(self) -> None:
        """Let the client's port vanish."""
        await self.aclose()
        self._pair.pull()


class PtyPlace(_Arrivals):
    """A new line for each client: what one leaves unread on a line would be the next one's."""

    def __init__(self) -> None:
        super().__init__()
        self._pairs = ExitStack()

    def path(self) -> str:
        """Return the system's name for a client's end."""
        pair = self._pairs.enter_context(open_pty_pair())
        self._arrivals.put(PtyEnd(pair))
        return pair.path

    def close(self) -> None:
        self._pairs.close()


# TCP.


class SocketStream(ByteStream):
    """A socket whose end the test decides: FIN by closing it, or RST by `reset`."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._is_closed = False
        connected.setblocking(False)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def receive(self, max_bytes: int = 65536) -> bytes:
        data: bytes = await self._try(lambda: self._socket.recv(max_bytes), anyio.wait_readable)
        if not data:
            raise anyio.EndOfStream
        return data

    async def send(self, item: bytes) -> None:
        # Packets are short: the system takes each of them whole.
        assert await self._try(lambda: self._socket.send(item), anyio.wait_writable) == len(item)

    async def _try(self, do: Callable[[], _T], wait: Callable[[socket.socket], Awaitable[None]]) -> _T:
        await anyio.lowlevel.checkpoint()
        while True:
            if self._is_closed:
                raise anyio.ClosedResourceError
            try:
                return do()
            except BlockingIOError:
                await wait(self._socket)
            except OSError as error:
                raise anyio.BrokenResourceError from error

    async def send_eof(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    async def reset(self) -> None:
        """Close it by RST."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await self.aclose()

    async def aclose(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            anyio.notify_closing(self._socket)
            self._socket.close()
        await anyio.lowlevel.checkpoint()


class TcpPlace(Place):
    """A port that listens."""

    def __init__(self) -> None:
        self._listener = socket.create_server((LOOPBACK, 0))
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]

    async def serve(self, serve: Serve) -> None:
        async with anyio.create_task_group() as tasks:
            while True:
                await anyio.wait_readable(self._listener)
                with suppress(BlockingIOError):
                    tasks.start_soon(serve, SocketStream(self._listener.accept()[0]))

    def close(self) -> None:
        self._listener.close()


# UDP.


class DatagramLink(UnreliableObjectStream[bytes]):
    """What goes to and comes from one address."""

    def __init__(self, shared: socket.socket, peer: tuple[str, int]) -> None:
        self._socket = shared
        self._peer = peer
        self._arrived: Inbox[bytes] = Inbox()
        self.is_done = False
        """Whether a new session from this address would be another client's."""

    def put(self, datagram: bytes) -> None:
        """Take what came from there."""
        self._arrived.put(datagram)

    async def receive(self) -> bytes:
        return await self._arrived.get()

    async def send(self, item: bytes) -> None:
        await anyio.lowlevel.checkpoint()
        self._socket.sendto(item, self._peer)

    async def aclose(self) -> None:
        await anyio.lowlevel.checkpoint()


class UdpPlace(Place):
    """A port that takes datagrams; each address is a client."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind((LOOPBACK, 0))
        self.port: int = self._socket.getsockname()[1]

    async def serve(self, serve: Serve) -> None:
        links: dict[tuple[str, int], DatagramLink] = {}
        async with anyio.create_task_group() as tasks:
            while True:
                try:
                    await anyio.wait_readable(self._socket)
                except anyio.ClosedResourceError:
                    return
                with suppress(BlockingIOError):
                    datagram, peer = self._socket.recvfrom(65536)
                    if peer not in links or (links[peer].is_done and _opens_a_session(datagram)):
                        links[peer] = DatagramLink(self._socket, peer)
                        tasks.start_soon(serve, links[peer])
                    links[peer].put(datagram)

    async def vanish(self) -> None:
        """Listen no more, so that the system refuses what still comes."""
        anyio.notify_closing(self._socket)
        self._socket.close()
        await anyio.lowlevel.checkpoint()

    def close(self) -> None:
        self._socket.close()


def _opens_a_session(datagram: bytes) -> bool:
    # The system may give one client's port to the next.
    return datagram[TYPE_BYTE : TYPE_BYTE + 1] == bytes([PacketType.CLIENT_REQUEST_NEW_SESSION])
