"""What is different for a controller whose client sends datagrams."""

import pytest

from omnilink_sansio import (
    ConnectionState,
    ControllerConnection,
    ControllerEndReason,
    ControllerEvent,
    ControllerSessionEnded,
    ControllerSettings,
    Fault,
    Framing,
    PacketDropped,
    PacketType,
    ReplyDropped,
    RequestReceived,
    SessionStarted,
)
from tests.rows import each_row
from tests.session.peers import (
    ACK,
    INFORMATION,
    OTHER_SESSION_ID,
    PEER,
    READ,
    SET,
    Peer,
    drain,
    feed,
    idle_controller,
    online_controller,
    securing_controller,
    wait,
)

DATAGRAM = Framing.DATAGRAM
OTHER_PEER = Peer(session_id=OTHER_SESSION_ID)


def dropped(events: list[ControllerEvent]) -> Fault:
    (event,) = events
    assert isinstance(event, PacketDropped)
    return event.fault


def ask(controller: ControllerConnection, sequence: int) -> RequestReceived:
    (request,) = feed(controller, PEER.message(SET.to_message(), sequence))
    assert isinstance(request, RequestReceived)
    return request


def ask_again(controller: ControllerConnection, sequence: int) -> Fault:
    return dropped(feed(controller, PEER.message(SET.to_message(), sequence)))


# Sessions.


def test_the_same_packet_1_before_3_gets_the_same_2() -> None:
    controller = securing_controller(DATAGRAM)
    assert feed(controller, PEER.request_session(1), PEER.request_session(1)) == []
    assert controller.data_to_send() == [PEER.offer(1)] * 2
    assert feed(controller, PEER.proof()) == [SessionStarted()]


def test_another_packet_1_before_3_gets_a_new_2() -> None:
    controller = securing_controller(DATAGRAM)
    (event,) = feed(controller, PEER.request_session(2))
    assert event == ControllerSessionEnded(ControllerEndReason.REPLACED)
    assert controller.data_to_send() == [OTHER_PEER.offer(2)]
    assert feed(controller, OTHER_PEER.proof(3)) == [SessionStarted()]


def test_a_late_copy_of_packet_1_does_not_end_the_session_within_10_seconds() -> None:
    controller = online_controller(DATAGRAM)
    for now in (0.0, 5.0, 9.9):
        assert dropped(feed(controller, PEER.request_session(1), now=now)) is Fault.UNEXPECTED_PACKET
    assert controller.data_to_send() == []
    assert controller.state is ConnectionState.ONLINE


def test_after_10_seconds_packet_1_replaces_the_session() -> None:
    controller = online_controller(DATAGRAM)
    (event,) = feed(controller, PEER.request_session(1), now=10.0)
    assert event == ControllerSessionEnded(ControllerEndReason.REPLACED)
    assert controller.data_to_send() == [OTHER_PEER.offer(1)]


def test_another_packet_1_replaces_the_session_at_once() -> None:
    controller = online_controller(DATAGRAM)
    (event,) = feed(controller, PEER.request_session(2), now=1.0)
    assert event == ControllerSessionEnded(ControllerEndReason.REPLACED)
    assert controller.data_to_send() == [OTHER_PEER.offer(2)]


def test_packet_3_again_gets_packet_4_again() -> None:
    controller = online_controller(DATAGRAM)
    assert feed(controller, PEER.proof(2), PEER.proof(2)) == []
    assert controller.data_to_send() == [PEER.echo(2)] * 2


@each_row("numbers", [(3, 4), (500, 501)])
def test_a_late_packet_3_of_an_earlier_attempt_ends_no_later_one(numbers: tuple[int, int]) -> None:
    # Whatever its number: the attempt after one that failed may begin at 1 again.
    controller = idle_controller(DATAGRAM)
    first, late = numbers
    feed(controller, PEER.request_session(first))
    feed(controller, OTHER_PEER.request_session(5))
    assert dropped(feed(controller, PEER.proof(late))) is Fault.UNEXPECTED_SEQUENCE
    controller.data_to_send()
    assert feed(controller, OTHER_PEER.proof(6)) == [SessionStarted()]


def test_after_the_time_out_of_an_attempt_its_packet_3_is_late_too() -> None:
    controller = idle_controller(DATAGRAM)
    feed(controller, PEER.request_session(1))
    wait(controller, 20.0)
    feed(controller, OTHER_PEER.request_session(1), now=21.0)
    assert dropped(feed(controller, PEER.proof(2), now=21.0)) is Fault.UNEXPECTED_SEQUENCE


def test_each_packet_1_has_a_time_out_of_its_own() -> None:
    controller = idle_controller(DATAGRAM)
    feed(controller, PEER.request_session(1), now=4.0)
    feed(controller, OTHER_PEER.request_session(5), now=9.0)
    assert controller.next_timeout() == 19.0


