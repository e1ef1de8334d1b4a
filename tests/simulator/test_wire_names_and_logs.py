"""Names, the event log, audio sources, programs, codes and zones on the wire, byte by byte."""

import pytest

from omnilink_sansio import UserCode
from omnilink_sansio.simulator import Area, AudioSource, Code, House, Zone
from tests.rows import each_row
from tests.simulator.plain_client import PlainClient
from tests.simulator.wire import ACK, END, NAK, Wire


def online(house: House | None = None) -> PlainClient:
    return Wire(house).online()


def wired(house: House | None = None) -> tuple[Wire, PlainClient]:
    wire = Wire(house)
    return wire, wire.online()


@pytest.fixture(scope="module")
def reader() -> PlainClient:
    """A client of the demo house for tests that change nothing."""
    return online()


# Names.

_NAME_TYPES = {1: 16, 2: 13, 3: 13, 4: 13, 5: 13, 6: 13, 7: 16, 8: 16, 9: 16}


@each_row(("kind", "width"), _NAME_TYPES.items())
def test_names_are_written_read_and_cleared_in_fields_of_full_width(kind: int, width: int) -> None:
    client = online(House())
    longest = b"ABCDEFGHIJKLMNO"[: width - 1] + b"\0"
    assert client.ask(b"\x0c" + bytes((kind, 0, 2)) + longest) == ACK
    assert client.ask(b"\x0c" + bytes((kind, 0, 1)) + b"ONE".ljust(width, b"\0")) == ACK
    first = client.ask(bytes((0x0D, kind, 0, 0, 1)))
    assert first == bytes((0x0E, kind, 0, 1)) + b"ONE".ljust(width, b"\0")
    assert client.ask(bytes((0x0D, kind, 0, 1, 1))) == bytes((0x0E, kind, 0, 2)) + longest
    assert client.ask(bytes((0x0D, kind, 0, 2, 1))) == END
    assert client.ask(bytes((0x0D, kind, 255, 255, 1))) == END
    assert client.ask("0B") == ACK
    assert client.ask(bytes((0x0D, kind, 0, 0, 1))) == END


def _walk_names(client: PlainClient, kind: int) -> list[int]:
    index, found = 0, []
    while (reply := client.ask(bytes((0x0D, kind)) + index.to_bytes(2, "big") + b"\1")) != END:
        assert reply[:2] == bytes((0x0E, kind))
        assert len(reply) == 4 + _NAME_TYPES[kind]
        index = int.from_bytes(reply[2:4], "big")
        found.append(index)
    return found


def test_a_walk_through_the_names_brings_the_named_ones_only(reader: PlainClient) -> None:
    assert {kind: _walk_names(reader, kind) for kind in _NAME_TYPES} == {
        1: [1, 2, 3, 4, 5, 6, 7],
        2: [1, 2, 3, 4, 257, 393],
        3: [1, 2],
        4: [1, 2],
        5: [1, 2],
        6: [1, 2],
        7: [1, 2],
        8: [1, 2],
        9: [1],
    }


def test_a_name_that_is_written_is_in_the_properties_up_to_its_zero() -> None:
    client = online()
    assert client.ask(b"\x0c\1\0\1" + b"NEW\0" + b"\xff" * 12) == ACK
    assert client.ask("0D 01 0000 01") == b"\x0e\1\0\1" + b"NEW".ljust(16, b"\0")
    assert client.ask("20 01 0001 00 00 00 00")[9:] == b"NEW".ljust(16, b"\0")
    assert client.ask(b"\x0c\1\0\1" + bytes(16)) == ACK
    assert client.ask("0D 01 0000 01")[2:4] == b"\0\2"


