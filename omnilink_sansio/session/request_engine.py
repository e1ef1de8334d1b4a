"""Queueing, matching and timing of requests. It does not know which link it stands on.

Rules.

1. So many requests are in flight, the rest are queued; a deadline starts when the request is sent.
2. Every request ends in exactly one of reply, failure, cancellation. What was sent keeps its place until its
   reply or its deadline, so that a late reply is never taken for another's.
3. A reply is one that the opcode table says the request can be answered with. Anything else under its tag
   is a damaged reply: the request fails at once, or, where messages get lost, the right one is waited for.
4. On a link that loses messages an unanswered READ or SET is repeated, as the same bytes; a MOMENTARY is not,
   unless its caller says so. Nothing is ever sent again under a new tag.
5. A SET or MOMENTARY that was sent and not answered has an unknown outcome; a READ is merely lost.
6. On a link without tags a late reply cannot be told from the next one: after a time-out nothing is sent until
   the late reply has come or its time is over.
7. A lease keeps all requests but its own waiting. It begins when nothing is in flight, and a security command of
   somebody else ends it: what is in flight is still answered, nothing more of the lease is sent.
8. A queue that is full refuses what is new, but has room for one security command more, unless a lease is to
   carry that; the keepalive takes nobody's place.
"""

from typing import NamedTuple

from omnilink_sansio.errors import (
    Fault,
    LeaseEndedError,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    RemoteProtocolError,
    RequestTimeoutError,
)
from omnilink_sansio.messages.opcode import Effect
from omnilink_sansio.messages.request import Request, wrong_reply
from omnilink_sansio.session.events import (
    ClientEvent,
    LateReply,
    LeaseEnded,
    LeaseGranted,
    LeaseId,
    ReplyReceived,
    RequestCancelled,
    RequestFailed,
    RequestId,
)
from omnilink_sansio.session.link import ClientLink
from omnilink_sansio.session.pending import Pending, Wish
from omnilink_sansio.session.settings import ClientSettings
from omnilink_sansio.wire.message import Message

__all__ = ["Expired", "RequestEngine"]

_REMEMBERED_ENDS = 32
"""How many ended requests are remembered, to call their reply late rather than unexpected."""

_NONE_ENDED: dict[int, RequestId | None] = {}
"""What every engine begins with; never written to."""


class Expired(NamedTuple):
    """A request whose deadline passed."""

    is_keepalive: bool
    was_silent: bool
    """Whether no reply to any request came in since it was sent."""


