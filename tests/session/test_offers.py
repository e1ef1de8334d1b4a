"""Offers of sessions over datagrams: what counts as one, what is a late copy, and what a packet 6 then means."""

import pytest

from omnilink_sansio.errors import EndReason, Fault, HandshakeError, InvalidEncryptionKeyError
from omnilink_sansio.session import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    PacketDropped,
    SessionEnded,
    SessionHistory,
    SessionStarted,
)
from omnilink_sansio.session.states import LinkState
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.packet import PacketType
from omnilink_sansio.wire.tolerance import Tolerance
from tests.session.peers import (
    KEY,
    OTHER_SESSION_ID,
    PEER,
    SESSION_ID,
    Peer,
    feed,
    requesting_client,
    securing_client,
    sent,
    types_sent,
    wait,
)

DATAGRAM = Framing.DATAGRAM
OTHER_PEER = Peer(session_id=OTHER_SESSION_ID)


def fault_of(event: ClientEvent) -> Fault:
    assert isinstance(event, PacketDropped)
    return event.fault


def end_of(event: ClientEvent) -> SessionEnded:
    assert isinstance(event, SessionEnded)
    return event


def connecting(history: SessionHistory, now: float = 100.0) -> ClientConnection:
    """Return a client that has sent packet 1 and knows of an earlier session."""
    client = ClientConnection(KEY, framing=DATAGRAM, history=history)
    client.connect(now)
    assert types_sent(client) == [PacketType.CLIENT_REQUEST_NEW_SESSION]
    return client


# Under which number an answer counts.


def test_an_offer_counts_under_the_number_of_packet_1_only() -> None:
    client = requesting_client(DATAGRAM)
    for number in (0, 2, 65535):
        (event,) = feed(client, PEER.offer(number))
        assert fault_of(event) is Fault.UNEXPECTED_SEQUENCE, number
    assert sent(client) == []
    assert feed(client, PEER.offer(1)) == []
    assert client.data_to_send() == [PEER.proof(2)]


def test_so_it_does_while_packet_4_is_waited_for() -> None:
    client = securing_client(DATAGRAM)
    for number in (0, 2, 3):
        (event,) = feed(client, OTHER_PEER.offer(number))
        assert fault_of(event) is Fault.UNEXPECTED_SEQUENCE, number
    assert sent(client) == []
    assert feed(client, PEER.echo(2)) == [SessionStarted()]


def test_an_echo_counts_under_the_number_of_the_packet_3_last_sent() -> None:
    client = securing_client(DATAGRAM)
    for number in (0, 1, 3):
        (event,) = feed(client, PEER.echo(number))
        assert fault_of(event) is Fault.UNEXPECTED_SEQUENCE, number
    feed(client, OTHER_PEER.offer(1))
    assert client.data_to_send() == [OTHER_PEER.proof(3)]
    (event,) = feed(client, OTHER_PEER.echo(2))
    assert fault_of(event) is Fault.UNEXPECTED_SEQUENCE
    assert feed(client, OTHER_PEER.echo(3)) == [SessionStarted()]


def test_a_tolerance_takes_both_under_any_number() -> None:
    settings = ClientSettings(tolerances=frozenset({Tolerance.HANDSHAKE_NUMBERS}))
    client = requesting_client(DATAGRAM, settings)
    assert feed(client, PEER.offer(0)) == []
    assert feed(client, PEER.echo(0)) == [SessionStarted()]


def test_on_a_stream_any_number_is_taken_since_nothing_is_an_old_copy() -> None:
    client = requesting_client()
    assert feed(client, PEER.offer(7)) == []
    assert feed(client, PEER.echo(9)) == [SessionStarted()]


# Other versions.


def test_another_version_is_dropped_and_named_at_the_time_out() -> None:
    client = requesting_client(DATAGRAM)
    (event,) = feed(client, PEER.offer(version=7))
    assert fault_of(event) is Fault.VERSION_NOT_ACCEPTED
    assert client.link.state is LinkState.REQUESTING  # type: ignore[attr-defined]
    (ended,) = wait(client, 10.0)
    assert end_of(ended).reason is EndReason.VERSION
    assert "offered 7" in str(end_of(ended).error)


def test_a_version_that_is_accepted_counts_after_one_that_is_not() -> None:
    client = requesting_client(DATAGRAM)
    feed(client, PEER.offer(version=7))
    assert feed(client, PEER.offer(), PEER.echo()) == [SessionStarted()]


def test_an_offer_that_is_answered_makes_the_other_version_unimportant() -> None:
    client = requesting_client(DATAGRAM)
    feed(client, PEER.offer(version=7), PEER.offer())
    (ended,) = wait(client, 10.0)
    assert end_of(ended).reason is EndReason.KEY_UNANSWERED


