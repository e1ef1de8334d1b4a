"""Notifications as an iterator, and by plain callbacks."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from math import inf
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from omnilink_sansio.client.event_queue import ConnectionLost, EventsLost
from omnilink_sansio.client.listeners import Listeners, QueuedListener, Subscriber
from omnilink_sansio.errors import OmniConnectionError, OmniLinkError

__all__ = [
    "EventStream",
]

_S = TypeVar("_S")
_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

_log = logging.getLogger("omnilink.sync")


class Waiting(Protocol):
    """How to wait until something is so, or a time on `time.monotonic` has come."""

    def __call__(self, done: Callable[[], bool], until: float = inf) -> None:
        """Return when ``done`` returns True, or when nothing can come any more."""


def _itself(event: _T) -> Iterable[_T]:
    return (event,)


class Answer(Protocol):
    """What is waited for before the first event."""

    @property
    def is_settled(self) -> bool:
        """Whether it has come, or failed."""
        raise NotImplementedError

    def content(self) -> object:
        """Raise what it failed with."""
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
        changed: threading.Condition,
        wait: Waiting,
        translate: Callable[[_S], Iterable[_T_co]],
        ready: Callable[[], Answer] | None = None,
    ) -> None:
        self._wait = wait
        self._changed = changed
        self._events = QueuedListener(translate, self._wake, _log.exception)
        self._ready = ready
        with changed:
            self._leave = source.add(self._events)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> _T_co | EventsLost:
        event = self.get()
        if event is None:
            raise StopIteration
        return event

    @property
    def is_over(self) -> bool:
        """Whether nothing comes any more, but for what is queued."""
        return self._events.has_ended

    def get(self, timeout: float | None = None) -> _T_co | EventsLost | None:
        """Return the next event; None when none comes within ``timeout`` seconds, or when it `is_over`.

        Raises the error that the session ended with, after what is queued.
        """
        until = inf if timeout is None else time.monotonic() + timeout
        if not self._begin(until):
            return None
        event: _T_co | EventsLost | None = None

        def arrived() -> bool:
            nonlocal event
            event = self._events.get()
            return event is not None or self._events.has_ended

        self._wait(arrived, until)
        return event

    def within(self, seconds: float) -> Iterator[_T_co | EventsLost]:
        """Iterate for ``seconds`` in all."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and (event := self.get(left)) is not None:
            yield event

    def _begin(self, until: float = inf) -> bool:
        """Wait for what is to come before the first event; return whether it came in time."""
        if self._ready is None:
            return True
        answer = self._ready()
        self._wait(lambda: answer.is_settled, until)
        if not answer.is_settled:
            return False
        try:
            answer.content()
        except OmniLinkError:
            # A session that is over reports its end in its own way, after what is queued.
            if not self._events.has_ended:
                raise
        self._ready = None
        return True

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Collect no more; iteration ends after what is queued."""
        with self._changed:
            self._leave()
            self._events.end(None)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


class Subscriptions(Generic[_S]):
    """The callbacks of one source, called by whoever serves it or in a thread each."""

    def __init__(self, source: Listeners[_S], changed: threading.Condition) -> None:
        self._source = source
        self._changed = changed
        self._threads: list[threading.Thread] = []

    def call_inline(
        self,
        callback: Callable[[_T | EventsLost | ConnectionLost], None],
        translate: Callable[[_S], Iterable[_T]],
    ) -> Callable[[], None]:
        """Have a function called by whoever serves the source; return what ends that."""
        subscriber = Subscriber(callback, translate, _log.exception)
        leave = self._source.add(subscriber)

        def unsubscribe() -> None:
            subscriber.close()
            leave()

        return unsubscribe

    def call_in_thread(
        self,
        callback: Callable[[_T | EventsLost | ConnectionLost], None],
        translate: Callable[[_S], Iterable[_T]],
        wait: Waiting,
    ) -> Callable[[], None]:
        """Have a function called in a thread of its own, from a bounded queue; return what ends that."""
        stream = EventStream(self._source, self._changed, wait, translate)
        subscriber: Subscriber[_T | EventsLost, _T | EventsLost] = Subscriber(
            callback, _itself, _log.exception
        )

        def run() -> None:
            try:
                for event in stream:
                    subscriber.put(event)
            except OmniConnectionError as error:
                subscriber.end(error)
            else:
                subscriber.end(None)

        def unsubscribe() -> None:
            subscriber.close()
            stream.close()

        thread = threading.Thread(target=run, name="omnilink subscriber", daemon=True)
        self._threads = [other for other in self._threads if other.is_alive()] + [thread]
        thread.start()
        return unsubscribe

    def join(self, seconds: float) -> None:
        """Wait for the threads of what has ended, at most ``seconds`` for all: callbacks may be stuck."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))
