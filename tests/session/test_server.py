"""All clients of one controller, told apart by their peer: limits, replacement, many streams, one socket."""

from dataclasses import replace
from itertools import count

import pytest

from omnilink_sansio import (
    ConnectionState,
    ControllerEndReason,
    ControllerServer,
    ControllerSessionEnded,
    ControllerSettings,
    Framing,
    LocalProtocolError,
    PacketDropped,
    PacketType,
    PeerEvent,
    ReplyDropped,
    Request,
    RequestReceived,
    SessionStarted,
)
from tests.session.peers import ACK, EVENT, INFORMATION, KEY, PEER, READ, SET, Peer

STREAM, DATAGRAM = Framing
BY_FRAMING = pytest.mark.parametrize("framing", Framing)


class Server:
    """A server and what any owner does with it; each session has its own ID, so each peer its own keys."""

    def __init__(self, framing: Framing, settings: ControllerSettings | None = None) -> None:
        self.drawn = count(1)
        self.last_id = b""
        self.machine: ControllerServer[str] = ControllerServer(
            KEY, self.draw, framing=framing, settings=settings
        )
        self.framing = framing
        self.peers: dict[str, Peer] = {}

    def draw(self) -> bytes:
        self.last_id = next(self.drawn).to_bytes(5, "big")
        return self.last_id

    def pull(self) -> tuple[list[PeerEvent[str]], list[tuple[str, bytes]]]:
        events = []
        while (event := self.machine.next_event()) is not None:
            events.append(event)
        return events, self.machine.data_to_send()

    def receive(
        self, peer: str, data: bytes, now: float = 0.0
    ) -> tuple[list[PeerEvent[str]], list[tuple[str, bytes]]]:
        self.machine.receive_data(peer, data, now)
        return self.pull()

    def half_open(self, peer: str, now: float = 0.0) -> int:
        """Send packet 1; return the type of the answer."""
        if self.framing is STREAM:
            self.machine.accept(peer, now)
        events, [(to, packet)] = self.receive(peer, PEER.request_session(), now)
        assert events == []
        assert to == peer
        self.peers[peer] = Peer(session_id=self.last_id)
        return packet[2]

    def finish(self, peer: str, now: float = 0.0) -> None:
        assert self.receive(peer, self.peers[peer].proof(), now) == (
            [PeerEvent(peer, SessionStarted())],
            [(peer, self.peers[peer].echo())],
        )

    def online(self, peer: str, now: float = 0.0) -> None:
        assert self.half_open(peer, now) == PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION
        self.finish(peer, now)


@BY_FRAMING
def test_many_peers_each_with_a_session_and_keys_of_its_own(framing: Framing) -> None:
    server = Server(framing)
    names = [f"peer {number}" for number in range(10)]
    for name in names:
        server.online(name)
    assert server.machine.session_count == 10
    for name in names:
        peer = server.peers[name]
        [(to, request)], nothing = server.receive(name, peer.message(READ.to_message(), 3))
        assert (to, nothing) == (name, [])
        assert isinstance(request, RequestReceived)
        server.machine.reply(name, request, ACK, 0.0)
        assert server.pull() == ([], [(name, peer.message(ACK, 3))])
    for name in names:
        server.machine.notify(name, EVENT, 0.0)
    assert server.pull() == ([], [(name, server.peers[name].message(EVENT)) for name in names])


@BY_FRAMING
def test_sessions_are_limited_and_a_slot_that_is_free_again_is_given(framing: Framing) -> None:
    server = Server(framing, ControllerSettings(max_sessions=2))
    server.online("a")
    server.online("b")
    assert server.half_open("c") == PacketType.CONTROLLER_CANNOT_START_NEW_SESSION
    server.receive("a", server.peers["a"].goodbye(9))
    assert server.machine.session_count == 1
    assert server.machine.state("a") is ConnectionState.CLOSED
    if framing is STREAM:
        _, [(_, packet)] = server.receive("c", PEER.request_session())
        assert packet[2] == PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION
    else:
        server.online("c")


