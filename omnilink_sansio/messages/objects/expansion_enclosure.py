"""Expansion enclosures (20P00 §EXPANSION ENCLOSURE STATUS). They have no properties."""

from typing import ClassVar

from omnilink_sansio.messages.objects.object_record import ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U8, U16, Tail, record

__all__ = ["ExpansionEnclosureStatus"]


@record
class ExpansionEnclosureStatus(ObjectStatusRecord):
    """An enclosure's link and battery. Some firmware never answers a request for it."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.EXPANSION_ENCLOSURE

    index: U16
    communications: U8
    """0 or 1; which of them is the failure is not printed in 20P00."""
    battery: U8
    """Battery reading; the vendor gives no scale."""
    tail: Tail = b""
