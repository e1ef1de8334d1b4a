"""Status of ranges of any length, in pieces that panels are known to answer."""

from collections.abc import Callable, Iterator

from omnilink_sansio.errors import CommandFailedError, LocalProtocolError, RequestTimeoutError
from omnilink_sansio.messages.objects import OBJECT_TYPES, ObjectForms, ObjectStatusRecord, ObjectType
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.request import Request
from omnilink_sansio.messages.status import (
    ExtendedObjectStatus,
    ObjectStatus,
    RequestExtendedObjectStatus,
    RequestObjectStatus,
)
from omnilink_sansio.messages.system import RequestSystemInformation
from omnilink_sansio.operations.operation import Operation, ask
from omnilink_sansio.operations.walk import nonsense

__all__ = ["LONGEST_REPLY", "get_extended_status", "get_object_status", "pieces"]

LONGEST_REPLY = 203
"""Bytes of type and data of a status reply: a real Omni IIe answers 50 zones of extended status and is silent
at 60."""

_PLAIN_HEAD = 2
_EXTENDED_HEAD = 3


def pieces(first: int, last: int, most: int) -> Iterator[tuple[int, int]]:
    """Cut a range of object numbers, both ends included, into ranges of at most ``most`` numbers."""
    for start in range(first, last + 1, most):
        yield start, min(start + most - 1, last)


def get_object_status(
    object_type: int, start: int, end: int | None = None
) -> Operation[list[ObjectStatusRecord]]:
    """Return the states of the objects from ``start`` to ``end``, both included; of one without ``end``.

    Controllers answer for every number up to their capacity, in use or not; one that leaves some out has them left
    out here.

    Raises `LocalProtocolError` for a kind of object without status or a range that is none,
    `CommandFailedError` when the controller refuses, `RemoteProtocolError` when the answer is of other objects.
    """
    last = start if end is None else end
    size = _record_size(object_type, start, last, lambda forms: forms.status_record)
    records: list[ObjectStatusRecord] = []
    for first, until in pieces(start, last, (LONGEST_REPLY - _PLAIN_HEAD) // size):
        records += yield from _piece(RequestObjectStatus(object_type=object_type, first=first, last=until))
    return records


def get_extended_status(
    object_type: int, start: int, end: int | None = None
) -> Operation[list[ObjectStatusRecord]]:
    """Return the extended states of a range of objects, in the plain form where the firmware is below 3.0.

    A controller that refuses the extended form, or does not answer it and tells that its firmware is too old, is
    asked for the plain form of all that is left. Raises what `get_object_status` raises.
    """
    last = start if end is None else end
    size = _record_size(object_type, start, last, lambda forms: forms.extended_record)
    records: list[ObjectStatusRecord] = []
    for first, until in pieces(start, last, (LONGEST_REPLY - _EXTENDED_HEAD) // size):
        request = RequestExtendedObjectStatus(object_type=object_type, first=first, last=until)
        try:
            records += yield from _piece(request)
        except CommandFailedError:
            return records + (yield from get_object_status(object_type, first, last))
        except RequestTimeoutError:
            information = yield from ask(RequestSystemInformation())
            if information.knows(OmniLink2MessageType.REQUEST_EXTENDED_OBJECT_STATUS):
                raise
            return records + (yield from get_object_status(object_type, first, last))
    return records


def _record_size(object_type: int, first: int, last: int, choose: Callable[[ObjectForms], int | None]) -> int:
    forms = OBJECT_TYPES.get(object_type)
    size = None if forms is None else choose(forms)
    if size is None:
        allowed = ", ".join(ObjectType(kind).name for kind, forms in OBJECT_TYPES.items() if choose(forms))
        raise LocalProtocolError(f"object type {object_type} has no status; those that have: {allowed}")
    if not 1 <= first <= last <= 0xFFFF:
        raise LocalProtocolError(f"a range of objects goes from 1 or more up to 65535, not {first} to {last}")
    return size


def _piece(request: RequestObjectStatus | RequestExtendedObjectStatus) -> Operation[list[ObjectStatusRecord]]:
    asking: Request[ObjectStatus | ExtendedObjectStatus] = request
    reply = yield from ask(asking)
    if reply.object_type != request.object_type:
        raise nonsense(request, f"object type {request.object_type}", f"{reply.object_type}")
    records: list[ObjectStatusRecord] = []
    for record in reply.records:
        if not isinstance(record, ObjectStatusRecord) or not request.first <= record.index <= request.last:
            raise nonsense(request, f"objects {request.first} to {request.last}", f"{record.index} too")
        records.append(record)
    return records
