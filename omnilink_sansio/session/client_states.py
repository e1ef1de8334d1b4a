"""The client's transition table (20P00 §PROTOCOL RULES)."""

from collections.abc import Mapping
from enum import Enum, IntEnum, unique

from omnilink_sansio.errors import EndReason
from omnilink_sansio.session.states import ConnectionState, Transition, TransitionTable

__all__ = ["CLIENT_TABLE", "ClientAction", "ClientInput"]


@unique
class ClientInput(IntEnum):
    """What can happen to a client."""

    CONNECT = 1
    """The owner connects."""
    CLOSE = 2
    """The owner closes."""
    SESSION_OFFERED = 3
    """Packet 2 with an accepted protocol version."""
    OTHER_VERSION_OFFERED = 4
    """Packet 2 with another protocol version."""
    SESSION_ID_ECHOED = 5
    """Packet 4 with our session ID."""
    OTHER_SESSION_ID_ECHOED = 6
    """Packet 4 with anything else."""
    TERMINATED = 7
    """Packet 6."""
    TERMINATED_AFTER_REPEAT = 8
    """Packet 6 in answer to packet 3, on datagrams, when packet 1 had been sent more than once: the answer to
    a second packet 1 may have replaced our session."""
    REFUSED = 9
    """Packet 7."""
    MESSAGE = 10
    """An encrypted message, framed and decrypted."""
    STRAY_PACKET = 11
    """A known packet that controllers do not send, or that we do not use."""
    BAD_PACKET = 12
    """A packet that cannot be acted on, after which the next one can still be found."""
    BAD_STREAM = 13
    """Bytes after which the next packet cannot be found, or a packet left incomplete."""
    END_OF_STREAM = 14
    """The controller closed its stream."""
    HANDSHAKE_TIMEOUT = 15
    """The handshake took too long."""
    CONTROLLER_SILENT = 16
    """The keepalive was not answered."""
    CLOSE_TIMEOUT = 17
    """Packet 5 was not answered."""
    OFFERED_WITHOUT_KEY = 18
    """Packet 2 with an accepted protocol version, in answer to a client that has no controller key."""


@unique
class ClientAction(Enum):
    """What a client does in a transition."""

    REQUEST_SESSION = "send packet 1"
    SECURE = "derive the session key, send packet 3"
    REKEY = "another session ID: derive the session key anew, send packet 3; the same: drop"
    START_ANEW = "forget the session key, send packet 1 once more"
    GO_ONLINE = "report the session"
    RECEIVE = "match the reply, or report the notification"
    DROP = "drop the packet, report it"
    SAY_GOODBYE = "fail all requests, send packet 5"
    END = "fail all requests, report the end"

    # Looked up for every packet; members are unique, so identity will do.
    __hash__ = object.__hash__


_S = ConnectionState
_I = ClientInput
_A = ClientAction
_Rows = Mapping[tuple[ConnectionState, ClientInput], Transition[ClientAction]]


def _drop(state: ConnectionState, *inputs: ClientInput) -> _Rows:
    return {(state, item): Transition(state, _A.DROP) for item in inputs}


def _end(state: ConnectionState, item: ClientInput, reason: EndReason) -> _Rows:
    return {(state, item): Transition(_S.CLOSED, _A.END, reason)}


