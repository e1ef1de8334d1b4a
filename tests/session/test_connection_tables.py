"""The connections' transition tables: total, and every row hit by what a link reports, time, or the owner."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum

import pytest

from omnilink_sansio.errors import EndReason
from omnilink_sansio.session import (
    ClientConnection,
    ClientEvent,
    ConnectionState,
    ControllerConnection,
    ControllerEndReason,
    ControllerEvent,
    ControllerSessionEnded,
    NotificationReceived,
    PacketDropped,
    RequestReceived,
    SessionEnded,
    SessionStarted,
)
from omnilink_sansio.session.connection_states import (
    CLIENT_STATES,
    CLIENT_TABLE,
    CONTROLLER_STATES,
    CONTROLLER_TABLE,
    ClientAction,
    ClientInput,
    ControllerAction,
    ControllerInput,
)
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.packet import PacketType
from tests.rows import each_row
from tests.session.peers import (
    EVENT,
    KEY,
    OTHER_SESSION_ID,
    PEER,
    READ,
    SESSION_ID,
    drain,
    eof,
    feed,
    types_sent,
    wait,
)
from tests.session.recording import recording

S = ConnectionState
C = ClientInput
P = ControllerInput
STREAM, DATAGRAM = Framing

CLIENT_REJECTED: Mapping[ConnectionState, set[ClientInput]] = {
    S.IDLE: {
        C.CONTROLLER_SILENT,  # there is no keepalive without a session
        C.OPENED,  # nothing was opened
        C.ARRIVED,  # nor is there a message without a session
        C.DAMAGED,
    },
    S.OPENING: {
        C.CONNECT,  # once
        C.CONTROLLER_SILENT,
        C.ARRIVED,
        C.DAMAGED,
    },
    S.ONLINE: {C.CONNECT, C.OPENED},
    S.CLOSING: {
        C.CONNECT,
        C.CLOSE,  # under way: nothing to do
        C.CONTROLLER_SILENT,  # nothing is asked any more
        C.OPENED,  # what proves the key too late opens nothing
    },
    S.CLOSED: set(C),
}
"""What cannot come about, or is refused before the table is asked."""

CONTROLLER_REJECTED: Mapping[ConnectionState, set[ControllerInput]] = {
    S.IDLE: {P.ARRIVED},  # there is no message without a session
    S.ONLINE: {P.OPENED},  # a session that replaces another ends it first
    S.CLOSED: set(P),
}
CLIENT_IN = tuple(S)
CONTROLLER_IN = (S.IDLE, S.ONLINE, S.CLOSED)

CLIENT_ROWS = [*CLIENT_TABLE.rows(STREAM)]
CONTROLLER_ROWS = [*CONTROLLER_TABLE.rows(STREAM)]
CLIENT_HITS: set[tuple[Enum, ClientInput]] = set()
CONTROLLER_HITS: set[tuple[Enum, ControllerInput]] = set()


# The tables by themselves.


def test_every_pair_is_listed_or_rejected() -> None:
    client = {(state, item) for state, items in CLIENT_REJECTED.items() for item in items}
    controller = {(state, item) for state, items in CONTROLLER_REJECTED.items() for item in items}
    for framing in Framing:
        assert CLIENT_TABLE.rejected(framing, set(CLIENT_IN), C) == client
        assert CLIENT_TABLE.rows(framing).keys() == {(s, i) for s in CLIENT_IN for i in C} - client
        assert CONTROLLER_TABLE.rejected(framing, set(CONTROLLER_IN), P) == controller
        assert (
            CONTROLLER_TABLE.rows(framing).keys() == {(s, i) for s in CONTROLLER_IN for i in P} - controller
        )


def test_they_are_the_same_on_streams_and_datagrams() -> None:
    assert CLIENT_TABLE.rows(STREAM) == CLIENT_TABLE.rows(DATAGRAM)
    assert CONTROLLER_TABLE.rows(STREAM) == CONTROLLER_TABLE.rows(DATAGRAM)


def test_the_connections_go_by_the_tables() -> None:
    for (state, item), row in CLIENT_TABLE.rows(STREAM).items():
        assert CLIENT_STATES[state][item] is row.next_state
    for (state, cause), other in CONTROLLER_TABLE.rows(STREAM).items():
        assert CONTROLLER_STATES[state][cause] is other.next_state


def test_every_action_is_used_and_nothing_leads_out_of_closed() -> None:
    assert {row.action for row in CLIENT_TABLE.rows(STREAM).values()} == set(ClientAction)
    assert {row.action for row in CONTROLLER_TABLE.rows(STREAM).values()} == set(ControllerAction)
    assert {row.next_state for row in CLIENT_TABLE.rows(STREAM).values()} == set(CLIENT_IN)
    assert {row.next_state for row in CONTROLLER_TABLE.rows(STREAM).values()} == set(CONTROLLER_IN)


# Machines that note which rows they take.


class RecordingClient(ClientConnection):
    """A client on a secure link that notes what is looked up in its connection's table."""

    def __init__(self, framing: Framing) -> None:
        super().__init__(KEY, framing=framing)
        self.hits: list[tuple[Enum, ClientInput]] = []
        self._next_states = recording(CLIENT_STATES, self.hits)
        self._row = self._next_states[S.IDLE]


