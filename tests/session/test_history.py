"""Sequence numbers that go on from session to session, and what else one session leaves to the next."""

import pytest

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.session import (
    CarryNumbers,
    ClientConnection,
    ClientSettings,
    ReplyReceived,
    SessionHistory,
    SessionStarted,
)
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.packet import PacketType
from tests.session.peers import (
    ACK,
    KEY,
    MOMENTARY,
    OTHER_SESSION_ID,
    PEER,
    SESSION_ID,
    Peer,
    drain,
    feed,
    online_client,
    requesting_client,
    sent,
    wait,
)

STREAM, DATAGRAM = Framing
OTHER_PEER = Peer(session_id=OTHER_SESSION_ID)
BEFORE = SessionHistory(last_number=500, session_id=SESSION_ID, ended_at=10.0, key_proved=True)


def first_number(framing: Framing, carry: CarryNumbers, history: SessionHistory | None) -> int:
    client = ClientConnection(
        KEY, framing=framing, settings=ClientSettings(carry_numbers=carry), history=history
    )
    client.connect(100.0)
    (packet,) = sent(client)
    assert packet.type == PacketType.CLIENT_REQUEST_NEW_SESSION
    return packet.sequence


def test_numbers_go_on_where_the_setting_says_so() -> None:
    table = {
        (CarryNumbers.DATAGRAMS, STREAM): 1,
        (CarryNumbers.DATAGRAMS, DATAGRAM): 501,
        (CarryNumbers.ALWAYS, STREAM): 501,
        (CarryNumbers.ALWAYS, DATAGRAM): 501,
        (CarryNumbers.NEVER, STREAM): 1,
        (CarryNumbers.NEVER, DATAGRAM): 1,
    }
    for (carry, framing), number in table.items():
        assert first_number(framing, carry, BEFORE) == number, (carry, framing)
        assert first_number(framing, carry, None) == 1, (carry, framing)


def test_the_default_is_datagrams() -> None:
    assert ClientSettings().carry_numbers is CarryNumbers.DATAGRAMS


def test_numbers_wrap_from_65535_to_1() -> None:
    client = ClientConnection(KEY, framing=DATAGRAM, history=SessionHistory(last_number=65_533))
    client.connect(0.0)
    assert feed(client, PEER.offer(65_534), PEER.echo(65_535)) == [SessionStarted()]
    client.data_to_send()
    request_id = client.send(MOMENTARY, 0.0)
    (packet,) = sent(client)
    assert packet.sequence == 1
    assert feed(client, PEER.message(ACK, 1)) == [ReplyReceived(request_id, ACK)]


def test_a_session_leaves_its_last_number_its_id_its_end_and_that_the_key_was_proved() -> None:
    client = online_client(DATAGRAM)
    client.send(MOMENTARY, 1.0)
    assert client.history.key_proved is False
    feed(client, PEER.message(ACK, 3), now=1.5)
    client.close(2.0)
    drain(client)
    feed(client, PEER.terminated(4), now=2.5)
    assert client.history == SessionHistory(4, SESSION_ID, ended_at=2.5, key_proved=True)
    # Time goes on, its end does not.
    client.handle_timeout(99.0)
    assert client.history.ended_at == 2.5


def test_only_a_message_under_our_key_proves_it_an_echo_may_be_our_own_packet_sent_back() -> None:
    client = online_client()
    assert client.history.key_proved is False
    feed(client, PEER.damaged(ACK, 0))
    assert client.history.key_proved is False


def test_an_attempt_that_began_above_1_and_failed_is_followed_by_one_that_begins_at_1() -> None:
    numbers = []
    history = BEFORE
    for _ in range(4):
        client = ClientConnection(KEY, framing=DATAGRAM, history=history)
        client.connect(100.0)
        numbers.append(sent(client)[0].sequence)
        wait(client, 110.0)
        history = client.history
    # From 1 on it goes on again, so that the next attempt takes no late answer to this one: 1 and the goodbye.
    assert numbers == [501, 1, 3, 1]
    assert history[1:] == BEFORE[1:]


def test_a_failed_attempt_leaves_what_it_was_given_of_the_last_session() -> None:
    client = ClientConnection(KEY, history=BEFORE)
    client.connect(100.0)
    wait(client, 200.0)
    assert client.history == BEFORE._replace(last_number=2)


def test_numbers_that_always_go_on_cannot_be_set_back_by_breaking_an_attempt() -> None:
    settings = ClientSettings(carry_numbers=CarryNumbers.ALWAYS)
    for framing in Framing:
        client = ClientConnection(KEY, framing=framing, settings=settings, history=BEFORE)
        client.connect(100.0)
        client.receive_eof(100.5)
        drain(client)
        assert client.history == BEFORE._replace(last_number=501), framing


def test_an_attempt_in_which_nothing_was_sent_leaves_what_it_was_given() -> None:
    for framing in Framing:
        client = ClientConnection(KEY, framing=framing, history=BEFORE)
        assert client.history == BEFORE
        client.close(100.0)
        assert client.history == BEFORE


@pytest.mark.parametrize("framing", Framing)
def test_a_client_without_history_begins_at_1(framing: Framing) -> None:
    client = requesting_client(framing)
    assert feed(client, PEER.offer(1), PEER.echo(2)) == [SessionStarted()]


def test_a_late_copy_of_an_old_reply_answers_no_command_of_the_next_session() -> None:
    """The case of seed 399199: the new session has the old one's ID, so old packets open under its key."""
    old = online_client(DATAGRAM)
    old.send(MOMENTARY, 0.0)
    feed(old, PEER.message(ACK, 3))
    feed(old, PEER.terminated(9))
    new = ClientConnection(KEY, framing=DATAGRAM, history=old.history)
    new.connect(1.0)
    (packet_1,) = sent(new)
    assert packet_1.sequence == 4
    # Late copies of the old packets 2 and 4 open nothing, the controller's own answer does.
    assert len(feed(new, PEER.offer(1), PEER.echo(2), now=1.0)) == 2
    assert feed(new, OTHER_PEER.offer(4), OTHER_PEER.echo(5), now=1.0) == [SessionStarted()]
    new.send(MOMENTARY, 1.0)
    (dropped,) = feed(new, PEER.message(ACK, 3), now=1.0)
    assert not isinstance(dropped, ReplyReceived)


def test_a_recorded_stream_is_believed_by_default_and_not_where_numbers_always_go_on() -> None:
    """What architecture.md says of replays: only numbers that differ make a recorded reply fail."""
    recorded = [PEER.offer(1), PEER.echo(2), PEER.message(ACK, 3)]
    for carry, believed in ((CarryNumbers.DATAGRAMS, True), (CarryNumbers.ALWAYS, False)):
        client = ClientConnection(KEY, settings=ClientSettings(carry_numbers=carry), history=BEFORE)
        client.connect(100.0)
        feed(client, *recorded[:2], now=100.0)
        client.send(MOMENTARY, 100.0)
        events = feed(client, recorded[2], now=100.0)
        assert any(isinstance(event, ReplyReceived) for event in events) is believed, carry


def test_what_is_no_history_is_refused_and_named() -> None:
    with pytest.raises(LocalProtocolError, match="history is a SessionHistory, not 5"):
        ClientConnection(KEY, history=5)  # type: ignore[arg-type]
