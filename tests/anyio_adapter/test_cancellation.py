"""Cancellation at every await, of everything that a caller can wait for."""

import asyncio
from collections.abc import Awaitable, Callable

import anyio
import pytest

from omnilink_anyio import EventStream, OmniClient
from omnilink_sansio import ControllerEndReason, OmniConnectionError, PacketType
from omnilink_sansio.events import Notification
from omnilink_sansio.objects import ObjectStatus, ObjectType, RequestObjectStatus, UnitStatus
from tests.anyio_adapter.homes import KEY, Home, Link, serve_home
from tests.anyio_adapter.scripts import ScriptedPanel, play
from tests.anyio_adapter.streams import DrippingStream
from tests.anyio_adapter.suspensions import cancel_everywhere, cancelled_at

pytestmark = pytest.mark.anyio

HALL = 2
HALL_STATUS = [UnitStatus(HALL, 160, 0)]


async def works(client: OmniClient) -> None:
    assert await client.get_object_status(ObjectType.UNIT, HALL) == HALL_STATUS


async def a_new_client_works(home: Home) -> None:
    async with home.client() as client:
        await works(client)


@pytest.mark.parametrize(
    ("call", "at_least"),
    [
        (OmniClient.get_system_information, 1),
        (OmniClient.list_area_names, 3),
        (lambda client: client.get_extended_status(ObjectType.ZONE, 1, 176), 4),
        (lambda client: client.turn_unit_on(1), 1),
    ],
)
async def test_a_call_cancelled_anywhere_leaves_a_working_session(
    call: Callable[[OmniClient], Awaitable[object]], at_least: int, link: Link
) -> None:
    async with serve_home(link) as home, home.client() as client:

        async def attempt(step: int) -> anyio.CancelScope:
            async def work() -> None:
                await call(client)

            scope = await cancelled_at(step, work())
            await works(client)
            return scope

        await cancel_everywhere(attempt, at_least=at_least)
        assert home.recorder.ends == []


async def test_a_call_that_waits_in_the_queue_can_be_cancelled_anywhere() -> None:
    async with serve_home() as home, home.client() as client:

        async def attempt(step: int) -> anyio.CancelScope:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(client.get_system_status)
                tasks.start_soon(client.get_system_status)
                scope = await cancelled_at(step, works(client))
            await works(client)
            return scope

        await cancel_everywhere(attempt, at_least=1)


async def test_connecting_and_closing_cancelled_anywhere_leave_nothing_behind(link: Link) -> None:
    async with serve_home(link) as home:

        async def attempt(step: int) -> anyio.CancelScope:
            before = len(home.recorder.ends)
            client = home.client()
            was_online = False

            async def open_and_close() -> None:
                nonlocal was_online
                await client.connection.connect()
                was_online = True
                await client.connection.close()

            scope = await cancelled_at(step, open_and_close())
            assert not client.is_connected
            with pytest.raises(OmniConnectionError):
                await works(client)
            await client.connection.close()
            if was_online or link == "memory":
                await home.recorder.until(lambda recorder: len(recorder.ends) > before)
                assert home.recorder.ends[before:] == [ControllerEndReason.CLIENT_TERMINATED]
            await a_new_client_works(home)
            return scope

        await cancel_everywhere(attempt, at_least=2)
        # A connection that was given up before its first packet is merely lost.
        assert set(home.recorder.ends) <= {ControllerEndReason.CLIENT_TERMINATED, ControllerEndReason.LOST}


async def test_iteration_cancelled_anywhere_loses_no_event() -> None:
    async with serve_home() as home, home.client() as client:

        async def attempt(step: int) -> anyio.CancelScope:
            async with client.events() as events:
                got: list[object] = []

                async def take() -> None:
                    got.append(await anext(events))

                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(client.turn_unit_on, HALL)
                    scope = await cancelled_at(step, take())
                await works_on(client, home)
                if not got:
                    await take()
                assert got == [UnitStatus(HALL, 1, 0)]
            return scope

        await cancel_everywhere(attempt, at_least=2)


async def works_on(client: OmniClient, home: Home) -> None:
    status = home.house.status(ObjectType.UNIT, HALL)
    assert await client.get_object_status(ObjectType.UNIT, HALL) == [status]


async def test_enabling_notifications_cancelled_anywhere_can_be_waited_for_again() -> None:
    async with serve_home() as home:

        async def attempt(step: int) -> anyio.CancelScope:
            async with home.client() as client:

                async def enable() -> None:
                    async with client.events():
                        pass

                scope = await cancelled_at(step, enable())
                async with client.events() as events:
                    await client.turn_unit_on(1)
                    assert await anext(events) == UnitStatus(1, 1, 0)
            return scope

        await cancel_everywhere(attempt, at_least=1)


async def a_whole_session(client: OmniClient) -> None:
    async with client:
        await client.get_system_information()
        async with client.events() as events:
            await client.turn_unit_on(1)
            assert await anext(events) == UnitStatus(1, 1, 0)
        await client.list_area_names()


