"""Routes what a client machine reports to waiting callers and listeners. Without I/O: an adapter wakes them."""

from collections.abc import Callable
from copy import copy
from typing import Generic, NoReturn, TypeVar

from omnilink_sansio.client.listeners import Listeners
from omnilink_sansio.errors import OmniConnectionError, OmniLinkError
from omnilink_sansio.messages.request import Request
from omnilink_sansio.session.client import ClientConnection
from omnilink_sansio.session.events import (
    ClientEvent,
    NotificationReceived,
    ReplyReceived,
    RequestFailed,
    RequestId,
    SessionEnded,
)
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.message import Message

__all__ = ["Dispatcher", "PendingReply"]

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)


class PendingReply(Generic[_T_co]):
    """How a request that was submitted ends; ``wake`` is called when it has."""

    def __init__(self, request: Request[_T_co], request_id: RequestId, wake: Callable[[], None]) -> None:
        self._request = request
        self.request_id = request_id
        self._wake = wake
        self._outcome: Message | OmniLinkError | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the request has ended."""
        return self._outcome is not None

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

    def settle(self, outcome: Message | OmniLinkError) -> None:
        """Note how the request ended."""
        self._outcome = outcome
        self._wake()

    def message(self) -> Message:
        """Return the reply's message, or raise what the request ended with."""
        assert self._outcome is not None
        if isinstance(self._outcome, OmniLinkError):
            # A copy for each caller.
            raise copy(self._outcome) from self._outcome.__cause__
        return self._outcome

    def content(self) -> _T_co:
        """Return the reply's content, or raise what the request ended with."""
        return self._request.accept(self.message())


class Dispatcher:
    """Routes what one client machine reports to its receivers: replies, notifications, the end.

    After any input to the machine call `dispatch`, then write what the machine's `data_to_send` returns.
    ``observe`` is called with every event before it is handed on.
    """

    def __init__(self, machine: ClientConnection, observe: Callable[[ClientEvent], None]) -> None:
        self.machine = machine
        self.listeners: Listeners[Message] = Listeners()
        """Receive every unsolicited message."""
        self.reply_listeners: Listeners[Message] = Listeners()
        """Receive every reply, whichever caller's, in its place between the notifications."""
        self.end: SessionEnded | None = None
        self._observe = observe
        self._replies: dict[RequestId, PendingReply[object]] = {}
        self._dispatching = False

    @property
    def is_online(self) -> bool:
        """Whether there is a session now."""
        return self.machine.state is ConnectionState.ONLINE

    @property
    def is_dispatching(self) -> bool:
        """Whether `dispatch` is at work, further up in the calling thread."""
        return self._dispatching

    def submit(self, request: Request[_T], wake: Callable[[], None], now: float) -> PendingReply[_T]:
        """Send a request, or queue it; ``wake`` is called when it has ended.

        Raises `OmniConnectionError` when there is no session, `LocalProtocolError` as `ClientConnection.send`.
        """
        if not self.is_online:
            self.raise_end()
        reply = PendingReply(request, self.machine.send(request, now), wake)
        self._replies[reply.request_id] = reply
        return reply

    def give_up(self, reply: PendingReply[object], now: float) -> None:
        """Cancel a request that no caller waits for any more, unless it has ended."""
        if self._replies.pop(reply.request_id, None) is not None:
            self.machine.cancel(reply.request_id, now)

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
                self.reply_listeners.put(message)
                self._settle(request_id, message)
            case RequestFailed(request_id, error):
                self._settle(request_id, error)
            case NotificationReceived(message):
                self.listeners.put(message)
            case SessionEnded():
                self.end = event
                self.reply_listeners.end(event.error)
                self.listeners.end(event.error)

    def _settle(self, request_id: RequestId, outcome: Message | OmniLinkError) -> None:
        reply = self._replies.pop(request_id, None)
        if reply is not None:
            reply.settle(outcome)

    def raise_end(self) -> NoReturn:
        """Raise why there is no session."""
        error = None if self.end is None else self.end.error
        if error is None:
            how = "connect first" if self.end is None else "this connection was closed, make a new one"
            raise OmniConnectionError(f"there is no session: {how}")
        raise copy(error) from error.__cause__
