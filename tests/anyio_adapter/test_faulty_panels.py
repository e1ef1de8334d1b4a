"""Panels that reboot, refuse, go silent, behind links that lose, repeat and reorder: the client comes through.

A client that stays connected sends numbered commands to an emulated panel that counts them. Each command ends
in one way, what it ended with is true, and in the end the client knows the state of the house without having asked
for it. On trio the clock jumps ahead whenever everybody waits; on asyncio time-outs are short, and nothing that is
asserted hangs on how long anything takes.
"""

from collections import Counter
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from enum import Enum, auto
from typing import Literal, TypeAlias

import anyio
import pytest
import trio.testing
from anyio.abc import TaskGroup

from omnilink_anyio import MockPanel, OmniConnection, ReconnectingClient, ServedPanel, Transport
from omnilink_sansio import (
    ClientSettings,
    ControllerSettings,
    Effect,
    OmniConnectionError,
    OmniLinkError,
    OutcomeUnknownError,
    PacketType,
    PeerEvent,
    RequestReceived,
    RequestTimeoutError,
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
from omnilink_sansio.commands import ControllerCommand, increment_counter, turn_unit_on
from omnilink_sansio.events import Notification
from omnilink_sansio.objects import ObjectType, UnitStatus, UnitType
from omnilink_sansio.simulator import House, Unit
from omnilink_sansio.state import MissedChange
from tests.anyio_adapter.homes import KEY
from tests.anyio_adapter.shaped_links import Shape, shaped_pair, shaped_streams
from tests.pairwise import runs_everything

pytestmark = pytest.mark.anyio

COMMANDS = 36
PATIENCE = 60.0
"""Seconds after which a test that hangs fails; nothing waits for them when all is well."""
AT_ONCE = ReconnectPolicy(
    quick_tries=0, quick_wait=0.01, first_wait=0.01, longest_wait=0.01, busy_wait=0.01, sweep_every=0
)
IMPATIENT = ClientSettings(
    handshake_timeout=0.5,
    handshake_repeat=0.02,
    request_timeout=0.15,
    request_repeat=0.03,
    close_timeout=0.05,
)
OFFER = PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION

Framing: TypeAlias = Literal["stream", "datagram"]


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, object]]:
    """Let every test run on both event loops, on trio without any waiting."""
    on_trio = request.param == "trio"
    return request.param, {"clock": trio.testing.MockClock(autojump_threshold=0)} if on_trio else {}


class Outcome(Enum):
    """How a command ended."""

    ANSWERED = auto()
    UNKNOWN = auto()
    NOT_SENT = auto()


def command(number: int) -> ControllerCommand:
    """Return the command of this number: every other one is MOMENTARY, the others are SET."""
    return increment_counter(number) if number % 2 else turn_unit_on(number)


