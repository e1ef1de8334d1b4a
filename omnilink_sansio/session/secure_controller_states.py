"""The transition table of a secure link's controller (20P00 §PROTOCOL RULES)."""

from collections.abc import Mapping
from enum import Enum, IntEnum, unique
from typing import TypeAlias

from omnilink_sansio.errors import Fault
from omnilink_sansio.session.end_reasons import ControllerEndReason
from omnilink_sansio.session.states import LinkState, Transition, TransitionTable

__all__ = ["SECURE_CONTROLLER_TABLE", "SecureControllerAction", "SecureControllerInput"]


@unique
class SecureControllerInput(IntEnum):
    """What can happen to the controller's end of a secure link."""

    SESSION_REQUESTED = 1
    """Packet 1, and a slot is free."""
    SESSION_NOT_AVAILABLE = 2
    """Packet 1, and no slot is free."""
    SESSION_REQUEST_REPEATED = 3
    """Datagrams: the packet 1 that opened the session we have, again and soon enough to be a copy of it."""
    KEY_PROVED = 4
    """Packet 3 with our session ID."""
    KEY_NOT_PROVED = 5
    """Packet 3 with anything else, or without a session."""
    LATE_PROOF = 6
    """Datagrams, a session offered: packet 3 with the ID of the offer before it, so of an earlier attempt."""
    MESSAGE = 7
    """An encrypted message, framed and decrypted."""
    MESSAGE_WITHOUT_SESSION = 8
    """An encrypted message, and no key to decrypt it with."""
    CLIENT_TERMINATED = 9
    """Packet 5."""
    STRAY_PACKET = 10
    """A known packet that clients do not send, or that we do not use."""
    BAD_PACKET = 11
    """A packet that cannot be acted on, after which the next one can still be found."""
    BAD_STREAM = 12
    """Bytes after which the next packet cannot be found, or a packet left incomplete."""
    END_OF_STREAM = 13
    """The client closed its stream."""
    HANDSHAKE_TIMEOUT = 14
    """The handshake took too long."""
    IDLE_TIMEOUT = 15
    """No accepted packet for too long."""
    TERMINATE = 16
    """The owner ends the session."""
    CLOSE = 17
    """The owner ends the link."""


@unique
class SecureControllerAction(Enum):
    """What the controller's end of a secure link does in a transition."""

    OFFER_SESSION = "draw a session ID, derive the session key, send packet 2"
    REPEAT_OFFER = "send the same packet 2 again"
    REFUSE = "send packet 7"
    GO_ONLINE = "send packet 4, report the session"
    REPEAT_ACKNOWLEDGEMENT = "send packet 4 again"
    RECEIVE = "report the request, or answer a repeated one again"
    DROP = "drop the packet, report it"
    SEND_TERMINATION = "send packet 6"

    # Looked up for every packet; members are unique, so identity will do.
    __hash__ = object.__hash__


_S = LinkState
_I = SecureControllerInput
_A = SecureControllerAction
_E = ControllerEndReason
_Row: TypeAlias = Transition[LinkState, SecureControllerAction, ControllerEndReason]
_Rows: TypeAlias = Mapping[tuple[LinkState, SecureControllerInput], _Row]


def _drop(state: LinkState, *inputs: SecureControllerInput, fault: Fault = Fault.UNEXPECTED_PACKET) -> _Rows:
    return {(state, item): Transition(state, _A.DROP, fault=fault) for item in inputs}


def _end(state: LinkState, item: SecureControllerInput, reason: ControllerEndReason) -> _Rows:
    return {(state, item): Transition(_S.CLOSED, None, reason)}


def _terminations(after: LinkState) -> _Rows:
    """Return the rows in which packet 6 is sent: a stream is closed after it, a datagram's peer may return."""
    return {
        (_S.IDLE, _I.CLIENT_TERMINATED): _without_session(after, _E.CLIENT_TERMINATED),
        (_S.IDLE, _I.KEY_NOT_PROVED): _without_session(after, _E.NO_SESSION),
        (_S.IDLE, _I.MESSAGE_WITHOUT_SESSION): _without_session(after, _E.NO_SESSION),
        (_S.SECURING, _I.CLIENT_TERMINATED): Transition(after, _A.SEND_TERMINATION, _E.CLIENT_TERMINATED),
        (_S.SECURING, _I.KEY_NOT_PROVED): Transition(after, _A.SEND_TERMINATION, _E.WRONG_KEY),
        (_S.SECURING, _I.HANDSHAKE_TIMEOUT): Transition(after, None, _E.HANDSHAKE_TIMEOUT),
        (_S.SECURING, _I.TERMINATE): Transition(after, _A.SEND_TERMINATION, _E.TERMINATED),
        (_S.ONLINE, _I.CLIENT_TERMINATED): Transition(after, _A.SEND_TERMINATION, _E.CLIENT_TERMINATED),
        (_S.ONLINE, _I.IDLE_TIMEOUT): Transition(after, _A.SEND_TERMINATION, _E.IDLE),
        (_S.ONLINE, _I.TERMINATE): Transition(after, _A.SEND_TERMINATION, _E.TERMINATED),
    }


