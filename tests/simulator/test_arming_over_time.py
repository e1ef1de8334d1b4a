"""Arming and disarming: exit delays, what is open at their end, bypasses, keyswitches, exit terminators."""

import pytest

from omnilink_sansio import UserCode
from omnilink_sansio.commands import (
    Command,
    ExecuteSecurityCommand,
    ExecuteSecurityCommandResponse,
    SecurityCommandResponse,
)
from omnilink_sansio.objects import RequestZoneReadyStatus, SecurityMode, SpecialCode, ZoneType
from omnilink_sansio.simulator import Area, Code, House, Quirk, Zone
from tests.simulator.scenario import LISTENER, Scenario, counting_down

OWNER = UserCode("1234")


def house() -> House:
    return House(
        areas={1: Area("HOUSE", exit_delay=60, entry_delay=30), 2: Area("GARAGE", exit_delay=45)},
        zones={
            1: Zone("FRONT DOOR", ZoneType.ENTRY_EXIT),
            2: Zone("WINDOW", ZoneType.PERIMETER),
            3: Zone("HALL", ZoneType.AWAY_INTERIOR),
            4: Zone("GARAGE DOOR", ZoneType.PERIMETER, area=2),
            5: Zone("SMOKE", ZoneType.FIRE),
            6: Zone("KEY", ZoneType.KEYSWITCH_INPUT),
            7: Zone("LAST DOOR", ZoneType.EXIT_TERMINATOR),
            8: Zone("LAMP", ZoneType.AUXILIARY),
        },
        codes={1: Code("OWNER", OWNER)},
    )


def answer(script: Scenario, area: int, mode: SecurityMode) -> int:
    """Arm in one step and return the panel's answer."""
    reply = script.driver.reply(ExecuteSecurityCommand(area, mode, OWNER), LISTENER)
    assert isinstance(reply, ExecuteSecurityCommandResponse)
    return reply.response


def test_the_exit_delay_counts_down_every_second_and_arms_when_it_is_over() -> None:
    script = Scenario(house())
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.sees("area 1: away, arming, exit 60")
    script.waits(59)
    script.sees(*counting_down("area 1: away, arming, exit {}", 59))
    script.shows("area 1: away, arming, exit 1", "zone 1: secure")
    script.waits(0.999)
    script.sees()
    script.waits(0.001)
    script.sees("area 1: away")
    script.shows("area 1: away", "zone 1: secure, armed", "zone 3: secure, armed", "zone 4: secure")
    script.waits(3600)
    script.sees()
    script.logged("area 1 armed away by code 1")


def test_without_an_exit_delay_an_area_is_armed_at_once() -> None:
    script = Scenario(House(areas={1: Area("HOUSE", exit_delay=0)}, zones={2: Zone("WINDOW")}))
    script.commands(Command.SECURITY_DAY, 1, 1)
    script.sees("area 1: day")
    script.shows("zone 2: secure, armed")


def test_nobody_raises_an_alarm_while_the_exit_delay_runs() -> None:
    script = Scenario(house())
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.forgets()
    script.happens(
        "open zone 3", "open zone 2", "open zone 1", "close zone 1", "close zone 2", "close zone 3"
    )
    script.sees(
        "zone 3: not-ready",
        "zone 2: not-ready",
        "zone 1: not-ready",
        "zone 1: secure",
        "zone 2: secure",
        "zone 3: secure",
    )
    script.waits(60)
    script.shows("area 1: away")
    script.logged()


def test_smoke_is_an_alarm_in_the_exit_delay_too() -> None:
    script = Scenario(house())
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.forgets()
    script.happens("open zone 5")
    script.sees("zone 5: not-ready, tripped", "area 1: away, arming, exit 60, alarm fire")
    script.waits(60)
    script.shows("area 1: away, alarm fire")


def test_disarming_in_the_exit_delay_ends_it() -> None:
    script = Scenario(house())
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(10)
    script.forgets()
    script.commands(Command.SECURITY_OFF, 1, 1)
    script.sees("area 1: off")
    script.waits(120)
    script.sees()
    script.logged("area 1 disarmed by code 1")


