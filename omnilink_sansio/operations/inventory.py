"""Everything that a controller has: what it is, how many objects it supports, and the properties of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from omnilink_sansio.errors import CommandFailedError
from omnilink_sansio.messages.objects import (
    OBJECT_TYPE_TO_PROPERTIES,
    OBJECT_TYPES,
    ObjectProperties,
    ObjectType,
)
from omnilink_sansio.messages.properties import NameFilter
from omnilink_sansio.messages.system import (
    RequestObjectTypeCapacities,
    RequestSystemFormats,
    RequestSystemInformation,
    SystemFormats,
    SystemInformation,
)
from omnilink_sansio.operations.operation import Operation, ask
from omnilink_sansio.operations.properties import list_objects
from omnilink_sansio.operations.walk import nonsense

__all__ = ["Inventory", "get_inventory"]


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a controller has. It is whole, as far as its filters go, or there is none."""

    information: SystemInformation
    formats: SystemFormats
    capacities: Mapping[ObjectType, int]
    """How many objects of each kind the controller supports, for the kinds of which it tells."""
    objects: Mapping[ObjectType, Mapping[int, ObjectProperties]]
    """The properties of the objects of each kind, by number, for the kinds that the controller knows."""


def get_inventory(
    name_filter: NameFilter = NameFilter.ANY, area_filter: int = 0, room_filter: int = 0
) -> Operation[Inventory]:
    """Return what the controller has: capacities, then the properties of every object that passes the filters.

    The filters are those of `list_objects`. A kind of object that the controller refuses from the start is left
    out; whatever else fails, fails the whole. It takes a message an object: name filters make it shorter.
    """
    information = yield from ask(RequestSystemInformation())
    formats = yield from ask(RequestSystemFormats())
    capacities: dict[ObjectType, int] = {}
    for object_type in ObjectType:
        if OBJECT_TYPES[object_type].capacity:
            capacity = yield from _capacity(object_type)
            if capacity is not None:
                capacities[object_type] = capacity
    objects: dict[ObjectType, Mapping[int, ObjectProperties]] = {}
    for object_type in map(ObjectType, OBJECT_TYPE_TO_PROPERTIES):
        if capacities.get(object_type) == 0:
            objects[object_type] = MappingProxyType({})
            continue
        try:
            found = yield from list_objects(object_type, name_filter, area_filter, room_filter)
        except CommandFailedError:
            # Refused from the start: firmware that does not know this kind of object.
            continue
        objects[object_type] = MappingProxyType({properties.index: properties for properties in found})
    return Inventory(information, formats, MappingProxyType(capacities), MappingProxyType(objects))


def _capacity(object_type: ObjectType) -> Operation[int | None]:
    request = RequestObjectTypeCapacities(object_type)
    try:
        reply = yield from ask(request)
    except CommandFailedError:
        # Real controllers refuse to tell how many auxiliary sensors there can be.
        return None
    if reply.object_type != object_type:
        raise nonsense(request, f"object type {object_type}", f"{reply.object_type}")
    return reply.capacity
