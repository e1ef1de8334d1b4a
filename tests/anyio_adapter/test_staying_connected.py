"""The client that stays connected, over real sockets on both event loops: what it tells, and how it comes back."""

import logging
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Literal, TypeVar

import anyio
import pytest
from anyio.abc import ByteStream

from omnilink_anyio import (
    EventStream,
    MockPanel,
    OmniClient,
    OmniConnection,
    ReconnectingClient,
    ServedPanel,
    Transport,
    open_tcp,
)
from omnilink_sansio import (
    ControllerEndReason,
    ControllerSessionEnded,
    ControllerSettings,
    EndReason,
    HandshakeError,
    InvalidEncryptionKeyError,
    LocalProtocolError,
    OmniConnectionError,
    PeerEvent,
    RequestReceived,
    SessionHistory,
    SessionRefusedError,
    SessionStarted,
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
from omnilink_sansio.objects import ObjectType, SecurityMode, UnitStatus
from omnilink_sansio.state import MissedChange
from omnilink_sansio.system import RequestSystemFormats

pytestmark = pytest.mark.anyio

KEY = bytes(range(16, 32))
PATIENCE = 20.0
AT_ONCE = ReconnectPolicy(quick_tries=10**6, quick_wait=0.01, busy_wait=0.01)
NOT_SOON = ReconnectPolicy(quick_wait=1e6, busy_wait=1e6)

_T = TypeVar("_T")
Told = Notification | LinkEvent | EventsLost
Way = Literal["tcp", "udp"]


@pytest.fixture(params=["tcp", "udp"])
def way(request: pytest.FixtureRequest) -> Way:
    return "udp" if request.param == "udp" else "tcp"


@asynccontextmanager
async def serving(
    way: Way = "tcp",
    settings: ControllerSettings | None = None,
    observe: Callable[[PeerEvent[Hashable]], None] | None = None,
) -> AsyncIterator[ServedPanel]:
    with anyio.fail_after(PATIENCE):
        panel = MockPanel(controller_key=KEY, settings=settings, observe=observe)
        async with panel.serve(transport=way) as served:
            yield served


def client_of(
    served: ServedPanel, way: Way = "tcp", policy: ReconnectPolicy = AT_ONCE, key: bytes = KEY
) -> ReconnectingClient:
    return ReconnectingClient(served.host, served.port, controller_key=key, transport=way, policy=policy)


async def until(stream: EventStream[Told], kind: type[_T]) -> _T:
    async for event in stream:
        if isinstance(event, kind):
            return event
    raise AssertionError(f"ended without {kind.__name__}")


async def to_the_end(stream: EventStream[object]) -> None:
    async for _ in stream:
        continue


async def test_a_restart_is_told_and_what_changed_meanwhile_is_found(way: Way) -> None:
    async with serving(way) as served, client_of(served, way) as client:
        await client.get_object_status(ObjectType.UNIT, 1, 4)
        events = client.events()
        served.panel.house.units[2].state = 0
        served.reboot()
        if way == "udp":
            # Only what is sent into the lost session tells.
            with pytest.raises(OmniConnectionError):
                await client.get_system_status()
        lost = await anext(events)
        assert isinstance(lost, ConnectionLost)
        assert lost.retrying
        assert lost.error is not None
        assert lost.error.end in (EndReason.TERMINATED, EndReason.LOST)
        again = await anext(events)
        assert isinstance(again, Reconnecting)
        assert again.error is lost.error
        assert 0 < again.seconds < 0.02
        await until(events, Reconnected)
        missed = await until(events, MissedChange)
        assert isinstance(missed.status, UnitStatus)
        assert isinstance(missed.before, UnitStatus)
        assert (missed.status.index, missed.before.is_on, missed.status.is_on) == (2, True, False)
        await client.turn_unit_on(1)
        status = await until(events, UnitStatus)
        assert (status.index, status.is_on) == (1, True)


async def test_a_callback_for_one_object_lives_on_over_losses_and_finds_missed_changes(way: Way) -> None:
    told: list[Told] = []
    async with serving(way) as served, client_of(served, way) as client:
        await client.get_object_status(ObjectType.UNIT, 1, 4)
        await client.subscribe_object(ObjectType.UNIT, 2, told.append)
        events = client.events()
        served.panel.house.units[2].state = 0
        served.reboot()
        if way == "udp":
            # Only what is sent into the lost session tells.
            with pytest.raises(OmniConnectionError):
                await client.get_system_status()
        await until(events, MissedChange)
        await client.turn_unit_on(1)
        await client.turn_unit_on(2)
        assert (await until(events, UnitStatus)).index == 1
        assert (await until(events, UnitStatus)).index == 2
    link = [event for event in told if isinstance(event, Reconnecting | Reconnected | ConnectionLost)]
    assert isinstance(link[0], ConnectionLost)
    assert link[0].retrying
    assert Reconnected() in link
    assert link[-1] == ConnectionLost(None)
    rest = [event for event in told if event not in link]
    missed, status = rest
    assert isinstance(missed, MissedChange)
    assert isinstance(status, UnitStatus)
    assert (missed.status.index, status.index) == (2, 2)


async def test_it_outlives_many_restarts(way: Way) -> None:
    async with serving(way) as served, client_of(served, way) as client:
        events = client.events()
        for _ in range(5):
            served.reboot()
            client.check_now()
            if way == "udp":
                # Only what is sent into the lost session tells.
                with pytest.raises(OmniConnectionError):
                    await client.get_system_status()
            await until(events, Reconnected)
            assert (await client.get_system_information()).model_name == "Omni Pro II"


async def test_calls_while_there_is_no_session_fail_at_once_and_say_what_to_do(way: Way) -> None:
    async with serving(way) as served, client_of(served, way, NOT_SOON) as client:
        events = client.events()
        served.reboot()
        if way == "udp":
            with pytest.raises(OmniConnectionError):
                await client.get_system_status()
        await until(events, Reconnecting)
        for call in (
            client.turn_unit_on(1),
            client.arm_and_confirm(1, SecurityMode.AWAY, "1234"),
            client.list_zone_names(),
        ):
            with pytest.raises(
                OmniConnectionError, match=r"wait for Reconnected, or check_now\(\)"
            ) as caught:
                await call
            assert caught.value.end in (EndReason.TERMINATED, EndReason.LOST)
        assert not client.is_connected
        client.check_now()
        await until(events, Reconnected)
        assert client.is_connected
        await client.turn_unit_on(1)


async def test_leaving_while_it_waits_ends_at_once_and_iterators_stop() -> None:
    async with serving() as served:
        client = client_of(served, policy=NOT_SOON)
        events = client.events()
        async with client:
            served.reboot()
            await until(events, Reconnecting)
        with pytest.raises(StopAsyncIteration):
            await anext(events)


async def test_leaving_a_session_says_goodbye(way: Way) -> None:
    ends: list[ControllerEndReason] = []

    def observe(item: PeerEvent[Hashable]) -> None:
        if isinstance(item.event, ControllerSessionEnded):
            ends.append(item.event.reason)

    async with serving(way, observe=observe) as served:
        async with client_of(served, way) as client:
            await client.get_system_status()
        if way == "tcp":
            assert ends == [ControllerEndReason.CLIENT_TERMINATED]
        assert served.panel.session_count == 0


async def test_a_wrong_key_is_raised_bare_at_the_door(way: Way) -> None:
    async with serving(way) as served:
        client = client_of(served, way, ReconnectPolicy(retry_first=True), key=bytes(16))
        with pytest.raises(InvalidEncryptionKeyError):
            async with client:
                pytest.fail("there is no session")
        # It is over for good, and says so of itself.
        with pytest.raises(InvalidEncryptionKeyError):
            await client.list_zone_names()
        with pytest.raises(InvalidEncryptionKeyError):
            await client.wait_closed()


async def test_a_key_that_is_changed_ends_it_and_everybody_hears(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Told] = []
    async with serving() as served, client_of(served) as client:
        events = client.events()
        await client.subscribe(heard.append)
        async with MockPanel(controller_key=bytes(16)).serve() as other:
            client._make = lambda history: client_of(other)._make(history)
            served.reboot()
            with caplog.at_level(logging.INFO, "omnilink"), pytest.raises(InvalidEncryptionKeyError):
                await to_the_end(events)
        with pytest.raises(InvalidEncryptionKeyError):
            await client.wait_closed()
        assert isinstance(heard[-1], ConnectionLost)
        assert not heard[-1].retrying
        assert isinstance(heard[-1].error, InvalidEncryptionKeyError)
        # It fitted once: a panel that restarts in the middle of a handshake answers as to a wrong one.
        assert [type(event.error) for event in heard if isinstance(event, Reconnecting)][1:] == [
            InvalidEncryptionKeyError
        ] * 2
    errors = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "no other try" in errors[0]
    assert any("session lost" in record.message for record in caplog.records)
    assert KEY.hex() not in caplog.text


async def test_an_outage_leaves_one_record_when_it_is_lost_and_one_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    opened = 0

    async def open_or_fail() -> Transport:
        nonlocal opened
        opened += 1
        if 1 < opened < 5:
            raise OmniConnectionError("not there", EndReason.UNREACHABLE)
        return await open_tcp(served.host, served.port)

    async with serving() as served:
        client = ReconnectingClient.opening(open_or_fail, controller_key=KEY, policy=AT_ONCE)
        async with client:
            events = client.events()
            with caplog.at_level(logging.DEBUG, "omnilink"):
                served.reboot()
                await until(events, Reconnected)
    records = [record for record in caplog.records if record.levelno >= logging.INFO]
    assert [record.levelname for record in records] == ["INFO", "INFO"]
    assert records[0].message.startswith("session lost: ")
    assert records[1].message == "there is a session again"
    tries = [record for record in caplog.records if "next try in" in record.message]
    assert [record.levelname for record in tries] == ["DEBUG"] * 4


async def test_a_key_that_once_fitted_is_tried_for_ever_over_udp() -> None:
    async with serving("udp") as served, client_of(served, "udp") as client:
        events = client.events()
        make = client._make
        async with MockPanel(controller_key=bytes(16)).serve(transport="udp") as other:
            client._make = lambda history: client_of(other, "udp")._make(history)
            served.reboot()
            with pytest.raises(OmniConnectionError):
                await client.get_system_status()
            assert not isinstance((await until(events, Reconnecting)).error, InvalidEncryptionKeyError)
            for _ in range(5):
                refused = await until(events, Reconnecting)
                assert isinstance(refused.error, InvalidEncryptionKeyError)
            client._make = make
        await until(events, Reconnected)
        await client.turn_unit_on(1)


async def test_another_session_version_is_no_end_once_the_key_has_fitted() -> None:
    newer = ControllerSettings(offered_session_version=2)
    async with serving() as served, client_of(served) as client:
        events = client.events()
        make = client._make
        async with MockPanel(controller_key=KEY, settings=newer).serve() as other:
            with pytest.raises(HandshakeError) as caught:
                await client_of(other, policy=ReconnectPolicy(retry_first=True)).__aenter__()
            assert caught.value.end is EndReason.VERSION
            client._make = lambda history: client_of(other)._make(history)
            served.reboot()
            await until(events, Reconnecting)
            for _ in range(5):
                refused = await until(events, Reconnecting)
                assert isinstance(refused.error, HandshakeError)
                assert refused.error.end is EndReason.VERSION
            client._make = make
        await until(events, Reconnected)


async def test_over_udp_numbers_go_on_from_session_to_session(way: Way) -> None:
    sessions: list[list[int]] = []

    def observe(item: PeerEvent[Hashable]) -> None:
        if isinstance(item.event, SessionStarted):
            sessions.append([])
        elif isinstance(item.event, RequestReceived):
            sessions[-1].append(item.event.tag)

    async with serving(way, observe=observe) as served, client_of(served, way) as client:
        events = client.events()
        for _ in range(2):
            await client.get_system_status()
            assert client.connection.history.key_proved
            served.reboot()
            if way == "udp":
                # Only what is sent into the lost session tells.
                with pytest.raises(OmniConnectionError):
                    await client.get_system_status()
            await until(events, Reconnected)
        await client.get_system_status()
    assert len(sessions) == 3
    for before, after in pairwise(sessions):
        if way == "udp":
            assert after[0] > before[-1]
        else:
            assert after[0] == before[0]


async def test_a_connection_is_given_the_history_of_the_one_before() -> None:
    async with serving("udp") as served:
        first = OmniConnection(served.host, served.port, controller_key=KEY, transport="udp")
        assert first.history == SessionHistory()
        async with first:
            await first.request(RequestSystemFormats())
        history = first.history
        assert history.key_proved
        assert history.last_number > 3
        second = OmniConnection(
            served.host, served.port, controller_key=KEY, transport="udp", history=history
        )
        assert second.history == history
        async with second:
            await second.request(RequestSystemFormats())
        assert second.history.last_number > history.last_number
        assert second.history.session_id != history.session_id


async def test_busy_is_waited_for() -> None:
    one = ControllerSettings(max_sessions=1)
    async with serving(settings=one) as served:
        patient = client_of(served, policy=ReconnectPolicy(retry_first=True, busy_wait=0.01, jitter=0.0))
        events = patient.events()
        async with OmniClient(served.host, served.port, controller_key=KEY):
            with pytest.raises(SessionRefusedError):
                async with client_of(served):
                    pytest.fail("there is no slot")
            async with anyio.create_task_group() as tasks:

                async def enter() -> None:
                    async with patient:
                        await until(events, Reconnected)

                tasks.start_soon(enter)
                told = await until(events, Reconnecting)
                assert told.seconds == 0.01
                assert isinstance(told.error, SessionRefusedError)
                await until(events, Reconnecting)
                # The slot is free again.
                served.reboot()


async def test_it_is_entered_once_and_says_what_it_is_not() -> None:
    async with serving() as served:
        client = client_of(served)
        client.check_now()
        with pytest.raises(OmniConnectionError, match="enter its context first"):
            await client.list_zone_names()
        async with client:
            with pytest.raises(LocalProtocolError, match="entered once"):
                await client.__aenter__()
            await client.list_zone_names()
        with pytest.raises(OmniConnectionError, match="was left: make a new one"):
            await client.list_zone_names()
        with pytest.raises(LocalProtocolError, match="entered once"):
            await client.__aenter__()
        await client.wait_closed()


class Failing(ByteStream):
    """A transport that raises what no transport should, once it is told to."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.fails = anyio.Event()

    async def receive(self, max_bytes: int = 65536) -> bytes:
        del max_bytes
        received = b""

        async def fail() -> None:
            await self.fails.wait()
            raise RuntimeError("boom")

        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(fail)
                received = await self._transport.receive()
                tasks.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        return received

    async def send(self, item: bytes) -> None:
        await self._transport.send(item)

    async def send_eof(self) -> None:
        raise NotImplementedError

    async def aclose(self) -> None:
        await self._transport.aclose()


async def test_whatever_a_transport_raises_is_a_loss(caplog: pytest.LogCaptureFixture) -> None:
    made: list[Failing] = []
    async with serving() as served:

        async def opened() -> Transport:
            made.append(Failing(await open_tcp(served.host, served.port)))
            return made[-1]

        async with ReconnectingClient.opening(opened, controller_key=KEY, policy=AT_ONCE) as client:
            events = client.events()
            made[0].fails.set()
            lost = await until(events, ConnectionLost)
            assert lost.retrying
            await until(events, Reconnected)
            await client.turn_unit_on(1)
        # Without a keeper it is the loss of the connection too, told as one.
        async with OmniClient.over(await opened(), controller_key=KEY) as alone:
            alone_events = alone.events()
            made[-1].fails.set()
            with pytest.raises(OmniConnectionError) as caught:
                await to_the_end(alone_events)
            assert caught.value.end is EndReason.LOST
    assert "the transport failed to read" in caplog.text


async def test_an_opener_that_raises_what_it_should_not_is_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    opened = 0
    async with serving() as served:

        async def opener() -> Transport:
            nonlocal opened
            opened += 1
            if opened in (1, 3):
                raise ValueError("no such thing")
            return await open_tcp(served.host, served.port)

        hasty = ReconnectingClient.opening(opener, controller_key=KEY, policy=AT_ONCE)
        with pytest.raises(OmniConnectionError, match=r"cannot connect to the controller \(no such thing\)"):
            await hasty.__aenter__()
        async with ReconnectingClient.opening(opener, controller_key=KEY, policy=AT_ONCE) as client:
            events = client.events()
            served.reboot()
            await until(events, Reconnected)
    assert opened == 4
    assert "the transport could not be opened" in caplog.text


async def test_subscribers_hear_everything_in_order() -> None:
    heard: list[Told] = []
    async with serving() as served:
        async with client_of(served) as client:
            unsubscribe = await client.subscribe(heard.append)
            other: list[Told] = []
            await client.subscribe(other.append)
            events = client.events()
            served.reboot()
            await until(events, Reconnected)
            await client.turn_unit_on(1)
            await until(events, UnitStatus)
            unsubscribe()
        assert [type(event) for event in heard] == [ConnectionLost, Reconnecting, Reconnected, UnitStatus]
        assert other[: len(heard)] == heard
        assert other[-1] == ConnectionLost(None)


@pytest.mark.parametrize("after", [0.0, 0.001, 0.005, 0.02])
async def test_cancelling_leaves_no_session_behind(after: float) -> None:
    async with serving() as served:
        with anyio.move_on_after(after):
            async with client_of(served) as client:
                client.events()
                await anyio.sleep_forever()
        assert served.panel.session_count == 0


async def test_waiting_for_the_end_outlives_a_kick() -> None:
    async with serving() as served:
        client = client_of(served)
        async with anyio.create_task_group() as tasks, client:
            tasks.start_soon(client.wait_closed)
            await anyio.wait_all_tasks_blocked()
            events = client.events()
            client.check_now()
            served.reboot()
            await until(events, Reconnected)
