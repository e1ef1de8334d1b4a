"""Capacities, properties and status on the wire, with the sizes of the vendor's tables (20P00)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from omnilink_sansio.simulator import MODELS, House, Quirk
from tests.rows import each_row
from tests.simulator.plain_client import PlainClient
from tests.simulator.wire import END, NAK, Wire


class Kind(NamedTuple):
    """What the vendor's tables say of one object type, all in bytes."""

    name_at: int | None
    """Offset of the name field in the properties; None: no properties."""
    name: int
    """Width of the name field with its zero."""
    properties: int
    """DATA bytes of the properties; of units and messages with the areas that real panels add."""
    record: int
    """One status record; 0: no status."""
    extended: int
    most: int
    """Objects of an Omni Pro II."""


KINDS = {
    1: Kind(8, 16, 24, 4, 4, 176),
    2: Kind(7, 13, 21, 5, 5, 511),
    3: Kind(3, 13, 16, 0, 0, 128),
    4: Kind(3, 13, 16, 0, 0, 99),
    5: Kind(10, 13, 23, 6, 6, 8),
    6: Kind(11, 13, 29, 9, 14, 64),
    7: Kind(3, 16, 20, 3, 3, 128),
    8: Kind(8, 16, 24, 6, 6, 176),
    9: Kind(3, 13, 16, 0, 0, 8),
    10: Kind(7, 13, 20, 6, 6, 8),
    11: Kind(None, 0, 0, 4, 4, 8),
    12: Kind(None, 0, 0, 0, 0, 16),
    13: Kind(6, 16, 22, 5, 5, 25),
    14: Kind(8, 16, 24, 4, 4, 16),
    15: Kind(None, 0, 0, 5, 5, 16),
}
WITH_PROPERTIES = [number for number, kind in KINDS.items() if kind.name_at is not None]
WITH_STATUS = [number for number, kind in KINDS.items() if kind.record]
PLAIN, EXTENDED = 0x22, 0x3A
FORMS = pytest.mark.parametrize("request_type", [PLAIN, EXTENDED], ids=["plain", "extended"])

DESCRIBED = {1: 7, 2: 6, 3: 2, 4: 2, 5: 2, 6: 2, 7: 2, 8: 2, 9: 2, 10: 2, 13: 2, 14: 1}
"""How many objects of each type the demo house names."""


@pytest.fixture(scope="module")
def client() -> PlainClient:
    """A client for tests that change nothing, of the demo house on an Omni Pro II of firmware 4.0b."""
    return Wire().online()


def ask_range(client: PlainClient, request_type: int, kind: int, first: int, last: int) -> bytes:
    return client.ask(bytes((request_type, kind)) + first.to_bytes(2, "big") + last.to_bytes(2, "big"))


def records(reply: bytes, request_type: int, kind: int) -> dict[int, bytes]:
    """Cut a status reply into its records, as its sizes are printed, in the order in which they came."""
    size = KINDS[kind].extended if request_type == EXTENDED else KINDS[kind].record
    head = bytes((request_type + 1, kind)) + (bytes((size,)) if request_type == EXTENDED else b"")
    assert reply.startswith(head)
    body = reply[len(head) :]
    assert len(body) % size == 0
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    found = {int.from_bytes(piece[:2], "big"): piece for piece in pieces}
    assert len(found) == len(pieces)
    return found


def properties(
    client: PlainClient, kind: int, index: int, direction: int, filters: tuple[int, int, int] = (0, 0, 0)
) -> bytes:
    return client.ask(bytes((0x20, kind)) + index.to_bytes(2, "big") + bytes((direction, *filters)))


def walk(
    client: PlainClient, kind: int, direction: int, filters: tuple[int, int, int], begin: int = 0
) -> Iterator[bytes]:
    """Yield the properties that a walk brings, to the END_OF_DATA that must end it."""
    index = begin
    while (reply := properties(client, kind, index, direction, filters)) != END:
        assert reply[:2] == bytes((0x21, kind))
        found = int.from_bytes(reply[2:4], "big")
        assert found > index if direction == 1 else found < index
        index = found
        yield reply[1:]


# Capacities.


