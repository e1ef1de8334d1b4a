"""Durations: one byte for seconds, minutes or hours (20P00 §CONTROLLER COMMAND, §USER SETTING PROPERTIES)."""

from omnilink_sansio.errors import LocalProtocolError

__all__ = ["duration_seconds", "encode_duration"]

_MINUTE = 60
_HOUR = 3600


def duration_seconds(raw: int) -> int | None:
    """Return the seconds of a duration byte: 1-99 s, 101-199 = 1-99 min, 201-218 = 1-18 h; 0 is no limit.

    None for the bytes without a length of their own: 100, 200, and from 219 on, in commands a user setting's.
    """
    for offset, longest, unit in ((0, 99, 1), (100, 99, _MINUTE), (200, 18, _HOUR)):
        if raw == 0 or offset < raw <= offset + longest:
            return (raw - offset) * unit
    return None


def encode_duration(seconds: int) -> int:
    """Return the byte for a duration of 0 (no limit), 1 to 99 s, whole minutes to 99 or whole hours to 18.

    Raises `LocalProtocolError` for what cannot be encoded exactly.
    """
    if 0 <= seconds <= 99:
        return seconds
    minutes, rest = divmod(seconds, _MINUTE)
    if not rest and 1 <= minutes <= 99:
        return 100 + minutes
    hours, rest = divmod(seconds, _HOUR)
    if not rest and 1 <= hours <= 18:
        return 200 + hours
    raise LocalProtocolError(
        "a duration is 0 (no limit), 1 to 99 seconds, whole minutes up to 99 or whole hours up to 18, in seconds; "
        f"{seconds} s cannot be said exactly"
    )
