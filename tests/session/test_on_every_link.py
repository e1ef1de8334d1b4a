"""What a client's connection does on any link, one body for all: a stream, datagrams, and a link of another kind.

The toy link carries messages back to back, without packets, tags, encryption and pushes. What differs from link to
link follows from the two properties that a connection may ask about: whether messages get lost, and whether a
reply names its request. Leases have `test_lease`, pairs of both ends `test_pair_on_every_link`.

What is about packets stays with the secure link:

- handshake, offers, versions, wrong keys: `test_client_handshake`, `test_offers`, `test_client_datagram`,
  `test_transcripts`, and the links' tables in `test_tables`;
- sequence numbers, their wrap, and what one session leaves to the next: `test_sequence`, `test_history`,
  `test_controller_numbers`, and of `test_client_requests` what names a number;
- packets that are damaged, stray, unknown, cut short or of a wrong length: `test_client_ends`, `test_chunking`,
  `test_flood`;
- the goodbye, packets 5 and 6, and its repeats: `test_client_ends`, `test_client_requests`;
- repeats as the same bytes under the same number, and losses: `test_client_requests`, `test_controller_datagram`,
  `test_faulty_links`, `test_pair`;
- many clients of one controller: `test_server`.
"""

import random
from collections import Counter, deque
from contextlib import suppress

import pytest

from omnilink_sansio.client.dispatcher import Dispatcher, PendingReply
from omnilink_sansio.client.listeners import CallbackListener
from omnilink_sansio.commands import Command, ControllerCommand, set_security_mode
from omnilink_sansio.errors import (
    EndReason,
    Fault,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    RemoteProtocolError,
    RequestTimeoutError,
)
from omnilink_sansio.messages.acknowledgements import Ack, EndOfData, Nak
from omnilink_sansio.messages.dialect import OMNI_LINK_2
from omnilink_sansio.messages.exchange import Exchange, Pushed
from omnilink_sansio.messages.objects.area import SecurityMode
from omnilink_sansio.messages.opcode import Effect
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.raw_request import RawRequest
from omnilink_sansio.messages.request import Request
from omnilink_sansio.messages.system import SystemInformation
from omnilink_sansio.session import (
    ClientEvent,
    ClientSettings,
    ConnectionState,
    LateReply,
    NotificationReceived,
    PacketDropped,
    ReplyReceived,
    RequestCancelled,
    RequestFailed,
    SessionEnded,
)
from omnilink_sansio.wire.message import Message
from tests.session.links import LINKS, Line, LinkKind
from tests.session.peers import ACK, EVENT, INFORMATION, MOMENTARY, READ, SET, drain, reply_to, wait

ON_EVERY_LINK = pytest.mark.parametrize("kind", LINKS, ids=lambda kind: kind.name)
WHERE_IT_PUSHES = pytest.mark.parametrize(
    "kind", [kind for kind in LINKS if kind.pushes], ids=lambda kind: kind.name
)
WITHOUT_TAGS = pytest.mark.parametrize(
    "kind", [kind for kind in LINKS if not kind.has_tags], ids=lambda kind: kind.name
)
BY_EFFECT = pytest.mark.parametrize("request_", [READ, SET, MOMENTARY], ids=["read", "set", "momentary"])
COMMANDS = pytest.mark.parametrize("request_", [SET, MOMENTARY], ids=["set", "momentary"])

NO_KEEPALIVE = ClientSettings(keepalive=0)
KEEPALIVE = Message(OmniLink2MessageType.REQUEST_SYSTEM_STATUS)
STATUS = Message(OmniLink2MessageType.SYSTEM_STATUS, bytes(14))
NAK = Nak().to_message()
UNKNOWN_MESSAGE = Message(200, b"?")
ONLINE, CLOSED = ConnectionState.ONLINE, ConnectionState.CLOSED


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


def end_of(event: ClientEvent) -> EndReason:
    assert isinstance(event, SessionEnded)
    return event.reason


def end_rest(kind: LinkKind, line: Line, now: float) -> list[ClientEvent]:
    """Let the line's rest after a time-out pass, where there is one."""
    return [] if kind.has_tags else wait(line.client, now)


# In flight, and in the queue.


@ON_EVERY_LINK
def test_one_request_is_in_flight_and_the_rest_wait_in_order(kind: LinkKind) -> None:
    line = kind.online()
    requests = (READ, SET, MOMENTARY)
    ids = [line.client.send(request, 0.0) for request in requests]
    for request_id, request in zip(ids, requests, strict=True):
        assert line.take_messages() == [request.to_message()]
        assert line.answer(reply_to(request)) == [ReplyReceived(request_id, reply_to(request))]
    assert line.take_messages() == []
    assert len(set(ids)) == 3


@ON_EVERY_LINK
def test_more_are_in_flight_when_asked_only_where_replies_name_their_request(kind: LinkKind) -> None:
    line = kind.online(ClientSettings(max_in_flight=3))
    ids = [line.client.send(READ, 0.0) for _ in range(4)]
    assert len(line.take_messages()) == (3 if kind.has_tags else 1)
    for request_id in ids:
        assert line.answer(INFORMATION) == [ReplyReceived(request_id, INFORMATION)]
        line.take_messages()


