"""Programs of the emulated panel: up, down and cleared, as raw bodies of 14 bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import Message
from omnilink_sansio.programs import ClearPrograms, DownloadProgram, ProgramData, UploadProgram
from omnilink_sansio.simulator import House
from omnilink_sansio.system import Ack, EndOfData, Nak
from tests.simulator.driver import Driver

# omni-link-2.md, section 21: an EVENT program that turns unit 1 on for five minutes.
BODY = bytes.fromhex("02 0C00 0000 01 69 0100 00 00 00 00 00")
OTHER = bytes(range(1, 15))


def online(programs: dict[int, bytes] | None = None) -> Driver:
    driver = Driver(House(programs=programs or {}))
    driver.connect()
    return driver


def walk(driver: Driver) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    slot = 0
    while (reply := driver.ask(UploadProgram(slot, 1))) is not None:
        assert reply.slot > slot
        slot = reply.slot
        found[slot] = reply.body
    return found


def test_a_new_panel_has_no_programs() -> None:
    driver = online()
    for slot, direction in [(0, 0), (0, 1), (1, 0), (1500, 1), (0xFFFF, 0)]:
        assert driver.reply(UploadProgram(slot, direction)) == EndOfData()


def test_a_program_goes_down_and_up_byte_for_byte() -> None:
    driver = online()
    written = bytes.fromhex("0007") + BODY
    assert driver.exchange(Message(0x08, written)) == Message(0x01)
    assert driver.exchange(Message(0x09, bytes.fromhex("0007 00"))) == Message(0x0A, written)
    assert driver.exchange(Message(0x09, bytes.fromhex("0000 01"))) == Message(0x0A, written)
    assert driver.exchange(Message(0x09, bytes.fromhex("0007 01"))) == Message(0x03)


def test_this_slot_and_the_next_defined_one() -> None:
    driver = online({3: BODY, 1500: OTHER, 20: OTHER})
    assert driver.ask(UploadProgram(3, 0)) == ProgramData(3, BODY)
    assert driver.reply(UploadProgram(4, 0)) == EndOfData()
    assert driver.ask(UploadProgram(4, 1)) == ProgramData(20, OTHER)
    assert walk(driver) == {3: BODY, 20: OTHER, 1500: OTHER}


@pytest.mark.parametrize("direction", [2, 127, 255])
def test_other_directions_are_refused(direction: int) -> None:
    assert online({1: BODY}).reply(UploadProgram(0, direction)) == Nak()


def test_a_body_of_zeros_clears_its_slot() -> None:
    driver = online({1: BODY, 2: OTHER})
    assert driver.reply(DownloadProgram(1, bytes(14))) == Ack()
    assert driver.reply(UploadProgram(1, 0)) == EndOfData()
    assert walk(driver) == {2: OTHER}
    # Clearing an empty slot is no fault.
    assert driver.reply(DownloadProgram(1, bytes(14))) == Ack()


def test_a_program_takes_the_place_of_the_one_before() -> None:
    driver = online({1: BODY})
    driver.ask(DownloadProgram(1, OTHER))
    assert walk(driver) == {1: OTHER}


@pytest.mark.parametrize(
    ("slot", "taken"), [(0, False), (1, True), (1500, True), (1501, False), (0xFFFF, False)]
)
def test_an_omni_pro_ii_has_slots_1_to_1500(slot: int, taken: bool) -> None:
    driver = online()
    for body in (BODY, bytes(14)):
        assert driver.reply(DownloadProgram(slot, body)) == (Ack() if taken else Nak())


def test_all_programs_are_cleared() -> None:
    driver = online({1: BODY, 1500: OTHER})
    assert driver.reply(ClearPrograms()) == Ack()
    assert walk(driver) == {}
    assert driver.reply(ClearPrograms()) == Ack()


@given(programs=st.dictionaries(st.integers(1, 1500), st.binary(min_size=14, max_size=14), max_size=5))
def test_what_was_written_is_read_back(programs: dict[int, bytes]) -> None:
    driver = online()
    for slot, body in programs.items():
        driver.ask(DownloadProgram(slot, body))
    assert walk(driver) == {slot: body for slot, body in sorted(programs.items()) if any(body)}
