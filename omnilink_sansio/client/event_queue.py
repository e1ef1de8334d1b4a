"""What stands between a connection and a consumer of its notifications: a bounded queue, and the end."""

from collections import deque
from typing import Generic, TypeVar

from omnilink_sansio.errors import OmniConnectionError
from omnilink_sansio.frozen import frozen

__all__ = ["EVENT_QUEUE_LIMIT", "ConnectionLost", "EventQueue", "EventsLost"]

_T = TypeVar("_T")

EVENT_QUEUE_LIMIT = 1024
"""Events kept for a consumer that is behind: minutes of a busy house, and a bound for memory."""


@frozen
class EventsLost:
    """``count`` events were dropped here, since their consumer was too slow: read the state anew."""

    count: int


@frozen
class ConnectionLost:
    """The session is over."""

    error: OmniConnectionError | None
    """Why; None when it was closed on our side."""
    retrying: bool = False
    """Whether another session is being tried for; otherwise nothing comes any more."""


class EventQueue(Generic[_T]):
    """Keeps the newest events; where older ones were dropped it reports their count."""

    def __init__(self, limit: int = EVENT_QUEUE_LIMIT) -> None:
        self._limit = limit
        self._events: deque[_T] = deque()
        self._lost = 0

    def put(self, event: _T) -> None:
        """Append an event; the oldest is dropped when there is no room."""
        if len(self._events) >= self._limit:
            self._events.popleft()
            self._lost += 1
        self._events.append(event)

    def get(self) -> _T | EventsLost | None:
        """Return the oldest event, `EventsLost` first where some were dropped, None when there is none."""
        if self._lost:
            lost, self._lost = EventsLost(self._lost), 0
            return lost
        return self._events.popleft() if self._events else None
