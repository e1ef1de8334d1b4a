"""Panels that reboot, refuse and go silent, over links that lose, repeat and reorder: nothing is done twice.

A client that connects again whenever its session has ended sends numbered commands to an emulated panel that
counts them, in virtual time. Everything about a run follows from its seed.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from itertools import count

import pytest

from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ConnectionState,
    ControllerEvent,
    ControllerSettings,
    Effect,
    Framing,
    OmniConnectionError,
    OutcomeUnknownError,
    PacketType,
    PeerEvent,
    ReplyReceived,
    RequestCancelled,
    RequestFailed,
    RequestReceived,
    RequestTimeoutError,
    SessionEnded,
    SessionStarted,
    parse_message,
)
from omnilink_sansio.commands import ControllerCommand, increment_counter, turn_unit_on
from omnilink_sansio.objects import ObjectType, RequestObjectStatus, UnitStatus, UnitType
from omnilink_sansio.simulator import EmulatedPanel, House, Unit
from omnilink_sansio.testing import VirtualLink
from tests.session.peers import KEY

CLIENT, INTRUDER = "the client", "somebody who takes the only slot"

COMMANDS = 40
STEP = 0.7
"""Seconds from one command to the next: less than it takes to repeat one."""
WAIT = 2.0
"""Seconds from the end of a session to the next try."""


class Outcome(Enum):
    """How a command ended."""

    ANSWERED = auto()
    UNKNOWN = auto()
    NOT_SENT = auto()


@dataclass(frozen=True)
class Faults:
    """What goes wrong, as probabilities: the first three of each datagram, the others before each command."""

    lost: float = 0.0
    repeated: float = 0.0
    delayed: float = 0.0
    longest_delay: float = 1.0
    moved: float = 0.0
    """That the panel forgets a session it has just offered, so that the next offer has another ID."""
    reboots: float = 0.0
    refuses: float = 0.0
    silent: float = 0.0


class ReturningClient:
    """A client's end of a link, with a new connection some time after each session's end."""

    framing = Framing.DATAGRAM

    def __init__(self, sends: Callable[[str], None]) -> None:
        self._sends = sends
        self._again_at: float | None = None
        self._now = 0.0
        self.connection = ClientConnection(KEY, framing=self.framing)
        self.sessions = 0

    @property
    def state(self) -> ConnectionState:
        return self.connection.state

    @property
    def is_online(self) -> bool:
        return self.state is ConnectionState.ONLINE

    def receive_data(self, data: bytes, now: float) -> None:
        self._now = now
        self.connection.receive_data(data, now)

    def receive_eof(self, now: float) -> None:
        raise AssertionError(f"datagrams have no end, at {now} neither")

    def next_event(self) -> ClientEvent | None:
        event = self.connection.next_event()
        if isinstance(event, SessionEnded):
            self._again_at = self._now + WAIT
        self.sessions += isinstance(event, SessionStarted)
        return event

    def data_to_send(self) -> list[bytes]:
        self._sends(CLIENT)
        return self.connection.data_to_send()

    def next_timeout(self) -> float | None:
        due = self.connection.next_timeout()
        return self._again_at if due is None else due

    def handle_timeout(self, now: float) -> None:
        self._now = now
        if self.state is not ConnectionState.CLOSED:
            self.connection.handle_timeout(now)
        elif self._again_at is not None and now >= self._again_at:
            self._again_at = None
            self.connection = ClientConnection(KEY, framing=self.framing, history=self.connection.history)
            self.connection.connect(now)


class PanelsEnd:
    """An emulated panel's end of a link to one client; what it sends to others is not carried."""

    framing = Framing.DATAGRAM

    def __init__(self, panel: EmulatedPanel[str], sends: Callable[[str], None]) -> None:
        self._panel = panel
        self._sends = sends

    @property
    def state(self) -> ConnectionState:
        return self._panel.state(CLIENT)

    def receive_data(self, data: bytes, now: float) -> None:
        self._panel.receive_data(CLIENT, data, now)

    def receive_eof(self, now: float) -> None:
        raise AssertionError(f"datagrams have no end, at {now} neither")

    def next_event(self) -> ControllerEvent | None:
        return None

    def data_to_send(self) -> list[bytes]:
        self._sends("the panel")
        return [packet for peer, packet in self._panel.data_to_send() if peer == CLIENT]

    def next_timeout(self) -> float | None:
        return self._panel.next_timeout()

    def handle_timeout(self, now: float) -> None:
        self._panel.handle_timeout(now)


