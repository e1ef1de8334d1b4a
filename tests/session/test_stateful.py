"""Machines under everything that can happen to them, in any order: peers, owners, time, damage, the end."""

import random
from collections import Counter
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from omnilink_sansio.enums import Framing, Tolerance
from omnilink_sansio.errors import LocalProtocolError, OmniLinkError
from omnilink_sansio.session import (
    ClientConnection,
    ClientEvent,
    ConnectionState,
    ControllerConnection,
    ControllerEvent,
    ControllerSessionEnded,
    LateReply,
    PacketDropped,
    ReplyDropped,
    ReplyReceived,
    RequestCancelled,
    RequestFailed,
    RequestReceived,
    SessionEnded,
    SessionStarted,
)
from omnilink_sansio.settings import ClientSettings, ControllerSettings
from omnilink_sansio.testing.strategies import packets
from omnilink_sansio.wire.cipher import SessionCipher, derive_session_key
from omnilink_sansio.wire.message import Message
from omnilink_sansio.wire.packet import LONGEST_PACKET, Packet, PacketType
from tests.session.peers import (
    ACK,
    KEY,
    MOMENTARY,
    OTHER_SESSION_ID,
    PEER,
    READ,
    SET,
    UNKNOWN_TYPE,
    Peer,
    fingerprint,
)

QUEUE = 3
IN_FLIGHT = 2
ONLINE = ConnectionState.ONLINE
STEPS = settings(max_examples=60, stateful_step_count=40)

tolerances = st.sets(st.sampled_from(Tolerance)).map(frozenset)
seeds = st.integers(0, 2**16)
mostly = st.sampled_from([True, True, True, False])
steps = st.sampled_from([0.0, 0.1, 0.9, 1.5, 4.0, 5.0, 10.0, 59.0, 61.0, 400.0])


def damaged(packet: bytes, seed: int) -> bytes:
    source = random.Random(seed)
    if not packet:
        return b"\xff"
    place = source.randrange(len(packet))
    return packet[:place] + bytes((source.randrange(256),)) + packet[place + 1 :]