@ON_EVERY_LINK
def test_a_full_queue_is_the_callers_mistake_and_a_reply_makes_room(kind: LinkKind) -> None:
    line = kind.online(ClientSettings(max_queued=2))
    for _ in range(3):
        line.client.send(READ, 0.0)
    with pytest.raises(LocalProtocolError, match="2 requests are waiting already"):
        line.client.send(READ, 0.0)
    line.take_messages()
    line.answer(INFORMATION)
    line.client.send(READ, 0.0)
    with pytest.raises(LocalProtocolError):
        line.client.send(READ, 0.0)


@ON_EVERY_LINK
def test_a_full_queue_has_room_for_one_security_command_more(kind: LinkKind) -> None:
    line = kind.online(ClientSettings(max_queued=2))
    disarm = set_security_mode(1, SecurityMode.OFF, 1)
    for _ in range(3):
        line.client.send(READ, 0.0)
    line.client.send(disarm, 0.0)
    with pytest.raises(LocalProtocolError, match="3 requests are waiting already"):
        line.client.send(disarm, 0.0)
    sent = line.take_messages()
    for _ in range(3):
        line.answer(INFORMATION)
        sent += line.take_messages()
    assert sent == [READ.to_message()] * 3 + [disarm.to_message()]


@ON_EVERY_LINK
def test_a_disarm_has_its_place_whatever_keepalive_or_leased_command_waits(kind: LinkKind) -> None:
    line = kind.online(ClientSettings(max_queued=2))
    disarm = set_security_mode(1, SecurityMode.OFF, 1)
    lease = line.client.lease(0.0)
    line.client.send(READ, 0.0, lease=lease)
    line.client.send(disarm, 0.0, lease=lease)
    line.client.send(READ, 0.0)
    with pytest.raises(LocalProtocolError, match="2 requests are waiting already"):
        line.client.send(disarm, 0.0, lease=lease)
    # After the time-out a keepalive waits as well, or is under way.
    wait(line.client, 5.0)
    accepted = 0
    with suppress(LocalProtocolError):
        while True:
            line.client.send(READ, 5.0)
            accepted += 1
    assert accepted <= 3
    line.client.send(disarm, 5.0)


@ON_EVERY_LINK
def test_a_deadline_starts_when_the_request_is_sent_not_when_it_is_queued(kind: LinkKind) -> None:
    line = kind.online()
    line.client.send(MOMENTARY, 0.0)
    queued = line.client.send(MOMENTARY, 0.0)
    assert line.client.next_timeout() == 5.0
    line.take_messages()
    line.answer(ACK, 4.0)
    assert line.client.next_timeout() == 9.0
    assert wait(line.client, 8.9) == []
    (event,) = wait(line.client, 9.0)
    assert unknown(event, queued) is OutcomeCause.TIMEOUT


@ON_EVERY_LINK
def test_a_request_that_does_not_fit_its_message_is_refused_and_leaves_no_trace(kind: LinkKind) -> None:
    line = kind.online()
    with pytest.raises(LocalProtocolError):
        line.client.send(RawRequest(Message(READ.OPCODE, bytes(255))), 0.0)
    assert line.take_messages() == []
    assert line.client.send(READ, 0.0) == 1


@ON_EVERY_LINK
def test_only_what_may_get_lost_is_sent_again(kind: LinkKind) -> None:
    for request, repeat, repeated in (
        (READ, None, 4),
        (SET, None, 4),
        (MOMENTARY, None, 1),
        (MOMENTARY, True, 4),
        (READ, False, 1),
    ):
        line = kind.online(NO_KEEPALIVE)
        line.client.send(request, 0.0, repeat=repeat)
        wait(line.client, 100.0)
        expected = repeated if kind.loses_messages else 1
        assert line.take_messages() == [request.to_message()] * expected, (request, repeat)


# Cancellation.


@ON_EVERY_LINK
@BY_EFFECT
def test_a_queued_request_that_is_cancelled_is_never_sent(kind: LinkKind, request_: Request[object]) -> None:
    line = kind.online()
    client = line.client
    first, second, third = client.send(READ, 0.0), client.send(request_, 0.0), client.send(READ, 0.0)
    client.cancel(second, 0.0)
    assert drain(client) == [RequestCancelled(second, sent=False)]
    client.cancel(second, 0.0)
    assert drain(client) == []
    for request_id in (first, third):
        assert line.take_messages() == [READ.to_message()]
        assert line.answer(INFORMATION) == [ReplyReceived(request_id, INFORMATION)]
    assert line.take_messages() == []


@ON_EVERY_LINK
@BY_EFFECT
def test_a_sent_request_that_is_cancelled_keeps_its_place_and_its_reply_is_late(
    kind: LinkKind, request_: Request[object]
) -> None:
    line = kind.online()
    client = line.client
    first, second = client.send(request_, 0.0), client.send(READ, 0.0)
    client.cancel(first, 0.0)
    client.cancel(first, 0.0)
    assert drain(client) == [RequestCancelled(first, sent=True)]
    assert line.take_messages() == [request_.to_message()]
    # Not repeated, and only the deadline is left.
    assert client.next_timeout() == 5.0
    assert line.answer(reply_to(request_), 1.0) == [LateReply(first, reply_to(request_))]
    assert line.take_messages() == [READ.to_message()]
    assert line.answer(INFORMATION, 1.0) == [ReplyReceived(second, INFORMATION)]


