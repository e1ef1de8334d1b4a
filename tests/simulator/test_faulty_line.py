"""What is held back on the way: its order, its times, its end; and that a client survives any plan."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    ClientSettings,
    ConnectionState,
    ControllerEndReason,
    ControllerSessionEnded,
    ControllerSettings,
    Framing,
    LocalProtocolError,
    OmniLinkError,
    Packet,
    PacketType,
    ReplyReceived,
    Request,
    RequestFailed,
    RequestReceived,
    SessionEnded,
)
from omnilink_sansio.commands import Command, ControllerCommand, turn_unit_on
from omnilink_sansio.objects import ObjectType
from omnilink_sansio.session.events import RequestId
from omnilink_sansio.simulator import EmulatedPanel, FaultKind, FaultPlan, House, PlannedFault, demo_house
from omnilink_sansio.simulator.faults.faulty_line import MOST_HELD
from omnilink_sansio.simulator.pacer import MOST_WAITING, Pacer
from omnilink_sansio.system import EnableNotifications, RequestSystemInformation, RequestSystemStatus
from omnilink_sansio.wire.packet import Direction
from tests.simulator.driver import KEY, still_house
from tests.simulator.faulty_world import START, FaultyWorld

STREAM, DATAGRAM = Framing.STREAM, Framing.DATAGRAM
framings = pytest.mark.parametrize("framing", [STREAM, DATAGRAM], ids=["stream", "datagram"])

QUESTION = RequestSystemInformation()


def _listening(
    plan: str = "",
    framing: Framing = STREAM,
    *,
    gap: float = 0.0,
    house: House | None = None,
) -> FaultyWorld:
    world = FaultyWorld(plan, gap=gap, house=house)
    world.connect("one", framing)
    world.listen()
    return world


def _push(world: FaultyWorld, unit: int = 1) -> None:
    world.panel.push([(ObjectType.UNIT, unit)], world.now)
    world.pump()


# The gap before a notification.


@framings
def test_a_notification_follows_a_reply_at_once_unless_a_gap_is_asked_for(framing: Framing) -> None:
    world = _listening(framing=framing)
    world.go_to(10)
    world.ask(turn_unit_on(1))
    assert world.times() == [10, 10]


@framings
def test_a_notification_is_held_until_the_gap_after_the_last_packet_has_passed(framing: Framing) -> None:
    world = _listening(framing=framing, gap=0.2)
    world.go_to(10)
    world.ask(turn_unit_on(1))
    assert world.times() == [10]
    world.go_to(10.15)
    assert world.times() == [10]
    world.go_to(11)
    assert world.times() == [10, 10.2]
    assert world.notified() == 1
    # Long after the last packet there is nothing to wait for.
    world.go_to(20)
    _push(world)
    assert world.times() == [10, 10.2, 20]


@framings
def test_a_reply_that_follows_a_reply_waits_for_nothing(framing: Framing) -> None:
    world = _listening(framing=framing, gap=0.2)
    world.go_to(10)
    for _ in range(5):
        world.ask(QUESTION)
    assert world.times() == [10] * 5
    # Nor does the notification that waits between them take its gap from a reply.
    world.ask(turn_unit_on(1))
    world.go_to(10.1)
    world.ask(QUESTION)
    world.go_to(11)
    assert [(seconds, sequence == 0) for seconds, sequence in world.messages()][5:] == [
        (10, False),
        (10.1, False),
        (10.3, True),
    ]


@framings
def test_a_reply_keeps_the_gap_to_a_notification_before_it(framing: Framing) -> None:
    world = _listening(framing=framing, gap=0.2)
    world.go_to(10)
    _push(world)
    world.go_to(10.1)
    client = world.clients["one"]
    for _ in range(2):
        client.send(QUESTION, world.now)
    world.pump()
    world.go_to(11)
    assert [(seconds, sequence == 0) for seconds, sequence in world.messages()] == [
        (10, True),
        (10.2, False),
        (10.2, False),
    ]


def test_a_client_that_never_stops_asking_still_gets_its_notifications() -> None:
    world = _listening(gap=0.5)
    world.go_to(10)
    for unit in (1, 2, 3):
        _push(world, unit)
    for _ in range(400):
        world.go_to(world.seconds + 0.05)
        world.ask(QUESTION)
    kinds = [(seconds, sequence == 0) for seconds, sequence in world.messages()]
    told = [seconds for seconds, is_notification in kinds if is_notification]
    assert len(told) == 3
    # Ten gaps after it began to wait, one whole gap around each, and replies between them.
    assert told[0] == 10
    assert told[1] == pytest.approx(15.5, abs=0.11)
    assert told[2] == pytest.approx(told[1] + 1, abs=0.11)
    for moment in told:
        around = [abs(seconds - moment) for seconds, _ in kinds if seconds != moment]
        assert min(around) >= 0.5 - 1e-9
    assert any(told[1] < seconds < told[2] for seconds, is_notification in kinds if not is_notification)


@framings
def test_notifications_in_a_row_have_the_gap_between_them(framing: Framing) -> None:
    world = _listening(framing=framing, gap=0.2)
    world.go_to(10)
    for unit in (1, 2, 3):
        _push(world, unit)
    world.go_to(12)
    assert world.times() == [10, 10.2, 10.4]
    assert world.notified() == 3


def test_the_gap_is_each_clients_own() -> None:
    world = FaultyWorld(gap=0.2)
    for peer in ("one", "two"):
        world.connect(peer)
        world.listen(peer)
    world.go_to(10)
    world.ask(turn_unit_on(1), "one")
    assert world.times("one") == [10]
    assert world.times("two") == [10]
    world.go_to(11)
    assert world.times("one") == [10, 10.2]
    assert world.times("two") == [10]


@framings
def test_what_waits_for_the_gap_is_not_said_any_more_when_nobody_wants_to_hear_it(framing: Framing) -> None:
    world = _listening(framing=framing, gap=5, house=still_house())
    world.go_to(10)
    for unit in (1, 2, 3):
        _push(world, unit)
    assert world.notified() == 1
    world.clients["one"].send(EnableNotifications(0), world.now)
    world.pump()
    world.go_to(20)
    # The answer waits for the gap, and for nothing that is not told any more.
    assert world.times()[-1] == 15
    world.clients["one"].send(EnableNotifications(1), world.now)
    world.pump()
    world.go_to(100)
    assert world.notified() == 1


def test_what_waits_for_the_gap_is_not_said_in_the_next_session() -> None:
    world = _listening(framing=DATAGRAM, gap=5, house=still_house())
    world.go_to(10)
    for unit in (1, 2, 3):
        _push(world, unit)
    world.panel.terminate("one", world.now)
    world.pump()
    world.connect("one", DATAGRAM)
    assert world.is_online()
    before = world.notified()
    world.ask(QUESTION)
    assert world.times()[-1] == 10
    world.go_to(100)
    assert world.notified() == before


def test_a_reply_passes_the_notifications_that_wait() -> None:
    world = _listening(gap=1)
    world.go_to(10)
    for unit in (1, 2, 3):
        _push(world, unit)
    world.clients["one"].send(QUESTION, world.now)
    world.pump()
    world.go_to(20)
    assert [(seconds, sequence == 0) for seconds, sequence in world.messages()] == [
        (10, True),
        (11, False),
        (12, True),
        (13, True),
    ]


def test_closing_the_panel_says_what_waited_for_the_gap() -> None:
    world = _listening(gap=5)
    world.go_to(10)
    for unit in (1, 2, 3):
        _push(world, unit)
    world.panel.close(world.now)
    world.pump()
    assert world.notified() == 3


def test_what_waits_for_the_gap_is_bounded() -> None:
    said: list[int] = []
    spacing: Pacer[str] = Pacer(1.0)
    for number in range(MOST_WAITING + 10):
        spacing.notify("one", 0.0, lambda _now, number=number: said.append(number))  # type: ignore[misc]
    # A reply is never lost, and waits for the gap only.
    spacing.reply("one", 0.5, lambda now: said.append(-int(now)))
    now = 0.0
    while (due := spacing.next_timeout()) is not None:
        assert due == now + 1.0
        now = due
        spacing.catch_up(now)
    assert said == [0, -1, *range(1, MOST_WAITING + 1)]


@pytest.mark.parametrize("gap", [-0.1, float("inf"), float("nan")])
def test_a_gap_that_is_none_is_refused(gap: float) -> None:
    with pytest.raises(LocalProtocolError, match="notification_gap takes 0 seconds or more"):
        EmulatedPanel(KEY, demo_house(), lambda: bytes(5), notification_gap=gap)


# The order on a stream.


@given(
    st.lists(
        st.builds(
            PlannedFault,
            st.sampled_from([FaultKind.DELAY, FaultKind.SPLIT, FaultKind.JOIN]),
            percent=st.floats(5, 100),
            at=st.just(5.0),
            # A client gives a packet that stays incomplete up after 10 s.
            by=st.floats(0.01, 9),
        ),
        max_size=5,
    ),
    st.integers(0, 1000),
    st.lists(st.floats(0, 3), min_size=1, max_size=15),
    st.sampled_from([0.0, 0.5]),
)
def test_a_stream_keeps_its_order_unless_another_is_asked_for(
    faults: list[PlannedFault], seed: int, pauses: list[float], gap: float
) -> None:
    written = []
    for plan in (FaultPlan(), FaultPlan(tuple(faults), seed)):
        world = FaultyWorld(plan, gap=gap, house=House())
        world.connect()
        world.listen()
        world.go_to(6)
        for number, pause in enumerate(pauses):
            world.go_to(world.seconds + pause)
            _push(world, number % 4 + 1)
        world.go_to(world.seconds + 1000)
        assert world.times() == sorted(world.times())
        assert world.notified() == len(pauses)
        written.append(b"".join(data for _, data in world.written["one"]))
    assert written[0] == written[1]


def test_a_stream_is_put_in_another_order_where_that_is_asked_for() -> None:
    world = _listening("reorder at 10")
    world.go_to(10)
    for unit in (1, 2, 3):
        _push(world, unit)
    told = [data for _, data in world.written["one"]]
    world = _listening()
    world.go_to(10)
    for unit in (1, 2, 3):
        _push(world, unit)
    plain = [data for _, data in world.written["one"]]
    assert told == [plain[1], plain[0], plain[2]]


# Ends.


def test_a_stream_is_closed_when_the_packet_6_that_was_held_back_is_out() -> None:
    world = _listening("delay at 10 by 2")
    world.go_to(10)
    world.panel.terminate("one", world.now)
    world.pump()
    assert world.panel.session_count == 0
    assert world.panel.state("one") is ConnectionState.CLOSING
    assert world.written["one"] == []
    world.go_to(11.9)
    assert world.panel.state("one") is ConnectionState.CLOSING
    world.go_to(12)
    assert world.types() == [PacketType.CONTROLLER_SESSION_TERMINATED]
    assert world.panel.state("one") is ConnectionState.CLOSED
    assert isinstance(world.error(), OmniLinkError)


def test_the_end_of_a_stream_stays_behind_what_came_before_it() -> None:
    world = _listening("delay at 10 by 2 to panel")
    world.go_to(10)
    world.clients["one"].send(turn_unit_on(1), world.now)
    world.pump()
    world.panel.receive_eof("one", world.now)
    world.go_to(11.9)
    assert world.panel.session_count == 1
    world.panel.handle_timeout(START + 12)
    assert world.house.units[1].state != 0
    assert world.panel.session_count == 0
    ends = [type(event) for _, event in world.observed][-2:]
    assert ends == [RequestReceived, ControllerSessionEnded]


def test_the_end_of_a_stream_hurries_what_waited_for_company() -> None:
    world = _listening("reorder at 10 by 30 to panel")
    world.go_to(10)
    world.clients["one"].send(turn_unit_on(1), world.now)
    world.pump()
    assert world.house.units[1].state == 0
    world.panel.receive_eof("one", world.now)
    assert world.house.units[1].state != 0
    assert world.panel.session_count == 0


def test_nothing_held_back_is_written_to_a_stream_that_is_gone_or_to_the_next_of_its_name() -> None:
    world = _listening("delay at 10 for 1 by 5")
    world.go_to(10)
    world.clients["one"].send(QUESTION, world.now)
    world.pump()
    world.panel.receive_eof("one", world.now)
    assert world.panel.state("one") is ConnectionState.CLOSED
    world.go_to(12)
    world.connect()
    world.go_to(20)
    assert world.types() == [
        PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION,
        PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION,
    ]


@framings
def test_closing_the_panel_lets_go_what_was_held_back(framing: Framing) -> None:
    world = _listening("delay at 10 for 100 by 5", framing)
    world.go_to(10)
    world.clients["one"].send(QUESTION, world.now)
    world.pump()
    assert world.written["one"] == []
    world.panel.close(world.now)
    assert world.panel.state("one") is ConnectionState.CLOSED
    world.pump()
    assert world.types() == [PacketType.OMNI_LINK_II_MESSAGE, PacketType.CONTROLLER_SESSION_TERMINATED]
    assert world.panel.next_timeout() == world.house.next_timer()


# Memory.


def test_what_is_held_back_to_clients_is_bounded() -> None:
    world = _listening(gap=1, house=House())
    for _ in range(2 * MOST_HELD):
        _push(world)
    world.go_to(3 * MOST_HELD)
    assert world.notified() == MOST_HELD


def test_what_is_held_back_to_the_panel_is_bounded_and_the_end_of_a_stream_is_not_lost() -> None:
    world = FaultyWorld(
        "delay by 10 to panel",
        house=House(),
        settings=ControllerSettings(idle_timeout=0, handshake_timeout=1e6),
    )
    world.panel.accept("stream", world.now)
    piece = Packet(0, PacketType.NO_MESSAGE).encode()
    for _ in range(2 * MOST_HELD):
        world.panel.receive_data("stream", piece, world.now)
    world.panel.receive_eof("stream", world.now)
    world.panel.handle_timeout(world.now + 10)
    assert len(world.observed) == MOST_HELD + 1
    assert world.observed[-1].event == ControllerSessionEnded(ControllerEndReason.LOST)
    assert world.panel.next_timeout() is None


# What does not happen changes nothing.


@framings
def test_a_plan_that_does_not_strike_changes_no_byte_and_no_time(framing: Framing) -> None:
    plan = "; ".join(f"{kind} at 1000000{' for 1' if kind is FaultKind.SILENT else ''}" for kind in FaultKind)
    runs = []
    for faults in ("", plan):
        world = _listening(faults, framing)
        for second in range(1, 20):
            world.go_to(second)
            world.ask(ControllerCommand(Command.UNIT_ON if second % 2 else Command.UNIT_OFF, 0, 1))
            world.ask(QUESTION)
        runs.append((world.written["one"], world.events["one"], world.observed))
    assert runs[0] == runs[1]


# Any plan.

_BOTH_WAYS = [FaultKind.DROP, FaultKind.DELAY, FaultKind.DUPLICATE, FaultKind.REORDER, FaultKind.CORRUPT]
_WAITS = [FaultKind.DELAY, FaultKind.REORDER, FaultKind.SPLIT, FaultKind.JOIN]


@st.composite
def _faults(draw: st.DrawFn, *, ending: bool) -> PlannedFault:
    kind = draw(st.sampled_from(FaultKind))
    by = draw(st.none() | st.floats(0.01, 5)) if kind in _WAITS else None
    ways = [Direction.TO_CLIENT, Direction.TO_CONTROLLER] if kind in _BOTH_WAYS else [Direction.TO_CLIENT]
    way = draw(st.sampled_from(ways))
    at = draw(st.floats(0, 40))
    lasting = draw(st.floats(0.1, 20))
    percent = draw(st.none() | st.floats(1, 100))
    if kind is FaultKind.SILENT:
        drawn = percent is not None and not ending
        return PlannedFault(kind, percent if drawn else None, None if drawn else at, lasting)
    if ending:
        return PlannedFault(kind, percent, at, lasting if percent or draw(st.booleans()) else None, by, way)
    return PlannedFault(kind, percent, draw(st.none() | st.just(at)), None, by, way)


def _plans(*, ending: bool) -> st.SearchStrategy[FaultPlan]:
    faults = st.lists(_faults(ending=ending), min_size=1, max_size=6).map(tuple)
    return st.builds(FaultPlan, faults, st.integers(0, 1 << 32))


_ERRANDS: tuple[Callable[[], Request[object]], ...] = (
    lambda: turn_unit_on(1),
    RequestSystemInformation,
    RequestSystemStatus,
    lambda: EnableNotifications(1),
    lambda: ControllerCommand(Command.INCREMENT_COUNTER, 0, 393),
)

_ROOMY = ControllerSettings(idle_timeout=60, max_sessions=500, max_half_open=500)


class _Errands:
    """Clients of both kinds that send requests and come back under another name when their session has ended."""

    def __init__(self, plan: FaultPlan, gap: float) -> None:
        self.world = FaultyWorld(
            plan, gap=gap, settings=_ROOMY, client_settings=ClientSettings(keepalive=7, max_queued=200)
        )
        self.sent: dict[str, list[RequestId]] = {}
        self._names: dict[Framing, str] = {}
        for framing in Framing:
            self.come(framing)

    def come(self, framing: Framing) -> str:
        name = self._names[framing] = f"{framing.value} {len(self.sent)}"
        self.sent[name] = []
        self.world.connect(name, framing)
        return name

    def go(self, framing: Framing, errand: int) -> None:
        name = self._names[framing]
        client = self.world.clients[name]
        if client.state is ConnectionState.CLOSED:
            name = self.come(framing)
        elif client.state is ConnectionState.ONLINE:
            self.sent[name].append(client.send(_ERRANDS[errand](), self.world.now))
            self.world.pump()

    def works(self, framing: Framing, patience: int) -> bool:
        """Whether a new client gets its answer, within so many tries."""
        for _ in range(patience):
            name = self.come(framing)
            client = self.world.clients[name]
            while client.state not in (ConnectionState.ONLINE, ConnectionState.CLOSED):
                assert self.world.step(START + 1e6), "the handshake hangs"
            try:
                if client.state is ConnectionState.ONLINE:
                    self.world.ask(QUESTION, name)
                    return True
            except OmniLinkError:
                continue
        return False

    def check(self) -> None:
        """Every request has ended once, and every error is one of ours."""
        for name, sent in self.sent.items():
            events = self.world.events[name]
            ended = [event.request_id for event in events if isinstance(event, ReplyReceived | RequestFailed)]
            assert sorted(request for request in ended if request in sent) == sorted(sent)
            for event in events:
                if isinstance(event, RequestFailed | SessionEnded) and event.error is not None:
                    assert isinstance(event.error, OmniLinkError)


_RUNS = st.lists(
    st.tuples(st.floats(0, 6), st.sampled_from(Framing), st.integers(0, len(_ERRANDS) - 1)),
    min_size=1,
    max_size=25,
)


@given(_plans(ending=False), _RUNS, st.sampled_from([0.0, 0.3]))
def test_no_plan_makes_a_client_hang_or_raise(
    plan: FaultPlan, run: list[tuple[float, Framing, int]], gap: float
) -> None:
    errands = _Errands(plan, gap)
    for pause, framing, errand in run:
        errands.world.go_to(errands.world.seconds + pause)
        errands.go(framing, errand)
    errands.world.go_to(errands.world.seconds + 100)
    errands.check()


@given(_plans(ending=True), _RUNS, st.sampled_from([0.0, 0.3]))
def test_a_new_session_works_when_the_faults_are_over(
    plan: FaultPlan, run: list[tuple[float, Framing, int]], gap: float
) -> None:
    errands = _Errands(plan, gap)
    for pause, framing, errand in run:
        errands.world.go_to(errands.world.seconds + pause)
        errands.go(framing, errand)
    # All windows are over then; a fault that waits for one occasion may meet one more client each.
    errands.world.go_to(max(errands.world.seconds, 61) + 10)
    for framing in Framing:
        assert errands.works(framing, len(plan.faults) + 1)
    errands.world.go_to(errands.world.seconds + 100)
    errands.check()
