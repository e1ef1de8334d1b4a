"""Transports: what the machines' packets travel over, blocking. The three methods of `Transport` are all there is.

Sockets are used without Python's time-outs, which would be one for reading and writing together: one thread may
read while another writes.
"""

import os
import selectors
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Protocol, TypeAlias

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.session.connection_type import ConnectionType, check_port
from omnilink_sansio.session.end_reasons import cannot_open
from omnilink_sansio.session.settings import DEFAULT_PORT
from omnilink_sansio.wire.framing import Framing

__all__ = [
    "SocketTransport",
    "Transport",
    "open_tcp",
    "open_udp",
]

TRANSPORT_ERRORS = (EOFError, OSError)
"""How a transport reports that it is over."""

_Address: TypeAlias = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]

GRACE = 1.0
"""Seconds that one packet may take to be written."""

_MOST_AT_ONCE = 65536

_STAGGER = 0.25
"""Seconds for one address of a host before the next is tried beside it (RFC 8305)."""


class Transport(Protocol):
    """A byte stream, or a datagram link, of your own making.

    `send` and `receive` may be called by two threads at a time, neither by more than one.
    """

    def send(self, data: bytes) -> None:
        """Write all of this, which is one whole packet; on a datagram link as one datagram.

        Raises `EOFError` or `OSError` when it cannot; it should not take longer than a second to find out.
        """

    def receive(self, timeout: float) -> bytes | None:
        """Return the next piece of the stream or the next datagram, None when there is none within ``timeout`` s.

        With 0 return at once. Raises `EOFError` when the peer closed the stream, `OSError` when it failed.
        """

    def close(self) -> None:
        """Close it. Nothing else is called afterwards."""


class SocketTransport:
    """Any connected socket as a transport: TCP, Unix, one end of a pair; with ``is_datagram`` connected UDP.

    Raises `LocalProtocolError` for a TLS socket.
    """

    def __init__(self, connected: socket.socket, *, is_datagram: bool = False) -> None:
        if isinstance(connected, ssl.SSLSocket):
            raise LocalProtocolError(
                "a TLS socket waits in a way of its own: wrap it in a transport of your own"
            )
        connected.setblocking(False)
        self._socket = connected
        self._is_datagram = is_datagram

    def send(self, data: bytes) -> None:
        """Write one packet. Raises `TimeoutError`, an `OSError`, when it takes longer than `GRACE`."""
        left, until = memoryview(data), time.monotonic() + GRACE
        while left:
            with suppress(BlockingIOError):
                left = left[self._socket.send(left) :]
                continue
            if not _is_ready(self._socket, selectors.EVENT_WRITE, until - time.monotonic()):
                raise TimeoutError(f"nothing could be written for {GRACE:g} s")

    def receive(self, timeout: float) -> bytes | None:
        """Return the next piece or datagram, None when none comes in time."""
        if not _is_ready(self._socket, selectors.EVENT_READ, timeout):
            return None
        try:
            data = self._socket.recv(_MOST_AT_ONCE)
        except BlockingIOError:
            # As the manual warns: a datagram with a bad checksum was thrown away.
            return None
        if not data and not self._is_datagram:
            raise EOFError("the peer closed the stream")
        return data

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


# Made for one question: cheaper than the default one, and there on every system.
_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)


def _is_ready(waited_for: socket.socket, event: int, seconds: float) -> bool:
    with _Selector() as selector:
        selector.register(waited_for, event)
        return bool(selector.select(max(seconds, 0.0)))


def open_tcp(host: str, port: int = DEFAULT_PORT, timeout: float = 10.0) -> Transport:
    """Open a TCP connection. Raises `OmniConnectionError` when that fails.

    ``timeout`` seconds are for connecting, and for finding the host by its name where that can be limited.
    """
    where = f"{host} port {port}"
    try:
        connected = _connected_stream(host, port, timeout)
    except TimeoutError:
        raise cannot_open(where, f"no answer within {timeout:g} s") from None
    except (OSError, UnicodeError) as error:
        raise cannot_open(where, error) from error
    with suppress(OSError):
        # Panels count on one packet a segment.
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return SocketTransport(connected)


def open_udp(
    host: str,
    port: int = DEFAULT_PORT,
    timeout: float = 10.0,  # noqa: ARG001 - nothing here waits but the system, for the host's name
) -> Transport:
    """Open a UDP socket that exchanges datagrams with this host and port only.

    Raises `OmniConnectionError` when there is no such host or no way to it; whether anyone listens there only an
    exchange will show. ``timeout`` seconds are for finding the host by its name, where that can be limited.
    """
    try:
        connected = _connected_datagrams(host, port)
    except (OSError, UnicodeError) as error:
        raise cannot_open(f"{host} port {port} (UDP)", error) from error
    return SocketTransport(connected, is_datagram=True)


def _connected_stream(host: str, port: int, timeout: float) -> socket.socket:
    """Return a TCP socket connected to one of a host's addresses: each is tried beside those that are silent."""
    until = time.monotonic() + timeout
    failure = OSError("the host has no address")
    waiting = deque(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    trying: list[socket.socket] = []
    try:
        while waiting or trying:
            if waiting:
                family, kind, protocol, _, address = waiting.popleft()
                try:
                    trying.append(_begun(socket.socket(family, kind, protocol), address))
                except OSError as error:
                    failure = _explaining_most(failure, error)
            left = until - time.monotonic()
            for settled in _settled(trying, min(left, _STAGGER) if waiting else left):
                trying.remove(settled)
                number = settled.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if not number:
                    return settled
                settled.close()
                failure = _explaining_most(failure, OSError(number, os.strerror(number)))
            if trying and time.monotonic() >= until:
                raise TimeoutError
        raise failure
    finally:
        for other in trying:
            other.close()


def _begun(connecting: socket.socket, address: _Address) -> socket.socket:
    """Return a socket that has begun to connect; one that cannot even begin is closed."""
    connecting.setblocking(False)
    try:
        with suppress(BlockingIOError):
            connecting.connect(address)
    except OSError:
        connecting.close()
        raise
    return connecting


def _settled(trying: list[socket.socket], seconds: float) -> list[socket.socket]:
    """Return the sockets whose tries to connect have ended, of those that end in time."""
    with _Selector() as selector:
        for each in trying:
            selector.register(each, selectors.EVENT_WRITE)
        ended = {key.fd for key, _ in selector.select(max(seconds, 0.0))} if trying else set()
    return [each for each in trying if each.fileno() in ended]


def _explaining_most(failure: OSError, error: OSError) -> OSError:
    """Return one of two failures: of several addresses' a refusal explains most."""
    return failure if isinstance(failure, ConnectionRefusedError) else error


def _connected_datagrams(host: str, port: int) -> socket.socket:
    """Return a UDP socket connected to the first of a host's addresses that there is a way to."""
    failure = OSError("the host has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM):
        connected = socket.socket(family, kind, protocol)
        try:
            connected.connect(address)
        except OSError as error:
            connected.close()
            failure = error
        else:
            return connected
    raise failure


Opener: TypeAlias = Callable[[], Transport]
"""Opens a transport to a controller, a new one each time. Raises `OmniConnectionError` when it cannot."""

_OPENERS: Mapping[ConnectionType, tuple[Callable[[str, int, float], Transport], Framing]] = {
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
