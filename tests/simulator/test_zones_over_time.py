"""Zones: what their inputs say, troubles that come, go and are acknowledged, and the event log's times."""

from datetime import datetime

import pytest

from omnilink_sansio.commands import AcknowledgeAlerts, Command
from omnilink_sansio.objects import (
    ObjectType,
    RequestExtendedObjectStatus,
    ZoneCondition,
    ZoneStatus,
    ZoneType,
)
from omnilink_sansio.simulator import Area, House, Zone
from tests.simulator.scenario import LISTENER, Scenario


def house() -> House:
    return House(
        areas={1: Area("HOUSE", exit_delay=0), 2: Area("GARAGE", exit_delay=0)},
        zones={
            1: Zone("DOOR"),
            2: Zone("WINDOW"),
            3: Zone("GARAGE DOOR", area=2),
            4: Zone("AUX", ZoneType.AUXILIARY),
        },
    )


def test_a_zone_opens_and_closes() -> None:
    script = Scenario(house())
    script.happens("open zone 1", "open zone 4", "close zone 1")
    script.sees("zone 1: not-ready", "zone 4: not-ready", "zone 1: secure")
    script.shows("zone 1: secure", "zone 4: not-ready", "zone 2: secure")
    # What stays as it is is no news.
    script.happens("close zone 1", "open zone 4")
    script.sees()
    script.logged()


@pytest.mark.parametrize("condition", ZoneCondition)
def test_an_input_can_say_everything(condition: ZoneCondition) -> None:
    word = condition.name.lower().replace("_", "-")
    script = Scenario(house())
    script.happens(f"zone 2 {word}")
    unseen = ", unseen" if condition is ZoneCondition.TROUBLE else ""
    script.shows(f"zone 2: {word}{unseen}")
    script.happens("zone 2 secure")
    script.shows(f"zone 2: secure{unseen}")


def test_the_loop_s_reading_changes_with_the_input() -> None:
    script = Scenario(house())

    def loop() -> int:
        (told,) = script.driver.ask(RequestExtendedObjectStatus(ObjectType.ZONE, 1, 1), LISTENER).records
        assert isinstance(told, ZoneStatus)
        return told.loop

    secure = loop()
    script.happens("open zone 1")
    assert loop() != secure
    script.happens("close zone 1")
    assert loop() == secure


def test_a_trouble_stays_unseen_until_it_is_acknowledged() -> None:
    script = Scenario(house())
    script.happens("zone 1 trouble")
    script.sees("zone 1: trouble, unseen")
    script.logged("zone 1 in trouble")
    # It is over, but nobody has seen that there was one.
    script.happens("close zone 1")
    script.sees("zone 1: secure, unseen")
    script.logged("trouble of zone 1 over")
    script.driver.ask(AcknowledgeAlerts(1), LISTENER)
    script.sees("zone 1: secure")
    script.driver.ask(AcknowledgeAlerts(1), LISTENER)
    script.sees()
    script.logged()


def test_a_trouble_that_lasts_is_acknowledged_too() -> None:
    script = Scenario(house())
    script.happens("zone 1 trouble")
    script.forgets()
    script.driver.ask(AcknowledgeAlerts(0), LISTENER)
    script.sees("zone 1: trouble")
    script.happens("close zone 1", "zone 1 trouble")
    script.sees("zone 1: secure", "zone 1: trouble, unseen")


def test_troubles_are_acknowledged_by_area_and_told_in_one_message() -> None:
    script = Scenario(house())
    script.happens("zone 1 trouble", "zone 2 trouble", "zone 3 trouble")
    script.forgets()
    script.driver.ask(AcknowledgeAlerts(2), LISTENER)
    assert script.messages() == [["zone 3: trouble"]]
    script.driver.ask(AcknowledgeAlerts(0), LISTENER)
    assert script.messages() == [["zone 1: trouble", "zone 2: trouble"]]


def test_a_zone_that_is_not_described_is_there_all_the_same() -> None:
    script = Scenario(house())
    script.happens("open zone 100")
    script.sees("zone 100: not-ready")
    script.commands(Command.BYPASS_ZONE, 0, 101)
    script.sees("zone 101: secure, bypassed")
    script.is_refused(Command.BYPASS_ZONE, 0, 177)


def test_what_is_logged_has_the_time_of_the_panel_s_clock_then() -> None:
    described = house()
    described.clock = datetime(2026, 2, 28, 23, 58, 30)  # noqa: DTZ001 - a panel's clock knows no zone
    script = Scenario(described)
    script.happens("zone 1 trouble")
    script.waits(60)
    script.happens("zone 2 trouble")
    script.waits(60)
    script.happens("zone 3 trouble")
    times = [(e.time_valid, e.month, e.day, e.hour, e.minute) for e in script.events()]
    assert times == [(1, 2, 28, 23, 58), (1, 2, 28, 23, 59), (1, 3, 1, 0, 0)]
