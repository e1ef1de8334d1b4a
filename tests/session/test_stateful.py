"""Machines under everything that can happen to them, in any order: peers, owners, time, damage, the end."""

import random
from collections import Counter
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionState,
    ControllerConnection,
    ControllerEvent,
    ControllerSessionEnded,
    ControllerSettings,
    Effect,
    Fault,
    Framing,
    LateReply,
    LocalProtocolError,
    Message,
    NotificationReceived,
    OmniLinkError,
    OutcomeUnknownError,
    Packet,
    PacketDropped,
    PacketType,
    RawRequest,
    ReplyDropped,
    ReplyReceived,
    Request,
    RequestCancelled,
    RequestFailed,
    RequestReceived,
    SessionEnded,
    SessionStarted,
    Tolerance,
)
from omnilink_sansio.commands import Command, ControllerCommand, turn_unit_on
from omnilink_sansio.session.pending import Pending
from omnilink_sansio.session.states import LinkState
from omnilink_sansio.testing.strategies import packets
from omnilink_sansio.wire.packet import LONGEST_PACKET
from tests.session.peers import (
    ACK,
    EVENT,
    KEY,
    OTHER_SESSION_ID,
    PEER,
    READ,
    SET,
    Peer,
    controller_link,
    echo_to,
    fingerprint,
    link_state,
    secure_link,
)

QUEUE = 3
IN_FLIGHT = 2
REMEMBERED = 3
UNANSWERED = 4
HIGHEST = 65535
WRONG_TYPE = 200
ONLINE = ConnectionState.ONLINE
STEPS = settings(stateful_step_count=60)

tolerances = st.sets(st.sampled_from(Tolerance)).map(frozenset)
seeds = st.integers(0, 2**16)
mostly = st.sampled_from([True, True, True, False])
# What ends a session is rare: everything else needs one. (Hypothesis likes the ends of a range, so not those.)
seldom = st.integers(0, 31).map(lambda number: number == 13)
now_and_then = st.integers(0, 7).map(lambda number: number == 3)
steps = st.sampled_from([0.0, 0.1, 0.9, 1.5, 2.0, 4.0, 5.0])
long_steps = st.sampled_from([10.0, 59.0, 61.0, 400.0])


def damaged(packet: bytes, seed: int) -> bytes:
    source = random.Random(seed)
    if not packet:
        return b"\xff"
    place = source.randrange(len(packet))
    return packet[:place] + bytes((source.randrange(256),)) + packet[place + 1 :]


def numbered(effect: Effect, number: int) -> Request[object]:
    """Return a request whose content no other one has, so that a reply that crosses over is seen."""
    match effect:
        case Effect.READ:
            return RawRequest(Message(READ.OPCODE, number.to_bytes(2, "big")))
        case Effect.SET:
            return turn_unit_on(number)
        case Effect.MOMENTARY:
            return ControllerCommand(Command.EXECUTE_BUTTON, 0, number)


