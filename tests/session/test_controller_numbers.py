"""Sequence numbers at the controller: what is new, a leap, behind or seen before, on streams and as datagrams."""

import pytest

from omnilink_sansio.errors import Fault
from omnilink_sansio.session import (
    ClientConnection,
    ControllerConnection,
    ControllerEvent,
    ControllerSettings,
    PacketDropped,
    ReplyReceived,
    RequestReceived,
    SessionHistory,
    SessionStarted,
)
from omnilink_sansio.session.history import CarryNumbers
from omnilink_sansio.session.sequence import HIGHEST_SEQUENCE
from omnilink_sansio.session.settings import ClientSettings
from omnilink_sansio.testing import VirtualLink
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.packet import Packet
from tests.rows import each_row
from tests.session.peers import ACK, KEY, PEER, SESSION_ID, SET, echo_to, feed, online_controller

STREAM, DATAGRAM = Framing
BY_FRAMING = pytest.mark.parametrize("framing", Framing)
COMMAND = SET.to_message()


def ask(controller: ControllerConnection, sequence: int) -> Fault | None:
    """Return why a request under this number is not carried out, None when it is."""
    (event,) = feed(controller, PEER.message(COMMAND, sequence))
    if isinstance(event, PacketDropped):
        assert event.sequence == sequence
        return event.fault
    assert isinstance(event, RequestReceived)
    assert (event.tag, event.message) == (sequence, COMMAND)
    return None


def after(start: int, steps: int) -> int:
    """Return the number so many steps after another, in the arithmetic of 1 to 65535."""
    return (start - 1 + steps) % HIGHEST_SEQUENCE + 1


AHEAD = {
    1: None,
    2: None,
    1023: None,
    1024: None,
    1025: Fault.SEQUENCE_LEAP,
    1026: Fault.SEQUENCE_LEAP,
    20_000: Fault.SEQUENCE_LEAP,
    32_766: Fault.SEQUENCE_LEAP,
    32_767: Fault.SEQUENCE_LEAP,
    32_768: Fault.STALE_REQUEST,
    32_769: Fault.STALE_REQUEST,
    65_533: Fault.STALE_REQUEST,
    65_534: Fault.STALE_REQUEST,
    65_535: Fault.DUPLICATE_REQUEST,
}
"""What a number so many steps ahead of the newest is; all the way around it is the newest again."""


@each_row("framing", Framing)
@each_row("first", [1, 2, 3, 1000, 32_767, 32_768, 64_511, 64_512, 65_533, 65_534, 65_535])
@each_row(("steps", "fault"), AHEAD.items())
def test_how_far_ahead_a_number_is_decides_wherever_the_session_began(
    framing: Framing, first: int, steps: int, fault: Fault | None
) -> None:
    controller = online_controller(framing)
    assert ask(controller, first) is None
    assert ask(controller, after(first, steps)) is fault
    assert controller.data_to_send() == []
    # What was dropped does not count as the newest.
    newest = first if fault else after(first, steps)
    assert ask(controller, after(newest, 1)) is None


@BY_FRAMING
def test_numbers_go_on_through_the_wrap(framing: Framing) -> None:
    controller = online_controller(framing)
    for number in (65_533, 65_534, 65_535, 1, 2, 3):
        assert ask(controller, number) is None, number
    for number in (65_533, 65_535, 1, 3):
        assert ask(controller, number) is Fault.DUPLICATE_REQUEST, number
    assert ask(controller, 65_532) is Fault.STALE_REQUEST


@BY_FRAMING
def test_a_client_may_go_from_65534_to_1(framing: Framing) -> None:
    """Some clients count modulo 65,535, and so never use that number."""
    controller = online_controller(framing)
    for number in (65_533, 65_534, 1, 2):
        assert ask(controller, number) is None, number
    assert ask(controller, 65_535) is Fault.STALE_REQUEST
    assert ask(controller, 65_534) is Fault.DUPLICATE_REQUEST


