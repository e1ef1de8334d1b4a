"""What a served panel can be told: both transports at once, what happens in its house, faults, gaps, limits."""

import errno
import socket
import struct
import sys
from collections.abc import Callable, Hashable
from typing import Any, Literal

import anyio
import pytest
from anyio.abc import SocketAttribute, SocketStream, TaskStatus

from omnilink_anyio import MockPanel, OmniClient, ServedPanel, mock_panel
from omnilink_sansio import (
    ControllerEndReason,
    ControllerSettings,
    LocalProtocolError,
    OmniConnectionError,
    SessionRefusedError,
)
from omnilink_sansio.events import Notification
from omnilink_sansio.objects import ObjectType, UnitStatus, ZoneStatus
from omnilink_sansio.simulator import EmulatedPanel, FaultPlan, OpenZone, ScriptLine, demo_house
from tests.anyio_adapter.homes import KEY, PATIENCE, Recorder
from tests.anyio_adapter.streams import MemoryDatagrams, MemoryStream, StuckStream, datagram_pair, memory_pair

pytestmark = pytest.mark.anyio

PUSHES = 5
"""Fewer than a new connection sends before it waits for an acknowledgement."""

DATA_SEGMENTS_IN = 152
"""Where Linux's tcp_info counts the segments with data that came in."""


def client_of(served: ServedPanel, transport: Literal["tcp", "udp"] = "tcp") -> OmniClient:
    return OmniClient(served.host, served.port, controller_key=KEY, transport=transport, timeout=PATIENCE)


def change_unit(panel: EmulatedPanel[Hashable], now: float, state: int = 1) -> None:
    panel.house.units[1].state = state
    panel.push([(ObjectType.UNIT, 1)], now)


def push_often(panel: EmulatedPanel[Hashable], now: float) -> None:
    for count in range(PUSHES):
        change_unit(panel, now, count % 2)


# Both transports.


async def test_both_transports_share_a_port_a_house_and_the_limit_on_sessions() -> None:
    panel = MockPanel(controller_key=KEY, settings=ControllerSettings(max_sessions=2))
    with anyio.fail_after(PATIENCE):
        async with (
            panel.serve(transport="both") as served,
            client_of(served, "tcp") as stream,
            client_of(served, "udp") as datagrams,
        ):
            async with stream.events() as events:
                await datagrams.turn_unit_on(4)
                assert (await anext(events)) == UnitStatus(4, 1, 0)
            for transport in ("tcp", "udp"):
                with pytest.raises(SessionRefusedError):
                    async with client_of(served, "udp" if transport == "udp" else "tcp"):
                        pytest.fail("a third session")
            assert served.panel.session_count == 2
            served.reboot()
            assert served.panel.session_count == 0


async def test_leaving_tells_both() -> None:
    recorder = Recorder()
    panel = MockPanel(controller_key=KEY, observe=recorder)
    leaving = anyio.Event()

    async def serve(task_status: TaskStatus[ServedPanel]) -> None:
        async with panel.serve(transport="both") as served:
            task_status.started(served)
            await leaving.wait()

    with anyio.fail_after(PATIENCE):
        async with anyio.create_task_group() as tasks:
            served = await tasks.start(serve)
            async with (
                client_of(served, "tcp") as stream,
                client_of(served, "udp") as datagrams,
                stream.events() as of_stream,
                datagrams.events() as of_datagrams,
            ):
                leaving.set()
                for events in (of_stream, of_datagrams):
                    with pytest.raises(OmniConnectionError, match="terminated the session"):
                        await anext(events)
    assert recorder.ends == [ControllerEndReason.TERMINATED] * 2


async def test_a_port_that_is_free_for_both_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    create = anyio.create_udp_socket

    async def often_taken(*, local_host: str, local_port: int) -> Any:
        asked.append(local_port)
        if len(asked) < 3:
            raise OSError(errno.EADDRINUSE, "taken")
        return await create(local_host=local_host, local_port=local_port)

    monkeypatch.setattr(anyio, "create_udp_socket", often_taken)
    with anyio.fail_after(PATIENCE):
        async with MockPanel(controller_key=KEY).serve(transport="both") as served:
            assert asked[-1] == served.port
            async with client_of(served, "udp"), client_of(served, "tcp"):
                pass
    assert len(asked) == 3


async def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_open() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        served = MockPanel(controller_key=KEY).serve(port=port, transport="both")
        with pytest.raises(OSError, match="in use"):
            await served.__aenter__()
        with socket.create_server(("127.0.0.1", port)):
            pass