class ClientUnderTest(RuleBasedStateMachine):
    """A client; the rules are its peer (who knows the key), its owner and the clock."""

    @initialize(
        framing=st.sampled_from(Framing),
        tolerated=tolerances,
        keepalive=st.sampled_from([0.0, 60.0, 3.0]),
        shaken_hands=mostly,
    )
    def begin(
        self, framing: Framing, tolerated: frozenset[Tolerance], keepalive: float, shaken_hands: bool
    ) -> None:
        self.now = 0.0
        self.client = ClientConnection(
            KEY,
            framing=framing,
            settings=ClientSettings(
                tolerances=tolerated, keepalive=keepalive, max_queued=QUEUE, max_in_flight=IN_FLIGHT
            ),
        )
        self.keepalive = keepalive
        self.peer = PEER
        self.events: list[ClientEvent] = []
        self.asked: dict[int, Request[object]] = {}
        self.never_repeated: set[int] = set()
        self.sent: dict[int, Message] = {}
        self.times_sent: Counter[int] = Counter()
        self.answered: set[int] = set()
        self.outcomes: Counter[int] = Counter()
        self.over = False
        self.client.connect(self.now)
        self.serve()
        if shaken_hands:
            self.hear(PEER.offer())
            self.hear(PEER.echo())
            assert self.client.state is ONLINE

    def serve(self) -> None:
        """Do what every owner does after an input."""
        self.pull()
        due = self.client.next_timeout()
        if due is not None and due <= self.now:
            # An input other than time may leave something due already; time itself never does.
            self.wake_up()

    def wake_up(self) -> None:
        self.client.handle_timeout(self.now)
        self.pull()
        due = self.client.next_timeout()
        assert due is None or due > self.now

    def pull(self) -> None:
        while (event := self.client.next_event()) is not None:
            self.events.append(event)
            self.check(event)
        for data in self.client.data_to_send():
            packet = Packet.decode(data)
            if packet.type == PacketType.OMNI_LINK_II_MESSAGE:
                self.check_sent(packet.sequence, self.peer.opened(packet))

    def check(self, event: ClientEvent) -> None:
        assert not self.over, "something happened after the end"
        match event:
            case ReplyReceived(request_id, message) | LateReply(request_id, message):
                # The reply carries the request's own data back.
                assert message.data == self.asked[request_id].to_message().data
                self.outcomes[request_id] += isinstance(event, ReplyReceived)
            case RequestFailed(request_id, error):
                assert isinstance(error, OmniLinkError)
                if isinstance(error, OutcomeUnknownError):
                    assert self.asked[request_id].effect is not Effect.READ
                self.outcomes[request_id] += 1
            case RequestCancelled(request_id):
                self.outcomes[request_id] += 1
            case SessionEnded(_, ended):
                assert ended is None or isinstance(ended, OmniLinkError)
                self.over = True
        assert max(self.outcomes.values(), default=0) <= 1

    def check_sent(self, sequence: int, message: Message) -> None:
        # Nothing else is ever sent under the same number, and nothing again under another one.
        assert self.sent.setdefault(sequence, message) == message
        self.times_sent[sequence] += 1
        request_id = self.request_under(sequence)
        if request_id is None:
            return
        assert list(self.sent.values()).count(message) == 1
        assert not self.outcomes[request_id], "what has ended is not sent"
        if request_id in self.never_repeated:
            assert self.times_sent[sequence] == 1

    def request_under(self, sequence: int) -> int | None:
        """Return whose request was sent under a number; None for the keepalive."""
        message = self.sent[sequence]
        return next((key for key, item in self.asked.items() if item.to_message() == message), None)

    def hear(self, data: bytes) -> list[ClientEvent]:
        """Return what follows from a piece of the stream, or a datagram."""
        before = len(self.events)
        self.client.receive_data(data, self.now)
        self.serve()
        return self.events[before:]

    @property
    def listens(self) -> bool:
        """Whether the next packet is read as one: damage may have announced a longer packet, still open."""
        return not self.over and not secure_link(self.client)._framer.pending

    # The peer.

    @rule(other=st.booleans(), chosen=seldom)
    def offer(self, other: bool, chosen: bool) -> None:
        if link_state(self.client) is LinkState.REQUESTING:
            self.peer = Peer(session_id=OTHER_SESSION_ID) if other else PEER
        if chosen or self.client.state is not ONLINE:
            self.hear(self.peer.offer())

    @rule(chosen=seldom)
    def echo(self, chosen: bool) -> None:
        if chosen or self.client.state is not ONLINE:
            self.hear(self.peer.echo())

    @rule(chosen=now_and_then)
    def echo_something_else(self, chosen: bool) -> None:
        if chosen:
            was_online = self.client.state is ONLINE
            self.hear(self.peer.echo(session_id=bytes(5)))
            assert was_online or self.client.state is not ONLINE

    @precondition(lambda self: self.sent and self.listens)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        """In time, late, or twice."""
        sequence = data.draw(st.sampled_from(sorted(self.sent)[-6:]))
        reply = echo_to(self.sent[sequence])
        request_id = self.request_under(sequence)
        waiting = request_id is not None and not self.outcomes[request_id]
        events = self.hear(self.peer.message(reply, sequence))
        if sequence in self.answered:
            assert isinstance(events[0], PacketDropped)
        elif request_id is not None:
            expected = ReplyReceived if waiting else LateReply
            assert events[:1] == [expected(request_id, reply)]
        self.answered.add(sequence)

    @precondition(lambda self: self.sent and self.listens)
    @rule(data=st.data())
    def answer_wrongly(self, data: st.DataObject) -> None:
        """With what cannot answer any of the requests here."""
        sequence = data.draw(st.sampled_from(sorted(self.sent)[-6:]))
        request_id = self.request_under(sequence)
        waiting = request_id is not None and not self.outcomes[request_id]
        wrong = Message(WRONG_TYPE, self.sent[sequence].data)
        events = self.hear(self.peer.message(wrong, sequence))
        if not events:
            assert request_id is None, "only the keepalive has nobody to tell"
            self.answered.add(sequence)
            return
        event = events[0]
        if waiting and self.client.framing is Framing.STREAM:
            assert isinstance(event, RequestFailed)
            assert event.request_id == request_id
        else:
            # What has ended takes whatever comes late; nothing else does.
            assert isinstance(event, PacketDropped | LateReply)
            if isinstance(event, LateReply):
                assert event.request_id == request_id
                self.answered.add(sequence)

    @precondition(lambda self: self.sent and self.listens)
    @rule(data=st.data())
    def answer_unreadably(self, data: st.DataObject) -> None:
        sequence = data.draw(st.sampled_from(sorted(self.sent)[-6:]))
        request_id = self.request_under(sequence)
        waiting = request_id is not None and not self.outcomes[request_id]
        dropped, *then = self.hear(self.peer.damaged(ACK, sequence))
        assert isinstance(dropped, PacketDropped)
        failed = [event.request_id for event in then if isinstance(event, RequestFailed)]
        # On a stream no other reply will come; a datagram counts as lost.
        assert failed == ([request_id] if waiting and self.client.framing is Framing.STREAM else [])

    @precondition(lambda self: self.listens)
    @rule(cut=st.integers(1, 19))
    def notify(self, cut: int) -> None:
        was_online = self.client.state is ONLINE
        packet = self.peer.message(EVENT)
        if self.client.framing is Framing.STREAM:
            first, packet = packet[:cut], packet[cut:]
            assert self.hear(first) == [] or not was_online
        events = self.hear(packet)
        assert events == [NotificationReceived(EVENT)] or not was_online

    @rule(packet=packets(), chosen=seldom)
    def send_anything(self, packet: Packet, chosen: bool) -> None:
        if chosen:
            self.hear(packet.encode())

    @rule(seed=seeds, chosen=seldom)
    def send_damage(self, seed: int, chosen: bool) -> None:
        if chosen:
            self.hear(damaged(self.peer.message(Message(0x37, bytes(seed % 60))), seed))

    @precondition(lambda self: self.listens)
    @rule(chosen=seldom)
    def stop_in_a_packet(self, chosen: bool) -> None:
        """Bytes go on coming, but too slowly: the packet's time runs from its first piece."""
        if chosen and self.client.framing is Framing.STREAM:
            for byte in self.peer.offer()[:10]:
                self.hear(bytes((byte,)))
                self.sleep(1.0)
            assert self.over

    @rule(chosen=seldom)
    def terminate(self, chosen: bool) -> None:
        if chosen:
            self.hear(self.peer.terminated())

    @rule(chosen=seldom)
    def hang_up(self, chosen: bool) -> None:
        if chosen:
            self.client.receive_eof(self.now)
            self.serve()
            assert self.over

    # The owner.

    @rule(
        effects=st.lists(st.sampled_from(Effect), min_size=1, max_size=QUEUE + IN_FLIGHT + 2),
        repeat=st.sampled_from([None, None, True, False]),
    )
    def ask(self, effects: list[Effect], repeat: bool | None) -> None:
        for effect in effects:
            request = numbered(effect, len(self.asked) + 1)
            before = fingerprint(self.client)
            try:
                request_id = self.client.send(request, self.now, repeat=repeat)
            except LocalProtocolError:
                assert fingerprint(self.client) == before
                unended = sum(not self.outcomes[key] for key in self.asked)
                assert self.client.state is not ONLINE or unended >= QUEUE
                return
            assert self.client.state is ONLINE
            assert request_id not in self.asked
            self.asked[request_id] = request
            by_default = repeat is None and effect is not Effect.MOMENTARY
            if self.client.framing is Framing.STREAM or not (repeat or by_default):
                self.never_repeated.add(request_id)
            self.serve()

    @rule(back=st.integers(-1, QUEUE + IN_FLIGHT), oldest=st.booleans())
    def cancel(self, back: int, oldest: bool) -> None:
        unended = [request_id for request_id in self.asked if not self.outcomes[request_id]]
        request_id = unended[0] if oldest and unended else len(self.asked) - back
        before = fingerprint(self.client)
        try:
            self.client.cancel(request_id, self.now)
        except LocalProtocolError:
            assert request_id not in self.asked
            assert fingerprint(self.client) == before
            return
        assert request_id in self.asked
        self.serve()
        assert self.outcomes[request_id] == 1

    @rule(chosen=seldom)
    def close(self, chosen: bool) -> None:
        if chosen:
            self.client.close(self.now)
            self.serve()
            assert all(self.outcomes[request_id] for request_id in self.asked)

    @rule(step=steps)
    def sleep(self, step: float) -> None:
        """Time passes; a careless owner wakes up late."""
        self.now += step
        self.wake_up()

    @rule(step=long_steps, chosen=now_and_then)
    def sleep_long(self, step: float, chosen: bool) -> None:
        if chosen:
            self.sleep(step)

    # What always holds.

    @invariant()
    def memory_is_bounded(self) -> None:
        assert secure_link(self.client)._framer.pending <= LONGEST_PACKET or self.over
        assert len(self.client._requests._queue) <= QUEUE + 1  # the keepalive has a place of its own
        assert len(self.client._requests._in_flight) <= IN_FLIGHT
        assert len(self.client._requests._ended) <= 32
        assert not self.client._events
        assert not secure_link(self.client)._outbox

    @invariant()
    def open_requests_are_those_without_an_outcome(self) -> None:
        engine = self.client._requests
        assert engine._lease is None
        pending = [
            item for item in (*engine._in_flight.values(), *engine._queue) if isinstance(item, Pending)
        ]
        pending = [item for item in pending if not item.cancelled]
        waiting = {item.request_id for item in pending} - {None}
        assert waiting == {request_id for request_id in self.asked if not self.outcomes[request_id]}
        assert self.over == (self.client.state is ConnectionState.CLOSED)

    @invariant()
    def nothing_open_needs_no_time(self) -> None:
        idle = self.listens and not self.client._requests._in_flight
        if idle and self.client.state is ONLINE and not self.keepalive:
            assert self.client.next_timeout() is None

    def teardown(self) -> None:
        """Whatever happened, closing and waiting ends every request in one way."""
        if not hasattr(self, "client"):
            return
        self.client.close(self.now)
        self.serve()
        self.now += 1.0
        self.client.handle_timeout(self.now)
        self.serve()
        assert self.client.state is ConnectionState.CLOSED
        assert self.outcomes == Counter(self.asked.keys())


