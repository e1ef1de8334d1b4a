"""The client that stays connected waits as its policy says, to the second, on trio's own test clock in memory."""

import anyio
import pytest
from trio.testing import MockClock

from omnilink_anyio import MockPanel, ReconnectingClient, Transport
from omnilink_sansio import EndReason, OmniConnectionError
from omnilink_sansio.client import ConnectionLost, Reconnected, Reconnecting, ReconnectPolicy
from omnilink_sansio.objects import ObjectType, UnitStatus
from omnilink_sansio.state import MissedChange
from tests.anyio_adapter.homes import KEY, Home, Recorder
from tests.anyio_adapter.streams import StuckStream
from tests.simulator.driver import still_house

pytestmark = pytest.mark.trio

POLICY = ReconnectPolicy(jitter=0.0, sweep_every=900.0)


class House:
    """A house in memory that is reached by as many streams as are asked for, unless it is ``away``."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.away = False
        self.opened: list[float] = []
        self.streams: list[StuckStream] = []

    async def open(self) -> Transport:
        self.opened.append(anyio.current_time())
        if self.away:
            raise OmniConnectionError("no way", EndReason.UNREACHABLE)
        self.streams.append(StuckStream(self.home.stream()))
        return self.streams[-1]

    def client(self, policy: ReconnectPolicy = POLICY) -> ReconnectingClient:
        return ReconnectingClient.opening(self.open, controller_key=KEY, policy=policy)


async def test_the_waits_are_those_of_the_policy(autojump_clock: MockClock) -> None:
    del autojump_clock
    async with (
        MockPanel(controller_key=KEY, house=still_house(), observe=Recorder()).serve() as served,
        anyio.create_task_group() as tasks,
    ):
        house = House(Home(served, "memory", Recorder(), tasks))
        async with house.client() as client:
            events = client.events()
            house.away = True
            served.reboot()
            lost = await anext(events)
            assert isinstance(lost, ConnectionLost)
            began = anyio.current_time()
            waits: list[float] = []
            for _ in range(12):
                again = await anext(events)
                assert isinstance(again, Reconnecting)
                waits.append(again.seconds)
            assert waits == [1, 1, 1, 5, 10, *[15] * 7]
            expected = [began + sum(waits[: count + 1]) for count in range(11)]
            assert house.opened[1:] == pytest.approx(expected)
            # A kick does not wait.
            house.away = False
            kicked = anyio.current_time()
            client.check_now()
            assert isinstance(await anext(events), Reconnected)
            assert house.opened[-1] == pytest.approx(kicked)
        tasks.cancel_scope.cancel()


async def test_while_connected_the_states_are_read_anew_now_and_then(autojump_clock: MockClock) -> None:
    del autojump_clock
    panel = MockPanel(controller_key=KEY, house=still_house())
    async with panel.serve() as served, anyio.create_task_group() as tasks:
        house = House(Home(served, "memory", Recorder(), tasks))
        async with house.client() as client:
            events = client.events()
            await client.get_object_status(ObjectType.UNIT, 1, 8)
            for seconds, on in ((900.0, 0), (900.0, 1)):
                began = anyio.current_time()
                # Nobody is told.
                served.panel.house.units[2].state = on
                missed = await anext(events)
                assert isinstance(missed, MissedChange)
                assert isinstance(missed.status, UnitStatus)
                assert (missed.status.index, missed.status.state) == (2, on)
                assert anyio.current_time() - began <= seconds + 1.0
            # A kick while connected sweeps at once.
            began = anyio.current_time()
            served.panel.house.units[2].state = 0
            client.check_now()
            assert isinstance(await anext(events), MissedChange)
            assert anyio.current_time() == pytest.approx(began)
        tasks.cancel_scope.cancel()


async def test_a_controller_that_goes_silent_is_left_when_the_keepalive_says_so(
    autojump_clock: MockClock,
) -> None:
    del autojump_clock
    panel = MockPanel(controller_key=KEY, house=still_house())
    async with panel.serve() as served, anyio.create_task_group() as tasks:
        house = House(Home(served, "memory", Recorder(), tasks))
        async with house.client() as client:
            events = client.events()
            # The first sweep is over by then.
            await anyio.sleep(30.0)
            await client.get_system_status()
            began = anyio.current_time()
            house.streams[0].is_stuck = True
            lost = await anext(events)
            assert isinstance(lost, ConnectionLost)
            assert lost.error is not None
            assert lost.error.end is EndReason.SILENT
            # The keepalive after a minute, and its time-out.
            assert anyio.current_time() - began == pytest.approx(70.0)
            assert isinstance(await anext(events), Reconnecting)
            assert isinstance(await anext(events), Reconnected)
            await client.get_system_status()
        tasks.cancel_scope.cancel()