class RecordingController(ControllerConnection):
    """The same of a controller."""

    def __init__(self, framing: Framing) -> None:
        ids = iter((SESSION_ID, OTHER_SESSION_ID))
        super().__init__(KEY, lambda: next(ids), framing=framing, now=0.0)
        self.hits: list[tuple[Enum, ControllerInput]] = []
        self._next_states = recording(CONTROLLER_STATES, self.hits)
        self._row = self._next_states[S.IDLE]


def client_in(state: ConnectionState, framing: Framing) -> RecordingClient:
    """Bring a new client into a state, by what its peer and its owner do."""
    client = RecordingClient(framing)
    way: list[Callable[[], object]] = [
        lambda: client.connect(0.0),
        lambda: feed(client, PEER.offer(), PEER.echo()),
        lambda: client.close(0.0),
        lambda: feed(client, PEER.terminated()),
    ]
    for go in way[: CLIENT_IN.index(state)]:
        go()
    drain(client)
    client.data_to_send()
    assert client.state is state
    client.hits.clear()
    return client


def controller_in(state: ConnectionState, framing: Framing) -> RecordingController:
    controller = RecordingController(framing)
    way: list[Callable[[], object]] = [
        lambda: feed(controller, PEER.request_session(), PEER.proof()),
        lambda: controller.close(0.0),
    ]
    for go in way[: CONTROLLER_IN.index(state)]:
        go()
    drain(controller)
    controller.data_to_send()
    assert controller.state is state
    controller.hits.clear()
    return controller


def cause_at_client(client: RecordingClient, item: ClientInput) -> list[ClientEvent]:
    """Make an input come about from outside; return the events."""
    match item:
        case C.CONNECT:
            client.connect(0.0)
            return drain(client)
        case C.CLOSE:
            client.close(0.0)
            return drain(client)
        case C.CONTROLLER_SILENT:
            return wait(client, 70.0)
        case C.OPENED:
            return feed(client, PEER.offer(), PEER.echo())
        case C.ARRIVED:
            return feed(client, PEER.message(EVENT))
        case C.DAMAGED:
            return feed(client, PEER.damaged(EVENT, 7))
        case C.DROPPED:
            return feed(client, PEER.request_session())
        case C.ENDED:
            return eof(client)


def cause_at_controller(controller: RecordingController, item: ControllerInput) -> list[ControllerEvent]:
    match item:
        case P.TERMINATE:
            if controller.state is S.IDLE:
                # There is something to end once a session was offered.
                feed(controller, PEER.request_session())
            controller.terminate(0.0)
            return drain(controller)
        case P.CLOSE:
            controller.close(0.0)
            return drain(controller)
        case P.OPENED:
            return feed(controller, PEER.request_session(), PEER.proof())
        case P.ARRIVED:
            return feed(controller, PEER.message(READ.to_message(), 3))
        case P.DROPPED:
            return feed(controller, PEER.terminated())
        case P.SESSION_OVER:
            if controller.state is S.IDLE:
                feed(controller, PEER.request_session())
            return wait(controller, 301.0)
        case P.LINK_OVER:
            return eof(controller)