def test_arming_again_begins_the_exit_delay_anew() -> None:
    script = Scenario(house())
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(50)
    script.forgets()
    script.commands(Command.SECURITY_NIGHT, 1, 1)
    script.sees("area 1: night, arming, exit 60")
    script.waits(60)
    script.sees(*counting_down("area 1: night, arming, exit {}", 59), "area 1: night")


@pytest.mark.parametrize("mode", [mode for mode in SecurityMode if mode])
def test_every_mode_has_an_exit_delay_and_a_line_in_the_log(mode: SecurityMode) -> None:
    words = {
        SecurityMode.DAY: "for the day",
        SecurityMode.NIGHT: "for the night",
        SecurityMode.AWAY: "away",
        SecurityMode.VACATION: "for a vacation",
        SecurityMode.DAY_INSTANT: "for the day, instant,",
        SecurityMode.NIGHT_DELAYED: "for the night, delayed,",
    }
    name = mode.name.lower().replace("_", "-")
    script = Scenario(house())
    script.commands(Command(Command.SECURITY_OFF + mode), 1, 1)
    script.sees(f"area 1: {name}, arming, exit 60")
    script.waits(60)
    assert script.pushed()[-1] == f"area 1: {name}"
    script.logged(f"area 1 armed {words[mode]} by code 1")


def test_all_areas_are_armed_by_one_command_each_with_its_own_delay() -> None:
    script = Scenario(house())
    script.commands(Command.SECURITY_AWAY, 1, 0)
    assert script.messages() == [["area 1: away, arming, exit 60", "area 2: away, arming, exit 45"]]
    script.waits(1)
    # What happens at the same moment is told in one message.
    assert script.messages() == [["area 1: away, arming, exit 59", "area 2: away, arming, exit 44"]]
    script.waits(44)
    script.shows("area 1: away, arming, exit 15", "area 2: away", "zone 4: secure, armed", "zone 2: secure")
    script.waits(15)
    script.shows("area 1: away", "area 2: away")
    script.logged("all areas armed away by code 1")


def test_arming_does_not_push_the_zones_of_the_area() -> None:
    script = Scenario(house())
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(60)
    assert not [text for text in script.pushed() if text.startswith("zone")]
    script.commands(Command.SECURITY_OFF, 1, 1)
    script.sees("area 1: off")
    script.shows("zone 1: secure")


def test_what_is_open_when_the_exit_delay_is_over_is_bypassed_by_the_system() -> None:
    script = Scenario(house())
    script.happens("open zone 2", "zone 3 trouble")
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(59)
    script.forgets()
    script.waits(1)
    assert script.messages() == [
        ["area 1: away"],
        [
            "zone 2: not-ready, bypassed by the system",
            "zone 3: trouble, bypassed by the system, unseen",
        ],
    ]
    script.logged("zone 2 bypassed by the system", "zone 3 bypassed by the system")
    # It is out until the area is disarmed.
    script.happens("close zone 2", "open zone 2")
    script.sees("zone 2: secure, bypassed by the system", "zone 2: not-ready, bypassed by the system")
    script.shows("area 1: away")
    script.commands(Command.SECURITY_OFF, 1, 1)
    script.sees("zone 2: not-ready", "zone 3: trouble, unseen", "area 1: off")


def test_only_zones_that_the_mode_arms_are_bypassed_by_the_system() -> None:
    script = Scenario(house())
    script.happens("open zone 3", "open zone 5", "open zone 4")
    script.commands(Command.SECURITY_OFF, 1, 0)
    script.commands(Command.SECURITY_DAY, 1, 1)
    script.waits(60)
    # Nobody watches the hall by day, smoke alarms are never taken out, the garage is no part of the area.
    script.shows("zone 3: not-ready", "zone 4: not-ready")
    assert "bypassed" not in script.asks("zone", 5)