class ClientUnderTest(RuleBasedStateMachine):
    """A client; the rules are its peer (who knows the key), its owner and the clock."""

    @initialize(
        framing=st.sampled_from(Framing),
        tolerated=tolerances,
        keepalive=st.sampled_from([0.0, 3.0, 60.0]),
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
        self.peer = PEER
        self.asked: dict[int, Message] = {}
        self.by_sequence: dict[int, Message] = {}
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
            self.check(event)
        for data in self.client.data_to_send():
            packet = Packet.decode(data)
            if packet.type == PacketType.OMNI_LINK_II_MESSAGE:
                message = self.peer.opened(packet)
                # Nothing else is ever sent under the same number.
                assert self.by_sequence.setdefault(packet.sequence, message) == message

    def check(self, event: ClientEvent) -> None:
        assert not self.over, "something happened after the end"
        match event:
            case ReplyReceived(request_id, message) | LateReply(request_id, message):
                # The reply carries the request's own data back.
                assert message.data == self.asked[request_id].data
                if isinstance(event, ReplyReceived):
                    self.outcomes[request_id] += 1
            case RequestFailed(request_id, error):
                assert isinstance(error, OmniLinkError)
                self.outcomes[request_id] += 1
            case RequestCancelled(request_id):
                self.outcomes[request_id] += 1
            case SessionEnded(_, ended):
                assert ended is None or isinstance(ended, OmniLinkError)
                self.over = True
        assert max(self.outcomes.values(), default=0) <= 1

    def hear(self, data: bytes) -> None:
        self.client.receive_data(data, self.now)
        self.serve()

    # The peer.

    @rule(other=st.booleans())
    def offer(self, other: bool) -> None:
        if self.client.state is ConnectionState.REQUESTING:
            self.peer = Peer(session_id=OTHER_SESSION_ID) if other else PEER
        self.hear(self.peer.offer())

    @rule()
    def echo(self) -> None:
        self.hear(self.peer.echo())

    @precondition(lambda self: self.by_sequence)
    @rule(data=st.data(), good=st.integers(0, 4))
    def answer(self, data: st.DataObject, good: int) -> None:
        sequence = data.draw(st.sampled_from(sorted(self.by_sequence)[-4:]))
        reply = Message(ACK.type, self.by_sequence[sequence].data)
        self.hear(self.peer.message(reply, sequence) if good else self.peer.damaged(reply, sequence))

    @rule()
    def notify(self) -> None:
        self.hear(self.peer.message(ACK))

    @rule(packet=packets(), seed=seeds)
    def send_anything(self, packet: Packet, seed: int) -> None:
        if seed % 8 == 0 and packet.type not in (PacketType.CONTROLLER_SESSION_TERMINATED, UNKNOWN_TYPE):
            self.hear(packet.encode())

    @rule(seed=seeds)
    def send_damage(self, seed: int) -> None:
        if seed % 4 == 0:
            self.hear(damaged(self.peer.message(Message(0x37, bytes(seed % 60))), seed))

    @rule(cut=st.integers(1, 30))
    def send_in_two_pieces(self, cut: int) -> None:
        packet = self.peer.message(Message(0x37, bytes(20)))
        if self.client.framing is Framing.STREAM:
            self.hear(packet[:cut])
            self.hear(packet[cut:])

    @rule(seed=seeds)
    def terminate(self, seed: int) -> None:
        if seed % 8 == 0:
            self.hear(self.peer.terminated())

    @rule(seed=seeds)
    def hang_up(self, seed: int) -> None:
        if seed % 8 == 0:
            self.client.receive_eof(self.now)
            self.serve()

    # The owner.

    @rule(request=st.sampled_from([READ, SET, MOMENTARY]), repeat=st.sampled_from([None, True, False]))
    def ask(self, request: object, repeat: bool | None) -> None:
        assert request in (READ, SET, MOMENTARY)
        before = fingerprint(self.client)
        chosen = READ if request is READ else SET if request is SET else MOMENTARY
        try:
            request_id = self.client.send(chosen, self.now, repeat=repeat)
        except LocalProtocolError:
            assert fingerprint(self.client) == before
            return
        self.asked[request_id] = chosen.to_message()
        self.serve()

    @rule(request_id=st.integers(0, 60))
    def cancel(self, request_id: int) -> None:
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

    @rule(seed=seeds)
    def close(self, seed: int) -> None:
        if seed % 8 == 0:
            self.client.close(self.now)
            self.serve()

    @rule(step=steps)
    def sleep(self, step: float) -> None:
        """Time passes; a careless owner wakes up late."""
        self.now += step
        self.wake_up()

    # What always holds.

    @invariant()
    def memory_is_bounded(self) -> None:
        assert self.client._framer.pending <= LONGEST_PACKET or self.over
        assert len(self.client._requests._queue) <= QUEUE + 1
        assert len(self.client._requests._in_flight) <= IN_FLIGHT
        assert len(self.client._requests._ended) <= 32
        assert not self.client._events
        assert not self.client._outbox

    @invariant()
    def open_requests_are_those_without_an_outcome(self) -> None:
        engine = self.client._requests
        pending = [item for item in (*engine._in_flight.values(), *engine._queue) if not item.cancelled]
        waiting = {item.request_id for item in pending} - {None}
        assert waiting == {request_id for request_id in self.asked if not self.outcomes[request_id]}
        assert self.over == (self.client.state is ConnectionState.CLOSED)

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

    @initialize(framing=st.sampled_from(Framing), tolerated=tolerances, shaken_hands=mostly)
    def begin(self, framing: Framing, tolerated: frozenset[Tolerance], shaken_hands: bool) -> None:
        self.now = 0.0
        self.drawn = count(1)
        self.controller = ControllerConnection(
            KEY,
            self.draw,
            framing=framing,
            settings=ControllerSettings(tolerances=tolerated, max_unanswered=4),
            now=0.0,
        )
        self.peer = PEER
        self.online = False
        self.sequence = 2
        self.requests: list[RequestReceived] = []
        self.executed: Counter[tuple[bytes, int]] = Counter()
        self.dropped: set[int] = set()
        if shaken_hands:
            self.hear(PEER.request_session(1))
            self.hear(self.peer.proof())
            assert self.online

    def draw(self) -> bytes:
        session_id = next(self.drawn).to_bytes(5, "big")
        self.peer = Peer(session_id=session_id)
        self.peer.cipher = SessionCipher(derive_session_key(KEY, session_id))
        return session_id

    def serve(self) -> None:
        while (event := self.controller.next_event()) is not None:
            self.check(event)
        for packet in self.controller.data_to_send():
            assert len(packet) <= LONGEST_PACKET
            Packet.decode(packet)
        due = self.controller.next_timeout()
        assert due is None or due > self.now

    def check(self, event: ControllerEvent) -> None:
        match event:
            case SessionStarted():
                assert not self.online
                self.online = True
            case ControllerSessionEnded():
                self.online = False
            case RequestReceived(_, sequence):
                assert self.online
                self.requests.append(event)
                if sequence and self.controller.framing is Framing.DATAGRAM:
                    self.executed[self.peer.session_id, sequence] += 1
            case ReplyDropped(request_id):
                self.dropped.add(request_id)
            case PacketDropped():
                pass
        assert max(self.executed.values(), default=0) <= 1

    def hear(self, data: bytes) -> None:
        self.controller.receive_data(data, self.now)
        self.serve()

    @rule(sequence=st.integers(1, 3))
    def request_session(self, sequence: int) -> None:
        self.hear(self.peer.request_session(sequence))

    @rule()
    def prove(self) -> None:
        self.hear(self.peer.proof())

    @rule(step=st.integers(-3, 4), good=st.integers(0, 4))
    def ask(self, step: int, good: int) -> None:
        self.sequence = max(0, self.sequence + step) % 65536
        message = SET.to_message()
        self.hear(
            self.peer.message(message, self.sequence) if good else self.peer.damaged(message, self.sequence)
        )

    @rule(packet=packets(), seed=seeds)
    def send_anything(self, packet: Packet, seed: int) -> None:
        if seed % 8 == 0:
            self.hear(damaged(packet.encode(), seed) if seed % 16 else packet.encode())

    @rule(seed=seeds)
    def say_goodbye(self, seed: int) -> None:
        if seed % 8 == 0:
            self.hear(self.peer.goodbye(5))

    @rule(seed=seeds)
    def hang_up(self, seed: int) -> None:
        if seed % 16 == 0:
            self.controller.receive_eof(self.now)
            self.serve()

    @precondition(lambda self: self.requests)
    @rule(data=st.data())
    def reply(self, data: st.DataObject) -> None:
        request = data.draw(st.sampled_from(self.requests))
        self.controller.reply(request, ACK, self.now)
        self.serve()

    @rule()
    def notify(self) -> None:
        before = fingerprint(self.controller)
        try:
            self.controller.notify(ACK, self.now)
        except LocalProtocolError:
            assert not self.online
            assert fingerprint(self.controller) == before
            return
        assert self.online
        self.serve()

    @rule(seed=seeds)
    def terminate(self, seed: int) -> None:
        if seed % 8 == 0:
            self.controller.terminate(self.now)
            self.serve()

    @rule(step=steps)
    def sleep(self, step: float) -> None:
        self.now += step
        self.controller.handle_timeout(self.now)
        self.serve()

    @invariant()
    def memory_is_bounded(self) -> None:
        assert self.controller._framer.pending <= LONGEST_PACKET or (
            self.controller.state is ConnectionState.CLOSED
        )
        assert len(self.controller._unanswered) <= 4
        assert len(self.controller._memory._answers) <= 16
        assert not self.controller._events
        assert not self.controller._outbox

    @invariant()
    def the_owner_knows_whether_there_is_a_session(self) -> None:
        assert self.online == (self.controller.state is ONLINE)


TestClientUnderTest = ClientUnderTest.TestCase
TestClientUnderTest.settings = STEPS
TestControllerUnderTest = ControllerUnderTest.TestCase
TestControllerUnderTest.settings = STEPS
