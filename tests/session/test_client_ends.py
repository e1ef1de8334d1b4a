"""Everything that a controller can do wrong to a client, and the typed end, or the drop, that follows."""

from collections.abc import Callable
from typing import NamedTuple

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
    HandshakeError,
    InvalidEncryptionKeyError,
    Message,
    NotificationReceived,
    OmniConnectionError,
    OmniLinkError,
    OutcomeUnknownError,
    PacketDropped,
    PacketType,
    RemoteProtocolError,
    ReplyReceived,
    Request,
    RequestFailed,
    SessionEnded,
    SessionRefusedError,
    SessionStarted,
    Tolerance,
)
from omnilink_sansio.session.end_reasons import END_REASONS, cannot_open
from omnilink_sansio.wire.packet import PACKET_LAYOUTS
from tests.rows import each_row
from tests.session.peers import (
    EVENT,
    INFORMATION,
    KEY,
    MOMENTARY,
    OTHER_KEY,
    OTHER_SESSION_ID,
    PEER,
    READ,
    SESSION_ID,
    SET,
    UNKNOWN_TYPE,
    Peer,
    closing_client,
    drain,
    eof,
    feed,
    idle_client,
    online_client,
    requesting_client,
    securing_client,
    sent,
    types_sent,
    wait,
)

STREAM, DATAGRAM = Framing
GOODBYE = [PacketType.CLIENT_SESSION_TERMINATED]
REFUSAL = PEER.packet(PacketType.CONTROLLER_CANNOT_START_NEW_SESSION, 1)
UNKNOWN = PEER.packet(UNKNOWN_TYPE, 7)
TOLERANT = ClientSettings(tolerances=frozenset({Tolerance.RAW_WORDS}))

New = Callable[[Framing], ClientConnection]
Happen = Callable[[ClientConnection], list[ClientEvent]]


def bytes_in(*data: bytes) -> Happen:
    return lambda client: feed(client, *data)


class End(NamedTuple):
    """A state, what happens in it, and how it ends."""

    new: New
    happen: Happen
    reason: EndReason
    error: type[OmniLinkError] | None
    framings: tuple[Framing, ...] = (STREAM, DATAGRAM)
    repeats: int = 0
    """How often the goodbye of an owner's close is sent again meanwhile, as a datagram."""


def timed_out(client: ClientConnection) -> list[ClientEvent]:
    return wait(client, 10.0)


def left_incomplete(client: ClientConnection) -> list[ClientEvent]:
    events: list[ClientEvent] = feed(client, PEER.offer()[:5])
    assert events == []
    return wait(client, 10.0)


def closed(client: ClientConnection) -> list[ClientEvent]:
    client.close(0.0)
    return drain(client)


def keyless_client(framing: Framing) -> ClientConnection:
    client = ClientConnection(None, framing=framing)
    client.connect(0.0)
    assert types_sent(client) == [PacketType.CLIENT_REQUEST_NEW_SESSION]
    return client


