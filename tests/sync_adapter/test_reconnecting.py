"""The blocking client that stays connected, in memory: kicks, losses under way, and leaving it in every state."""

import queue
import threading
from collections.abc import Callable, Iterator

import pytest

from omnilink_sansio import (
    ClientSettings,
    ControllerEndReason,
    ControllerSessionEnded,
    ControllerSettings,
    EndReason,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    PacketType,
    PeerEvent,
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
from omnilink_sansio.simulator import EmulatedPanel, House, demo_house
from omnilink_sync import EventStream, ReconnectingClient, Transport

KEY = bytes(range(16, 32))
PEER = "peer"
PATIENCE = 20.0
AT_ONCE = ReconnectPolicy(quick_tries=10**6, quick_wait=0.001, busy_wait=0.001, sweep_every=0.0)
NOT_SOON = ReconnectPolicy(quick_wait=1e6, busy_wait=1e6, sweep_every=0.0)
SHORT = ClientSettings(close_timeout=0.05)
NEVER = 10**6
ENABLING, SWEEPING = 2, 3
"""How many packets a client has sent before it enables notifications, before it sweeps."""

Told = Notification | LinkEvent | EventsLost


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


class Line:
    """A transport with a panel at its end, which acts when it is written to and goes mute after some packets."""

    def __init__(self, house: House, answers: int) -> None:
        self.ends: list[ControllerEndReason] = []
        self.said: list[PacketType] = []
        self.is_closed = False
        self.muted = threading.Event()
        """Set when the panel has left a packet unanswered."""
        self._answers = answers
        self._incoming: queue.Queue[bytes | None] = queue.Queue()
        self._panel: EmulatedPanel[str] = EmulatedPanel(
            KEY,
            house,
            lambda: bytes(5),
            settings=ControllerSettings(idle_timeout=0.0),
            observe=self._observe,
        )
        self._panel.accept(PEER, 0.0)

    def _observe(self, item: PeerEvent[str]) -> None:
        if isinstance(item.event, ControllerSessionEnded):
            self.ends.append(item.event.reason)

    def go_mute(self) -> None:
        """Answer nothing from now on."""
        self._answers = 0

    def break_off(self) -> None:
        """Close the panel's end."""
        self._incoming.put(None)

    def send(self, data: bytes) -> None:
        assert not self.is_closed
        self.said.append(PacketType(data[2]))
        self._panel.receive_data(PEER, data, 0.0)
        answers = [packet for _, packet in self._panel.data_to_send()]
        if self._answers <= 0:
            self.muted.set()
            return
        self._answers -= 1
        for packet in answers:
            self._incoming.put(packet)

    def receive(self, timeout: float) -> bytes | None:
        assert not self.is_closed
        try:
            data = self._incoming.get(timeout=timeout)
        except queue.Empty:
            return None
        if data is None:
            raise EOFError
        return data

    def close(self) -> None:
        self.is_closed = True


class Lines:
    """A line for each time one is opened; ``answers`` says how many packets the panel at its end answers."""

    def __init__(self, *answers: int) -> None:
        self._answers = list(answers)
        self._house = demo_house()
        self._arrivals: queue.Queue[Line] = queue.Queue()
        self.opened: list[Line] = []
        self.refused = 0

    def open(self) -> Transport:
        if not self._answers:
            self.refused += 1
            raise OmniConnectionError("no way", EndReason.UNREACHABLE)
        self.opened.append(Line(self._house, self._answers.pop(0)))
        self._arrivals.put(self.opened[-1])
        return self.opened[-1]

    def next(self) -> Line:
        """Wait for the next line to be opened."""
        return self._arrivals.get(timeout=PATIENCE)

    def client(
        self, policy: ReconnectPolicy = AT_ONCE, settings: ClientSettings = SHORT
    ) -> ReconnectingClient:
        return ReconnectingClient.opening(self.open, controller_key=KEY, policy=policy, settings=settings)


def kinds_until(stream: EventStream[Told], last: type[object]) -> list[type[object]]:
    kinds: list[type[object]] = []
    while last not in kinds:
        event = stream.get(PATIENCE)
        assert event is not None, kinds
        kinds.append(type(event))
    return kinds


def test_every_loss_is_told_once_in_order() -> None:
    lines = Lines(*[NEVER] * 5)
    with lines.client() as client:
        events = client.events()
        for number in range(4):
            lines.opened[number].break_off()
            assert kinds_until(events, Reconnected) == [ConnectionLost, Reconnecting, Reconnected]
    assert list(events) == []
    assert [line.ends for line in lines.opened] == [*[[]] * 4, [ControllerEndReason.CLIENT_TERMINATED]]
    assert all(line.is_closed for line in lines.opened)


def test_the_kick_of_one_who_notices_the_loss_first_is_not_lost() -> None:
    lines = Lines(NEVER, NEVER)
    client = lines.client(NOT_SOON)
    wait, waits = client._wait, threading.Event()

    def noted(seconds: float | None, done: Callable[[], bool]) -> None:
        waits.set()
        wait(seconds, done)

    client._wait = noted  # type: ignore[method-assign]
    with client:
        events = client.events()
        # Called in the very moment in which the session ends, when the keeper waits for just that.
        client.connection.tap(lambda _: None, lambda _: None, client.check_now)
        assert waits.wait(PATIENCE)
        lines.opened[0].break_off()
        assert kinds_until(events, Reconnected) == [ConnectionLost, Reconnecting, Reconnected]


def test_each_kick_ends_one_wait() -> None:
    lines = Lines(NEVER)
    with lines.client(NOT_SOON) as client:
        events = client.events()
        lines.opened[0].break_off()
        kinds_until(events, Reconnecting)
        for tries in range(1, 6):
            client.check_now()
            assert kinds_until(events, Reconnecting) == [Reconnecting]
            assert lines.refused == tries


def test_calls_under_way_fail_at_once_by_name() -> None:
    failed: queue.Queue[OmniLinkError] = queue.Queue()
    lines = Lines(NEVER, NEVER)
    with lines.client(settings=ClientSettings(request_timeout=1e6, close_timeout=0.05)) as client:

        def call(make: Callable[[], object]) -> None:
            try:
                make()
            except OmniLinkError as error:
                failed.put(error)

        events = client.events()
        # Once it is answered the sweep before it is over, or at its end.
        client.get_system_status()
        lines.opened[0].go_mute()
        calling = [
            threading.Thread(target=call, args=(make,))
            for make in (lambda: client.turn_unit_on(1), client.get_system_information)
        ]
        for caller in calling:
            caller.start()
        assert lines.opened[0].muted.wait(PATIENCE)
        lines.opened[0].break_off()
        kinds_until(events, ConnectionLost)
        for caller in calling:
            caller.join(PATIENCE)
            assert not caller.is_alive()
    errors = [failed.get_nowait() for _ in calling]
    assert failed.empty()
    for error in errors:
        if isinstance(error, OutcomeUnknownError):
            assert error.cause is OutcomeCause.LOSS
        else:
            assert isinstance(error, OmniConnectionError)
            assert error.end is EndReason.LOST


@pytest.mark.parametrize("answers", [0, 1, ENABLING, SWEEPING, NEVER])
def test_it_can_be_left_in_every_state_and_says_goodbye_once(answers: int) -> None:
    # Long enough that nothing but leaving ends a wait for a reply; a handshake that is under way is waited for.
    settings = ClientSettings(request_timeout=1e6, handshake_timeout=0.05, close_timeout=0.05)
    lines = Lines(NEVER, answers)
    with lines.client(settings=settings):
        lines.next().break_off()
        line = lines.next()
        if answers != NEVER:
            assert line.muted.wait(PATIENCE)
    assert line.is_closed
    assert line.said.count(PacketType.CLIENT_SESSION_TERMINATED) == 1
    assert line.said[-1] is PacketType.CLIENT_SESSION_TERMINATED
    assert line.ends == [ControllerEndReason.CLIENT_TERMINATED]


def test_leaving_ends_what_other_threads_wait_for() -> None:
    ended: queue.Queue[object] = queue.Queue()
    lines = Lines(NEVER)
    client = lines.client(settings=ClientSettings(request_timeout=1e6, close_timeout=0.05))

    def note(wait: Callable[[], object]) -> None:
        try:
            ended.put(wait())
        except OmniLinkError as error:
            ended.put(error)

    with client:
        lines.next().go_mute()
        waits: list[Callable[[], object]] = [
            client.get_system_information,
            client.wait_closed,
            lambda: list(client.events()),
        ]
        waiting = [threading.Thread(target=note, args=(wait,)) for wait in waits]
        for waiter in waiting:
            waiter.start()
        assert lines.opened[0].muted.wait(PATIENCE)
    for waiter in waiting:
        waiter.join(PATIENCE)
        assert not waiter.is_alive()
    assert {type(ended.get_nowait()) for _ in waits} == {OmniConnectionError, type(None), list}


def test_an_error_in_the_body_comes_out_and_the_session_is_ended() -> None:
    lines = Lines(NEVER)
    with pytest.raises(ZeroDivisionError), lines.client():
        raise ZeroDivisionError
    assert lines.opened[0].ends == [ControllerEndReason.CLIENT_TERMINATED]


def test_a_busy_wait_and_a_waiting_try_are_left_at_once_and_nothing_more_is_opened() -> None:
    lines = Lines(NEVER)
    with lines.client(NOT_SOON) as client:
        events = client.events()
        lines.next().break_off()
        kinds_until(events, Reconnecting)
    assert lines.refused == 0
