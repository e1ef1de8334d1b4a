"""Seeing a command through: a controller acknowledges that it got it, and its status shows what came of it."""

from collections.abc import Callable
from math import inf
from typing import Generic, TypeVar

from omnilink_sansio.errors import (
    CommandFailedError,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeUnknownError,
    RemoteProtocolError,
    RequestTimeoutError,
)
from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.request import Request
from omnilink_sansio.operations.operation import Operation, ask, pause

__all__ = ["Confirmation", "check_seconds", "send_and_confirm"]

_S = TypeVar("_S")

_LOOK_AGAIN = 0.5


@frozen
class Confirmation(Generic[_S]):
    """What came of a command."""

    shown: _S | None = None
    """The status that shows what the command is for; None when none did."""
    seen: _S | None = None
    """The status at the last look; None when it could not be read then, and after a refusal, with which none is
    asked for."""
    is_refused: bool = False
    what: str = ""
    """What the controller did instead, in words."""
    error: OmniLinkError | None = None
    """The refusal, or why the status could not be read at the last."""


def check_seconds(seconds: float) -> None:
    """Raise `LocalProtocolError` for a time to wait that is none."""
    if not 0 <= seconds < inf:
        raise LocalProtocolError(f"seconds are 0 or more, and not without end, not {seconds!r}")


def send_and_confirm(
    command: Request[None],
    look: Callable[[], Operation[_S]],
    shows: Callable[[_S], bool],
    seconds: float,
) -> Operation[Confirmation[_S]]:
    """Send a command, then look until the status shows what it is for, with pauses of ``seconds`` in all between.

    The time that replies take comes on top. A command that is not answered is not sent again, but confirmed by the
    status all the same. Raises what an unanswered command ended with when the status does not confirm it, and
    `OmniConnectionError` when the connection is lost.
    """
    unanswered: OmniLinkError | None = None
    try:
        yield from ask(command)
    except CommandFailedError as error:
        return Confirmation(is_refused=True, what="the controller refused", error=error)
    except RemoteProtocolError as error:
        unanswered = error
    except OutcomeUnknownError as error:
        if not error.cause.session_goes_on:
            raise
        unanswered = error
    status: _S | None = None
    unseen: OmniLinkError | None = None
    waited = 0.0
    while True:
        try:
            status = yield from look()
        except OmniConnectionError as error:
            if unanswered is None:
                raise
            raise unanswered from error
        except (CommandFailedError, LocalProtocolError, RemoteProtocolError, RequestTimeoutError) as error:
            # Not seen this time, or no room in the queue to look; a time-out took its time already.
            status, unseen = None, error
            waited += error.waited if isinstance(error, RequestTimeoutError) else 0.0
        else:
            unseen = None
            if shows(status):
                return Confirmation(status, status)
        if waited >= seconds:
            break
        yield from pause(_LOOK_AGAIN)
        waited += _LOOK_AGAIN
    if unanswered is not None:
        raise unanswered from unseen
    why = "its status could not be read" if unseen else f"after {seconds:g} s it still was not"
    return Confirmation(seen=status, what=f"the controller acknowledged, but {why}", error=unseen)