@ON_EVERY_LINK
@BY_EFFECT
def test_a_cancelled_request_ends_once_when_its_time_is_over_too(
    kind: LinkKind, request_: Request[object]
) -> None:
    line = kind.online(NO_KEEPALIVE)
    client = line.client
    first, second = client.send(request_, 0.0), client.send(READ, 0.0)
    client.cancel(first, 0.0)
    assert drain(client) == [RequestCancelled(first, sent=True)]
    line.take_messages()
    assert wait(client, 5.0) == []
    assert line.take_messages() == ([READ.to_message()] if kind.has_tags else [])
    # On a link without tags this is what the queue waited for.
    assert line.answer(reply_to(request_), 5.5) == [LateReply(first, reply_to(request_))]
    assert line.take_messages() == ([] if kind.has_tags else [READ.to_message()])
    assert line.answer(INFORMATION, 6.0) == [ReplyReceived(second, INFORMATION)]


@ON_EVERY_LINK
@BY_EFFECT
def test_a_cancelled_request_has_no_second_end_when_the_session_ends(
    kind: LinkKind, request_: Request[object]
) -> None:
    line = kind.online()
    request_id = line.client.send(request_, 0.0)
    line.client.cancel(request_id, 0.0)
    events = drain(line.client) + line.hang_up()
    assert [type(event) for event in events] == [RequestCancelled, SessionEnded]


@ON_EVERY_LINK
def test_cancelling_what_has_ended_does_nothing_and_what_never_was_is_refused(kind: LinkKind) -> None:
    line = kind.online()
    request_id = line.client.send(READ, 0.0)
    line.take_messages()
    line.answer(INFORMATION)
    line.client.cancel(request_id, 0.0)
    assert drain(line.client) == []
    for never in (0, 2):
        with pytest.raises(LocalProtocolError, match="never sent"):
            line.client.cancel(never, 0.0)


# Time-outs.


@ON_EVERY_LINK
def test_a_read_times_out_with_its_name_its_wait_and_how_often_it_was_sent(kind: LinkKind) -> None:
    line = kind.online(ClientSettings(keepalive=0, request_timeout=7.0))
    request_id = line.client.send(READ, 0.0)
    (event,) = wait(line.client, 7.0)
    error = failure(event, request_id)
    assert isinstance(error, RequestTimeoutError)
    assert (error.request, error.waited) == ("RequestSystemInformation", 7.0)
    assert error.times_sent == (4 if kind.loses_messages else 1)
    assert line.client.state is ONLINE


@ON_EVERY_LINK
@COMMANDS
def test_a_command_that_times_out_has_an_unknown_outcome(kind: LinkKind, request_: Request[object]) -> None:
    line = kind.online(NO_KEEPALIVE)
    request_id = line.client.send(request_, 0.0)
    (event,) = wait(line.client, 5.0)
    assert unknown(event, request_id) is OutcomeCause.TIMEOUT
    assert isinstance(failure(event, request_id).__cause__, RequestTimeoutError)


@ON_EVERY_LINK
@BY_EFFECT
def test_a_reply_after_the_time_out_is_late_and_does_not_reach_the_next_request(
    kind: LinkKind, request_: Request[object]
) -> None:
    line = kind.online(NO_KEEPALIVE)
    first = line.client.send(request_, 0.0)
    second = line.client.send(MOMENTARY, 0.0)
    assert wait(line.client, 4.9) == []
    line.take_messages()
    assert len(wait(line.client, 5.0)) == 1
    # With tags the next one is sent at once; without, when the late reply is there.
    early = line.take_messages()
    assert early == ([MOMENTARY.to_message()] if kind.has_tags else [])
    assert line.answer(reply_to(request_), 6.0) == [LateReply(first, reply_to(request_))]
    assert early + line.take_messages() == [MOMENTARY.to_message()]
    assert line.answer(ACK, 6.5) == [ReplyReceived(second, ACK)]


@ON_EVERY_LINK
def test_a_second_copy_of_a_reply_answers_nothing(kind: LinkKind) -> None:
    line = kind.online()
    request_id = line.client.send(READ, 0.0)
    line.take_messages()
    assert line.answer(INFORMATION) == [ReplyReceived(request_id, INFORMATION)]
    (copy,) = line.answer_again(INFORMATION)
    assert fault_of(copy) is (Fault.DUPLICATE_REPLY if kind.has_tags else Fault.UNEXPECTED_REPLY)