@each_row("kind", KINDS)
def test_capacities_of_an_omni_pro_ii(client: PlainClient, kind: int) -> None:
    wanted = bytes((0x1F, kind)) + KINDS[kind].most.to_bytes(2, "big")
    assert client.ask(bytes((0x1E, kind))) == (NAK if kind == 15 else wanted)


@pytest.mark.parametrize("kind", [0, 16, 17, 128, 255])
def test_unknown_types_have_no_capacity(client: PlainClient, kind: int) -> None:
    assert client.ask(bytes((0x1E, kind))) == NAK


_NAMES = {
    "zone": 1,
    "unit": 2,
    "button": 3,
    "code": 4,
    "area_names": 5,
    "thermostat": 6,
    "message": 7,
    "user_setting": 13,
    "access_control_reader": 14,
}
_MODEL_ROWS = json.loads((Path(__file__).parents[1] / "tables" / "models.json").read_text("utf-8"))
PRINTED = {row["number"]: row["capacities"] for row in _MODEL_ROWS if row["capacities"]}


@each_row("model", MODELS, ids=lambda model: model.name)
def test_every_model_has_a_capacity_for_every_type_with_objects(model: int) -> None:
    house = House(next(each for each in MODELS if each == model))
    client = Wire(house).online()
    newer = () if house.firmware >= (3, 0, 0) else (13, 14)
    for kind in range(1, 15):
        reply = client.ask(bytes((0x1E, kind)))
        if kind in newer:
            assert reply == NAK
            continue
        assert reply[:2] == bytes((0x1F, kind))
        assert len(reply) == 4
    for name, number in PRINTED.get(model, {}).items():
        # No row of the table of names says how many areas an Omni LT has.
        if not (name == "area_names" and number == 0):
            wanted = bytes((0x1F, _NAMES[name])) + number.to_bytes(2, "big")
            assert client.ask(bytes((0x1E, _NAMES[name]))) == wanted


def test_the_capacity_of_sensors_is_refused_by_the_panels_that_do() -> None:
    client = Wire(House(quirks=frozenset({Quirk.NO_SENSOR_CAPACITY}))).online()
    assert client.ask("1E 08") == NAK
    assert client.ask("1E 01") == bytes.fromhex("1F 01 00B0")


# Properties.


@each_row("kind", WITH_PROPERTIES)
def test_the_properties_of_every_object_have_the_printed_size_and_name_field(
    client: PlainClient, kind: int
) -> None:
    row = KINDS[kind]
    assert row.name_at is not None
    for index in range(1, row.most + 1):
        reply = properties(client, kind, index, 0)
        assert reply[:4] == bytes((0x21, kind)) + index.to_bytes(2, "big")
        data = reply[1:]
        assert len(data) == row.properties
        name = data[row.name_at : row.name_at + row.name]
        text, zero, rest = name.partition(b"\0")
        assert zero, "a name ends with a zero inside its field"
        assert not any(rest)
        assert all(0x20 <= character < 0x7F for character in text)


@each_row(
    ("kind", "index", "wanted"),
    [
        (1, 1, "00 5A 00 01 00" + b"FRONT DOOR".ljust(16, b"\0").hex()),
        (1, 3, "01 A8 01 01 00" + b"KITCHEN WINDOW".ljust(16, b"\0").hex()),
        (1, 8, "00 5A 01 01 00" + bytes(16).hex()),
        (2, 2, "A0 0000 04" + b"HALL".ljust(13, b"\0").hex() + "FF"),
        (2, 393, "00 0000 0C" + b"HOLIDAY".ljust(13, b"\0").hex() + "FF"),
        (3, 1, b"GOOD NIGHT".ljust(13, b"\0").hex()),
        (4, 2, b"CLEANER".ljust(13, b"\0").hex()),
        (5, 2, "00 00 00 00 01 1E 1E" + b"GARAGE".ljust(13, b"\0").hex()),
        (5, 3, "00 00 00 00 00 3C 1E" + bytes(13).hex()),
        (7, 2, b"WASHING IS DONE\0".hex() + "FF"),
        (9, 1, b"RADIO".ljust(13, b"\0").hex()),
        (10, 1, "01 01 1E 00" + b"LIVING ROOM".ljust(13, b"\0").hex()),
        (13, 1, "06 062D" + b"WAKE UP".ljust(16, b"\0").hex()),
        (14, 1, "00 0000 00 01" + b"GARDEN GATE".ljust(16, b"\0").hex()),
    ],
)
def test_properties_byte_by_byte(client: PlainClient, kind: int, index: int, wanted: str) -> None:
    head = bytes((0x21, kind)) + index.to_bytes(2, "big")
    assert properties(client, kind, index, 0) == head + bytes.fromhex(wanted)


