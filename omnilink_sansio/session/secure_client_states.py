"""The transition table of a secure link's client (20P00 §PROTOCOL RULES)."""

from collections.abc import Mapping
from enum import Enum, IntEnum, unique
from typing import TypeAlias

from omnilink_sansio.errors import EndReason, Fault
from omnilink_sansio.session.states import LinkState, Transition, TransitionTable

__all__ = ["SECURE_CLIENT_TABLE", "SecureClientAction", "SecureClientInput"]


@unique
class SecureClientInput(IntEnum):
    """What can happen to the client's end of a secure link."""

    OPEN = 1
    """The owner connects."""
    CLOSE = 2
    """The owner closes."""
    ABANDON = 3
    """The controller does not answer any more."""
    SESSION_OFFERED = 4
    """Packet 2 with an accepted protocol version; while one is waited for, in answer to packet 1."""
    OFFER_REPEATED = 5
    """Datagrams: the packet 2 that is being answered, once more."""
    OTHER_SESSION_OFFERED = 6
    """Datagrams: another packet 2 in answer to packet 1, while packet 4 is waited for."""
    TOO_MANY_OFFERS = 7
    """Datagrams: yet another packet 2, when as many as may be were answered."""
    LAST_SESSION_OFFERED = 8
    """Datagrams: packet 2 with the ID of the session that has just ended: probably a late copy."""
    STALE_ANSWER = 9
    """Datagrams: a packet 2 or 4 that does not answer the packet 1 or 3 last sent."""
    OTHER_VERSION_OFFERED = 10
    """Packet 2 with another protocol version."""
    OFFERED_WITHOUT_KEY = 11
    """Packet 2 with an accepted protocol version, in answer to a client that has no controller key."""
    SESSION_ID_ECHOED = 12
    """Packet 4 with our session ID."""
    OTHER_SESSION_ID_ECHOED = 13
    """Packet 4 with anything else."""
    TERMINATED = 14
    """Packet 6."""
    TERMINATED_IN_DOUBT = 15
    """Datagrams: packet 6 while packet 4 is waited for, when packet 1 was sent more than once or more than one
    session was offered: our proof may have met another session than it was made for."""
    TERMINATED_IN_DOUBT_AGAIN = 16
    """Datagrams: the same after the handshake was begun anew for that."""
    REFUSED = 17
    """Packet 7."""
    MESSAGE = 18
    """An encrypted message, framed and decrypted."""
    STRAY_PACKET = 19
    """A known packet that controllers do not send, or that we do not use."""
    BAD_PACKET = 20
    """A packet that cannot be acted on, after which the next one can still be found."""
    BAD_STREAM = 21
    """Bytes after which the next packet cannot be found, or a packet left incomplete."""
    END_OF_STREAM = 22
    """The controller closed its stream, or the host reports that nobody listens."""
    HANDSHAKE_TIMEOUT = 23
    """The handshake took too long."""
    VERSION_TIMEOUT = 24
    """Datagrams: the same, and only another protocol version was offered."""
    CLOSE_TIMEOUT = 25
    """Packet 5 was not answered."""


@unique
class SecureClientAction(Enum):
    """What the client's end of a secure link does in a transition."""

    REQUEST_SESSION = "send packet 1"
    SECURE = "derive the session key, send packet 3"
    START_ANEW = "forget the session key, send packet 1 under a new number"
    GO_ONLINE = "report the session"
    RECEIVE = "report the message"
    DROP = "drop the packet, report it"
    DROP_REPEATED_OFFER = "drop the offer that is being answered, report it"
    SEND_GOODBYE = "send packet 5"

    # Looked up for every packet; members are unique, so identity will do.
    __hash__ = object.__hash__


_S = LinkState
_I = SecureClientInput
_A = SecureClientAction
_Row: TypeAlias = Transition[LinkState, SecureClientAction, EndReason]
_Rows: TypeAlias = Mapping[tuple[LinkState, SecureClientInput], _Row]


def _drop(state: LinkState, *inputs: SecureClientInput, fault: Fault = Fault.UNEXPECTED_PACKET) -> _Rows:
    return {(state, item): Transition(state, _A.DROP, fault=fault) for item in inputs}


