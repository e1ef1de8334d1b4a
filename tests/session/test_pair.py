"""A client and a controller joined by a simulated link, in virtual time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from omnilink_sansio import (
    DIALECTS,
    CarryNumbers,
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionState,
    ControllerConnection,
    ControllerEndReason,
    ControllerEvent,
    ControllerSessionEnded,
    ControllerSettings,
    Effect,
    EndReason,
    Framing,
    InvalidEncryptionKeyError,
    Message,
    NotificationReceived,
    OmniConnectionError,
    OutcomeUnknownError,
    Packet,
    PacketDropped,
    PacketType,
    ProtocolVersion,
    RawRequest,
    ReplyReceived,
    Request,
    RequestCancelled,
    RequestFailed,
    RequestReceived,
    SessionEnded,
    SessionHistory,
    SessionStarted,
)
from omnilink_sansio.commands import ControllerCommand
from omnilink_sansio.opcodes import OmniLink2MessageType, OmniLinkMessageType
from omnilink_sansio.testing import VirtualLink
from omnilink_sansio.testing.virtual_link import Cut, Fate, random_cuts, unreliable
from omnilink_sansio.wire.message import START_V1, START_V1_ADDRESSABLE, START_V2
from tests.session.peers import KEY, MOMENTARY, OTHER_KEY, READ, SET, echo_to, online_client

CUTS: dict[str, Callable[[], Cut]] = {
    "whole": lambda: lambda data: (data,),
    "byte by byte": lambda: lambda data: (data[at : at + 1] for at in range(len(data))),
    "random": lambda: random_cuts(7),
}


@dataclass
class Pair:
    """Both machines, their link, and a controller's owner that answers at once, with news in between."""

    framing: Framing = Framing.STREAM
    protocol: ProtocolVersion = ProtocolVersion.V2
    cut: Cut = lambda data: (data,)
    fate: Fate = lambda _packet: (0.0,)
    news_every: int = 0
    controller_key: bytes = KEY
    client_settings: ClientSettings | None = None
    history: SessionHistory | None = None
    on_client_event: Callable[[ClientEvent, float], None] = lambda _event, _now: None
    executed: Counter[bytes] = field(default_factory=Counter)
    start: int = field(init=False)

    def __post_init__(self) -> None:
        self.start = START_V1 if self.protocol is ProtocolVersion.V1 else START_V2
        self.client = ClientConnection(
            KEY,
            framing=self.framing,
            settings=self.client_settings or ClientSettings(dialect=DIALECTS[self.protocol]),
            history=self.history,
        )
        # Each session has an ID of its own: with the same one old copies of requests would be readable again.
        session_ids = count(0x0102030405)
        self.controller = ControllerConnection(
            self.controller_key,
            lambda: next(session_ids).to_bytes(5, "big"),
            framing=self.framing,
            settings=ControllerSettings(dialect=DIALECTS[self.protocol]),
        )
        self.link = VirtualLink(
            self.client,
            self.controller,
            client_owner=self.on_client_event,
            controller_owner=self._answer,
            cut=self.cut,
            fate=self.fate,
        )

    def _answer(self, event: ControllerEvent, now: float) -> None:
        if isinstance(event, RequestReceived):
            self.executed[event.message.data] += 1
            if self.news_every and event.tag % self.news_every == 0:
                self.controller.notify(Message(0x37, event.message.data, self.start), now)
            # The reply carries the request's content: a reply that crosses over would be seen.
            self.controller.reply(event, echo_to(event.message), now)

    def connect(self) -> None:
        self.client.connect(self.link.now)
        self.link.run_until_quiet()


def request(number: int, protocol: ProtocolVersion = ProtocolVersion.V2) -> Request[object]:
    """Return a read that tells its number."""
    data = number.to_bytes(4, "big")
    if protocol is ProtocolVersion.V1:
        return RawRequest(Message(OmniLinkMessageType.REQUEST_SYSTEM_STATUS, data, START_V1))
    return RawRequest(Message(OmniLink2MessageType.REQUEST_SYSTEM_STATUS, data))


