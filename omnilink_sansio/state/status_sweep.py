"""What is known of every object's state, and reading it all anew, so that nothing missed stays missed."""

from collections.abc import Generator, Mapping
from typing import TypeVar

from omnilink_sansio.errors import (
    CommandFailedError,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    RemoteProtocolError,
    RequestTimeoutError,
)
from omnilink_sansio.messages.objects.object_type import OBJECT_TYPES, ObjectType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.system import RequestObjectTypeCapacities, RequestSystemInformation
from omnilink_sansio.operations.operation import Operation, Step, ask, pause
from omnilink_sansio.operations.properties import list_names
from omnilink_sansio.operations.status import get_extended_status
from omnilink_sansio.state.status_snapshot import StatusSnapshot

__all__ = ["find_highest_numbers", "sweep_status"]

_TRIES = 3
"""How often a state is asked for: on a link that loses a third of all datagrams one request in ten is lost."""

_QUEUE_FULL_DELAY = 1.0
"""Seconds in which other requests are answered."""

_T = TypeVar("_T")


def find_highest_numbers(known: dict[ObjectType, int]) -> Operation[None]:
    """Find up to which number a controller has objects, for each kind whose changes it notifies, if not ``known``.

    0 is noted for kinds that it has none of, or refuses to report; what fails otherwise is left for another time.
    """
    kinds = [kind for kind in ObjectType if OBJECT_TYPES[kind].notified and kind not in known]
    if not kinds:
        return
    information = yield from _with_retries(ask(RequestSystemInformation()))
    for kind in kinds:
        if not information.knows_object(kind):
            known[kind] = 0
            continue
        try:
            known[kind] = yield from _with_retries(_highest_number(_COUNTED_AS.get(kind, kind)))
        except CommandFailedError:
            known[kind] = 0
        except OmniConnectionError:
            raise
        except OmniLinkError:
            continue


_COUNTED_AS = {ObjectType.ACCESS_CONTROL_READER_LOCK: ObjectType.ACCESS_CONTROL_READER}
"""Each reader has one lock, of which controllers report neither number nor name."""


def _highest_number(object_type: ObjectType) -> Operation[int]:
    try:
        reply = yield from ask(RequestObjectTypeCapacities(object_type))
    except CommandFailedError:
        # Real controllers refuse to report how many auxiliary sensors there can be.
        names = yield from list_names(object_type)
        return max(names, default=0)
    return reply.capacity


def sweep_status(
    snapshot: StatusSnapshot, highest: Mapping[ObjectType, int], silent: set[ObjectType]
) -> Operation[None]:
    """Ask for the states of all objects up to these numbers; the ``snapshot``, which sees the replies, takes them.

    Kinds that the controller refuses are passed over. Those that it leaves unanswered, as some do, are noted in
    ``silent`` and asked for once only from then on, until they are answered.
    """
    for kind, number in highest.items():
        if number:
            yield from _read(kind, 1, number, silent)
    for kind, number in snapshot.doubtful():
        yield from _read(kind, number, number, silent)


def _read(kind: ObjectType, first: int, last: int, silent: set[ObjectType]) -> Operation[None]:
    operation = get_extended_status(kind, first, last)
    try:
        yield from operation if kind in silent else _with_retries(operation)
    except OmniConnectionError:
        raise
    except RequestTimeoutError:
        silent.add(kind)
    except OmniLinkError:
        return
    else:
        silent.discard(kind)


def _with_retries(operation: Operation[_T]) -> Operation[_T]:
    """Run an operation that only reads, with a few more tries where there is no reply or no room for a request."""
    try:
        step = next(operation)
        while True:
            try:
                reply = yield from _more_than_once(step)
            except OmniLinkError as error:
                step = operation.throw(error)
            else:
                step = operation.send(reply)
    except StopIteration as stop:
        result: _T = stop.value
        return result
    finally:
        operation.close()


def _more_than_once(step: Step) -> Generator[Step, Payload | None, Payload | None]:
    for _ in range(_TRIES - 1):
        try:
            return (yield step)
        except (RequestTimeoutError, RemoteProtocolError):
            continue
        except LocalProtocolError:
            # Too many requests are waiting to be sent.
            yield from pause(_QUEUE_FULL_DELAY)
    return (yield step)
