"""The client that stays connected, over real sockets in blocking code: what it tells, and how it comes back."""

import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Literal, TypeVar

import pytest

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
    RequestTimeoutError,
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
from omnilink_sync import (
    EventStream,
    MockPanel,
    OmniClient,
    OmniConnection,
    ReconnectingClient,
    ServedPanel,
    Transport,
    open_tcp,
)

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


@contextmanager
def serving(
    way: Way = "tcp",
    settings: ControllerSettings | None = None,
    observe: Callable[[PeerEvent[Hashable]], None] | None = None,
) -> Iterator[ServedPanel]:
    panel = MockPanel(controller_key=KEY, settings=settings, observe=observe)
    with panel.serve(transport=way) as served:
        yield served


def client_of(
    served: ServedPanel, way: Way = "tcp", policy: ReconnectPolicy = AT_ONCE, key: bytes = KEY
) -> ReconnectingClient:
    return ReconnectingClient(served.host, served.port, controller_key=key, transport=way, policy=policy)


def until(stream: EventStream[Told], kind: type[_T]) -> _T:
    for event in stream:
        if isinstance(event, kind):
            return event
    raise AssertionError(f"ended without {kind.__name__}")


def to_the_end(stream: EventStream[object]) -> None:
    for _ in stream:
        continue


def test_a_restart_is_told_and_what_changed_meanwhile_is_found(way: Way) -> None:
    with serving(way) as served, client_of(served, way) as client:
        client.get_object_status(ObjectType.UNIT, 1, 4)
        events = client.events()
        served.panel.house.units[2].state = 0
        served.reboot()
        if way == "udp":
            # Only what is sent into the lost session tells.
            with pytest.raises(OmniConnectionError):
                client.get_system_status()
        lost = next(events)
        assert isinstance(lost, ConnectionLost)
        assert lost.retrying
        assert lost.error is not None
        assert lost.error.end in (EndReason.TERMINATED, EndReason.LOST)
        again = next(events)
        assert isinstance(again, Reconnecting)
        assert again.error is lost.error
        assert 0 < again.seconds < 0.02
        until(events, Reconnected)
        missed = until(events, MissedChange)
        assert isinstance(missed.status, UnitStatus)
        assert isinstance(missed.before, UnitStatus)
        assert (missed.status.index, missed.before.is_on, missed.status.is_on) == (2, True, False)
        client.turn_unit_on(1)
        status = until(events, UnitStatus)
        assert (status.index, status.is_on) == (1, True)


def test_a_callback_for_one_object_lives_on_over_losses_and_finds_missed_changes(way: Way) -> None:
    inbox: queue.Queue[Told] = queue.Queue()
    with serving(way) as served, client_of(served, way) as client:
        client.get_object_status(ObjectType.UNIT, 1, 4)
        client.subscribe_object(ObjectType.UNIT, 2, inbox.put)
        events = client.events()
        served.panel.house.units[2].state = 0
        served.reboot()
        if way == "udp":
            # Only what is sent into the lost session tells.
            with pytest.raises(OmniConnectionError):
                client.get_system_status()
        until(events, MissedChange)
        client.turn_unit_on(1)
        client.turn_unit_on(2)
        assert until(events, UnitStatus).index == 1
        assert until(events, UnitStatus).index == 2
    told = [*iter(lambda: inbox.get(timeout=PATIENCE), ConnectionLost(None)), ConnectionLost(None)]
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


def test_it_outlives_many_restarts(way: Way) -> None:
    with serving(way) as served, client_of(served, way) as client:
        events = client.events()
        for _ in range(5):
            served.reboot()
            client.check_now()
            if way == "udp":
                # Only what is sent into the lost session tells.
                with pytest.raises(OmniConnectionError):
                    client.get_system_status()
            until(events, Reconnected)
            assert (client.get_system_information()).model_name == "Omni Pro II"


def test_calls_while_there_is_no_session_fail_at_once_and_say_what_to_do(way: Way) -> None:
    with serving(way) as served, client_of(served, way, NOT_SOON) as client:
        events = client.events()
        served.reboot()
        if way == "udp":
            with pytest.raises(OmniConnectionError):
                client.get_system_status()
        until(events, Reconnecting)
        calls: list[Callable[[], object]] = [
            lambda: client.turn_unit_on(1),
            lambda: client.arm_and_confirm(1, SecurityMode.AWAY, "1234"),
            client.list_zone_names,
        ]
        for call in calls:
            with pytest.raises(
                OmniConnectionError, match=r"wait for Reconnected, or check_now\(\)"
            ) as caught:
                call()
            assert caught.value.end in (EndReason.TERMINATED, EndReason.LOST)
        assert not client.is_connected
        client.check_now()
        until(events, Reconnected)
        assert client.is_connected
        client.turn_unit_on(1)


