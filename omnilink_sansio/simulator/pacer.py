"""A gap between one packet to a client and the next, for clients that need one."""

from collections import deque
from collections.abc import Callable, Hashable
from math import inf
from typing import Generic, TypeAlias, TypeVar

from omnilink_sansio.errors import LocalProtocolError

__all__ = ["MOST_WAITING", "Pacer"]

_P = TypeVar("_P", bound=Hashable)
_Send: TypeAlias = Callable[[float], None]

MOST_WAITING = 1024
"""Queue limit per client; further notifications are dropped."""


class Pacer(Generic[_P]):
    """Sends replies and notifications to each client at least ``gap`` seconds apart, before any faults.

    A reply waits for the gap only; notifications, in their order, also until no reply waits. Raises
    `LocalProtocolError` for a gap that is none.
    """

    def __init__(self, gap: float) -> None:
        if not 0 <= gap < inf:
            raise LocalProtocolError(f"notification_gap takes 0 seconds or more, not {gap}")
        self._gap = gap
        self._free_at: dict[_P, float] = {}
        self._replies: dict[_P, deque[_Send]] = {}
        self._notifications: dict[_P, deque[_Send]] = {}

    def reply(self, peer: _P, now: float, send: _Send) -> None:
        """Call ``send`` with the time, now or as soon as the gap allows it."""
        self._enqueue(self._replies, peer, now, send)

    def notify(self, peer: _P, now: float, send: _Send) -> None:
        """Call ``send`` with the time, now or as soon as the gap and what waits already allow it."""
        if len(self._notifications.get(peer, ())) < MOST_WAITING:
            self._enqueue(self._notifications, peer, now, send)

    def _enqueue(self, queue: dict[_P, deque[_Send]], peer: _P, now: float, send: _Send) -> None:
        if not self._gap:
            send(now)
        elif self._waits(peer) or self._free_at.get(peer, now) > now:
            queue.setdefault(peer, deque()).append(send)
        else:
            self._free_at[peer] = now + self._gap
            send(now)

    def _waits(self, peer: _P) -> bool:
        return peer in self._replies or peer in self._notifications

    def next_timeout(self) -> float | None:
        """Return when `catch_up` is due, or None."""
        return min((self._free_at[peer] for peer in (*self._replies, *self._notifications)), default=None)

    def catch_up(self, now: float) -> None:
        """Send what has waited long enough."""
        for peer in {**self._replies, **self._notifications}:
            if self._free_at[peer] <= now:
                self._free_at[peer] = now + self._gap
                self._next(peer)(now)

    def _next(self, peer: _P) -> _Send:
        queue = self._replies if peer in self._replies else self._notifications
        send = queue[peer].popleft()
        if not queue[peer]:
            del queue[peer]
        return send

    def let_go(self, now: float) -> None:
        """Send at once all that waits."""
        for peer in {**self._replies, **self._notifications}:
            while self._waits(peer):
                self._next(peer)(now)

    def forget_notifications(self, peer: _P) -> None:
        """Drop a client's waiting notifications: it has turned them off."""
        self._notifications.pop(peer, None)

    def forget(self, peer: _P) -> None:
        """Drop all that waits for a client: its session is over."""
        self._free_at.pop(peer, None)
        self._replies.pop(peer, None)
        self._notifications.pop(peer, None)

    def clear(self) -> None:
        """Drop all that waits."""
        self._free_at.clear()
        self._replies.clear()
        self._notifications.clear()
