"""Tasks that belong to nobody's scope: what a connection needs that any task may open and any other may close."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

__all__ = ["clock", "is_trio", "start_in_background"]

_tasks: set[asyncio.Task[None]] = set()
"""Asyncio itself keeps none of them alive."""


def is_trio() -> bool:
    """Whether the caller is run by trio; otherwise it is asyncio, whose loop may even be trio's host."""
    trio = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_run())


def clock() -> Callable[[], float]:
    """Return anyio's clock, as quick as the event loop's own."""
    if is_trio():
        import trio

        return trio.current_time
    return asyncio.get_running_loop().time


def start_in_background(job: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a function, which must raise nothing, in a task that ends by itself, or with the event loop."""
    if is_trio():
        import trio

        trio.lowlevel.spawn_system_task(job)
        return
    task = asyncio.get_running_loop().create_task(job())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
