"""Subscribers and iterators beside each other: what one does is nothing to the others; the end is told once."""

import logging
from collections.abc import Callable

import anyio
import pytest

from omnilink_anyio import OmniClient, Reply
from omnilink_sansio import (
    ClientSettings,
    CommandFailedError,
    Message,
    OmniConnectionError,
    Packet,
    PacketType,
    derive_session_key,
    encrypt_message_payload,
)
from omnilink_sansio.client import ConnectionLost, EventsLost
from omnilink_sansio.events import (
    AcPowerOff,
    LuminaModeChange,
    Notification,
    UnknownNotification,
)
from omnilink_sansio.objects import LuminaMode, ObjectStatus, ObjectType, UnitStatus
from omnilink_sansio.system import (
    Ack,
    ControllerFamily,
    EnableNotifications,
    Nak,
    RequestSystemFormats,
    RequestSystemInformation,
    SystemFormats,
)
from tests.anyio_adapter.homes import KEY, Link, serve_home
from tests.anyio_adapter.scripts import SESSION_ID, Script, ScriptedPanel, play
from tests.anyio_adapter.suspensions import cancel_everywhere, cancelled_at

pytestmark = pytest.mark.anyio

ASKING = RequestSystemInformation().to_message()
ENABLING = EnableNotifications(1).to_message()


def state(unit: int) -> UnitStatus:
    return UnitStatus(unit, 1, 0)


def status(*units: int) -> Message:
    return ObjectStatus(ObjectType.UNIT, tuple(state(unit) for unit in units)).to_message()


async def push(panel: ScriptedPanel, *messages: Message) -> None:
    """Push messages before the next request's answer: whoever made it knows then that all were told."""
    request = await panel.request()
    for message in messages:
        await panel.notify(message)
    await panel.reply(request, Ack().to_message())


def pushing(*pushes: tuple[Message, ...]) -> Script:
    """Return a panel that acknowledges everything, and the nth request after enabling with the nth messages."""

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.enable_notifications()
        for messages in pushes:
            await push(panel, *messages)

    return script


async def something_happens(client: OmniClient) -> None:
    await client.turn_unit_on(1)


# What is told.


@pytest.mark.parametrize(
    "wire",
    [
        "01",  # an acknowledgement of nothing
        "17",  # a reply that nobody asked for, and empty
        "ee 01 02",  # a type that nobody knows
        "23",  # no object type
        "23 02",  # no record
        "23 02 0001 01",  # half a record
        "23 63 0001 01",  # an object type that nobody knows
        "23 03 0001",  # buttons have no status
        "3b 01 04",  # no record
        "3b 01 04 0001 00",  # half a record
        "3b 01 00 0001 00 7f",  # records of no length
        "3b 63 04 0001 00 7f",  # an object type that nobody knows
        "37",  # no event
        "37 0304 03",  # half an event
        "31 0001",  # half of an audio source's field
    ],
)
async def test_what_is_not_understood_is_told_whole_and_in_its_place(wire: str) -> None:
    raw = bytes.fromhex(wire)
    odd = Message(raw[0], raw[1:])
    told: list[Notification | EventsLost | ConnectionLost] = []
    async with play(pushing((status(1), odd, status(2)))) as stage, stage.client() as client:
        unsubscribe = await client.subscribe(told.append)
        stream = client.events()
        await something_happens(client)
        unsubscribe()
        assert [await anext(stream) for _ in range(3)] == told
    first, unknown, last = told
    assert (first, last) == (state(1), state(2))
    assert isinstance(unknown, UnknownNotification)
    assert unknown.message == odd
    assert unknown.why


async def test_the_settings_may_say_that_the_controller_is_a_lumina() -> None:
    # Away, by code 5, in the one area that a Lumina has.
    word = Message(0x37, bytes.fromhex("3105"))
    told: list[Notification | EventsLost | ConnectionLost] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        # Nobody asks what it is.
        assert (await panel.acknowledge()).message == ENABLING
        await push(panel, word)

    settings = ClientSettings(family=ControllerFamily.LUMINA)
    async with play(script) as stage, stage.client(settings=settings) as client:
        await client.subscribe(told.append)
        await something_happens(client)
        (change,) = told
        assert isinstance(change, LuminaModeChange)
        assert change.mode is LuminaMode.AWAY


