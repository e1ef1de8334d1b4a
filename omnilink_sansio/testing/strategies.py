"""Hypothesis strategies for what travels in a session: messages, packets, keys, payloads, cuttings."""

from collections.abc import Callable, Sequence

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise ImportError(
        "omnilink_sansio.testing.strategies needs hypothesis: pip install 'omnilink-sansio[testing]'"
    ) from error

import itertools
import struct

from omnilink_sansio.messages.notifications import OtherEventNotifications
from omnilink_sansio.messages.objects.forms import OBJECT_TYPE_TO_STATUS
from omnilink_sansio.messages.objects.object_record import UnknownStatus
from omnilink_sansio.messages.objects.object_type import OBJECT_TYPES
from omnilink_sansio.messages.record import Layout, Record
from omnilink_sansio.messages.status import ExtendedObjectStatus, ObjectStatus
from omnilink_sansio.wire.message import (
    LONGEST_DATA,
    START_CHARACTERS,
    START_V1_ADDRESSABLE,
    Message,
    ProtocolVersion,
)
from omnilink_sansio.wire.packet import LONGEST_PACKET, PACKET_LAYOUTS, Packet, PacketData

__all__ = [
    "controller_keys",
    "cuttings",
    "messages",
    "packets",
    "payloads",
    "sequences",
    "session_ids",
]


def controller_keys() -> st.SearchStrategy[bytes]:
    """Return controller keys."""
    return st.binary(min_size=16, max_size=16)


def session_ids() -> st.SearchStrategy[bytes]:
    """Return what a controller draws for each session."""
    return st.binary(min_size=5, max_size=5)


def sequences(*, unsolicited: bool = True) -> st.SearchStrategy[int]:
    """Return sequence numbers; 0, that of packets which answer nothing, only when ``unsolicited``."""
    return st.integers(0 if unsolicited else 1, 0xFFFF)


def messages(
    protocol: ProtocolVersion = ProtocolVersion.V2, *, longest_data: int = LONGEST_DATA
) -> st.SearchStrategy[Message]:
    """Return messages of any type and content, in every form that the protocol has."""
    starts = [start for start, form in START_CHARACTERS.items() if form.protocol is protocol]

    def with_start(start: int) -> st.SearchStrategy[Message]:
        addresses = st.integers(1, 254) if start == START_V1_ADDRESSABLE else st.none()
        data = st.binary(max_size=longest_data)
        return st.builds(Message, st.integers(0, 255), data, st.just(start), addresses)

    return st.sampled_from(starts).flatmap(with_start)


def packets() -> st.SearchStrategy[Packet]:
    """Return packets of every known type, with data of a legal length (which no key may fit)."""
    return st.sampled_from(sorted(PACKET_LAYOUTS)).flatmap(_packets_of)


def _packets_of(packet_type: int) -> st.SearchStrategy[Packet]:
    layout = PACKET_LAYOUTS[packet_type]
    data: st.SearchStrategy[bytes]
    match layout.data:
        case PacketData.FIXED:
            data = st.binary(min_size=layout.size, max_size=layout.size)
        case PacketData.CLEAR_MESSAGE:
            data = st.sampled_from(ProtocolVersion).flatmap(messages).map(Message.encode)
        case PacketData.ENCRYPTED_MESSAGE:
            blocks = st.integers(1, LONGEST_PACKET // 16)
            data = blocks.flatmap(lambda count: st.binary(min_size=16 * count, max_size=16 * count))
    return st.builds(Packet, sequences(), st.just(packet_type), data, st.just(0))


def cuttings(data: bytes) -> st.SearchStrategy[Sequence[bytes]]:
    """Return ways of cutting a byte string into pieces, none of them empty: whole and byte by byte included."""
    if len(data) < 2:
        return st.just([data] if data else [])
    places = st.sets(st.integers(1, len(data) - 1), max_size=24)
    every_place = frozenset(range(1, len(data)))
    return (places | st.just(every_place) | st.just(frozenset())).map(lambda cuts: _pieces(data, cuts))


def _pieces(data: bytes, cuts: set[int] | frozenset[int]) -> Sequence[bytes]:
    edges = [0, *sorted(cuts), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


def payloads(kind: type[Record]) -> st.SearchStrategy[bytes]:
    """Return well-formed payloads of a record class, as long as a message can hold.

    Raises `ValueError` for a class that describes no payload.
    """
    special = _SPECIAL.get(kind)
    if special is not None:
        return special()
    layout: Layout | None = getattr(kind, "_layout", None)
    if layout is None:
        raise ValueError(f"{kind.__name__} describes no payload: take one of its subclasses")
    return _of_layout(kind.PREFIX, layout)


def _of_layout(prefix: bytes, layout: Layout) -> st.SearchStrategy[bytes]:
    # The layout is the record's own, and so are we: what it compiled is what is well-formed.
    known = layout.size - len(prefix)
    extension: int = layout._extension.size  # noqa: SLF001
    repeated: type[Record] | None = layout._repeated  # noqa: SLF001
    sizes = st.sampled_from(sorted({known, known + extension}))
    if repeated is not None:
        each: int = repeated._layout.size  # noqa: SLF001
        sizes = st.integers(0, (LONGEST_DATA - layout.size) // each).map(lambda count: known + count * each)
    elif layout._rest is not None:  # noqa: SLF001
        sizes = st.integers(known, LONGEST_DATA - len(prefix))
    codes = _code_places(layout)
    return sizes.flatmap(lambda size: st.binary(min_size=size, max_size=size)).map(
        lambda data: prefix + _with_digits(data, codes)
    )


def _code_places(layout: Layout) -> frozenset[int]:
    # Every field that makes something of its bytes makes a user code: one digit a byte.
    formats = list(layout._formats.values())  # noqa: SLF001
    places: set[int] = set()
    for place in layout._kinds:  # noqa: SLF001
        start = struct.calcsize(">" + "".join(formats[:place]))
        places.update(range(start, start + struct.calcsize(formats[place])))
    return frozenset(places)


def _with_digits(data: bytes, places: frozenset[int]) -> bytes:
    return (
        bytes(byte % 10 if place in places else byte for place, byte in enumerate(data)) if places else data
    )


def _records(head: bytes, size: int) -> st.SearchStrategy[bytes]:
    most = (LONGEST_DATA - len(head)) // size
    return st.integers(0, most).flatmap(
        lambda count: st.binary(min_size=count * size, max_size=count * size).map(lambda data: head + data)
    )


def _object_status() -> st.SearchStrategy[bytes]:
    def of_kind(kind: int) -> st.SearchStrategy[bytes]:
        forms = OBJECT_TYPES.get(kind)
        size = 1 if forms is None or forms.status_record is None else forms.status_record
        return _records(bytes((kind,)), size)

    return st.integers(0, 255).flatmap(of_kind)


def _extended_object_status() -> st.SearchStrategy[bytes]:
    def of_kind(kind: int) -> st.SearchStrategy[bytes]:
        least = OBJECT_TYPE_TO_STATUS.get(kind, UnknownStatus)._layout.size  # noqa: SLF001
        return st.integers(least, 40).flatmap(lambda length: _records(bytes((kind, length)), length))

    return st.integers(0, 255).flatmap(of_kind)


def _event_words() -> st.SearchStrategy[bytes]:
    return _records(b"", 2)


_SPECIAL: dict[type[Record], Callable[[], st.SearchStrategy[bytes]]] = {
    ObjectStatus: _object_status,
    ExtendedObjectStatus: _extended_object_status,
    OtherEventNotifications: _event_words,
}
