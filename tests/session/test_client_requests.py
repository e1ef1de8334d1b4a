"""Requests of a client: queue, sequence numbers, matching, deadlines, cancellation, close."""

import pytest

from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionState,
    Effect,
    EndReason,
    Fault,
    Framing,
    LateReply,
    LocalProtocolError,
    NotificationReceived,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    PacketDropped,
    PacketType,
    RemoteProtocolError,
    ReplyReceived,
    Request,
    RequestCancelled,
    RequestFailed,
    RequestTimeoutError,
    SessionEnded,
)
from tests.session.peers import (
    ACK,
    EVENT,
    INFORMATION,
    MOMENTARY,
    PEER,
    READ,
    SET,
    drain,
    feed,
    online_client,
    reply_to,
    secure_client_link,
    sent,
    types_sent,
    wait,
)

STREAM, DATAGRAM = Framing
BY_EFFECT = pytest.mark.parametrize("request_", [READ, SET, MOMENTARY], ids=["read", "set", "momentary"])
BY_FRAMING = pytest.mark.parametrize("framing", Framing)
NO_KEEPALIVE = ClientSettings(keepalive=0)


def sequences_sent(client: ClientConnection) -> list[int]:
    return [packet.sequence for packet in sent(client)]


def failure(event: ClientEvent, request_id: int) -> OmniLinkError:
    assert isinstance(event, RequestFailed)
    assert event.request_id == request_id
    return event.error


def unknown(event: ClientEvent, request_id: int) -> OutcomeCause:
    error = failure(event, request_id)
    assert isinstance(error, OutcomeUnknownError)
    return error.cause


def fault_of(event: ClientEvent) -> Fault:
    assert isinstance(event, PacketDropped)
    return event.fault


def test_the_requests_used_here_have_the_three_effects() -> None:
    assert [request.effect for request in (READ, SET, MOMENTARY)] == [
        Effect.READ,
        Effect.SET,
        Effect.MOMENTARY,
    ]


@BY_FRAMING
def test_one_request_is_in_flight_and_the_rest_wait_in_order(framing: Framing) -> None:
    client = online_client(framing)
    ids = [client.send(READ, 0.0), client.send(SET, 0.0), client.send(MOMENTARY, 0.0)]
    for number, (request_id, request) in enumerate(zip(ids, (READ, SET, MOMENTARY), strict=True), 3):
        (packet,) = sent(client)
        assert packet.type == PacketType.OMNI_LINK_II_MESSAGE
        assert packet.sequence == number
        assert PEER.opened(packet) == request.to_message()
        reply = reply_to(request)
        assert feed(client, PEER.message(reply, number)) == [ReplyReceived(request_id, reply)]
    assert sent(client) == []
    assert len(set(ids)) == 3


def test_more_may_be_in_flight_when_asked_and_replies_come_in_any_order() -> None:
    client = online_client(settings=ClientSettings(max_in_flight=3))
    ids = [client.send(READ, 0.0) for _ in range(4)]
    assert sequences_sent(client) == [3, 4, 5]
    assert feed(client, PEER.message(INFORMATION, 5)) == [ReplyReceived(ids[2], INFORMATION)]
    assert sequences_sent(client) == [6]
    assert feed(client, PEER.message(INFORMATION, 3)) == [ReplyReceived(ids[0], INFORMATION)]
    assert feed(client, PEER.message(INFORMATION, 6), PEER.message(INFORMATION, 4)) == [
        ReplyReceived(ids[3], INFORMATION),
        ReplyReceived(ids[1], INFORMATION),
    ]


def test_a_full_queue_is_the_callers_mistake_and_a_reply_makes_room() -> None:
    client = online_client(settings=ClientSettings(max_queued=2))
    for _ in range(3):
        client.send(READ, 0.0)
    with pytest.raises(LocalProtocolError, match="waiting already"):
        client.send(READ, 0.0)
    feed(client, PEER.message(INFORMATION, 3))
    client.send(READ, 0.0)
    with pytest.raises(LocalProtocolError):
        client.send(READ, 0.0)


