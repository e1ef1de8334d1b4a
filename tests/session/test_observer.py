"""Observers: one record for each packet, change of state and drop, in order, and nothing secret in any."""

from itertools import pairwise

import pytest

from omnilink_sansio.commands import set_security_mode
from omnilink_sansio.errors import Fault
from omnilink_sansio.messages.security import validate_code
from omnilink_sansio.objects import SecurityMode
from omnilink_sansio.session import (
    ClientConnection,
    ConnectionState,
    ControllerConnection,
    ControllerEvent,
    PacketDropped,
    RequestReceived,
)
from omnilink_sansio.session.connection_states import ClientInput, ControllerInput
from omnilink_sansio.session.observer import Observation, PacketReceived, PacketSent, StateChanged
from omnilink_sansio.session.secure_client_states import SecureClientInput
from omnilink_sansio.session.secure_controller_states import SecureControllerInput
from omnilink_sansio.session.states import LinkState
from omnilink_sansio.testing import VirtualLink
from omnilink_sansio.testing.virtual_link import Fate, unreliable
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.packet import Packet, PacketType
from tests.session.peers import (
    ACK,
    EVENT,
    INFORMATION,
    KEY,
    PEER,
    READ,
    SESSION_ID,
    SET,
    UNKNOWN_TYPE,
    drain,
    echo_to,
    feed,
    wait,
)
from tests.session.toy_link import ToyClientLink, ToyControllerLink

STREAM, DATAGRAM = Framing
BY_FRAMING = pytest.mark.parametrize("framing", Framing)
S, L = ConnectionState, LinkState
C, P = SecureClientInput, SecureControllerInput
MESSAGE = PacketType.OMNI_LINK_II_MESSAGE


class Observed:
    """Takes what an observer is given."""

    def __init__(self) -> None:
        self.records: list[Observation] = []

    def __call__(self, record: Observation) -> None:
        self.records.append(record)

    def take(self) -> list[Observation]:
        records, self.records = self.records, []
        return records


def observed_client(framing: Framing) -> tuple[ClientConnection, Observed]:
    observed = Observed()
    return ClientConnection(KEY, framing=framing, observer=observed), observed


def observed_controller(framing: Framing) -> tuple[ControllerConnection, Observed]:
    observed = Observed()
    controller = ControllerConnection(KEY, lambda: SESSION_ID, framing=framing, observer=observed)
    return controller, observed


CLIENT_HANDSHAKE: list[Observation] = [
    StateChanged(1.0, S.IDLE, S.OPENING, ClientInput.CONNECT),
    StateChanged(1.0, L.IDLE, L.REQUESTING, C.OPEN),
    PacketSent(1.0, PacketType.CLIENT_REQUEST_NEW_SESSION, 1, 0),
    PacketReceived(2.0, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, 1, 7),
    StateChanged(2.0, L.REQUESTING, L.SECURING, C.SESSION_OFFERED),
    PacketSent(2.0, PacketType.CLIENT_REQUEST_SECURE_CONNECTION, 2, 16),
    PacketReceived(2.5, PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, 2, 16),
    StateChanged(2.5, L.SECURING, L.ONLINE, C.SESSION_ID_ECHOED),
    StateChanged(2.5, S.OPENING, S.ONLINE, ClientInput.OPENED),
]


def shake_hands(client: ClientConnection) -> None:
    client.connect(1.0)
    feed(client, PEER.offer(), now=2.0)
    feed(client, PEER.echo(), now=2.5)
    client.data_to_send()


@BY_FRAMING
def test_a_clients_session_from_beginning_to_end(framing: Framing) -> None:
    client, observed = observed_client(framing)
    shake_hands(client)
    assert observed.take() == CLIENT_HANDSHAKE
    client.send(READ, 3.0)
    feed(client, PEER.message(EVENT), PEER.message(INFORMATION, 3), now=4.0)
    assert observed.take() == [
        PacketSent(3.0, MESSAGE, 3, 16),
        PacketReceived(4.0, MESSAGE, 0, 16),
        PacketReceived(4.0, MESSAGE, 3, 48),
    ]
    client.close(5.0)
    drain(client)
    feed(client, PEER.terminated(4), now=5.1)
    assert observed.take() == [
        StateChanged(5.0, S.ONLINE, S.CLOSING, ClientInput.CLOSE),
        StateChanged(5.0, L.ONLINE, L.CLOSING, C.CLOSE),
        PacketSent(5.0, PacketType.CLIENT_SESSION_TERMINATED, 4, 0),
        PacketReceived(5.1, PacketType.CONTROLLER_SESSION_TERMINATED, 4, 0),
        StateChanged(5.1, L.CLOSING, L.CLOSED, C.TERMINATED),
        StateChanged(5.1, S.CLOSING, S.CLOSED, ClientInput.ENDED),
    ]
    # Nothing comes after the end.
    feed(client, PEER.message(EVENT), now=6.0)
    client.close(6.0)
    assert observed.take() == []


