"""Codes: whose they are and where, the duress code, how wrong ones lock all of them out, and for how long."""

import pytest

from omnilink_sansio import UserCode
from omnilink_sansio.commands import (
    CodeAuthority,
    Command,
    ExecuteSecurityCommand,
    ExecuteSecurityCommandResponse,
    RequestSecurityCodeValidation,
    SecurityCommandResponse,
)
from omnilink_sansio.objects import SecurityMode, SpecialCode
from omnilink_sansio.simulator import Area, Code, House, Reader
from tests.rows import each_row
from tests.simulator.scenario import LISTENER, Scenario

OWNER, MANAGER, CLEANER, GONE, DURESS, WRONG = (
    UserCode(digits) for digits in ("1234", "2345", "0042", "5555", "9999", "8888")
)
HOUR = 3600


def house() -> House:
    return House(
        areas={1: Area("HOUSE"), 2: Area("GARAGE")},
        codes={
            1: Code("OWNER", OWNER, CodeAuthority.MASTER),
            2: Code("MANAGER", MANAGER, CodeAuthority.MANAGER),
            3: Code("CLEANER", CLEANER, area_bits=0b01),
            4: Code("GONE", GONE, enabled=False),
            5: Code("NOT SET"),
        },
        readers={1: Reader("GATE")},
        duress_code=DURESS,
    )


def validated(script: Scenario, area: int, code: UserCode) -> tuple[int, int]:
    told = script.driver.ask(RequestSecurityCodeValidation(area, code), LISTENER)
    return told.code_number, told.authority


def arms(script: Scenario, area: int, code: UserCode, mode: SecurityMode = SecurityMode.AWAY) -> int:
    """Arm in one step and return the panel's answer."""
    reply = script.driver.reply(ExecuteSecurityCommand(area, mode, code), LISTENER)
    assert isinstance(reply, ExecuteSecurityCommandResponse)
    return reply.response


@each_row(
    ("area", "code", "told"),
    [
        (1, OWNER, (1, CodeAuthority.MASTER)),
        (2, MANAGER, (2, CodeAuthority.MANAGER)),
        (1, CLEANER, (3, CodeAuthority.USER)),
        (2, CLEANER, (0, CodeAuthority.INVALID)),
        (1, GONE, (0, CodeAuthority.INVALID)),
        (1, WRONG, (0, CodeAuthority.INVALID)),
        # Of somebody under threat only this is told, and that in every area.
        (1, DURESS, (SpecialCode.DURESS, CodeAuthority.USER)),
        (2, DURESS, (SpecialCode.DURESS, CodeAuthority.USER)),
    ],
)
def test_validating_a_code_tells_whose_it_is_there_and_changes_nothing(
    area: int, code: UserCode, told: tuple[int, int]
) -> None:
    script = Scenario(house())
    assert validated(script, area, code) == told
    script.sees()
    script.logged()


@pytest.mark.parametrize(
    ("area", "code", "answer", "logged"),
    [
        (1, OWNER, SecurityCommandResponse.SUCCESS, ["area 1 armed away by code 1"]),
        (1, CLEANER, SecurityCommandResponse.SUCCESS, ["area 1 armed away by code 3"]),
        (2, CLEANER, SecurityCommandResponse.INVALID_CODE, []),
        (1, GONE, SecurityCommandResponse.INVALID_CODE, []),
        (1, WRONG, SecurityCommandResponse.INVALID_CODE, []),
    ],
)
def test_arming_in_one_step_by_code(
    area: int, code: UserCode, answer: SecurityCommandResponse, logged: list[str]
) -> None:
    script = Scenario(house())
    assert arms(script, area, code) == answer
    assert script.pushed() == [f"area {area}: away, arming, exit 60"] * len(logged)
    script.logged(*logged)


def test_a_code_number_arms_only_where_its_code_is_valid() -> None:
    script = Scenario(house())
    script.is_refused(Command.SECURITY_AWAY, 3, 2)
    script.is_refused(Command.SECURITY_AWAY, 3, 0)
    script.is_refused(Command.SECURITY_AWAY, 4, 1)
    script.is_refused(Command.SECURITY_AWAY, 5, 1)
    script.is_refused(Command.SECURITY_AWAY, 77, 1)
    script.is_refused(Command.SECURITY_AWAY, 0, 1)
    script.logged()
    script.commands(Command.SECURITY_AWAY, 3, 1)
    script.logged("area 1 armed away by code 3")


def test_a_house_without_codes_lets_everybody_in() -> None:
    script = Scenario(House(areas={1: Area("HOUSE")}, codes={1: Code("NOT SET")}))
    script.commands(Command.SECURITY_AWAY, 0, 1)
    script.commands(Command.SECURITY_OFF, 7, 1)
    script.logged("area 1 armed away by code 0", "area 1 disarmed by code 7")


