"""The client that stays connected, in memory on both loops: scripted losses, and leaving it in every state."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

import anyio
import pytest
from anyio.abc import TaskGroup

from omnilink_anyio import ReconnectingClient, Transport
from omnilink_sansio import (
    ControllerEndReason,
    ControllerSettings,
    EndReason,
    HandshakeError,
    Message,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    Packet,
    PacketType,
    RequestReceived,
    SessionRefusedError,
)
from omnilink_sansio.client import (
    ConnectionLost,
    EventsLost,
    LinkEvent,
    Reconnected,
    Reconnecting,
    ReconnectLoop,
    ReconnectPolicy,
)
from omnilink_sansio.events import LuminaModeChange, Notification, SecurityArming, parse_notification
from omnilink_sansio.objects import ObjectType
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.state import MissedChange
from omnilink_sansio.system import EnableNotifications, Nak, RequestSystemInformation, SystemInformation
from tests.anyio_adapter.homes import KEY, PATIENCE, serve_home
from tests.anyio_adapter.scripts import LUMINA, OMNI, Script, ScriptedPanel
from tests.anyio_adapter.streams import MemoryStream, memory_pair, packet_types
from tests.anyio_adapter.suspensions import cancel_everywhere, cancelled_at

pytestmark = pytest.mark.anyio

AT_ONCE = ReconnectPolicy(quick_tries=10**6, quick_wait=0.001, busy_wait=0.001, jitter=0.0, sweep_every=0.0)
NOT_SOON = ReconnectPolicy(quick_wait=1e6, busy_wait=1e6, sweep_every=0.0)

HALL = 2
WORD = Message(OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS, bytes.fromhex("0304"))

Told = Notification | LinkEvent | EventsLost


class Row:
    """Scripted panels, one for each stream that is opened; when there is no further one there is no way."""

    def __init__(self, scripts: tuple[Script, ...], tasks: TaskGroup) -> None:
        self._scripts = list(scripts)
        self._tasks = tasks
        self.near: list[MemoryStream] = []
        self.panels: list[ScriptedPanel] = []
        self._played: list[anyio.Event] = []
        self._more = anyio.Event()

    async def open(self) -> Transport:
        if not self._scripts:
            raise OmniConnectionError("no way", EndReason.UNREACHABLE)
        script = self._scripts.pop(0)
        near, far = memory_pair()
        panel = ScriptedPanel(far, ControllerSettings(idle_timeout=0.0, handshake_timeout=1e9))
        self.near.append(near)
        self.panels.append(panel)

        played = anyio.Event()
        self._played.append(played)

        async def perform() -> None:
            async with far:
                await script(panel)
                played.set()
                await panel.rest()

        self._tasks.start_soon(perform)
        self._more.set()
        return near

    async def until(self, count: int) -> None:
        """Wait until so many streams have been opened."""
        while len(self.panels) < count:
            self._more = anyio.Event()
            await self._more.wait()

    async def hang_up(self, number: int) -> None:
        """Have a panel, numbered from 0, close its stream once its script is over."""
        await self._played[number].wait()
        await self.panels[number].hang_up()

    def client(self, policy: ReconnectPolicy = AT_ONCE) -> ReconnectingClient:
        return ReconnectingClient.opening(self.open, controller_key=KEY, policy=policy)


@asynccontextmanager
async def row(*scripts: Script) -> AsyncIterator[Row]:
    with anyio.fail_after(PATIENCE):
        async with anyio.create_task_group() as tasks:
            yield Row(scripts, tasks)


async def come_online(panel: ScriptedPanel) -> None:
    """Open a session, acknowledge notifications, and have the sweep pass this panel over."""
    await panel.online()
    enabling = await panel.enable_notifications()
    assert enabling.message == EnableNotifications(enabled=1).to_message()
    asked = await panel.request()
    assert asked.message == RequestSystemInformation().to_message()
    await panel.reply(asked, Nak().to_message())


async def refuse(panel: ScriptedPanel) -> None:
    await panel.stream.receive()
    await panel.stream.send(Packet(1, PacketType.CONTROLLER_CANNOT_START_NEW_SESSION).encode())


async def echo_another_session(panel: ScriptedPanel) -> None:
    await panel.stream.receive()
    offer = bytes.fromhex("0001 0102030405")
    await panel.stream.send(Packet(1, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, offer).encode())
    await panel.stream.receive()
    await panel.stream.send(
        Packet(2, PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, bytes(16)).encode()
    )
    await panel.ignore()


async def hang_up_when_called(panel: ScriptedPanel) -> None:
    await come_online(panel)
    await panel.request()
    await panel.hang_up()


async def terminate_when_called(panel: ScriptedPanel) -> None:
    await come_online(panel)
    await panel.request()
    await panel.terminate()


async def break_the_protocol_when_called(panel: ScriptedPanel) -> None:
    await come_online(panel)
    await panel.request()
    await panel.stream.send(b"GET / HTTP/1.0\r\n\r\n" * 20)
    await panel.ignore()


async def events_until(
    client: ReconnectingClient, kind: type[object], act: Callable[[], Awaitable[object]]
) -> list[Told]:
    events = client.events()
    await act()
    told: list[Told] = []
    async for event in events:
        told.append(event)
        if isinstance(event, kind):
            return told
    raise AssertionError(told)


@pytest.mark.parametrize(
    ("script", "end"),
    [
        (hang_up_when_called, EndReason.LOST),
        (terminate_when_called, EndReason.TERMINATED),
        (break_the_protocol_when_called, EndReason.FAULT),
    ],
)
async def test_calls_under_way_fail_at_once_by_name_and_nothing_is_sent_again(
    script: Script, end: EndReason
) -> None:
    failed: list[OmniLinkError] = []
    async with row(script, come_online) as panels, panels.client() as client:

        async def call(make: Callable[[], Awaitable[object]]) -> None:
            with pytest.raises((OmniConnectionError, OutcomeUnknownError)) as caught:
                await make()
            failed.append(caught.value)

        async def call_twice() -> None:
            async with anyio.create_task_group() as tasks:
                # One is under way, the other, whose task runs later, waits behind it.
                tasks.start_soon(call, client.get_system_status)
                await call(lambda: client.turn_unit_on(1))

        told = await events_until(client, Reconnected, call_twice)
        assert [type(event) for event in told] == [ConnectionLost, Reconnecting, Reconnected]
        lost = told[0]
        assert isinstance(lost, ConnectionLost)
        assert lost.error is not None
        assert lost.error.end is end
        (unknown,) = [error for error in failed if isinstance(error, OutcomeUnknownError)]
        assert unknown.cause is OutcomeCause.LOSS
        (connection,) = [error for error in failed if isinstance(error, OmniConnectionError)]
        assert connection.end is end
    # What the script expects is all that came to the second panel: nothing was sent again.
    said = [event for event in panels.panels[1].events if isinstance(event, RequestReceived)]
    assert len(said) == 3
    assert panels.panels[1].end is ControllerEndReason.CLIENT_TERMINATED


async def test_one_that_refuses_for_a_while_and_then_accepts() -> None:
    async with row(come_online, refuse, refuse, refuse, come_online) as panels, panels.client() as client:
        told = await events_until(client, Reconnected, lambda: panels.hang_up(0))
        assert [type(event) for event in told] == [ConnectionLost, *[Reconnecting] * 4, Reconnected]
        reasons = [event.error for event in told if isinstance(event, Reconnecting)]
        assert [type(error) for error in reasons[1:]] == [SessionRefusedError] * 3
        assert client.is_connected
    # Whom a controller has refused a session has none to end.
    assert [packet_types(near.written) for near in panels.near[1:4]] == [
        [PacketType.CLIENT_REQUEST_NEW_SESSION]
    ] * 3


async def test_one_that_echoes_another_session_is_not_trusted_and_tried_again() -> None:
    async with row(come_online, echo_another_session, come_online) as panels, panels.client() as client:
        told = await events_until(client, Reconnected, lambda: panels.hang_up(0))
        assert [type(event) for event in told] == [ConnectionLost, *[Reconnecting] * 2, Reconnected]
        last = told[-2]
        assert isinstance(last, Reconnecting)
        assert isinstance(last.error, HandshakeError)
        assert last.error.end is EndReason.SESSION_ID
    assert packet_types(panels.near[1].written)[-1] is PacketType.CLIENT_SESSION_TERMINATED


async def test_every_loss_is_told_once_to_iterators_and_callbacks_alike() -> None:
    scripts = [come_online] * 5
    heard: list[Told] = []
    async with row(*scripts) as panels:
        client = panels.client()
        early = client.events()
        async with client:
            await client.subscribe(heard.append)
            for number in range(4):
                await events_until(client, Reconnected, partial(panels.hang_up, number))
        told = [event async for event in early]
    assert [type(event) for event in told] == [ConnectionLost, Reconnecting, Reconnected] * 4
    assert heard == [*told, ConnectionLost(None)]


async def test_notifications_of_every_session_come_through() -> None:
    said = anyio.Event()

    async def tell(panel: ScriptedPanel) -> None:
        await come_online(panel)
        await said.wait()
        await panel.notify(WORD)

    async with row(tell, tell, tell) as panels, panels.client() as client:
        events = client.events()
        said.set()
        (word,) = parse_notification(WORD)
        told = [await anext(events)]
        for number in range(2):
            await panels.hang_up(number)
            told += [await anext(events) for _ in range(4)]
        assert told[::4] == [word] * 3
        assert [type(event) for event in told if event != word] == [
            ConnectionLost,
            Reconnecting,
            Reconnected,
        ] * 2


async def test_what_each_controller_is_tells_how_its_words_are_read() -> None:
    # Away, in area 1, by code 5: arming on an Omni, a mode on a Lumina.
    word = Message(OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS, bytes.fromhex("3105"))
    said = anyio.Event()

    def telling(controller: SystemInformation) -> Script:
        async def script(panel: ScriptedPanel) -> None:
            await panel.online()
            await panel.identify(controller)
            await panel.acknowledge()
            await panel.reply(await panel.request(), Nak().to_message())
            await said.wait()
            await panel.notify(word)

        return script

    async with row(telling(LUMINA), telling(OMNI)) as panels, panels.client() as client:
        events = client.events()
        said.set()
        assert isinstance(await anext(events), LuminaModeChange)
        await panels.hang_up(0)
        told = [await anext(events) for _ in range(4)]
        assert isinstance(told[-1], SecurityArming)


# Leaving it.


async def offer_nothing(panel: ScriptedPanel) -> None:
    await panel.ignore()


async def leave_notifications_unanswered(panel: ScriptedPanel) -> None:
    await panel.online()
    await panel.identify()
    await panel.request()


async def leave_the_sweep_unanswered(panel: ScriptedPanel) -> None:
    await panel.online()
    await panel.enable_notifications()
    await panel.request()


@pytest.mark.parametrize(
    ("script", "ends"),
    [
        (offer_nothing, None),
        (leave_notifications_unanswered, ControllerEndReason.CLIENT_TERMINATED),
        (leave_the_sweep_unanswered, ControllerEndReason.CLIENT_TERMINATED),
        (come_online, ControllerEndReason.CLIENT_TERMINATED),
    ],
)
@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
async def test_it_can_be_left_in_every_state_and_says_goodbye_once(
    script: Script, ends: ControllerEndReason | None, again: bool
) -> None:
    before = [come_online] if again else []
    async with row(*before, script) as panels:
        client = panels.client()
        with anyio.CancelScope() as scope:

            async def stay() -> None:
                async with client:
                    if again:
                        await panels.hang_up(0)
                    await anyio.sleep_forever()

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(stay)
                await panels.until(1 + again)
                await anyio.wait_all_tasks_blocked()
                scope.cancel()
        near = panels.near[-1]
        assert near.closed.is_set()
        said = packet_types(near.written)
        assert said.count(PacketType.CLIENT_SESSION_TERMINATED) == 1
        assert said[-1] is PacketType.CLIENT_SESSION_TERMINATED
        await panels.panels[-1].saw_eof.wait()
        assert panels.panels[-1].end is ends
        with pytest.raises(OmniConnectionError, match="was left: make a new one"):
            await client.get_system_status()


async def test_leaving_while_it_waits_opens_nothing_more() -> None:
    async with row(come_online, come_online) as panels:
        async with panels.client(NOT_SOON) as client:
            await events_until(client, Reconnecting, lambda: panels.hang_up(0))
        assert len(panels.near) == 1


async def test_an_error_in_the_body_comes_out_bare_and_the_session_is_ended() -> None:
    async with row(come_online) as panels:
        with pytest.raises(ZeroDivisionError):
            async with panels.client():
                raise ZeroDivisionError
        await panels.panels[0].saw_eof.wait()
        assert panels.panels[0].end is ControllerEndReason.CLIENT_TERMINATED


async def test_entering_and_leaving_cancelled_anywhere_leave_nothing_behind() -> None:
    async with serve_home() as home:

        async def attempt(step: int) -> anyio.CancelScope:
            async def opened() -> Transport:
                return home.stream()

            async def stay() -> None:
                async with ReconnectingClient.opening(opened, controller_key=KEY, policy=AT_ONCE) as client:
                    await client.get_system_status()

            scope = await cancelled_at(step, stay())
            await home.recorder.until(
                lambda seen: len(seen.ends) >= seen.starts and home.served.panel.session_count == 0
            )
            return scope

        await cancel_everywhere(attempt, at_least=2)
        assert set(home.recorder.ends) <= {ControllerEndReason.CLIENT_TERMINATED, ControllerEndReason.LOST}


async def test_the_keeper_cancelled_anywhere_ends_its_session_in_order() -> None:
    async with serve_home() as home:

        async def attempt(step: int) -> anyio.CancelScope:
            scopes: list[anyio.CancelScope] = []

            async def opened() -> Transport:
                return home.stream()

            client = ReconnectingClient.opening(opened, controller_key=KEY, policy=AT_ONCE)
            keep = client._keep

            async def kept(loop: ReconnectLoop) -> None:
                scopes.append(await cancelled_at(step, keep(loop)))

            client._keep = kept  # type: ignore[method-assign]
            events = client.events()
            async with client:
                with suppress(OmniConnectionError):
                    await client.get_object_status(ObjectType.UNIT, 1, 4)
                # Nobody is told but by a sweep.
                home.house.units[HALL].state ^= 1
                home.served.reboot()
                async for event in events:
                    if isinstance(event, MissedChange):
                        break
            assert not client.is_connected
            await home.recorder.until(lambda _: home.served.panel.session_count == 0)
            # Left by its owner before it came so far: nothing was cancelled here.
            return scopes[0] if scopes else anyio.CancelScope()

        await cancel_everywhere(attempt, at_least=15)