# What happens.


async def test_something_happens_in_words_or_as_a_value() -> None:
    told: list[Notification] = []
    panel = MockPanel(controller_key=KEY, observe_changes=told.append)
    with anyio.fail_after(PATIENCE):
        async with panel.serve() as served:
            served.happen("open zone 1")
            assert panel.house.zones[1].condition == 1
            # Nobody listens yet; the panel tells it all the same.
            assert next(change for change in told if isinstance(change, ZoneStatus)).index == 1
            async with client_of(served) as client, client.events() as events:
                served.happen(OpenZone(2))
                assert [await anext(events)] == told[-1:]
            for mistake in ("open zone", "open zone 999", "sing"):
                with pytest.raises(LocalProtocolError):
                    served.happen(mistake)


async def test_the_script_begins_when_the_panel_is_served() -> None:
    house = demo_house()
    house.script.append(ScriptLine(0, OpenZone(1)))
    async with MockPanel(controller_key=KEY, house=house).serve():
        assert house.zones[1].condition == 1


async def test_what_whoever_watches_raises_is_raised_bare() -> None:
    def object_to(_change: Notification) -> None:
        raise RuntimeError("enough")

    house = demo_house()
    house.script.append(ScriptLine(0.01, OpenZone(1)))
    with anyio.fail_after(PATIENCE):
        with pytest.raises(RuntimeError, match="enough"):
            async with MockPanel(controller_key=KEY, house=house, observe_changes=object_to).serve():
                await anyio.sleep_forever()


async def test_what_is_raised_at_the_very_start_leaves_nothing_open() -> None:
    def object_to(_change: Notification) -> None:
        raise RuntimeError("enough")

    house = demo_house()
    house.script.append(ScriptLine(0, OpenZone(1)))
    served = MockPanel(controller_key=KEY, house=house, observe_changes=object_to).serve()
    with anyio.fail_after(PATIENCE):
        with pytest.raises(RuntimeError, match="enough"):
            async with served:
                pytest.fail("it was entered")
        with socket.create_server(("127.0.0.1", served.port)):
            pass


async def test_faults_come_true() -> None:
    panel = MockPanel(controller_key=KEY, faults=FaultPlan.parse("refuse"))
    with anyio.fail_after(PATIENCE):
        async with panel.serve() as served:
            with pytest.raises(SessionRefusedError):
                async with client_of(served):
                    pytest.fail("a session")


async def test_a_notification_keeps_its_distance() -> None:
    gap = 0.2
    panel = MockPanel(controller_key=KEY, notification_gap=gap)
    with anyio.fail_after(PATIENCE):
        async with panel.serve() as served, client_of(served) as client, client.events() as events:
            asked = anyio.current_time()
            await client.turn_unit_on(4)
            assert (await anext(events)) == UnitStatus(4, 1, 0)
            assert anyio.current_time() - asked >= gap


async def test_replies_in_a_row_wait_for_no_gap() -> None:
    gap = 2.0
    panel = MockPanel(controller_key=KEY, notification_gap=gap)
    with anyio.fail_after(PATIENCE):
        async with panel.serve() as served, client_of(served) as client:
            asked = anyio.current_time()
            for _ in range(20):
                await client.get_system_status()
            assert anyio.current_time() - asked < gap


# How it is written.


async def test_each_packet_is_one_write() -> None:
    near, far = memory_pair()
    with anyio.fail_after(PATIENCE):
        async with MockPanel(controller_key=KEY).serve() as served, anyio.create_task_group() as tasks:
            tasks.start_soon(served.serve_stream, far)
            async with OmniClient.over(near, controller_key=KEY) as client, client.events() as events:
                before = len(far.written)
                served.act(push_often)
                for _ in range(PUSHES):
                    await anext(events)
                assert len(far.written) - before == PUSHES
            tasks.cancel_scope.cancel()


