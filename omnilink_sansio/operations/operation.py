"""What takes more than one message: generators that yield requests and are sent the replies.

An operation knows no transport, clock or event loop. Whoever runs it sends each request that it yields, and
either sends the reply's message back into it or throws the `OmniLinkError` that the request ended with. For a
`Pause` it waits, keeping the session alive, and sends None back. It is closed when its caller is cancelled.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.request import Request
from omnilink_sansio.wire.message import Message

__all__ = ["Operation", "Pause", "Step", "ask", "pause"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing to send for a while."""

    seconds: float


Step: TypeAlias = Request[object] | Pause
"""What an operation asks of its runner."""

Operation: TypeAlias = Generator[Step, Message | None, _T]
"""Yields steps, is sent the replies, returns a result."""


def ask(request: Request[_T]) -> Operation[_T]:
    """Send one request and return its reply's content.

    Written ``reply = yield from ask(request)`` in an operation.

    Raises what the request ends with, or what its ``accept`` makes of the reply.
    """
    reply = yield request
    if reply is None:
        raise LocalProtocolError("whoever runs an operation sends it the reply to its request, not None")
    return request.accept(reply)


def pause(seconds: float) -> Operation[None]:
    """Let time pass, the session being kept alive.

    Written ``yield from pause(seconds)`` in an operation.
    """
    yield Pause(seconds)
