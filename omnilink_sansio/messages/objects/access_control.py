"""Access control readers and their locks (20P00 §ACCESS CONTROL READER PROPERTIES, §ACCESS CONTROL READER STATUS,
§ACCESS CONTROL READER LOCK STATUS; firmware 3.0). A lock has its reader's number, and status only.
"""

from typing import ClassVar

from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U8, U16, Name16, Tail, record

__all__ = ["AccessControlLockStatus", "AccessControlReaderProperties", "AccessControlReaderStatus"]


class _Access:
    """The decoded view of a reader's last decision."""

    __slots__ = ()

    access: int

    @property
    def is_denied(self) -> bool:
        """Whether the last user was denied access."""
        return bool(self.access)


class _Lock:
    """The decoded view of a lock."""

    __slots__ = ()

    lock: int

    @property
    def is_locked(self) -> bool:
        """Whether the door is locked."""
        return not self.lock


@record
class AccessControlReaderProperties(_Access, _Lock, ObjectProperties):
    """A reader's lock, last decision and name (20P00 §ACCESS CONTROL READER PROPERTIES)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.ACCESS_CONTROL_READER

    index: U16
    lock: U8
    """0 locked, 1 unlocked."""
    seconds_left: U16
    """Seconds until the door locks itself; 0: not timed."""
    access: U8
    """0 granted, 1 denied."""
    last_user: U8
    """The code number of the last user."""
    raw_name: Name16
    tail: Tail = b""


@record
class AccessControlReaderStatus(_Access, ObjectStatusRecord):
    """A reader's last decision (20P00 §ACCESS CONTROL READER STATUS)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.ACCESS_CONTROL_READER

    index: U16
    access: U8
    """0 granted, 1 denied."""
    last_user: U8
    """The code number of the last user."""
    tail: Tail = b""


@record
class AccessControlLockStatus(_Lock, ObjectStatusRecord):
    """The state of a reader's lock (20P00 §ACCESS CONTROL READER LOCK STATUS)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.ACCESS_CONTROL_READER_LOCK
    TIMERS: ClassVar[frozenset[str]] = frozenset({"seconds_left"})

    index: U16
    lock: U8
    """0 locked, 1 unlocked."""
    seconds_left: U16
    """Seconds until the door locks itself; 0: not timed."""
    tail: Tail = b""
