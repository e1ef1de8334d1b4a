"""The panel that is served on both event loops: over TCP, UDP and transports of one's own, whatever clients do."""

import math
import socket
import sys
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from typing import TypeAlias, TypeVar, cast

import anyio
import pytest
from anyio.abc import ByteStream, SocketAttribute, TaskGroup, UDPSocket, UnreliableObjectStream

from omnilink_anyio import MockPanel, ServedPanel
from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionState,
    ControllerEndReason,
    ControllerSettings,
    EndReason,
    Framing,
    LocalProtocolError,
    Message,
    NotificationReceived,
    OmniConnectionError,
    PacketDropped,
    PeerEvent,
    RawRequest,
    ReplyReceived,
    Request,
    RequestFailed,
    RequestReceived,
    SessionEnded,
    parse_message,
)
from omnilink_sansio.commands import turn_unit_on
from omnilink_sansio.objects import ObjectType, RequestObjectStatus, UnitStatus
from omnilink_sansio.simulator import EmulatedPanel
from omnilink_sansio.simulator.timers import Timer
from omnilink_sansio.system import EnableNotifications, RequestSystemInformation
from tests.anyio_adapter.homes import KEY, PATIENCE, Recorder
from tests.anyio_adapter.streams import datagram_pair, memory_pair

pytestmark = pytest.mark.anyio

_T = TypeVar("_T")

SOON = 0.05
"""Seconds that a timer of the panel runs where a test waits for what it does, not for the time."""

IP_RECVERR = 11
"""Linux: have errors that datagrams met on their way told to the socket that sent them, connected or not."""

Link: TypeAlias = ByteStream | UnreliableObjectStream[bytes]

# No keepalive, and no repeats: what is sent is what the test sends.
_QUIET = ClientSettings(keepalive=0, request_timeout=1e6, request_repeat=1e6, handshake_repeat=1e6)

_REPEATING = ClientSettings(keepalive=0, request_repeat=0.1, handshake_repeat=0.1, max_repeats=100)
"""For where a datagram may get lost: as long as the test has patience."""

LONG_REQUEST = RawRequest(Message(200, bytes(40)))
"""A message of several blocks: the panel tells where it ends though the last one is damaged."""


@pytest.fixture(params=["tcp", "udp", "memory stream", "memory datagrams"])
def kind(request: pytest.FixtureRequest) -> str:
    return cast("str", request.param)


@pytest.fixture(params=["tcp", "udp"])
def socket_kind(request: pytest.FixtureRequest) -> str:
    return cast("str", request.param)


def carries_datagrams(kind: str) -> bool:
    return kind in ("udp", "memory datagrams")


class Caller:
    """A client machine driven by hand over a transport."""

    def __init__(self, link: Link, framing: Framing, settings: ClientSettings = _QUIET) -> None:
        self.link = link
        self._framing = framing
        self._settings = settings
        self._renew()

    def _renew(self) -> None:
        self.events: list[ClientEvent] = []
        self.machine = ClientConnection(KEY, framing=self._framing, settings=self._settings)

    async def connect(self) -> None:
        """Open a session, or another one where the last one was lost."""
        if self.machine.state is ConnectionState.CLOSED:
            self._renew()
        self.machine.connect(anyio.current_time())
        await self.serve_until(lambda: self.machine.state is ConnectionState.ONLINE)

    async def write(self) -> None:
        while (event := self.machine.next_event()) is not None:
            self.events.append(event)
        for packet in self.machine.data_to_send():
            await self.link.send(packet)

    async def serve_until(self, done: Callable[[], object]) -> None:
        await self.write()
        while not done():
            due = self.machine.next_timeout()
            with anyio.CancelScope(deadline=math.inf if due is None else due):
                try:
                    self.machine.receive_data(await self.link.receive(), anyio.current_time())
                except anyio.EndOfStream:
                    self.machine.receive_eof(anyio.current_time())
            self.machine.handle_timeout(anyio.current_time())
            await self.write()

    async def ask(self, request: Request[_T]) -> _T:
        request_id = self.machine.send(request, anyio.current_time())
        found: list[ReplyReceived | RequestFailed] = []

        def is_over() -> bool:
            found[:] = [
                event
                for event in self.events
                if isinstance(event, ReplyReceived | RequestFailed) and event.request_id == request_id
            ]
            return bool(found)

        await self.serve_until(is_over)
        if isinstance(found[0], RequestFailed):
            raise found[0].error
        return request.accept(parse_message(found[0].message))

    async def unit(self, index: int) -> UnitStatus:
        (record,) = (await self.ask(RequestObjectStatus(ObjectType.UNIT, index, index))).records
        assert isinstance(record, UnitStatus)
        return record

    async def listen(self) -> None:
        await self.ask(EnableNotifications(1))
        self.events.clear()

    def is_told(self) -> bool:
        return any(isinstance(event, NotificationReceived) for event in self.events)

    async def end(self) -> SessionEnded:
        """Wait for the session to end."""
        await self.serve_until(lambda: self.machine.state is ConnectionState.CLOSED)
        return next(event for event in self.events if isinstance(event, SessionEnded))