@pytest.mark.parametrize("direction", [0, 1, 255])
def test_types_without_properties_are_refused(client: PlainClient, direction: int) -> None:
    for kind in range(256):
        if kind not in WITH_PROPERTIES:
            assert properties(client, kind, 1, direction) == NAK, kind


@each_row("kind", WITH_PROPERTIES)
def test_other_directions_are_refused(client: PlainClient, kind: int) -> None:
    for direction in range(2, 255):
        assert properties(client, kind, 1, direction) == NAK, direction


@each_row("kind", WITH_PROPERTIES)
def test_an_object_that_does_not_exist_is_the_end_of_data(client: PlainClient, kind: int) -> None:
    most = KINDS[kind].most
    for index in (0, most + 1, 511 if most < 511 else 512, 0xFFFF):
        assert properties(client, kind, index, 0) == END
    for index in (most, most + 1, 0xFFFF):
        assert properties(client, kind, index, 1) == END
    for index in (0, 1):
        assert properties(client, kind, index, 255) == END
    assert int.from_bytes(properties(client, kind, 0xFFFF, 255)[2:4], "big") == most


@each_row("kind", WITH_PROPERTIES)
@each_row("direction", [1, 255], ids=["up", "down"])
def test_a_walk_brings_every_object_once_and_ends_with_end_of_data(
    client: PlainClient, kind: int, direction: int
) -> None:
    most, begin = KINDS[kind].most, 0 if direction == 1 else KINDS[kind].most + 1
    every = range(1, most + 1)[:: 1 if direction == 1 else -1]
    found = {by: list(walk(client, kind, direction, (by, 0, 0), begin)) for by in (0, 1, 2)}
    numbers = {by: [int.from_bytes(each[1:3], "big") for each in list_] for by, list_ in found.items()}
    assert numbers[0] == list(every)
    assert len(numbers[1]) == DESCRIBED[kind]
    # Named and unnamed are all, in the same order.
    assert [n for n in numbers[0] if n not in numbers[1]] == numbers[2]
    assert all(each[KINDS[kind].name_at or 0] for each in found[1])
    assert not any(each[KINDS[kind].name_at or 0] for each in found[2])


AREA_FILTER, ROOM_FILTER = (1, 2, 3, 4, 6, 7, 8), (2,)


@each_row("kind", WITH_PROPERTIES)
@each_row("direction", [1, 255], ids=["up", "down"])
@each_row("filters", [(1, 0, 0), (1, 1, 0), (1, 2, 0), (1, 0xFF, 0), (1, 0, 9), (1, 0, 254), (1, 0, 255)])
def test_a_walk_with_any_filter_ends_with_end_of_data(
    client: PlainClient, kind: int, direction: int, filters: tuple[int, int, int]
) -> None:
    begin = 0 if direction == 1 else KINDS[kind].most + 1
    found = [int.from_bytes(each[1:3], "big") for each in walk(client, kind, direction, filters, begin)]
    # Filters that a type does not honour change nothing (section 7 of the description).
    heeded = filters[1] if kind in AREA_FILTER else 0, filters[2] if kind in ROOM_FILTER else 0
    named = sorted(found)
    everything = _named(client, kind)
    if heeded == (0, 0):
        assert named == everything
    assert set(named) <= set(everything)


def _named(client: PlainClient, kind: int) -> list[int]:
    return [int.from_bytes(each[1:3], "big") for each in walk(client, kind, 1, (1, 0, 0))]


