"""What waits in a client's request engine: requests that have not ended, and wishes for a lease."""

from typing import NamedTuple

from omnilink_sansio.messages.request import Request
from omnilink_sansio.session.events import LeaseId, RequestId

__all__ = ["Pending", "Wish"]


class Pending:
    """A request that has not ended."""

    __slots__ = (
        "cancelled",
        "deadline",
        "encoded",
        "lease",
        "may_repeat",
        "repeat_at",
        "replies_before",
        "request",
        "request_id",
        "times_sent",
    )

    # Set when it is sent.
    times_sent: int
    deadline: float
    repeat_at: float | None
    replies_before: int

    def __init__(
        self,
        request_id: RequestId | None,
        request: Request[object],
        encoded: bytes,
        may_repeat: bool,
        lease: LeaseId | None,
    ) -> None:
        self.request_id = request_id
        """None: the keepalive, which nobody waits for."""
        self.request = request
        self.encoded = encoded
        self.may_repeat = may_repeat
        self.lease = lease
        self.cancelled = False


class Wish(NamedTuple):
    """A lease that waits for its turn in the queue."""

    lease: LeaseId
