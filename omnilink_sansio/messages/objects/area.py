"""Areas: parts of the alarm system that are armed on their own (20P00 §AREA PROPERTIES, §AREA STATUS)."""

from enum import IntEnum, IntFlag, unique
from typing import ClassVar

from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U8, U16, Name13, Tail, member_or_number, record

__all__ = [
    "AlarmType",
    "Alarms",
    "AreaProperties",
    "AreaStatus",
    "LuminaMode",
    "SecurityMode",
]

EXIT_DELAY_BIT = 8
"""Set in the mode byte while the exit delay runs; many panels set only the exit timer."""

_MODE_BITS = 7


@unique
class SecurityMode(IntEnum):
    """How an area is armed. Lumina controllers have `LuminaMode` instead."""

    OFF = 0
    DAY = 1
    NIGHT = 2
    AWAY = 3
    VACATION = 4
    DAY_INSTANT = 5
    NIGHT_DELAYED = 6


@unique
class LuminaMode(IntEnum):
    """Modes of a Lumina controller, which has no alarm system of its own (10P17 §APPENDIX C)."""

    HOME = 1
    SLEEP = 2
    AWAY = 3
    VACATION = 4
    PARTY = 5
    SPECIAL = 6


@unique
class AlarmType(IntEnum):
    """Kinds of alarm, as events and the event log number them (10P17 §APPENDIX C); on Lumina 5, 6 and 8."""

    BURGLARY = 1
    FIRE = 2
    GAS = 3
    AUXILIARY = 4
    FREEZE = 5
    WATER = 6
    DURESS = 7
    TEMPERATURE = 8


class Alarms(IntFlag):
    """Kinds of alarm, one bit each (20P00 §SYSTEM STATUS)."""

    BURGLARY = 0x01
    FIRE = 0x02
    GAS = 0x04
    AUXILIARY = 0x08
    FREEZE = 0x10
    WATER = 0x20
    DURESS = 0x40
    TEMPERATURE = 0x80


class _ModeByte:
    """The decoded views of an area's mode, alarms and timers (20P00 §AREA STATUS)."""

    __slots__ = ()

    mode: int
    alarms: int
    exit_timer: int

    @property
    def security_mode(self) -> SecurityMode | int:
        """The mode that the area is in, or goes to when the exit delay is over."""
        return member_or_number(SecurityMode, self.mode & _MODE_BITS)

    @property
    def lumina_mode(self) -> LuminaMode | int:
        """The mode of a Lumina controller, which it is in or goes to when the delay is over."""
        return member_or_number(LuminaMode, self.mode & _MODE_BITS)

    @property
    def is_arming(self) -> bool:
        """Whether the exit delay runs: by the mode's bit 3, or by the timer as real panels report it."""
        return self.security_mode != SecurityMode.OFF and bool(self.mode & EXIT_DELAY_BIT or self.exit_timer)

    @property
    def is_armed(self) -> bool:
        """Whether the area is armed, with no exit delay left."""
        return self.security_mode != SecurityMode.OFF and not self.is_arming

    @property
    def alarm_kinds(self) -> Alarms:
        """The alarms that are on."""
        return Alarms(self.alarms)


@record
class AreaProperties(_ModeByte, ObjectProperties):
    """An area's configuration, state and name (20P00 §AREA PROPERTIES)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.AREA
    TIMERS: ClassVar[frozenset[str]] = frozenset({"entry_timer", "exit_timer"})

    index: U16
    mode: U8
    """Security mode in bits 0 to 2, bit 3 while the exit delay runs."""
    alarms: U8
    """Alarms that are on, in bits."""
    entry_timer: U8
    """Seconds left to disarm."""
    exit_timer: U8
    """Seconds left to leave."""
    enabled: U8
    """1 when the area is set up in the controller."""
    exit_delay: U8
    """Configured exit delay, seconds."""
    entry_delay: U8
    """Configured entry delay, seconds."""
    raw_name: Name13
    tail: Tail = b""

    @property
    def is_enabled(self) -> bool:
        """Whether the area is set up in the controller."""
        return bool(self.enabled)


@record
class AreaStatus(_ModeByte, ObjectStatusRecord):
    """An area's state (20P00 §AREA STATUS)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.AREA
    TIMERS: ClassVar[frozenset[str]] = frozenset({"entry_timer", "exit_timer"})

    index: U16
    mode: U8
    """Security mode in bits 0 to 2, bit 3 while the exit delay runs."""
    alarms: U8
    """Alarms that are on, in bits."""
    entry_timer: U8
    """Seconds left to disarm."""
    exit_timer: U8
    """Seconds left to leave."""
    tail: Tail = b""
