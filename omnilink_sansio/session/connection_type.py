"""What carries sessions: the vendor's five kinds of connection, and how callers name them."""

from enum import StrEnum, unique
from typing import Literal, TypeAlias

from omnilink_sansio.errors import LocalProtocolError

__all__ = ["ConnectionType", "TransportName", "check_port"]

_HIGHEST_PORT = 65535


@unique
class ConnectionType(StrEnum):
    """What carries a session; callers may also give it as plain text, "tcp".

    An adapter opens TCP and UDP itself; for the others it takes a transport of your own.
    """

    NONE = "none"
    MODEM = "modem"
    SERIAL = "serial"
    UDP = "udp"
    TCP = "tcp"


TransportName: TypeAlias = ConnectionType | Literal["tcp", "udp"]
"""How callers name the transport that an adapter opens."""


def check_port(port: object, lowest: int = 1) -> None:
    """Raise `LocalProtocolError` for what is no port number; 0, a free one, is one to listen at only.

    What is no number is not shown: it may be a key in the wrong place.
    """
    if not isinstance(port, int) or isinstance(port, bool):
        kind = type(port).__name__
        raise LocalProtocolError(f"a port is an int, {lowest} to {_HIGHEST_PORT}, not a value of type {kind}")
    if not lowest <= port <= _HIGHEST_PORT:
        raise LocalProtocolError(f"a port is {lowest} to {_HIGHEST_PORT}, not {port}")
