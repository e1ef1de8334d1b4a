"""The four packets of a client's handshake, on a stream."""

from collections.abc import Callable

import pytest

from omnilink_sansio import (
    DIALECTS,
    ClientConnection,
    ClientSettings,
    ConnectionState,
    ControllerConnection,
    ControllerSettings,
    EndReason,
    Fault,
    Framing,
    HandshakeError,
    LocalProtocolError,
    PacketDropped,
    PacketType,
    ProtocolVersion,
    SessionEnded,
    SessionStarted,
)
from tests.session.peers import (
    EVENT,
    KEY,
    OTHER_SESSION_ID,
    PEER,
    READ,
    SESSION_ID,
    Peer,
    drain,
    feed,
    idle_client,
    online_client,
    requesting_client,
    securing_client,
    sent,
    types_sent,
    wait,
)

BY_FRAMING = pytest.mark.parametrize("framing", Framing)


@BY_FRAMING
def test_the_four_packets_byte_for_byte(framing: Framing) -> None:
    client = idle_client(framing)
    assert client.next_timeout() is None
    client.connect(0.0)
    assert drain(client) == []
    assert client.data_to_send() == [bytes.fromhex("00010100")]
    assert feed(client, bytes.fromhex("000102000001") + SESSION_ID) == []
    (proof,) = client.data_to_send()
    assert proof == PEER.proof(2)
    assert len(proof) == 20
    assert feed(client, PEER.echo(2)) == [SessionStarted()]
    assert client.state is ConnectionState.ONLINE
    assert client.data_to_send() == []


def test_the_session_key_comes_from_key_and_session_id() -> None:
    client = requesting_client()
    feed(client, PEER.offer(session_id=OTHER_SESSION_ID))
    (packet,) = sent(client)
    other = Peer(session_id=OTHER_SESSION_ID)
    assert other.cipher.decrypt(packet.data, packet.sequence) == OTHER_SESSION_ID + bytes(11)


@pytest.mark.parametrize("protocol", ProtocolVersion)
def test_the_handshake_is_the_same_for_both_protocols(protocol: ProtocolVersion) -> None:
    client = ClientConnection(KEY, settings=ClientSettings(dialect=DIALECTS[protocol]))
    client.connect(0.0)
    assert feed(client, PEER.offer() + PEER.echo()) == [SessionStarted()]
    assert client.data_to_send() == [PEER.request_session(1), PEER.proof(2)]


def test_versions_are_accepted_by_list() -> None:
    settings = ClientSettings(accepted_session_versions=frozenset({1, 0x0203}))
    client = requesting_client(settings=settings)
    assert feed(client, PEER.offer(version=0x0203), PEER.echo()) == [SessionStarted()]
    client = requesting_client(settings=settings)
    (ended,) = feed(client, PEER.offer(version=0x0302))
    assert isinstance(ended, SessionEnded)
    assert ended.reason is EndReason.VERSION
    assert "accepted_session_versions" in str(ended.error)
    assert types_sent(client) == [PacketType.CLIENT_SESSION_TERMINATED]


@pytest.mark.parametrize("position", range(5))
def test_every_byte_of_the_echoed_session_id_is_checked(position: int) -> None:
    wrong = bytearray(SESSION_ID)
    wrong[position] ^= 1
    client = securing_client()
    (ended,) = feed(client, PEER.echo(session_id=bytes(wrong)))
    assert isinstance(ended, SessionEnded)
    assert ended.reason is EndReason.SESSION_ID


def test_our_own_proof_sent_back_under_another_number_does_not_get_us_online() -> None:
    client = securing_client()
    # Packet 3 sent back as packet 4, but under another sequence number: it decrypts to something else.
    (ended,) = feed(client, PEER.packet(4, 9, PEER.proof(2)[4:]))
    assert isinstance(ended, SessionEnded)
    assert isinstance(ended.error, HandshakeError)


def test_a_second_offer_on_a_stream_is_dropped_and_does_not_change_the_key() -> None:
    client = securing_client()
    (dropped,) = feed(client, PEER.offer(session_id=OTHER_SESSION_ID))
    assert isinstance(dropped, PacketDropped)
    assert feed(client, PEER.echo()) == [SessionStarted()]