class Door:
    """A panel that is served, and the way its clients come."""

    def __init__(self, served: ServedPanel, kind: str, tasks: TaskGroup, recorder: Recorder) -> None:
        self.served = served
        self.recorder = recorder
        self._kind = kind
        self._tasks = tasks

    async def _open(self) -> Link:
        match self._kind:
            case "tcp":
                return await anyio.connect_tcp(self.served.host, self.served.port)
            case "udp":
                return await anyio.create_connected_udp_socket(self.served.host, self.served.port)
            case "memory stream":
                near, far = memory_pair()
                self._tasks.start_soon(self.served.serve_stream, far)
                return near
            case _:
                near_link, far_link = datagram_pair()
                self._tasks.start_soon(self.served.serve_datagram_link, far_link)
                return near_link

    @asynccontextmanager
    async def calling(self, settings: ClientSettings = _QUIET) -> AsyncIterator[Caller]:
        """Connect a client, without a session yet."""
        framing = Framing.DATAGRAM if carries_datagrams(self._kind) else Framing.STREAM
        link = await self._open()
        try:
            yield Caller(link, framing, settings)
        finally:
            with anyio.CancelScope(shield=True):
                await link.aclose()

    @asynccontextmanager
    async def online(self, settings: ClientSettings = _QUIET) -> AsyncIterator[Caller]:
        async with self.calling(settings) as caller:
            await caller.connect()
            yield caller


@asynccontextmanager
async def serving(
    kind: str,
    *,
    settings: ControllerSettings | None = None,
    observe: Callable[[PeerEvent[Hashable]], None] | None = None,
) -> AsyncIterator[Door]:
    recorder = Recorder()
    panel = MockPanel(controller_key=KEY, settings=settings, observe=observe or recorder)
    with anyio.fail_after(PATIENCE):
        async with (
            panel.serve(transport="udp" if carries_datagrams(kind) else "tcp") as served,
            anyio.create_task_group() as tasks,
        ):
            yield Door(served, kind, tasks, recorder)
            tasks.cancel_scope.cancel()


def is_end(event: ClientEvent, request_id: int) -> bool:
    return isinstance(event, ReplyReceived | RequestFailed) and event.request_id == request_id


def change_unit(panel: EmulatedPanel[Hashable], now: float, state: int = 1) -> None:
    panel.house.units[1].state = state
    panel.push([(ObjectType.UNIT, 1)], now)


# Sessions.


async def test_a_client_asks_and_is_answered_and_leaves(kind: str) -> None:
    async with serving(kind) as door, door.online() as caller:
        assert (await caller.ask(RequestSystemInformation())).phone == "5551234"
        await caller.ask(turn_unit_on(1))
        assert (await caller.unit(1)).state == 1
        caller.machine.close(anyio.current_time())
        assert (await caller.end()).error is None
        assert door.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]
        assert door.recorder.starts == 1
        assert len(door.recorder.requests) == 3
        assert door.served.panel.session_count == 0


async def test_several_clients_share_a_house_and_are_told_what_the_others_do(kind: str) -> None:
    async with serving(kind) as door, door.online() as one, door.online() as two, door.online() as three:
        await two.listen()
        await three.listen()
        await one.ask(turn_unit_on(1))
        for caller in (two, three):
            await caller.serve_until(caller.is_told)
            assert (await caller.unit(1)).state == 1
        assert not one.is_told()
        assert door.served.panel.session_count == 3


