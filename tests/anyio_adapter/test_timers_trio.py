"""What the adapter does with time: on trio's virtual clock, over streams in memory, to the second."""

import socket
from collections.abc import Awaitable, Callable, Sequence

import anyio
import pytest
import trio
import trio.testing
from trio.abc import Clock, Instrument

import omnilink_anyio.transport
from omnilink_anyio import OmniClient
from omnilink_anyio.carriers import Owner, carrier_of
from omnilink_anyio.descriptors import SocketStream
from omnilink_anyio.flag import Flag
from omnilink_sansio import (
    ClientSettings,
    EndReason,
    Framing,
    HandshakeError,
    Message,
    OmniConnectionError,
    OutcomeCause,
    OutcomeUnknownError,
    PacketType,
    RequestTimeoutError,
)
from omnilink_sansio.commands import Command
from omnilink_sansio.objects import ObjectStatus, ObjectType, UnitStatus
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.simulator import EmulatedPanel, demo_house
from tests.anyio_adapter.homes import KEY, serve_home
from tests.anyio_adapter.scripts import SESSION_ID, ScriptedPanel, play
from tests.anyio_adapter.streams import MemoryStream, StuckStream, datagram_pair


def run_in_virtual_time(
    main: Callable[[], Awaitable[None]], *, clock: Clock | None, instruments: Sequence[Instrument]
) -> None:
    """Run a test on a clock that jumps ahead whenever everybody waits, as ``autojump_clock`` does."""
    assert clock is None
    trio.run(main, clock=trio.testing.MockClock(autojump_threshold=0), instruments=instruments)


pytestmark = pytest.mark.trio(run=run_in_virtual_time)

LONG = 1e7
"""Virtual seconds: a hang fails at once, for the clock jumps there."""

STATUS = OmniLink2MessageType.REQUEST_SYSTEM_STATUS
STATUS_REPLY = Message(OmniLink2MessageType.SYSTEM_STATUS, bytes(14))


def now() -> float:
    return trio.current_time()


async def pass_time(seconds: float) -> None:
    """Go to a later moment of the virtual clock, which takes no time."""
    await trio.sleep_until(now() + seconds)


def after(seconds: float, since: float) -> bool:
    return now() - since == pytest.approx(seconds, abs=1e-6)


async def silent(panel: ScriptedPanel) -> None:
    """Shake hands, then read and answer nothing."""
    await panel.online()


async def deaf(panel: ScriptedPanel) -> None:
    """Never answer anything, packet 5 neither."""
    await panel.online()
    await panel.ignore()


@pytest.mark.parametrize("patience", [5.0, 0.25, 30.0])
async def test_a_request_times_out_after_its_time(patience: float) -> None:
    async with play(silent, patience=LONG) as stage, stage.client(timeout=patience) as client:
        await trio.sleep_until(trio.current_time() + 17)
        began = now()
        with pytest.raises(RequestTimeoutError, match=f"within {patience:g} s") as caught:
            await client.get_system_information()
        assert after(patience, began)
        assert isinstance(caught.value, TimeoutError)


async def test_a_command_that_times_out_has_an_unknown_outcome() -> None:
    async with play(silent, patience=LONG) as stage, stage.client() as client:
        began = now()
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.turn_unit_on(1)
        assert after(5.0, began)
        assert caught.value.cause is OutcomeCause.TIMEOUT


async def test_a_request_that_waits_its_turn_has_its_full_time() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        first = await panel.request()
        await trio.sleep_until(trio.current_time() + 4)
        await panel.reply(first, ObjectStatus(ObjectType.UNIT, (UnitStatus(1, 0, 0),)).to_message())

    ended: list[float] = []

    async def ask(client: OmniClient) -> None:
        with pytest.raises(OutcomeUnknownError):
            await client.turn_unit_on(1)
        ended.append(now())

    async with play(script, patience=LONG) as stage, stage.client() as client:
        began = now()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.get_object_status, ObjectType.UNIT, 1)
            await anyio.wait_all_tasks_blocked()
            tasks.start_soon(ask, client)
    assert ended == [pytest.approx(began + 9, abs=1e-6)]