class Trial:
    """A panel that counts, a client of it that stays connected, and the faults between them: here, none."""

    def __init__(self, framing: Framing, *, deduplicate_requests: bool) -> None:
        self.framing = framing
        self.deduplicate_requests = deduplicate_requests
        self.carried_out: list[int] = []
        self.outcomes: dict[int, Outcome] = {}
        self.told: list[Notification | LinkEvent | EventsLost] = []
        self.picture: dict[int, int] = {}
        """The units' states as the client was told of them."""
        self.links: list[tuple[Shape, Shape]] = []
        self.is_faulty = False
        # The odd ones are counters, which tell themselves how often they were counted up.
        kinds = (UnitType.UPB, UnitType.FLAG)
        self.house = House(
            units={number: Unit(f"UNIT {number}", kinds[number % 2]) for number in range(1, COMMANDS + 1)},
            capacities={ObjectType.UNIT: COMMANDS},
        )
        self.panel = MockPanel(
            controller_key=KEY,
            house=self.house,
            settings=ControllerSettings(deduplicate_requests=deduplicate_requests, max_sessions=self.SLOTS),
            observe=self._observe,
        )
        self.served: ServedPanel
        self.tasks: TaskGroup
        self.client: ReconnectingClient
        self._more = anyio.Event()

    SLOTS = 16

    # The faults.

    def shapes(self) -> tuple[Shape, Shape]:
        """Return what becomes of what the client sends over a new link, and of what the panel does."""
        return Shape(0), Shape(0)

    async def before_link(self) -> None:
        """Do something before the client opens a new link."""

    async def before_command(self, number: int) -> None:
        """Do something before a command is sent."""

    def while_carried_out(self, number: int) -> None:
        """Do something when the panel has received a command, and has not answered it."""

    def when_told(self, item: Notification | LinkEvent | EventsLost) -> None:
        """Do something when the client tells of something."""

    def heal(self) -> None:
        """Let all be well again."""
        self.is_faulty = False
        for shapes in self.links:
            for shape in shapes:
                shape.heal()

    # The panel and the client.

    @asynccontextmanager
    async def under_way(self) -> AsyncIterator[None]:
        transport: Literal["tcp", "udp"] = "tcp" if self.framing == "stream" else "udp"
        with anyio.fail_after(PATIENCE):
            async with (
                self.panel.serve(transport=transport) as self.served,
                anyio.create_task_group() as self.tasks,
            ):
                self.client = ReconnectingClient.opening(
                    self._open, controller_key=KEY, framing=self.framing, settings=IMPATIENT, policy=AT_ONCE
                )
                async with self.client:
                    await self.client.subscribe(self._take)
                    yield
                self.tasks.cancel_scope.cancel()

    async def _open(self) -> Transport:
        if self.is_faulty:
            await self.before_link()
        shapes = self.shapes() if self.is_faulty else (Shape(0), Shape(0))
        self.links.append(shapes)
        return self.link(*shapes)

    def link(self, to_panel: Shape, to_client: Shape) -> Transport:
        """Return the client's end of a new link that the panel serves."""
        if self.framing == "stream":
            stream, far_stream = shaped_streams(to_panel, to_client)
            self.tasks.start_soon(self.served.serve_stream, far_stream)
            return stream
        link, far_link = shaped_pair(to_panel, to_client)
        self.tasks.start_soon(self.served.serve_datagram_link, far_link)
        return link

    def _observe(self, item: PeerEvent[Hashable]) -> None:
        event = item.event
        if isinstance(event, RequestReceived) and event.message.type == ControllerCommand.OPCODE:
            number = ControllerCommand.parse(event.message.data).parameter2
            self.carried_out.append(number)
            if self.is_faulty:
                self.while_carried_out(number)

    def _take(self, item: Notification | LinkEvent | EventsLost) -> None:
        self.told.append(item)
        match item:
            case MissedChange(UnitStatus() as status) | (UnitStatus() as status):
                self.picture[status.index] = status.state
        if self.is_faulty:
            self.when_told(item)
        self._more.set()

    async def until_told(self, what: type[object]) -> None:
        """Wait until the client tells of something of this kind once more."""
        seen = len(self.told)
        while not any(isinstance(item, what) for item in self.told[seen:]):
            await self._something()

    async def _something(self) -> None:
        self._more = anyio.Event()
        await self._more.wait()

    # The trial.

    async def run(self) -> None:
        """Send every command while things go wrong, let all be well again, compare what each side knows."""
        async with self.under_way():
            self.picture = await self._read()
            self.is_faulty = True
            self.links[0] = self._reshaped()
            for number in range(1, COMMANDS + 1):
                await self.before_command(number)
                while not self.client.connection.is_connected:
                    await self._something()
                self.outcomes[number] = await self._send(number)
            self.heal()
            self.client.check_now()
            while self.picture != self._house_states():
                await self._something()
            assert await self._read() == self._house_states()
        self._check()

    def _reshaped(self) -> tuple[Shape, Shape]:
        """Give the link that is there the shape that new ones have from now on."""
        for shape, other in zip(self.links[0], self.shapes(), strict=True):
            vars(shape).update(vars(other))
        return self.links[0]

    async def _send(self, number: int) -> Outcome:
        request = command(number)
        try:
            await self.client.request(request)
        except (OutcomeUnknownError, OmniConnectionError) as error:
            return self._outcome(request, error)
        return Outcome.ANSWERED

    def _outcome(self, request: ControllerCommand, error: OmniLinkError) -> Outcome:
        if isinstance(error, OutcomeUnknownError):
            why = error.__cause__
            if isinstance(why, RequestTimeoutError) and request.effect is Effect.MOMENTARY:
                assert why.times_sent == 1
            return Outcome.UNKNOWN
        assert "not sent" in str(error) or "no session" in str(error)
        return Outcome.NOT_SENT

    async def _read(self) -> dict[int, int]:
        """Read all units' states, as often as it takes."""
        while True:
            try:
                records = await self.client.get_object_status(ObjectType.UNIT, 1, COMMANDS)
            except (RequestTimeoutError, OmniConnectionError):
                while not self.client.connection.is_connected:
                    await self._something()
            else:
                return {record.index: record.state for record in records}

    def _house_states(self) -> dict[int, int]:
        return {number: unit.state for number, unit in self.house.units.items()}

    def _check(self) -> None:
        times = Counter(self.carried_out)
        assert set(self.outcomes) == set(range(1, COMMANDS + 1))
        for number, outcome in self.outcomes.items():
            once = self.deduplicate_requests or command(number).effect is Effect.MOMENTARY
            match outcome:
                case Outcome.NOT_SENT:
                    assert times[number] == 0
                case Outcome.UNKNOWN:
                    assert not once or times[number] <= 1
                case Outcome.ANSWERED:
                    assert times[number] == 1 or (times[number] > 1 and not once)
        if self.deduplicate_requests:
            # Neither twice, nor an old one after a newer one.
            assert self.carried_out == sorted(set(self.carried_out))
        # A unit that was turned on is on; a counter has counted.
        assert self._house_states() == {
            number: times[number] if number % 2 else min(times[number], 1) for number in self.outcomes
        }

    def count(self, outcome: Outcome) -> int:
        return list(self.outcomes.values()).count(outcome)

    def times_told(self, what: type[object]) -> int:
        return sum(isinstance(item, what) for item in self.told)


