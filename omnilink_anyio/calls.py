"""How a client sees its calls through: one request, or an operation of several."""

from abc import abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

import anyio

from omnilink_anyio.connection import OmniConnection
from omnilink_sansio import (
    AwaitedClient,
    ClientCalls,
    Message,
    OmniLinkError,
    Operation,
    Pause,
    Request,
    Step,
)

__all__ = ["Caller", "awaited"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Caller(ClientCalls, AwaitedClient):
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

    async def request(self, request: Request[_T]) -> _T:
        """Send any request and return its reply's content."""
        return await self._connection_to_use().request(request)

    async def run(self, operation: Operation[_T]) -> _T:
        """Run an operation of several messages and return its result."""
        connection = self._connection_to_use()
        try:
            step = next(operation)
            while True:
                try:
                    reply = await _take(connection, step)
                except OmniLinkError as error:
                    step = operation.throw(error)
                else:
                    step = operation.send(reply)
        except StopIteration as stop:
            result: _T = stop.value
            return result
        finally:
            operation.close()


async def _take(connection: OmniConnection, step: Step) -> Message | None:
    if isinstance(step, Pause):
        await anyio.sleep(step.seconds)
        return None
    return await connection.exchange(step)


def awaited(
    make: Callable[_P, Request[_T] | Operation[_T]],
) -> Callable[Concatenate[Caller, _P], Coroutine[Any, Any, _T]]:
    """Return the method of a client for a call that makes a request or an operation."""

    async def method(self: Caller, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        made = make(*args, **kwargs)
        return await (self.request(made) if isinstance(made, Request) else self.run(made))

    return method