@BY_FRAMING
def test_a_deadline_starts_when_the_request_is_sent_not_when_it_is_queued(framing: Framing) -> None:
    client = online_client(framing)
    client.send(MOMENTARY, 0.0)
    queued = client.send(MOMENTARY, 0.0)
    assert client.next_timeout() == 5.0
    feed(client, PEER.message(ACK, 3), now=4.0)
    assert client.next_timeout() == 9.0
    assert wait(client, 8.9) == []
    (event,) = wait(client, 9.0)
    assert unknown(event, queued) is OutcomeCause.TIMEOUT


@BY_FRAMING
def test_unsolicited_messages_are_reported_between_replies(framing: Framing) -> None:
    client = online_client(framing)
    request_id = client.send(READ, 0.0)
    events = feed(client, PEER.message(EVENT), PEER.message(INFORMATION, 3), PEER.message(EVENT))
    assert events == [
        NotificationReceived(EVENT),
        ReplyReceived(request_id, INFORMATION),
        NotificationReceived(EVENT),
    ]


@BY_FRAMING
@pytest.mark.parametrize("sequence", [1, 2, 4, 65535])
def test_a_reply_that_nobody_waits_for_is_dropped_and_the_right_one_found(
    sequence: int, framing: Framing
) -> None:
    client = online_client(framing)
    request_id = client.send(READ, 0.0)
    dropped, reply = feed(client, PEER.message(ACK, sequence), PEER.message(INFORMATION, 3))
    assert fault_of(dropped) is Fault.UNEXPECTED_SEQUENCE
    assert reply == ReplyReceived(request_id, INFORMATION)


@BY_FRAMING
def test_a_duplicate_reply_is_dropped_and_never_given_to_the_next_request(framing: Framing) -> None:
    client = online_client(framing)
    first, second = client.send(READ, 0.0), client.send(READ, 0.0)
    reply, duplicate = feed(client, PEER.message(INFORMATION, 3), PEER.message(INFORMATION, 3))
    assert reply == ReplyReceived(first, INFORMATION)
    assert fault_of(duplicate) is Fault.DUPLICATE_REPLY
    assert feed(client, PEER.message(INFORMATION, 4)) == [ReplyReceived(second, INFORMATION)]


# Time-outs.


@BY_FRAMING
def test_a_read_times_out_with_its_name_its_wait_and_how_often_it_was_sent(framing: Framing) -> None:
    client = online_client(framing, ClientSettings(keepalive=0, request_timeout=7.0))
    request_id = client.send(READ, 0.0)
    (event,) = wait(client, 7.0)
    error = failure(event, request_id)
    assert isinstance(error, RequestTimeoutError)
    assert isinstance(error, TimeoutError)
    assert (error.request, error.waited) == ("RequestSystemInformation", 7.0)
    assert error.times_sent == (1 if framing is STREAM else 4)
    assert client.state is ConnectionState.ONLINE


@BY_FRAMING
@pytest.mark.parametrize("request_", [SET, MOMENTARY], ids=["set", "momentary"])
def test_a_command_that_times_out_has_an_unknown_outcome(request_: Request[object], framing: Framing) -> None:
    client = online_client(framing, NO_KEEPALIVE)
    request_id = client.send(request_, 0.0)
    (event,) = wait(client, 5.0)
    assert unknown(event, request_id) is OutcomeCause.TIMEOUT
    assert isinstance(failure(event, request_id).__cause__, RequestTimeoutError)


@BY_FRAMING
@BY_EFFECT
def test_a_reply_after_the_time_out_is_late_and_does_not_reach_the_next_request(
    request_: Request[object], framing: Framing
) -> None:
    client = online_client(framing, NO_KEEPALIVE)
    first = client.send(request_, 0.0)
    second = client.send(MOMENTARY, 0.0)
    wait(client, 5.0)
    assert feed(client, PEER.message(INFORMATION, 3), now=6.0) == [LateReply(first, INFORMATION)]
    (duplicate,) = feed(client, PEER.message(INFORMATION, 3), now=6.0)
    assert fault_of(duplicate) is Fault.DUPLICATE_REPLY
    assert feed(client, PEER.message(ACK, 4), now=6.0) == [ReplyReceived(second, ACK)]


