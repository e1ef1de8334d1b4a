"""Transports: what the machines' packets travel over, and how they are written to it."""

import socket
from collections import deque
from contextlib import suppress
from typing import TypeAlias

import anyio
from anyio.abc import AnyByteStream, SocketAttribute, UnreliableObjectStream

from omnilink_sansio.errors import OmniConnectionError

__all__ = [
    "GRACE",
    "TRANSPORT_ERRORS",
    "Alarm",
    "PacketWriter",
    "Transport",
    "close_transport",
    "open_tcp",
    "write_at_once",
]

Transport: TypeAlias = AnyByteStream | UnreliableObjectStream[bytes]
"""A byte stream, or a stream of datagrams: any of anyio's, or one of your own."""

TRANSPORT_ERRORS = (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError, OSError)
"""How a transport says that it is over."""

GRACE = 1.0
"""Seconds that a writer may go on once it is to stop, cancelled or not: half a packet helps nobody."""


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
        # One that is over already is found out by the first read or write.
        with suppress(OSError):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


async def close_transport(transport: Transport) -> None:
    """Close a transport, in order or not: one whose peer is gone may be unable to, as TLS is."""
    with suppress(*TRANSPORT_ERRORS):
        await transport.aclose()


class PacketWriter:
    """Packets on their way to a transport: one write each, in order, never cut off in the middle.

    One task runs it, shielded from cancellation until it is told to stop, so that no packet is left half
    written; others only put packets into it.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._packets: deque[bytes] = deque()
        self._wake = anyio.Event()
        self._shield = anyio.CancelScope(shield=True)
        self._stopping = False

    def put(self, packets: list[bytes]) -> None:
        """Add packets to write."""
        if packets:
            self._packets.extend(packets)
            self._wake.set()

    def stop(self) -> None:
        """Have `run` end once everything is written, and in `GRACE` seconds at the latest."""
        if not self._stopping:
            self._stopping = True
            self._shield.deadline = anyio.current_time() + GRACE
            self._wake.set()

    async def run(self) -> None:
        """Write until stopped. Raises one of `TRANSPORT_ERRORS` when the transport is over before that."""
        with self._shield:
            while True:
                while self._packets:
                    await self._transport.send(self._packets.popleft())
                if self._stopping:
                    return
                await self._wake.wait()
                self._wake = anyio.Event()


class Alarm:
    """Lets one task sleep until it is woken, or until a time that others may bring forward."""

    def __init__(self) -> None:
        self._woken = anyio.Event()
        self._due = float("inf")

    def wake(self) -> None:
        """End the sleep, or the next one."""
        self._woken.set()

    def set(self, due: float | None) -> None:
        """See to it that the sleep ends by then; one that ends earlier anyway is left alone."""
        if due is not None and due < self._due:
            self._woken.set()

    async def sleep(self, due: float | None) -> None:
        """Sleep until woken, or until a time on anyio's clock."""
        self._due = float("inf") if due is None else due
        with anyio.CancelScope(deadline=self._due):
            await self._woken.wait()
        self._woken = anyio.Event()
        self._due = float("-inf")