class ControllerUnderTest(RuleBasedStateMachine):
    """A controller; the rules are a client who knows the key, the owner and the clock."""

    @initialize(
        framing=st.sampled_from(Framing),
        tolerated=tolerances,
        shaken_hands=mostly,
        first=st.sampled_from([3, HIGHEST - 2]),
    )
    def begin(
        self, framing: Framing, tolerated: frozenset[Tolerance], shaken_hands: bool, first: int
    ) -> None:
        self.now = 0.0
        self.drawn = count(1)
        self.controller = ControllerConnection(
            KEY,
            self.draw,
            framing=framing,
            settings=ControllerSettings(
                tolerances=tolerated, max_unanswered=UNANSWERED, remembered_requests=REMEMBERED
            ),
            now=0.0,
        )
        self.peer = PEER
        self.online = False
        self.first = first
        self.newest: int | None = None
        self.events: list[ControllerEvent] = []
        self.outgoing: list[bytes] = []
        self.requests: list[RequestReceived] = []
        self.unanswered: list[RequestReceived] = []
        self.remembered: dict[int, bytes | None] = {}
        if shaken_hands:
            self.hear(PEER.request_session(1))
            self.hear(self.peer.proof())
            assert self.online

    def draw(self) -> bytes:
        session_id = next(self.drawn).to_bytes(5, "big")
        self.peer = Peer(session_id=session_id)
        return session_id

    def serve(self) -> None:
        self.events, self.outgoing = [], []
        while (event := self.controller.next_event()) is not None:
            self.events.append(event)
            self.check(event)
        self.outgoing = self.controller.data_to_send()
        assert all(len(packet) <= LONGEST_PACKET for packet in self.outgoing)
        due = self.controller.next_timeout()
        assert due is None or due > self.now

    def check(self, event: ControllerEvent) -> None:
        match event:
            case SessionStarted():
                assert not self.online
                self.online = True
            case ControllerSessionEnded():
                self.online = False
                self.newest = None
                self.unanswered.clear()
                self.remembered.clear()
            case RequestReceived(_, sequence):
                assert self.online
                self.requests.append(event)
                self.unanswered = [*self.unanswered, event][-UNANSWERED:]
                if sequence:
                    assert sequence not in self.remembered
                    self.newest = sequence
                    self.remembered[sequence] = None
                    self.remembered = dict([*self.remembered.items()][-REMEMBERED:])

    def hear(self, data: bytes) -> None:
        self.controller.receive_data(data, self.now)
        self.serve()

    @property
    def listens(self) -> bool:
        """Whether there is a session, and the next packet is read as one."""
        return self.online and not secure_link(self.controller)._framer.pending

    @rule(sequence=st.integers(1, 3), then_prove=mostly, chosen=now_and_then)
    def request_session(self, sequence: int, then_prove: bool, chosen: bool) -> None:
        if chosen or not self.online:
            self.hear(self.peer.request_session(sequence))
            if then_prove:
                self.hear(self.peer.proof())

    @rule()
    def prove(self) -> None:
        self.hear(self.peer.proof())

    @rule(chosen=seldom)
    def prove_something_else(self, chosen: bool) -> None:
        if chosen:
            was_online = self.online
            self.hear(self.peer.proof(session_id=bytes(5)))
            assert was_online or not self.online

    @precondition(lambda self: self.listens)
    @rule(step=st.integers(1, 3))
    def ask_anew(self, step: int) -> None:
        """A number ahead of the newest one is carried out, once around the circle too."""
        sequence = self.first if self.newest is None else (self.newest - 1 + step) % HIGHEST + 1
        self.hear(self.peer.message(SET.to_message(), sequence))
        (request,) = self.events
        assert isinstance(request, RequestReceived)
        assert (request.tag, request.message) == (sequence, SET.to_message())

    @precondition(lambda self: self.newest is not None and self.listens)
    @rule(step=st.integers(1025, 32_767) | st.sampled_from([1025, 32_767]))
    def ask_far_ahead(self, step: int) -> None:
        """A number that no client can have come to is not carried out."""
        assert self.newest is not None
        sequence = (self.newest - 1 + step) % HIGHEST + 1
        self.hear(self.peer.message(SET.to_message(), sequence))
        (dropped,) = self.events
        assert isinstance(dropped, PacketDropped)
        assert dropped.fault is Fault.SEQUENCE_LEAP
        assert self.outgoing == []

    @precondition(lambda self: self.newest is not None and self.listens)
    @rule(step=st.integers(0, 20) | st.just(2))
    def ask_again(self, step: int) -> None:
        """The newest number and those behind it are never carried out; a datagram remembered is answered."""
        assert self.newest is not None
        sequence = (self.newest - 1 - step) % HIGHEST + 1
        answer = self.remembered.get(sequence) if self.controller.framing is Framing.DATAGRAM else None
        self.hear(self.peer.message(SET.to_message(), sequence))
        assert [type(event) for event in self.events] == [PacketDropped]
        assert self.outgoing == ([] if answer is None else [answer])

    @precondition(lambda self: self.listens)
    @rule()
    def ask_untracked(self) -> None:
        self.hear(self.peer.message(SET.to_message(), 0))
        assert [type(event) for event in self.events] == [RequestReceived]

    @precondition(lambda self: self.listens)
    @rule(step=st.integers(0, 2))
    def ask_unreadably(self, step: int) -> None:
        sequence = (self.first if self.newest is None else self.newest) + step
        self.hear(self.peer.damaged(SET.to_message(), min(sequence, HIGHEST)))
        assert [type(event) for event in self.events] == [PacketDropped]
        assert self.outgoing == []

    @rule(packet=packets(), seed=seeds, chosen=seldom)
    def send_anything(self, packet: Packet, seed: int, chosen: bool) -> None:
        if chosen:
            self.hear(damaged(packet.encode(), seed) if seed % 2 else packet.encode())

    @precondition(lambda self: not secure_link(self.controller)._framer.pending)
    @rule(chosen=seldom)
    def say_goodbye(self, chosen: bool) -> None:
        if chosen:
            self.hear(self.peer.goodbye(5))
            assert not self.online

    @rule(chosen=seldom)
    def hang_up(self, chosen: bool) -> None:
        if chosen:
            self.controller.receive_eof(self.now)
            self.serve()
            assert self.controller.state is ConnectionState.CLOSED

    @precondition(lambda self: self.requests)
    @rule(data=st.data())
    def reply(self, data: st.DataObject) -> None:
        """Once to each request, in its session, unless it is too old; everything else is reported."""
        request = data.draw(st.sampled_from(self.requests[-UNANSWERED - 2 :]))
        self.controller.reply(request, ACK, self.now)
        self.serve()
        if request not in self.unanswered:
            assert self.events == [ReplyDropped(request.request_id)]
            assert self.outgoing == []
            return
        self.unanswered.remove(request)
        assert self.events == []
        assert self.outgoing == [self.peer.message(ACK, request.tag)]
        if request.tag in self.remembered:
            self.remembered[request.tag] = self.outgoing[0]

    @rule()
    def notify(self) -> None:
        before = fingerprint(self.controller)
        try:
            self.controller.notify(EVENT, self.now)
        except LocalProtocolError:
            assert not self.online
            assert fingerprint(self.controller) == before
            return
        assert self.online
        self.serve()
        assert self.outgoing == [self.peer.message(EVENT)]

    @rule(chosen=seldom)
    def terminate(self, chosen: bool) -> None:
        if chosen:
            self.controller.terminate(self.now)
            self.serve()
            assert not self.online

    @rule(step=steps | long_steps)
    def sleep(self, step: float) -> None:
        self.now += step
        self.controller.handle_timeout(self.now)
        self.serve()

    @invariant()
    def memory_is_bounded(self) -> None:
        assert secure_link(self.controller)._framer.pending <= LONGEST_PACKET or (
            self.controller.state is ConnectionState.CLOSED
        )
        assert len(self.controller._unanswered) <= UNANSWERED
        assert len(controller_link(self.controller)._memory._answers) <= REMEMBERED
        assert not self.controller._events
        assert not secure_link(self.controller)._outbox

    @invariant()
    def the_owner_knows_whether_there_is_a_session(self) -> None:
        assert self.online == (self.controller.state is ONLINE)


TestClientUnderTest = ClientUnderTest.TestCase
TestClientUnderTest.settings = STEPS
TestControllerUnderTest = ControllerUnderTest.TestCase
TestControllerUnderTest.settings = STEPS


def test_what_is_due_again_when_the_controller_is_given_up_is_not_sent_again() -> None:
    state = ClientUnderTest()
    state.begin(framing=Framing.DATAGRAM, tolerated=frozenset(), keepalive=3.0, shaken_hands=True)
    state.sleep(step=4.0)
    state.sleep(step=4.0)
    state.ask(effects=[Effect.READ], repeat=None)
    state.sleep(step=1.5)
    assert state.over
