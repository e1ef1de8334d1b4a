"""What is different for a client whose packets travel as datagrams: they may be lost, repeated, reordered."""

import pytest

from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionState,
    EndReason,
    Fault,
    Framing,
    InvalidEncryptionKeyError,
    NotificationReceived,
    PacketDropped,
    PacketType,
    SessionEnded,
    SessionStarted,
)
from omnilink_sansio.session.states import LinkState
from tests.rows import each_row
from tests.session.peers import (
    EVENT,
    OTHER_KEY,
    OTHER_SESSION_ID,
    PEER,
    Peer,
    drain,
    feed,
    link_state,
    online_client,
    requesting_client,
    securing_client,
    sent,
    types_sent,
    wait,
)

DATAGRAM = Framing.DATAGRAM
OTHER_PEER = Peer(session_id=OTHER_SESSION_ID)


def dropped(event: ClientEvent) -> Fault:
    assert isinstance(event, PacketDropped)
    return event.fault


def reason(event: ClientEvent) -> EndReason:
    assert isinstance(event, SessionEnded)
    return event.reason


def requested_twice() -> ClientConnection:
    """Return a client that sent packet 1 twice and is answered after the second."""
    client = requesting_client(DATAGRAM)
    wait(client, 1.0)
    assert client.data_to_send() == [PEER.request_session(1)]
    feed(client, PEER.offer(), now=1.0)
    assert client.data_to_send() == [PEER.proof(2)]
    return client


# Repetition.


def test_packet_1_is_repeated_as_the_same_bytes_until_the_deadline() -> None:
    client = requesting_client(DATAGRAM)
    (ended,) = wait(client, 10.0)
    assert reason(ended) is EndReason.HANDSHAKE_TIMEOUT
    *repeats, goodbye = client.data_to_send()
    assert repeats == [PEER.request_session(1)] * 9
    assert goodbye == PEER.goodbye(2)


def test_packet_3_is_repeated_as_the_same_bytes_until_the_deadline() -> None:
    client = securing_client(DATAGRAM, ClientSettings(handshake_timeout=5.0, handshake_repeat=2.0))
    (ended,) = wait(client, 5.0)
    assert reason(ended) is EndReason.KEY_UNANSWERED
    assert client.data_to_send() == [PEER.proof(2), PEER.proof(2), PEER.goodbye(3)]


def test_repetition_stops_online() -> None:
    client = online_client(DATAGRAM)
    assert client.next_timeout() == 60.0


def test_copies_of_the_controllers_handshake_are_dropped() -> None:
    client = securing_client(DATAGRAM)
    (same_offer,) = feed(client, PEER.offer())
    assert dropped(same_offer) is Fault.UNEXPECTED_PACKET
    assert isinstance(same_offer, PacketDropped)
    assert same_offer.detail == "the session offer that is being answered, once more"
    assert sent(client) == []
    started, same_echo, late_offer = feed(client, PEER.echo(), PEER.echo(), PEER.offer())
    assert started == SessionStarted()
    assert dropped(same_echo) is dropped(late_offer) is Fault.UNEXPECTED_PACKET
    assert feed(client, PEER.message(EVENT)) == [NotificationReceived(EVENT)]


# Crossed handshakes.


def test_an_offer_with_another_session_id_replaces_the_key_and_the_proof() -> None:
    client = securing_client(DATAGRAM)
    assert feed(client, OTHER_PEER.offer()) == []
    assert client.data_to_send() == [OTHER_PEER.proof(3)]
    (old,) = feed(client, PEER.echo(2))
    assert dropped(old) is Fault.UNEXPECTED_SEQUENCE
    assert feed(client, OTHER_PEER.echo(3)) == [SessionStarted()]
    assert feed(client, OTHER_PEER.message(EVENT)) == [NotificationReceived(EVENT)]


def test_the_new_proof_is_what_is_repeated() -> None:
    client = securing_client(DATAGRAM)
    feed(client, OTHER_PEER.offer(), now=0.5)
    client.data_to_send()
    wait(client, 1.4)
    assert client.data_to_send() == []
    wait(client, 1.5)
    assert client.data_to_send() == [OTHER_PEER.proof(3)]


def test_a_termination_of_packet_3_is_a_wrong_key_when_packet_1_was_sent_once() -> None:
    client = securing_client(DATAGRAM)
    wait(client, 1.0)  # packet 3 may be repeated for all that
    (ended,) = feed(client, PEER.terminated(2), now=1.1)
    assert reason(ended) is EndReason.WRONG_KEY
    assert isinstance(ended, SessionEnded)
    assert type(ended.error) is InvalidEncryptionKeyError


def test_a_termination_after_two_packets_1_starts_anew_once() -> None:
    client = requested_twice()
    assert feed(client, PEER.terminated(2), now=2.0) == []
    assert client.data_to_send() == [PEER.request_session(3)]
    assert link_state(client) is LinkState.REQUESTING
    assert feed(client, OTHER_PEER.offer(3), now=2.1) == []
    assert client.data_to_send() == [OTHER_PEER.proof(4)]
    assert feed(client, OTHER_PEER.echo(4), now=2.2) == [SessionStarted()]