@each_row(
    ("kind", "filters", "wanted"),
    [
        (1, (1, 0b01, 0), [1, 2, 3, 4, 5, 7]),
        (1, (1, 0b10, 0), [6]),
        (1, (1, 0b11, 0), [1, 2, 3, 4, 5, 6, 7]),
        (1, (1, 0x80, 0), []),
        (4, (1, 0b10, 0), [1]),
        (2, (1, 0, 254), []),
        (2, (1, 0, 255), [1, 2, 3, 4, 257, 393]),
        (2, (1, 0, 1), []),
    ],
)
def test_filters_choose(
    client: PlainClient, kind: int, filters: tuple[int, int, int], wanted: list[int]
) -> None:
    assert [int.from_bytes(each[1:3], "big") for each in walk(client, kind, 1, filters)] == wanted


def test_a_house_without_a_thing_in_it_ends_every_walk_at_once() -> None:
    client = Wire(House()).online()
    for kind in WITH_PROPERTIES:
        assert properties(client, kind, 0, 1, (1, 0, 0)) == END
        assert properties(client, kind, 0xFFFF, 255, (1, 0, 0)) == END


def test_a_type_that_the_model_has_none_of_ends_its_walk_at_once() -> None:
    house = House(next(model for model in MODELS if model == 38))
    client = Wire(house).online()
    for kind in (13, 14):
        assert client.ask(bytes((0x1E, kind))) == bytes((0x1F, kind, 0, 0))
        for direction, begin in ((1, 0), (255, 511), (0, 1)):
            for by in (0, 1, 2):
                assert properties(client, kind, begin, direction, (by, 0, 0)) == END


# Status.


@FORMS
@each_row("kind", WITH_STATUS)
def test_one_record_of_every_type_has_the_printed_size(
    client: PlainClient, request_type: int, kind: int
) -> None:
    for index in (1, KINDS[kind].most):
        reply = ask_range(client, request_type, kind, index, index)
        assert list(records(reply, request_type, kind)) == [index]


@FORMS
@each_row("kind", WITH_STATUS)
def test_every_number_of_a_range_is_in_the_reply_in_order_for_the_longest_range_that_fits(
    client: PlainClient, request_type: int, kind: int
) -> None:
    row = KINDS[kind]
    size, head = (row.extended, 3) if request_type == EXTENDED else (row.record, 2)
    fits = (255 - head) // size
    most = min(fits, row.most)
    assert list(records(ask_range(client, request_type, kind, 1, most), request_type, kind)) == list(
        range(1, most + 1)
    )
    if fits < row.most:
        assert ask_range(client, request_type, kind, 1, fits + 1) == NAK
        last = ask_range(client, request_type, kind, row.most - fits + 1, row.most)
        assert list(records(last, request_type, kind)) == list(range(row.most - fits + 1, row.most + 1))


@FORMS
@each_row("kind", WITH_STATUS)
def test_26_at_a_time_beginning_with_the_last_again(
    client: PlainClient, request_type: int, kind: int
) -> None:
    most, first = KINDS[kind].most, 1
    found: dict[int, bytes] = {}
    # 26 extended records of a thermostat do not fit: clients take 18 there.
    at_once = 18 if (request_type, kind) == (EXTENDED, 6) else 26
    while first < most:
        last = min(first + at_once - 1, most)
        chunk = records(ask_range(client, request_type, kind, first, last), request_type, kind)
        assert list(chunk) == list(range(first, last + 1))
        assert all(found.get(number, record) == record for number, record in chunk.items())
        found |= chunk
        first = last
    assert list(found) == list(range(1, most + 1))


def test_26_extended_thermostats_do_not_fit(client: PlainClient) -> None:
    assert client.ask("3A 06 0001 001A") == NAK
    assert client.ask("22 06 0001 001A")[:2] == b"\x23\6"


@FORMS
def test_50_zones_make_203_bytes_which_the_quiet_panels_still_send(request_type: int) -> None:
    client = Wire(House(quirks=frozenset({Quirk.SILENT_LONG_STATUS}))).online()
    counted = {PLAIN: 202, EXTENDED: 203}[request_type]
    # Type and data; the length byte counts both.
    assert len(ask_range(client, request_type, 1, 1, 50)) == counted
    assert len(ask_range(client, EXTENDED, 2, 1, 40)) == 203


