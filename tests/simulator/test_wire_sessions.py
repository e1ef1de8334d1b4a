"""Packets and sessions as a client that knows only the vendor's description sees them, byte by byte."""

import ast
import json
from pathlib import Path

import pytest

from omnilink_sansio import ControllerSettings, Framing
from tests.rows import each_row
from tests.simulator import plain_client
from tests.simulator.driver import KEY
from tests.simulator.plain_client import NothingCameError, PlainClient, decrypt, encrypt, framed, session_key
from tests.simulator.wire import ACK, END, NAK, Wire
from tests.vectors import DERIVED_ENCRYPTED_PACKETS, PACKETS, SPEC_CRC, PacketVector

STREAM, DATAGRAM = Framing.STREAM, Framing.DATAGRAM
BOTH = pytest.mark.parametrize("framing", [STREAM, DATAGRAM], ids=["stream", "datagrams"])


def hears_nothing(client: PlainClient) -> None:
    with pytest.raises(NothingCameError):
        client.receive()


# The client itself.


def test_the_client_takes_nothing_from_the_library() -> None:
    tree = ast.parse(Path(plain_client.__file__).read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} == {"collections", "typing", "cryptography"}


@each_row("row", [row for row in SPEC_CRC if row["hex"].startswith("21")], ids=lambda r: r["name"])
def test_the_client_frames_what_the_vendor_prints(row: dict[str, str]) -> None:
    message = bytes.fromhex(row["hex"])
    assert framed(message[2:-2]) == message


def test_the_client_encrypts_as_the_vectors_say() -> None:
    for derived in DERIVED_ENCRYPTED_PACKETS:
        key, sequence = bytes.fromhex(derived["session_key"]), derived["sequence"]
        data = bytes.fromhex(derived["packet"])[4:]
        assert encrypt(bytes.fromhex(derived["plaintext"]), sequence, key) == data
    encrypted: list[PacketVector] = [row for row in PACKETS if row["encrypted"]]
    assert encrypted
    for row in encrypted:
        private, session_id = bytes.fromhex(row["controller_key"]), bytes.fromhex(row["session_id"])
        key = session_key(private, session_id)
        assert key.hex() == row["session_key"]
        plain, data = bytes.fromhex(row["plaintext_hex"]), bytes.fromhex(row["packet_hex"])[4:]
        assert encrypt(plain, row["seq"], key) == data
        assert decrypt(data, row["seq"], key)[: len(plain)] == plain


# Beginning.


@BOTH
def test_the_handshake_byte_by_byte(framing: Framing) -> None:
    wire = Wire(framing=framing)
    client = wire.client()
    assert client.begin().raw.hex(" ") == "00 01 02 00 00 01 a1 b2 c3 d4 01"
    key = KEY[:11] + bytes((0x0B ^ 0xA1, 0x0C ^ 0xB2, 0x0D ^ 0xC3, 0x0E ^ 0xD4, 0x0F ^ 0x01))
    proof = encrypt(b"\xa1\xb2\xc3\xd4\1", 2, key)
    assert client.secure().raw == b"\0\2\4\0" + proof
    assert len(proof) == 16
    hears_nothing(client)


@BOTH
def test_a_wrong_proof_is_answered_by_6_and_ends_the_session(framing: Framing) -> None:
    wire = Wire(framing=framing)
    client = wire.client(key=bytes(16))
    assert client.begin().type == 2
    assert client.secure().raw == b"\0\2\6\0"
    hears_nothing(client)
    assert wire.panel.session_count == 0
    # The place is free again, for this client, too.
    assert wire.online("two").ask("18")[0] == 0x19


@BOTH
def test_packet_3_without_a_session_is_answered_by_6(framing: Framing) -> None:
    client = Wire(framing=framing).client()
    client.send(3, bytes(5))
    assert client.receive().raw == b"\0\1\6\0"
    hears_nothing(client)


