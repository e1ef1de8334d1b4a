"""The whole event log, with the years that its events do not contain."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.event_log import EventLogData, ReadEventRecord
from omnilink_sansio.messages.models import ControllerFamily
from omnilink_sansio.messages.properties import RelativeDirection
from omnilink_sansio.messages.request import mismatched_reply
from omnilink_sansio.messages.system import RequestSystemStatus
from omnilink_sansio.operations.operation import Operation, ask

__all__ = ["LoggedEvent", "get_event_log", "with_years"]

_NUMBERS = 65535
_CLOCK_CORRECTION = timedelta(hours=1)
_LEAP_YEAR_AT_LATEST = 8


@frozen
class LoggedEvent:
    """One event of the log, and when it was."""

    record: EventLogData
    when: datetime | None
    """By the controller's clock, which knows no time zone; None when the controller did not know the time."""

    def sentence(self, family: ControllerFamily = ControllerFamily.OMNI) -> str:
        """Return what happened, for people, see `EventLogData.sentence`."""
        return self.record.sentence(family)


def get_event_log(limit: int | None = None) -> Operation[list[LoggedEvent]]:
    """Return the event log, newest event first: all of it, or the ``limit`` newest events.

    Events contain no year: it is worked out backwards from the controller's clock, see `with_years`. Raises
    `RemoteProtocolError` when the controller's answers do not lead back (20P00 §READ EVENT RECORD).
    """
    if limit is not None and limit < 1:
        raise LocalProtocolError(f"a limit is 1 or more events, or None for all, not {limit}")
    status = yield from ask(RequestSystemStatus())
    records: list[EventLogData] = []
    number = left = 0
    while limit is None or len(records) < limit:
        request = ReadEventRecord(number, RelativeDirection.PREVIOUS)
        record = yield from ask(request)
        if record is None:
            break
        # Numbers go from 65535 to 1, so the way back from the newest is never longer than that.
        left = left - (number - record.number) % _NUMBERS if records else _NUMBERS
        if not record.number or record.number == number or left <= 0:
            raise mismatched_reply(request, f"what came before event {number}", f"event {record.number}")
        records.append(record)
        number = record.number
    return with_years(records, status.clock)


def with_years(records: Iterable[EventLogData], clock: datetime | None) -> list[LoggedEvent]:
    """Return events, given newest first, with their dates and times, worked out from the controller's clock.

    Each event is the latest that its day and time allow, not after the one that came later. An hour of grace keeps
    a clock that was set back, at the end of daylight saving time, from costing a year. Without a clock
    (None) there are no times.
    """
    events: list[LoggedEvent] = []
    latest = clock
    for record in records:
        when = None if latest is None else _latest(record, latest + _CLOCK_CORRECTION)
        # The grace is for one step each: it must not add up on the way back.
        latest = latest if latest is None or when is None else min(latest, when)
        events.append(LoggedEvent(record, when))
    return events


def _latest(record: EventLogData, limit: datetime) -> datetime | None:
    if not record.time_valid:
        return None
    # 29 February is not in every year, and the turn of a century skips one.
    for year in range(limit.year, limit.year - _LEAP_YEAR_AT_LATEST - 1, -1):
        try:
            when = datetime(year, record.month, record.day, record.hour, record.minute)  # noqa: DTZ001
        except ValueError:
            continue
        if when <= limit:
            return when
    return None