def _end(state: LinkState, item: SecureClientInput, reason: EndReason) -> _Rows:
    return {(state, item): Transition(_S.CLOSED, None, reason)}


def _leave(state: LinkState, item: SecureClientInput, reason: EndReason) -> _Rows:
    """Return the row of an end after which the controller may still hold a slot for us."""
    return {(state, item): Transition(_S.CLOSED, _A.SEND_GOODBYE, reason)}


_ROWS: _Rows = {
    # Not open: nothing is expected.
    (_S.IDLE, _I.OPEN): Transition(_S.REQUESTING, _A.REQUEST_SESSION),
    **_end(_S.IDLE, _I.CLOSE, EndReason.CLOSED),
    **_drop(_S.IDLE, _I.SESSION_OFFERED, _I.OTHER_VERSION_OFFERED, _I.OTHER_SESSION_ID_ECHOED),
    **_drop(_S.IDLE, _I.TERMINATED, _I.REFUSED, _I.STRAY_PACKET),
    **_end(_S.IDLE, _I.END_OF_STREAM, EndReason.HANDSHAKE_LOST),
    # Packet 1 is sent.
    (_S.REQUESTING, _I.CLOSE): Transition(_S.CLOSING, _A.SEND_GOODBYE),
    (_S.REQUESTING, _I.SESSION_OFFERED): Transition(_S.SECURING, _A.SECURE),
    **_leave(_S.REQUESTING, _I.OFFERED_WITHOUT_KEY, EndReason.OFFERED),
    **_end(_S.REQUESTING, _I.REFUSED, EndReason.REFUSED),
    **_drop(_S.REQUESTING, _I.STRAY_PACKET),
    **_leave(_S.REQUESTING, _I.HANDSHAKE_TIMEOUT, EndReason.HANDSHAKE_TIMEOUT),
    # Packet 3 is sent.
    (_S.SECURING, _I.CLOSE): Transition(_S.CLOSING, _A.SEND_GOODBYE),
    (_S.SECURING, _I.SESSION_ID_ECHOED): Transition(_S.ONLINE, _A.GO_ONLINE),
    **_end(_S.SECURING, _I.TERMINATED, EndReason.WRONG_KEY),
    **_drop(_S.SECURING, _I.REFUSED, _I.MESSAGE, _I.STRAY_PACKET, _I.BAD_PACKET),
    **_end(_S.SECURING, _I.END_OF_STREAM, EndReason.HANDSHAKE_LOST),
    **_leave(_S.SECURING, _I.HANDSHAKE_TIMEOUT, EndReason.KEY_UNANSWERED),
    # Online. Handshake packets are old copies here.
    (_S.ONLINE, _I.CLOSE): Transition(_S.CLOSING, _A.SEND_GOODBYE),
    **_leave(_S.ONLINE, _I.ABANDON, EndReason.SILENT),
    (_S.ONLINE, _I.MESSAGE): Transition(_S.ONLINE, _A.RECEIVE),
    **_end(_S.ONLINE, _I.TERMINATED, EndReason.TERMINATED),
    **_drop(_S.ONLINE, _I.SESSION_OFFERED, _I.OTHER_VERSION_OFFERED, _I.SESSION_ID_ECHOED),
    **_drop(_S.ONLINE, _I.OTHER_SESSION_ID_ECHOED, _I.REFUSED, _I.STRAY_PACKET, _I.BAD_PACKET),
    **_end(_S.ONLINE, _I.END_OF_STREAM, EndReason.LOST),
    # Packet 5 is sent: what was on its way still arrives, and however it ends, it ends as asked.
    (_S.CLOSING, _I.MESSAGE): Transition(_S.CLOSING, _A.RECEIVE),
    **_drop(_S.CLOSING, _I.SESSION_OFFERED, _I.OTHER_VERSION_OFFERED, _I.SESSION_ID_ECHOED),
    **_drop(_S.CLOSING, _I.OTHER_SESSION_ID_ECHOED, _I.STRAY_PACKET, _I.BAD_PACKET),
    **_end(_S.CLOSING, _I.TERMINATED, EndReason.CLOSED),
    **_end(_S.CLOSING, _I.REFUSED, EndReason.CLOSED),
    **_end(_S.CLOSING, _I.END_OF_STREAM, EndReason.CLOSED),
    **_end(_S.CLOSING, _I.CLOSE_TIMEOUT, EndReason.CLOSED),
}