@each_row("kind", _NAME_TYPES)
def test_voice_names_always_have_14_bytes(kind: int) -> None:
    client = online()
    head = bytes((kind, 0, 1))
    three, six = (
        bytes.fromhex("0001 0203 FFFF") + bytes(8),
        bytes.fromhex("0001 0002 0003 0004 0005 0006 0000"),
    )
    assert client.ask(bytes((0x11, kind, 0, 0, 1))) == END
    assert client.ask(b"\x10" + head + three) == ACK
    assert client.ask(bytes((0x11, kind, 0, 0, 1))) == b"\x12" + head + three
    assert client.ask(b"\x10" + head + six) == ACK
    assert client.ask(bytes((0x11, kind, 0, 0, 1))) == b"\x12" + head + six
    assert client.ask(bytes((0x11, kind, 0, 1, 1))) == END
    assert client.ask("0F") == ACK
    assert client.ask(bytes((0x11, kind, 0, 0, 1))) == END
    # The names themselves stay.
    assert client.ask(bytes((0x0D, kind, 0, 0, 1)))[0] == 0x0E


# The event log.


def test_the_event_log_is_walked_both_ways() -> None:
    wire, client = wired()
    for both in ("24 0000 01", "24 0000 FF", "24 0000 00", "24 0001 00"):
        assert client.ask(both) == END
    assert client.ask("14 04 01 0003") == ACK
    wire.advance(60)
    assert client.ask("14 05 02 0003") == ACK
    bypassed = bytes.fromhex("25 0001 01 0B15 0800 04 01 0003")
    restored = bytes.fromhex("25 0002 01 0B15 0801 05 02 0003")
    assert client.ask("24 0000 01") == client.ask("24 0001 00") == client.ask("24 0002 FF") == bypassed
    assert client.ask("24 0000 FF") == client.ask("24 0002 00") == client.ask("24 0001 01") == restored
    for beyond in ("24 0001 FF", "24 0002 01", "24 0003 00", "24 0003 01", "24 FFFF 00"):
        assert client.ask(beyond) == END


def test_an_event_of_a_panel_without_a_clock_has_no_valid_time() -> None:
    client = online(House(clock=None))
    client.ask("14 04 01 0003")
    assert client.ask("24 0000 FF") == bytes.fromhex("25 0001 00 0000 0000 04 01 0003")


def test_the_log_drops_its_oldest_and_goes_on_counting() -> None:
    client = online()
    for _ in range(260):
        client.ask("14 04 01 0003")
    assert client.ask("24 0000 FF")[1:3] == b"\1\4"
    # An Omni Pro II keeps 250.
    assert client.ask("24 0000 01")[1:3] == b"\0\x0b"
    assert client.ask("24 000B FF") == END


# Audio.


def test_the_fields_of_an_audio_source_are_walked_by_position() -> None:
    sources = {1: AudioSource("RADIO", [(1, "98.5 FM"), (2, "NEWS")], sequence=7), 2: AudioSource("TAPE")}
    wire, client = wired(House(audio_sources=sources))
    first = bytes.fromhex("31 0001 07 01 01") + b"98.5 FM\0"
    second = bytes.fromhex("31 0001 07 02 02") + b"NEWS\0"
    assert client.ask("30 0001 00") == client.ask("30 0001 01") == first
    assert client.ask("30 0001 02") == second
    for position in ("03", "06", "07", "FF"):
        assert client.ask("30 0001" + position) == END
    # A source that shows nothing, and one that there is but nobody described.
    assert client.ask("30 0002 00") == client.ask("30 0008 00") == END
    wire.happens("source 1 plays OTHER")
    changed = client.ask("30 0001 00")
    assert changed[:3] == b"\x31\0\1"
    assert changed[3] != 7
    assert changed[4] == 1
    assert changed[6:] == b"OTHER\0"
    assert client.ask("30 0001 02") == END


# Programs.


