"""A gap between what a panel says to a client and what it says next, for clients that need one."""

from collections import deque
from collections.abc import Callable, Hashable
from math import inf
from typing import Generic, TypeVar

from omnilink_sansio.errors import LocalProtocolError

__all__ = ["MOST_WAITING", "Spacing"]

_P = TypeVar("_P", bound=Hashable)

MOST_WAITING = 1024
"""What may wait to be said to one client: a bound for memory; what comes when so much waits is never said."""


class Spacing(Generic[_P]):
    """Lets replies and notifications to each client go out in order, and never sooner than ``gap`` seconds apart.

    Raises `LocalProtocolError` for a gap that is none.
    """

    def __init__(self, gap: float) -> None:
        if not 0 <= gap < inf:
            raise LocalProtocolError(f"notification_gap takes 0 seconds or more, not {gap}")
        self._gap = gap
        self._free_at: dict[_P, float] = {}
        self._waiting: dict[_P, deque[Callable[[float], None]]] = {}

    def say(self, peer: _P, now: float, send: Callable[[float], None]) -> None:
        """Call ``send`` with the time, now or as soon as the gap allows it."""
        if not self._gap:
            send(now)
        elif peer in self._waiting:
            if len(self._waiting[peer]) < MOST_WAITING:
                self._waiting[peer].append(send)
        elif self._free_at.get(peer, now) > now:
            self._waiting[peer] = deque((send,))
        else:
            self._free_at[peer] = now + self._gap
            send(now)

    def next_timeout(self) -> float | None:
        """Return when `catch_up` is due, or None."""
        return min((self._free_at[peer] for peer in self._waiting), default=None)

    def catch_up(self, now: float) -> None:
        """Say what has waited long enough."""
        for peer in [peer for peer in self._waiting if self._free_at[peer] <= now]:
            send = self._waiting[peer].popleft()
            if not self._waiting[peer]:
                del self._waiting[peer]
            self._free_at[peer] = now + self._gap
            send(now)

    def forget(self, peer: _P) -> None:
        """Say nothing more of what waits to be said to a client: its session is over."""
        self._free_at.pop(peer, None)
        self._waiting.pop(peer, None)

    def clear(self) -> None:
        """Say nothing more to anybody of what waits."""
        self._free_at.clear()
        self._waiting.clear()
