"""Notifications as an asynchronous iterator, and by plain callbacks."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

import anyio
import anyio.lowlevel

from omnilink_sansio.client.event_queue import ConnectionLost, EventsLost
from omnilink_sansio.client.listeners import Listeners, QueuedListener, Subscriber
from omnilink_sansio.errors import OmniLinkError

__all__ = [
    "EventStream",
]

_S = TypeVar("_S")
_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

_log = logging.getLogger("omnilink.anyio")


class Answer(Protocol):
    """What is waited for before the first event."""

    def content(self) -> Awaitable[object]:
        """Wait for it, and raise what it ended with."""
        raise NotImplementedError


class EventStream(Generic[_T_co]):
    """What a controller sends unasked, in order, as an iterator.

    It has a queue of its own and collects from the moment it is made. A consumer that falls behind gets
    `EventsLost` in place of the oldest events. When the session ends it yields what is queued, then raises the
    error of that end, or stops when the end was asked for. Close it, or use it as a context manager, when you
    need it no longer.
    """

    def __init__(
        self,
        source: Listeners[_S],
        translate: Callable[[_S], Iterable[_T_co]],
        ready: Callable[[], Answer] | None = None,
    ) -> None:
        self._wake = anyio.Event()
        # Looked up at each call: the event is another one each time.
        self._events = QueuedListener(translate, lambda: self._wake.set(), _log.exception)
        self._ready = ready
        self._leave = source.add(self._events)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> _T_co | EventsLost:
        await self._begin()
        # Before an event is taken: one that a cancellation catches on its way out would be lost.
        await anyio.lowlevel.checkpoint()
        while True:
            event = self._events.get()
            if event is not None:
                return event
            if self._events.has_ended:
                raise StopAsyncIteration
            # Tasks may share the iterator: an event that others wait for already is not replaced.
            if self._wake.is_set():
                self._wake = anyio.Event()
            await self._wake.wait()

    async def _begin(self) -> None:
        if self._ready is not None:
            try:
                await self._ready().content()
            except OmniLinkError:
                # A session that is over reports its end in its own way, after what is queued.
                if not self._events.has_ended:
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
        self._leave()
        self._events.end(None)


def subscription(
    source: Listeners[_S],
    callback: Callable[[_T | EventsLost | ConnectionLost], None],
    translate: Callable[[_S], Iterable[_T]],
) -> Callable[[], None]:
    """Have a function called with what comes; return what ends that."""
    subscriber = Subscriber(callback, translate, _log.exception)
    leave = source.add(subscriber)

    def unsubscribe() -> None:
        subscriber.close()
        leave()

    return unsubscribe