def test_without_bypassing_what_is_open_raises_its_alarm_when_the_exit_delay_is_over() -> None:
    described = house()
    described.areas[1].auto_bypass = False
    script = Scenario(described)
    script.happens("open zone 2")
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(59)
    script.forgets()
    script.waits(1)
    script.sees("area 1: away, alarm burglary", "zone 2: not-ready, tripped, armed")
    script.logged("zone 2 tripped", "burglary alarm in area 1")


def test_without_bypassing_an_open_door_begins_the_entry_delay() -> None:
    described = house()
    described.areas[1].auto_bypass = False
    script = Scenario(described)
    script.happens("open zone 1")
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(59)
    script.forgets()
    script.waits(1)
    script.sees("area 1: away, entry 30")


def test_a_zone_that_a_user_bypassed_stays_out_and_blocks_nothing() -> None:
    described = house()
    described.areas[1].requires_ready = True
    script = Scenario(described)
    script.happens("open zone 2")
    assert answer(script, 1, SecurityMode.AWAY) == SecurityCommandResponse.ZONES_NOT_READY
    script.sees("zone 2: not-ready")
    script.is_refused(Command.SECURITY_AWAY, 1, 1)
    script.logged()
    script.commands(Command.BYPASS_ZONE, 1, 2)
    script.sees("zone 2: not-ready, bypassed")
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(60)
    script.forgets()
    script.happens("close zone 2", "open zone 2")
    script.sees("zone 2: secure, bypassed", "zone 2: not-ready, bypassed")
    script.shows("area 1: away")


def test_bypassing_and_restoring_is_told_and_logged() -> None:
    script = Scenario(house())
    script.commands(Command.BYPASS_ZONE, 1, 2)
    script.commands(Command.BYPASS_ZONE, 1, 4)
    script.sees("zone 2: secure, bypassed", "zone 4: secure, bypassed")
    script.commands(Command.RESTORE_ZONE, 1, 2)
    script.sees("zone 2: secure")
    script.commands(Command.BYPASS_ZONE, 1, 2)
    script.forgets()
    script.commands(Command.RESTORE_ALL_ZONES, 1, 1)
    script.sees("zone 2: secure")
    script.commands(Command.RESTORE_ALL_ZONES, 1, 0)
    script.sees("zone 4: secure")
    script.logged("all zones of area 1 restored by code 1", "all zones of all areas restored by code 1")
    script.commands(Command.BYPASS_ZONE, 1, 2)
    script.logged("zone 2 bypassed by code 1")
    script.commands(Command.RESTORE_ZONE, 1, 2)
    script.logged("zone 2 restored by code 1")


def test_a_zone_that_is_taken_in_again_while_its_area_is_armed_watches_at_once() -> None:
    script = Scenario(house())
    script.commands(Command.BYPASS_ZONE, 1, 2)
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(60)
    script.commands(Command.RESTORE_ZONE, 1, 2)
    script.forgets()
    script.happens("open zone 2")
    script.sees("zone 2: not-ready, tripped, armed", "area 1: away, alarm burglary")


def test_readiness_is_asked_for_and_follows_the_zones() -> None:
    script = Scenario(house())

    def not_ready() -> tuple[int, ...]:
        return script.driver.ask(RequestZoneReadyStatus(), LISTENER).zones_not_ready

    assert not_ready() == ()
    # Auxiliary zones never are.
    script.happens("open zone 8")
    assert not_ready() == ()
    script.happens("open zone 2", "zone 4 trouble", "open zone 5")
    assert not_ready() == (2, 4, 5)
    script.commands(Command.BYPASS_ZONE, 1, 2)
    script.happens("close zone 4")
    assert not_ready() == (5,)


def test_a_key_in_the_keyswitch_arms_and_disarms() -> None:
    script = Scenario(house())
    script.happens("open zone 6")
    script.sees("zone 6: not-ready", "area 1: away, arming, exit 60")
    script.happens("close zone 6")
    script.sees("zone 6: secure")
    script.waits(60)
    script.forgets()
    script.happens("open zone 6", "close zone 6")
    script.sees("zone 6: not-ready", "area 1: off", "zone 6: secure")
    script.logged("area 1 disarmed by the keyswitch")


