"""A house under everything that can happen to it, in any order: what must hold whatever that was."""

import math
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from omnilink_sansio import CommandFailedError, LocalProtocolError, UserCode
from omnilink_sansio.commands import (
    COMMANDS,
    AcknowledgeAlerts,
    ActivateKeypadEmergency,
    Command,
    ExecuteSecurityCommand,
    RequestSecurityCodeValidation,
)
from omnilink_sansio.event_log import EventLogData, EventLogType, ReadEventRecord
from omnilink_sansio.events import UnknownNotification, parse_notification
from omnilink_sansio.objects import (
    AccessControlLockStatus,
    AreaStatus,
    ExtendedObjectStatus,
    ObjectStatus,
    ObjectStatusRecord,
    ObjectType,
    RelativeDirection,
    RequestExtendedObjectStatus,
    RequestObjectStatus,
    SecurityMode,
    UnitStatus,
    ZoneArming,
    ZoneStatus,
    ZoneType,
)
from omnilink_sansio.simulator import (
    ArmAtKeypad,
    CloseZone,
    OpenZone,
    PresentCard,
    RaiseAlarm,
    ResetAlarms,
    RunCommand,
    Stimulus,
)
from omnilink_sansio.simulator.timers import Timer
from omnilink_sansio.system import Ack, ControllerModel, EnableNotifications
from tests.simulator.driver import Driver
from tests.simulator.lively_house import (
    A_DAY,
    CODES,
    DEAF,
    EMERGENCIES,
    LISTENER,
    LOCK_OUT,
    LONGEST_DELAY,
    LONGEST_STEP,
    MODELS,
    NUMBERS,
    SIREN,
    WATCHED,
    ZONES,
    arming,
    at_consoles,
    at_zones,
    cards,
    commands,
    happenings,
    lively_house,
    seconds,
    zone_types,
    zones,
)
from tests.simulator.log_rules import LogRules