def test_leaving_while_it_waits_ends_at_once_and_iterators_stop() -> None:
    with serving() as served:
        client = client_of(served, policy=NOT_SOON)
        events = client.events()
        with client:
            served.reboot()
            until(events, Reconnecting)
        with pytest.raises(StopIteration):
            next(events)


def test_leaving_a_session_says_goodbye(way: Way) -> None:
    ends: list[ControllerEndReason] = []

    def observe(item: PeerEvent[Hashable]) -> None:
        if isinstance(item.event, ControllerSessionEnded):
            ends.append(item.event.reason)

    with serving(way, observe=observe) as served:
        with client_of(served, way) as client:
            client.get_system_status()
        if way == "tcp":
            assert ends == [ControllerEndReason.CLIENT_TERMINATED]
        assert served.act(lambda panel, _: panel.session_count) == 0


def test_a_wrong_key_is_raised_bare_at_the_door(way: Way) -> None:
    with serving(way) as served:
        client = client_of(served, way, ReconnectPolicy(retry_first=True), key=bytes(16))
        with pytest.raises(InvalidEncryptionKeyError), client:
            pytest.fail("there is no session")
        # It is over for good, and says so of itself.
        with pytest.raises(InvalidEncryptionKeyError):
            client.list_zone_names()
        with pytest.raises(InvalidEncryptionKeyError):
            client.wait_closed()


def test_a_key_that_is_changed_ends_it_and_everybody_hears(caplog: pytest.LogCaptureFixture) -> None:
    heard: queue.Queue[Told] = queue.Queue()
    with serving() as served, client_of(served) as client:
        events = client.events()
        client.subscribe(heard.put)
        with MockPanel(controller_key=bytes(16)).serve() as other:
            client._make = lambda history: client_of(other)._make(history)
            with caplog.at_level(logging.INFO, "omnilink"):
                served.reboot()
                with pytest.raises(InvalidEncryptionKeyError):
                    to_the_end(events)
                with pytest.raises(InvalidEncryptionKeyError):
                    client.wait_closed()
        told: list[Told] = []
        while not (isinstance(last := heard.get(timeout=PATIENCE), ConnectionLost) and not last.retrying):
            told.append(last)
        assert isinstance(last.error, InvalidEncryptionKeyError)
        # It fitted once: a panel that restarts in the middle of a handshake answers as to a wrong one.
        assert [type(event.error) for event in told if isinstance(event, Reconnecting)][1:] == [
            InvalidEncryptionKeyError
        ] * 2
    errors = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "no other try" in errors[0]
    assert any("session lost" in record.message for record in caplog.records)
    assert KEY.hex() not in caplog.text


def test_an_outage_leaves_one_record_when_it_is_lost_and_one_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    opened = 0

    def open_or_fail() -> Transport:
        nonlocal opened
        opened += 1
        if 1 < opened < 5:
            raise OmniConnectionError("not there", EndReason.UNREACHABLE)
        return open_tcp(served.host, served.port)

    with serving() as served:
        client = ReconnectingClient.opening(open_or_fail, controller_key=KEY, policy=AT_ONCE)
        with client:
            events = client.events()
            with caplog.at_level(logging.DEBUG, "omnilink"):
                served.reboot()
                until(events, Reconnected)
    records = [record for record in caplog.records if record.levelno >= logging.INFO]
    assert [record.levelname for record in records] == ["INFO", "INFO"]
    assert records[0].message.startswith("session lost: ")
    assert records[1].message == "there is a session again"
    tries = [record for record in caplog.records if "next try in" in record.message]
    assert [record.levelname for record in tries] == ["DEBUG"] * 4


def test_a_key_that_once_fitted_is_tried_for_ever_over_udp() -> None:
    with serving("udp") as served, client_of(served, "udp") as client:
        events = client.events()
        make = client._make
        with MockPanel(controller_key=bytes(16)).serve(transport="udp") as other:
            client._make = lambda history: client_of(other, "udp")._make(history)
            served.reboot()
            with pytest.raises(OmniConnectionError):
                client.get_system_status()
            assert not isinstance(until(events, Reconnecting).error, InvalidEncryptionKeyError)
            for _ in range(5):
                refused = until(events, Reconnecting)
                assert isinstance(refused.error, InvalidEncryptionKeyError)
            client._make = make
        until(events, Reconnected)
        client.turn_unit_on(1)


