"""What was missed is found by asking, in whatever order replies and notifications come, and go unanswered."""

from dataclasses import fields

import pytest

from omnilink_sansio import (
    CommandFailedError,
    LocalProtocolError,
    Message,
    OmniConnectionError,
    OmniLinkError,
    Payload,
    RawMessage,
    RemoteProtocolError,
    Request,
    RequestTimeoutError,
    parse_message,
)
from omnilink_sansio.client import Exchange, Pushed
from omnilink_sansio.events import parse_notification
from omnilink_sansio.objects import (
    OBJECT_TYPES,
    AccessControlLockStatus,
    AreaStatus,
    AuxSensorStatus,
    ObjectStatus,
    ObjectStatusRecord,
    ObjectType,
    RequestExtendedObjectStatus,
    RequestObjectStatus,
    SecurityMode,
    ThermostatStatus,
    UnitStatus,
    ZoneCondition,
    ZoneStatus,
)
from omnilink_sansio.operations import Operation, Pause, Step
from omnilink_sansio.state import MissedChange, StatusSnapshot, find_highest_numbers, sweep_status
from omnilink_sansio.system import (
    Ack,
    EnableNotifications,
    RequestObjectTypeCapacities,
    RequestSystemInformation,
)
from tests.rows import each_row
from tests.simulator.driver import Driver

SILENCE = RequestTimeoutError("request", 5.0, 4)


class House:
    """An emulated house that is swept; ``silent`` and ``refused`` say for which requests."""

    def __init__(self, firmware: tuple[int, int, int] = (4, 0, 2)) -> None:
        self.driver = Driver()
        self.driver.house.firmware = firmware
        self.driver.connect()
        self.found: list[MissedChange] = []
        self.snapshot = StatusSnapshot(self.found.append)
        self.highest: dict[ObjectType, int] = {}
        self.silent: set[ObjectType] = set()
        self.asked: list[Request[object]] = []
        self.failures: dict[int, OmniLinkError] = {}
        """What the request of this number, from 1, ends with instead of a reply."""
        self.never_answers: ObjectType | None = None

    def sweep(self) -> list[MissedChange]:
        self.found.clear()
        self.run(find_highest_numbers(self.highest))
        self.run(sweep_status(self.snapshot, self.highest, self.silent))
        return list(self.found)

    def run(self, operation: Operation[None]) -> None:
        try:
            step: Step = next(operation)
            while True:
                outcome = self.take(step)
                step = (
                    operation.throw(outcome)
                    if isinstance(outcome, OmniLinkError)
                    else operation.send(outcome)
                )
        except StopIteration:
            return

    def take(self, step: Step) -> Payload | OmniLinkError | None:
        if isinstance(step, Pause):
            return None
        assert isinstance(step, Request)
        self.asked.append(step)
        if (failure := self.failures.pop(len(self.asked), None)) is not None:
            return failure
        if isinstance(step, RequestExtendedObjectStatus) and step.object_type == self.never_answers:
            return SILENCE
        reply = self.driver.reply(step)
        self.snapshot.take_reply(Exchange(step, reply))
        return reply

    def asked_for(self, kind: type[object]) -> int:
        return sum(isinstance(request, kind) for request in self.asked)


@pytest.fixture(params=[(4, 0, 2), (2, 16, 0)], ids=["extended", "plain"])
def house(request: pytest.FixtureRequest) -> House:
    return House(request.param)


def test_every_kind_whose_changes_are_told_is_swept() -> None:
    house = House()
    house.sweep()
    notified = {kind for kind in ObjectType if OBJECT_TYPES[kind].notified}
    assert {kind for kind, number in house.highest.items() if number} == notified
    swept = {kind for kind, _ in house.snapshot.states()}
    assert swept == notified
    # Each reader has one lock: nothing else tells how many there are.
    locks = house.highest[ObjectType.ACCESS_CONTROL_READER_LOCK]
    assert locks == house.highest[ObjectType.ACCESS_CONTROL_READER]


def test_what_changed_unseen_is_found_and_marked(house: House) -> None:
    assert house.sweep() == []
    assert house.sweep() == []
    house.driver.house.zones[1].condition = ZoneCondition.NOT_READY
    house.driver.house.units[2].state = 0
    house.driver.house.areas[2].mode = SecurityMode.AWAY
    found = house.sweep()
    assert [(type(item.status), item.status.index) for item in found] == [
        (ZoneStatus, 1),
        # Of the area that is armed now.
        (ZoneStatus, 6),
        (UnitStatus, 2),
        (AreaStatus, 2),
    ]
    unit = found[2]
    assert isinstance(unit.status, UnitStatus)
    assert isinstance(unit.before, UnitStatus)
    assert (unit.before.state, unit.status.state) == (160, 0)
    assert house.sweep() == []


