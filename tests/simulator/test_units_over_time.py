"""Units: timed states that end, ramps second by second, scenes and links, counters, everything at once."""

import pytest

from omnilink_sansio.commands import Command
from omnilink_sansio.objects import NameType, UnitType, WriteName
from omnilink_sansio.simulator import Area, House, Unit, UserSetting
from tests.simulator.scenario import LISTENER, Scenario

FULL = 100


def packed(unit: int, level: int) -> int:
    return level << 9 | unit


def house() -> House:
    return House(
        areas={1: Area("HOUSE"), 2: Area("GARAGE")},
        units={
            1: Unit("PORCH"),
            2: Unit("HALL", state=160),
            3: Unit("KITCHEN", state=1),
            4: Unit("GARAGE", area_bits=0b10),
            257: Unit("SPRINKLER", state=1),
            393: Unit("COUNTER", state=5),
        },
        user_settings={1: UserSetting("HOW LONG", value=30), 2: UserSetting("HOW BRIGHT", value=40)},
    )


# For a time.


def test_a_unit_goes_on_and_off() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_ON, 0, 1)
    script.commands(Command.UNIT_OFF, 0, 1)
    script.sees("unit 1: on", "unit 1: off")
    script.waits(86400)
    script.sees()


@pytest.mark.parametrize(("duration", "seconds"), [(1, 1), (99, 99), (101, 60), (199, 5940), (218, 64800)])
def test_a_unit_that_is_on_for_a_time_goes_off_when_it_is_over(duration: int, seconds: int) -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_ON, duration, 1)
    script.sees(f"unit 1: on, for {seconds} s")
    script.waits(seconds - 0.5)
    # A unit's time counts down, and that alone is not told.
    script.sees()
    script.shows("unit 1: on, for 1 s")
    script.waits(0.5)
    script.sees("unit 1: off")


def test_a_unit_that_is_off_for_a_time_goes_on_when_it_is_over() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_OFF, 10, 3)
    script.sees("unit 3: off, for 10 s")
    script.waits(10)
    script.sees("unit 3: on")


def test_a_level_for_a_time_goes_back_to_what_was_before() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_LEVEL_TIMED, 30, packed(2, 20))
    script.sees("unit 2: 20 %, for 30 s")
    script.waits(10)
    # The time begins anew, and what it goes back to is still what was lasting.
    script.commands(Command.UNIT_LEVEL_TIMED, 30, packed(2, 90))
    script.sees("unit 2: 90 %, for 30 s")
    script.waits(30)
    script.sees("unit 2: 60 %")


def test_a_step_for_a_time_goes_back_to_what_was_before() -> None:
    script = Scenario(house())
    script.commands(Command.DIM_3, 5, 2)
    script.sees("unit 2: state 19, for 5 s")
    script.waits(5)
    script.sees("unit 2: 60 %")
    script.commands(Command.BRIGHTEN_9, 0, 2)
    script.sees("unit 2: state 41")
    script.waits(3600)
    script.sees()


def test_the_time_can_be_that_of_a_user_setting() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_ON, 218 + 1, 1)
    script.sees("unit 1: on, for 30 s")
    script.commands(Command.SET_USER_SETTING, 1, 102)
    script.commands(Command.UNIT_ON, 218 + 1, 1)
    script.sees("unit 1: on, for 120 s")
    script.commands(Command.UNIT_LEVEL, 100 + 2, 1)
    script.sees("unit 1: 40 %")
    script.is_refused(Command.UNIT_ON, 255, 1)


@pytest.mark.parametrize("command", [Command.UNIT_ON, Command.UNIT_OFF])
def test_what_comes_next_ends_the_time(command: Command) -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_ON, 10, 1)
    script.waits(9)
    script.commands(command, 0, 1)
    script.forgets()
    script.waits(60)
    script.sees()
    script.shows(f"unit 1: {command.name.removeprefix('UNIT_').lower()}")


@pytest.mark.parametrize(
    ("line", "seen"), [("on", "on"), ("off", "off"), ("level 35", "35 %"), ("level 0", "0 %")]
)
def test_somebody_at_the_switch_is_told(line: str, seen: str) -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_ON, 10, 2)
    script.forgets()
    script.happens(f"unit 2 {line}")
    script.sees(f"unit 2: {seen}")
    script.waits(60)
    script.sees()


