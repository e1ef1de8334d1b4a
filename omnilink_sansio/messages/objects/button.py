"""Buttons: macros that a user can start (20P00 §BUTTON PROPERTIES). They have no status."""

from typing import ClassVar

from omnilink_sansio.messages.objects.object_record import ObjectProperties
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U16, Name13, Tail, record

__all__ = ["ButtonProperties"]


@record
class ButtonProperties(ObjectProperties):
    """A button's name (20P00 §BUTTON PROPERTIES)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.BUTTON

    index: U16
    raw_name: Name13
    tail: Tail = b""
