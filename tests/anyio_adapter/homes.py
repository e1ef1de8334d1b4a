"""Emulated panels that are served and watched, and clients of them."""

from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Literal, TypeAlias

import anyio
from anyio.abc import ByteStream, TaskGroup

from omnilink_anyio import MockPanel, OmniClient, ServedPanel
from omnilink_sansio import (
    ClientSettings,
    ControllerEndReason,
    ControllerSessionEnded,
    ControllerSettings,
    Message,
    PeerEvent,
    RequestReceived,
    SessionStarted,
)
from omnilink_sansio.simulator import House
from tests.anyio_adapter.streams import memory_pair

__all__ = ["KEY", "PATIENCE", "Home", "Link", "Recorder", "serve_home"]

KEY = bytes(range(16, 32))

Link: TypeAlias = Literal["tcp", "memory"]

PATIENCE = 20.0
"""Seconds after which a test that hangs fails; nothing waits for them when all is well."""


class Recorder:
    """What a panel saw of its clients, in order."""

    def __init__(self) -> None:
        self.events: list[PeerEvent[Hashable]] = []
        self._more = anyio.Event()

    def __call__(self, event: PeerEvent[Hashable]) -> None:
        self.events.append(event)
        self._more.set()

    @property
    def requests(self) -> list[Message]:
        """The messages of all clients."""
        return [event.message for _, event in self.events if isinstance(event, RequestReceived)]

    @property
    def ends(self) -> list[ControllerEndReason]:
        """How the sessions ended that have."""
        return [event.reason for _, event in self.events if isinstance(event, ControllerSessionEnded)]

    @property
    def starts(self) -> int:
        """How many sessions came online."""
        return sum(isinstance(event, SessionStarted) for _, event in self.events)

    async def until(self, condition: Callable[["Recorder"], object]) -> None:
        """Wait for something to be true of what was seen."""
        while not condition(self):
            self._more = anyio.Event()
            await self._more.wait()

    async def first_end(self) -> ControllerEndReason:
        """Wait for a session to end, and return why."""
        await self.until(lambda recorder: recorder.ends)
        return self.ends[0]


class Home:
    """A house behind a panel that is served, with a way to get there."""

    def __init__(self, served: ServedPanel, link: Link, recorder: Recorder, tasks: TaskGroup) -> None:
        self.served = served
        self.link = link
        self.recorder = recorder
        self._tasks = tasks

    @property
    def house(self) -> House:
        """What the panel controls."""
        return self.served.panel.house

    def stream(self) -> ByteStream:
        """Return the client's end of a new stream in memory that the panel serves."""
        near, far = memory_pair()
        self._tasks.start_soon(self.served.serve_stream, far)
        return near

    def client(
        self,
        *,
        key: bytes = KEY,
        timeout: float = 5.0,
        settings: ClientSettings | None = None,
    ) -> OmniClient:
        """Return a new client of the panel."""
        if self.link == "tcp":
            return OmniClient(
                self.served.host, self.served.port, controller_key=key, timeout=timeout, settings=settings
            )
        return OmniClient.over(self.stream(), controller_key=key, timeout=timeout, settings=settings)


@asynccontextmanager
async def serve_home(
    link: Link = "memory",
    *,
    house: House | None = None,
    settings: ControllerSettings | None = None,
    patience: float = PATIENCE,
) -> AsyncIterator[Home]:
    """Serve a house, the demo house when not given, for the time of a test."""
    recorder = Recorder()
    panel = MockPanel(controller_key=KEY, house=house, settings=settings, observe=recorder)
    with anyio.fail_after(patience):
        async with panel.serve() as served, anyio.create_task_group() as tasks:
            yield Home(served, link, recorder, tasks)
            tasks.cancel_scope.cancel()
