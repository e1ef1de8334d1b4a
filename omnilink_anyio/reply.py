"""The reply to a request, for whoever waits for it."""

from typing import Generic, TypeVar

import anyio

from omnilink_sansio.client.dispatcher import PendingReply
from omnilink_sansio.messages.raw_message import Payload

__all__ = ["Reply"]

_T_co = TypeVar("_T_co", covariant=True)


class Reply(Generic[_T_co]):
    """The reply to a request that has been submitted; any number of callers may wait for it."""

    def __init__(self, pending: PendingReply[_T_co], settled: anyio.Event) -> None:
        self._pending = pending
        self._settled = settled

    @property
    def is_settled(self) -> bool:
        """Whether the request has ended."""
        return self._pending.is_settled

    @property
    def has_failed(self) -> bool:
        """Whether the request has ended without what it asked for."""
        return self._pending.has_failed

    async def payload(self) -> Payload:
        """Wait for the reply as it was parsed, or raise what the request ended with."""
        await self._settled.wait()
        return self._pending.payload()

    async def content(self) -> _T_co:
        """Wait for the reply and return its content, or raise what the request ended with."""
        await self._settled.wait()
        return self._pending.content()
