"""Streams and datagrams at one panel at once: each by its own rules, all under one limit."""

import pytest

from omnilink_sansio import (
    ClientConnection,
    ConnectionState,
    ControllerEndReason,
    ControllerServer,
    ControllerSessionEnded,
    ControllerSettings,
    Framing,
    LocalProtocolError,
    OmniConnectionError,
    Packet,
    PacketType,
    SessionRefusedError,
)
from omnilink_sansio.commands import turn_unit_on
from omnilink_sansio.objects import ObjectType, ZoneCondition, ZoneStatus
from omnilink_sansio.simulator import EmulatedPanel, demo_house, parse_stimulus
from omnilink_sansio.system import RequestSystemInformation
from tests.simulator.driver import KEY
from tests.simulator.faulty_world import FaultyWorld

STREAM, DATAGRAM = Framing.STREAM, Framing.DATAGRAM
QUESTION = RequestSystemInformation()
TERMINATED = [PacketType.CONTROLLER_SESSION_TERMINATED]


def _both() -> FaultyWorld:
    world = FaultyWorld()
    world.connect("stream", STREAM)
    world.connect("datagram", DATAGRAM)
    assert world.is_online("stream")
    assert world.is_online("datagram")
    return world


def _ends(world: FaultyWorld) -> list[tuple[str, ControllerEndReason]]:
    return [
        (peer, event.reason) for peer, event in world.observed if isinstance(event, ControllerSessionEnded)
    ]


def _first_packet() -> bytes:
    client = ClientConnection(KEY)
    client.connect(0.0)
    return client.data_to_send()[0]


def test_both_are_answered_and_told_of_changes() -> None:
    world = _both()
    for peer in world.clients:
        world.listen(peer)
    world.ask(turn_unit_on(1), "stream")
    assert world.ask(QUESTION, "datagram").phone == "5551234"
    assert world.notified("stream") == world.notified("datagram") == 1
    assert world.panel.session_count == 2


def test_one_limit_holds_for_both() -> None:
    world = FaultyWorld(settings=ControllerSettings(max_sessions=2, idle_timeout=0))
    world.connect("one", STREAM)
    world.connect("two", DATAGRAM)
    for peer, framing in (("three", STREAM), ("four", DATAGRAM)):
        world.connect(peer, framing)
        assert isinstance(world.error(peer), SessionRefusedError)
    world.clients["one"].close(world.now)
    world.pump()
    world.connect("five", DATAGRAM)
    assert world.is_online("five")


def test_packet_6_closes_a_stream_and_a_datagram_peer_may_begin_anew() -> None:
    world = _both()
    for peer in ("stream", "datagram"):
        world.written[peer].clear()
        world.panel.terminate(peer, world.now)
        world.pump()
        assert world.types(peer) == TERMINATED
        assert isinstance(world.error(peer), OmniConnectionError)
    assert _ends(world) == [
        ("stream", ControllerEndReason.TERMINATED),
        ("datagram", ControllerEndReason.TERMINATED),
    ]
    world.connect("datagram", DATAGRAM)
    assert world.is_online("datagram")


def test_to_terminate_nobody_does_nothing() -> None:
    world = _both()
    world.panel.terminate("nobody", world.now)
    world.panel.accept("idle", world.now)
    world.panel.terminate("idle", world.now)
    assert world.panel.data_to_send() == []
    assert world.panel.state("idle") is ConnectionState.IDLE
    assert world.panel.session_count == 2


def test_each_ends_by_the_rules_of_its_framing_when_idle() -> None:
    world = FaultyWorld(settings=ControllerSettings(idle_timeout=100, handshake_timeout=10))
    world.connect("stream", STREAM)
    world.connect("datagram", DATAGRAM)
    world.panel.accept("mute", world.now)
    world.panel.receive_data("half", _first_packet(), world.now)
    world.panel.data_to_send()
    for peer in ("stream", "datagram"):
        world.written[peer].clear()
    world.go_to(10)
    # A stream that never said anything is closed; a half-open datagram peer is forgotten.
    assert _ends(world) == [
        ("mute", ControllerEndReason.HANDSHAKE_TIMEOUT),
        ("half", ControllerEndReason.HANDSHAKE_TIMEOUT),
    ]
    assert world.panel.state("mute") is world.panel.state("half") is ConnectionState.CLOSED
    world.go_to(100)
    assert world.types("stream") == world.types("datagram") == TERMINATED
    assert _ends(world)[2:] == [("stream", ControllerEndReason.IDLE), ("datagram", ControllerEndReason.IDLE)]


def test_what_cannot_be_understood_closes_a_stream_and_is_dropped_as_a_datagram() -> None:
    world = _both()
    unknown = Packet(1, 99, bytes(3)).encode()
    for peer in ("stream", "datagram"):
        world.panel.receive_data(peer, unknown, world.now)
        world.pump()
    assert world.panel.state("stream") is ConnectionState.CLOSED
    assert world.is_online("datagram")


