"""Status of ranges of any length, in pieces that panels are known to answer."""

# pyright: reportOverlappingOverload=false
# Overloads that differ in what a list holds are unsafe where it is shared: these are made anew for each caller.

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias, overload

from omnilink_sansio.errors import (
    CommandFailedError,
    Fault,
    LocalProtocolError,
    RemoteProtocolError,
    RequestTimeoutError,
)
from omnilink_sansio.messages.objects.access_control import AccessControlLockStatus, AccessControlReaderStatus
from omnilink_sansio.messages.objects.area import AreaStatus
from omnilink_sansio.messages.objects.audio import AudioZoneStatus
from omnilink_sansio.messages.objects.auxiliary_sensor import AuxSensorStatus
from omnilink_sansio.messages.objects.expansion_enclosure import ExpansionEnclosureStatus
from omnilink_sansio.messages.objects.forms import OBJECT_TYPE_TO_STATUS
from omnilink_sansio.messages.objects.message import MessageStatus
from omnilink_sansio.messages.objects.object_record import ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import OBJECT_TYPES, ObjectForms, ObjectType
from omnilink_sansio.messages.objects.thermostat import ThermostatStatus
from omnilink_sansio.messages.objects.unit import UnitStatus
from omnilink_sansio.messages.objects.user_setting import UserSettingStatus
from omnilink_sansio.messages.objects.zone import ZoneStatus
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.request import mismatched_reply
from omnilink_sansio.messages.status import (
    ExtendedObjectStatus,
    ObjectStatus,
    RequestExtendedObjectStatus,
    RequestObjectStatus,
)
from omnilink_sansio.messages.system import RequestSystemInformation
from omnilink_sansio.operations.operation import Operation, ask

__all__ = ["get_extended_status", "get_object_status"]

LONGEST_REPLY = 203
"""Bytes of type and data of a status reply: a real Omni IIe answers 50 zones of extended status and is silent
at 60."""

_PLAIN_HEAD = 2
_EXTENDED_HEAD = 3


@overload
def get_object_status(
    object_type: Literal[ObjectType.ZONE], start: int, end: int | None = None
) -> Operation[list[ZoneStatus]]: ...
@overload
def get_object_status(
    object_type: Literal[ObjectType.UNIT], start: int, end: int | None = None
) -> Operation[list[UnitStatus]]: ...
@overload
def get_object_status(
    object_type: Literal[ObjectType.AREA], start: int, end: int | None = None
) -> Operation[list[AreaStatus]]: ...
@overload
def get_object_status(
    object_type: Literal[ObjectType.THERMOSTAT], start: int, end: int | None = None
) -> Operation[list[ThermostatStatus]]: ...
@overload
def get_object_status(
    object_type: Literal[ObjectType.MESSAGE], start: int, end: int | None = None
) -> Operation[list[MessageStatus]]: ...
@overload
def get_object_status(
    object_type: Literal[ObjectType.AUXILIARY_SENSOR], start: int, end: int | None = None
) -> Operation[list[AuxSensorStatus]]: ...
@overload
def get_object_status(
    object_type: Literal[ObjectType.AUDIO_ZONE], start: int, end: int | None = None
) -> Operation[list[AudioZoneStatus]]: ...
@overload
def get_object_status(
    object_type: Literal[ObjectType.EXPANSION_ENCLOSURE], start: int, end: int | None = None
) -> Operation[list[ExpansionEnclosureStatus]]: ...
@overload
def get_object_status(
    object_type: Literal[ObjectType.USER_SETTING], start: int, end: int | None = None
) -> Operation[list[UserSettingStatus]]: ...
@overload
def get_object_status(
    object_type: Literal[ObjectType.ACCESS_CONTROL_READER], start: int, end: int | None = None
) -> Operation[list[AccessControlReaderStatus]]: ...
@overload
def get_object_status(
    object_type: Literal[ObjectType.ACCESS_CONTROL_READER_LOCK], start: int, end: int | None = None
) -> Operation[list[AccessControlLockStatus]]: ...
@overload
def get_object_status(
    object_type: int, start: int, end: int | None = None
) -> Operation[list[ObjectStatusRecord]]: ...
def get_object_status(
    object_type: int, start: int, end: int | None = None
) -> Operation[Sequence[ObjectStatusRecord]]:
    """Return the states of the objects from ``start`` to ``end``, both included; of one without ``end``.

    Controllers answer for every number up to their capacity, in use or not; numbers that one leaves out are left
    out here. Raises `LocalProtocolError` for a kind of object without status or a range that is none,
    `CommandFailedError` when the controller refuses, `RemoteProtocolError` when it answers with nothing, with
    other objects or out of order (20P00 §OBJECT STATUS).
    """
    size = _record_size(object_type, start, end, lambda forms: forms.status_record)
    found: list[ObjectStatusRecord] = []

    def piece(first: int, last: int) -> Operation[tuple[list[ObjectStatusRecord], int]]:
        request = RequestObjectStatus(object_type=object_type, first=first, last=last)
        reply = yield from ask(request)
        return _checked(request, reply), size

    yield from _collect(found, piece, start, end, LONGEST_REPLY - _PLAIN_HEAD, size)
    return found


