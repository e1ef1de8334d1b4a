"""How a client carries its calls out: one request, or an operation of several."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Concatenate, ParamSpec, TypeVar

import anyio

from omnilink_anyio.connection import OmniConnection
from omnilink_sansio.client.awaited_client import AwaitedClient
from omnilink_sansio.errors import LeaseEndedError, LocalProtocolError, OmniLinkError
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.request import Request
from omnilink_sansio.operations.operation import Lease, Operation, Pause, Release, Step
from omnilink_sansio.session.events import LeaseId

__all__ = ["ClientBase", "Performer", "awaited", "drive", "run_on"]

_P = ParamSpec("_P")
_S = TypeVar("_S")
_T = TypeVar("_T")


class ClientBase(AwaitedClient):
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

    async def perform(self, operation: Operation[_T]) -> _T:
        """Run an operation of several messages and return its result."""
        return await run_on(self._connection_to_use(), operation)


async def run_on(connection: OmniConnection, operation: Operation[_T]) -> _T:
    """Run an operation on a connection, as `ClientBase.perform` does."""
    performer = Performer(connection)
    try:
        return await drive(operation, performer.take)
    finally:
        performer.release()


class Performer:
    """Carries out the steps of one operation on a connection."""

    def __init__(self, connection: OmniConnection) -> None:
        self._connection = connection
        self._lease: LeaseId | None = None

    async def take(self, step: Step) -> Payload | None:
        """Carry out one step; return the reply, where it is a request."""
        match step:
            case Pause():
                await anyio.sleep(step.seconds)
            case Lease():
                if self._lease is not None:
                    raise LocalProtocolError(
                        "an operation holds one lease at a time: it would wait for itself"
                    )
                self._lease = await self._connection.lease()
            case Release():
                self.release()
            case _:
                try:
                    return await self._connection.exchange(step, lease=self._lease)
                except LeaseEndedError:
                    self._lease = None
                    raise
        return None

    def release(self) -> None:
        """Give back the lease that the operation holds, if it holds one."""
        lease, self._lease = self._lease, None
        if lease is not None:
            self._connection.release(lease)


async def drive(
    steps: Generator[_S, Payload | None, _T], take: Callable[[_S], Awaitable[Payload | None]]
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