FRAMINGS = pytest.mark.parametrize("framing", ["stream", "datagram"])
BOTH_KINDS_OF_PANELS = pytest.mark.parametrize(
    "deduplicate_requests", [True, False], ids=["recognises", "does not recognise"]
)


# Reboots.


class Rebooting(Trial):
    """A panel that restarts, now between two commands, now when it has carried one out."""

    async def before_command(self, number: int) -> None:
        if number % 6 == 2:
            self.served.reboot()

    def while_carried_out(self, number: int) -> None:
        if number % 6 == 5:
            self.served.reboot()


@FRAMINGS
@BOTH_KINDS_OF_PANELS
async def test_a_panel_that_reboots(framing: Framing, deduplicate_requests: bool) -> None:
    trial = Rebooting(framing, deduplicate_requests=deduplicate_requests)
    await trial.run()
    assert trial.times_told(Reconnected) >= 6
    # Those that were carried out just before a restart, at the least: nobody is left to answer.
    assert all(trial.outcomes[number] is not Outcome.ANSWERED for number in range(5, COMMANDS + 1, 6))
    assert trial.count(Outcome.ANSWERED) > 0


# Session IDs that move.


class MovingShape(Shape):
    """Has the panel restart when it has offered a session, so that the next offer has another ID.

    Where offers cross, the old one arrives just before the next.
    """

    def __init__(self, trial: "Moving") -> None:
        super().__init__(0)
        self._trial = trial
        self._old: list[bytes] = []

    def __call__(self, packet: bytes) -> list[bytes]:
        trial = self._trial
        if packet[2] != OFFER or not trial.is_faulty:
            return super().__call__(packet)
        if trial.moves_next:
            trial.moves_next = False
            trial.moved += 1
            trial.served.reboot()
            if not trial.crossing:
                return super().__call__(packet)
            self._old = [packet]
            return []
        old, self._old = self._old, []
        return [*old, *super().__call__(packet)]


class Moving(Rebooting):
    """A panel that restarts, and once more when it has just offered the session after that."""

    crossing = False
    moves_next = False
    moved = 0

    def shapes(self) -> tuple[Shape, Shape]:
        return Shape(0), MovingShape(self)

    async def before_command(self, number: int) -> None:
        if number % 6 == 2:
            self.moves_next = True
        await super().before_command(number)


class Crossing(Moving):
    """The same, where the offer of before the restart arrives together with the one of after it."""

    crossing = True


@BOTH_KINDS_OF_PANELS
@pytest.mark.parametrize("moving", [Moving, Crossing])
async def test_a_panel_whose_session_id_moves(moving: type[Moving], deduplicate_requests: bool) -> None:
    trial = moving("datagram", deduplicate_requests=deduplicate_requests)
    await trial.run()
    assert trial.moved >= 5
    assert trial.count(Outcome.ANSWERED) > 0