async def test_what_comes_before_the_acknowledgement_is_told_too() -> None:
    told: list[object] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.identify()
        await push(panel, status(1, 2), Message(0x37, bytes.fromhex("0304")))

    async with play(script) as stage, stage.client() as client:
        await client.subscribe(told.append)
        assert told == [state(1), state(2), AcPowerOff()]


# One and the others.


async def test_notifications_are_enabled_once_a_session_whoever_listens_and_comes_back() -> None:
    async with serve_home() as home:
        for _ in range(2):
            before = len(home.recorder.requests)
            async with home.client() as client:
                for _ in range(3):
                    unsubscribe = await client.subscribe(lambda _: None)
                    async with client.events() as stream:
                        await client.turn_unit_on(1)
                        assert await anext(stream) == state(1)
                        await client.turn_unit_off(1)
                    unsubscribe()
                assert home.recorder.requests[before:].count(ENABLING) == 1


async def test_all_that_come_at_once_share_one_enabling_and_its_refusal() -> None:
    refused: list[str] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.identify()
        request = await panel.request()
        assert request.message == ENABLING
        await anyio.wait_all_tasks_blocked()
        await panel.reply(request, Nak().to_message())
        request = await panel.request()
        assert request.message != ENABLING
        await panel.notify(status(1))
        await panel.reply(request, Ack().to_message())

    async def subscribe(client: OmniClient, name: str) -> None:
        with pytest.raises(CommandFailedError):
            await client.subscribe(lambda _: refused.append(f"{name} was told"))
        refused.append(name)

    async with play(script) as stage, stage.client() as client:
        async with anyio.create_task_group() as tasks:
            for name in ("first", "second"):
                tasks.start_soon(subscribe, client, name)
        await something_happens(client)
    assert sorted(refused) == ["first", "second"]


async def test_a_callback_that_raises_takes_nothing_from_the_others(caplog: pytest.LogCaptureFixture) -> None:
    told: list[object] = []

    def failing(event: Notification | EventsLost | ConnectionLost) -> None:
        raise LookupError(type(event).__name__)

    async with play(pushing((status(1, 2),))) as stage:
        async with stage.client() as client:
            await client.subscribe(failing)
            stream = client.events()
            await client.subscribe(told.append)
            await client.subscribe(failing)
            await something_happens(client)
        assert [event async for event in stream] == [state(1), state(2)]
    assert told == [state(1), state(2), ConnectionLost(None)]
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    # Two subscribers fail thrice: for each state, and at the end.
    assert len(errors) == 6
    assert {record.name for record in errors} == {"omnilink.anyio"}
    raised = [record.exc_info[1] for record in errors if record.exc_info]
    assert [str(error) for error in raised] == [*["UnitStatus"] * 4, *["ConnectionLost"] * 2]


async def test_a_callback_may_end_anothers_subscription() -> None:
    told: list[tuple[str, object]] = []
    ends: dict[str, Callable[[], None]] = {}

    def first(event: Notification | EventsLost | ConnectionLost) -> None:
        told.append(("first", event))
        ends["second"]()

    async with play(pushing((status(1),), (status(2),))) as stage, stage.client() as client:
        ends["first"] = await client.subscribe(first)
        ends["second"] = await client.subscribe(lambda event: told.append(("second", event)))
        ends["third"] = await client.subscribe(lambda event: told.append(("third", event)))
        await something_happens(client)
        await something_happens(client)
        assert told == [("first", state(1)), ("third", state(1)), ("first", state(2)), ("third", state(2))]


async def test_a_callback_that_ends_its_own_subscription_takes_nothing_from_the_next() -> None:
    told: list[tuple[str, object]] = []
    ends: list[Callable[[], None]] = []

    def once(event: Notification | EventsLost | ConnectionLost) -> None:
        told.append(("once", event))
        ends[0]()

    async with play(pushing((status(1, 2),), (status(3),))) as stage, stage.client() as client:
        ends.append(await client.subscribe(once))
        unsubscribe = await client.subscribe(lambda event: told.append(("always", event)))
        await something_happens(client)
        await something_happens(client)
        unsubscribe()
    assert told == [("once", state(1)), *(("always", state(unit)) for unit in (1, 2, 3))]


