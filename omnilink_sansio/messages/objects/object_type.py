"""The kinds of objects and what the protocol offers for each (20P00 §REQUEST OBJECT TYPE CAPACITIES, §OBJECT
PROPERTIES).
"""

from collections.abc import Mapping
from enum import IntEnum, unique
from types import MappingProxyType

from omnilink_sansio.frozen import frozen

__all__ = [
    "HIGHEST_AREA",
    "HIGHEST_OBJECT",
    "OBJECT_TYPES",
    "ObjectForms",
    "ObjectType",
]

HIGHEST_AREA = 8
"""There are no more areas (20P00 §SYSTEM STATUS); a controller's own limit may be lower."""
HIGHEST_OBJECT = 511
"""Object numbers end here (20P00 §REQUEST OBJECT PROPERTIES); a controller's own limit may be lower."""


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


@frozen
class ObjectForms:
    """Which messages serve a kind of object."""

    properties: bool
    status_record: int | None
    """Bytes of its record in an object status message; None: it has no status."""
    extended_record: int | None
    """Bytes of its record in an extended object status message, at least; later firmware may send more."""
    known_tail: int = 0
    """Bytes that newer firmware is known to append to its extended record."""
    area_filter: bool = False
    """Whether a walk through its properties can be limited to areas."""
    room_filter: bool = False
    """Whether a walk through its properties can be limited to rooms."""
    notified: bool = False
    """Whether controllers send its status unasked when it changes."""
    capacity: bool = True
    """Whether controllers report how many they support."""
    min_firmware: tuple[int, int] | None = None
    """Major and minor version of the first firmware that knows it, where the vendor prints one."""

    @property
    def longest_record(self) -> int | None:
        """Bytes that its record in an extended object status message is known to have at most."""
        return None if self.extended_record is None else self.extended_record + self.known_tail


OBJECT_TYPES: Mapping[int, ObjectForms] = MappingProxyType(
    {
        ObjectType.ZONE: ObjectForms(True, 4, 4, area_filter=True, notified=True),
        ObjectType.UNIT: ObjectForms(
            True, 5, 5, known_tail=2, area_filter=True, room_filter=True, notified=True
        ),
        ObjectType.BUTTON: ObjectForms(True, None, None, area_filter=True),
        ObjectType.CODE: ObjectForms(True, None, None, area_filter=True),
        ObjectType.AREA: ObjectForms(True, 6, 6, notified=True),
        ObjectType.THERMOSTAT: ObjectForms(True, 9, 14, area_filter=True, notified=True),
        ObjectType.MESSAGE: ObjectForms(True, 3, 3, area_filter=True, notified=True),
        ObjectType.AUXILIARY_SENSOR: ObjectForms(True, 6, 6, area_filter=True, notified=True),
        ObjectType.AUDIO_SOURCE: ObjectForms(True, None, None),
        ObjectType.AUDIO_ZONE: ObjectForms(True, 6, 6, notified=True),
        ObjectType.EXPANSION_ENCLOSURE: ObjectForms(False, 4, 4),
        ObjectType.CONSOLE: ObjectForms(False, None, None),
        ObjectType.USER_SETTING: ObjectForms(True, 5, 5, min_firmware=(3, 0)),
        ObjectType.ACCESS_CONTROL_READER: ObjectForms(True, 4, 4, notified=True, min_firmware=(3, 0)),
        ObjectType.ACCESS_CONTROL_READER_LOCK: ObjectForms(
            False, 5, 5, notified=True, capacity=False, min_firmware=(3, 0)
        ),
    }
)
"""One row a kind of object."""


def object_title(object_type: int) -> str:
    """Return the name of a kind of object for texts, or its number when unknown."""
    known = object_type in OBJECT_TYPES
    return ObjectType(object_type).name if known else f"type {object_type}"