def test_a_wrong_packet_3_that_is_of_no_earlier_attempt_is_answered_by_6() -> None:
    controller = idle_controller(DATAGRAM)
    feed(controller, PEER.request_session(5))
    (event,) = feed(controller, OTHER_PEER.proof(6))
    assert isinstance(event, ControllerSessionEnded)
    assert event.reason is ControllerEndReason.WRONG_KEY


def test_a_wrong_packet_3_online_is_dropped() -> None:
    controller = online_controller(DATAGRAM)
    fault = dropped(feed(controller, PEER.proof(session_id=OTHER_SESSION_ID)))
    assert fault is Fault.UNEXPECTED_PACKET
    assert controller.state is ConnectionState.ONLINE


@pytest.mark.parametrize(
    "packet",
    [PEER.goodbye(9), PEER.proof(9), PEER.message(ACK, 9), PEER.encrypted(ACK.encode(), 9, 16)],
    ids=["5", "3", "32", "16"],
)
def test_who_has_no_session_is_told_so_with_6(packet: bytes) -> None:
    controller = idle_controller(DATAGRAM)
    assert feed(controller, packet, packet) == []
    assert controller.data_to_send() == [PEER.terminated(9)] * 2
    assert controller.state is ConnectionState.IDLE
    assert controller.next_timeout() is None


def test_packet_5_is_answered_by_6_and_its_copy_too_and_the_client_may_return() -> None:
    controller = online_controller(DATAGRAM)
    assert feed(controller, PEER.goodbye(9), PEER.goodbye(9)) == [
        ControllerSessionEnded(ControllerEndReason.CLIENT_TERMINATED)
    ]
    assert controller.data_to_send() == [PEER.terminated(9)] * 2
    assert controller.state is ConnectionState.IDLE
    feed(controller, OTHER_PEER.request_session(1))
    assert controller.data_to_send() == [OTHER_PEER.offer(1)]
    assert feed(controller, OTHER_PEER.proof(2)) == [SessionStarted()]


def test_a_message_before_the_proof_is_dropped() -> None:
    controller = securing_controller(DATAGRAM)
    assert dropped(feed(controller, PEER.message(ACK, 3))) is Fault.UNEXPECTED_PACKET
    assert controller.data_to_send() == []
    assert feed(controller, PEER.proof()) == [SessionStarted()]


def test_extra_bytes_after_packets_without_data_are_tolerated() -> None:
    controller = idle_controller(DATAGRAM)
    feed(controller, PEER.request_session() + bytes(8))
    assert controller.data_to_send() == [PEER.offer()]
    feed(controller, PEER.goodbye(2) + bytes(8))
    assert controller.data_to_send() == [PEER.terminated(2)]


def test_unknown_types_and_wrong_lengths_are_dropped() -> None:
    controller = online_controller(DATAGRAM)
    for datagram, fault in (
        (PEER.packet(99), Fault.UNKNOWN_PACKET_TYPE),
        (PEER.proof()[:-1], Fault.BAD_PACKET_LENGTH),
        (PEER.message(ACK, 3)[:-1], Fault.BAD_PACKET_LENGTH),
        (b"\0", Fault.BAD_PACKET_LENGTH),
    ):
        assert dropped(feed(controller, datagram)) is fault
    assert controller.data_to_send() == []


# Requests: a repeated one is never carried out twice.


def test_a_repeated_request_gets_the_same_reply_again() -> None:
    controller = online_controller(DATAGRAM)
    controller.reply(ask(controller, 3), INFORMATION, 0.0)
    assert controller.data_to_send() == [PEER.message(INFORMATION, 3)]
    assert ask_again(controller, 3) is Fault.DUPLICATE_REQUEST
    assert controller.data_to_send() == [PEER.message(INFORMATION, 3)]


def test_a_repeated_request_gets_silence_while_it_is_in_progress() -> None:
    controller = online_controller(DATAGRAM)
    request = ask(controller, 3)
    assert ask_again(controller, 3) is Fault.DUPLICATE_REQUEST
    assert controller.data_to_send() == []
    controller.reply(request, ACK, 0.0)
    assert controller.data_to_send() == [PEER.message(ACK, 3)]


def test_sixteen_requests_are_remembered_and_older_ones_are_stale() -> None:
    controller = online_controller(DATAGRAM)
    for number in range(3, 20):
        controller.reply(ask(controller, number), ACK, 0.0)
    controller.data_to_send()
    assert ask_again(controller, 3) is Fault.STALE_REQUEST
    assert controller.data_to_send() == []
    for number in range(4, 20):
        assert ask_again(controller, number) is Fault.DUPLICATE_REQUEST
        assert controller.data_to_send() == [PEER.message(ACK, number)]


