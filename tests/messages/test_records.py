"""Every record class: parsing and encoding are exact inverses, and what does not fit is refused."""

import dataclasses
import struct
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

import omnilink_sansio.messages
from omnilink_sansio.enums import Fault
from omnilink_sansio.errors import LocalProtocolError, RemoteProtocolError
from omnilink_sansio.messages import (
    ExtendedObjectStatus,
    MessageRecord,
    ObjectStatus,
    ObjectType,
    OtherEventNotifications,
    RawRequest,
    ThermostatStatus,
    UnitStatus,
    UnknownStatus,
)
from omnilink_sansio.messages.record import (
    U8,
    Field,
    Record,
    Repeated,
    Rest,
    Tail,
    member_or_number,
    record,
)
from omnilink_sansio.wire import Message

_RANGES = {"B": (0, 0xFF), "b": (-0x80, 0x7F), "H": (0, 0xFFFF)}


def _subclasses(kind: type[Record]) -> Iterator[type[Record]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


def _is_public(kind: type[Record]) -> bool:
    # Making a class slotted leaves its first form behind, which no module knows.
    module = sys.modules[kind.__module__]
    return module.__name__.startswith(omnilink_sansio.messages.__name__) and (
        getattr(module, kind.__name__, None) is kind
    )


EVERY_CLASS = sorted(
    {kind for kind in _subclasses(Record) if _is_public(kind)}, key=lambda kind: kind.__name__
)
RECORDS = [kind for kind in EVERY_CLASS if "_layout" in vars(kind)]
BY_HAND = [kind for kind in EVERY_CLASS if "__dataclass_fields__" in vars(kind) and kind not in RECORDS]


class FieldOf(NamedTuple):
    """One field of one record class."""

    kind: type[Record]
    name: str
    format: str
    optional: bool

    @property
    def size(self) -> int:
        return struct.calcsize(self.format)


class Shape(NamedTuple):
    """What a record class's annotations say of its payload."""

    required: list[FieldOf]
    optional: list[FieldOf]
    tail: str | None
    repeated: tuple[str, type[Record]] | None

    def smallest(self, kind: type[Record]) -> int:
        return len(kind.PREFIX) + sum(field.size for field in self.required)

    @property
    def extension(self) -> int:
        return sum(field.size for field in self.optional)


def names_of(kind: type[Record]) -> list[str]:
    return [entry.name for entry in dataclasses.fields(kind)]  # type: ignore[arg-type]


def shape_of(kind: type[Record]) -> Shape:
    hints = get_type_hints(kind, include_extras=True)
    required: list[FieldOf] = []
    optional: list[FieldOf] = []
    tail: str | None = None
    repeated: tuple[str, type[Record]] | None = None
    for name in names_of(kind):
        match hints[name].__metadata__[0]:
            case Field(format=form, optional=True):
                optional.append(FieldOf(kind, name, form, optional=True))
            case Field(format=form):
                required.append(FieldOf(kind, name, form, optional=False))
            case Repeated(kind=item):
                repeated = (name, item)
            case Rest():
                tail = name
    return Shape(required, optional, tail, repeated)


SHAPES = {kind: shape_of(kind) for kind in RECORDS}
FIELDS = [field for shape in SHAPES.values() for field in (*shape.required, *shape.optional)]
EVERY_RECORD = pytest.mark.parametrize("kind", RECORDS, ids=[kind.__name__ for kind in RECORDS])


@st.composite
def payloads(draw: st.DrawFn, kind: type[Record]) -> bytes:
    """Any well-formed payload, or record, of a class."""
    shape = SHAPES[kind]
    fixed = sum(field.size for field in shape.required)
    payload = kind.PREFIX + draw(st.binary(min_size=fixed, max_size=fixed))
    room = 20
    if shape.optional:
        if draw(st.booleans()):
            payload += draw(st.binary(min_size=shape.extension, max_size=shape.extension))
        else:
            # As many bytes more would be the optional fields.
            room = shape.extension - 1
    if shape.tail is not None:
        payload += draw(st.binary(max_size=room))
    if shape.repeated is not None:
        payload += b"".join(draw(st.lists(payloads(shape.repeated[1]), max_size=8)))
    return payload


def _values(field: FieldOf) -> st.SearchStrategy[int] | st.SearchStrategy[bytes]:
    if field.format.endswith("s"):
        return st.binary(min_size=field.size, max_size=field.size)
    low, high = _RANGES[field.format]
    return st.integers(low, high)


def make(kind: type[Record], values: dict[str, object]) -> Record:
    constructor: Callable[..., Record] = kind
    return constructor(**values)


def zeros(kind: type[Record]) -> dict[str, object]:
    """Values of zero for every field, the optional ones included."""
    shape = SHAPES[kind]
    return {
        field.name: b"\0" * field.size if field.format.endswith("s") else 0
        for field in (*shape.required, *shape.optional)
    }


@st.composite
def instances(draw: st.DrawFn, kind: type[Record]) -> Record:
    """Any record of a class whose fields are in range."""
    shape = SHAPES[kind]
    values: dict[str, object] = {field.name: draw(_values(field)) for field in shape.required}
    room = 20
    if shape.optional:
        if draw(st.booleans()):
            values |= {field.name: draw(_values(field)) for field in shape.optional}
        else:
            room = shape.extension - 1
    if shape.tail is not None:
        values[shape.tail] = draw(st.binary(max_size=room))
    if shape.repeated is not None:
        name, item = shape.repeated
        values[name] = tuple(draw(st.lists(instances(item), max_size=8)))
    return make(kind, values)


def test_these_are_the_records_of_the_protocol_so_far() -> None:
    assert {kind.__name__ for kind in RECORDS} == {
        "Ack",
        "AreaAlarms",
        "AreaProperties",
        "AreaStatus",
        "ButtonProperties",
        "ControllerCommand",
        "EnableNotifications",
        "EndOfData",
        "Nak",
        "ObjectTypeCapacities",
        "RequestExtendedObjectStatus",
        "RequestObjectProperties",
        "RequestObjectStatus",
        "RequestObjectTypeCapacities",
        "RequestSystemFormats",
        "RequestSystemInformation",
        "RequestSystemStatus",
        "SystemFormats",
        "SystemInformation",
        "SystemStatus",
        "ThermostatProperties",
        "ThermostatStatus",
        "UnitProperties",
        "UnitStatus",
        "UnknownProperties",
        "UnknownStatus",
        "ZoneProperties",
        "ZoneStatus",
    }
    assert set(BY_HAND) == {ExtendedObjectStatus, ObjectStatus, OtherEventNotifications, RawRequest}


@EVERY_RECORD
@given(data=st.data())
def test_encoding_what_was_parsed_gives_the_same_bytes(kind: type[Record], data: st.DataObject) -> None:
    payload = data.draw(payloads(kind))
    parsed = kind.parse(payload)
    assert type(parsed) is kind
    assert parsed.encode() == payload


@EVERY_RECORD
@given(data=st.data())
def test_parsing_what_was_encoded_gives_an_equal_record(kind: type[Record], data: st.DataObject) -> None:
    made = data.draw(instances(kind))
    again = kind.parse(made.encode())
    assert again == made
    assert hash(again) == hash(made)


@EVERY_RECORD
def test_every_payload_that_is_too_short_is_refused(kind: type[Record]) -> None:
    smallest = SHAPES[kind].smallest(kind)
    whole = kind.PREFIX.ljust(smallest, b"\0")
    assert kind.parse(whole).encode() == whole
    for length in range(smallest):
        with pytest.raises(RemoteProtocolError, match=kind.__name__) as caught:
            kind.parse(whole[:length])
        assert caught.value.fault is Fault.BAD_PAYLOAD
        assert caught.value.offset == length


@pytest.mark.parametrize(
    "kind",
    [kind for kind, shape in SHAPES.items() if shape.tail is None and shape.repeated is None],
    ids=lambda kind: kind.__name__,
)
def test_a_payload_that_is_too_long_is_refused_where_no_tail_is_kept(kind: type[Record]) -> None:
    whole = kind.PREFIX.ljust(SHAPES[kind].smallest(kind), b"\0")
    with pytest.raises(RemoteProtocolError, match=kind.__name__) as caught:
        kind.parse(whole + b"\0")
    assert caught.value.fault is Fault.BAD_PAYLOAD
    assert caught.value.offset == len(whole)


def test_every_reply_keeps_the_bytes_that_later_firmware_may_append() -> None:
    # Requests are ours to write; what controllers send may grow, and records of two bytes cannot.
    cannot_grow = {"SystemStatus", "AreaAlarms"}
    for kind, shape in SHAPES.items():
        is_request = kind.__name__.startswith(("Request", "ControllerCommand", "EnableNotifications"))
        assert (shape.tail is None) == (is_request or kind.__name__ in cannot_grow), kind.__name__


@pytest.mark.parametrize(
    "kind", [kind for kind, shape in SHAPES.items() if shape.repeated], ids=lambda kind: kind.__name__
)
def test_a_repeated_record_that_is_cut_is_refused(kind: type[Record]) -> None:
    shape = SHAPES[kind]
    assert shape.repeated is not None
    item = shape.repeated[1]
    whole = kind.PREFIX.ljust(shape.smallest(kind), b"\0") + bytes(2 * SHAPES[item].smallest(item))
    assert kind.parse(whole).encode() == whole
    with pytest.raises(RemoteProtocolError, match=item.__name__) as caught:
        kind.parse(whole[:-1])
    assert caught.value.fault is Fault.BAD_PAYLOAD


@pytest.mark.parametrize(
    "kind", [kind for kind in RECORDS if kind.PREFIX], ids=[kind.__name__ for kind in RECORDS if kind.PREFIX]
)
def test_a_payload_that_begins_wrongly_is_refused(kind: type[Record]) -> None:
    rest = bytes(SHAPES[kind].smallest(kind) - len(kind.PREFIX))
    for first in set(range(256)) - set(kind.PREFIX):
        with pytest.raises(RemoteProtocolError, match=f"begins with 0x{first:02X}") as caught:
            kind.parse(bytes((first,)) + rest)
        assert caught.value.fault is Fault.BAD_PAYLOAD
        assert caught.value.offset == 0


def _unfit(field: FieldOf) -> list[object]:
    if field.format.endswith("s"):
        return [b"\0" * (field.size - 1), b"\0" * (field.size + 1), b"", "\0" * field.size, 0]
    low, high = _RANGES[field.format]
    return [low - 1, high + 1, 10**9, 1.5, "1", b"\0"]


@pytest.mark.parametrize("field", FIELDS, ids=[f"{field.kind.__name__}.{field.name}" for field in FIELDS])
def test_a_value_that_does_not_fit_is_refused_by_name(field: FieldOf) -> None:
    good = zeros(field.kind)
    assert len(make(field.kind, good).encode()) >= SHAPES[field.kind].smallest(field.kind)
    for value in _unfit(field) + ([] if field.optional else [None]):
        unfit = make(field.kind, {**good, field.name: value})
        with pytest.raises(LocalProtocolError, match=rf"{field.kind.__name__}\.{field.name} takes"):
            unfit.encode()


@pytest.mark.parametrize(
    "field",
    [field for field in FIELDS if field.optional and len(SHAPES[field.kind].optional) > 1],
    ids=lambda field: f"{field.kind.__name__}.{field.name}",
)
def test_optional_fields_are_all_given_or_none(field: FieldOf) -> None:
    values = {**zeros(field.kind), field.name: None}
    with pytest.raises(LocalProtocolError, match=rf"{field.kind.__name__}: .*{field.name}.* all None"):
        make(field.kind, values).encode()


@pytest.mark.parametrize("kind", RECORDS + BY_HAND, ids=lambda kind: kind.__name__)
def test_records_are_frozen_and_slotted(kind: type[Record]) -> None:
    assert "__slots__" in vars(kind)
    item = kind.__new__(kind)
    assert not hasattr(item, "__dict__")
    for name in names_of(kind):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(item, name, 0)


@pytest.mark.parametrize("kind", EVERY_CLASS, ids=lambda kind: kind.__name__)
def test_records_say_what_they_are(kind: type[Record]) -> None:
    text = vars(kind)["__doc__"]
    # Without a docstring a data class gets one made from its fields.
    assert text
    assert not text.startswith(f"{kind.__name__}(")


@pytest.mark.parametrize(
    "kind", [kind for kind in RECORDS if issubclass(kind, MessageRecord)], ids=lambda kind: kind.__name__
)
def test_a_message_has_its_type_and_its_payload(kind: type[MessageRecord]) -> None:
    item = make(kind, zeros(kind))
    assert isinstance(item, MessageRecord)
    assert item.to_message() == Message(kind.OPCODE, item.encode())


def test_a_layout_with_anything_after_its_tail_is_refused_when_the_class_is_made() -> None:
    class Wrong(Record):
        first: Tail
        second: U8

    with pytest.raises(AssertionError, match="only the last field may repeat"):
        record(Wrong)


# The messages that hold records of a length that something else tells.

_PLAIN = {ObjectType.ZONE: 4, ObjectType.UNIT: 5, ObjectType.AREA: 6, ObjectType.THERMOSTAT: 9,
          ObjectType.MESSAGE: 3, ObjectType.ACCESS_CONTROL_READER_LOCK: 5}  # fmt: skip


@given(kind=st.sampled_from(sorted(_PLAIN)), data=st.data())
def test_object_status_is_cut_by_the_length_of_the_kind(kind: ObjectType, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 20))
    rest = data.draw(st.binary(min_size=count * _PLAIN[kind], max_size=count * _PLAIN[kind]))
    parsed = ObjectStatus.parse(bytes((kind,)) + rest)
    assert parsed.kind is kind
    assert len(parsed.records) == count
    assert parsed.encode() == bytes((kind,)) + rest
    assert ObjectStatus.parse(parsed.encode()) == parsed
    for cut in range(1, _PLAIN[kind]):
        with pytest.raises(RemoteProtocolError) as caught:
            ObjectStatus.parse(bytes((kind,)) + rest + bytes(cut))
        assert caught.value.fault is Fault.BAD_PAYLOAD


