"""Audio keys against the protocol's table, system by system."""

import json
from pathlib import Path

import pytest

from omnilink_sansio.commands import AUDIO_KEYS, AudioSystem

TABLE = json.loads(
    (Path(__file__).parents[1] / "tables" / "audio_key_codes.json").read_text(encoding="utf-8")
)


def test_the_systems_are_those_of_the_table() -> None:
    assert (
        {system.name for system in AUDIO_KEYS} == set(TABLE["systems"]) == {item.name for item in AudioSystem}
    )
    assert len(set(AUDIO_KEYS.values())) == len(AUDIO_KEYS)


@pytest.mark.parametrize("system", AudioSystem)
def test_the_keys_of_a_system_are_those_of_the_table(system: AudioSystem) -> None:
    printed = {row[system.name]: row["value"] for row in TABLE["v2"] if system.name in row}
    assert {key.name: key.value for key in AUDIO_KEYS[system]} == printed
    assert 5 <= len(printed) <= 46
