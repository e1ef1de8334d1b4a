"""What a panel sends unasked, byte by byte, and to whom; other people's recorded requests, sent again."""

import pytest

from omnilink_sansio import UserCode
from omnilink_sansio.commands import CodeAuthority
from omnilink_sansio.objects import ThermostatKind, UnitType, ZoneCondition, ZoneType
from omnilink_sansio.simulator import Area, Button, Code, EmulatedPanel, House, Quirk, Thermostat, Unit, Zone
from tests.rows import each_row
from tests.simulator.driver import still_house
from tests.simulator.plain_client import NothingCameError, PlainClient, decrypt, session_key, unframed
from tests.simulator.wire import ACK, NAK, Wire
from tests.vectors import SESSIONS, SessionVector


def hears_nothing(client: PlainClient) -> None:
    with pytest.raises(NothingCameError):
        client.hear()


def heard(client: PlainClient) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(client.hear())
        except NothingCameError:
            return found


# Who hears.


def test_nothing_is_sent_unasked_before_0x15_1_and_after_0x15_0() -> None:
    wire = Wire()
    client = wire.online()
    wire.happens("open zone 1")
    assert client.ask("14 01 00 0001") == ACK
    hears_nothing(client)
    assert client.ask("15 01") == ACK
    hears_nothing(client)
    wire.happens("close zone 1")
    assert client.hear() == bytes.fromhex("3B 01 04 0001 00 5A")
    assert client.ask("15 00") == ACK
    wire.happens("open zone 1")
    assert client.ask("14 00 00 0001") == ACK
    hears_nothing(client)


def test_a_refused_0x15_changes_nothing() -> None:
    wire = Wire()
    client = wire.online()
    assert client.ask("15 01") == ACK
    assert client.ask("15 02") == client.ask("15") == client.ask("15 00 00") == NAK
    wire.happens("open zone 1")
    assert client.hear() == bytes.fromhex("3B 01 04 0001 01 A8")


def test_only_those_who_asked_hear_and_all_of_them() -> None:
    wire = Wire()
    one, two, three = wire.online("one"), wire.online("two"), wire.online("three")
    for client in (one, three):
        client.ask("15 01")
    assert two.ask("14 01 00 0001") == ACK
    for client in (one, three):
        assert client.hear() == bytes.fromhex("3B 02 05 0001 01 0000")
    hears_nothing(two)


def test_a_new_session_has_to_ask_again() -> None:
    wire = Wire()
    client = wire.online()
    client.ask("15 01")
    client.end()
    again = wire.online()
    wire.happens("open zone 1")
    hears_nothing(again)


# What they hear.


def test_a_notification_is_packet_32_with_sequence_0_and_is_not_whitened() -> None:
    wire = Wire()
    client = wire.online()
    client.ask("15 01")
    wire.happens("open zone 1")
    (packet,) = wire.came["one"]
    assert packet[:4] == b"\0\0\x20\0"
    assert len(packet) == 20
    plain = decrypt(packet[4:], 0, session_key(bytes(range(16)), client.session_id))
    assert plain[:9] == bytes.fromhex("21 07 3B 01 04 0001 01 A8")


def test_the_reply_to_a_command_comes_before_what_it_changed() -> None:
    wire = Wire()
    client = wire.online()
    client.ask("15 01")
    sequence = client.send(32, bytes.fromhex("21 05 14 01 00 00 01 F0 6A"))
    assert [packet[:2] for packet in wire.came["one"]] == [sequence.to_bytes(2, "big"), b"\0\0"]
    assert client.reply_to(sequence) == ACK
    assert client.hear() == bytes.fromhex("3B 02 05 0001 01 0000")


