"""What takes more than one message: generators that yield requests and are sent the replies.

An operation knows no transport, clock or event loop. Whoever runs it sends each request that it yields, and
either sends the reply's message back into it or throws the `OmniLinkError` that the request ended with. It is
closed when its caller is cancelled.
"""

from collections.abc import Generator
from typing import TypeAlias, TypeVar

from omnilink_sansio.messages.request import Request
from omnilink_sansio.wire.message import Message

__all__ = ["Operation", "ask"]

_T = TypeVar("_T")

Operation: TypeAlias = Generator[Request[object], Message, _T]
"""Yields requests, is sent replies, returns a result."""


def ask(request: Request[_T]) -> Operation[_T]:
    """Send one request and return what its reply says.

    Written ``reply = yield from ask(request)`` in an operation.

    Raises what the request ends with, or what its ``accept`` makes of the reply.
    """
    return request.accept((yield request))