ENDS = {
    # Without a key.
    "offered without a key": End(
        keyless_client, bytes_in(PEER.offer()), EndReason.OFFERED, OmniConnectionError
    ),
    # Before packet 2.
    "refused": End(requesting_client, bytes_in(REFUSAL), EndReason.REFUSED, SessionRefusedError),
    "other version": End(
        requesting_client, bytes_in(PEER.offer(version=2)), EndReason.VERSION, HandshakeError, (STREAM,)
    ),
    "nothing but another version": End(
        requesting_client,
        lambda client: [*feed(client, PEER.offer(version=2)), *wait(client, 10.0)],
        EndReason.VERSION,
        HandshakeError,
        (DATAGRAM,),
    ),
    "terminated early": End(
        requesting_client,
        bytes_in(PEER.terminated(1)),
        EndReason.HANDSHAKE_TERMINATED,
        HandshakeError,
        (STREAM,),
    ),
    "packet 4 for packet 1": End(
        requesting_client, bytes_in(PEER.echo(1)), EndReason.SESSION_ID, HandshakeError, (STREAM,)
    ),
    "unknown type before packet 2": End(
        requesting_client, bytes_in(UNKNOWN), EndReason.HANDSHAKE_FAULT, HandshakeError, (STREAM,)
    ),
    "message before packet 2": End(
        requesting_client, bytes_in(PEER.message(EVENT)), EndReason.HANDSHAKE_FAULT, HandshakeError, (STREAM,)
    ),
    "web server": End(
        requesting_client,
        bytes_in(b"HTTP/1.1 400 Bad Request\r\n"),
        EndReason.HANDSHAKE_FAULT,
        HandshakeError,
        (STREAM,),
    ),
    "stream ends before packet 2": End(
        requesting_client, eof, EndReason.HANDSHAKE_LOST, HandshakeError, (STREAM,)
    ),
    "datagrams refused": End(requesting_client, eof, EndReason.PORT_CLOSED, OmniConnectionError, (DATAGRAM,)),
    "silence before packet 2": End(requesting_client, timed_out, EndReason.HANDSHAKE_TIMEOUT, HandshakeError),
    # Before packet 4.
    "wrong key": End(
        securing_client, bytes_in(PEER.terminated(2)), EndReason.WRONG_KEY, InvalidEncryptionKeyError
    ),
    "wrong session ID echoed": End(
        securing_client,
        bytes_in(PEER.echo(session_id=OTHER_SESSION_ID)),
        EndReason.SESSION_ID,
        HandshakeError,
        (STREAM,),
    ),
    "echo by one who does not know the key": End(
        securing_client,
        bytes_in(Peer(OTHER_KEY).echo()),
        EndReason.SESSION_ID,
        HandshakeError,
        (STREAM,),
    ),
    "unknown type before packet 4": End(
        securing_client, bytes_in(UNKNOWN), EndReason.HANDSHAKE_FAULT, HandshakeError, (STREAM,)
    ),
    "message without start character before packet 4": End(
        securing_client,
        bytes_in(PEER.encrypted(b"?", 0)),
        EndReason.HANDSHAKE_FAULT,
        HandshakeError,
        (STREAM,),
    ),
    "stream ends before packet 4": End(securing_client, eof, EndReason.HANDSHAKE_LOST, HandshakeError),
    "silence before packet 4": End(securing_client, timed_out, EndReason.KEY_UNANSWERED, HandshakeError),
    # Online.
    "terminated": End(
        online_client, bytes_in(PEER.terminated(40000)), EndReason.TERMINATED, OmniConnectionError
    ),
    "stream ends": End(online_client, eof, EndReason.LOST, OmniConnectionError),
    "unknown type": End(online_client, bytes_in(UNKNOWN), EndReason.FAULT, OmniConnectionError, (STREAM,)),
    "no start character": End(
        online_client,
        bytes_in(PEER.encrypted(b"\x00\x05?????", 3)),
        EndReason.FAULT,
        OmniConnectionError,
        (STREAM,),
    ),
    "no start character in clear": End(
        online_client,
        bytes_in(PEER.packet(PacketType.OMNI_LINK_II_UNENCRYPTED_MESSAGE, 0, b"????")),
        EndReason.FAULT,
        OmniConnectionError,
        (STREAM,),
    ),
    "packet left incomplete": End(
        online_client, left_incomplete, EndReason.FAULT, OmniConnectionError, (STREAM,)
    ),
    "silence": End(online_client, lambda client: wait(client, 70.0), EndReason.SILENT, OmniConnectionError),
    # Closing: however it ends, it ends as asked.
    "answered goodbye": End(closing_client, bytes_in(PEER.terminated(3)), EndReason.CLOSED, None),
    "goodbye and end of stream": End(closing_client, eof, EndReason.CLOSED, None),
    "goodbye and refusal": End(closing_client, bytes_in(REFUSAL), EndReason.CLOSED, None),
    "goodbye and nonsense": End(closing_client, bytes_in(UNKNOWN), EndReason.CLOSED, None, (STREAM,)),
    "goodbye unanswered": End(
        closing_client, lambda client: wait(client, 1.0), EndReason.CLOSED, None, repeats=3
    ),
    # Never connected.
    "closed unconnected": End(idle_client, closed, EndReason.CLOSED, None),
    "stream ends unconnected": End(idle_client, eof, EndReason.HANDSHAKE_LOST, HandshakeError),
}

CASES = {f"{name}, {framing.value}": (end, framing) for name, end in ENDS.items() for framing in end.framings}
EVERY_END = each_row(("end", "framing"), CASES.values(), ids=CASES)


def repeats_of(end: End, framing: Framing) -> int:
    return end.repeats if framing is DATAGRAM else 0