def test_the_exit_terminator_ends_the_exit_delay_at_once() -> None:
    script = Scenario(house())
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(20)
    script.forgets()
    script.happens("open zone 7")
    script.sees("zone 7: not-ready", "area 1: away")
    script.happens("close zone 7")
    script.sees("zone 7: secure")
    script.waits(300)
    script.sees()
    # At any other time it does nothing.
    script.happens("open zone 7")
    script.sees("zone 7: not-ready")
    script.shows("area 1: away")


def test_the_exit_terminator_bypasses_what_is_open() -> None:
    script = Scenario(house())
    script.happens("open zone 2")
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.forgets()
    script.happens("open zone 7")
    script.sees("zone 7: not-ready", "area 1: away", "zone 2: not-ready, bypassed by the system")


def test_arming_waits_for_the_installer() -> None:
    described = house()
    described.restore_needed = True
    script = Scenario(described)
    assert answer(script, 1, SecurityMode.AWAY) == SecurityCommandResponse.INSTALLER_RESTORE_NEEDED
    script.is_refused(Command.SECURITY_AWAY, 1, 1)
    script.driver.ask(ExecuteSecurityCommand(1, SecurityMode.OFF, OWNER), LISTENER)


def test_an_area_that_is_not_set_up_cannot_be_armed() -> None:
    script = Scenario(house())
    assert answer(script, 3, SecurityMode.AWAY) == SecurityCommandResponse.INVALID_AREA
    script.is_refused(Command.SECURITY_AWAY, 1, 3)
    script.is_refused(Command.SECURITY_AWAY, 1, 9)
    script.logged()


def test_programs_and_keyswitches_need_no_code_of_a_user() -> None:
    script = Scenario(house())
    script.happens(f"command security-away {SpecialCode.PROGRAMMED:d} 2")
    script.logged("area 2 armed away by a program")


def test_some_panels_tell_the_exit_delay_by_its_timer_only() -> None:
    described = house()
    described.quirks = frozenset({Quirk.NO_EXIT_DELAY_BIT})
    script = Scenario(described)
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.sees("area 1: away, exit 60")
    script.shows("area 1: away, exit 60", "zone 1: secure")
    script.waits(60)
    script.sees(*counting_down("area 1: away, exit {}", 59), "area 1: away")


def test_disarming_one_area_takes_no_zone_of_another_in() -> None:
    script = Scenario(house())
    script.happens("open zone 2", "open zone 4")
    script.commands(Command.SECURITY_AWAY, 1, 0)
    script.waits(60)
    script.forgets()
    script.commands(Command.SECURITY_OFF, 1, 1)
    script.sees_at_once("area 1: off", "zone 2: not-ready")
    script.shows("zone 4: not-ready, bypassed by the system")


@pytest.mark.parametrize(
    ("command", "parameter2"), [(Command.RESTORE_ZONE, 2), (Command.RESTORE_ALL_ZONES, 1)]
)
def test_a_zone_that_the_system_bypassed_can_be_restored_by_hand(command: Command, parameter2: int) -> None:
    script = Scenario(house())
    script.happens("open zone 2")
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(60)
    script.forgets()
    script.commands(command, 1, parameter2)
    # It is open still, and counts again.
    script.sees("zone 2: not-ready, tripped, armed", "area 1: away, alarm burglary")


def test_two_areas_count_together_whatever_their_fractions_of_a_second_are() -> None:
    # Sums of fractions differ in their last digits: 20 s less 13 s are not quite 7 s from here.
    script = Scenario(House(areas={1: Area("A", exit_delay=20), 2: Area("B", exit_delay=7)}))
    script.driver.now += 4.2654776324228636
    script.commands(Command.SECURITY_DAY, 1, 0)
    script.waits(7)
    script.shows("area 1: day, arming, exit 13", "area 2: day")
    assert "area 1: day, arming, exit 13" in script.pushed()
