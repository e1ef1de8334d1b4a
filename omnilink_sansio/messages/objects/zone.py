"""Zones: inputs of the alarm system (20P00 §ZONE PROPERTIES, §ZONE STATUS)."""

from enum import IntEnum, IntFlag, unique
from typing import ClassVar

from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U8, U16, Name16, Tail, member_or_number, record

__all__ = [
    "ZoneArming",
    "ZoneCondition",
    "ZoneLatchedAlarm",
    "ZoneOption",
    "ZoneProperties",
    "ZoneStatus",
    "ZoneType",
]


@unique
class ZoneType(IntEnum):
    """How the controller treats an input (20P00 §ZONE PROPERTIES; 66 and 67 are known from the field only)."""

    ENTRY_EXIT = 0
    PERIMETER = 1
    NIGHT_INTERIOR = 2
    AWAY_INTERIOR = 3
    DOUBLE_ENTRY_DELAY = 4
    QUADRUPLE_ENTRY_DELAY = 5
    LATCHING_PERIMETER = 6
    LATCHING_NIGHT_INTERIOR = 7
    LATCHING_AWAY_INTERIOR = 8
    PANIC = 16
    POLICE_EMERGENCY = 17
    DURESS = 18
    TAMPER = 19
    LATCHING_TAMPER = 20
    FIRE = 32
    FIRE_EMERGENCY = 33
    GAS_ALARM = 34
    AUXILIARY_EMERGENCY = 48
    TROUBLE = 49
    FREEZE = 54
    WATER = 55
    FIRE_TAMPER = 56
    AUXILIARY = 64
    KEYSWITCH_INPUT = 65
    SHUNT_LOCK = 66
    EXIT_TERMINATOR = 67
    PROGRAMMABLE_ENERGY_SAVER_MODULE = 80
    OUTDOOR_TEMPERATURE = 81
    TEMPERATURE = 82
    TEMPERATURE_ALARM = 83
    HUMIDITY = 84
    EXTENDED_RANGE_OUTDOOR_TEMPERATURE = 85
    EXTENDED_RANGE_TEMPERATURE = 86
    EXTENDED_RANGE_TEMPERATURE_ALARM = 87


@unique
class ZoneCondition(IntEnum):
    """The state of the input now (3 is known from the field only)."""

    SECURE = 0
    NOT_READY = 1
    TROUBLE = 2
    TAMPER = 3


@unique
class ZoneLatchedAlarm(IntEnum):
    """Whether the zone has caused an alarm."""

    SECURE = 0
    TRIPPED = 1
    RESET = 2


@unique
class ZoneArming(IntEnum):
    """Whether the zone can cause an alarm."""

    DISARMED = 0
    ARMED = 1
    BYPASSED_BY_USER = 2
    BYPASSED_BY_SYSTEM = 3


class ZoneOption(IntFlag):
    """Options of a zone."""

    CROSS_ZONING = 1
    SWINGER_SHUTDOWN = 2
    DIAL_OUT_DELAY = 4


class _StatusByte:
    """The decoded views of the zone status byte (20P00 §ZONE STATUS)."""

    __slots__ = ()

    status: int

    @property
    def condition(self) -> ZoneCondition:
        """The state of the input now (bits 0 and 1)."""
        return ZoneCondition(self.status & 3)

    @property
    def latched_alarm(self) -> ZoneLatchedAlarm | int:
        """Whether it has caused an alarm (bits 2 and 3)."""
        return member_or_number(ZoneLatchedAlarm, self.status >> 2 & 3)

    @property
    def arming(self) -> ZoneArming:
        """Whether it can cause an alarm (bits 4 and 5)."""
        return ZoneArming(self.status >> 4 & 3)

    @property
    def is_bypassed(self) -> bool:
        """Whether a user or the system has taken it out."""
        return self.arming in (ZoneArming.BYPASSED_BY_USER, ZoneArming.BYPASSED_BY_SYSTEM)

    @property
    def trouble_unacknowledged(self) -> bool:
        """Whether a trouble, possibly over by now, has not been acknowledged (bit 6)."""
        return bool(self.status & 0x40)


@record
class ZoneProperties(_StatusByte, ObjectProperties):
    """A zone's configuration, state and name (20P00 §ZONE PROPERTIES)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.ZONE

    index: U16
    status: U8
    """Condition, latched alarm and arming, in bits."""
    loop: U8
    """The analog reading of the loop, or the raw temperature or humidity of a sensor."""
    zone_type: U8
    area: U8
    """The area that the zone belongs to, 1 to 8."""
    options: U8
    raw_name: Name16
    tail: Tail = b""

    @property
    def kind(self) -> ZoneType | int:
        """The zone type by name, or its number when unknown."""
        return member_or_number(ZoneType, self.zone_type)

    @property
    def option_flags(self) -> ZoneOption:
        """The options by name."""
        return ZoneOption(self.options)


@record
class ZoneStatus(_StatusByte, ObjectStatusRecord):
    """A zone's state (20P00 §ZONE STATUS)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.ZONE
    READINGS: ClassVar[frozenset[str]] = frozenset({"loop"})

    index: U16
    status: U8
    """Condition, latched alarm and arming, in bits."""
    loop: U8
    """The analog reading of the loop, or the raw temperature or humidity of a sensor."""
    tail: Tail = b""
