"""A blocking client as its awaited twin, so that one test can use both."""

import asyncio
import inspect
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Self, TypeVar, cast

import omnilink_anyio
import omnilink_sync
from tests.anyio_adapter.homes import PATIENCE

__all__ = ["Awaited", "Caller", "OwnThread", "ThreadEach", "awaited"]

_T = TypeVar("_T")

TWINS: dict[type, type] = {
    omnilink_sync.OmniClient: omnilink_anyio.OmniClient,
    omnilink_sync.OmniConnection: omnilink_anyio.OmniConnection,
    omnilink_sync.EventStream: omnilink_anyio.EventStream,
    omnilink_sync.Reply: omnilink_anyio.Reply,
}

_OVER = object()


def _settle(future: "Future[_T]", do: Callable[[], _T]) -> None:
    # What is called and then cancelled goes on all the same: a blocking call cannot be cancelled.
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(do())
    except BaseException as error:  # noqa: BLE001 - it is for whoever waits
        future.set_exception(error)


class Caller:
    """Who makes the calls of a blocking object."""

    def start(self, do: Callable[[], _T]) -> "Future[_T]":
        """Begin a call."""
        raise NotImplementedError

    async def wait(self, do: Callable[[], _T]) -> _T:
        """Make a call, while the event loop goes on."""
        return await asyncio.wrap_future(self.start(do))

    def now(self, do: Callable[[], _T]) -> _T:
        """Make a call that waits for nothing."""
        return self.start(do).result(PATIENCE)


class OwnThread(Caller):
    """One thread makes all of them, one after the other. As a daemon: one that hangs does not keep the tests."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="owner", daemon=True).start()

    def start(self, do: Callable[[], _T]) -> "Future[_T]":
        future: Future[_T] = Future()
        self._calls.put(lambda: _settle(future, do))
        return future

    def stop(self) -> None:
        """Let it end after what it has to do."""
        self._calls.put(None)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()


class ThreadEach(Caller):
    """A new thread makes each of them."""

    def start(self, do: Callable[[], _T]) -> "Future[_T]":
        future: Future[_T] = Future()
        threading.Thread(target=_settle, args=(future, do), name="caller", daemon=True).start()
        return future


class Awaited:
    """A blocking object, used as its twin is: what is asynchronous there is awaited here."""

    def __init__(self, blocking: Any, caller: Caller) -> None:
        self._blocking = blocking
        self._caller = caller
        self._twin = TWINS[type(blocking)]

    def __getattr__(self, name: str) -> Any:
        there = inspect.getattr_static(self._twin, name)
        if isinstance(there, property):
            return self._see(getattr(self._blocking, name))
        function = getattr(self._blocking, name)
        if inspect.iscoroutinefunction(there):

            async def method(*args: Any, **kwargs: Any) -> Any:
                return self._see(await self._caller.wait(lambda: function(*args, **kwargs)))

            return method
        return lambda *args, **kwargs: self._see(self._caller.now(lambda: function(*args, **kwargs)))

    def _see(self, value: Any) -> Any:
        return Awaited(value, self._caller) if type(value) in TWINS else value

    async def __aenter__(self) -> Self:
        await self._caller.wait(self._blocking.__enter__)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._caller.wait(lambda: self._blocking.__exit__(*error))

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        event = await self._caller.wait(lambda: next(self._blocking, _OVER))
        if event is _OVER:
            raise StopAsyncIteration
        return event


def awaited(client: omnilink_sync.OmniClient, caller: Caller) -> omnilink_anyio.OmniClient:
    """Return what can be used as an awaited client."""
    return cast("omnilink_anyio.OmniClient", Awaited(client, caller))