def test_the_second_termination_ends_the_attempt_and_is_no_wrong_key_once_packet_1_was_sent_again() -> None:
    client = requested_twice()
    feed(client, PEER.terminated(2), now=2.0)
    wait(client, 3.0)
    feed(client, OTHER_PEER.offer(3), now=3.1)
    (ended,) = feed(client, PEER.terminated(4), now=3.2)
    assert reason(ended) is EndReason.HANDSHAKE_TERMINATED


def test_starting_anew_has_a_whole_deadline_and_forgets_the_old_key() -> None:
    client = requested_twice()
    feed(client, PEER.terminated(2), now=9.0)
    client.data_to_send()
    # The old session's key would open this; nothing does now.
    (unreadable,) = feed(client, PEER.message(EVENT), now=9.0)
    assert dropped(unreadable) is Fault.NO_SESSION_KEY
    (ended,) = wait(client, 19.0)
    assert reason(ended) is EndReason.HANDSHAKE_TIMEOUT
    assert types_sent(client)[-1] == PacketType.CLIENT_SESSION_TERMINATED


# Packets out of place.


def test_a_termination_before_any_offer_is_dropped() -> None:
    client = requesting_client(DATAGRAM)
    (event,) = feed(client, PEER.terminated(9))
    assert event == PacketDropped(
        Fault.UNEXPECTED_PACKET,
        PacketType.CONTROLLER_SESSION_TERMINATED,
        9,
        "not expected in this state",
    )
    assert link_state(client) is LinkState.REQUESTING


@pytest.mark.parametrize(
    "echo",
    [PEER.echo(session_id=OTHER_SESSION_ID), Peer(OTHER_KEY).echo(), PEER.packet(4, 2, bytes(16))],
    ids=["other session", "other key", "zeros"],
)
def test_an_echo_that_does_not_match_is_dropped(echo: bytes) -> None:
    client = requesting_client(DATAGRAM)
    (early,) = feed(client, echo)
    assert dropped(early) is Fault.UNEXPECTED_PACKET
    client = securing_client(DATAGRAM)
    (mismatched,) = feed(client, echo)
    assert dropped(mismatched) is Fault.UNEXPECTED_PACKET
    assert link_state(client) is LinkState.SECURING
    assert feed(client, PEER.echo()) == [SessionStarted()]


def test_another_version_is_dropped_and_ends_the_handshake_at_the_time_out_when_nothing_else_was_offered() -> (
    None
):
    client = requesting_client(DATAGRAM)
    (event,) = feed(client, PEER.offer(version=2))
    assert dropped(event) is Fault.VERSION_NOT_ACCEPTED
    (ended,) = wait(client, 10.0)
    assert reason(ended) is EndReason.VERSION
    client = securing_client(DATAGRAM)
    (event,) = feed(client, PEER.offer(version=2))
    assert dropped(event) is Fault.VERSION_NOT_ACCEPTED
    (ended,) = wait(client, 10.0)
    assert reason(ended) is EndReason.KEY_UNANSWERED


def test_a_refusal_of_a_repeated_packet_1_is_dropped_once_a_session_was_offered() -> None:
    client = requested_twice()
    (event,) = feed(client, PEER.packet(PacketType.CONTROLLER_CANNOT_START_NEW_SESSION, 1), now=1.1)
    assert dropped(event) is Fault.UNEXPECTED_PACKET
    assert feed(client, PEER.echo(), now=1.2) == [SessionStarted()]


# Lengths: a datagram has the length of its type.


@each_row(
    "datagram",
    [
        b"",
        b"\x00\x00\x20",
        PEER.offer()[:-1],
        PEER.offer() + b"\0",
        PEER.echo()[:-1],
        PEER.echo() + b"\0",
        PEER.message(EVENT)[:-1],
        PEER.message(EVENT) + b"\0",
        PEER.message(EVENT) + bytes(16),
        PEER.message(EVENT)[:4],
    ],
    ids=lambda datagram: datagram.hex() or "empty",
)
def test_a_datagram_of_another_length_than_its_type_has_is_dropped(datagram: bytes) -> None:
    client = online_client(DATAGRAM)
    (event,) = feed(client, datagram)
    assert isinstance(event, PacketDropped)
    assert event.fault in (Fault.BAD_PACKET_LENGTH, Fault.BAD_START_CHARACTER)
    assert event.packet_type == (datagram[2] if len(datagram) >= 4 else None)
    assert client.state is ConnectionState.ONLINE


def test_extra_bytes_after_packets_without_data_are_tolerated() -> None:
    client = online_client(DATAGRAM)
    (ended,) = feed(client, PEER.terminated() + bytes(12))
    assert reason(ended) is EndReason.TERMINATED
    client = requesting_client(DATAGRAM)
    (refused,) = feed(client, PEER.packet(PacketType.CONTROLLER_CANNOT_START_NEW_SESSION) + bytes(12))
    assert reason(refused) is EndReason.REFUSED


def test_several_datagrams_may_wait_and_each_stands_on_its_own() -> None:
    client = online_client(DATAGRAM)
    for datagram in (PEER.message(EVENT), b"", PEER.packet(99), PEER.message(EVENT)):
        client.receive_data(datagram, 0.0)
    events = drain(client)
    assert [type(event) for event in events] == [
        NotificationReceived,
        PacketDropped,
        PacketDropped,
        NotificationReceived,
    ]