async def test_one_function_may_be_subscribed_twice_and_each_subscription_ended_by_itself() -> None:
    told: list[object] = []
    async with play(pushing((status(1),), (status(2),), (status(3),))) as stage, stage.client() as client:
        first = await client.subscribe(told.append)
        second = await client.subscribe(told.append)
        await something_happens(client)
        first()
        first()
        await something_happens(client)
        second()
        await something_happens(client)
    assert told == [state(1), state(1), state(2)]


async def test_a_callback_may_subscribe_another_which_is_told_what_comes_then() -> None:
    told: list[object] = []

    async with play(pushing((status(1), status(2)))) as stage, stage.client() as client:

        def recruiting(event: Notification | EventsLost | ConnectionLost) -> None:
            if event == state(1):
                client.connection.subscribe(told.append, lambda pushed: pushed.notifications)

        await client.subscribe(recruiting)
        await something_happens(client)
        assert told == [state(2)]


async def test_an_iterator_that_is_left_in_the_middle_takes_nothing_from_the_others() -> None:
    async with play(pushing((status(1, 2),), (status(3),))) as stage, stage.client() as client:
        kept, left = client.events(), client.events()
        await something_happens(client)
        async for event in left:
            assert event == state(1)
            break
        left.close()
        again = client.events()
        await something_happens(client)
        assert [await anext(kept) for _ in range(3)] == [state(1), state(2), state(3)]
        assert await anext(again) == state(3)
        # What it had when it was closed, and no more.
        assert [event async for event in left] == [state(2)]


async def test_a_subscription_cancelled_anywhere_is_none(link: Link) -> None:
    async with serve_home(link) as home:

        async def attempt(step: int) -> anyio.CancelScope:
            told: list[object] = []
            subscribed = False
            before = len(home.recorder.requests)

            async with home.client() as client:

                async def subscribe() -> None:
                    nonlocal subscribed
                    await client.subscribe(told.append)
                    subscribed = True

                scope = await cancelled_at(step, subscribe())
                # The next one need not enable anything that is enabled or about to be.
                unsubscribe = await client.subscribe(lambda _: None)
                assert home.recorder.requests[before:] == [ASKING, ENABLING]
                await client.turn_unit_on(1)
                await client.get_system_formats()
                unsubscribe()
            assert told == ([state(1), ConnectionLost(None)] if subscribed else [])
            return scope

        await cancel_everywhere(attempt, at_least=1)


async def test_a_callback_that_sends_and_raises_is_sent_its_replies_all_the_same() -> None:
    told: list[object] = []

    async def script(panel: ScriptedPanel) -> None:
        await pushing((status(1), status(2)))(panel)
        for format_number in (1, 2):
            request = await panel.request()
            assert request.message == RequestSystemFormats().to_message()
            await panel.reply(request, SystemFormats(format_number, 1, 1).to_message())

    async with play(script) as stage, stage.client() as client:
        replies: list[Reply[SystemFormats]] = []

        def sending(event: Notification | EventsLost | ConnectionLost) -> None:
            if not isinstance(event, ConnectionLost):
                replies.append(client.connection.submit(RequestSystemFormats()))
            raise RuntimeError(str(event))

        await client.subscribe(sending)
        await client.subscribe(told.append)
        await something_happens(client)
        assert told == [state(1), state(2)]
        assert [await reply.content() for reply in replies] == [
            SystemFormats(1, 1, 1),
            SystemFormats(2, 1, 1),
        ]


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_a_callback_that_sends_reorders_nothing_of_what_came_in_one_piece(place: int) -> None:
    told: list[tuple[int, object]] = []
    replies: list[Reply[SystemFormats]] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.enable_notifications()
        request = await panel.request()
        now = anyio.current_time()
        for message in (status(1), status(2, 3), status(4)):
            panel.machine.notify(message, now)
        panel.machine.reply(request, Ack().to_message(), now)
        # One write, one read: when the callback sends, the next packets are in the client's buffer already.
        await panel.stream.send(b"".join(panel.machine.data_to_send()))
        for format_number in (1, 2, 1, 2):
            await panel.reply(await panel.request(), SystemFormats(format_number, 1, 1).to_message())

    async with play(script) as stage, stage.client() as client:

        def listener(number: int) -> Callable[[Notification | EventsLost | ConnectionLost], None]:
            def callback(event: Notification | EventsLost | ConnectionLost) -> None:
                told.append((number, event))
                if number == place and not isinstance(event, ConnectionLost):
                    replies.append(client.connection.submit(RequestSystemFormats()))

            return callback

        stream = client.events()
        for number in range(3):
            await client.subscribe(listener(number))
        await something_happens(client)
        # Each message is told to all, in the order of their coming, before the next one is looked at.
        assert told == [
            (number, state(unit)) for units in ((1,), (2, 3), (4,)) for number in range(3) for unit in units
        ]
        assert [await anext(stream) for _ in range(4)] == [state(unit) for unit in (1, 2, 3, 4)]
        formats = [(await reply.content()).temperature_format for reply in replies]
        assert formats == [1, 2, 1, 2]