class HouseUnderTest(RuleBasedStateMachine):
    """A panel with a client that listens and one that does not; the rules are people, programs and the clock."""

    @initialize(
        model=st.sampled_from(MODELS),
        kinds=zone_types,
        options=st.lists(st.booleans(), min_size=ZONES, max_size=ZONES),
        auto_bypass=st.booleans(),
    )
    def begin(
        self, model: ControllerModel, kinds: list[ZoneType], options: list[bool], auto_bypass: bool
    ) -> None:
        self.house = lively_house(model, kinds, options, auto_bypass)
        self.driver = Driver(self.house, at_once=100)
        self.driver.connect(LISTENER)
        self.driver.connect(DEAF)
        self.driver.listen(LISTENER)
        self.known: dict[tuple[ObjectType, int], ObjectStatusRecord] = {}
        self.outdated: set[int] = set()
        self.is_listening = True
        self.last_logged = 0
        self.arms_at: dict[int, float] = {}
        self.is_untouched = False
        self.checked_at = self.driver.now
        self.log_rules = LogRules(self.house, self.asked())

    # What people, programs and the clock do.

    @rule(command=commands, peer=st.sampled_from([LISTENER, LISTENER, DEAF]))
    def send(self, command: RunCommand, peer: str) -> None:
        kind = command.command
        fits = COMMANDS[kind].accepts(command.parameter1, command.parameter2)
        try:
            self.driver.command(kind, command.parameter1, command.parameter2, peer)
        except CommandFailedError:
            return
        assert fits, "a command was acknowledged whose parameters mean nothing"
        self.command_was_carried_out(command)

    def command_was_carried_out(self, command: RunCommand) -> None:
        kind = command.command
        # The vendor's table has no line for a zone that is bypassed or restored on a Lumina.
        if kind in _ARMING or (kind in _BYPASSING and not self.house.is_lumina):
            self.log_rules.must_say(kind, command.parameter1, command.parameter2)
        if kind == Command.LOG_MESSAGE:
            self.log_rules.must_say(EventLogType.MESSAGE_LOGGED, 0, command.parameter2)

    @rule(happening=st.one_of(at_consoles, happenings))
    def happen(self, happening: Stimulus) -> None:
        try:
            self.driver.panel.happen(happening, self.driver.now)
        except LocalProtocolError:
            return
        finally:
            self.driver.pump()
        match happening:
            case RunCommand():
                self.command_was_carried_out(happening)
            case RaiseAlarm(alarm, area):
                self.log_rules.may_raise(area, alarm)
            case ResetAlarms(area):
                self.log_rules.may_reset(area)
            case ArmAtKeypad(area, mode):
                for number in NUMBERS.values():
                    self.log_rules.may_say(EventLogType.DISARMED + mode, number, area)

    @rule(happening=at_zones)
    def change_zone(self, happening: Stimulus) -> None:
        self.happen(happening)

    @rule(zone=zones, times=st.integers(1, 4))
    def swing(self, zone: int, times: int) -> None:
        """Let a zone open and close, again and again, and the siren fall silent in between."""
        for time in range(times):
            if time:
                self.all_is_well()
            self.happen(OpenZone(zone))
            self.all_is_well()
            self.happen(CloseZone(zone))
            self.all_is_well()
            self.wait(SIREN)

    @rule(mode=arming, area=st.integers(0, 2), left_open=zones, opened=zones)
    def arm_and_leave(self, mode: Command, area: int, left_open: int, opened: int) -> None:
        """Leave one zone open, arm, let another open later, and wait for what comes of it."""
        self.happen(OpenZone(left_open))
        self.all_is_well()
        self.send(RunCommand(mode, 1, area), DEAF)
        self.all_is_well()
        while self.delays():
            self.wait_for_the_end_of_a_delay()
            self.all_is_well()
        self.happen(OpenZone(opened))

    @precondition(lambda self: self.house.capacity(ObjectType.ACCESS_CONTROL_READER))
    @rule(card=cards)
    def present(self, card: PresentCard) -> None:
        self.driver.panel.happen(card, self.driver.now)
        self.driver.pump()
        known = self.house.codes.get(card.user)
        granted = known is not None and known.enabled
        event = EventLogType.ACCESS_GRANTED if granted else EventLogType.ACCESS_DENIED
        self.log_rules.must_say(event, card.user, card.reader)

    @rule(area=st.integers(1, 3), mode=st.sampled_from(SecurityMode), code=st.sampled_from(CODES))
    def arm_in_one_step(self, area: int, mode: SecurityMode, code: str) -> None:
        try:
            self.driver.ask(ExecuteSecurityCommand(area, mode, UserCode(code)), LISTENER)
        except CommandFailedError:
            return
        self.log_rules.must_say(EventLogType.DISARMED + mode, NUMBERS[code], area)

    @rule(area=st.integers(1, 2), code=st.sampled_from(CODES))
    def validate(self, area: int, code: str) -> None:
        self.driver.ask(RequestSecurityCodeValidation(area, UserCode(code)), DEAF)

    @rule(area=st.integers(0, 2))
    def acknowledge(self, area: int) -> None:
        self.driver.exchange(AcknowledgeAlerts(area), LISTENER)

    @rule(area=st.integers(1, 2), emergency=st.integers(0, 4))
    def press_emergency_keys(self, area: int, emergency: int) -> None:
        if self.driver.reply(ActivateKeypadEmergency(area, emergency), DEAF) == Ack():
            self.log_rules.may_raise(area, EMERGENCIES[emergency])

    @rule(seconds=seconds)
    def wait(self, seconds: float) -> None:
        self.is_untouched = self.only_time_goes_by()
        self.driver.advance(seconds)

    @rule()
    def wait_for_the_next_timer(self) -> None:
        due = self.driver.panel.next_timeout()
        if due is not None:
            self.is_untouched = self.only_time_goes_by()
            self.driver.advance(due - self.driver.now)

    def delays(self) -> list[float]:
        """Return when the delays that run are over."""
        kinds = (Timer.EXIT_DELAY, Timer.ENTRY_DELAY)
        ends = [self.house.timers.ends_at(kind, area) for kind in kinds for area in self.house.areas]
        return [end for end in ends if end is not None]

    @precondition(lambda self: self.delays())
    @rule()
    def wait_for_the_end_of_a_delay(self) -> None:
        self.wait(min(self.delays()) - self.driver.now)

    @rule(seconds=seconds)
    def come_late(self, seconds: float) -> None:
        """Let time go by in one step: what was due meanwhile happens at its own moment all the same."""
        self.is_untouched = self.only_time_goes_by()
        self.driver.now += seconds
        self.driver.panel.handle_timeout(self.driver.now)
        self.driver.pump()

    @rule(enabled=st.sampled_from([True, True, False]))
    def set_notifications(self, enabled: bool) -> None:
        self.hear()
        self.driver.ask(EnableNotifications(int(enabled)), LISTENER)
        self.hear()
        if enabled and not self.is_listening:
            # What happened meanwhile nobody will tell: it is asked for.
            self.known.clear()
            self.outdated.clear()
        self.is_listening = enabled

    def only_time_goes_by(self) -> bool:
        """Whether nothing is going to happen by itself that may arm or disarm: what a button does may."""
        return not any(self.house.timers.is_running(Timer.BUTTON, index) for index in self.house.buttons)

    # What must hold.

    @invariant()
    def all_is_well(self) -> None:
        # What is due at this very moment may not have been reported to the panel yet.
        self.driver.advance(0)
        self.hear()
        asked = self.asked()
        if self.is_listening:
            self.what_was_pushed_is_what_is_asked_for(asked)
        self.timers_are_bounded()
        self.areas_arm_exactly_on_time(asked)
        self.log_agrees_with_what_happened(asked)
        assert not self.driver.pushed(LISTENER), "asking is no change"
        assert not self.driver.pushed(DEAF), "who did not ask for notifications got one"
        self.memory_is_bounded()
        self.checked_at = self.driver.now
        # All of it was looked at; a run's thousands of replies would be looked through again and again.
        self.driver.forget()

    def asked(self) -> dict[tuple[ObjectType, int], ObjectStatusRecord]:
        """Return the status of everything that was told of so far, asked for now."""
        wanted: list[tuple[ObjectType, int, int]] = []
        for kind in WATCHED:
            last = min(self.house.capacity(kind), ZONES)
            farther = {index for known, index in self.known if known is kind and index > last}
            ranges = [(1, last)] if last else []
            wanted += [(kind, *span) for span in ranges + [(index, index) for index in sorted(farther)]]
        request = RequestExtendedObjectStatus if self.house.has_extended_status else RequestObjectStatus
        replies = self.driver.replies([request(*span) for span in wanted], LISTENER)
        found: dict[tuple[ObjectType, int], ObjectStatusRecord] = {}
        for (kind, first, last), reply in zip(wanted, replies, strict=True):
            assert isinstance(reply, ObjectStatus | ExtendedObjectStatus)
            assert [record.index for record in reply.records] == list(range(first, last + 1))
            for record in reply.records:
                assert isinstance(record, ObjectStatusRecord)
                found[kind, record.index] = record
        return found

    def hear(self) -> None:
        messages = self.driver.pushed(LISTENER)
        assert self.is_listening or not messages, "who disabled notifications got one"
        for message in messages:
            for told in parse_notification(message, self.house.model.family):
                assert not isinstance(told, UnknownNotification)
                if isinstance(told, ObjectStatusRecord):
                    self.take_in(told)

    def take_in(self, told: ObjectStatusRecord) -> None:
        before = self.known.get((told.OBJECT_TYPE, told.index))
        if isinstance(told, ZoneStatus):
            self.outdated.discard(told.index)
        if isinstance(told, AreaStatus) and isinstance(before, AreaStatus) and _armed(told) != _armed(before):
            # Real panels do not push the zones of an area that is armed or disarmed.
            self.outdated |= {index for index, zone in self.house.zones.items() if zone.area == told.index}
        self.known[told.OBJECT_TYPE, told.index] = told

    def what_was_pushed_is_what_is_asked_for(
        self, asked: dict[tuple[ObjectType, int], ObjectStatusRecord]
    ) -> None:
        for key, now in asked.items():
            told = self.known.setdefault(key, now)
            if told == now:
                continue
            outdated = key[0] is ObjectType.ZONE and key[1] in self.outdated
            assert _comparable(told, outdated) == _comparable(now, outdated), (
                f"pushed {told}, but it is {now}"
            )
            assert _seconds_left(told) >= _seconds_left(now) >= min(_seconds_left(told), 1)

    def timers_are_bounded(self) -> None:
        timers, now = self.house.timers, self.house.now
        due = self.house.next_timer()
        assert due is None or due > now
        for area, described in self.house.areas.items():
            assert timers.seconds_left(Timer.EXIT_DELAY, area, now) <= described.exit_delay
            longest = min(4 * described.entry_delay, LONGEST_DELAY)
            assert timers.seconds_left(Timer.ENTRY_DELAY, area, now) <= longest
            assert timers.seconds_left(Timer.DELAY_TICK, area, now) <= 1
            assert timers.seconds_left(Timer.SIREN, area, now) <= SIREN
            delays = (Timer.EXIT_DELAY, Timer.ENTRY_DELAY)
            assert not all(timers.is_running(timer, area) for timer in delays)
        assert timers.seconds_left(Timer.LOCK_OUT, 0, now) <= LOCK_OUT
        for unit in self.house.units:
            assert timers.seconds_left(Timer.UNIT, unit, now) <= A_DAY
            assert timers.seconds_left(Timer.RAMP, unit, now) <= 1
        for reader in self.house.readers:
            assert timers.seconds_left(Timer.DOOR, reader, now) <= A_DAY
        for thermostat in self.house.thermostats:
            assert timers.seconds_left(Timer.CLIMATE, thermostat, now) <= LONGEST_STEP

    def areas_arm_exactly_on_time(self, asked: dict[tuple[ObjectType, int], ObjectStatusRecord]) -> None:
        for status in asked.values():
            if not isinstance(status, AreaStatus):
                continue
            ends = self.house.timers.ends_at(Timer.EXIT_DELAY, status.index)
            assert status.is_arming is (ends is not None)
            if ends is not None:
                assert status.exit_timer == math.ceil(round(ends - self.driver.now, 6)) > 0
            # Neither a moment early nor late: while it is arming the moment stays, and at the moment it is armed.
            before = self.arms_at.pop(status.index, None)
            if before is not None and self.is_untouched:
                assert (ends == before) if self.driver.now < before else status.is_armed
            if ends is not None:
                begins_now = ends != before and self.driver.now == self.checked_at
                delay = self.house.areas[status.index].exit_delay
                assert not begins_now or ends == self.driver.now + delay
                self.arms_at[status.index] = ends
        self.is_untouched = False

    def log_agrees_with_what_happened(self, asked: dict[tuple[ObjectType, int], ObjectStatusRecord]) -> None:
        found: list[EventLogData] = []
        event = self.driver.ask(ReadEventRecord(0, RelativeDirection.PREVIOUS), DEAF)
        while event is not None and event.number > self.last_logged:
            found.insert(0, event)
            event = self.driver.ask(ReadEventRecord(event.number, RelativeDirection.PREVIOUS), DEAF)
        newest = found[-1].number if found else self.last_logged
        assert [event.number for event in found] == list(range(self.last_logged + 1, newest + 1))
        self.log_rules.check(found, asked)
        self.last_logged = newest

    def memory_is_bounded(self) -> None:
        assert not self.house.take_changes()
        assert len(self.house.log) <= self.house.facts.event_log
        for kind, objects in self.house.described():
            assert len(objects) <= self.house.capacity(kind)
        # Each kind of timer runs once for an object.
        most = 2 * self.house.capacity(ObjectType.UNIT) + 1000
        assert len(self.house.timers._running) <= most


_ARMING_BITS = 0x30
_BYPASSING = range(Command.BYPASS_ZONE, Command.RESTORE_ALL_ZONES + 1)
_ARMING = range(Command.SECURITY_OFF, Command.SECURITY_NIGHT_DELAYED + 1)


def _armed(status: AreaStatus) -> int:
    """Return how an area is armed: while the exit delay runs not yet."""
    return 0 if status.is_arming else status.mode


def _comparable(status: ObjectStatusRecord, outdated: bool) -> ObjectStatusRecord:
    """Return a status without what real panels do not push: the arming of zones, and timers other than delays."""
    match status:
        case ZoneStatus(arming=ZoneArming.ARMED | ZoneArming.DISARMED) if outdated:
            return replace(status, status=status.status & ~_ARMING_BITS)
        case UnitStatus() | AccessControlLockStatus():
            return replace(status, seconds_left=0)
    return status


def _seconds_left(status: ObjectStatusRecord) -> int:
    return status.seconds_left if isinstance(status, UnitStatus | AccessControlLockStatus) else 0


TestHouse = HouseUnderTest.TestCase
TestHouse.settings = settings(stateful_step_count=40)