class Caller:
    """Sends numbered requests one after another and checks that each reply is its own."""

    def __init__(self, count: int, protocol: ProtocolVersion, ahead: int = 3) -> None:
        self.count = count
        self.protocol = protocol
        self.ahead = ahead
        self.client: ClientConnection
        self.open: dict[int, int] = {}
        self.sent = 0
        self.answered = 0
        self.news = 0

    def __call__(self, event: ClientEvent, now: float) -> None:
        match event:
            case ReplyReceived(request_id, message):
                assert int.from_bytes(message.data, "big") == self.open.pop(request_id)
                self.answered += 1
            case NotificationReceived():
                self.news += 1
            case SessionStarted() | SessionEnded():
                pass
            case _:
                raise AssertionError(event)
        while self.sent < self.count and len(self.open) < self.ahead:
            self.sent += 1
            self.open[self.client.send(request(self.sent, self.protocol), now)] = self.sent


@pytest.mark.parametrize("protocol", ProtocolVersion)
@pytest.mark.parametrize("cut", CUTS)
def test_a_thousand_requests_with_news_between_the_replies(cut: str, protocol: ProtocolVersion) -> None:
    caller = Caller(1000, protocol)
    pair = Pair(protocol=protocol, cut=CUTS[cut](), news_every=3, on_client_event=caller)
    caller.client = pair.client
    pair.connect()
    assert caller.answered == 1000
    assert caller.news == len(range(3, 1003, 3))
    assert set(pair.executed.values()) == {1}
    pair.client.close(pair.link.now)
    pair.link.run_until_quiet()
    assert pair.client.state is ConnectionState.CLOSED
    assert pair.link.client_events[-1] == SessionEnded(EndReason.CLOSED, None)
    assert pair.link.controller_events[-1] == ControllerSessionEnded(ControllerEndReason.CLIENT_TERMINATED)


@pytest.mark.parametrize("framing", Framing)
def test_sequence_numbers_go_up_to_65535_and_then_begin_at_1(framing: Framing) -> None:
    # A client alone goes through all of them in the next test.
    first = 65_001
    requests = 65_600 - first
    caller = Caller(requests, ProtocolVersion.V2, ahead=1)
    numbers_go_on = ClientSettings(carry_numbers=CarryNumbers.ALWAYS)
    pair = Pair(
        framing, on_client_event=caller, client_settings=numbers_go_on, history=SessionHistory(first - 1)
    )
    caller.client = pair.client
    pair.connect()
    assert caller.answered == requests
    sequences = [Packet.decode(packet[:4]).sequence for packet in pair.link.client_sent]
    assert sequences == [*range(first, 65_536), *range(1, 67)]
    replies = [
        packet.sequence
        for packet in map(Packet.decode, pair.link.controller_sent)
        if packet.type == PacketType.OMNI_LINK_II_MESSAGE
    ]
    assert replies == sequences[2:]
    assert not any(isinstance(event, PacketDropped) for event in pair.link.controller_events)


@pytest.mark.parametrize("framing", Framing)
def test_a_clients_numbers_go_from_1_to_65535_and_then_begin_at_1(framing: Framing) -> None:
    link = online_client(framing).link
    encoded = READ.to_message().encode()
    expected = [*range(3, 65_536), *range(1, 10)]
    assert [link.send(encoded, 0.0) for _ in expected] == expected
    # The data of one is no other's: the number is in it.
    packets = link.data_to_send()
    assert [Packet.decode(packet).sequence for packet in packets] == expected
    assert len(set(packets)) == 65_535


@pytest.mark.parametrize("protocol", ProtocolVersion)
@pytest.mark.parametrize("framing", Framing)
def test_an_end_from_the_client(framing: Framing, protocol: ProtocolVersion) -> None:
    pair = Pair(framing, protocol)
    pair.connect()
    pair.client.close(pair.link.now)
    pair.link.run_until_quiet()
    assert pair.link.now == 0.0
    assert pair.link.client_events == [SessionStarted(), SessionEnded(EndReason.CLOSED, None)]
    assert pair.link.controller_events == [
        SessionStarted(),
        ControllerSessionEnded(ControllerEndReason.CLIENT_TERMINATED),
    ]
    assert Packet.decode(pair.link.client_sent[-1]).type == PacketType.CLIENT_SESSION_TERMINATED
    assert Packet.decode(pair.link.controller_sent[-1]).type == PacketType.CONTROLLER_SESSION_TERMINATED
    assert pair.client.state is ConnectionState.CLOSED
    back = ConnectionState.CLOSED if framing is Framing.STREAM else ConnectionState.IDLE
    assert pair.controller.state is back


