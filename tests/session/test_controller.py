"""The controller's end of a stream."""

from collections.abc import Callable

import pytest

from omnilink_sansio import (
    DIALECTS,
    ConnectionState,
    ControllerConnection,
    ControllerEndReason,
    ControllerEvent,
    ControllerSessionEnded,
    ControllerSettings,
    Fault,
    Framing,
    LocalProtocolError,
    Message,
    PacketDropped,
    PacketType,
    ProtocolVersion,
    ReplyDropped,
    RequestReceived,
    SessionStarted,
)
from omnilink_sansio.wire.message import START_V1, START_V1_ADDRESSABLE
from tests.session.peers import (
    ACK,
    EVENT,
    INFORMATION,
    KEY,
    OTHER_KEY,
    OTHER_SESSION_ID,
    PEER,
    READ,
    SESSION_ID,
    SET,
    UNKNOWN_TYPE,
    Peer,
    drain,
    eof,
    feed,
    idle_controller,
    online_controller,
    securing_controller,
    types_sent,
    wait,
)

STREAM, DATAGRAM = Framing
BY_FRAMING = pytest.mark.parametrize("framing", Framing)
TERMINATED = [PacketType.CONTROLLER_SESSION_TERMINATED]


def ask(controller: ControllerConnection, sequence: int, now: float = 0.0) -> RequestReceived:
    """Have the client ask something."""
    (request,) = feed(controller, PEER.message(READ.to_message(), sequence), now=now)
    assert isinstance(request, RequestReceived)
    assert request.tag == sequence
    assert request.message == READ.to_message()
    return request


def end(events: list[ControllerEvent]) -> ControllerEndReason:
    (event,) = events
    assert isinstance(event, ControllerSessionEnded)
    return event.reason


@BY_FRAMING
def test_the_four_packets_byte_for_byte(framing: Framing) -> None:
    controller = idle_controller(framing)
    assert feed(controller, bytes.fromhex("00010100")) == []
    assert controller.data_to_send() == [bytes.fromhex("000102000001") + SESSION_ID]
    assert feed(controller, PEER.proof(2)) == [SessionStarted()]
    assert controller.data_to_send() == [PEER.echo(2)]
    assert controller.state is ConnectionState.ONLINE


@BY_FRAMING
def test_packet_2_offers_the_version_of_the_settings(framing: Framing) -> None:
    controller = idle_controller(framing, ControllerSettings(offered_session_version=0x0203))
    feed(controller, PEER.request_session(7))
    assert controller.data_to_send() == [PEER.offer(7, version=0x0203)]


@BY_FRAMING
def test_a_session_id_is_drawn_once_for_each_session_and_for_nothing_else(framing: Framing) -> None:
    drawn: list[bytes] = []

    def draw() -> bytes:
        drawn.append(bytes((0, 0, 0, 0, len(drawn) + 1)))
        return drawn[-1]

    free = [False, True]
    controller = ControllerConnection(KEY, draw, framing=framing, may_start=lambda: free.pop(0))
    feed(controller, PEER.request_session(1))
    assert drawn == []  # refused
    feed(controller, PEER.request_session(2))
    peer = Peer(session_id=drawn[0])
    feed(controller, peer.proof(3), peer.proof(3), peer.message(READ.to_message(), 4))
    assert len(drawn) == 1
    feed(controller, PEER.request_session(5), now=20.0)
    feed(controller, Peer(session_id=drawn[1]).proof(6), now=20.0)
    assert controller.state is ConnectionState.ONLINE
    assert len(drawn) == 2


@BY_FRAMING
def test_replies_have_the_requests_number_and_notifications_have_none(framing: Framing) -> None:
    controller = online_controller(framing)
    first, second = ask(controller, 3), ask(controller, 4)
    controller.reply(second, INFORMATION, 0.0)
    controller.notify(EVENT, 0.0)
    controller.reply(first, ACK, 0.0)
    assert controller.data_to_send() == [
        PEER.message(INFORMATION, 4),
        PEER.message(EVENT, 0),
        PEER.message(ACK, 3),
    ]