_STREAM: _Rows = {
    # A stream can be lost in, a datagram cannot.
    **_leave(_S.IDLE, _I.BAD_STREAM, EndReason.HANDSHAKE_FAULT),
    **_leave(_S.REQUESTING, _I.BAD_STREAM, EndReason.HANDSHAKE_FAULT),
    **_leave(_S.SECURING, _I.BAD_STREAM, EndReason.HANDSHAKE_FAULT),
    **_leave(_S.ONLINE, _I.BAD_STREAM, EndReason.FAULT),
    **_end(_S.CLOSING, _I.BAD_STREAM, EndReason.CLOSED),
    # Nothing on a stream is an old copy.
    **_leave(_S.REQUESTING, _I.OTHER_VERSION_OFFERED, EndReason.VERSION),
    **_end(_S.REQUESTING, _I.TERMINATED, EndReason.HANDSHAKE_TERMINATED),
    **_leave(_S.REQUESTING, _I.OTHER_SESSION_ID_ECHOED, EndReason.SESSION_ID),
    **_end(_S.REQUESTING, _I.END_OF_STREAM, EndReason.HANDSHAKE_LOST),
    **_drop(_S.SECURING, _I.SESSION_OFFERED, _I.OTHER_VERSION_OFFERED),
    **_leave(_S.SECURING, _I.OTHER_SESSION_ID_ECHOED, EndReason.SESSION_ID),
}

_DATAGRAM: _Rows = {
    # On a stream only what a session key opens can be bad and the next packet still be found.
    **_drop(_S.IDLE, _I.BAD_PACKET),
    **_drop(_S.REQUESTING, _I.BAD_PACKET),
    # Nothing is connected beforehand: only now the host says that nobody listens.
    **_end(_S.REQUESTING, _I.END_OF_STREAM, EndReason.PORT_CLOSED),
    **_drop(_S.REQUESTING, _I.TERMINATED, _I.OTHER_SESSION_ID_ECHOED),
    **_drop(_S.REQUESTING, _I.OTHER_VERSION_OFFERED, fault=Fault.VERSION_NOT_ACCEPTED),
    **_leave(_S.REQUESTING, _I.VERSION_TIMEOUT, EndReason.VERSION),
    **_drop(_S.SECURING, _I.OTHER_VERSION_OFFERED, fault=Fault.VERSION_NOT_ACCEPTED),
    **_drop(_S.REQUESTING, _I.STALE_ANSWER, fault=Fault.UNEXPECTED_SEQUENCE),
    **_drop(_S.SECURING, _I.STALE_ANSWER, fault=Fault.UNEXPECTED_SEQUENCE),
    **_drop(_S.REQUESTING, _I.LAST_SESSION_OFFERED, fault=Fault.SESSION_ID_REUSED),
    **_drop(_S.SECURING, _I.LAST_SESSION_OFFERED, fault=Fault.SESSION_ID_REUSED),
    **_drop(_S.REQUESTING, _I.TOO_MANY_OFFERS),
    **_drop(_S.SECURING, _I.TOO_MANY_OFFERS),
    (_S.SECURING, _I.OFFER_REPEATED): Transition(_S.SECURING, _A.DROP_REPEATED_OFFER),
    (_S.SECURING, _I.OTHER_SESSION_OFFERED): Transition(_S.SECURING, _A.SECURE),
    **_drop(_S.SECURING, _I.OTHER_SESSION_ID_ECHOED),
    (_S.SECURING, _I.TERMINATED_IN_DOUBT): Transition(_S.REQUESTING, _A.START_ANEW),
    **_end(_S.SECURING, _I.TERMINATED_IN_DOUBT_AGAIN, EndReason.HANDSHAKE_TERMINATED),
}

SECURE_CLIENT_TABLE: TransitionTable[LinkState, SecureClientInput, SecureClientAction, EndReason] = (
    TransitionTable(LinkState, _ROWS, stream=_STREAM, datagram=_DATAGRAM)
)
"""Everything that the client's end of a secure link does, by state and input."""
