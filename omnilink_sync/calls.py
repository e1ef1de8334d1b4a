"""How a client sees its calls through: one request, or an operation of several."""

import time
from abc import abstractmethod
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from omnilink_sansio import (
    BlockingClient,
    ClientCalls,
    Message,
    OmniLinkError,
    Operation,
    Pause,
    Request,
    Step,
)
from omnilink_sync.connection import OmniConnection

__all__ = ["Caller", "blocking"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Caller(ClientCalls, BlockingClient):
    """What every client is: the calls, on the connection that it has now."""

    @property
    @abstractmethod
    def connection(self) -> OmniConnection:
        """The connection underneath."""

    @property
    def is_connected(self) -> bool:
        """Whether there is a session now."""
        return self.connection.is_connected

    def _connection_to_use(self) -> OmniConnection:
        return self.connection

    def request(self, request: Request[_T]) -> _T:
        """Send any request and return its reply's content."""
        return self._connection_to_use().request(request)

    def run(self, operation: Operation[_T]) -> _T:
        """Run an operation of several messages and return its result."""
        connection = self._connection_to_use()
        try:
            step = next(operation)
            while True:
                try:
                    reply = _take(connection, step)
                except OmniLinkError as error:
                    step = operation.throw(error)
                else:
                    step = operation.send(reply)
        except StopIteration as stop:
            result: _T = stop.value
            return result
        finally:
            operation.close()


def _take(connection: OmniConnection, step: Step) -> Message | None:
    if isinstance(step, Pause):
        connection.serve_until(lambda: False, time.monotonic() + step.seconds)
        return None
    return connection.exchange(step)


def blocking(
    make: Callable[_P, Request[_T] | Operation[_T]],
) -> Callable[Concatenate[Caller, _P], _T]:
    """Return the method of a client for a call that makes a request or an operation."""

    def method(self: Caller, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        made = make(*args, **kwargs)
        return self.request(made) if isinstance(made, Request) else self.run(made)

    return method
