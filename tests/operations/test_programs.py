"""All programs of a controller, or an error."""

import pytest

from omnilink_sansio import (
    CommandFailedError,
    Message,
    OmniConnectionError,
    OmniLinkError,
    RemoteProtocolError,
    Request,
    RequestTimeoutError,
)
from omnilink_sansio.operations import read_programs
from omnilink_sansio.programs import ProgramData, UploadProgram
from omnilink_sansio.simulator import House
from omnilink_sansio.system import EndOfData, Nak
from tests.operations.scripted import closes_at_each_step, errors_at_each_step, follow, run_on_house
from tests.simulator.driver import Driver

FIRST = bytes(range(14))
SECOND = bytes(range(100, 114))


def panel(request: Request[object]) -> Message:
    assert isinstance(request, UploadProgram)
    if request.slot < 1500:
        return ProgramData(1500 if request.slot else 1, FIRST).to_message()
    return EndOfData().to_message()


def test_defined_programs_are_asked_for_one_after_the_other() -> None:
    programs = follow(
        read_programs(),
        [
            (UploadProgram(0, 1), ProgramData(1, FIRST)),
            (UploadProgram(1, 1), ProgramData(1500, SECOND)),
            (UploadProgram(1500, 1), EndOfData()),
        ],
    )
    assert programs == {1: FIRST, 1500: SECOND}


def test_a_controller_without_programs_has_none() -> None:
    assert follow(read_programs(), [(UploadProgram(0, 1), EndOfData())]) == {}


def test_a_refusal_is_an_error_and_one_in_the_middle_another() -> None:
    with pytest.raises(CommandFailedError):
        follow(read_programs(), [(UploadProgram(0, 1), Nak())])
    with pytest.raises(RemoteProtocolError, match="refusal"):
        follow(read_programs(), [(UploadProgram(0, 1), ProgramData(1, FIRST)), (UploadProgram(1, 1), Nak())])


@pytest.mark.parametrize("slot", [0, 1])
def test_slots_that_do_not_lead_on_are_refused(slot: int) -> None:
    with pytest.raises(RemoteProtocolError, match=f"what follows 1, answered with {slot}"):
        follow(
            read_programs(),
            [
                (UploadProgram(0, 1), ProgramData(1, FIRST)),
                (UploadProgram(1, 1), ProgramData(slot, FIRST)),
            ],
        )


@pytest.mark.parametrize("error", [RequestTimeoutError("UploadProgram", 5.0, 1), OmniConnectionError("lost")])
def test_an_error_at_any_step_comes_out_and_no_part_of_the_programs(error: OmniLinkError) -> None:
    assert errors_at_each_step(read_programs, panel, error) == [error] * 3


def test_reading_can_be_given_up_at_each_step() -> None:
    assert closes_at_each_step(read_programs, panel) == 3


def test_the_programs_of_an_emulated_panel_come_by_slot() -> None:
    driver = Driver(House(programs={3: FIRST, 900: SECOND}))
    driver.connect()
    assert run_on_house(read_programs(), driver) == {3: FIRST, 900: SECOND}
