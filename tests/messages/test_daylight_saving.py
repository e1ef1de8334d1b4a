"""Whether daylight saving time is in effect, as time zones tell it in two ways."""

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, available_timezones

import pytest

from omnilink_sansio.system import set_time

YEAR = 2025
"""A year in which only one zone changed its rules: all others are ahead of their slowest in summer time only."""
CHANGED = {"America/Coyhaique": [True, False]}
"""It made summer time its standard time, on 20 March."""


def flag(when: datetime) -> bool:
    return bool(set_time(when).daylight_saving)


def test_in_every_zone_daylight_saving_is_when_the_clocks_are_ahead() -> None:
    zones = available_timezones()
    assert len(zones) > 400, "the machine has no time zones: install tzdata"
    for name in sorted(zones):
        zone = ZoneInfo(name)
        # Ramadan, for which Morocco's clocks go back, is in March.
        days = [datetime(YEAR, month, 15, 12, tzinfo=zone) for month in (1, 7, 3)]
        offsets = [day.utcoffset() or timedelta(0) for day in days]
        ahead = [offset > min(offsets) for offset in offsets[:2]]
        assert [flag(day) for day in days[:2]] == CHANGED.get(name, ahead), name


@pytest.mark.parametrize(
    ("zone", "days", "expected"),
    [
        ("Europe/Dublin", [(2026, 1, 4), (2026, 7, 4)], [False, True]),
        ("Europe/London", [(2026, 1, 4), (2026, 7, 4)], [False, True]),
        ("America/New_York", [(2026, 1, 4), (2026, 7, 4)], [False, True]),
        ("Australia/Lord_Howe", [(2026, 1, 4), (2026, 7, 4)], [True, False]),
        # Summer time was the standard time until 2017, and is not any more.
        (
            "Africa/Windhoek",
            [(2016, 1, 4), (2016, 7, 4), (2018, 1, 4), (2018, 7, 4)],
            [True, False, False, False],
        ),
        ("Africa/Casablanca", [(2025, 1, 4), (2025, 3, 10), (2025, 7, 4)], [True, False, True]),
        ("Asia/Tokyo", [(2026, 1, 4), (2026, 7, 4)], [False, False]),
    ],
)
def test_zones_that_tell_it_either_way(
    zone: str, days: list[tuple[int, int, int]], expected: list[bool]
) -> None:
    assert [flag(datetime(*day, 12, tzinfo=ZoneInfo(zone))) for day in days] == expected


class Backwards(tzinfo):
    """Its clocks go back on one day of the year only."""

    def __init__(self, back: tuple[int, int]) -> None:
        self._back = back

    def utcoffset(self, when: datetime | None) -> timedelta:
        return self.dst(when)

    def tzname(self, when: datetime | None) -> str:
        return str(self.utcoffset(when))

    def dst(self, when: datetime | None) -> timedelta:
        assert when is not None
        return timedelta(hours=-1 if (when.month, when.day) == self._back else 0)


@pytest.mark.parametrize(
    ("back", "year"), [((1, 1), 2025), ((12, 31), 2025), ((12, 31), 2024), ((2, 29), 2024)]
)
def test_one_day_of_the_year_is_enough(back: tuple[int, int], year: int) -> None:
    zone = Backwards(back)
    assert not flag(datetime(year, *back, 8, tzinfo=zone))
    assert flag(datetime(year, 7, 4, 8, tzinfo=zone))


def test_only_days_of_that_year_count() -> None:
    assert not flag(datetime(2025, 7, 4, 8, tzinfo=Backwards((2, 29))))
    assert flag(datetime(2024, 7, 4, 8, tzinfo=Backwards((2, 29))))