# Ramps.


def test_a_ramp_takes_its_time_and_is_told_every_second() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_RAMP, 10, packed(1, FULL))
    script.forgets()
    for level in range(10, 101, 10):
        script.shows(f"unit 1: {level - 10} %")
        script.waits(1)
        script.sees(f"unit 1: {level} %")
    script.waits(60)
    script.sees()


def test_a_ramp_takes_its_share_of_the_time_for_all_of_it() -> None:
    script = Scenario(house())
    # From 60 % to 20 % is two fifths of the way: 4.8 of 12 seconds.
    script.commands(Command.UNIT_RAMP, 12, packed(2, 20))
    script.forgets()
    script.waits(4)
    script.sees("unit 2: 52 %", "unit 2: 44 %", "unit 2: 35 %", "unit 2: 27 %")
    script.waits(0.799)
    script.sees()
    script.waits(0.002)
    script.sees("unit 2: 20 %")
    script.waits(60)
    script.sees()


def test_a_slow_ramp_is_told_only_when_it_has_come_further() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_RAMP, 110, packed(2, 61))
    script.forgets()
    script.waits(5.9)
    script.sees()
    script.waits(0.2)
    script.sees("unit 2: 61 %")


def test_a_ramp_to_where_the_unit_is_takes_no_time() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_RAMP, 99, packed(3, FULL))
    script.sees("unit 3: 100 %")
    script.waits(60)
    script.sees()


def test_another_ramp_begins_where_the_last_one_had_come() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_RAMP, 50, packed(1, FULL))
    script.waits(10)
    script.forgets()
    script.commands(Command.UNIT_RAMP, 10, packed(1, 0))
    script.sees("unit 1: 20 %")
    script.waits(1)
    script.sees("unit 1: 10 %")
    script.waits(1)
    script.sees("unit 1: 0 %")
    script.waits(60)
    script.sees()


def test_any_other_command_ends_a_ramp() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_RAMP, 50, packed(1, FULL))
    script.waits(5)
    script.commands(Command.UNIT_OFF, 0, 1)
    script.forgets()
    script.waits(200)
    script.sees()
    script.shows("unit 1: off")


def test_two_ramps_run_side_by_side() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_RAMP, 10, packed(1, FULL))
    script.commands(Command.UNIT_RAMP, 20, packed(4, FULL))
    script.forgets()
    script.waits(1)
    assert script.messages() == [["unit 1: 10 %", "unit 4: 5 %"]]


# Many at once.


def test_all_lights_go_off_in_one_message_with_all_of_them() -> None:
    script = Scenario(house())
    script.commands(Command.ALL_OFF, 0, 0)
    first, second = script.messages()
    assert first == ["unit 1: off", "unit 2: off", "unit 3: off", "unit 4: off"]
    assert second == ["AllOnOff(on=False, area=0)"]
    # Outputs and flags are no lights.
    script.shows("unit 257: on", "unit 393: state 5")


def test_all_lights_of_one_area_go_on() -> None:
    script = Scenario(house())
    script.commands(Command.ALL_ON, 0, 2)
    assert script.messages() == [
        ["unit 1: on", "unit 2: on", "unit 3: on", "unit 4: on"],
        ["AllOnOff(on=True, area=2)"],
    ]
    script.commands(Command.ALL_OFF, 0, 1)
    assert script.messages() == [
        ["unit 1: off", "unit 2: off", "unit 3: off"],
        ["AllOnOff(on=False, area=1)"],
    ]
    script.shows("unit 4: on")
    script.is_refused(Command.ALL_OFF, 0, 9)


def test_all_lights_off_ends_times_and_ramps() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_OFF, 10, 3)
    script.commands(Command.UNIT_RAMP, 10, packed(1, FULL))
    script.commands(Command.ALL_OFF, 0, 0)
    script.forgets()
    script.waits(60)
    script.sees()


def test_very_many_lights_are_told_in_messages_that_fit() -> None:
    script = Scenario(House(units={number: Unit(f"UNIT {number}") for number in range(1, 101)}))
    script.commands(Command.ALL_ON, 0, 0)
    *lights, words = script.messages()
    assert [text for message in lights for text in message] == [
        f"unit {number}: on" for number in range(1, 101)
    ]
    assert len(lights) <= 8
    assert words == ["AllOnOff(on=True, area=0)"]


