"""The keepalive of a client: when it is sent, and what its silence means."""

import pytest

from omnilink_sansio import (
    DIALECTS,
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionState,
    EndReason,
    Framing,
    LateReply,
    Message,
    NotificationReceived,
    OmniConnectionError,
    PacketDropped,
    PacketType,
    ProtocolVersion,
    ReplyReceived,
    RequestFailed,
    SessionEnded,
)
from omnilink_sansio.opcodes import OmniLink2MessageType, OmniLinkMessageType
from omnilink_sansio.wire.message import START_V1
from tests.session.peers import (
    ACK,
    EVENT,
    INFORMATION,
    KEY,
    MOMENTARY,
    PEER,
    READ,
    Peer,
    drain,
    feed,
    online_client,
    sent,
    wait,
)

STREAM, DATAGRAM = Framing
KEEPALIVE = OmniLink2MessageType.REQUEST_SYSTEM_STATUS
STATUS = Message(OmniLink2MessageType.SYSTEM_STATUS, bytes(14))
BY_FRAMING = pytest.mark.parametrize("framing", Framing)


def messages_sent(client: ClientConnection) -> list[tuple[int, int]]:
    """Take what is to be written: sequence numbers and message types."""
    return [
        (packet.sequence, PEER.opened(packet).type)
        for packet in sent(client)
        if packet.type == PacketType.OMNI_LINK_II_MESSAGE
    ]


def ended(event: ClientEvent) -> EndReason:
    assert isinstance(event, SessionEnded)
    return event.reason


@BY_FRAMING
def test_a_cheap_read_after_60_quiet_seconds_whose_reply_is_nobodys_event(framing: Framing) -> None:
    client = online_client(framing)
    assert client.next_timeout() == 60.0
    assert wait(client, 59.9) == []
    assert messages_sent(client) == []
    assert wait(client, 60.0) == []
    assert messages_sent(client) == [(3, KEEPALIVE)]
    assert feed(client, PEER.message(STATUS, 3), now=60.2) == []
    assert client.next_timeout() == 120.0
    wait(client, 120.0)
    assert messages_sent(client) == [(4, KEEPALIVE)]


@BY_FRAMING
def test_hearing_alone_is_not_enough_since_the_controller_wants_to_hear_too(framing: Framing) -> None:
    client = online_client(framing)
    for second in range(10, 60, 10):
        feed(client, PEER.message(EVENT), now=float(second))
        assert client.next_timeout() == 60.0
    wait(client, 60.0)
    assert messages_sent(client) == [(3, KEEPALIVE)]


@BY_FRAMING
def test_a_request_and_its_reply_put_it_off(framing: Framing) -> None:
    client = online_client(framing)
    client.send(READ, 30.0)
    feed(client, PEER.message(INFORMATION, 3), now=31.0)
    assert client.next_timeout() == 90.0
    client.data_to_send()
    wait(client, 90.0)
    assert messages_sent(client) == [(4, KEEPALIVE)]


def test_a_repeated_request_counts_as_sending() -> None:
    client = online_client(DATAGRAM)
    client.send(READ, 1.0)
    wait(client, 4.0)
    assert messages_sent(client) == [(3, READ.OPCODE)] * 3
    feed(client, PEER.message(INFORMATION, 3), now=4.25)
    assert client.next_timeout() == 64.0


@BY_FRAMING
@pytest.mark.parametrize(
    "not_accepted",
    [PEER.packet(PacketType.NO_MESSAGE), PEER.damaged(EVENT, 0), PEER.message(EVENT)[:7]],
    ids=["stray packet", "damaged message", "piece of a packet"],
)
def test_only_whole_accepted_packets_count(not_accepted: bytes, framing: Framing) -> None:
    client = online_client(framing)
    client.send(MOMENTARY, 1.0)
    feed(client, PEER.message(ACK, 3), now=1.0)
    feed(client, not_accepted, now=50.0)
    wait(client, 59.0)
    feed(client, PEER.message(EVENT)[7:] if len(not_accepted) == 7 else b"", now=59.0)
    # Sent and heard at 1 s: the keepalive is due at 61 s, whatever came at 50 s.
    due = client.next_timeout()
    assert due == 61.0


def test_the_first_protocol_has_its_own_cheap_read() -> None:
    peer = Peer(protocol=ProtocolVersion.V1)
    client = ClientConnection(KEY, settings=ClientSettings(dialect=DIALECTS[ProtocolVersion.V1]))
    client.connect(0.0)
    feed(client, peer.offer(), peer.echo())
    client.data_to_send()
    wait(client, 60.0)
    (packet,) = sent(client)
    assert packet.type == PacketType.OMNI_LINK_MESSAGE
    assert peer.opened(packet) == Message(OmniLinkMessageType.REQUEST_SYSTEM_STATUS, b"", START_V1)


