"""Every error that this library raises or reports, and the enumerations that errors carry.

::

    OmniLinkError
      LocalProtocolError          the caller misused the machine; nothing has changed
      RemoteProtocolError         the peer broke the protocol (what, at which byte)
      OmniConnectionError         there is no connection, or it was lost
        HandshakeError            the secure session could not be opened
          InvalidEncryptionKeyError   wrong controller key?
          SessionRefusedError         the controller cannot start a new session
      RequestTimeoutError         also a TimeoutError: no reply within the deadline
      OutcomeUnknownError         a command was sent and never answered
      LeaseEndedError             an operation that must not be interrupted was: it starts anew
      CommandFailedError          the controller answered "no"
        ArmingFailedError         an area is not in the mode that was asked for
        SetpointFailedError       a thermostat does not show the set point that was asked for
      NotSupportedByProtocolError names what to use instead

No message of these errors ever holds a key or a user code.
"""

from collections.abc import Iterable, Mapping
from enum import Enum, unique

__all__ = [
    "ArmingCause",
    "ArmingFailedError",
    "CommandFailedError",
    "EndReason",
    "Fault",
    "HandshakeError",
    "InvalidEncryptionKeyError",
    "LeaseEndedError",
    "LocalProtocolError",
    "NotSupportedByProtocolError",
    "OmniConnectionError",
    "OmniLinkError",
    "OutcomeCause",
    "OutcomeUnknownError",
    "RemoteProtocolError",
    "RequestTimeoutError",
    "SessionRefusedError",
    "SetpointFailedError",
]


@unique
class EndReason(Enum):
    """Why a client's session ended, or never began."""

    OFFERED = "session offered, and not taken"
    UNREACHABLE = "controller not reached"
    PORT_CLOSED = "port closed"
    CLOSED = "closed by the caller"
    TERMINATED = "terminated by the controller"
    LOST = "connection lost"
    SILENT = "controller silent"
    FAULT = "protocol broken by the controller"
    REFUSED = "session refused"
    WRONG_KEY = "controller key not accepted"
    VERSION = "protocol version not accepted"
    SESSION_ID = "wrong session ID echoed"
    HANDSHAKE_TERMINATED = "handshake terminated by the controller"
    HANDSHAKE_LOST = "connection lost during the handshake"
    HANDSHAKE_TIMEOUT = "no answer to the handshake"
    KEY_UNANSWERED = "session offered, proof of the key not answered"
    HANDSHAKE_FAULT = "protocol broken during the handshake"


@unique
class OutcomeCause(Enum):
    """Why the outcome of a command is unknown."""

    TIMEOUT = "time-out"
    LOSS = "loss of the connection"
    CLOSE = "close"
    DAMAGED_REPLY = "damaged reply"
    WRONG_REPLY = "reply of the wrong kind"

    @property
    def session_goes_on(self) -> bool:
        """Whether the session outlives it, so that the controller's state can be asked for."""
        return self not in (OutcomeCause.LOSS, OutcomeCause.CLOSE)


@unique
class Fault(Enum):
    """What is wrong with a packet: the reason of every dropped packet and every protocol error."""

    UNKNOWN_PACKET_TYPE = "unknown packet type"
    NO_SESSION_KEY = "encrypted message without a session"
    BAD_PACKET_LENGTH = "wrong length for its packet type"
    BAD_START_CHARACTER = "bad start character"
    BAD_MESSAGE_LENGTH = "bad message length"
    BAD_CRC = "bad CRC"
    BAD_PAYLOAD = "malformed payload"
    INCOMPLETE_PACKET = "packet left incomplete"
    UNEXPECTED_PACKET = "not expected in this state"
    UNEXPECTED_REPLY = "a reply of the wrong kind"
    UNEXPECTED_SEQUENCE = "no request waits for this sequence number"
    DUPLICATE_REPLY = "reply already received"
    DUPLICATE_REQUEST = "request already received"
    STALE_REQUEST = "sequence number behind the newest"
    SEQUENCE_LEAP = "sequence number too far ahead of the newest"
    SESSION_ID_REUSED = "session ID of the session before"
    VERSION_NOT_ACCEPTED = "session version not accepted"


@unique
class ArmingCause(Enum):
    """What may have kept a controller from arming or disarming an area: its refusal gives no reason."""

    NO_SUCH_AREA = "no such area"
    AREA_NOT_IN_USE = "area not in use"
    ALREADY_IN_MODE = "already in the mode"
    NO_SUCH_MODE = "no such mode on this controller"
    ZONES_NOT_READY = "zones not ready"
    NO_SUCH_CODE = "code number beyond the controller's last"
    CODE_NOT_ACCEPTED = "code unknown, or not for this area, mode or time"
    """The controller reports of no code number whether there is such a code and what it is for."""
    EXIT_DELAY = "exit delay running"
    ENTRY_DELAY = "entry delay running"
    ALARM = "alarm on"
    RESTORE_NEEDED = "restore by the installer needed"
    """The controller does not report whether it is."""


