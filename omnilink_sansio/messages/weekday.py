"""Days of the week as controllers count them (20P00 §SYSTEM STATUS, §USER SETTING PROPERTIES)."""

from enum import IntEnum, unique

__all__ = ["Weekday"]


@unique
class Weekday(IntEnum):
    """Day of the week; in a set of days the day's number is its bit."""

    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7