@BOTH
def test_the_client_beyond_the_limit_gets_7_and_nothing_else(framing: Framing) -> None:
    wire = Wire(framing=framing, settings=ControllerSettings(max_sessions=1, idle_timeout=0))
    first, second = wire.online("one"), wire.client("two")
    assert second.begin().raw == b"\0\1\7\0"
    hears_nothing(second)
    assert first.ask("16")[0] == 0x17
    assert first.end().type == 6
    assert wire.online("three").ask("16")[0] == 0x17


@BOTH
def test_a_second_packet_1_replaces_the_session_without_a_word(framing: Framing) -> None:
    wire = Wire(framing=framing)
    client = wire.online()
    client.ask("15 01")
    old_key = session_key(KEY, client.session_id)
    # One packet 2, and no packet 6 before it or after it.
    assert client.begin().raw == b"\0\4\2\0\0\1\xa1\xb2\xc3\xd4\2"
    hears_nothing(client)
    assert client.secure().type == 4
    assert session_key(KEY, client.session_id) != old_key
    assert client.ask("16")[0] == 0x17
    assert wire.panel.session_count == 1
    # The new session has not asked for notifications.
    wire.happens("open zone 1")
    hears_nothing(client)


def test_a_second_packet_1_before_the_proof_begins_anew_too() -> None:
    wire = Wire()
    client = wire.client()
    assert client.begin().data == b"\0\1\xa1\xb2\xc3\xd4\1"
    assert client.begin().data == b"\0\1\xa1\xb2\xc3\xd4\2"
    assert client.secure().type == 4


# Ending.


@BOTH
def test_packet_5_is_answered_by_6_and_that_is_the_end(framing: Framing) -> None:
    wire = Wire(framing=framing)
    client = wire.online()
    assert client.end().raw == b"\0\3\6\0"
    hears_nothing(client)
    assert wire.is_closed()


@BOTH
def test_packet_5_without_a_session_is_answered_by_6(framing: Framing) -> None:
    wire = Wire(framing=framing)
    client = wire.client()
    assert client.end().raw == b"\0\1\6\0"
    hears_nothing(client)
    assert wire.is_closed()


@BOTH
def test_a_message_without_a_session_is_answered_by_6(framing: Framing) -> None:
    wire = Wire(framing=framing)
    client = wire.client()
    client.send(32, framed(b"\x16"))
    assert client.receive().raw == b"\0\1\6\0"
    hears_nothing(client)
    assert wire.is_closed()


@BOTH
def test_a_message_before_the_proof_is_never_carried_out(framing: Framing) -> None:
    wire = Wire(framing=framing)
    client = wire.client()
    client.begin()
    client.send(32, framed(bytes.fromhex("14 01 00 0001")))
    # 20P00 does not say whether there is a session yet: packet 6 or nothing, but no reply.
    assert [packet[2] for packet in wire.came["one"]] in ([6], [])
    assert wire.online("two").ask("22 02 0001 0001") == bytes.fromhex("23 02 0001 00 0000")


@BOTH
def test_a_session_that_idles_is_ended_by_6(framing: Framing) -> None:
    wire = Wire(framing=framing, settings=ControllerSettings(idle_timeout=300))
    client = wire.online()
    wire.advance(299)
    assert client.ask("18")[0] == 0x19
    wire.advance(299.5)
    hears_nothing(client)
    wire.advance(0.5)
    assert client.receive().type == 6
    assert wire.is_closed()


@BOTH
def test_a_session_that_the_panel_ends_hears_6(framing: Framing) -> None:
    wire = Wire(framing=framing)
    client = wire.online()
    wire.panel.terminate("one", wire.now)
    wire.deliver()
    assert client.receive().raw == b"\0\0\6\0"
    assert wire.is_closed()


# Packets nobody expects.

_UNKNOWN = (8, 9, 15, 18, 31, 34, 64, 128, 255)


