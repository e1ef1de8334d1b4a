"""Transports: what the machines' packets travel over, and how they are written to it."""

import os
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TypeAlias

import anyio
from anyio.abc import AnyByteStream, SocketAttribute, UnreliableObjectStream

from omnilink_anyio.descriptors import ConnectedDatagrams, SocketStream
from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.session.connection_type import ConnectionType, check_port
from omnilink_sansio.session.end_reasons import cannot_open
from omnilink_sansio.session.settings import DEFAULT_PORT
from omnilink_sansio.wire.framing import Framing

__all__ = [
    "Transport",
    "open_tcp",
    "open_udp",
]

Transport: TypeAlias = AnyByteStream | UnreliableObjectStream[bytes]
"""A byte stream, or a stream of datagrams: any of anyio's, or one of your own."""

TRANSPORT_ERRORS = (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError, OSError)
"""How a transport reports that it is over."""

_Address: TypeAlias = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]

_HEAD_START = 0.25
"""Seconds that one address of a host has before the next one is tried as well (RFC 8305)."""

GRACE = 1.0
"""Seconds that a writer may go on once it is to stop, cancelled or not: half a packet is useless."""


async def open_tcp(host: str, port: int = DEFAULT_PORT, timeout: float = 10.0) -> Transport:
    """Open a TCP connection. Raises `OmniConnectionError` when that fails.

    ``timeout`` seconds are for connecting, and for finding the host by its name where that can be limited.
    """
    where = f"{host} port {port}"
    try:
        with anyio.fail_after(timeout):
            return SocketStream(await _connected_socket(host, port, socket.SOCK_STREAM))
    except TimeoutError:
        raise cannot_open(where, f"no answer within {timeout:g} s") from None
    except (OSError, UnicodeError) as error:
        raise cannot_open(where, error) from error


async def open_udp(host: str, port: int = DEFAULT_PORT, timeout: float = 10.0) -> Transport:
    """Open a UDP socket that exchanges datagrams with this host and port only.

    Raises `OmniConnectionError` when there is no such host or no way to it; whether anyone listens there only an
    exchange will show. ``timeout`` seconds are for finding the host by its name, where that can be limited.
    """
    where = f"{host} port {port} (UDP)"
    try:
        with anyio.fail_after(timeout):
            return ConnectedDatagrams(await _connected_socket(host, port, socket.SOCK_DGRAM))
    except TimeoutError:
        raise cannot_open(where, f"host name not resolved within {timeout:g} s") from None
    except (OSError, UnicodeError) as error:
        raise cannot_open(where, error) from error


Opener: TypeAlias = Callable[[], Awaitable[Transport]]
"""Opens a transport to a controller, a new one each time. Raises `OmniConnectionError` when it cannot."""

_OPENERS: Mapping[ConnectionType, tuple[Callable[[str, int, float], Awaitable[Transport]], Framing]] = {
    ConnectionType.TCP: (open_tcp, Framing.STREAM),
    ConnectionType.UDP: (open_udp, Framing.DATAGRAM),
}


def opener(transport: str, host: str, port: int, timeout: float) -> tuple[Opener, Framing]:
    """Return what opens a transport of this kind, and how packets travel on it.

    Raises `LocalProtocolError` for a kind or a port that there is not.
    """
    check_port(port)
    try:
        opening, framing = _OPENERS[ConnectionType(transport)]
    except (ValueError, KeyError):
        kinds = " and ".join(_OPENERS)
        raise LocalProtocolError(
            f"{kinds} are opened here, not {transport!r}: use over() for your own"
        ) from None
    return partial(opening, host, port, timeout), framing


def disable_nagle(stream: Transport) -> None:
    """Have a TCP stream send each packet when it is written: panels count on one packet a segment."""
    raw = stream.extra(SocketAttribute.raw_socket, None)
    if raw is not None and raw.family in (socket.AF_INET, socket.AF_INET6):
        # One that is over already is found out by the first read or write.
        with suppress(OSError):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


async def close_transport(transport: Transport) -> None:
    """Close a transport, in order or not: one whose peer is gone may be unable to, as TLS is."""
    # Whatever it raises, nothing can be done about it any more.
    with suppress(Exception):
        await transport.aclose()


async def _connected_socket(host: str, port: int, kind: socket.SocketKind) -> socket.socket:
    """Return a socket connected to the first address that answers; each has a head start before the next."""
    found = await anyio.getaddrinfo(host, port, type=kind)
    connected: list[socket.socket] = []
    errors: list[OSError] = []
    failed = [anyio.Event() for _ in found]

    async def try_one(number: int, family: int, address: _Address) -> None:
        try:
            one = await _connect(socket.socket(family, kind), address)
        except OSError as error:
            errors.append(error)
            failed[number].set()
            return
        if connected:
            one.close()
        else:
            connected.append(one)
            tries.cancel_scope.cancel()

    try:
        async with anyio.create_task_group() as tries:
            for number, (family, _, _, _, address) in enumerate(found):
                tries.start_soon(try_one, number, family, address)
                with anyio.move_on_after(_HEAD_START):
                    await failed[number].wait()
    except BaseException:
        for one in connected:
            one.close()
        raise
    if connected:
        return connected[0]
    raise _most_telling(errors)


async def _connect(one: socket.socket, address: _Address) -> socket.socket:
    try:
        one.setblocking(False)
        try:
            one.connect(address)
        except BlockingIOError:
            await anyio.wait_writable(one)
            code = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                raise OSError(code, os.strerror(code)) from None
    except BaseException:
        one.close()
        raise
    return one


def _most_telling(errors: list[OSError]) -> OSError:
    """Return the error of one address, of several a refusal, which explains most."""
    for error in errors:
        if isinstance(error, ConnectionRefusedError):
            return error
    return errors[0] if errors else OSError("the host has no address")


class PacketWriter:
    """Packets on their way to a transport: one write each, in order, never cut off in the middle.

    One task runs it, shielded from cancellation until it is stopped, so that no packet is left half
    written; others only put packets into it.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._packets: deque[bytes] = deque()
        self.unsent = 0
        """Bytes that wait to be written."""
        self._wake = anyio.Event()
        self._shield = anyio.CancelScope(shield=True)
        self._stopping = False

    def put(self, packets: list[bytes]) -> None:
        """Add packets to write."""
        if packets:
            self._packets.extend(packets)
            self.unsent += sum(map(len, packets))
            self._wake.set()

    def forget(self) -> None:
        """Give up what waits to be written."""
        self._packets.clear()
        self.unsent = 0

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
                    packet = self._packets.popleft()
                    self.unsent -= len(packet)
                    await self._transport.send(packet)
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
