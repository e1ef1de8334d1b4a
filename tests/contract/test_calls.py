"""Calls, one by one and several at a time, and calls that are given up, through every door."""

import anyio
import pytest

from omnilink_sansio import (
    ClientSettings,
    CommandFailedError,
    LocalProtocolError,
    OutcomeCause,
    OutcomeUnknownError,
    RequestTimeoutError,
)
from omnilink_sansio.commands import AcknowledgeAlerts
from omnilink_sansio.objects import ObjectType, SecurityMode, UnitStatus
from omnilink_sansio.simulator import Unit, demo_house
from omnilink_sansio.system import Nak, RequestSystemStatus
from tests.contract.doors import SEVERAL_AT_A_TIME, Door, Panel

pytestmark = pytest.mark.anyio

SOON = ClientSettings(request_timeout=0.2)
"""A call is given up after this time, which is really waited for."""


async def test_calls_that_read(door: Door) -> None:
    house = demo_house()
    async with door.home(house=house) as home, home.client() as client:
        information = await client.get_system_information()
        assert information.model == house.model
        assert await client.list_zone_names() == {
            index: zone.name for index, zone in house.zones.items() if zone.name
        }
        assert [status.index for status in await client.get_object_status(ObjectType.UNIT, 1, 4)] == [
            1,
            2,
            3,
            4,
        ]
        properties = await client.get_object_properties(ObjectType.AREA, 1)
        assert properties is not None
        assert properties.name == house.areas[1].name


async def test_calls_that_write(door: Door) -> None:
    async with door.home() as home, home.client() as client:
        await client.turn_unit_on(2)
        await client.set_unit_level(3, 40)
        assert await client.get_object_status(ObjectType.UNIT, 2, 3) == [
            UnitStatus(2, 1, 0),
            UnitStatus(3, 140, 0),
        ]
        await client.turn_unit_off(2)
        assert home.house.units[2].state == 0


async def test_an_operation_of_several_messages(door: Door) -> None:
    async with door.home() as home, home.client() as client:
        await client.arm(1, SecurityMode.NIGHT, "1234")
        assert home.house.areas[1].mode == SecurityMode.NIGHT


async def test_a_refusal_is_an_error_and_the_session_goes_on(door: Door) -> None:
    async with door.home() as home, home.client() as client:
        with pytest.raises(CommandFailedError):
            await client.execute_command(250)
        await client.turn_unit_on(1)


async def test_what_is_out_of_range_is_refused_before_it_is_sent(door: Door) -> None:
    async with door.home() as home, home.client() as client:
        with pytest.raises(LocalProtocolError, match="101"):
            await client.set_unit_level(1, 101)
        assert home.recorder.requests == []


@SEVERAL_AT_A_TIME
async def test_several_calls_at_a_time_each_get_their_own_reply(door: Door) -> None:
    levels: dict[int, int] = {}

    async with door.home() as home, home.client() as client:

        async def read(index: int) -> None:
            (status,) = await client.get_object_status(ObjectType.UNIT, index)
            assert isinstance(status, UnitStatus)
            assert status.index == index
            levels[index] = status.state

        for index in range(1, 9):
            home.house.units[index] = Unit(f"Unit {index}", state=100 + index)
        async with anyio.create_task_group() as tasks:
            for index in range(1, 9):
                tasks.start_soon(read, index)
    assert levels == {index: 100 + index for index in range(1, 9)}


@SEVERAL_AT_A_TIME
async def test_a_failing_call_leaves_those_beside_it_alone(door: Door) -> None:
    failed: list[CommandFailedError] = []

    async def fail() -> None:
        with pytest.raises(CommandFailedError) as caught:
            await client.execute_command(250)
        failed.append(caught.value)

    async with door.home() as home, home.client() as client, anyio.create_task_group() as tasks:
        for index in (1, 2, 3):
            tasks.start_soon(fail)
            tasks.start_soon(client.turn_unit_on, index)
    assert len(failed) == 3
    assert [home.house.units[index].state for index in (1, 2, 3)] == [1, 1, 1]


async def test_requests_that_are_submitted_together_are_answered_in_order(door: Door) -> None:
    """What one thread or task alone can have under way at a time."""

    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.acknowledge()
        await panel.reply(await panel.request(), Nak().to_message())
        await panel.acknowledge()

    async with door.play(script) as stage, stage.client() as client:
        replies = [client.connection.submit(AcknowledgeAlerts()) for _ in range(3)]
        await replies[2].content()
        assert [reply.is_settled for reply in replies] == [True] * 3
        assert [reply.has_failed for reply in replies] == [False, True, False]
        await replies[0].content()
        with pytest.raises(CommandFailedError):
            await replies[1].content()


# Calls without an answer.


async def leave_one_unanswered(panel: Panel) -> None:
    """Answer one request too late, when the next comes; answer everything then."""
    await panel.online()
    late = await panel.request()
    following = await panel.request()
    await panel.reply(late, Nak().to_message())
    await panel.reply(following, Nak().to_message())
    await panel.acknowledge_all()


async def test_a_read_that_times_out_leaves_the_session_usable(door: Door) -> None:
    async with door.play(leave_one_unanswered) as stage, stage.client(settings=SOON) as client:
        with pytest.raises(RequestTimeoutError, match=r"no reply within 0\.2 s") as caught:
            await client.get_system_status()
        assert caught.value.times_sent == 1
        assert isinstance(caught.value, TimeoutError)
        # The keepalive asked whether the controller is there, and got the answer that followed.
        await client.turn_unit_on(1)
        assert client.is_connected


async def test_a_write_that_times_out_is_of_unknown_outcome(door: Door) -> None:
    async with door.play(leave_one_unanswered) as stage, stage.client(settings=SOON) as client:
        with pytest.raises(OutcomeUnknownError, match="UNIT_ON") as caught:
            await client.turn_unit_on(1)
        assert caught.value.cause is OutcomeCause.TIMEOUT
        assert isinstance(caught.value.__cause__, RequestTimeoutError)
        await client.turn_unit_on(1)


# A blocking call cannot be cancelled; what interrupts it is in test_blocking.py.
@pytest.mark.parametrize("adapter", ["asyncio", "trio"], indirect=True)
async def test_a_call_that_is_cancelled_leaves_the_session_usable(door: Door) -> None:
    arrived = anyio.Event()

    async def script(panel: Panel) -> None:
        await panel.online()
        late = await panel.request()
        arrived.set()
        await panel.acknowledge()
        await panel.reply(late, Nak().to_message())
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client(settings=ClientSettings(max_in_flight=2)) as client:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.get_system_status)
            await arrived.wait()
            tasks.cancel_scope.cancel()
        await client.turn_unit_on(1)
        await client.turn_unit_on(2)


async def test_a_reply_that_nobody_waits_for_any_more_is_kept_apart(door: Door) -> None:
    """Submitted, left alone, answered while others wait: the reply is still there."""
    async with door.home() as home, home.client() as client:
        reply = client.connection.submit(RequestSystemStatus())
        await client.turn_unit_on(1)
        assert reply.is_settled
        assert await reply.content() == await client.get_system_status()
