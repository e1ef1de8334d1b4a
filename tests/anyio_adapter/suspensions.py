"""Cancelling a task at any one of its awaits."""

from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any, TypeVar

import anyio

__all__ = ["cancel_everywhere", "cancelled_at"]

_T = TypeVar("_T")


@coroutine
def _watched(work: Coroutine[Any, Any, _T], suspended: Callable[[], None]) -> Generator[Any, Any, _T]:
    """Run a coroutine step by step, whatever event loop it is on, and tell each time it is about to wait."""
    resume: Callable[[], Any] = partial(work.send, None)
    while True:
        try:
            trap = resume()
        except StopIteration as stop:
            result: _T = stop.value
            return result
        suspended()
        try:
            value = yield trap
        except BaseException as error:  # noqa: BLE001 - handed to the coroutine, which raises it again
            resume = partial(work.throw, error)
        else:
            resume = partial(work.send, value)


async def cancelled_at(step: int, work: Coroutine[Any, Any, object]) -> anyio.CancelScope:
    """Run a coroutine, cancelled when it waits for the ``step``-th time; return the scope that it ran in."""
    steps = 0

    def suspended() -> None:
        nonlocal steps
        if steps == step:
            scope.cancel()
        steps += 1

    with anyio.CancelScope() as scope:
        await _watched(work, suspended)
    return scope


async def cancel_everywhere(attempt: Callable[[int], Awaitable[anyio.CancelScope]], *, at_least: int) -> None:
    """Make attempts, each cancelled one await later, until one has fewer awaits than that.

    ``at_least`` so many have to end by their cancellation, or nothing was tested.
    """
    step = cancelled = 0
    while (scope := await attempt(step)).cancel_called:
        step += 1
        cancelled += scope.cancelled_caught
    assert cancelled >= at_least, cancelled
