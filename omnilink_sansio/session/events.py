"""What machines report: one frozen record per kind of event."""

from typing import NamedTuple, TypeAlias

from omnilink_sansio.errors import EndReason, Fault, OmniConnectionError, OmniLinkError
from omnilink_sansio.frozen import frozen
from omnilink_sansio.session.end_reasons import ControllerEndReason
from omnilink_sansio.wire.message import Message

__all__ = [
    "ClientEvent",
    "ControllerEvent",
    "ControllerSessionEnded",
    "LateReply",
    "LeaseEnded",
    "LeaseGranted",
    "LeaseId",
    "NotificationReceived",
    "PacketDropped",
    "ReplyDropped",
    "ReplyReceived",
    "RequestCancelled",
    "RequestFailed",
    "RequestId",
    "RequestReceived",
    "SessionEnded",
    "SessionStarted",
]

RequestId: TypeAlias = int
"""Names one request of one connection; never used twice."""

LeaseId: TypeAlias = int
"""Names one lease of one connection's requests; never used twice."""


@frozen
class SessionStarted:
    """The session is open. On a secure link both ends have proved that they know the key."""

    session_id_reused: bool = False
    """Client: whether the controller gave the session the ID of the last one, which it should not."""


@frozen
class SessionEnded:
    """Client: the session is over, or could not be opened. The last event of a connection."""

    reason: EndReason
    error: OmniConnectionError | None
    """What to raise to the user; None after an orderly end that the owner asked for."""


class ReplyReceived(NamedTuple):
    """Client: the reply to a request; give its message to the request's ``accept``."""

    request_id: RequestId
    message: Message


@frozen
class RequestFailed:
    """Client: a request will get no reply; ``error`` says why and whether it may have been carried out."""

    request_id: RequestId
    error: OmniLinkError


@frozen
class RequestCancelled:
    """Client: a request was cancelled; when it had been ``sent`` it may have been carried out."""

    request_id: RequestId
    sent: bool


@frozen
class LateReply:
    """Client: the reply to a request that has already ended by a time-out, a cancellation or a damaged reply."""

    request_id: RequestId
    message: Message


@frozen
class LeaseGranted:
    """Client: from now on only requests of this lease are sent, until it is released or ended."""

    lease: LeaseId


@frozen
class LeaseEnded:
    """Client: a lease is over that was not released, or will not be granted; ``error`` says why."""

    lease: LeaseId
    error: OmniLinkError


@frozen
class NotificationReceived:
    """Client: a message that the controller sent unasked."""

    message: Message


@frozen
class PacketDropped:
    """A packet was not acted on; ``fault`` is the reason, ``detail`` says it in words.

    ``packet_type`` and ``sequence`` are None when not even a header came in.
    """

    fault: Fault
    packet_type: int | None
    sequence: int | None
    detail: str = ""


@frozen
class RequestReceived:
    """Controller: a message of the client; answer it with `ControllerConnection.reply`, or not at all."""

    request_id: RequestId
    tag: int
    """Names the request on its link: its sequence number on a secure link, 0 where that is not tracked."""
    message: Message


@frozen
class ReplyDropped:
    """Controller: a reply was not sent, since the request's session has ended or it is too old."""

    request_id: RequestId


@frozen
class ControllerSessionEnded:
    """Controller: a session ended, or the connection closed without one."""

    reason: ControllerEndReason
    detail: str = ""


ClientEvent: TypeAlias = (
    SessionStarted
    | SessionEnded
    | ReplyReceived
    | RequestFailed
    | RequestCancelled
    | LateReply
    | LeaseGranted
    | LeaseEnded
    | NotificationReceived
    | PacketDropped
)
"""Everything that a `ClientConnection` reports."""

ControllerEvent: TypeAlias = (
    SessionStarted | ControllerSessionEnded | RequestReceived | ReplyDropped | PacketDropped
)
"""Everything that a `ControllerConnection` reports."""