def test_nothing_is_repeated_on_a_stream_and_the_deadline_is_for_the_whole_handshake() -> None:
    client = requesting_client(settings=ClientSettings(handshake_timeout=4.0))
    assert client.next_timeout() == 4.0
    assert feed(client, PEER.offer(), now=3.0) == []
    assert client.next_timeout() == 4.0
    assert types_sent(client) == [PacketType.CLIENT_REQUEST_SECURE_CONNECTION]
    assert wait(client, 3.9) == []
    (ended,) = wait(client, 4.0)
    assert isinstance(ended, SessionEnded)
    assert ended.reason is EndReason.KEY_UNANSWERED
    assert types_sent(client) == [PacketType.CLIENT_SESSION_TERMINATED]


@BY_FRAMING
def test_every_deadline_of_the_handshake_is_on_the_callers_clock(framing: Framing) -> None:
    client = idle_client(framing)
    client.connect(1000.0)
    assert client.next_timeout() == (1010.0 if framing is Framing.STREAM else 1001.0)
    feed(client, PEER.offer(), now=1000.5)
    assert client.next_timeout() == (1010.0 if framing is Framing.STREAM else 1001.5)
    feed(client, PEER.echo(), now=1000.7)
    # The keepalive is the connection's, which knows of no packets: its time runs from the session's beginning.
    assert client.next_timeout() == 1060.7


@BY_FRAMING
@pytest.mark.parametrize("new", [idle_client, requesting_client, securing_client, online_client])
def test_waking_up_early_does_nothing(framing: Framing, new: Callable[[Framing], ClientConnection]) -> None:
    client = new(framing)
    if client.state is ConnectionState.ONLINE:
        client.send(READ, 0.0)
        client.data_to_send()
    due = client.next_timeout()
    client.handle_timeout(0.9)
    assert drain(client) == []
    assert sent(client) == []
    assert client.next_timeout() == due


@BY_FRAMING
def test_online_the_handshakes_packets_are_old_copies(framing: Framing) -> None:
    client = online_client(framing)
    packets = PEER.offer(), PEER.offer(session_id=OTHER_SESSION_ID), PEER.offer(version=2), PEER.echo()
    events = feed(client, *packets, PEER.echo(session_id=OTHER_SESSION_ID))
    assert [type(event) for event in events] == [PacketDropped] * 5
    assert client.state is ConnectionState.ONLINE
    assert sent(client) == []


def test_a_connection_connects_once() -> None:
    client = requesting_client()
    with pytest.raises(LocalProtocolError, match="make a new one"):
        client.connect(0.0)


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_key_has_16_bytes(size: int) -> None:
    with pytest.raises(LocalProtocolError, match="16 bytes"):
        ClientConnection(bytes(size))


def test_a_word_in_place_of_a_member_is_refused_and_does_not_mean_something_else() -> None:
    """As a program without a type checker may write them."""
    with pytest.raises(LocalProtocolError, match="framing is Framing"):
        ClientConnection(KEY, framing="datagram")  # type: ignore[arg-type]
    with pytest.raises(LocalProtocolError, match="framing is Framing"):
        ControllerConnection(KEY, lambda: bytes(5), framing="datagram")  # type: ignore[arg-type]
    for settings in (ClientSettings, ControllerSettings):
        with pytest.raises(LocalProtocolError, match="dialect is a Dialect"):
            settings(dialect="v2")  # type: ignore[arg-type]
    with pytest.raises(LocalProtocolError, match="carry_numbers is a CarryNumbers"):
        ClientSettings(carry_numbers="always")  # type: ignore[arg-type]
    with pytest.raises(LocalProtocolError, match="family is a ControllerFamily"):
        ClientSettings(family="lumina")  # type: ignore[arg-type]


@BY_FRAMING
@pytest.mark.parametrize("new", [requesting_client, securing_client])
def test_closing_in_the_handshake_says_goodbye(
    framing: Framing, new: Callable[[Framing], ClientConnection]
) -> None:
    client = new(framing)
    client.close(0.0)
    assert drain(client) == []
    assert types_sent(client) == [PacketType.CLIENT_SESSION_TERMINATED]
    assert feed(client, PEER.terminated()) == [SessionEnded(EndReason.CLOSED, None)]


@BY_FRAMING
def test_who_was_never_online_hears_nothing_while_closing(framing: Framing) -> None:
    client = securing_client(framing)
    client.close(0.0)
    (dropped,) = feed(client, PEER.message(EVENT))
    assert isinstance(dropped, PacketDropped)
    assert dropped.fault is Fault.UNEXPECTED_PACKET
    # Nor does the proof that comes too late open the session.
    late_proof, still_dropped = feed(client, PEER.echo(), PEER.message(EVENT))
    assert isinstance(late_proof, PacketDropped)
    assert isinstance(still_dropped, PacketDropped)
    assert client.state is ConnectionState.CLOSING