def test_programs_are_read_by_slot_or_one_after_the_other() -> None:
    client = online()
    body = bytes(range(1, 15))
    assert client.ask("09 0000 01") == client.ask("09 0005 00") == END
    for slot in (b"\0\5", b"\5\xdc"):
        assert client.ask(b"\x08" + slot + body) == ACK
    assert client.ask("09 0005 00") == client.ask("09 0000 01") == b"\x0a\0\5" + body
    assert client.ask("09 0005 01") == client.ask("09 05DC 00") == b"\x0a\5\xdc" + body
    assert client.ask("09 05DC 01") == client.ask("09 0006 00") == END
    for slot in (b"\0\0", b"\5\xdd"):
        assert client.ask(b"\x08" + slot + body) == NAK
    assert client.ask(b"\x08\0\5" + bytes(14)) == ACK
    assert client.ask("09 0005 00") == END
    assert client.ask("07") == ACK
    assert client.ask("09 0000 01") == END


# Codes.


def test_codes_are_validated_in_their_areas() -> None:
    client = online()
    assert client.ask("26 01 01020304") == bytes.fromhex("27 01 01")
    assert client.ask("26 02 01020304") == bytes.fromhex("27 01 01")
    assert client.ask("26 01 00000402") == bytes.fromhex("27 02 03")
    assert client.ask("26 02 00000402") == bytes.fromhex("27 00 00")
    assert client.ask("26 01 09090909") == bytes.fromhex("27 00 00")


def test_the_duress_code_is_number_251_of_a_user() -> None:
    client = online(House(areas={1: Area("HOUSE")}, duress_code=UserCode("0911")))
    assert client.ask("26 01 00090101") == bytes.fromhex("27 FB 03")


def test_too_many_wrong_codes_lock_the_right_one_out() -> None:
    house = House(areas={1: Area("HOUSE")}, codes={1: Code("OWNER", UserCode("1234"))})
    wire, client = wired(house)
    for _ in range(3):
        assert client.ask("26 01 09090909") == bytes.fromhex("27 00 00")
    assert client.ask("26 01 01020304") == bytes.fromhex("27 00 00")
    assert client.ask("4A 01 03 01020304") == bytes.fromhex("4B 06")
    wire.advance(house.lock_out)
    assert client.ask("26 01 01020304")[1] == 1


@pytest.mark.parametrize(
    ("message", "response"),
    [
        ("4A 01 03 01020304", 0),
        ("4A 01 00 01020304", 0),
        ("4A 01 03 09090909", 1),
        ("4A 01 07 01020304", 2),
        ("4A 00 03 01020304", 3),
        ("4A 09 03 01020304", 3),
    ],
)
def test_the_security_command_says_what_was_wrong(message: str, response: int) -> None:
    assert online().ask(message) == bytes((0x4B, response))


def test_arming_by_the_number_of_a_code() -> None:
    client = online()
    assert client.ask("14 33 01 0001") == ACK
    # Mode 3 with bit 3 while the exit delay of 60 s runs.
    assert client.ask("22 05 0001 0001") == bytes.fromhex("23 05 0001 0B 00 00 3C")
    assert client.ask("14 30 01 0001") == ACK
    assert client.ask("22 05 0001 0001") == bytes.fromhex("23 05 0001 00 00 00 00")


# What a zone says.


@pytest.mark.parametrize(
    ("happenings", "status"),
    [
        ((), 0x00),
        (("open zone 1",), 0x01),
        (("zone 1 trouble",), 0x42),
        (("zone 1 trouble", "close zone 1"), 0x40),
    ],
)
def test_the_bits_of_a_zone(happenings: tuple[str, ...], status: int) -> None:
    wire, client = wired(House(zones={1: Zone("DOOR")}, areas={1: Area("HOUSE")}))
    for text in happenings:
        wire.happens(text)
    assert client.ask("22 01 0001 0001")[4] == status
    assert client.ask("3C 00") == ACK
    assert client.ask("22 01 0001 0001")[4] == status & ~0x40
    assert client.ask("14 04 01 0001") == ACK
    assert client.ask("22 01 0001 0001")[4] == status & ~0x40 | 0x20
