"""Units: lights, outputs, flags, rooms (20P00 §UNIT PROPERTIES, §UNIT STATUS)."""

from enum import IntEnum, unique
from typing import ClassVar

from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U8, U16, Name13, OptionalU8, Tail, member_or_number, record

__all__ = ["LEVEL_OFFSET", "UnitProperties", "UnitStatus", "UnitType"]

LEVEL_OFFSET = 100
"""A unit state of 100 to 200 is a level of 0 to 100 percent."""

_OFF = 0
_ON = 1


@unique
class UnitType(IntEnum):
    """What a unit is (20P00 §UNIT PROPERTIES; from 16 on known from the field only)."""

    STANDARD = 1
    EXTENDED = 2
    COMPOSE = 3
    UPB = 4
    HLC_ROOM = 5
    HLC_LOAD = 6
    LUMINA_MODE = 7
    RADIORA = 8
    CENTRALITE = 9
    VIZIARF_ROOM = 10
    VIZIARF_LOAD = 11
    FLAG = 12
    OUTPUT = 13
    AUDIO_ZONE = 14
    AUDIO_SOURCE = 15
    LUTRON_HOMEWORKS = 16
    CLIPSAL_C_BUS = 17
    DYNALITE = 18
    RADIORA2 = 19
    SOMFY_SDN = 20
    ZIGBEE = 21
    KNX = 22
    LUMANET = 23
    SOMFY_URTSI = 24


class _StateByte:
    """The decoded views of the unit state byte (20P00 §UNIT STATUS).

    The byte alone does not tell whether it is a level or the count of a flag: properties know, status does not.
    """

    __slots__ = ()

    state: int

    @property
    def is_on(self) -> bool:
        """Whether the unit is on at all: neither off nor at level 0 percent."""
        return _is_on(self.state)

    @property
    def level(self) -> int | None:
        """The level in percent: 0 when off, 100 when on, None when the state is a scene, a step or a count."""
        return _level(self.state)


def _is_on(state: int) -> bool:
    return state not in (_OFF, LEVEL_OFFSET)


def _level(state: int) -> int | None:
    if LEVEL_OFFSET <= state <= LEVEL_OFFSET + 100:
        return state - LEVEL_OFFSET
    return {_OFF: 0, _ON: 100}.get(state)


@record
class UnitProperties(_StateByte, ObjectProperties):
    """A unit's configuration, state and name (20P00 §UNIT PROPERTIES)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.UNIT
    PREFIX: ClassVar[bytes] = bytes((ObjectType.UNIT,))

    index: U16
    state: U8
    """0 off, 1 on, 100 to 200 level; scenes, steps and counts depend on the unit's type."""
    seconds_left: U16
    """Seconds until a timed state ends; 0: not timed."""
    unit_type: U8
    raw_name: Name13
    areas: OptionalU8 = None
    """Areas of the unit, bit 0 = area 1; not in 20P00, sent by newer firmware."""
    tail: Tail = b""

    @property
    def kind(self) -> UnitType | int:
        """The unit type by name, or its number when unknown."""
        return member_or_number(UnitType, self.unit_type)

    @property
    def is_on(self) -> bool:
        """Whether the unit is on at all: neither off nor at level 0 percent, which flags do not have."""
        return self.state != _OFF if self.kind is UnitType.FLAG else _is_on(self.state)

    @property
    def level(self) -> int | None:
        """The level in percent: 0 when off, 100 when on, None when the state is a scene, a step or a count."""
        if self.kind is UnitType.FLAG and self.state not in (_OFF, _ON):
            return None
        return _level(self.state)


@record
class UnitStatus(_StateByte, ObjectStatusRecord):
    """A unit's state (20P00 §UNIT STATUS)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.UNIT

    index: U16
    state: U8
    """0 off, 1 on, 100 to 200 level; scenes, steps and counts depend on the unit's type."""
    seconds_left: U16
    """Seconds until a timed state ends; 0: not timed."""
    tail: Tail = b""
    """Newer firmware appends two bytes, said to be watts of ZigBee units."""