@ON_EVERY_LINK
def test_requests_and_replies_belong_together_however_slow_the_controller_is(kind: LinkKind) -> None:
    """It answers in order, each within the time-out and the rest after it; what is too late is late."""
    source = random.Random(11)
    line = kind.online(NO_KEEPALIVE)
    client = line.client
    asked: dict[int, int] = {}
    outcomes: Counter[type[ClientEvent]] = Counter()
    under_way: deque[tuple[float, Message]] = deque()
    now = 0.0
    for number in range(2000):
        if client.state is ONLINE and len(asked) - outcomes[ReplyReceived] - outcomes[RequestFailed] < 3:
            request = ControllerCommand(Command.EXECUTE_BUTTON, number // 256, number)
            asked[client.send(request, now)] = number
        for message in line.take_messages():
            answered_at = max(now, under_way[-1][0] if under_way else now) + source.choice((0.1, 3.0, 7.0))
            under_way.append((min(answered_at, now + 9.5), message))
        moments = [under_way[0][0]] if under_way else []
        due = client.next_timeout()
        moments += [] if due is None else [due]
        now = max(now, min(moments))
        if under_way and under_way[0][0] <= now:
            _, message = under_way.popleft()
            events = line.answer(Message(ACK.type, message.data), now)
        else:
            client.handle_timeout(now)
            events = drain(client)
        for event in events:
            outcomes[type(event)] += 1
            if isinstance(event, ReplyReceived | LateReply):
                expected = ControllerCommand(
                    Command.EXECUTE_BUTTON, asked[event.request_id] // 256, asked[event.request_id]
                )
                assert event.message.data == expected.to_message().data
    assert min(outcomes[kind] for kind in (ReplyReceived, RequestFailed, LateReply)) > 100
    assert set(outcomes) == {ReplyReceived, RequestFailed, LateReply}


# The rest after a time-out, where a late reply cannot be told from the next one.


@WITHOUT_TAGS
def test_after_a_time_out_nothing_is_sent_until_the_late_replys_time_is_over(kind: LinkKind) -> None:
    line = kind.online(ClientSettings(keepalive=0, rest_after_timeout=2.0))
    client = line.client
    client.send(MOMENTARY, 0.0)
    queued = client.send(READ, 0.0)
    line.take_messages()
    assert len(wait(client, 5.0)) == 1
    asked_meanwhile = client.send(SET, 5.5)
    assert client.next_timeout() == 7.0
    assert wait(client, 6.9) == []
    assert line.take_messages() == []
    assert wait(client, 7.0) == []
    assert line.take_messages() == [READ.to_message()]
    assert line.answer(INFORMATION, 7.1) == [ReplyReceived(queued, INFORMATION)]
    assert line.take_messages() == [SET.to_message()]
    assert line.answer(ACK, 7.2) == [ReplyReceived(asked_meanwhile, ACK)]


@WITHOUT_TAGS
@pytest.mark.parametrize("late", [ACK, INFORMATION, UNKNOWN_MESSAGE], ids=["right", "other", "unknown"])
def test_whatever_comes_while_the_line_rests_is_the_late_reply(kind: LinkKind, late: Message) -> None:
    line = kind.online(NO_KEEPALIVE)
    first = line.client.send(MOMENTARY, 0.0)
    second = line.client.send(MOMENTARY, 0.0)
    line.take_messages()
    wait(line.client, 5.0)
    assert line.answer(late, 9.9) == [LateReply(first, late)]
    assert line.take_messages() == [MOMENTARY.to_message()]
    assert line.client.next_timeout() == 14.9
    assert line.answer(ACK, 10.0) == [ReplyReceived(second, ACK)]


@WITHOUT_TAGS
def test_without_a_time_for_late_replies_the_next_is_sent_at_once(kind: LinkKind) -> None:
    line = kind.online(ClientSettings(keepalive=0, rest_after_timeout=0))
    line.client.send(MOMENTARY, 0.0)
    line.client.send(READ, 0.0)
    line.take_messages()
    wait(line.client, 5.0)
    assert line.take_messages() == [READ.to_message()]


@WITHOUT_TAGS
def test_what_waits_for_the_rest_to_end_can_be_cancelled_and_fails_as_not_sent(kind: LinkKind) -> None:
    line = kind.online(NO_KEEPALIVE)
    client = line.client
    client.send(MOMENTARY, 0.0)
    wait(client, 5.0)
    cancelled, unsent = client.send(SET, 5.5), client.send(SET, 5.5)
    client.cancel(cancelled, 6.0)
    assert drain(client) == [RequestCancelled(cancelled, sent=False)]
    line.take_messages()
    client.close(6.5)
    failed, ended = drain(client)
    assert "not sent" in str(failure(failed, unsent))
    assert end_of(ended) is EndReason.CLOSED
    assert line.take_messages() == []


@WITHOUT_TAGS
def test_without_a_time_out_there_is_no_rest(kind: LinkKind) -> None:
    line = kind.online()
    line.client.send(READ, 0.0)
    line.client.send(MOMENTARY, 0.0)
    line.take_messages()
    line.answer(INFORMATION, 4.9)
    assert line.take_messages() == [MOMENTARY.to_message()]


# Wrong and damaged replies.

WRONG = pytest.mark.parametrize(
    "wrong", [STATUS, EndOfData().to_message(), UNKNOWN_MESSAGE], ids=["status", "end of data", "unknown"]
)


@ON_EVERY_LINK
@COMMANDS
@WRONG
def test_a_command_answered_by_what_cannot_answer_it_may_have_run(
    kind: LinkKind, request_: Request[object], wrong: Message
) -> None:
    line = kind.online()
    request_id, queued = line.client.send(request_, 0.0), line.client.send(READ, 0.0)
    line.take_messages()
    (event,) = line.answer(wrong, 1.0)
    if kind.loses_messages:
        # The right one may still come.
        assert fault_of(event) is Fault.UNEXPECTED_REPLY
        assert line.take_messages() == []
        assert line.answer_again(ACK, 2.0) == [ReplyReceived(request_id, ACK)]
    else:
        assert unknown(event, request_id) is OutcomeCause.WRONG_REPLY
        cause = failure(event, request_id).__cause__
        assert isinstance(cause, RemoteProtocolError)
        assert cause.fault is Fault.UNEXPECTED_REPLY
        assert f"0x{wrong.type:02X}" in str(cause)
    assert line.take_messages() == [READ.to_message()]
    assert line.answer(INFORMATION, 3.0) == [ReplyReceived(queued, INFORMATION)]


@ON_EVERY_LINK
@pytest.mark.parametrize("wrong", [ACK, STATUS, UNKNOWN_MESSAGE], ids=["ack", "status", "unknown"])
def test_a_read_answered_by_what_cannot_answer_it_fails_with_what_is_wrong(
    kind: LinkKind, wrong: Message
) -> None:
    line = kind.online()
    request_id = line.client.send(READ, 0.0)
    line.take_messages()
    (event,) = line.answer(wrong, 1.0)
    if kind.loses_messages:
        assert fault_of(event) is Fault.UNEXPECTED_REPLY
        assert line.answer_again(INFORMATION, 2.0) == [ReplyReceived(request_id, INFORMATION)]
        return
    error = failure(event, request_id)
    assert isinstance(error, RemoteProtocolError)
    assert error.fault is Fault.UNEXPECTED_REPLY


@ON_EVERY_LINK
def test_where_messages_get_lost_a_wrong_reply_does_not_put_the_time_out_off(kind: LinkKind) -> None:
    line = kind.online(NO_KEEPALIVE)
    request_id = line.client.send(MOMENTARY, 0.0)
    line.take_messages()
    events = line.answer(STATUS, 4.0) + wait(line.client, 5.0)
    assert unknown(events[-1], request_id) is (
        OutcomeCause.TIMEOUT if kind.loses_messages else OutcomeCause.WRONG_REPLY
    )


@ON_EVERY_LINK
@BY_EFFECT
def test_a_refusal_answers_every_request(kind: LinkKind, request_: Request[object]) -> None:
    line = kind.online()
    request_id = line.client.send(request_, 0.0)
    line.take_messages()
    assert line.answer(NAK) == [ReplyReceived(request_id, NAK)]


@ON_EVERY_LINK
@pytest.mark.parametrize("reply", [ACK, STATUS, UNKNOWN_MESSAGE], ids=["ack", "status", "unknown"])
def test_a_request_of_a_type_that_nobody_knows_is_answered_by_anything(
    kind: LinkKind, reply: Message
) -> None:
    line = kind.online()
    request_id = line.client.send(RawRequest(UNKNOWN_MESSAGE), 0.0)
    line.take_messages()
    assert line.answer(reply) == [ReplyReceived(request_id, reply)]


@ON_EVERY_LINK
@BY_EFFECT
def test_what_cannot_answer_a_cancelled_request_is_reported_by_itself(
    kind: LinkKind, request_: Request[object]
) -> None:
    line = kind.online()
    cancelled, queued = line.client.send(request_, 0.0), line.client.send(READ, 0.0)
    line.client.cancel(cancelled, 0.0)
    assert drain(line.client) == [RequestCancelled(cancelled, sent=True)]
    line.take_messages()
    (event,) = line.answer(STATUS, 1.0)
    assert fault_of(event) is Fault.UNEXPECTED_REPLY
    if kind.loses_messages:
        assert line.answer_again(reply_to(request_), 1.5) == [LateReply(cancelled, reply_to(request_))]
    assert line.take_messages() == [READ.to_message()]
    assert line.answer(INFORMATION, 2.0) == [ReplyReceived(queued, INFORMATION)]


@ON_EVERY_LINK
@BY_EFFECT
def test_a_damaged_reply_fails_its_request_at_once_where_no_other_will_come(
    kind: LinkKind, request_: Request[object]
) -> None:
    line = kind.online()
    request_id, queued = line.client.send(request_, 0.0), line.client.send(READ, 0.0)
    line.take_messages()
    dropped, *then = line.answer_damaged(reply_to(request_), 1.0)
    assert fault_of(dropped) is Fault.BAD_CRC
    if kind.loses_messages:
        assert then == []
        assert line.answer_again(reply_to(request_), 1.2) == [ReplyReceived(request_id, reply_to(request_))]
    elif request_.effect is Effect.READ:
        error = failure(then[0], request_id)
        assert isinstance(error, RemoteProtocolError)
        assert error.fault is Fault.BAD_CRC
    else:
        assert unknown(then[0], request_id) is OutcomeCause.DAMAGED_REPLY
    assert line.take_messages() == [READ.to_message()]
    assert line.answer(INFORMATION, 2.0) == [ReplyReceived(queued, INFORMATION)]


# The keepalive.


@ON_EVERY_LINK
def test_a_cheap_read_after_60_quiet_seconds_whose_reply_is_nobodys_event(kind: LinkKind) -> None:
    line = kind.online()
    assert line.client.next_timeout() == 60.0
    assert wait(line.client, 59.9) == []
    assert line.take_messages() == []
    assert wait(line.client, 60.0) == []
    assert line.take_messages() == [KEEPALIVE]
    assert line.answer(STATUS, 60.2) == []
    assert line.client.next_timeout() == 120.0
    wait(line.client, 120.0)
    assert line.take_messages() == [KEEPALIVE]


@ON_EVERY_LINK
def test_a_request_and_its_reply_put_it_off(kind: LinkKind) -> None:
    line = kind.online()
    line.client.send(READ, 30.0)
    line.take_messages()
    line.answer(INFORMATION, 31.0)
    assert line.client.next_timeout() == 90.0
    wait(line.client, 90.0)
    assert line.take_messages() == [KEEPALIVE]


@WHERE_IT_PUSHES
def test_what_is_pushed_puts_nothing_off_and_is_no_answer(kind: LinkKind) -> None:
    line = kind.online()
    events: list[ClientEvent] = []
    for second in range(1, 75):
        events += wait(line.client, float(second))
        events += line.notify(EVENT, float(second))
    end = 65 if kind.loses_messages else 70
    assert events[:-1] == [NotificationReceived(EVENT)] * (end - 1)
    assert end_of(events[-1]) is EndReason.SILENT


@ON_EVERY_LINK
def test_its_silence_ends_the_session(kind: LinkKind) -> None:
    line = kind.online()
    # Repeated where messages get lost; elsewhere a second one, which on a line without tags waits for the rest.
    end = 65.0 if kind.loses_messages else 70.0 if kind.has_tags else 75.0
    assert wait(line.client, end - 0.1) == []
    (event,) = wait(line.client, end)
    assert end_of(event) is EndReason.SILENT
    assert isinstance(event, SessionEnded)
    assert type(event.error) is OmniConnectionError
    assert line.take_messages() == [KEEPALIVE] * (4 if kind.loses_messages else 2)
    assert line.client.state is CLOSED


@ON_EVERY_LINK
def test_the_answer_to_the_last_try_keeps_the_session(kind: LinkKind) -> None:
    line = kind.online()
    last_try = 64.9 if kind.loses_messages else 69.9 if kind.has_tags else 74.9
    wait(line.client, last_try)
    line.take_messages()
    assert line.answer(STATUS, last_try) == []
    assert wait(line.client, 110.0) == []
    assert line.client.state is ONLINE


@ON_EVERY_LINK
def test_a_request_that_timed_out_in_silence_is_followed_by_it_before_what_is_queued(kind: LinkKind) -> None:
    line = kind.online()
    lost, queued = line.client.send(MOMENTARY, 0.0), line.client.send(READ, 0.0)
    line.take_messages()
    (event,) = wait(line.client, 5.0)
    assert unknown(event, lost) is OutcomeCause.TIMEOUT
    now = 5.0 if kind.has_tags else 10.0
    assert end_rest(kind, line, now) == []
    assert line.take_messages() == [KEEPALIVE]
    if kind.has_tags:
        # The controller lives, and what it answers late it answers to the right one.
        assert line.answer(ACK, now) == [LateReply(lost, ACK)]
    assert line.answer(STATUS, now + 0.1) == []
    assert line.take_messages() == [READ.to_message()]
    assert line.answer(INFORMATION, now + 0.2) == [ReplyReceived(queued, INFORMATION)]


@ON_EVERY_LINK
def test_one_unanswered_request_does_not_end_a_session_only_the_keepalives_silence_does(
    kind: LinkKind,
) -> None:
    line = kind.online()
    lost, queued = line.client.send(MOMENTARY, 0.0), line.client.send(MOMENTARY, 0.0)
    end = 10.0 if kind.loses_messages else 15.0 if kind.has_tags else 25.0
    (first,) = wait(line.client, end - 0.1)
    assert unknown(first, lost) is OutcomeCause.TIMEOUT
    second, last = wait(line.client, end)
    assert "not sent" in str(failure(second, queued))
    assert end_of(last) is EndReason.SILENT


@ON_EVERY_LINK
def test_a_reply_meanwhile_is_a_sign_of_life(kind: LinkKind) -> None:
    line = kind.online()
    cancelled = line.client.send(MOMENTARY, 0.0)
    line.client.cancel(cancelled, 0.0)
    drain(line.client)
    line.take_messages()
    wait(line.client, 5.0)
    # Too late for its request, and answer enough to what was asked next.
    assert line.answer(ACK, 6.0) == [LateReply(cancelled, ACK)]
    line.take_messages()
    assert wait(line.client, 10.0) == []
    assert line.client.state is ONLINE


@ON_EVERY_LINK
@pytest.mark.parametrize("is_damaged", [True, False], ids=["damaged", "wrong"])
def test_an_answer_that_is_none_is_no_sign_of_life_and_no_reason_to_ask_again_at_once(
    kind: LinkKind, is_damaged: bool
) -> None:
    line = kind.online()
    wait(line.client, 60.0)
    line.take_messages()
    (dropped,) = line.answer_damaged(STATUS, 60.1) if is_damaged else line.answer(INFORMATION, 60.1)
    assert isinstance(dropped, PacketDropped)
    assert line.take_messages() == []
    end = 65.0 if kind.loses_messages else 70.0 if kind.has_tags else 75.0
    (event,) = wait(line.client, end)
    assert end_of(event) is EndReason.SILENT


@ON_EVERY_LINK
def test_what_is_sent_while_it_waits_is_queued_behind_it(kind: LinkKind) -> None:
    line = kind.online()
    wait(line.client, 60.0)
    request_id = line.client.send(READ, 60.5)
    assert line.take_messages() == [KEEPALIVE]
    assert line.answer(STATUS, 61.0) == []
    assert line.take_messages() == [READ.to_message()]
    assert line.answer(INFORMATION, 61.5) == [ReplyReceived(request_id, INFORMATION)]


@ON_EVERY_LINK
def test_it_can_be_turned_off(kind: LinkKind) -> None:
    line = kind.online(NO_KEEPALIVE)
    assert line.client.next_timeout() is None
    request_id = line.client.send(MOMENTARY, 0.0)
    (event,) = wait(line.client, 100_000.0)
    assert unknown(event, request_id) is OutcomeCause.TIMEOUT
    assert line.take_messages() == [MOMENTARY.to_message()]
    assert line.client.next_timeout() is None
    assert line.client.state is ONLINE


# Close, and ends.


@ON_EVERY_LINK
@BY_EFFECT
def test_close_fails_what_is_open_each_in_its_way(kind: LinkKind, request_: Request[object]) -> None:
    line = kind.online()
    in_flight, queued = line.client.send(request_, 0.0), line.client.send(request_, 0.0)
    line.client.close(2.0)
    # A link that says goodbye waits a second for the answer.
    first, second, ended = drain(line.client) + wait(line.client, 3.0)
    if request_.effect is Effect.READ:
        assert type(failure(first, in_flight)) is OmniConnectionError
    else:
        assert unknown(first, in_flight) is OutcomeCause.CLOSE
    assert type(failure(second, queued)) is OmniConnectionError
    assert "not sent" in str(failure(second, queued))
    assert ended == SessionEnded(EndReason.CLOSED, None)
    assert line.client.state is CLOSED
    assert line.take_messages() == [request_.to_message()]


@ON_EVERY_LINK
def test_an_end_is_the_end(kind: LinkKind) -> None:
    line = kind.online()
    client = line.client
    (ended,) = line.hang_up()
    assert end_of(ended) is EndReason.LOST
    assert (client.state, client.next_timeout()) == (CLOSED, None)
    line.take_messages()
    client.close(1.0)
    client.handle_timeout(100.0)
    assert line.receive(ACK.encode(), 100.0) == line.hang_up(100.0) == []
    assert client.data_to_send() == []
    for misuse in (lambda: client.send(READ, 100.0), lambda: client.connect(100.0)):
        with pytest.raises(LocalProtocolError):
            misuse()


@ON_EVERY_LINK
@BY_EFFECT
def test_requests_that_are_open_at_an_end_fail_each_in_its_way(
    kind: LinkKind, request_: Request[object]
) -> None:
    line = kind.online()
    in_flight, queued = line.client.send(request_, 0.0), line.client.send(request_, 0.0)
    lost, unsent, ended = line.hang_up()
    assert isinstance(ended, SessionEnded)
    lost_by, unsent_by = failure(lost, in_flight), failure(unsent, queued)
    assert "not sent" in str(unsent_by)
    if request_.effect is not Effect.READ:
        assert unknown(lost, in_flight) is OutcomeCause.LOSS
        assert lost_by.__cause__ is not None
        assert lost_by.__cause__.__cause__ is ended.error
    else:
        assert type(lost_by) is OmniConnectionError
        assert lost_by.__cause__ is ended.error
    assert unsent_by.__cause__ is ended.error


@ON_EVERY_LINK
def test_what_came_before_an_end_is_reported_before_it(kind: LinkKind) -> None:
    line = kind.online()
    request_id = line.client.send(READ, 0.0)
    line.take_messages()
    assert line.answer(INFORMATION) == [ReplyReceived(request_id, INFORMATION)]
    assert [type(event) for event in line.hang_up()] == [SessionEnded]


@ON_EVERY_LINK
def test_bytes_that_no_link_understands_end_a_stream_and_are_dropped_as_a_datagram(kind: LinkKind) -> None:
    line = kind.online()
    request_id = line.client.send(MOMENTARY, 0.0)
    *before, last = line.receive(b"\xff" * 40)
    if kind.loses_messages:
        assert before == []
        assert isinstance(last, PacketDropped)
        assert line.client.state is ONLINE
        return
    assert unknown(before[0], request_id) is OutcomeCause.LOSS
    assert end_of(last) is EndReason.FAULT
    assert isinstance(last, SessionEnded)
    assert isinstance(last.error, OmniConnectionError)
    assert isinstance(last.error.__cause__, RemoteProtocolError)


@ON_EVERY_LINK
def test_a_connection_connects_once(kind: LinkKind) -> None:
    line = kind.online()
    with pytest.raises(LocalProtocolError, match="make a new one"):
        line.client.connect(0.0)


# Dispatching.


class Dispatching:
    """A line whose client has a dispatcher, which takes what the line answers."""

    def __init__(self, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
        self.line = line
        monkeypatch.setattr(line, "receive", self._receive)
        self.observed: list[ClientEvent] = []
        self.told: list[object] = []
        self.dispatcher = Dispatcher(self.line.client, self.observed.append, dialect=OMNI_LINK_2)
        self.dispatcher.exchanges.add(CallbackListener(self.told.append, self.told.append))
        self.dispatcher.notifications.add(CallbackListener(self.told.append, self.told.append))

    def submit(self, request: Request[object], now: float = 0.0) -> PendingReply[object]:
        return self.dispatcher.submit(request, lambda: self.told.append("woken"), now)

    def _receive(self, data: bytes, now: float = 0.0) -> list[ClientEvent]:
        self.line.client.receive_data(data, now)
        self.dispatcher.dispatch()
        return []

    def pass_time(self, until: float) -> None:
        while (due := self.line.client.next_timeout()) is not None and due <= until:
            self.line.client.handle_timeout(due)
            self.dispatcher.dispatch()


@pytest.fixture
def by(kind: LinkKind, monkeypatch: pytest.MonkeyPatch) -> Dispatching:
    return Dispatching(kind.online(), monkeypatch)


@ON_EVERY_LINK
def test_a_reply_settles_its_request_after_the_listeners_have_its_exchange(by: Dispatching) -> None:
    line = by.line
    read, command = by.submit(READ), by.submit(SET)
    line.take_messages()
    line.answer(INFORMATION)
    assert read.is_settled
    assert not command.is_settled
    information = read.content()
    assert isinstance(information, SystemInformation)
    assert by.told == [Exchange(READ, information), "woken"]
    line.take_messages()
    line.answer(ACK)
    assert command.payload() == Ack()
    assert by.told[2:] == [Exchange(SET, Ack()), "woken"]
    assert by.observed == [ReplyReceived(1, INFORMATION), ReplyReceived(2, ACK)]


@ON_EVERY_LINK
def test_silence_and_wrong_replies_fail_who_waits(by: Dispatching, kind: LinkKind) -> None:
    line = by.line
    wrong = by.submit(MOMENTARY)
    line.take_messages()
    line.answer(STATUS, 1.0)
    by.pass_time(5.0)
    with pytest.raises(OutcomeUnknownError) as raised:
        wrong.content()
    assert raised.value.cause is (OutcomeCause.TIMEOUT if kind.loses_messages else OutcomeCause.WRONG_REPLY)
    assert by.told == ["woken"]


@ON_EVERY_LINK
def test_a_request_that_is_given_up_settles_nobody_and_its_late_reply_is_no_exchange(by: Dispatching) -> None:
    line = by.line
    given_up, next_one = by.submit(READ), by.submit(SET)
    by.dispatcher.give_up(given_up, 0.0)
    by.dispatcher.dispatch()
    line.take_messages()
    line.answer(INFORMATION)
    assert not given_up.is_settled
    assert by.told == []
    line.take_messages()
    line.answer(ACK)
    assert next_one.payload() == Ack()
    assert by.told == [Exchange(SET, Ack()), "woken"]


@ON_EVERY_LINK
def test_the_end_fails_what_is_under_way_and_is_told_once_after_it(by: Dispatching) -> None:
    line = by.line
    pending = by.submit(SET)
    line.client.receive_eof(1.0)
    by.dispatcher.dispatch()
    with pytest.raises(OutcomeUnknownError):
        pending.content()
    assert by.dispatcher.end is not None
    error = by.dispatcher.end.error
    assert by.told == ["woken", error, error]
    assert not by.dispatcher.is_online
    with pytest.raises(OmniConnectionError):
        by.submit(READ)


@WHERE_IT_PUSHES
def test_what_is_pushed_and_what_is_answered_reach_their_listeners_in_the_order_of_the_wire(
    by: Dispatching,
) -> None:
    line = by.line
    by.submit(SET)
    line.take_messages()
    line.notify(EVENT)
    line.answer(ACK)
    line.notify(EVENT)
    pushed, exchange, woken, pushed_again = by.told
    assert isinstance(pushed, Pushed)
    assert isinstance(pushed_again, Pushed)
    assert (pushed.message, exchange, woken) == (EVENT, Exchange(SET, Ack()), "woken")


@ON_EVERY_LINK
def test_a_lease_is_granted_to_who_waits_for_it(by: Dispatching) -> None:
    line = by.line
    by.submit(READ)
    lease = by.dispatcher.lease(lambda: by.told.append("leased"), 0.0)
    by.submit(MOMENTARY)
    line.take_messages()
    line.answer(INFORMATION)
    assert by.told[1:] == ["woken", "leased"]
    assert lease.is_settled
    assert line.take_messages() == []
    by.dispatcher.release(lease.content(), 1.0)
    assert line.take_messages() == [MOMENTARY.to_message()]
