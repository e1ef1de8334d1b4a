"""What is known of every object's state, and reading it all anew, so that nothing missed stays missed."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from omnilink_sansio.errors import (
    CommandFailedError,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    RequestTimeoutError,
)
from omnilink_sansio.messages.notifications import parse_notification
from omnilink_sansio.messages.objects import OBJECT_TYPES, ObjectStatusRecord, ObjectType
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.system import RequestObjectTypeCapacities, RequestSystemInformation
from omnilink_sansio.operations.operation import Operation, Step, ask, pause
from omnilink_sansio.operations.properties import list_names
from omnilink_sansio.operations.status import get_extended_status
from omnilink_sansio.wire.message import Message

__all__ = ["MissedChange", "StatusSnapshot", "find_highest_numbers", "sweep_status"]

_STATUS_MESSAGES = frozenset(
    {OmniLink2MessageType.OBJECT_STATUS, OmniLink2MessageType.EXTENDED_OBJECT_STATUS}
)

_TRIES = 3
"""How often a state is asked for: on a link that loses a third of all datagrams one request in ten is lost."""

_ROOM_AFTER = 1.0
"""Seconds in which other requests are answered."""

_T = TypeVar("_T")

_Key: TypeAlias = tuple[ObjectType, int]


@dataclass(frozen=True, slots=True)
class MissedChange:
    """An object's state is not what it was when it was last told: nobody told of the change, a sweep found it."""

    status: ObjectStatusRecord
    """What it is now."""
    before: ObjectStatusRecord
    """What was known."""


class StatusSnapshot:
    """The last known state of every object that has been told of.

    It must see every message in the order in which they come in. Between `begin_sweep` and `end_sweep` a reply is
    compared with what was known; at other times it may be older than what the caller of a command knows, and only
    tells of objects that nothing is known of.
    """

    def __init__(self, tell: Callable[[MissedChange], None]) -> None:
        self._known: dict[_Key, ObjectStatusRecord] = {}
        self._tell = tell
        self._sweeping = False

    def states(self) -> Mapping[_Key, ObjectStatusRecord]:
        """Return the last known states by kind and number of the object."""
        return dict(self._known)

    def begin_sweep(self) -> None:
        """Compare what replies tell from now on."""
        self._sweeping = True

    def end_sweep(self) -> None:
        """Compare what replies tell no longer."""
        self._sweeping = False

    def take_notification(self, message: Message) -> None:
        """Note what a notification tells."""
        for status in _states(message):
            self._known[status.OBJECT_TYPE, status.index] = status

    def take_reply(self, message: Message) -> None:
        """Note what a reply tells, and tell what differs from what was known."""
        for status in _states(message):
            before = self._known.setdefault((status.OBJECT_TYPE, status.index), status)
            if self._sweeping:
                self._known[status.OBJECT_TYPE, status.index] = status
                if not status.same_state(before):
                    self._tell(MissedChange(status, before))


def _states(message: Message) -> list[ObjectStatusRecord]:
    if message.type not in _STATUS_MESSAGES:
        return []
    return [event for event in parse_notification(message) if isinstance(event, ObjectStatusRecord)]


def find_highest_numbers() -> Operation[dict[ObjectType, int]]:
    """Return up to which number a controller has objects, for each kind whose changes it tells of.

    Kinds that it has none of, or does not answer for, are left out.
    """
    information = yield from _patiently(ask(RequestSystemInformation()))
    highest: dict[ObjectType, int] = {}
    for object_type in ObjectType:
        if OBJECT_TYPES[object_type].notified and information.knows_object(object_type):
            counted = _COUNTED_AS.get(object_type, object_type)
            try:
                number = yield from _unless_refused(_patiently(_highest_number(counted)))
            except RequestTimeoutError:
                continue
            if number:
                highest[object_type] = number
    return highest


_COUNTED_AS = {ObjectType.ACCESS_CONTROL_READER_LOCK: ObjectType.ACCESS_CONTROL_READER}
"""Each reader has one lock, of which controllers tell neither number nor name."""


def _highest_number(object_type: ObjectType) -> Operation[int]:
    try:
        reply = yield from ask(RequestObjectTypeCapacities(object_type))
    except CommandFailedError:
        # Real controllers refuse to tell how many auxiliary sensors there can be.
        names = yield from list_names(object_type)
        return max(names, default=0)
    return reply.capacity


def sweep_status(highest: Mapping[ObjectType, int], silent: set[ObjectType]) -> Operation[None]:
    """Ask for the states of all objects up to these numbers; a `StatusSnapshot` that sees the replies takes them.

    Kinds that the controller refuses are passed over. Those that it leaves unanswered, as some do, are noted in
    ``silent`` and asked for once only from then on, until they are answered.
    """
    for object_type, number in highest.items():
        operation = get_extended_status(object_type, 1, number)
        try:
            yield from _unless_refused(operation if object_type in silent else _patiently(operation))
        except RequestTimeoutError:
            silent.add(object_type)
        else:
            silent.discard(object_type)


def _unless_refused(operation: Operation[_T]) -> Operation[_T | None]:
    """Return an operation's result; None when it failed for another reason than silence or a lost session."""
    try:
        return (yield from operation)
    except (OmniConnectionError, RequestTimeoutError):
        raise
    except OmniLinkError:
        return None


def _patiently(operation: Operation[_T]) -> Operation[_T]:
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


def _more_than_once(step: Step) -> Generator[Step, Message | None, Message | None]:
    for _ in range(_TRIES - 1):
        try:
            return (yield step)
        except RequestTimeoutError:
            continue
        except LocalProtocolError:
            # Too many requests are waiting to be sent.
            yield from pause(_ROOM_AFTER)
    return (yield step)
