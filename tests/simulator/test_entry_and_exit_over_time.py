"""Coming home: entry delays of every length, what may be passed meanwhile, and what is an alarm all the same."""

import pytest

from omnilink_sansio.commands import Command
from omnilink_sansio.objects import SecurityMode, ZoneType
from omnilink_sansio.simulator import Area, House, Zone
from tests.simulator.scenario import Scenario, counting_down

MODES = [mode for mode in SecurityMode if mode]
AT_ONCE = (SecurityMode.NIGHT, SecurityMode.DAY_INSTANT)


def named(mode: SecurityMode) -> str:
    return mode.name.lower().replace("_", "-")


def armed(mode: SecurityMode = SecurityMode.AWAY, entry_delay: int = 30) -> Scenario:
    """Return a house that is armed already, and nothing seen of how."""
    script = Scenario(
        House(
            areas={1: Area("HOUSE", exit_delay=0, entry_delay=entry_delay)},
            zones={
                1: Zone("FRONT DOOR", ZoneType.ENTRY_EXIT),
                2: Zone("GARAGE DOOR", ZoneType.DOUBLE_ENTRY_DELAY),
                3: Zone("GATE", ZoneType.QUADRUPLE_ENTRY_DELAY),
                4: Zone("WINDOW", ZoneType.PERIMETER),
                5: Zone("HALL", ZoneType.AWAY_INTERIOR),
                6: Zone("STAIRS", ZoneType.NIGHT_INTERIOR),
                7: Zone("SMOKE", ZoneType.FIRE),
            },
        )
    )
    script.commands(Command(Command.SECURITY_OFF + mode), 0, 1)
    script.forgets()
    return script


def test_a_door_begins_the_entry_delay_and_disarming_ends_it() -> None:
    script = armed()
    script.happens("open zone 1")
    assert script.messages() == [["zone 1: not-ready, armed"], ["area 1: away, entry 30"]]
    script.waits(29)
    script.sees(*counting_down("area 1: away, entry {}", 29))
    script.waits(0.5)
    script.commands(Command.SECURITY_OFF, 0, 1)
    script.sees("area 1: off")
    script.waits(3600)
    script.sees()
    script.logged("area 1 disarmed by code 0")


@pytest.mark.parametrize(("zone", "seconds"), [(1, 30), (2, 60), (3, 120)])
def test_without_disarming_the_alarm_comes_when_the_delay_is_over(zone: int, seconds: int) -> None:
    script = armed()
    script.happens(f"open zone {zone}")
    script.sees(f"zone {zone}: not-ready, armed", f"area 1: away, entry {seconds}")
    script.waits(seconds - 0.001)
    script.sees(*counting_down("area 1: away, entry {}", seconds - 1))
    script.logged()
    script.waits(0.001)
    script.sees_at_once(f"zone {zone}: not-ready, tripped, armed", "area 1: away, alarm burglary")
    script.logged(f"zone {zone} tripped", "burglary alarm in area 1")


def test_the_longest_entry_delay_is_255_seconds() -> None:
    script = armed(entry_delay=90)
    script.happens("open zone 3")
    script.sees("zone 3: not-ready, armed", "area 1: away, entry 255")


def test_closing_the_door_again_does_not_end_the_entry_delay() -> None:
    script = armed()
    script.happens("open zone 1", "close zone 1")
    script.sees("zone 1: not-ready, armed", "area 1: away, entry 30", "zone 1: secure, armed")
    script.waits(29)
    script.sees(*counting_down("area 1: away, entry {}", 29))
    script.waits(1)
    script.sees_at_once("zone 1: secure, tripped, armed", "area 1: away, alarm burglary")


def test_a_second_door_does_not_give_more_time() -> None:
    script = armed()
    script.happens("open zone 1")
    script.waits(10)
    script.forgets()
    script.happens("open zone 3", "open zone 1")
    script.sees("zone 3: not-ready, armed")
    script.shows("area 1: away, entry 20")
    script.waits(19)
    script.sees(*counting_down("area 1: away, entry {}", 19))
    script.waits(1)
    # Who opened first is who raises it.
    script.sees_at_once("zone 1: not-ready, tripped, armed", "area 1: away, alarm burglary")


def test_the_way_in_may_lead_past_the_interior() -> None:
    script = armed()
    script.happens("open zone 1", "open zone 5", "close zone 5", "open zone 6")
    script.sees(
        "zone 1: not-ready, armed",
        "area 1: away, entry 30",
        "zone 5: not-ready, armed",
        "zone 5: secure, armed",
        "zone 6: not-ready, armed",
    )
    script.commands(Command.SECURITY_OFF, 0, 1)
    script.logged("area 1 disarmed by code 0")


@pytest.mark.parametrize("zone", [5, 6])
def test_the_interior_without_an_entry_is_an_alarm_at_once(zone: int) -> None:
    script = armed()
    script.happens(f"open zone {zone}")
    script.sees(f"zone {zone}: not-ready, tripped, armed", "area 1: away, alarm burglary")