@pytest.mark.parametrize("protocol", ProtocolVersion)
@pytest.mark.parametrize("framing", Framing)
def test_an_end_from_the_controller(framing: Framing, protocol: ProtocolVersion) -> None:
    pair = Pair(framing, protocol)
    pair.connect()
    pair.controller.terminate(pair.link.now)
    pair.link.run_until_quiet()
    started, ended = pair.link.client_events
    assert started == SessionStarted()
    assert isinstance(ended, SessionEnded)
    assert ended.reason is EndReason.TERMINATED
    assert type(ended.error) is OmniConnectionError
    assert pair.link.controller_events[1:] == [ControllerSessionEnded(ControllerEndReason.TERMINATED)]
    assert pair.client.state is ConnectionState.CLOSED


@pytest.mark.parametrize("framing", Framing)
def test_a_wrong_key_is_told_at_once(framing: Framing) -> None:
    pair = Pair(framing, controller_key=OTHER_KEY)
    pair.connect()
    assert pair.link.now == 0.0
    (ended,) = pair.link.client_events
    assert isinstance(ended, SessionEnded)
    assert type(ended.error) is InvalidEncryptionKeyError
    assert pair.link.controller_events == [ControllerSessionEnded(ControllerEndReason.WRONG_KEY)]


def test_addressable_messages_of_the_first_protocol_are_carried_with_their_address() -> None:
    pair = Pair(protocol=ProtocolVersion.V1)
    pair.connect()
    addressed = Message(OmniLinkMessageType.REQUEST_SYSTEM_STATUS, b"", START_V1_ADDRESSABLE, 17)
    pair.client.send(RawRequest(addressed), pair.link.now)
    pair.link.run_until_quiet()
    received = pair.link.controller_events[-1]
    assert isinstance(received, RequestReceived)
    assert received.message == addressed


@pytest.mark.parametrize("framing", Framing)
def test_a_quiet_session_is_kept_alive_for_an_hour(framing: Framing) -> None:
    pair = Pair(framing)
    pair.connect()
    pair.link.advance(3600.0)
    assert pair.client.state is pair.controller.state is ConnectionState.ONLINE
    assert sum(pair.executed.values()) == 60
    # Nobody asked, so nobody is told.
    assert pair.link.client_events == [SessionStarted()]


def test_a_client_whose_transport_fails_ends_the_controllers_session_too() -> None:
    pair = Pair()
    pair.connect()
    pair.client.receive_eof(pair.link.now)
    pair.link.run_until_quiet()
    assert pair.link.controller_events[-1] == ControllerSessionEnded(ControllerEndReason.LOST)
    assert pair.controller.state is ConnectionState.CLOSED


class Sleeper(ClientConnection):
    """A client that does nothing when its time has come."""

    def handle_timeout(self, now: float) -> None:
        pass


def test_the_link_fails_for_an_end_that_leaves_a_deadline_overdue() -> None:
    sleeper = Sleeper(KEY)
    controller = ControllerConnection(OTHER_KEY, lambda: bytes(5), framing=Framing.DATAGRAM)
    link = VirtualLink(sleeper, controller, cut=lambda _data: ())
    sleeper.connect(link.now)
    link.advance(9.0)
    with pytest.raises(AssertionError, match=r"left 10.0 overdue at 10.0"):
        link.advance(1.0)


# Datagrams that are lost, repeated, delayed, reordered.

COMMANDS = (READ, SET, MOMENTARY)


def connected_through_loss(seed: int, **chances: float) -> Pair:
    """Return a pair after its handshake, which may have failed."""
    pair = Pair(Framing.DATAGRAM)
    pair.link = VirtualLink(
        pair.client, pair.controller, controller_owner=pair._answer, fate=unreliable(seed, **chances)
    )
    pair.connect()
    while pair.client.state not in (ConnectionState.ONLINE, ConnectionState.CLOSED):
        assert pair.link.step()
    return pair