@BY_FRAMING
def test_it_can_be_turned_off(framing: Framing) -> None:
    client = online_client(framing, ClientSettings(keepalive=0))
    assert client.next_timeout() is None
    request_id = client.send(MOMENTARY, 0.0)
    client.data_to_send()
    (event,) = wait(client, 100_000.0)
    assert isinstance(event, RequestFailed)
    assert event.request_id == request_id
    assert messages_sent(client) == []
    assert client.next_timeout() is None
    assert client.state is ConnectionState.ONLINE


@BY_FRAMING
def test_its_silence_ends_the_session(framing: Framing) -> None:
    client = online_client(framing)
    end = 70.0 if framing is STREAM else 65.0
    assert wait(client, end - 0.1) == []
    (event,) = wait(client, end)
    assert ended(event) is EndReason.SILENT
    assert isinstance(event, SessionEnded)
    assert type(event.error) is OmniConnectionError
    # Repeated as a datagram, with the same number; on a stream a second one under a new number; at last packet 5.
    *keepalives, goodbye = [(packet.type, packet.sequence) for packet in sent(client)]
    numbers = [3, 4] if framing is STREAM else [3, 3, 3, 3]
    assert keepalives == [(PacketType.OMNI_LINK_II_MESSAGE, number) for number in numbers]
    assert goodbye == (PacketType.CLIENT_SESSION_TERMINATED, numbers[-1] + 1)


def test_the_answer_to_the_second_one_keeps_a_stream_alive_and_so_does_a_late_one_to_the_first() -> None:
    for number in (3, 4):
        client = online_client()
        wait(client, 65.0)
        assert messages_sent(client) == [(3, KEEPALIVE), (4, KEEPALIVE)]
        assert feed(client, PEER.message(STATUS, number), now=66.0) == []
        assert wait(client, 119.0) == []
        assert client.state is ConnectionState.ONLINE, number


def test_two_in_a_row_must_be_unanswered_to_end_a_stream() -> None:
    client = online_client()
    wait(client, 65.0)
    feed(client, PEER.message(STATUS, 4), now=66.0)
    client.data_to_send()
    # The first of the next two begins anew.
    wait(client, 130.0)
    assert messages_sent(client) == [(5, KEEPALIVE), (6, KEEPALIVE)]
    assert client.state is ConnectionState.ONLINE
    (event,) = wait(client, 135.0)
    assert ended(event) is EndReason.SILENT


@BY_FRAMING
def test_a_request_that_timed_out_in_silence_is_followed_by_it_at_once_before_what_is_queued(
    framing: Framing,
) -> None:
    client = online_client(framing)
    lost, queued = client.send(MOMENTARY, 0.0), client.send(READ, 0.0)
    client.data_to_send()
    (event,) = wait(client, 5.0)
    assert isinstance(event, RequestFailed)
    assert event.request_id == lost
    assert messages_sent(client) == [(4, KEEPALIVE)]
    assert feed(client, PEER.message(STATUS, 4), now=5.1) == []
    assert messages_sent(client) == [(5, READ.OPCODE)]
    assert feed(client, PEER.message(INFORMATION, 5), now=5.2) == [ReplyReceived(queued, INFORMATION)]


@BY_FRAMING
def test_one_unanswered_request_does_not_end_a_session_only_the_keepalives_silence_does(
    framing: Framing,
) -> None:
    client = online_client(framing)
    lost, queued = client.send(MOMENTARY, 0.0), client.send(MOMENTARY, 0.0)
    end = 15.0 if framing is STREAM else 10.0
    events = wait(client, end - 0.1)
    assert [type(event) for event in events] == [RequestFailed]
    first, second, last = events + wait(client, end)
    assert isinstance(first, RequestFailed)
    assert isinstance(second, RequestFailed)
    assert (first.request_id, second.request_id) == (lost, queued)
    assert "not sent" in str(second.error)
    assert ended(last) is EndReason.SILENT


@BY_FRAMING
def test_a_request_that_timed_out_while_a_reply_came_in_needs_none(framing: Framing) -> None:
    client = online_client(framing, ClientSettings(max_in_flight=2))
    answered = client.send(READ, 0.0)
    client.send(MOMENTARY, 0.0)
    client.data_to_send()
    assert feed(client, PEER.message(INFORMATION, 3), now=3.0) == [ReplyReceived(answered, INFORMATION)]
    (event,) = wait(client, 5.0)
    assert isinstance(event, RequestFailed)
    assert messages_sent(client) == []
    # Nothing but requests and their replies moves the next one.
    assert client.next_timeout() == 60.0


