"""Durations: one byte for seconds, minutes or hours (20P00 §CONTROLLER COMMAND, §USER SETTING PROPERTIES)."""

import json
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import LocalProtocolError
from omnilink_sansio.objects import duration_seconds, encode_duration
from tests.rows import each_row


class DurationRange(TypedDict):
    """What a range of duration bytes means."""

    range: tuple[int, int]
    meaning: str
    offset: NotRequired[int]


_ENCODINGS = (Path(__file__).parent.parent / "tables" / "encodings.json").read_text("utf-8")
RANGES: list[DurationRange] = json.loads(_ENCODINGS)["duration"]
UNDEFINED: list[int] = json.loads(_ENCODINGS)["duration_undefined"]

UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}


def _of_table(raw: int) -> int | None:
    """Return the seconds of a byte as the protocol table has it."""
    for row in RANGES:
        low, high = row["range"]
        if low <= raw <= high:
            if row["meaning"] == "no limit":
                return 0
            if row["meaning"] in UNITS:
                return (raw - row["offset"]) * UNITS[row["meaning"]]
            assert row["meaning"] == "user setting number"
            return None
    assert raw in UNDEFINED
    return None


SAYABLE = {seconds for raw in range(256) if (seconds := _of_table(raw)) is not None}


@each_row("raw", range(256))
def test_every_byte_means_what_the_protocol_table_says(raw: int) -> None:
    assert duration_seconds(raw) == _of_table(raw)


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [(0, 0), (1, 1), (99, 99), (101, 60), (199, 5940), (201, 3600), (218, 64800)],
)
def test_ends_of_the_ranges(raw: int, seconds: int) -> None:
    assert duration_seconds(raw) == seconds


@pytest.mark.parametrize("raw", [100, 200, 219, 255])
def test_bytes_without_a_length_of_their_own(raw: int) -> None:
    assert duration_seconds(raw) is None


@each_row("seconds", sorted(SAYABLE))
def test_every_length_that_a_byte_can_say_is_said(seconds: int) -> None:
    raw = encode_duration(seconds)
    assert _of_table(raw) == seconds


@each_row("raw", [raw for raw in range(256) if _of_table(raw) is not None])
def test_a_byte_that_was_read_is_written_as_a_byte_that_says_the_same(raw: int) -> None:
    seconds = duration_seconds(raw)
    assert seconds is not None
    # A minute can be said twice, as 60 s and as 1 min, and so can an hour.
    if len([other for other in range(256) if _of_table(other) == seconds]) == 1:
        assert encode_duration(seconds) == raw
    assert _of_table(encode_duration(seconds)) == seconds


@given(seconds=st.integers(-(10**6), 10**6).filter(lambda seconds: seconds not in SAYABLE))
def test_a_length_that_no_byte_says_is_refused_and_named(seconds: int) -> None:
    with pytest.raises(LocalProtocolError, match=rf"{seconds} s cannot be said exactly"):
        encode_duration(seconds)


@each_row("seconds", [-1, 100, 119, 121, 5941, 6000, 5999, 3601, 64801, 68400])
def test_lengths_beside_those_that_a_byte_says_are_refused(seconds: int) -> None:
    assert seconds not in SAYABLE
    with pytest.raises(LocalProtocolError, match="whole minutes up to 99 or whole hours up to 18"):
        encode_duration(seconds)