@BY_FRAMING
def test_a_controllers_session_from_beginning_to_end(framing: Framing) -> None:
    controller, observed = observed_controller(framing)
    feed(controller, PEER.request_session(), PEER.proof(), now=1.0)
    assert observed.take() == [
        PacketReceived(1.0, PacketType.CLIENT_REQUEST_NEW_SESSION, 1, 0),
        StateChanged(1.0, L.IDLE, L.SECURING, P.SESSION_REQUESTED),
        PacketSent(1.0, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, 1, 7),
        PacketReceived(1.0, PacketType.CLIENT_REQUEST_SECURE_CONNECTION, 2, 16),
        StateChanged(1.0, L.SECURING, L.ONLINE, P.KEY_PROVED),
        PacketSent(1.0, PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, 2, 16),
        StateChanged(1.0, S.IDLE, S.ONLINE, ControllerInput.OPENED),
    ]
    (request,) = feed(controller, PEER.message(SET.to_message(), 3), now=2.0)
    assert isinstance(request, RequestReceived)
    controller.reply(request, ACK, 3.0)
    controller.notify(EVENT, 4.0)
    feed(controller, PEER.goodbye(4), now=5.0)
    after = (L.CLOSED, S.CLOSED) if framing is STREAM else (L.IDLE, S.IDLE)
    over = ControllerInput.LINK_OVER if framing is STREAM else ControllerInput.SESSION_OVER
    records = observed.take()
    assert [type(record) for record in records[:3]] == [PacketReceived, PacketSent, PacketSent]
    assert [record[:3] for record in records[:3] if isinstance(record, PacketReceived | PacketSent)] == [
        (2.0, MESSAGE, 3),
        (3.0, MESSAGE, 3),
        (4.0, MESSAGE, 0),
    ]
    assert records[3:] == [
        PacketReceived(5.0, PacketType.CLIENT_SESSION_TERMINATED, 4, 0),
        StateChanged(5.0, L.ONLINE, after[0], P.CLIENT_TERMINATED),
        PacketSent(5.0, PacketType.CONTROLLER_SESSION_TERMINATED, 4, 0),
        StateChanged(5.0, S.ONLINE, after[1], over),
    ]


def test_a_clients_repeats_are_marked() -> None:
    client, observed = observed_client(DATAGRAM)
    client.connect(0.0)
    wait(client, 1.0)
    feed(client, PEER.offer(), now=1.5)
    wait(client, 2.5)
    feed(client, PEER.echo(), now=3.0)
    client.send(READ, 4.0)
    wait(client, 5.5)
    feed(client, PEER.message(INFORMATION, 3), now=6.0)
    client.close(7.0)
    drain(client)
    wait(client, 7.25)
    sent = [record for record in observed.take() if isinstance(record, PacketSent)]
    assert [(record.time, record.packet_type, record.sequence, record.is_repeat) for record in sent] == [
        (0.0, PacketType.CLIENT_REQUEST_NEW_SESSION, 1, False),
        (1.0, PacketType.CLIENT_REQUEST_NEW_SESSION, 1, True),
        (1.5, PacketType.CLIENT_REQUEST_SECURE_CONNECTION, 2, False),
        (2.5, PacketType.CLIENT_REQUEST_SECURE_CONNECTION, 2, True),
        (4.0, MESSAGE, 3, False),
        (5.5, MESSAGE, 3, True),
        (7.0, PacketType.CLIENT_SESSION_TERMINATED, 4, False),
        (7.25, PacketType.CLIENT_SESSION_TERMINATED, 4, True),
    ]


def test_a_controllers_repeats_are_marked() -> None:
    controller, observed = observed_controller(DATAGRAM)
    feed(
        controller, PEER.request_session(), PEER.request_session(), PEER.proof(), PEER.proof(), PEER.proof(9)
    )
    (request,) = feed(controller, PEER.message(SET.to_message(), 3))
    assert isinstance(request, RequestReceived)
    controller.reply(request, ACK, 1.0)
    feed(controller, PEER.message(SET.to_message(), 3), now=2.0)
    sent = [record for record in observed.take() if isinstance(record, PacketSent)]
    assert [(record.packet_type, record.sequence, record.is_repeat) for record in sent] == [
        (PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, 1, False),
        (PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, 1, True),
        (PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, 2, False),
        (PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, 2, True),
        (PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, 9, False),
        (MESSAGE, 3, False),
        (MESSAGE, 3, True),
    ]


