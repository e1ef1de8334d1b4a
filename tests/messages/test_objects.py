"""Objects against the protocol's tables: kinds and their forms, layouts and names."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import NotRequired, TypedDict, final, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import Fault, RemoteProtocolError
from omnilink_sansio.messages.record import Record
from omnilink_sansio.objects import (
    OBJECT_TYPE_TO_PROPERTIES,
    OBJECT_TYPE_TO_STATUS,
    OBJECT_TYPES,
    ExtendedObjectStatus,
    ObjectForms,
    ObjectProperties,
    ObjectStatus,
    ObjectStatusRecord,
    ObjectType,
    UnknownProperties,
    parse_properties,
)
from tests.rows import each_row

_TABLES = Path(__file__).parent.parent / "tables"


class ObjectTypeRow(TypedDict):
    """One kind of object."""

    value: int
    name: str
    max_name_length: int | None
    filters: list[str]
    capacity_request: bool
    properties: bool
    status_record: int | None
    extended_status_record: int | None
    status_notification: bool
    min_firmware: NotRequired[str]


class LayoutField(TypedDict):
    """One field of a layout."""

    offset: int
    size: int
    name: str


class ObjectLayout(TypedDict):
    """Where the fields of one kind's properties or status record are."""

    object_type: int
    name: str
    fields: list[LayoutField]


@final
class PropertiesLayout(ObjectLayout):
    """The payload of one kind's properties, from the object type's byte on."""

    data_bytes: int
    not_in_text: NotRequired[list[LayoutField]]


@final
class StatusLayout(ObjectLayout):
    """One kind's status record."""

    length: int
    extended_length: NotRequired[int]
    extended_fields: NotRequired[list[LayoutField]]


def _text(name: str) -> str:
    return (_TABLES / f"{name}.json").read_text(encoding="utf-8")


OBJECT_TYPE_ROWS: list[ObjectTypeRow] = json.loads(_text("object_types"))
PROPERTIES_LAYOUTS: list[PropertiesLayout] = json.loads(_text("properties_layouts"))
STATUS_LAYOUTS: list[StatusLayout] = json.loads(_text("status_records"))

ROW_OF = {row["value"]: row for row in OBJECT_TYPE_ROWS}
NAMES_IN_TABLE = {
    "number": "index",
    "name": "raw_name",
    "unlock_seconds_left": "seconds_left",
    "fan_mode": "fan",
}
"""Where the tables have another name for a field than the records."""

# What only later firmware sends (20P00 §APPENDIX D; what is not in the text), and so is optional.
LATER_PROPERTIES: Mapping[int, int] = {
    ObjectType.THERMOSTAT: 24,
    ObjectType.UNIT: 20,
    ObjectType.MESSAGE: 19,
}

EVERY_ROW = each_row("row", OBJECT_TYPE_ROWS, ids=[row["name"] for row in OBJECT_TYPE_ROWS])
EVERY_PROPERTIES = each_row("table", PROPERTIES_LAYOUTS, ids=[row["name"] for row in PROPERTIES_LAYOUTS])
EVERY_STATUS = each_row("table", STATUS_LAYOUTS, ids=[row["name"] for row in STATUS_LAYOUTS])


# Kinds of objects and their forms.


def test_kinds_of_objects_are_those_of_the_protocol_table() -> None:
    assert {kind.name: kind.value for kind in ObjectType} == {
        row["name"]: row["value"] for row in OBJECT_TYPE_ROWS
    }
    assert list(OBJECT_TYPES) == list(ObjectType)


