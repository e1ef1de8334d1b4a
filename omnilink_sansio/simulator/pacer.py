"""A gap around each notification to a client, for clients that need one."""

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from math import inf
from typing import Generic, TypeAlias, TypeVar

from omnilink_sansio.errors import LocalProtocolError

__all__ = ["MOST_WAITING", "Pacer"]

_P = TypeVar("_P", bound=Hashable)
_Send: TypeAlias = Callable[[float], None]

MOST_WAITING = 1024
"""Queue limit per client; further notifications are dropped."""

_MOST_GAPS = 10
"""Gaps that replies may keep a notification waiting: a client that never stops asking would keep it for ever."""


@dataclass(slots=True)
class _Queue:
    """What waits for one client, and when it was last sent something."""

    replies: deque[_Send] = field(default_factory=deque)
    notifications: deque[tuple[float, _Send]] = field(default_factory=deque)
    """Each with the time from which it has waited."""
    replied_at: float = -inf
    notified_at: float = -inf
    is_notification_first: bool = False
    """Whether the replies that wait have to let one notification pass."""

    def due(self, gap: float) -> float | None:
        """Return when the next one may be sent, None when none waits."""
        if self._is_reply_next():
            return self.notified_at + gap
        if self.notifications:
            return max(self.notified_at, self.replied_at) + gap
        return None

    def pop(self, now: float) -> _Send:
        """Return what is sent next, which is now."""
        if self._is_reply_next():
            self.replied_at = now
            return self.replies.popleft()
        self.notified_at, self.is_notification_first = now, False
        return self.notifications.popleft()[1]

    def _is_reply_next(self) -> bool:
        return bool(self.replies) and not (self.is_notification_first and self.notifications)


class Pacer(Generic[_P]):
    """Sends a notification to a client at least ``gap`` seconds after what went before and before what follows.

    All this is before any faults. Replies follow each other at once, and pass the notifications that wait, unless
    one has waited for long. Raises `LocalProtocolError` for a gap that is none.
    """

    def __init__(self, gap: float) -> None:
        if not 0 <= gap < inf:
            raise LocalProtocolError(f"notification_gap takes 0 seconds or more, not {gap}")
        self._gap = gap
        self._queues: dict[_P, _Queue] = {}

    def reply(self, peer: _P, now: float, send: _Send) -> None:
        """Call ``send`` with the time: now, or once the gap after a notification has passed."""
        if not self._gap:
            send(now)
            return
        queue = self._queues.setdefault(peer, _Queue())
        if queue.notifications and queue.notifications[0][0] + _MOST_GAPS * self._gap <= now:
            # One at a time: the replies in between keep the client going.
            queue.is_notification_first |= queue.replied_at > queue.notified_at
        queue.replies.append(send)
        self._send_due(queue, now)

    def notify(self, peer: _P, now: float, send: _Send) -> None:
        """Call ``send`` with the time: now, or as soon as the gap and what waits already allow it."""
        if not self._gap:
            send(now)
            return
        queue = self._queues.setdefault(peer, _Queue())
        if len(queue.notifications) < MOST_WAITING:
            queue.notifications.append((now, send))
            self._send_due(queue, now)

    def _send_due(self, queue: _Queue, now: float) -> None:
        while (due := queue.due(self._gap)) is not None and due <= now:
            queue.pop(now)(now)

    def next_timeout(self) -> float | None:
        """Return when `catch_up` is due, or None."""
        dues = (queue.due(self._gap) for queue in self._queues.values())
        return min((due for due in dues if due is not None), default=None)

    def catch_up(self, now: float) -> None:
        """Send what has waited long enough."""
        for queue in tuple(self._queues.values()):
            self._send_due(queue, now)

    def let_go(self, now: float) -> None:
        """Send at once all that waits."""
        for queue in tuple(self._queues.values()):
            while queue.due(self._gap) is not None:
                queue.pop(now)(now)

    def forget_notifications(self, peer: _P) -> None:
        """Drop a client's waiting notifications: it has turned them off."""
        if peer in self._queues:
            self._queues[peer].notifications.clear()

    def forget(self, peer: _P) -> None:
        """Drop all that waits for a client: its session is over."""
        self._queues.pop(peer, None)

    def clear(self) -> None:
        """Drop all that waits."""
        self._queues.clear()
