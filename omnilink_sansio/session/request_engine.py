"""Queueing, matching and timing of requests. It does not know which link it stands on.

Rules.

1. So many requests are in flight, the rest are queued; a deadline starts when the request is sent.
2. Every request ends in exactly one of reply, failure, cancellation. What was sent keeps its place until its
   reply or its deadline, so that a late reply is never taken for another's.
3. On a link that loses packets an unanswered READ or SET is repeated, as the same bytes; a MOMENTARY is not,
   unless its caller says so. Nothing is ever sent again under a new number.
4. A SET or MOMENTARY that was sent and not answered has an unknown outcome; a READ is merely lost.
"""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from omnilink_sansio.errors import (
    Fault,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    RequestTimeoutError,
)
from omnilink_sansio.messages.opcode import Effect
from omnilink_sansio.messages.request import Request
from omnilink_sansio.session.events import (
    ClientEvent,
    LateReply,
    ReplyReceived,
    RequestCancelled,
    RequestFailed,
    RequestId,
)
from omnilink_sansio.session.settings import ClientSettings
from omnilink_sansio.wire.message import Message

__all__ = ["RequestEngine"]

_REMEMBERED_ENDS = 32
"""How many ended requests are remembered, to call their reply late rather than unexpected."""


class _Pending:
    """A request that has not ended."""

    __slots__ = (
        "accepted_before",
        "cancelled",
        "data",
        "deadline",
        "may_repeat",
        "repeat_at",
        "request",
        "request_id",
        "times_sent",
    )

    def __init__(
        self, request_id: RequestId | None, request: Request[object], data: bytes, may_repeat: bool
    ) -> None:
        self.request_id = request_id
        """None: the keepalive, which nobody waits for."""
        self.request = request
        self.data = data
        """The message; once it is sent, its packet."""
        self.may_repeat = may_repeat
        self.cancelled = False
        self.times_sent = 0
        self.deadline = 0.0
        self.repeat_at: float | None = None
        self.accepted_before = 0


class Expired(NamedTuple):
    """A request whose deadline passed."""

    was_keepalive: bool
    heard_nothing: bool
    """Whether no packet was accepted since it was sent."""


