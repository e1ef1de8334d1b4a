"""How a client carries its calls out: one request, or an operation of several."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

import anyio

from omnilink_anyio.connection import OmniConnection
from omnilink_sansio.client.calls import ClientCalls
from omnilink_sansio.client.client_call import AwaitedClient
from omnilink_sansio.errors import OmniLinkError
from omnilink_sansio.messages.request import Request
from omnilink_sansio.operations.operation import Operation, Pause, Step
from omnilink_sansio.wire.message import Message

__all__ = ["ClientBase", "awaited", "drive", "run_on"]

_P = ParamSpec("_P")
_S = TypeVar("_S")
_T = TypeVar("_T")


class ClientBase(ClientCalls, AwaitedClient):
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

    async def request(self, request: Request[_T]) -> _T:
        """Send any request and return its reply's content."""
        return await self._connection_to_use().request(request)

    async def perform(self, operation: Operation[_T]) -> _T:
        """Run an operation of several messages and return its result."""
        return await run_on(self._connection_to_use(), operation)


async def run_on(connection: OmniConnection, operation: Operation[_T]) -> _T:
    """Run an operation on a connection, as `ClientBase.perform` does."""
    return await drive(operation, partial(_take, connection))


async def _take(connection: OmniConnection, step: Step) -> Message | None:
    if isinstance(step, Pause):
        await anyio.sleep(step.seconds)
        return None
    return await connection.exchange(step)


async def drive(
    steps: Generator[_S, Message | None, _T], take: Callable[[_S], Awaitable[Message | None]]
) -> _T:
    """Carry out a generator's steps: send in what each gives, throw in the error that it ends with."""
    try:
        step = next(steps)
        while True:
            try:
                reply = await take(step)
            except OmniLinkError as error:
                step = steps.throw(error)
            else:
                step = steps.send(reply)
    except StopIteration as stop:
        result: _T = stop.value
        return result
    finally:
        steps.close()


def awaited(
    make: Callable[_P, Request[_T] | Operation[_T]],
) -> Callable[Concatenate[ClientBase, _P], Coroutine[Any, Any, _T]]:
    """Return the method of a client for a call that makes a request or an operation."""

    async def method(self: ClientBase, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        made = make(*args, **kwargs)
        return await (self.request(made) if isinstance(made, Request) else self.perform(made))

    return method