async def test_the_handshake_times_out() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.ignore()

    async with play(script, patience=LONG) as stage:
        began = now()
        with pytest.raises(HandshakeError, match="no answer to the handshake"):
            await stage.client().connection.connect()
        assert after(10.0, began)
        assert stage.written == [
            PacketType.CLIENT_REQUEST_NEW_SESSION,
            PacketType.CLIENT_SESSION_TERMINATED,
        ]


async def test_opening_tcp_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(one: socket.socket, address: object) -> None:
        del address
        with one:
            await anyio.sleep_forever()

    monkeypatch.setattr(omnilink_anyio.transport, "_connect", never)
    began = now()
    with pytest.raises(
        OmniConnectionError, match=r"192\.0\.2\.1 port 4369 \(no answer within 10 s\)"
    ) as caught:
        await OmniClient("192.0.2.1", controller_key=KEY).connection.connect()
    assert caught.value.end is EndReason.UNREACHABLE
    assert after(10.0, began)


@pytest.mark.parametrize(("fates", "takes"), [(["silent", "there"], 0.25), (["refuses", "there"], 0.0)])
async def test_each_address_has_a_quarter_of_a_second_before_the_next_is_tried_as_well(
    fates: list[str], takes: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[tuple[socket.socket, float]] = []
    left = iter(fates)

    async def find(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, 0, 0, "", ("127.0.0.1", 1))] * len(fates)

    async def connect(one: socket.socket, address: object) -> socket.socket:
        del address
        tried.append((one, now()))
        fate = next(left)
        if fate == "there":
            return one
        with one:
            if fate == "silent":
                await trio.sleep_forever()
            raise ConnectionRefusedError("no")

    monkeypatch.setattr(anyio, "getaddrinfo", find)
    monkeypatch.setattr(omnilink_anyio.transport, "_connect", connect)
    began = now()
    transport = await omnilink_anyio.open_tcp("panel.example")
    assert [at - began for _, at in tried] == pytest.approx([0.0, takes])
    (lost, _), (won, _) = tried
    assert lost.fileno() == -1
    assert won.fileno() != -1
    await transport.aclose()
    assert won.fileno() == -1


async def test_a_descriptor_that_takes_nothing_more_is_closed_a_second_after_the_end() -> None:
    near, far = socket.socketpair()
    near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    over = Flag()
    carrier = carrier_of(SocketStream(near), Owner(lambda _: None, lambda: None, lambda: None, over))
    with far:
        carrier.write([bytes(60_000)])
        began = now()
        carrier.stop()
        assert not over.is_set
        await over.wait()
        assert after(1.0, began)
        assert near.fileno() == -1


async def test_an_idle_session_is_kept_alive_every_minute() -> None:
    came: list[float] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        began = now()
        for _ in range(3):
            request = await panel.request()
            assert request.message.type == STATUS
            came.append(now() - began)
            await panel.reply(request, STATUS_REPLY)
        done.set()

    done = anyio.Event()
    async with play(script, patience=LONG) as stage, stage.client() as client:
        await done.wait()
        assert client.is_connected
    assert came == pytest.approx([60, 120, 180], abs=1e-6)


async def test_requests_put_the_keepalive_off() -> None:
    came: list[float] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        began = now()
        await panel.acknowledge()
        request = await panel.request()
        assert request.message.type == STATUS
        came.append(now() - began)
        await panel.reply(request, STATUS_REPLY)
        done.set()

    done = anyio.Event()
    async with play(script, patience=LONG) as stage, stage.client() as client:
        await trio.sleep_until(trio.current_time() + 59)
        await client.turn_unit_on(1)
        await done.wait()
    assert came == pytest.approx([119], abs=1e-6)


async def test_without_a_keepalive_nothing_is_sent() -> None:
    settings = ClientSettings(keepalive=0)
    async with play(silent, patience=LONG) as stage, stage.client(settings=settings) as client:
        await trio.sleep_until(trio.current_time() + 80_000)
        assert client.is_connected
        assert stage.written[-1] is PacketType.CLIENT_REQUEST_SECURE_CONNECTION


