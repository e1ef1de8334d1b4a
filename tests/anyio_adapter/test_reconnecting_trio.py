"""The client that stays connected re-arms: waits, kicks and sweeps on trio's test clock, in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import anyio
import pytest

from omnilink_anyio import MockPanel, ReconnectingClient, ServedPanel, Transport
from omnilink_sansio import (
    ControllerSettings,
    EndReason,
    HandshakeError,
    InvalidEncryptionKeyError,
    OmniConnectionError,
    SessionRefusedError,
)
from omnilink_sansio.client import (
    ConnectionLost,
    EventsLost,
    LinkEvent,
    Reconnected,
    Reconnecting,
    ReconnectPolicy,
)
from omnilink_sansio.events import Notification
from tests.anyio_adapter.homes import KEY, Home, Recorder
from tests.anyio_adapter.streams import StuckStream
from tests.anyio_adapter.test_timers_trio import pass_time, run_in_virtual_time
from tests.simulator.driver import still_house

pytestmark = pytest.mark.trio(run=run_in_virtual_time)

EVEN = 0.5
"""The random number that leaves every wait as it is."""
STEADY = ReconnectPolicy(jitter=0.0, sweep_every=0.0)


class Way:
    """The way to a panel: a stream in memory for each time it is asked for, while it is open; when each was."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.is_open = True
        self.is_dead = False
        self.takes = 0.0
        """Seconds that opening takes."""
        self.times: list[float] = []
        self.streams: list[StuckStream] = []

    @property
    def panel(self) -> ServedPanel:
        return self.home.served

    async def open(self) -> Transport:
        self.times.append(anyio.current_time())
        await pass_time(self.takes)
        if not self.is_open:
            raise OmniConnectionError("no way", EndReason.UNREACHABLE)
        self.streams.append(StuckStream(self.home.stream()))
        self.streams[-1].is_stuck = self.is_dead
        return self.streams[-1]

    def client(self, policy: ReconnectPolicy = STEADY) -> ReconnectingClient:
        return ReconnectingClient.opening(self.open, controller_key=KEY, policy=policy)


@asynccontextmanager
async def a_way(settings: ControllerSettings | None = None) -> AsyncIterator[Way]:
    recorder = Recorder()
    panel = MockPanel(controller_key=KEY, house=still_house(), settings=settings, observe=recorder)
    async with panel.serve() as served, anyio.create_task_group() as tasks:
        yield Way(Home(served, "memory", recorder, tasks))
        tasks.cancel_scope.cancel()


Told = Notification | LinkEvent | EventsLost


async def told(client: ReconnectingClient) -> list[Told]:
    """Return a list that everything which the client tells is put into."""
    heard: list[Told] = []
    await client.subscribe(heard.append)
    return heard


@pytest.mark.parametrize("random", [0.0, 0.3, 1.0])
async def test_the_tries_come_when_the_policy_says_with_its_random_share(
    random: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: random)
    policy = ReconnectPolicy(
        quick_tries=2, quick_wait=0.5, first_wait=3.0, factor=3.0, longest_wait=60.0, jitter=0.2
    )
    async with a_way() as way, way.client(policy) as client:
        heard = await told(client)
        way.is_open = False
        way.panel.reboot()
        began = anyio.current_time()
        await pass_time(400.0)
        share = 1 + 0.2 * (2 * random - 1)
        # No wait is longer than 60 s, its share included.
        waits = [0.5, 0.5, 3.0, 9.0, 27.0, *[60.0 / 1.2] * 6]
        shared = [wait * share for wait in waits]
        assert [event.seconds for event in heard if isinstance(event, Reconnecting)][:8] == pytest.approx(
            shared[:8]
        )
        expected = [began + sum(shared[: count + 1]) for count in range(8)]
        assert way.times[1:9] == pytest.approx(expected)


