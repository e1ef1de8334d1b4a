"""The upkeep held against a model, whatever its steps end with: what is done in which order, and what is told."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from omnilink_sansio import (
    CommandFailedError,
    EndReason,
    Framing,
    InvalidEncryptionKeyError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    Request,
    RequestTimeoutError,
    SessionHistory,
)
from omnilink_sansio.client import (
    AwaitEnd,
    Connect,
    ConnectionLost,
    Disconnect,
    LinkEvent,
    Pushed,
    Reconnected,
    Reconnecting,
    ReconnectLoop,
    ReconnectPolicy,
    ReconnectStep,
    StartNotifications,
    loss,
    notifications_of,
    offline_error,
    unexpected_failure,
)
from omnilink_sansio.events import parse_notification
from omnilink_sansio.objects import ObjectStatus, UnitStatus
from omnilink_sansio.operations import Pause
from omnilink_sansio.session.end_reasons import END_REASONS
from omnilink_sansio.state import MissedChange
from tests.rows import each_row

EVEN = 0.5

NEVER_OPENED = [
    EndReason.UNREACHABLE,
    EndReason.PORT_CLOSED,
    EndReason.REFUSED,
    EndReason.WRONG_KEY,
    EndReason.VERSION,
    EndReason.SESSION_ID,
    EndReason.HANDSHAKE_TERMINATED,
    EndReason.HANDSHAKE_LOST,
    EndReason.HANDSHAKE_TIMEOUT,
    EndReason.KEY_UNANSWERED,
    EndReason.HANDSHAKE_FAULT,
]
LOSSES = [EndReason.TERMINATED, EndReason.LOST, EndReason.SILENT, EndReason.FAULT]
UNANSWERED = [
    RequestTimeoutError("request", 5.0, 1),
    OutcomeUnknownError("request", OutcomeCause.TIMEOUT),
    CommandFailedError("no"),
]


def an_error(end: EndReason) -> OmniConnectionError:
    kind = (END_REASONS[end].error if end in END_REASONS else None) or OmniConnectionError
    return kind(end.value, end)


class UpkeepModel(RuleBasedStateMachine):
    """Drives an upkeep one step at a time, and knows by itself what it is to do and tell."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.told: list[Pushed | LinkEvent] = []
        self.goes_online = 0
        self.is_connected = self.is_online = self.is_over = False
        self.was_lost = self.key_proved = False
        self.tries = self.wrong_keys = 0
        self.since: float | None = None
        """When the session came online that is to be left."""
        self.raised: OmniLinkError | None = None
        self.lost: OmniLinkError | None = None
        """What a try or a session ended with, until it is left."""
        self.expected: list[type[object]] = []
        """What is to be told, but for missed changes and notifications."""
        self.policy = ReconnectPolicy(quick_tries=2, settled_after=60.0, longest_wait=40.0, jitter=0.0)
        self.loop = ReconnectLoop(
            self.policy,
            framing=Framing.STREAM,
            history=lambda: SessionHistory(key_proved=self.key_proved),
            report=self.told.append,
            online=self._online,
            clock=lambda: self.now,
            random=lambda: EVEN,
        )
        self.steps = self.loop.run()
        self.step: ReconnectStep | None = next(self.steps)

    def _online(self) -> None:
        self.goes_online += 1

    def _go_on(self, outcome: OmniLinkError | None = None) -> None:
        try:
            if isinstance(outcome, OmniLinkError):
                self.step = self.steps.throw(outcome)
            else:
                self.step = self.steps.send(None)
        except OmniLinkError as error:
            self.step, self.is_over = None, True
            self.raised = error

    def _is(self, kind: type[object]) -> bool:
        return isinstance(self.step, kind)

    @precondition(lambda self: self._is(Connect))
    @rule(outcome=st.sampled_from([None, None, *NEVER_OPENED]))
    def connect(self, outcome: EndReason | None) -> None:
        assert not self.is_connected
        self.is_connected = True
        self.key_proved |= outcome is None
        self.lost = None if outcome is None else an_error(outcome)
        self._go_on(self.lost)
        if outcome is None:
            assert self.step == StartNotifications()
        else:
            assert isinstance(self.step, Disconnect)

    @precondition(lambda self: self._is(StartNotifications))
    @rule(outcome=st.sampled_from([None, None, None, *UNANSWERED, *LOSSES]))
    def enable(self, outcome: OmniLinkError | EndReason | None) -> None:
        assert self.is_connected
        before = self.goes_online
        if isinstance(outcome, EndReason):
            self.lost = an_error(outcome)
            self._go_on(self.lost)
        else:
            self.lost = outcome
            self._go_on(outcome)
        if outcome is None:
            self.is_online = True
            self.since = self.now
            if self.was_lost:
                self.expected.append(Reconnected)
        assert self.goes_online == before + (outcome is None)

    @precondition(lambda self: self._is(Request))
    @rule(outcome=st.sampled_from([*UNANSWERED, *LOSSES]))
    def sweep(self, outcome: OmniLinkError | EndReason) -> None:
        assert self.is_online
        if isinstance(outcome, EndReason):
            self._lose(outcome)
        else:
            self._go_on(outcome)
            assert not isinstance(self.step, Disconnect)

    @precondition(lambda self: self._is(AwaitEnd))
    @rule(lasted=st.sampled_from([1.0, 59.0, 60.0, 1e6]), end=st.sampled_from([None, *LOSSES]))
    def wait(self, lasted: float, end: EndReason | None) -> None:
        assert self.is_online
        assert self.step == AwaitEnd(self.policy.sweep_every)
        self.now += lasted
        if end is None:
            self._go_on()
            assert isinstance(self.step, Request)
        else:
            self._lose(end)

    def _lose(self, end: EndReason) -> None:
        self.is_online = False
        self.expected.append(ConnectionLost)
        self.lost = an_error(end)
        self._go_on(self.lost)
        assert isinstance(self.step, Disconnect)
        lost = self.told[-1]
        assert isinstance(lost, ConnectionLost)
        assert lost.retrying
        assert lost.error is not None
        assert lost.error.end is end

    @precondition(lambda self: self._is(Disconnect))
    @rule()
    def leave(self) -> None:
        assert self.is_connected
        self.is_connected = False
        error, since, self.since = self.lost, self.since, None
        assert error is not None
        self.tries = (
            1 if since is not None and self.now - since >= self.policy.settled_after else self.tries + 1
        )
        end = error.end if isinstance(error, OmniConnectionError) else None
        self.wrong_keys = self.wrong_keys + 1 if end is EndReason.WRONG_KEY else 0
        is_busy = end is EndReason.REFUSED
        # Once the key was proved neither is for good, but for the third wrong key in a row.
        if self.key_proved and (end is EndReason.VERSION or 0 < self.wrong_keys < 3):
            is_busy = True
        is_final = end in (EndReason.WRONG_KEY, EndReason.VERSION) and not is_busy
        is_first = since is None and not self.was_lost
        self._go_on()
        assert self.is_over is (is_final or is_first)
        if self.is_over:
            assert self.raised is error
            return
        assert isinstance(self.step, Pause)
        judged = an_error(EndReason.REFUSED) if is_busy else an_error(EndReason.LOST)
        assert self.step.seconds == self.policy.wait(judged, self.tries, EVEN)
        self.expected.append(Reconnecting)
        told = self.told[-1]
        assert isinstance(told, Reconnecting)
        assert told.seconds == self.step.seconds
        self.was_lost = True

    @precondition(lambda self: self._is(Pause))
    @rule(kicked=st.booleans())
    def pause(self, kicked: bool) -> None:
        # A full queue is waited for in a sweep, too.
        self.now += 0.0 if kicked else self.step.seconds if isinstance(self.step, Pause) else 0.0
        self._go_on()
        assert isinstance(self.step, Connect | Request)

    @precondition(lambda self: self.is_online)
    @rule(index=st.integers(1, 3), state=st.integers(0, 2))
    def push(self, index: int, state: int) -> None:
        message = ObjectStatus(UnitStatus.OBJECT_TYPE, (UnitStatus(index, state, 0),)).to_message()
        pushed = Pushed(message, parse_notification(message))
        self.loop.take_notification(pushed)
        assert self.told[-1] is pushed

    @invariant()
    def tells_what_it_should(self) -> None:
        told = [type(event) for event in self.told if not isinstance(event, Pushed | MissedChange)]
        assert told == self.expected

    @precondition(lambda self: self.is_over)
    @rule()
    def stay_away(self) -> None:
        assert next(self.steps, None) is None
        assert not self.is_connected

    def teardown(self) -> None:
        self.steps.close()


