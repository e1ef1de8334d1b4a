"""Transports: what the machines' packets travel over, and how they are written to it."""

import socket
from collections import deque
from collections.abc import Iterable
from typing import TypeAlias

import anyio
from anyio.abc import AnyByteStream, SocketAttribute, UnreliableObjectStream

from omnilink_sansio.errors import OmniConnectionError

__all__ = ["GRACE", "TRANSPORT_ERRORS", "PacketWriter", "Transport", "open_tcp", "write_at_once"]

Transport: TypeAlias = AnyByteStream | UnreliableObjectStream[bytes]
"""A byte stream, or a stream of datagrams: any of anyio's, or one of your own."""

TRANSPORT_ERRORS = (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError, OSError)
"""How a transport says that it is over."""

GRACE = 1.0
"""Seconds that a packet may take to be written once its writer is cancelled: half a packet helps nobody."""


async def open_tcp(host: str, port: int, timeout: float) -> Transport:
    """Open a TCP connection. Raises `OmniConnectionError` when that fails or takes longer than ``timeout``."""
    try:
        with anyio.fail_after(timeout):
            stream = await anyio.connect_tcp(host, port)
    except TimeoutError:
        raise OmniConnectionError(
            f"no answer from {host} port {port} within {timeout:g} s: check address, power and network"
        ) from None
    except OSError as error:
        raise OmniConnectionError(
            f"cannot connect to {host} port {port} ({error}): check address, port and network"
        ) from error
    write_at_once(stream)
    return stream


def write_at_once(stream: Transport) -> None:
    """Have a TCP stream send each packet when it is written: panels count on one packet a segment."""
    raw = stream.extra(SocketAttribute.raw_socket, None)
    if raw is not None and raw.family in (socket.AF_INET, socket.AF_INET6):
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class PacketWriter:
    """Packets on their way to a transport: one write each, never cut off in the middle."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._packets: deque[bytes] = deque()
        self._wake = anyio.Event()

    def put(self, packets: Iterable[bytes]) -> None:
        """Add packets to write."""
        self._packets.extend(packets)

    @property
    def has_packets(self) -> bool:
        """Whether something waits to be written."""
        return bool(self._packets)

    def wake(self) -> None:
        """Let `sleep` return."""
        self._wake.set()

    async def sleep(self, until: float | None) -> None:
        """Wait for `wake`, or for a time on anyio's clock."""
        with anyio.CancelScope(deadline=float("inf") if until is None else until):
            await self._wake.wait()
        self._wake = anyio.Event()

    async def flush(self) -> None:
        """Write what is waiting. A write that was begun is given `GRACE` seconds when cancelled.

        Raises one of `TRANSPORT_ERRORS` when the transport is over; what is left is then dropped.
        """
        try:
            while self._packets:
                packet = self._packets.popleft()
                with anyio.CancelScope(shield=True, deadline=anyio.current_time() + GRACE) as scope:
                    await self._transport.send(packet)
                if scope.cancelled_caught:
                    # The rest of this packet is lost, and with it the place where the next one would begin.
                    raise anyio.BrokenResourceError
        except TRANSPORT_ERRORS:
            self._packets.clear()
            raise
