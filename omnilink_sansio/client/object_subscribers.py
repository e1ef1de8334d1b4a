"""Callbacks for single objects, found in one table: 300 of them do not look at each event 300 times."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Generic, TypeAlias, TypeVar

from omnilink_sansio.client.event_queue import ConnectionLost, EventsLost
from omnilink_sansio.client.listeners import Report, Subscriber, plain_function
from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.audio_source import AudioSourceStatus
from omnilink_sansio.messages.events import SystemEvent
from omnilink_sansio.messages.notifications import Notification, UnknownNotification
from omnilink_sansio.messages.objects.object_record import ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import (
    HIGHEST_OBJECT,
    OBJECT_TYPES,
    ObjectType,
    object_title,
)
from omnilink_sansio.state.status_snapshot import MissedChange

__all__ = ["ObjectSubscribers"]

_L = TypeVar("_L")
_T = TypeVar("_T")

_Key: TypeAlias = tuple[int, int]


def _itself(event: _T) -> tuple[_T]:
    return (event,)


class ObjectSubscribers(Generic[_L]):
    """The callbacks of single objects, by kind and number; `put` is a callback for all that happens.

    Each gets the status records of its object, a `MissedChange` of it, and everything that is about the session:
    what ``_L`` is. ``report`` takes what a callback raises; ``guard`` is held while the table is read or changed,
    by threads that share it, and never while a callback runs.
    """

    def __init__(self, report: Report, guard: AbstractContextManager[object] | None = None) -> None:
        self._report = report
        self._guard = nullcontext() if guard is None else guard
        self._subscribers: dict[_Key, list[Subscriber[ObjectStatusRecord | _L, ObjectStatusRecord | _L]]] = {}
        self._end: _L | None = None
        self._is_attached = False

    def add(
        self,
        object_type: ObjectType,
        number: int,
        callback: Callable[[ObjectStatusRecord | _L | EventsLost | ConnectionLost], None],
    ) -> Callable[[], None]:
        """Call a plain function with what is about an object; return what ends that.

        After the end it is called with that at once. Raises `LocalProtocolError` for a coroutine function, a kind
        of object that has no status and a number that there is not.
        """
        if object_type not in OBJECT_TYPES or OBJECT_TYPES[object_type].status_record is None:
            raise LocalProtocolError(f"objects of {object_title(object_type)} have no status to subscribe to")
        if not 1 <= number <= HIGHEST_OBJECT:
            raise LocalProtocolError(f"objects have numbers of 1 to {HIGHEST_OBJECT}, not {number}")
        subscriber: Subscriber[ObjectStatusRecord | _L, ObjectStatusRecord | _L] = Subscriber(
            plain_function(callback), _itself, self._report
        )
        key = int(object_type), number
        with self._guard:
            self._subscribers.setdefault(key, []).append(subscriber)
            end = self._end
        if end is not None:
            subscriber.put(end)

        def remove() -> None:
            subscriber.close()
            with self._guard:
                others = self._subscribers.get(key, [])
                if subscriber in others:
                    others.remove(subscriber)
                if not others:
                    self._subscribers.pop(key, None)

        return remove

    def attach(self, subscribe: Callable[[], object]) -> None:
        """Call ``subscribe``, which is to have `put` called from now on, the first time that it succeeds."""
        with self._guard:
            if self._is_attached:
                return
            self._is_attached = True
        try:
            subscribe()
        except BaseException:
            self._is_attached = False
            raise

    def put(self, event: Notification | _L) -> None:
        """Call those that an event is for."""
        if isinstance(event, SystemEvent | AudioSourceStatus | UnknownNotification):
            return
        with self._guard:
            found = self._find(event)
        for subscriber in found:
            subscriber.put(event)

    def _find(
        self, event: ObjectStatusRecord | _L
    ) -> tuple[Subscriber[ObjectStatusRecord | _L, ObjectStatusRecord | _L], ...]:
        status = event.status if isinstance(event, MissedChange) else event
        if isinstance(status, ObjectStatusRecord):
            return tuple(self._subscribers.get((int(status.OBJECT_TYPE), status.index), ()))
        if isinstance(event, ConnectionLost) and not event.retrying:
            self._end = event
        return tuple(one for of_object in self._subscribers.values() for one in of_object)