def zone(index: int, status: int, loop: int = 0) -> ZoneStatus:
    return ZoneStatus(index, status, loop)


def told(*records: ObjectStatusRecord) -> Exchange:
    kind = records[0].OBJECT_TYPE
    request = RequestObjectStatus(kind, records[0].index, records[-1].index)
    return Exchange(request, ObjectStatus(kind, records))


def pushed(*records: ObjectStatusRecord) -> Pushed:
    return unasked(ObjectStatus(records[0].OBJECT_TYPE, records).to_message())


def unasked(message: Message) -> Pushed:
    return Pushed(message, parse_notification(message))


def test_replies_and_notifications_count_in_the_order_in_which_they_come() -> None:
    found: list[MissedChange] = []
    snapshot = StatusSnapshot(found.append)
    snapshot.take_reply(told(zone(1, 0)))
    snapshot.take_notification(pushed(zone(1, 1)))
    snapshot.take_reply(told(zone(1, 1)))
    assert found == []
    snapshot.take_reply(told(zone(1, 0), zone(2, 1)))
    assert found == [MissedChange(zone(1, 0), zone(1, 1))]
    snapshot.take_notification(pushed(zone(2, 0)))
    assert snapshot.states()[ObjectType.ZONE, 2] == zone(2, 0)
    assert len(found) == 1


def test_a_reply_that_a_notification_has_overtaken_undoes_nothing() -> None:
    found: list[MissedChange] = []
    snapshot = StatusSnapshot(found.append)
    snapshot.take_reply(told(zone(1, 0), zone(2, 0)))
    snapshot.take_notification(pushed(zone(1, 1)))
    # Made before the notification, or after it? Only the next one tells.
    snapshot.take_reply(told(zone(1, 0), zone(2, 1)))
    assert found == [MissedChange(zone(2, 1), zone(2, 0))]
    assert snapshot.states()[ObjectType.ZONE, 1] == zone(1, 1)
    assert snapshot.doubtful() == ((ObjectType.ZONE, 1),)
    # Whoever asked was told otherwise.
    snapshot.take_reply(told(zone(1, 1)))
    assert snapshot.doubtful() == ()
    assert found[1:] == [MissedChange(zone(1, 1), zone(1, 0))]
    snapshot.take_notification(pushed(zone(1, 0)))
    # What tells of no object settles nothing.
    snapshot.take_reply(Exchange(EnableNotifications(1), Ack()))
    snapshot.take_reply(told(zone(1, 1)))
    snapshot.take_reply(told(zone(1, 1)))
    assert found[2:] == [MissedChange(zone(1, 1), zone(1, 0))]


def test_what_is_in_doubt_is_asked_for_at_the_end_of_the_sweep() -> None:
    house = House()
    house.sweep()
    house.driver.house.zones[1].condition = ZoneCondition.NOT_READY
    house.snapshot.take_notification(pushed(zone(1, 0x33)))
    assert [(item.status.index, item.status) for item in house.sweep()] == [
        (1, house.snapshot.states()[ObjectType.ZONE, 1])
    ]
    assert house.snapshot.doubtful() == ()
    last = house.asked[-1]
    assert isinstance(last, RequestExtendedObjectStatus)
    assert (last.object_type, last.first, last.last) == (ObjectType.ZONE, 1, 1)


def test_what_the_user_read_is_what_was_known() -> None:
    # Lost before the first sweep, or after a reply that nobody but its caller looked at.
    found: list[MissedChange] = []
    snapshot = StatusSnapshot(found.append)
    snapshot.take_reply(told(zone(1, 1)))
    snapshot.take_reply(told(zone(1, 0)))
    assert found == [MissedChange(zone(1, 0), zone(1, 1))]


def test_other_messages_tell_nothing() -> None:
    found: list[MissedChange] = []
    snapshot = StatusSnapshot(found.append)
    for message in (Message(0x01), Message(0x23), Message(0x3B, b"\x01"), Message(0x23, b"\xff\xff\xff")):
        try:
            reply = parse_message(message)
        except RemoteProtocolError:
            # What is malformed settles its request, and does not come up here; what has no type does.
            reply = RawMessage(message.type, message.data)
        snapshot.take_reply(Exchange(RequestObjectStatus(ObjectType.ZONE, 1, 1), reply))
        snapshot.take_notification(unasked(message))
    assert not snapshot.states()
    assert found == []