class KnownHouse(House):
    """A house like the one of every run before: whether any message can carry it is not asked again each time."""

    __slots__ = ()

    def check(self) -> None:
        pass


def new_house() -> House:
    # The odd ones are counters, which tell themselves how often they were counted up.
    kinds = (UnitType.UPB, UnitType.FLAG)
    return KnownHouse(units={n: Unit(f"UNIT {n}", kinds[n % 2]) for n in range(1, COMMANDS + 1)})


class Run:
    """One client, one panel, one link: numbered commands, and what became of each."""

    def __init__(self, seed: int, faults: Faults, *, deduplicate_requests: bool) -> None:
        self._source = random.Random(seed)
        self._faults = faults
        self._deduplicate_requests = deduplicate_requests
        self._sender = ""
        self._silent_for = 0
        self.happened: Counter[str] = Counter()
        self.carried_out: list[int] = []
        """The numbers of the commands that the panel carried out, in this order."""
        self.outcomes: dict[int, list[Outcome]] = {}
        self._open: dict[tuple[int, int], int] = {}
        self.house = new_house()
        session_ids = count(0x0102030405)
        self.panel: EmulatedPanel[str] = EmulatedPanel(
            KEY,
            self.house,
            lambda: next(session_ids).to_bytes(5, "big"),
            framing=Framing.DATAGRAM,
            settings=ControllerSettings(max_sessions=1, deduplicate_requests=deduplicate_requests),
            observe=self._observe,
        )
        self.client = ReturningClient(self._note_sender)
        self.link = VirtualLink(
            self.client,
            PanelsEnd(self.panel, self._note_sender),
            client_owner=self._take,
            fate=self._fate,
        )
        self._intruder: ClientConnection | None = None

    # What happens to the datagrams and to the panel.

    def _note_sender(self, sender: str) -> None:
        self._sender = sender

    def _happens(self, what: str, probability: float) -> bool:
        happens = self._source.random() < probability
        if happens:
            self.happened[what] += 1
        return happens

    def _fate(self, packet: bytes) -> Sequence[float]:
        faults = self._faults
        if packet[2] == PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION and self._happens(
            "moved", faults.moved
        ):
            self.panel.reboot(self.link.now)
        if self._silent_for or self._happens("lost", faults.lost):
            return ()
        # No client can help it when the net itself makes two commands of one, and the panel does not notice.
        may_repeat = self._deduplicate_requests or self._sender != CLIENT
        copies = 2 if may_repeat and self._happens("repeated", faults.repeated) else 1
        return [self._delay() for _ in range(copies)]

    def _delay(self) -> float:
        if not self._happens("delayed", self._faults.delayed):
            return 0.0
        return self._source.uniform(0.0, self._faults.longest_delay)

    def _let_happen(self) -> None:
        self._silent_for = max(0, self._silent_for - 1)
        if self._happens("silent", self._faults.silent):
            self._silent_for = self._source.randint(1, 30)
        if self._happens("reboots", self._faults.reboots):
            self.panel.reboot(self.link.now)
            self._intruder = None
        if self._intruder is not None and self._source.random() < 0.1:
            self._let_go()
        elif self._intruder is None and self._happens("refuses", self._faults.refuses):
            self.panel.reboot(self.link.now)
            self._intruder = ClientConnection(KEY, framing=Framing.DATAGRAM)
            self._intruder.connect(self.link.now)
            self._carry(self._intruder)

    def _let_go(self) -> None:
        if self._intruder is not None:
            self._intruder.close(self.link.now)
            self._carry(self._intruder)
            self._intruder = None

    def _carry(self, intruder: ClientConnection) -> None:
        """Carry packets between the panel and its other client, which nothing ever happens to."""
        while packets := intruder.data_to_send():
            for packet in packets:
                self.panel.receive_data(INTRUDER, packet, self.link.now)
            for peer, packet in self.panel.data_to_send():
                if peer == INTRUDER:
                    intruder.receive_data(packet, self.link.now)
            while intruder.next_event() is not None:
                pass

    # What is counted.

    def _observe(self, item: PeerEvent[str]) -> None:
        event = item.event
        if isinstance(event, RequestReceived) and event.message.type == ControllerCommand.OPCODE:
            self.carried_out.append(ControllerCommand.parse(event.message.data).parameter2)

    def _take(self, event: ClientEvent, _now: float) -> None:
        if isinstance(event, ReplyReceived | RequestFailed | RequestCancelled):
            number = self._open.get((self.client.sessions, event.request_id))
            if number is not None:
                self.outcomes[number].append(self._outcome(command(number), event))

    def _outcome(
        self, request: ControllerCommand, event: ReplyReceived | RequestFailed | RequestCancelled
    ) -> Outcome:
        assert not isinstance(event, RequestCancelled)
        if isinstance(event, ReplyReceived):
            request.accept(parse_message(event.message))
            return Outcome.ANSWERED
        if isinstance(event.error, OutcomeUnknownError):
            why = event.error.__cause__
            if isinstance(why, RequestTimeoutError):
                assert (why.times_sent == 1) is (request.effect is Effect.MOMENTARY)
            return Outcome.UNKNOWN
        assert isinstance(event.error, OmniConnectionError)
        assert "not sent" in str(event.error)
        return Outcome.NOT_SENT

    # The run.

    def send_all(self) -> None:
        """Send every command while things go wrong, then let all be well again and wait for a session."""
        self.client.connection.connect(self.link.now)
        for number in range(1, COMMANDS + 1):
            self._let_happen()
            self.outcomes[number] = []
            if self.client.is_online:
                request_id = self.client.connection.send(command(number), self.link.now)
                self._open[self.client.sessions, request_id] = number
            else:
                self.outcomes[number].append(Outcome.NOT_SENT)
            self.link.advance(STEP)
        self._silent_for, self._faults = 0, Faults()
        self._let_go()
        self.link.advance(200.0)

    def states(self) -> dict[int, int]:
        """Return the states of all units, as the client reads them in the end."""
        request = RequestObjectStatus(ObjectType.UNIT, 1, COMMANDS)
        request_id = self.client.connection.send(request, self.link.now)
        self.link.run_until_quiet()
        (reply,) = (
            event
            for event in self.link.client_events[-1:]
            if isinstance(event, ReplyReceived) and event.request_id == request_id
        )
        records = request.accept(parse_message(reply.message)).records
        return {record.index: record.state for record in records if isinstance(record, UnitStatus)}

    def check(self) -> None:
        """Compare what the client was told with what the panel did."""
        times = Counter(self.carried_out)
        for number, outcomes in self.outcomes.items():
            (outcome,) = outcomes
            once = self._deduplicate_requests or command(number).effect is Effect.MOMENTARY
            match outcome:
                case Outcome.NOT_SENT:
                    assert times[number] == 0
                case Outcome.UNKNOWN:
                    assert not once or times[number] <= 1
                case Outcome.ANSWERED:
                    assert times[number] == 1 or (times[number] > 1 and not once)
        if self._deduplicate_requests:
            # Neither twice, nor an old one after a newer one.
            assert self.carried_out == sorted(set(self.carried_out))
        assert self.client.is_online
        # A unit that was turned on is on; a counter has counted.
        assert self.states() == {
            number: times[number] if number % 2 else min(times[number], 1) for number in self.outcomes
        }