def _without_session(after: LinkState, reason: ControllerEndReason) -> _Row:
    return Transition(after, _A.SEND_TERMINATION, reason if after is _S.CLOSED else None)


_ROWS: _Rows = {
    # No session.
    (_S.IDLE, _I.SESSION_REQUESTED): Transition(_S.SECURING, _A.OFFER_SESSION),
    (_S.IDLE, _I.SESSION_NOT_AVAILABLE): Transition(_S.IDLE, _A.REFUSE),
    **_drop(_S.IDLE, _I.STRAY_PACKET),
    **_end(_S.IDLE, _I.END_OF_STREAM, _E.LOST),
    **_end(_S.IDLE, _I.CLOSE, _E.TERMINATED),
    # Packet 2 is sent. A new session of the same client replaces the old one, of whose end it is not told.
    (_S.SECURING, _I.SESSION_REQUESTED): Transition(_S.SECURING, _A.OFFER_SESSION, _E.REPLACED),
    (_S.SECURING, _I.KEY_PROVED): Transition(_S.ONLINE, _A.GO_ONLINE),
    **_drop(_S.SECURING, _I.STRAY_PACKET, _I.BAD_PACKET),
    **_end(_S.SECURING, _I.END_OF_STREAM, _E.LOST),
    (_S.SECURING, _I.CLOSE): Transition(_S.CLOSED, _A.SEND_TERMINATION, _E.TERMINATED),
    # Online.
    (_S.ONLINE, _I.SESSION_REQUESTED): Transition(_S.SECURING, _A.OFFER_SESSION, _E.REPLACED),
    (_S.ONLINE, _I.KEY_PROVED): Transition(_S.ONLINE, _A.REPEAT_ACKNOWLEDGEMENT),
    (_S.ONLINE, _I.MESSAGE): Transition(_S.ONLINE, _A.RECEIVE),
    **_drop(_S.ONLINE, _I.STRAY_PACKET, _I.BAD_PACKET),
    **_end(_S.ONLINE, _I.END_OF_STREAM, _E.LOST),
    (_S.ONLINE, _I.CLOSE): Transition(_S.CLOSED, _A.SEND_TERMINATION, _E.TERMINATED),
}

_STREAM: _Rows = {
    **_terminations(_S.CLOSED),
    # A stream can be lost in, a datagram cannot.
    **_end(_S.IDLE, _I.BAD_STREAM, _E.FAULT),
    **_end(_S.SECURING, _I.BAD_STREAM, _E.FAULT),
    **_end(_S.ONLINE, _I.BAD_STREAM, _E.FAULT),
    **_end(_S.IDLE, _I.HANDSHAKE_TIMEOUT, _E.HANDSHAKE_TIMEOUT),
    (_S.SECURING, _I.MESSAGE): Transition(_S.CLOSED, _A.SEND_TERMINATION, _E.NO_SESSION),
    (_S.ONLINE, _I.KEY_NOT_PROVED): Transition(_S.CLOSED, _A.SEND_TERMINATION, _E.WRONG_KEY),
}

_DATAGRAM: _Rows = {
    **_terminations(_S.IDLE),
    # On a stream only what a session key opens can be bad and the next packet still be found.
    **_drop(_S.IDLE, _I.BAD_PACKET),
    (_S.SECURING, _I.SESSION_REQUEST_REPEATED): Transition(_S.SECURING, _A.REPEAT_OFFER),
    **_drop(_S.SECURING, _I.MESSAGE),
    **_drop(_S.SECURING, _I.LATE_PROOF, fault=Fault.UNEXPECTED_SEQUENCE),
    **_drop(_S.ONLINE, _I.SESSION_REQUEST_REPEATED, _I.KEY_NOT_PROVED),
}

SECURE_CONTROLLER_TABLE: TransitionTable[
    LinkState, SecureControllerInput, SecureControllerAction, ControllerEndReason
] = TransitionTable(LinkState, _ROWS, stream=_STREAM, datagram=_DATAGRAM)
"""Everything that the controller's end of a secure link does, by state and input."""
