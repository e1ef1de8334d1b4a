"""Why sessions end, and with which error each end reaches the user."""

from collections.abc import Mapping
from enum import Enum, unique
from types import MappingProxyType
from typing import NamedTuple

from omnilink_sansio.errors import (
    ClientEnd,
    HandshakeError,
    InvalidEncryptionKeyError,
    OmniConnectionError,
    SessionRefusedError,
)

__all__ = ["CLIENT_ENDS", "ControllerEnd", "cannot_open", "cannot_open_serial"]


class ClientEndFacts(NamedTuple):
    """What follows from an end."""

    error: type[OmniConnectionError] | None
    """The error that the user sees; None for the orderly end that the caller asked for."""
    text: str
    says_goodbye: bool
    """Whether packet 5 is sent: the controller may still hold a slot for us."""


_LISTENS = (
    "check the port, that the controller's network access is enabled and not all its connections are taken"
)

CLIENT_ENDS: Mapping[ClientEnd, ClientEndFacts] = MappingProxyType(
    {
        ClientEnd.CLOSED: ClientEndFacts(None, "the connection was closed by its owner", False),
        ClientEnd.TERMINATED: ClientEndFacts(
            OmniConnectionError, "the controller terminated the session (packet 6): connect again", False
        ),
        ClientEnd.LOST: ClientEndFacts(
            OmniConnectionError, "the controller closed the connection, or it broke: connect again", False
        ),
        ClientEnd.SILENT: ClientEndFacts(
            OmniConnectionError,
            "the controller stopped answering: check power and network, connect again",
            True,
        ),
        ClientEnd.FAULT: ClientEndFacts(
            OmniConnectionError,
            "the controller broke the protocol, the byte stream cannot be followed: connect again",
            True,
        ),
        ClientEnd.OFFERED: ClientEndFacts(
            OmniConnectionError,
            "the controller offers a session, but without a controller key none can be opened: give the key",
            True,
        ),
        ClientEnd.PORT_CLOSED: ClientEndFacts(
            OmniConnectionError, f"nobody listens there: {_LISTENS}", False
        ),
        ClientEnd.REFUSED: ClientEndFacts(
            SessionRefusedError,
            "the controller cannot start another session (packet 7): wait until a slot is free, then try again",
            False,
        ),
        ClientEnd.WRONG_KEY: ClientEndFacts(
            InvalidEncryptionKeyError,
            "the controller ended the session when we proved our key: wrong controller key?",
            False,
        ),
        ClientEnd.VERSION: ClientEndFacts(
            HandshakeError,
            "the controller speaks another protocol version; add it to accepted_versions to try it",
            True,
        ),
        ClientEnd.SESSION_ID: ClientEndFacts(
            HandshakeError,
            "the peer did not echo our session ID: it does not know the controller key, do not trust it",
            True,
        ),
        ClientEnd.HANDSHAKE_TERMINATED: ClientEndFacts(
            HandshakeError, "the controller ended the session before it offered one: try again", False
        ),
        ClientEnd.HANDSHAKE_LOST: ClientEndFacts(
            HandshakeError,
            "the peer closed the connection during the handshake: all its connections may be taken, "
            "or it is no Omni controller: check address and port, try again later",
            False,
        ),
        ClientEnd.HANDSHAKE_TIMEOUT: ClientEndFacts(
            HandshakeError, "no answer to the handshake in time: check address, port and network", True
        ),
        ClientEnd.HANDSHAKE_FAULT: ClientEndFacts(
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
        end, advice = ClientEnd.PORT_CLOSED, _LISTENS
    else:
        end, advice = ClientEnd.UNREACHABLE, "check address, power and network"
    return _not_opened(f"cannot connect to {where} ({why}): {advice}", end, why)


def cannot_open_serial(path: str, why: BaseException | str) -> OmniConnectionError:
    """Return the error for a serial port that could not be opened."""
    advice = (
        "check its name, that it is plugged in, that no other program has it, and that you may use it "
        "(on Linux: the group dialout)"
    )
    return _not_opened(f"cannot open serial port {path} ({why}): {advice}", ClientEnd.UNREACHABLE, why)


def _not_opened(text: str, end: ClientEnd, why: BaseException | str) -> OmniConnectionError:
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