@cache
def command(number: int) -> ControllerCommand:
    """Return the command of this number: every other one is MOMENTARY, the others are SET."""
    return increment_counter(number) if number % 2 else turn_unit_on(number)


def run(seed: int, faults: Faults, *, deduplicate_requests: bool) -> Run:
    one = Run(seed, faults, deduplicate_requests=deduplicate_requests)
    one.send_all()
    one.check()
    return one


TWO_OF_THREE = Faults(lost=1 / 3, repeated=0.2, delayed=0.3)
REBOOTING = Faults(reboots=0.1, lost=0.05)
MOVING = Faults(reboots=0.1, moved=0.5, delayed=0.5, repeated=0.2)
REFUSING = Faults(refuses=0.1)
SILENT = Faults(silent=0.05)
EVERYTHING = Faults(
    lost=0.2, repeated=0.2, delayed=0.3, longest_delay=3.0, moved=0.2, reboots=0.04, refuses=0.02, silent=0.02
)


@pytest.mark.parametrize("deduplicate_requests", [True, False], ids=["recognises", "does not recognise"])
@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        (TWO_OF_THREE, {"lost", "repeated", "delayed"}),
        (REBOOTING, {"reboots"}),
        (MOVING, {"moved"}),
        (REFUSING, {"refuses"}),
        (SILENT, {"silent"}),
        (EVERYTHING, {"lost", "repeated", "delayed", "moved", "reboots", "refuses", "silent"}),
    ],
    ids=["two of three arrive", "reboots", "moves its session ID", "refuses", "is silent", "everything"],
)
def test_every_command_ends_in_one_way_and_none_is_carried_out_twice(
    faults: Faults, expected: set[str], deduplicate_requests: bool
) -> None:
    happened: Counter[str] = Counter()
    outcomes: Counter[Outcome] = Counter()
    sessions = 0
    for seed in range(30):
        one = run(seed, faults, deduplicate_requests=deduplicate_requests)
        happened += one.happened
        outcomes.update(outcome for (outcome,) in one.outcomes.values())
        sessions += one.client.sessions
    # All that was to go wrong did, and the client came through it.
    assert expected <= {what for what, times in happened.items() if times}
    assert outcomes[Outcome.ANSWERED] > 100
    assert outcomes[Outcome.UNKNOWN] > 0
    assert sessions >= 30


