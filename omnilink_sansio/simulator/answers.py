"""What the emulated panel answers to each request that changes nothing."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from omnilink_sansio.messages.acknowledgements import EndOfData, Nak
from omnilink_sansio.messages.names import encode_name
from omnilink_sansio.messages.objects import OBJECT_TYPES, UnitType
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.properties import NameFilter, RelativeDirection, RequestObjectProperties
from omnilink_sansio.messages.record import Record
from omnilink_sansio.messages.status import RequestExtendedObjectStatus, RequestObjectStatus
from omnilink_sansio.messages.system import (
    PHONE_FIELD,
    AreaAlarms,
    ObjectTypeCapacities,
    RequestObjectTypeCapacities,
    RequestSystemFormats,
    RequestSystemInformation,
    RequestSystemStatus,
    SystemFormats,
    SystemInformation,
    SystemStatus,
)
from omnilink_sansio.simulator.house import House
from omnilink_sansio.wire.message import LONGEST_DATA, Message

__all__ = ["answer", "status_message"]

_ROOMS = 254
_INDEPENDENT = 255
_HLC = (UnitType.HLC_ROOM, UnitType.HLC_LOAD)


def answer(house: House, request: Record) -> Message:
    """Return the reply to a request; a negative acknowledgement for one that this panel does not know."""
    handler = _ANSWERS.get(type(request))
    return Nak().to_message() if handler is None else handler(house, request)


def _information(house: House, _request: Record) -> Message:
    major, minor, revision = house.firmware
    phone = encode_name(house.phone, PHONE_FIELD)
    return SystemInformation(house.model, major, minor, revision, phone).to_message()


def _system_status(house: House, _request: Record) -> Message:
    time = house.time()
    return SystemStatus(
        time_valid=1,
        year=time.year % 100,
        month=time.month,
        day=time.day,
        day_of_week=time.isoweekday(),
        hour=time.hour,
        minute=time.minute,
        second=time.second,
        daylight_saving=0,
        sunrise_hour=house.sunrise[0],
        sunrise_minute=house.sunrise[1],
        sunset_hour=house.sunset[0],
        sunset_minute=house.sunset[1],
        battery=house.battery,
        alarms=tuple(
            AreaAlarms(index, area.alarms) for index, area in sorted(house.areas.items()) if area.alarms
        ),
    ).to_message()


def _formats(house: House, _request: Record) -> Message:
    return SystemFormats(house.temperature_format, house.time_format, house.date_format).to_message()


def _capacities(house: House, request: Record) -> Message:
    assert isinstance(request, RequestObjectTypeCapacities)
    forms = OBJECT_TYPES.get(request.object_type)
    capacity = house.capacities.get(request.object_type)
    if forms is None or not forms.capacity or capacity is None:
        return Nak().to_message()
    return ObjectTypeCapacities(request.object_type, capacity).to_message()


def _properties(house: House, request: Record) -> Message:
    assert isinstance(request, RequestObjectProperties)
    forms = OBJECT_TYPES.get(request.object_type)
    if forms is None or not forms.properties or not -1 <= request.direction <= 1:
        return Nak().to_message()
    for index in _candidates(request, house.capacities.get(request.object_type, 0)):
        if request.direction == RelativeDirection.THIS or _passes(house, request, index):
            properties = house.properties(request.object_type, index)
            if properties is not None:
                return Message(OmniLink2MessageType.OBJECT_PROPERTIES, properties.encode())
    return EndOfData().to_message()


def _candidates(request: RequestObjectProperties, capacity: int) -> range:
    match request.direction:
        case RelativeDirection.NEXT:
            return range(request.index + 1, capacity + 1)
        case RelativeDirection.PREVIOUS:
            return range(min(request.index - 1, capacity), 0, -1)
        case _:
            return range(request.index, request.index + 1)


def _passes(house: House, request: RequestObjectProperties, index: int) -> bool:
    found = house.find(request.object_type, index)
    if found is None:
        return False
    if request.name_filter == NameFilter.NAMED and not found.name:
        return False
    if request.name_filter == NameFilter.UNNAMED and found.name:
        return False
    if request.area_filter and not found.areas() & request.area_filter:
        return False
    kind = getattr(found, "unit_type", None)
    if kind is None or not request.room_filter:
        return True
    if request.room_filter == _ROOMS:
        return kind is UnitType.HLC_ROOM
    return request.room_filter == _INDEPENDENT and kind not in _HLC


def _plain_status(house: House, request: Record) -> Message:
    assert isinstance(request, RequestObjectStatus)
    return _range_status(house, request, extended=False)


def _extended_status(house: House, request: Record) -> Message:
    assert isinstance(request, RequestExtendedObjectStatus)
    if not house.has_extended_status:
        return Nak().to_message()
    return _range_status(house, request, extended=True)


def _range_status(
    house: House, request: RequestObjectStatus | RequestExtendedObjectStatus, *, extended: bool
) -> Message:
    capacity = house.capacities.get(request.object_type, 0)
    if not 1 <= request.first <= request.last <= capacity:
        return Nak().to_message()
    numbers = range(request.first, request.last + 1)
    message = status_message(house, request.object_type, numbers, extended=extended)
    return Nak().to_message() if message is None else message


def status_message(
    house: House, object_type: int, numbers: range | list[int], *, extended: bool
) -> Message | None:
    """Return the states of these objects in one message; None when they have none or do not fit.

    Every number has a record, whether it is in use or not.
    """
    forms = OBJECT_TYPES.get(object_type)
    size = None if forms is None else forms.extended_record if extended else forms.status_record
    if size is None:
        return None
    head = bytes((object_type, size)) if extended else bytes((object_type,))
    if len(head) + size * len(numbers) > LONGEST_DATA:
        return None
    records = b"".join(_status_record(house, object_type, number, size) for number in numbers)
    opcode = OmniLink2MessageType.EXTENDED_OBJECT_STATUS if extended else OmniLink2MessageType.OBJECT_STATUS
    return Message(opcode, head + records)


def _status_record(house: House, object_type: int, index: int, size: int) -> bytes:
    status = house.status(object_type, index)
    encoded = index.to_bytes(2, "big") if status is None else status.encode()
    return encoded[:size].ljust(size, b"\0")


_Answer: TypeAlias = Callable[[House, Record], Message]

_ANSWERS: Mapping[type[Record], _Answer] = MappingProxyType(
    {
        RequestSystemInformation: _information,
        RequestSystemStatus: _system_status,
        RequestSystemFormats: _formats,
        RequestObjectTypeCapacities: _capacities,
        RequestObjectProperties: _properties,
        RequestObjectStatus: _plain_status,
        RequestExtendedObjectStatus: _extended_status,
    }
)
"""The requests that change nothing."""
