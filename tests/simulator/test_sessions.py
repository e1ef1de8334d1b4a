"""Sessions of the emulated panel: several clients, the limit, every way to an end."""

import pytest

from omnilink_sansio import (
    ClientConnection,
    ClientSettings,
    ConnectionState,
    ControllerEndReason,
    ControllerServer,
    ControllerSessionEnded,
    ControllerSettings,
    Framing,
    InvalidEncryptionKeyError,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    Packet,
    PacketType,
    PeerEvent,
    ReplyDropped,
    RequestReceived,
    SessionEnded,
    SessionRefusedError,
    SessionStarted,
)
from omnilink_sansio.commands import Command, turn_unit_on
from omnilink_sansio.objects import ObjectType, RequestObjectStatus, UnitStatus
from omnilink_sansio.simulator import EmulatedPanel, demo_house
from omnilink_sansio.system import Ack, RequestSystemInformation
from tests.simulator.driver import KEY, Driver


def _ends(driver: Driver) -> list[tuple[str, ControllerEndReason]]:
    return [
        (peer, event.reason) for peer, event in driver.observed if isinstance(event, ControllerSessionEnded)
    ]


def test_several_clients_see_one_house() -> None:
    driver = Driver()
    for peer in ("one", "two", "three"):
        driver.connect(peer)
        assert driver.is_online(peer)
    assert driver.panel.session_count == 3
    driver.command(Command.UNIT_ON, 0, 1, peer="one")
    for peer in ("two", "three"):
        status = driver.ask(RequestObjectStatus(ObjectType.UNIT, 1, 1), peer)
        assert status.records == (UnitStatus(1, 1, 0),)


def test_each_session_has_a_key_of_its_own() -> None:
    driver = Driver()
    driver.connect("one")
    driver.connect("two")
    driver.exchange(RequestSystemInformation(), "one")
    driver.exchange(RequestSystemInformation(), "two")
    one, two = driver.packets["one"][-1], driver.packets["two"][-1]
    assert one.sequence == two.sequence
    assert one.data != two.data


def test_the_client_beyond_the_limit_is_refused_until_a_place_is_free() -> None:
    driver = Driver(settings=ControllerSettings(max_sessions=2, idle_timeout=0))
    driver.connect("one")
    driver.connect("two")
    driver.connect("three")
    assert isinstance(driver.error("three"), SessionRefusedError)
    assert [packet.type for packet in driver.packets["three"]] == [
        PacketType.CONTROLLER_CANNOT_START_NEW_SESSION
    ]
    assert driver.panel.session_count == 2
    assert driver.is_online("one")
    assert driver.ask(RequestSystemInformation(), "two").phone == "5551234"
    driver.clients["one"].close(driver.now)
    driver.pump()
    driver.panel.receive_eof("three", driver.now)
    driver.pump()
    driver.connect("three")
    assert driver.is_online("three")


def test_packet_5_is_answered_by_6_and_the_stream_is_closed() -> None:
    driver = Driver()
    driver.connect("one")
    driver.connect("two")
    driver.packets["one"].clear()
    driver.clients["one"].close(driver.now)
    driver.pump()
    assert [packet.type for packet in driver.packets["one"]] == [PacketType.CONTROLLER_SESSION_TERMINATED]
    assert driver.clients["one"].state is ConnectionState.CLOSED
    assert driver.error("one") is None
    assert driver.panel.state("one") is ConnectionState.CLOSED
    assert driver.panel.session_count == 1
    assert _ends(driver) == [("one", ControllerEndReason.CLIENT_TERMINATED)]
    assert driver.is_online("two")


def test_the_end_of_a_stream_ends_its_session_only() -> None:
    driver = Driver()
    driver.connect("one")
    driver.connect("two")
    driver.panel.receive_eof("one", driver.now)
    driver.pump()
    assert driver.panel.state("one") is ConnectionState.CLOSED
    assert _ends(driver) == [("one", ControllerEndReason.LOST)]
    assert driver.panel.session_count == 1
    assert driver.is_online("two")
    # What still comes in is ignored.
    driver.panel.receive_data("one", bytes(100), driver.now)
    driver.panel.receive_eof("one", driver.now)
    driver.pump()
    assert driver.panel.state("one") is ConnectionState.CLOSED


def test_a_client_with_another_key_is_turned_away() -> None:
    driver = Driver()
    driver.connect("one", key=bytes(16))
    assert isinstance(driver.error("one"), InvalidEncryptionKeyError)
    assert driver.panel.session_count == 0
    assert _ends(driver) == [("one", ControllerEndReason.WRONG_KEY)]
    driver.connect("two")
    assert driver.is_online("two")