def test_only_so_many_ended_requests_are_remembered() -> None:
    client = online_client(settings=NO_KEEPALIVE)
    for number in range(40):
        client.send(READ, 5.0 * number)
        wait(client, 5.0 * (number + 1))
    # Sent as 3 to 42; the last 32 are remembered.
    dropped, late, latest = feed(client, *(PEER.message(ACK, number) for number in (10, 11, 42)), now=200.0)
    assert fault_of(dropped) is Fault.UNEXPECTED_SEQUENCE
    assert late == LateReply(9, ACK)
    assert latest == LateReply(40, ACK)


@BY_FRAMING
def test_a_number_that_is_used_again_no_longer_belongs_to_the_request_that_ended(framing: Framing) -> None:
    client = online_client(framing, NO_KEEPALIVE)
    client.send(MOMENTARY, 0.0)
    wait(client, 5.0)
    secure_client_link(client)._sequence = 2  # as after 65535 more requests
    again, following = client.send(MOMENTARY, 6.0), client.send(MOMENTARY, 6.0)
    assert feed(client, PEER.message(ACK, 3), PEER.message(ACK, 4), now=6.0) == [
        ReplyReceived(again, ACK),
        ReplyReceived(following, ACK),
    ]
    (copy,) = feed(client, PEER.message(ACK, 3), now=6.0)
    assert fault_of(copy) is Fault.UNEXPECTED_SEQUENCE


# Cancellation.


@BY_FRAMING
@BY_EFFECT
def test_a_queued_request_that_is_cancelled_is_never_sent(
    request_: Request[object], framing: Framing
) -> None:
    client = online_client(framing)
    first, second, third = client.send(READ, 0.0), client.send(request_, 0.0), client.send(READ, 0.0)
    client.cancel(second, 0.0)
    assert drain(client) == [RequestCancelled(second, sent=False)]
    client.cancel(second, 0.0)
    assert drain(client) == []
    assert feed(client, PEER.message(INFORMATION, 3), PEER.message(INFORMATION, 4)) == [
        ReplyReceived(first, INFORMATION),
        ReplyReceived(third, INFORMATION),
    ]
    assert [PEER.opened(packet) for packet in sent(client)] == [READ.to_message()] * 2


@BY_FRAMING
@BY_EFFECT
def test_a_sent_request_that_is_cancelled_keeps_its_place_and_its_reply_is_late(
    request_: Request[object], framing: Framing
) -> None:
    client = online_client(framing)
    reply = reply_to(request_)
    first, second = client.send(request_, 0.0), client.send(READ, 0.0)
    client.cancel(first, 0.0)
    client.cancel(first, 0.0)
    assert drain(client) == [RequestCancelled(first, sent=True)]
    assert sequences_sent(client) == [3]
    # Not repeated, and only the deadline is left.
    assert client.next_timeout() == 5.0
    assert feed(client, PEER.message(reply, 3), now=1.0) == [LateReply(first, reply)]
    assert sequences_sent(client) == [4]
    assert feed(client, PEER.message(INFORMATION, 4), now=1.0) == [ReplyReceived(second, INFORMATION)]


@BY_FRAMING
def test_what_is_sent_after_a_cancellation_waits_for_the_cancelled_request(framing: Framing) -> None:
    client = online_client(framing)
    first = client.send(READ, 0.0)
    client.cancel(first, 0.0)
    second = client.send(READ, 0.0)
    assert drain(client) == [RequestCancelled(first, sent=True)]
    assert sequences_sent(client) == [3]
    assert feed(client, PEER.message(INFORMATION, 3)) == [LateReply(first, INFORMATION)]
    assert sequences_sent(client) == [4]
    assert feed(client, PEER.message(INFORMATION, 4)) == [ReplyReceived(second, INFORMATION)]


@BY_FRAMING
@BY_EFFECT
def test_a_cancelled_request_ends_once_whatever_comes_after(
    request_: Request[object], framing: Framing
) -> None:
    client = online_client(framing, NO_KEEPALIVE)
    first, second = client.send(request_, 0.0), client.send(READ, 0.0)
    client.cancel(first, 0.0)
    drain(client)
    client.data_to_send()
    assert wait(client, 5.0) == []
    assert sequences_sent(client) == [4]
    assert feed(client, PEER.message(ACK, 3), now=5.0) == [LateReply(first, ACK)]
    assert feed(client, PEER.message(INFORMATION, 4), now=5.0) == [ReplyReceived(second, INFORMATION)]


