"""Units: lights, outputs, flags, rooms (20P00 §UNIT PROPERTIES, §UNIT STATUS)."""

from collections.abc import Mapping
from enum import Flag, IntEnum, auto, unique
from types import MappingProxyType
from typing import ClassVar

from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord, areas_in
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U8, U16, Name13, OptionalU8, Tail, member_or_number, record

__all__ = ["UnitProperties", "UnitScene", "UnitState", "UnitStatus", "UnitType"]

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


@unique
class UnitScene(IntEnum):
    """Scenes of HLC rooms and Lightolier Compose units, as states and commands number them."""

    OFF = 0
    ON = 1
    A = 2
    B = 3
    C = 4
    D = 5
    E = 6
    F = 7
    G = 8
    H = 9
    I = 10  # noqa: E741 - the vendor's letter
    J = 11
    K = 12
    L = 13


class _Reads(Flag):
    """What a state byte above 1 may mean."""

    SWITCH = 0
    LEVEL = auto()
    SCENE = auto()
    STEPS = auto()
    COUNT = auto()


_READS: Mapping[int, _Reads] = MappingProxyType(
    {
        UnitType.STANDARD: _Reads.LEVEL | _Reads.STEPS,
        UnitType.EXTENDED: _Reads.LEVEL | _Reads.STEPS,
        UnitType.COMPOSE: _Reads.SCENE | _Reads.STEPS,
        UnitType.UPB: _Reads.LEVEL,
        UnitType.OUTPUT: _Reads.SWITCH,
        UnitType.FLAG: _Reads.COUNT,
    }
)
"""20P00 §UNIT STATUS has a table for these types; the bytes of all others are read as what they fit."""

_ANY = _Reads.LEVEL | _Reads.SCENE | _Reads.STEPS
_DIM = range(17, 26)
_BRIGHTEN = range(33, 42)
_BLINKING = 26


class _StateByte:
    """The decoded views of the unit state byte (20P00 §UNIT STATUS)."""

    __slots__ = ()

    state: int

    @property
    def _reads(self) -> _Reads:
        return _ANY

    @property
    def is_on(self) -> bool:
        """Whether the unit is on at all: neither off nor at level 0 percent, nor a count of 0."""
        return self.state != _OFF and (_Reads.LEVEL not in self._reads or self.state != LEVEL_OFFSET)

    @property
    def level(self) -> int | None:
        """The level in percent: 0 when off, 100 when on, None when the state is a scene, a step or a count."""
        if _Reads.COUNT not in self._reads and self.state in (_OFF, _ON):
            return self.state * 100
        is_level = _Reads.LEVEL in self._reads and LEVEL_OFFSET <= self.state <= LEVEL_OFFSET + 100
        return self.state - LEVEL_OFFSET if is_level else None

    @property
    def scene(self) -> UnitScene | None:
        """The scene A to L that is set, None for any other state."""
        is_scene = _Reads.SCENE in self._reads and UnitScene.A <= self.state <= UnitScene.L
        return UnitScene(self.state) if is_scene else None

    @property
    def dim_steps(self) -> int | None:
        """By how many steps, 1 to 9, the unit was last dimmed; None for any other state."""
        return self._step(_DIM)

    @property
    def brighten_steps(self) -> int | None:
        """By how many steps, 1 to 9, the unit was last brightened; None for any other state."""
        return self._step(_BRIGHTEN)

    def _step(self, states: range) -> int | None:
        if _Reads.STEPS not in self._reads or self.state not in states:
            return None
        return self.state - states.start + 1

    @property
    def count(self) -> int | None:
        """The count, 0 to 255, of a flag, which may serve as a counter; None for other units."""
        return self.state if _Reads.COUNT in self._reads else None

    @property
    def is_blinking(self) -> bool:
        """Whether a light blinks (known from the field only)."""
        return self.state == _BLINKING and _Reads.LEVEL in self._reads


@frozen
class UnitState(_StateByte):
    """A state byte read as that of a unit type, which status does not contain: see `UnitStatus.state_of`."""

    state: int
    unit_type: int

    @property
    def _reads(self) -> _Reads:
        return _READS.get(self.unit_type, _ANY)


@record
class UnitProperties(_StateByte, ObjectProperties):
    """A unit's configuration, state and name (20P00 §UNIT PROPERTIES)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.UNIT

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
    def area_numbers(self) -> tuple[int, ...] | None:
        """The numbers of its areas; None when the firmware does not report them."""
        return areas_in(self.areas)

    @property
    def kind(self) -> UnitType | int:
        """The unit type by name, or its number when unknown."""
        return member_or_number(UnitType, self.unit_type)

    @property
    def _reads(self) -> _Reads:
        return _READS.get(self.unit_type, _ANY)


@record
class UnitStatus(_StateByte, ObjectStatusRecord):
    """A unit's state (20P00 §UNIT STATUS).

    Whether the byte is a level or the count of a flag, only the unit's properties show, not its status.
    """

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.UNIT
    TIMERS: ClassVar[frozenset[str]] = frozenset({"seconds_left"})
    READINGS: ClassVar[frozenset[str]] = frozenset({"tail"})

    index: U16
    state: U8
    """0 off, 1 on, 100 to 200 level; scenes, steps and counts depend on the unit's type."""
    seconds_left: U16
    """Seconds until a timed state ends; 0: not timed."""
    tail: Tail = b""
    """Newer firmware appends two bytes, reported to be watts of ZigBee units."""

    def state_of(self, unit_type: int) -> UnitState:
        """Return the state read as that of a unit type, which the unit's properties contain."""
        return UnitState(self.state, unit_type)

    @property
    def power_watts(self) -> int | None:
        """Power in watts of ZigBee units on newer firmware; None when not reported (known from the field)."""
        return int.from_bytes(self.tail[:2], "big") if len(self.tail) >= 2 else None
