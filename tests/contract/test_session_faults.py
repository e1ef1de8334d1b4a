"""What a panel can do wrong in a session, as it looks from every door: who waits is told at once, and by name."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

import anyio
import pytest

from omnilink_anyio import EventStream
from omnilink_sansio import (
    ClientSettings,
    EndReason,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
)
from omnilink_sansio.client import ConnectionLost
from omnilink_sansio.system import RequestSystemFormats
from tests.contract.carriers import UdpPlace
from tests.contract.doors import (
    BABBLE,
    HALF,
    NONSENSE,
    SEVERAL_AT_A_TIME,
    STREAMS,
    Carrier,
    Door,
    Panel,
    Script,
)

pytestmark = pytest.mark.anyio

IMPATIENT = ClientSettings(request_timeout=1e6, incomplete_packet_timeout=0.05)
"""Cut packets are given up after this time, which is really waited for; nothing else is waited for."""

REPEATING = ClientSettings(request_timeout=1e6, request_repeat=0.02, max_repeats=10**6)
"""On datagrams what is not answered is asked again after this time, which is really waited for."""

FORMATS = RequestSystemFormats()


async def terminate(panel: Panel) -> None:
    await panel.terminate()


async def hang_up(panel: Panel) -> None:
    await panel.hang_up()


async def reset(panel: Panel) -> None:
    await panel.reset()


async def babble(panel: Panel) -> None:
    await panel.say(BABBLE)


async def talk_nonsense(panel: Panel) -> None:
    await panel.say(NONSENSE)


async def stop_in_the_middle(panel: Panel) -> None:
    await panel.say(HALF)


async def hang_up_in_the_middle(panel: Panel) -> None:
    await panel.say(HALF)
    await panel.hang_up()


class Losing(NamedTuple):
    """A fault that ends the session, and what the client says of that."""

    fault: Script
    end: EndReason
    text: str
    carriers: tuple[Carrier, ...]


ALL: tuple[Carrier, ...] = ("memory", "tcp", "udp", "pty")
# A datagram link has no end, and what is wrong with one datagram is over with it: see below.
STREAM: tuple[Carrier, ...] = ("memory", "tcp", "pty")

LOSING = (
    Losing(terminate, EndReason.TERMINATED, "terminated the session", ALL),
    Losing(hang_up, EndReason.LOST, "closed the connection", STREAM),
    # Only TCP has this one.
    Losing(reset, EndReason.LOST, "closed the connection", ("tcp",)),
    Losing(babble, EndReason.FAULT, "broke the protocol", STREAM),
    Losing(talk_nonsense, EndReason.FAULT, "broke the protocol", STREAM),
    Losing(stop_in_the_middle, EndReason.FAULT, "broke the protocol", STREAM),
    Losing(hang_up_in_the_middle, EndReason.LOST, "closed the connection", STREAM),
)

LOSSES = pytest.mark.parametrize(
    ("losing", "carrier"),
    [
        pytest.param(losing, carrier, id=f"{losing.fault.__name__}-{carrier}")
        for losing in LOSING
        for carrier in losing.carriers
    ],
    indirect=["carrier"],
)


def check(error: OmniConnectionError, losing: Losing) -> None:
    assert type(error) is OmniConnectionError
    assert error.end is losing.end


@LOSSES
async def test_a_read_that_waits_fails_at_once(door: Door, losing: Losing) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.request()
        await losing.fault(panel)

    async with door.play(script) as stage:
        async with stage.client(settings=IMPATIENT) as client:
            with pytest.raises(OmniConnectionError, match=losing.text) as caught:
                await client.get_system_status()
            check(caught.value, losing)
            assert not client.is_connected
        async with stage.client() as client:
            await client.turn_unit_on(1)


@LOSSES
async def test_a_write_that_waits_is_of_unknown_outcome_at_once(door: Door, losing: Losing) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.request()
        await losing.fault(panel)

    async with door.play(script) as stage:
        async with stage.client(settings=IMPATIENT) as client:
            with pytest.raises(OutcomeUnknownError, match="UNIT_ON") as caught:
                await client.turn_unit_on(1)
            assert caught.value.cause is OutcomeCause.LOSS
            cause = caught.value.__cause__
            assert isinstance(cause, OmniConnectionError)
            check(cause, losing)
        async with stage.client() as client:
            await client.turn_unit_on(1)


@LOSSES
@SEVERAL_AT_A_TIME
async def test_all_who_wait_are_told_at_once(door: Door, losing: Losing) -> None:
    """Calls and iterators, and who has not been sent is told so."""
    errors: list[OmniLinkError] = []
    ended: list[OmniConnectionError] = []
    go_on = anyio.Event()

    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.enable_notifications()
        await panel.request()
        await go_on.wait()
        await losing.fault(panel)

    async def call(do: Callable[[], Awaitable[object]]) -> None:
        with pytest.raises(OmniLinkError) as caught:
            await do()
        errors.append(caught.value)

    async def watch(events: EventStream[object]) -> None:
        with pytest.raises(OmniConnectionError, match=losing.text) as caught:
            await anext(events)
        ended.append(caught.value)

    async with (
        door.play(script) as stage,
        stage.client(settings=IMPATIENT) as client,
        client.events() as events,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(watch, events)
        tasks.start_soon(watch, client.connection.unsolicited())
        replies = [client.connection.submit(request) for request in (FORMATS,) * 3]
        for reply in replies:
            tasks.start_soon(call, reply.payload)
        for index in (1, 2):
            tasks.start_soon(call, partial(client.turn_unit_on, index))
        await anyio.wait_all_tasks_blocked()
        go_on.set()
    for error in (*errors, *ended):
        assert isinstance(error, OmniConnectionError)
        check(error, losing)
    assert len(errors) == 5
    assert len(ended) == 2
    assert sum("no reply will come" in str(error) for error in errors) == 1


@LOSSES
async def test_an_iterator_that_waits_ends_at_once(door: Door, losing: Losing) -> None:
    """What one thread or task alone can wait for."""
    go_on = anyio.Event()

    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.enable_notifications()
        await go_on.wait()
        await losing.fault(panel)

    async with (
        door.play(script) as stage,
        stage.client(settings=IMPATIENT) as client,
        client.events() as events,
    ):
        go_on.set()
        for _ in range(2):
            with pytest.raises(OmniConnectionError, match=losing.text) as caught:
                await anext(events)
            check(caught.value, losing)


@LOSSES
async def test_a_subscriber_is_told_of_the_end(door: Door, losing: Losing) -> None:
    mailbox = door.mailbox()

    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.enable_notifications()
        await panel.request()
        await losing.fault(panel)

    async with door.play(script) as stage, stage.client(settings=IMPATIENT) as client:
        await client.subscribe(mailbox.put)
        with pytest.raises(OmniConnectionError, match=losing.text):
            await client.get_system_status()
        lost = await mailbox.get()
        assert isinstance(lost, ConnectionLost)
        assert isinstance(lost.error, OmniConnectionError)
        check(lost.error, losing)


@LOSSES
async def test_whoever_comes_after_the_end_is_told_why(door: Door, losing: Losing) -> None:
    inside = anyio.Event()

    async def script(panel: Panel) -> None:
        await panel.online()
        await inside.wait()
        await losing.fault(panel)

    async with door.play(script) as stage, stage.client(settings=IMPATIENT) as client:
        raw = client.connection.unsolicited()
        inside.set()
        with pytest.raises(OmniConnectionError, match=losing.text):
            await anext(raw)

        async def enter_events() -> None:
            client.events()

        async def submit() -> None:
            client.connection.submit(FORMATS)

        for call in (
            client.get_system_status,
            client.list_zone_names,
            partial(client.turn_unit_on, 1),
            partial(client.subscribe, lambda _: None),
            enter_events,
            submit,
            partial(anext, client.connection.unsolicited()),
        ):
            with pytest.raises(OmniConnectionError, match=losing.text) as caught:
                await call()
            check(caught.value, losing)


@STREAMS
async def test_a_loss_during_enabling_of_notifications_is_that_loss(door: Door) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.identify()
        await panel.request()
        await panel.hang_up()

    async with door.play(script) as stage, stage.client() as client:
        with pytest.raises(OmniConnectionError) as caught:
            await anext(client.events())
        assert caught.value.end is EndReason.LOST


# On a stream it would be its end.
@pytest.mark.parametrize("carrier", ["udp"], indirect=True)
async def test_a_panel_that_listens_no_more_is_lost_when_it_is_asked(door: Door) -> None:
    vanish = anyio.Event()

    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.request()
        vanish.set()

    async with door.play(script) as stage, stage.client(settings=REPEATING) as client:
        reply = client.connection.submit(FORMATS)
        await vanish.wait()
        assert isinstance(stage.place, UdpPlace)
        await stage.place.vanish()
        with pytest.raises(OmniConnectionError) as caught:
            await reply.content()
        assert caught.value.end is EndReason.LOST
        assert not client.is_connected