@given(kind=st.sampled_from(sorted(_PLAIN)), more=st.integers(0, 9), data=st.data())
def test_extended_object_status_is_cut_by_the_length_that_it_tells(
    kind: ObjectType, more: int, data: st.DataObject
) -> None:
    length = _PLAIN[kind] + more
    count = data.draw(st.integers(0, 12))
    payload = bytes((kind, length)) + data.draw(st.binary(min_size=count * length, max_size=count * length))
    parsed = ExtendedObjectStatus.parse(payload)
    assert (parsed.kind, parsed.record_length, len(parsed.records)) == (kind, length, count)
    assert [item.index for item in parsed.records] == [
        int.from_bytes(payload[at : at + 2], "big") for at in range(2, len(payload), length)
    ]
    assert parsed.encode() == payload
    assert ExtendedObjectStatus.parse(parsed.encode()) == parsed


@pytest.mark.parametrize(("kind", "length"), [(1, 3), (2, 4), (5, 5), (6, 8), (7, 1), (7, 0), (1, 0)])
def test_extended_records_shorter_than_the_known_ones_are_refused(kind: int, length: int) -> None:
    payload = bytes((kind, length)) + bytes(36)
    with pytest.raises(RemoteProtocolError) as caught:
        ExtendedObjectStatus.parse(payload)
    assert caught.value.fault is Fault.BAD_PAYLOAD