# Refusals.


class Refusing(Trial):
    """A panel that restarts, and whose only slot somebody else then has until the client was refused twice."""

    SLOTS = 1
    refusals = 0
    _intruder: OmniConnection | None = None
    _refused_for_now = 0

    async def before_link(self) -> None:
        if self._intruder is None and self._refused_for_now == 0:
            link = self.link(Shape(0), Shape(0))
            self._intruder = OmniConnection.over(link, controller_key=KEY, framing=self.framing)
            await self._intruder.connect()
        elif self._intruder is not None and self._refused_for_now >= 2:
            intruder, self._intruder = self._intruder, None
            await intruder.close()

    async def before_command(self, number: int) -> None:
        if number % 9 == 4:
            self._refused_for_now = 0
            self.served.reboot()

    def when_told(self, item: Notification | LinkEvent | EventsLost) -> None:
        if isinstance(item, Reconnecting) and isinstance(item.error, SessionRefusedError):
            self.refusals += 1
            self._refused_for_now += 1


@FRAMINGS
async def test_a_panel_that_refuses_for_a_while(framing: Framing) -> None:
    trial = Refusing(framing, deduplicate_requests=True)
    await trial.run()
    assert trial.refusals >= 8
    assert trial.times_told(Reconnected) >= 4
    assert trial.count(Outcome.ANSWERED) > 0


# Silence.


class Silent(Trial):
    """A panel from and to which nothing comes through any more, until the client gives the session up."""

    async def before_command(self, number: int) -> None:
        if number % 9 in (4, 5):
            # Not while a sweep is under way: what waits behind its requests would not be sent at all.
            await anyio.wait_all_tasks_blocked()
            # Either before a command arrives, or before its reply does.
            self.links[-1][number % 2].is_silent = True

    def when_told(self, item: Notification | LinkEvent | EventsLost) -> None:
        if isinstance(item, ConnectionLost):
            for shapes in self.links:
                for shape in shapes:
                    shape.is_silent = False


@FRAMINGS
@BOTH_KINDS_OF_PANELS
async def test_a_panel_that_goes_silent(framing: Framing, deduplicate_requests: bool) -> None:
    trial = Silent(framing, deduplicate_requests=deduplicate_requests)
    await trial.run()
    assert trial.times_told(ConnectionLost) >= 4
    assert trial.count(Outcome.UNKNOWN) >= 4
    assert trial.count(Outcome.ANSWERED) > 0


# Links that lose a third of all datagrams.


class Losing(Trial):
    """Of three datagrams one is lost; others come twice, or after later ones."""

    seed = 0

    def shapes(self) -> tuple[Shape, Shape]:
        # No client can help it when the net itself makes two commands of one, and the panel does not notice.
        repeated = 0.2 if self.deduplicate_requests else 0.0
        seed = 1000 * self.seed + 2 * len(self.links)
        return (
            Shape(seed, lost=1 / 3, repeated=repeated, held_back=0.2),
            Shape(seed + 1, lost=1 / 3, repeated=0.2, held_back=0.2),
        )

    async def before_command(self, number: int) -> None:
        # So that there are handshakes to lose packets of.
        if number % 12 == 6:
            self.served.reboot()


@BOTH_KINDS_OF_PANELS
async def test_a_link_that_loses_repeats_and_reorders(
    anyio_backend_name: str, deduplicate_requests: bool
) -> None:
    # Where nobody really waits there can be many: each seed on one of both kinds of panels, in the gate on both.
    seeds = range(1, 21) if runs_everything() else range(1 if deduplicate_requests else 2, 21, 2)
    for seed in seeds if anyio_backend_name == "trio" else [1]:
        trial = Losing("datagram", deduplicate_requests=deduplicate_requests)
        trial.seed = seed
        await trial.run()
        shapes = [shape for pair in trial.links for shape in pair]
        assert sum(shape.lost for shape in shapes) > 10, f"seed {seed}"
        assert sum(shape.repeated for shape in shapes) > 5, f"seed {seed}"
        assert sum(shape.held_back for shape in shapes) > 5, f"seed {seed}"
        assert trial.count(Outcome.ANSWERED) > 0, f"seed {seed}"
