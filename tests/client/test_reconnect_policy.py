"""When the next try comes, for any numbers: held against a plain model of the policy."""

import math
from dataclasses import fields

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from omnilink_sansio import (
    CommandFailedError,
    EndReason,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    RequestTimeoutError,
)
from omnilink_sansio.client import RETRIES, ReconnectPolicy, Retry
from omnilink_sansio.session.end_reasons import END_REASONS
from tests.rows import each_row

EVEN = 0.5
"""The random number that leaves every wait as it is."""

RETRIED = {
    EndReason.UNREACHABLE,
    EndReason.PORT_CLOSED,
    EndReason.TERMINATED,
    EndReason.LOST,
    EndReason.SILENT,
    EndReason.FAULT,
    EndReason.REFUSED,
    EndReason.SESSION_ID,
    EndReason.HANDSHAKE_TERMINATED,
    EndReason.HANDSHAKE_LOST,
    EndReason.HANDSHAKE_TIMEOUT,
    EndReason.KEY_UNANSWERED,
    EndReason.HANDSHAKE_FAULT,
}

waits = st.floats(1e-3, 1e6)

policies = st.builds(
    ReconnectPolicy,
    quick_tries=st.integers(0, 20),
    quick_wait=waits,
    first_wait=waits,
    factor=st.floats(1, 100),
    longest_wait=waits,
    jitter=st.floats(0, 0.99),
    busy_wait=waits,
)


def an_error(end: EndReason) -> OmniConnectionError:
    kind = (END_REASONS[end].error if end in END_REASONS else None) or OmniConnectionError
    return kind(end.value, end)


LOST = an_error(EndReason.LOST)
BUSY = an_error(EndReason.REFUSED)


def model(policy: ReconnectPolicy, tries: int) -> float:
    """Return the wait before a try after a loss, without jitter."""
    if tries <= policy.quick_tries:
        return policy.quick_wait
    try:
        wait = policy.first_wait * policy.factor ** (tries - policy.quick_tries - 1)
    except OverflowError:
        wait = math.inf
    return min(wait, policy.longest_wait / (1 + policy.jitter))


@each_row("end", EndReason)
def test_every_end_is_tried_again_or_is_not(end: EndReason) -> None:
    wait = ReconnectPolicy().wait(an_error(end), 1, EVEN)
    assert (wait is not None) is (end in RETRIED)
    assert (RETRIES[end] is Retry.NEVER) is (end not in RETRIED)


@given(policy=policies, tries=st.integers(1, 2000))
def test_the_waits_are_those_of_the_model(policy: ReconnectPolicy, tries: int) -> None:
    assert policy.wait(LOST, tries, EVEN) == pytest.approx(model(policy, tries))


@given(policy=policies, tries=st.integers(1, 500), random=st.floats(0, 1))
def test_the_random_share_stays_within_the_jitter_and_the_longest_wait(
    policy: ReconnectPolicy, tries: int, random: float
) -> None:
    even, wait = policy.wait(LOST, tries, EVEN), policy.wait(LOST, tries, random)
    assert even is not None
    assert wait is not None
    assert wait > 0
    shared = even * (1 + policy.jitter * (2 * random - 1))
    if tries > policy.quick_tries:
        shared = min(shared, policy.longest_wait)
    assert wait == pytest.approx(shared)


@given(policy=policies, tries=st.integers(1, 100))
def test_the_waits_do_not_pile_up_at_the_longest_one(policy: ReconnectPolicy, tries: int) -> None:
    assume(tries > policy.quick_tries and policy.jitter > 0.01)
    shared = [policy.wait(LOST, tries, random) or 0.0 for random in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert len(set(shared)) == len(shared)
    assert shared[-1] <= policy.longest_wait


@given(policy=policies, tries=st.integers(1, 100))
def test_the_random_share_grows_with_the_random_number(policy: ReconnectPolicy, tries: int) -> None:
    shared = [policy.wait(LOST, tries, random) or 0.0 for random in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert shared == sorted(shared)


@given(policy=policies)
def test_the_waits_of_the_backoff_never_get_shorter(policy: ReconnectPolicy) -> None:
    first = policy.quick_tries + 1
    backoff = [policy.wait(LOST, tries, EVEN) or 0.0 for tries in range(first, first + 50)]
    assert backoff == sorted(backoff)
    assert backoff[-1] <= policy.longest_wait


@given(policy=policies, tries=st.integers(1, 10**12), random=st.floats(0, 1))
def test_a_busy_controller_is_waited_for_as_long_as_the_policy_says(
    policy: ReconnectPolicy, tries: int, random: float
) -> None:
    share = 1 + policy.jitter * (2 * random - 1)
    assert policy.wait(BUSY, tries, random) == pytest.approx(policy.busy_wait * share)


@each_row("tries", [10**3, 10**6, 10**12, 10**30])
@each_row("factor", [1.0, 1.5, 2.0, 1e6, math.inf])
def test_no_number_of_tries_is_too_high(tries: int, factor: float) -> None:
    assert ReconnectPolicy(factor=factor).wait(LOST, tries, EVEN) == (5.0 if factor == 1 else 12.0)


def test_waits_without_end_are_waits() -> None:
    policy = ReconnectPolicy(
        quick_wait=math.inf, first_wait=math.inf, longest_wait=math.inf, busy_wait=math.inf
    )
    assert policy.wait(LOST, 1, 0.0) == math.inf
    assert policy.wait(LOST, 10**6, 1.0) == math.inf
    assert policy.wait(BUSY, 1, EVEN) == math.inf


@pytest.mark.parametrize(
    "error",
    [
        OmniConnectionError("no end is named"),
        RequestTimeoutError("request", 5.0, 1),
        CommandFailedError("no"),
        OutcomeUnknownError("EnableNotifications", OutcomeCause.TIMEOUT),
    ],
)
def test_what_names_no_end_is_tried_again_soon(error: OmniLinkError) -> None:
    assert ReconnectPolicy().wait(error, 1, EVEN) == 1.0


@pytest.mark.parametrize("tries", [0, 1, 3])
def test_there_are_as_many_quick_tries_as_were_asked_for(tries: int) -> None:
    policy = ReconnectPolicy(quick_tries=tries)
    assert [policy.wait(LOST, number, EVEN) for number in range(1, tries + 2)] == [*[1.0] * tries, 5.0]


def test_a_policy_is_a_value() -> None:
    assert ReconnectPolicy() == ReconnectPolicy()
    assert len({ReconnectPolicy(), ReconnectPolicy(), ReconnectPolicy(jitter=0.0)}) == 2
    with pytest.raises(AttributeError):
        ReconnectPolicy().jitter = 1.0  # type: ignore[misc]


@each_row("name", [entry.name for entry in fields(ReconnectPolicy) if entry.name != "retry_first"])
def test_each_number_is_checked(name: str) -> None:
    for wrong in (math.nan, -1):
        with pytest.raises(LocalProtocolError, match="a reconnect policy has"):
            ReconnectPolicy(**{name: wrong})  # type: ignore[arg-type]