def test_what_comes_late_on_a_closed_stream_is_not_taken_for_a_datagram() -> None:
    world = _both()
    world.panel.terminate("stream", world.now)
    world.panel.data_to_send()
    assert world.panel.state("stream") is ConnectionState.CLOSED
    seen = len(world.observed)
    world.panel.receive_data("stream", _first_packet(), world.now)
    world.panel.receive_data(
        "stream", Packet(7, PacketType.OMNI_LINK_II_MESSAGE, bytes(16)).encode(), world.now
    )
    assert world.panel.data_to_send() == []
    assert world.panel.state("stream") is ConnectionState.CLOSED
    assert len(world.observed) == seen


def test_a_stream_that_a_reboot_lost_is_still_no_datagram_peer() -> None:
    world = _both()
    world.panel.reboot(world.now)
    for peer in ("stream", "datagram"):
        world.panel.receive_data(
            peer, Packet(7, PacketType.OMNI_LINK_II_MESSAGE, bytes(16)).encode(), world.now
        )
    assert world.panel.data_to_send() == [("datagram", Packet(7, TERMINATED[0]).encode())]


def test_a_name_is_free_for_datagrams_once_its_stream_is_gone() -> None:
    server: ControllerServer[str] = ControllerServer(KEY, lambda: bytes(5), framing=None)
    assert not server.is_stream("a")
    server.accept("a", 0.0)
    assert server.is_stream("a")
    assert server.peers == ("a",)
    server.receive_eof("a", 1.0)
    while server.next_event() is not None:
        pass
    server.data_to_send()
    assert not server.is_stream("a")
    assert len(server.peers) == 0
    server.receive_data("a", _first_packet(), 2.0)
    assert server.next_event() is None
    ((peer, packet),) = server.data_to_send()
    assert (peer, Packet.decode(packet).type) == ("a", PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION)


def test_a_peer_is_a_stream_or_a_datagram_peer_and_never_both() -> None:
    world = _both()
    for peer in ("stream", "datagram"):
        with pytest.raises(LocalProtocolError, match="accepted once"):
            world.panel.accept(peer, world.now)
    assert world.is_online("stream")
    assert world.is_online("datagram")


@pytest.mark.parametrize(("framing", "is_stream"), [(STREAM, True), (DATAGRAM, False)])
def test_with_one_framing_every_peer_is_of_that(framing: Framing, is_stream: bool) -> None:
    server: ControllerServer[str] = ControllerServer(KEY, lambda: bytes(5), framing=framing)
    assert server.is_stream("a") is is_stream


def test_the_owner_of_a_server_may_let_nobody_in() -> None:
    lets_in = False
    server: ControllerServer[str] = ControllerServer(
        KEY, lambda: bytes(5), framing=DATAGRAM, may_start=lambda: lets_in
    )
    types = []
    for lets_in in (False, True):  # noqa: B007  # the lambda sees it
        server.receive_data("a", _first_packet(), 0.0)
        assert server.next_event() is None
        types += [Packet.decode(packet).type for _, packet in server.data_to_send()]
    assert types == [
        PacketType.CONTROLLER_CANNOT_START_NEW_SESSION,
        PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION,
    ]


def test_a_panel_of_streams_alone_ignores_strangers_and_one_of_datagrams_accepts_no_stream() -> None:
    def panel(framing: Framing) -> EmulatedPanel[str]:
        return EmulatedPanel(KEY, demo_house(), lambda: bytes(5), framing=framing)

    streams = panel(STREAM)
    streams.receive_data("stranger", _first_packet(), 0.0)
    assert streams.data_to_send() == []
    with pytest.raises(LocalProtocolError, match="datagrams never are"):
        panel(DATAGRAM).accept("a", 0.0)


def test_all_that_the_house_tells_is_observed_whether_or_not_anybody_listens() -> None:
    world = FaultyWorld()
    world.panel.push([(ObjectType.UNIT, 1), (ObjectType.ZONE, 3)], world.now)
    alone = list(world.changes)
    assert [type(change).__name__ for change in alone] == ["UnitStatus", "ZoneStatus"]
    world.connect()
    world.listen()
    world.changes.clear()
    world.panel.push([(ObjectType.UNIT, 1), (ObjectType.ZONE, 3)], world.now)
    world.pump()
    assert world.changes == alone
    assert world.notified() == 2


def test_what_happens_in_the_house_is_told_at_once() -> None:
    world = FaultyWorld()
    world.connect()
    world.listen()
    world.panel.happen(parse_stimulus("open zone 2"), world.now)
    world.pump()
    assert world.house.zones[2].condition is ZoneCondition.NOT_READY
    assert [change.index for change in world.changes if isinstance(change, ZoneStatus)] == [2]
    assert world.notified() == len(world.changes)


def test_what_cannot_happen_is_refused_and_changes_nothing() -> None:
    world = FaultyWorld()
    world.connect()
    world.listen()
    with pytest.raises(LocalProtocolError):
        world.panel.happen(parse_stimulus("open zone 999"), world.now)
    assert world.panel.data_to_send() == []
    assert world.changes == []