def test_a_window_in_the_entry_delay_is_an_alarm_at_once() -> None:
    script = armed()
    script.happens("open zone 1")
    script.waits(10)
    script.forgets()
    script.happens("open zone 4")
    script.sees("zone 4: not-ready, tripped, armed", "area 1: away, alarm burglary")
    # And it counts no further: all that was left to tell is told.
    script.waits(200)
    script.sees()


def test_smoke_in_the_entry_delay_leaves_the_time_to_disarm() -> None:
    script = armed()
    script.happens("open zone 1")
    script.waits(10)
    script.forgets()
    script.happens("open zone 7")
    script.sees("zone 7: not-ready, tripped, armed", "area 1: away, entry 20, alarm fire")
    script.waits(20)
    script.shows("area 1: away, alarm burglary fire", "zone 1: not-ready, tripped, armed")


def test_coming_home_to_a_smoke_alarm_leaves_the_time_to_disarm() -> None:
    script = armed()
    script.happens("open zone 7")
    script.forgets()
    script.happens("open zone 1")
    script.sees("zone 1: not-ready, armed", "area 1: away, entry 30, alarm fire")


def test_coming_home_while_a_burglary_sounds_leaves_none() -> None:
    script = armed()
    script.happens("open zone 4")
    script.forgets()
    script.happens("open zone 1")
    script.sees("zone 1: not-ready, tripped, armed", "area 1: away, alarm burglary")


def test_a_door_that_is_bypassed_in_its_entry_delay_raises_nothing() -> None:
    script = armed()
    script.happens("open zone 1")
    script.commands(Command.BYPASS_ZONE, 0, 1)
    script.waits(60)
    script.shows("area 1: away", "zone 1: not-ready, bypassed")
    script.logged("zone 1 bypassed by code 0")


@pytest.mark.parametrize("mode", MODES)
def test_the_instant_modes_have_no_entry_delay(mode: SecurityMode) -> None:
    script = armed(mode)
    script.happens("open zone 1")
    if mode in AT_ONCE:
        script.sees("zone 1: not-ready, tripped, armed", f"area 1: {named(mode)}, alarm burglary")
    else:
        script.sees("zone 1: not-ready, armed", f"area 1: {named(mode)}, entry 30")


def test_without_an_entry_delay_a_door_is_an_alarm_at_once() -> None:
    script = armed(entry_delay=0)
    script.happens("open zone 3")
    script.sees("zone 3: not-ready, tripped, armed", "area 1: away, alarm burglary")


def test_arming_in_the_entry_delay_ends_it() -> None:
    script = armed()
    script.happens("open zone 1", "close zone 1")
    script.forgets()
    script.commands(Command.SECURITY_DAY, 0, 1)
    script.sees("area 1: day")
    script.waits(60)
    script.sees()


def test_each_area_has_an_entry_delay_of_its_own() -> None:
    script = Scenario(
        House(
            areas={
                1: Area("HOUSE", exit_delay=0, entry_delay=30),
                2: Area("GARAGE", exit_delay=0, entry_delay=10),
            },
            zones={1: Zone("A", ZoneType.ENTRY_EXIT), 2: Zone("B", ZoneType.ENTRY_EXIT, area=2)},
        )
    )
    script.commands(Command.SECURITY_AWAY, 0, 0)
    script.happens("open zone 1", "open zone 2")
    script.forgets()
    script.waits(5)
    assert script.messages()[-1] == ["area 1: away, entry 25", "area 2: away, entry 5"]
    script.commands(Command.SECURITY_OFF, 0, 1)
    script.waits(5)
    script.shows("area 1: off", "area 2: away, alarm burglary", "zone 1: not-ready")


def test_who_was_let_past_in_the_entry_delay_trips_when_it_is_over() -> None:
    script = armed()
    script.happens("open zone 1", "open zone 5")
    script.forgets()
    script.waits(30)
    script.shows("zone 1: not-ready, tripped, armed", "zone 5: not-ready, tripped, armed")
    script.logged("zone 1 tripped", "burglary alarm in area 1", "zone 5 tripped")


def test_a_zone_in_trouble_is_no_burglar_at_the_end_of_the_exit_delay() -> None:
    script = Scenario(
        House(
            areas={1: Area("HOUSE", exit_delay=10, auto_bypass=False)},
            zones={1: Zone("WINDOW", ZoneType.PERIMETER)},
        )
    )
    script.happens("zone 1 trouble")
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(10)
    script.shows("area 1: away")


def test_who_was_let_past_trips_when_another_alarm_ends_the_entry_delay() -> None:
    script = armed()
    script.happens("open zone 1", "open zone 5", "open zone 4")
    script.logged("zone 4 tripped", "burglary alarm in area 1", "zone 5 tripped")


def test_when_the_first_door_is_bypassed_the_next_one_counts() -> None:
    script = armed()
    script.happens("open zone 1", "open zone 2")
    script.commands(Command.BYPASS_ZONE, 1, 1)
    script.forgets()
    script.waits(30)
    script.shows("zone 2: not-ready, tripped, armed")


def test_a_zone_that_was_never_out_does_not_trip_when_it_is_restored() -> None:
    script = armed()
    script.happens("open zone 7")
    script.waits(400)
    before = script.driver.house.zones[7].alarms
    script.commands(Command.RESTORE_ZONE, 1, 7)
    assert script.driver.house.zones[7].alarms == before == 1