@BY_EFFECT
def test_a_cancelled_request_has_no_second_end_when_the_session_ends(request_: Request[object]) -> None:
    client = online_client()
    request_id = client.send(request_, 0.0)
    client.cancel(request_id, 0.0)
    events = drain(client) + feed(client, PEER.terminated())
    assert [type(event) for event in events] == [RequestCancelled, SessionEnded]


def test_cancelling_what_has_ended_does_nothing() -> None:
    client = online_client()
    request_id = client.send(READ, 0.0)
    feed(client, PEER.message(INFORMATION, 3))
    client.cancel(request_id, 0.0)
    assert drain(client) == []


# Damaged replies.


def test_a_damaged_reply_on_a_stream_fails_a_read_at_once() -> None:
    client = online_client()
    first, second = client.send(READ, 0.0), client.send(READ, 0.0)
    dropped, event = feed(client, PEER.damaged(INFORMATION, 3))
    assert fault_of(dropped) is Fault.BAD_CRC
    error = failure(event, first)
    assert isinstance(error, RemoteProtocolError)
    assert error.fault is Fault.BAD_CRC
    assert sequences_sent(client) == [3, 4]
    # The same reply in good order would come too late.
    assert feed(client, PEER.message(ACK, 3)) == [LateReply(first, ACK)]
    assert feed(client, PEER.message(INFORMATION, 4)) == [ReplyReceived(second, INFORMATION)]


@pytest.mark.parametrize("request_", [SET, MOMENTARY], ids=["set", "momentary"])
def test_a_damaged_reply_on_a_stream_leaves_a_commands_outcome_unknown(request_: Request[object]) -> None:
    client = online_client()
    request_id = client.send(request_, 0.0)
    _, event = feed(client, PEER.damaged(ACK, 3))
    assert unknown(event, request_id) is OutcomeCause.DAMAGED_REPLY


@BY_EFFECT
def test_a_damaged_reply_as_a_datagram_counts_as_lost(request_: Request[object]) -> None:
    client = online_client(DATAGRAM)
    request_id = client.send(request_, 0.0)
    client.data_to_send()
    (dropped,) = feed(client, PEER.damaged(ACK, 3))
    assert fault_of(dropped) is Fault.BAD_CRC
    assert wait(client, 1.5) == []
    assert len(sent(client)) == (0 if request_ is MOMENTARY else 1)
    reply = reply_to(request_)
    assert feed(client, PEER.message(reply, 3), now=1.5) == [ReplyReceived(request_id, reply)]


@BY_FRAMING
def test_a_damaged_message_with_another_number_touches_no_request(framing: Framing) -> None:
    client = online_client(framing)
    request_id = client.send(READ, 0.0)
    events = feed(client, PEER.damaged(ACK, 0), PEER.damaged(ACK, 4), PEER.message(INFORMATION, 3))
    assert [type(event) for event in events] == [PacketDropped, PacketDropped, ReplyReceived]
    assert events[-1] == ReplyReceived(request_id, INFORMATION)


# Close.


@BY_FRAMING
@BY_EFFECT
def test_close_fails_what_is_open_says_goodbye_and_waits_a_second(
    request_: Request[object], framing: Framing
) -> None:
    client = online_client(framing)
    in_flight, queued = client.send(request_, 0.0), client.send(request_, 0.0)
    client.data_to_send()
    client.close(2.0)
    first, second = drain(client)
    if request_.effect is Effect.READ:
        assert type(failure(first, in_flight)) is OmniConnectionError
    else:
        assert unknown(first, in_flight) is OutcomeCause.CLOSE
    assert type(failure(second, queued)) is OmniConnectionError
    assert "not sent" in str(failure(second, queued))
    assert types_sent(client) == [PacketType.CLIENT_SESSION_TERMINATED]
    assert client.state is ConnectionState.CLOSING
    assert client.next_timeout() == (3.0 if framing is STREAM else 2.25)
    assert wait(client, 2.9) == []
    # As a datagram it is repeated every quarter of a second, as the same bytes.
    repeats = [] if framing is STREAM else [PEER.goodbye(4)] * 3
    assert client.data_to_send() == repeats
    assert client.next_timeout() == 3.0
    assert wait(client, 3.0) == [SessionEnded(EndReason.CLOSED, None)]
    assert sent(client) == []


