"""Object status messages: records of one kind, of a length that the kind or the message tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import Fault, LocalProtocolError, MessageRecord, RemoteProtocolError
from omnilink_sansio.messages.record import Record
from omnilink_sansio.objects import (
    OBJECT_TYPES,
    ExtendedObjectStatus,
    ObjectStatus,
    ObjectType,
    ThermostatStatus,
    UnitStatus,
    UnknownStatus,
)
from tests.rows import each_row

_PLAIN = {
    ObjectType(kind): forms.status_record
    for kind, forms in OBJECT_TYPES.items()
    if forms.status_record is not None
}


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


@given(kind=st.sampled_from([0, 3, 4, 9, 12, 16, 99, 255]), length=st.integers(2, 40), data=st.data())
def test_extended_status_of_an_unknown_kind_is_numbers_and_bytes(
    kind: int, length: int, data: st.DataObject
) -> None:
    records = data.draw(st.lists(st.binary(min_size=length, max_size=length), max_size=6))
    payload = bytes((kind, length)) + b"".join(records)
    parsed = ExtendedObjectStatus.parse(payload)
    assert parsed.records == tuple(
        UnknownStatus(int.from_bytes(item[:2], "big"), item[2:]) for item in records
    )
    assert parsed.encode() == payload


@pytest.mark.parametrize("length", [0, 1])
def test_extended_records_of_an_unknown_kind_have_a_number_at_least(length: int) -> None:
    with pytest.raises(RemoteProtocolError, match="UnknownStatus") as caught:
        ExtendedObjectStatus.parse(bytes((99, length, 0, 0)))
    assert caught.value.fault is Fault.BAD_PAYLOAD


@each_row(
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
