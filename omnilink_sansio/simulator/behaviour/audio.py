"""What happens to the audio zones and sources of a house."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType

from omnilink_sansio.messages.commands.audio_keys import AUDIO_KEYS, AudioSystem
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.system import SystemFeature
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.audio import AudioSource, AudioZone

__all__ = ["change_zones", "play_title", "press_key"]

_SYSTEMS: Mapping[SystemFeature, AudioSystem] = MappingProxyType(
    {
        SystemFeature.NUVO_CONCERTO: AudioSystem.NUVO,
        SystemFeature.NUVO_ESSENTIA_SIMPLESE: AudioSystem.NUVO,
        SystemFeature.NUVO_GRAND_CONCERTO: AudioSystem.NUVO_GRAND_CONCERTO,
        SystemFeature.RUSSOUND: AudioSystem.RUSSOUND,
        SystemFeature.HAI_HI_FI: AudioSystem.HAI_HI_FI,
        SystemFeature.XANTECH: AudioSystem.XANTECH,
        SystemFeature.SPEAKERCRAFT: AudioSystem.SPEAKERCRAFT,
        SystemFeature.PROFICIENT: AudioSystem.SPEAKERCRAFT,
    }
)
"""The audio system that a feature of the panel is for; without any it is HAI's own."""

_LOUDEST = 100
_VOLUME_STEP = 1
_MOST_SOURCES = 8


def change_zones(house: House, chosen: Iterable[int], change: Callable[[AudioZone], None]) -> None:
    """Change audio zones that are described."""
    for index in chosen:
        change(house.audio_zones[index])
        house.note((ObjectType.AUDIO_ZONE, index))


def _system(house: House) -> AudioSystem:
    found = (_SYSTEMS[feature] for feature in house.features if feature in _SYSTEMS)
    return next(found, AudioSystem.HAI_HI_FI)


def press_key(house: House, index: int, key: int) -> bool:
    """Press a key of the audio system for a zone; False when there is no such zone.

    Of keys that are the player's own, or that the system does not have, comes nothing that a message shows.
    """
    zone = house.use(ObjectType.AUDIO_ZONE, index)
    keys = {int(member): member.name for member in AUDIO_KEYS[_system(house)]}
    if not isinstance(zone, AudioZone):
        return False
    change = _KEYS.get(keys.get(key, ""))
    if change is not None:
        sources = house.capacity(ObjectType.AUDIO_SOURCE)
        change_zones(house, [index], lambda zone: change(zone, sources))
    return True


def _power(zone: AudioZone, _sources: int) -> None:
    zone.power = not zone.power


def _next_source(zone: AudioZone, sources: int) -> None:
    if sources:
        zone.source = zone.source % sources + 1


def _select_source(source: int, zone: AudioZone, sources: int) -> None:
    if source <= sources:
        zone.source = source


def _louder(zone: AudioZone, _sources: int) -> None:
    zone.volume = min(zone.volume + _VOLUME_STEP, _LOUDEST)


def _quieter(zone: AudioZone, _sources: int) -> None:
    zone.volume = max(zone.volume - _VOLUME_STEP, 0)


def _mute(zone: AudioZone, _sources: int) -> None:
    zone.mute = not zone.mute


_KEYS: Mapping[str, Callable[[AudioZone, int], None]] = MappingProxyType(
    {
        "POWER": _power,
        "SOURCE_STEP": _next_source,
        "VOLUME_UP": _louder,
        "VOLUME_DOWN": _quieter,
        "MUTE": _mute,
        **{
            f"SOURCE_SELECT_{number}": partial(_select_source, number)
            for number in range(1, _MOST_SOURCES + 1)
        },
    }
)
"""What keys do that change a zone, whatever their number is in the audio system."""


def play_title(house: House, index: int, text: str) -> bool:
    """Let a source play something else, its one field; False when there is no such source."""
    source = house.use(ObjectType.AUDIO_SOURCE, index)
    if not isinstance(source, AudioSource):
        return False
    source.fields = [(0, text)]
    source.sequence = (source.sequence + 1) % 256
    return True