class OmniLinkError(Exception):
    """The root of all errors of this library."""

    def __reduce__(self) -> tuple[object, ...]:
        # An error that makes its text from parts is copied and pickled as it is, not made anew.
        return _same_again, (type(self), self.args, self.__dict__)


class LocalProtocolError(OmniLinkError):
    """The caller asked for something impossible; the machine is as it was before the call."""


class RemoteProtocolError(OmniLinkError):
    """The peer sent something that the protocol does not allow.

    ``fault`` names the rule that was broken; ``offset`` is the index of the offending byte in the
    packet, message or payload that the text names, or ``None`` where no single byte is to blame.
    """

    def __init__(self, fault: Fault, text: str, offset: int | None = None) -> None:
        super().__init__(text if offset is None else f"{text} (at byte {offset})")
        self.fault = fault
        self.offset = offset


class OmniConnectionError(OmniLinkError):
    """There is no connection to the controller, or it was lost.

    ``end`` names how it ended, or why it never began; None when it was never opened, or closed on our side.
    """

    def __init__(self, text: str, end: EndReason | None = None) -> None:
        super().__init__(text)
        self.end = end


class HandshakeError(OmniConnectionError):
    """The secure session could not be opened (20P00 §PROTOCOL RULES)."""


class InvalidEncryptionKeyError(HandshakeError):
    """The controller ended the session in answer to our proof of the key: it is probably the wrong key."""


class SessionRefusedError(HandshakeError):
    """The controller cannot start a new session now: all its slots are taken; wait and try again."""


class RequestTimeoutError(OmniLinkError, TimeoutError):
    """No reply came within the deadline.

    ``request`` names the request, ``waited`` is how long in seconds, ``times_sent`` how often its packet
    was sent (more than once only on datagram links).
    """

    def __init__(self, request: str, waited: float, times_sent: int) -> None:
        super().__init__(
            f"{request}: no reply within {waited:g} s (sent {times_sent} time{'s' * (times_sent != 1)}); "
            "the controller may be busy, or never answer this request: try again or raise the time-out"
        )
        self.request = request
        self.waited = waited
        self.times_sent = times_sent


class OutcomeUnknownError(OmniLinkError):
    """A command was sent and never answered: it may or may not have been carried out.

    ``request`` names it, ``cause`` is why no answer will come. It is never repeated by itself: read the
    state back before you send it again.
    """

    def __init__(self, request: str, cause: OutcomeCause) -> None:
        super().__init__(
            f"{request}: sent but not answered ({cause.value}); "
            "it may have been carried out: read the state back before sending it again"
        )
        self.request = request
        self.cause = cause


class LeaseEndedError(OmniLinkError):
    """The lease that a request belongs to is over: a security command of somebody else came first, or it was
    given back. Nothing of the operation is lost but its place: it starts anew.
    """

    def __init__(self) -> None:
        super().__init__(
            "the lease of this request is over, ended by a security command or given back: "
            "take a new one and start the operation anew"
        )


class CommandFailedError(OmniLinkError):
    """The controller answered "no": a negative acknowledgement, or a security response.

    ``failure_code`` is the response code of a security command, or ``None`` for a plain negative
    acknowledgement, which gives no reason (20P00 §NEGATIVE ACKNOWLEDGE).
    """

    def __init__(self, text: str, failure_code: int | None = None) -> None:
        super().__init__(text)
        self.failure_code = failure_code


class ArmingFailedError(CommandFailedError):
    """An area was not brought into the mode that was asked for. The text names the causes in plain words.

    ``causes`` are all that fit what the controller reported right afterwards, of which one or more may have been
    it: one that it does not report about fits as well. ``zones_not_ready`` has the names of the area's zones that
    were not ready then, by number.
    """

    def __init__(
        self, text: str, zones_not_ready: Mapping[int, str], causes: Iterable[ArmingCause] = ()
    ) -> None:
        super().__init__(text)
        self.zones_not_ready = dict(zones_not_ready)
        self.causes = tuple(causes)


class SetpointFailedError(CommandFailedError):
    """A thermostat does not show the set point that was asked for. The text says what was seen instead.

    ``is_held`` says whether hold is on, with which real thermostats ignore set points; ``seen`` is the raw set
    point that it shows. Both are None when its status could not be read, ``seen`` also when its firmware does not
    report it.
    """

    def __init__(self, text: str, is_held: bool | None = None, seen: int | None = None) -> None:
        super().__init__(text)
        self.is_held = is_held
        self.seen = seen


class NotSupportedByProtocolError(OmniLinkError):
    """The protocol has no such message; the text names what to use instead."""


def _same_again(
    kind: "type[OmniLinkError]", args: tuple[object, ...], state: dict[str, object]
) -> OmniLinkError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
