"""Nothing missed stays missed: over an emulated house, whatever is lost, overtaken, refused or left unanswered."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    CommandFailedError,
    LocalProtocolError,
    OmniLinkError,
    Payload,
    Request,
    RequestTimeoutError,
)
from omnilink_sansio.client import Exchange, Pushed
from omnilink_sansio.commands import turn_unit_off, turn_unit_on
from omnilink_sansio.events import parse_notification
from omnilink_sansio.objects import (
    ExtendedObjectStatus,
    ObjectStatus,
    ObjectStatusRecord,
    ObjectType,
    UnitStatus,
)
from omnilink_sansio.operations import Operation, Pause, Step, get_extended_status
from omnilink_sansio.simulator.timers import Timer
from omnilink_sansio.state import MissedChange, StatusSnapshot, find_highest_numbers, sweep_status
from tests.simulator.driver import Driver

UNITS = 4
"""Units that change in these tests, from number 1."""

SMALL_HOUSE = {ObjectType.ZONE: 6, ObjectType.UNIT: 48, ObjectType.AREA: 2, ObjectType.THERMOSTAT: 2}
"""As much of the house as shows everything: several kinds, and one whose states do not fit into one reply.

The whole house has 1,103 objects, and so many requests to a sweep that failures among the first twelve never reach
most kinds.
"""

Key = tuple[ObjectType, int]

SILENCE = RequestTimeoutError("request", 5.0, 1)
FULL = LocalProtocolError("64 requests are waiting already")


class Watcher:
    """One who knows only what is told: by notifications, and by what a sweep marks as missed."""

    def __init__(
        self, firmware: tuple[int, int, int], highest: Mapping[ObjectType, int] | None = None
    ) -> None:
        self.driver = Driver()
        self.driver.house.firmware = firmware
        self.driver.connect("watcher")
        self.driver.connect("other")
        self.driver.listen("watcher")
        self.known: dict[Key, ObjectStatusRecord] = {}
        self.missed: list[MissedChange] = []
        self.snapshot = StatusSnapshot(self.tell)
        self.highest: dict[ObjectType, int] = {}
        if highest is not None:
            # Kinds of which there are none are not asked for.
            self.highest = dict.fromkeys(ObjectType, 0) | dict(highest)
        self.silent: set[ObjectType] = set()
        self.failures: list[OmniLinkError | None] = []
        """What the next requests end with; None: with a reply."""
        self.between: Callable[[Payload], None] | None = None
        """Called with the next status reply before it arrives, once."""
        self.sweep()
        self.known = dict(self.snapshot.states())

    def tell(self, change: MissedChange) -> None:
        self.missed.append(change)
        self.known[change.status.OBJECT_TYPE, change.status.index] = change.status

    def deliver(self) -> None:
        """Let what the panel pushed arrive."""
        for message in self.driver.pushed("watcher"):
            pushed = Pushed(message, parse_notification(message))
            self.snapshot.take_notification(pushed)
            for status in pushed.notifications:
                if isinstance(status, ObjectStatusRecord):
                    self.known[status.OBJECT_TYPE, status.index] = status

    def lose(self) -> None:
        """Let it get lost."""
        self.driver.pushed("watcher")

    def switch(self, unit: int, is_on: bool) -> None:
        """Have somebody else switch a unit, of which the panel tells."""
        self.driver.ask(turn_unit_on(unit) if is_on else turn_unit_off(unit), "other")

    def sweep(self) -> None:
        self.run(find_highest_numbers(self.highest))
        self.run(sweep_status(self.snapshot, self.highest, self.silent))

    def run(self, operation: Operation[object]) -> None:
        try:
            step = next(operation)
            while True:
                try:
                    reply = self.take(step)
                except OmniLinkError as error:
                    step = operation.throw(error)
                else:
                    step = operation.send(reply)
        except StopIteration:
            return

    def take(self, step: Step) -> Payload | None:
        if isinstance(step, Pause):
            return None
        assert isinstance(step, Request)
        if self.failures and (failure := self.failures.pop(0)) is not None:
            raise failure
        reply = self.driver.reply(step, "watcher")
        if self.between is not None and isinstance(reply, ObjectStatus | ExtendedObjectStatus):
            act, self.between = self.between, None
            act(reply)
        self.snapshot.take_reply(Exchange(step, reply))
        return reply

    def truth(self) -> dict[Key, ObjectStatusRecord]:
        """Return how things are, read by somebody else."""
        found: dict[Key, ObjectStatusRecord] = {}
        for kind, number in self.highest.items():
            if number:
                operation = get_extended_status(kind, 1, number)
                try:
                    step = next(operation)
                    while True:
                        assert isinstance(step, Request)
                        step = operation.send(self.driver.reply(step, "other"))
                except StopIteration as stop:
                    found |= {(kind, status.index): status for status in stop.value}
        return found

    def knows_the_truth(self) -> bool:
        truth = self.truth()
        assert set(truth) == set(self.known)
        return all(status.same_state(self.known[key]) for key, status in truth.items())


@pytest.fixture(params=[(4, 0, 2), (2, 16, 0)], ids=["extended", "plain"])
def watcher(request: pytest.FixtureRequest) -> Watcher:
    return Watcher(request.param)


def switches() -> st.SearchStrategy[tuple[int, bool]]:
    return st.tuples(st.integers(1, UNITS), st.booleans())


@pytest.mark.parametrize("firmware", [(4, 0, 2), (2, 16, 0)], ids=["extended", "plain"])
@given(
    changes=st.lists(st.tuples(switches(), st.sampled_from(["told", "lost", "late"])), max_size=8),
    during=st.none()
    | st.tuples(switches(), st.sampled_from(["overtakes", "overtakes and is lost", "after"])),
    failures=st.lists(st.sampled_from([None, None, None, SILENCE, FULL]), max_size=12),
)
def test_after_a_sweep_one_who_was_told_everything_knows_everything(
    firmware: tuple[int, int, int],
    changes: list[tuple[tuple[int, bool], str]],
    during: tuple[tuple[int, bool], str] | None,
    failures: list[OmniLinkError | None],
) -> None:
    watcher = Watcher(firmware, SMALL_HOUSE)
    for (unit, is_on), how in changes:
        watcher.switch(unit, is_on)
        if how == "told":
            watcher.deliver()
        elif how == "lost":
            watcher.lose()
    watcher.deliver()
    if during is not None:
        (unit, is_on), how = during

        def act(_: Payload) -> None:
            watcher.switch(unit, is_on)
            if how == "overtakes":
                watcher.deliver()
            elif how == "overtakes and is lost":
                watcher.lose()

        watcher.between = act
    watcher.failures = list(failures)
    watcher.sweep()
    watcher.deliver()
    # What failed so often that it was passed over, or changed unseen behind the sweep's back, the next one finds.
    watcher.failures = []
    watcher.sweep()
    assert watcher.snapshot.doubtful() == ()
    assert watcher.knows_the_truth()
    watcher.missed.clear()
    watcher.sweep()
    assert watcher.missed == []


def test_what_a_push_told_in_time_is_no_missed_change(watcher: Watcher) -> None:
    for unit in range(1, UNITS + 1):
        watcher.switch(unit, is_on=False)
        watcher.switch(unit, is_on=True)
        watcher.deliver()
    watcher.sweep()
    assert watcher.missed == []
    assert watcher.knows_the_truth()


def test_what_was_lost_is_marked_with_what_was_known(watcher: Watcher) -> None:
    watcher.switch(2, is_on=False)
    watcher.deliver()
    watcher.switch(2, is_on=True)
    watcher.lose()
    watcher.sweep()
    (change,) = watcher.missed
    assert isinstance(change.status, UnitStatus)
    assert isinstance(change.before, UnitStatus)
    assert (change.before.is_on, change.status.is_on) == (False, True)


def test_a_push_between_two_replies_wins_over_the_older_one(watcher: Watcher) -> None:
    watcher.switch(2, is_on=False)
    watcher.deliver()

    # The reply has been made when the unit is switched, and arrives after the push.
    def act(_: Payload) -> None:
        watcher.switch(1, is_on=True)
        watcher.switch(2, is_on=True)
        watcher.deliver()

    def wait_for_units(reply: Payload) -> None:
        if reply.encode()[:1] == b"\x02":
            act(reply)
        else:
            watcher.between = wait_for_units

    watcher.between = wait_for_units
    watcher.sweep()
    # What the older reply said is told of neither; that the newer one is right is told at most once more.
    units = watcher.driver.house.units
    assert len(watcher.missed) <= 2
    for change in watcher.missed:
        assert isinstance(change.status, UnitStatus)
        assert change.status.state == units[change.status.index].state
    assert watcher.knows_the_truth()


def test_a_change_that_was_undone_unseen_is_none(watcher: Watcher) -> None:
    watcher.switch(2, is_on=False)
    watcher.deliver()
    watcher.switch(2, is_on=True)
    watcher.switch(2, is_on=False)
    watcher.lose()
    watcher.sweep()
    assert watcher.missed == []


def test_a_running_timer_is_no_change(watcher: Watcher) -> None:
    watcher.driver.house.timers.start(Timer.UNIT, 2, watcher.driver.now + 100.0)
    watcher.sweep()
    assert [change.status.index for change in watcher.missed] == [2]
    left = watcher.snapshot.states()[ObjectType.UNIT, 2]
    watcher.missed.clear()
    watcher.driver.advance(60.0)
    watcher.sweep()
    assert watcher.missed == []
    later = watcher.snapshot.states()[ObjectType.UNIT, 2]
    assert isinstance(left, UnitStatus)
    assert isinstance(later, UnitStatus)
    assert (left.seconds_left, later.seconds_left) == (100, 40)


def test_a_kind_that_is_refused_for_once_is_swept_the_next_time(watcher: Watcher) -> None:
    watcher.driver.house.units[2].state ^= 1
    watcher.failures = [CommandFailedError("no")] * 40
    watcher.sweep()
    assert watcher.missed == []
    watcher.failures = []
    watcher.sweep()
    assert [change.status.index for change in watcher.missed] == [2]