@each_row("kind", _UNKNOWN)
def test_an_unknown_packet_type_is_dropped_on_datagrams(kind: int) -> None:
    wire = Wire(framing=DATAGRAM)
    client = wire.online()
    for data in (b"", bytes(16)):
        client.send(kind, data)
        hears_nothing(client)
    assert client.ask("16")[0] == 0x17
    stranger = wire.client("stranger")
    stranger.send(kind)
    hears_nothing(stranger)


@each_row("kind", _UNKNOWN)
@each_row("has_session", [True, False])
def test_an_unknown_packet_type_is_the_end_of_a_stream(kind: int, has_session: bool) -> None:
    wire = Wire()
    client = wire.online() if has_session else wire.client()
    client.send(kind)
    assert wire.is_closed()
    hears_nothing(client)


@BOTH
@each_row(("kind", "size"), [(0, 0), (2, 7), (4, 16), (6, 0), (7, 0)])
def test_what_only_a_controller_sends_is_dropped(framing: Framing, kind: int, size: int) -> None:
    client = Wire(framing=framing).online()
    client.send(kind, bytes(size))
    hears_nothing(client)
    assert client.ask("16")[0] == 0x17


@each_row("raw", ["", "00", "00 03", "00 03 20", "00 03 20 00", "00 03 20 00 11", "00 03 03 00"])
def test_a_datagram_that_is_no_packet_is_dropped(raw: str) -> None:
    wire = Wire(framing=DATAGRAM)
    client = wire.online()
    wire.panel.receive_data("one", bytes.fromhex(raw), wire.now)
    wire.deliver()
    hears_nothing(client)
    assert client.ask("16")[0] == 0x17


def test_the_reserved_byte_is_ignored_when_it_comes_and_sent_as_0() -> None:
    wire = Wire()
    client = wire.online()
    sequence = client.sequence = client.sequence + 1
    data = encrypt(framed(b"\x28"), sequence, session_key(KEY, client.session_id))
    wire.panel.receive_data("one", sequence.to_bytes(2, "big") + b"\x20\x7f" + data, wire.now)
    wire.deliver()
    assert client.reply_to(sequence) == bytes.fromhex("29 01 01 01")


# Messages.


@BOTH
def test_a_reply_repeats_the_sequence_number(framing: Framing) -> None:
    # The client fails on any other number; 0 is no number, 65535 is followed by 1. A session begins at any number
    # and goes on from there: what is further ahead than 1024 is no client's next number.
    for sequences in ((0, 0, 255, 256), (0x1234,), (0x7000,), (0xE000,), (65534, 65535, 1, 2)):
        client = Wire(framing=framing).online()
        for sequence in sequences:
            assert client.ask("28", sequence=sequence) == bytes.fromhex("29 01 01 01")


@BOTH
def test_a_number_that_leaps_ahead_is_neither_carried_out_nor_answered(framing: Framing) -> None:
    client = Wire(framing=framing).online()
    assert client.ask("28", sequence=0x1234) == bytes.fromhex("29 01 01 01")
    client.send(32, framed(b"\x28"), sequence=0x7000)
    hears_nothing(client)
    assert client.ask("28", sequence=0x1234 + 1024) == bytes.fromhex("29 01 01 01")


def test_every_block_of_a_reply_is_whitened_with_its_sequence_number() -> None:
    wire = Wire()
    client = wire.online()
    client.send(32, framed(b"\x16"), sequence=0x1234)
    wanted = framed(bytes.fromhex("17 10 04 00 02") + b"5551234".ljust(25, b"\0"))
    key = session_key(KEY, client.session_id)
    assert list(wire.came["one"]) == [b"\x12\x34\x20\0" + encrypt(wanted, 0x1234, key)]