class RequestEngine:
    """The requests of one client connection."""

    def __init__(
        self,
        settings: ClientSettings,
        events: deque[ClientEvent],
        send: Callable[[bytes, float], tuple[int, bytes]],
        send_again: Callable[[bytes], None],
        *,
        link_loses_packets: bool,
    ) -> None:
        """``send`` writes a message, now, and returns the tag of its reply and the packet, for ``send_again``."""
        self._settings = settings
        self._max_in_flight = settings.max_in_flight
        self._request_timeout = settings.request_timeout
        self._events = events
        self._send = send
        self._send_again = send_again
        self._link_loses_packets = link_loses_packets
        self._queue: deque[_Pending] = deque()
        self._in_flight: dict[int, _Pending] = {}
        self._ended: dict[int, RequestId | None] = {}
        self._last_answered: int | None = None
        self._last_id = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in flight; the queue is empty then too."""
        return not self._in_flight

    def submit(
        self, request: Request[object], encoded: bytes, now: float, accepted: int, repeat: bool | None
    ) -> RequestId:
        """Send a request, or queue it. ``accepted`` counts the packets accepted so far.

        Raises `LocalProtocolError` when the queue is full.
        """
        room = len(self._in_flight) < self._max_in_flight
        if not room and len(self._queue) >= self._settings.max_queued:
            raise LocalProtocolError(
                f"{len(self._queue)} requests are waiting already: wait for replies before you send more"
            )
        self._last_id = request_id = self._last_id + 1
        if self._link_loses_packets and repeat is None:
            repeat = request.effect is not Effect.MOMENTARY
        pending = _Pending(request_id, request, encoded, self._link_loses_packets and bool(repeat))
        if room:
            self._transmit(pending, now, accepted)
        else:
            self._queue.append(pending)
        return request_id

    def submit_keepalive(self, request: Request[object], encoded: bytes, now: float, accepted: int) -> None:
        """Send a cheap read before everything that is queued, unless one is under way."""
        if any(pending.request_id is None for pending in (*self._in_flight.values(), *self._queue)):
            return
        self._queue.appendleft(_Pending(None, request, encoded, self._link_loses_packets))
        self.send_queued(now, accepted)

    def send_queued(self, now: float, accepted: int) -> None:
        """Send from the queue as far as there is room."""
        while self._queue and len(self._in_flight) < self._max_in_flight:
            self._transmit(self._queue.popleft(), now, accepted)

    def _transmit(self, pending: _Pending, now: float, accepted: int) -> None:
        tag, pending.data = self._send(pending.data, now)
        pending.times_sent = 1
        pending.accepted_before = accepted
        pending.deadline = now + self._request_timeout
        if pending.may_repeat and self._settings.max_repeats:
            pending.repeat_at = now + self._settings.request_repeat
        self._in_flight[tag] = pending
        if self._ended:
            self._ended.pop(tag, None)

    def take_reply(self, tag: int, message: Message, now: float, accepted: int) -> Fault | None:
        """Match a reply; return the fault when nobody waits for it."""
        pending = self._in_flight.pop(tag, None)
        if pending is None:
            return self._unmatched(tag, message)
        self._last_answered = tag
        if pending.request_id is not None:
            self._events.append(
                LateReply(pending.request_id, message)
                if pending.cancelled
                else ReplyReceived(pending.request_id, message)
            )
        if self._queue:
            self.send_queued(now, accepted)
        return None

    def _unmatched(self, tag: int, message: Message) -> Fault | None:
        if tag == self._last_answered:
            return Fault.DUPLICATE_REPLY
        if tag not in self._ended:
            return Fault.UNEXPECTED_SEQUENCE
        request_id = self._ended.pop(tag)
        self._last_answered = tag
        if request_id is not None:
            self._events.append(LateReply(request_id, message))
        return None

    def take_damaged_reply(self, tag: int, error: OmniLinkError, now: float, accepted: int) -> None:
        """End the request whose reply cannot be read; on a link that loses packets it counts as lost."""
        if self._link_loses_packets:
            return
        pending = self._in_flight.get(tag)
        # A damaged answer to the keepalive is no sign of life: asking anew at once would flood the controller.
        if pending is not None and pending.request_id is not None:
            del self._in_flight[tag]
            self._fail(pending, error, OutcomeCause.DAMAGED_REPLY)
            self._remember(tag, pending)
            self.send_queued(now, accepted)

    def cancel(self, request_id: RequestId) -> None:
        """End a request without its reply; does nothing when it has ended.

        Raises `LocalProtocolError` for an ID that was never given out.
        """
        if not 1 <= request_id <= self._last_id:
            raise LocalProtocolError(f"request {request_id} was never sent on this connection")
        for pending in self._queue:
            if pending.request_id == request_id:
                self._queue.remove(pending)
                self._events.append(RequestCancelled(request_id, sent=False))
                return
        for pending in self._in_flight.values():
            if pending.request_id == request_id and not pending.cancelled:
                pending.cancelled = True
                pending.repeat_at = None
                self._events.append(RequestCancelled(request_id, sent=True))

    def next_due(self) -> float | None:
        """Return when a request in flight is to be repeated or given up; None when nothing is in flight."""
        earliest: float | None = None
        for pending in self._in_flight.values():
            due = pending.deadline if pending.repeat_at is None else min(pending.repeat_at, pending.deadline)
            if earliest is None or due < earliest:
                earliest = due
        return earliest

    def expire(self, now: float, accepted: int) -> list[Expired]:
        """End what is due; return what ended. If the session lasts, the caller then repeats and sends the rest."""
        expired = [tag for tag, pending in self._in_flight.items() if now >= pending.deadline]
        ended = [self._in_flight.pop(tag) for tag in expired]
        for tag, pending in zip(expired, ended, strict=True):
            self._fail(pending, self._timeout(pending), OutcomeCause.TIMEOUT)
            self._remember(tag, pending)
        return [Expired(item.request_id is None, item.accepted_before == accepted) for item in ended]

    def repeat(self, now: float) -> None:
        """Send again what is due to be."""
        for pending in self._in_flight.values():
            if pending.repeat_at is not None and now >= pending.repeat_at:
                self._repeat(pending, now)

    def _repeat(self, pending: _Pending, now: float) -> None:
        self._send_again(pending.data)
        pending.times_sent += 1
        again = pending.times_sent <= self._settings.max_repeats
        pending.repeat_at = now + self._settings.request_repeat if again else None

    def _timeout(self, pending: _Pending) -> RequestTimeoutError:
        return RequestTimeoutError(pending.request.title, self._request_timeout, pending.times_sent)

    def _remember(self, tag: int, pending: _Pending) -> None:
        self._ended[tag] = pending.request_id
        if len(self._ended) > _REMEMBERED_ENDS:
            del self._ended[next(iter(self._ended))]

    def end(self, why: str, cause: OutcomeCause, error: OmniConnectionError | None) -> None:
        """Fail everything: what was sent as lost or of unknown outcome, what was queued as not sent."""
        end = None if error is None else error.end
        for tag, pending in self._in_flight.items():
            lost = OmniConnectionError(f"{pending.request.title}: no reply will come: {why}", end)
            lost.__cause__ = error
            self._fail(pending, lost, cause)
            self._remember(tag, pending)
        self._in_flight.clear()
        for pending in self._queue:
            if pending.request_id is not None:
                unsent = OmniConnectionError(f"{pending.request.title}: not sent: {why}", end)
                unsent.__cause__ = error
                self._events.append(RequestFailed(pending.request_id, unsent))
        self._queue.clear()

    def _fail(self, pending: _Pending, error: OmniLinkError, cause: OutcomeCause) -> None:
        if pending.request_id is None or pending.cancelled:
            return
        if pending.request.effect is not Effect.READ:
            unknown = OutcomeUnknownError(pending.request.title, cause)
            unknown.__cause__ = error
            error = unknown
        self._events.append(RequestFailed(pending.request_id, error))
