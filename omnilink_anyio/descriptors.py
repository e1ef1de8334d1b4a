"""What this library opens itself: sockets and serial ports, which an event loop can watch.

A connection reads and writes them at once, without a task (`omnilink_anyio.carriers`). Besides they are transports
as any other, for whoever wants one.
"""

import os
import socket
from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
from anyio.abc import ByteStream, SocketAttribute, UnreliableObjectStream

if TYPE_CHECKING:
    from serialx import BaseSerial

__all__ = ["ConnectedDatagrams", "Descriptor", "SerialStream", "SocketStream"]

MOST_AT_ONCE = 65536
"""Bytes that are read at once."""


class Descriptor:
    """Something open that has a descriptor. `read`, `write` and `close` never wait."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        """Its number, for an event loop to watch."""
        self._is_closed = False

    @abstractmethod
    def read(self, most: int = MOST_AT_ONCE) -> bytes | None:
        """Return what has come, one datagram where it carries those; None when nothing has.

        Raises `EOFError` at the end of a stream, `OSError` at a failure.
        """

    @abstractmethod
    def write(self, data: bytes) -> int:
        """Write as much as the system takes at once; return how many bytes. Raises `OSError` at a failure."""

    @abstractmethod
    def _close(self) -> None:
        """Close it."""

    def close(self) -> None:
        """Close it; whoever waits for it gets `anyio.ClosedResourceError`. Does nothing the second time."""
        if not self._is_closed:
            self._is_closed = True
            anyio.notify_closing(self.descriptor)
            # Whatever it raises, nothing can be done about it any more.
            with suppress(Exception):
                self._close()

    # As a transport of anyio's.

    async def receive(self, max_bytes: int = MOST_AT_ONCE) -> bytes:
        """Wait for what comes next."""
        await anyio.lowlevel.checkpoint()
        while True:
            self._check_open()
            try:
                data = self.read(max_bytes)
            except EOFError:
                raise anyio.EndOfStream from None
            except OSError as error:
                raise anyio.BrokenResourceError from error
            if data is not None:
                return data
            await anyio.wait_readable(self.descriptor)

    async def send(self, item: bytes) -> None:
        """Write all of it."""
        await anyio.lowlevel.checkpoint()
        while item:
            self._check_open()
            try:
                item = item[self.write(item) :]
            except OSError as error:
                raise anyio.BrokenResourceError from error
            if item:
                await anyio.wait_writable(self.descriptor)

    def _check_open(self) -> None:
        if self._is_closed:
            # By then the descriptor may be another file's.
            raise anyio.ClosedResourceError

    async def send_eof(self) -> None:
        """Not possible: what ends this library's streams is closing them."""
        raise NotImplementedError("this stream has no half end: close it with aclose()")

    async def aclose(self) -> None:
        """Close it."""
        self.close()
        await anyio.lowlevel.checkpoint()


class _Socket(Descriptor):
    """A connected socket."""

    def __init__(self, connected: socket.socket) -> None:
        super().__init__(connected.fileno())
        connected.setblocking(False)
        self._socket = connected

    def write(self, data: bytes) -> int:
        """Write as much as the system takes."""
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0

    def _close(self) -> None:
        self._socket.close()

    @property
    def extra_attributes(self) -> Mapping[Any, Callable[[], Any]]:
        """What anyio's own sockets report of themselves."""
        own = self._socket
        return {
            SocketAttribute.family: lambda: own.family,
            SocketAttribute.local_address: own.getsockname,
            SocketAttribute.local_port: lambda: own.getsockname()[1],
            SocketAttribute.raw_socket: lambda: own,
            SocketAttribute.remote_address: own.getpeername,
            SocketAttribute.remote_port: lambda: own.getpeername()[1],
        }


class SocketStream(_Socket, ByteStream):
    """A connected TCP socket, which sends each packet when it is written: panels count on one packet a segment."""

    def __init__(self, connected: socket.socket) -> None:
        super().__init__(connected)
        # One that is over already is found out by the first read or write.
        with suppress(OSError):
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self, most: int = MOST_AT_ONCE) -> bytes | None:
        """Return what has come."""
        try:
            data = self._socket.recv(most)
        except BlockingIOError:
            return None
        if not data:
            raise EOFError
        return data


class ConnectedDatagrams(_Socket, UnreliableObjectStream[bytes]):
    """A connected UDP socket: what comes from other peers never arrives.

    Unlike anyio's own it reports on every event loop that the peer's host refuses: nothing listens there.
    """

    def read(self, most: int = MOST_AT_ONCE) -> bytes | None:
        """Return what has come."""
        try:
            return self._socket.recv(most)
        except BlockingIOError:
            return None


class SerialStream(Descriptor, ByteStream):
    """An open serial port. Of the library that opened it only its descriptor is used."""

    def __init__(self, port: "BaseSerial") -> None:
        super().__init__(port.fileno())
        self._port = port
        os.set_blocking(self.descriptor, False)

    def read(self, most: int = MOST_AT_ONCE) -> bytes | None:
        """Return what has come."""
        try:
            data = os.read(self.descriptor, most)
        except BlockingIOError:
            return None
        if not data:
            # Hung up: the device is gone.
            raise EOFError
        return data

    def write(self, data: bytes) -> int:
        """Write as much as the system takes."""
        try:
            return os.write(self.descriptor, data)
        except BlockingIOError:
            return 0

    def _close(self) -> None:
        self._port.close()
