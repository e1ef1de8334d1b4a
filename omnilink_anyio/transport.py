"""Transports: what the machines' packets travel over, and how they are written to it."""

import socket
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TypeAlias

import anyio
from anyio.abc import AnyByteStream, SocketAttribute, UnreliableObjectStream

from omnilink_anyio.datagrams import ConnectedDatagrams
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

GRACE = 1.0
"""Seconds that a writer may go on once it is to stop, cancelled or not: half a packet is useless."""


async def open_tcp(host: str, port: int = DEFAULT_PORT, timeout: float = 10.0) -> Transport:
    """Open a TCP connection. Raises `OmniConnectionError` when that fails.

    ``timeout`` seconds are for connecting, and for finding the host by its name where that can be limited.
    """
    where = f"{host} port {port}"
    try:
        with anyio.fail_after(timeout):
            stream = await anyio.connect_tcp(host, port)
    except TimeoutError:
        raise cannot_open(where, f"no answer within {timeout:g} s") from None
    except (OSError, UnicodeError) as error:
        why = _underlying_os_error(error)
        raise cannot_open(where, why) from why
    disable_nagle(stream)
    return stream


def _underlying_os_error(error: BaseException) -> BaseException:
    """Return what anyio wrapped: for one address its error, for several a group, where a refusal explains most."""
    why = error.__cause__ or error
    if isinstance(why, BaseExceptionGroup):
        for one in why.exceptions:
            if isinstance(one, ConnectionRefusedError):
                return one
        return why.exceptions[0]
    return why


async def open_udp(host: str, port: int = DEFAULT_PORT, timeout: float = 10.0) -> Transport:
    """Open a UDP socket that exchanges datagrams with this host and port only.

    Raises `OmniConnectionError` when there is no such host or no way to it; whether anyone listens there only an
    exchange will show. ``timeout`` seconds are for finding the host by its name, where that can be limited.
    """
    where = f"{host} port {port} (UDP)"
    try:
        with anyio.fail_after(timeout):
            found = await anyio.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        connected = _connected([(family, address) for family, _, _, _, address in found])
    except TimeoutError:
        raise cannot_open(where, f"host name not resolved within {timeout:g} s") from None
    except (OSError, UnicodeError) as error:
        raise cannot_open(where, error) from error
    return ConnectedDatagrams(connected)


def _connected(addresses: list[tuple[int, _Address]]) -> socket.socket:
    """Return a UDP socket connected to the first address that there is a way to."""
    for number, (family, address) in enumerate(addresses, start=1):
        datagrams = socket.socket(family, socket.SOCK_DGRAM)
        try:
            datagrams.connect(address)
        except OSError:
            datagrams.close()
            if number == len(addresses):
                raise
        else:
            return datagrams
    raise OSError("the host has no address")


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


class PacketWriter:
    """Packets on their way to a transport: one write each, in order, never cut off in the middle.

    One task runs it, shielded from cancellation until it is stopped, so that no packet is left half
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
