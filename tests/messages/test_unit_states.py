"""What the state byte of a unit means, by the unit's type (20P00 §UNIT STATUS)."""

import dataclasses
import json
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from omnilink_sansio.objects import UnitProperties, UnitScene, UnitState, UnitStatus, UnitType, encode_name
from tests.rows import each_row


class StateRange(TypedDict):
    """What a range of state bytes means."""

    range: tuple[int, int]
    name: str
    offset: NotRequired[int]


_TEXT = (Path(__file__).parent.parent / "tables" / "unit_states.json").read_text("utf-8")
TABLE: dict[str, list[StateRange]] = json.loads(_TEXT)
WITHOUT_A_TABLE: list[UnitType] = [UnitType[name] for name in json.loads(_TEXT)["unit_types_without_a_table"]]

# Which table a type goes by. Flags serve as counters too, so that both tables hold for them.
TABLES_OF = {
    UnitType.STANDARD: ["X10", "NOT_IN_TEXT"],
    UnitType.EXTENDED: ["X10", "NOT_IN_TEXT"],
    UnitType.COMPOSE: ["COMPOSE"],
    UnitType.UPB: ["UPB", "NOT_IN_TEXT"],
    UnitType.OUTPUT: ["VOLTAGE_OUTPUT"],
    UnitType.FLAG: ["COUNTER"],
}


@dataclasses.dataclass(frozen=True)
class Reading:
    """All that can be read from a state byte."""

    level: int | None = None
    scene: UnitScene | None = None
    dim_steps: int | None = None
    brighten_steps: int | None = None
    count: int | None = None
    is_blinking: bool = False


def _of_rows(rows: list[StateRange], state: int) -> Reading:
    for row in rows:
        low, high = row["range"]
        if not low <= state <= high:
            continue
        value = state - row.get("offset", 0)
        match row["name"]:
            case "OFF":
                return Reading(level=0)
            case "ON":
                return Reading(level=100)
            case "LEVEL_PERCENT":
                return Reading(level=value)
            case "SCENE":
                return Reading(scene=UnitScene["ABCDEFGHIJKL"[value - 1]])
            case "DIM":
                return Reading(dim_steps=value)
            case "BRIGHTEN":
                return Reading(brighten_steps=value)
            case "VALUE":
                return Reading(count=value)
            case "BLINK":
                return Reading(is_blinking=True)
            case name:
                raise AssertionError(name)
    return Reading()


def _of_type(unit_type: UnitType, state: int) -> Reading:
    return _of_rows([row for name in TABLES_OF[unit_type] for row in TABLE[name]], state)


def _read(unit: UnitProperties | UnitStatus | UnitState) -> Reading:
    return Reading(unit.level, unit.scene, unit.dim_steps, unit.brighten_steps, unit.count, unit.is_blinking)


def _unit(state: int, unit_type: int) -> UnitProperties:
    return UnitProperties(1, state, 0, unit_type, encode_name("HALL", 13))


def test_every_type_of_20p00_has_a_table_or_is_said_to_have_none() -> None:
    of_the_text = {unit_type for unit_type in UnitType if unit_type <= UnitType.AUDIO_SOURCE}
    assert set(TABLES_OF) | set(WITHOUT_A_TABLE) == of_the_text
    assert not set(TABLES_OF) & set(WITHOUT_A_TABLE)


@each_row("unit_type", TABLES_OF, ids=[unit_type.name for unit_type in TABLES_OF])
@each_row("state", range(256))
def test_every_state_means_what_the_table_of_its_type_says(unit_type: UnitType, state: int) -> None:
    expected = _of_type(unit_type, state)
    assert _read(_unit(state, unit_type)) == expected
    # Status does not tell the type: with it, it is read alike.
    assert _read(UnitStatus(1, state, 0).state_of(unit_type)) == expected


@each_row("unit_type", TABLES_OF, ids=[unit_type.name for unit_type in TABLES_OF])
@each_row("state", range(256))
def test_a_unit_is_on_unless_its_state_is_off_or_its_level_is_0(unit_type: UnitType, state: int) -> None:
    # 100 is level 0 percent, and so dark, for what has levels; for a flag it is any other value.
    is_dark = state == 0 or _of_type(unit_type, state).level == 0
    assert _unit(state, unit_type).is_on == (not is_dark)
    assert UnitStatus(1, state, 0).state_of(unit_type).is_on == (not is_dark)