@pytest.fixture(scope="module", autouse=True)
def _every_row_was_hit(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    names = {item.name for item in request.session.items}
    # Only where the test ran: others may be picked by name.
    if "test_client_row" in names:
        assert set(CLIENT_ROWS) == CLIENT_HITS
    if "test_controller_row" in names:
        assert set(CONTROLLER_ROWS) == CONTROLLER_HITS


@each_row("framing", Framing)
@each_row(("state", "item"), CLIENT_ROWS)
def test_client_row(state: ConnectionState, item: ClientInput, framing: Framing) -> None:
    row = CLIENT_TABLE.rows(framing)[state, item]
    client = client_in(state, framing)
    events = cause_at_client(client, item)
    CLIENT_HITS.update(client.hits)
    assert client.hits[0] == (state, item)
    # What the link reports thereupon is an input of its own.
    assert all(hit == (row.next_state, C.ENDED) for hit in client.hits[1:])
    assert client.state is (S.CLOSED if client.hits[1:] else row.next_state)
    ends = [event.reason for event in events if isinstance(event, SessionEnded)]
    packets = types_sent(client)
    goodbye = PacketType.CLIENT_SESSION_TERMINATED
    match row.action:
        case ClientAction.OPEN_LINK:
            assert (events, packets) == ([], [PacketType.CLIENT_REQUEST_NEW_SESSION])
        case ClientAction.GO_ONLINE:
            assert events == [SessionStarted()]
        case ClientAction.RECEIVE:
            assert events == [NotificationReceived(EVENT)]
        case ClientAction.FAIL_REQUEST | ClientAction.REPORT:
            assert [type(event) for event in events] == [PacketDropped]
        case ClientAction.CLOSE_LINK:
            assert ends == ([EndReason.CLOSED] if state is S.IDLE else [])
            assert packets == ([] if state is S.IDLE else [goodbye])
        case ClientAction.ABANDON_LINK:
            assert ends == [EndReason.SILENT]
            assert packets[-1] == goodbye
        case ClientAction.END:
            assert len(ends) == 1
        case None:
            raise AssertionError("every row does something")


@each_row(("state", "item"), CONTROLLER_ROWS)
@each_row("framing", Framing)
def test_controller_row(state: ConnectionState, item: ControllerInput, framing: Framing) -> None:
    if item is P.SESSION_OVER and framing is STREAM:
        # A stream is over with its session, unless another session of its client replaces it.
        check_replacement(state)
        return
    row = CONTROLLER_TABLE.rows(framing)[state, item]
    controller = controller_in(state, framing)
    events = cause_at_controller(controller, item)
    CONTROLLER_HITS.update(controller.hits)
    assert controller.hits[0] == (state, item)
    ends = (P.SESSION_OVER, P.LINK_OVER)
    if item in (P.TERMINATE, P.CLOSE):
        # What the link reports thereupon is an input of its own.
        (_, (state_then, end)) = controller.hits
        assert (state_then, end in ends) == (row.next_state, True)
        assert controller.state is CONTROLLER_STATES[state][end]
    else:
        assert len(controller.hits) == 1
        assert controller.state is row.next_state
    packets = types_sent(controller)
    over = [event.reason for event in events if isinstance(event, ControllerSessionEnded)]
    match row.action:
        case ControllerAction.GO_ONLINE:
            assert events == [SessionStarted()]
        case ControllerAction.RECEIVE:
            assert events == [RequestReceived(1, 3, READ.to_message())]
        case ControllerAction.REPORT:
            assert [type(event) for event in events] == [PacketDropped]
        case ControllerAction.TERMINATE_SESSION | ControllerAction.CLOSE_LINK:
            assert over == [ControllerEndReason.TERMINATED]
            has_session = state is S.ONLINE or item is P.TERMINATE
            assert (PacketType.CONTROLLER_SESSION_TERMINATED in packets) == has_session
        case ControllerAction.END:
            assert len(over) == 1
        case None:
            raise AssertionError("every row does something")


def check_replacement(state: ConnectionState) -> None:
    """Have a session, or the offer of one, replaced by another on the same stream."""
    controller = controller_in(state, STREAM)
    if state is S.IDLE:
        feed(controller, PEER.request_session())
    (event,) = feed(controller, PEER.request_session(9))
    assert event == ControllerSessionEnded(ControllerEndReason.REPLACED)
    assert controller.hits == [(state, P.SESSION_OVER)]
    CONTROLLER_HITS.update(controller.hits)
    assert controller.state is S.IDLE


# After the end.


@pytest.mark.parametrize("framing", Framing)
def test_what_comes_after_the_end_is_not_even_looked_up(framing: Framing) -> None:
    client = client_in(S.CLOSED, framing)
    for item in C:
        if item is not C.CONNECT:
            assert cause_at_client(client, item) == []
    assert client.hits == []
    controller = controller_in(S.CLOSED, framing)
    for cause in P:
        assert cause_at_controller(controller, cause) == []
    assert controller.hits == []