@BY_FRAMING
def test_half_open_sessions_have_a_limit_of_their_own_and_expire(framing: Framing) -> None:
    server = Server(framing, ControllerSettings(max_half_open=2))
    offered, refused = (
        PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION,
        PacketType.CONTROLLER_CANNOT_START_NEW_SESSION,
    )
    assert server.half_open("a", 0.0) == offered
    assert server.half_open("b", 1.0) == offered
    assert server.half_open("c", 2.0) == refused
    server.finish("a", 3.0)
    assert server.half_open("d", 4.0) == offered
    assert server.half_open("e", 5.0) == refused
    assert server.machine.next_timeout() == 11.0
    server.machine.handle_timeout(11.0)
    events, packets = server.pull()
    assert events == [PeerEvent("b", ControllerSessionEnded(ControllerEndReason.HANDSHAKE_TIMEOUT))]
    assert packets == []
    assert server.half_open("f", 12.0) == offered


@BY_FRAMING
def test_a_new_session_replaces_the_same_peers_old_one_even_when_all_are_taken(framing: Framing) -> None:
    server = Server(framing, ControllerSettings(max_sessions=1))
    server.online("a")
    events, [(_, packet)] = server.receive("a", PEER.request_session(9), 20.0)
    assert events == [PeerEvent("a", ControllerSessionEnded(ControllerEndReason.REPLACED))]
    assert packet[2] == PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION
    server.peers["a"] = Peer(session_id=server.last_id)
    server.finish("a", 20.0)


@pytest.mark.parametrize(
    "datagram",
    [
        PEER.goodbye(3),
        PEER.proof(),
        PEER.message(EVENT, 3),
        PEER.packet(99),
        PEER.terminated(),
        b"",
        b"\xff" * 500,
    ],
    ids=["5", "3", "32", "unknown", "6", "empty", "garbage"],
)
def test_only_packet_1_makes_the_server_remember_a_datagrams_sender(datagram: bytes) -> None:
    server = Server(DATAGRAM)
    for number in range(100):
        events, packets = server.receive(f"stranger {number}", datagram)
        assert len(events) + len(packets) == 1
        assert server.machine._connections == {}
    assert server.machine.next_timeout() is None


def test_strangers_are_told_with_6_that_they_have_no_session() -> None:
    server = Server(DATAGRAM)
    assert server.receive("stranger", PEER.message(EVENT, 7)) == ([], [("stranger", PEER.terminated(7))])


def test_a_refused_datagram_peer_is_forgotten() -> None:
    server = Server(DATAGRAM, ControllerSettings(max_sessions=1))
    server.online("a")
    for number in range(50):
        assert server.half_open(f"b{number}") == PacketType.CONTROLLER_CANNOT_START_NEW_SESSION
    assert list(server.machine._connections) == ["a"]


def test_streams_are_accepted_once_and_unknown_ones_are_ignored() -> None:
    server = Server(STREAM)
    server.machine.accept("a", 0.0)
    with pytest.raises(LocalProtocolError):
        server.machine.accept("a", 0.0)
    assert server.receive("b", PEER.request_session()) == ([], [])
    server.machine.receive_eof("b", 0.0)
    assert server.pull() == ([], [])
    with pytest.raises(LocalProtocolError):
        Server(DATAGRAM).machine.accept("a", 0.0)


def test_streams_that_end_are_forgotten_and_their_names_are_free() -> None:
    server = Server(STREAM)
    server.online("a")
    server.machine.receive_eof("a", 1.0)
    assert server.pull() == ([PeerEvent("a", ControllerSessionEnded(ControllerEndReason.LOST))], [])
    assert server.machine.state("a") is ConnectionState.CLOSED
    server.online("a", 2.0)


def test_silent_streams_expire() -> None:
    server = Server(STREAM)
    server.machine.accept("a", 5.0)
    assert server.machine.next_timeout() == 15.0
    server.machine.handle_timeout(15.0)
    assert server.pull() == (
        [PeerEvent("a", ControllerSessionEnded(ControllerEndReason.HANDSHAKE_TIMEOUT))],
        [],
    )
    assert server.machine.next_timeout() is None


@BY_FRAMING
def test_one_peers_fault_does_not_touch_another(framing: Framing) -> None:
    server = Server(framing)
    server.online("a")
    server.online("b")
    (event,), _ = server.receive("a", PEER.packet(99))
    assert event.peer == "a"
    assert isinstance(event.event, ControllerSessionEnded if framing is STREAM else PacketDropped)
    events, _ = server.receive("b", server.peers["b"].message(READ.to_message(), 3))
    assert [type(event.event) for event in events] == [RequestReceived]