TestUpkeep = UpkeepModel.TestCase
TestUpkeep.settings = settings(stateful_step_count=60)


def test_closing_it_at_any_step_does_nothing_more() -> None:
    for steps in range(12):
        told: list[Pushed | LinkEvent] = []
        loop = ReconnectLoop(
            ReconnectPolicy(retry_first=True),
            framing=Framing.STREAM,
            history=lambda: SessionHistory(key_proved=True),
            report=told.append,
            online=lambda: None,
            clock=lambda: 0.0,
            random=lambda: EVEN,
        )
        run = loop.run()
        step = next(run)
        for _ in range(steps):
            step = run.throw(an_error(EndReason.LOST)) if isinstance(step, Request) else run.send(None)
        before = list(told)
        run.close()
        assert told == before


# What is told of errors.


@each_row("end", [end for end in EndReason if end in END_REASONS])
def test_what_a_call_between_sessions_raises_says_why_there_is_none_and_what_to_do(end: EndReason) -> None:
    error = an_error(end)
    between = offline_error(error)
    assert type(between) is type(error)
    assert between.end is end
    assert str(between) == f"there is no session now ({error}): wait for Reconnected, or check_now()"
    assert between.__cause__ is error


def test_a_loss_is_told_by_its_own_error_or_by_one_that_names_what_gave_it_up() -> None:
    lost = an_error(EndReason.LOST)
    assert loss(lost) is lost
    refused = CommandFailedError("no")
    told = loss(refused)
    assert str(told) == "the session was given up: no"
    assert told.end is None
    assert told.__cause__ is refused


