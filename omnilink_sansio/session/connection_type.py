"""What carries sessions: the vendor's five kinds of connection, and how callers name them."""

from enum import StrEnum, unique
from typing import Literal, TypeAlias

__all__ = ["ConnectionType", "TransportName"]


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