async def test_silence_ends_the_session_and_every_iteration() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.enable_notifications()
        await panel.ignore()

    async with play(script, patience=LONG) as stage, stage.client() as client:
        async with client.events() as events:
            began = now()
            with pytest.raises(OmniConnectionError, match="stopped answering"):
                await anext(events)
            assert after(70.0, began)
        await stage.near.closed.wait()
        assert after(70.0, began)
    assert stage.written[-2:] == [
        PacketType.OMNI_LINK_II_MESSAGE,
        PacketType.CLIENT_SESSION_TERMINATED,
    ]


async def test_one_request_that_is_never_answered_does_not_end_the_session() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.request()
        keepalive = await panel.request()
        assert keepalive.message.type == STATUS
        await panel.reply(keepalive, STATUS_REPLY)
        await panel.acknowledge()

    async with play(script, patience=LONG) as stage, stage.client() as client:
        with pytest.raises(RequestTimeoutError):
            await client.get_system_information()
        await client.turn_unit_on(1)


async def test_an_earlier_deadline_wakes_who_sleeps_until_a_later_one() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await inside.wait()
        await trio.sleep_until(trio.current_time() + 10)
        # The head of a packet, and no more: nothing is written for it, only the time changes.
        await panel.stream.send(b"\0\0\x20")
        await panel.ignore()

    inside = anyio.Event()
    async with play(script, patience=LONG) as stage, stage.client() as client:
        raw = client.connection.unsolicited()
        began = now()
        inside.set()
        with pytest.raises(OmniConnectionError, match="incomplete 10 s after it began"):
            await anext(raw)
        assert after(20.0, began)


async def test_closing_waits_a_second_for_the_answer() -> None:
    async with play(deaf, patience=LONG) as stage:
        async with stage.client():
            began = now()
        assert after(1.0, began)
        assert stage.near.closed.is_set()
    assert stage.written[-1] is PacketType.CLIENT_SESSION_TERMINATED


async def test_closing_waits_no_longer_than_the_answer_takes() -> None:
    async with play(silent, patience=LONG) as stage:
        async with stage.client():
            began = now()
        assert after(0.0, began)


async def test_a_cancelled_task_does_not_wait_for_the_answer() -> None:
    async with play(deaf, patience=LONG) as stage:
        with anyio.CancelScope() as scope:
            async with stage.client():
                began = now()
                scope.cancel()
                await anyio.sleep_forever()
        assert after(0.0, began)
    assert stage.written[-1] is PacketType.CLIENT_SESSION_TERMINATED


async def test_a_write_that_never_returns_does_not_keep_close() -> None:
    async with play(deaf, patience=LONG) as stage:
        stuck = StuckStream(stage.near)
        async with stage.client(stuck):
            stuck.is_stuck = True
            began = now()
        assert now() - began <= 2.0 + 1e-6
        assert stuck.closed


async def test_a_write_that_never_returns_does_not_keep_a_cancelled_task() -> None:
    async with play(deaf, patience=LONG) as stage:
        stuck = StuckStream(stage.near)
        with anyio.CancelScope() as scope:
            async with stage.client(stuck) as client:
                stuck.is_stuck = True
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(client.get_system_status)
                    await anyio.wait_all_tasks_blocked()
                    began = now()
                    scope.cancel()
        assert now() - began <= 1.0 + 1e-6
        assert stuck.closed
        # Nothing follows what was written in part, packet 5 neither.
        assert stage.written[-1] is PacketType.CLIENT_REQUEST_SECURE_CONNECTION


async def test_a_write_that_never_returns_does_not_keep_callers() -> None:
    async with play(deaf, patience=LONG) as stage:
        stuck = StuckStream(stage.near)
        async with stage.client(stuck) as client:
            stuck.is_stuck = True
            began = now()
            with pytest.raises((RequestTimeoutError, OmniConnectionError)):
                await client.get_system_status()
            assert now() - began <= 5.0 + 1e-6
            with anyio.move_on_after(1) as scope:
                await client.get_system_status()
            assert scope.cancelled_caught or not client.is_connected


async def test_a_transport_that_is_never_closed_keeps_nobody_for_longer_than_a_second() -> None:
    class Clinging(MemoryStream):
        async def aclose(self) -> None:
            await super().aclose()
            await anyio.sleep_forever()

    async with play(silent, patience=LONG) as stage:
        near = stage.near
        clinging = Clinging(near._incoming, near._outgoing)
        async with stage.client(clinging):
            began = now()
        # The goodbye is answered at once; then the transport has a second to close.
        assert after(1.0, began)