def test_another_session_version_is_no_end_once_the_key_has_fitted() -> None:
    newer = ControllerSettings(offered_session_version=2)
    with serving() as served, client_of(served) as client:
        events = client.events()
        make = client._make
        with MockPanel(controller_key=KEY, settings=newer).serve() as other:
            with pytest.raises(HandshakeError) as caught:
                client_of(other, policy=ReconnectPolicy(retry_first=True)).__enter__()
            assert caught.value.end is EndReason.VERSION
            client._make = lambda history: client_of(other)._make(history)
            served.reboot()
            until(events, Reconnecting)
            for _ in range(5):
                refused = until(events, Reconnecting)
                assert isinstance(refused.error, HandshakeError)
                assert refused.error.end is EndReason.VERSION
            client._make = make
        until(events, Reconnected)


def test_over_udp_numbers_go_on_from_session_to_session(way: Way) -> None:
    sessions: list[list[int]] = []

    def observe(item: PeerEvent[Hashable]) -> None:
        if isinstance(item.event, SessionStarted):
            sessions.append([])
        elif isinstance(item.event, RequestReceived):
            sessions[-1].append(item.event.tag)

    with serving(way, observe=observe) as served, client_of(served, way) as client:
        events = client.events()
        for _ in range(2):
            client.get_system_status()
            assert client.connection.history.key_proved
            served.reboot()
            if way == "udp":
                # Only what is sent into the lost session tells.
                with pytest.raises(OmniConnectionError):
                    client.get_system_status()
            until(events, Reconnected)
        client.get_system_status()
    assert len(sessions) == 3
    for before, after in pairwise(sessions):
        if way == "udp":
            assert after[0] > before[-1]
        else:
            assert after[0] == before[0]


def test_a_connection_is_given_the_history_of_the_one_before() -> None:
    with serving("udp") as served:
        first = OmniConnection(served.host, served.port, controller_key=KEY, transport="udp")
        assert first.history == SessionHistory()
        with first:
            first.request(RequestSystemFormats())
        history = first.history
        assert history.key_proved
        assert history.last_number > 3
        second = OmniConnection(
            served.host, served.port, controller_key=KEY, transport="udp", history=history
        )
        assert second.history == history
        with second:
            second.request(RequestSystemFormats())
        assert second.history.last_number > history.last_number
        assert second.history.session_id != history.session_id


def test_busy_is_waited_for() -> None:
    one = ControllerSettings(max_sessions=1)
    with serving(settings=one) as served:
        patient = client_of(served, policy=ReconnectPolicy(retry_first=True, busy_wait=0.01, jitter=0.0))
        events = patient.events()

        left = threading.Event()

        def enter() -> None:
            with patient:
                left.wait(PATIENCE)

        with OmniClient(served.host, served.port, controller_key=KEY):
            with pytest.raises(SessionRefusedError), client_of(served):
                pytest.fail("there is no slot")
            entering = threading.Thread(target=enter)
            entering.start()
            told = until(events, Reconnecting)
            assert told.seconds == 0.01
            assert isinstance(told.error, SessionRefusedError)
            until(events, Reconnecting)
            # The slot is free again.
            served.reboot()
            until(events, Reconnected)
            left.set()
            entering.join(PATIENCE)
            assert not entering.is_alive()


def test_it_is_entered_once_and_says_what_it_is_not() -> None:
    with serving() as served:
        client = client_of(served)
        client.check_now()
        with pytest.raises(OmniConnectionError, match="enter its context first"):
            client.list_zone_names()
        with client:
            with pytest.raises(LocalProtocolError, match="entered once"):
                client.__enter__()
            client.list_zone_names()
        with pytest.raises(OmniConnectionError, match="was left: make a new one"):
            client.list_zone_names()
        with pytest.raises(LocalProtocolError, match="entered once"):
            client.__enter__()
        client.wait_closed()


