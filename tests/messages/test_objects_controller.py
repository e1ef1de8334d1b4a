"""The decoded views of the controller itself: model, firmware, clock, alarms and formats."""

import dataclasses
import json
from pathlib import Path
from typing import Any, TypedDict

import pytest

from omnilink_sansio.objects import Alarms, Weekday
from omnilink_sansio.system import (
    ControllerModel,
    DateFormat,
    SystemFormats,
    SystemInformation,
    SystemStatus,
    TemperatureFormat,
    TimeFormat,
)
from tests.rows import each_row

_TABLES = Path(__file__).parent.parent / "tables"


class ModelRow(TypedDict):
    """One model of controller."""

    number: int
    name: str


MODELS: list[ModelRow] = json.loads((_TABLES / "models.json").read_text("utf-8"))


def test_models_have_the_numbers_of_the_protocol_table() -> None:
    table = {row["name"]: row["number"] for row in MODELS}
    for model in ControllerModel:
        assert table.get(model.name) == model.value
    # The models of 20P00 are all there.
    assert {16, 30, 36, 37} <= {model.value for model in ControllerModel}


def _information(**fields: Any) -> SystemInformation:
    return dataclasses.replace(SystemInformation(16, 2, 16, 0, b"5551234".ljust(25, b"\0")), **fields)


@pytest.mark.parametrize(
    ("revision", "text"),
    [(0, "2.16"), (1, "2.16a"), (2, "2.16b"), (26, "2.16z"), (-1, "2.16X1"), (-2, "2.16X2")],
)
def test_firmware_as_the_vendor_writes_it(revision: int, text: str) -> None:
    assert _information(revision=revision).firmware_version == text


def test_no_revision_byte_is_without_a_text() -> None:
    texts = {_information(revision=revision).firmware_version for revision in range(-128, 128)}
    assert len(texts) == 256


def test_models_by_name_or_number() -> None:
    assert _information().controller_model is ControllerModel.OMNI_PRO_II
    assert _information().model_name == "Omni Pro II"
    assert _information(model=30).model_name == "Omni IIe"
    assert _information(model=250).controller_model == 250
    assert _information(model=250).model_name == "model 250"
    assert _information().phone == "5551234"


@each_row("day", range(10))
def test_monday_is_the_first_day_of_the_week(day: int) -> None:
    status = SystemStatus.parse(bytes((1, 26, 1, 5, day)) + bytes(9))
    names = {
        1: "MONDAY",
        2: "TUESDAY",
        3: "WEDNESDAY",
        4: "THURSDAY",
        5: "FRIDAY",
        6: "SATURDAY",
        7: "SUNDAY",
    }
    if day in names:
        assert status.weekday is Weekday[names[day]]
    else:
        assert status.weekday == day


def test_alarms_of_the_system_are_pairs_of_area_and_bits() -> None:
    status = SystemStatus.parse(bytes(14) + bytes.fromhex("02020384"))
    assert [(pair.area, pair.alarm_kinds) for pair in status.alarms] == [
        (2, Alarms.FIRE),
        (3, Alarms.GAS | Alarms.TEMPERATURE),
    ]


def test_formats_by_name_or_number() -> None:
    formats = SystemFormats(2, 2, 2)
    assert formats.temperature_format is TemperatureFormat.CELSIUS
    assert formats.time_format is TimeFormat.HOURS_24
    assert formats.date_format is DateFormat.DAY_MONTH
    unknown = SystemFormats(0, 3, 255)
    assert (unknown.temperature_format, unknown.time_format, unknown.date_format) == (0, 3, 255)
