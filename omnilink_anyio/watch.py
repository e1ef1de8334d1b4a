"""Watching a descriptor and the clock for one connection: no task for it on asyncio, one on trio.

A watch calls functions of its owner's: when there is something to read, when there is room to write (only while
that is asked for), and when a time has come. They must not wait, nor raise.
"""

import asyncio
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from omnilink_anyio.background import is_trio, start_in_background

if TYPE_CHECKING:
    import trio

__all__ = ["Calls", "Watch", "new_watch"]


class Calls(NamedTuple):
    """What a watch calls."""

    readable: Callable[[], None]
    writable: Callable[[], None]
    due: Callable[[], None]


class Watch(ABC):
    """Watches one descriptor, or none: then the clock alone."""

    @abstractmethod
    def start(self) -> None:
        """Begin. Raises `NotImplementedError` where this event loop cannot watch descriptors."""

    @abstractmethod
    def set_due(self, due: float | None) -> None:
        """Call ``due`` by then, on anyio's clock; one that comes earlier anyway is left alone, and None too."""

    @abstractmethod
    def watch_room(self, *, wanted: bool) -> None:
        """Call ``writable`` from now on whenever there is room to write, or not any more."""

    @abstractmethod
    def stop(self) -> None:
        """End; the descriptor may be closed then. Nothing is called any more."""


def new_watch(descriptor: int | None, calls: Calls) -> Watch:
    """Return a watch for the event loop that the caller runs on."""
    return _TrioWatch(descriptor, calls) if is_trio() else _AsyncioWatch(descriptor, calls)


def _of_asyncio() -> Context:
    """Return a context in which whoever asks what runs it learns that it is asyncio: callbacks have no task."""
    context = copy_context()
    sniffio = sys.modules.get("sniffio")
    if sniffio is not None:
        context.run(sniffio.current_async_library_cvar.set, "asyncio")
    return context


class _AsyncioWatch(Watch):
    __slots__ = ("_at", "_calls", "_context", "_descriptor", "_loop", "_timer", "_watches_room")

    def __init__(self, descriptor: int | None, calls: Calls) -> None:
        self._loop = asyncio.get_running_loop()
        self._context = _of_asyncio()
        self._descriptor = descriptor
        self._calls = calls
        self._timer: asyncio.TimerHandle | None = None
        self._at = inf
        self._watches_room = False

    def start(self) -> None:
        if self._descriptor is not None:
            self._context.run(self._loop.add_reader, self._descriptor, self._calls.readable)

    def set_due(self, due: float | None) -> None:
        if due is None or due >= self._at:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._at = due
        self._timer = self._loop.call_at(due, self._ring, context=self._context)

    def _ring(self) -> None:
        self._timer, self._at = None, inf
        self._calls.due()

    def watch_room(self, *, wanted: bool) -> None:
        if self._descriptor is None or wanted == self._watches_room:
            return
        self._watches_room = wanted
        if wanted:
            self._context.run(self._loop.add_writer, self._descriptor, self._calls.writable)
        else:
            self._loop.remove_writer(self._descriptor)

    def stop(self) -> None:
        self.watch_room(wanted=False)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._at = -inf
        if self._descriptor is not None:
            self._loop.remove_reader(self._descriptor)
            self._descriptor = None


class _TrioWatch(Watch):
    __slots__ = ("_at", "_calls", "_descriptor", "_is_over", "_scope", "_watches_room")

    def __init__(self, descriptor: int | None, calls: Calls) -> None:
        self._descriptor = descriptor
        self._calls = calls
        self._at = inf
        self._watches_room = self._is_over = False
        self._scope: trio.CancelScope | None = None

    def start(self) -> None:
        start_in_background(self._run)

    async def _run(self) -> None:
        import trio

        now = trio.current_time
        while not self._is_over:
            is_readable = is_writable = False
            # Closed by its owner: `stop` has been called, or is about to be.
            with trio.CancelScope(deadline=self._at) as self._scope, suppress(trio.ClosedResourceError):
                if self._descriptor is None:
                    await trio.sleep_forever()
                elif self._watches_room:
                    is_readable, is_writable = await _either(self._descriptor)
                else:
                    await trio.lowlevel.wait_readable(self._descriptor)
                    is_readable = True
            if is_readable and not self._is_over:
                self._calls.readable()
            if is_writable and not self._is_over:
                self._calls.writable()
            if now() >= self._at and not self._is_over:
                self._at = inf
                self._calls.due()

    def set_due(self, due: float | None) -> None:
        if due is None or due >= self._at:
            return
        self._at = due
        if self._scope is not None:
            self._scope.deadline = due

    def watch_room(self, *, wanted: bool) -> None:
        if wanted != self._watches_room:
            self._watches_room = wanted
            self._stir()

    def stop(self) -> None:
        self._is_over = True
        self._stir()

    def _stir(self) -> None:
        if self._scope is not None:
            self._scope.cancel()


async def _either(descriptor: int) -> tuple[bool, bool]:
    """Return whether a descriptor is readable, and whether it is writable, as soon as it is one of them."""
    import trio

    found = [False, False]
    waits = (trio.lowlevel.wait_readable, trio.lowlevel.wait_writable)

    async def wait(which: int) -> None:
        await waits[which](descriptor)
        found[which] = True
        both.cancel_scope.cancel()

    async with trio.open_nursery() as both:
        both.start_soon(wait, 0)
        both.start_soon(wait, 1)
    return found[0], found[1]
