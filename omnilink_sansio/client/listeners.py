"""Receivers of unsolicited messages: bounded queues, plain callbacks, and the list of both.

An adapter passes in how to wake a consumer that waits, and where to report a callback that fails.
"""

from collections.abc import Callable, Iterable
from copy import copy
from inspect import iscoroutinefunction
from typing import Generic, Protocol, TypeVar

from omnilink_sansio.client.event_queue import ConnectionLost, EventQueue, EventsLost
from omnilink_sansio.errors import LocalProtocolError, OmniConnectionError

__all__ = ["CallbackListener", "Listener", "Listeners", "QueuedListener", "Subscriber", "plain_function"]

_S_contra = TypeVar("_S_contra", contravariant=True)
_S = TypeVar("_S")
_T = TypeVar("_T")

Report = Callable[..., None]
"""Takes a format string and its arguments, as the methods of a `logging.Logger` do."""


class Listener(Protocol[_S_contra]):
    """A receiver of items and of their end."""

    def put(self, item: _S_contra, /) -> None:
        """Take what came. Never raises."""

    def end(self, error: OmniConnectionError | None, /) -> None:
        """Nothing comes any more; ``error`` is None after an end that was asked for. Never raises."""


class CallbackListener(Generic[_S_contra]):
    """A listener that hands everything on: ``put`` and ``end`` are called as its methods are."""

    def __init__(
        self, put: Callable[[_S_contra], None], end: Callable[[OmniConnectionError | None], None]
    ) -> None:
        self.put = put
        self.end = end


class Listeners(Generic[_S]):
    """All listeners of one source, called in the order in which they were added."""

    __slots__ = (
        "_ended",
        "_error",
        "_listeners",
    )

    def __init__(self) -> None:
        # A tuple, made anew by who adds and removes: `put` goes through the one that was there when it began.
        self._listeners: tuple[Listener[_S], ...] = ()
        self._ended = False
        self._error: OmniConnectionError | None = None

    def add(self, listener: Listener[_S]) -> Callable[[], None]:
        """Pass items on to this listener from now on; return what ends that, which may be called more than once.

        A listener that is added after the end receives the end at once.
        """
        if self._ended:
            listener.end(self._error)
        else:
            self._listeners += (listener,)

        def remove() -> None:
            if listener in self._listeners:
                at = self._listeners.index(listener)
                self._listeners = self._listeners[:at] + self._listeners[at + 1 :]

        return remove

    def put(self, item: _S) -> None:
        """Pass an item on to every listener."""
        for listener in self._listeners:
            listener.put(item)

    def end(self, error: OmniConnectionError | None) -> None:
        """Pass the end on to every listener, and forget them."""
        self._ended, self._error = True, error
        listeners, self._listeners = self._listeners, ()
        for listener in listeners:
            listener.end(error)


class QueuedListener(Generic[_S, _T]):
    """Keeps what ``translate`` makes of what comes, until it is fetched; ``wake`` is called when there is more."""

    def __init__(
        self, translate: Callable[[_S], Iterable[_T]], wake: Callable[[], None], report: Report
    ) -> None:
        self._queue: EventQueue[_T] = EventQueue()
        self._translate = translate
        self._wake = wake
        self._report = report
        self._error: OmniConnectionError | None = None
        self._ended = False

    @property
    def has_ended(self) -> bool:
        """Whether nothing is added any more."""
        return self._ended

    def put(self, item: _S) -> None:
        """Queue the item's events."""
        try:
            events = tuple(self._translate(item))
        except Exception:  # noqa: BLE001 - whatever it is, the session goes on
            self._report("what an iterator is for failed to read %r", item)
            return
        for event in events:
            self._queue.put(event)
        self._wake()

    def end(self, error: OmniConnectionError | None) -> None:
        """Add nothing any more; what is queued can still be fetched."""
        if not self._ended:
            self._ended, self._error = True, error
        self._wake()

    def get(self) -> _T | EventsLost | None:
        """Return the oldest event, or None when there is none now.

        When all have been fetched and none can come, raises the error of the end if it had one.
        """
        event = self._queue.get()
        if event is None and self._error is not None:
            raise copy(self._error) from self._error
        return event


def plain_function(callback: Callable[[_T], None]) -> Callable[[_T], None]:
    """Return a callback as it is. Raises `LocalProtocolError` for a coroutine function, never awaited."""
    if iscoroutinefunction(callback) or iscoroutinefunction(type(callback).__call__):
        raise LocalProtocolError("a callback is a plain function: let it put events where a task gets them")
    return callback


class Subscriber(Generic[_S, _T]):
    """Calls a function with everything that ``translate`` makes of what comes, and in the end `ConnectionLost`.

    A function that raises is reported, and called again for what comes next.
    """

    def __init__(
        self,
        callback: Callable[[_T | EventsLost | ConnectionLost], None],
        translate: Callable[[_S], Iterable[_T]],
        report: Report,
    ) -> None:
        self._callback: Callable[[_T | EventsLost | ConnectionLost], None] | None = callback
        self._translate = translate
        self._report = report

    def put(self, item: _S) -> None:
        """Call it with each event of the item."""
        try:
            events = tuple(self._translate(item))
        except Exception:  # noqa: BLE001 - whatever it is, the session goes on
            self._report("a subscriber failed to read %r", item)
            return
        for event in events:
            self._call(event)

    def end(self, error: OmniConnectionError | None) -> None:
        """Pass the end on to the callback, and call it no more."""
        self._call(ConnectionLost(error))
        self.close()

    def close(self) -> None:
        """Call it no more, not even for the rest of the item being passed on."""
        self._callback = None

    def _call(self, event: _T | EventsLost | ConnectionLost) -> None:
        if self._callback is None:
            return
        try:
            self._callback(event)
        except Exception:  # noqa: BLE001 - whatever it is, the session goes on
            self._report("a subscriber failed on %s", type(event).__name__)