@pytest.mark.parametrize(
    ("firmware", "quirks", "extended"),
    [
        ((2, 16, 2), (), False),
        ((2, 99, 0), (), False),
        ((3, 0, 0), (), True),
        ((4, 0, 2), (), True),
        ((2, 16, 2), (Quirk.PUSHES_EXTENDED_STATUS,), True),
        ((4, 0, 2), (Quirk.PUSHES_STATUS,), False),
    ],
)
def test_59_is_sent_from_firmware_3_on_and_35_before(
    firmware: tuple[int, int, int], quirks: tuple[Quirk, ...], extended: bool
) -> None:
    house = still_house()
    house.firmware, house.quirks = firmware, frozenset(quirks)
    house.user_settings, house.readers = {}, {}
    wire = Wire(house)
    client = wire.online()
    client.ask("15 01")
    wire.happens("open zone 1")
    wire.happens("thermostat 1 temperature 22")
    zone, thermostat = heard(client)
    assert zone == bytes.fromhex("3B 01 04 0001 01 A8" if extended else "23 01 0001 01 A8")
    assert thermostat[:2] == (b"\x3b\6" if extended else b"\x23\6")
    assert len(thermostat) == (17 if extended else 11)


@each_row(
    ("happening", "wanted"),
    [
        ("open zone 2", "3B 01 04 0002 01 A8"),
        ("unit 1 on", "3B 02 05 0001 01 0000"),
        ("unit 1 level 40", "3B 02 05 0001 8C 0000"),
        ("show message 1", "3B 07 03 0001 02"),
        ("clear message 2", "3B 07 03 0002 00"),
        ("press button 2", "37 0002"),
        ("event 0x0301", "37 0301"),
        ("begin trouble ac-power", "37 0304"),
        ("card 1 reader 1", "3B 0E 04 0001 00 01"),
    ],
)
def test_what_happens_is_told_byte_by_byte(happening: str, wanted: str) -> None:
    wire = Wire()
    client = wire.online()
    client.ask("15 01")
    wire.happens(happening)
    assert client.hear() == bytes.fromhex(wanted)


@each_row(
    ("command", "wanted"),
    [
        ("14 01 0A 0001", "3B 02 05 0001 01 000A"),
        ("14 09 32 0002", "3B 02 05 0002 96 0000"),
        ("14 0C 2A 0189", "3B 02 05 0189 2A 0000"),
        ("14 04 01 0002", "3B 01 04 0002 20 5A"),
        ("14 34 01 0002", "3B 05 06 0002 0C 00 00 1E"),
        ("14 50 00 0001", "3B 07 03 0001 02"),
        ("14 6A 05 0001", "3B 0F 05 0001 01 0005"),
        ("14 71 32 0001", "3B 0A 06 0001 01 01 32 00"),
        ("14 08 03 0000", "37 030D"),
        ("14 07 00 0001", "37 0001"),
    ],
)
def test_what_a_command_changed_is_told_byte_by_byte(command: str, wanted: str) -> None:
    client = Wire().online()
    client.ask("15 01")
    assert client.ask(command) == ACK
    assert client.hear() == bytes.fromhex(wanted)


def test_settings_and_codes_are_never_told() -> None:
    client = Wire().online()
    client.ask("15 01")
    # A user setting that is set, a name that is written: no status notification of either is printed.
    assert client.ask("14 68 02 0019") == ACK
    assert client.ask(b"\x0c\4\0\1" + b"X".ljust(13, b"\0")) == ACK
    hears_nothing(client)
    assert client.ask("22 0D 0002 0002") == bytes.fromhex("23 0D 0002 08 0019")


def test_what_is_told_is_what_is_answered_at_the_same_moment() -> None:
    wire = Wire()
    client = wire.online()
    client.ask("15 01")
    client.ask("14 33 01 0001")
    wire.happens("open zone 1")
    wire.happens("thermostat 2 temperature 25")
    told = heard(client)
    latest = {(reply[1], reply[3:5]): reply for reply in told if reply[0] == 0x3B}
    assert latest
    for (kind, number), reply in latest.items():
        assert client.ask(b"\x3a" + bytes((kind,)) + number + number) == reply


