"""The doors: clients of every adapter over every carrier, and panels at the other end, served or scripted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

import anyio
import pytest
from anyio.abc import ByteStream

import omnilink_sync
from omnilink_anyio import MockPanel, OmniClient, ServedPanel, open_serial
from omnilink_sansio import (
    ClientSettings,
    ControllerConnection,
    ControllerSettings,
    Fault,
    Framing,
    Packet,
    PacketDropped,
    PacketType,
)
from omnilink_sansio.simulator import House
from omnilink_sansio.system import RequestSystemInformation
from omnilink_sync import open_serial as open_serial_blocking
from tests.anyio_adapter.homes import KEY, PATIENCE, Recorder
from tests.anyio_adapter.scripts import SESSION_ID, ScriptedPanel
from tests.contract.awaited import OwnThread, ThreadEach, awaited
from tests.contract.carriers import (
    LOOPBACK,
    DatagramLink,
    FarEnd,
    Inbox,
    MemoryPlace,
    Place,
    PtyEnd,
    PtyPlace,
    SocketStream,
    TcpPlace,
    UdpPlace,
)

__all__ = [
    "ADAPTERS",
    "BABBLE",
    "CARRIERS",
    "HALF",
    "NONSENSE",
    "SEVERAL_AT_A_TIME",
    "STREAMS",
    "Adapter",
    "Carrier",
    "Door",
    "Home",
    "Mailbox",
    "Panel",
    "Script",
    "Stage",
]

Carrier: TypeAlias = Literal["memory", "tcp", "udp", "pty"]
CARRIERS = get_args(Carrier)

Adapter: TypeAlias = Literal["asyncio", "trio", "sync", "threads"]
"""Blocking clients are used in two ways: by the one thread that connects them, or in the background by many."""
ADAPTERS = get_args(Adapter)

STREAMS = pytest.mark.parametrize("carrier", ["memory", "tcp", "pty"], indirect=True)
"""For what a datagram link does not have: an end of stream, and packets that are cut."""

SEVERAL_AT_A_TIME = pytest.mark.parametrize("adapter", ["asyncio", "trio", "threads"], indirect=True)
"""For several calls at a time: a blocking client that is not in the background belongs to one thread."""

_NEVER_IDLE = ControllerSettings(idle_timeout=0.0, handshake_timeout=1e9)

BABBLE = Packet(1, 99, b"what is this").encode()
"""A packet of a type that there is not."""
NONSENSE = Packet(1, PacketType.OMNI_LINK_II_MESSAGE, b"\xa5" * 16).encode()
"""An encrypted message that does not begin as one."""
HALF = NONSENSE[:9]
"""A packet that is cut in the middle."""

PATIENT = ClientSettings(request_timeout=1e6, handshake_timeout=1e6)
"""What is told at once is not told by a time-out."""

PLACES: dict[Carrier, Callable[[], Place]] = {
    "memory": MemoryPlace,
    "tcp": TcpPlace,
    "udp": UdpPlace,
    "pty": PtyPlace,
}


class Panel(ScriptedPanel):
    """A scripted panel on any carrier, which can also say what no panel should."""

    def __init__(self, far: FarEnd, settings: ControllerSettings) -> None:
        # Both kinds of far end receive, send and close alike.
        stream: Any = far
        super().__init__(stream, settings)
        self.far = far
        if not isinstance(far, ByteStream):
            self.machine = ControllerConnection(
                KEY, lambda: SESSION_ID, framing=Framing.DATAGRAM, settings=settings
            )

    @property
    def repeats(self) -> list[int | None]:
        """The sequence numbers of requests that came again."""
        dropped = [event for event in self.events if isinstance(event, PacketDropped)]
        return [event.sequence for event in dropped if event.fault is Fault.DUPLICATE_REQUEST]

    async def until_end(self) -> None:
        """Wait until the session has ended."""
        while self.end is None:
            await self._step()

    async def step(self) -> None:
        """Take one piece or datagram, and answer what the machine itself answers."""
        await self._step()

    async def take(self, packet: bytes) -> None:
        """Take what came by another way, and answer what the machine itself answers."""
        self.machine.receive_data(packet, anyio.current_time())
        await self._flush()

    async def acknowledge_all(self) -> None:
        """Say what it is, and answer every other request with an acknowledgement, until the client leaves."""
        while self.end is None and not self.saw_eof.is_set():
            while self._requests:
                if self._requests[0].message == RequestSystemInformation().to_message():
                    await self.identify()
                else:
                    await self.acknowledge()
            await self._step()

    async def say(self, data: bytes) -> None:
        """Write these very bytes; on a datagram link as one datagram."""
        await self.far.send(data)

    async def hang_up(self) -> None:
        """End the stream without a word."""
        if isinstance(self.far, PtyEnd):
            await self.far.pull()
        else:
            await self.far.aclose()

    async def reset(self) -> None:
        """Close a TCP connection by RST."""
        assert isinstance(self.far, SocketStream)
        await self.far.reset()


Script: TypeAlias = Callable[[Panel], Awaitable[None]]


async def acknowledge_all(panel: Panel) -> None:
    """Open a session and answer every request with an acknowledgement, until the client leaves."""
    await panel.online()
    await panel.acknowledge_all()


class Mailbox:
    """Takes things in any thread; a test gets them in order."""

    def __init__(self, adapter: Adapter) -> None:
        self._inbox: Inbox[object] = Inbox()
        self._loop = asyncio.get_running_loop() if adapter in ("sync", "threads") else None

    def put(self, item: object) -> None:
        """Take one."""
        if self._loop is None:
            self._inbox.put(item)
        else:
            self._loop.call_soon_threadsafe(self._inbox.put, item)

    async def get(self) -> object:
        """Wait for the next."""
        return await self._inbox.get()


@dataclass
class Door:
    """One adapter over one carrier."""

    adapter: Adapter
    carrier: Carrier

    @property
    def is_blocking(self) -> bool:
        """Whether the client blocks."""
        return self.adapter in ("sync", "threads")

    @property
    def loses_packets(self) -> bool:
        """Whether it carries datagrams, so that a fault of one of them is no fault of the link."""
        return self.carrier == "udp"

    def mailbox(self) -> Mailbox:
        """Return where callbacks can put things."""
        return Mailbox(self.adapter)

    @asynccontextmanager
    async def play(
        self, script: Script, *, later: Script = acknowledge_all, patience: float = PATIENCE
    ) -> AsyncIterator["Stage"]:
        """Let a panel follow a script with the first client that comes, and another with all that come later."""
        place = PLACES[self.carrier]()
        stage = Stage(self, place)

        async def perform(far: FarEnd) -> None:
            panel = Panel(far, _NEVER_IDLE)
            is_first = not stage.panels
            stage.panels.append(panel)
            try:
                await (script if is_first else later)(panel)
                if isinstance(far, DatagramLink):
                    far.is_done = True
                await panel.rest()
            finally:
                await far.aclose()

        try:
            with anyio.fail_after(patience):
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(place.serve, perform)
                    yield stage
                    tasks.cancel_scope.cancel()
        finally:
            place.close()

    @asynccontextmanager
    async def home(
        self,
        *,
        house: House | None = None,
        settings: ControllerSettings | None = None,
        patience: float = PATIENCE,
    ) -> AsyncIterator["Home"]:
        """Serve an emulated panel, of the demo house when none is given."""
        recorder = Recorder()
        panel = MockPanel(controller_key=KEY, house=house, settings=settings, observe=recorder)
        # A served panel has ports of its own; it is given the streams of places that are none.
        place = PLACES[self.carrier]() if self.carrier in ("memory", "pty") else None
        try:
            with anyio.fail_after(patience):
                async with (
                    panel.serve(transport="udp" if self.carrier == "udp" else "tcp") as served,
                    anyio.create_task_group() as tasks,
                ):
                    if place is not None:
                        tasks.start_soon(place.serve, served.serve_stream)
                    yield Home(self, place, served, recorder)
                    tasks.cancel_scope.cancel()
        finally:
            if place is not None:
                place.close()

    # Clients.

    @asynccontextmanager
    async def client(
        self,
        place: Place | None,
        port: int | None,
        *,
        key: bytes = KEY,
        settings: ClientSettings | None = None,
    ) -> AsyncIterator[OmniClient]:
        """Have a client connected: an asynchronous one as it is, a blocking one as its awaited twin."""
        arguments: dict[str, Any] = {"controller_key": key, "settings": settings or PATIENT}
        if port is not None:
            arguments["transport"] = self.carrier
        if not self.is_blocking:
            async with await self._make_awaited(place, port, arguments) as client:
                yield client
            return
        owner = OwnThread()
        try:
            make = self._blocking_maker(place, port, arguments)
            blocking = await owner.wait(make)
            async with awaited(blocking, owner) as client:
                if self.adapter == "threads":
                    await owner.wait(blocking.connection.read_in_background)
                    yield awaited(blocking, ThreadEach())
                else:
                    yield client
        finally:
            owner.stop()

    async def _make_awaited(
        self, place: Place | None, port: int | None, arguments: dict[str, Any]
    ) -> OmniClient:
        match place:
            case MemoryPlace():
                return OmniClient.over(place.stream(), **arguments)
            case PtyPlace():
                return OmniClient.over(await open_serial(place.path()), **arguments)
        assert port is not None
        return OmniClient(LOOPBACK, port, **arguments)

    def _blocking_maker(
        self, place: Place | None, port: int | None, arguments: dict[str, Any]
    ) -> Callable[[], omnilink_sync.OmniClient]:
        match place:
            case MemoryPlace():
                transport = place.transport()
                return lambda: omnilink_sync.OmniClient.over(transport, **arguments)
            case PtyPlace():
                path = place.path()
                return lambda: omnilink_sync.OmniClient.over(open_serial_blocking(path), **arguments)
        assert port is not None
        return lambda: omnilink_sync.OmniClient(LOOPBACK, port, **arguments)


@dataclass
class Stage:
    """What a test has while a script is played."""

    door: Door
    place: Place
    panels: list[Panel] = field(default_factory=list)

    def client(self, **arguments: Any) -> AbstractAsyncContextManager[OmniClient]:
        """Have one more client of this panel, connected when the context is entered."""
        return self.door.client(self.place, getattr(self.place, "port", None), **arguments)


@dataclass
class Home:
    """A house behind a panel that is served."""

    door: Door
    place: Place | None
    served: ServedPanel
    recorder: Recorder

    @property
    def house(self) -> House:
        """What the panel controls."""
        return self.served.panel.house

    def client(self, **arguments: Any) -> AbstractAsyncContextManager[OmniClient]:
        """Have one more client of this panel, connected when the context is entered."""
        port = self.served.port if self.place is None else None
        return self.door.client(self.place, port, **arguments)
