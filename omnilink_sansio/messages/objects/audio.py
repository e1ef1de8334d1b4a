"""Audio sources and audio zones (20P00 §AUDIO SOURCE PROPERTIES, §AUDIO ZONE PROPERTIES, §AUDIO ZONE STATUS)."""

from typing import ClassVar

from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U8, U16, Name13, Tail, record

__all__ = ["AudioSourceProperties", "AudioZoneProperties", "AudioZoneStatus"]


@record
class AudioSourceProperties(ObjectProperties):
    """A source's name (20P00 §AUDIO SOURCE PROPERTIES). What it plays is asked for with `get_audio_metadata`."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.AUDIO_SOURCE

    index: U16
    raw_name: Name13
    tail: Tail = b""


class _Playing:
    """The decoded views that properties and status share."""

    __slots__ = ()

    power: int
    mute: int

    @property
    def is_on(self) -> bool:
        """Whether the zone plays."""
        return bool(self.power)

    @property
    def is_muted(self) -> bool:
        """Whether the zone is muted."""
        return bool(self.mute)


@record
class AudioZoneProperties(_Playing, ObjectProperties):
    """An audio zone's state and name (20P00 §AUDIO ZONE PROPERTIES)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.AUDIO_ZONE

    index: U16
    power: U8
    """0 off, 1 on."""
    source: U8
    """The source that it plays, from 1."""
    volume: U8
    """0 to 100 percent."""
    mute: U8
    """0 audible, 1 muted."""
    raw_name: Name13
    tail: Tail = b""


@record
class AudioZoneStatus(_Playing, ObjectStatusRecord):
    """An audio zone's state (20P00 §AUDIO ZONE STATUS)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.AUDIO_ZONE

    index: U16
    power: U8
    """0 off, 1 on."""
    source: U8
    """The source that it plays, from 1."""
    volume: U8
    """0 to 100 percent."""
    mute: U8
    """0 audible, 1 muted."""
    tail: Tail = b""
