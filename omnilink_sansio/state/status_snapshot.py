"""What is known of every object's state, and what a poll finds changed."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.exchange import Exchange, Pushed
from omnilink_sansio.messages.objects.object_record import ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.status import ExtendedObjectStatus, ObjectStatus

__all__ = ["MissedChange", "StatusSnapshot"]

_Key: TypeAlias = tuple[ObjectType, int]


@frozen
class MissedChange:
    """A change found by polling, not by a notification."""

    status: ObjectStatusRecord
    """What it is now."""
    before: ObjectStatusRecord
    """What was known."""


class StatusSnapshot:
    """The last known state of every object that notifications and replies have reported.

    It must see every message in the order in which they come in. A notification may have overtaken the reply that
    comes next, as datagrams do: where the two differ nothing is reported, and the object is to be asked for again.
    ``report`` is called with each change that a reply shows and no notification reported.
    """

    def __init__(self, report: Callable[[MissedChange], None]) -> None:
        self._known: dict[_Key, ObjectStatusRecord] = {}
        self._report = report
        self._notified: set[_Key] = set()
        self._doubtful: dict[_Key, ObjectStatusRecord] = {}
        """What replies showed that notifications may have overtaken: their callers, at least, know it."""

    def states(self) -> Mapping[_Key, ObjectStatusRecord]:
        """Return the last known states by kind and number of the object."""
        return dict(self._known)

    def doubtful(self) -> tuple[_Key, ...]:
        """Return kind and number of the objects that are to be asked for again."""
        return tuple(self._doubtful)

    def take_notification(self, pushed: Pushed) -> None:
        """Note what a notification reports."""
        for status in pushed.notifications:
            if not isinstance(status, ObjectStatusRecord):
                continue
            key = status.OBJECT_TYPE, status.index
            self._known[key] = status
            self._notified.add(key)

    def take_reply(self, exchange: Exchange) -> None:
        """Note what a reply shows, whoever asked, and report what differs from what was known."""
        if not isinstance(exchange.reply, ObjectStatus | ExtendedObjectStatus):
            return
        states = [status for status in exchange.reply.records if isinstance(status, ObjectStatusRecord)]
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
                    self._report(MissedChange(status, known))
                    break