def test_a_keeper_that_fails_says_by_what_and_what_to_do() -> None:
    broken = ZeroDivisionError("by zero")
    failed = unexpected_failure(broken)
    assert "ZeroDivisionError('by zero')" in str(failed)
    assert "make a new client" in str(failed)
    assert failed.__cause__ is broken


def test_events_are_read_as_they_are_and_messages_by_what_they_tell() -> None:
    lost = ConnectionLost(None)
    assert notifications_of(lost) == (lost,)
    status = UnitStatus(1, 1, 0)
    message = ObjectStatus(UnitStatus.OBJECT_TYPE, (status, status)).to_message()
    assert notifications_of(Pushed(message, parse_notification(message))) == (status, status)


def test_a_wrong_key_after_one_that_fitted_counts_only_in_a_row() -> None:
    told: list[Pushed | LinkEvent] = []
    loop = ReconnectLoop(
        ReconnectPolicy(jitter=0.0),
        framing=Framing.STREAM,
        history=lambda: SessionHistory(key_proved=True),
        report=told.append,
        online=lambda: None,
        clock=lambda: 0.0,
        random=lambda: EVEN,
    )
    wrong, lost = an_error(EndReason.WRONG_KEY), an_error(EndReason.HANDSHAKE_TIMEOUT)
    ends = [an_error(EndReason.LOST), wrong, wrong, lost, wrong, wrong, lost, wrong, wrong, wrong]
    run = loop.run()

    def to_the_end() -> None:
        step, is_first = next(run), True
        while True:
            if isinstance(step, StartNotifications):
                step, is_first = run.send(None), False
            elif isinstance(step, Request) or (isinstance(step, Connect) and not is_first):
                step = run.throw(ends.pop(0))
            else:
                step = run.send(None)

    with pytest.raises(InvalidEncryptionKeyError):
        to_the_end()
    assert ends == []