@pytest.mark.parametrize("kind", ["udp", "memory datagrams"])
async def test_a_datagram_client_may_return_on_its_link(kind: str) -> None:
    async with serving(kind) as door, door.online() as caller:
        caller.machine.close(anyio.current_time())
        await caller.end()
        await caller.connect()
        assert (await caller.unit(1)).state == 0


@pytest.mark.parametrize("kind", ["memory stream", "memory datagrams"])
async def test_the_end_of_a_transport_ends_its_session(kind: str) -> None:
    async with serving(kind) as door:
        async with door.online():
            pass
        assert await door.recorder.first_end() is ControllerEndReason.LOST


async def test_a_panel_serves_what_its_transport_carries() -> None:
    near, far = memory_pair()
    near_link, far_link = datagram_pair()
    async with near, far, near_link, far_link:
        async with serving("udp") as door:
            with pytest.raises(LocalProtocolError, match="datagrams never are"):
                await door.served.serve_stream(far)
        async with serving("tcp") as door:
            with pytest.raises(LocalProtocolError, match="serve it over udp"):
                await door.served.serve_datagram_link(far_link)
    panel = MockPanel(controller_key=KEY)
    with pytest.raises(LocalProtocolError, match="'carrier pigeon'"):
        panel.serve(transport="carrier pigeon")  # type: ignore[arg-type]
    with pytest.raises(LocalProtocolError):
        MockPanel(controller_key=b"short")


# Time.


@pytest.mark.parametrize("kind", ["tcp", "memory stream"])
async def test_a_client_that_says_nothing_is_let_go_in_time(kind: str) -> None:
    settings = ControllerSettings(handshake_timeout=SOON)
    async with serving(kind, settings=settings) as door, door.calling() as caller:
        with pytest.raises(anyio.EndOfStream):
            await caller.link.receive()


async def test_a_timer_that_the_owner_sets_is_kept(kind: str) -> None:
    async with serving(kind) as door, door.online() as caller:
        await caller.listen()

        def turn_on_for_a_moment(panel: EmulatedPanel[Hashable], now: float) -> None:
            unit = panel.house.units[1]
            unit.state, unit.state_after = 1, 0
            panel.house.timers.start(Timer.UNIT, 1, now + SOON)

        door.served.act(turn_on_for_a_moment)
        await caller.serve_until(caller.is_told)
        assert (await caller.unit(1)).state == 0


# Acting on the panel.


async def test_what_the_owner_does_to_the_panel_is_told_at_once(kind: str) -> None:
    async with serving(kind) as door, door.online() as caller:
        await caller.listen()
        for _ in range(10):
            door.served.act(change_unit)
        await caller.serve_until(
            lambda: sum(isinstance(e, NotificationReceived) for e in caller.events) == 10
        )
        assert door.served.act(lambda panel, _: panel.house.units[1].state) == 1

        def fail(panel: EmulatedPanel[Hashable], now: float) -> None:
            change_unit(panel, now, 0)
            raise LookupError("of the caller's own")

        caller.events.clear()
        with pytest.raises(LookupError):
            door.served.act(fail)
        await caller.serve_until(caller.is_told)
        assert (await caller.unit(1)).state == 0


async def test_a_reboot_loses_all_sessions_and_keeps_the_house(kind: str) -> None:
    async with serving(kind) as door, door.online() as caller:
        await caller.ask(turn_unit_on(1))
        door.served.reboot()
        assert door.served.panel.session_count == 0
        if carries_datagrams(kind):
            # Nothing was sent: the client finds out when it asks.
            with pytest.raises(OmniConnectionError):
                await caller.ask(RequestSystemInformation())
        else:
            with pytest.raises(anyio.EndOfStream):
                await caller.link.receive()
            caller.machine.receive_eof(anyio.current_time())
        assert isinstance((await caller.end()).error, OmniConnectionError)
        async with door.online() as again:
            assert (await again.unit(1)).state == 1
        if carries_datagrams(kind):
            await caller.connect()
            assert (await caller.unit(1)).state == 1


async def test_a_reboot_in_the_middle_of_a_request_leaves_it_unanswered(kind: str) -> None:
    def observe(event: PeerEvent[Hashable]) -> None:
        if isinstance(event.event, RequestReceived) and event.event.message.data[:1] == bytes((1,)):
            door.served.reboot()

    async with serving(kind, observe=observe) as door, door.online() as caller:
        caller.machine.send(turn_unit_on(1), anyio.current_time())
        await caller.write()
        if not carries_datagrams(kind):
            with pytest.raises(anyio.EndOfStream):
                await caller.link.receive()
        async with door.online() as again:
            assert (await again.unit(1)).state == 1