def test_closing_the_panel_ends_every_session_with_packet_6() -> None:
    driver = Driver()
    for peer in ("one", "two"):
        driver.connect(peer)
        driver.packets[peer].clear()
    driver.panel.close(driver.now)
    driver.pump()
    for peer in ("one", "two"):
        assert [packet.type for packet in driver.packets[peer]] == [PacketType.CONTROLLER_SESSION_TERMINATED]
        assert isinstance(driver.error(peer), OmniConnectionError)
        assert driver.panel.state(peer) is ConnectionState.CLOSED
    assert driver.panel.session_count == 0
    assert driver.panel.next_timeout() is None


def test_a_session_without_traffic_ends_when_the_idle_time_is_over() -> None:
    driver = Driver(settings=ControllerSettings(idle_timeout=300))
    driver.connect()
    driver.advance(200)
    driver.ask(RequestSystemInformation())
    driver.advance(299.9)
    assert driver.is_online()
    driver.advance(0.1)
    assert driver.panel.state("one") is ConnectionState.CLOSED
    assert _ends(driver) == [("one", ControllerEndReason.IDLE)]
    assert isinstance(driver.error(), OmniConnectionError)


def test_a_stream_that_says_nothing_is_closed() -> None:
    driver = Driver()
    driver.panel.accept("mute", driver.now)
    assert driver.panel.next_timeout() == driver.now + 10
    driver.panel.handle_timeout(driver.now + 10)
    driver.panel.data_to_send()
    assert driver.panel.state("mute") is ConnectionState.CLOSED
    assert _ends(driver) == [("mute", ControllerEndReason.HANDSHAKE_TIMEOUT)]


def test_a_stream_is_accepted_once() -> None:
    driver = Driver()
    driver.connect("one")
    with pytest.raises(LocalProtocolError, match="accepted once"):
        driver.panel.accept("one", driver.now)
    assert driver.is_online("one")


def test_the_observer_sees_each_event_of_each_client_in_order_before_it_is_acted_on() -> None:
    driver = Driver()
    driver.connect("one")
    driver.connect("two")
    driver.command(Command.UNIT_ON, 0, 1, peer="two")
    assert [(peer, type(event)) for peer, event in driver.observed] == [
        ("one", SessionStarted),
        ("two", SessionStarted),
        ("two", RequestReceived),
    ]


def test_the_panel_answers_on_datagrams_too() -> None:
    ids = iter(range(1, 100))
    panel: EmulatedPanel[int] = EmulatedPanel(
        KEY, demo_house(), lambda: next(ids).to_bytes(5, "big"), framing=Framing.DATAGRAM
    )
    client = ClientConnection(KEY, framing=Framing.DATAGRAM, settings=ClientSettings(keepalive=0))
    client.connect(0.0)

    def carry() -> tuple[ConnectionState, ConnectionState]:
        for _ in range(5):
            while client.next_event() is not None:
                pass
            for packet in client.data_to_send():
                panel.receive_data(7, packet, 0.0)
            for peer, packet in panel.data_to_send():
                assert peer == 7
                client.receive_data(packet, 0.0)
        return client.state, panel.state(7)

    assert carry() == (ConnectionState.ONLINE, ConnectionState.ONLINE)
    with pytest.raises(LocalProtocolError):
        panel.accept(8, 0.0)
    client.close(0.0)
    assert carry() == (ConnectionState.CLOSED, ConnectionState.CLOSED)
    assert panel.session_count == 0


def test_two_houses_are_alike_and_apart() -> None:
    first, second = Driver(), Driver()
    first.connect()
    second.connect()
    assert first.house == second.house
    first.command(Command.UNIT_ON, 0, 1)
    assert second.ask(RequestObjectStatus(ObjectType.UNIT, 1, 1)).records == (UnitStatus(1, 0, 0),)


# A panel that restarts.


def test_a_reboot_ends_every_session_without_a_word() -> None:
    driver = Driver()
    for peer in ("one", "two"):
        driver.connect(peer)
        driver.listen(peer)
        driver.packets[peer].clear()
    driver.observed.clear()
    # What is on its way is lost as well.
    driver.send(RequestSystemInformation(), "one")
    (packet,) = driver.clients["one"].data_to_send()
    driver.panel.receive_data("one", packet, driver.now)
    driver.panel.reboot(driver.now)
    assert driver.panel.data_to_send() == []
    assert driver.panel.session_count == 0
    assert [type(event) for _, event in driver.observed] == [RequestReceived]
    for peer in ("one", "two"):
        assert driver.panel.state(peer) is ConnectionState.CLOSED
        # What an adapter does before it has closed the stream.
        driver.panel.receive_data(peer, bytes(100), driver.now)
        driver.panel.receive_eof(peer, driver.now)
    assert driver.panel.data_to_send() == []


def test_a_reboot_keeps_the_house_and_forgets_who_wanted_notifications() -> None:
    driver = Driver()
    driver.connect("one")
    driver.listen("one")
    driver.command(Command.UNIT_ON, 0, 1)
    driver.panel.reboot(driver.now)
    assert not driver.panel._notified
    driver.connect("one")
    assert driver.is_online("one")
    assert driver.ask(RequestObjectStatus(ObjectType.UNIT, 1, 1)).records == (UnitStatus(1, 1, 0),)
    driver.command(Command.UNIT_OFF, 0, 1)
    assert driver.pushed("one") == []
    driver.listen("one")
    driver.command(Command.UNIT_ON, 0, 1)
    assert driver.pushed("one")