async def test_a_kick_ends_each_wait_at_once_and_only_that_one() -> None:
    async with a_way() as way, way.client() as client:
        way.is_open = False
        way.panel.reboot()
        # The waits are 1, 1, 1, 5, 10 s: in the middle of the third it is 2.5 s later.
        await pass_time(2.5)
        assert len(way.times) == 3
        client.check_now()
        await pass_time(0.1)
        kicked = anyio.current_time() - 0.1
        assert way.times[3:] == pytest.approx([kicked])
        await pass_time(4.8)
        assert len(way.times) == 4
        await pass_time(0.2)
        assert way.times[4:] == pytest.approx([kicked + 5.0])


async def test_many_kicks_are_one() -> None:
    async with a_way() as way, way.client() as client:
        way.is_open = False
        way.panel.reboot()
        await pass_time(0.5)
        for _ in range(10):
            client.check_now()
        await pass_time(0.1)
        assert len(way.times) == 2


async def test_the_kick_of_one_who_noticed_the_loss_before_the_keeper_did_is_not_lost() -> None:
    patient = replace(STEADY, quick_wait=1000.0)
    async with a_way() as way, way.client(patient) as client:
        await pass_time(30.0)

        def kick(_: object) -> None:
            client.check_now()

        # Called in the very moment in which the session ends, when the keeper has not run yet.
        client.connection.subscribe(kick, lambda message: (message,))
        heard = await told(client)
        way.panel.reboot()
        await pass_time(1.0)
        assert [type(event) for event in heard] == [ConnectionLost, Reconnecting, Reconnected]
        # It was one kick: the next loss is waited for.
        way.panel.reboot()
        await pass_time(999.0)
        assert [type(event) for event in heard[3:]] == [ConnectionLost, Reconnecting]


@pytest.mark.parametrize("moment", [ConnectionLost, Reconnecting])
async def test_a_callback_may_kick_when_it_is_told(moment: type[object]) -> None:
    patient = replace(STEADY, quick_wait=1000.0)
    async with a_way() as way, way.client(patient) as client:
        heard: list[object] = []

        def kick(event: Told) -> None:
            heard.append(event)
            if isinstance(event, moment):
                client.check_now()

        await client.subscribe(kick)
        way.panel.reboot()
        await pass_time(1.0)
        assert [type(event) for event in heard] == [ConnectionLost, Reconnecting, Reconnected]


async def test_a_kick_while_a_try_is_under_way_counts_for_the_wait_after_it() -> None:
    async with a_way() as way, way.client(replace(STEADY, quick_wait=1000.0)) as client:
        way.is_open, way.takes = False, 5.0
        way.panel.reboot()
        await pass_time(1.0)
        client.check_now()
        await pass_time(1.0)
        began = anyio.current_time() - 1.0
        client.check_now()
        await pass_time(500.0)
        assert way.times[1:] == pytest.approx([began, began + 5.0])


async def test_states_are_read_anew_every_so_often_and_never_with_zero() -> None:
    for seconds in (0.0, 100.0):
        async with a_way() as way, way.client(replace(STEADY, sweep_every=seconds)):
            await pass_time(50.0)
            swept = [anyio.current_time()]
            for _ in range(6):
                seen = len(way.home.recorder.requests)
                await pass_time(100.0)
                sent = way.home.recorder.requests[seen:]
                swept.append(sum(message.type == 0x3A for message in sent))
            # Without sweeps there are keepalives only.
            assert all(swept[1:]) if seconds else not any(swept[1:])


async def test_a_busy_controller_is_tried_again_after_busy_wait_whatever_the_count() -> None:
    one = ControllerSettings(max_sessions=1, idle_timeout=0.0)
    policy = replace(STEADY, busy_wait=60.0, retry_first=True)
    async with a_way(one) as way, way.home.client():
        client = way.client(policy)
        heard = await told(client)
        began = anyio.current_time()
        async with anyio.create_task_group() as tasks:

            async def enter() -> None:
                async with client:
                    heard.append(Reconnected())
                    await client.get_system_status()

            tasks.start_soon(enter)
            await pass_time(330.0)
            assert way.times == pytest.approx([began + 60.0 * count for count in range(6)])
            assert {type(event.error) for event in heard if isinstance(event, Reconnecting)} == {
                SessionRefusedError
            }
            # The slot is free again.
            way.panel.reboot()
        assert anyio.current_time() == pytest.approx(began + 360.0)
        assert len(way.times) == 7