@BOTH
@each_row("place", [3, 4, -1, -2], ids=["type", "data", "crc-high", "crc-low"])
def test_a_message_with_a_bad_crc_is_never_answered_nor_carried_out(framing: Framing, place: int) -> None:
    wire = Wire(framing=framing)
    client = wire.online()
    message = bytearray(framed(bytes.fromhex("14 01 00 0001")))
    message[place] ^= 0x40
    client.send(32, bytes(message))
    hears_nothing(client)
    assert client.ask("22 02 0001 0001") == bytes.fromhex("23 02 0001 00 0000")


def test_crc_bytes_the_wrong_way_round_are_a_bad_crc() -> None:
    client = Wire().online()
    message = framed(b"\x16")
    client.send(32, message[:-2] + message[:-3:-1])
    hears_nothing(client)
    assert client.ask("16")[0] == 0x17


@pytest.mark.parametrize("start", [0x00, 0x20, 0x22, 0x41, 0x5A])
def test_a_message_with_another_start_character_is_never_answered(start: int) -> None:
    wire = Wire(framing=DATAGRAM)
    client = wire.online()
    client.send(32, bytes((start,)) + framed(b"\x16")[1:])
    hears_nothing(client)
    assert client.ask("16")[0] == 0x17


def test_what_comes_after_a_message_in_its_last_block_does_not_matter() -> None:
    client = Wire().online()
    client.send(32, framed(b"\x28") + b"\xff" * 11)
    assert client.reply_to(client.sequence) == bytes.fromhex("29 01 01 01")


def test_the_stream_may_come_in_any_pieces_and_the_replies_are_one_packet_a_write() -> None:
    wire = Wire()
    client = wire.online()
    key = session_key(KEY, client.session_id)
    sent = b""
    for sequence, kind in ((3, 0x16), (4, 0x28), (5, 0x18)):
        sent += sequence.to_bytes(2, "big") + b"\x20\0" + encrypt(framed(bytes((kind,))), sequence, key)
    for byte in sent[:30]:
        wire.panel.receive_data("one", bytes((byte,)), wire.now)
        wire.deliver()
    wire.panel.receive_data("one", sent[30:], wire.now)
    wire.deliver()
    # The client takes one packet with every read, and fails on more or less.
    assert [client.reply_to(sequence)[0] for sequence in (3, 4, 5)] == [0x17, 0x29, 0x19]


def test_sessions_do_not_read_each_other() -> None:
    wire = Wire()
    one, two = wire.online("one"), wire.online("two")
    for client, peer in ((one, "one"), (two, "two")):
        client.send(32, framed(b"\x16"), sequence=9)
        assert len(wire.came[peer]) == 1
    assert wire.came["one"][0][:4] == wire.came["two"][0][:4]
    assert wire.came["one"][0] != wire.came["two"][0]
    assert one.reply_to(9) == two.reply_to(9)


def test_the_three_replies_without_data_have_length_1() -> None:
    wire = Wire()
    client = wire.online()
    for message, reply in (("15 01", ACK), ("FF", NAK), ("20 01 00B0 01 00 00 00", END)):
        sequence = client.send(32, framed(bytes.fromhex(message)))
        packet = wire.came["one"][0]
        plain = decrypt(packet[4:], sequence, session_key(KEY, client.session_id))
        printed = {ACK: "21 01 01 c0 50", NAK: "21 01 02 80 51", END: "21 01 03 41 91"}[reply]
        assert plain == bytes.fromhex(printed) + bytes(11)
        assert client.reply_to(sequence) == reply


def test_the_client_reads_recorded_sessions() -> None:
    session = json.loads((Path(__file__).parents[1] / "vectors" / "sessions.json").read_text("utf-8"))[0]
    key = bytes.fromhex(session["controller_key"])
    for frame in session["frames"]:
        if frame["type"] != 32:
            continue
        packet = bytes.fromhex(frame["packet_hex"])
        plain = decrypt(packet[4:], frame["seq"], session_key(key, bytes.fromhex(session["session_id"])))
        assert plain_client.unframed(plain) == bytes.fromhex(frame["plaintext_hex"])[2:-2]
