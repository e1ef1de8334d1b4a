"""The sockets of an emulated panel: where it listens, and its clients' streams."""

import socket
from collections import deque
from collections.abc import Hashable
from contextlib import ExitStack, suppress
from math import inf
from typing import Any

from omnilink_sansio.wire.framing import Framing
from omnilink_sync.transport import GRACE

__all__ = ["PanelClient", "StreamPeer", "listen"]

_MOST_TRIES = 20
"""How many free TCP ports are tried for one whose number is free for UDP as well."""


class StreamPeer:
    """Names one stream, and where it comes from: an address alone may return while its old stream closes."""

    def __init__(self, stream: socket.socket) -> None:
        self._address: object = None
        # One that is over already is found out by the first read.
        with suppress(OSError):
            self._address = stream.getpeername()

    def __str__(self) -> str:
        if isinstance(self._address, tuple):
            return f"{self._address[0]} port {self._address[1]}"
        return "a stream"


class PanelClient:
    """One client's stream and what is still to be written to it."""

    def __init__(self, peer: Hashable, stream: socket.socket) -> None:
        self.peer = peer
        self.stream = stream
        self.until = inf
        """When what is still to be written is given up."""
        self._packets: deque[memoryview] = deque()
        stream.setblocking(False)
        if stream.family in (socket.AF_INET, socket.AF_INET6):
            # Clients count on one packet a segment.
            with suppress(OSError):
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def behind(self) -> int:
        """How many packets are still to be written."""
        return len(self._packets)

    def put(self, packet: bytes) -> None:
        """Add a packet to what is to be written, and write what fits."""
        self._packets.append(memoryview(packet))
        self.write()

    def write(self) -> None:
        """Write as much as fits."""
        try:
            while self._packets:
                count = self.stream.send(self._packets[0])
                self._packets[0] = self._packets[0][count:]
                if not self._packets[0]:
                    self._packets.popleft()
        except BlockingIOError:
            return
        except OSError:
            # A client that is gone may have sent something before: reading goes on to the end of its stream.
            self.forget()

    def forget(self) -> None:
        """Give up what is still to be written."""
        self._packets.clear()

    def is_over(self, now: float) -> bool:
        """Whether a client that the panel has done with is written to no longer; it has `GRACE` seconds."""
        self.until = min(self.until, now + GRACE)
        return not self.behind or now >= self.until


def listen(
    host: str, port: int, framing: Framing | None
) -> tuple[socket.socket | None, socket.socket | None]:
    """Return what listens for streams and for datagrams, None for what is not wanted; ``framing`` None wants both.

    One free port for both is found by trying. Raises `OSError` when it cannot listen there.
    """
    for _ in range(_MOST_TRIES if framing is None and not port else 0):
        with suppress(OSError):
            return _listen_once(host, port, framing)
    return _listen_once(host, port, framing)


def _listen_once(
    host: str, port: int, framing: Framing | None
) -> tuple[socket.socket | None, socket.socket | None]:
    listener = datagrams = None
    with ExitStack() as opened:
        if framing is not Framing.DATAGRAM:
            family, address = _address(host, port, socket.SOCK_STREAM)
            listener = opened.enter_context(socket.create_server(address[:2], family=family))
            listener.setblocking(False)
            port = listener.getsockname()[1]
        if framing is not Framing.STREAM:
            family, address = _address(host, port, socket.SOCK_DGRAM)
            datagrams = opened.enter_context(socket.socket(family, socket.SOCK_DGRAM))
            datagrams.bind(address)
            datagrams.setblocking(False)
        opened.pop_all()
    return listener, datagrams


def _address(host: str, port: int, kind: socket.SocketKind) -> tuple[socket.AddressFamily, Any]:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=kind, flags=socket.AI_PASSIVE)[0]
    return family, address