_ROWS: _Rows = {
    # Not connected: nothing is expected.
    (_S.IDLE, _I.CONNECT): Transition(_S.REQUESTING, _A.REQUEST_SESSION),
    **_end(_S.IDLE, _I.CLOSE, EndReason.CLOSED),
    **_drop(_S.IDLE, _I.SESSION_OFFERED, _I.OTHER_VERSION_OFFERED, _I.OTHER_SESSION_ID_ECHOED),
    **_drop(_S.IDLE, _I.TERMINATED, _I.REFUSED, _I.STRAY_PACKET),
    **_end(_S.IDLE, _I.END_OF_STREAM, EndReason.HANDSHAKE_LOST),
    # Packet 1 is sent.
    (_S.REQUESTING, _I.CLOSE): Transition(_S.CLOSING, _A.SAY_GOODBYE),
    (_S.REQUESTING, _I.SESSION_OFFERED): Transition(_S.SECURING, _A.SECURE),
    **_end(_S.REQUESTING, _I.OFFERED_WITHOUT_KEY, EndReason.OFFERED),
    **_end(_S.REQUESTING, _I.OTHER_VERSION_OFFERED, EndReason.VERSION),
    **_end(_S.REQUESTING, _I.REFUSED, EndReason.REFUSED),
    **_drop(_S.REQUESTING, _I.STRAY_PACKET),
    **_end(_S.REQUESTING, _I.HANDSHAKE_TIMEOUT, EndReason.HANDSHAKE_TIMEOUT),
    # Packet 3 is sent.
    (_S.SECURING, _I.CLOSE): Transition(_S.CLOSING, _A.SAY_GOODBYE),
    (_S.SECURING, _I.SESSION_ID_ECHOED): Transition(_S.ONLINE, _A.GO_ONLINE),
    **_end(_S.SECURING, _I.TERMINATED, EndReason.WRONG_KEY),
    **_drop(_S.SECURING, _I.REFUSED, _I.MESSAGE, _I.STRAY_PACKET, _I.BAD_PACKET),
    **_drop(_S.SECURING, _I.OTHER_VERSION_OFFERED),
    **_end(_S.SECURING, _I.END_OF_STREAM, EndReason.HANDSHAKE_LOST),
    **_end(_S.SECURING, _I.HANDSHAKE_TIMEOUT, EndReason.HANDSHAKE_TIMEOUT),
    # Online. Handshake packets are old copies here.
    (_S.ONLINE, _I.CLOSE): Transition(_S.CLOSING, _A.SAY_GOODBYE),
    (_S.ONLINE, _I.MESSAGE): Transition(_S.ONLINE, _A.RECEIVE),
    **_end(_S.ONLINE, _I.TERMINATED, EndReason.TERMINATED),
    **_drop(_S.ONLINE, _I.SESSION_OFFERED, _I.OTHER_VERSION_OFFERED, _I.SESSION_ID_ECHOED),
    **_drop(_S.ONLINE, _I.OTHER_SESSION_ID_ECHOED, _I.REFUSED, _I.STRAY_PACKET, _I.BAD_PACKET),
    **_end(_S.ONLINE, _I.END_OF_STREAM, EndReason.LOST),
    **_end(_S.ONLINE, _I.CONTROLLER_SILENT, EndReason.SILENT),
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
    **_end(_S.IDLE, _I.BAD_STREAM, EndReason.HANDSHAKE_FAULT),
    **_end(_S.REQUESTING, _I.BAD_STREAM, EndReason.HANDSHAKE_FAULT),
    **_end(_S.SECURING, _I.BAD_STREAM, EndReason.HANDSHAKE_FAULT),
    **_end(_S.ONLINE, _I.BAD_STREAM, EndReason.FAULT),
    **_end(_S.CLOSING, _I.BAD_STREAM, EndReason.CLOSED),
    **_end(_S.REQUESTING, _I.TERMINATED, EndReason.HANDSHAKE_TERMINATED),
    **_end(_S.REQUESTING, _I.OTHER_SESSION_ID_ECHOED, EndReason.SESSION_ID),
    **_end(_S.REQUESTING, _I.END_OF_STREAM, EndReason.HANDSHAKE_LOST),
    **_drop(_S.SECURING, _I.SESSION_OFFERED),
    **_end(_S.SECURING, _I.OTHER_SESSION_ID_ECHOED, EndReason.SESSION_ID),
}

_DATAGRAM: _Rows = {
    # On a stream only what a session key opens can be bad and the next packet still be found.
    **_drop(_S.IDLE, _I.BAD_PACKET),
    **_drop(_S.REQUESTING, _I.BAD_PACKET),
    # Nothing is connected beforehand: only now the host says that nobody listens.
    **_end(_S.REQUESTING, _I.END_OF_STREAM, EndReason.PORT_CLOSED),
    **_drop(_S.REQUESTING, _I.TERMINATED, _I.OTHER_SESSION_ID_ECHOED),
    (_S.SECURING, _I.SESSION_OFFERED): Transition(_S.SECURING, _A.REKEY),
    **_drop(_S.SECURING, _I.OTHER_SESSION_ID_ECHOED),
    (_S.SECURING, _I.TERMINATED_AFTER_REPEAT): Transition(_S.REQUESTING, _A.START_ANEW),
}

CLIENT_TABLE = TransitionTable(_ROWS, stream=_STREAM, datagram=_DATAGRAM)
"""Everything that a client does, by state and input."""
