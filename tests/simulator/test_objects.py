"""The emulated panel's properties and states of every kind of object, byte for byte, and walks through them."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import Message
from omnilink_sansio.objects import (
    NameFilter,
    ObjectProperties,
    ObjectStatusRecord,
    RelativeDirection,
    RequestExtendedObjectStatus,
    RequestObjectProperties,
    RequestObjectStatus,
)
from omnilink_sansio.simulator import (
    AudioSource,
    AudioZone,
    AuxiliarySensor,
    Code,
    ConsoleMessage,
    Enclosure,
    House,
    HouseObject,
    Reader,
    UserSetting,
    demo_house,
)
from omnilink_sansio.system import EndOfData, Nak, RequestObjectTypeCapacities
from tests.rows import each_row
from tests.simulator.driver import Driver

THIS, NEXT, PREVIOUS = RelativeDirection.THIS, RelativeDirection.NEXT, RelativeDirection.PREVIOUS


def online(house: House | None = None) -> Driver:
    driver = Driver(house)
    driver.connect()
    return driver


def field(text: str, width: int) -> str:
    """A name in its field, as hex digits."""
    return text.encode().ljust(width, b"\0").hex()


# omni-link-2.md, section 9, with the values of the demo house. 21.5 °C is (21.5 + 40) * 2 = 0x7B.
PROPERTIES = [
    (1, 3, "01 0003 01 A8 01 01 00" + field("KITCHEN WINDOW", 16)),
    (1, 6, "01 0006 00 5A 01 02 00" + field("GARAGE DOOR", 16)),
    (2, 2, "02 0002 A0 0000 04" + field("HALL", 13) + "FF"),
    (2, 393, "02 0189 00 0000 0C" + field("HOLIDAY", 13) + "FF"),
    (3, 2, "03 0002" + field("LIGHTS ON", 13)),
    (4, 2, "04 0002" + field("CLEANER", 13)),
    (5, 2, "05 0002 00 00 00 00 01 1E 1E" + field("GARAGE", 13)),
    (5, 3, "05 0003 00 00 00 00 00 3C 1E" + field("", 13)),
    (6, 1, "06 0001 01 7B 78 82 03 00 00 01" + field("DOWNSTAIRS", 13) + "5A 00 00 5E 00"),
    (6, 2, "06 0002 01 76 79 82 01 00 00 03" + field("UPSTAIRS", 13) + "5F 00 00 5E 01"),
    (7, 2, "07 0002" + field("WASHING IS DONE", 16) + "FF"),
    (8, 170, "08 00AA 00 68 00 00 52" + field("CELLAR", 16)),
    # 55 % is (55 + 40) / 0.9 = 105.6, rounded 106.
    (8, 171, "08 00AB 00 6A 00 00 54" + field("BATHROOM", 16)),
    (9, 1, "09 0001" + field("RADIO", 13)),
    (10, 1, "0A 0001 01 01 1E 00" + field("LIVING ROOM", 13)),
    (13, 1, "0D 0001 06 062D" + field("WAKE UP", 16)),
    (13, 2, "0D 0002 08 0028" + field("PORCH LEVEL", 16)),
    (14, 1, "0E 0001 00 0000 00 01" + field("GARDEN GATE", 16)),
]


@each_row(("kind", "index", "data"), PROPERTIES, ids=[f"{kind}-{i}" for kind, i, _ in PROPERTIES])
def test_properties_are_byte_for_byte_those_of_the_description(kind: int, index: int, data: str) -> None:
    reply = online().exchange(RequestObjectProperties(kind, index))
    assert reply == Message(0x21, bytes.fromhex(data))


STATUS = [
    (1, 3, "0003 01 A8", ""),
    (2, 2, "0002 A0 0000", ""),
    (5, 2, "0002 00 00 00 00", ""),
    (6, 2, "0002 00 76 79 82 01 00 00", "5F 00 00 5E 01"),
    (7, 2, "0002 01", ""),
    (8, 171, "00AB 00 6A 00 00", ""),
    (10, 1, "0001 01 01 1E 00", ""),
    (11, 1, "0001 00 D5", ""),
    (13, 1, "0001 06 062D", ""),
    (14, 1, "0001 00 01", ""),
    (15, 1, "0001 00 0000", ""),
]


@each_row(("kind", "index", "plain", "more"), STATUS, ids=[str(row[0]) for row in STATUS])
def test_states_are_byte_for_byte_those_of_the_description(
    kind: int, index: int, plain: str, more: str
) -> None:
    driver = online()
    record = bytes.fromhex(plain)
    reply = driver.exchange(RequestObjectStatus(kind, index, index))
    assert reply == Message(0x23, bytes((kind,)) + record)
    record += bytes.fromhex(more)
    reply = driver.exchange(RequestExtendedObjectStatus(kind, index, index))
    assert reply == Message(0x3B, bytes((kind, len(record))) + record)


# Without status: button, code, audio source, console. The plain and the extended size of the others.
SIZES = {1: (4, 4), 2: (5, 5), 5: (6, 6), 6: (9, 14), 7: (3, 3), 8: (6, 6), 10: (6, 6), 11: (4, 4)}
SIZES |= {13: (5, 5), 14: (4, 4), 15: (5, 5)}


@each_row("kind", range(1, 16))
def test_sizes_of_the_records_of_every_kind(kind: int) -> None:
    driver = online()
    plain = driver.exchange(RequestObjectStatus(kind, 1, 8))
    extended = driver.exchange(RequestExtendedObjectStatus(kind, 1, 8))
    if kind not in SIZES:
        assert plain == extended == Message(0x02)
        return
    assert (plain.type, plain.data[0], len(plain.data)) == (0x23, kind, 1 + 8 * SIZES[kind][0])
    assert (extended.type, *extended.data[:2]) == (0x3B, kind, SIZES[kind][1])
    assert len(extended.data) == 2 + 8 * SIZES[kind][1]
    for index in range(8):
        start = 2 + index * SIZES[kind][1]
        assert extended.data[start : start + 2] == bytes((0, index + 1))


# In DATA bytes; units and messages with the byte of areas that the field reports.
LENGTHS = {1: 24, 2: 21, 3: 16, 4: 16, 5: 23, 6: 29, 7: 20, 8: 24, 9: 16, 10: 20, 13: 22, 14: 24}


@each_row("kind", range(1, 16))
def test_lengths_of_the_properties_of_every_kind_named_or_not(kind: int) -> None:
    for house in (demo_house(), House()):
        reply = online(house).exchange(RequestObjectProperties(kind, 1))
        if kind in LENGTHS:
            assert (reply.type, len(reply.data), reply.data[:3]) == (0x21, LENGTHS[kind], bytes((kind, 0, 1)))
        else:
            # jomnilinkII: real controllers answer an error for enclosures and consoles.
            assert reply == Message(0x02)


@each_row("kind", range(1, 16))
def test_the_last_object_of_every_kind_has_a_state_and_the_one_behind_it_has_none(kind: int) -> None:
    driver = online(House())
    last = driver.house.capacity(kind)
    if kind == 15:
        # Locks have no capacity of their own: there is one for each reader.
        last = driver.house.capacity(14)
    for form in (RequestObjectStatus, RequestExtendedObjectStatus):
        if kind in SIZES:
            reply = driver.exchange(form(kind, last, last))
            assert reply.type in (0x23, 0x3B)
        assert driver.reply(form(kind, last, last + 1)) == Nak()
        assert driver.reply(form(kind, last + 1, last + 1)) == Nak()


@pytest.mark.parametrize("kind", [13, 14, 15])
def test_kinds_that_came_with_firmware_3_are_refused_before_it(kind: int) -> None:
    house = demo_house()
    house.firmware = (2, 16, 1)
    driver = online(house)
    assert driver.reply(RequestObjectTypeCapacities(kind)) == Nak()
    assert driver.reply(RequestObjectProperties(kind, 0, NEXT)) == Nak()
    assert driver.reply(RequestObjectStatus(kind, 1, 1)) == Nak()


# Walks.


def walk(
    driver: Driver, kind: int, direction: RelativeDirection, start: int, name: int = 0, area: int = 0
) -> list[int]:
    found: list[int] = []
    index = start
    while True:
        properties = driver.ask(RequestObjectProperties(kind, index, direction, name, area))
        if properties is None:
            return found
        assert isinstance(properties, ObjectProperties)
        found.append(properties.index)
        index = properties.index


DEMO = {
    1: [1, 2, 3, 4, 5, 6, 7],
    2: [1, 2, 3, 4, 257, 393],
    3: [1, 2],
    4: [1, 2],
    5: [1, 2],
    6: [1, 2],
    7: [1, 2],
    8: [170, 171],
    9: [1, 2],
    10: [1, 2],
    13: [1, 2],
    14: [1],
}


@each_row("kind", DEMO)
def test_the_named_objects_of_the_demo_house_are_found_in_both_directions(kind: int) -> None:
    driver = online()
    assert walk(driver, kind, NEXT, 0, NameFilter.NAMED) == DEMO[kind]
    assert walk(driver, kind, PREVIOUS, 0xFFFF, NameFilter.NAMED) == DEMO[kind][::-1]
    last = driver.house.capacity(kind)
    unnamed = [index for index in range(1, last + 1) if index not in DEMO[kind]]
    assert walk(driver, kind, NEXT, 0, NameFilter.UNNAMED) == unnamed
    assert walk(driver, kind, PREVIOUS, last + 1, NameFilter.UNNAMED) == unnamed[::-1]


_O = TypeVar("_O", bound=HouseObject)


def _three(kind: Callable[..., _O]) -> dict[int, _O]:
    return {1: kind("A", area_bits=0b1), 2: kind("B", area_bits=0b110), 3: kind("C", area_bits=0x80)}


def _of_areas() -> House:
    return House(
        codes=_three(Code),
        messages=_three(ConsoleMessage),
        sensors=_three(AuxiliarySensor),
        audio_sources=_three(AudioSource),
        audio_zones=_three(AudioZone),
        user_settings=_three(UserSetting),
        readers=_three(Reader),
    )


AREAS = {0: [1, 2, 3], 0b1: [1], 0b10: [2], 0b100: [2], 0b101: [1, 2], 0x80: [3], 0b1000: [], 0xFF: [1, 2, 3]}


@each_row("kind", [4, 7, 8])
@each_row("area", AREAS)
def test_kinds_with_an_area_filter_are_narrowed_by_it_bit_0_is_area_1(kind: int, area: int) -> None:
    driver = online(_of_areas())
    assert walk(driver, kind, NEXT, 0, NameFilter.NAMED, area) == AREAS[area]
    assert walk(driver, kind, PREVIOUS, 4, NameFilter.NAMED, area) == AREAS[area][::-1]


@each_row("kind", [9, 10, 13, 14])
@each_row("area", AREAS)
def test_kinds_without_an_area_filter_ignore_it(kind: int, area: int) -> None:
    driver = online(_of_areas())
    assert walk(driver, kind, NEXT, 0, NameFilter.NAMED, area) == [1, 2, 3]


def test_no_walk_ends_or_begins_beyond_the_capacity() -> None:
    driver = online()
    for kind in DEMO:
        last = driver.house.capacity(kind)
        assert driver.reply(RequestObjectProperties(kind, last, NEXT)) == EndOfData()
        assert driver.reply(RequestObjectProperties(kind, 0xFFFF, NEXT)) == EndOfData()
        for before in (0, 1):
            assert driver.reply(RequestObjectProperties(kind, before, PREVIOUS)) == EndOfData()


def test_enclosures_and_locks_are_read_by_status_alone() -> None:
    house = House(
        enclosures={2: Enclosure(communications=1, battery=0x99)},
        readers={3: Reader("A", denied=True, last_user=7)},
    )
    driver = online(house)
    assert driver.exchange(RequestObjectStatus(11, 1, 2)).data.hex() == "0b" + "000100d5" + "00020199"
    assert driver.exchange(RequestObjectStatus(14, 3, 3)).data.hex() == "0e" + "00030107"
    assert driver.exchange(RequestObjectStatus(15, 3, 3)).data.hex() == "0f" + "0003000000"
    house.readers[3].unlocked = True
    assert driver.exchange(RequestObjectStatus(15, 3, 3)).data.hex() == "0f" + "0003010000"
    assert driver.exchange(RequestObjectProperties(14, 3)).data[3:8].hex() == "0100000107"


@given(kind=st.sampled_from(sorted(SIZES)), data=st.data())
def test_plain_and_extended_status_tell_the_same(kind: int, data: st.DataObject) -> None:
    driver = online()
    last = driver.house.capacity(14 if kind == 15 else kind)
    index = data.draw(st.integers(1, last))
    (plain,) = driver.ask(RequestObjectStatus(kind, index, index)).records
    (extended,) = driver.ask(RequestExtendedObjectStatus(kind, index, index)).records
    assert isinstance(plain, ObjectStatusRecord)
    assert extended.encode()[: SIZES[kind][0]] == plain.encode()


def test_what_nobody_described_is_not_used_and_holds_nothing() -> None:
    driver = online(House())
    assert driver.exchange(RequestObjectStatus(13, 25, 25)).data.hex() == "0d" + "0019000000"
    thermostat = driver.exchange(RequestExtendedObjectStatus(6, 64, 64)).data[2:]
    # No temperature, mode, fan, hold, humidity or action; the set points alone are some.
    assert (thermostat[:4], thermostat[6:]) == (bytes((0, 64, 0, 0)), bytes(8))
    assert driver.exchange(RequestObjectProperties(6, 64)).data[10] == 0
