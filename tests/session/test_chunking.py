"""The law: however a stream is cut, the same events, the same bytes out, the same state, the same deadline."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    DIALECTS,
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionState,
    ControllerConnection,
    ControllerEvent,
    ControllerSettings,
    Framing,
    Message,
    NotificationReceived,
    Packet,
    ProtocolVersion,
    RawRequest,
    ReplyReceived,
    Request,
    RequestFailed,
    RequestReceived,
    SessionStarted,
    Tolerance,
)
from omnilink_sansio.messages.dialect import dialect_of
from omnilink_sansio.opcodes import OmniLinkMessageType
from omnilink_sansio.session.states import LinkState
from omnilink_sansio.testing import VirtualLink
from omnilink_sansio.testing.strategies import cuttings, packets
from omnilink_sansio.testing.virtual_link import LinkEnd
from omnilink_sansio.wire.message import START_V1, START_V2
from tests.rows import each_row
from tests.session.peers import (
    KEY,
    MOMENTARY,
    PEER,
    READ,
    SESSION_ID,
    SET,
    UNKNOWN_TYPE,
    Peer,
    drain,
    echo_to,
    link_state,
)

NOW = 1.0
REQUESTS = 9
V1_READ: Request[object] = RawRequest(Message(OmniLinkMessageType.REQUEST_SYSTEM_STATUS, start=START_V1))


class Outcome(NamedTuple):
    """All that can be seen of a machine from outside."""

    events: list[str]
    messages: list[Message | None]
    sent: list[bytes]
    state: ConnectionState
    next_timeout: float | None


@dataclass
class ClientOwner:
    """Sends as replies come; cancels, and closes, at given events."""

    client: ClientConnection
    requests: Sequence[Request[object]]
    cancel_at: int = -1
    close_at: int = -1
    ids: list[int] = field(default_factory=list)
    seen: int = 0

    def __call__(self, event: ClientEvent, now: float) -> None:
        self.seen += 1
        if self.seen == self.close_at:
            self.client.close(now)
        if self.seen == self.cancel_at and self.ids:
            self.client.cancel(self.ids[-1], now)
        match event:
            case SessionStarted():
                self._send(2, now)
            case ReplyReceived() | RequestFailed() | NotificationReceived():
                self._send(1, now)

    def _send(self, count: int, now: float) -> None:
        for _ in range(count):
            if self.client.state is ConnectionState.ONLINE and len(self.ids) < REQUESTS:
                request = self.requests[len(self.ids) % len(self.requests)]
                self.ids.append(self.client.send(request, now))


@dataclass
class ControllerOwner:
    """Answers with messages of many lengths, tells news in between, leaves some unanswered, ends at an event."""

    controller: ControllerConnection
    start: int
    end_at: int = -1
    seen: int = 0

    def __call__(self, event: ControllerEvent, now: float) -> None:
        self.seen += 1
        if self.seen == self.end_at:
            self.controller.terminate(now)
        if not isinstance(event, RequestReceived):
            return
        data = bytes(range(self.seen * 37 % 255))
        if self.seen % 3 and self.controller.state is ConnectionState.ONLINE:
            self.controller.notify(Message(self.seen, data, self.start), now)
        # What was damaged on the way may be no request at all.
        known = event.message.type in dialect_of(event.message).reply_types
        reply = echo_to(event.message, data) if known else Message(self.seen, data, self.start)
        self.controller.reply(event, reply, now)


def new_client(protocol: ProtocolVersion, *tolerances: Tolerance) -> ClientConnection:
    return ClientConnection(
        KEY,
        settings=ClientSettings(
            dialect=DIALECTS[protocol], tolerances=frozenset(tolerances), max_in_flight=2
        ),
    )


def new_controller(protocol: ProtocolVersion, *tolerances: Tolerance) -> ControllerConnection:
    return ControllerConnection(
        KEY,
        lambda: SESSION_ID,
        settings=ControllerSettings(dialect=DIALECTS[protocol], tolerances=frozenset(tolerances)),
    )


def client_owner(
    client: ClientConnection, protocol: ProtocolVersion, cancel_at: int = -1, close_at: int = -1
) -> ClientOwner:
    requests = (READ, SET, MOMENTARY) if protocol is ProtocolVersion.V2 else (V1_READ,)
    return ClientOwner(client, requests, cancel_at, close_at)


def controller_owner(
    controller: ControllerConnection, protocol: ProtocolVersion, end_at: int = -1
) -> ControllerOwner:
    return ControllerOwner(controller, START_V1 if protocol is ProtocolVersion.V1 else START_V2, end_at)


@cache
def recorded(protocol: ProtocolVersion) -> tuple[Sequence[bytes], Sequence[bytes]]:
    """Return the packets that a client and a controller sent in a whole session."""
    client, controller = new_client(protocol), new_controller(protocol)
    link = VirtualLink(
        client,
        controller,
        client_owner=client_owner(client, protocol),
        controller_owner=controller_owner(controller, protocol),
    )
    client.connect(link.now)
    link.run_until_quiet()
    client.close(link.now)
    link.run_until_quiet()
    assert client.state is controller.state is ConnectionState.CLOSED
    assert sum(isinstance(event, ReplyReceived) for event in link.client_events) == REQUESTS
    assert any(isinstance(event, NotificationReceived) for event in link.client_events)
    return tuple(link.client_sent), tuple(link.controller_sent)


def mutated(packets_sent: Sequence[bytes], seed: int) -> bytes:
    """Return the packets with some bytes changed, removed, repeated or put in, and some packets shuffled."""
    source = random.Random(seed)
    changed = list(packets_sent)
    for _ in range(source.randint(0, 2)):
        changed.insert(source.randrange(len(changed)), source.choice(changed))
    if source.random() < 0.2:
        del changed[source.randrange(len(changed))]
    stream = bytearray(b"".join(changed))
    for _ in range(source.randint(0, 3)):
        place = source.randrange(len(stream))
        match source.randrange(4):
            case 0:
                stream[place] = source.randrange(256)
            case 1:
                del stream[place : place + source.randint(1, 20)]
            case 2:
                stream[place:place] = source.randbytes(source.randint(1, 20))
            case _:
                stream[place] ^= 1 << source.randrange(8)
    return bytes(stream)


def broken_in_the_middle(packets_sent: Sequence[bytes], place: int) -> bytes:
    """Return whole packets, then one of unknown type, then the rest, which must not be read."""
    place %= len(packets_sent)
    fault = Packet(7, UNKNOWN_TYPE).encode()
    return b"".join((*packets_sent[:place], fault, *packets_sent[place:]))


def odd(whole: Sequence[bytes], protocol: ProtocolVersion, seed: int) -> bytes:
    """Return a session with what only an owner of the key can send: wrong CRCs, raw words, odd lengths."""
    source = random.Random(seed)
    peer = Peer(protocol=protocol)
    start = START_V1 if protocol is ProtocolVersion.V1 else START_V2
    stream = whole[0] + whole[1]
    for sequence in range(3, 3 + source.randint(1, 10)):
        message = Message(source.randrange(256), source.randbytes(source.choice([0, 1, 5, 40, 254])), start)
        plaintext = message.encode()
        match source.randrange(7):
            case 0:
                plaintext = plaintext[:-2] + bytes(2)
            case 1:
                plaintext = plaintext[:-2] + plaintext[:-3:-1]
            case 2:
                plaintext = source.randbytes(source.choice([1, 16]))
            case 3:
                plaintext = bytes((start, source.randrange(256))) + plaintext[2:]
        stream += peer.encrypted(plaintext, sequence if source.random() < 0.7 else 0)
    return stream


def streams(sender: int) -> st.SearchStrategy[tuple[ProtocolVersion, bytes]]:
    """Return valid, mutated, broken and random streams of one sender: 0 the client, 1 the controller."""

    def of_protocol(protocol: ProtocolVersion) -> st.SearchStrategy[tuple[ProtocolVersion, bytes]]:
        whole = recorded(protocol)[sender]
        raw = st.one_of(
            st.just(b"".join(whole)),
            st.integers(0, 2**32).map(lambda seed: mutated(whole, seed)),
            st.integers(0, 2**32).map(lambda seed: odd(whole, protocol, seed)),
            st.integers(0, len(b"".join(whole))).map(lambda size: b"".join(whole)[:size]),
            st.integers(0, len(whole) - 1).map(lambda place: broken_in_the_middle(whole, place)),
            st.lists(packets().map(Packet.encode), max_size=6).map(b"".join),
            st.binary(max_size=120),
            st.tuples(st.integers(2, len(whole)), st.binary(max_size=60)).map(
                lambda cut: b"".join(whole[: cut[0]]) + cut[1]
            ),
        )
        return raw.map(lambda stream: (protocol, stream))

    return st.sampled_from(ProtocolVersion).flatmap(of_protocol)


def outcome(
    end: LinkEnd[ClientEvent] | LinkEnd[ControllerEvent],
    owner: Callable[[ClientEvent, float], None] | Callable[[ControllerEvent, float], None],
    pieces: Sequence[bytes],
    then_eof: bool,
) -> Outcome:
    """Do what every owner does with each piece."""
    events: list[str] = []
    messages: list[Message | None] = []
    sent: list[bytes] = []

    def serve() -> None:
        while (event := end.next_event()) is not None:
            events.append(repr(event))
            messages.append(getattr(event, "message", None))
            owner(event, NOW)  # type: ignore[arg-type]  # the end and its owner go together
        sent.extend(end.data_to_send())
        timeout = end.next_timeout()
        assert timeout is None or timeout > NOW

    serve()
    for piece in pieces:
        end.receive_data(piece, NOW)
        serve()
    if then_eof:
        end.receive_eof(NOW)
        serve()
    return Outcome(events, messages, sent, end.state, end.next_timeout())


def client_outcome(
    protocol: ProtocolVersion,
    pieces: Sequence[bytes],
    at: tuple[int, int],
    tolerances: Sequence[Tolerance],
    then_eof: bool,
) -> Outcome:
    client = new_client(protocol, *tolerances)
    client.connect(0.0)
    return outcome(client, client_owner(client, protocol, *at), pieces, then_eof)


def controller_outcome(
    protocol: ProtocolVersion,
    pieces: Sequence[bytes],
    at: int,
    tolerances: Sequence[Tolerance],
    then_eof: bool,
) -> Outcome:
    controller = new_controller(protocol, *tolerances)
    return outcome(controller, controller_owner(controller, protocol, at), pieces, then_eof)


moments = st.just(-1) | st.integers(1, 12)
tolerance_lists = st.lists(st.sampled_from(Tolerance), max_size=2, unique=True)


@given(st.data(), streams(1), moments, moments, tolerance_lists, st.booleans())
def test_a_client_sees_the_same_however_its_stream_is_cut(
    data: st.DataObject,
    stream: tuple[ProtocolVersion, bytes],
    cancel_at: int,
    close_at: int,
    tolerances: Sequence[Tolerance],
    then_eof: bool,
) -> None:
    protocol, received = stream
    cuts = data.draw(cuttings(received)), data.draw(cuttings(received))
    one, other = (
        client_outcome(protocol, pieces, (cancel_at, close_at), tolerances, then_eof) for pieces in cuts
    )
    assert one == other


@given(st.data(), streams(0), moments, tolerance_lists, st.booleans())
def test_a_controller_sees_the_same_however_its_stream_is_cut(
    data: st.DataObject,
    stream: tuple[ProtocolVersion, bytes],
    end_at: int,
    tolerances: Sequence[Tolerance],
    then_eof: bool,
) -> None:
    protocol, received = stream
    cuts = data.draw(cuttings(received)), data.draw(cuttings(received))
    one, other = (controller_outcome(protocol, pieces, end_at, tolerances, then_eof) for pieces in cuts)
    assert one == other


@pytest.mark.parametrize("protocol", ProtocolVersion)
@pytest.mark.parametrize("sender", [0, 1])
def test_valid_streams_are_the_same_whole_by_packets_and_by_bytes(
    protocol: ProtocolVersion, sender: int
) -> None:
    whole = recorded(protocol)[sender]
    stream = b"".join(whole)
    ways = ([stream], whole, [bytes((byte,)) for byte in stream])
    if sender:
        outcomes = [client_outcome(protocol, way, (-1, -1), (), True) for way in ways]
    else:
        outcomes = [controller_outcome(protocol, way, -1, (), True) for way in ways]
    assert outcomes[0] == outcomes[1] == outcomes[2]
    # Not vacuous: the recorded session comes to life again, and its bytes are those of the recording.
    assert outcomes[0].state is ConnectionState.CLOSED
    replayed, original = outcomes[0].sent, recorded(protocol)[1 - sender]
    assert replayed == list(original)[: len(replayed)]
    assert len(replayed) >= len(original) - 1


@each_row("place", range(2, 12))
def test_what_stands_before_a_fatal_fault_is_delivered_and_nothing_after_it(place: int) -> None:
    whole = recorded(ProtocolVersion.V2)[1]
    before = client_outcome(ProtocolVersion.V2, whole[:place], (-1, -1), (), False)
    broken = broken_in_the_middle(whole, place)
    for pieces in ([broken], [bytes((byte,)) for byte in broken]):
        after = client_outcome(ProtocolVersion.V2, pieces, (-1, -1), (), False)
        assert after.events[: len(before.events)] == before.events
        assert after.sent[: len(before.sent)] == before.sent
        assert after.state is ConnectionState.CLOSED
        # What was open fails, then the end; no message comes out of what follows the fault.
        assert [message for message in after.messages if message] == [
            message for message in before.messages if message
        ]
        assert "SessionEnded(reason=<EndReason.FAULT" in after.events[-1]


@pytest.mark.parametrize("framing", Framing)
def test_a_packet_is_not_touched_before_its_event_is_asked_for(framing: Framing) -> None:
    client = ClientConnection(KEY, framing=framing)
    client.connect(0.0)
    client.receive_data(PEER.offer(), NOW)
    client.receive_data(PEER.echo(), NOW)
    client.receive_data(PEER.terminated(), NOW)
    before = link_state(client)
    assert isinstance(client.next_event(), SessionStarted)
    assert (before, client.state) == (LinkState.REQUESTING, ConnectionState.ONLINE)
    client.send(READ, NOW)
    assert len(client.data_to_send()) == 3
    assert [type(event).__name__ for event in drain(client)] == ["RequestFailed", "SessionEnded"]