@BY_FRAMING
def test_an_old_number_is_not_carried_out_again_after_33000_requests(framing: Framing) -> None:
    controller = online_controller(framing)
    number = 3
    for _ in range(33_000):
        (request,) = feed(controller, PEER.message(COMMAND, number))
        assert isinstance(request, RequestReceived)
        controller.reply(request, ACK, 0.0)
        number += 1
    controller.data_to_send()
    # Seen from there the first number of the session is further ahead than behind.
    assert ask(controller, 3) in (Fault.SEQUENCE_LEAP, Fault.STALE_REQUEST)
    assert controller.data_to_send() == []
    assert ask(controller, number) is None


def test_the_same_packet_three_times_in_one_stream_is_carried_out_once_and_not_answered_again() -> None:
    controller = online_controller()
    first, second, third = feed(controller, PEER.message(COMMAND, 3) * 3)
    assert isinstance(first, RequestReceived)
    for copy in (second, third):
        assert isinstance(copy, PacketDropped)
        assert (copy.fault, copy.sequence) == (Fault.DUPLICATE_REQUEST, 3)
    controller.reply(first, ACK, 0.0)
    assert controller.data_to_send() == [PEER.message(ACK, 3)]
    # Not when it has its answer either.
    assert ask(controller, 3) is Fault.DUPLICATE_REQUEST
    assert controller.data_to_send() == []


def test_on_a_stream_a_panel_that_does_not_recognise_repeats_of_datagrams_carries_none_out_twice_either() -> (
    None
):
    controller = online_controller(settings=ControllerSettings(deduplicate_requests=False))
    assert ask(controller, 3) is None
    assert ask(controller, 3) is Fault.DUPLICATE_REQUEST


def test_a_leap_is_dropped_by_a_panel_that_does_not_recognise_repeats_too() -> None:
    controller = online_controller(DATAGRAM, ControllerSettings(deduplicate_requests=False))
    assert ask(controller, 3) is None
    assert ask(controller, 3) is None
    assert ask(controller, 3 + 1025) is Fault.SEQUENCE_LEAP


@BY_FRAMING
def test_what_has_no_number_is_always_carried_out_and_sets_no_start(framing: Framing) -> None:
    controller = online_controller(framing)
    assert [ask(controller, 0) for _ in range(3)] == [None] * 3
    assert ask(controller, 40_000) is None
    assert ask(controller, 0) is None
    assert ask(controller, 40_001) is None


@BY_FRAMING
def test_a_damaged_request_sets_no_start_and_uses_no_number_up(framing: Framing) -> None:
    controller = online_controller(framing)
    (damaged,) = feed(controller, PEER.damaged(COMMAND, 40_000))
    assert isinstance(damaged, PacketDropped)
    assert damaged.fault is Fault.BAD_CRC
    assert ask(controller, 3) is None
    feed(controller, PEER.damaged(COMMAND, 4))
    assert ask(controller, 4) is None


@BY_FRAMING
def test_a_pair_whose_numbers_pass_the_wrap_in_mid_session_loses_nothing(framing: Framing) -> None:
    """The client carries its numbers on from an earlier session, up to 65,535 and on from 1."""
    client = ClientConnection(
        KEY,
        framing=framing,
        settings=ClientSettings(carry_numbers=CarryNumbers.ALWAYS),
        history=SessionHistory(last_number=65_530),
    )
    controller = ControllerConnection(KEY, lambda: SESSION_ID, framing=framing)

    def answer(event: ControllerEvent, now: float) -> None:
        if isinstance(event, RequestReceived):
            controller.reply(event, echo_to(event.message), now)

    link = VirtualLink(client, controller, controller_owner=answer)
    client.connect(link.now)
    link.run_until_quiet()
    for _ in range(10):
        client.send(SET, link.now)
        link.run_until_quiet()
    assert [type(event) for event in link.client_events] == [SessionStarted] + [ReplyReceived] * 10
    numbers = [Packet.decode(packet).sequence for packet in link.client_sent]
    assert numbers == [*range(65_531, 65_536), *range(1, 8)]
    assert not any(isinstance(event, PacketDropped) for event in link.controller_events)