@BY_FRAMING
def test_a_request_is_answered_once(framing: Framing) -> None:
    controller = online_controller(framing)
    request = ask(controller, 3)
    controller.reply(request, ACK, 0.0)
    controller.data_to_send()
    controller.reply(request, ACK, 0.0)
    assert controller.data_to_send() == []
    assert drain(controller) == [ReplyDropped(request.request_id)]


@BY_FRAMING
def test_a_reply_after_its_session_is_dropped_and_reported_in_a_later_session_too(framing: Framing) -> None:
    controller = online_controller(framing)
    half_open, online, closed = (ask(controller, number) for number in (3, 4, 5))
    other = Peer(session_id=OTHER_SESSION_ID)
    feed(controller, PEER.request_session(7), now=20.0)
    controller.data_to_send()
    controller.reply(half_open, ACK, 20.0)
    assert drain(controller) == [ReplyDropped(half_open.request_id)]
    assert feed(controller, other.proof(8), now=20.0) == [SessionStarted()]
    controller.data_to_send()
    controller.reply(online, ACK, 20.0)
    assert drain(controller) == [ReplyDropped(online.request_id)]
    assert controller.data_to_send() == []
    controller.close(20.0)
    drain(controller)
    controller.data_to_send()
    controller.reply(closed, ACK, 20.0)
    assert drain(controller) == [ReplyDropped(closed.request_id)]
    assert controller.data_to_send() == []


def test_only_so_many_unanswered_requests_are_kept() -> None:
    controller = online_controller(settings=ControllerSettings(max_unanswered=4))
    requests = [ask(controller, number) for number in range(3, 9)]
    for request in requests:
        controller.reply(request, ACK, 0.0)
    assert drain(controller) == [ReplyDropped(request.request_id) for request in requests[:2]]
    assert len(controller.data_to_send()) == 4


@BY_FRAMING
@pytest.mark.parametrize("protocol", ProtocolVersion)
def test_messages_of_the_other_protocol_are_refused(protocol: ProtocolVersion, framing: Framing) -> None:
    peer = Peer(protocol=protocol)
    controller = ControllerConnection(
        KEY, lambda: SESSION_ID, framing=framing, settings=ControllerSettings(dialect=DIALECTS[protocol])
    )
    feed(controller, peer.request_session(), peer.proof())
    controller.data_to_send()
    v1, addressed = Message(1, start=START_V1), Message(1, start=START_V1_ADDRESSABLE, address=3)
    (good, bad) = ((v1, addressed), (ACK,)) if protocol is ProtocolVersion.V1 else ((ACK,), (v1, addressed))
    for message in good:
        controller.notify(message, 0.0)
    assert controller.data_to_send() == [peer.message(message) for message in good]
    for message in bad:
        with pytest.raises(LocalProtocolError, match="carries"):
            controller.notify(message, 0.0)
    (dropped,) = feed(controller, Peer(protocol=ProtocolVersion(3 - protocol)).message(EVENT, 3))
    assert isinstance(dropped, PacketDropped)
    assert dropped.fault is Fault.UNEXPECTED_PACKET


# Ends.


@pytest.mark.parametrize("new", [idle_controller, securing_controller, online_controller])
def test_packet_5_is_answered_by_6_with_its_number_in_every_state(
    new: Callable[[], ControllerConnection],
) -> None:
    controller = new()
    assert end(feed(controller, PEER.goodbye(77))) is ControllerEndReason.CLIENT_TERMINATED
    assert controller.data_to_send() == [PEER.terminated(77)]
    assert controller.state is ConnectionState.CLOSED


@pytest.mark.parametrize("new", [idle_controller, securing_controller, online_controller])
def test_the_end_of_the_stream_and_unknown_types_end_every_state(
    new: Callable[[], ControllerConnection],
) -> None:
    controller = new()
    assert end(eof(controller)) is ControllerEndReason.LOST
    assert controller.state is ConnectionState.CLOSED
    controller = new()
    (event,) = feed(controller, PEER.packet(UNKNOWN_TYPE) + PEER.request_session())
    assert isinstance(event, ControllerSessionEnded)
    assert event.reason is ControllerEndReason.FAULT
    assert str(UNKNOWN_TYPE) in event.detail
    assert controller.data_to_send() == []


