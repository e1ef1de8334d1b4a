"""The decoded views of audio zones."""

import pytest

from omnilink_sansio.objects import AudioSourceProperties, AudioZoneProperties, AudioZoneStatus, encode_name


def _zones(power: int, mute: int) -> list[AudioZoneStatus | AudioZoneProperties]:
    return [
        AudioZoneStatus(3, power, 2, 40, mute),
        AudioZoneProperties(3, power, 2, 40, mute, encode_name("PATIO", 13)),
    ]


@pytest.mark.parametrize("power", [0, 1])
@pytest.mark.parametrize("mute", [0, 1])
def test_an_audio_zone_is_on_and_muted_with_1(power: int, mute: int) -> None:
    for zone in _zones(power, mute):
        assert zone.is_on == (power == 1)
        assert zone.is_muted == (mute == 1)


def test_an_audio_zone_tells_its_source_and_its_volume() -> None:
    zone = AudioZoneStatus.parse(bytes.fromhex("0003 01 04 64 00"))
    assert (zone.index, zone.is_on, zone.source, zone.volume, zone.is_muted) == (3, True, 4, 100, False)


def test_an_audio_source_has_a_name_and_nothing_else() -> None:
    source = AudioSourceProperties.parse(bytes.fromhex("09 0002") + b"TUNER\0" + bytes(7))
    assert (source.index, source.name) == (2, "TUNER")