@pytest.mark.parametrize("kind", ["tcp", "memory stream"])
async def test_what_an_observer_does_cuts_nothing_off(kind: str) -> None:
    def observe(event: PeerEvent[Hashable]) -> None:
        if isinstance(event.event, PacketDropped):
            door.served.act(change_unit)

    async with serving(kind, observe=observe) as door, door.online() as caller:
        # Two packets in one piece, the first one damaged where the panel still finds the next.
        request_id = caller.machine.send(LONG_REQUEST, anyio.current_time())
        (packet,) = caller.machine.data_to_send()
        await caller.link.send(packet[:-1] + bytes((packet[-1] ^ 0xFF,)) + packet)
        await caller.serve_until(lambda: any(is_end(event, request_id) for event in caller.events))
        assert (await caller.unit(1)).state == 1


# Leaving.


async def test_leaving_ends_every_session(socket_kind: str) -> None:
    with anyio.fail_after(PATIENCE):
        recorder = Recorder()
        served = MockPanel(controller_key=KEY, observe=recorder).serve(
            transport="udp" if socket_kind == "udp" else "tcp"
        )
        async with anyio.create_task_group() as tasks:
            door = Door(served, socket_kind, tasks, recorder)
            await served.__aenter__()
            async with door.online() as one, door.online() as two:
                await served.__aexit__(None, None, None)
                for caller in (one, two):
                    assert (await caller.end()).reason is EndReason.TERMINATED
            assert recorder.ends == [ControllerEndReason.TERMINATED] * 2
            assert served.panel.session_count == 0
            # It may be entered again, where it was.
            port = served.port
            async with served:
                assert served.port == port
                async with door.online() as caller:
                    assert (await caller.ask(RequestSystemInformation())).phone == "5551234"


async def test_being_cancelled_ends_every_session_too(socket_kind: str) -> None:
    with anyio.fail_after(PATIENCE):
        recorder = Recorder()
        panel = MockPanel(controller_key=KEY, observe=recorder)
        served = panel.serve(transport="udp" if socket_kind == "udp" else "tcp")
        entered = anyio.Event()

        async def serve(scope: anyio.CancelScope) -> None:
            with scope:
                async with served:
                    entered.set()
                    await anyio.sleep_forever()

        async with anyio.create_task_group() as tasks:
            scope = anyio.CancelScope()
            tasks.start_soon(serve, scope)
            await entered.wait()
            async with Door(served, socket_kind, tasks, recorder).online() as caller:
                scope.cancel()
                assert (await caller.end()).reason is EndReason.TERMINATED


# Clients that misbehave.


async def test_a_client_that_vanishes_holds_nobody_up(kind: str) -> None:
    async with serving(kind) as door, door.online() as other:
        for _ in range(3):
            async with door.online() as gone:
                await gone.listen()
            for _ in range(3):
                door.served.act(change_unit)
                assert (await other.unit(1)).state == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells unconnected sockets on request")
async def test_sending_to_who_listens_no_more_does_not_end_the_serving(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[UDPSocket] = []
    create = anyio.create_udp_socket

    async def watched(local_host: str, local_port: int) -> UDPSocket:
        opened.append(await create(local_host=local_host, local_port=local_port))
        return opened[0]

    monkeypatch.setattr(anyio, "create_udp_socket", watched)
    async with serving("udp") as door, door.online(_REPEATING) as other:
        opened[0].extra(SocketAttribute.raw_socket).setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        async with door.online() as gone:
            await gone.listen()
        for _ in range(10):
            door.served.act(change_unit)
            assert (await other.unit(1)).state == 1
        async with door.online(_REPEATING) as again:
            assert (await again.unit(1)).state == 1


async def test_garbage_is_no_danger(kind: str) -> None:
    async with serving(kind) as door, door.online() as other:
        async with door.calling() as caller:
            await caller.link.send(b"\xff" * 1000)
            if carries_datagrams(kind):
                await caller.connect()
            else:
                with pytest.raises(anyio.EndOfStream):
                    await caller.link.receive()
        assert (await other.unit(1)).state == 0