def _version(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    major, minor = text.split(".")
    return int(major), int(minor)


@EVERY_ROW
def test_a_kind_has_exactly_the_forms_that_the_protocol_table_marks(row: ObjectTypeRow) -> None:
    assert OBJECT_TYPES[row["value"]] == ObjectForms(
        properties=row["properties"],
        status_record=row["status_record"],
        extended_record=row["extended_status_record"],
        # Not in the table: real units are known to send two bytes more (real-panels.md).
        known_tail=2 if row["name"] == "UNIT" else 0,
        area_filter="AREA" in row["filters"],
        room_filter="ROOM" in row["filters"],
        notified=row["status_notification"],
        capacity=row["capacity_request"],
        min_firmware=_version(row.get("min_firmware")),
    )


@EVERY_ROW
def test_a_kind_has_exactly_the_records_that_the_protocol_table_marks(row: ObjectTypeRow) -> None:
    kind = ObjectType(row["value"])
    assert (kind in OBJECT_TYPE_TO_PROPERTIES) == row["properties"]
    assert (kind in OBJECT_TYPE_TO_STATUS) == (row["status_record"] is not None)
    if row["properties"]:
        assert OBJECT_TYPE_TO_PROPERTIES[kind].OBJECT_TYPE is kind
    if row["status_record"] is not None:
        assert OBJECT_TYPE_TO_STATUS[kind].OBJECT_TYPE is kind


def test_no_records_are_offered_for_kinds_that_the_protocol_does_not_have() -> None:
    assert set(OBJECT_TYPE_TO_PROPERTIES) == {row["object_type"] for row in PROPERTIES_LAYOUTS}
    assert set(OBJECT_TYPE_TO_STATUS) == {row["object_type"] for row in STATUS_LAYOUTS}
    assert len(set(OBJECT_TYPE_TO_PROPERTIES.values())) == len(OBJECT_TYPE_TO_PROPERTIES)
    assert len(set(OBJECT_TYPE_TO_STATUS.values())) == len(OBJECT_TYPE_TO_STATUS)


def _with_an_object_type(kind: type[Record]) -> set[type[Record]]:
    kinds = {child for child in kind.__subclasses__() if "_layout" in vars(child)}
    return kinds.union(*(_with_an_object_type(child) for child in kind.__subclasses__()))


def test_every_record_of_an_object_is_in_the_tables() -> None:
    assert _with_an_object_type(ObjectProperties) == set(OBJECT_TYPE_TO_PROPERTIES.values())
    assert _with_an_object_type(ObjectStatusRecord) == set(OBJECT_TYPE_TO_STATUS.values())


# Layouts: bytes 0, 1, 2, ... show where each field is read.


def _every_field(table: PropertiesLayout | StatusLayout) -> list[LayoutField]:
    if "length" in table:
        return [*table["fields"], *table.get("extended_fields", ())]
    return [*table["fields"], *table.get("not_in_text", ())]


def _expected(
    table: PropertiesLayout | StatusLayout, payload: bytes, index_at: int = 0
) -> Mapping[str, object]:
    expected: dict[str, object] = {"index": int.from_bytes(payload[index_at : index_at + 2], "big")}
    for field in _every_field(table):
        end = field["offset"] + field["size"]
        if end <= len(payload):
            name = NAMES_IN_TABLE.get(field["name"], field["name"])
            value = payload[field["offset"] : end]
            expected[name] = value if name == "raw_name" else int.from_bytes(value, "big")
    return expected


def _values(record: Record) -> dict[str, object]:
    names = [name for name in get_type_hints(type(record)) if name in type(record).__slots__]
    return {name: getattr(record, name) for name in names}


def _check_fields(record: Record, expected: Mapping[str, object], tail: bytes) -> None:
    absent = {name: None for name in _values(record) if name not in expected}
    assert _values(record) == {**absent, **expected, "tail": tail}


def _all_sizes(table: PropertiesLayout | StatusLayout) -> list[int]:
    """Return how long a payload is on older and on newer firmware."""
    longest = max(field["offset"] + field["size"] for field in _every_field(table))
    if "length" in table:
        return sorted({table["length"], longest})
    return sorted({LATER_PROPERTIES.get(table["object_type"], longest), longest})


@EVERY_PROPERTIES
def test_properties_are_read_where_the_protocol_table_says(table: PropertiesLayout) -> None:
    kind = OBJECT_TYPE_TO_PROPERTIES[table["object_type"]]
    assert table["data_bytes"] in _all_sizes(table)
    for size in _all_sizes(table):
        for tail in (b"", b"later"):
            if tail and size != _all_sizes(table)[-1]:
                continue
            payload = bytes((table["object_type"], *range(1, size)))
            record = kind.parse(payload + tail)
            _check_fields(record, _expected(table, payload, 1), tail)
            assert record.encode() == payload + tail


@EVERY_STATUS
def test_status_records_are_read_where_the_protocol_table_says(table: StatusLayout) -> None:
    kind = OBJECT_TYPE_TO_STATUS[table["object_type"]]
    for size in _all_sizes(table):
        for tail in (b"", b"later"):
            if tail and size != _all_sizes(table)[-1]:
                continue
            payload = bytes(range(size))
            record = kind.parse(payload + tail)
            _check_fields(record, _expected(table, payload), tail)
            assert record.encode() == payload + tail


@EVERY_STATUS
def test_records_are_as_long_as_both_protocol_tables_say(table: StatusLayout) -> None:
    row = ROW_OF[table["object_type"]]
    ends = [field["offset"] + field["size"] for field in _every_field(table)]
    assert row["status_record"] == table["length"]
    assert row["extended_status_record"] == max(ends) == table.get("extended_length", table["length"])


@EVERY_PROPERTIES
def test_properties_that_are_too_short_are_refused(table: PropertiesLayout) -> None:
    kind = OBJECT_TYPE_TO_PROPERTIES[table["object_type"]]
    shortest = _all_sizes(table)[0]
    for length in range(shortest):
        payload = bytes((table["object_type"], *bytes(shortest)))[:length]
        with pytest.raises(RemoteProtocolError, match=kind.__name__) as caught:
            kind.parse(payload)
        assert (caught.value.fault, caught.value.offset) == (Fault.BAD_PAYLOAD, length)
        if payload:
            with pytest.raises(RemoteProtocolError, match=kind.__name__):
                parse_properties(payload)


@EVERY_STATUS
def test_status_records_that_are_too_short_are_refused(table: StatusLayout) -> None:
    kind = OBJECT_TYPE_TO_STATUS[table["object_type"]]
    for length in range(table["length"]):
        with pytest.raises(RemoteProtocolError, match=kind.__name__) as caught:
            kind.parse(bytes(length))
        assert (caught.value.fault, caught.value.offset) == (Fault.BAD_PAYLOAD, length)


# What is drawn serves every kind, cut to its size: drawing anew for each takes longer than all else.


@given(drawn=st.binary(min_size=100, max_size=100), more=st.integers(0, 41))
def test_properties_come_back_with_whatever_follows_them(drawn: bytes, more: int) -> None:
    for table in PROPERTIES_LAYOUTS:
        size = _all_sizes(table)[0] + more
        assert size <= 1 + len(drawn)
        payload = bytes((table["object_type"],)) + drawn[: size - 1]
        record = parse_properties(payload)
        assert type(record) is OBJECT_TYPE_TO_PROPERTIES[table["object_type"]]
        assert record.encode() == payload, table["name"]
        assert type(record).parse(record.encode()) == record, table["name"]


_EIGHT_RECORDS = st.lists(st.binary(min_size=40, max_size=40), max_size=8)


@given(plain=_EIGHT_RECORDS, extended=_EIGHT_RECORDS, more=st.integers(0, 20))
def test_status_comes_back_in_both_messages(plain: list[bytes], extended: list[bytes], more: int) -> None:
    for table in STATUS_LAYOUTS:
        kind, length = table["object_type"], table["length"]
        for message, head, size, drawn in (
            (ObjectStatus, bytes((kind,)), length, plain),
            (ExtendedObjectStatus, bytes((kind, length + more)), length + more, extended),
        ):
            assert size <= 40
            records = [item[:size] for item in drawn]
            payload = head + b"".join(records)
            parsed = message.parse(payload)
            assert parsed.encode() == payload, table["name"]
            assert all(type(item) is OBJECT_TYPE_TO_STATUS[kind] for item in parsed.records), table["name"]
            assert [item.encode() for item in parsed.records] == records, table["name"]
            assert [item.index for item in parsed.records] == [
                struct.unpack_from(">H", item)[0] for item in records
            ], table["name"]


@each_row("object_type", sorted(set(range(256)) - set(OBJECT_TYPE_TO_PROPERTIES)))
def test_properties_of_a_kind_without_a_layout_are_kept_whole(object_type: int) -> None:
    for rest in (b"", b"\0\1", b"\0\1NAME\0"):
        record = parse_properties(bytes((object_type,)) + rest)
        assert record == UnknownProperties(bytes((object_type,)) + rest)
        assert record.encode() == bytes((object_type,)) + rest


# Names.


@EVERY_PROPERTIES
def test_names_are_as_long_as_the_protocol_table_says(table: PropertiesLayout) -> None:
    (width,) = [field["size"] for field in table["fields"] if field["name"] == "name"]
    longest = ROW_OF[table["object_type"]]["max_name_length"]
    assert longest is not None
    assert width == longest + 1
    kind = OBJECT_TYPE_TO_PROPERTIES[table["object_type"]]
    assert len(kind.parse(bytes((table["object_type"], *bytes(60)))).raw_name) == width


def test_every_kind_with_a_name_has_properties_and_a_filter_for_it() -> None:
    for row in OBJECT_TYPE_ROWS:
        assert (row["max_name_length"] is not None) == row["properties"] == ("NAME" in row["filters"])


@given(
    drawn=st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=15),
    junk=st.binary(min_size=15, max_size=15),
)
def test_a_name_is_the_8_bit_characters_before_the_first_zero(drawn: str, junk: bytes) -> None:
    for table in PROPERTIES_LAYOUTS:
        (field,) = [field for field in table["fields"] if field["name"] == "name"]
        width = field["size"]
        assert width <= 16
        text = drawn[: width - 1]
        raw = (text.encode("latin-1") + b"\0" + junk)[:width]
        payload = bytearray((table["object_type"], *bytes(table["data_bytes"] - 1)))
        payload[field["offset"] : field["offset"] + width] = raw
        record = parse_properties(bytes(payload))
        assert isinstance(record, ObjectProperties)
        assert record.name == text, table["name"]
        assert record.raw_name == raw, table["name"]


@EVERY_PROPERTIES
@each_row("filler", [b"\0", b"\xff"], ids=["zeros", "erased memory"])
def test_an_empty_field_is_no_name(table: PropertiesLayout, filler: bytes) -> None:
    record = parse_properties(bytes((table["object_type"],)) + filler * (table["data_bytes"] - 1))
    assert isinstance(record, ObjectProperties)
    assert record.name == ""
