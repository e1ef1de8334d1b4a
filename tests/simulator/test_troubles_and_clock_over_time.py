"""The panel itself: its troubles, its clock, what energy costs, the events that it tells of, and its log's end."""

from datetime import datetime

import pytest

from omnilink_sansio.commands import Command
from omnilink_sansio.event_log import EventLogType
from omnilink_sansio.simulator import MODELS, Area, House
from omnilink_sansio.system import (
    ControllerModel,
    RequestSystemStatus,
    RequestSystemTroubles,
    SetTime,
    SystemStatus,
    SystemTrouble,
    SystemTroubles,
)
from tests.rows import each_row
from tests.simulator.scenario import LISTENER, Scenario

TOLD = {
    SystemTrouble.BATTERY_LOW: ("BatteryLow()", "BatteryOk()"),
    SystemTrouble.AC_POWER: ("AcPowerOff()", "AcPowerRestored()"),
    SystemTrouble.PHONE_LINE: ("PhoneLineDead()", "PhoneLineOnHook()"),
    SystemTrouble.DIGITAL_COMMUNICATOR: ("DcmTrouble()", "DcmOk()"),
}
LOGGED_EVENTS = {ControllerModel.OMNI: 100, ControllerModel.OMNI_LT: 50}
CLOCK = datetime(2026, 12, 31, 23, 59, 50)  # noqa: DTZ001 - a panel's clock knows no zone


def troubles(script: Scenario) -> tuple[SystemTrouble | int, ...]:
    return script.driver.ask(RequestSystemTroubles(), LISTENER).troubles


@each_row("trouble", SystemTrouble)
def test_a_trouble_comes_and_goes(trouble: SystemTrouble) -> None:
    word = trouble.name.lower().replace("_", "-")
    begun, over = TOLD.get(trouble, ("", ""))
    script = Scenario()
    assert troubles(script) == ()
    script.happens(f"begin trouble {word}", f"begin trouble {word}")
    assert script.pushed() == [begun] * bool(begun)
    assert troubles(script) == (trouble,)
    script.happens(f"end trouble {word}", f"end trouble {word}")
    assert script.pushed() == [over] * bool(over)
    assert troubles(script) == ()


def test_several_troubles_last_side_by_side() -> None:
    script = Scenario()
    script.happens("begin trouble ac-power", "begin trouble battery-low", "end trouble ac-power")
    script.sees("AcPowerOff()", "BatteryLow()", "AcPowerRestored()")
    assert script.driver.reply(RequestSystemTroubles(), LISTENER) == SystemTroubles(bytes([2]))


@pytest.mark.parametrize(("cost", "name"), [(0, "Low"), (1, "Mid"), (2, "High"), (3, "Critical")])
def test_what_energy_costs_is_told(cost: int, name: str) -> None:
    script = Scenario()
    script.commands(Command.SET_ENERGY_COST, 1, 0)
    script.forgets()
    script.commands(Command.SET_ENERGY_COST, cost, 0)
    script.sees(f"EnergyCost{name}()")
    script.is_refused(Command.SET_ENERGY_COST, 4, 0)


@each_row(
    ("word", "seen"),
    [
        ("0x0301", "PhoneLineRing()"),
        ("0x0302", "PhoneLineOffHook()"),
        ("0x0311", "CameraTrigger(camera=4)"),
        ("0x0181", "CentraliteSwitch(switch=1)"),
        ("0x0142", "ProLinkMessage(message=66)"),
        ("64517", "UpbLink(command=<UpbLinkCommand.OFF: 0>, link=5)"),
        ("0xF001", "SwitchPress(switch=0, unit=1)"),
    ],
)
def test_anything_else_is_told_by_its_word(word: str, seen: str) -> None:
    script = Scenario()
    script.happens(f"event {word}")
    (told,) = script.pushed()
    assert told.split("(")[0] == seen.split("(")[0]


def test_the_same_event_twice_is_told_twice() -> None:
    script = Scenario()
    script.happens("event 0x0301", "event 0x0301")
    script.sees("PhoneLineRing()", "PhoneLineRing()")


# The clock.


def shown(script: Scenario) -> tuple[int, ...]:
    told = script.driver.ask(RequestSystemStatus(), LISTENER)
    return (told.year, told.month, told.day, told.day_of_week, told.hour, told.minute, told.second)


def status(script: Scenario) -> SystemStatus:
    return script.driver.ask(RequestSystemStatus(), LISTENER)


def test_the_clock_goes_over_midnight_and_the_year_s_end() -> None:
    script = Scenario(House(clock=CLOCK))
    assert shown(script) == (26, 12, 31, 4, 23, 59, 50)
    script.waits(9)
    assert shown(script) == (26, 12, 31, 4, 23, 59, 59)
    script.waits(1)
    assert shown(script) == (27, 1, 1, 5, 0, 0, 0)


def test_a_clock_that_is_set_goes_on_from_there() -> None:
    script = Scenario(House(clock=CLOCK))
    script.driver.ask(SetTime(24, 2, 28, 3, 23, 59, 1), LISTENER)
    assert shown(script) == (24, 2, 28, 3, 23, 59, 0)
    assert status(script).daylight_saving == 1
    script.waits(60)
    assert shown(script) == (24, 2, 29, 4, 0, 0, 0)


def test_a_clock_that_was_never_set_says_so_also_in_the_log() -> None:
    script = Scenario(House(clock=None, areas={1: Area("HOUSE")}))
    assert status(script).time_valid == 0
    script.waits(3600)
    script.happens("alarm fire 1")
    script.driver.ask(SetTime(26, 11, 21, 6, 8, 0, 0), LISTENER)
    assert status(script).time_valid == 1
    script.happens("reset alarms 1")
    events = [(event.time_valid, event.month, event.day, event.hour) for event in script.events()]
    assert [event[0] for event in events] == [0, 1]
    assert events[1] == (1, 11, 21, 8)


# The event log.


@each_row("model", MODELS)
def test_the_log_keeps_as_many_events_as_the_model_has_room_for(model: ControllerModel) -> None:
    room = LOGGED_EVENTS.get(model, 250)
    script = Scenario(House(model, areas={1: Area("HOUSE")}))
    for number in range(room + 7):
        script.happens(f"zone {number % 20 + 1} trouble", f"zone {number % 20 + 1} secure")
    events = script.events()
    assert [event.number for event in events] == list(range(2 * (room + 7) - room + 1, 2 * (room + 7) + 1))
    assert {event.event_type for event in events} == {
        EventLogType.ZONE_TROUBLE,
        EventLogType.ZONE_TROUBLE_CLEARED,
    }


def test_a_reboot_is_logged_and_the_house_stays_as_it_is() -> None:
    script = Scenario(House(areas={1: Area("HOUSE")}))
    script.happens("alarm fire 1", "unit 1 on")
    script.driver.panel.reboot(script.driver.now)
    for peer in list(script.driver.clients):
        script.driver.connect(f"{peer} again")
    last = script.house.log[-1]
    assert (last.event_type, last.number) == (EventLogType.SYSTEM_RESET, 2)
    assert script.house.areas[1].alarms == 2
    assert script.house.units[1].state == 1
