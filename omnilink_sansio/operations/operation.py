"""What takes more than one message: generators that yield requests and are sent the replies.

An operation knows no transport, clock or event loop. Whoever performs it sends each request that it yields,
and either sends the reply back into it or throws the `OmniLinkError` that the request ended with. For a
`Pause` it waits, keeping the session alive, for a `Lease` until the connection is the operation's alone;
both, and a `Release`, are answered with None. It is closed when its caller is cancelled, and a lease is
released then.
"""

from collections.abc import Callable, Generator
from typing import TypeAlias, TypeVar

from omnilink_sansio.errors import LeaseEndedError, LocalProtocolError, OmniLinkError
from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.request import Request

__all__ = ["Lease", "Operation", "Pause", "Release", "Step", "ask", "leased", "pause"]

_T = TypeVar("_T")


@frozen
class Pause:
    """Nothing to send for a while."""

    seconds: float


@frozen
class Lease:
    """From here on nobody else's requests are to be sent in between; written with `leased`."""


@frozen
class Release:
    """From here on anybody's requests may be sent again."""


Step: TypeAlias = Request[object] | Pause | Lease | Release
"""What an operation asks of whoever performs it."""

Operation: TypeAlias = Generator[Step, Payload | None, _T]
"""Yields steps, is sent the replies, returns a result."""


def ask(request: Request[_T]) -> Operation[_T]:
    """Send one request and return its reply's content.

    Written ``reply = yield from ask(request)`` in an operation.

    Raises what the request ends with, or what its ``accept`` makes of the reply.
    """
    reply = yield request
    if reply is None:
        raise LocalProtocolError("whoever performs an operation sends it the reply to its request, not None")
    return request.accept(reply)


def pause(seconds: float) -> Operation[None]:
    """Let time pass, the session being kept alive.

    Written ``yield from pause(seconds)`` in an operation.
    """
    yield Pause(seconds)


def leased(make: Callable[[], Operation[_T]]) -> Operation[_T]:
    """Perform the operation that ``make`` returns without anybody else's requests in between.

    A security command of somebody else comes first all the same: the operation is then made anew and starts anew,
    after that command. So what it did until then must do no harm when it is done again.
    """
    while True:
        yield Lease()
        try:
            result = yield from make()
        except LeaseEndedError:
            continue
        except OmniLinkError:
            yield Release()
            raise
        yield Release()
        return result