def test_the_timers_of_the_house_run_through_a_reboot() -> None:
    driver = Driver()
    driver.connect("one")
    driver.command(Command.UNIT_ON, 60, 1)
    due = driver.now + 60
    driver.panel.reboot(driver.now + 30)
    assert driver.panel.next_timeout() == due
    # One that fell due before is carried out, and nobody is told.
    driver.panel.reboot(due)
    assert driver.panel.next_timeout() is None
    assert driver.panel.data_to_send() == []
    driver.now = due
    driver.connect("one")
    assert driver.ask(RequestObjectStatus(ObjectType.UNIT, 1, 1)).records == (UnitStatus(1, 0, 0),)


def test_an_answer_from_before_a_reboot_is_none_to_who_returns() -> None:
    server: ControllerServer[str] = ControllerServer(KEY, lambda: bytes(5), framing=Framing.DATAGRAM)
    client = ClientConnection(KEY, framing=Framing.DATAGRAM, settings=ClientSettings(keepalive=0))

    def carry() -> list[RequestReceived | ReplyDropped]:
        found: list[RequestReceived | ReplyDropped] = []
        for _ in range(5):
            while client.next_event() is not None:
                pass
            for packet in client.data_to_send():
                server.receive_data("one", packet, 0.0)
            while (item := server.next_event()) is not None:
                if isinstance(item.event, RequestReceived | ReplyDropped):
                    found.append(item.event)
            for _, packet in server.data_to_send():
                client.receive_data(packet, 0.0)
        return found

    client.connect(0.0)
    carry()
    client.send(RequestSystemInformation(), 0.0)
    (old,) = carry()
    assert isinstance(old, RequestReceived)
    server.forget_all()
    client = ClientConnection(KEY, framing=Framing.DATAGRAM, settings=ClientSettings(keepalive=0))
    client.connect(0.0)
    carry()
    client.send(RequestSystemInformation(), 0.0)
    (new,) = carry()
    assert isinstance(new, RequestReceived)
    server.reply("one", old, Ack().to_message(), 0.0)
    assert server.next_event() == PeerEvent("one", ReplyDropped(old.request_id))
    assert server.next_event() is None
    assert server.data_to_send() == []


def test_a_panel_on_datagrams_that_rebooted_knows_nobody() -> None:
    ids = iter(range(1, 100))
    panel: EmulatedPanel[int] = EmulatedPanel(
        KEY, demo_house(), lambda: next(ids).to_bytes(5, "big"), framing=Framing.DATAGRAM
    )
    client = ClientConnection(KEY, framing=Framing.DATAGRAM, settings=ClientSettings(keepalive=0))
    ends: list[OmniLinkError | None] = []
    answers: list[PacketType | int] = []

    def carry() -> ConnectionState:
        for _ in range(5):
            while (event := client.next_event()) is not None:
                if isinstance(event, SessionEnded):
                    ends.append(event.error)
            for packet in client.data_to_send():
                panel.receive_data(7, packet, 0.0)
            for _, packet in panel.data_to_send():
                answers.append(Packet.decode(packet).type)
                client.receive_data(packet, 0.0)
        return client.state

    client.connect(0.0)
    assert carry() is ConnectionState.ONLINE
    panel.reboot(0.0)
    assert panel.data_to_send() == []
    assert panel.state(7) is ConnectionState.CLOSED
    answers.clear()
    # The client has not noticed, and asks on in its session.
    client.send(RequestSystemInformation(), 0.0)
    assert carry() is ConnectionState.CLOSED
    assert answers == [PacketType.CONTROLLER_SESSION_TERMINATED]
    assert [type(end) for end in ends] == [OmniConnectionError]
    # And may return at once.
    client = ClientConnection(KEY, framing=Framing.DATAGRAM, settings=ClientSettings(keepalive=0))
    client.connect(0.0)
    assert carry() is ConnectionState.ONLINE
    assert panel.session_count == 1


def test_a_reboot_while_a_request_is_observed_leaves_it_carried_out_and_unanswered() -> None:
    driver = Driver()
    panel: EmulatedPanel[str]

    def observe(item: PeerEvent[str]) -> None:
        driver.observed.append(item)
        if isinstance(item.event, RequestReceived):
            panel.reboot(driver.now)

    driver.panel = panel = EmulatedPanel(KEY, driver.house, lambda: bytes(5), observe=observe)
    driver.connect("one")
    driver.packets["one"].clear()
    driver.send(turn_unit_on(1), "one")
    driver.pump()
    assert driver.packets["one"] == []
    assert panel.session_count == 0
    assert [type(event) for _, event in driver.observed] == [SessionStarted, RequestReceived, ReplyDropped]
    assert driver.house.units[1].state == 1
