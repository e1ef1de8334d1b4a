"""Logged events against the protocol's table, and their sentences."""

import json
from pathlib import Path
from typing import TypedDict

import pytest

from omnilink_sansio import LocalProtocolError, RemoteProtocolError
from omnilink_sansio.event_log import (
    EVENT_LOG,
    EventLogData,
    EventLogType,
    ReadEventRecord,
    read_event_record,
)
from omnilink_sansio.objects import RelativeDirection
from omnilink_sansio.system import ControllerFamily
from tests.rows import each_row

OMNI, LUMINA = ControllerFamily.OMNI, ControllerFamily.LUMINA


class Row(TypedDict):
    """One row of the table."""

    value: int
    name: str
    p1: str | None
    p2: str | None
    controllers: list[str]


TABLE: list[Row] = json.loads(
    (Path(__file__).parents[1] / "tables" / "event_log_types.json").read_text(encoding="utf-8")
)


def event(kind: int, parameter1: int = 0, parameter2: int = 0) -> EventLogData:
    return EventLogData(9, 1, 11, 21, 8, 5, kind, parameter1, parameter2)


def test_the_types_are_those_of_the_table() -> None:
    assert {kind.name: kind.value for kind in EventLogType} == {row["name"]: row["value"] for row in TABLE}
    assert list(EVENT_LOG) == list(EventLogType)


@each_row("row", TABLE, ids=[row["name"] for row in TABLE])
def test_what_is_used_of_an_event_is_what_the_table_says(row: Row) -> None:
    info = EVENT_LOG[EventLogType(row["value"])]
    assert (info.parameter1 is None, info.parameter2 is None) == (row["p1"] is None, row["p2"] is None)
    assert (info.lumina is not None) == ("LUMINA" in row["controllers"])
    first, second = info.omni.count("{0}"), info.omni.count("{1}")
    assert (first, second) == (int(row["p1"] is not None), int(row["p2"] is not None))


@each_row(
    ("kind", "p1", "p2", "omni", "lumina"),
    [
        (4, 5, 7, "zone 7 bypassed by code 5", None),
        (5, 5, 7, "zone 7 restored by code 5", None),
        (6, 5, 0, "all zones of all areas restored by code 5", None),
        (48, 251, 1, "area 1 disarmed by the duress code", None),
        (49, 252, 2, "area 2 armed for the day by the keyswitch", "mode home set by the keyswitch"),
        (50, 253, 0, "all areas armed for the night by quick arm", "mode sleep set by quick arm"),
        (51, 5, 1, "area 1 armed away by code 5", "mode away set by code 5"),
        (52, 254, 1, "area 1 armed for a vacation by PC access", "mode vacation set by PC access"),
        (53, 255, 1, "area 1 armed for the day, instant, by a program", "mode party set by a program"),
        (54, 1, 1, "area 1 armed for the night, delayed, by code 1", "mode special set by code 1"),
        (128, 0, 3, "zone 3 tripped", "zone 3 tripped"),
        (129, 0, 3, "zone 3 in trouble", "zone 3 in trouble"),
        (130, 4, 0, "remote access by phone by code 4", "remote access by phone by code 4"),
        (131, 0, 0, "remote access by phone locked out", "remote access by phone locked out"),
        (132, 0, 3, "zone 3 bypassed by the system", None),
        (133, 0, 3, "trouble of zone 3 over", "trouble of zone 3 over"),
        (134, 4, 0, "access by PC by code 4", "access by PC by code 4"),
        (135, 2, 1, "fire alarm in area 1", "fire alarm in area 1"),
        (136, 9, 1, "kind 9 alarm in area 1 reset", "kind 9 alarm in area 1 reset"),
        (137, 0, 0, "system reset", "system reset"),
        (138, 0, 12, "message 12 logged", "message 12 logged"),
        (139, 0, 3, "zone 3 shut down", None),
        (140, 8, 2, "access granted to user 8 at reader 2", "access granted to user 8 at reader 2"),
        (141, 8, 2, "access denied to user 8 at reader 2", "access denied to user 8 at reader 2"),
    ],
)
def test_sentences_for_people(kind: int, p1: int, p2: int, omni: str, lumina: str | None) -> None:
    assert event(kind, p1, p2).sentence() == event(kind, p1, p2).sentence(OMNI) == omni
    # What a controller of the family does not log is told as it came.
    assert event(kind, p1, p2).sentence(LUMINA) == lumina or f"event {kind} ({p1}, {p2})"


@pytest.mark.parametrize("family", ControllerFamily)
def test_unknown_events_have_a_sentence_too(family: ControllerFamily) -> None:
    for kind in range(256):
        assert event(kind, 255, 65535).sentence(family)
    assert event(200, 1, 2).kind == 200
    assert event(200, 1, 2).sentence(family) == "event 200 (1, 2)"


def test_reading_in_both_directions_byte_for_byte() -> None:
    # 0 with -1 is the newest, 0 with 1 the oldest (20P00 §READ EVENT RECORD).
    assert read_event_record().encode() == bytes.fromhex("0000ff")
    assert read_event_record(0, RelativeDirection.NEXT).encode() == bytes.fromhex("000001")
    assert read_event_record(513, RelativeDirection.THIS).encode() == bytes.fromhex("020100")


def test_a_direction_that_is_none_is_the_callers_mistake() -> None:
    with pytest.raises(LocalProtocolError, match="-1 PREVIOUS, 0 THIS, 1 NEXT"):
        read_event_record(0, 2)  # type: ignore[arg-type]


def test_another_event_than_the_one_asked_for_is_refused() -> None:
    request = ReadEventRecord(7, RelativeDirection.THIS)
    with pytest.raises(RemoteProtocolError, match="asked for event 7, answered with event 9"):
        request.accept(event(128))
