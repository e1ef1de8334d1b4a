"""Cancelling a task at any one of its awaits."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from contextlib import AbstractAsyncContextManager
from types import coroutine
from typing import Any, TypeVar

import anyio

__all__ = ["cancel_everywhere", "cancelled_at"]

_T = TypeVar("_T")


@coroutine
def _watched(
    work: Coroutine[Any, Any, _T], suspended: Callable[[], None]
) -> Generator[Any, Any, _T]:
    """Run a coroutine step by step, whatever event loop it is on, and tell each time it is about to wait."""
    resume: Callable[[], Any] = lambda: work.send(None)
    while True:
        try:
            trap = resume()
        except StopIteration as stop:
            result: _T = stop.value
            return result
        suspended()
        try:
            value = yield trap
        except BaseException as error:
            resume = lambda error=error: work.throw(error)  # noqa: E731
        else:
            resume = lambda value=value: work.send(value)  # noqa: E731


async def cancelled_at(step: int, work: Coroutine[Any, Any, object]) -> bool:
    """Run a coroutine, cancel it when it waits for the ``step``-th time, and return whether it was cancelled."""
    steps = 0

    def suspended() -> None:
        nonlocal steps
        if steps == step:
            scope.cancel()
        steps += 1

    with anyio.CancelScope() as scope:
        await _watched(work, suspended)
    return scope.cancelled_caught


async def cancel_everywhere(attempt: Callable[[int], Awaitable[bool]], *, at_least: int) -> None:
    """Make attempts, each cancelled one await later, until one comes through.

    An attempt returns whether it was cancelled. ``at_least`` so many have to be, or nothing was tested.
    """
    step = 0
    while await attempt(step):
        step += 1
    assert step >= at_least
