"""What the emulated panel answers to each request that changes nothing; None: it stays silent."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.acknowledgements import EndOfData, Nak
from omnilink_sansio.messages.audio_source import AudioSourceStatus, RequestAudioSourceStatus
from omnilink_sansio.messages.connected_security import (
    ConnectedSecuritySystemStatus,
    PartitionStatus,
    RequestConnectedSecuritySystemStatus,
)
from omnilink_sansio.messages.event_log import ReadEventRecord
from omnilink_sansio.messages.name_messages import (
    NAME_TYPES,
    NameData,
    NameType,
    ReadName,
    ReadVoiceName,
    VoiceNameData,
    voice_name_field,
)
from omnilink_sansio.messages.names import encode_name
from omnilink_sansio.messages.objects.object_type import OBJECT_TYPES, ObjectType
from omnilink_sansio.messages.objects.unit import UnitType
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.programs import ProgramData, UploadProgram
from omnilink_sansio.messages.properties import NameFilter, RelativeDirection, RequestObjectProperties
from omnilink_sansio.messages.record import Record
from omnilink_sansio.messages.security import RequestSecurityCodeValidation, SecurityCodeValidation
from omnilink_sansio.messages.status import RequestExtendedObjectStatus, RequestObjectStatus
from omnilink_sansio.messages.system import (
    PHONE_FIELD,
    AreaAlarms,
    ObjectTypeCapacities,
    RequestObjectTypeCapacities,
    RequestSystemFeatures,
    RequestSystemFormats,
    RequestSystemInformation,
    RequestSystemStatus,
    RequestSystemTroubles,
    SystemFeatures,
    SystemFormats,
    SystemInformation,
    SystemStatus,
    SystemTroubles,
)
from omnilink_sansio.messages.zone_ready import RequestZoneReadyStatus, ZoneReadyStatus
from omnilink_sansio.simulator.behaviour.arming import zones_not_ready
from omnilink_sansio.simulator.behaviour.codes import UNKNOWN_USER, identify_code
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.audio import AudioSource
from omnilink_sansio.simulator.house_objects.house_object import name_field
from omnilink_sansio.simulator.house_objects.unit import Unit
from omnilink_sansio.simulator.quirks import LONGEST_SAFE_STATUS, Quirk
from omnilink_sansio.wire.message import LONGEST_DATA, Message

__all__ = ["READ_HANDLERS", "Answer", "check_house", "status_message"]

Answer: TypeAlias = Message | None
"""The reply to a request, None where this panel stays silent."""

_POWER = 2
_ROOMS = 254
_INDEPENDENT = 255
_UNITS_IN_ROOM = 8
_PARTITIONS = 8
_NEVER_SET = datetime(2000, 1, 1)  # noqa: DTZ001 - a panel's clock knows no zone
_HOUSE_ROOMS = (UnitType.HLC_ROOM, UnitType.VIZIARF_ROOM)
_LOADS_OF_ROOMS = (UnitType.HLC_LOAD, UnitType.VIZIARF_LOAD)


def _information(house: House, _request: Record) -> Message:
    major, minor, revision = house.firmware
    phone = encode_name(house.phone, PHONE_FIELD)
    return SystemInformation(house.model, major, minor, revision, phone).to_message()


def _system_status(house: House, _request: Record) -> Message:
    shown = house.shown_time()
    time = shown or _NEVER_SET
    return SystemStatus(
        time_valid=int(shown is not None),
        year=time.year % 100,
        month=time.month,
        day=time.day,
        day_of_week=time.isoweekday(),
        hour=time.hour,
        minute=time.minute,
        second=time.second,
        daylight_saving=int(house.daylight_saving),
        sunrise_hour=house.sunrise.hour,
        sunrise_minute=house.sunrise.minute,
        sunset_hour=house.sunset.hour,
        sunset_minute=house.sunset.minute,
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
    if forms is None or not forms.capacity or not house.knows(request.object_type):
        return Nak().to_message()
    if request.object_type == ObjectType.AUXILIARY_SENSOR and house.has(Quirk.NO_SENSOR_CAPACITY):
        return Nak().to_message()
    return ObjectTypeCapacities(request.object_type, house.capacity(request.object_type)).to_message()


def _properties(house: House, request: Record) -> Message:
    assert isinstance(request, RequestObjectProperties)
    forms = OBJECT_TYPES.get(request.object_type)
    known = forms is not None and forms.properties and house.knows(request.object_type)
    if not known or not -1 <= request.direction <= 1:
        return Nak().to_message()
    for index in _candidates(request, house.capacity(request.object_type)):
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
    areas = request.area_filter
    if house.has(Quirk.AREA_FILTER_FROM_BIT_7):
        areas = int(f"{areas:08b}"[::-1], 2)
    if OBJECT_TYPES[request.object_type].area_filter and areas and not found.areas() & areas:
        return False
    return not isinstance(found, Unit) or _is_in_room(house, index, found, request.room_filter)


def _is_in_room(house: House, index: int, unit: Unit, room: int) -> bool:
    kind = house.unit_type(index) if unit.unit_type is None else unit.unit_type
    if not room:
        return True
    if room == _ROOMS:
        return kind in _HOUSE_ROOMS
    if room == _INDEPENDENT:
        return kind not in (*_HOUSE_ROOMS, *_LOADS_OF_ROOMS)
    # Rooms and loads are numbered in eights: the room first, then its loads.
    return kind in _LOADS_OF_ROOMS and (index - 1) // _UNITS_IN_ROOM + 1 == room


def _plain_status(house: House, request: Record) -> Answer:
    assert isinstance(request, RequestObjectStatus)
    return _range_status(house, request, extended=False)


def _extended_status(house: House, request: Record) -> Answer:
    assert isinstance(request, RequestExtendedObjectStatus)
    if not house.has_extended_status:
        return Nak().to_message()
    return _range_status(house, request, extended=True)


def _range_status(
    house: House, request: RequestObjectStatus | RequestExtendedObjectStatus, *, extended: bool
) -> Answer:
    if not 1 <= request.first <= request.last <= house.capacity(request.object_type):
        return Nak().to_message()
    if request.object_type == ObjectType.EXPANSION_ENCLOSURE and house.has(Quirk.SILENT_ENCLOSURES):
        return None
    numbers = range(request.first, request.last + 1)
    message = status_message(house, request.object_type, numbers, extended=extended)
    if message is None:
        return Nak().to_message()
    too_long = len(message.data) + 1 > LONGEST_SAFE_STATUS and house.has(Quirk.SILENT_LONG_STATUS)
    return None if too_long else message


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
    if extended and object_type == ObjectType.UNIT and house.has(Quirk.LONG_UNIT_RECORDS):
        size += _POWER
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


def _troubles(house: House, _request: Record) -> Message:
    return SystemTroubles(bytes(house.troubles)).to_message()


def _features(house: House, _request: Record) -> Message:
    return SystemFeatures(bytes(house.features)).to_message()


def _zone_ready(house: House, _request: Record) -> Message:
    bits = bytearray((house.capacity(ObjectType.ZONE) + 7) // 8)
    for index in zones_not_ready(house):
        bits[(index - 1) // 8] |= 0x80 >> (index - 1) % 8
    return ZoneReadyStatus(bytes(bits)).to_message()


def _partitions(house: House, _request: Record) -> Message:
    if not house.partitions:
        return Nak().to_message()
    if len(house.partitions) > _PARTITIONS:
        raise LocalProtocolError(f"there are {_PARTITIONS} partitions at the most")
    unused = [(0, 0)] * (_PARTITIONS - len(house.partitions))
    partitions = tuple(PartitionStatus(mode, status) for mode, status in (*house.partitions, *unused))
    return ConnectedSecuritySystemStatus(partitions).to_message()


def _audio_source(house: House, request: Record) -> Message:
    assert isinstance(request, RequestAudioSourceStatus)
    source = house.find(ObjectType.AUDIO_SOURCE, request.source)
    if not isinstance(source, AudioSource):
        return Nak().to_message()
    position = max(request.position, 1)
    if position > len(source.fields):
        return EndOfData().to_message()
    field_id, text = source.fields[position - 1]
    encoded = encode_name(text, len(text) + 1)
    return AudioSourceStatus(request.source, source.sequence, position, field_id, encoded).to_message()


def _event(house: House, request: Record) -> Message:
    assert isinstance(request, ReadEventRecord)
    if not -1 <= request.direction <= 1:
        return Nak().to_message()
    numbers = [event.number for event in house.log]
    match request.number, request.direction:
        case 0, RelativeDirection.NEXT:
            place = 0
        case 0, RelativeDirection.PREVIOUS:
            place = len(numbers) - 1
        case number, -1 | 0 | 1 as direction if number in numbers:
            place = numbers.index(number) + direction
        case _:
            place = -1
    found = house.log[place] if 0 <= place < len(numbers) else EndOfData()
    return found.to_message()


def _validation(house: House, request: Record) -> Message:
    assert isinstance(request, RequestSecurityCodeValidation)
    known = 1 <= request.area <= house.capacity(ObjectType.AREA)
    number, authority = identify_code(house, request.area, request.code) if known else UNKNOWN_USER
    return SecurityCodeValidation(number, authority).to_message()


def _name(house: House, request: Record) -> Message:
    assert isinstance(request, ReadName)
    if request.name_type not in set(NameType):
        return Nak().to_message()
    object_type, width = NAME_TYPES[NameType(request.name_type)]
    for index in range(request.index + 1, house.capacity(object_type) + 1):
        found = house.find(object_type, index)
        if found is not None and found.name:
            return NameData(request.name_type, index, name_field(found.name, width, house)).to_message()
    return EndOfData().to_message()


def _voice_name(house: House, request: Record) -> Message:
    assert isinstance(request, ReadVoiceName)
    if request.name_type not in set(NameType):
        return Nak().to_message()
    later = [key for key in house.voice_names if key[0] == request.name_type and key[1] > request.index]
    if not later:
        return EndOfData().to_message()
    kind, index = min(later)
    padded = voice_name_field(house.voice_names[kind, index])
    return VoiceNameData(kind, index, padded).to_message()


def _program(house: House, request: Record) -> Message:
    assert isinstance(request, UploadProgram)
    if request.direction > 1:
        return Nak().to_message()
    if request.direction:
        later = [slot for slot in house.programs if slot > request.slot]
        slot = min(later, default=0)
    else:
        slot = request.slot
    if slot not in house.programs:
        return EndOfData().to_message()
    return ProgramData(slot, house.programs[slot]).to_message()


READ_HANDLERS: Mapping[type[Record], Callable[[House, Record], Answer]] = MappingProxyType(
    {
        ReadEventRecord: _event,
        ReadName: _name,
        ReadVoiceName: _voice_name,
        RequestAudioSourceStatus: _audio_source,
        RequestConnectedSecuritySystemStatus: _partitions,
        RequestExtendedObjectStatus: _extended_status,
        RequestObjectProperties: _properties,
        RequestObjectStatus: _plain_status,
        RequestObjectTypeCapacities: _capacities,
        RequestSecurityCodeValidation: _validation,
        RequestSystemFeatures: _features,
        RequestSystemFormats: _formats,
        RequestSystemInformation: _information,
        RequestSystemStatus: _system_status,
        RequestSystemTroubles: _troubles,
        RequestZoneReadyStatus: _zone_ready,
        UploadProgram: _program,
    }
)
"""The requests that change nothing, and what answers them."""


def check_house(house: House) -> None:
    """Raise `LocalProtocolError` for a house that is not possible, or could not answer some request."""
    house.check()
    for request in _everything_to_ask(house):
        answer = READ_HANDLERS[type(request)](house, request)
        if answer is not None:
            answer.encode()


def _everything_to_ask(house: House) -> Iterator[Record]:
    # Of the panel itself, and of what its objects' records do not show.
    yield RequestSystemInformation()
    yield RequestSystemStatus()
    yield RequestSystemTroubles()
    yield RequestSystemFeatures()
    yield RequestSystemFormats()
    yield RequestZoneReadyStatus()
    yield RequestConnectedSecuritySystemStatus()
    for object_type in house.capacities:
        yield RequestObjectTypeCapacities(object_type)
    for index, source in house.audio_sources.items():
        for position in range(1, len(source.fields) + 1):
            yield RequestAudioSourceStatus(index, position)
    for event in house.log:
        yield ReadEventRecord(event.number, RelativeDirection.THIS)
    for kind, index in house.voice_names:
        yield ReadVoiceName(kind, index - 1)
