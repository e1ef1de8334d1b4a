"""Callbacks for single objects: who gets what, and that many cost no more than one."""

import pytest

from omnilink_sansio import LocalProtocolError, OmniConnectionError
from omnilink_sansio.client import (
    ConnectionLost,
    EventsLost,
    LinkEvent,
    ObjectSubscribers,
    Reconnected,
    Reconnecting,
)
from omnilink_sansio.events import AcPowerOff, Notification
from omnilink_sansio.objects import ObjectStatusRecord, ObjectType, UnitStatus, ZoneStatus
from omnilink_sansio.state import MissedChange
from tests.rows import each_row

Told = ObjectStatusRecord | LinkEvent | EventsLost

LOST = OmniConnectionError("lost")
LINK_EVENTS: list[LinkEvent | EventsLost] = [
    ConnectionLost(LOST, retrying=True),
    Reconnecting(1.0, LOST),
    Reconnected(),
    EventsLost(3),
]


class Failures:
    """Notes what is reported."""

    def __init__(self) -> None:
        self.reported: list[object] = []

    def __call__(self, text: str, *arguments: object) -> None:
        self.reported.append(text % arguments)


def table_of() -> tuple[ObjectSubscribers[LinkEvent | EventsLost], Failures]:
    failures = Failures()
    return ObjectSubscribers(failures), failures


def unit(number: int, state: int = 1) -> UnitStatus:
    return UnitStatus(number, state, 0)


def test_each_gets_its_objects_states_only() -> None:
    table, _ = table_of()
    third: list[Told] = []
    fourth: list[Told] = []
    zone: list[Told] = []
    table.add(ObjectType.UNIT, 3, third.append)
    table.add(ObjectType.UNIT, 4, fourth.append)
    table.add(ObjectType.ZONE, 3, zone.append)
    events: list[Notification] = [unit(3), unit(4), ZoneStatus(3, 1, 0), unit(5), AcPowerOff(), unit(3, 0)]
    for event in events:
        table.put(event)
    assert third == [unit(3), unit(3, 0)]
    assert fourth == [unit(4)]
    assert zone == [ZoneStatus(3, 1, 0)]


def test_a_missed_change_is_its_objects_too() -> None:
    table, _ = table_of()
    third: list[Told] = []
    table.add(ObjectType.UNIT, 3, third.append)
    for number in (3, 4):
        table.put(MissedChange(unit(number), unit(number, 0)))
    assert third == [MissedChange(unit(3), unit(3, 0))]


def test_all_get_what_is_about_the_session() -> None:
    table, _ = table_of()
    told: list[list[Told]] = [[] for _ in range(5)]
    for number, one in enumerate(told):
        table.add(ObjectType.UNIT, number % 3 + 1, one.append)
    for event in LINK_EVENTS:
        table.put(event)
    assert told == [LINK_EVENTS] * 5


def test_several_for_one_object_are_called_in_order_until_they_leave() -> None:
    table, _ = table_of()
    told: list[tuple[str, Told]] = []
    first = table.add(ObjectType.UNIT, 3, lambda event: told.append(("first", event)))
    table.add(ObjectType.UNIT, 3, lambda event: told.append(("second", event)))
    table.put(unit(3))
    first()
    first()
    table.put(unit(3, 0))
    assert told == [("first", unit(3)), ("second", unit(3)), ("second", unit(3, 0))]


def test_one_that_leaves_another_takes_it_out_at_once() -> None:
    table, _ = table_of()
    told: list[Told] = []
    table.add(ObjectType.UNIT, 3, lambda _: leave())
    leave = table.add(ObjectType.UNIT, 3, told.append)
    table.put(unit(3))
    assert told == []


def test_one_that_raises_is_reported_and_stays() -> None:
    table, failures = table_of()
    told: list[Told] = []

    def fail(event: Told) -> None:
        told.append(event)
        raise ValueError("mine")

    table.add(ObjectType.UNIT, 3, fail)
    other: list[Told] = []
    table.add(ObjectType.UNIT, 3, other.append)
    for _ in range(2):
        table.put(unit(3))
    assert told == other == [unit(3)] * 2
    assert failures.reported == ["a subscriber failed on UnitStatus"] * 2


def test_one_that_comes_after_the_end_is_called_with_it() -> None:
    table, _ = table_of()
    table.put(ConnectionLost(LOST, retrying=True))
    told: list[Told] = []
    table.add(ObjectType.UNIT, 3, told.append)
    assert told == []
    table.put(ConnectionLost(LOST))
    late: list[Told] = []
    table.add(ObjectType.UNIT, 4, late.append)
    assert told == late == [ConnectionLost(LOST)]


@each_row("kind", ObjectType)
def test_what_has_no_status_cannot_be_subscribed_to(kind: ObjectType) -> None:
    table, _ = table_of()
    if kind in (
        ObjectType.BUTTON,
        ObjectType.CODE,
        ObjectType.AUDIO_SOURCE,
        ObjectType.CONSOLE,
    ):
        with pytest.raises(LocalProtocolError, match=f"{kind.name} have no status"):
            table.add(kind, 1, print)
    else:
        table.add(kind, 1, print)


@pytest.mark.parametrize("number", [0, -1, 512])
def test_a_number_that_there_is_not_is_refused(number: int) -> None:
    table, _ = table_of()
    with pytest.raises(LocalProtocolError, match="1 to 511"):
        table.add(ObjectType.UNIT, number, print)


def test_a_coroutine_function_is_no_callback() -> None:
    async def coroutine(event: object) -> None:
        del event

    table, _ = table_of()
    with pytest.raises(LocalProtocolError, match="plain function"):
        table.add(ObjectType.UNIT, 1, coroutine)  # type: ignore[arg-type]


def test_it_is_attached_once_and_again_after_a_failure() -> None:
    table, _ = table_of()
    calls: list[int] = []

    def fail() -> None:
        raise OmniConnectionError("no session")

    with pytest.raises(OmniConnectionError):
        table.attach(fail)
    for number in (1, 2):
        table.attach(lambda number=number: calls.append(number))  # type: ignore[misc]
    assert calls == [1]


def test_an_event_is_looked_up_not_offered_to_all() -> None:
    looked_at = 0

    class Counting(UnitStatus):
        __slots__ = ()

        def __getattribute__(self, name: str) -> object:
            nonlocal looked_at
            looked_at += name == "index"
            return super().__getattribute__(name)

    table, _ = table_of()
    told: list[Told] = []
    for number in range(1, 301):
        table.add(ObjectType.UNIT, number, told.append)
    table.put(Counting(150, 1, 0))
    assert len(told) == 1
    assert looked_at == 1
