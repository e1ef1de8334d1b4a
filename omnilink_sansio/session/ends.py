"""Why sessions end, and with which error each end reaches the user."""

from collections.abc import Mapping
from enum import Enum, unique
from types import MappingProxyType
from typing import NamedTuple

from omnilink_sansio.errors import (
    EndReason,
    HandshakeError,
    InvalidEncryptionKeyError,
    OmniConnectionError,
    SessionRefusedError,
)

__all__ = ["CLIENT_ENDS", "ControllerEnd", "cannot_open", "cannot_open_serial"]


class EndFacts(NamedTuple):
    """What follows from an end."""

    error: type[OmniConnectionError] | None
    """The error that the user sees; None for the orderly end that the caller asked for."""
    text: str
    says_goodbye: bool
    """Whether packet 5 is sent: the controller may still hold a slot for us."""


_LISTENS = (
    "check the port, that the controller's network access is enabled and not all its connections are taken"
)

CLIENT_ENDS: Mapping[EndReason, EndFacts] = MappingProxyType(
    {
        EndReason.CLOSED: EndFacts(None, "the connection was closed by its owner", False),
        EndReason.TERMINATED: EndFacts(
            OmniConnectionError, "the controller terminated the session (packet 6): connect again", False
        ),
        EndReason.LOST: EndFacts(
            OmniConnectionError, "the controller closed the connection, or it broke: connect again", False
        ),
        EndReason.SILENT: EndFacts(
            OmniConnectionError,
            "the controller stopped answering: check power and network, connect again",
            True,
        ),
        EndReason.FAULT: EndFacts(
            OmniConnectionError,
            "the controller broke the protocol, the byte stream cannot be followed: connect again",
            True,
        ),
        EndReason.OFFERED: EndFacts(
            OmniConnectionError,
            "the controller offers a session, but without a controller key none can be opened: give the key",
            True,
        ),
        EndReason.PORT_CLOSED: EndFacts(OmniConnectionError, f"nobody listens there: {_LISTENS}", False),
        EndReason.REFUSED: EndFacts(
            SessionRefusedError,
            "the controller cannot start another session (packet 7): wait until a slot is free, then try again",
            False,
        ),
        EndReason.WRONG_KEY: EndFacts(
            InvalidEncryptionKeyError,
            "the controller ended the session when we proved our key: wrong controller key?",
            False,
        ),
        EndReason.VERSION: EndFacts(
            HandshakeError,
            "the controller speaks another protocol version; add it to accepted_session_versions to try it",
            True,
        ),
        EndReason.SESSION_ID: EndFacts(
            HandshakeError,
            "the peer did not echo our session ID: it does not know the controller key, do not trust it",
            True,
        ),
        EndReason.HANDSHAKE_TERMINATED: EndFacts(
            HandshakeError, "the controller ended the session before it offered one: try again", False
        ),
        EndReason.HANDSHAKE_LOST: EndFacts(
            HandshakeError,
            "the peer closed the connection during the handshake: all its connections may be taken, "
            "or it is no Omni controller: check address and port, try again later",
            False,
        ),
        EndReason.HANDSHAKE_TIMEOUT: EndFacts(
            HandshakeError, "no answer to the handshake in time: check address, port and network", True
        ),
        EndReason.HANDSHAKE_FAULT: EndFacts(
            HandshakeError, "the peer does not speak Omni-Link: check address and port", True
        ),
    }
)
"""One row an end."""


def cannot_open(where: str, why: BaseException | str) -> OmniConnectionError:
    """Return the error for a network transport that could not be opened, as the operating system says why.

    A refusal means that the host is there and nothing listens on the port; all else that it was not reached.
    """
    if isinstance(why, ConnectionRefusedError):
        end, advice = EndReason.PORT_CLOSED, _LISTENS
    else:
        end, advice = EndReason.UNREACHABLE, "check address, power and network"
    return _not_opened(f"cannot connect to {where} ({why}): {advice}", end, why)


def cannot_open_serial(path: str, why: BaseException | str) -> OmniConnectionError:
    """Return the error for a serial port that could not be opened."""
    advice = (
        "check its name, that it is plugged in, that no other program has it, and that you may use it "
        "(on Linux: the group dialout)"
    )
    return _not_opened(f"cannot open serial port {path} ({why}): {advice}", EndReason.UNREACHABLE, why)


def _not_opened(text: str, end: EndReason, why: BaseException | str) -> OmniConnectionError:
    error = OmniConnectionError(text, end)
    error.__cause__ = why if isinstance(why, BaseException) else None
    return error


@unique
class ControllerEnd(Enum):
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