def numbered(index: int) -> Request[object]:
    """Return a READ, a SET or a MOMENTARY that tells its number."""
    kind = COMMANDS[index % 3]
    if isinstance(kind, ControllerCommand):
        return ControllerCommand(kind.command, index // 256, index % 256)
    return request(index)


@given(
    seed=st.integers(0, 2**32),
    lost=st.floats(0.0, 0.4),
    repeated=st.floats(0.0, 0.5),
    delayed=st.floats(0.0, 0.6),
    longest_delay=st.sampled_from([0.2, 1.0, 4.0, 30.0]),
    cancelled=st.sets(st.integers(1, 40)),
)
def test_every_request_ends_in_one_way_and_nothing_is_executed_twice(
    seed: int, lost: float, repeated: float, delayed: float, longest_delay: float, cancelled: set[int]
) -> None:
    pair = connected_through_loss(
        seed, lost=lost, repeated=repeated, delayed=delayed, longest_delay=longest_delay
    )
    assume(pair.client.state is ConnectionState.ONLINE)  # failing handshakes have a test of their own
    link, requests = pair.link, {}
    for index in range(40):
        if pair.client.state is not ConnectionState.ONLINE:
            break
        request_id = pair.client.send(numbered(index), link.now)
        requests[request_id] = numbered(index)
        if request_id in cancelled:
            pair.client.cancel(request_id, link.now)
        link.advance(0.7)
    link.advance(400.0)
    outcomes: Counter[int] = Counter()
    for event in link.client_events:
        if isinstance(event, ReplyReceived | RequestFailed | RequestCancelled):
            outcomes[event.request_id] += 1
        if isinstance(event, ReplyReceived):
            assert event.message.data == requests[event.request_id].to_message().data
        if isinstance(event, RequestFailed):
            unknown = isinstance(event.error, OutcomeUnknownError)
            was_sent = requests[event.request_id].to_message().data in {*pair.executed}
            if requests[event.request_id].effect is Effect.READ:
                assert not unknown
            elif was_sent:
                # What the controller carried out is never reported as merely lost.
                assert unknown
    assert outcomes == Counter(requests.keys())
    momentary = {item.to_message() for item in requests.values() if item.effect is Effect.MOMENTARY}
    copies = Counter(Packet.decode(packet).sequence for packet in link.client_sent)
    for heard in link.controller_events:
        # Panels are not known to recognise a repeat, so this one is not even sent twice.
        if isinstance(heard, RequestReceived) and heard.message in momentary:
            assert copies[heard.tag] == 1
    # The keepalive has no data, and every one of them is a request of its own.
    pair.executed.pop(b"", None)
    assert set(pair.executed.values()) <= {1}


def test_the_plan_of_losses_is_followed() -> None:
    """The property above is not vacuous: datagrams are lost and repeated, and most requests survive it."""
    pair = connected_through_loss(3, lost=0.2, repeated=0.3, delayed=0.3, longest_delay=2.0)
    for index in range(40):
        pair.client.send(numbered(index), pair.link.now)
        pair.link.advance(6.0)
    dropped = [event for event in pair.link.controller_events if isinstance(event, PacketDropped)]
    replies = [event for event in pair.link.client_events if isinstance(event, ReplyReceived)]
    failures = [event for event in pair.link.client_events if isinstance(event, RequestFailed)]
    assert dropped
    assert failures
    assert len(replies) > 25
    assert len(replies) + len(failures) == 40
    assert len(pair.link.client_sent) > len(set(pair.link.client_sent))


@given(seed=st.integers(0, 2**32), lost=st.floats(0.0, 0.5), repeated=st.floats(0.0, 0.5))
def test_handshakes_through_losses_end_online_or_in_a_typed_error(
    seed: int, lost: float, repeated: float
) -> None:
    pair = connected_through_loss(seed, lost=lost, repeated=repeated, delayed=0.3, longest_delay=3.0)
    if pair.client.state is ConnectionState.ONLINE:
        assert SessionStarted() in pair.link.client_events
        assert pair.controller.state is ConnectionState.ONLINE
        return
    ended = pair.link.client_events[-1]
    assert isinstance(ended, SessionEnded)
    # With the right key it is never called wrong.
    assert ended.reason in (EndReason.HANDSHAKE_TIMEOUT, EndReason.KEY_UNANSWERED)