@pytest.mark.parametrize("dripping", [False, True], ids=["whole packets", "byte by byte"])
async def test_a_session_cancelled_anywhere_ends_between_packets_and_with_packet_5(dripping: bool) -> None:
    async with serve_home() as home:

        async def attempt(step: int) -> anyio.CancelScope:
            before = len(home.recorder.ends)
            stream = home.stream()
            client = OmniClient.over(DrippingStream(stream) if dripping else stream, controller_key=KEY)
            scope = await cancelled_at(step, a_whole_session(client))
            # Half a packet, or none at the end, would make it LOST or FAULT.
            await home.recorder.until(lambda recorder: len(recorder.ends) > before)
            assert home.recorder.ends[before:] == [ControllerEndReason.CLIENT_TERMINATED]
            return scope

        # Connecting, reading, enabling, switching, the event, three names and closing.
        await cancel_everywhere(attempt, at_least=9)
        await a_new_client_works(home)


async def test_a_task_cancelled_inside_the_context_says_goodbye_over_tcp() -> None:
    async with serve_home("tcp") as home:
        online = anyio.Event()

        async def use() -> None:
            async with home.client():
                online.set()
                await anyio.sleep_forever()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(use)
            await online.wait()
            tasks.cancel_scope.cancel()
        assert await home.recorder.first_end() is ControllerEndReason.CLIENT_TERMINATED


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_task_cancelled_in_asyncios_own_way_says_goodbye() -> None:
    async with serve_home("tcp") as home:
        online = anyio.Event()

        async def use() -> None:
            async with home.client() as client:
                online.set()
                async for _ in client.events():
                    pass

        task = asyncio.create_task(use())
        await online.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert home.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_call_given_up_by_asyncios_own_time_out_leaves_a_working_session() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        first = await panel.request()
        given_up.set()
        second = ObjectStatus(ObjectType.UNIT, (UnitStatus(HALL, 160, 0),)).to_message()
        await panel.reply(first, second)
        await panel.reply(await panel.request(), second)

    given_up = asyncio.Event()
    async with play(script) as stage, stage.client() as client:
        call = asyncio.ensure_future(client.get_system_information())
        await given_up.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await works(client)


async def test_a_late_reply_reaches_nobody_else() -> None:
    sent = anyio.Event()
    gave_up = anyio.Event()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        first = await panel.request()
        sent.set()
        await gave_up.wait()
        await panel.reply(first, ObjectStatus(ObjectType.UNIT, (UnitStatus(1, 1, 0),)).to_message())
        second = await panel.request()
        assert second.message == RequestObjectStatus(ObjectType.UNIT, 2, 2).to_message()
        await panel.reply(second, ObjectStatus(ObjectType.UNIT, (UnitStatus(2, 0, 0),)).to_message())

    found: list[object] = []

    async def ask(client: OmniClient, index: int) -> None:
        # The bare request: the operation would notice an answer about another unit, this does not.
        found.append(await client.request(RequestObjectStatus(ObjectType.UNIT, index, index)))

    async with play(script) as stage, stage.client() as client, anyio.create_task_group() as tasks:
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as given_up:
                given_up.start_soon(ask, client, 1)
                await sent.wait()
                scope.cancel()
        assert found == []
        tasks.start_soon(ask, client, 2)
        await anyio.wait_all_tasks_blocked()
        gave_up.set()
    assert found == [ObjectStatus(ObjectType.UNIT, (UnitStatus(2, 0, 0),))]


async def test_a_queued_call_that_is_cancelled_is_never_sent() -> None:
    first_came = anyio.Event()
    go_on = anyio.Event()
    seen: list[int] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        for _ in range(2):
            request = await panel.request()
            seen.append(int.from_bytes(request.message.data[2:4]))
            first_came.set()
            await go_on.wait()
            panel._requests.insert(0, request)
            await panel.acknowledge()

    async with play(script) as stage, stage.client() as client, anyio.create_task_group() as tasks:
        tasks.start_soon(client.turn_unit_on, 1)
        await first_came.wait()
        async with anyio.create_task_group() as given_up:
            given_up.start_soon(client.turn_unit_on, 2)
            await anyio.wait_all_tasks_blocked()
            given_up.cancel_scope.cancel()
        go_on.set()
        await client.turn_unit_on(3)
    assert seen == [1, 3]


async def test_cancelling_one_of_two_iterations_leaves_the_other() -> None:
    async def watch(stream: EventStream[Notification]) -> None:
        async for _ in stream:
            pass

    async with (
        serve_home() as home,
        home.client() as client,
        client.events() as kept,
        client.events() as dropped,
    ):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch, dropped)
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        await client.turn_unit_on(1)
        assert await anext(kept) == UnitStatus(1, 1, 0)


async def test_a_client_that_is_cancelled_before_it_has_a_session_takes_its_word_back() -> None:
    async def script(panel: ScriptedPanel) -> None:
        # Packet 1 comes, nothing is answered.
        await panel.ignore()

    async with play(script) as stage:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(stage.client().connection.connect)
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        assert stage.near.closed.is_set()
        assert stage.written == [
            PacketType.CLIENT_REQUEST_NEW_SESSION,
            PacketType.CLIENT_SESSION_TERMINATED,
        ]
