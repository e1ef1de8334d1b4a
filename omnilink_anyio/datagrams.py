"""Datagrams to and from one peer."""

import socket

import anyio
import anyio.lowlevel
from anyio.abc import UnreliableObjectStream

__all__ = ["ConnectedDatagrams"]

_MOST_AT_ONCE = 65536


class ConnectedDatagrams(UnreliableObjectStream[bytes]):
    """A connected UDP socket: what comes from other peers never arrives.

    Unlike anyio's own it reports on every event loop that the peer's host refuses: nothing listens there.
    """

    def __init__(self, connected: socket.socket) -> None:
        connected.setblocking(False)
        self._socket = connected
        self._is_closed = False

    async def receive(self) -> bytes:
        """Return the next datagram."""
        await anyio.lowlevel.checkpoint()
        while True:
            self._check_open()
            try:
                return self._socket.recv(_MOST_AT_ONCE)
            except BlockingIOError:
                await anyio.wait_readable(self._socket)
            except OSError as error:
                raise anyio.BrokenResourceError from error

    async def send(self, item: bytes) -> None:
        """Send one datagram."""
        await anyio.lowlevel.checkpoint()
        while True:
            self._check_open()
            try:
                self._socket.send(item)
            except BlockingIOError:
                await anyio.wait_writable(self._socket)
            except OSError as error:
                raise anyio.BrokenResourceError from error
            else:
                return

    async def aclose(self) -> None:
        """Close the socket; whoever waits for it gets `anyio.ClosedResourceError`."""
        if not self._is_closed:
            self._is_closed = True
            anyio.notify_closing(self._socket)
            self._socket.close()
        await anyio.lowlevel.checkpoint()

    def _check_open(self) -> None:
        if self._is_closed:
            raise anyio.ClosedResourceError
