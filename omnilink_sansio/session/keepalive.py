"""The keepalive of a client's connection: a cheap read whose silence ends the session.

It is sent after so long without a reply, or without sending, whichever is first, and at once when a request
timed out while no reply came in. Any reply to a request is a sign of life; what is pushed is none, since a
controller that answers nothing is of no use. Where messages get lost it is repeated as every read is; where
they do not, a second one is sent at the first one's deadline. A lease keeps the session alive by itself.
"""

from omnilink_sansio.messages.request import Request
from omnilink_sansio.session.request_engine import Expired, RequestEngine
from omnilink_sansio.session.settings import ClientSettings

__all__ = ["Keepalive"]


class Keepalive:
    """When to ask whether the controller is still there, and when to believe that it is not."""

    __slots__ = (
        "_interval",
        "_replies_before",
        "_request",
        "_requests",
        "_tries",
        "_unanswered",
    )

    def __init__(
        self, request: Request[object], settings: ClientSettings, requests: RequestEngine, tries: int
    ) -> None:
        """``tries`` keepalives in a row must go unanswered."""
        self._request = request
        self._interval = settings.keepalive
        self._requests = requests
        self._tries = tries
        self._unanswered = self._replies_before = 0

    def next_due(self) -> float | None:
        """Return when the next one is due; None when it is turned off, or requests are under way."""
        if not self._interval or not self._requests.is_idle:
            return None
        return min(self._requests.last_reply_at, self._requests.last_sent_at) + self._interval

    def is_silent_after(self, expired: list[Expired]) -> bool:
        """Whether these time-outs mean that the controller answers nothing any more."""
        if self._requests.replies != self._replies_before:
            self._unanswered, self._replies_before = 0, self._requests.replies
        self._unanswered += sum(item.is_keepalive and item.was_silent for item in expired)
        return self._unanswered >= self._tries

    def ask_after(self, expired: list[Expired], now: float) -> None:
        """Ask at once, before all that is queued, when a request timed out in silence."""
        if self._interval and any(item.was_silent for item in expired):
            self._ask(now)

    def ask_if_due(self, now: float) -> None:
        """Ask when it is time."""
        due = self.next_due()
        if due is not None and now >= due:
            self._ask(now)

    def _ask(self, now: float) -> None:
        self._requests.submit_keepalive(self._request, self._request.to_message().encode(), now)