# Many offers.


def test_at_most_four_different_offers_are_answered_in_an_attempt() -> None:
    client = requesting_client(DATAGRAM)
    peers = [Peer(session_id=n.to_bytes(5, "big")) for n in range(300)]
    events = feed(client, *(peer.offer(1) for peer in peers))
    assert [packet.sequence for packet in sent(client)] == [2, 3, 4, 5]
    assert {fault_of(event) for event in events} == {Fault.UNEXPECTED_PACKET}
    assert len(events) == 296
    assert feed(client, peers[3].echo(5)) == [SessionStarted()]


def test_the_number_of_offers_can_be_set() -> None:
    client = requesting_client(DATAGRAM, ClientSettings(max_offers=1))
    feed(client, PEER.offer(), OTHER_PEER.offer())
    assert client.data_to_send() == [PEER.proof(2)]


def test_a_doubled_packet_1_of_which_each_copy_opens_a_session_is_no_wrong_key() -> None:
    """The network doubles packet 1; the panel answers 2(A), 2(B), and 6 to the proof of A."""
    client = securing_client(DATAGRAM)
    feed(client, OTHER_PEER.offer(1))
    assert client.data_to_send() == [OTHER_PEER.proof(3)]
    # The proof of A ends the session B at the panel.
    assert feed(client, PEER.terminated(2)) == []
    assert client.data_to_send() == [PEER.request_session(4)]
    # The answer to the proof of B finds packet 1 sent again.
    (event,) = feed(client, PEER.terminated(3))
    assert fault_of(event) is Fault.UNEXPECTED_PACKET
    third = Peer(session_id=b"third")
    assert feed(client, third.offer(4)) == []
    assert client.data_to_send() == [third.proof(5)]
    assert feed(client, third.echo(5)) == [SessionStarted()]


def test_a_second_termination_in_doubt_ends_the_attempt_but_does_not_blame_the_key() -> None:
    client = securing_client(DATAGRAM)
    feed(client, OTHER_PEER.offer(1), PEER.terminated(2), Peer(session_id=b"third").offer(4))
    (ended,) = feed(client, PEER.terminated(5))
    assert end_of(ended).reason is EndReason.HANDSHAKE_TERMINATED
    error = end_of(ended).error
    assert isinstance(error, HandshakeError)
    assert not isinstance(error, InvalidEncryptionKeyError)


def test_a_termination_after_one_packet_1_and_one_offer_is_a_wrong_key() -> None:
    client = securing_client(DATAGRAM)
    (ended,) = feed(client, PEER.terminated(2))
    assert end_of(ended).reason is EndReason.WRONG_KEY


# The last session's offers.


@pytest.mark.parametrize("state", [LinkState.REQUESTING, LinkState.SECURING])
def test_an_offer_of_the_last_session_is_dropped_for_60_seconds_after_its_end(state: LinkState) -> None:
    client = connecting(SessionHistory(0, SESSION_ID, ended_at=50.0))
    if state is LinkState.SECURING:
        feed(client, OTHER_PEER.offer(1), now=100.0)
        client.data_to_send()
    (event,) = feed(client, PEER.offer(1), now=109.9)
    assert fault_of(event) is Fault.SESSION_ID_REUSED
    assert sent(client) == []


def test_later_it_is_accepted_and_reported() -> None:
    client = connecting(SessionHistory(0, SESSION_ID, ended_at=50.0), now=105.0)
    assert feed(client, PEER.offer(1), now=110.0) == []
    assert feed(client, PEER.echo(2), now=110.0) == [SessionStarted(session_id_reused=True)]


def test_the_guard_can_be_set() -> None:
    settings = ClientSettings(session_id_guard=0.0)
    history = SessionHistory(0, SESSION_ID, ended_at=100.0)
    client = ClientConnection(KEY, framing=DATAGRAM, settings=settings, history=history)
    client.connect(100.0)
    assert feed(client, PEER.offer(1), now=100.0) == []
    assert feed(client, PEER.echo(2), now=100.0) == [SessionStarted(session_id_reused=True)]


# An offer, then silence.


@pytest.mark.parametrize("framing", Framing)
def test_an_offer_and_then_silence_names_the_key_and_the_panel_as_suspects(framing: Framing) -> None:
    client = securing_client(framing)
    (ended,) = wait(client, 10.0)
    assert end_of(ended).reason is EndReason.KEY_UNANSWERED
    text = str(end_of(ended).error)
    assert "key" in text
    assert "busy" in text
    assert types_sent(client)[-1] == PacketType.CLIENT_SESSION_TERMINATED