@BY_FRAMING
@pytest.mark.parametrize(
    "proof",
    [PEER.proof(session_id=OTHER_SESSION_ID), Peer(OTHER_KEY).proof(), PEER.packet(3, 2, bytes(16))],
    ids=["other session", "other key", "zeros"],
)
def test_a_wrong_key_is_answered_by_6(proof: bytes, framing: Framing) -> None:
    controller = securing_controller(framing)
    assert end(feed(controller, proof)) is ControllerEndReason.WRONG_KEY
    assert controller.data_to_send() == [PEER.terminated(2)]


@pytest.mark.parametrize("packet_type", [PacketType.OMNI_LINK_MESSAGE, PacketType.OMNI_LINK_II_MESSAGE])
def test_a_message_without_a_session_is_answered_by_6_as_soon_as_its_header_is_in(
    packet_type: PacketType,
) -> None:
    controller = idle_controller()
    assert end(feed(controller, PEER.packet(packet_type, 5))) is ControllerEndReason.NO_SESSION
    assert controller.data_to_send() == [PEER.terminated(5)]
    assert controller.state is ConnectionState.CLOSED


def test_a_message_before_the_proof_is_answered_by_6() -> None:
    controller = securing_controller()
    assert end(feed(controller, PEER.message(EVENT, 5))) is ControllerEndReason.NO_SESSION
    assert controller.data_to_send() == [PEER.terminated(5)]


def test_a_refused_client_gets_7_and_may_try_again() -> None:
    free = [False, True]
    controller = idle_controller(may_start=lambda: free.pop(0))
    assert feed(controller, PEER.request_session(1)) == []
    assert controller.data_to_send() == [PEER.packet(PacketType.CONTROLLER_CANNOT_START_NEW_SESSION, 1)]
    assert feed(controller, PEER.request_session(2)) == []
    assert controller.data_to_send() == [PEER.offer(2)]


@BY_FRAMING
def test_who_has_a_session_is_never_refused(framing: Framing) -> None:
    free = [True]
    controller = idle_controller(framing, may_start=lambda: free.pop(0))
    feed(controller, PEER.request_session(1), PEER.proof(2))
    controller.data_to_send()
    assert end(feed(controller, PEER.request_session(9))) is ControllerEndReason.REPLACED
    assert controller.data_to_send() == [PEER.offer(9, session_id=OTHER_SESSION_ID)]


# Time.


def test_a_stream_that_says_nothing_is_closed() -> None:
    controller = idle_controller()
    assert controller.next_timeout() == 10.0
    assert end(wait(controller, 10.0)) is ControllerEndReason.HANDSHAKE_TIMEOUT
    assert types_sent(controller) == []


def test_without_the_time_of_its_acceptance_a_stream_has_its_time_from_the_first_byte() -> None:
    # Shorter than the time that a packet may stay incomplete, which runs here too.
    settings = ControllerSettings(handshake_timeout=4.0)
    controller = ControllerConnection(KEY, lambda: SESSION_ID, settings=settings)
    assert controller.next_timeout() is None
    feed(controller, PEER.request_session()[:1], now=7.0)
    assert controller.next_timeout() == 11.0
    feed(controller, PEER.request_session()[1:2], now=9.0)
    assert controller.next_timeout() == 11.0


@BY_FRAMING
def test_a_half_open_session_expires(framing: Framing) -> None:
    controller = idle_controller(framing)
    feed(controller, PEER.request_session(), now=4.0)
    controller.data_to_send()
    assert controller.next_timeout() == 14.0
    assert end(wait(controller, 14.0)) is ControllerEndReason.HANDSHAKE_TIMEOUT
    back = ConnectionState.CLOSED if framing is STREAM else ConnectionState.IDLE
    assert controller.state is back
    assert controller.next_timeout() is None


def test_a_stream_that_asks_for_sessions_on_and_on_has_one_time_out_to_prove_its_key() -> None:
    controller = idle_controller(STREAM)
    for second in range(2):
        feed(controller, PEER.request_session(second + 1), now=4.0 + second)
        assert controller.next_timeout() == 14.0
    assert end(wait(controller, 14.0)) is ControllerEndReason.HANDSHAKE_TIMEOUT
    assert controller.state is ConnectionState.CLOSED