@pytest.mark.parametrize("payload", [b"\x01\x04\0", b"\x01\x04\0\0\0", b"\x01\x04" + bytes(9)])
def test_extended_records_that_are_cut_are_refused(payload: bytes) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        ExtendedObjectStatus.parse(payload)
    assert caught.value.fault is Fault.BAD_PAYLOAD


def test_status_messages_without_their_head_are_refused() -> None:
    cases: list[tuple[type[Record], bytes]] = [
        (ObjectStatus, b""),
        (ExtendedObjectStatus, b""),
        (ExtendedObjectStatus, b"\x01"),
    ]
    for kind, payload in cases:
        with pytest.raises(RemoteProtocolError, match=kind.__name__) as caught:
            kind.parse(payload)
        assert caught.value.fault is Fault.BAD_PAYLOAD


@given(kind=st.sampled_from([0, 3, 4, 9, 12, 16, 99, 255]), rest=st.binary(max_size=60))
def test_object_status_of_a_kind_without_records_is_kept_whole(kind: int, rest: bytes) -> None:
    parsed = ObjectStatus.parse(bytes((kind,)) + rest)
    assert parsed == ObjectStatus(kind, (), rest)
    assert parsed.kind == kind
    assert parsed.encode() == bytes((kind,)) + rest


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (ObjectStatus(256), "ObjectStatus.object_type"),
        (ObjectStatus(-1), "ObjectStatus.object_type"),
        (ObjectStatus(2, (UnitStatus(1, 0, 0, b"\0\0"),)), "ObjectStatus.records"),
        (ObjectStatus(6, (ThermostatStatus.parse(bytes(14)),)), "ObjectStatus.records"),
        (ObjectStatus(99, (UnknownStatus(1),)), "ObjectStatus.records"),
        (ObjectStatus(2, (), b"\0"), "ObjectStatus.records"),
        (ExtendedObjectStatus(256, 4), "ExtendedObjectStatus.object_type"),
        (ExtendedObjectStatus(1, 256), "ExtendedObjectStatus.record_length"),
        (ExtendedObjectStatus(1, -1), "ExtendedObjectStatus.record_length"),
        (ExtendedObjectStatus(2, 7, (UnitStatus(1, 0, 0),)), "ExtendedObjectStatus.records"),
        (ObjectStatus(2, (UnitStatus(1, 256, 0),)), "UnitStatus.state"),
    ],
)
def test_status_messages_that_do_not_fit_are_refused_by_name(wrong: MessageRecord, field: str) -> None:
    with pytest.raises(LocalProtocolError, match=field.replace(".", r"\.")):
        wrong.encode()


@given(words=st.binary(max_size=252).filter(lambda data: len(data) % 2 == 0))
def test_event_notifications_are_words(words: bytes) -> None:
    parsed = OtherEventNotifications.parse(words)
    assert len(parsed.events) == len(words) // 2
    assert parsed.encode() == words
    with pytest.raises(RemoteProtocolError) as caught:
        OtherEventNotifications.parse(words + b"\0")
    assert caught.value.fault is Fault.BAD_PAYLOAD


def test_a_number_without_a_name_stays_a_number() -> None:
    assert member_or_number(ObjectType, 5) is ObjectType.AREA
    assert member_or_number(ObjectType, 77) == 77
    assert type(member_or_number(ObjectType, 77)) is int