# The panel's side of time.


async def test_a_timer_of_the_house_is_an_event_when_it_is_over() -> None:
    async with serve_home(patience=LONG) as home, home.client() as client, client.events() as events:
        await client.execute_command(Command.UNIT_ON, 30, 1)
        began = now()
        assert await anext(events) == UnitStatus(1, 1, 30)
        assert await anext(events) == UnitStatus(1, 0, 0)
        assert after(30.0, began)


async def test_a_client_that_never_speaks_is_let_go() -> None:
    async with serve_home(patience=LONG) as home:
        # The panel sleeps already, without a time to wake at.
        await anyio.wait_all_tasks_blocked()
        stream = home.stream()
        began = now()
        with pytest.raises(anyio.EndOfStream):
            await stream.receive()
        assert after(10.0, began)
        await stream.aclose()


async def test_a_session_that_is_silent_for_five_minutes_is_ended_by_the_panel() -> None:
    settings = ClientSettings(keepalive=0)
    async with serve_home(patience=LONG) as home, home.client(settings=settings) as client:
        raw = client.connection.unsolicited()
        began = now()
        with pytest.raises(OmniConnectionError, match="packet 6"):
            await anext(raw)
        assert after(300.0, began)


# Datagrams: what is lost is sent again.


@pytest.mark.parametrize(
    "kind",
    [
        PacketType.CLIENT_REQUEST_NEW_SESSION,
        PacketType.CLIENT_REQUEST_SECURE_CONNECTION,
        PacketType.OMNI_LINK_II_MESSAGE,
    ],
)
async def test_a_lost_datagram_is_sent_again(kind: PacketType) -> None:
    near, far = datagram_pair()
    lost: list[bytes] = []

    def loses(datagram: bytes) -> bool:
        if datagram[2] == kind and not lost:
            lost.append(datagram)
            return True
        return False

    near.loses = loses
    panel: EmulatedPanel[str] = EmulatedPanel(KEY, demo_house(), lambda: SESSION_ID, framing=Framing.DATAGRAM)

    async def serve() -> None:
        async for datagram in far:
            panel.receive_data("client", datagram, now())
            for _, packet in panel.data_to_send():
                await far.send(packet)

    async with far, anyio.create_task_group() as tasks:
        tasks.start_soon(serve)
        began = now()
        async with OmniClient.over(near, controller_key=KEY, framing="datagram") as client:
            assert await client.get_object_status(ObjectType.UNIT, 2) == [UnitStatus(2, 160, 0)]
            repeat = 1.5 if kind is PacketType.OMNI_LINK_II_MESSAGE else 1.0
            assert after(repeat, began)
        tasks.cancel_scope.cancel()
    assert near.written.count(lost[0]) == 2


@pytest.mark.parametrize(("losses", "seconds"), [(0, 0.0), (1, 0.25), (3, 0.75), (99, 1.0)])
async def test_a_lost_goodbye_is_said_again_for_a_second(losses: int, seconds: float) -> None:
    near, far = datagram_pair()
    goodbyes: list[bytes] = []

    def loses(datagram: bytes) -> bool:
        if datagram[2] == PacketType.CLIENT_SESSION_TERMINATED:
            goodbyes.append(datagram)
            return len(goodbyes) <= losses
        return False

    near.loses = loses
    panel: EmulatedPanel[str] = EmulatedPanel(KEY, demo_house(), lambda: SESSION_ID, framing=Framing.DATAGRAM)

    async def serve() -> None:
        async for datagram in far:
            panel.receive_data("client", datagram, now())
            for _, packet in panel.data_to_send():
                await far.send(packet)

    async with far, anyio.create_task_group() as tasks:
        tasks.start_soon(serve)
        async with OmniClient.over(near, controller_key=KEY, framing="datagram") as client:
            await client.get_system_status()
            began = now()
        assert after(seconds, began)
        tasks.cancel_scope.cancel()
    # The same bytes each time.
    assert goodbyes == goodbyes[:1] * (min(losses, 3) + 1)
    assert panel.session_count == (1 if losses > 3 else 0)