def test_one_packet_a_write_however_much_changes_at_once() -> None:
    house = House(units={index: Unit(f"LAMP {index}") for index in range(1, 200)})
    wire = Wire(house)
    client = wire.online()
    client.ask("15 01")
    assert client.ask("14 03 00 0000") == ACK
    told = heard(client)
    numbers = []
    for reply in told:
        # No client could read more than a length byte counts, and real panels send no more than 203 bytes.
        assert reply[:3] == b"\x3b\2\5" or reply[0] == 0x37
        assert len(reply) <= 203
        if reply[0] == 0x3B:
            numbers += [int.from_bytes(reply[at : at + 2], "big") for at in range(3, len(reply), 5)]
    assert numbers == list(range(1, 200))


# Recorded clients.


def _recorded_house() -> House:
    """What the controller was that two other clients were recorded with."""
    return House(
        phone="5551234",
        zones={
            1: Zone("FRONT DOOR", ZoneType.ENTRY_EXIT, loop=0x5B),
            2: Zone("BACK DOOR", ZoneType.DOUBLE_ENTRY_DELAY, loop=0x5C),
            3: Zone("MOTION", ZoneType.DOUBLE_ENTRY_DELAY, condition=ZoneCondition.SECURE),
            4: Zone("OUT TEMP", ZoneType.OUTDOOR_TEMPERATURE),
        },
        units={1: Unit("PORCH"), 2: Unit("HALL"), 300: Unit("FLAG", unit_type=UnitType.FLAG)},
        areas={1: Area("HOUSE")},
        thermostats={1: Thermostat("MAIN", ThermostatKind.AUTO_HEAT_COOL)},
        buttons={1: Button("GOODNIGHT")},
        codes={1: Code("OWNER", UserCode("1234"), CodeAuthority.MASTER)},
    )


_SAME_BYTES = (0x01, 0x02, 0x03, 0x17, 0x1F, 0x27, 0x29, 0x4B)
_SAME_TYPE = (0x1B, 0x1D, 0x25)
"""Replies about what that controller had and this house has not: troubles, features, a log."""


def _is_walk_through_all(request: bytes) -> bool:
    # That controller had no objects but the named ones.
    return request[0] == 0x20 and request[1] in (1, 2) and request[5] == 0


def _assert_alike(request: bytes, reply: bytes, recorded: bytes) -> None:
    if request == b"\x3c":
        # 20P00 prints an area: that controller was content without.
        assert (reply, recorded) == (NAK, ACK)
    elif _is_walk_through_all(request):
        assert reply[0] == 0x21
    elif recorded[0] in _SAME_TYPE:
        assert reply[0] in (recorded[0], 3)
    elif recorded[0] in _SAME_BYTES:
        assert reply == recorded
    else:
        assert reply[0] == recorded[0]
        assert len(reply) == len(recorded)


@pytest.mark.parametrize("session", SESSIONS, ids=[f"{n} {s['client']}" for n, s in enumerate(SESSIONS)])
def test_recorded_clients_are_answered_with_what_they_were_answered_with(session: SessionVector) -> None:
    key, session_id = bytes.fromhex(session["controller_key"]), bytes.fromhex(session["session_id"])
    derived = session_key(key, session_id)
    panel: EmulatedPanel[str] = EmulatedPanel(key, _recorded_house(), lambda: session_id)
    panel.accept("recorded", 0.0)
    request = b""
    came: dict[bytes, bytes] = {}
    for frame in session["frames"]:
        recorded = bytes.fromhex(frame["packet_hex"])
        if frame["dir"] == "client>panel":
            request = bytes.fromhex(frame["plaintext_hex"])[2:-2]
            panel.receive_data("recorded", recorded, 0.0)
            came = {packet[:2]: packet for _, packet in panel.data_to_send()}
        elif frame["seq"]:
            packet = came[recorded[:2]]
            if frame["type"] != 32:
                assert packet == recorded
            else:
                assert packet[:4] == recorded[:4]
                reply = unframed(decrypt(packet[4:], frame["seq"], derived))
                _assert_alike(request, reply, bytes.fromhex(frame["plaintext_hex"])[2:-2])
