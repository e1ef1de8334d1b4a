"""Walking through the properties of all objects of a kind."""

from omnilink_sansio.enums import Fault
from omnilink_sansio.errors import LocalProtocolError, RemoteProtocolError
from omnilink_sansio.messages.objects import OBJECT_TYPE_TO_PROPERTIES, ObjectProperties, ObjectType
from omnilink_sansio.messages.properties import NameFilter, RelativeDirection, RequestObjectProperties
from omnilink_sansio.operations.operation import Operation, ask

__all__ = ["object_names", "object_properties", "walk_properties"]

_HIGHEST_INDEX = 511


def object_properties(object_type: int, index: int) -> Operation[ObjectProperties | None]:
    """Return the properties of one object, None when there is none of that number.

    Raises `LocalProtocolError` for a kind of object that has no properties here, `CommandFailedError` when the
    controller refuses, `RemoteProtocolError` when it answers with another object.
    """
    _require_properties(object_type)
    request = RequestObjectProperties(object_type=object_type, index=index)
    properties = yield from ask(request)
    if properties is None:
        return None
    found = _checked(properties, object_type)
    if found.index != index:
        raise _nonsense(f"{request.title}: asked for object {index}, answered with object {found.index}")
    return found


def walk_properties(
    object_type: int, name_filter: NameFilter = NameFilter.ANY, area_filter: int = 0
) -> Operation[list[ObjectProperties]]:
    """Return the properties of all objects of a kind that pass the filters, in the order of their numbers.

    ``area_filter`` has bit 0 for area 1; 0 is no filter. Never passes a part off as the whole: raises
    `RemoteProtocolError` when the controller's answers do not lead on, besides what `object_properties` raises.
    """
    _require_properties(object_type)
    found: list[ObjectProperties] = []
    index = 0
    while index < _HIGHEST_INDEX:
        request = RequestObjectProperties(
            object_type=object_type,
            index=index,
            direction=RelativeDirection.NEXT,
            name_filter=name_filter,
            area_filter=area_filter,
        )
        properties = yield from ask(request)
        if properties is None:
            break
        here = _checked(properties, object_type)
        if not index < here.index <= _HIGHEST_INDEX:
            raise _nonsense(
                f"{request.title}: asked for what follows object {index}, answered with {here.index}"
            )
        found.append(here)
        index = here.index
    return found


def object_names(object_type: int) -> Operation[dict[int, str]]:
    """Return the names of all named objects of a kind, by number."""
    found = yield from walk_properties(object_type, NameFilter.NAMED)
    return {properties.index: properties.name for properties in found if properties.name}


def _require_properties(object_type: int) -> None:
    if object_type not in OBJECT_TYPE_TO_PROPERTIES:
        allowed = ", ".join(ObjectType(kind).name for kind in OBJECT_TYPE_TO_PROPERTIES)
        raise LocalProtocolError(
            f"object type {object_type} has no properties here; those that have: {allowed}"
        )


def _checked(properties: object, object_type: int) -> ObjectProperties:
    if isinstance(properties, ObjectProperties) and object_type == properties.OBJECT_TYPE:
        return properties
    raise _nonsense(f"object properties of type {object_type} were asked for, others came back")


def _nonsense(text: str) -> RemoteProtocolError:
    return RemoteProtocolError(Fault.UNEXPECTED_REPLY, text)
