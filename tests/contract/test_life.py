"""A connection lives where nobody's task ends it: opened, run and closed from whichever task."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import pytest
from anyio.abc import SocketAttribute

import omnilink_sync
from omnilink_anyio import MockPanel, OmniClient, OmniConnection, ReconnectingClient, ServedPanel
from omnilink_sansio import (
    ControllerEndReason,
    EndReason,
    InvalidEncryptionKeyError,
    LocalProtocolError,
    OmniConnectionError,
)
from omnilink_sansio.client import ConnectionLost, ReconnectPolicy
from omnilink_sansio.system import RequestSystemInformation
from tests.anyio_adapter.homes import KEY, PATIENCE, Recorder
from tests.anyio_adapter.streams import memory_pair
from tests.contract.inside import PanelInside

pytestmark = pytest.mark.anyio

Make = Callable[[], OmniConnection]


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Let every test run on both event loops."""
    backend: str = request.param
    return backend


class Served:
    """A panel that is served, and new connections to it."""

    def __init__(self, served: ServedPanel, recorder: Recorder, carrier: str) -> None:
        self.served = served
        self.recorder = recorder
        self.carrier = carrier
        self._tasks: anyio.abc.TaskGroup

    def new(self) -> OmniConnection:
        """Return a new connection."""
        if self.carrier == "own stream":
            near, far = memory_pair()
            self._tasks.start_soon(self.served.serve_stream, far)
            return OmniConnection.over(near, controller_key=KEY)
        return OmniConnection(
            self.served.host,
            self.served.port,
            controller_key=KEY,
            transport="udp" if self.carrier == "udp" else "tcp",
        )


@asynccontextmanager
async def serving(carrier: str) -> AsyncIterator[Served]:
    recorder = Recorder()
    panel = MockPanel(controller_key=KEY, observe=recorder)
    with anyio.fail_after(PATIENCE):
        async with (
            panel.serve(transport="udp" if carrier == "udp" else "tcp") as served,
            anyio.create_task_group() as tasks,
        ):
            home = Served(served, recorder, carrier)
            home._tasks = tasks
            yield home
            tasks.cancel_scope.cancel()


BY_CARRIER = pytest.mark.parametrize("carrier", ["tcp", "udp", "own stream"])


async def works(connection: OmniConnection) -> bool:
    return (await connection.request(RequestSystemInformation())).model_name == "Omni Pro II"


@BY_CARRIER
async def test_one_task_runs_it_another_uses_it_a_third_closes_it(carrier: str) -> None:
    async with serving(carrier) as home, anyio.create_task_group() as tasks:
        connection = home.new()
        tasks.start_soon(connection.run)
        await connection.wait_ready()
        assert await works(connection)
        async with anyio.create_task_group() as closing:
            closing.start_soon(connection.aclose)
            closing.start_soon(connection.aclose)
        # `run` returns: the group is left.
    assert home.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]


@BY_CARRIER
async def test_it_is_entered_in_one_task_and_left_in_another(carrier: str) -> None:
    async with serving(carrier) as home:
        connection = home.new()
        async with anyio.create_task_group() as entering:
            entering.start_soon(connection.__aenter__)
        assert await works(connection)
        async with anyio.create_task_group() as leaving:
            leaving.start_soon(connection.__aexit__, None, None, None)
        with pytest.raises(OmniConnectionError, match="this connection was closed"):
            await works(connection)


@BY_CARRIER
async def test_two_are_closed_in_the_order_in_which_they_were_opened(carrier: str) -> None:
    async with serving(carrier) as home:
        first, second = home.new(), home.new()
        await first.connect()
        await second.connect()
        await first.aclose()
        assert await works(second)
        await second.aclose()


@BY_CARRIER
async def test_a_run_that_is_cancelled_says_goodbye(carrier: str) -> None:
    async with serving(carrier) as home:
        connection = home.new()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(connection.run)
            await connection.wait_ready()
            tasks.cancel_scope.cancel()
        assert not connection.is_connected
        assert await home.recorder.first_end() is ControllerEndReason.CLIENT_TERMINATED


@BY_CARRIER
async def test_what_ends_the_session_is_what_run_raises_bare(carrier: str) -> None:
    async with serving(carrier) as home:
        connection = home.new()
        raised: list[BaseException] = []

        async def run() -> None:
            try:
                await connection.run()
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is looked at
                raised.append(error)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run)
            await connection.wait_ready()
            home.served.act(lambda panel, now: panel.close(now))
        (error,) = raised
        assert type(error) is OmniConnectionError
        assert error.end is EndReason.TERMINATED
        with pytest.raises(OmniConnectionError) as caught:
            await connection.wait_ready()
        assert caught.value.end is EndReason.TERMINATED


