"""A client machine and those who wait for what it reports. Without I/O: an adapter gives what wakes them.

Each message is parsed once, here. A reply goes up together with its request, as an `Exchange`, a notification as
`Pushed`; who listens to both gets them in the order in which they came in.
"""

from collections.abc import Callable, Set
from contextlib import suppress
from copy import copy
from typing import Generic, NoReturn, TypeVar

from omnilink_sansio.client.listeners import Listeners
from omnilink_sansio.errors import (
    EndReason,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    RemoteProtocolError,
)
from omnilink_sansio.messages.dialect import Dialect
from omnilink_sansio.messages.exchange import Exchange, Pushed
from omnilink_sansio.messages.models import ControllerFamily
from omnilink_sansio.messages.opcode import Effect
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.request import Request
from omnilink_sansio.session.client import ClientConnection
from omnilink_sansio.session.events import (
    ClientEvent,
    LeaseEnded,
    LeaseGranted,
    LeaseId,
    NotificationReceived,
    ReplyReceived,
    RequestCancelled,
    RequestFailed,
    RequestId,
    SessionEnded,
)
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.message import Message
from omnilink_sansio.wire.tolerance import Tolerance

__all__ = ["Dispatcher", "PendingLease", "PendingReply"]

_TRIES_TO_LEARN_FAMILY = 2

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)


class PendingReply(Generic[_T_co]):
    """How a request that was submitted ends; ``wake`` is called when it has."""

    __slots__ = (
        "_outcome",
        "_wakes",
        "request",
        "request_id",
    )

    def __init__(self, request: Request[_T_co], request_id: RequestId, wake: Callable[[], None]) -> None:
        self.request = request
        self.request_id = request_id
        self._wakes = [wake]
        self._outcome: Payload | OmniLinkError | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the request has ended."""
        return self._outcome is not None

    @property
    def is_answered(self) -> bool:
        """Whether a reply came, a refusal for instance."""
        return self._outcome is not None and not isinstance(self._outcome, OmniLinkError)

    @property
    def has_failed(self) -> bool:
        """Whether the request has ended without what it asked for."""
        if self._outcome is None:
            return False
        try:
            self.content()
        except OmniLinkError:
            return True
        return False

    def settle(self, outcome: Payload | OmniLinkError) -> None:
        """Note how the request ended."""
        self._outcome = outcome
        for wake in self._wakes:
            wake()

    def join(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` too when the request has ended, at once when it has already."""
        self._wakes.append(wake)
        if self.is_settled:
            wake()

    def payload(self) -> Payload:
        """Return the reply as it was parsed, or raise what the request ended with."""
        assert self._outcome is not None
        if isinstance(self._outcome, OmniLinkError):
            # A copy for each caller.
            raise copy(self._outcome) from self._outcome.__cause__
        return self._outcome

    def content(self) -> _T_co:
        """Return the reply's content, or raise what the request ended with."""
        return self.request.accept(self.payload())