class RequestEngine:
    """The requests of one client connection."""

    __slots__ = (
        "_ended",
        "_events",
        "_in_flight",
        "_last_answered",
        "_last_id",
        "_last_lease",
        "_lease",
        "_link",
        "_loses_messages",
        "_max_in_flight",
        "_queue",
        "_request_timeout",
        "_rest_until",
        "_settings",
        "last_reply_at",
        "last_sent_at",
        "replies",
    )

    def __init__(self, link: ClientLink, settings: ClientSettings, events: list[ClientEvent]) -> None:
        self._link = link
        self._settings = settings
        self._max_in_flight = settings.max_in_flight if link.has_tags else 1
        self._request_timeout = settings.request_timeout
        self._loses_messages = link.loses_messages
        self._events = events
        self._queue: list[Pending | Wish] = []
        self._in_flight: dict[int, Pending] = {}
        self._ended = _NONE_ENDED
        self._last_answered: int | None = None
        self._last_id = 0
        self._last_lease = 0
        self._lease: LeaseId | None = None
        self._rest_until: float | None = None
        self.replies = 0
        """How many replies have come in."""
        self.last_reply_at = 0.0
        """When the last reply to a request came in, or the session began."""
        self.last_sent_at = 0.0
        """When the last request was sent, or the session began."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in flight and no lease is held: only then a keepalive is the connection's
        business.
        """
        return not self._in_flight and self._lease is None

    def begin(self, now: float) -> None:
        """Note that the session begins."""
        self.last_reply_at = self.last_sent_at = now

    # Sending.

    def submit(
        self,
        request: Request[object],
        encoded: bytes,
        now: float,
        repeat: bool | None,
        lease: LeaseId | None = None,
    ) -> RequestId:
        """Send a request, or queue it.

        Raises `LocalProtocolError` when the queue is full and for a lease that is not granted yet or was never
        given out, `LeaseEndedError` when the lease is not held any more.
        """
        if lease is not None and lease != self._lease:
            self._check_given_out(lease)
            if Wish(lease) in self._queue:
                raise LocalProtocolError(f"lease {lease} is not granted yet: wait for LeaseGranted")
            raise LeaseEndedError
        # While a lease is held, or wished for, only its own requests pass the queue.
        is_next = lease is not None or (self._lease is None and not self._queue)
        can_go = is_next and len(self._in_flight) < self._max_in_flight and self._rest_until is None
        if not can_go:
            # Whoever disarms does not wait for others to make room.
            self._check_room(int(request.is_security and lease is None))
        self._last_id = request_id = self._last_id + 1
        may_repeat = False
        if self._loses_messages:
            may_repeat = request.effect is not Effect.MOMENTARY if repeat is None else repeat
        pending = Pending(request_id, request, encoded, may_repeat, lease)
        if can_go:
            self._transmit(pending, now)
            return request_id
        if lease is not None or not request.is_security:
            self._queue.append(pending)
            return request_id
        # It waits for no lease: neither for the one that is held nor for those that are wished for.
        first_wish = next(
            (at for at, item in enumerate(self._queue) if isinstance(item, Wish)), len(self._queue)
        )
        self._queue.insert(first_wish, pending)
        self._end_lease()
        self.send_queued(now)
        return request_id

    def _check_room(self, more: int = 0) -> None:
        waiting = sum(isinstance(item, Wish) or item.request_id is not None for item in self._queue)
        if waiting >= self._settings.max_queued + more:
            raise LocalProtocolError(
                f"{waiting} requests are waiting already: wait for replies before you send more"
            )

    def submit_keepalive(self, request: Request[object], encoded: bytes, now: float) -> None:
        """Send a cheap read before everything that is queued, unless one is under way."""
        for waiting in (*self._in_flight.values(), *self._queue):
            if isinstance(waiting, Pending) and waiting.request_id is None:
                return
        self._queue.insert(0, Pending(None, request, encoded, self._loses_messages, None))
        self.send_queued(now)

    def send_queued(self, now: float) -> None:
        """Send from the queue as far as there is room."""
        while self._queue and len(self._in_flight) < self._max_in_flight and self._rest_until is None:
            if self._lease is not None:
                held = next((item for item in self._queue if self._is_leased(item)), None)
                if not isinstance(held, Pending):
                    return
                self._queue.remove(held)
                self._transmit(held, now)
                continue
            head = self._queue[0]
            if isinstance(head, Pending):
                del self._queue[0]
                self._transmit(head, now)
            elif self._in_flight:
                return
            else:
                del self._queue[0]
                self._lease = head.lease
                self._events.append(LeaseGranted(head.lease))

    def _is_leased(self, item: Pending | Wish) -> bool:
        return isinstance(item, Pending) and item.lease == self._lease

    def _transmit(self, pending: Pending, now: float) -> None:
        tag = self._link.send(pending.encoded, now)
        self.last_sent_at = now
        pending.times_sent = 1
        pending.replies_before = self.replies
        pending.deadline = now + self._request_timeout
        repeats = pending.may_repeat and self._settings.max_repeats
        pending.repeat_at = now + self._settings.request_repeat if repeats else None
        self._in_flight[tag] = pending
        if self._ended:
            self._ended.pop(tag, None)

    # Leases.

    def lease(self, now: float) -> LeaseId:
        """Wait in the queue for a lease; `LeaseGranted` says when it is held.

        Raises `LocalProtocolError` when the queue is full.
        """
        self._check_room()
        self._last_lease = lease = self._last_lease + 1
        self._queue.append(Wish(lease))
        self.send_queued(now)
        return lease

    def release(self, lease: LeaseId, now: float) -> None:
        """Give a lease back, or the wish for one; does nothing for one that is over.

        What is still queued under it is cancelled. Raises `LocalProtocolError` for one that was never given out.
        """
        self._check_given_out(lease)
        if lease == self._lease:
            self._lease = None
            for pending in self._take_leased(lease):
                if pending.request_id is not None:
                    self._events.append(RequestCancelled(pending.request_id, sent=False))
        elif Wish(lease) in self._queue:
            self._queue.remove(Wish(lease))
        self.send_queued(now)

    def _check_given_out(self, lease: LeaseId) -> None:
        if not 1 <= lease <= self._last_lease:
            raise LocalProtocolError(f"lease {lease} was never given out on this connection")

    def _end_lease(self) -> None:
        lease, self._lease = self._lease, None
        if lease is None:
            return
        for pending in self._take_leased(lease):
            if pending.request_id is not None:
                self._events.append(RequestFailed(pending.request_id, LeaseEndedError()))
        self._events.append(LeaseEnded(lease, LeaseEndedError()))

    def _take_leased(self, lease: LeaseId) -> list[Pending]:
        """Take what waits under a lease out of the queue."""
        taken = [item for item in self._queue if isinstance(item, Pending) and item.lease == lease]
        for pending in taken:
            self._queue.remove(pending)
        return taken

    # Replies.

    def take_reply(self, tag: int, message: Message, now: float) -> Fault | None:
        """Match a reply; return the fault when nobody waits for it."""
        pending = self._in_flight.get(tag)
        if pending is None:
            return self._unmatched(tag, message, now)
        reply_types = pending.request.reply_types
        if reply_types is not None and message.type not in reply_types:
            error = wrong_reply(pending.request, message)
            failed = self._fail_at_once(tag, pending, error, OutcomeCause.WRONG_REPLY, now)
            # A cancelled request has had its end: then the message is reported by itself.
            return None if failed and not pending.cancelled else Fault.UNEXPECTED_REPLY
        del self._in_flight[tag]
        self._last_answered = tag
        self.replies += 1
        self.last_reply_at = now
        if pending.cancelled:
            assert pending.request_id is not None
            self._events.append(LateReply(pending.request_id, message))
        elif pending.request_id is not None:
            # As ``ReplyReceived(...)``, in half the time: every reply passes here.
            self._events.append(tuple.__new__(ReplyReceived, (pending.request_id, message)))
        if not self._in_flight:
            self._in_flight.clear()  # gives its table back, a third of what an idle client's dictionaries weigh
        if self._queue:
            self.send_queued(now)
        return None

    def _unmatched(self, tag: int, message: Message, now: float) -> Fault | None:
        if tag not in self._ended:
            if not self._link.has_tags:
                return Fault.UNEXPECTED_REPLY
            return Fault.DUPLICATE_REPLY if tag == self._last_answered else Fault.UNEXPECTED_SEQUENCE
        request_id = self._ended.pop(tag)
        self._last_answered = tag
        self.replies += 1
        self.last_reply_at = now
        if request_id is not None:
            self._events.append(LateReply(request_id, message))
        if self._rest_until is not None:
            self._rest_until = None
            self.send_queued(now)
        return None

    def take_damaged_reply(self, tag: int, error: RemoteProtocolError, now: float) -> None:
        """End the request whose reply cannot be read; on a link that loses messages it counts as lost."""
        pending = self._in_flight.get(tag)
        if pending is not None:
            self._fail_at_once(tag, pending, error, OutcomeCause.DAMAGED_REPLY, now)

    def _fail_at_once(
        self, tag: int, pending: Pending, error: RemoteProtocolError, cause: OutcomeCause, now: float
    ) -> bool:
        """Fail a request whose reply is useless, unless the right one may still come; return whether it failed."""
        # A damaged answer to the keepalive is no sign of life: asking anew at once would flood the controller.
        if self._loses_messages or pending.request_id is None:
            return False
        del self._in_flight[tag]
        self._fail(pending, error, cause)
        self._remember(tag, pending)
        self.send_queued(now)
        return True

    def cancel(self, request_id: RequestId) -> None:
        """End a request without its reply; does nothing when it has ended.

        Raises `LocalProtocolError` for an ID that was never given out.
        """
        if not 1 <= request_id <= self._last_id:
            raise LocalProtocolError(f"request {request_id} was never sent on this connection")
        for item in self._queue:
            if isinstance(item, Pending) and item.request_id == request_id:
                self._queue.remove(item)
                self._events.append(RequestCancelled(request_id, sent=False))
                return
        for pending in self._in_flight.values():
            if pending.request_id == request_id and not pending.cancelled:
                pending.cancelled = True
                pending.repeat_at = None
                self._events.append(RequestCancelled(request_id, sent=True))

    # Time.

    def next_due(self) -> float | None:
        """Return when a request in flight is to be repeated or given up, or the line has rested; None for
        neither.
        """
        earliest = self._rest_until
        for pending in self._in_flight.values():
            due = pending.deadline if pending.repeat_at is None else min(pending.repeat_at, pending.deadline)
            if earliest is None or due < earliest:
                earliest = due
        return earliest

    def expire(self, now: float) -> list[Expired]:
        """End what is due; return what ended. If the session lasts, the caller then repeats and sends the rest."""
        if self._rest_until is not None and now >= self._rest_until:
            self._rest_until = None
        expired = [tag for tag, pending in self._in_flight.items() if now >= pending.deadline]
        ended = [self._in_flight.pop(tag) for tag in expired]
        for tag, pending in zip(expired, ended, strict=True):
            self._fail(pending, self._timeout(pending), OutcomeCause.TIMEOUT)
            self._remember(tag, pending)
        if ended and not self._link.has_tags and self._settings.rest_after_timeout:
            self._rest_until = now + self._settings.rest_after_timeout
        return [Expired(item.request_id is None, item.replies_before == self.replies) for item in ended]

    def repeat(self, now: float) -> None:
        """Send again what is due to be."""
        for tag, pending in self._in_flight.items():
            if pending.repeat_at is not None and now >= pending.repeat_at:
                self._link.repeat(tag, pending.encoded, now)
                self.last_sent_at = now
                pending.times_sent += 1
                again = pending.times_sent <= self._settings.max_repeats
                pending.repeat_at = now + self._settings.request_repeat if again else None

    def _timeout(self, pending: Pending) -> RequestTimeoutError:
        return RequestTimeoutError(pending.request.title, self._request_timeout, pending.times_sent)

    # The end.

    def _remember(self, tag: int, pending: Pending) -> None:
        if not self._ended:
            self._ended = {}
        self._ended[tag] = pending.request_id
        if len(self._ended) > _REMEMBERED_ENDS:
            del self._ended[next(iter(self._ended))]

    def end(self, text: str, cause: OutcomeCause, error: OmniConnectionError | None) -> None:
        """Fail everything: what was sent as lost or of unknown outcome, what was queued as not sent.

        ``text`` says why, ``error`` is what the session ended with, None where its owner ended it.
        """
        reason = None if error is None else error.end
        for tag, pending in self._in_flight.items():
            lost = OmniConnectionError(f"{pending.request.title}: no reply will come: {text}", reason)
            lost.__cause__ = error
            self._fail(pending, lost, cause)
            self._remember(tag, pending)
        self._in_flight.clear()
        queue = [*self._queue] if self._lease is None else [Wish(self._lease), *self._queue]
        self._queue.clear()
        self._lease = self._rest_until = None
        for item in queue:
            title = "a lease" if isinstance(item, Wish) else item.request.title
            unsent = OmniConnectionError(f"{title}: not sent: {text}", reason)
            unsent.__cause__ = error
            if isinstance(item, Wish):
                self._events.append(LeaseEnded(item.lease, unsent))
            elif item.request_id is not None:
                self._events.append(RequestFailed(item.request_id, unsent))

    def _fail(self, pending: Pending, error: OmniLinkError, cause: OutcomeCause) -> None:
        if pending.request_id is None or pending.cancelled:
            return
        if pending.request.effect is not Effect.READ:
            unknown = OutcomeUnknownError(pending.request.title, cause)
            unknown.__cause__ = error
            error = unknown
        self._events.append(RequestFailed(pending.request_id, error))