def test_a_stream_that_is_online_has_a_time_out_anew_for_another_session() -> None:
    controller = online_controller(STREAM)
    feed(controller, PEER.request_session(7), now=100.0)
    assert controller.next_timeout() == 110.0


@BY_FRAMING
def test_an_idle_session_is_terminated(framing: Framing) -> None:
    controller = online_controller(framing)
    assert controller.next_timeout() == 300.0
    ask(controller, 3, now=100.0)
    assert controller.next_timeout() == 400.0
    feed(controller, PEER.damaged(EVENT, 4), PEER.terminated(), now=200.0)
    assert controller.next_timeout() == 400.0
    assert end(wait(controller, 400.0)) is ControllerEndReason.IDLE
    assert types_sent(controller) == TERMINATED


@BY_FRAMING
def test_idling_is_counted_from_the_proof_and_from_each_copy_of_it(framing: Framing) -> None:
    controller = idle_controller(framing)
    feed(controller, PEER.request_session(), now=4.0)
    feed(controller, PEER.proof(), now=6.0)
    assert controller.next_timeout() == 306.0
    feed(controller, PEER.proof(), now=50.0)
    assert controller.next_timeout() == 350.0
    # What the controller says itself is no sign of the client.
    controller.notify(EVENT, 60.0)
    drain(controller)
    assert controller.next_timeout() == 350.0


def test_sessions_may_be_allowed_to_idle_for_ever() -> None:
    controller = online_controller(settings=ControllerSettings(idle_timeout=0))
    assert controller.next_timeout() is None


def test_a_packet_left_incomplete_ends_a_stream_after_10_seconds() -> None:
    controller = online_controller()
    feed(controller, PEER.message(EVENT, 3)[:-1], now=5.0)
    assert controller.next_timeout() == 15.0
    (event,) = wait(controller, 15.0)
    assert isinstance(event, ControllerSessionEnded)
    assert event.reason is ControllerEndReason.FAULT
    assert "incomplete" in event.detail


def test_the_10_seconds_run_from_the_piece_whatever_the_owner_does_before_it_pulls() -> None:
    controller = online_controller()
    controller.receive_data(PEER.message(EVENT, 3)[:-1], 5.0)
    controller.notify(EVENT, 6.0)
    assert drain(controller) == []
    assert controller.next_timeout() == 15.0


# The owner's ends.


@BY_FRAMING
@pytest.mark.parametrize("close", [True, False])
def test_the_owner_ends_a_session_with_6(framing: Framing, close: bool) -> None:
    controller = online_controller(framing)
    (controller.close if close else controller.terminate)(1.0)
    assert end(drain(controller)) is ControllerEndReason.TERMINATED
    assert controller.data_to_send() == [PEER.terminated(0)]
    closed = close or framing is STREAM
    assert controller.state is (ConnectionState.CLOSED if closed else ConnectionState.IDLE)


@BY_FRAMING
def test_good_requests_before_a_fault_are_delivered(framing: Framing) -> None:
    controller = online_controller(framing)
    pieces = [
        PEER.message(SET.to_message(), 3),
        PEER.message(READ.to_message(), 4),
        PEER.packet(UNKNOWN_TYPE),
    ]
    events = feed(controller, *([b"".join(pieces)] if framing is STREAM else pieces))
    assert [type(event) for event in events[:2]] == [RequestReceived] * 2
    assert isinstance(events[2], ControllerSessionEnded if framing is STREAM else PacketDropped)


@BY_FRAMING
def test_a_damaged_request_is_dropped_and_never_answered(framing: Framing) -> None:
    controller = online_controller(framing)
    (dropped,) = feed(controller, PEER.damaged(SET.to_message(), 3))
    assert isinstance(dropped, PacketDropped)
    assert dropped.fault is Fault.BAD_CRC
    assert types_sent(controller) == []
    # The same number in good order is no repeat of anything.
    ask(controller, 3)
