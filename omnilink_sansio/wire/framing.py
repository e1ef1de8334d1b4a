"""Finding packets: in a byte stream, where the header has no length, and in datagrams.

Both framers open encrypted messages as they find them, because on a stream the length of one is only known
once its first block is decrypted. What they return is therefore a `Packet` whose data is in clear for message
types (16, 17, 32, 33) and as received for all others.
"""

from enum import Enum, unique
from typing import Protocol

from omnilink_sansio.errors import Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.wire.cipher import BLOCK_SIZE, SessionCipher
from omnilink_sansio.wire.message import START_V2, start_character
from omnilink_sansio.wire.packet import (
    HEADER_SIZE,
    LONGEST_PACKET,
    PACKET_LAYOUTS,
    Packet,
    PacketData,
    PacketLayout,
)
from omnilink_sansio.wire.tolerance import Tolerance

__all__ = ["DatagramFramer", "Framer", "Framing", "FramingError", "StreamFramer", "framing_named"]


@unique
class Framing(Enum):
    """How packets travel: the caller gives it, it is never guessed from the transport's type."""

    STREAM = "stream"
    """A byte stream: packets follow one another, cut anywhere (TCP, a serial bridge, TLS)."""
    DATAGRAM = "datagram"
    """Datagrams: each holds exactly one packet, and may be lost, repeated or reordered (UDP)."""


# Looked up for every packet: a plain dict and a module's name are found in half the time.
_LAYOUTS = dict(PACKET_LAYOUTS)
_ENCRYPTED = PacketData.ENCRYPTED_MESSAGE
_LONGEST_DATA = LONGEST_PACKET - HEADER_SIZE


def framing_named(name: str) -> Framing:
    """Return the framing that a caller named. Raises `LocalProtocolError` when there is none of that name."""
    try:
        return Framing(name)
    except ValueError:
        kinds = " or ".join(framing.value for framing in Framing)
        raise LocalProtocolError(f"framing is {kinds}, not {name!r}") from None


class FramingError(RemoteProtocolError):
    """A packet that cannot be acted on.

    ``fatal`` is true when the place where the next packet begins is lost with it. ``packet_type`` and
    ``sequence`` are those of its header, where there was one.
    """

    def __init__(self, error: RemoteProtocolError, header: bytes, *, fatal: bool) -> None:
        super().__init__(error.fault, str(error))
        self.offset = error.offset
        self.fatal = fatal
        whole = len(header) >= HEADER_SIZE
        self.sequence = int.from_bytes(header[0:2], "big") if whole else None
        self.packet_type = header[2] if whole else None


class Framer(Protocol):
    """What a link needs of a framer."""

    def feed(self, data: bytes) -> None:
        """Take what the transport received."""

    def next_packet(self, cipher: SessionCipher | None) -> Packet | None:
        """Return the next packet, or None when more input is needed; raise `FramingError` for a bad one."""

    @property
    def pending(self) -> int:
        """How many received bytes wait for `next_packet`."""
        raise NotImplementedError


def message_size(first_block: bytes) -> int:
    """Return the bytes of the message whose first bytes are given, padding not counted.

    Raises `RemoteProtocolError` for an unknown start character.
    """
    length_at = 1 if first_block[0] == START_V2 else start_character(first_block).length_at
    return first_block[length_at] + length_at + 3


def _unknown(packet_type: int) -> RemoteProtocolError:
    return RemoteProtocolError(
        Fault.UNKNOWN_PACKET_TYPE, f"packet type {packet_type} is unknown, and with it the packet's length", 2
    )


def _no_key(packet_type: int) -> RemoteProtocolError:
    return RemoteProtocolError(
        Fault.NO_SESSION_KEY, f"packet type {packet_type} is encrypted, and there is no session", 2
    )


