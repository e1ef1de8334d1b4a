"""What comes unasked: by iterator and by callback, in order, through every door."""

from collections.abc import Hashable
from functools import partial
from typing import Any

import pytest

from omnilink_sansio import (
    CommandFailedError,
    LocalProtocolError,
    Message,
    OmniConnectionError,
    parse_events,
)
from omnilink_sansio.client import EVENT_QUEUE_LIMIT, ConnectionLost, EventsLost
from omnilink_sansio.events import AcPowerOff, LuminaModeChange
from omnilink_sansio.objects import ObjectStatus, ObjectType, UnitStatus
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.simulator import EmulatedPanel
from omnilink_sansio.system import Ack, ControllerFamily, EnableNotifications, Nak
from tests.anyio_adapter.scripts import LUMINA
from tests.contract.doors import Door, Panel

pytestmark = pytest.mark.anyio

UNIT = ObjectStatus(ObjectType.UNIT, (UnitStatus(1, 1, 0), UnitStatus(2, 150, 0))).to_message()
WORD = Message(OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS, bytes.fromhex("0304"))
TOLD = [UnitStatus(1, 1, 0), UnitStatus(2, 150, 0), AcPowerOff()]


async def tell(panel: Panel) -> None:
    """Acknowledge two requests, the first for notifications; send some before the second is answered."""
    await panel.online()
    enabling = await panel.enable_notifications()
    assert enabling.message == EnableNotifications(enabled=1).to_message()
    request = await panel.request()
    await panel.notify(UNIT)
    await panel.notify(WORD)
    await panel.reply(request, Ack().to_message())
    await panel.acknowledge_all()


async def test_events_of_a_house(door: Door) -> None:
    async with door.home() as home, home.client() as client, client.events() as events:
        await client.turn_unit_on(1)
        assert await anext(events) == UnitStatus(1, 1, 0)
        await client.set_unit_level(4, 30)
        await client.turn_unit_off(1)
        assert await anext(events) == UnitStatus(4, 130, 0)
        assert await anext(events) == UnitStatus(1, 0, 0)


def push(index: int, panel: EmulatedPanel[Hashable], now: float) -> None:
    """Tell that a unit changed."""
    panel.push([(ObjectType.UNIT, index)], now)


async def test_events_that_nobody_asked_for_by_a_call(door: Door) -> None:
    """The client waits for nothing else when they come."""
    async with door.home() as home, home.client() as client, client.events() as events:
        for index in (1, 4):
            home.house.units[index].state = 150
            home.served.act(partial(push, index))
            assert await anext(events) == UnitStatus(index, 150, 0)


async def test_events_are_typed_and_in_order(door: Door) -> None:
    async with door.play(tell) as stage, stage.client() as client, client.events() as events:
        await client.turn_unit_on(9)
        assert [await anext(events) for _ in TOLD] == TOLD


async def test_words_are_read_as_a_luminas_where_there_is_one(door: Door) -> None:
    # Away, in area 1, by code 5: arming on an Omni, a mode on a Lumina.
    word = Message(OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS, bytes.fromhex("3105"))

    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.identify(LUMINA)
        await panel.notify(word)
        await panel.acknowledge()
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client, client.events() as events:
        (expected,) = parse_events(word.data, ControllerFamily.LUMINA)
        assert isinstance(expected, LuminaModeChange)
        assert await anext(events) == expected


async def test_every_iterator_has_a_queue_of_its_own(door: Door) -> None:
    async with (
        door.play(tell) as stage,
        stage.client() as client,
        client.events() as one,
        client.events() as other,
    ):
        raw = client.connection.unsolicited()
        await client.turn_unit_on(9)
        assert [await anext(one) for _ in TOLD] == TOLD
        assert [await anext(raw), await anext(raw)] == [UNIT, WORD]
        assert [await anext(other) for _ in TOLD] == TOLD


async def test_a_callback_is_told_the_same(door: Door) -> None:
    mailbox = door.mailbox()
    async with door.play(tell) as stage, stage.client() as client:
        await client.subscribe(mailbox.put)
        await client.turn_unit_on(9)
        assert [await mailbox.get() for _ in TOLD] == TOLD
    assert await mailbox.get() == ConnectionLost(None)


async def test_a_callback_that_has_left_is_told_no_more(door: Door) -> None:
    mailbox = door.mailbox()
    left: list[object] = []
    async with door.play(tell) as stage, stage.client() as client:
        unsubscribe = await client.subscribe(left.append)
        await client.subscribe(mailbox.put)
        unsubscribe()
        await client.turn_unit_on(9)
        assert [await mailbox.get() for _ in TOLD] == TOLD
    assert await mailbox.get() == ConnectionLost(None)
    assert left == []


