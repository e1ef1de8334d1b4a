"""Packets: sequence number, type, a reserved byte, data (20P00 §OMNI-LINK II APPLICATION-LEVEL PACKETS)."""

import struct
from collections.abc import Mapping
from enum import Enum, IntEnum, unique
from types import MappingProxyType
from typing import NamedTuple

from omnilink_sansio.errors import Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.frozen import frozen

__all__ = [
    "HEADER_SIZE",
    "LONGEST_PACKET",
    "PACKET_LAYOUTS",
    "Direction",
    "Packet",
    "PacketData",
    "PacketLayout",
    "PacketType",
]

HEADER_SIZE = 4
"""Bytes before a packet's data."""
LONGEST_PACKET = HEADER_SIZE + 272
"""A message's length byte up to 255 makes at most 260 bytes, padded to 17 blocks of 16."""

_HEADER = struct.Struct(">HBB")


@unique
class PacketType(IntEnum):
    """What a packet is for (20P00 §APPENDIX A; 16, 17 and 33 are known from the field only)."""

    NO_MESSAGE = 0
    CLIENT_REQUEST_NEW_SESSION = 1
    CONTROLLER_ACKNOWLEDGE_NEW_SESSION = 2
    CLIENT_REQUEST_SECURE_CONNECTION = 3
    CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION = 4
    CLIENT_SESSION_TERMINATED = 5
    CONTROLLER_SESSION_TERMINATED = 6
    CONTROLLER_CANNOT_START_NEW_SESSION = 7
    OMNI_LINK_MESSAGE = 16
    OMNI_LINK_UNENCRYPTED_MESSAGE = 17
    OMNI_LINK_II_MESSAGE = 32
    OMNI_LINK_II_UNENCRYPTED_MESSAGE = 33


@unique
class Direction(Enum):
    """Which end sends something."""

    TO_CONTROLLER = "client to controller"
    TO_CLIENT = "controller to client"
    BOTH = "both"


@unique
class PacketData(Enum):
    """How the length of a packet's data is found, since the header does not contain it."""

    FIXED = "fixed"
    """Always the layout's ``size``."""
    ENCRYPTED_MESSAGE = "encrypted message"
    """Whole blocks of 16 bytes; the first, decrypted, holds the message's length."""
    CLEAR_MESSAGE = "message in clear"
    """One message, not padded."""


@frozen
class PacketLayout:
    """One row of the table of packet types."""

    direction: Direction
    data: PacketData
    size: int = 0
    """Data bytes of a packet with `PacketData.FIXED`."""
    padded: bool = False
    """On datagrams, bytes after the data are tolerated (packets that carry none)."""


PACKET_LAYOUTS: Mapping[int, PacketLayout] = MappingProxyType(
    {
        PacketType.NO_MESSAGE: PacketLayout(Direction.BOTH, PacketData.FIXED, 0, padded=True),
        PacketType.CLIENT_REQUEST_NEW_SESSION: PacketLayout(
            Direction.TO_CONTROLLER, PacketData.FIXED, 0, padded=True
        ),
        PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION: PacketLayout(Direction.TO_CLIENT, PacketData.FIXED, 7),
        PacketType.CLIENT_REQUEST_SECURE_CONNECTION: PacketLayout(
            Direction.TO_CONTROLLER, PacketData.FIXED, 16
        ),
        PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION: PacketLayout(
            Direction.TO_CLIENT, PacketData.FIXED, 16
        ),
        PacketType.CLIENT_SESSION_TERMINATED: PacketLayout(
            Direction.TO_CONTROLLER, PacketData.FIXED, 0, padded=True
        ),
        PacketType.CONTROLLER_SESSION_TERMINATED: PacketLayout(
            Direction.TO_CLIENT, PacketData.FIXED, 0, padded=True
        ),
        PacketType.CONTROLLER_CANNOT_START_NEW_SESSION: PacketLayout(
            Direction.TO_CLIENT, PacketData.FIXED, 0, padded=True
        ),
        PacketType.OMNI_LINK_MESSAGE: PacketLayout(Direction.BOTH, PacketData.ENCRYPTED_MESSAGE),
        PacketType.OMNI_LINK_UNENCRYPTED_MESSAGE: PacketLayout(Direction.BOTH, PacketData.CLEAR_MESSAGE),
        PacketType.OMNI_LINK_II_MESSAGE: PacketLayout(Direction.BOTH, PacketData.ENCRYPTED_MESSAGE),
        PacketType.OMNI_LINK_II_UNENCRYPTED_MESSAGE: PacketLayout(Direction.BOTH, PacketData.CLEAR_MESSAGE),
    }
)
"""How long each type's data is and which end sends it (20P00 §PROTOCOL RULES, §APPENDIX A)."""


def encode_packet(sequence: int, packet_type: int, data: bytes, reserved: int = 0) -> bytes:
    """Return header and data. Raises `LocalProtocolError` for numbers that do not fit."""
    try:
        return _HEADER.pack(sequence, packet_type, reserved) + data
    except struct.error:
        raise LocalProtocolError(
            f"a packet has a sequence of 0 to 65535, a type and a reserved byte of 0 to 255, "
            f"not {sequence}, {packet_type}, {reserved}"
        ) from None


class Packet(NamedTuple):
    """One packet as it stands on the wire: the data of encrypted types is ciphertext.

    ``sequence`` is 0 to 65535, 0 meaning "not tracked"; ``type`` a `PacketType` or an unknown number;
    ``reserved`` is sent as 0 and ignored when received.
    """

    sequence: int
    type: int
    data: bytes = b""
    reserved: int = 0

    def encode(self) -> bytes:
        """Return header and data. Raises `LocalProtocolError` for numbers that do not fit."""
        return encode_packet(self.sequence, self.type, self.data, self.reserved)

    @classmethod
    def decode(cls, data: bytes) -> "Packet":
        """Read one whole packet; everything after the 4-byte header is its data.

        Raises `RemoteProtocolError` when there is no whole header.
        """
        if len(data) < HEADER_SIZE:
            raise RemoteProtocolError(
                Fault.BAD_PACKET_LENGTH, f"a packet has a header of {HEADER_SIZE} bytes, here are {len(data)}"
            )
        sequence, packet_type, reserved = _HEADER.unpack_from(data)
        return cls(sequence, packet_type, data[HEADER_SIZE:], reserved)

    def __repr__(self) -> str:
        return f"Packet(sequence={self.sequence}, type={self.type}, {len(self.data)} data bytes)"