class StreamFramer:
    """Cuts packets out of a byte stream; pieces may be cut anywhere.

    It never waits for more than the longest legal packet: what it holds beyond that is whole packets that
    no caller has asked for yet.
    """

    __slots__ = (
        "_buffer",
        "_drop_raw_words",
        "_start",
    )

    def __init__(self, tolerances: frozenset[Tolerance] = frozenset()) -> None:
        self._buffer = b""
        self._start = 0
        self._drop_raw_words = Tolerance.RAW_WORDS in tolerances

    @property
    def pending(self) -> int:
        """How many received bytes wait for `next_packet`."""
        return len(self._buffer) - self._start

    def feed(self, data: bytes) -> None:
        """Append a piece of the stream."""
        self._buffer = self._buffer[self._start :] + data
        self._start = 0

    def next_packet(self, cipher: SessionCipher | None) -> Packet | None:
        """Return the next whole packet, or None when more bytes are needed.

        Raises `FramingError`: fatal as soon as the header is in when the packet's type is unknown or it is
        encrypted without a ``cipher``; for a message that does not begin with a start character, fatal or,
        with `Tolerance.RAW_WORDS`, for the one block only.
        """
        buffer = self._buffer
        start = self._start
        data_at = start + HEADER_SIZE
        if len(buffer) < data_at:
            return None
        packet_type = buffer[start + 2]
        layout = _LAYOUTS.get(packet_type)
        try:
            if layout is None:
                raise _unknown(packet_type)
            sequence = buffer[start] << 8 | buffer[start + 1]
            if layout.data is _ENCRYPTED:
                if cipher is None:
                    raise _no_key(packet_type)
                # The usual piece is one packet, so what is there is decrypted at once, and cut when it is more.
                there = len(buffer) - data_at & -BLOCK_SIZE
                if there > _LONGEST_DATA:
                    there = _LONGEST_DATA
                if not there:
                    return None
                data = cipher.decrypt(buffer[data_at : data_at + there], sequence)
                # As `message_size`, for the usual case.
                length = data[1] + 4 if data[0] == START_V2 else message_size(data)
                size = length + 15 & -BLOCK_SIZE
                if there < size:
                    return None
                if there > size:
                    data = data[:size]
                end = data_at + size
            else:
                end = data_at + _clear_data_size(layout, buffer[data_at : data_at + 3])
                if len(buffer) < end:
                    return None
                data = buffer[data_at:end]
        except RemoteProtocolError as error:
            raise self._fault(error, buffer[start:data_at], layout) from None
        self._start = end
        # As ``Packet(...)``, in half the time: every packet passes here.
        return tuple.__new__(Packet, (sequence, packet_type, data, buffer[start + 3]))

    def _fault(self, error: RemoteProtocolError, header: bytes, layout: PacketLayout | None) -> FramingError:
        one_block = (
            self._drop_raw_words
            and error.fault is Fault.BAD_START_CHARACTER
            and layout is not None
            and layout.data is _ENCRYPTED
        )
        if one_block:
            self._start += HEADER_SIZE + BLOCK_SIZE
        return FramingError(error, header, fatal=not one_block)


def _clear_data_size(layout: PacketLayout, head: bytes) -> int:
    """Return the data bytes of an unencrypted packet, or one more than there are as long as they are unknown."""
    if layout.data is PacketData.FIXED:
        return layout.size
    if not head or len(head) <= start_character(head).length_at:
        return len(head) + 1
    return message_size(head)


class DatagramFramer:
    """Takes datagrams, each of which must be exactly one packet, of the length that its type has."""

    __slots__ = ("_datagrams",)

    def __init__(self) -> None:
        self._datagrams: list[bytes] = []

    @property
    def pending(self) -> int:
        """How many received bytes wait for `next_packet`."""
        return sum(map(len, self._datagrams))

    def feed(self, data: bytes) -> None:
        """Append one datagram."""
        self._datagrams.append(data)

    def next_packet(self, cipher: SessionCipher | None) -> Packet | None:
        """Return the next datagram's packet, or None when there is none.

        Raises `FramingError`, never fatal: the datagram is gone, the next one stands on its own.
        """
        if not self._datagrams:
            return None
        datagram = self._datagrams.pop(0)
        try:
            packet = Packet.decode(datagram)
            return Packet(packet.sequence, packet.type, _opened(packet, cipher), packet.reserved)
        except RemoteProtocolError as error:
            raise FramingError(error, datagram, fatal=False) from None


def _opened(packet: Packet, cipher: SessionCipher | None) -> bytes:
    layout = PACKET_LAYOUTS.get(packet.type)
    if layout is None:
        raise _unknown(packet.type)
    data = packet.data
    if layout.data is PacketData.FIXED:
        wanted = layout.size
        if layout.padded:
            data = b""
    elif layout.data is PacketData.CLEAR_MESSAGE:
        wanted = _checked_message_size(data)
    elif cipher is None:
        raise _no_key(packet.type)
    else:
        data = cipher.decrypt(data, packet.sequence)
        wanted = _checked_message_size(data) + 15 & -BLOCK_SIZE
    if len(data) != wanted:
        raise RemoteProtocolError(
            Fault.BAD_PACKET_LENGTH,
            f"packet type {packet.type} has {wanted} data bytes here, not {len(data)}",
        )
    return data


def _checked_message_size(data: bytes) -> int:
    if len(data) <= start_character(data).length_at:
        raise RemoteProtocolError(Fault.BAD_PACKET_LENGTH, f"no message has only {len(data)} bytes")
    return message_size(data)
