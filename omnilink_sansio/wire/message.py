"""Messages: start character, length, type, data, CRC (20P00 §APPLICATION DATA MESSAGE FORMAT, 10P17
§MESSAGE FORMAT).
"""

from collections.abc import Mapping, Set
from enum import IntEnum, unique
from types import MappingProxyType
from typing import NamedTuple

from omnilink_sansio.errors import Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.wire.crc import crc16
from omnilink_sansio.wire.tolerance import Tolerance

__all__ = [
    "LONGEST_DATA",
    "START_CHARACTERS",
    "START_V1",
    "START_V1_ADDRESSABLE",
    "START_V2",
    "Message",
    "ProtocolVersion",
]

START_V2 = 0x21
"""Omni-Link II."""
START_V1 = 0x5A
"""Omni-Link."""
START_V1_ADDRESSABLE = 0x41
"""Omni-Link with an address byte, which is part of the CRC (10P17 §MESSAGE TYPES)."""

LONGEST_DATA = 254
"""Data bytes of the longest message: the length byte counts them and the type."""

_WITHOUT_ADDRESS = (START_V2, START_V1)

_NO_TOLERANCES: Set[Tolerance] = frozenset()


@unique
class ProtocolVersion(IntEnum):
    """Which application protocol a session carries."""

    V1 = 1
    """Omni-Link (10P17): start character 0x5A or 0x41, packet type 16."""
    V2 = 2
    """Omni-Link II (20P00): start character 0x21, packet type 32."""


class StartCharacter(NamedTuple):
    """What a start character determines about the bytes that follow."""

    protocol: ProtocolVersion
    length_at: int
    """Index of the length byte."""


START_CHARACTERS: Mapping[int, StartCharacter] = MappingProxyType(
    {
        START_V2: StartCharacter(ProtocolVersion.V2, 1),
        START_V1: StartCharacter(ProtocolVersion.V1, 1),
        START_V1_ADDRESSABLE: StartCharacter(ProtocolVersion.V1, 2),
    }
)
"""The three forms of a message."""


class Message(NamedTuple):
    """One application message: its type byte and the data after it.

    ``start`` is the start character; ``address`` (1 to 254) goes with the addressable form of v1 and with no
    other. The text form shows type and length only, since data may hold a user code.
    """

    type: int
    data: bytes = b""
    start: int = START_V2
    address: int | None = None

    def encode(self) -> bytes:
        """Return the message's bytes, CRC included.

        Raises `LocalProtocolError` when the data is too long, the type is no byte, the start character is
        unknown, or it and the address do not go together.
        """
        message_type, data, start, address = self
        if address is None and start in _WITHOUT_ADDRESS:
            head: tuple[int, ...] = (start, len(data) + 1, message_type)
        else:
            head = (start, self._checked_address(), len(data) + 1, message_type)
        try:
            encoded = bytes(head) + data
        except ValueError:
            raise LocalProtocolError(
                f"a message has a type of 0 to 255 and at most {LONGEST_DATA} data bytes, "
                f"not {message_type} and {len(data)}"
            ) from None
        return encoded + crc16(encoded[1:]).to_bytes(2, "little")

    def _checked_address(self) -> int:
        if self.start != START_V1_ADDRESSABLE or self.address is None or not 1 <= self.address <= 254:
            raise LocalProtocolError(
                "a message starts with 0x21 or 0x5A, or with 0x41 and an address of 1 to 254, "
                f"not 0x{self.start:02X} and {self.address}"
            )
        return self.address

    @classmethod
    def decode(cls, data: bytes, tolerances: Set[Tolerance] = _NO_TOLERANCES) -> "Message":
        """Read one message from the beginning of ``data``; what follows it is padding and not looked at.

        Raises `RemoteProtocolError` for an unknown start character, a length that is 0 or reaches beyond the
        data, or a wrong CRC (unless ``tolerances`` has the entry for it).
        """
        length_at = 1 if data and data[0] == START_V2 else start_character(data).length_at
        try:
            end = length_at + 1 + data[length_at]
            crc = data[end] | data[end + 1] << 8
        except IndexError:
            raise _wrong_length(data, length_at) from None
        body = data[1:end]
        if len(body) <= length_at:
            raise _wrong_length(data, length_at)
        computed = crc16(body)
        if computed != crc:
            _tolerate(computed, crc, tolerances, end)
        if length_at == 1:
            # As ``cls(...)``, in half the time: every message passes here.
            return tuple.__new__(cls, (body[1], body[2:], data[0], None))
        return cls(body[2], body[3:], data[0], body[0])

    def __repr__(self) -> str:
        address = "" if self.address is None else f", address={self.address}"
        return (
            f"Message(type=0x{self.type:02X}, {len(self.data)} data bytes, start=0x{self.start:02X}{address})"
        )


def _wrong_length(data: bytes, length_at: int) -> RemoteProtocolError:
    length = data[length_at] if len(data) > length_at else "unknown"
    return RemoteProtocolError(
        Fault.BAD_MESSAGE_LENGTH,
        f"a message with a length of {length} for type and data does not fit into {len(data)} bytes",
        length_at,
    )


def start_character(data: bytes) -> StartCharacter:
    """Return the form of the message that ``data`` begins with, or raise `RemoteProtocolError`."""
    form = START_CHARACTERS.get(data[0]) if data else None
    if form is None:
        raise RemoteProtocolError(
            Fault.BAD_START_CHARACTER,
            "a message begins with "
            + " or ".join(f"0x{start:02X}" for start in START_CHARACTERS)
            + (f", not 0x{data[0]:02X}" if data else ", here is nothing"),
            0,
        )
    return form


def _tolerate(computed: int, received: int, tolerances: Set[Tolerance], offset: int) -> None:
    swapped = (received & 0xFF) << 8 | received >> 8
    if received == 0 and Tolerance.ZERO_CRC in tolerances:
        return
    if swapped == computed and Tolerance.SWAPPED_CRC in tolerances:
        return
    raise RemoteProtocolError(
        Fault.BAD_CRC, f"CRC 0x{received:04X} where the content has 0x{computed:04X}", offset
    )
