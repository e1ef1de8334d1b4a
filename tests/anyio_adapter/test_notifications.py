"""What comes unasked: typed, in order, to iterators and callbacks, whatever they do."""

import logging
from collections.abc import Callable

import anyio
import pytest

from omnilink_anyio import EventStream, Reply
from omnilink_sansio import CommandFailedError, LocalProtocolError, Message, OmniConnectionError
from omnilink_sansio.client import ConnectionLost, EventsLost, Pushed
from omnilink_sansio.events import (
    AcPowerOff,
    BatteryLow,
    LuminaModeChange,
    Notification,
    SecurityArming,
    UnknownEvent,
    UnknownNotification,
    UserMacroButton,
)
from omnilink_sansio.objects import (
    AudioSourceStatus,
    ExtendedObjectStatus,
    LuminaMode,
    ObjectStatus,
    ObjectType,
    SecurityMode,
    UnitStatus,
    ZoneStatus,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.system import (
    Ack,
    EnableNotifications,
    Nak,
    RequestSystemFormats,
    SystemFormats,
    SystemInformation,
)
from tests.anyio_adapter.homes import Link, serve_home
from tests.anyio_adapter.scripts import LUMINA, OMNI, ScriptedPanel, play

pytestmark = pytest.mark.anyio

UNIT = ObjectStatus(ObjectType.UNIT, (UnitStatus(1, 1, 0), UnitStatus(2, 150, 0))).to_message()
ZONE = ExtendedObjectStatus(ObjectType.ZONE, 4, (ZoneStatus(5, 1, 0x80),)).to_message()
# AC power off, battery low, and a word that nobody knows.
WORDS = Message(OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS, bytes.fromhex("0304 0306 0320"))
SOURCE = AudioSourceStatus(1, 7, 1, 0, b"98.5 FM\0").to_message()
CODE_RECORD = Message(OmniLink2MessageType.OBJECT_STATUS, b"\x04\0\1")
HALF = Message(OmniLink2MessageType.OBJECT_STATUS, b"\x02\0\1\1")
PUSHED = (UNIT, ZONE, WORDS, SOURCE, CODE_RECORD, HALF)


def check_told(told: list[object]) -> None:
    assert told[:7] == [
        UnitStatus(1, 1, 0),
        UnitStatus(2, 150, 0),
        ZoneStatus(5, 1, 0x80),
        AcPowerOff(),
        BatteryLow(),
        UnknownEvent(0x0320),
        AudioSourceStatus(1, 7, 1, 0, b"98.5 FM\0"),
    ]
    unknown = told[7:]
    assert [item.message for item in unknown if isinstance(item, UnknownNotification)] == [CODE_RECORD, HALF]
    assert len(unknown) == 2


async def push_everything(panel: ScriptedPanel) -> None:
    await panel.online()
    await panel.enable_notifications()
    for message in PUSHED:
        await panel.notify(message)
    await panel.terminate()


async def push_before_acknowledging(panel: ScriptedPanel, *messages: Message) -> None:
    request = await panel.request()
    for message in messages:
        await panel.notify(message)
    await panel.reply(request, Ack().to_message())


async def test_an_iterator_gives_typed_events_in_order() -> None:
    told: list[object] = []

    async def collect(events: EventStream[Notification]) -> None:
        async for event in events:
            told.append(event)  # noqa: PERF401 - what came before the error counts

    async with play(push_everything) as stage, stage.client() as client:
        with pytest.raises(OmniConnectionError):
            await collect(client.events())
    check_told(told)


async def test_a_callback_is_told_the_same_and_of_the_end() -> None:
    told: list[object] = []
    async with play(push_everything) as stage, stage.client() as client:
        over = anyio.Event()

        def callback(event: Notification | EventsLost | ConnectionLost) -> None:
            told.append(event)
            if isinstance(event, ConnectionLost):
                over.set()

        await client.subscribe(callback)
        await over.wait()
    check_told(told[:-1])
    assert isinstance(told[-1], ConnectionLost)
    assert isinstance(told[-1].error, OmniConnectionError)


async def test_a_session_that_is_closed_in_order_ends_without_an_error(link: Link) -> None:
    told: list[object] = []
    async with serve_home(link) as home, home.client() as client:
        await client.subscribe(told.append)
        await client.turn_unit_on(1)
        await client.get_system_formats()
    assert told == [UnitStatus(1, 1, 0), ConnectionLost(None)]


async def test_words_are_read_as_those_of_the_controller_that_there_is() -> None:
    # Away, in area 1, by code 5: arming on an Omni, a mode on a Lumina.
    word = Message(OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS, bytes.fromhex("3105"))

    async def told_by(controller: SystemInformation) -> Notification | EventsLost:
        async def script(panel: ScriptedPanel) -> None:
            await panel.online()
            await panel.identify(controller)
            await panel.notify(word)
            await panel.acknowledge()

        async with play(script) as stage, stage.client() as client:
            return await anext(client.events())

    armed, changed = await told_by(OMNI), await told_by(LUMINA)
    assert isinstance(armed, SecurityArming)
    assert armed.mode is SecurityMode.AWAY
    assert isinstance(changed, LuminaModeChange)
    assert changed.mode is LuminaMode.AWAY


async def test_what_the_controller_is_may_be_known_from_a_call() -> None:
    word = Message(OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS, bytes.fromhex("3105"))

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.identify(LUMINA)
        # It is not asked again.
        assert (await panel.acknowledge()).message == EnableNotifications(1).to_message()
        await panel.notify(word)

    async with play(script) as stage, stage.client() as client:
        assert await client.get_system_information() == LUMINA
        assert isinstance(await anext(client.events()), LuminaModeChange)


async def test_one_that_does_not_say_what_it_is_tells_events_all_the_same() -> None:
    word = Message(OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS, bytes.fromhex("3105"))

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.reply(await panel.request(), Nak().to_message())
        await panel.acknowledge()
        await panel.notify(word)

    async with play(script) as stage, stage.client() as client:
        assert isinstance(await anext(client.events()), SecurityArming)


async def test_a_consumer_that_comes_back_hears_what_comes_from_then_on(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        async with client.events() as first:
            await client.turn_unit_on(1)
            assert await anext(first) == UnitStatus(1, 1, 0)
        await client.turn_unit_off(1)
        await client.get_system_formats()
        async with client.events() as second:
            await client.execute_button(2)
            assert await anext(second) == UserMacroButton(2)
        enabling = EnableNotifications(1).to_message()
        assert home.recorder.requests.count(enabling) == 1


async def test_several_callbacks_are_called_in_the_order_of_their_subscription(link: Link) -> None:
    told: list[tuple[str, object]] = []
    async with serve_home(link) as home, home.client() as client:
        for name in ("first", "second"):
            await client.subscribe(lambda event, name=name: told.append((name, event)))  # type: ignore[misc]
        await client.turn_unit_on(1)
        await client.get_system_formats()
        assert told == [("first", UnitStatus(1, 1, 0)), ("second", UnitStatus(1, 1, 0))]


async def test_an_ended_subscription_is_called_no_more_and_may_be_ended_again(link: Link) -> None:
    told: list[object] = []
    async with serve_home(link) as home, home.client() as client:
        unsubscribe = await client.subscribe(told.append)
        unsubscribe()
        unsubscribe()
        await client.turn_unit_on(1)
        await client.get_system_formats()
    assert told == []


async def test_a_callback_may_end_its_subscription_in_the_middle_of_a_message() -> None:
    told: list[object] = []
    ends: list[Callable[[], None]] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.enable_notifications()
        await push_before_acknowledging(panel, UNIT)

    def once(event: Notification | EventsLost | ConnectionLost) -> None:
        told.append(event)
        ends[0]()

    async with play(script) as stage, stage.client() as client:
        ends.append(await client.subscribe(once))
        await client.turn_unit_on(1)
    assert told == [UnitStatus(1, 1, 0)]


async def test_a_callback_that_fails_is_logged_and_stays(caplog: pytest.LogCaptureFixture) -> None:
    told: list[object] = []

    def failing(event: Notification | EventsLost | ConnectionLost) -> None:
        told.append(event)
        raise ValueError("not today")

    async with serve_home() as home, home.client() as client:
        await client.subscribe(failing)
        with caplog.at_level(logging.ERROR, "omnilink.anyio"):
            await client.turn_unit_on(1)
            await client.turn_unit_off(1)
            await client.get_system_formats()
        assert told == [UnitStatus(1, 1, 0), UnitStatus(1, 0, 0)]
        assert [record.name for record in caplog.records] == ["omnilink.anyio"] * 2
        assert "not today" in caplog.text


async def test_a_callback_that_sends_neither_loses_nor_reorders_events() -> None:
    order: list[tuple[str, object]] = []
    replies: list[Reply[SystemFormats]] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.enable_notifications()
        await push_before_acknowledging(panel, UNIT, ZONE)
        for _ in range(3):
            request = await panel.request()
            await panel.reply(request, SystemFormats(1, 2, 1).to_message())

    async with play(script) as stage, stage.client() as client:

        def sending(event: Notification | EventsLost | ConnectionLost) -> None:
            order.append(("sending", event))
            if not isinstance(event, ConnectionLost):
                replies.append(client.connection.submit(RequestSystemFormats()))

        stream = client.events()
        await client.subscribe(sending)
        await client.subscribe(lambda event: order.append(("second", event)))
        await client.turn_unit_on(1)
        told = [await anext(stream) for _ in range(3)]
        for reply in replies:
            assert await reply.content() == SystemFormats(1, 2, 1)
    expected = [UnitStatus(1, 1, 0), UnitStatus(2, 150, 0), ZoneStatus(5, 1, 0x80)]
    assert told == expected
    assert [event for name, event in order if name == "second"][:3] == expected
    # A message is told whole to one before the next hears of it.
    assert [name for name, _ in order[:6]] == ["sending", "sending", "second", "second", "sending", "second"]


async def test_a_refusal_to_notify_is_raised_and_leaves_no_subscriber() -> None:
    told: list[object] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.identify()
        await panel.reply(await panel.request(), Nak().to_message())
        await push_before_acknowledging(panel, UNIT)
        await panel.acknowledge()
        await push_before_acknowledging(panel, ZONE)

    async with play(script) as stage, stage.client() as client:
        with pytest.raises(CommandFailedError):
            await client.subscribe(told.append)
        await client.turn_unit_on(1)
        assert told == []
        # The next one asks anew.
        unsubscribe = await client.subscribe(told.append)
        await client.turn_unit_on(1)
        unsubscribe()
    assert told == [ZoneStatus(5, 1, 0x80)]


async def test_a_subscription_that_is_cancelled_leaves_no_subscriber() -> None:
    told: list[object] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.identify()
        asked = await panel.request()
        await panel.notify(ZONE)
        await panel.reply(asked, Ack().to_message())
        await push_before_acknowledging(panel, UNIT)

    async with play(script) as stage, stage.client() as client:

        def callback(event: Notification | EventsLost | ConnectionLost) -> None:
            told.append(event)
            scope.cancel()

        with anyio.CancelScope() as scope:
            await client.subscribe(callback)
        assert scope.cancelled_caught
        await client.turn_unit_on(1)
    assert told == [ZoneStatus(5, 1, 0x80)]


async def test_a_coroutine_function_is_refused(link: Link) -> None:
    async def callback(event: object) -> None:
        raise AssertionError(event)

    async with serve_home(link) as home, home.client() as client:
        with pytest.raises(LocalProtocolError, match="plain function"):
            await client.subscribe(callback)  # type: ignore[arg-type]
        assert home.recorder.requests == []


async def test_after_the_end_nobody_can_subscribe(link: Link) -> None:
    async with serve_home(link) as home:
        async with home.client() as client:
            pass
        with pytest.raises(OmniConnectionError):
            await client.subscribe(print)


async def test_an_object_that_would_have_to_be_awaited_is_refused() -> None:
    class Callback:
        async def __call__(self, event: object) -> None:
            raise AssertionError(event)

    async with serve_home() as home, home.client() as client:
        with pytest.raises(LocalProtocolError, match="plain function"):
            await client.subscribe(Callback())  # type: ignore[arg-type]


async def test_a_translation_that_fails_is_logged_and_the_session_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[object] = []

    def failing(pushed: Pushed) -> list[str]:
        raise ValueError(f"cannot read type {pushed.message.type}")

    async with serve_home() as home, home.client() as client:
        await client.subscribe(told.append)
        client.connection.subscribe(print, failing)
        stream = client.connection.listen(failing)
        with caplog.at_level(logging.ERROR, "omnilink.anyio"):
            await client.turn_unit_on(1)
            await client.get_system_formats()
        stream.close()
        assert [event async for event in stream] == []
        assert told == [UnitStatus(1, 1, 0)]
        assert [record.name for record in caplog.records] == ["omnilink.anyio"] * 2