async def test_a_second_run_and_a_second_connect_are_refused() -> None:
    async with serving("tcp") as home, home.new() as connection:
        with pytest.raises(LocalProtocolError, match="connects once"):
            await connection.run()
        with pytest.raises(LocalProtocolError, match="connects once"):
            await connection.connect()
        assert await works(connection)


async def test_closing_before_connecting_is_the_end_of_it() -> None:
    async with serving("tcp") as home:
        connection = home.new()
        await connection.aclose()
        await connection.aclose()
        with pytest.raises(LocalProtocolError, match="connects once"):
            await connection.connect()
        with pytest.raises(OmniConnectionError):
            await connection.wait_ready()


async def test_closing_while_the_transport_is_being_opened_ends_that() -> None:
    opening = anyio.Event()

    async def never() -> None:
        opening.set()
        await anyio.sleep_forever()

    connection = OmniConnection.opening(never, controller_key=KEY)  # type: ignore[arg-type]
    raised: list[OmniConnectionError] = []

    async def run() -> None:
        try:
            await connection.run()
        except OmniConnectionError as error:
            raised.append(error)

    with anyio.fail_after(PATIENCE):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run)
            await opening.wait()
            await connection.aclose()
    (error,) = raised
    assert error.end is EndReason.CLOSED


async def test_nobody_there_is_what_everybody_is_told() -> None:
    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        port = listener.extra(SocketAttribute.local_port)
    connection = OmniConnection("127.0.0.1", port, controller_key=KEY)
    told: list[EndReason | None] = []

    async def wait() -> None:
        with pytest.raises(OmniConnectionError) as caught:
            await connection.wait_ready()
        told.append(caught.value.end)

    with anyio.fail_after(PATIENCE):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(OmniConnectionError):
                await connection.run()
        await wait()
    assert told == [EndReason.PORT_CLOSED] * 2


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_under_a_task_of_asyncios_own() -> None:
    async with serving("tcp") as home:
        client = OmniClient(home.served.host, home.served.port, controller_key=KEY)
        running = asyncio.create_task(client.run())
        await client.wait_ready()
        assert (await client.get_system_information()).model_name == "Omni Pro II"
        await client.aclose()
        await running


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_loop_that_cannot_watch_descriptors_serves_them_by_tasks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cannot(*_: object) -> None:
        raise NotImplementedError

    async with serving("tcp") as home:
        monkeypatch.setattr(asyncio.get_running_loop(), "add_reader", cannot)
        async with home.new() as connection:
            assert await works(connection)
            assert type(connection._carrier).__name__ == "_TransportCarrier"


async def test_a_client_that_stays_connected_is_run_in_a_task_of_its_own_too() -> None:
    async with serving("tcp") as home, anyio.create_task_group() as tasks:
        client = ReconnectingClient(home.served.host, home.served.port, controller_key=KEY)
        tasks.start_soon(client.run)
        await client.wait_ready()
        assert (await client.get_system_information()).model_name == "Omni Pro II"
        async with anyio.create_task_group() as closing:
            closing.start_soon(client.aclose)
            closing.start_soon(client.aclose)
        with pytest.raises(OmniConnectionError, match="was left"):
            await client.wait_ready()
        with pytest.raises(LocalProtocolError, match="entered once"):
            await client.run()


async def test_a_client_that_stays_connected_is_entered_in_one_task_and_left_in_another() -> None:
    async with serving("tcp") as home:
        client = ReconnectingClient(home.served.host, home.served.port, controller_key=KEY)
        async with anyio.create_task_group() as entering:
            entering.start_soon(client.__aenter__)
        assert client.is_connected
        async with anyio.create_task_group() as leaving:
            leaving.start_soon(client.__aexit__, None, None, None)
        assert not client.is_connected


async def test_a_client_that_stays_connected_says_goodbye_when_its_run_is_cancelled() -> None:
    async with serving("tcp") as home:
        client = ReconnectingClient(home.served.host, home.served.port, controller_key=KEY)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.run)
            await client.wait_ready()
            tasks.cancel_scope.cancel()
        assert await home.recorder.first_end() is ControllerEndReason.CLIENT_TERMINATED


async def test_only_what_nothing_can_heal_ends_the_run_of_one_that_stays_connected() -> None:
    async with serving("tcp") as home:
        client = ReconnectingClient(home.served.host, home.served.port, controller_key=bytes(16))
        with pytest.raises(InvalidEncryptionKeyError):
            await client.run()
        with pytest.raises(InvalidEncryptionKeyError):
            await client.wait_ready()


