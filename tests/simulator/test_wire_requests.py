"""Every other request on the wire: its reply byte by byte, and an empty Nak for whatever is malformed."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from omnilink_sansio.simulator import MODELS, Area, House
from tests.rows import each_row
from tests.simulator.driver import still_house
from tests.simulator.plain_client import PlainClient
from tests.simulator.wire import ACK, NAK, Wire

_OPCODES = json.loads((Path(__file__).parents[1] / "tables" / "opcodes_v2.json").read_text("utf-8"))

REQUESTS = {
    0x0B: "",
    0x0C: "01 0001" + b"FRONT DOOR".ljust(16, b"\0").hex(),
    0x0D: "01 0000 01",
    0x0F: "",
    0x10: "01 0001" + "0001" + "0000" * 6,
    0x11: "01 0000 01",
    0x13: "1A 0B 15 06 08 00 00",
    0x14: "01 00 0001",
    0x15: "01",
    0x16: "",
    0x18: "",
    0x1A: "",
    0x1C: "",
    0x1E: "01",
    0x20: "01 0000 01 00 00 00",
    0x22: "01 0001 0002",
    0x24: "0000 FF",
    0x26: "01 01020304",
    0x28: "",
    0x2C: "01 01",
    0x2D: "",
    0x2F: "01 01 010203040506",
    0x30: "0001 00",
    0x38: "",
    0x3A: "01 0001 0002",
    0x3C: "01",
}
"""A well-formed one of every request that the vendor prints."""

LENGTHS = {
    row["value"]: row["length"]
    for row in _OPCODES
    if row["direction"] == "client->controller" and "20P00" in row["source"] and "not in" not in row["source"]
}
NEWER = {0x07: "", 0x08: "0001" + "00" * 14, 0x09: "0001 00", 0x4A: "01 03 01020304"}
"""The requests known from the field that the panel carries out."""


def online(house: House | None = None) -> PlainClient:
    return Wire(house).online()


def wired(house: House | None = None) -> tuple[Wire, PlainClient]:
    wire = Wire(house)
    return wire, wire.online()


@pytest.fixture(scope="module")
def reader() -> PlainClient:
    """A client of the demo house for tests that change nothing."""
    return online()


# What the panel tells of itself.


def test_system_information_has_29_data_bytes(reader: PlainClient) -> None:
    reply = reader.ask("16")
    assert reply == bytes.fromhex("17 10 04 00 02") + b"5551234" + bytes(18)
    assert len(reply) == 30


@each_row("model", MODELS, ids=lambda model: model.name)
def test_every_model_tells_its_number_and_firmware(model: int) -> None:
    house = House(next(each for each in MODELS if each == model), phone="1" * 24)
    reply = online(house).ask("16")
    # The longest number leaves the last of its 25 bytes to the zero.
    assert reply == bytes((0x17, model, house.firmware[0], house.firmware[1], house.firmware[2])) + (
        b"1" * 24 + b"\0"
    )


def test_a_prototype_has_a_negative_revision() -> None:
    assert online(House(firmware=(3, 1, -2))).ask("16")[1:5] == bytes.fromhex("10 03 01 FE")


def test_system_status_of_a_quiet_house_has_14_data_bytes(reader: PlainClient) -> None:
    # 21 November 2026 is a Saturday.
    assert reader.ask("18") == bytes.fromhex("19 01 1A0B15 06 080000 00 0629 1108 D5")


def test_system_status_lists_the_areas_in_alarm_only() -> None:
    wire, client = wired()
    wire.happens("alarm fire 2")
    assert client.ask("18")[15:] == bytes.fromhex("02 02")
    wire.happens("alarm burglary 1")
    wire.happens("alarm water 1")
    assert client.ask("18")[15:] == bytes.fromhex("01 21 02 02")


def test_a_clock_that_was_never_set_is_not_valid() -> None:
    assert online(House(clock=None)).ask("18")[1] == 0


@each_row(("day", "weekday"), [(2, 1), (3, 2), (4, 3), (5, 4), (6, 5), (7, 6), (8, 7)])
def test_monday_is_day_1_and_sunday_day_7(day: int, weekday: int) -> None:
    # 2 November 2026 is a Monday.
    house = House(clock=datetime(2026, 11, day, 8, 0))  # noqa: DTZ001 - a panel's clock knows no zone
    assert online(house).ask("18")[5] == weekday


def test_the_time_that_is_set_is_shown_and_goes_on() -> None:
    wire, client = wired()
    wire.advance(30)
    # 29 February 2028 is a Tuesday; there is no field for seconds.
    assert client.ask("13 1C 02 1D 02 17 3A 01") == ACK
    assert client.ask("18")[1:10] == bytes.fromhex("01 1C 02 1D 02 17 3A 00 01")
    wire.advance(121)
    assert client.ask("18")[1:10] == bytes.fromhex("01 1C 03 01 03 00 00 01 01")


@each_row(
    "wrong", ["64 01 01 01 00 00 00", "1A 00 01 01 00 00 00", "1A 0D 01 01 00 00 00", "1A 01 00 01 00 00 00",
              "1A 02 1E 01 00 00 00", "1A 01 01 01 18 00 00", "1A 01 01 01 00 3C 00"]
)  # fmt: skip
def test_a_time_that_there_is_not_is_refused_and_not_set(wrong: str) -> None:
    client = online()
    before = client.ask("18")
    assert client.ask("13" + wrong) == NAK
    assert client.ask("18") == before


@pytest.mark.parametrize(
    ("request_text", "wanted"),
    [("1A", "1B"), ("1C", "1D"), ("28", "29 01 01 01"), ("38", "39 20" + "00" * 21), ("2D", "02")],
)
def test_what_else_it_tells_of_itself(reader: PlainClient, request_text: str, wanted: str) -> None:
    assert reader.ask(request_text) == bytes.fromhex(wanted)


def test_troubles_come_and_go() -> None:
    wire, client = wired()
    wire.happens("begin trouble ac-power")
    wire.happens("begin trouble battery-low")
    assert sorted(client.ask("1A")[1:]) == [2, 3]
    wire.happens("end trouble ac-power")
    assert client.ask("1A") == bytes.fromhex("1B 02")


def test_a_connected_security_system_has_eight_partitions() -> None:
    client = online(House(partitions=[(1, 2), (3, 4)]))
    assert client.ask("2D") == bytes.fromhex("2E 0102 0304" + "0000" * 6)


@each_row("model", MODELS, ids=lambda model: model.name)
def test_zone_ready_has_a_bit_for_every_zone(model: int) -> None:
    house = House(next(each for each in MODELS if each == model), areas={1: Area("HOUSE")})
    wire, client = wired(house)
    zones = int.from_bytes(client.ask("1E 01")[2:], "big")
    wire.happens("open zone 1")
    wire.happens("open zone 8")
    wire.happens("open zone 9")
    reply = client.ask("38")
    assert reply == b"\x39" + (b"\x81\x80" + bytes(-(-zones // 8) - 2))
    wire.happens("close zone 1")
    assert client.ask("38")[:3] == b"\x39\x01\x80"


# Malformed.


def test_the_table_of_requests_is_the_vendors() -> None:
    assert REQUESTS.keys() == LENGTHS.keys()
    for kind, length in LENGTHS.items():
        if isinstance(length, int):
            assert len(bytes.fromhex(REQUESTS[kind])) + 1 == length


@each_row("kind", [*REQUESTS, *NEWER], ids=lambda kind: f"0x{kind:02X}")
def test_a_payload_that_is_too_short_or_too_long_is_refused_and_changes_nothing(kind: int) -> None:
    data = bytes.fromhex((REQUESTS | NEWER)[kind])
    house = still_house()
    house.partitions = [(1, 1)]
    client = online(house)
    before = _everything(client)
    for size in range(len(data)):
        assert client.ask(bytes((kind,)) + data[:size]) == NAK
    for extra in (b"\0", b"\1", bytes(16), b"\xff" * (254 - len(data))):
        assert client.ask(bytes((kind,)) + data + extra) == NAK
    assert _everything(client) == before


def _everything(client: PlainClient) -> list[bytes]:
    asked = (
        "18",
        "22 01 0001 000A",
        "22 02 0001 000A",
        "22 05 0001 0008",
        "24 0000 FF",
        "0D 01 0000 01",
        "38",
    )
    return [client.ask(text) for text in asked]


@each_row("kind", REQUESTS, ids=lambda kind: f"0x{kind:02X}")
def test_every_request_that_is_well_formed_gets_its_printed_reply(kind: int) -> None:
    house = still_house()
    house.partitions = [(1, 1)]
    replies = {row["value"]: row["reply"] for row in _OPCODES}
    names = {row["name"]: row["value"] for row in _OPCODES}
    reply = online(house).ask(bytes((kind,)) + bytes.fromhex(REQUESTS[kind]))
    printed = {names[name] for name in replies[kind]}
    # The log and the voice names are empty.
    assert reply[0] in printed | ({3} if kind in (0x11, 0x24) else set())


@pytest.mark.parametrize("data", [b"", b"\1", bytes(8)])
def test_unknown_message_types_and_replies_that_are_no_requests_are_refused(
    reader: PlainClient, data: bytes
) -> None:
    for kind in range(256):
        if kind not in REQUESTS and kind not in NEWER:
            assert reader.ask(bytes((kind,)) + data) == NAK, kind


def test_the_longest_message_is_read() -> None:
    client = online()
    assert client.ask(b"\xfe" + bytes(254)) == NAK
    assert client.ask("28") == bytes.fromhex("29 01 01 01")


@each_row(
    "refused",
    [
        "15 02",
        "15 FF",
        "2C 00 01",
        "2C 09 01",
        "2C 01 00",
        "2C 01 04",
        "3C 09",
        "2F 01 00 010203040506",
        "2F 01 09 010203040506",
        "14 01 00 0000",
        "14 01 00 0200",
        "14 01 64 0001",
        "14 01 C8 0001",
        "14 09 65 0000",
        "14 0B 00 0000",
        "14 30 01 0009",
        "14 31 01 0009",
        "14 04 01 0000",
        "14 04 01 00B1",
        "14 42 B5 0001",
        "14 44 05 0001",
        "14 45 03 0001",
        "14 50 00 0081",
        "14 56 00 0001",
        "14 69 00 0011",
        "14 70 04 0001",
        "14 71 65 0001",
        "14 72 09 0001",
        "14 07 00 0000",
        "14 07 00 0081",
        "14 3F 00 0000",
        "14 C8 00 0000",
        "14 FF 00 0000",
        "0D 00 0000 01",
        "0D 0A 0000 01",
        "11 00 0000 01",
        "11 0A 0000 01",
        "0C 00 0001" + "41" + "00" * 15,
        "0C 01 00B1" + "41" + "00" * 15,
        "0C 02 0001" + "41" + "00" * 15,
        "0C 01 0001" + "41" + "00" * 12,
        "0C 01 0000" + "41" + "00" * 15,
        "0C 01 0001" + "41" * 16,
        "0C 08 001A" + "41" + "00" * 15,
        "10 00 0001" + "00" * 14,
        "10 01 00B1" + "00" * 14,
        "10 01 0001" + "0001" * 7,
        "24 0000 02",
        "24 0001 80",
        "26 01 0A020304",
        "30 0009 00",
        "30 0000 00",
    ],
)
def test_what_is_impossible_is_refused(reader: PlainClient, refused: str) -> None:
    assert reader.ask(refused) == NAK
