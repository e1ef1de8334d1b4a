"""The secure links' transition tables: total, and every row hit by bytes, time or a call from outside."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum, IntEnum
from typing import TypeVar

import pytest

from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ControllerConnection,
    ControllerEndReason,
    ControllerEvent,
    ControllerSessionEnded,
    ControllerSettings,
    EndReason,
    Framing,
    LocalProtocolError,
    Message,
    NotificationReceived,
    Packet,
    PacketDropped,
    PacketType,
    RawRequest,
    RequestFailed,
    RequestReceived,
    SessionEnded,
    SessionStarted,
    Tolerance,
)
from omnilink_sansio.session.end_reasons import END_REASONS
from omnilink_sansio.session.history import SessionHistory
from omnilink_sansio.session.secure_client_link import SecureClientLink
from omnilink_sansio.session.secure_client_states import (
    SECURE_CLIENT_TABLE,
    SecureClientAction,
    SecureClientInput,
)
from omnilink_sansio.session.secure_controller_link import SecureControllerLink
from omnilink_sansio.session.secure_controller_states import (
    SECURE_CONTROLLER_TABLE,
    SecureControllerAction,
    SecureControllerInput,
)
from omnilink_sansio.session.states import LinkState, Transition, TransitionTable
from omnilink_sansio.wire.message import START_V1
from omnilink_sansio.wire.packet import HEADER_SIZE
from tests.rows import each_row
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
from tests.session.recording import recording

S = LinkState
C = SecureClientInput
P = SecureControllerInput

_I = TypeVar("_I", bound=IntEnum)
_A = TypeVar("_A", bound=Enum)
_R = TypeVar("_R", bound=Enum)

LAST_SESSION_ID = b"last."
RAW_WORDS = frozenset({Tolerance.RAW_WORDS})
UNKNOWN = PEER.packet(UNKNOWN_TYPE)
# A block that decrypts to something without a start character: on a stream bad alone, since it is tolerated here.
RAW_BLOCK = PEER.encrypted(b"\x00" * 16, 0)

_DATAGRAM_ONLY = {
    C.OFFER_REPEATED,
    C.OTHER_SESSION_OFFERED,
    C.TOO_MANY_OFFERS,
    C.LAST_SESSION_OFFERED,
    C.STALE_ANSWER,
    C.TERMINATED_IN_DOUBT,
    C.TERMINATED_IN_DOUBT_AGAIN,
    C.VERSION_TIMEOUT,
}
"""Nothing on a stream is an old copy."""
_HANDSHAKE_ONLY = {*_DATAGRAM_ONLY, C.OFFERED_WITHOUT_KEY, C.HANDSHAKE_TIMEOUT}

CLIENT_REJECTED: Mapping[Framing, Mapping[LinkState, set[SecureClientInput]]] = {
    Framing.STREAM: {
        S.IDLE: {
            *_HANDSHAKE_ONLY,
            C.ABANDON,  # there is no keepalive without a session
            C.SESSION_ID_ECHOED,  # no session ID yet
            C.MESSAGE,  # no session key: a bad stream
            C.BAD_PACKET,
            C.CLOSE_TIMEOUT,
        },
        S.REQUESTING: {
            *_DATAGRAM_ONLY,
            C.OPEN,
            C.ABANDON,
            C.SESSION_ID_ECHOED,
            C.MESSAGE,
            C.BAD_PACKET,
            C.CLOSE_TIMEOUT,
        },
        S.SECURING: {*_DATAGRAM_ONLY, C.OPEN, C.ABANDON, C.OFFERED_WITHOUT_KEY, C.CLOSE_TIMEOUT},
        S.ONLINE: {*_HANDSHAKE_ONLY, C.OPEN, C.CLOSE_TIMEOUT},
        S.CLOSING: {
            *_HANDSHAKE_ONLY,
            C.OPEN,
            C.CLOSE,  # under way: nothing to do
            C.ABANDON,
        },
        S.CLOSED: set(C),
    },
    Framing.DATAGRAM: {
        S.IDLE: {
            *_HANDSHAKE_ONLY,
            C.ABANDON,
            C.SESSION_ID_ECHOED,
            C.MESSAGE,
            C.BAD_STREAM,  # every datagram stands on its own
            C.CLOSE_TIMEOUT,
        },
        S.REQUESTING: {
            C.OPEN,
            C.ABANDON,
            C.OFFER_REPEATED,  # none is being answered
            C.OTHER_SESSION_OFFERED,
            C.SESSION_ID_ECHOED,
            C.TERMINATED_IN_DOUBT,  # before an offer it is dropped
            C.TERMINATED_IN_DOUBT_AGAIN,
            C.MESSAGE,
            C.BAD_STREAM,
            C.CLOSE_TIMEOUT,
        },
        S.SECURING: {
            C.OPEN,
            C.ABANDON,
            C.SESSION_OFFERED,  # the one being answered, or another
            C.OFFERED_WITHOUT_KEY,
            C.BAD_STREAM,
            C.VERSION_TIMEOUT,  # a session was offered after all
            C.CLOSE_TIMEOUT,
        },
        S.ONLINE: {*_HANDSHAKE_ONLY, C.OPEN, C.BAD_STREAM, C.CLOSE_TIMEOUT},
        S.CLOSING: {*_HANDSHAKE_ONLY, C.OPEN, C.CLOSE, C.ABANDON, C.BAD_STREAM},
        S.CLOSED: set(C),
    },
}
"""What cannot come about, or is refused before the table is asked."""

CONTROLLER_REJECTED: Mapping[Framing, Mapping[LinkState, set[SecureControllerInput]]] = {
    Framing.STREAM: {
        S.IDLE: {
            P.SESSION_REQUEST_REPEATED,
            P.KEY_PROVED,
            P.LATE_PROOF,
            P.MESSAGE,
            P.BAD_PACKET,
            P.IDLE_TIMEOUT,
            P.TERMINATE,  # no session: nothing to do
        },
        S.SECURING: {
            P.SESSION_NOT_AVAILABLE,  # who has a session is never refused
            P.SESSION_REQUEST_REPEATED,
            P.LATE_PROOF,  # nothing on a stream is late
            P.MESSAGE_WITHOUT_SESSION,
            P.IDLE_TIMEOUT,
        },
        S.ONLINE: {
            P.SESSION_NOT_AVAILABLE,
            P.SESSION_REQUEST_REPEATED,
            P.LATE_PROOF,  # nothing on a stream is late
            P.MESSAGE_WITHOUT_SESSION,
            P.HANDSHAKE_TIMEOUT,
        },
        S.CLOSED: set(P),
    },
    Framing.DATAGRAM: {
        S.IDLE: {
            P.SESSION_REQUEST_REPEATED,
            P.KEY_PROVED,
            P.LATE_PROOF,
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
            P.LATE_PROOF,  # a session's beginning is over: any packet 3 that proves nothing is dropped
            P.MESSAGE_WITHOUT_SESSION,
            P.BAD_STREAM,
            P.HANDSHAKE_TIMEOUT,
        },
        S.CLOSED: set(P),
    },
}

CLIENT_STATES = tuple(S)
CONTROLLER_STATES = (S.IDLE, S.SECURING, S.ONLINE, S.CLOSED)


def pairs(rejected: Mapping[LinkState, set[_I]]) -> set[tuple[LinkState, _I]]:
    return {(state, item) for state, items in rejected.items() for item in items}


# The tables by themselves.


@pytest.mark.parametrize("framing", Framing)
def test_every_pair_is_listed_or_rejected(framing: Framing) -> None:
    client = {(state, item) for state in CLIENT_STATES for item in C}
    controller = {(state, item) for state in CONTROLLER_STATES for item in P}
    rejected = pairs(CLIENT_REJECTED[framing])
    assert SECURE_CLIENT_TABLE.rows(framing).keys() == client - rejected
    assert SECURE_CLIENT_TABLE.rejected(framing, set(CLIENT_STATES), C) == rejected
    rejected_too = pairs(CONTROLLER_REJECTED[framing])
    assert SECURE_CONTROLLER_TABLE.rows(framing).keys() == controller - rejected_too
    assert SECURE_CONTROLLER_TABLE.rejected(framing, set(CONTROLLER_STATES), P) == rejected_too


def reachable(rows: Mapping[tuple[LinkState, _I], Transition[LinkState, _A, _R]]) -> set[LinkState]:
    found, new = {S.IDLE}, {S.IDLE}
    while new:
        new = {row.next_state for (state, _), row in rows.items() if state in new} - found
        found |= new
    return found


@pytest.mark.parametrize("framing", Framing)
def test_every_state_is_reachable_and_all_but_closed_can_be_left_for_it(framing: Framing) -> None:
    def check(table: TransitionTable[LinkState, _I, _A, _R], states: tuple[LinkState, ...]) -> None:
        rows = table.rows(framing)
        assert reachable(rows) == set(states)
        ways_out = {state for (state, _), row in rows.items() if row.next_state is S.CLOSED}
        assert ways_out == set(states) - {S.CLOSED}
        assert not any(state is S.CLOSED for state, _ in rows)

    check(SECURE_CLIENT_TABLE, CLIENT_STATES)
    check(SECURE_CONTROLLER_TABLE, CONTROLLER_STATES)


CLIENT_ALONE = {
    C.OPEN,
    C.CLOSE,
    C.ABANDON,
    C.END_OF_STREAM,
    C.HANDSHAKE_TIMEOUT,
    C.VERSION_TIMEOUT,
    C.CLOSE_TIMEOUT,
}
CONTROLLER_ALONE = {P.END_OF_STREAM, P.HANDSHAKE_TIMEOUT, P.IDLE_TIMEOUT, P.TERMINATE, P.CLOSE}
"""Inputs that neither a packet nor a fault brings about."""

NOT_THE_LINKS = {EndReason.UNREACHABLE}
"""What happens before there is a link."""


def test_every_action_and_every_end_is_used() -> None:
    client = [row for framing in Framing for row in SECURE_CLIENT_TABLE.rows(framing).values()]
    assert {row.action for row in client} - {None} == set(SecureClientAction)
    assert {row.reason for row in client} - {None} == set(END_REASONS) == set(EndReason) - NOT_THE_LINKS
    controller = [row for framing in Framing for row in SECURE_CONTROLLER_TABLE.rows(framing).values()]
    assert {row.action for row in controller} - {None} == set(SecureControllerAction)
    assert {row.reason for row in controller} - {None} == set(ControllerEndReason)


def test_a_session_ends_with_its_row_and_the_link_of_a_client_with_it() -> None:
    for framing in Framing:
        for pair, row in SECURE_CLIENT_TABLE.rows(framing).items():
            assert (row.reason is not None) is (row.next_state is S.CLOSED), pair


def test_every_action_is_bound_to_what_brings_it_about() -> None:
    """No action can meet a packet, a fault or nothing at all that it was not made for."""
    for framing in Framing:
        client, controller = client_in(S.IDLE, framing).link, controller_in(S.IDLE, framing).link
        assert isinstance(client, SecureClientLink)
        assert isinstance(controller, SecureControllerLink)
        for (state, item), row in SECURE_CLIENT_TABLE.rows(framing).items():
            if item in (C.BAD_PACKET, C.BAD_STREAM):
                assert row.action in (None, *client._fault_actions), (state, item)
            elif item in CLIENT_ALONE:
                assert row.action in (None, *client._lone_actions), (state, item)
            else:
                assert row.action in (None, *client._packet_actions), (state, item)
        for (state, cause), other in SECURE_CONTROLLER_TABLE.rows(framing).items():
            if cause in (P.BAD_PACKET, P.BAD_STREAM, P.MESSAGE_WITHOUT_SESSION):
                assert other.action in (None, *controller._fault_actions), (state, cause)
            elif cause in CONTROLLER_ALONE:
                assert other.action in (None, *controller._lone_actions), (state, cause)
            else:
                assert other.action in (None, *controller._packet_actions), (state, cause)


# The recorder: machines that note which rows they take.


class RecordingClient(ClientConnection):
    def __init__(
        self, framing: Framing, key: bytes | None = KEY, history: SessionHistory | None = None
    ) -> None:
        settings = ClientSettings(tolerances=RAW_WORDS)
        super().__init__(key, framing=framing, settings=settings, history=history)
        self.hits: list[tuple[Enum, SecureClientInput]] = []
        link = self.secure_link
        link._rows = recording(link._rows, self.hits)
        link._row = link._rows[S.IDLE]

    @property
    def secure_link(self) -> SecureClientLink:
        assert isinstance(self.link, SecureClientLink)
        return self.link


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
        self.hits: list[tuple[Enum, SecureControllerInput]] = []
        link = self.secure_link
        link._rows = recording(link._rows, self.hits)
        link._row = link._rows[S.IDLE]

    @property
    def secure_link(self) -> SecureControllerLink:
        assert isinstance(self.link, SecureControllerLink)
        return self.link


def client_in(state: LinkState, framing: Framing, key: bytes | None = KEY) -> RecordingClient:
    """Bring a new client into a state, by what its peer and its owner do."""
    client = RecordingClient(framing, key, SessionHistory(0, LAST_SESSION_ID, ended_at=0.0))
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
    assert client.secure_link.state is state
    client.hits.clear()
    return client


def controller_in(state: LinkState, framing: Framing) -> RecordingController:
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
    assert controller.secure_link.state is state
    controller.hits.clear()
    return controller


def bad_packet(framing: Framing) -> bytes:
    return RAW_BLOCK if framing is Framing.STREAM else UNKNOWN


def cause_at_client(client: RecordingClient, item: SecureClientInput) -> list[ClientEvent]:
    """Make an input come about from outside; return the events."""
    match item:
        case C.OPEN:
            client.connect(0.0)
            return drain(client)
        case C.CLOSE:
            client.close(0.0)
            return drain(client)
        case C.SESSION_OFFERED | C.OFFERED_WITHOUT_KEY | C.OTHER_SESSION_OFFERED | C.TOO_MANY_OFFERS:
            return feed(client, PEER.offer(session_id=OTHER_SESSION_ID))
        case C.OFFER_REPEATED:
            return feed(client, PEER.offer())
        case C.LAST_SESSION_OFFERED:
            return feed(client, PEER.offer(session_id=LAST_SESSION_ID))
        case C.STALE_ANSWER:
            return feed(client, PEER.offer(77))
        case C.OTHER_VERSION_OFFERED:
            return feed(client, PEER.offer(version=2))
        case C.SESSION_ID_ECHOED:
            return feed(client, PEER.echo())
        case C.OTHER_SESSION_ID_ECHOED:
            return feed(client, PEER.echo(session_id=OTHER_SESSION_ID))
        case C.TERMINATED:
            return feed(client, PEER.terminated())
        case C.TERMINATED_IN_DOUBT | C.TERMINATED_IN_DOUBT_AGAIN:
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
        case C.HANDSHAKE_TIMEOUT | C.VERSION_TIMEOUT | C.CLOSE_TIMEOUT:
            return wait(client, 20.0)
        case C.ABANDON:
            return wait(client, 120.0)


def cause_at_controller(
    controller: RecordingController, item: SecureControllerInput
) -> list[ControllerEvent]:
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
        case P.LATE_PROOF:
            # There is an offer before the one that is being answered.
            feed(controller, PEER.request_session(9))
            controller.data_to_send()
            controller.hits.clear()
            return feed(controller, PEER.proof())
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


CLIENT_ROWS = [(framing, *pair) for framing in Framing for pair in SECURE_CLIENT_TABLE.rows(framing)]
CONTROLLER_ROWS = [(framing, *pair) for framing in Framing for pair in SECURE_CONTROLLER_TABLE.rows(framing)]
CLIENT_HITS: set[tuple[Framing, Enum, SecureClientInput]] = set()
CONTROLLER_HITS: set[tuple[Framing, Enum, SecureControllerInput]] = set()


@pytest.fixture(scope="module", autouse=True)
def _every_row_was_hit(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    names = {item.name for item in request.session.items}
    # Only where the test ran: others may be picked by name.
    if "test_client_row" in names:
        assert set(CLIENT_ROWS) == CLIENT_HITS
    if "test_controller_row" in names:
        assert set(CONTROLLER_ROWS) == CONTROLLER_HITS


def _row_id(row: tuple[Framing, LinkState, IntEnum]) -> str:
    framing, state, item = row
    return f"{framing.value}-{state.value}-{item.name}"


@each_row("row", CLIENT_ROWS, ids=_row_id)
def test_client_row(row: tuple[Framing, LinkState, SecureClientInput]) -> None:
    framing, state, item = row
    transition = SECURE_CLIENT_TABLE.rows(framing)[state, item]
    client = client_in(state, framing, None if item is C.OFFERED_WITHOUT_KEY else KEY)
    prepare(client, state, item)
    client.data_to_send()
    client.hits.clear()
    events = cause_at_client(client, item)
    packets = sent(client)
    CLIENT_HITS.update((framing, *hit) for hit in client.hits)
    assert client.hits == [(state, item)]
    assert client.secure_link.state is transition.next_state
    check_client_effect(item, transition, events, packets)


def prepare(client: RecordingClient, state: LinkState, item: SecureClientInput) -> None:
    """Let happen before what the input needs besides the state."""
    match item:
        case C.TOO_MANY_OFFERS:
            offers = [Peer(session_id=bytes((n, 0, 0, 0, 0))).offer() for n in range(1, 5)]
            feed(client, *offers[state is S.SECURING :])
            if state is S.REQUESTING:
                # The handshake begins anew when an offer was in doubt, and the offers still count.
                feed(client, PEER.terminated())
                client.secure_link._request_number = 1
        case C.TERMINATED_IN_DOUBT:
            feed(client, PEER.offer(session_id=OTHER_SESSION_ID))
        case C.TERMINATED_IN_DOUBT_AGAIN:
            feed(client, PEER.offer(session_id=OTHER_SESSION_ID), PEER.terminated())
            feed(client, PEER.offer(4))
        case C.VERSION_TIMEOUT:
            feed(client, PEER.offer(version=2))


def check_client_effect(
    item: SecureClientInput,
    transition: Transition[LinkState, SecureClientAction, EndReason],
    events: list[ClientEvent],
    packets: list[Packet],
) -> None:
    types = [packet.type for packet in packets]
    if transition.reason is not None:
        assert isinstance(events[-1], SessionEnded)
        assert events.pop().reason is transition.reason  # type: ignore[union-attr]
        events = [event for event in events if not isinstance(event, RequestFailed)]
    match transition.action:
        case None:
            # The goodbye is repeated until its time is over.
            repeats = [PacketType.CLIENT_SESSION_TERMINATED] * (item is C.CLOSE_TIMEOUT)
            assert (events, set(types) - set(repeats)) == ([], set())
        case SecureClientAction.REQUEST_SESSION | SecureClientAction.START_ANEW:
            assert (events, types) == ([], [PacketType.CLIENT_REQUEST_NEW_SESSION])
        case SecureClientAction.SECURE:
            assert (events, types) == ([], [PacketType.CLIENT_REQUEST_SECURE_CONNECTION])
            proof = Peer(session_id=OTHER_SESSION_ID).cipher.decrypt(packets[0].data, packets[0].sequence)
            assert proof == OTHER_SESSION_ID.ljust(16, b"\0")
        case SecureClientAction.GO_ONLINE:
            assert (events, types) == ([SessionStarted()], [])
        case SecureClientAction.RECEIVE:
            assert (events, types) == ([NotificationReceived(EVENT)], [])
        case SecureClientAction.DROP | SecureClientAction.DROP_REPEATED_OFFER:
            (dropped,) = events
            assert isinstance(dropped, PacketDropped)
            # What is wrong with a bad packet is the framer's to know.
            assert dropped.fault is transition.fault or item is C.BAD_PACKET
            assert types == []
        case SecureClientAction.SEND_GOODBYE:
            assert events == []
            # Before it what the way to a time-out was: repeats, or the keepalives.
            assert types[-1] == PacketType.CLIENT_SESSION_TERMINATED


@each_row("row", CONTROLLER_ROWS, ids=_row_id)
def test_controller_row(row: tuple[Framing, LinkState, SecureControllerInput]) -> None:
    framing, state, item = row
    transition = SECURE_CONTROLLER_TABLE.rows(framing)[state, item]
    controller = controller_in(state, framing)
    events = cause_at_controller(controller, item)
    packets = controller.data_to_send()
    CONTROLLER_HITS.update((framing, *hit) for hit in controller.hits)
    assert controller.hits == [(state, item)]
    assert controller.secure_link.state is transition.next_state
    check_controller_effect(transition, events, packets)


def check_controller_effect(
    transition: Transition[LinkState, SecureControllerAction, ControllerEndReason],
    events: list[ControllerEvent],
    packets: list[bytes],
) -> None:
    types = [Packet.decode(packet).type for packet in packets]
    ended = [event.reason for event in events if isinstance(event, ControllerSessionEnded)]
    assert ended == ([] if transition.reason is None else [transition.reason])
    events = [event for event in events if not isinstance(event, ControllerSessionEnded)]
    match transition.action:
        case None:
            assert (events, types) == ([], [])
        case SecureControllerAction.OFFER_SESSION:
            replaced = transition.reason is not None
            assert (events, packets) == (
                [],
                [PEER.offer(9, session_id=OTHER_SESSION_ID if replaced else None)],
            )
        case SecureControllerAction.REPEAT_OFFER:
            assert (events, packets) == ([], [PEER.offer(1)])
        case SecureControllerAction.REFUSE:
            assert (events, types) == ([], [PacketType.CONTROLLER_CANNOT_START_NEW_SESSION])
        case SecureControllerAction.GO_ONLINE:
            assert (events, packets) == ([SessionStarted()], [PEER.echo()])
        case SecureControllerAction.REPEAT_ACKNOWLEDGEMENT:
            assert (events, packets) == ([], [PEER.echo()])
        case SecureControllerAction.RECEIVE:
            assert (events, types) == ([RequestReceived(1, 3, READ.to_message())], [])
        case SecureControllerAction.DROP:
            assert [type(event) for event in events] == [PacketDropped]
            assert types == []
        case SecureControllerAction.SEND_TERMINATION:
            assert (events, types) == ([], [PacketType.CONTROLLER_SESSION_TERMINATED])


# What the caller may not do.


@each_row("framing", Framing)
@each_row("state", CLIENT_STATES)
def test_a_client_refuses_what_its_state_does_not_allow_and_stays_as_it_is(
    state: LinkState, framing: Framing
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


@each_row("framing", Framing)
@each_row("state", CONTROLLER_STATES)
def test_a_controller_refuses_what_its_state_does_not_allow_and_stays_as_it_is(
    state: LinkState, framing: Framing
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
def test_closing_twice_does_nothing(state: LinkState, framing: Framing) -> None:
    client = client_in(state, framing)
    before = fingerprint(client)
    client.close(0.5)
    assert fingerprint(client) == before


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("state", [S.IDLE, S.CLOSED])
def test_terminating_without_a_session_does_nothing(state: LinkState, framing: Framing) -> None:
    controller = controller_in(state, framing)
    before = fingerprint(controller)
    controller.terminate(0.5)
    assert fingerprint(controller) == before
