"""Properties of one object, of all objects of a kind, and their names."""

# pyright: reportOverlappingOverload=false
# Overloads that differ in what a list holds are unsafe where it is shared: these are made anew for each caller.

from collections.abc import Sequence
from typing import Literal, overload

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.objects.access_control import AccessControlReaderProperties
from omnilink_sansio.messages.objects.area import AreaProperties
from omnilink_sansio.messages.objects.audio import AudioSourceProperties, AudioZoneProperties
from omnilink_sansio.messages.objects.auxiliary_sensor import AuxSensorProperties
from omnilink_sansio.messages.objects.button import ButtonProperties
from omnilink_sansio.messages.objects.code import CodeProperties
from omnilink_sansio.messages.objects.forms import OBJECT_TYPE_TO_PROPERTIES
from omnilink_sansio.messages.objects.message import MessageProperties
from omnilink_sansio.messages.objects.object_record import ObjectProperties
from omnilink_sansio.messages.objects.object_type import HIGHEST_OBJECT, OBJECT_TYPES, ObjectType
from omnilink_sansio.messages.objects.thermostat import ThermostatProperties
from omnilink_sansio.messages.objects.unit import UnitProperties
from omnilink_sansio.messages.objects.user_setting import UserSettingProperties
from omnilink_sansio.messages.objects.zone import ZoneProperties
from omnilink_sansio.messages.properties import NameFilter, RelativeDirection, RequestObjectProperties
from omnilink_sansio.messages.record import Record, member_of
from omnilink_sansio.messages.request import Request, mismatched_reply
from omnilink_sansio.operations.operation import Operation, ask
from omnilink_sansio.operations.walking import walk

__all__ = [
    "get_object_properties",
    "list_access_control_reader_names",
    "list_area_names",
    "list_audio_source_names",
    "list_audio_zone_names",
    "list_auxiliary_sensor_names",
    "list_button_names",
    "list_code_names",
    "list_message_names",
    "list_names",
    "list_objects",
    "list_thermostat_names",
    "list_unit_names",
    "list_user_setting_names",
    "list_zone_names",
]

_ROOM_FILTERS = (*range(32), 254, 255)


@overload
def get_object_properties(
    object_type: Literal[ObjectType.ZONE], index: int
) -> Operation[ZoneProperties | None]: ...
@overload
def get_object_properties(
    object_type: Literal[ObjectType.UNIT], index: int
) -> Operation[UnitProperties | None]: ...
@overload
def get_object_properties(
    object_type: Literal[ObjectType.BUTTON], index: int
) -> Operation[ButtonProperties | None]: ...
@overload
def get_object_properties(
    object_type: Literal[ObjectType.CODE], index: int
) -> Operation[CodeProperties | None]: ...
@overload
def get_object_properties(
    object_type: Literal[ObjectType.AREA], index: int
) -> Operation[AreaProperties | None]: ...
@overload
def get_object_properties(
    object_type: Literal[ObjectType.THERMOSTAT], index: int
) -> Operation[ThermostatProperties | None]: ...
@overload
def get_object_properties(
    object_type: Literal[ObjectType.MESSAGE], index: int
) -> Operation[MessageProperties | None]: ...
@overload
def get_object_properties(
    object_type: Literal[ObjectType.AUXILIARY_SENSOR], index: int
) -> Operation[AuxSensorProperties | None]: ...
@overload
def get_object_properties(
    object_type: Literal[ObjectType.AUDIO_SOURCE], index: int
) -> Operation[AudioSourceProperties | None]: ...
@overload
def get_object_properties(
    object_type: Literal[ObjectType.AUDIO_ZONE], index: int
) -> Operation[AudioZoneProperties | None]: ...
@overload
def get_object_properties(
    object_type: Literal[ObjectType.USER_SETTING], index: int
) -> Operation[UserSettingProperties | None]: ...
@overload
def get_object_properties(
    object_type: Literal[ObjectType.ACCESS_CONTROL_READER], index: int
) -> Operation[AccessControlReaderProperties | None]: ...
@overload
def get_object_properties(object_type: int, index: int) -> Operation[ObjectProperties | None]: ...
def get_object_properties(object_type: int, index: int) -> Operation[ObjectProperties | None]:
    """Return an object's configuration, state and name; None when there is no object of that number.

    Raises `LocalProtocolError` for a kind of object that has no properties, `CommandFailedError` when the
    controller refuses, `RemoteProtocolError` when it answers with another object (20P00 §OBJECT PROPERTIES).
    """
    form = properties_form(object_type)
    if not 1 <= index <= HIGHEST_OBJECT:
        raise LocalProtocolError(f"objects are numbered 1 to {HIGHEST_OBJECT}, there is no object {index!r}")
    request = RequestObjectProperties(object_type=object_type, index=index)
    properties = yield from ask(request)
    if properties is None:
        return None
    if not isinstance(properties, form) or properties.index != index:
        raise mismatched_reply(request, f"object {index} of type {object_type}", "another")
    return properties


@overload
def list_objects(
    object_type: Literal[ObjectType.ZONE],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[ZoneProperties]]: ...
@overload
def list_objects(
    object_type: Literal[ObjectType.UNIT],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[UnitProperties]]: ...
@overload
def list_objects(
    object_type: Literal[ObjectType.BUTTON],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[ButtonProperties]]: ...
@overload
def list_objects(
    object_type: Literal[ObjectType.CODE],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[CodeProperties]]: ...