async def test_each_packet_is_a_segment_of_its_own() -> None:
    theirs: list[Any] = []
    with anyio.fail_after(PATIENCE):
        async with (
            MockPanel(controller_key=KEY).serve() as served,
            await anyio.create_tcp_listener(local_host="127.0.0.1") as listener,
            anyio.create_task_group() as tasks,
        ):

            async def serve(stream: SocketStream) -> None:
                theirs.append(stream.extra(SocketAttribute.raw_socket))
                # The event loops do it for what they accept, others do not.
                theirs[0].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
                await served.serve_stream(stream)

            tasks.start_soon(listener.serve, serve)
            port = listener.extra(SocketAttribute.local_port)
            async with (
                await anyio.connect_tcp("127.0.0.1", port) as stream,
                OmniClient.over(stream, controller_key=KEY) as client,
                client.events() as events,
            ):
                assert theirs[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                raw = stream.extra(SocketAttribute.raw_socket)
                before = _segments(raw)
                served.act(push_often)
                for _ in range(PUSHES):
                    await anext(events)
                assert sys.platform != "linux" or _segments(raw) - before >= PUSHES
            tasks.cancel_scope.cancel()


def _segments(raw: Any) -> int:
    if sys.platform != "linux":
        return 0
    information: bytes = raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, DATA_SEGMENTS_IN + 4)
    count: int = struct.unpack_from("=I", information, DATA_SEGMENTS_IN)[0]
    return count


# Clients that do not read.


async def test_a_client_that_does_not_read_holds_nobody_up_and_is_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mock_panel, "_MOST_BEHIND", 100)
    recorder = Recorder()
    near, inner = memory_pair()
    far = StuckStream(inner)
    with anyio.fail_after(PATIENCE):
        async with (
            MockPanel(controller_key=KEY, observe=recorder).serve() as served,
            client_of(served) as other,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(served.serve_stream, far)
            slow = OmniClient.over(near, controller_key=KEY, timeout=PATIENCE)
            await _leave_after_it_was_let_go(slow, far, inner, served, recorder)
            await other.turn_unit_on(4)
            tasks.cancel_scope.cancel()


async def _leave_after_it_was_let_go(
    slow: OmniClient, far: StuckStream, inner: MemoryStream, served: ServedPanel, recorder: Recorder
) -> None:
    async with slow, slow.events():
        far.is_stuck = True
        rounds = 0
        while not recorder.ends:
            served.act(push_often)
            rounds += 1
            assert rounds < 1000, "what nobody reads is kept without bound"
        assert rounds * PUSHES > 100, "it was let go too early"
        assert recorder.ends == [ControllerEndReason.LOST]
        await inner.closed.wait()


class FloodingStream(StuckStream):
    """Is let go of in the moment in which something came."""

    flood: Callable[[], None] = staticmethod(lambda: None)

    async def receive(self, max_bytes: int = 65536) -> bytes:
        data = await super().receive(max_bytes)
        self.flood()
        return data


async def test_what_comes_late_on_a_stream_is_no_datagram(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mock_panel, "_MOST_BEHIND", 10)
    recorder = Recorder()
    near, inner = memory_pair()
    far = FloodingStream(inner)
    settings = ControllerSettings(max_half_open=1)
    panel = MockPanel(controller_key=KEY, settings=settings, observe=recorder)
    with anyio.fail_after(PATIENCE):
        async with panel.serve(transport="both") as served, anyio.create_task_group() as tasks:
            tasks.start_soon(served.serve_stream, far)
            async with OmniClient.over(near, controller_key=KEY, timeout=PATIENCE) as slow, slow.events():

                def flood() -> None:
                    for _ in range(10):
                        served.act(push_often)

                far.is_stuck = True
                far.flood = flood
                # Packet 1: of a datagram it would begin a session.
                await near.send(bytes((0, 1, 1, 0)))
                await recorder.first_end()
                async with client_of(served, "udp") as other:
                    await other.turn_unit_on(4)
            tasks.cancel_scope.cancel()


class StuckDatagrams(MemoryDatagrams):
    """Passes everything on until ``is_stuck`` is set: then no datagram is ever taken."""

    is_stuck = False

    async def send(self, item: bytes) -> None:
        if self.is_stuck:
            await anyio.sleep_forever()
        await super().send(item)


async def test_of_datagrams_that_nobody_takes_some_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mock_panel, "_MOST_UNSENT", 10)
    near, inner = datagram_pair()
    far = StuckDatagrams(inner._incoming, inner._outgoing)
    with anyio.fail_after(PATIENCE):
        async with (
            MockPanel(controller_key=KEY).serve(transport="udp") as served,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(served.serve_datagram_link, far)
            link = OmniClient.over(near, framing="datagram", controller_key=KEY, timeout=PATIENCE)
            async with link as client, client.events():
                far.is_stuck = True
                for _ in range(10):
                    served.act(push_often)
                assert [each.writer.behind for each in served._clients.values()] == [10]
                far.is_stuck = False
            tasks.cancel_scope.cancel()
