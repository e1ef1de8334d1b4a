"""Messages of the controller itself: its clock, troubles, features, readiness, codes and names."""

import json
from datetime import UTC, datetime, time, timedelta, timezone
from enum import IntEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import LocalProtocolError, RemoteProtocolError
from omnilink_sansio.commands import (
    CodeAuthority,
    KeypadEmergency,
    SecurityCodeValidation,
    SecurityCommandResponse,
    acknowledge_alerts,
    activate_keypad_emergency,
)
from omnilink_sansio.objects import (
    NAME_TYPES,
    NameType,
    ObjectType,
    SpecialCode,
    WriteName,
    ZoneReadyStatus,
    name_type_of,
    write_name,
    write_voice_name,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.programs import DownloadProgram, ProgramData, UploadProgram, read_program, write_program
from omnilink_sansio.system import (
    ObjectTypeCapacities,
    RequestObjectTypeCapacities,
    SystemFeature,
    SystemFeatures,
    SystemInformation,
    SystemStatus,
    SystemTrouble,
    SystemTroubles,
    set_time,
)
from tests.rows import each_row


def table(name: str) -> Any:
    return json.loads((Path(__file__).parents[1] / "tables" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (SystemTrouble, table("troubles")),
        (SystemFeature, table("features")),
        (KeypadEmergency, table("emergency_types")),
        (CodeAuthority, table("code_numbers")["authority"]),
        (SpecialCode, table("code_numbers")["special"]),
        (SecurityCommandResponse, table("execute_security_command")["response"]),
        (NameType, table("name_types")),
    ],
)
def test_enumerations_are_those_of_the_protocol_tables(
    kind: type[IntEnum], rows: list[dict[str, Any]]
) -> None:
    assert {member.name: member.value for member in kind} == {row["name"]: row["value"] for row in rows}


# The clock.


def status(*clock: int, valid: int = 1, sun: tuple[int, int, int, int] = (6, 41, 17, 8)) -> SystemStatus:
    year, month, day, hour, minute, second = clock
    return SystemStatus(valid, year, month, day, 1, hour, minute, second, 1, *sun, 213)


def test_the_clock_is_a_datetime_or_none_when_it_was_never_set_or_is_none() -> None:
    assert status(26, 11, 21, 8, 5, 59).clock == datetime(2026, 11, 21, 8, 5, 59)  # noqa: DTZ001
    assert status(26, 11, 21, 8, 5, 59, valid=0).clock is None
    for wrong in [(26, 2, 29, 0, 0, 0), (26, 0, 1, 0, 0, 0), (26, 1, 1, 24, 0, 0), (26, 1, 1, 0, 60, 0)]:
        assert status(*wrong).clock is None


def test_sun_times_and_daylight_saving_are_decoded() -> None:
    seen = status(26, 1, 1, 0, 0, 0)
    assert (seen.sunrise, seen.sunset, seen.is_daylight_saving) == (time(6, 41), time(17, 8), True)
    dark = status(26, 1, 1, 0, 0, 0, sun=(25, 0, 0, 60))
    assert (dark.sunrise, dark.sunset) == (None, None)


@given(when=st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31, 23, 59, 59)), saving=st.booleans())  # noqa: DTZ001
def test_the_clock_is_set_to_the_minute_with_monday_as_1(when: datetime, saving: bool) -> None:
    sent = set_time(when, saving).encode()
    days = (when.date() - datetime(2024, 1, 1).date()).days  # noqa: DTZ001 - a Monday
    expected = (when.year - 2000, when.month, when.day, days % 7 + 1, when.hour, when.minute, int(saving))
    assert sent == bytes(expected)


@pytest.mark.parametrize(("month", "saving"), [(1, 0), (7, 1)])
def test_a_time_zone_tells_of_daylight_saving(month: int, saving: int) -> None:
    when = datetime(2026, month, 4, 12, 30, tzinfo=ZoneInfo("America/New_York"))
    assert set_time(when).daylight_saving == saving
    assert set_time(when, not saving).daylight_saving == 1 - saving
    # The wall clock of that zone.
    assert (set_time(when).hour, set_time(when).minute) == (12, 30)


@pytest.mark.parametrize(
    "when",
    [
        datetime(2026, 7, 4, 12, 30),  # noqa: DTZ001 - that is the point
        datetime(2026, 7, 4, 12, 30, tzinfo=timezone(timedelta(hours=-4))),
    ],
)
def test_nobody_guesses_about_daylight_saving(when: datetime) -> None:
    with pytest.raises(LocalProtocolError, match="daylight_saving"):
        set_time(when)
    assert set_time(when, daylight_saving=True).daylight_saving == 1


@pytest.mark.parametrize("year", [1999, 2100])
def test_years_that_controllers_do_not_know_are_refused(year: int) -> None:
    with pytest.raises(LocalProtocolError, match="2000 to 2099"):
        set_time(datetime(year, 1, 1, tzinfo=UTC))


# What the controller tells.


def test_troubles_and_features_have_names_and_unknown_ones_stay_numbers() -> None:
    assert SystemTroubles(b"\2\3\x63").troubles == (SystemTrouble.BATTERY_LOW, SystemTrouble.AC_POWER, 99)
    assert SystemTroubles().troubles == ()
    assert SystemFeatures(b"\5\x09\xff").features == (
        SystemFeature.HAI_HI_FI,
        SystemFeature.DSC_SECURITY,
        255,
    )


