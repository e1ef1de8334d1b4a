"""Many packets in one read, one byte at a time, and floods: memory stays bounded, the reply is still found."""

import tracemalloc
from collections.abc import Callable

import pytest

from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ControllerConnection,
    ControllerSettings,
    Framing,
    Message,
    NotificationReceived,
    PacketDropped,
    ReplyReceived,
    RequestFailed,
    RequestReceived,
    SessionStarted,
)
from omnilink_sansio.wire.message import LONGEST_DATA
from omnilink_sansio.wire.packet import LONGEST_PACKET
from tests.session.peers import (
    ACK,
    EVENT,
    INFORMATION,
    PEER,
    READ,
    controller_link,
    drain,
    feed,
    online_client,
    online_controller,
    requesting_client,
    secure_link,
    wait,
)

LONGEST = Message(0x3B, bytes(LONGEST_DATA))
FLOOD = 20_000


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize(
    "packet",
    [PEER.message(LONGEST), PEER.damaged(LONGEST, 0), PEER.message(ACK, 999), PEER.packet(0), PEER.offer()],
    ids=["notifications", "damaged", "replies to nobody", "empty packets", "old handshakes"],
)
def test_a_flood_while_a_request_waits_leaves_nothing_behind(packet: bytes, framing: Framing) -> None:
    client = online_client(framing)
    request_id = client.send(READ, 0.0)
    client.data_to_send()

    def flood(packets: int) -> None:
        for _ in range(packets):
            client.receive_data(packet, 0.0)
            event = client.next_event()
            assert isinstance(event, NotificationReceived | PacketDropped)
            assert client.next_event() is None
            assert secure_link(client)._framer.pending == 0
            assert client.data_to_send() == []

    flood(50)
    tracemalloc.start()
    try:
        flood(FLOOD // 20)
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 20_000
    assert client.next_timeout() == (1.5 if framing is Framing.DATAGRAM else 5.0)
    assert feed(client, PEER.message(INFORMATION, 3)) == [ReplyReceived(request_id, INFORMATION)]


@pytest.mark.parametrize("framing", Framing)
def test_requests_that_nobody_answers_leave_little_behind(framing: Framing) -> None:
    client = online_client(framing, ClientSettings(keepalive=0))
    for number in range(1000):
        request_id = client.send(READ, 5.0 * number)
        (failed,) = wait(client, 5.0 * (number + 1))
        assert isinstance(failed, RequestFailed)
        assert failed.request_id == request_id
        client.data_to_send()
    engine = client._requests
    assert (len(engine._in_flight), len(engine._queue), len(engine._ended)) == (0, 0, 32)


@pytest.mark.parametrize("framing", Framing)
def test_requests_that_the_owner_never_answers_are_forgotten(framing: Framing) -> None:
    controller = online_controller(framing)
    for number in range(3, 1003):
        (request,) = feed(controller, PEER.message(READ.to_message(), number))
        assert isinstance(request, RequestReceived)
    settings = ControllerSettings()
    assert len(controller._unanswered) == settings.max_unanswered
    assert len(controller_link(controller)._memory._answers) == settings.remembered_requests


def test_a_flood_in_one_read_delays_the_reply_but_does_not_hide_it() -> None:
    client = online_client()
    request_id = client.send(READ, 0.0)
    events = feed(client, PEER.message(EVENT) * FLOOD + PEER.message(INFORMATION, 3))
    assert len(events) == FLOOD + 1
    assert events[-1] == ReplyReceived(request_id, INFORMATION)


def test_a_flood_does_not_put_the_requests_deadline_off() -> None:
    client = online_client()
    client.send(READ, 0.0)
    for tenth in range(1, 50):
        feed(client, PEER.message(EVENT), now=tenth / 10)
        assert client.next_timeout() == 5.0
    assert len(wait(client, 5.0)) == 1


@pytest.mark.parametrize("framing", Framing)
def test_ten_packets_at_once(framing: Framing) -> None:
    client = online_client(framing)
    ids = [client.send(READ, 0.0)]
    packets = [PEER.message(EVENT)] * 4 + [PEER.message(INFORMATION, 3)] + [PEER.message(EVENT)] * 5
    if framing is Framing.STREAM:
        client.receive_data(b"".join(packets), 0.0)
    else:
        for packet in packets:
            client.receive_data(packet, 0.0)
    expected: list[ClientEvent] = [NotificationReceived(EVENT)] * 4
    expected += [ReplyReceived(ids[0], INFORMATION)]
    assert drain(client) == expected + [NotificationReceived(EVENT)] * 5


def test_ten_requests_in_one_read() -> None:
    controller = online_controller()
    events = feed(controller, b"".join(PEER.message(READ.to_message(), number) for number in range(3, 13)))
    assert [event.tag for event in events if isinstance(event, RequestReceived)] == list(range(3, 13))
    for event in events:
        assert isinstance(event, RequestReceived)
        controller.reply(event, ACK, 0.0)
    assert controller.data_to_send() == [PEER.message(ACK, number) for number in range(3, 13)]


def test_one_byte_at_a_time() -> None:
    client = requesting_client()
    stream = PEER.offer() + PEER.echo() + PEER.message(EVENT) + PEER.message(LONGEST)
    events = feed(client, *(bytes((byte,)) for byte in stream))
    assert events == [SessionStarted(), NotificationReceived(EVENT), NotificationReceived(LONGEST)]


@pytest.mark.parametrize("new", [online_client, online_controller])
def test_no_unfinished_packet_holds_more_than_the_longest_one(
    new: Callable[[], ClientConnection | ControllerConnection],
) -> None:
    connection = new()
    packet = PEER.message(LONGEST)
    most = 0
    for byte in packet * 3:
        connection.receive_data(bytes((byte,)), 0.0)
        while connection.next_event() is not None:
            pass
        most = max(most, secure_link(connection)._framer.pending)
    assert most == len(packet) - 1 < LONGEST_PACKET
