"""Driving an operation by hand: what it asks is recorded; a function, a script or an emulated house answers."""

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from omnilink_sansio import (
    LocalProtocolError,
    Message,
    MessageRecord,
    OmniLinkError,
    Payload,
    RemoteProtocolError,
    Request,
    parse_message,
)
from omnilink_sansio.operations import Operation, Pause, Step
from tests.simulator.driver import Driver

_T = TypeVar("_T")

_MOST = 2000
"""Requests: more than any operation on a house of 511 objects needs."""

Answer: TypeAlias = Message | OmniLinkError
"""A reply, or what the request ends with instead."""

Panel: TypeAlias = Callable[[Request[object]], Answer]
"""Answers a request."""

ScriptLine: TypeAlias = tuple[Step, Answer | MessageRecord | None]
"""What an operation is to ask, and what comes of it; None is what comes of a pause."""


def _see_through(operation: Operation[_T], take: Callable[[Step], Answer | Payload | None]) -> _T:
    """Do what every adapter does: send the parsed reply in, or throw the error in, to the operation's end."""
    try:
        step = next(operation)
        while True:
            try:
                if isinstance(step, Request):
                    # A request that cannot be encoded is never sent.
                    step.to_message()
                answer = take(step)
                outcome = parse_message(answer) if isinstance(answer, Message) else answer
            except (LocalProtocolError, RemoteProtocolError) as error:
                outcome = error
            step = operation.throw(outcome) if isinstance(outcome, OmniLinkError) else operation.send(outcome)
    except StopIteration as stop:
        result: _T = stop.value
        return result


def run(
    operation: Operation[_T],
    panel: Panel,
    asked: list[Request[object]] | None = None,
    pauses: list[float] | None = None,
    most: int = _MOST,
) -> _T:
    """Run an operation to its end against a panel; ``asked`` and ``pauses`` are given what it asked and waited."""
    asked = [] if asked is None else asked
    pauses = [] if pauses is None else pauses

    def take(step: Step) -> Answer | None:
        assert len(asked) + len(pauses) < most, "the operation does not come to an end"
        if isinstance(step, Pause):
            pauses.append(step.seconds)
            return None
        assert isinstance(step, Request)
        asked.append(step)
        return panel(step)

    return _see_through(operation, take)


def follow(operation: Operation[_T], script: Sequence[ScriptLine]) -> _T:
    """Run an operation along a script: it has to ask exactly this, in this order, and nothing more or less.

    That the script was followed to its end is checked when the operation fails, too.
    """
    lines = list(script)

    def take(step: Step) -> Answer | None:
        assert lines, f"asks {step!r} after the end of the script"
        expected, answer = lines.pop(0)
        assert step == expected
        return answer.to_message() if isinstance(answer, MessageRecord) else answer

    try:
        return _see_through(operation, take)
    finally:
        assert not lines, f"ended before {lines[0][0]!r}"


def run_on_house(operation: Operation[_T], driver: Driver, asked: list[Step] | None = None) -> _T:
    """Run an operation against an emulated panel in memory, its pauses in virtual time."""
    asked = [] if asked is None else asked

    def take(step: Step) -> OmniLinkError | Payload | None:
        asked.append(step)
        if isinstance(step, Pause):
            driver.advance(step.seconds)
            return None
        assert isinstance(step, Request)
        try:
            return driver.reply(step)
        except LocalProtocolError as error:
            raise AssertionError("it could be encoded, but not sent") from error
        except OmniLinkError as error:
            return error

    return _see_through(operation, take)


def errors_at_each_step(
    operation: Callable[[], Operation[_T]], panel: Panel, error: OmniLinkError
) -> list[OmniLinkError | _T]:
    """Run an operation again and again, the error being thrown in at its first step, its second, and so on.

    Returns what came of each run, up to the first that came to its end without having met the error.
    """
    outcomes: list[OmniLinkError | _T] = []
    met = True
    while met:
        met = False
        asked: list[Request[object]] = []

        def failing(request: Request[object], asked: list[Request[object]] = asked) -> Answer:
            nonlocal met
            if len(asked) == len(outcomes) + 1:
                met = True
                return error
            return panel(request)

        try:
            outcomes.append(run(operation(), failing, asked))
        except OmniLinkError as raised:
            outcomes.append(raised)
    return outcomes[:-1]


def closes_at_each_step(operation: Callable[[], Operation[object]], panel: Panel) -> int:
    """Close an operation at its first step, its second, and so on; return how many steps it has.

    Fails when it asks for anything more, or raises, once it is closed.
    """
    for steps in range(_MOST):
        closed = operation()
        try:
            step = next(closed)
            for _ in range(steps):
                answer = panel(step) if isinstance(step, Request) else None
                assert not isinstance(answer, OmniLinkError)
                step = closed.send(None if answer is None else parse_message(answer))
        except StopIteration:
            return steps
        closed.close()
        assert next(closed, None) is None
    raise AssertionError("the operation does not come to an end")