class Failing:
    """A transport that raises what no transport should, once it is told to."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.fails = threading.Event()

    def receive(self, timeout: float) -> bytes | None:
        until = time.monotonic() + timeout
        while (received := self._transport.receive(0.005)) is None and time.monotonic() < until:
            if self.fails.is_set():
                raise RuntimeError("boom")
        return received

    def send(self, data: bytes) -> None:
        self._transport.send(data)

    def close(self) -> None:
        self._transport.close()


def test_whatever_a_transport_raises_is_a_loss(caplog: pytest.LogCaptureFixture) -> None:
    made: list[Failing] = []
    with serving() as served:

        def opened() -> Transport:
            made.append(Failing(open_tcp(served.host, served.port)))
            return made[-1]

        with ReconnectingClient.opening(opened, controller_key=KEY, policy=AT_ONCE) as client:
            events = client.events()
            made[0].fails.set()
            lost = until(events, ConnectionLost)
            assert lost.retrying
            until(events, Reconnected)
            client.turn_unit_on(1)
        # Without a keeper it is the loss of the connection too, told as one.
        with OmniClient.over(opened(), controller_key=KEY) as alone:
            alone_events = alone.events()
            made[-1].fails.set()
            with pytest.raises(OmniConnectionError) as caught:
                to_the_end(alone_events)
            assert caught.value.end is EndReason.LOST
    assert "the transport failed to read" in caplog.text


def test_an_opener_that_raises_what_it_should_not_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    opened = 0
    with serving() as served:

        def opener() -> Transport:
            nonlocal opened
            opened += 1
            if opened in (1, 3):
                raise ValueError("no such thing")
            return open_tcp(served.host, served.port)

        hasty = ReconnectingClient.opening(opener, controller_key=KEY, policy=AT_ONCE)
        with pytest.raises(OmniConnectionError, match=r"cannot connect to the controller \(no such thing\)"):
            hasty.__enter__()
        with ReconnectingClient.opening(opener, controller_key=KEY, policy=AT_ONCE) as client:
            events = client.events()
            served.reboot()
            until(events, Reconnected)
    assert opened == 4
    assert "the transport could not be opened" in caplog.text


def test_subscribers_hear_everything_in_order() -> None:
    heard: queue.Queue[Told] = queue.Queue()
    other: queue.Queue[Told] = queue.Queue()
    with serving() as served:
        with client_of(served) as client:
            unsubscribe = client.subscribe(heard.put)
            client.subscribe(other.put)
            served.reboot()
            told = [heard.get(timeout=PATIENCE) for _ in range(3)]
            client.turn_unit_on(1)
            told.append(heard.get(timeout=PATIENCE))
            unsubscribe()
        assert [type(event) for event in told] == [ConnectionLost, Reconnecting, Reconnected, UnitStatus]
        assert [other.get(timeout=PATIENCE) for _ in range(4)] == told
        assert other.get(timeout=PATIENCE) == ConnectionLost(None)
        assert heard.empty()


def test_leaving_from_within_anything_leaves_no_session_and_no_thread_behind() -> None:
    with serving() as served:
        threads = set(threading.enumerate())
        for _ in range(20):
            with client_of(served) as client:
                client.events()
                client.subscribe(print)
            assert served.act(lambda panel, _: panel.session_count) == 0
        # One of a test before may have ended meanwhile.
        assert set(threading.enumerate()) <= threads


def test_closing_an_iterator_from_another_thread_wakes_who_waits_for_it() -> None:
    with serving() as served, client_of(served) as client:
        events = client.events()
        waiting = threading.Thread(target=lambda: list(events))
        waiting.start()
        events.close()
        waiting.join(PATIENCE)
        assert not waiting.is_alive()


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Let threads that always have something to do take turns more often than every 5 ms."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("eager_threads")
def test_calls_from_any_thread_at_any_time_are_the_controllers_answer_or_a_loss() -> None:
    wrong: list[Exception] = []
    stop = threading.Event()
    with serving() as served, client_of(served) as client:

        def call() -> None:
            while not stop.is_set():
                try:
                    client.get_system_status()
                except (OmniConnectionError, RequestTimeoutError):
                    continue
                except Exception as error:  # noqa: BLE001 - a thread's own would be lost
                    wrong.append(error)
                    return

        callers = [threading.Thread(target=call) for _ in range(3)]
        for caller in callers:
            caller.start()
        events = client.events()
        for _ in range(10):
            served.reboot()
            until(events, Reconnected)
        stop.set()
        for caller in callers:
            caller.join(PATIENCE)
    assert wrong == []


def test_waiting_for_the_end_outlives_a_kick() -> None:
    with serving() as served:
        with client_of(served) as client:
            waiting = threading.Thread(target=client.wait_closed)
            waiting.start()
            events = client.events()
            client.check_now()
            served.reboot()
            until(events, Reconnected)
            assert waiting.is_alive()
        waiting.join(PATIENCE)
        assert not waiting.is_alive()
