"""Staying connected, without clock, socket or panel: when to try again, what is done in which order, and told."""

import math
from collections.abc import Callable
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    CommandFailedError,
    EndReason,
    Framing,
    InvalidEncryptionKeyError,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    Request,
    RequestTimeoutError,
    SessionHistory,
    SessionRefusedError,
)
from omnilink_sansio.client import (
    RETRIES,
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
    Retry,
    StartNotifications,
)
from omnilink_sansio.operations import Pause
from omnilink_sansio.state import MissedChange
from tests.rows import each_row

LOST = OmniConnectionError("lost", EndReason.LOST)
WRONG_KEY = InvalidEncryptionKeyError("wrong", EndReason.WRONG_KEY)
VERSION = OmniConnectionError("version 2", EndReason.VERSION)
BUSY = SessionRefusedError("busy", EndReason.REFUSED)
EVEN = 0.5
"""The random number that leaves every wait as it is."""


def an_error(end: EndReason) -> OmniConnectionError:
    return OmniConnectionError(end.value, end)


# The policy.


def test_every_end_has_a_row() -> None:
    assert set(RETRIES) == set(EndReason)
    never = {end for end, retry in RETRIES.items() if retry is Retry.NEVER}
    assert never == {EndReason.CLOSED, EndReason.OFFERED, EndReason.WRONG_KEY, EndReason.VERSION}
    assert [end for end, retry in RETRIES.items() if retry is Retry.WHEN_FREE] == [EndReason.REFUSED]


def test_a_few_quick_tries_then_longer_and_longer_waits_up_to_the_longest() -> None:
    policy = ReconnectPolicy()
    waits = [policy.wait(LOST, tries, EVEN) for tries in range(1, 12)]
    assert waits == [1, 1, 1, 5, 10, 12, 12, 12, 12, 12, 12]
    assert policy.wait(LOST, 11, 1.0) == policy.longest_wait == 15


@each_row("end", EndReason)
def test_an_end_is_judged_by_its_row(end: EndReason) -> None:
    policy = ReconnectPolicy()
    expected = {Retry.SOON: 1.0, Retry.WHEN_FREE: 60.0, Retry.NEVER: None}
    assert policy.wait(an_error(end), 1, EVEN) == expected[RETRIES[end]]


def test_busy_waits_for_the_slot_however_often() -> None:
    assert {ReconnectPolicy().wait(BUSY, tries, EVEN) for tries in (1, 5, 1000)} == {60.0}


def test_what_names_no_end_is_tried_again() -> None:
    for error in (OmniConnectionError("?"), RequestTimeoutError("request", 5.0, 1), CommandFailedError("no")):
        assert ReconnectPolicy().wait(error, 1, EVEN) == 1.0


@given(
    tries=st.integers(1, 10**9),
    random=st.floats(0, 1),
    jitter=st.floats(0, 0.99),
    factor=st.floats(1, 1e6),
    end=st.sampled_from([end for end in EndReason if RETRIES[end] is not Retry.NEVER]),
)
def test_no_wait_is_nothing_or_longer_than_the_longest(
    tries: int, random: float, jitter: float, factor: float, end: EndReason
) -> None:
    policy = ReconnectPolicy(jitter=jitter, factor=factor)
    even, wait = policy.wait(an_error(end), tries, EVEN), policy.wait(an_error(end), tries, random)
    assert even is not None
    assert wait is not None
    longest = policy.busy_wait * (1 + jitter) if end is EndReason.REFUSED else policy.longest_wait
    assert 0 < even <= longest
    assert even * (1 - jitter) - 1e-9 <= wait <= min(even * (1 + jitter) + 1e-9, longest)


@pytest.mark.parametrize("random", [0.0, 1.0])
def test_the_jitter_is_a_share_of_the_wait(random: float) -> None:
    policy = ReconnectPolicy(jitter=0.25)
    assert policy.wait(LOST, 4, random) == 5 * (0.75 if random == 0 else 1.25)