def test_a_number_behind_the_newest_that_never_came_is_not_carried_out() -> None:
    controller = online_controller(DATAGRAM)
    ask(controller, 10)
    assert ask_again(controller, 9) is Fault.STALE_REQUEST
    assert ask_again(controller, 65535) is Fault.STALE_REQUEST
    assert ask(controller, 11).tag == 11


def test_ahead_and_behind_are_told_in_the_arithmetic_of_1_to_65535() -> None:
    controller = online_controller(DATAGRAM)
    ask(controller, 65534)
    ask(controller, 65535)
    ask(controller, 1)
    assert ask_again(controller, 65533) is Fault.STALE_REQUEST
    assert ask_again(controller, 65535) is Fault.DUPLICATE_REQUEST
    ask(controller, 2)
    assert ask_again(controller, 2 + 32767) is Fault.SEQUENCE_LEAP
    assert ask(controller, 2 + 1024).tag == 2 + 1024
    assert ask_again(controller, 1) is Fault.DUPLICATE_REQUEST
    controller = online_controller(DATAGRAM)
    ask(controller, 2)
    assert ask_again(controller, 2 + 32768) is Fault.STALE_REQUEST


def test_sequence_0_is_always_carried_out_and_never_remembered() -> None:
    controller = online_controller(DATAGRAM)
    ask(controller, 5)
    for _ in range(20):
        controller.reply(ask(controller, 0), ACK, 0.0)
    assert controller.data_to_send() == [PEER.message(ACK, 0)] * 20
    assert ask_again(controller, 5) is Fault.DUPLICATE_REQUEST
    assert ask(controller, 6).tag == 6


def test_a_new_session_remembers_nothing_of_the_old_one() -> None:
    controller = online_controller(DATAGRAM)
    controller.reply(ask(controller, 3), ACK, 0.0)
    feed(controller, PEER.request_session(7), OTHER_PEER.proof(8))
    controller.data_to_send()
    (request,) = feed(controller, OTHER_PEER.message(READ.to_message(), 3))
    assert isinstance(request, RequestReceived)
    assert controller.data_to_send() == []


def test_a_damaged_copy_of_a_request_is_not_answered() -> None:
    controller = online_controller(DATAGRAM)
    controller.reply(ask(controller, 3), ACK, 0.0)
    controller.data_to_send()
    assert dropped(feed(controller, PEER.damaged(SET.to_message(), 3))) is Fault.BAD_CRC
    assert controller.data_to_send() == []


def test_terminating_leaves_the_peer_free_to_return() -> None:
    controller = online_controller(DATAGRAM)
    controller.terminate(1.0)
    assert controller.state is ConnectionState.IDLE
    (packet,) = controller.data_to_send()
    assert packet[2] == PacketType.CONTROLLER_SESSION_TERMINATED


# A panel that does not recognise repeats.


def test_without_recognising_repeats_every_copy_is_carried_out_and_answered() -> None:
    controller = online_controller(DATAGRAM, ControllerSettings(deduplicate_requests=False))
    seen = [ask(controller, sequence) for sequence in (3, 3, 10, 3, 9, 65535, 0, 10)]
    assert [request.tag for request in seen] == [3, 3, 10, 3, 9, 65535, 0, 10]
    assert len({request.request_id for request in seen}) == len(seen)
    assert controller.data_to_send() == []
    for request in seen:
        controller.reply(request, ACK, 0.0)
        assert controller.data_to_send() == [PEER.message(ACK, request.tag)]
    # Not even the answers are remembered.
    assert ask(controller, 3).tag == 3
    assert controller.data_to_send() == []


def test_without_recognising_repeats_each_copy_can_be_answered_in_its_own_way() -> None:
    controller = online_controller(DATAGRAM, ControllerSettings(deduplicate_requests=False))
    first, second = ask(controller, 3), ask(controller, 3)
    controller.reply(second, INFORMATION, 0.0)
    controller.reply(first, ACK, 0.0)
    assert controller.data_to_send() == [PEER.message(INFORMATION, 3), PEER.message(ACK, 3)]
    controller.reply(first, ACK, 0.0)
    assert drain(controller) == [ReplyDropped(first.request_id)]


def test_without_recognising_repeats_the_handshake_still_does() -> None:
    controller = online_controller(DATAGRAM, ControllerSettings(deduplicate_requests=False))
    assert dropped(feed(controller, PEER.request_session(1))) is Fault.UNEXPECTED_PACKET
    assert feed(controller, PEER.proof(2)) == []
    assert controller.data_to_send() == [PEER.echo(2)]