@EVERY_END
def test_an_end_has_its_reason_its_error_and_its_goodbye(end: End, framing: Framing) -> None:
    client = end.new(framing)
    *before, last = end.happen(client)
    assert isinstance(last, SessionEnded)
    assert not any(isinstance(event, SessionEnded) for event in before)
    assert last.reason is end.reason
    assert last.error is None or last.error.end is end.reason
    assert (type(last.error) if last.error else None) is end.error
    assert client.state is ConnectionState.CLOSED
    assert client.next_timeout() is None
    goodbyes = [kind for kind in types_sent(client) if kind == PacketType.CLIENT_SESSION_TERMINATED]
    assert goodbyes == (GOODBYE if end.reason in GOODBYES else GOODBYE * repeats_of(end, framing))
    # A dead connection stays dead.
    assert feed(client, PEER.offer(), PEER.echo(), PEER.message(EVENT)) == []
    assert eof(client) == []
    assert sent(client) == []


def test_every_reason_has_a_case_here() -> None:
    assert {end.reason for end in ENDS.values()} == set(END_REASONS)


def test_the_other_ends_are_those_of_transports_that_cannot_be_opened() -> None:
    refused, other = cannot_open("there", ConnectionRefusedError("no")), cannot_open("there", OSError("lost"))
    assert refused.end is EndReason.PORT_CLOSED
    assert set(EndReason) - set(END_REASONS) == {other.end}
    assert str(refused).startswith("cannot connect to there (no): check the port, ")
    assert str(other) == "cannot connect to there (lost): check address, power and network"
    assert isinstance(refused.__cause__, ConnectionRefusedError)


GOODBYES = {
    EndReason.OFFERED,
    EndReason.SILENT,
    EndReason.FAULT,
    EndReason.VERSION,
    EndReason.SESSION_ID,
    EndReason.HANDSHAKE_TIMEOUT,
    EndReason.KEY_UNANSWERED,
    EndReason.HANDSHAKE_FAULT,
}
"""The ends after which the controller may still hold a slot for us; an owner's close has its packet 5 before."""

ADVICE = {
    EndReason.PORT_CLOSED: "check the port",
    EndReason.OFFERED: "give the key",
    EndReason.TERMINATED: "connect again",
    EndReason.LOST: "connect again",
    EndReason.SILENT: "check power and network",
    EndReason.FAULT: "connect again",
    EndReason.REFUSED: "wait until a slot is free, then try again",
    EndReason.WRONG_KEY: "wrong controller key?",
    EndReason.VERSION: "add it to accepted_session_versions",
    EndReason.SESSION_ID: "do not trust it",
    EndReason.HANDSHAKE_TERMINATED: "try again",
    EndReason.HANDSHAKE_LOST: "check address and port, try again later",
    EndReason.HANDSHAKE_TIMEOUT: "check address, port and network",
    EndReason.KEY_UNANSWERED: "check the controller key",
    EndReason.HANDSHAKE_FAULT: "check address and port",
}
"""What each error tells its reader to do."""


@EVERY_END
def test_packet_5_is_sent_where_the_controller_may_still_hold_a_slot(end: End, framing: Framing) -> None:
    client = end.new(framing)
    end.happen(client)
    says_goodbye = end.reason in GOODBYES or repeats_of(end, framing) > 0
    assert (PacketType.CLIENT_SESSION_TERMINATED in types_sent(client)) == says_goodbye


@EVERY_END
def test_the_errors_say_what_to_do(end: End, framing: Framing) -> None:
    last = end.happen(end.new(framing))[-1]
    assert isinstance(last, SessionEnded)
    assert (last.error is None) == (end.reason not in ADVICE)
    if last.error is not None:
        assert ADVICE[end.reason] in str(last.error)


def test_the_errors_never_hold_the_key() -> None:
    for end in ENDS.values():
        last = end.happen(client := end.new(STREAM if STREAM in end.framings else DATAGRAM))[-1]
        assert isinstance(last, SessionEnded)
        text = f"{last!r} {last.error} {client!r}"
        for secret in (KEY, SESSION_ID):
            assert secret.hex() not in text
            assert repr(secret)[2:-1] not in text


def test_the_packet_that_says_goodbye_goes_last_and_has_the_next_sequence_number() -> None:
    client = online_client()
    client.send(READ, 0.0)
    feed(client, UNKNOWN)
    assert [(packet.type, packet.sequence) for packet in sent(client)] == [
        (PacketType.OMNI_LINK_II_MESSAGE, 3),
        (PacketType.CLIENT_SESSION_TERMINATED, 4),
    ]


@pytest.mark.parametrize("new", [requesting_client, securing_client, online_client])
def test_a_fault_is_blamed_by_name_and_place(new: New) -> None:
    (ended,) = feed(new(STREAM), UNKNOWN)
    assert isinstance(ended, SessionEnded)
    assert ended.error is not None
    assert isinstance(ended.error.__cause__, RemoteProtocolError)
    assert ended.error.__cause__.fault is Fault.UNKNOWN_PACKET_TYPE
    assert ended.error.__cause__.offset == 2
    assert str(UNKNOWN_TYPE) in str(ended.error)