@BY_CARRIER
async def test_what_raises_where_it_is_told_of_replies_ends_the_session_and_nothing_else(
    carrier: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    async with serving(carrier) as home:
        connection = home.new()
        await connection.connect()
        connection.tap(fail, fail, lambda: None)
        assert await works(connection)
        with pytest.raises(OmniConnectionError) as caught:
            connection.check_connected()
        assert caught.value.end is EndReason.LOST
        assert "the session ends here" in caplog.text


async def test_after_a_loss_one_waits_until_it_is_healed() -> None:
    async with serving("tcp") as home:
        at_once = ReconnectPolicy(quick_wait=0.01, jitter=0.0)
        client = ReconnectingClient(home.served.host, home.served.port, controller_key=KEY, policy=at_once)
        events = client.events()
        async with client:
            home.served.reboot()
            async for event in events:
                if isinstance(event, ConnectionLost):
                    break
            assert not client.is_connected
            await client.wait_ready()
            assert client.is_connected


# Threads.


class Running:
    """A thread that runs something, and what that raised."""

    def __init__(self, run: Callable[[], None]) -> None:
        self.raised: list[BaseException] = []
        self._run = run
        self._thread = threading.Thread(target=self._go, daemon=True)
        self._thread.start()

    def _go(self) -> None:
        try:
            self._run()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is looked at
            self.raised.append(error)

    def join(self) -> None:
        """Wait until it has ended."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


Blocking = omnilink_sync.OmniClient | omnilink_sync.ReconnectingClient


@pytest.mark.parametrize("kind", [omnilink_sync.OmniClient, omnilink_sync.ReconnectingClient])
def test_one_thread_runs_it_another_uses_it_a_third_closes_it(kind: Callable[..., Blocking]) -> None:
    with omnilink_sync.MockPanel(controller_key=KEY).serve() as served:
        client = kind(served.host, served.port, controller_key=KEY)
        running = Running(client.run)
        client.wait_ready()
        assert client.get_system_information().model_name == "Omni Pro II"
        closing = [Running(client.aclose) for _ in range(2)]
        for each in (*closing, running):
            each.join()
            assert each.raised == []
        assert not client.is_connected


def test_a_thread_that_runs_it_raises_what_ended_the_session() -> None:
    with omnilink_sync.MockPanel(controller_key=KEY).serve() as served:
        client = omnilink_sync.OmniClient(served.host, served.port, controller_key=KEY)
        running = Running(client.run)
        client.wait_ready()
        served.act(lambda panel, now: panel.close(now))
        running.join()
        (error,) = running.raised
        assert isinstance(error, OmniConnectionError)
        assert error.end is EndReason.TERMINATED
        with pytest.raises(OmniConnectionError):
            client.wait_ready()


def test_nobody_there_is_what_waiting_threads_are_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = omnilink_sync.OmniClient("127.0.0.1", port, controller_key=KEY)
    waiting, running = Running(client.wait_ready), Running(client.run)
    for each in (running, waiting):
        each.join()
        (error,) = each.raised
        assert isinstance(error, OmniConnectionError)
        assert error.end is EndReason.PORT_CLOSED


def test_leaving_one_that_stays_connected_does_not_wait_for_a_try_that_hangs() -> None:
    opening, released = threading.Event(), threading.Event()

    def hang() -> omnilink_sync.Transport:
        opening.set()
        released.wait(PATIENCE)
        raise OmniConnectionError("at last")

    client = omnilink_sync.ReconnectingClient.opening(hang, controller_key=KEY)
    running = Running(client.run)
    assert opening.wait(PATIENCE)
    client.aclose()
    running.join()
    assert not released.is_set()
    assert running.raised == []
    released.set()


def test_callbacks_that_are_stuck_are_not_waited_for_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stuck = threading.Event()
    waits: list[float] = []
    join = threading.Thread.join

    def noting(thread: threading.Thread, timeout: float | None = None) -> None:
        if thread.name == "omnilink subscriber":
            waits.append(timeout or 0.0)
        join(thread, timeout)

    def stay(_: object) -> None:
        stuck.wait(PATIENCE)

    monkeypatch.setattr(threading.Thread, "join", noting)
    with omnilink_sync.MockPanel(controller_key=KEY).serve() as served:
        with omnilink_sync.ReconnectingClient(served.host, served.port, controller_key=KEY) as client:
            for _ in range(3):
                client.subscribe(stay)
            served.happen("open zone 1")
        stuck.set()
    assert sum(waits) < 1.5


def test_a_thread_that_is_interrupted_in_run_says_goodbye() -> None:
    inside = PanelInside()
    client = omnilink_sync.OmniClient.over(inside, controller_key=KEY)
    running = Running(client.run)
    client.wait_ready()

    def interrupt() -> None:
        inside.before_receive = lambda: None
        raise KeyboardInterrupt

    inside.before_receive = interrupt
    # It looks up by and by, or for what comes.
    client.connection.submit(RequestSystemInformation())
    running.join()
    (error,) = running.raised
    assert isinstance(error, KeyboardInterrupt)
    assert inside.ends == [ControllerEndReason.CLIENT_TERMINATED]
    assert inside.is_closed