# The end.


def notification_packet(message: Message) -> bytes:
    session_key = derive_session_key(KEY, SESSION_ID)
    encrypted = encrypt_message_payload(message.encode(), 0, session_key)
    return Packet(0, PacketType.OMNI_LINK_II_MESSAGE, encrypted).encode()


@pytest.mark.parametrize("how", ["terminate", "hang_up"])
async def test_the_end_is_told_once_to_each_and_nothing_after_it(how: str) -> None:
    told: list[tuple[str, object]] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.enable_notifications()
        request = await panel.request()
        await panel.notify(status(1))
        await panel.reply(request, Ack().to_message())
        if how == "terminate":
            # In one write: it is there when the client reads of the end.
            end = Packet(0, PacketType.CONTROLLER_SESSION_TERMINATED).encode()
            await panel.stream.send(end + notification_packet(status(2)))
        else:
            await panel.hang_up()

    async with play(script) as stage, stage.client() as client:
        over = anyio.Event()

        def last(event: Notification | EventsLost | ConnectionLost) -> None:
            told.append(("last", event))
            if isinstance(event, ConnectionLost):
                assert not client.is_connected
                over.set()

        ended = await client.subscribe(lambda event: told.append(("ended", event)))
        unsubscribe = await client.subscribe(lambda event: told.append(("first", event)))
        await client.subscribe(last)
        ended()
        await something_happens(client)
        await over.wait()
        unsubscribe()
        with pytest.raises(OmniConnectionError) as caught:
            await something_happens(client)
        # Leaving the client after it tells nobody again.
    assert [(name, type(event)) for name, event in told] == [
        ("first", UnitStatus),
        ("last", UnitStatus),
        ("first", ConnectionLost),
        ("last", ConnectionLost),
    ]
    for _, event in told[2:]:
        assert isinstance(event, ConnectionLost)
        assert type(event.error) is type(caught.value)
        assert str(event.error) == str(caught.value)


async def test_a_callback_that_sends_at_the_end_is_told_that_there_is_no_session() -> None:
    raised: list[type[Exception]] = []
    told: list[object] = []
    async with serve_home() as home:
        async with home.client() as client:

            def sending(_event: Notification | EventsLost | ConnectionLost) -> None:
                try:
                    client.connection.submit(RequestSystemFormats())
                except OmniConnectionError as error:
                    raised.append(type(error))

            await client.subscribe(sending)
            await client.subscribe(told.append)
        assert raised == [OmniConnectionError]
        assert told == [ConnectionLost(None)]


async def test_an_iterator_that_is_reached_by_the_end_gives_what_it_has_first() -> None:
    async with play(pushing((status(1, 2),))) as stage:
        async with stage.client() as client:
            first, second = client.events(), client.events()
            await something_happens(client)
            assert await anext(first) == state(1)
        assert [event async for event in first] == [state(2)]
        assert [event async for event in second] == [state(1), state(2)]