@each_row("packet_type", sorted(set(range(256)) - set(PACKET_LAYOUTS)))
def test_an_unknown_packet_type_ends_a_stream_with_its_header_and_is_dropped_as_a_datagram(
    packet_type: int,
) -> None:
    header = PEER.packet(packet_type, 9)
    client = online_client(STREAM)
    assert feed(client, header[:3]) == []
    (ended,) = feed(client, header[3:])
    assert isinstance(ended, SessionEnded)
    client = online_client(DATAGRAM)
    (dropped,) = feed(client, header + b"anything")
    assert isinstance(dropped, PacketDropped)
    assert (dropped.fault, dropped.packet_type, dropped.sequence) == (
        Fault.UNKNOWN_PACKET_TYPE,
        packet_type,
        9,
    )
    assert client.state is ConnectionState.ONLINE


def test_good_events_before_a_fault_are_delivered_before_it() -> None:
    client = online_client()
    first, second = client.send(READ, 0.0), client.send(READ, 0.0)
    events = feed(client, PEER.message(INFORMATION, 3) + PEER.message(EVENT) + UNKNOWN)
    assert events[:2] == [ReplyReceived(first, INFORMATION), NotificationReceived(EVENT)]
    failed, ended = events[2:]
    assert isinstance(failed, RequestFailed)
    assert failed.request_id == second
    assert isinstance(ended, SessionEnded)


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("request_", [READ, SET, MOMENTARY], ids=["read", "set", "momentary"])
def test_requests_that_are_open_at_an_end_fail_each_in_its_way(
    request_: Request[object], framing: Framing
) -> None:
    client = online_client(framing)
    in_flight, queued = client.send(request_, 0.0), client.send(request_, 0.0)
    lost, unsent, ended = feed(client, PEER.terminated())
    assert isinstance(lost, RequestFailed)
    assert isinstance(unsent, RequestFailed)
    assert isinstance(ended, SessionEnded)
    assert (lost.request_id, unsent.request_id) == (in_flight, queued)
    expected = OmniConnectionError if request_.effect is Effect.READ else OutcomeUnknownError
    assert type(lost.error) is expected
    assert type(unsent.error) is OmniConnectionError
    assert "not sent" in str(unsent.error)
    # Each leads back to the error that ended the session.
    lost_by = lost.error if request_.effect is Effect.READ else lost.error.__cause__
    assert lost_by is not None
    assert lost_by.__cause__ is unsent.error.__cause__ is ended.error


@pytest.mark.parametrize("framing", Framing)
def test_a_reserved_byte_that_is_not_zero_is_ignored(framing: Framing) -> None:
    client = requesting_client(framing)
    offer, echo, event = PEER.offer(), PEER.echo(), PEER.message(EVENT, 0, reserved=0xFF)
    packets = [packet[:3] + b"\xff" + packet[4:] for packet in (offer, echo)]
    assert feed(client, *packets, event) == [SessionStarted(), NotificationReceived(EVENT)]


@pytest.mark.parametrize("framing", Framing)
def test_unsolicited_messages_before_online_are_dropped(framing: Framing) -> None:
    client = securing_client(framing)
    events = feed(client, PEER.message(EVENT), PEER.echo(), PEER.message(EVENT))
    assert isinstance(events[0], PacketDropped)
    assert events[0].fault is Fault.UNEXPECTED_PACKET
    assert events[1:] == [SessionStarted(), NotificationReceived(EVENT)]


@pytest.mark.parametrize("framing", Framing)
def test_a_block_without_start_character_is_dropped_alone_by_who_tolerates_it(framing: Framing) -> None:
    client = online_client(framing, TOLERANT)
    request_id = client.send(READ, 0.0)
    raw = PEER.encrypted(b"\x01\x02phone".ljust(16, b"\0"), 0)
    events = feed(client, raw + PEER.message(INFORMATION, 3) if framing is STREAM else raw)
    if framing is DATAGRAM:
        events += feed(client, PEER.message(INFORMATION, 3))
    dropped, reply = events
    assert isinstance(dropped, PacketDropped)
    assert dropped.fault is Fault.BAD_START_CHARACTER
    assert reply == ReplyReceived(request_id, INFORMATION)


