"""Audio sources and zones of a house."""

from dataclasses import dataclass, field

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.names import SHORT_NAME
from omnilink_sansio.messages.objects.audio import AudioSourceProperties, AudioZoneProperties, AudioZoneStatus
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field

__all__ = ["AudioSource", "AudioZone"]

_MOST_FIELDS = 6


@dataclass(slots=True)
class AudioSource(HouseObject):
    """A source, and what it plays: up to six pairs of a field ID and a text."""

    fields: list[tuple[int, str]] = field(default_factory=list)
    sequence: int = 0
    """To be changed whenever ``fields`` is."""

    def check(self) -> None:
        """Raise `LocalProtocolError` for more fields than a source can have."""
        if len(self.fields) > _MOST_FIELDS:
            raise LocalProtocolError(
                f"an audio source has up to {_MOST_FIELDS} fields, not {len(self.fields)}"
            )

    def properties(self, index: int, house: Surroundings) -> AudioSourceProperties:
        """Its properties."""
        return AudioSourceProperties(index, name_field(self.name, SHORT_NAME, house))


@dataclass(slots=True)
class AudioZone(HouseObject):
    """A zone that plays a source."""

    power: bool = False
    source: int = 1
    volume: int = 30
    """In percent."""
    mute: bool = False

    def properties(self, index: int, house: Surroundings) -> AudioZoneProperties:
        """Its properties now."""
        return AudioZoneProperties(index, *self._playing(), name_field(self.name, SHORT_NAME, house))

    def status(self, index: int, house: Surroundings) -> AudioZoneStatus:
        """Its state now."""
        del house
        return AudioZoneStatus(index, *self._playing())

    def _playing(self) -> tuple[int, int, int, int]:
        return int(self.power), self.source, self.volume, int(self.mute)
