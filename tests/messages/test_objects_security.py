"""The decoded views of the alarm system's objects: zones, areas, messages, readers and locks."""

import dataclasses
import json
from pathlib import Path
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio.objects import (
    AccessControlLockStatus,
    AccessControlReaderProperties,
    AccessControlReaderStatus,
    AreaProperties,
    AreaStatus,
    ExpansionEnclosureStatus,
    LuminaMode,
    MessageProperties,
    MessageState,
    MessageStatus,
    SecurityMode,
    ZoneArming,
    ZoneCondition,
    ZoneLatchedAlarm,
    ZoneOption,
    ZoneProperties,
    ZoneStatus,
    ZoneType,
    encode_name,
)
from tests.rows import each_row

_TABLES = Path(__file__).parent.parent / "tables"


class AlarmRow(TypedDict):
    """One kind of alarm."""

    value: int
    name: str
    bit: int


class NamedBit(TypedDict):
    """One bit of a byte."""

    bit: int
    name: str


ALARM_TYPES: dict[str, list[AlarmRow]] = json.loads((_TABLES / "alarm_types.json").read_text("utf-8"))
ZONE_OPTIONS: list[NamedBit] = json.loads((_TABLES / "zone_options.json").read_text("utf-8"))


# Zones.


def _zones(status: int) -> list[ZoneStatus | ZoneProperties]:
    return [ZoneStatus(1, status, 0), ZoneProperties(1, status, 0, 0, 1, 0, encode_name("HALL", 16))]