@BY_FRAMING
def test_a_reply_to_a_peer_that_is_gone_is_dropped(framing: Framing) -> None:
    server = Server(framing)
    server.online("a")
    [(_, request)], _ = server.receive("a", server.peers["a"].message(READ.to_message(), 3))
    assert isinstance(request, RequestReceived)
    server.machine.terminate("a", 1.0)
    server.machine.reply("a", request, ACK, 1.0)
    events, [(_, packet)] = server.pull()
    assert [event.event for event in events] == [
        ControllerSessionEnded(ControllerEndReason.TERMINATED),
        ReplyDropped(request.request_id),
    ]
    assert packet == PEER.terminated(0)
    # Forgotten now, and still reported.
    server.machine.reply("a", request, ACK, 1.0)
    server.machine.terminate("a", 1.0)
    assert server.pull() == ([PeerEvent("a", ReplyDropped(request.request_id))], [])
    with pytest.raises(LocalProtocolError):
        server.machine.notify("a", EVENT, 1.0)


def asked(server: Server, peer: str, request: Request[object], sequence: int) -> RequestReceived:
    [(_, event)], nothing = server.receive(peer, server.peers[peer].message(request.to_message(), sequence))
    assert isinstance(event, RequestReceived)
    assert nothing == []
    return event


@BY_FRAMING
def test_a_reply_to_a_peers_earlier_session_never_answers_a_request_of_its_new_one(framing: Framing) -> None:
    server = Server(framing)
    server.online("a")
    first, second = asked(server, "a", READ, 3), asked(server, "a", READ, 4)
    server.machine.terminate("a", 1.0)
    server.pull()
    server.online("a", 2.0)
    server.machine.reply("a", first, INFORMATION, 2.0)
    assert server.pull() == ([PeerEvent("a", ReplyDropped(first.request_id))], [])
    new = asked(server, "a", SET, 3)
    server.machine.reply("a", second, INFORMATION, 3.0)
    assert server.pull() == ([PeerEvent("a", ReplyDropped(second.request_id))], [])
    server.machine.reply("a", new, ACK, 3.0)
    assert server.pull() == ([], [("a", server.peers["a"].message(ACK, 3))])


@BY_FRAMING
def test_a_late_reply_is_known_as_such_whatever_other_peers_did_in_between(framing: Framing) -> None:
    server = Server(framing)
    server.online("a")
    server.online("b")
    asked(server, "b", READ, 3)
    asked(server, "a", READ, 3)
    old = asked(server, "a", READ, 4)
    for peer in ("a", "b"):
        server.machine.terminate(peer, 1.0)
        server.pull()
    server.online("a", 2.0)
    asked(server, "a", SET, 3)
    server.machine.reply("a", old, INFORMATION, 2.0)
    assert server.pull() == ([PeerEvent("a", ReplyDropped(old.request_id))], [])


@BY_FRAMING
def test_a_reply_to_what_was_never_asked_is_the_callers_mistake(framing: Framing) -> None:
    server = Server(framing)
    server.online("a")
    request = asked(server, "a", READ, 3)
    with pytest.raises(LocalProtocolError, match="never received"):
        server.machine.reply("a", replace(request, request_id=request.request_id + 1), ACK, 0.0)
    server.machine.reply("a", request, ACK, 0.0)
    assert server.pull() == ([], [("a", server.peers["a"].message(ACK, 3))])


@BY_FRAMING
def test_the_next_timeout_is_the_earliest_of_all_peers(framing: Framing) -> None:
    server = Server(framing)
    assert server.machine.next_timeout() is None
    server.online("a", 1.0)
    assert server.machine.next_timeout() == 301.0
    server.half_open("b", 2.0)
    assert server.machine.next_timeout() == 12.0
    server.half_open("c", 1.5)
    assert server.machine.next_timeout() == 11.5
    server.finish("c", 3.0)
    assert server.machine.next_timeout() == 12.0
    # What is due at one peer is nothing to the others.
    server.machine.handle_timeout(12.0)
    assert server.pull() == (
        [PeerEvent("b", ControllerSessionEnded(ControllerEndReason.HANDSHAKE_TIMEOUT))],
        [],
    )
    assert server.machine.next_timeout() == 301.0


@BY_FRAMING
def test_close_ends_everything(framing: Framing) -> None:
    server = Server(framing)
    server.online("a")
    server.online("b")
    server.half_open("c")
    server.machine.close(1.0)
    events, packets = server.pull()
    assert events == [
        PeerEvent(name, ControllerSessionEnded(ControllerEndReason.TERMINATED)) for name in "abc"
    ]
    assert packets == [(name, PEER.terminated(0)) for name in "abc"]
    assert server.machine.session_count == 0
    assert server.machine.next_timeout() is None
    assert server.machine._connections == {}
