"""Finding packets: in a byte stream, where the header does not tell a packet's length, and in datagrams.

Both framers open encrypted messages as they find them, because on a stream the length of one is only known
once its first block is decrypted. What they return is therefore a `Packet` whose data is in clear for message
types (16, 17, 32, 33) and as received for all others.
"""

from typing import Protocol

from omnilink_sansio.enums import Fault, Tolerance
from omnilink_sansio.errors import RemoteProtocolError
from omnilink_sansio.wire.cipher import BLOCK_SIZE, SessionCipher
from omnilink_sansio.wire.message import start_character
from omnilink_sansio.wire.packet import HEADER_SIZE, PACKET_LAYOUTS, Packet, PacketData, PacketLayout

__all__ = ["DatagramFramer", "Framer", "FramingError", "StreamFramer"]

_FIRST_BLOCK_END = HEADER_SIZE + BLOCK_SIZE


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


def message_size(first_block: bytes) -> int:
    """Return the bytes of the message whose first bytes are given, padding not counted.

    Raises `RemoteProtocolError` for an unknown start character.
    """
    length_at = start_character(first_block).length_at
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
    nobody has asked for yet.
    """

    def __init__(self, tolerances: frozenset[Tolerance] = frozenset()) -> None:
        self._buffer = bytearray()
        self._drop_raw_words = Tolerance.RAW_WORDS in tolerances

    @property
    def pending(self) -> int:
        """How many received bytes wait for `next_packet`."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Append a piece of the stream."""
        self._buffer += data

    def next_packet(self, cipher: SessionCipher | None) -> Packet | None:
        """Return the next whole packet, or None when more bytes are needed.

        Raises `FramingError`: fatal as soon as the header is in when the packet's type is unknown or it is
        encrypted without a ``cipher``; for a message that does not begin with a start character, fatal or,
        with `Tolerance.RAW_WORDS`, for the one block only.
        """
        buffer = self._buffer
        size = len(buffer)
        if size < HEADER_SIZE:
            return None
        packet_type = buffer[2]
        layout = PACKET_LAYOUTS.get(packet_type)
        if layout is None:
            raise FramingError(_unknown(packet_type), buffer, fatal=True)
        sequence = buffer[0] << 8 | buffer[1]
        try:
            if layout.data is PacketData.ENCRYPTED_MESSAGE:
                if cipher is None:
                    raise _no_key(packet_type)
                if size < _FIRST_BLOCK_END:
                    return None
                data = cipher.decrypt(bytes(buffer[HEADER_SIZE:_FIRST_BLOCK_END]), sequence)
                end = HEADER_SIZE + (message_size(data) + 15 & -BLOCK_SIZE)
                if size < end:
                    return None
                if end > _FIRST_BLOCK_END:
                    data += cipher.decrypt(bytes(buffer[_FIRST_BLOCK_END:end]), sequence)
            else:
                needed = self._clear_data_size(layout)
                if needed is None or size < HEADER_SIZE + needed:
                    return None
                end = HEADER_SIZE + needed
                data = bytes(buffer[HEADER_SIZE:end])
        except RemoteProtocolError as error:
            raise self._fault(error, layout) from None
        packet = Packet(sequence, packet_type, data, buffer[3])
        del buffer[:end]
        return packet

    def _clear_data_size(self, layout: PacketLayout) -> int | None:
        if layout.data is PacketData.FIXED:
            return layout.size
        head = self._buffer[HEADER_SIZE : HEADER_SIZE + 3]
        if not head or len(head) <= start_character(head).length_at:
            return None
        return message_size(head)

    def _fault(self, error: RemoteProtocolError, layout: PacketLayout) -> FramingError:
        one_block = (
            self._drop_raw_words
            and error.fault is Fault.BAD_START_CHARACTER
            and layout.data is PacketData.ENCRYPTED_MESSAGE
        )
        fault = FramingError(error, self._buffer[:HEADER_SIZE], fatal=not one_block)
        if one_block:
            del self._buffer[:_FIRST_BLOCK_END]
        return fault


class DatagramFramer:
    """Takes datagrams, each of which must be exactly one packet, of the length that its type has."""

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
