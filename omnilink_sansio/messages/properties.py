"""Asking for the properties of objects (20P00 §REQUEST OBJECT PROPERTIES, §OBJECT PROPERTIES)."""

from collections.abc import Mapping
from enum import IntEnum, unique
from typing import ClassVar

from omnilink_sansio.messages.objects.forms import OBJECT_TYPE_TO_PROPERTIES
from omnilink_sansio.messages.objects.object_record import ObjectProperties, UnknownProperties
from omnilink_sansio.messages.objects.object_type import object_title
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import S8, U8, U16, record
from omnilink_sansio.messages.request import Request, expect_or_end

__all__ = [
    "NameFilter",
    "RelativeDirection",
    "RequestObjectProperties",
    "parse_properties",
    "parse_short_properties",
]


@unique
class RelativeDirection(IntEnum):
    """Which object is asked for, relative to an index."""

    PREVIOUS = -1
    THIS = 0
    NEXT = 1


_WHERE: Mapping[int, str] = {RelativeDirection.NEXT: "after ", RelativeDirection.PREVIOUS: "before "}


@unique
class NameFilter(IntEnum):
    """Which objects `RelativeDirection.NEXT` and ``PREVIOUS`` stop at."""

    ANY = 0
    NAMED = 1
    UNNAMED = 2


def parse_properties(payload: bytes) -> ObjectProperties | UnknownProperties:
    """Read the payload of an object properties message; its first byte is the kind of object.

    Raises `RemoteProtocolError` when it is too short for that kind.
    """
    return _kind(payload).parse(payload)


def parse_short_properties(payload: bytes) -> ObjectProperties | UnknownProperties:
    """Read the payload of an object properties message whose name may be cut off (`Tolerance.SHORT_RECORDS`).

    Raises `RemoteProtocolError` when it ends before the name begins.
    """
    return _kind(payload).parse_short(payload)


def _kind(payload: bytes) -> type[ObjectProperties] | type[UnknownProperties]:
    return OBJECT_TYPE_TO_PROPERTIES.get(payload[0], UnknownProperties) if payload else UnknownProperties


@record
class RequestObjectProperties(Request[ObjectProperties | UnknownProperties | None]):
    """Ask for one object's properties: of an index, or of the next or previous object that passes the filters."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_OBJECT_PROPERTIES

    object_type: U8
    index: U16
    """Where to look; 0 to begin a walk."""
    direction: S8 = RelativeDirection.THIS
    name_filter: U8 = NameFilter.ANY
    area_filter: U8 = 0
    """Areas wanted, bit 0 = area 1 as real panels count; 0: no filter."""
    room_filter: U8 = 0
    """Units only: 0 any, 1 to 31 loads of that room, 254 rooms, 255 independent loads."""

    @property
    def title(self) -> str:
        """The request's name, the kind of object, and where it looks."""
        where = _WHERE.get(self.direction, "")
        return f"{type(self).__name__} {object_title(self.object_type)} {where}{self.index}"

    def accept(self, reply: Payload) -> ObjectProperties | UnknownProperties | None:
        """Return the properties, or None when there is no such object (END_OF_DATA)."""
        if isinstance(reply, ObjectProperties | UnknownProperties):
            return reply
        return expect_or_end(UnknownProperties, self, reply)