@pytest.mark.parametrize("of_one_object", [False, True], ids=["of all", "of one object"])
async def test_a_callback_that_fails_is_logged_and_stays(
    of_one_object: bool, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox = door.mailbox()
    expected = [TOLD[1]] if of_one_object else TOLD

    def fail(event: object) -> None:
        mailbox.put(event)
        raise ValueError("mine")

    async with door.play(tell) as stage, stage.client() as client:
        if of_one_object:
            await client.subscribe_object(ObjectType.UNIT, 2, fail)
        else:
            await client.subscribe(fail)
        await client.turn_unit_on(9)
        assert [await mailbox.get() for _ in expected] == expected
        await client.turn_unit_on(9)
    assert await mailbox.get() == ConnectionLost(None)
    logged = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    failed_on = [*expected, ConnectionLost(None)]
    assert logged == [f"a subscriber failed on {type(event).__name__}" for event in failed_on]


async def test_a_callback_for_one_object_is_told_of_that_only(door: Door) -> None:
    one, other, zone = door.mailbox(), door.mailbox(), door.mailbox()
    left: list[object] = []
    async with door.play(tell) as stage, stage.client() as client:
        await client.subscribe_object(ObjectType.UNIT, 1, one.put)
        unsubscribe = await client.subscribe_object(ObjectType.UNIT, 2, left.append)
        await client.subscribe_object(ObjectType.UNIT, 2, other.put)
        await client.subscribe_object(ObjectType.ZONE, 1, zone.put)
        unsubscribe()
        await client.turn_unit_on(9)
        assert await one.get() == TOLD[0]
        assert await other.get() == TOLD[1]
    for mailbox in (one, other, zone):
        assert await mailbox.get() == ConnectionLost(None)
    assert left == []


async def test_what_is_no_object_to_subscribe_to_is_refused(door: Door) -> None:
    async def coroutine(event: object) -> None:
        del event

    callback: Any = coroutine
    async with door.home() as home, home.client() as client:
        with pytest.raises(LocalProtocolError, match="a callback is a plain function"):
            await client.subscribe_object(ObjectType.UNIT, 1, callback)
        with pytest.raises(LocalProtocolError, match="BUTTON have no status"):
            await client.subscribe_object(ObjectType.BUTTON, 1, print)
        with pytest.raises(LocalProtocolError, match="1 to 511"):
            await client.subscribe_object(ObjectType.UNIT, 512, print)
        await client.turn_unit_on(1)


async def test_a_callback_for_one_object_where_notifications_cannot_be_enabled(door: Door) -> None:
    told: list[object] = []

    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.identify()
        await panel.reply(await panel.request(), Nak().to_message())
        await panel.acknowledge()
        request = await panel.request()
        await panel.notify(UNIT)
        await panel.reply(request, Ack().to_message())
        await panel.acknowledge_all()

    mailbox = door.mailbox()
    async with door.play(script) as stage, stage.client() as client:
        with pytest.raises(CommandFailedError):
            await client.subscribe_object(ObjectType.UNIT, 1, told.append)
        await client.subscribe_object(ObjectType.UNIT, 1, mailbox.put)
        await client.turn_unit_on(9)
        assert await mailbox.get() == TOLD[0]
    assert told == []


async def test_a_coroutine_function_is_no_callback(door: Door) -> None:
    async def coroutine(event: object) -> None:
        del event

    callback: Any = coroutine

    async with door.home() as home, home.client() as client:
        with pytest.raises(LocalProtocolError, match="a callback is a plain function"):
            await client.subscribe(callback)


async def test_a_consumer_that_is_behind_is_told_how_much_it_missed(door: Door) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        request = await panel.request()
        for number in range(EVENT_QUEUE_LIMIT + 5):
            status = ObjectStatus(ObjectType.UNIT, (UnitStatus(1 + number % 500, number % 200, 0),))
            await panel.notify(status.to_message())
            if number % 32 == 31:
                # No faster than a client takes them: what a full buffer loses is not what is tested.
                await panel.reply(request, Ack().to_message())
                request = await panel.request()
        await panel.reply(request, Ack().to_message())
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        raw = client.connection.unsolicited()
        for _ in range((EVENT_QUEUE_LIMIT + 5) // 32 + 1):
            await client.turn_unit_on(1)
        assert await anext(raw) == EventsLost(5)
        first = await anext(raw)
        assert isinstance(first, Message)
        assert first == ObjectStatus(ObjectType.UNIT, (UnitStatus(6, 5, 0),)).to_message()
        raw.close()
        rest = [message async for message in raw]
        assert len(rest) == EVENT_QUEUE_LIMIT - 1


async def test_an_iterator_that_is_closed_ends_after_what_is_queued(door: Door) -> None:
    async with door.play(tell) as stage, stage.client() as client:
        events = client.events()
        await client.turn_unit_on(9)
        events.close()
        assert [event async for event in events] == TOLD
        await client.turn_unit_on(9)


async def test_notifications_that_cannot_be_enabled(door: Door) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.identify()
        for _ in range(3):
            await panel.reply(await panel.request(), Nak().to_message())
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        events = client.events()
        for _ in range(2):
            with pytest.raises(CommandFailedError):
                await anext(events)
        with pytest.raises(CommandFailedError):
            await client.subscribe(lambda _: None)
        # A failure is not kept: the controller is asked anew.
        with pytest.raises(CommandFailedError):
            async with client.events():
                pytest.fail("notifications are not enabled")
        await client.subscribe(lambda _: None)


async def test_what_is_queued_comes_before_the_end(door: Door) -> None:
    """In order, though the session was over long before the first was fetched."""

    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.enable_notifications()
        request = await panel.request()
        await panel.notify(UNIT)
        await panel.notify(WORD)
        await panel.reply(request, Ack().to_message())
        await panel.request()
        await panel.terminate()

    async with door.play(script) as stage, stage.client() as client, client.events() as events:
        await client.turn_unit_on(9)
        with pytest.raises(OmniConnectionError):
            await client.get_system_status()
        assert [await anext(events) for _ in TOLD] == TOLD
        for _ in range(2):
            with pytest.raises(OmniConnectionError):
                await anext(events)
