"""Notifications as an asynchronous iterator."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from types import TracebackType
from typing import Generic, Self, TypeVar

import anyio
import anyio.lowlevel

from omnilink_sansio.errors import OmniConnectionError, OmniLinkError
from omnilink_sansio.session.event_queue import EventQueue, EventsLost
from omnilink_sansio.wire import Message

__all__ = ["EventStream"]

_T = TypeVar("_T", covariant=True)

_log = logging.getLogger("omnilink.anyio")


class EventStream(Generic[_T]):
    """What a controller sends unasked, in order: ``async for event in stream``.

    It has a queue of its own and collects from the moment it is made. A consumer that falls behind gets
    `EventsLost` in place of the oldest events. When the session ends it yields what is queued, then raises the
    error of that end, or stops when the end was asked for. Close it, or use it as a context manager, when you
    need it no longer.
    """

    def __init__(
        self,
        translate: Callable[[Message], Iterable[_T]],
        unregister: Callable[["EventStream[object]"], None],
        ready: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._queue: EventQueue[_T] = EventQueue()
        self._translate = translate
        self._unregister = unregister
        self._ready = ready
        self._wake = anyio.Event()
        self._ended = False
        self._error: OmniConnectionError | None = None

    def put(self, message: Message) -> None:
        """Queue what a message tells."""
        try:
            events = tuple(self._translate(message))
        except Exception:  # noqa: BLE001 - whatever it is, the session goes on
            _log.exception("what an iterator is for failed to read %r", message)
            return
        for event in events:
            self._queue.put(event)
        self._wake.set()

    def end(self, error: OmniConnectionError | None) -> None:
        """Let the iteration end after what is queued, with the error if there is one."""
        self._ended = True
        self._error = error
        self._wake.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> _T | EventsLost:
        await self._begin()
        # Before an event is taken: one that a cancellation catches on its way out would be lost.
        await anyio.lowlevel.checkpoint()
        while True:
            event = self._queue.get()
            if event is not None:
                return event
            if self._error is not None:
                raise type(self._error)(str(self._error)) from self._error
            if self._ended:
                raise StopAsyncIteration
            # Tasks may share the iterator: an event that others wait for already is not replaced.
            if self._wake.is_set():
                self._wake = anyio.Event()
            await self._wake.wait()

    async def _begin(self) -> None:
        if self._ready is not None:
            try:
                await self._ready()
            except OmniLinkError:
                # A session that is over tells of its end in its own way, after what is queued.
                if not self._ended:
                    raise
            self._ready = None

    async def __aenter__(self) -> Self:
        await self._begin()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Collect no more; iteration ends after what is queued."""
        self._unregister(self)
        self.end(None)
