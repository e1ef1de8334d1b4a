"""What is known of every object's state, and what a poll finds changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from omnilink_sansio.messages.notifications import parse_notification
from omnilink_sansio.messages.objects.object_record import ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.wire.message import Message

__all__ = ["MissedChange", "StatusSnapshot"]

_STATUS_MESSAGES = frozenset(
    {OmniLink2MessageType.OBJECT_STATUS, OmniLink2MessageType.EXTENDED_OBJECT_STATUS}
)

_Key: TypeAlias = tuple[ObjectType, int]


@dataclass(frozen=True, slots=True)
class MissedChange:
    """A change found by polling, not by a notification."""

    status: ObjectStatusRecord
    """What it is now."""
    before: ObjectStatusRecord
    """What was known."""


class StatusSnapshot:
    """The last known state of every object, from notifications and replies.

    It must see every message in the order in which they come in. A notification may have overtaken the reply that
    comes next, as datagrams do: where the two differ the reply is not reported, and the object is to be asked for
    again.
    """

    def __init__(self, tell: Callable[[MissedChange], None]) -> None:
        self._known: dict[_Key, ObjectStatusRecord] = {}
        self._tell = tell
        self._notified: set[_Key] = set()
        self._doubtful: dict[_Key, ObjectStatusRecord] = {}
        """States in replies that a notification may have overtaken: their callers, at least, know them."""

    def states(self) -> Mapping[_Key, ObjectStatusRecord]:
        """Return the last known states by kind and number of the object."""
        return dict(self._known)

    def doubtful(self) -> tuple[_Key, ...]:
        """Return kind and number of the objects that are to be asked for again."""
        return tuple(self._doubtful)

    def take_notification(self, message: Message) -> None:
        """Note the states in a notification."""
        for status in _states(message):
            key = status.OBJECT_TYPE, status.index
            self._known[key] = status
            self._notified.add(key)

    def take_reply(self, message: Message) -> None:
        """Note the states in a reply, whichever caller's, and report what differs from what was known."""
        states = _states(message)
        if not states:
            return
        notified, self._notified = self._notified, set()
        for status in states:
            key = status.OBJECT_TYPE, status.index
            before = self._known.setdefault(key, status)
            if key in notified and not status.same_state(before):
                self._doubtful[key] = status
                continue
            withheld = self._doubtful.pop(key, before)
            self._known[key] = status
            for known in (before, withheld):
                if not status.same_state(known):
                    self._tell(MissedChange(status, known))
                    break


def _states(message: Message) -> list[ObjectStatusRecord]:
    if message.type not in _STATUS_MESSAGES:
        return []
    return [event for event in parse_notification(message) if isinstance(event, ObjectStatusRecord)]