@given(zones=st.sets(st.integers(1, 176)))
def test_bit_7_of_the_first_byte_is_zone_1(zones: set[int]) -> None:
    number = sum(1 << 176 - zone for zone in zones)
    assert ZoneReadyStatus(number.to_bytes(22, "big")).zones_not_ready == tuple(sorted(zones))


@pytest.mark.parametrize(
    ("firmware", "knows"), [((2, 16), False), ((3, 0), True), ((4, 0), True), ((2, 255), False)]
)
def test_firmware_3_knows_more(firmware: tuple[int, int], knows: bool) -> None:
    information = SystemInformation(16, *firmware, 0, bytes(25))
    assert information.knows(OmniLink2MessageType.REQUEST_EXTENDED_OBJECT_STATUS) is knows
    assert information.knows_object(ObjectType.ACCESS_CONTROL_READER) is knows
    assert information.knows(OmniLink2MessageType.REQUEST_SYSTEM_STATUS)
    assert information.knows_object(ObjectType.ZONE)


def test_the_capacity_of_another_kind_is_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="asked for ZONE, answered with UNIT"):
        RequestObjectTypeCapacities(ObjectType.ZONE).accept(ObjectTypeCapacities(2, 511))


# Codes and emergencies.


@pytest.mark.parametrize(
    ("number", "authority", "valid", "duress"),
    [
        (1, 1, True, False),
        (99, 3, True, False),
        (251, 3, True, True),
        (0, 0, False, False),
        (5, 0, False, False),
    ],
)
def test_a_code_is_valid_when_it_is_somebodys_and_may_do_something(
    number: int, authority: int, valid: bool, duress: bool
) -> None:
    told = SecurityCodeValidation(number, authority)
    assert (told.is_valid, told.is_duress) == (valid, duress)
    assert told.authority_level is CodeAuthority(authority)


def test_emergencies_and_alerts_name_an_area() -> None:
    assert activate_keypad_emergency(8, KeypadEmergency.FIRE).encode() == b"\x08\x02"
    assert acknowledge_alerts().encode() == b"\0"
    assert acknowledge_alerts(8).encode() == b"\x08"
    for area in (0, 9):
        with pytest.raises(LocalProtocolError, match="1 to 8"):
            activate_keypad_emergency(area, KeypadEmergency.FIRE)
    with pytest.raises(LocalProtocolError, match="1 to 8"):
        acknowledge_alerts(9)
    with pytest.raises(LocalProtocolError, match="1 BURGLARY"):
        activate_keypad_emergency(1, 4)  # type: ignore[arg-type]


# Names.


@each_row("row", table("name_types"), ids=[row["name"] for row in table("name_types")])
def test_names_are_written_at_the_width_of_their_kind(row: dict[str, Any]) -> None:
    longest = "X" * row["max_length"]
    assert NAME_TYPES[NameType(row["value"])] == (row["object_type"], row["max_length"] + 1)
    assert name_type_of(row["object_type"]) == row["value"]
    request = write_name(row["object_type"], 1, longest)
    assert request.encode() == bytes((row["value"], 0, 1)) + longest.encode() + b"\0"
    assert WriteName.parse(request.encode()).name == longest
    with pytest.raises(LocalProtocolError, match=f"at most {row['max_length']} characters"):
        write_name(row["object_type"], 1, longest + "X")
    phrases = range(1, row["voice_phrases"] + 1)
    assert write_voice_name(row["object_type"], 1, phrases).phrases == tuple(phrases)
    with pytest.raises(LocalProtocolError, match="up to 6 phrases"):
        write_voice_name(row["object_type"], 1, range(1, 8))


@pytest.mark.parametrize("kind", [8, 9, 10, 11, 12, 15])
def test_kinds_without_names_of_their_own_are_refused(kind: int) -> None:
    with pytest.raises(LocalProtocolError, match="USER_SETTING, ACCESS_CONTROL_READER, not of"):
        write_name(kind, 1, "HALL")


def test_the_kind_of_a_name_is_not_taken_for_a_kind_of_object() -> None:
    with pytest.raises(LocalProtocolError, match="13 USER_SETTING"):
        write_name(NameType.USER_SETTING, 1, "HALL")
    for index in (0, 512):
        with pytest.raises(LocalProtocolError, match="1 to 511"):
            write_name(ObjectType.ZONE, index, "HALL")


# Programs.


def test_programs_are_14_bytes_in_a_slot() -> None:
    body = bytes(range(14))
    assert write_program(1500, body) == DownloadProgram(1500, body)
    assert read_program(7).encode() == b"\0\x07\0"
    for wrong in (b"", body[:-1], body + b"\0"):
        with pytest.raises(LocalProtocolError, match="14 bytes"):
            write_program(1, wrong)
    for slot in (0, 65536):
        with pytest.raises(LocalProtocolError, match="1 to 65535"):
            read_program(slot)
    with pytest.raises(RemoteProtocolError, match="asked for slot 7, answered with slot 8"):
        UploadProgram(7).accept(ProgramData(8, body))