# Counters, flags, scenes and links.


def test_a_counter_counts_within_a_byte() -> None:
    script = Scenario(house())
    script.commands(Command.INCREMENT_COUNTER, 0, 393)
    script.commands(Command.DECREMENT_COUNTER, 0, 393)
    script.commands(Command.SET_COUNTER, 254, 393)
    script.commands(Command.INCREMENT_COUNTER, 0, 393)
    script.sees("unit 393: state 6", "unit 393: state 5", "unit 393: state 254", "unit 393: state 255")
    script.commands(Command.INCREMENT_COUNTER, 0, 393)
    script.shows("unit 393: state 255")
    script.commands(Command.SET_COUNTER, 1, 393)
    script.commands(Command.DECREMENT_COUNTER, 0, 393)
    script.commands(Command.DECREMENT_COUNTER, 0, 393)
    script.shows("unit 393: off")


def test_a_room_has_scenes() -> None:
    script = Scenario(House(units={9: Unit("ROOM", UnitType.HLC_ROOM)}))
    for scene in range(14):
        script.commands(Command.UNIT_SCENE, scene, 9)
    assert script.pushed() == ["unit 9: off", "unit 9: on", *(f"unit 9: state {n}" for n in range(2, 14))]
    script.is_refused(Command.UNIT_SCENE, 14, 9)


@pytest.mark.parametrize(
    ("kind", "on", "off", "keep"),
    [
        ("scenes", Command.SCENE_ON, Command.SCENE_OFF, Command.SCENE_SET),
        ("upb_links", Command.UPB_LINK_ON, Command.UPB_LINK_OFF, Command.UPB_LINK_SET),
    ],
)
def test_scenes_and_links_set_their_units_at_once(
    kind: str, on: Command, off: Command, keep: Command
) -> None:
    described = house()
    setattr(described, kind, {7: {1: 130, 3: 0, 4: 1}})
    script = Scenario(described)
    script.commands(on, 0, 7)
    assert script.messages()[0] == ["unit 1: 30 %", "unit 3: off", "unit 4: on"]
    script.commands(off, 0, 7)
    assert script.messages()[0] == ["unit 1: off", "unit 3: off", "unit 4: off"]
    script.happens("unit 1 level 80", "unit 3 on")
    script.forgets()
    script.commands(keep, 0, 7)
    script.commands(off, 0, 7)
    script.forgets()
    script.commands(on, 0, 7)
    assert script.messages()[0] == ["unit 1: 80 %", "unit 3: on", "unit 4: off"]
    # One that is not described has no units.
    script.commands(on, 0, 8)
    script.shows("unit 1: 80 %")


def test_a_scene_keeps_what_is_lasting() -> None:
    described = house()
    described.scenes = {1: {2: 0}}
    script = Scenario(described)
    script.commands(Command.UNIT_LEVEL_TIMED, 10, packed(2, 20))
    script.commands(Command.SCENE_SET, 0, 1)
    script.commands(Command.UNIT_OFF, 0, 2)
    script.commands(Command.SCENE_ON, 0, 1)
    script.shows("unit 2: 60 %")


def test_an_output_goes_on_for_a_time() -> None:
    script = Scenario(house())
    script.commands(Command.UNIT_OFF, 0, 257)
    script.commands(Command.UNIT_ON, 101, 257)
    script.waits(60)
    script.sees("unit 257: off", "unit 257: on, for 60 s", "unit 257: off")


def test_what_has_no_name_is_none_of_all_lights() -> None:
    script = Scenario(house())
    script.happens("unit 9 on")
    script.commands(Command.ALL_OFF, 0, 0)
    script.shows("unit 9: on", "unit 3: off")


def test_a_light_that_gets_a_name_is_one_of_all_lights() -> None:
    script = Scenario(House(units={1: Unit("A")}))
    script.driver.ask(WriteName(NameType.UNIT, 2, b"B".ljust(13, b"\0")), LISTENER)
    script.commands(Command.ALL_ON, 0, 0)
    assert script.messages()[0] == ["unit 1: on", "unit 2: on"]