@each_row("status", range(256))
def test_zone_status_byte(status: int) -> None:
    for zone in _zones(status):
        assert zone.condition is ZoneCondition(status % 4)
        assert zone.latched_alarm == status // 4 % 4
        assert isinstance(zone.latched_alarm, ZoneLatchedAlarm) == (status // 4 % 4 < 3)
        assert zone.arming is ZoneArming(status // 16 % 4)
        assert zone.is_bypassed == (status & 0b10_0000 > 0)
        assert zone.trouble_unacknowledged == (status & 0b100_0000 > 0)


@pytest.mark.parametrize(
    ("status", "condition", "latched", "arming", "unacknowledged"),
    [
        (0x00, ZoneCondition.SECURE, ZoneLatchedAlarm.SECURE, ZoneArming.DISARMED, False),
        (0x15, ZoneCondition.NOT_READY, ZoneLatchedAlarm.TRIPPED, ZoneArming.ARMED, False),
        (0x2A, ZoneCondition.TROUBLE, ZoneLatchedAlarm.RESET, ZoneArming.BYPASSED_BY_USER, False),
        (0x33, ZoneCondition.TAMPER, ZoneLatchedAlarm.SECURE, ZoneArming.BYPASSED_BY_SYSTEM, False),
        # A trouble that is over, but that nobody has seen.
        (0x40, ZoneCondition.SECURE, ZoneLatchedAlarm.SECURE, ZoneArming.DISARMED, True),
        # Bit 7 is unused.
        (0x80, ZoneCondition.SECURE, ZoneLatchedAlarm.SECURE, ZoneArming.DISARMED, False),
    ],
)
def test_zone_status_by_name(
    status: int, condition: ZoneCondition, latched: ZoneLatchedAlarm, arming: ZoneArming, unacknowledged: bool
) -> None:
    for zone in _zones(status):
        assert (zone.condition, zone.latched_alarm, zone.arming) == (condition, latched, arming)
        assert zone.trouble_unacknowledged is unacknowledged


def test_zone_properties_by_name() -> None:
    zone = ZoneProperties(1, 0, 0, ZoneType.FIRE, 1, 5, encode_name("SMOKE", 16))
    assert (zone.kind, zone.name) == (ZoneType.FIRE, "SMOKE")
    assert zone.option_flags == ZoneOption.CROSS_ZONING | ZoneOption.DIAL_OUT_DELAY
    assert dataclasses.replace(zone, zone_type=200).kind == 200


@each_row("options", range(8))
def test_options_of_a_zone_are_its_bits(options: int) -> None:
    names = {row["name"] for row in ZONE_OPTIONS if options >> row["bit"] & 1}
    zone = ZoneProperties(1, 0, 0, 0, 1, options, bytes(16))
    assert {option.name for option in zone.option_flags} == names


# Areas.


def _areas(mode: int, alarms: int = 0, exit_timer: int = 0) -> list[AreaStatus | AreaProperties]:
    return [
        AreaStatus(1, mode, alarms, 0, exit_timer),
        AreaProperties(1, mode, alarms, 0, exit_timer, 1, 60, 30, encode_name("HOUSE", 13)),
    ]


@pytest.mark.parametrize("mode", [mode for mode in SecurityMode if mode])
def test_an_area_is_arming_by_bit_3_or_by_its_exit_timer(mode: SecurityMode) -> None:
    # (byte, exit timer): the mode's bit as 20P00 has it, the timer alone as real panels do, both.
    for byte, timer in [(mode | 8, 0), (mode, 1), (mode, 255), (mode | 8, 30)]:
        for area in _areas(byte, exit_timer=timer):
            assert area.security_mode is mode
            assert area.is_arming
            assert not area.is_armed
    for area in _areas(mode):
        assert area.security_mode is mode
        assert not area.is_arming
        assert area.is_armed


@pytest.mark.parametrize("timer", [0, 1, 255])
def test_an_area_that_is_off_is_neither_armed_nor_arming(timer: int) -> None:
    for area in _areas(SecurityMode.OFF, exit_timer=timer):
        assert area.security_mode is SecurityMode.OFF
        assert not area.is_arming
        assert not area.is_armed


@pytest.mark.parametrize("entry_timer", [1, 30, 255])
def test_an_entry_delay_leaves_the_area_armed(entry_timer: int) -> None:
    area = AreaStatus(1, SecurityMode.AWAY, 0, entry_timer, 0)
    assert area.is_armed
    assert not area.is_arming


@pytest.mark.parametrize("mode", LuminaMode)
def test_a_mode_of_a_lumina_reads_the_same_while_its_delay_runs(mode: LuminaMode) -> None:
    for byte in (mode, mode + 8):
        for area in _areas(byte):
            assert area.lumina_mode is mode
            assert area.is_arming == (byte > 8)


def test_a_mode_without_a_name_stays_a_number_with_and_without_exit_delay() -> None:
    for area in _areas(7):
        assert (area.security_mode, area.lumina_mode) == (7, 7)
        assert area.is_armed
    for area in _areas(15):
        assert (area.security_mode, area.lumina_mode) == (7, 7)
        assert area.is_arming
    for area in _areas(0):
        assert type(area.lumina_mode) is int


@given(alarms=st.integers(0, 255))
def test_alarms_of_an_area_are_its_bits(alarms: int) -> None:
    names = {row["name"] for row in ALARM_TYPES["types"] if alarms >> row["bit"] & 1}
    for area in _areas(0, alarms):
        assert {alarm.name for alarm in area.alarm_kinds} == names


def test_area_properties_by_name() -> None:
    area = AreaProperties(2, 0, 0, 0, 0, 1, 60, 30, encode_name("GARAGE", 13))
    assert (area.is_enabled, area.name) == (True, "GARAGE")
    assert not dataclasses.replace(area, enabled=0).is_enabled


# Messages.


@each_row("status", range(256))
def test_a_message_is_shown_unless_it_is_off(status: int) -> None:
    message = MessageStatus(1, status)
    named = {0: "OFF", 1: "DISPLAYED", 2: "DISPLAYED_NOT_ACKNOWLEDGED"}
    if status in named:
        assert message.message_state is MessageState[named[status]]
    else:
        assert type(message.message_state) is int
        assert message.message_state == status
    assert message.is_displayed == (status > 0)


@pytest.mark.parametrize(
    ("bits", "areas"),
    [(None, None), (0, ()), (1, (1,)), (0x80, (8,)), (0x81, (1, 8)), (0b110, (2, 3)), (255, (*range(1, 9),))],
)
def test_areas_of_a_message_are_its_bits_from_area_1_on(
    bits: int | None, areas: tuple[int, ...] | None
) -> None:
    assert MessageProperties(1, bytes(16), bits).area_numbers == areas


# Readers, locks, enclosures.


@pytest.mark.parametrize(("access", "denied"), [(0, False), (1, True)])
def test_a_reader_grants_with_0_and_denies_with_1(access: int, denied: bool) -> None:
    assert AccessControlReaderStatus(1, access, 5).is_denied is denied
    assert AccessControlReaderProperties(1, 0, 0, access, 5, bytes(16)).is_denied is denied


@pytest.mark.parametrize(("lock", "locked"), [(0, True), (1, False)])
def test_a_lock_is_locked_with_0_and_unlocked_with_1(lock: int, locked: bool) -> None:
    assert AccessControlLockStatus(1, lock, 0).is_locked is locked
    assert AccessControlReaderProperties(1, lock, 0, 0, 5, bytes(16)).is_locked is locked


def test_seconds_until_a_door_locks_itself_are_two_bytes_high_byte_first() -> None:
    assert AccessControlLockStatus.parse(bytes.fromhex("0003 01 0E10")).seconds_left == 3600
    assert AccessControlReaderProperties.parse(
        bytes.fromhex("0E 0003 01 0E10 00 07") + bytes(16)
    ) == AccessControlReaderProperties(3, 1, 3600, 0, 7, bytes(16))


def test_an_enclosure_tells_two_bytes_that_have_no_printed_meaning() -> None:
    enclosure = ExpansionEnclosureStatus.parse(bytes.fromhex("0002 01 C8"))
    assert (enclosure.index, enclosure.communications, enclosure.battery) == (2, 1, 200)
