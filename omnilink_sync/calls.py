"""How a client carries its calls out: one request, or an operation of several."""

import time
from abc import abstractmethod
from collections.abc import Callable, Generator
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from omnilink_sansio.client.calls import ClientCalls
from omnilink_sansio.client.client_call import BlockingClient
from omnilink_sansio.errors import OmniLinkError
from omnilink_sansio.messages.request import Request
from omnilink_sansio.operations.operation import Operation, Pause, Step
from omnilink_sansio.wire.message import Message
from omnilink_sync.connection import OmniConnection

__all__ = ["ClientBase", "blocking", "drive", "run_on"]

_P = ParamSpec("_P")
_S = TypeVar("_S")
_T = TypeVar("_T")


class ClientBase(ClientCalls, BlockingClient):
    """The base of every client: the calls, on the connection that it has now."""

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

    def perform(self, operation: Operation[_T]) -> _T:
        """Run an operation of several messages and return its result."""
        return run_on(self._connection_to_use(), operation)


def run_on(connection: OmniConnection, operation: Operation[_T]) -> _T:
    """Run an operation on a connection, as `ClientBase.perform` does."""
    return drive(operation, partial(_take, connection))


def _take(connection: OmniConnection, step: Step) -> Message | None:
    if isinstance(step, Pause):
        connection.serve_until(lambda: False, time.monotonic() + step.seconds)
        return None
    return connection.exchange(step)


def drive(steps: Generator[_S, Message | None, _T], take: Callable[[_S], Message | None]) -> _T:
    """Carry out a generator's steps: send in what each gives, throw in the error that it ends with."""
    try:
        step = next(steps)
        while True:
            try:
                reply = take(step)
            except OmniLinkError as error:
                step = steps.throw(error)
            else:
                step = steps.send(reply)
    except StopIteration as stop:
        result: _T = stop.value
        return result
    finally:
        steps.close()


def blocking(
    make: Callable[_P, Request[_T] | Operation[_T]],
) -> Callable[Concatenate[ClientBase, _P], _T]:
    """Return the method of a client for a call that makes a request or an operation."""

    def method(self: ClientBase, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        made = make(*args, **kwargs)
        return self.request(made) if isinstance(made, Request) else self.perform(made)

    return method