async def test_a_panel_that_answers_no_handshake_is_left_after_the_timeout_and_tried_again() -> None:
    async with a_way() as way, way.client() as client:
        heard = await told(client)
        way.is_dead = True
        way.panel.reboot()
        began = anyio.current_time()
        # A second's wait, ten of handshake, at most one for a packet 5 that does not go out.
        await pass_time(12.5)
        assert [type(event) for event in heard] == [ConnectionLost, Reconnecting, Reconnecting]
        last = heard[-1]
        assert isinstance(last, Reconnecting)
        assert isinstance(last.error, HandshakeError)
        assert last.error.end is EndReason.HANDSHAKE_TIMEOUT
        assert way.streams[1].closed
        way.is_dead = False
        await pass_time(2.0)
        assert len(way.times) == 3
        assert 12.0 <= way.times[2] - began <= 13.0
        assert type(heard[-1]) is Reconnected


async def test_leaving_takes_no_time_while_it_waits_and_while_a_try_hangs() -> None:
    async with a_way() as way:
        async with way.client(replace(STEADY, quick_wait=1000.0)):
            way.is_open = False
            way.panel.reboot()
            await pass_time(5.0)
            began = anyio.current_time()
        assert anyio.current_time() == pytest.approx(began)
        hanging = anyio.Event()

        async def hang() -> Transport:
            hanging.set()
            await anyio.sleep_forever()
            raise AssertionError

        with anyio.move_on_after(1e6) as scope:
            async with anyio.create_task_group() as tasks:

                async def enter() -> None:
                    async with ReconnectingClient.opening(hang, controller_key=KEY):
                        pytest.fail("there is no session")

                tasks.start_soon(enter)
                await hanging.wait()
                began = anyio.current_time()
                tasks.cancel_scope.cancel()
        assert not scope.cancelled_caught
        assert anyio.current_time() == pytest.approx(began)


async def test_tries_count_anew_only_after_a_session_that_lasted() -> None:
    policy = replace(STEADY, quick_tries=1, first_wait=7.0, settled_after=60.0)
    async with a_way() as way, way.client(policy) as client:
        events = client.events()
        waits: list[float] = []
        for seconds in (59.0, 30.0, 30.0, 61.0, 30.0):
            await pass_time(seconds)
            way.panel.reboot()
            assert isinstance(await anext(events), ConnectionLost)
            again = await anext(events)
            assert isinstance(again, Reconnecting)
            waits.append(again.seconds)
            assert isinstance(await anext(events), Reconnected)
        assert waits == [1.0, 7.0, 14.0, 1.0, 7.0]


async def test_a_key_that_has_fitted_is_wrong_after_three_refusals_far_apart() -> None:
    async with a_way() as way, MockPanel(controller_key=bytes(16)).serve() as other:
        client = way.client(replace(STEADY, busy_wait=60.0))
        events = client.events()
        heard = await told(client)
        async with client:
            left, way.home.served = way.panel, other
            left.reboot()
            began = anyio.current_time()
            with pytest.raises(InvalidEncryptionKeyError):
                await client.wait_closed()
        assert way.times[1:] == pytest.approx([began + 1.0, began + 61.0, began + 121.0])
        last = heard[-1]
        assert isinstance(last, ConnectionLost)
        assert isinstance(last.error, InvalidEncryptionKeyError)
        assert not last.retrying
        told_by_iterator = [await anext(events) for _ in heard[:-1]]
        assert told_by_iterator == heard[:-1]
        with pytest.raises(InvalidEncryptionKeyError):
            await anext(events)
        assert other.panel.session_count == 0