def test_a_datagram_without_start_character_is_dropped_by_everyone() -> None:
    client = online_client(DATAGRAM)
    (dropped,) = feed(client, PEER.encrypted(b"?" * 16, 0))
    assert isinstance(dropped, PacketDropped)
    assert dropped.fault is Fault.BAD_START_CHARACTER
    assert client.state is ConnectionState.ONLINE


@pytest.mark.parametrize("framing", Framing)
def test_a_bad_crc_is_dropped_with_an_event_and_never_answered(framing: Framing) -> None:
    client = online_client(framing)
    (dropped,) = feed(client, PEER.damaged(EVENT, 0))
    assert isinstance(dropped, PacketDropped)
    assert (dropped.fault, dropped.packet_type, dropped.sequence) == (Fault.BAD_CRC, 32, 0)
    assert sent(client) == []
    assert client.state is ConnectionState.ONLINE
    assert feed(client, PEER.message(EVENT)) == [NotificationReceived(EVENT)]


def too_long() -> bytes:
    """Return one block whose message claims to go on beyond it."""
    return PEER.encrypted(Message(0x37, bytes(40)).encode()[:16], 0)


def test_a_length_beyond_its_datagram_is_dropped() -> None:
    client = online_client(DATAGRAM)
    (dropped,) = feed(client, too_long())
    assert isinstance(dropped, PacketDropped)
    assert dropped.fault is Fault.BAD_PACKET_LENGTH
    assert client.state is ConnectionState.ONLINE


def test_a_length_beyond_what_comes_on_a_stream_ends_it_after_10_seconds() -> None:
    client = online_client(STREAM)
    assert feed(client, too_long(), now=3.0) == []
    assert client.next_timeout() == 13.0
    client.handle_timeout(12.9)
    assert drain(client) == []
    (ended,) = wait(client, 13.0)
    assert isinstance(ended, SessionEnded)
    assert ended.reason is EndReason.FAULT
    assert "incomplete" in str(ended.error)
    assert types_sent(client) == GOODBYE


@pytest.mark.parametrize("framing", Framing)
def test_a_length_of_nothing_is_dropped(framing: Framing) -> None:
    client = online_client(framing)
    (dropped,) = feed(client, PEER.encrypted(b"\x21\x00\x00\x00", 0))
    assert isinstance(dropped, PacketDropped)
    assert dropped.fault is Fault.BAD_MESSAGE_LENGTH


def test_the_10_seconds_run_from_the_piece_that_the_packet_began_in() -> None:
    client = online_client(STREAM)
    packet = PEER.message(INFORMATION)
    feed(client, packet[:3], now=1.0)
    for second in range(2, 11):
        # A byte now and then does not help: it is no packet.
        feed(client, packet[second + 1 : second + 2], now=float(second))
        assert client.next_timeout() == 11.0
    (ended,) = wait(client, 11.0)
    assert isinstance(ended, SessionEnded)


def test_whole_packets_start_the_10_seconds_anew() -> None:
    client = online_client(STREAM)
    packet = PEER.message(EVENT)
    feed(client, packet[:-1], now=1.0)
    assert feed(client, packet[-1:] + packet[:1], now=9.0) == [NotificationReceived(EVENT)]
    assert client.next_timeout() == 19.0
    assert feed(client, packet[1:], now=18.0) == [NotificationReceived(EVENT)]
    assert client.next_timeout() == 60.0


@each_row("framing", Framing)
@each_row(
    "packet_type",
    [
        PacketType.NO_MESSAGE,
        PacketType.CLIENT_REQUEST_NEW_SESSION,
        PacketType.CLIENT_SESSION_TERMINATED,
        PacketType.OMNI_LINK_MESSAGE,
        PacketType.OMNI_LINK_UNENCRYPTED_MESSAGE,
        PacketType.OMNI_LINK_II_UNENCRYPTED_MESSAGE,
    ],
)
def test_packets_that_controllers_do_not_send_are_dropped(packet_type: PacketType, framing: Framing) -> None:
    client = online_client(framing)
    match packet_type:
        case PacketType.OMNI_LINK_MESSAGE:
            packet = PEER.encrypted(EVENT.encode(), 0, packet_type)
        case PacketType.OMNI_LINK_UNENCRYPTED_MESSAGE | PacketType.OMNI_LINK_II_UNENCRYPTED_MESSAGE:
            packet = PEER.packet(packet_type, 0, EVENT.encode())
        case _:
            packet = PEER.packet(packet_type)
    dropped, heard = feed(client, packet, PEER.message(EVENT))
    assert isinstance(dropped, PacketDropped)
    assert dropped.fault is Fault.UNEXPECTED_PACKET
    assert heard == NotificationReceived(EVENT)