@overload
def list_objects(
    object_type: Literal[ObjectType.AREA],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[AreaProperties]]: ...
@overload
def list_objects(
    object_type: Literal[ObjectType.THERMOSTAT],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[ThermostatProperties]]: ...
@overload
def list_objects(
    object_type: Literal[ObjectType.MESSAGE],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[MessageProperties]]: ...
@overload
def list_objects(
    object_type: Literal[ObjectType.AUXILIARY_SENSOR],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[AuxSensorProperties]]: ...
@overload
def list_objects(
    object_type: Literal[ObjectType.AUDIO_SOURCE],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[AudioSourceProperties]]: ...
@overload
def list_objects(
    object_type: Literal[ObjectType.AUDIO_ZONE],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[AudioZoneProperties]]: ...
@overload
def list_objects(
    object_type: Literal[ObjectType.USER_SETTING],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[UserSettingProperties]]: ...
@overload
def list_objects(
    object_type: Literal[ObjectType.ACCESS_CONTROL_READER],
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[AccessControlReaderProperties]]: ...
@overload
def list_objects(
    object_type: int,
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[list[ObjectProperties]]: ...
def list_objects(
    object_type: int,
    name_filter: NameFilter = NameFilter.ANY,
    area_filter: int = 0,
    room_filter: int = 0,
) -> Operation[Sequence[ObjectProperties]]:
    """Return the properties of all objects of a kind that pass the filters, in the order of their numbers.

    ``area_filter`` has bit 0 for area 1, 0 being no filter; ``room_filter`` is 1 to 31 for the loads of a room,
    254 for rooms, 255 for other loads. A filter that the kind of object does not have is not sent. Never passes a
    part off as the whole: raises `LocalProtocolError` for a kind without properties, `CommandFailedError` when the
    controller refuses, `RemoteProtocolError` when its answers do not lead on.
    """
    form = properties_form(object_type)
    forms = OBJECT_TYPES[object_type]
    names = member_of(NameFilter, name_filter)
    if area_filter not in range(256) or room_filter not in _ROOM_FILTERS:
        raise LocalProtocolError("an area filter is 8 bits, a room filter is 0, 1 to 31, 254 or 255")

    def next_after(index: int) -> Request[Record | None]:
        return RequestObjectProperties(
            object_type=object_type,
            index=index,
            direction=RelativeDirection.NEXT,
            name_filter=names,
            area_filter=area_filter if forms.area_filter else 0,
            room_filter=room_filter if forms.room_filter else 0,
        )

    def number_of(properties: Record) -> int | None:
        return properties.index if isinstance(properties, form) else None

    found = yield from walk(next_after, number_of, HIGHEST_OBJECT)
    return [properties for properties in found if isinstance(properties, form)]


def list_names(object_type: int) -> Operation[dict[int, str]]:
    """Return the names of all named objects of a kind, by number."""
    found = yield from list_objects(object_type, NameFilter.NAMED)
    return {properties.index: properties.name for properties in found if properties.name}


def list_zone_names() -> Operation[dict[int, str]]:
    """Return the names of all named zones, by number."""
    return list_names(ObjectType.ZONE)


def list_unit_names() -> Operation[dict[int, str]]:
    """Return the names of all named units, by number."""
    return list_names(ObjectType.UNIT)


def list_button_names() -> Operation[dict[int, str]]:
    """Return the names of all named buttons, by number."""
    return list_names(ObjectType.BUTTON)


def list_code_names() -> Operation[dict[int, str]]:
    """Return the names of all named codes' users, by code number."""
    return list_names(ObjectType.CODE)


def list_area_names() -> Operation[dict[int, str]]:
    """Return the names of all named areas, by number."""
    return list_names(ObjectType.AREA)


def list_thermostat_names() -> Operation[dict[int, str]]:
    """Return the names of all named thermostats, by number."""
    return list_names(ObjectType.THERMOSTAT)


def list_message_names() -> Operation[dict[int, str]]:
    """Return the texts of all messages that have one, by number."""
    return list_names(ObjectType.MESSAGE)


def list_auxiliary_sensor_names() -> Operation[dict[int, str]]:
    """Return the names of all named auxiliary sensors, by number."""
    return list_names(ObjectType.AUXILIARY_SENSOR)


def list_audio_source_names() -> Operation[dict[int, str]]:
    """Return the names of all named audio sources, by number."""
    return list_names(ObjectType.AUDIO_SOURCE)


def list_audio_zone_names() -> Operation[dict[int, str]]:
    """Return the names of all named audio zones, by number."""
    return list_names(ObjectType.AUDIO_ZONE)


def list_user_setting_names() -> Operation[dict[int, str]]:
    """Return the names of all named user settings, by number (firmware 3.0)."""
    return list_names(ObjectType.USER_SETTING)


def list_access_control_reader_names() -> Operation[dict[int, str]]:
    """Return the names of all named access control readers, by number (firmware 3.0)."""
    return list_names(ObjectType.ACCESS_CONTROL_READER)


def properties_form(object_type: int) -> type[ObjectProperties]:
    """Return the record that has the properties of a kind of object; raises `LocalProtocolError` if none has."""
    form = OBJECT_TYPE_TO_PROPERTIES.get(object_type)
    if form is None:
        allowed = ", ".join(ObjectType(kind).name for kind in OBJECT_TYPE_TO_PROPERTIES)
        raise LocalProtocolError(f"{object_type!r} has no properties; those that have: {allowed}")
    return form
