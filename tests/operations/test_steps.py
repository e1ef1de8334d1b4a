"""The steps that operations are made of: asking, waiting, and having a connection for oneself."""

import pytest

from omnilink_sansio import (
    CommandFailedError,
    LeaseEndedError,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    Payload,
    RequestTimeoutError,
    parse_message,
)
from omnilink_sansio.commands import turn_unit_on
from omnilink_sansio.operations import Lease, Operation, Pause, Release, Step, ask, leased, pause
from omnilink_sansio.system import Ack, Nak, RequestSystemInformation
from tests.operations.scripted import ScriptLine, follow
from tests.rows import each_row
from tests.session.peers import INFORMATION

INFORMATION_REQUEST = RequestSystemInformation()
INFORMED: ScriptLine = (INFORMATION_REQUEST, INFORMATION)
SWITCHED: ScriptLine = (turn_unit_on(1), Ack())
TAKEN: ScriptLine = (Lease(), None)
RELEASED: ScriptLine = (Release(), None)
ENDED = LeaseEndedError()


def two_steps() -> Operation[str]:
    """Ask what it is, wait, and switch a unit on."""
    information = yield from ask(INFORMATION_REQUEST)
    yield from pause(0.5)
    yield from ask(turn_unit_on(1))
    return information.model_name


def test_asking_is_sent_the_parsed_reply_and_returns_its_content() -> None:
    asking = ask(INFORMATION_REQUEST)
    assert next(asking) == INFORMATION_REQUEST
    with pytest.raises(StopIteration) as stop:
        asking.send(parse_message(INFORMATION))
    assert stop.value.value == parse_message(INFORMATION)


def test_asking_raises_what_its_reply_or_its_end_means() -> None:
    with pytest.raises(CommandFailedError):
        follow(ask(turn_unit_on(1)), [(turn_unit_on(1), Nak())])
    silence = RequestTimeoutError("request", 5.0, 1)
    with pytest.raises(RequestTimeoutError) as caught:
        follow(ask(INFORMATION_REQUEST), [(INFORMATION_REQUEST, silence)])
    assert caught.value is silence


def test_a_request_that_is_sent_no_reply_is_its_performers_mistake() -> None:
    asking = ask(INFORMATION_REQUEST)
    next(asking)
    with pytest.raises(LocalProtocolError, match="the reply to its request, not None"):
        asking.send(None)


def test_a_leased_operation_is_made_after_its_lease_is_granted_and_released_at_its_end() -> None:
    made: list[int] = []

    def make() -> Operation[str]:
        made.append(1)
        return two_steps()

    operation = leased(make)
    assert next(operation) == Lease()
    assert made == []
    operation.close()
    assert made == []
    lines: list[ScriptLine] = [TAKEN, INFORMED, (Pause(0.5), None), SWITCHED, RELEASED]
    assert follow(leased(make), lines) == "Omni Pro II"
    assert made == [1]


@each_row("answered", range(3))
def test_a_lease_that_ends_has_the_operation_made_anew_under_another(answered: int) -> None:
    made: list[int] = []

    def make() -> Operation[str]:
        made.append(1)
        return two_steps()

    steps: list[ScriptLine] = [INFORMED, (Pause(0.5), None), SWITCHED]
    # Twice: the second lease is no better than the first.
    broken: list[ScriptLine] = [TAKEN, *steps[:answered], (steps[answered][0], ENDED)]
    # Nothing is given back that is over already.
    assert follow(leased(make), [*broken, *broken, TAKEN, *steps, RELEASED]) == "Omni Pro II"
    assert made == [1, 1, 1]


@each_row(
    "error",
    [
        CommandFailedError("no"),
        RequestTimeoutError("request", 5.0, 1),
        OutcomeUnknownError("request", OutcomeCause.TIMEOUT),
        OmniConnectionError("lost"),
    ],
)
def test_a_leased_operation_that_fails_gives_its_lease_back_and_fails(error: OmniLinkError) -> None:
    with pytest.raises(type(error)) as caught:
        follow(leased(two_steps), [TAKEN, INFORMED, (Pause(0.5), None), (turn_unit_on(1), error), RELEASED])
    assert caught.value is error


def test_a_lease_that_is_not_granted_says_why_and_nothing_is_made_or_released() -> None:
    lost = OmniConnectionError("lost")

    def make() -> Operation[str]:
        raise AssertionError("made without a lease")

    with pytest.raises(OmniConnectionError) as caught:
        follow(leased(make), [(Lease(), lost)])
    assert caught.value is lost


@each_row("steps", range(5))
def test_a_leased_operation_that_is_closed_asks_for_nothing_more(steps: int) -> None:
    # Whoever performs it gives its lease back then.
    closed: list[str] = []

    def watched() -> Operation[str]:
        try:
            return (yield from two_steps())
        finally:
            closed.append("inner")

    replies: dict[Step, Payload] = {INFORMATION_REQUEST: parse_message(INFORMATION), turn_unit_on(1): Ack()}
    operation = leased(watched)
    step: Step = next(operation)
    for _ in range(steps):
        step = operation.send(replies.get(step))
    operation.close()
    assert next(operation, None) is None
    assert closed == ([] if steps == 0 else ["inner"])