@each_row(
    "wrong",
    [
        {"quick_tries": -1},
        {"quick_wait": 0},
        {"first_wait": 0},
        {"longest_wait": -1},
        {"busy_wait": 0},
        {"factor": 0.5},
        {"jitter": 1},
        {"jitter": -0.1},
        {"settled_after": -1},
        {"sweep_every": -1},
        *({entry.name: math.nan} for entry in fields(ReconnectPolicy)),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(LocalProtocolError, match="a reconnect policy has"):
        ReconnectPolicy(**wrong)  # type: ignore[arg-type]


# What is done, in which order.


class Runner:
    """Carries out an upkeep's steps as a test has planned, on a clock of its own."""

    def __init__(self, policy: ReconnectPolicy | None = None, framing: Framing = Framing.STREAM) -> None:
        self.now = 1000.0
        self.told: list[Pushed | LinkEvent] = []
        self.online = 0
        self.key_proved = False
        """Whether a session was ever open."""
        self.done: list[object] = []
        self.loop = ReconnectLoop(
            policy or ReconnectPolicy(),
            framing=framing,
            history=lambda: SessionHistory(key_proved=self.key_proved),
            report=self.told.append,
            online=self._go_online,
            clock=lambda: self.now,
            random=lambda: EVEN,
        )

    def _go_online(self) -> None:
        self.online += 1

    def run(self, carry_out: Callable[["Runner", object], OmniLinkError | None], most: int) -> None:
        """Run so many steps, or to the end."""
        steps = self.loop.run()
        step = next(steps)
        for _ in range(most):
            self.done.append(step)
            outcome = carry_out(self, step)
            if isinstance(step, Pause):
                self.now += step.seconds
            if isinstance(step, Connect) and outcome is None:
                self.key_proved = True
            step = steps.throw(outcome) if isinstance(outcome, OmniLinkError) else steps.send(outcome)
        steps.close()

    @property
    def kinds(self) -> list[type[object]]:
        """What was done but for requests of a sweep."""
        return [type(step) for step in self.done if not isinstance(step, Request)]


def acknowledged(step: object) -> OmniLinkError | None:
    """Let notifications be started, refuse all that is asked."""
    return CommandFailedError("no") if isinstance(step, Request) else None


def sessions(
    *ends: tuple[float, OmniLinkError],
) -> Callable[[Runner, object], OmniLinkError | None]:
    """Plan sessions that last so long and end so; those that last 0 seconds are never opened."""
    planned = list(ends)

    def carry_out(runner: Runner, step: object) -> OmniLinkError | None:
        if isinstance(step, AwaitEnd) or (isinstance(step, Connect) and not planned[0][0]):
            lasts, error = planned.pop(0)
            runner.now += lasts
            return error
        return acknowledged(step)

    return carry_out


def test_the_order_of_things() -> None:
    runner = Runner()
    with pytest.raises(InvalidEncryptionKeyError):
        runner.run(
            sessions((100, LOST), (0, LOST), (100, LOST), (0, WRONG_KEY), (0, WRONG_KEY), (0, WRONG_KEY)),
            1000,
        )
    session = [Connect, StartNotifications, AwaitEnd, Disconnect]
    failed = [Connect, Disconnect]
    assert runner.kinds == [*session, Pause, *failed, Pause, *session, Pause, *[*failed, Pause] * 2, *failed]
    assert runner.told == [
        ConnectionLost(LOST, retrying=True),
        Reconnecting(1.0, LOST),
        Reconnecting(1.0, LOST),
        Reconnected(),
        ConnectionLost(LOST, retrying=True),
        Reconnecting(1.0, LOST),
        # A key that has fitted may be refused by a controller that restarts: it is wrong at the third time.
        Reconnecting(60.0, WRONG_KEY),
        Reconnecting(60.0, WRONG_KEY),
    ]
    assert runner.online == 2


def test_a_wrong_key_at_first_stops_at_once() -> None:
    for policy in (ReconnectPolicy(), ReconnectPolicy(retry_first=True)):
        runner = Runner(policy)
        with pytest.raises(InvalidEncryptionKeyError):
            runner.run(sessions((0, WRONG_KEY)), 100)
        assert runner.kinds == [Connect, Disconnect]
        assert runner.told == []


@pytest.mark.parametrize("framing", Framing)
def test_another_version_at_first_stops_at_once(framing: Framing) -> None:
    runner = Runner(ReconnectPolicy(retry_first=True), framing)
    with pytest.raises(OmniConnectionError):
        runner.run(sessions((0, VERSION)), 100)
    assert runner.kinds == [Connect, Disconnect]
    assert runner.told == []


@pytest.mark.parametrize(
    ("framing", "error"),
    [(Framing.STREAM, VERSION), (Framing.DATAGRAM, VERSION), (Framing.DATAGRAM, WRONG_KEY)],
)
def test_once_the_key_is_proved_what_anybody_can_send_is_not_for_good(
    framing: Framing, error: OmniConnectionError
) -> None:
    runner = Runner(framing=framing)
    tries = 20
    runner.run(sessions((100, LOST), *[(0.0, error)] * tries, (100, LOST)), 4 + 3 * tries)
    assert [event for event in runner.told if isinstance(event, Reconnecting)] == [
        Reconnecting(1.0, LOST),
        # As long as for a controller that is busy: it may be restarting.
        *[Reconnecting(60.0, error)] * (len(runner.told) - 2),
    ]
    assert len(runner.told) > tries


def test_on_a_stream_the_third_wrong_key_in_a_row_is_for_good() -> None:
    runner = Runner(framing=Framing.STREAM)
    ends = [(100.0, LOST), (0.0, WRONG_KEY), (0.0, WRONG_KEY), (0.0, VERSION), *[(0.0, WRONG_KEY)] * 3]
    with pytest.raises(InvalidEncryptionKeyError):
        runner.run(sessions(*ends), 1000)
    waits = [event.seconds for event in runner.told if isinstance(event, Reconnecting)]
    assert waits == [1.0, *[60.0] * 5]


def test_what_is_wrong_at_first_is_raised_unless_the_policy_says_otherwise() -> None:
    runner = Runner()
    with pytest.raises(SessionRefusedError):
        runner.run(sessions((0, BUSY)), 100)
    patient = Runner(ReconnectPolicy(retry_first=True))
    with pytest.raises(InvalidEncryptionKeyError):
        patient.run(sessions((0, BUSY), (100, LOST), (0, WRONG_KEY), (0, WRONG_KEY), (0, WRONG_KEY)), 1000)
    assert patient.told[:2] == [Reconnecting(60.0, BUSY), Reconnected()]


def test_tries_count_anew_after_a_session_that_lasted() -> None:
    short = (10, LOST)
    runner = Runner(ReconnectPolicy(settled_after=60))
    with pytest.raises(InvalidEncryptionKeyError):
        runner.run(
            sessions(
                short,
                short,
                short,
                short,
                short,
                (60, LOST),
                short,
                (0, WRONG_KEY),
                (0, WRONG_KEY),
                (0, WRONG_KEY),
            ),
            10000,
        )
    waits = [event.seconds for event in runner.told if isinstance(event, Reconnecting)]
    assert waits == [1, 1, 1, 5, 10, 1, 1, 60, 60]


def test_the_root_of_a_loss_is_told_not_the_request_that_met_it() -> None:
    runner = Runner()
    met = OmniConnectionError("no reply will come", EndReason.LOST)
    met.__cause__ = LOST

    def carry_out(runner: Runner, step: object) -> OmniLinkError | None:
        if isinstance(step, Connect) and runner.online:
            return WRONG_KEY
        return met if isinstance(step, AwaitEnd) else acknowledged(step)

    with pytest.raises(OmniConnectionError):
        runner.run(carry_out, 100)
    assert runner.told[0] == ConnectionLost(LOST, retrying=True)


def test_a_controller_that_does_not_enable_notifications_is_left_and_tried_again() -> None:
    runner = Runner(ReconnectPolicy(retry_first=True))
    silence = OutcomeUnknownError("EnableNotifications", OutcomeCause.TIMEOUT)

    def carry_out(_: Runner, step: object) -> OmniLinkError | None:
        return silence if isinstance(step, StartNotifications) else None

    runner.run(carry_out, 12)
    assert runner.kinds == [Connect, *[StartNotifications] * 3, Disconnect, Pause] * 2
    assert runner.told == [Reconnecting(1.0, silence)] * 2
    assert runner.online == 0


def test_an_answer_that_is_lost_does_not_cost_the_session() -> None:
    runner = Runner()
    answers = [OutcomeUnknownError("EnableNotifications", OutcomeCause.TIMEOUT)] * 2

    def carry_out(_: Runner, step: object) -> OmniLinkError | None:
        return answers.pop() if isinstance(step, StartNotifications) and answers else acknowledged(step)

    runner.run(carry_out, 50)
    assert runner.online == 1
    assert runner.kinds[:4] == [Connect, *[StartNotifications] * 3]


@pytest.mark.parametrize("refusal", [CommandFailedError("no"), OutcomeUnknownError("it", OutcomeCause.LOSS)])
def test_a_refusal_and_a_loss_are_not_asked_again(refusal: OmniLinkError) -> None:
    runner = Runner(ReconnectPolicy(retry_first=True))

    def carry_out(_: Runner, step: object) -> OmniLinkError | None:
        return refusal if isinstance(step, StartNotifications) else None

    runner.run(carry_out, 4)
    assert runner.kinds == [Connect, StartNotifications, Disconnect, Pause]


def test_a_session_is_swept_now_and_then_and_whenever_the_wait_ends() -> None:
    for seconds, awaited in ((900.0, 900.0), (0.0, None)):
        runner = Runner(ReconnectPolicy(sweep_every=seconds))
        runner.run(lambda _, step: acknowledged(step), 200)
        waits = [step for step in runner.done if isinstance(step, AwaitEnd)]
        assert len(waits) > 10
        assert set(waits) == {AwaitEnd(awaited)}


_MOST_STEPS = 150


# One byte decides a step's outcome: a draw for each step takes longer than all else.
@given(retry_first=st.booleans(), outcomes=st.binary(min_size=_MOST_STEPS, max_size=_MOST_STEPS))
def test_whatever_happens_every_loss_is_told_once_and_every_connection_is_left(
    retry_first: bool, outcomes: bytes
) -> None:
    failures = [LOST, BUSY, WRONG_KEY, RequestTimeoutError("request", 5.0, 1), CommandFailedError("no")]
    runner = Runner(ReconnectPolicy(retry_first=retry_first))
    bytes_left = iter(outcomes)

    def carry_out(runner: Runner, step: object) -> OmniLinkError | None:
        if isinstance(step, Pause | Disconnect):
            return None
        rest, kind = divmod(next(bytes_left), 4)
        if isinstance(step, AwaitEnd):
            runner.now += 100.0 if kind & 1 else 1.0
            return LOST if kind & 2 else None
        if kind == 3:
            error = failures[rest % len(failures)]
            # A session cannot be busy, nor its key wrong.
            return (
                LOST
                if isinstance(step, Request | StartNotifications) and error in (BUSY, WRONG_KEY)
                else error
            )
        return acknowledged(step)

    try:
        runner.run(carry_out, _MOST_STEPS)
    except OmniLinkError as error:
        assert type(runner.done[-1]) is Disconnect
        gave_up = isinstance(error, InvalidEncryptionKeyError)
        assert gave_up or (runner.told == [] and runner.online == 0)
    connected = False
    for step in runner.done:
        if isinstance(step, Connect):
            assert not connected
            connected = True
        elif isinstance(step, Disconnect):
            assert connected
            connected = False
        elif isinstance(step, AwaitEnd | StartNotifications):
            assert connected
    events = [event for event in runner.told if not isinstance(event, Pushed)]
    assert sum(isinstance(event, ConnectionLost) for event in events) in (runner.online, runner.online - 1)
    told_of = [type(event) for event in events if not isinstance(event, MissedChange)]
    is_up = False
    before: type[object] | None = None
    for kind in told_of:
        if kind is ConnectionLost:
            assert before in (None, Reconnected)
            is_up = False
        elif kind is Reconnecting:
            assert before is not Reconnected
            assert not is_up
        else:
            assert before is Reconnecting
            is_up = True
        before = kind
