"""What a connection's owner can adjust: one frozen record per end, each limit with its reason."""

from dataclasses import dataclass

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.dialect import OMNI_LINK_2, Dialect
from omnilink_sansio.messages.models import ControllerFamily
from omnilink_sansio.session.history import CarryNumbers
from omnilink_sansio.wire.tolerance import Tolerance

__all__ = ["DEFAULT_PORT", "ClientSettings", "ControllerSettings"]

DEFAULT_PORT = 4369
"""The controllers' factory setting, TCP and UDP; the vendor's description gives no number."""


def _require(condition: bool, text: str) -> None:
    if not condition:
        raise LocalProtocolError(text)


def _require_kind(name: str, value: object, kind: type) -> None:
    # Compared by identity later, so that a word in place of a member would quietly mean something else.
    if not isinstance(value, kind):
        raise LocalProtocolError(f"{name} is a {kind.__name__}, not {value!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """The adjustable behaviour of a `ClientConnection`. All times are seconds.

    Raises `LocalProtocolError` for values that make no sense.
    """

    dialect: Dialect = OMNI_LINK_2
    """Which application messages the session carries."""
    accepted_session_versions: frozenset[int] = frozenset({1})
    """Protocol versions accepted in packet 2; the vendor prints none, 1 is what real panels send."""
    family: ControllerFamily | None = None
    """Whether the controller is an Omni or a Lumina, which give some event words meanings of their own; None
    learns it from the controller's system information."""
    tolerances: frozenset[Tolerance] = frozenset()
    """Deviations of odd panels to accept; see `Tolerance`."""
    handshake_timeout: float = 10.0
    """From packet 1 to packet 4: a panel that is busy takes seconds, one that is gone never answers."""
    handshake_repeat: float = 1.0
    """Datagrams only: how long to wait before a handshake packet is sent again."""
    carry_numbers: CarryNumbers = CarryNumbers.DATAGRAMS
    """On which links sequence numbers go on from the last session (`ClientConnection.history`)."""
    session_id_guard: float = 60.0
    """Datagrams only: for this long after a session's end an offer of its ID is taken for a late copy."""
    max_offers: int = 4
    """Datagrams only: session offers answered in one attempt. The network doubles packets, and a real panel that
    meets a doubled packet 1 offers twice; more are somebody's forgeries, each of which would cost an answer."""
    request_timeout: float = 5.0
    """From sending a request to its reply; a panel busy with names or programs may need more."""
    request_repeat: float = 1.5
    """Datagrams only: how long to wait before an unanswered READ or SET is sent again."""
    max_repeats: int = 3
    """Datagrams only: how often at most a request is sent again; panels are slow, bursts hurt them."""
    max_in_flight: int = 1
    """Requests sent and not yet answered: panels are slow, and every client known to work sends one."""
    max_queued: int = 64
    """Requests waiting to be sent: a bound for memory; more is a caller that does not wait for replies. One
    security command more fits."""
    keepalive: float = 60.0
    """Seconds without a reply to a request, or without sending, before a cheap read asks whether the controller
    still answers; 0 turns that off. Panels are said to end a session after about 300 s of silence."""
    incomplete_packet_timeout: float = 10.0
    """Streams only: a packet that is still incomplete after this long ends the session."""
    rest_after_timeout: float = 5.0
    """Links without tags only: how long nothing is sent after a time-out unless the late reply comes, so that it
    is not taken for the reply to the next request."""
    close_timeout: float = 1.0
    """How long an orderly end waits for the controller's answer."""
    close_repeat: float = 0.25
    """Datagrams only: how long to wait before the goodbye is sent again. One that is lost costs a slot for
    minutes."""

    def __post_init__(self) -> None:
        _require_kind("dialect", self.dialect, Dialect)
        _require_kind("carry_numbers", self.carry_numbers, CarryNumbers)
        if self.family is not None:
            _require_kind("family", self.family, ControllerFamily)
        for name in ("handshake_timeout", "handshake_repeat", "request_timeout", "request_repeat",
                     "incomplete_packet_timeout", "close_timeout", "close_repeat"):  # fmt: skip
            _require(getattr(self, name) > 0, f"{name} must be above 0 seconds")
        _require(self.keepalive >= 0, "keepalive must be 0 (off) or above")
        for name in ("max_repeats", "session_id_guard", "rest_after_timeout"):
            _require(getattr(self, name) >= 0, f"{name} must not be negative")
        _require(self.max_offers >= 1, "max_offers must be at least 1")
        _require(self.max_in_flight >= 1 and self.max_queued >= 1, "at least one request must fit")


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerSettings:
    """The adjustable behaviour of a `ControllerConnection` and a `ControllerServer`. All times are seconds.

    Raises `LocalProtocolError` for values that make no sense.
    """

    dialect: Dialect = OMNI_LINK_2
    """Which application messages the session carries."""
    offered_session_version: int = 1
    """The version that packet 2 offers."""
    tolerances: frozenset[Tolerance] = frozenset()
    """Deviations of odd clients to accept; see `Tolerance`."""
    handshake_timeout: float = 10.0
    """How long a session may stay half-open before its slot is free again."""
    repeated_request_guard: float = 10.0
    """Datagrams only: for this long after going online the packet 1 that opened the session is ignored, since
    a delayed duplicate must not end it."""
    idle_timeout: float = 300.0
    """A session without an accepted packet for this long is ended (real panels: about 5 minutes); 0 = never."""
    incomplete_packet_timeout: float = 10.0
    """Streams only: a packet that is still incomplete after this long ends the connection."""
    remembered_requests: int = 16
    """How many requests are kept with their reply, to recognise repeats and, on datagrams, to answer them."""
    deduplicate_requests: bool = True
    """Datagrams only: answer a retransmission from the cache instead of executing it twice. False: like the
    panels that do not, execute every copy of a request."""
    max_unanswered: int = 64
    """Requests handed to the owner and not yet answered: a bound for memory; the oldest are forgotten."""
    max_sessions: int = 16
    """A `ControllerServer`'s sessions, half-open ones included; further clients are refused (packet 7)."""
    max_half_open: int = 8
    """A `ControllerServer`'s half-open sessions: their packet 1 may come from a forged address."""

    def __post_init__(self) -> None:
        _require_kind("dialect", self.dialect, Dialect)
        for name in ("handshake_timeout", "incomplete_packet_timeout"):
            _require(getattr(self, name) > 0, f"{name} must be above 0 seconds")
        for name in ("repeated_request_guard", "idle_timeout"):
            _require(getattr(self, name) >= 0, f"{name} must not be negative")
        for name in ("remembered_requests", "max_unanswered", "max_sessions", "max_half_open"):
            _require(getattr(self, name) >= 1, f"{name} must be at least 1")
        _require(
            0 <= self.offered_session_version <= 0xFFFF, "offered_session_version is a number of 16 bits"
        )