def test_at_a_keypad_a_code_arms_and_disarms() -> None:
    script = Scenario(house())
    script.happens("keypad 1 away 0042")
    script.sees("area 1: away, arming, exit 60")
    script.happens("keypad 1 off 8888", "keypad 2 day 0042")
    script.sees()
    script.happens("keypad 1 off 1234")
    script.sees("area 1: off")
    script.logged("area 1 armed away by code 3", "area 1 disarmed by code 1")


def test_the_duress_code_does_as_it_is_told_and_calls_for_help_in_silence() -> None:
    script = Scenario(house())
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(60)
    script.forgets()
    script.happens("keypad 1 off 9999")
    script.sees("area 1: off, alarm duress")
    script.logged("area 1 disarmed by the duress code", "duress alarm in area 1")
    # No siren that would fall silent.
    script.waits(HOUR)
    script.sees()
    script.happens("keypad 1 off 1234")
    script.sees("area 1: off")
    script.logged("area 1 disarmed by code 1", "duress alarm in area 1 reset")


def test_the_duress_code_arms_too() -> None:
    script = Scenario(house())
    assert arms(script, 2, DURESS) == SecurityCommandResponse.SUCCESS
    script.sees("area 2: away, arming, exit 60, alarm duress")


def test_three_wrong_codes_in_a_row_lock_all_codes_out_for_an_hour() -> None:
    script = Scenario(house())
    assert arms(script, 1, WRONG) == SecurityCommandResponse.INVALID_CODE
    assert arms(script, 2, CLEANER) == SecurityCommandResponse.INVALID_CODE
    # The third one is still told to be wrong; from then on no code is even looked at.
    assert arms(script, 1, GONE) == SecurityCommandResponse.INVALID_CODE
    assert arms(script, 1, OWNER) == SecurityCommandResponse.CODE_LOCKED_OUT
    assert arms(script, 1, WRONG) == SecurityCommandResponse.CODE_LOCKED_OUT
    assert validated(script, 1, OWNER) == (0, CodeAuthority.INVALID)
    assert validated(script, 1, DURESS) == (0, CodeAuthority.INVALID)
    script.happens("keypad 1 away 1234")
    script.sees()
    # What is tried meanwhile makes it no longer.
    script.waits(HOUR - 0.001)
    assert arms(script, 1, OWNER) == SecurityCommandResponse.CODE_LOCKED_OUT
    script.waits(0.001)
    assert arms(script, 1, OWNER) == SecurityCommandResponse.SUCCESS
    script.logged("area 1 armed away by code 1")


def test_after_the_lock_out_there_are_three_tries_again() -> None:
    script = Scenario(house())
    for _ in range(3):
        arms(script, 1, WRONG)
    script.waits(HOUR)
    for _ in range(3):
        assert arms(script, 1, WRONG) == SecurityCommandResponse.INVALID_CODE
    assert arms(script, 1, OWNER) == SecurityCommandResponse.CODE_LOCKED_OUT


def test_wrong_codes_count_wherever_they_are_entered() -> None:
    script = Scenario(house())
    script.happens("keypad 1 away 8888")
    assert validated(script, 1, WRONG) == (0, 0)
    assert arms(script, 1, WRONG) == SecurityCommandResponse.INVALID_CODE
    assert arms(script, 1, OWNER) == SecurityCommandResponse.CODE_LOCKED_OUT


def test_a_right_code_makes_up_for_the_wrong_ones() -> None:
    script = Scenario(house())
    for _ in range(5):
        assert arms(script, 1, WRONG) == SecurityCommandResponse.INVALID_CODE
        assert arms(script, 1, WRONG) == SecurityCommandResponse.INVALID_CODE
        assert validated(script, 1, OWNER) == (1, CodeAuthority.MASTER)


def test_a_lock_out_stops_neither_numbers_nor_cards() -> None:
    script = Scenario(house())
    for _ in range(3):
        arms(script, 1, WRONG)
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.forgets()
    script.happens("card 1 reader 1")
    script.sees("reader 1: granted to 1", "door 1: unlocked, for 5 s")


def test_how_many_wrong_codes_and_for_how_long_is_the_house_s_own() -> None:
    described = house()
    described.wrong_codes, described.lock_out = 1, 10
    script = Scenario(described)
    arms(script, 1, WRONG)
    assert arms(script, 1, OWNER) == SecurityCommandResponse.CODE_LOCKED_OUT
    script.waits(10)
    assert arms(script, 1, OWNER) == SecurityCommandResponse.SUCCESS


def test_a_house_may_never_lock_codes_out() -> None:
    described = house()
    described.wrong_codes = 0
    script = Scenario(described)
    for _ in range(20):
        assert arms(script, 1, WRONG) == SecurityCommandResponse.INVALID_CODE
    assert arms(script, 1, OWNER) == SecurityCommandResponse.SUCCESS


def test_an_area_or_a_mode_that_is_none_is_no_wrong_code() -> None:
    script = Scenario(house())
    for _ in range(5):
        assert arms(script, 9, WRONG) == SecurityCommandResponse.INVALID_AREA
        assert arms(script, 0, WRONG) == SecurityCommandResponse.INVALID_AREA
    assert arms(script, 1, OWNER) == SecurityCommandResponse.SUCCESS