LATE_REPLIES = Faults(repeated=0.5, delayed=0.375, longest_delay=4.0, moved=0.5)
"""A mix in which a late copy of an old reply once answered a new command, in 16 of 1,001 runs."""


def whatever(seed: int) -> tuple[Faults, bool]:
    """Return what goes wrong in the run of a seed, and whether its panel recognises repeats."""
    source = random.Random(seed)

    def up_to(most: float) -> float:
        return source.choice((0.0, source.uniform(0.0, most), most))

    faults = Faults(
        lost=up_to(0.5),
        repeated=up_to(0.5),
        delayed=up_to(0.6),
        longest_delay=source.choice((0.2, 1.0, 4.0, 30.0)),
        moved=up_to(0.5),
        reboots=up_to(0.2),
        refuses=up_to(0.1),
        silent=up_to(0.1),
    )
    return faults, source.random() < 0.5


def run_all(seeds: range, what: Callable[[int], tuple[Faults, bool]]) -> None:
    """Run with every seed, and report those that failed."""
    failed: list[str] = []
    for seed in seeds:
        faults, deduplicate_requests = what(seed)
        try:
            run(seed, faults, deduplicate_requests=deduplicate_requests)
        except Exception as failure:  # noqa: BLE001 - it is reported below
            failed.append(f"{seed}: {faults}, {deduplicate_requests=}: {type(failure).__name__}: {failure}")
    assert not failed, f"{len(failed)} of {len(seeds)} seeds failed:\n" + "\n".join(failed[:10])


# Each takes every other seed, so that both together take as many as are asked for.


def test_whatever_goes_wrong_together(faulty_link_seeds: range) -> None:
    run_all(faulty_link_seeds[::2], whatever)


def test_whatever_goes_wrong_together_with_late_replies(faulty_link_seeds: range) -> None:
    run_all(faulty_link_seeds[1::2], lambda _seed: (LATE_REPLIES, True))


def test_a_late_copy_of_an_old_reply_answers_no_new_command() -> None:
    run(399199, LATE_REPLIES, deduplicate_requests=True)


def test_what_goes_wrong_together_is_everything() -> None:
    """The seeds are not vacuous: they bring about every fault, not at all, at its most, and in between."""
    drawn = [whatever(seed) for seed in range(0, 1000, 2)]
    assert {deduplicate_requests for _, deduplicate_requests in drawn} == {True, False}
    assert {faults.longest_delay for faults, _ in drawn} == {0.2, 1.0, 4.0, 30.0}
    most = Faults(lost=0.5, repeated=0.5, delayed=0.6, moved=0.5, reboots=0.2, refuses=0.1, silent=0.1)
    for name in ("lost", "repeated", "delayed", "moved", "reboots", "refuses", "silent"):
        values = {getattr(faults, name) for faults, _ in drawn}
        assert (min(values), max(values)) == (0.0, getattr(most, name)), name
        assert len(values) > 100, name


def test_seeds_that_fail_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def always_wrong(self: Run) -> None:
        assert not self.outcomes, "wrong"

    monkeypatch.setattr(Run, "check", always_wrong)
    with pytest.raises(AssertionError) as caught:
        run_all(range(5, 7), whatever)
    text = str(caught.value)
    assert "2 of 2 seeds failed" in text
    assert f"5: {whatever(5)[0]}, deduplicate_requests={whatever(5)[1]}: AssertionError: wrong" in text
    assert f"6: {whatever(6)[0]}" in text


def test_the_house_of_every_run_is_one_that_messages_can_carry() -> None:
    House.check(new_house())


def test_a_panel_that_does_not_recognise_repeats_carries_some_out_twice() -> None:
    """The tests above are not vacuous: SET commands do come twice, and are then carried out twice."""
    one = run(0, TWO_OF_THREE, deduplicate_requests=False)
    twice = [number for number, times in Counter(one.carried_out).items() if times > 1]
    assert twice
    assert {command(number).effect for number in twice} == {Effect.SET}
