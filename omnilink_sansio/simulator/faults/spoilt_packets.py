"""What faults do to a packet: to one by itself, and to one and the packet that follows it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from omnilink_sansio.errors import RemoteProtocolError
from omnilink_sansio.messages.dialect import DIALECTS
from omnilink_sansio.session.sequence import UNSOLICITED, sequence_after
from omnilink_sansio.simulator.faults.fault_plan import FaultKind, RunningFault
from omnilink_sansio.wire.cipher import SessionCipher
from omnilink_sansio.wire.message import Message
from omnilink_sansio.wire.packet import HEADER_SIZE, Packet
from omnilink_sansio.wire.tolerance import Tolerance

__all__ = ["CAN_HAPPEN", "EFFECTS", "SEALED_ANEW", "WITH_NEXT", "Passing", "Piece", "Spoiling"]

_MESSAGES = frozenset(dialect.packet_type for dialect in DIALECTS.values())


class Passing(NamedTuple):
    """What is on its way: a packet, or what a stream brought in one piece, and what can be known of it."""

    data: bytes
    on_stream: bool
    cipher: SessionCipher | None = None
    """Opens what the panel sends in a session; None for what comes in, or where no fault needs it."""

    @property
    def is_message(self) -> bool:
        """Whether it is a message of a session."""
        return len(self.data) > HEADER_SIZE and self.data[2] in _MESSAGES

    @property
    def is_notification(self) -> bool:
        """Whether it is a message that answers nothing."""
        return self.is_message and int.from_bytes(self.data[:2]) == UNSOLICITED


class Piece(NamedTuple):
    """Bytes that travel together, and how many seconds later than they would without a fault."""

    data: bytes
    wait: float = 0.0


Spoiling: TypeAlias = Callable[[list[Piece], Passing, RunningFault], list[Piece]]
"""What a fault makes of a packet, or of what other faults made of it."""


def _seal_with_wrong_crc(pieces: list[Piece], passing: Passing, _strike: RunningFault) -> list[Piece]:
    def spoil(message: bytes) -> bytes:
        return message[:-1] + bytes((message[-1] ^ 0xFF,))

    return [_resealed(piece, passing.cipher, spoil=spoil) for piece in pieces]


def _seal_with_wrong_sequence(pieces: list[Piece], passing: Passing, _strike: RunningFault) -> list[Piece]:
    return [_resealed(piece, passing.cipher, renumber=sequence_after) for piece in pieces]


def _resealed(
    piece: Piece,
    cipher: SessionCipher | None,
    *,
    spoil: Callable[[bytes], bytes] = lambda message: message,
    renumber: Callable[[int], int] = lambda sequence: sequence,
) -> Piece:
    """Return the packet opened, changed and encrypted anew: the sequence number is part of the encryption."""
    assert cipher is not None
    packet = Packet.decode(piece.data)
    plaintext = cipher.decrypt(packet.data, packet.sequence)
    sequence = renumber(packet.sequence)
    # An odd panel's message may be none: then it has no CRC either, and the padding does no harm.
    size = _message_size(plaintext)
    sealed = cipher.encrypt(spoil(plaintext[:size]), sequence)
    return Piece(packet._replace(sequence=sequence, data=sealed).encode(), piece.wait)


def _message_size(plaintext: bytes) -> int:
    try:
        return len(Message.decode(plaintext, frozenset(Tolerance)).encode())
    except RemoteProtocolError:
        return len(plaintext)


def _corrupt(pieces: list[Piece], _passing: Passing, strike: RunningFault) -> list[Piece]:
    (data, wait), *rest = pieces
    at = strike.random.randrange(len(data))
    other = data[at] ^ strike.random.randrange(1, 256)
    return [Piece(data[:at] + bytes((other,)) + data[at + 1 :], wait), *rest]


def _split(pieces: list[Piece], _passing: Passing, strike: RunningFault) -> list[Piece]:
    (data, wait), *rest = pieces
    at = strike.random.randrange(1, len(data))
    return [Piece(data[:at], wait), Piece(data[at:], wait + strike.fault.wait), *rest]


def _duplicate(pieces: list[Piece], _passing: Passing, _strike: RunningFault) -> list[Piece]:
    return pieces * 2


def _delay(pieces: list[Piece], _passing: Passing, strike: RunningFault) -> list[Piece]:
    return [Piece(data, wait + strike.fault.wait) for data, wait in pieces]


def _drop(_pieces: list[Piece], _passing: Passing, _strike: RunningFault) -> list[Piece]:
    return []


def _always(_passing: Passing) -> bool:
    return True


def _has_bytes(passing: Passing) -> bool:
    return len(passing.data) > 0


def _can_be_opened(passing: Passing) -> bool:
    return passing.is_message and passing.cipher is not None


def _is_reply(passing: Passing) -> bool:
    return _can_be_opened(passing) and not passing.is_notification


def _on_stream(passing: Passing) -> bool:
    return passing.on_stream


def _can_be_cut(passing: Passing) -> bool:
    return passing.on_stream and len(passing.data) > 1


def _follow(waiting: bytes, pieces: list[Piece]) -> list[Piece]:
    return [*pieces, Piece(waiting, max(piece.wait for piece in pieces))]


def _precede(waiting: bytes, pieces: list[Piece]) -> list[Piece]:
    (data, wait), *rest = pieces
    return [Piece(waiting + data, wait), *rest]


CAN_HAPPEN: Mapping[FaultKind, Callable[[Passing], bool]] = MappingProxyType(
    {
        FaultKind.WRONG_CRC: _can_be_opened,
        FaultKind.WRONG_SEQUENCE: _is_reply,
        FaultKind.CORRUPT: _has_bytes,
        FaultKind.SPLIT: _can_be_cut,
        FaultKind.DUPLICATE: _always,
        FaultKind.DELAY: _always,
        FaultKind.DROP: _always,
        FaultKind.REORDER: _always,
        FaultKind.JOIN: _on_stream,
    }
)
"""What each fault of the line can happen to."""

EFFECTS: Mapping[FaultKind, Spoiling] = MappingProxyType(
    {
        FaultKind.WRONG_CRC: _seal_with_wrong_crc,
        FaultKind.WRONG_SEQUENCE: _seal_with_wrong_sequence,
        FaultKind.CORRUPT: _corrupt,
        FaultKind.SPLIT: _split,
        FaultKind.DUPLICATE: _duplicate,
        FaultKind.DELAY: _delay,
        FaultKind.DROP: _drop,
    }
)
"""What happens to a packet by itself, in this order."""

WITH_NEXT: Mapping[FaultKind, Callable[[bytes, list[Piece]], list[Piece]]] = MappingProxyType(
    {FaultKind.REORDER: _follow, FaultKind.JOIN: _precede}
)
"""What becomes of a packet that waited, and the one that it waited for."""

SEALED_ANEW = (FaultKind.WRONG_CRC, FaultKind.WRONG_SEQUENCE)
"""The faults that have to open a packet."""