@each_row(
    ("unit_type", "state", "expected"),
    [
        (UnitType.STANDARD, 17, Reading(dim_steps=1)),
        (UnitType.STANDARD, 25, Reading(dim_steps=9)),
        (UnitType.STANDARD, 33, Reading(brighten_steps=1)),
        (UnitType.EXTENDED, 41, Reading(brighten_steps=9)),
        (UnitType.STANDARD, 2, Reading()),
        (UnitType.STANDARD, 100, Reading(level=0)),
        (UnitType.UPB, 200, Reading(level=100)),
        (UnitType.UPB, 150, Reading(level=50)),
        (UnitType.UPB, 201, Reading()),
        (UnitType.UPB, 17, Reading()),
        (UnitType.COMPOSE, 2, Reading(scene=UnitScene.A)),
        (UnitType.COMPOSE, 13, Reading(scene=UnitScene.L)),
        (UnitType.COMPOSE, 14, Reading()),
        (UnitType.COMPOSE, 150, Reading()),
        (UnitType.OUTPUT, 1, Reading(level=100)),
        (UnitType.OUTPUT, 150, Reading()),
        (UnitType.FLAG, 0, Reading(count=0)),
        (UnitType.FLAG, 1, Reading(count=1)),
        (UnitType.FLAG, 150, Reading(count=150)),
        (UnitType.FLAG, 255, Reading(count=255)),
    ],
)
def test_states_at_the_ends_of_their_ranges(unit_type: UnitType, state: int, expected: Reading) -> None:
    assert _read(_unit(state, unit_type)) == expected


@each_row("state", range(256))
def test_a_state_of_an_unknown_type_is_read_as_what_it_fits_but_never_as_a_count(state: int) -> None:
    # The ranges of the tables for lights do not overlap, so a byte fits at most one of them.
    rows = [row for name in ("X10", "COMPOSE", "UPB", "NOT_IN_TEXT") for row in TABLE[name]]
    expected = _of_rows(rows, state)
    for unit_type in (*WITHOUT_A_TABLE, UnitType.ZIGBEE, 0, 99, 255):
        assert _read(_unit(state, unit_type)) == expected
    assert _read(UnitStatus(1, state, 0)) == expected


@each_row("state", range(256))
def test_status_alone_is_on_unless_off_or_at_level_0(state: int) -> None:
    assert UnitStatus(1, state, 0).is_on == (state not in (0, 100))


def test_scenes_are_numbered_as_states() -> None:
    # 2 = A to 13 = L (the table's offset 1), after off and on.
    (row,) = [row for row in TABLE["COMPOSE"] if row["name"] == "SCENE"]
    low, high = row["range"]
    assert [(scene.name, scene.value) for scene in UnitScene if scene > 1] == list(
        zip("ABCDEFGHIJKL", range(low, high + 1), strict=True)
    )
    assert (UnitScene.OFF, UnitScene.ON) == (0, 1)


def test_unit_properties_by_name() -> None:
    assert _unit(0, 4).kind is UnitType.UPB
    assert _unit(0, 99).kind == 99
    assert _unit(0, 4).name == "HALL"


@pytest.mark.parametrize(
    ("bits", "areas"),
    [(None, None), (0, ()), (1, (1,)), (0x80, (8,)), (0b110, (2, 3)), (255, (*range(1, 9),))],
)
def test_areas_of_a_unit_are_its_bits_from_area_1_on(bits: int | None, areas: tuple[int, ...] | None) -> None:
    assert UnitProperties(1, 0, 0, 4, bytes(13), bits).area_numbers == areas


@pytest.mark.parametrize(
    ("tail", "watts"), [(b"", None), (b"\1", None), (b"\0\0", 0), (b"\1\2", 258), (b"\1\2later", 258)]
)
def test_newer_firmware_appends_the_watts_of_a_unit(tail: bytes, watts: int | None) -> None:
    status = UnitStatus.parse(bytes.fromhex("0001 64 0000") + tail)
    assert status.power_watts == watts
    assert status.seconds_left == 0


def test_a_state_read_as_that_of_a_type_is_a_value() -> None:
    state = UnitStatus(1, 150, 0).state_of(UnitType.UPB)
    assert state == UnitState(150, UnitType.UPB)
    assert hash(state) == hash(UnitState(150, UnitType.UPB))
    assert state != UnitStatus(1, 150, 0).state_of(UnitType.FLAG)
    assert not hasattr(state, "__dict__")
    with pytest.raises(dataclasses.FrozenInstanceError):
        state.state = 0  # type: ignore[misc]