PAIRS: list[tuple[ObjectStatusRecord, ObjectStatusRecord, bool]] = [
    (zone(1, 0, 100), zone(1, 0, 130), True),
    (zone(1, 0), zone(1, 1), False),
    (UnitStatus(1, 1, 30), UnitStatus(1, 1, 10), True),
    (UnitStatus(1, 1, 30), UnitStatus(1, 1, 0), False),
    (UnitStatus(1, 1, 0, b"\0\x10"), UnitStatus(1, 1, 0, b"\0\x20"), True),
    (AreaStatus(1, 3, 0, 0, 20), AreaStatus(1, 3, 0, 0, 5), True),
    (AreaStatus(1, 3, 0, 0, 20), AreaStatus(1, 3, 0, 0, 0), False),
    (AreaStatus(1, 3, 0, 0, 0), AreaStatus(1, 1, 0, 0, 0), False),
    (AccessControlLockStatus(1, 1, 9), AccessControlLockStatus(1, 1, 4), True),
    (AccessControlLockStatus(1, 1, 9), AccessControlLockStatus(1, 0, 0), False),
    # The plain form tells less: what it does not tell is no change.
    (
        ThermostatStatus(1, 0, 120, 100, 130, 1, 0, 0),
        ThermostatStatus(1, 0, 120, 100, 130, 1, 0, 0, 90),
        True,
    ),
    (
        ThermostatStatus(1, 0, 120, 100, 130, 1, 0, 0, 80),
        ThermostatStatus(1, 0, 120, 100, 130, 1, 0, 0, 90),
        False,
    ),
    (AuxSensorStatus(1, 0, 100, 90, 110), AuxSensorStatus(1, 0, 101, 90, 110), False),
    (zone(1, 0), UnitStatus(1, 0, 0), False),
]


@each_row(("one", "other", "same"), PAIRS)
def test_what_counts_as_a_change(one: ObjectStatusRecord, other: ObjectStatusRecord, same: bool) -> None:
    assert one.same_state(other) is same
    assert other.same_state(one) is same
    assert one.same_state(one)


def test_timers_and_readings_are_fields() -> None:
    for kind in {type(record) for pair in PAIRS for record in pair[:2]}:
        names = {entry.name for entry in fields(kind)}  # type: ignore[arg-type]
        assert names >= kind.TIMERS | kind.READINGS


def test_a_request_that_goes_unanswered_is_made_again() -> None:
    house = House()
    house.sweep()
    asked = len(house.asked)
    house.driver.house.zones[1].condition = ZoneCondition.NOT_READY
    house.failures = {asked + 1: SILENCE, asked + 2: SILENCE}
    assert [item.status.index for item in house.sweep()] == [1]
    assert house.silent == set()


def test_a_full_queue_is_waited_for() -> None:
    house = House()
    house.sweep()
    house.driver.house.zones[1].condition = ZoneCondition.NOT_READY
    house.failures = {len(house.asked) + 1: LocalProtocolError("64 requests are waiting already")}
    assert [item.status.index for item in house.sweep()] == [1]


def test_a_kind_that_never_answers_keeps_nobody_waiting_for_long() -> None:
    house = House()
    house.never_answers = ObjectType.UNIT
    house.sweep()
    assert house.silent == {ObjectType.UNIT}
    before = house.asked_for(RequestExtendedObjectStatus)
    house.driver.house.zones[1].condition = ZoneCondition.NOT_READY
    assert [item.status.index for item in house.sweep()] == [1]
    later = house.asked_for(RequestExtendedObjectStatus) - before
    assert later < before
    house.never_answers = None
    house.sweep()
    assert house.silent == set()
    assert (ObjectType.UNIT, 1) in house.snapshot.states()


def test_a_kind_whose_capacity_was_not_told_is_asked_for_again() -> None:
    house = House()
    # Three times: as often as it is asked.
    house.failures = {2: SILENCE, 3: SILENCE, 4: SILENCE}
    house.sweep()
    assert ObjectType.ZONE not in house.highest
    house.sweep()
    assert house.highest[ObjectType.ZONE] > 0
    assert (ObjectType.ZONE, 1) in house.snapshot.states()
    asked = house.asked_for(RequestObjectTypeCapacities), house.asked_for(RequestSystemInformation)
    house.sweep()
    assert (house.asked_for(RequestObjectTypeCapacities), house.asked_for(RequestSystemInformation)) == asked


def test_a_kind_that_is_refused_is_passed_over() -> None:
    house = House()
    house.sweep()
    asked = len(house.asked)
    house.driver.house.units[2].state = 0
    refusals = [CommandFailedError("no")] * 2
    house.failures = dict(enumerate(refusals, start=asked + 1))
    assert [type(item.status) for item in house.sweep()] == [UnitStatus]


@each_row("number", range(1, 20))
def test_the_loss_of_the_session_ends_a_sweep(number: int) -> None:
    house = House()
    house.failures = {number: OmniConnectionError("lost")}
    with pytest.raises(OmniConnectionError):
        house.sweep()
    assert len(house.asked) == number