@pytest.mark.parametrize(
    ("packet", "fault", "was_whole"),
    [
        (PEER.message(INFORMATION, 9), Fault.UNEXPECTED_SEQUENCE, True),
        (PEER.message(INFORMATION, 3), Fault.DUPLICATE_REPLY, True),
        (PEER.damaged(EVENT, 0), Fault.BAD_CRC, True),
        (PEER.offer(), Fault.UNEXPECTED_PACKET, True),
        (PEER.packet(UNKNOWN_TYPE, 7), Fault.UNKNOWN_PACKET_TYPE, False),
        (PEER.message(EVENT)[:-1], Fault.BAD_PACKET_LENGTH, False),
        (b"", Fault.BAD_PACKET_LENGTH, False),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_a_drop_has_its_reason_after_its_packet_and_is_what_the_owner_gets(
    packet: bytes, fault: Fault, was_whole: bool
) -> None:
    client, observed = observed_client(DATAGRAM)
    shake_hands(client)
    client.send(READ, 3.0)
    feed(client, PEER.message(INFORMATION, 3), now=3.5)
    observed.take()
    (event,) = feed(client, packet, now=4.0)
    assert isinstance(event, PacketDropped)
    assert event.fault is fault
    *received, dropped = observed.take()
    assert dropped is event
    # What is no whole packet of a known type did not come in as one.
    header = (4.0, event.packet_type, event.sequence)
    assert [type(record) for record in received] == [PacketReceived] * was_whole
    assert all(isinstance(record, PacketReceived) and record[:3] == header for record in received)


def test_a_wrong_reply_is_dropped_where_the_right_one_may_still_come() -> None:
    client, observed = observed_client(DATAGRAM)
    shake_hands(client)
    client.send(READ, 3.0)
    observed.take()
    (event,) = feed(client, PEER.message(ACK, 3), now=4.0)
    _, dropped = observed.take()
    assert dropped is event
    assert isinstance(dropped, PacketDropped)
    assert (dropped.fault, dropped.sequence) == (Fault.UNEXPECTED_REPLY, 3)


@BY_FRAMING
def test_a_controllers_drops_have_theirs(framing: Framing) -> None:
    controller, observed = observed_controller(framing)
    feed(controller, PEER.request_session(), PEER.proof(), PEER.message(SET.to_message(), 3))
    observed.take()
    packets = {
        PEER.message(SET.to_message(), 3): Fault.DUPLICATE_REQUEST,
        PEER.message(SET.to_message(), 2): Fault.STALE_REQUEST,
        PEER.message(SET.to_message(), 2000): Fault.SEQUENCE_LEAP,
        PEER.damaged(SET.to_message(), 4): Fault.BAD_CRC,
        PEER.terminated(): Fault.UNEXPECTED_PACKET,
    }
    for packet, fault in packets.items():
        (event,) = feed(controller, packet, now=1.0)
        received, dropped = observed.take()
        assert isinstance(received, PacketReceived)
        assert dropped is event
        assert isinstance(dropped, PacketDropped)
        assert dropped.fault is fault


def test_what_time_brings_about_is_observed_at_that_time() -> None:
    client, observed = observed_client(STREAM)
    shake_hands(client)
    observed.take()
    wait(client, 200.0)
    assert observed.take() == [
        PacketSent(62.5, MESSAGE, 3, 16),
        PacketSent(67.5, MESSAGE, 4, 16),
        StateChanged(72.5, S.ONLINE, S.CLOSING, ClientInput.CONTROLLER_SILENT),
        StateChanged(72.5, L.ONLINE, L.CLOSED, C.ABANDON),
        PacketSent(72.5, PacketType.CLIENT_SESSION_TERMINATED, 5, 0),
        StateChanged(72.5, S.CLOSING, S.CLOSED, ClientInput.ENDED),
    ]


def test_without_a_change_of_state_there_is_no_record_of_one() -> None:
    client, observed = observed_client(STREAM)
    shake_hands(client)
    observed.take()
    feed(client, PEER.message(EVENT), PEER.request_session(), now=3.0)
    assert not any(isinstance(record, StateChanged) for record in observed.take())


def joined(
    framing: Framing, fate: Fate = lambda _packet: (0.0,)
) -> tuple[VirtualLink, ClientConnection, Observed, Observed]:
    client, of_client = observed_client(framing)
    controller, of_controller = observed_controller(framing)

    def answer(event: ControllerEvent, now: float) -> None:
        if isinstance(event, RequestReceived):
            controller.notify(EVENT, now)
            controller.reply(event, echo_to(event.message), now)

    link = VirtualLink(client, controller, controller_owner=answer, fate=fate)
    return link, client, of_client, of_controller


@pytest.mark.parametrize("seed", range(20))
def test_every_packet_that_was_written_has_one_record_at_both_ends(seed: int) -> None:
    fate = unreliable(seed, lost=0.2, repeated=0.2, delayed=0.3)
    link, client, of_client, of_controller = joined(DATAGRAM, fate)
    client.connect(link.now)
    for _ in range(30):
        link.advance(0.9)
        if client.state is S.ONLINE:
            client.send(SET, link.now)
    client.close(link.now)
    link.advance(30.0)
    for observed, written in ((of_client, link.client_sent), (of_controller, link.controller_sent)):
        sent = [record for record in observed.records if isinstance(record, PacketSent)]
        packets = [Packet.decode(packet) for packet in written]
        assert [(record.packet_type, record.sequence, record.size) for record in sent] == [
            (packet.type, packet.sequence, len(packet.data)) for packet in packets
        ]
        seen: set[bytes] = set()
        for record, packet in zip(sent, written, strict=True):
            # The same news twice is no repeat, and nothing is kept of a peer who is told that it has no session.
            of_its_own = (
                record.sequence == 0 or record.packet_type == PacketType.CONTROLLER_SESSION_TERMINATED
            )
            assert record.is_repeat == (packet in seen and not of_its_own)
            seen.add(packet)
    assert any(record.is_repeat for record in of_client.records if isinstance(record, PacketSent))
    events: list[object] = [*link.client_events, *link.controller_events]
    for observed in (of_client, of_controller):
        times = [record.time for record in observed.records if not isinstance(record, PacketDropped)]
        assert times == sorted(times)
        drops = [record for record in observed.records if isinstance(record, PacketDropped)]
        assert all(any(drop is event for event in events) for drop in drops)
    dropped = sum(isinstance(event, PacketDropped) for event in events)
    observed_drops = [*of_client.records, *of_controller.records]
    assert dropped == sum(isinstance(record, PacketDropped) for record in observed_drops)


@BY_FRAMING
def test_states_follow_one_another_without_a_gap(framing: Framing) -> None:
    link, client, of_client, of_controller = joined(framing)
    client.connect(link.now)
    link.run_until_quiet()
    client.send(READ, link.now)
    link.run_until_quiet()
    client.close(link.now)
    link.run_until_quiet()
    for observed in (of_client, of_controller):
        for kind in (ConnectionState, LinkState):
            changes = [record for record in observed.records if isinstance(record, StateChanged)]
            own = [change for change in changes if isinstance(change.after, kind)]
            assert own[0].before is kind.IDLE
            for before, after in pairwise(own):
                assert after.before is before.after


@BY_FRAMING
def test_no_record_holds_a_key_a_code_or_what_a_message_says(framing: Framing) -> None:
    link, client, of_client, of_controller = joined(framing)
    client.connect(link.now)
    link.run_until_quiet()
    client.send(validate_code(1, "9876"), link.now)
    client.send(set_security_mode(1, SecurityMode.AWAY, 98), link.now)
    link.run_until_quiet()
    feed(client, PEER.packet(UNKNOWN_TYPE, 7), now=link.now)
    records = [*of_client.records, *of_controller.records]
    assert {type(record) for record in records} >= {PacketReceived, PacketSent, StateChanged}
    text = " ".join(map(repr, records))
    secrets = [
        KEY,
        SESSION_ID,
        b"\x09\x08\x07\x06",
        *(packet[4:] for packet in link.client_sent if packet[4:]),
    ]
    for secret in secrets:
        assert secret.hex() not in text
        assert repr(secret)[2:-1] not in text
    assert "9876" not in text
    assert "bytes" not in {type(field).__name__ for record in records for field in fields_of(record)}


def fields_of(record: Observation) -> list[object]:
    if isinstance(record, PacketDropped):
        return [record.fault, record.packet_type, record.sequence, record.detail]
    return list(record)


def test_on_a_link_of_another_kind_the_connections_changes_are_observed() -> None:
    of_client, of_controller = Observed(), Observed()
    client = ClientConnection.over(ToyClientLink(), observer=of_client)
    controller = ControllerConnection.over(ToyControllerLink(), observer=of_controller)
    link = VirtualLink(client, controller)
    client.connect(link.now)
    client.send(READ, link.now)
    link.run_until_quiet()
    client.close(link.now)
    link.run_until_quiet()
    assert of_client.records == [
        StateChanged(0.0, S.IDLE, S.OPENING, ClientInput.CONNECT),
        StateChanged(0.0, S.OPENING, S.ONLINE, ClientInput.OPENED),
        StateChanged(0.0, S.ONLINE, S.CLOSING, ClientInput.CLOSE),
        StateChanged(0.0, S.CLOSING, S.CLOSED, ClientInput.ENDED),
    ]
    assert of_controller.records == [
        StateChanged(0.0, S.IDLE, S.ONLINE, ControllerInput.OPENED),
        StateChanged(0.0, S.ONLINE, S.CLOSED, ControllerInput.LINK_OVER),
    ]