class PendingLease:
    """A lease that was asked for; ``wake`` is called when it is granted, or will not be."""

    __slots__ = (
        "_error",
        "_granted",
        "_wake",
        "lease",
    )

    def __init__(self, lease: LeaseId, wake: Callable[[], None]) -> None:
        self.lease = lease
        self._wake = wake
        self._granted = False
        self._error: OmniLinkError | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it is granted, or will not be."""
        return self._granted or self._error is not None

    def settle(self, error: OmniLinkError | None) -> None:
        """Note that it is granted (None), or why it is not, or over."""
        self._granted, self._error = error is None, error
        self._wake()

    def content(self) -> LeaseId:
        """Return the lease, or raise why it is not granted."""
        if self._error is not None:
            raise copy(self._error) from self._error.__cause__
        return self.lease


_NO_LEASES: dict[LeaseId, PendingLease] = {}
"""What every dispatcher begins with; never written to."""


class Dispatcher:
    """Routes what one client machine reports to its receivers: replies, notifications, the end.

    After any input to the machine call `dispatch`, then write what the machine's `data_to_send` returns.
    ``observe`` is called with every event before it is handed on. ``family`` is that of the controller; without it
    it is learnt from the controller's system information, which `enable_notifications` asks for. ``tolerances``
    are the deviations of odd panels to accept in what is parsed.
    """

    __slots__ = (
        "_dialect",
        "_dispatching",
        "_enabling",
        "_learns_family",
        "_leases",
        "_observe",
        "_question",
        "_replies",
        "_tolerances",
        "end",
        "exchanges",
        "family",
        "machine",
        "notifications",
    )

    def __init__(
        self,
        machine: ClientConnection,
        observe: Callable[[ClientEvent], None],
        *,
        dialect: Dialect,
        family: ControllerFamily | None = None,
        tolerances: Set[Tolerance] = frozenset(),
    ) -> None:
        self.machine = machine
        self.family = family
        """Which of the event words that an Omni and a Lumina number alike are meant; None while unknown."""
        self.notifications: Listeners[Pushed] = Listeners()
        """Who gets what comes unasked."""
        self.exchanges: Listeners[Exchange] = Listeners()
        """Who gets every reply, whoever asked, in its place between the notifications."""
        self.end: SessionEnded | None = None
        self._learns_family = family is None
        self._observe = observe
        self._dialect = dialect
        self._tolerances = tolerances
        self._replies: dict[RequestId, PendingReply[object]] = {}
        self._leases = _NO_LEASES
        self._enabling: PendingReply[None] | None = None
        self._question: PendingReply[object] | None = None
        self._dispatching = False

    @property
    def is_online(self) -> bool:
        """Whether there is a session now."""
        return self.machine.state is ConnectionState.ONLINE

    @property
    def is_dispatching(self) -> bool:
        """Whether `dispatch` is at work, further up in the calling thread."""
        return self._dispatching

    def submit(
        self, request: Request[_T], wake: Callable[[], None], now: float, lease: LeaseId | None = None
    ) -> PendingReply[_T]:
        """Send a request, or queue it; ``wake`` is called when it has ended.

        Raises `OmniConnectionError` when there is no session, `LocalProtocolError` and `LeaseEndedError` as
        `ClientConnection.send`.
        """
        if not self.is_online:
            self.raise_end()
        reply = PendingReply(request, self.machine.send(request, now, lease=lease), wake)
        self._replies[reply.request_id] = reply
        return reply

    def give_up(self, reply: PendingReply[object], now: float) -> None:
        """Cancel a request that no caller waits for any more, unless it has ended."""
        if self._replies.pop(reply.request_id, None) is not None:
            self.machine.cancel(reply.request_id, now)

    def enable_notifications(self, wake: Callable[[], None], now: float) -> PendingReply[None]:
        """Have the controller send what happens unasked; once a session, unless that failed.

        What the controller is comes first where it is not known: some event words mean one thing on an Omni and
        another on a Lumina. Raises as `submit` does.
        """
        from omnilink_sansio.messages.system import EnableNotifications

        if self._enabling is not None and self.is_online and not self._enabling.has_failed:
            self._enabling.join(wake)
            return self._enabling
        if self.family is None and self._question is None and self.is_online:
            self._ask_family(now)
        self._enabling = self.submit(EnableNotifications(enabled=1), wake, now)
        return self._enabling

    def _ask_family(self, now: float, tries: int = _TRIES_TO_LEARN_FAMILY) -> None:
        """Ask what the controller is, once more where no answer came: who misreads a mode word misreads arming.

        Not more often: while a question waits in vain, so does what is sent after it.
        """
        from omnilink_sansio.messages.system import RequestSystemInformation

        def wake() -> None:
            self._question = None
            if tries > 1 and self.family is None and self.is_online and not question.is_answered:
                # Where the queue is full by now, whoever asks for system information next teaches it too.
                with suppress(LocalProtocolError):
                    self._ask_family(self.machine.now, tries - 1)

        self._question = question = self.submit(RequestSystemInformation(), wake, now)

    def lease(self, wake: Callable[[], None], now: float) -> PendingLease:
        """Ask for a lease; ``wake`` is called when it is granted, or will not be.

        Raises `OmniConnectionError` when there is no session, `LocalProtocolError` as `ClientConnection.lease`.
        """
        if not self.is_online:
            self.raise_end()
        pending = PendingLease(self.machine.lease(now), wake)
        if not self._leases:
            self._leases = {}
        self._leases[pending.lease] = pending
        return pending

    def release(self, lease: LeaseId, now: float) -> None:
        """Give a lease back, granted or not; does nothing for one that is over."""
        self._leases.pop(lease, None)
        self.machine.release(lease, now)

    def dispatch(self) -> None:
        """Take everything that the machine reports."""
        # A callback that sends something is called from here: what follows from it comes after this event.
        if self._dispatching:
            return
        self._dispatching = True
        try:
            while (event := self.machine.next_event()) is not None:
                self._take(event)
        finally:
            self._dispatching = False

    def _take(self, event: ClientEvent) -> None:
        self._observe(event)
        match event:
            case ReplyReceived(request_id, message):
                self._take_reply(request_id, message)
            case RequestFailed(request_id, error):
                self._settle(request_id, error)
            case RequestCancelled(request_id):
                self._settle_unsent(request_id)
            case NotificationReceived(message):
                from omnilink_sansio.messages.notifications import parse_notification

                family = self.family or ControllerFamily.OMNI
                self.notifications.put(Pushed(message, parse_notification(message, family)))
            case LeaseGranted(lease):
                self._settle_lease(lease, None)
            case LeaseEnded(lease, error):
                self._settle_lease(lease, error)
            case SessionEnded():
                self.end = event
                self.exchanges.end(event.error)
                self.notifications.end(event.error)

    def _take_reply(self, request_id: RequestId, message: Message) -> None:
        pending = self._replies.pop(request_id, None)
        if pending is None:
            return
        if not self._replies:
            self._replies.clear()  # gives its table back: an idle client is to be small
        try:
            reply = self._dialect.parse(message, self._tolerances)
        except RemoteProtocolError as error:
            pending.settle(_unreadable(pending.request, error))
            return
        if self._learns_family and message.type == OmniLink2MessageType.SYSTEM_INFORMATION:
            self._learn_family(reply)
        try:
            self.exchanges.put(Exchange(pending.request, reply))
        finally:
            # Whatever a listener raises, who asked has the reply.
            pending.settle(reply)

    def _learn_family(self, reply: Payload) -> None:
        from omnilink_sansio.messages.system import SystemInformation

        if isinstance(reply, SystemInformation):
            self.family = reply.family or self.family

    def _settle(self, request_id: RequestId, outcome: OmniLinkError) -> None:
        reply = self._replies.pop(request_id, None)
        if reply is not None:
            reply.settle(outcome)

    def _settle_unsent(self, request_id: RequestId) -> None:
        # Who gave a request up waits no more; whose lease was given back meanwhile does.
        reply = self._replies.pop(request_id, None)
        if reply is not None:
            reply.settle(LocalProtocolError(f"{reply.request.title}: not sent: its lease was given back"))

    def _settle_lease(self, lease: LeaseId, error: OmniLinkError | None) -> None:
        pending = self._leases.get(lease) if error is None else self._leases.pop(lease, None)
        if pending is not None and not pending.is_settled:
            pending.settle(error)

    def fail_to_open(self, error: OmniLinkError) -> None:
        """Note that there will be no session, since there is no transport for it; everybody is told that."""
        if not isinstance(error, OmniConnectionError):
            failed = OmniConnectionError(f"the transport could not be opened: {error}", EndReason.UNREACHABLE)
            failed.__cause__ = error
            error = failed
        self.end = SessionEnded(error.end or EndReason.UNREACHABLE, error)
        self.exchanges.end(error)
        self.notifications.end(error)

    def raise_end(self) -> NoReturn:
        """Raise why there is no session."""
        error = None if self.end is None else self.end.error
        if error is None:
            how = "connect first" if self.end is None else "this connection was closed, make a new one"
            raise OmniConnectionError(f"there is no session: {how}")
        raise copy(error) from error.__cause__


def _unreadable(request: Request[object], error: RemoteProtocolError) -> OmniLinkError:
    """Return what a request ends with whose reply is of the right kind, but malformed."""
    if request.effect is Effect.READ:
        return error
    unknown = OutcomeUnknownError(request.title, OutcomeCause.DAMAGED_REPLY)
    unknown.__cause__ = error
    return unknown
