"""Links: what a connection stands on, whatever carries its messages.

A link finds messages in what a transport brings, and packs those that are to be sent. It opens and ends the
session in its own way (handshake or log-in, goodbye) and keeps the time-outs of that. Nothing above it knows
about packets, sequence numbers, keys or line rates; nothing in it knows about requests. Two properties are
all that a connection asks about: whether messages can get lost, so that requests are repeated, and whether a
reply names its request by a tag, or is merely the next message.

Inputs for the connection come one at a time, as `next_input` is called: what follows in the buffer is not touched
before. What an owner's call or a time-out ends is returned by that call.
"""

from typing import NamedTuple, Protocol, TypeAlias

from omnilink_sansio.errors import EndReason, Fault, OmniConnectionError, RemoteProtocolError
from omnilink_sansio.session.end_reasons import ControllerEndReason
from omnilink_sansio.session.events import PacketDropped
from omnilink_sansio.session.history import SessionHistory
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.message import Message

__all__ = [
    "Arrived",
    "ClientLink",
    "ClientLinkInput",
    "ControllerLink",
    "ControllerLinkInput",
    "Damaged",
    "Ended",
    "Link",
    "Opened",
    "SessionOver",
]


class Opened(NamedTuple):
    """The session is open."""

    session_id_reused: bool = False
    """Whether its ID is the one that the last session had."""


class Arrived(NamedTuple):
    """A message came in. ``tag`` says what it answers, or names the request; None when it was sent unasked."""

    tag: int | None
    message: Message


class Damaged(NamedTuple):
    """A message came in that cannot be read; ``tag`` is that of the request it would have answered."""

    tag: int
    error: RemoteProtocolError
    dropped: PacketDropped


class Ended(NamedTuple):
    """Client: the session is over, or could not be opened, and the link with it."""

    reason: EndReason
    error: OmniConnectionError | None
    """What to raise to the user; None after an orderly end that the owner asked for."""


class SessionOver(NamedTuple):
    """Controller: a session ended, or the link without one; see `ControllerLink.is_closed`."""

    reason: ControllerEndReason
    detail: str = ""


ClientLinkInput: TypeAlias = Opened | Arrived | Damaged | PacketDropped | Ended
"""What a client's link reports to its connection."""
ControllerLinkInput: TypeAlias = Opened | Arrived | Damaged | PacketDropped | SessionOver
"""What a controller's link reports to its connection."""


class Link(Protocol):
    """What both ends' links have in common."""

    @property
    def framing(self) -> Framing:
        """How the transport carries what the link writes."""
        raise NotImplementedError

    @property
    def is_closed(self) -> bool:
        """Whether it is over for good."""
        raise NotImplementedError

    def feed(self, data: bytes, now: float) -> None:
        """Take any piece of the stream, or exactly one datagram. Never raises."""

    def feed_eof(self, now: float) -> None:
        """Note that the peer closed its stream, or that the transport failed. Never raises."""

    def encode(self, message: Message) -> bytes:
        """Return a message's bytes. Raises `LocalProtocolError` when it does not fit this link."""
        raise NotImplementedError

    def reject(self, tag: int | None, fault: Fault) -> PacketDropped:
        """Return the report of a message that came in and that the connection could not use."""
        raise NotImplementedError

    def next_due(self) -> float | None:
        """Return when `expire` is due, or None."""
        raise NotImplementedError

    def data_to_send(self) -> list[bytes]:
        """Return what is to be written, each item one write, one datagram."""
        raise NotImplementedError


class ClientLink(Link, Protocol):
    """The client's end of a link."""

    @property
    def loses_messages(self) -> bool:
        """Whether what is sent may get lost, so that requests are repeated."""
        raise NotImplementedError

    @property
    def has_tags(self) -> bool:
        """Whether a reply names its request. Where none does, one request is under way at a time."""
        raise NotImplementedError

    @property
    def history(self) -> SessionHistory:
        """What the next session's link has to know of this one."""
        raise NotImplementedError

    def open(self, now: float) -> Opened | None:
        """Begin to open a session; return `Opened` where nothing has to be done for that."""
        raise NotImplementedError

    def close(self, now: float) -> Ended | None:
        """End the session in order; return the end when there is nothing to wait for."""
        raise NotImplementedError

    def abandon(self, now: float) -> Ended | None:
        """End the session without waiting for a peer that does not answer."""
        raise NotImplementedError

    def send(self, encoded: bytes, now: float) -> int:
        """Send a request that `encode` made; return the tag of its reply."""
        raise NotImplementedError

    def repeat(self, tag: int, encoded: bytes, now: float) -> None:
        """Send a request again, as the same bytes."""

    def next_input(self) -> ClientLinkInput | None:
        """Return the next thing that came in, or None when there is nothing more until the next piece."""
        raise NotImplementedError

    def expire(self, now: float) -> ClientLinkInput | None:
        """Do what is due by now; return what comes of it."""
        raise NotImplementedError


class ControllerLink(Link, Protocol):
    """The controller's end of a link."""

    @property
    def is_half_open(self) -> bool:
        """Whether a session is being opened."""
        raise NotImplementedError

    def answer(self, tag: int, encoded: bytes, now: float) -> None:
        """Answer the request of this tag with a message that `encode` made."""

    def push(self, encoded: bytes, now: float) -> None:
        """Send a message that answers nothing."""

    def terminate(self, now: float) -> SessionOver | None:
        """End the session; return its end, None when there is none."""
        raise NotImplementedError

    def close(self, now: float) -> SessionOver | None:
        """End the session, if there is one, and the link for good."""
        raise NotImplementedError

    def next_input(self) -> ControllerLinkInput | None:
        """Return the next thing that came in, or None when there is nothing more until the next piece."""
        raise NotImplementedError

    def expire(self, now: float) -> ControllerLinkInput | None:
        """Do what is due by now; return what comes of it."""
        raise NotImplementedError
