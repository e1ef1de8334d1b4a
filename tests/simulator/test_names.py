"""Names and voice names of the emulated panel: reading, writing, clearing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import Message
from omnilink_sansio.objects import (
    NAME_TYPES,
    ClearNames,
    ClearVoiceNames,
    NameData,
    NameFilter,
    NameType,
    ObjectProperties,
    ObjectType,
    Phrase,
    ReadName,
    ReadVoiceName,
    RequestObjectProperties,
    VoiceNameData,
    WriteName,
    WriteVoiceName,
    write_name,
    write_voice_name,
)
from omnilink_sansio.simulator import Button, House, Unit, Zone
from omnilink_sansio.system import Ack, EndOfData, Nak
from tests.rows import each_row
from tests.simulator.driver import Driver

# Of each kind of name: the object type, the bytes of its field and how many an Omni Pro II has (omni-link-2.md,
# section 13).
NAMES = {
    1: (1, 16, 176),
    2: (2, 13, 511),
    3: (3, 13, 128),
    4: (4, 13, 99),
    5: (5, 13, 8),
    6: (6, 13, 64),
    7: (7, 16, 128),
    8: (13, 16, 25),
    9: (14, 16, 16),
}


def online(house: House | None = None) -> Driver:
    driver = Driver(house)
    driver.connect()
    return driver


def all_names(driver: Driver, kind: int) -> dict[int, str]:
    found: dict[int, str] = {}
    index = 0
    while (reply := driver.ask(ReadName(kind, index))) is not None:
        assert reply.name_type == kind
        assert reply.index > index
        index = reply.index
        found[index] = reply.name
    return found


def all_voice_names(driver: Driver, kind: int) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    index = 0
    while (reply := driver.ask(ReadVoiceName(kind, index))) is not None:
        assert reply.name_type == kind
        assert reply.index > index
        index = reply.index
        found[index] = reply.phrases
    return found


DEMO = {
    1: [
        "FRONT DOOR",
        "BACK DOOR",
        "KITCHEN WINDOW",
        "HALL MOTION",
        "SMOKE UPSTAIRS",
        "GARAGE DOOR",
        "CELLAR WATER",
    ],
    2: ["PORCH", "HALL", "KITCHEN", "BEDROOM", "SPRINKLER", "HOLIDAY"],
    3: ["GOOD NIGHT", "LIGHTS ON"],
    4: ["OWNER", "CLEANER"],
    5: ["HOUSE", "GARAGE"],
    6: ["DOWNSTAIRS", "UPSTAIRS"],
    7: ["CALL HOME", "WASHING IS DONE"],
    8: ["WAKE UP", "PORCH LEVEL"],
    9: ["GARDEN GATE"],
}


@each_row("kind", NAMES)
def test_the_names_of_each_kind_are_read_one_after_the_other(kind: int) -> None:
    driver = online()
    assert list(all_names(driver, kind).values()) == DEMO[kind]
    # The kinds from 8 on are not object types.
    assert all_names(online(House()), kind) == {}


def test_a_name_is_told_byte_for_byte() -> None:
    driver = online(House(units={3: Unit("HALL")}, zones={1: Zone("FIFTEEN CHARS O")}))
    reply = driver.exchange(ReadName(2, 0))
    assert reply == Message(0x0E, bytes.fromhex("02 0003") + b"HALL" + bytes(9))
    reply = driver.exchange(ReadName(1, 0))
    assert reply == Message(0x0E, bytes.fromhex("01 0001") + b"FIFTEEN CHARS O\0")
    assert driver.reply(ReadName(2, 3)) == EndOfData()
    # READ_NAME finds what comes after a number, named or not itself.
    assert driver.ask(ReadName(2, 2)) == NameData(2, 3, b"HALL" + bytes(9))


@pytest.mark.parametrize("kind", [0, 10, 11, 13, 14, 255])
def test_kinds_of_names_that_there_are_not_are_refused(kind: int) -> None:
    driver = online()
    for request in (
        ReadName(kind),
        ReadVoiceName(kind),
        WriteName(kind, 1, b"A" + bytes(15)),
        WriteName(kind, 1, b"A" + bytes(12)),
        WriteVoiceName(kind, 1, (Phrase(0),) * 7),
    ):
        assert driver.reply(request) == Nak()


@each_row(("kind", "row"), NAMES.items())
def test_a_written_name_is_read_back_and_is_in_the_properties(kind: int, row: tuple[int, int, int]) -> None:
    object_type, width, last = row
    driver = online()
    longest = "LONGEST NAME OF ALL"[: width - 1]
    for index, name in [(1, "NEW"), (last, longest)]:
        assert driver.reply(WriteName(kind, index, name.encode().ljust(width, b"\0"))) == Ack()
        assert all_names(driver, kind)[index] == name
        properties = driver.ask(RequestObjectProperties(object_type, index))
        assert isinstance(properties, ObjectProperties)
        assert properties.name == name
    named = driver.ask(RequestObjectProperties(object_type, last - 1, 1, NameFilter.NAMED))
    assert isinstance(named, ObjectProperties)
    assert named.index == last
    # An empty name takes the name away.
    assert driver.reply(WriteName(kind, last, bytes(width))) == Ack()
    assert last not in all_names(driver, kind)
    driver.house.check()


@each_row(("kind", "row"), NAMES.items())
def test_names_that_do_not_fit_are_refused_and_leave_no_trace(kind: int, row: tuple[int, int, int]) -> None:
    _, width, last = row
    driver = online()
    before = repr(driver.house)
    right = b"NEW".ljust(width, b"\0")
    for index in (0, last + 1, 0xFFFF):
        assert driver.reply(WriteName(kind, index, right)) == Nak()
    # The field goes out at its full width and has a terminating zero (20P00 §WRITE NAME).
    for wrong in (b"", right[:-1], right + b"\0", b"A" * width, b"NEW\0"):
        for index in (1, last):
            assert driver.reply(WriteName(kind, index, wrong)) == Nak()
    assert repr(driver.house) == before
    assert list(all_names(driver, kind).values()) == DEMO[kind]


def test_a_name_ends_at_its_first_zero_and_has_any_8_bit_characters() -> None:
    driver = online()
    assert driver.reply(WriteName(3, 1, b"K\xfcche\0JUNK\xff\xff\xff")) == Ack()
    assert all_names(driver, 3)[1] == "Küche"
    assert driver.exchange(ReadName(3, 0)).data == bytes.fromhex("03 0001") + b"K\xfcche" + bytes(8)


@given(kind=st.sampled_from(sorted(NAMES)), data=st.binary(max_size=20), index=st.integers(0, 0xFFFF))
def test_no_written_name_breaks_the_house(kind: int, data: bytes, index: int) -> None:
    driver = online()
    assert driver.reply(WriteName(kind, index, data)) in (Ack(), Nak())
    driver.house.check()
    assert driver.is_online()
    all_names(driver, kind)


def test_all_names_of_all_kinds_are_cleared_at_once() -> None:
    driver = online()
    assert driver.reply(ClearNames()) == Ack()
    assert {kind: all_names(driver, kind) for kind in NAMES} == {kind: {} for kind in NAMES}
    # The objects themselves stay as they were.
    assert driver.house.units[2].state == 160
    assert driver.house.codes[1].digits is not None
    driver.ask(write_name(ObjectType.USER_SETTING, 1, "AGAIN"))
    assert all_names(driver, 8) == {1: "AGAIN"}


# Voice names.


@each_row(("kind", "row"), NAMES.items())
def test_a_written_voice_name_is_read_back(kind: int, row: tuple[int, int, int]) -> None:
    driver = online()
    last = row[2]
    assert all_voice_names(driver, kind) == {}
    driver.ask(write_voice_name(NAME_TYPES[NameType(kind)][0], last, [1, 2, 3, 4, 5, 0xFFFF]))
    driver.ask(write_voice_name(NAME_TYPES[NameType(kind)][0], 2, [300]))
    assert all_voice_names(driver, kind) == {2: (300,), last: (1, 2, 3, 4, 5, 0xFFFF)}
    # An empty one takes it away.
    driver.ask(write_voice_name(NAME_TYPES[NameType(kind)][0], 2, []))
    assert all_voice_names(driver, kind) == {last: (1, 2, 3, 4, 5, 0xFFFF)}
    other = kind % 9 + 1
    assert all_voice_names(driver, other) == {}


def test_a_voice_name_is_told_byte_for_byte() -> None:
    driver = online()
    written = bytes.fromhex("02 0003 0102 0001 0000 0000 0000 0000 0000")
    assert driver.exchange(Message(0x10, written)) == Message(0x01)
    assert driver.exchange(Message(0x11, bytes.fromhex("02 0000 01"))) == Message(0x12, written)
    assert driver.exchange(Message(0x11, bytes.fromhex("02 0003 01"))) == Message(0x03)


def test_a_voice_name_ends_at_its_first_zero() -> None:
    driver = online()
    phrases = tuple(Phrase(number) for number in (7, 0, 9, 9, 9, 9, 9))
    assert driver.reply(WriteVoiceName(1, 1, phrases)) == Ack()
    reply = driver.ask(ReadVoiceName(1))
    assert isinstance(reply, VoiceNameData)
    assert reply.phrases == (7,)
    assert len(reply.raw_phrases) == 7


def test_voice_names_that_are_none_are_refused() -> None:
    driver = online()
    for index in (0, 177, 0xFFFF):
        assert driver.reply(WriteVoiceName(1, index, (Phrase(1), *[Phrase(0)] * 6))) == Nak()
    # Always seven numbers, the last being the end: six phrases are the most (20P00 §WRITE VOICE NAME).
    for phrases in ((), (Phrase(0),) * 6, (Phrase(0),) * 8, (Phrase(1),) * 7):
        assert driver.reply(WriteVoiceName(1, 1, phrases)) == Nak()
    assert all_voice_names(driver, 1) == {}


def test_all_voice_names_are_cleared_and_no_other_names() -> None:
    house = House(
        buttons={1: Button("A")}, voice_names={(NameType.BUTTON, 1): (1,), (NameType.ZONE, 9): (2, 3)}
    )
    driver = online(house)
    assert all_voice_names(driver, 1) == {9: (2, 3)}
    driver.ask(ClearVoiceNames())
    assert [all_voice_names(driver, kind) for kind in NAMES] == [{}] * 9
    assert all_names(driver, 3) == {1: "A"}


def test_clearing_the_names_leaves_the_voice_names() -> None:
    driver = online(House(voice_names={(NameType.ZONE, 9): (2, 3)}))
    driver.ask(ClearNames())
    assert all_voice_names(driver, 1) == {9: (2, 3)}
