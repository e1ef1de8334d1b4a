"""Setting the controller's clock (20P00 §SET TIME COMMAND)."""

from datetime import datetime, timedelta
from typing import ClassVar

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.record import U8, record
from omnilink_sansio.messages.request import AcknowledgedRequest

__all__ = ["SetTime", "set_time"]

_FIRST_YEAR = 2000
_LAST_YEAR = 2099
_DAY = timedelta(1)
_NO_SHIFT = timedelta(0)


@record
class SetTime(AcknowledgedRequest):
    """Set the controller's date and time, to the minute."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.SET_TIME

    year: U8
    """0 to 99: years since 2000."""
    month: U8
    day: U8
    day_of_week: U8
    """1 Monday to 7 Sunday."""
    hour: U8
    minute: U8
    daylight_saving: U8
    """1 while daylight saving time is in effect, else 0."""


def set_time(when: datetime, daylight_saving: bool | None = None) -> SetTime:
    """Set the controller's clock to a date and time of 2000 to 2099 (20P00 §SET TIME COMMAND).

    The time is taken as the wall clock shows it, its seconds are dropped: call it on the full minute to be exact.
    ``daylight_saving`` says whether daylight saving time is in effect; it may be left out for a datetime whose
    time zone tells (a `zoneinfo.ZoneInfo`), also where the zone counts backwards, summer time being its standard
    time (Europe/Dublin). Raises `LocalProtocolError` when neither tells, and for other years.
    """
    if not _FIRST_YEAR <= when.year <= _LAST_YEAR:
        raise LocalProtocolError(f"controllers know the years {_FIRST_YEAR} to {_LAST_YEAR}, not {when.year}")
    saving = _is_saving(when) if daylight_saving is None else daylight_saving
    return SetTime(
        when.year - _FIRST_YEAR,
        when.month,
        when.day,
        when.isoweekday(),
        when.hour,
        when.minute,
        int(saving),
    )


def _is_saving(when: datetime) -> bool:
    shift = when.dst()
    if shift is None:
        raise LocalProtocolError(
            "whether daylight saving time is in effect is not known: say daylight_saving, or give a datetime with "
            "a zoneinfo time zone"
        )
    return shift == _NO_SHIFT if _counts_backwards(when) else shift > _NO_SHIFT


def _counts_backwards(when: datetime) -> bool:
    """Whether the zone's clocks go back from its standard time in that year, instead of forward to a summer time.

    Legal standard time is summer time in Ireland, and all of the year but Ramadan in Morocco.
    """
    day = when.replace(month=1, day=1, hour=12)
    while day.year == when.year:
        if (day.dst() or _NO_SHIFT) < _NO_SHIFT:
            return True
        day += _DAY
    return False