@overload
def get_extended_status(
    object_type: Literal[ObjectType.ZONE], start: int, end: int | None = None
) -> Operation[list[ZoneStatus]]: ...
@overload
def get_extended_status(
    object_type: Literal[ObjectType.UNIT], start: int, end: int | None = None
) -> Operation[list[UnitStatus]]: ...
@overload
def get_extended_status(
    object_type: Literal[ObjectType.AREA], start: int, end: int | None = None
) -> Operation[list[AreaStatus]]: ...
@overload
def get_extended_status(
    object_type: Literal[ObjectType.THERMOSTAT], start: int, end: int | None = None
) -> Operation[list[ThermostatStatus]]: ...
@overload
def get_extended_status(
    object_type: Literal[ObjectType.MESSAGE], start: int, end: int | None = None
) -> Operation[list[MessageStatus]]: ...
@overload
def get_extended_status(
    object_type: Literal[ObjectType.AUXILIARY_SENSOR], start: int, end: int | None = None
) -> Operation[list[AuxSensorStatus]]: ...
@overload
def get_extended_status(
    object_type: Literal[ObjectType.AUDIO_ZONE], start: int, end: int | None = None
) -> Operation[list[AudioZoneStatus]]: ...
@overload
def get_extended_status(
    object_type: Literal[ObjectType.EXPANSION_ENCLOSURE], start: int, end: int | None = None
) -> Operation[list[ExpansionEnclosureStatus]]: ...
@overload
def get_extended_status(
    object_type: Literal[ObjectType.USER_SETTING], start: int, end: int | None = None
) -> Operation[list[UserSettingStatus]]: ...
@overload
def get_extended_status(
    object_type: Literal[ObjectType.ACCESS_CONTROL_READER], start: int, end: int | None = None
) -> Operation[list[AccessControlReaderStatus]]: ...
@overload
def get_extended_status(
    object_type: Literal[ObjectType.ACCESS_CONTROL_READER_LOCK], start: int, end: int | None = None
) -> Operation[list[AccessControlLockStatus]]: ...
@overload
def get_extended_status(
    object_type: int, start: int, end: int | None = None
) -> Operation[list[ObjectStatusRecord]]: ...
def get_extended_status(
    object_type: int, start: int, end: int | None = None
) -> Operation[Sequence[ObjectStatusRecord]]:
    """Return the extended states of a range of objects, in the plain form where the firmware is below 3.0.

    A controller that refuses the extended form, or does not answer it and reports firmware that is too old, is
    asked for the plain form of all that is left. Raises what `get_object_status` raises (20P00 §REQUEST EXTENDED
    OBJECT STATUS).
    """
    size = _record_size(object_type, start, end, lambda forms: forms.longest_record)
    found: list[ObjectStatusRecord] = []

    def piece(first: int, last: int) -> Operation[tuple[list[ObjectStatusRecord], int]]:
        request = RequestExtendedObjectStatus(object_type=object_type, first=first, last=last)
        reply = yield from ask(request)
        return _checked(request, reply), reply.record_length

    try:
        yield from _collect(found, piece, start, end, LONGEST_REPLY - _EXTENDED_HEAD, size)
    except CommandFailedError:
        pass
    except RequestTimeoutError:
        information = yield from ask(RequestSystemInformation())
        if information.knows(OmniLink2MessageType.REQUEST_EXTENDED_OBJECT_STATUS):
            raise
    else:
        return found
    left = found[-1].index + 1 if found else start
    return found + (yield from get_object_status(object_type, left, start if end is None else end))


_Piece: TypeAlias = Callable[[int, int], Operation[tuple[list[ObjectStatusRecord], int]]]
"""Asks for a range that fits; returns the states and the bytes of a record."""


def _collect(
    found: list[ObjectStatusRecord], piece: _Piece, start: int, end: int | None, room: int, size: int
) -> Operation[None]:
    """Ask for a range piece by piece, and where an answer falls short once more for the rest of the piece."""
    first, until = start, start if end is None else end
    rest_until = 0
    while first <= until:
        is_rest = first <= rest_until
        last = min(first + max(room // size, 1) - 1, rest_until if is_rest else until)
        try:
            records, length = yield from piece(first, last)
        except CommandFailedError:
            if not is_rest:
                raise
            records, length = [], size
        if records:
            found += records
            size = length
            first = records[-1].index + 1
            rest_until = max(rest_until, last) if first <= last else rest_until
        elif is_rest:
            # Asked for by itself and still not reported: there is no such thing.
            first = last + 1
        else:
            raise RemoteProtocolError(
                Fault.UNEXPECTED_REPLY,
                f"asked for the status of objects {first} to {last}, answered with none",
            )


def _record_size(
    object_type: int, first: int, end: int | None, choose: Callable[[ObjectForms], int | None]
) -> int:
    forms = OBJECT_TYPES.get(object_type)
    size = None if forms is None else choose(forms)
    if size is None:
        allowed = ", ".join(ObjectType(kind).name for kind, forms in OBJECT_TYPES.items() if choose(forms))
        raise LocalProtocolError(f"{object_type!r} has no status; those that have: {allowed}")
    last = first if end is None else end
    if not 1 <= first <= last <= 0xFFFF:
        raise LocalProtocolError(f"a range of objects goes from 1 or more up to 65535, not {first} to {last}")
    return size


def _checked(
    request: RequestObjectStatus | RequestExtendedObjectStatus, reply: ObjectStatus | ExtendedObjectStatus
) -> list[ObjectStatusRecord]:
    if reply.object_type != request.object_type:
        raise mismatched_reply(request, f"object type {request.object_type}", f"{reply.object_type}")
    form = OBJECT_TYPE_TO_STATUS[request.object_type]
    records: list[ObjectStatusRecord] = []
    before = request.first - 1
    for record in reply.records:
        if not isinstance(record, form) or not before < record.index <= request.last:
            asked = f"objects {request.first} to {request.last} in order"
            raise mismatched_reply(request, asked, f"{record.index} after {before}")
        records.append(record)
        before = record.index
    return records
