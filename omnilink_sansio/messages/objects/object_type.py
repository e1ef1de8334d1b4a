"""The kinds of objects and what the protocol offers for each (20P00 §REQUEST OBJECT TYPE CAPACITIES, §OBJECT
PROPERTIES).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, unique
from types import MappingProxyType

__all__ = ["OBJECT_TYPES", "ObjectForms", "ObjectType"]


@unique
class ObjectType(IntEnum):
    """What an object is. AccessControlLock is the lock part of a reader and has status only."""

    ZONE = 1
    UNIT = 2
    BUTTON = 3
    CODE = 4
    AREA = 5
    THERMOSTAT = 6
    MESSAGE = 7
    AUXILIARY_SENSOR = 8
    AUDIO_SOURCE = 9
    AUDIO_ZONE = 10
    EXPANSION_ENCLOSURE = 11
    CONSOLE = 12
    USER_SETTING = 13
    ACCESS_CONTROL_READER = 14
    ACCESS_CONTROL_READER_LOCK = 15


@dataclass(frozen=True, slots=True)
class ObjectForms:
    """Which messages serve a kind of object."""

    properties: bool
    status_record: int | None
    """Bytes of its record in an object status message; None: it has no status."""
    extended_record: int | None
    """Bytes of its record in an extended object status message, at least; later firmware may send more."""
    capacity: bool = True
    """Whether controllers tell how many they support."""


OBJECT_TYPES: Mapping[int, ObjectForms] = MappingProxyType(
    {
        ObjectType.ZONE: ObjectForms(True, 4, 4),
        ObjectType.UNIT: ObjectForms(True, 5, 5),
        ObjectType.BUTTON: ObjectForms(True, None, None),
        ObjectType.CODE: ObjectForms(True, None, None),
        ObjectType.AREA: ObjectForms(True, 6, 6),
        ObjectType.THERMOSTAT: ObjectForms(True, 9, 14),
        ObjectType.MESSAGE: ObjectForms(True, 3, 3),
        ObjectType.AUXILIARY_SENSOR: ObjectForms(True, 6, 6),
        ObjectType.AUDIO_SOURCE: ObjectForms(True, None, None),
        ObjectType.AUDIO_ZONE: ObjectForms(True, 6, 6),
        ObjectType.EXPANSION_ENCLOSURE: ObjectForms(False, 4, 4),
        ObjectType.CONSOLE: ObjectForms(False, None, None),
        ObjectType.USER_SETTING: ObjectForms(True, 5, 5),
        ObjectType.ACCESS_CONTROL_READER: ObjectForms(True, 4, 4),
        ObjectType.ACCESS_CONTROL_READER_LOCK: ObjectForms(False, 5, 5, capacity=False),
    }
)
"""One row a kind of object."""
