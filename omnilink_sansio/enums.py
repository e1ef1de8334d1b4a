"""The few enumerations that more than one floor of the package needs."""

from enum import Enum, IntEnum, StrEnum, unique
from typing import Literal, TypeAlias

__all__ = [
    "ClientEnd",
    "ConnectionType",
    "Effect",
    "Fault",
    "Framing",
    "OutcomeCause",
    "ProtocolVersion",
    "Tolerance",
    "TransportName",
]


@unique
class ProtocolVersion(IntEnum):
    """Which application protocol a session carries."""

    V1 = 1
    """Omni-Link (10P17): start character 0x5A or 0x41, packet type 16."""
    V2 = 2
    """Omni-Link II (20P00): start character 0x21, packet type 32."""


@unique
class Framing(Enum):
    """How packets travel: the caller says so, it is never guessed from the transport's type."""

    STREAM = "stream"
    """A byte stream: packets follow one another, cut anywhere (TCP, a serial bridge, TLS)."""
    DATAGRAM = "datagram"
    """Datagrams: each holds exactly one packet, and may be lost, repeated or reordered (UDP)."""


@unique
class Effect(Enum):
    """What a second copy of a request would do; retransmission follows from it."""

    READ = "read"
    """Changes nothing."""
    SET = "set"
    """The same again changes nothing: on, off, level, arm, bypass, set point, lock, names, time."""
    MOMENTARY = "momentary"
    """Every copy acts: toggle, step, counter, button, spoken message, key press, anything with code digits."""


@unique
class ClientEnd(Enum):
    """Why a client's session ended, or never began."""

    OFFERED = "session offered, and not taken"
    UNREACHABLE = "controller not reached"
    PORT_CLOSED = "port closed"
    CLOSED = "closed by the caller"
    TERMINATED = "terminated by the controller"
    LOST = "connection lost"
    SILENT = "controller silent"
    FAULT = "protocol broken by the controller"
    REFUSED = "session refused"
    WRONG_KEY = "controller key not accepted"
    VERSION = "protocol version not accepted"
    SESSION_ID = "wrong session ID echoed"
    HANDSHAKE_TERMINATED = "terminated before a session was offered"
    HANDSHAKE_LOST = "connection lost during the handshake"
    HANDSHAKE_TIMEOUT = "no answer to the handshake"
    HANDSHAKE_FAULT = "protocol broken during the handshake"


@unique
class OutcomeCause(Enum):
    """Why the outcome of a command is unknown."""

    TIMEOUT = "time-out"
    LOSS = "loss of the connection"
    CLOSE = "close"
    CANCELLATION = "cancellation"
    DAMAGED_REPLY = "damaged reply"


@unique
class Tolerance(Enum):
    """The register of what odd panels do and the library accepts only when asked to.

    Each entry is off by default; give the ones you need in the settings' ``tolerances``.
    """

    SWAPPED_CRC = "swapped CRC"
    """The two CRC bytes in the wrong order. Seen on: firmware 2.16, in some messages."""
    ZERO_CRC = "zero CRC"
    """A CRC of zero, whatever the content. Seen on: firmware 2.16, in some messages."""
    RAW_WORDS = "raw words"
    """An encrypted block that does not begin with the start character is reported and dropped alone, where
    a stream would otherwise end. Seen on: firmware 2.16a, phone events without start character and CRC."""


@unique
class Fault(Enum):
    """What is wrong with a packet: the reason of every dropped packet and every protocol error."""

    UNKNOWN_PACKET_TYPE = "unknown packet type"
    NO_SESSION_KEY = "encrypted message without a session"
    BAD_PACKET_LENGTH = "wrong length for its packet type"
    BAD_START_CHARACTER = "bad start character"
    BAD_MESSAGE_LENGTH = "bad message length"
    BAD_CRC = "bad CRC"
    BAD_PAYLOAD = "malformed payload"
    INCOMPLETE_PACKET = "packet left incomplete"
    UNEXPECTED_PACKET = "not expected in this state"
    UNEXPECTED_REPLY = "a reply of the wrong kind"
    UNEXPECTED_SEQUENCE = "nobody waits for this sequence number"
    DUPLICATE_REPLY = "reply already received"
    DUPLICATE_REQUEST = "request already received"
    STALE_REQUEST = "sequence number behind the newest"
    SESSION_ID_MISMATCH = "wrong session ID"
    VERSION_NOT_ACCEPTED = "protocol version not accepted"


@unique
class ConnectionType(StrEnum):
    """What carries a session where an adapter opens the transport itself; also said as plain text, "tcp"."""

    TCP = "tcp"
    UDP = "udp"


TransportName: TypeAlias = ConnectionType | Literal["tcp", "udp"]
"""How callers say which of them."""