@BY_FRAMING
def test_what_arrives_while_closing_is_still_reported(framing: Framing) -> None:
    client = online_client(framing)
    request_id = client.send(READ, 0.0)
    client.close(0.0)
    drain(client)
    events = feed(client, PEER.message(EVENT), PEER.message(ACK, 3), PEER.terminated())
    assert events == [
        NotificationReceived(EVENT),
        LateReply(request_id, ACK),
        SessionEnded(EndReason.CLOSED, None),
    ]


@BY_FRAMING
@pytest.mark.parametrize("request_", [SET, MOMENTARY], ids=["set", "momentary"])
def test_a_command_that_is_lost_with_its_session_says_so(request_: Request[object], framing: Framing) -> None:
    client = online_client(framing)
    request_id = client.send(request_, 0.0)
    event, _ended = feed(client, PEER.terminated())
    assert unknown(event, request_id) is OutcomeCause.LOSS


# Repetition.


@BY_EFFECT
@pytest.mark.parametrize("repeat", [None, True, False])
def test_nothing_is_repeated_on_a_stream(request_: Request[object], repeat: bool | None) -> None:
    client = online_client(settings=NO_KEEPALIVE)
    client.send(request_, 0.0, repeat=repeat)
    assert len(sent(client)) == 1
    wait(client, 100.0)
    assert sent(client) == []


@pytest.mark.parametrize(
    ("request_", "repeat", "times"),
    [
        (READ, None, 4),
        (SET, None, 4),
        (MOMENTARY, None, 1),
        (MOMENTARY, True, 4),
        (READ, False, 1),
        (SET, False, 1),
    ],
)
def test_datagrams_are_repeated_by_their_effect_or_as_their_caller_says(
    request_: Request[object], repeat: bool | None, times: int
) -> None:
    client = online_client(DATAGRAM, NO_KEEPALIVE)
    client.send(request_, 0.0, repeat=repeat)
    packets = []
    moments = []
    while (due := client.next_timeout()) is not None:
        packets += client.data_to_send()
        moments.append(due)
        client.handle_timeout(due)
        drain(client)
    # The same bytes with the same number, and never a new number.
    assert packets == packets[:1] * times
    assert moments == [1.5, 3.0, 4.5, 5.0][4 - times :]
    assert client.data_to_send() == []


@pytest.mark.parametrize("max_repeats", [0, 1, 2])
def test_repeats_are_limited(max_repeats: int) -> None:
    client = online_client(DATAGRAM, ClientSettings(keepalive=0, max_repeats=max_repeats))
    request_id = client.send(READ, 0.0)
    (event,) = wait(client, 60.0)
    assert len(client.data_to_send()) == 1 + max_repeats
    error = failure(event, request_id)
    assert isinstance(error, RequestTimeoutError)
    assert error.times_sent == 1 + max_repeats


def test_a_reply_ends_the_repetition_and_the_reply_to_a_repeat_is_a_duplicate() -> None:
    client = online_client(DATAGRAM)
    request_id = client.send(READ, 0.0)
    wait(client, 1.5)
    assert sequences_sent(client) == [3, 3]
    reply, duplicate = feed(client, PEER.message(INFORMATION, 3), PEER.message(INFORMATION, 3), now=1.6)
    assert reply == ReplyReceived(request_id, INFORMATION)
    assert fault_of(duplicate) is Fault.DUPLICATE_REPLY
    wait(client, 50.0)
    assert sequences_sent(client) == []


def test_a_late_wake_up_repeats_once_and_never_in_the_past() -> None:
    client = online_client(DATAGRAM, NO_KEEPALIVE)
    client.send(READ, 0.0)
    client.data_to_send()
    client.handle_timeout(4.9)
    assert sequences_sent(client) == [3]
    assert client.next_timeout() == 5.0


def test_texts_name_the_request_and_never_its_content() -> None:
    client = online_client(settings=NO_KEEPALIVE)
    client.send(SET, 0.0)
    (event,) = wait(client, 5.0)
    assert "Command UNIT_ON" in str(failure(event, 1))
    assert "parameter" not in str(failure(event, 1))
