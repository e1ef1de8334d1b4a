"""Everything that a controller has: what it is, how many objects it supports, and the properties of each."""

# pyright: reportOverlappingOverload=false
# Overloads that differ in what a dict holds are unsafe where it is shared: these are made anew for each caller.

from collections.abc import Mapping
from typing import Literal, TypeVar, overload

from omnilink_sansio.errors import CommandFailedError
from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.objects.access_control import AccessControlReaderProperties
from omnilink_sansio.messages.objects.area import AreaProperties
from omnilink_sansio.messages.objects.audio import AudioSourceProperties, AudioZoneProperties
from omnilink_sansio.messages.objects.auxiliary_sensor import AuxSensorProperties
from omnilink_sansio.messages.objects.button import ButtonProperties
from omnilink_sansio.messages.objects.code import CodeProperties
from omnilink_sansio.messages.objects.forms import OBJECT_TYPE_TO_PROPERTIES
from omnilink_sansio.messages.objects.message import MessageProperties
from omnilink_sansio.messages.objects.object_record import ObjectProperties
from omnilink_sansio.messages.objects.object_type import OBJECT_TYPES, ObjectType
from omnilink_sansio.messages.objects.thermostat import ThermostatProperties
from omnilink_sansio.messages.objects.unit import UnitProperties
from omnilink_sansio.messages.objects.user_setting import UserSettingProperties
from omnilink_sansio.messages.objects.zone import ZoneProperties
from omnilink_sansio.messages.properties import NameFilter
from omnilink_sansio.messages.system import (
    RequestObjectTypeCapacities,
    RequestSystemFormats,
    RequestSystemInformation,
    SystemFormats,
    SystemInformation,
)
from omnilink_sansio.operations.operation import Operation, ask
from omnilink_sansio.operations.properties import list_objects, properties_form

__all__ = ["Inventory", "get_inventory"]


_P = TypeVar("_P", bound=ObjectProperties)


@frozen
class Inventory:
    """What a controller has. It is whole, as far as its filters go, or there is none."""

    information: SystemInformation
    formats: SystemFormats
    capacities: Mapping[ObjectType, int]
    """How many objects of each kind the controller supports, for the kinds of which it reports that."""
    objects: Mapping[ObjectType, Mapping[int, ObjectProperties]]
    """The properties of the objects of each kind, by number, for the kinds that the controller has."""

    @overload
    def of(self, kind: Literal[ObjectType.ZONE]) -> dict[int, ZoneProperties]: ...
    @overload
    def of(self, kind: Literal[ObjectType.UNIT]) -> dict[int, UnitProperties]: ...
    @overload
    def of(self, kind: Literal[ObjectType.BUTTON]) -> dict[int, ButtonProperties]: ...
    @overload
    def of(self, kind: Literal[ObjectType.CODE]) -> dict[int, CodeProperties]: ...
    @overload
    def of(self, kind: Literal[ObjectType.AREA]) -> dict[int, AreaProperties]: ...
    @overload
    def of(self, kind: Literal[ObjectType.THERMOSTAT]) -> dict[int, ThermostatProperties]: ...
    @overload
    def of(self, kind: Literal[ObjectType.MESSAGE]) -> dict[int, MessageProperties]: ...
    @overload
    def of(self, kind: Literal[ObjectType.AUXILIARY_SENSOR]) -> dict[int, AuxSensorProperties]: ...
    @overload
    def of(self, kind: Literal[ObjectType.AUDIO_SOURCE]) -> dict[int, AudioSourceProperties]: ...
    @overload
    def of(self, kind: Literal[ObjectType.AUDIO_ZONE]) -> dict[int, AudioZoneProperties]: ...
    @overload
    def of(self, kind: Literal[ObjectType.USER_SETTING]) -> dict[int, UserSettingProperties]: ...
    @overload
    def of(
        self, kind: Literal[ObjectType.ACCESS_CONTROL_READER]
    ) -> dict[int, AccessControlReaderProperties]: ...
    @overload
    def of(self, kind: type[_P]) -> dict[int, _P]: ...
    @overload
    def of(self, kind: int) -> dict[int, ObjectProperties]: ...
    def of(self, kind: int | type[ObjectProperties]) -> Mapping[int, ObjectProperties]:
        """Return the objects of one kind, by number: ``inventory.of(ObjectType.ZONE)``.

        The record of their properties names a kind as well: ``inventory.of(ZoneProperties)``. Raises
        `LocalProtocolError` for a kind of object that has no properties.
        """
        form = kind if isinstance(kind, type) else properties_form(kind)
        found = self.objects.get(form.OBJECT_TYPE, {})
        return {index: properties for index, properties in found.items() if isinstance(properties, form)}


def get_inventory(
    name_filter: NameFilter = NameFilter.ANY, area_filter: int = 0, room_filter: int = 0
) -> Operation[Inventory]:
    """Return what the controller has: capacities, then the properties of every object that passes the filters.

    The filters are those of `list_objects`. A kind of object of which the controller reports neither capacity nor
    properties is left out; whatever else fails, fails the whole. It takes a message an object: name filters
    make it shorter.
    """
    information = yield from ask(RequestSystemInformation())
    formats = yield from ask(RequestSystemFormats())
    capacities: dict[ObjectType, int] = {}
    for object_type in ObjectType:
        if OBJECT_TYPES[object_type].capacity and information.knows_object(object_type):
            capacity = yield from _capacity(object_type)
            if capacity is not None:
                capacities[object_type] = capacity
    objects: dict[ObjectType, Mapping[int, ObjectProperties]] = {}
    for object_type in map(ObjectType, OBJECT_TYPE_TO_PROPERTIES):
        if capacities.get(object_type) == 0 or not information.knows_object(object_type):
            continue
        try:
            found = yield from list_objects(object_type, name_filter, area_filter, room_filter)
        except CommandFailedError:
            # Of a kind whose capacity it reports a controller can report the rest too.
            if object_type in capacities:
                raise
            continue
        objects[object_type] = {properties.index: properties for properties in found}
    return Inventory(information, formats, capacities, objects)


def _capacity(object_type: ObjectType) -> Operation[int | None]:
    try:
        reply = yield from ask(RequestObjectTypeCapacities(object_type))
    except CommandFailedError:
        # Real controllers refuse to report how many auxiliary sensors there can be.
        return None
    return reply.capacity
