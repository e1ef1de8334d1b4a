"""Both transition tables: total, and every row hit by bytes, time or a call from outside."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum, IntEnum
from typing import TypeVar

import pytest

from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionState,
    ControllerConnection,
    ControllerEnd,
    ControllerEvent,
    ControllerSessionEnded,
    ControllerSettings,
    Framing,
    LocalProtocolError,
    Message,
    NotificationReceived,
    Packet,
    PacketDropped,
    PacketType,
    RawRequest,
    RequestReceived,
    SessionEnded,
    SessionStarted,
    Tolerance,
)
from omnilink_sansio.session.client_states import CLIENT_TABLE, ClientAction, ClientInput
from omnilink_sansio.session.connection import Cause
from omnilink_sansio.session.controller_states import CONTROLLER_TABLE, ControllerAction, ControllerInput
from omnilink_sansio.session.ends import CLIENT_ENDS
from omnilink_sansio.session.states import Transition, TransitionTable
from omnilink_sansio.wire.message import START_V1
from omnilink_sansio.wire.packet import HEADER_SIZE
from tests.session.peers import (
    ACK,
    EVENT,
    KEY,
    OTHER_SESSION_ID,
    PEER,
    READ,
    SESSION_ID,
    UNKNOWN_TYPE,
    Peer,
    drain,
    feed,
    fingerprint,
    sent,
    wait,
)

S = ConnectionState
C = ClientInput
P = ControllerInput

_I = TypeVar("_I", bound=IntEnum)
_A = TypeVar("_A", bound=Enum)

RAW_WORDS = frozenset({Tolerance.RAW_WORDS})
UNKNOWN = PEER.packet(UNKNOWN_TYPE)
# A block that decrypts to something without a start character: on a stream bad alone, since it is tolerated here.
RAW_BLOCK = PEER.encrypted(b"\x00" * 16, 0)

CLIENT_REJECTED: Mapping[Framing, Mapping[ConnectionState, set[ClientInput]]] = {
    Framing.STREAM: {
        S.IDLE: {
            C.OFFERED_WITHOUT_KEY,
            C.SESSION_ID_ECHOED,  # no session ID yet
            C.TERMINATED_AFTER_REPEAT,
            C.MESSAGE,  # no session key: a bad stream
            C.BAD_PACKET,
            C.HANDSHAKE_TIMEOUT,
            C.CONTROLLER_SILENT,
            C.CLOSE_TIMEOUT,
        },
        S.REQUESTING: {
            C.CONNECT,
            C.SESSION_ID_ECHOED,
            C.TERMINATED_AFTER_REPEAT,
            C.MESSAGE,
            C.BAD_PACKET,
            C.CONTROLLER_SILENT,
            C.CLOSE_TIMEOUT,
        },
        S.SECURING: {
            C.OFFERED_WITHOUT_KEY,
            C.CONNECT,
            C.TERMINATED_AFTER_REPEAT,
            C.CONTROLLER_SILENT,
            C.CLOSE_TIMEOUT,
        },
        S.ONLINE: {
            C.OFFERED_WITHOUT_KEY,
            C.CONNECT,
            C.TERMINATED_AFTER_REPEAT,
            C.HANDSHAKE_TIMEOUT,
            C.CLOSE_TIMEOUT,
        },
        S.CLOSING: {
            C.OFFERED_WITHOUT_KEY,
            C.CONNECT,
            C.CLOSE,  # under way: nothing to do
            C.TERMINATED_AFTER_REPEAT,
            C.HANDSHAKE_TIMEOUT,
            C.CONTROLLER_SILENT,
        },
        S.CLOSED: set(C),
    },
    Framing.DATAGRAM: {
        S.IDLE: {
            C.OFFERED_WITHOUT_KEY,
            C.SESSION_ID_ECHOED,
            C.TERMINATED_AFTER_REPEAT,
            C.MESSAGE,
            C.BAD_STREAM,  # every datagram stands on its own
            C.HANDSHAKE_TIMEOUT,
            C.CONTROLLER_SILENT,
            C.CLOSE_TIMEOUT,
        },
        S.REQUESTING: {
            C.CONNECT,
            C.SESSION_ID_ECHOED,
            C.TERMINATED_AFTER_REPEAT,
            C.MESSAGE,
            C.BAD_STREAM,
            C.CONTROLLER_SILENT,
            C.CLOSE_TIMEOUT,
        },
        S.SECURING: {C.OFFERED_WITHOUT_KEY, C.CONNECT, C.BAD_STREAM, C.CONTROLLER_SILENT, C.CLOSE_TIMEOUT},
        S.ONLINE: {
            C.OFFERED_WITHOUT_KEY,
            C.CONNECT,
            C.TERMINATED_AFTER_REPEAT,
            C.BAD_STREAM,
            C.HANDSHAKE_TIMEOUT,
            C.CLOSE_TIMEOUT,
        },
        S.CLOSING: {
            C.OFFERED_WITHOUT_KEY,
            C.CONNECT,
            C.CLOSE,
            C.TERMINATED_AFTER_REPEAT,
            C.BAD_STREAM,
            C.HANDSHAKE_TIMEOUT,
            C.CONTROLLER_SILENT,
        },
        S.CLOSED: set(C),
    },
}
"""What cannot come about, or is refused before the table is asked."""

CONTROLLER_REJECTED: Mapping[Framing, Mapping[ConnectionState, set[ControllerInput]]] = {
    Framing.STREAM: {
        S.IDLE: {
            P.SESSION_REQUEST_REPEATED,
            P.KEY_PROVED,
            P.MESSAGE,
            P.BAD_PACKET,
            P.IDLE_TIMEOUT,
            P.TERMINATE,  # no session: nothing to do
        },
        S.SECURING: {
            P.SESSION_NOT_AVAILABLE,  # who has a session is never refused
            P.SESSION_REQUEST_REPEATED,
            P.MESSAGE_WITHOUT_SESSION,
            P.IDLE_TIMEOUT,
        },
        S.ONLINE: {
            P.SESSION_NOT_AVAILABLE,
            P.SESSION_REQUEST_REPEATED,
            P.MESSAGE_WITHOUT_SESSION,
            P.HANDSHAKE_TIMEOUT,
        },
        S.CLOSED: set(P),
    },
    Framing.DATAGRAM: {
        S.IDLE: {
            P.SESSION_REQUEST_REPEATED,
            P.KEY_PROVED,
            P.MESSAGE,
            P.BAD_STREAM,
            P.HANDSHAKE_TIMEOUT,  # nothing is kept of a peer without a session
            P.IDLE_TIMEOUT,
            P.TERMINATE,
        },
        S.SECURING: {
            P.SESSION_NOT_AVAILABLE,
            P.MESSAGE_WITHOUT_SESSION,
            P.BAD_STREAM,
            P.IDLE_TIMEOUT,
        },
        S.ONLINE: {
            P.SESSION_NOT_AVAILABLE,
            P.MESSAGE_WITHOUT_SESSION,
            P.BAD_STREAM,
            P.HANDSHAKE_TIMEOUT,
        },
        S.CLOSED: set(P),
    },
}

CLIENT_STATES = tuple(S)
CONTROLLER_STATES = (S.IDLE, S.SECURING, S.ONLINE, S.CLOSED)


def pairs(rejected: Mapping[ConnectionState, set[_I]]) -> set[tuple[ConnectionState, _I]]:
    return {(state, item) for state, items in rejected.items() for item in items}


# The tables by themselves.


@pytest.mark.parametrize("framing", Framing)
def test_every_pair_is_listed_or_rejected(framing: Framing) -> None:
    client = {(state, item) for state in CLIENT_STATES for item in C}
    controller = {(state, item) for state in CONTROLLER_STATES for item in P}
    rejected = pairs(CLIENT_REJECTED[framing])
    assert CLIENT_TABLE.rows(framing).keys() == client - rejected
    assert CLIENT_TABLE.rejected(framing, set(CLIENT_STATES), C) == rejected
    rejected_too = pairs(CONTROLLER_REJECTED[framing])
    assert CONTROLLER_TABLE.rows(framing).keys() == controller - rejected_too
    assert CONTROLLER_TABLE.rejected(framing, set(CONTROLLER_STATES), P) == rejected_too


def reachable(rows: Mapping[tuple[ConnectionState, _I], Transition[_A]]) -> set[ConnectionState]:
    found, new = {S.IDLE}, {S.IDLE}
    while new:
        new = {row.next_state for (state, _), row in rows.items() if state in new} - found
        found |= new
    return found


@pytest.mark.parametrize("framing", Framing)
def test_every_state_is_reachable_and_all_but_closed_can_be_left_for_it(framing: Framing) -> None:
    def check(table: TransitionTable[_I, _A], states: tuple[ConnectionState, ...]) -> None:
        rows = table.rows(framing)
        assert reachable(rows) == set(states)
        ways_out = {state for (state, _), row in rows.items() if row.next_state is S.CLOSED}
        assert ways_out == set(states) - {S.CLOSED}
        assert not any(state is S.CLOSED for state, _ in rows)

    check(CLIENT_TABLE, CLIENT_STATES)
    check(CONTROLLER_TABLE, CONTROLLER_STATES)


def test_every_action_and_every_end_is_used() -> None:
    client = [row for framing in Framing for row in CLIENT_TABLE.rows(framing).values()]
    assert {row.action for row in client} == set(ClientAction)
    assert {row.why for row in client} - {None} == set(CLIENT_ENDS)
    controller = [row for framing in Framing for row in CONTROLLER_TABLE.rows(framing).values()]
    assert {row.action for row in controller} == set(ControllerAction)
    assert {row.why for row in controller} - {None} == set(ControllerEnd)


# The recorder: machines that note which rows they take.


class RecordingClient(ClientConnection):
    def __init__(self, framing: Framing, key: bytes | None = KEY) -> None:
        super().__init__(key, framing=framing, settings=ClientSettings(tolerances=RAW_WORDS))
        self.hits: list[tuple[ConnectionState, ClientInput]] = []

    def _take(self, item: ClientInput, cause: Cause) -> None:
        self.hits.append((self.state, item))
        super()._take(item, cause)


class RecordingController(ControllerConnection):
    def __init__(self, framing: Framing) -> None:
        self.slot_free = True
        ids = iter((SESSION_ID, OTHER_SESSION_ID))
        super().__init__(
            KEY,
            lambda: next(ids),
            framing=framing,
            settings=ControllerSettings(tolerances=RAW_WORDS),
            may_start=lambda: self.slot_free,
            now=0.0,
        )
        self.hits: list[tuple[ConnectionState, ControllerInput]] = []

    def _take(self, item: ControllerInput, cause: Cause) -> None:
        self.hits.append((self.state, item))
        super()._take(item, cause)


def client_in(state: ConnectionState, framing: Framing, key: bytes | None = KEY) -> RecordingClient:
    """Bring a new client into a state, by what its peer and its owner do."""
    client = RecordingClient(framing, key)
    way: list[Callable[[], object]] = [
        lambda: client.connect(0.0),
        lambda: feed(client, PEER.offer()),
        lambda: feed(client, PEER.echo()),
        lambda: client.close(0.0),
        lambda: feed(client, PEER.terminated()),
    ]
    for go in way[: CLIENT_STATES.index(state)]:
        go()
    drain(client)
    client.data_to_send()
    assert client.state is state
    client.hits.clear()
    return client


def controller_in(state: ConnectionState, framing: Framing) -> RecordingController:
    controller = RecordingController(framing)
    way: list[Callable[[], object]] = [
        lambda: feed(controller, PEER.request_session()),
        lambda: feed(controller, PEER.proof()),
        lambda: controller.close(0.0),
    ]
    for go in way[: CONTROLLER_STATES.index(state)]:
        go()
    drain(controller)
    controller.data_to_send()
    assert controller.state is state
    controller.hits.clear()
    return controller


def bad_packet(framing: Framing) -> bytes:
    return RAW_BLOCK if framing is Framing.STREAM else UNKNOWN


def cause_at_client(client: RecordingClient, item: ClientInput) -> list[ClientEvent]:
    """Make an input come about from outside; return the events."""
    match item:
        case C.CONNECT:
            client.connect(0.0)
            return drain(client)
        case C.CLOSE:
            client.close(0.0)
            return drain(client)
        case C.SESSION_OFFERED | C.OFFERED_WITHOUT_KEY:
            return feed(client, PEER.offer(session_id=OTHER_SESSION_ID))
        case C.OTHER_VERSION_OFFERED:
            return feed(client, PEER.offer(version=2))
        case C.SESSION_ID_ECHOED:
            return feed(client, PEER.echo())
        case C.OTHER_SESSION_ID_ECHOED:
            return feed(client, PEER.echo(session_id=OTHER_SESSION_ID))
        case C.TERMINATED:
            return feed(client, PEER.terminated())
        case C.TERMINATED_AFTER_REPEAT:
            return feed(client, PEER.terminated())
        case C.REFUSED:
            return feed(client, PEER.packet(PacketType.CONTROLLER_CANNOT_START_NEW_SESSION))
        case C.MESSAGE:
            return feed(client, PEER.message(EVENT))
        case C.STRAY_PACKET:
            return feed(client, PEER.request_session())
        case C.BAD_PACKET:
            return feed(client, bad_packet(client.framing))
        case C.BAD_STREAM:
            return feed(client, UNKNOWN)
        case C.END_OF_STREAM:
            client.receive_eof(0.0)
            return drain(client)
        case C.HANDSHAKE_TIMEOUT | C.CLOSE_TIMEOUT:
            return wait(client, 20.0)
        case C.CONTROLLER_SILENT:
            return wait(client, 120.0)


def cause_at_controller(controller: RecordingController, item: ControllerInput) -> list[ControllerEvent]:
    match item:
        case P.SESSION_REQUESTED:
            return feed(controller, PEER.request_session(9))
        case P.SESSION_NOT_AVAILABLE:
            controller.slot_free = False
            return feed(controller, PEER.request_session())
        case P.SESSION_REQUEST_REPEATED:
            return feed(controller, PEER.request_session())
        case P.KEY_PROVED:
            return feed(controller, PEER.proof())
        case P.KEY_NOT_PROVED:
            return feed(controller, PEER.proof(session_id=OTHER_SESSION_ID))
        case P.MESSAGE | P.MESSAGE_WITHOUT_SESSION:
            return feed(controller, PEER.message(READ.to_message(), 3))
        case P.CLIENT_TERMINATED:
            return feed(controller, PEER.goodbye(4))
        case P.STRAY_PACKET:
            return feed(controller, PEER.terminated())
        case P.BAD_PACKET:
            return feed(controller, bad_packet(controller.framing))
        case P.BAD_STREAM:
            return feed(controller, UNKNOWN)
        case P.END_OF_STREAM:
            controller.receive_eof(0.0)
            return drain(controller)
        case P.HANDSHAKE_TIMEOUT | P.IDLE_TIMEOUT:
            return wait(controller, 301.0)
        case P.TERMINATE:
            controller.terminate(0.0)
            return drain(controller)
        case P.CLOSE:
            controller.close(0.0)
            return drain(controller)


CLIENT_ROWS = [(framing, *pair) for framing in Framing for pair in CLIENT_TABLE.rows(framing)]
CONTROLLER_ROWS = [(framing, *pair) for framing in Framing for pair in CONTROLLER_TABLE.rows(framing)]
CLIENT_HITS: set[tuple[Framing, ConnectionState, ClientInput]] = set()
CONTROLLER_HITS: set[tuple[Framing, ConnectionState, ControllerInput]] = set()


@pytest.fixture(scope="module", autouse=True)
def _every_row_was_hit(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    names = {item.name for item in request.session.items}
    # Only when the whole file ran: single tests may be picked by name.
    if all(f"test_client_row[{_row_id(row)}]" in names for row in CLIENT_ROWS):
        assert set(CLIENT_ROWS) == CLIENT_HITS
    if all(f"test_controller_row[{_row_id(row)}]" in names for row in CONTROLLER_ROWS):
        assert set(CONTROLLER_ROWS) == CONTROLLER_HITS


def _row_id(row: tuple[Framing, ConnectionState, IntEnum]) -> str:
    framing, state, item = row
    return f"{framing.value}-{state.value}-{item.name}"


@pytest.mark.parametrize("row", CLIENT_ROWS, ids=_row_id)
def test_client_row(row: tuple[Framing, ConnectionState, ClientInput]) -> None:
    framing, state, item = row
    transition = CLIENT_TABLE.rows(framing)[state, item]
    client = client_in(state, framing, None if item is C.OFFERED_WITHOUT_KEY else KEY)
    if item is C.TERMINATED_AFTER_REPEAT:
        # The answer to the first packet 1 is late, so that it is sent twice.
        client = client_in(S.REQUESTING, framing)
        client.handle_timeout(1.0)
        feed(client, PEER.offer(), now=1.0)
        client.data_to_send()
        client.hits.clear()
    events = cause_at_client(client, item)
    packets = sent(client)
    CLIENT_HITS.update((framing, *hit) for hit in client.hits)
    assert client.hits == [(state, item)]
    assert client.state is transition.next_state
    check_client_effect(transition, events, packets)


def check_client_effect(
    transition: Transition[ClientAction], events: list[ClientEvent], packets: list[Packet]
) -> None:
    types = [packet.type for packet in packets]
    match transition.action:
        case ClientAction.REQUEST_SESSION | ClientAction.START_ANEW:
            assert (events, types) == ([], [PacketType.CLIENT_REQUEST_NEW_SESSION])
        case ClientAction.SECURE | ClientAction.REKEY:
            assert (events, types) == ([], [PacketType.CLIENT_REQUEST_SECURE_CONNECTION])
            proof = Peer(session_id=OTHER_SESSION_ID).cipher.decrypt(packets[0].data, packets[0].sequence)
            assert proof == OTHER_SESSION_ID.ljust(16, b"\0")
        case ClientAction.GO_ONLINE:
            assert (events, types) == ([SessionStarted()], [])
        case ClientAction.RECEIVE:
            assert (events, types) == ([NotificationReceived(EVENT)], [])
        case ClientAction.DROP:
            assert [type(event) for event in events] == [PacketDropped]
            assert types == []
        case ClientAction.SAY_GOODBYE:
            assert (events, types) == ([], [PacketType.CLIENT_SESSION_TERMINATED])
        case ClientAction.END:
            assert isinstance(events[-1], SessionEnded)
            assert events[-1].reason is transition.why


@pytest.mark.parametrize("row", CONTROLLER_ROWS, ids=_row_id)
def test_controller_row(row: tuple[Framing, ConnectionState, ControllerInput]) -> None:
    framing, state, item = row
    transition = CONTROLLER_TABLE.rows(framing)[state, item]
    controller = controller_in(state, framing)
    events = cause_at_controller(controller, item)
    packets = controller.data_to_send()
    CONTROLLER_HITS.update((framing, *hit) for hit in controller.hits)
    assert controller.hits == [(state, item)]
    assert controller.state is transition.next_state
    check_controller_effect(transition, events, packets)


def check_controller_effect(
    transition: Transition[ControllerAction], events: list[ControllerEvent], packets: list[bytes]
) -> None:
    types = [Packet.decode(packet).type for packet in packets]
    ended = [event.reason for event in events if isinstance(event, ControllerSessionEnded)]
    match transition.action:
        case ControllerAction.OFFER_SESSION:
            assert (events, packets) == ([], [PEER.offer(9)])
        case ControllerAction.REPEAT_OFFER:
            assert (events, packets) == ([], [PEER.offer(1)])
        case ControllerAction.REPLACE_SESSION:
            assert packets == [PEER.offer(9, session_id=OTHER_SESSION_ID)]
            assert ended == [transition.why]
        case ControllerAction.REFUSE:
            assert (events, types) == ([], [PacketType.CONTROLLER_CANNOT_START_NEW_SESSION])
        case ControllerAction.GO_ONLINE:
            assert (events, packets) == ([SessionStarted()], [PEER.echo()])
        case ControllerAction.REPEAT_ACKNOWLEDGEMENT:
            assert (events, packets) == ([], [PEER.echo()])
        case ControllerAction.RECEIVE:
            assert (events, types) == ([RequestReceived(1, 3, READ.to_message())], [])
        case ControllerAction.DROP:
            assert [type(event) for event in events] == [PacketDropped]
            assert types == []
        case ControllerAction.TERMINATE:
            assert types == [PacketType.CONTROLLER_SESSION_TERMINATED]
            assert ended == [transition.why]
        case ControllerAction.ANSWER_TERMINATED:
            assert (events, types) == ([], [PacketType.CONTROLLER_SESSION_TERMINATED])
        case ControllerAction.END:
            assert (ended, types) == ([transition.why], [])


# What the caller may not do.


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("state", CLIENT_STATES)
def test_a_client_refuses_what_its_state_does_not_allow_and_stays_as_it_is(
    state: ConnectionState, framing: Framing
) -> None:
    client = client_in(state, framing)
    v1 = RawRequest(Message(0x11, start=START_V1))
    misuses: list[Callable[[], object]] = [lambda: client.cancel(1, 5.0), lambda: client.cancel(0, 5.0)]
    misuses.append(lambda: client.send(v1, 5.0))
    misuses.append(lambda: client.send(RawRequest(Message(0x11, bytes(255))), 5.0))
    if state is not S.IDLE:
        misuses.append(lambda: client.connect(5.0))
    if state is not S.ONLINE:
        misuses.append(lambda: client.send(READ, 5.0))
    for misuse in misuses:
        before = fingerprint(client)
        with pytest.raises(LocalProtocolError):
            misuse()
        assert fingerprint(client) == before
    assert (drain(client), client.data_to_send()) == ([], [])


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("state", CONTROLLER_STATES)
def test_a_controller_refuses_what_its_state_does_not_allow_and_stays_as_it_is(
    state: ConnectionState, framing: Framing
) -> None:
    controller = controller_in(state, framing)
    v1 = Message(0x11, start=START_V1)
    misuses: list[Callable[[], object]] = [
        lambda: controller.notify(v1, 5.0),
        lambda: controller.reply(RequestReceived(1, 3, EVENT), ACK, 5.0),
        lambda: controller.reply(RequestReceived(0, 3, EVENT), ACK, 5.0),
    ]
    if state is not S.ONLINE:
        misuses.append(lambda: controller.notify(EVENT, 5.0))
    for misuse in misuses:
        before = fingerprint(controller)
        with pytest.raises(LocalProtocolError):
            misuse()
        assert fingerprint(controller) == before
    assert (drain(controller), controller.data_to_send()) == ([], [])


@pytest.mark.parametrize("framing", Framing)
def test_a_full_queue_is_refused_and_nothing_has_changed(framing: Framing) -> None:
    client = ClientConnection(KEY, framing=framing, settings=ClientSettings(max_queued=2))
    client.connect(0.0)
    feed(client, PEER.offer(), PEER.echo())
    for _ in range(3):
        client.send(READ, 0.0)
    before = fingerprint(client)
    with pytest.raises(LocalProtocolError, match="2 requests are waiting"):
        client.send(READ, 5.0)
    assert fingerprint(client) == before


@pytest.mark.parametrize("framing", Framing)
def test_a_closed_connection_ignores_everything(framing: Framing) -> None:
    for closed in (client_in(S.CLOSED, framing), controller_in(S.CLOSED, framing)):
        before = fingerprint(closed)
        closed.receive_data(PEER.offer() + PEER.request_session() + b"\xff" * HEADER_SIZE, 5.0)
        closed.receive_eof(5.0)
        closed.handle_timeout(5.0)
        closed.close(5.0)
        assert closed.next_timeout() is None
        assert closed.next_event() is None
        assert closed.data_to_send() == []
        assert closed.hits == []
        # Taking what is to be sent leaves a new list.
        assert fingerprint(closed) == before


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("state", [S.CLOSING, S.CLOSED])
def test_closing_twice_does_nothing(state: ConnectionState, framing: Framing) -> None:
    client = client_in(state, framing)
    before = fingerprint(client)
    client.close(0.5)
    assert fingerprint(client) == before


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("state", [S.IDLE, S.CLOSED])
def test_terminating_without_a_session_does_nothing(state: ConnectionState, framing: Framing) -> None:
    controller = controller_in(state, framing)
    before = fingerprint(controller)
    controller.terminate(0.5)
    assert fingerprint(controller) == before
