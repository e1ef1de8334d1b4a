"""The reply to a request, for whoever waits for it."""

from typing import Generic, TypeVar

from omnilink_sansio.client.dispatcher import PendingReply
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sync.event_stream import Waiting

__all__ = ["Reply"]

_T_co = TypeVar("_T_co", covariant=True)


class Reply(Generic[_T_co]):
    """The reply to a request that has been submitted; any number of callers may wait for it."""

    def __init__(self, pending: PendingReply[_T_co], wait: Waiting) -> None:
        self._pending = pending
        self._wait = wait

    @property
    def is_settled(self) -> bool:
        """Whether the request has ended."""
        return self._pending.is_settled

    @property
    def has_failed(self) -> bool:
        """Whether the request has ended without what it asked for."""
        return self._pending.has_failed

    def payload(self) -> Payload:
        """Wait for the reply as it was parsed, or raise what the request ended with."""
        self._wait(lambda: self._pending.is_settled)
        return self._pending.payload()

    def content(self) -> _T_co:
        """Wait for the reply and return its content, or raise what the request ended with."""
        self._wait(lambda: self._pending.is_settled)
        return self._pending.content()
