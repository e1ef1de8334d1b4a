"""Why sessions end, and with which error each reason reaches the user."""

from collections.abc import Mapping
from enum import Enum, unique
from types import MappingProxyType
from typing import NamedTuple

from omnilink_sansio.errors import (
    EndReason,
    HandshakeError,
    InvalidEncryptionKeyError,
    OmniConnectionError,
    RemoteProtocolError,
    SessionRefusedError,
)

__all__ = ["END_REASONS", "ControllerEndReason", "EndFacts", "cannot_open", "cannot_open_serial", "end_error"]


class EndFacts(NamedTuple):
    """What follows from the reason of an end."""

    error: type[OmniConnectionError] | None
    """The error that the user sees; None for the orderly end that the caller asked for."""
    text: str
    """What happened, and what to do next."""


_LISTENS = (
    "check the port, that the controller's network access is enabled and not all its connections are taken"
)

END_REASONS: Mapping[EndReason, EndFacts] = MappingProxyType(
    {
        EndReason.CLOSED: EndFacts(None, "the connection was closed by its owner"),
        EndReason.TERMINATED: EndFacts(
            OmniConnectionError, "the controller terminated the session (packet 6): connect again"
        ),
        EndReason.LOST: EndFacts(
            OmniConnectionError, "the controller closed the connection, or it broke: connect again"
        ),
        EndReason.SILENT: EndFacts(
            OmniConnectionError, "the controller stopped answering: check power and network, connect again"
        ),
        EndReason.FAULT: EndFacts(
            OmniConnectionError,
            "the controller broke the protocol, the byte stream cannot be followed: connect again",
        ),
        EndReason.OFFERED: EndFacts(
            OmniConnectionError,
            "the controller offers a session, but without a controller key none can be opened: give the key",
        ),
        EndReason.PORT_CLOSED: EndFacts(OmniConnectionError, f"nobody listens there: {_LISTENS}"),
        EndReason.REFUSED: EndFacts(
            SessionRefusedError,
            "the controller cannot start another session (packet 7): wait until a slot is free, then try again",
        ),
        EndReason.WRONG_KEY: EndFacts(
            InvalidEncryptionKeyError,
            "the controller ended the session when we proved our key: wrong controller key?",
        ),
        EndReason.VERSION: EndFacts(
            HandshakeError,
            "the controller offers another session version; add it to accepted_session_versions to try it",
        ),
        EndReason.SESSION_ID: EndFacts(
            HandshakeError,
            "the peer did not echo our session ID: it does not know the controller key, do not trust it",
        ),
        EndReason.HANDSHAKE_TERMINATED: EndFacts(
            HandshakeError,
            "the controller ended the handshake (packet 6): try again, and check the "
            "controller key if it happens each time",
        ),
        EndReason.HANDSHAKE_LOST: EndFacts(
            HandshakeError,
            "the peer closed the connection during the handshake: all its connections may be taken, "
            "or it is no Omni controller: check address and port, try again later",
        ),
        EndReason.HANDSHAKE_TIMEOUT: EndFacts(
            HandshakeError, "no answer to the handshake in time: check address, port and network"
        ),
        EndReason.KEY_UNANSWERED: EndFacts(
            HandshakeError,
            "the controller offered a session but left our proof of the key unanswered: check the controller key; "
            "the controller may also be busy or restarting: try again",
        ),
        EndReason.HANDSHAKE_FAULT: EndFacts(
            HandshakeError, "the peer does not speak Omni-Link: check address and port"
        ),
    }
)
"""One row a reason."""


def end_error(
    reason: EndReason, fault: RemoteProtocolError | None = None, detail: str = ""
) -> OmniConnectionError | None:
    """Return the error that a session's end reaches the user with; None for the end that was asked for.

    ``fault`` is the broken rule that brought it about, its cause; ``detail`` says what else is known.
    """
    facts = END_REASONS[reason]
    if facts.error is None:
        return None
    known = str(fault or detail)
    error = facts.error(f"{facts.text} ({known})" if known else facts.text, reason)
    error.__cause__ = fault
    return error


def cannot_open(where: str, cause: BaseException | str) -> OmniConnectionError:
    """Return the error for a network transport that could not be opened, as the operating system says why.

    A refusal means that the host is there and nothing listens on the port; all else that it was not reached.
    """
    if isinstance(cause, ConnectionRefusedError):
        reason, advice = EndReason.PORT_CLOSED, _LISTENS
    else:
        reason, advice = EndReason.UNREACHABLE, "check address, power and network"
    return _not_opened(f"cannot connect to {where} ({cause}): {advice}", reason, cause)


def cannot_open_serial(path: str, cause: BaseException | str) -> OmniConnectionError:
    """Return the error for a serial port that could not be opened."""
    advice = (
        "check its name, that it is plugged in, that no other program has it, and that you may use it "
        "(on Linux: the group dialout)"
    )
    return _not_opened(f"cannot open serial port {path} ({cause}): {advice}", EndReason.UNREACHABLE, cause)


def _not_opened(text: str, reason: EndReason, cause: BaseException | str) -> OmniConnectionError:
    error = OmniConnectionError(text, reason)
    error.__cause__ = cause if isinstance(cause, BaseException) else None
    return error


@unique
class ControllerEndReason(Enum):
    """Why a controller's session ended, or its connection closed without one."""

    CLIENT_TERMINATED = "terminated by the client"
    REPLACED = "replaced by a new session of the same client"
    WRONG_KEY = "the client does not know the key"
    NO_SESSION = "a packet that needs a session came without one"
    LOST = "connection lost"
    FAULT = "protocol broken by the client"
    HANDSHAKE_TIMEOUT = "the client did not finish the handshake"
    IDLE = "no packet within the idle time-out"
    TERMINATED = "terminated by the controller's owner"