@FORMS
@each_row("kind", WITH_STATUS)
def test_ranges_that_make_no_sense_are_refused(client: PlainClient, request_type: int, kind: int) -> None:
    most = KINDS[kind].most
    for first, last in (
        (0, 0),
        (0, 1),
        (2, 1),
        (most, 1),
        (most, most + 1),
        (most + 1, most + 1),
        (1, 0xFFFF),
    ):
        assert ask_range(client, request_type, kind, first, last) == NAK


@FORMS
def test_types_without_status_are_refused(client: PlainClient, request_type: int) -> None:
    for kind in range(256):
        if kind not in WITH_STATUS:
            assert ask_range(client, request_type, kind, 1, 1) == NAK, kind


def test_extended_status_is_refused_before_firmware_3() -> None:
    client = Wire(House(firmware=(2, 16, 2))).online()
    for kind in WITH_STATUS:
        assert ask_range(client, EXTENDED, kind, 1, 1) == NAK
        # Settings, readers and locks came with firmware 3.0, too.
        plain = ask_range(client, PLAIN, kind, 1, 1)
        assert plain == NAK if kind >= 13 else list(records(plain, PLAIN, kind)) == [1]


@each_row(
    ("request_text", "wanted"),
    [
        ("22 01 0001 0003", "23 01  0001 00 5A  0002 00 5A  0003 01 A8"),
        ("3A 01 0002 0003", "3B 01 04  0002 00 5A  0003 01 A8"),
        ("22 02 0001 0003", "23 02  0001 00 0000  0002 A0 0000  0003 01 0000"),
        ("3A 02 0002 0002", "3B 02 05  0002 A0 0000"),
        ("22 05 0001 0002", "23 05  0001 00 00 00 00  0002 00 00 00 00"),
        ("3A 05 0008 0008", "3B 05 06  0008 00 00 00 00"),
        ("22 07 0001 0003", "23 07  0001 00  0002 01  0003 00"),
        ("3A 07 0002 0002", "3B 07 03  0002 01"),
        ("22 0A 0001 0002", "23 0A  0001 01 01 1E 00  0002 00 01 1E 00"),
        ("3A 0A 0001 0001", "3B 0A 06  0001 01 01 1E 00"),
        ("22 0D 0001 0003", "23 0D  0001 06 062D  0002 08 0028  0003 00 0000"),
        ("3A 0D 0001 0001", "3B 0D 05  0001 06 062D"),
        ("22 0E 0001 0001", "23 0E  0001 00 01"),
        ("3A 0E 0001 0001", "3B 0E 04  0001 00 01"),
        ("22 0F 0001 0001", "23 0F  0001 00 0000"),
        ("3A 0F 0001 0001", "3B 0F 05  0001 00 0000"),
    ],
)
def test_status_byte_by_byte(client: PlainClient, request_text: str, wanted: str) -> None:
    assert client.ask(request_text) == bytes.fromhex(wanted)


def test_an_extended_record_begins_with_the_plain_one(client: PlainClient) -> None:
    for kind in WITH_STATUS:
        plain = records(ask_range(client, PLAIN, kind, 1, 2), PLAIN, kind)
        extended = records(ask_range(client, EXTENDED, kind, 1, 2), EXTENDED, kind)
        assert all(extended[index].startswith(plain[index]) for index in (1, 2))


def test_records_and_properties_tell_the_same(client: PlainClient) -> None:
    zone, unit = properties(client, 1, 3, 0), properties(client, 2, 2, 0)
    assert ask_range(client, PLAIN, 1, 3, 3)[4:] == zone[4:6]
    assert ask_range(client, PLAIN, 2, 2, 2)[4:] == unit[4:7]
    thermostat = properties(client, 6, 1, 0)
    # Number and status byte; then temperature to hold, and the five newer bytes at the end of both.
    extended = ask_range(client, EXTENDED, 6, 1, 1)
    assert extended[6:12] == thermostat[5:11]
    assert extended[12:] == thermostat[25:]