@BY_FRAMING
def test_what_is_pushed_meanwhile_does_not_count(framing: Framing) -> None:
    client = online_client(framing)
    client.send(MOMENTARY, 0.0)
    queued = client.send(READ, 0.0)
    client.data_to_send()
    assert feed(client, PEER.message(EVENT), now=3.0) == [NotificationReceived(EVENT)]
    (event,) = wait(client, 5.0)
    assert isinstance(event, RequestFailed)
    assert messages_sent(client) == [(4, KEEPALIVE)]
    assert feed(client, PEER.message(STATUS, 4), now=5.0) == []
    assert messages_sent(client) == [(5, READ.OPCODE)]
    assert feed(client, PEER.message(INFORMATION, 5), now=5.0) == [ReplyReceived(queued, INFORMATION)]


@BY_FRAMING
def test_a_keepalive_that_is_not_answered_ends_the_session_whatever_is_pushed_meanwhile(
    framing: Framing,
) -> None:
    client = online_client(framing)
    events: list[ClientEvent] = []
    for second in range(1, 75):
        events += wait(client, float(second))
        events += feed(client, PEER.message(EVENT), now=float(second))
    end = 70 if framing is STREAM else 65
    assert events[:-1] == [NotificationReceived(EVENT)] * (end - 1)
    assert ended(events[-1]) is EndReason.SILENT


@BY_FRAMING
def test_any_reply_to_a_request_counts_as_its_answer(framing: Framing) -> None:
    client = online_client(framing)
    cancelled = client.send(MOMENTARY, 0.0)
    client.cancel(cancelled, 0.0)
    drain(client)
    # Its time is over at 5 s, which is silence: the keepalive follows at once.
    assert wait(client, 5.0) == []
    assert [kind for _, kind in messages_sent(client)] == [MOMENTARY.OPCODE, KEEPALIVE]
    assert feed(client, PEER.message(ACK, 3), now=6.0) == [LateReply(cancelled, ACK)]
    assert wait(client, 59.0) == []
    assert client.state is ConnectionState.ONLINE


@BY_FRAMING
def test_what_is_sent_while_it_waits_is_queued_behind_it(framing: Framing) -> None:
    client = online_client(framing)
    wait(client, 60.0)
    request_id = client.send(READ, 60.5)
    assert messages_sent(client) == [(3, KEEPALIVE)]
    feed(client, PEER.message(STATUS, 3), now=61.0)
    assert messages_sent(client) == [(4, READ.OPCODE)]
    assert feed(client, PEER.message(INFORMATION, 4), now=61.5) == [ReplyReceived(request_id, INFORMATION)]


def test_a_damaged_answer_is_no_sign_of_life_and_no_reason_to_ask_again_at_once() -> None:
    client = online_client()
    wait(client, 60.0)
    assert messages_sent(client) == [(3, KEEPALIVE)]
    (dropped,) = feed(client, PEER.damaged(STATUS, 3), now=60.1)
    assert isinstance(dropped, PacketDropped)
    assert messages_sent(client) == []
    assert client.next_timeout() == 65.0
    assert wait(client, 65.0) == []
    assert messages_sent(client) == [(4, KEEPALIVE)]
    (dropped,) = feed(client, PEER.damaged(STATUS, 4), now=65.1)
    assert isinstance(dropped, PacketDropped)
    assert messages_sent(client) == []
    assert client.next_timeout() == 70.0
    (event,) = wait(client, 70.0)
    assert ended(event) is EndReason.SILENT


def test_a_late_wake_up_leaves_no_deadline_in_the_past() -> None:
    client = online_client()
    client.send(READ, 0.0)
    feed(client, PEER.message(EVENT), now=1.0)
    client.data_to_send()
    # The owner slept: the request has timed out, and the keepalive has been due for long.
    client.handle_timeout(100.0)
    assert isinstance(client.next_event(), RequestFailed)
    assert client.next_event() is None
    assert messages_sent(client) == [(4, KEEPALIVE)]
    assert client.next_timeout() == 105.0


def test_a_late_wake_up_sends_what_is_queued_rather_than_a_keepalive() -> None:
    client = online_client()
    late = client.send(READ, 0.0)
    wait(client, 5.0)
    feed(client, PEER.message(STATUS, 4), now=5.0)
    client.send(READ, 5.0)
    client.send(MOMENTARY, 5.0)
    # The request in flight is not answered, but another one is.
    assert feed(client, PEER.message(INFORMATION, 3), now=6.0) == [LateReply(late, INFORMATION)]
    client.data_to_send()
    client.handle_timeout(100.0)
    assert messages_sent(client) == [(6, MOMENTARY.OPCODE)]
