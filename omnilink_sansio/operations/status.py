"""Status of ranges of any length, in pieces that panels are known to answer."""

from collections.abc import Callable, Iterator

from omnilink_sansio.enums import Fault
from omnilink_sansio.errors import LocalProtocolError, RemoteProtocolError
from omnilink_sansio.messages.objects import OBJECT_TYPES, ObjectForms, ObjectType
from omnilink_sansio.messages.request import Request
from omnilink_sansio.messages.status import (
    ExtendedObjectStatus,
    ObjectStatus,
    RequestExtendedObjectStatus,
    RequestObjectStatus,
    StatusRecord,
)
from omnilink_sansio.operations.operation import Operation, ask

__all__ = ["LONGEST_REPLY", "extended_object_status", "object_status", "pieces"]

LONGEST_REPLY = 203
"""Bytes of type and data of a status reply: a real Omni IIe answers 50 zones of extended status and is silent
at 60."""

_PLAIN_HEAD = 2
_EXTENDED_HEAD = 3


def pieces(first: int, last: int, most: int) -> Iterator[tuple[int, int]]:
    """Cut a range of object numbers, both ends included, into ranges of at most ``most`` numbers."""
    for start in range(first, last + 1, most):
        yield start, min(start + most - 1, last)


def object_status(object_type: int, first: int, last: int | None = None) -> Operation[list[StatusRecord]]:
    """Return the states of a range of objects, both ends included, ``last`` being ``first`` when not given.

    Raises `LocalProtocolError` for a kind of object without status or a range that is none,
    `CommandFailedError` when the controller refuses, `RemoteProtocolError` when the answer is of other objects.
    """
    last = first if last is None else last
    size = _record_size(object_type, first, last, lambda forms: forms.status_record)
    records: list[StatusRecord] = []
    for start, end in pieces(first, last, (LONGEST_REPLY - _PLAIN_HEAD) // size):
        request = RequestObjectStatus(object_type=object_type, first=start, last=end)
        records += _checked((yield from ask(request)), request, object_type, start, end)
    return records


def extended_object_status(
    object_type: int, first: int, last: int | None = None
) -> Operation[list[StatusRecord]]:
    """Return the extended states of a range of objects, as `object_status` does; firmware 3.0 and later."""
    last = first if last is None else last
    size = _record_size(object_type, first, last, lambda forms: forms.extended_record)
    records: list[StatusRecord] = []
    for start, end in pieces(first, last, (LONGEST_REPLY - _EXTENDED_HEAD) // size):
        request = RequestExtendedObjectStatus(object_type=object_type, first=start, last=end)
        records += _checked((yield from ask(request)), request, object_type, start, end)
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


def _checked(
    reply: ObjectStatus | ExtendedObjectStatus,
    request: Request[object],
    object_type: int,
    first: int,
    last: int,
) -> list[StatusRecord]:
    if reply.object_type != object_type:
        raise RemoteProtocolError(
            Fault.UNEXPECTED_REPLY,
            f"{request.title}: asked for object type {object_type}, answered for {reply.object_type}",
        )
    outside = [record.index for record in reply.records if not first <= record.index <= last]
    if outside:
        raise RemoteProtocolError(
            Fault.UNEXPECTED_REPLY,
            f"{request.title}: asked for objects {first} to {last}, answered for {outside[0]} too",
        )
    return list(reply.records)
